import learned from './calibration.json' with { type: 'json' };
import { type Evidence, EVIDENCE_NAMES, type Findings } from './evidence.ts';
import type { Selected } from './select.ts';
import { isOtherSpeech } from './speakers.ts';
import { type AskedAspect, statesAspect } from './support.ts';
import type { Doubt, Listing, Verdict, Version } from './types.ts';
import type { Itinerary, ItineraryReading } from '../itinerary/itinerary.ts';
import { type Claim, isToldIn } from '../itinerary/premises.ts';
import type { AnswerKind } from '../language/answer-kinds.ts';
import { valueInJapanese } from '../language/values.ts';
import { fold, wordsOf } from '../language/words.ts';
import { sentenceText } from '../search/search-index.ts';
import type { Ranked, SearchResult, Stage } from '../search/search.ts';

/** A logistic model over pieces of evidence; those it does not name have no weight. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Readonly<Partial<Record<keyof Evidence, number>>>;
}

/** Models and thresholds for one kind of question. */
export interface Calibration {
  /** Probability that the first excerpt holds the answer. */
  readonly holdsAnswer: LogisticModel;
  /** Probability that the question is about what the documents are about. */
  readonly onTopic: LogisticModel;
  /** From this probability on that the excerpt holds the answer, the verdict is `answered`. */
  readonly answeredFrom: number;
  /** Below this probability of being on topic, the verdict is `not_found`. */
  readonly foundFrom: number;
}

/** For questions that share a script with the documents, and for those in another one, which share no words with them. */
export type Calibrations = Readonly<Record<'byAll' | 'acrossScripts', Calibration>>;

/** Learned: calibration.json names the command. */
export const CALIBRATIONS: Readonly<Record<Stage, Calibrations>> = learned;

export interface Judgement {
  readonly verdict: Verdict;
  /** Probability that the first excerpt holds the answer. */
  readonly confidence: number;
  readonly doubt: Doubt | null;
}

/**
 * Confidences with which the first passages are worth reading: above, one answers, and below, the question is about something
 * else. Of documents that the encoder has not learned from, one answer in five is found with less than .2.
 */
const DOUBT = { from: 0.02, to: 0.8 };

export function isInDoubt({ confidence }: Judgement): boolean {
  return confidence >= DOUBT.from && confidence < DOUBT.to;
}

/** What reading has to find before a question that was refused is not: of those off every topic, one in a hundred reaches it. */
const OVERTURNS_FROM = 0.2;

/** The judgement once passages are read. A refusal stands unless an answer was read. */
export function reconsidered(before: Judgement, after: Judgement): Judgement {
  return before.verdict === 'not_found' && after.confidence < OVERTURNS_FROM ? before : after;
}

/** Of a question without a word. One letter can be a name that documents hold, but is more likely a slip of the hand. */
export const WORDLESS: Judgement = {
  verdict: 'not_found',
  confidence: 0,
  doubt: { kind: 'wordless' },
};

/** Some sentence of a document is always the nearest: of 14 follow-ups answered within one with less, four were answered rightly. */
const WITHIN_DOCUMENT_FROM = 0.7;

/**
 * Weighs the evidence. Without any (no passage at all) nothing was found.
 *
 * @param isWithinDocument whether only one document is searched, which the question names
 */
export function judge(findings: Findings | null, isWithinDocument = false): Judgement {
  if (findings === null) {
    return { verdict: 'not_found', confidence: 0, doubt: { kind: 'unrelated' } };
  }
  const { stage, evidence, foreign, nearestIsForeign } = findings;
  const { isOfNow, isOtherLanguage } = findings;
  const isBareName = findings.isBareName && !isWithinDocument;
  const isSingleWord = findings.isSingleWord && !isWithinDocument;
  const { byAll, acrossScripts } = CALIBRATIONS[stage];
  const { holdsAnswer, onTopic, foundFrom, ...others } = foreign ? acrossScripts : byAll;
  const answeredFrom = isWithinDocument
    ? Math.max(others.answeredFrom, WITHIN_DOCUMENT_FROM)
    : others.answeredFrom;
  // A single word that is no name ("bot", "friend") is near to some sentence of every corpus: never enough to be sure.
  const isUnsure = (isSingleWord && !foreign) || isOfNow || isOtherLanguage;
  const most = isUnsure ? byAll.answeredFrom - 0.01 : 1;
  const confidence = Math.min(most, probability(holdsAnswer, evidence));
  const isUnknownWord = isSingleWord && !foreign && findings.unmatched === 1;
  // Across scripts the vectors are all there is, and far from each other: a person who is named speaks for the topic.
  const isKnown = foreign && (findings.namesPerson || nearestIsForeign);
  if ((probability(onTopic, evidence) < foundFrom && !isKnown) || isUnknownWord) {
    return { verdict: 'not_found', confidence, doubt: doubtOf(findings, true) };
  }
  if (confidence < answeredFrom && !isBareName) {
    return { verdict: 'weak', confidence, doubt: doubtOf(findings, false) };
  }
  return { verdict: 'answered', confidence: Math.max(confidence, answeredFrom), doubt: null };
}

/** Evidence enters by its square root: the step from nothing to something tells more than the one from much to more. */
export function observed(evidence: Evidence, name: keyof Evidence): number {
  return Math.sqrt(evidence[name]);
}

export function probability(model: LogisticModel, evidence: Evidence): number {
  const sum = EVIDENCE_NAMES.reduce(
    (total, name) => total + (model.weights[name] ?? 0) * observed(evidence, name),
    model.intercept,
  );
  return 1 / (1 + Math.exp(-sum));
}

/** The plainest thing there is to say, in order of how much it tells. */
function doubtOf(
  { evidence, unmentioned, unmatched, apart, kindMissing }: Findings,
  unrelated: boolean,
): Doubt {
  if (unmentioned.length > 0 && (evidence.unmatchedNames > 0 || unmatched >= 0.25)) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (unrelated) return { kind: 'unrelated' };
  if (apart.length > 0) return { kind: 'apart', names: apart };
  if (kindMissing !== null) return { kind: 'kind', asked: kindMissing };
  return { kind: 'vague' };
}

const KINDS: Readonly<Record<AnswerKind, readonly [en: string, ja: string]>> = {
  person: ['a person', '人物'],
  time: ['a date or a time', '日付や時刻'],
  clock: ['a time of day', '時刻'],
  money: ['a sum of money', '金額'],
  percentage: ['a percentage', '割合'],
  duration: ['a length of time', '時間の長さ'],
  amount: ['a number', '数字'],
  place: ['a place', '場所'],
  reason: ['a reason', '理由'],
  topic: ['what was spoken about', '話の内容'],
  transport: ['a means of travel', '移動手段'],
};

/** A name of the question is repeated at most this long: questions can hold anything. */
const LONGEST_NAME = 40;
const MOST_NAMES = 3;

/** The doubt in one sentence. It repeats words of the question, so a renderer has to escape it. */
export function reasonFor(doubt: Doubt, language: 'en' | 'ja' = 'en'): string {
  const say = (en: string, ja: string): string => (language === 'en' ? en : ja);
  switch (doubt.kind) {
    case 'itinerary':
      return doubt[language];
    case 'open':
      return say('The sources leave this open.', 'この点は出典では明らかになっていません。');
    case 'unmentioned':
      return say(
        `No document mentions ${quotedNames(doubt.names, 'disjunction')}.`,
        `${inBrackets(doubt.names)}に触れた文書はありません。`,
      );
    case 'apart':
      return say(
        `The documents mention ${quotedNames(doubt.names, 'conjunction')}, but not in connection with the rest of the question.`,
        `${inBrackets(doubt.names)}に触れた文書はありますが、質問の残りの部分とは結びついていません。`,
      );
    case 'kind': {
      const [en, ja] = KINDS[doubt.asked];
      return say(
        `The passages found are near the question, but none clearly gives ${en}.`,
        `質問に近い箇所はありますが、${ja}をはっきり示すものはありません。`,
      );
    }
    case 'versions':
      return say(
        `The sources differ: ${doubt.values.join(' or ')}.`,
        `情報源によって異なります（${doubt.values.map(valueInJapanese).join('、')}）。`,
      );
    case 'vague':
      return say(
        'The passages found are near the question, but none clearly answers it.',
        '質問に近い箇所はありますが、はっきり答えるものはありません。',
      );
    case 'wordless':
      return say(
        'There is nothing to search for in this question. Ask in words.',
        '検索できる言葉がありません。言葉で質問してください。',
      );
    case 'unrelated':
      return say(
        'Nothing in the documents is close to this question.',
        'この質問に近い内容は文書にありません。',
      );
  }
}

/** “Lavrov”, “Moscow” or “Minsk”. */
function quotedNames(names: readonly string[], type: 'conjunction' | 'disjunction'): string {
  const quoted = shownNames(names).map((name) => `“${name}”`);
  return new Intl.ListFormat('en-GB', { type }).format(quoted);
}

function inBrackets(names: readonly string[]): string {
  return shownNames(names)
    .map((name) => `「${name}」`)
    .join('、');
}

function shownNames(names: readonly string[]): string[] {
  return names.slice(0, MOST_NAMES).map((name) => {
    // Cut between characters, never inside one.
    const characters = Array.from(name);
    if (characters.length <= LONGEST_NAME) return name;
    return `${characters.slice(0, LONGEST_NAME).join('')}…`;
  });
}

// What the itinerary and the excerpts that are shown make of the verdict over the evidence.

/** What one version of several, or a passage apart from whom it should be about, is at most: not sure. */
const DISPUTED_CONFIDENCE = 0.5;

/** The itinerary is data: what it lists is certain, and what it does not have did not take place. */
const LISTED_CONFIDENCE = 0.97;
const CERTAIN: Judgement = { verdict: 'answered', confidence: LISTED_CONFIDENCE, doubt: null };

/** The verdict where the itinerary lists what is asked for, or does not have what the question takes for granted. */
export function settle(
  judgement: Judgement,
  listing: Listing | null,
  { reading, itinerary }: { readonly reading: ItineraryReading; readonly itinerary: Itinerary },
): Judgement {
  const { settled } = reading;
  if (listing !== null) {
    if (listing.value !== null) return CERTAIN;
    const text = listing.note ?? listing.title;
    return { ...judgement, verdict: 'weak', doubt: { kind: 'itinerary', en: text, ja: text } };
  }
  if (settled === null || settled.kind === 'yes') return judgement;
  return {
    verdict: judgement.verdict === 'not_found' ? 'not_found' : 'weak',
    confidence: Math.min(judgement.confidence, 1 - LISTED_CONFIDENCE),
    doubt: {
      kind: 'itinerary',
      en: itinerary.text(settled, 'en'),
      ja: itinerary.text(settled, 'ja'),
    },
  };
}

/** What is shown. */
interface Shown {
  readonly result: SearchResult;
  readonly reading: ItineraryReading;
  readonly listing: Listing | null;
  readonly found: readonly Selected[];
  readonly versions: readonly Version[] | null;
  readonly aspect: AskedAspect | null;
}

/** The verdict once it is known what is shown. */
export function revised(judgement: Judgement, shown: Shown): Judgement {
  const { found, versions, aspect } = shown;
  const { index } = shown.result;
  const { claim } = shown.reading;
  const [first] = found;
  if (first === undefined) return judgement;
  let result = judgement;
  const doubted = (doubt: Doubt): Judgement => ({
    verdict: 'weak',
    confidence: Math.min(result.confidence, DISPUTED_CONFIDENCE),
    doubt,
  });
  const sentence = sentenceText(index, first.best.ordinal, first.best.best?.at);
  // What a list says, no passage below it puts in doubt.
  const mayDoubt = result.verdict === 'answered' && shown.listing === null;
  const doubt = mayDoubt ? doubtAbout(first.best, sentence, result, shown) : null;
  if (doubt !== null) result = doubted(doubt);
  // A first sentence that states the length or the hour that the itinerary has is certain.
  if (aspect !== null && statesAspect(sentence, aspect)) result = CERTAIN;
  // One of several versions is not, unless the sentence tells them all.
  if (versions?.some(({ value }) => !sentence.includes(value)) === true) {
    result = doubted({ kind: 'versions', values: versions.map(({ value }) => value) });
  }
  // An act is certain only where a sentence of what is shown tells of it.
  const isTold = (told: Claim): boolean =>
    found.some(({ best: { ordinal } }) => {
      const { meetings } = index.passage(ordinal);
      const isThere = told.meetings?.some((id) => meetings.includes(id)) ?? true;
      return isThere && index.sentenceTexts(ordinal).some((sentence) => isToldIn(sentence, told));
    });
  if (claim === null || result.verdict !== 'answered' || isTold(claim)) return result;
  return doubted({ kind: 'itinerary', ...claim.untold });
}

const ASKS_WHAT_IS_OPEN =
  /\b(?:not|un(?:known|clear|sure|certain|confirmed|named)|open|missing|dispute\w*|differ\w*|mystery|known?)\b|n['’]t\b|不明|未確認|未定|公表されていない|明らか|[分わ]か(?:って|ら|り)/i;

/** "How big", "how much" may be answered without a figure. */
const HOW_MANY = /\bhow many\b|何[人名]/i;

/** What speaks against an answer in the first passage shown. */
function doubtAbout(
  shown: Ranked,
  sentence: string,
  { confidence }: Judgement,
  { result, reading, listing }: Shown,
): Doubt | null {
  const { index, query } = result;
  const { ordinal, best } = shown;
  const { text, meetings } = index.passage(ordinal);
  const present = meetings.flatMap((id) => index.documents.get(id)?.meeting?.people ?? []);
  const holds = (where: string, name: string): boolean =>
    wordsOf(name).some(({ folded }) => folded.length > 2 && where.includes(folded));
  const missing = [
    ...reading.focus.people.filter(
      (name) => !present.some((person) => person.name === name) && !holds(fold(text), name),
    ),
    // A meeting with somebody else may mention them.
    ...reading.strangers.filter((name) => !holds(fold(sentence), name)),
  ];
  // What is about somebody is not answered by a passage that has nothing of them.
  if (missing.length > 0 && index.isLatin(ordinal)) return { kind: 'apart', names: missing };
  // What she said to somebody is no answer to what they said, nor what they said of something else.
  if (isOtherSpeech(result, shown, confidence)) return { kind: 'vague' };
  const isCounted = listing === null && query.kind === 'amount' && HOW_MANY.test(query.text);
  if (isCounted && best?.figure === 0) return { kind: 'kind', asked: 'amount' };
  // That the sources do not tell it is an answer only where somebody asks what is not known.
  return index.isOpen(ordinal) && !ASKS_WHAT_IS_OPEN.test(query.text) ? { kind: 'open' } : null;
}
