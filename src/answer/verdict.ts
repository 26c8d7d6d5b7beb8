import learned from './calibration.json' with { type: 'json' };
import { type Evidence, EVIDENCE_NAMES, type Findings } from './evidence.ts';
import type { Selected } from './select.ts';
import { type AskedAspect, statesAspect } from './support.ts';
import type { Doubt, Listing, Verdict, Version } from './types.ts';
import type { Itinerary, ItineraryReading } from '../itinerary/itinerary.ts';
import { type Claim, isToldIn } from '../itinerary/premises.ts';
import type { AnswerKind } from '../language/answer-kinds.ts';
import { valueInJapanese } from '../language/values.ts';
import { fold, wordsOf } from '../language/words.ts';
import { sentenceText, type SearchIndex } from '../search/search-index.ts';
import type { Stage } from '../search/search.ts';

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

export interface Calibrations {
  /** For questions that share a script with the documents. */
  readonly byAll: Calibration;
  /** For questions in another script, which share no words with the documents. */
  readonly acrossScripts: Calibration;
}

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
const DOUBT = { from: 0.02, to: 0.7 };

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

/** Weighs the evidence. Without any (no passage at all) nothing was found. */
export function judge(findings: Findings | null): Judgement {
  if (findings === null) {
    return { verdict: 'not_found', confidence: 0, doubt: { kind: 'unrelated' } };
  }
  const { stage, evidence, foreign, nearestIsForeign } = findings;
  const { isBareName, isOfNow, isOtherLanguage, isSingleWord } = findings;
  const { byAll, acrossScripts } = CALIBRATIONS[stage];
  const { holdsAnswer, onTopic, answeredFrom, foundFrom } = foreign ? acrossScripts : byAll;
  // A single word that is no name ("bot", "friend") is near to some sentence of every corpus: never enough to be sure.
  const isUnsure = (isSingleWord && !foreign) || isOfNow || isOtherLanguage;
  const most = isUnsure ? byAll.answeredFrom - 0.01 : 1;
  const confidence = Math.min(most, probability(holdsAnswer, evidence));
  // Across scripts the vectors are all there is, and far from each other: a person who is named speaks for the topic.
  const isKnown = foreign && (findings.namesPerson || nearestIsForeign);
  const isUnknownWord = isSingleWord && !foreign && findings.unmatched === 1;
  if ((probability(onTopic, evidence) < foundFrom && !isKnown) || isUnknownWord) {
    return { verdict: 'not_found', confidence, doubt: doubtOf(findings, true) };
  }
  if (isBareName && confidence < answeredFrom) {
    return { verdict: 'answered', confidence: answeredFrom, doubt: null };
  }
  if (confidence < answeredFrom) {
    return { verdict: 'weak', confidence, doubt: doubtOf(findings, false) };
  }
  return { verdict: 'answered', confidence, doubt: null };
}

/**
 * Evidence enters by its square root: the step from nothing to something tells more than the one from much to more.
 */
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
  const isUnmentioned = unmentioned.length > 0;
  if (isUnmentioned && evidence.unmatchedNames > 0) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (isUnmentioned && unmatched >= 0.25) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (unrelated) return { kind: 'unrelated' };
  if (apart.length > 0) return { kind: 'apart', names: apart };
  if (kindMissing !== null) return { kind: 'kind', asked: kindMissing };
  return { kind: 'vague' };
}

const KINDS: Readonly<Record<AnswerKind, string>> = {
  person: 'a person',
  time: 'a date or a time',
  clock: 'a time of day',
  money: 'a sum of money',
  percentage: 'a percentage',
  duration: 'a length of time',
  amount: 'a number',
  place: 'a place',
  reason: 'a reason',
  topic: 'what was spoken about',
  transport: 'a means of travel',
};

/** A name of the question is repeated at most this long: questions can hold anything. */
const LONGEST_NAME = 40;
const MOST_NAMES = 3;

/** The doubt in one English sentence. It repeats words of the question, so a renderer has to escape it. */
export function reasonFor(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'itinerary':
      return doubt.en;
    case 'open':
      return 'The sources leave this open.';
    case 'unmentioned':
      return `No document mentions ${namesInWords(doubt.names, 'or')}.`;
    case 'apart':
      return `The documents mention ${namesInWords(doubt.names, 'and')}, but not in connection with the rest of the question.`;
    case 'kind':
      return `The passages found are near the question, but none clearly gives ${KINDS[doubt.asked]}.`;
    case 'versions':
      return `The sources differ: ${doubt.values.join(' or ')}.`;
    case 'vague':
      return 'The passages found are near the question, but none clearly answers it.';
    case 'wordless':
      return 'There is nothing to search for in this question. Ask in words.';
    case 'unrelated':
      return 'Nothing in the documents is close to this question.';
  }
}

/** “Lavrov”, “Moscow” or “Minsk”. */
function namesInWords(names: readonly string[], conjunction: 'and' | 'or'): string {
  const quoted = shownNames(names).map((name) => `“${name}”`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}

/** The names of a doubt that a sentence repeats: at most three, of at most 40 characters each. */
function shownNames(names: readonly string[]): string[] {
  return names.slice(0, MOST_NAMES).map((name) => {
    // Cut between characters, never inside one.
    const characters = Array.from(name);
    return characters.length > LONGEST_NAME
      ? `${characters.slice(0, LONGEST_NAME).join('')}…`
      : name;
  });
}

const ASKED_FOR: Readonly<Record<AnswerKind, string>> = {
  person: '人物',
  time: '日付や時刻',
  duration: '時間の長さ',
  amount: '数字',
  place: '場所',
  reason: '理由',
  topic: '話の内容',
  transport: '移動手段',
  clock: '時刻',
  money: '金額',
  percentage: '割合',
};

/** The doubt in one Japanese sentence. */
export function reasonInJapanese(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'itinerary':
      return doubt.ja;
    case 'open':
      return 'この点は出典では明らかになっていません。';
    case 'unmentioned':
      return `${quoted(doubt.names)}に触れた文書はありません。`;
    case 'apart':
      return `${quoted(doubt.names)}に触れた文書はありますが、質問の残りの部分とは結びついていません。`;
    case 'kind':
      return `質問に近い箇所はありますが、${ASKED_FOR[doubt.asked]}をはっきり示すものはありません。`;
    case 'versions':
      return `情報源によって異なります（${doubt.values.map(valueInJapanese).join('、')}）。`;
    case 'vague':
      return '質問に近い箇所はありますが、はっきり答えるものはありません。';
    case 'wordless':
      return '検索できる言葉がありません。言葉で質問してください。';
    case 'unrelated':
      return 'この質問に近い内容は文書にありません。';
  }
}

function quoted(names: readonly string[]): string {
  return shownNames(names)
    .map((name) => `「${name}」`)
    .join('、');
}

// What the itinerary and the excerpts that are shown make of the verdict over the evidence.

/** What one version of several, or a passage apart from whom it should be about, is at most: not sure. */
const DISPUTED_CONFIDENCE = 0.5;

/** The itinerary is data: what it lists is certain, and what it does not have did not take place. */
const LISTED_CONFIDENCE = 0.97;

/** The verdict where the itinerary lists what is asked for, or does not have what the question takes for granted. */
export function settle(
  judgement: Judgement,
  listing: Listing | null,
  { reading, itinerary }: { readonly reading: ItineraryReading; readonly itinerary: Itinerary },
): Judgement {
  const { settled } = reading;
  if (listing !== null && listing.value !== null) {
    return { verdict: 'answered', confidence: LISTED_CONFIDENCE, doubt: null };
  }
  if (listing !== null) {
    const text = listing.note ?? listing.title;
    return { ...judgement, verdict: 'weak', doubt: { kind: 'itinerary', en: text, ja: text } };
  }
  if (settled === null || settled.kind === 'yes') return judgement;
  const doubt: Doubt = {
    kind: 'itinerary',
    en: itinerary.text(settled, 'en'),
    ja: itinerary.text(settled, 'ja'),
  };
  return {
    verdict: judgement.verdict === 'not_found' ? 'not_found' : 'weak',
    confidence: Math.min(judgement.confidence, 1 - LISTED_CONFIDENCE),
    doubt,
  };
}

/** What is shown, and what the question claims or asks to be aspect. */
export interface Shown {
  readonly question: string;
  readonly index: SearchIndex;
  readonly found: readonly Selected[];
  readonly versions: readonly Version[] | null;
  readonly aspect: AskedAspect | null;
  readonly claim: Claim | null;
  /** Whom of the itinerary the question names. */
  readonly people: readonly string[];
  /** Whom else it names. */
  readonly strangers: readonly string[];
  /** What the traveller said to them, where their words are asked for. */
  readonly isToldToThem: boolean;
}

/** The verdict once it is known what is shown. */
export function revised(judgement: Judgement, shown: Shown): Judgement {
  return claimed(
    disputed(confirmed(leftOpen(answeredBy(apart(judgement, shown), shown), shown), shown), shown),
    shown,
  );
}

const ASKS_WHAT_IS_OPEN =
  /\b(?:not|un(?:known|clear|sure|certain|confirmed|named)|open|missing|dispute\w*|differ\w*|mystery|known?)\b|n['’]t\b|不明|未確認|未定|公表されていない|明らか|[分わ]か(?:って|ら|り)/i;

/** That the sources do not tell it is an answer only where somebody asks what is not known. */
function leftOpen(judgement: Judgement, { index, found, question }: Shown): Judgement {
  const [first] = found;
  if (first === undefined || judgement.verdict !== 'answered') return judgement;
  if (!index.isOpen(first.best.ordinal)) return judgement;
  if (ASKS_WHAT_IS_OPEN.test(question)) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'open' },
  };
}

/** What is about somebody is not answered by a passage that has nothing of them. */
function apart(judgement: Judgement, { index, found, people, strangers }: Shown): Judgement {
  const [first] = found;
  if (first === undefined || judgement.verdict !== 'answered') return judgement;
  const { ordinal } = first.best;
  const passage = index.passages[ordinal];
  const text = fold(passage?.text ?? '');
  const present = (passage?.meetings ?? []).flatMap(
    (id) => index.documents.get(id)?.meeting?.people ?? [],
  );
  const holds = (where: string, name: string): boolean =>
    wordsOf(name).some(({ folded }) => folded.length > 2 && where.includes(folded));
  const sentence = fold(highlightText(index, first));
  const missing = [
    ...people.filter(
      (name) => !present.some((person) => person.name === name) && !holds(text, name),
    ),
    // A meeting with somebody else may mention them.
    ...strangers.filter((name) => !holds(sentence, name)),
  ];
  if (missing.length === 0 || !index.isLatin(ordinal)) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'apart', names: missing },
  };
}

/** What she said to somebody is no answer to what they said. */
function answeredBy(judgement: Judgement, { isToldToThem }: Shown): Judgement {
  if (!isToldToThem || judgement.verdict !== 'answered') return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'vague' },
  };
}

/** A first sentence that states the length or the hour that the itinerary has is certain. */
function confirmed(judgement: Judgement, { index, found, aspect }: Shown): Judgement {
  const [first] = found;
  if (aspect === null || first === undefined) return judgement;
  if (!statesAspect(highlightText(index, first), aspect)) return judgement;
  return { verdict: 'answered', confidence: LISTED_CONFIDENCE, doubt: null };
}

/** One of several versions is not certain, unless the highlighted sentence tells them all. */
function disputed(judgement: Judgement, { index, found, versions }: Shown): Judgement {
  const [first] = found;
  if (versions === null || first === undefined) return judgement;
  const text = highlightText(index, first);
  if (versions.every(({ value }) => text.includes(value))) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'versions', values: versions.map(({ value }) => value) },
  };
}

/** An act is certain only where a sentence of what is shown tells of it. */
function claimed(judgement: Judgement, { index, found, claim }: Shown): Judgement {
  if (claim === null || judgement.verdict !== 'answered') return judgement;
  const isTold = found.some(({ best }) =>
    index.sentenceTexts(best.ordinal).some((sentence) => isToldIn(sentence, claim)),
  );
  if (isTold) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'itinerary', ...claim.untold },
  };
}

function highlightText(index: SearchIndex, { best }: Selected): string {
  return sentenceText(index, best.ordinal, best.best?.at);
}
