import { isHeld } from './evidence.ts';
import { asksYesOrNo } from '../language/answer-kinds.ts';
import type { QueryTerm } from '../search/query.ts';
import { sentenceText, type SearchIndex } from '../search/search-index.ts';
import type { Ranked, SearchResult } from '../search/search.ts';
import { termsOf, termsOfWords } from '../language/terms.ts';

/** Somebody who speaks: one of those whom the question names, or of a country that it names; or the one whom the documents are about. */
type Speaker = 'named' | 'traveller' | 'other';

const PAST =
  'said told stated expressed asked welcomed thanked offered called praised explained promised pledged stressed emphasised emphasized noted added answered replied remarked confirmed condemned proposed invited repeated described mentioned announced congratulated wrote recalled spoke voiced underlined hoped wanted appealed insisted warned declared assured informed raised conveyed began shared appreciated restated reaffirmed touched talked suggested requested urged agreed wished acknowledged hailed protested'
    .split(' ')
    .join('|');
const SAYS = new RegExp(`(?<!\\p{L})(?:${PAST}|set out|says|tells|calls|asks)(?!\\p{L})`, 'iu');
const SAY =
  '(?:say|tell|said|told|(?<!of )state|express|ask|welcome|thank|offer|call|praise|explain|promise|pledge|stress|answer|reply|propose|invite|announce|mention|convey|request|want|talk|speak|raise|think|respond|react|agree|suggest)';
const IS_SAY = new RegExp(SAY, 'i');
/** "What did X say …": the subject of a question. */
const ACTIVE_QUESTION = new RegExp(
  `\\b(?:did|does|has|had|do)(?: (?<subject>[^?]*?))? ${SAY}\\b`,
  'i',
);
/** "Tell me what X wanted": the same without "did". */
const INDIRECT_QUESTION =
  /\bwhat (?!did\b|does\b|do\b|was\b|were\b|is\b|are\b)(?<subject>[^?]{1,40}?) (?:said|says|told|tells|wanted|wants|asked|asks|thinks|thought|promised|offered|expressed|replied|answered|requested|stressed|demanded|proposed)\b/i;
/** "What was X told", "thanked by X": the subject heard it. */
const PASSIVE_QUESTION =
  /\b(?:was|were) (?<subject>[^?]*?) (?:told|asked|thanked|welcomed|promised|offered)\b/i;
/** 「…は何と言いましたか」: the subject from the start of its clause: from each of its characters would take cubic time. */
const JAPANESE_QUESTION =
  /(?<![^、。])(?<subject>[^、。]+?)(?:は|が)[^。]*?(?:言い|言っ|言わ|述べ|話し|語|発言|伝え|表明|求め|約束|主張|答え|頼[まみんむ]|考え|思[いうっわ]|評価|感謝|反応)/u;
/** "X's position on", "the view of X". */
const POSITION =
  /(?<subject>[^?]*?)['’]s? (?:position|views?|stance|opinion|reply|answer|reaction|response|message|words|remarks?|comments?|promise|request)\b/i;
/** About nothing but whose words: 「…は何と」. */
const IS_BARE_JAPANESE = /[はが](?:何|なん)[とて]/u;
/** What stands before the subject in its clause: 「アンナ・シルバに上川大臣は」 is about what the minister said. */
const BEFORE_SUBJECT = /^.*[をにでへ]/u;
const WHERE = /\b(?:in|at|from) .*/i;
const PRONOUN = /\b(?:she|he|they|the minister|her|his)\b|彼女|^[^\p{L}]*大臣/iu;

/** Worth more than what sets two sentences of one passage apart. */
const RIGHT_SPEAKER = 3;
/** Likewise, for what it is about. */
const RIGHT_TOPIC = 1;
/** Passages this far down may have the right speaker. */
const LOOK_AT = 15;
/** Of a sentence without a verb of saying. In characters. */
const LONGEST_SUBJECT = 80;

/**
 * Where a question asks what one person said to another, the passages whose best sentence has the right speaker first, with
 * that sentence highlighted. Speakers are read from the subject of the first verb of saying; "he" and "she" stand for the
 * one before. Null where the question asks for something else, or no sentence has the speaker.
 */
export function spokenBy({ index, query, ranked }: SearchResult): Ranked[] | null {
  const asked = speakerAsked(index, query);
  if (asked === null) return null;
  // What else the question is about decides which passage answers, and the speaker only which of its sentences.
  const topic = topicOf(query, asked.named);
  const isAbout =
    topic.length > 0 ||
    query.terms.some(
      ({ term, name, light, typed }) =>
        !name && !light && !term.includes('+') && !SAYS.test(typed) && !IS_SAY.test(typed),
    );
  // Of a Japanese question only names are known, not what else it is about: who spoke is wrong either way.
  const isOnlyRighted = JAPANESE_QUESTION.test(query.text) && !IS_BARE_JAPANESE.test(query.text);
  const found = ranked.slice(0, LOOK_AT).flatMap((passage) => {
    const speakers = new PassageSpeakers(index, passage.ordinal, asked.named);
    const isWrong = isOpposite(passage.best === null ? null : speakers.at(passage.best.at), asked);
    if (isOnlyRighted && !isWrong) return [];
    let best = passage.best;
    let most = -Infinity;
    for (const sentence of passage.sentences) {
      const speaker = speakers.at(sentence.at);
      const isOn = isOneHeld(topic, index.units.sentences(passage.ordinal)[sentence.at]);
      if (isAbout && !isOn && !isWrong && sentence.coverage < (passage.best?.coverage ?? 0)) {
        continue;
      }
      if (speaker !== asked.speaker) continue;
      const score = sentence.score + RIGHT_SPEAKER + (isOn ? RIGHT_TOPIC : 0);
      if (score > most) [best, most] = [sentence, score];
    }
    if (most === -Infinity) return [];
    const gain = most - (passage.best?.score ?? 0);
    return [{ ...passage, best, score: passage.score + gain }];
  });
  if (found.length === 0) return null;
  const byOrdinal = new Map(found.map((passage) => [passage.ordinal, passage]));
  if (isAbout || isOnlyRighted) {
    return ranked.map((one) => ({ ...one, best: byOrdinal.get(one.ordinal)?.best ?? one.best }));
  }
  const others = ranked.filter(({ ordinal }) => !byOrdinal.has(ordinal));
  return [...found.sort((a, b) => b.score - a.score), ...others];
}

/** What one side said where the words of the other are asked for. */
function isOpposite(speaker: Speaker | null, asked: Asked): boolean {
  return (speaker === 'named' || speaker === 'traveller') && speaker !== asked.speaker;
}

/** What the words that are asked for are about: "about Peru", "his position on fishing". */
const TOPIC =
  /\b(?:about|regarding|concerning|mention(?:ed|s)?|(?:say|said|think|position|views?|stance|opinions?|comment(?:ed|s)?|remarks?) on) (?<topic>[^?]{2,60})\W*$/i;

function topicOf({ text, terms }: SearchResult['query'], named: ReadonlySet<number>): QueryTerm[] {
  const topic = TOPIC.exec(text)?.groups?.['topic'];
  if (topic === undefined) return [];
  const from = text.lastIndexOf(topic);
  return terms.filter(
    ({ start, light, termId }) => start >= from && !light && !named.has(termId ?? -1),
  );
}

function isOneHeld(terms: readonly QueryTerm[], unit: Uint32Array | undefined): boolean {
  const held = new Set(unit);
  return terms.some((term) => isHeld(term, held));
}

/**
 * From these confidences on a sentence is about the topic although it does not hold it: it goes on from the one before
 * ("the missiles"), or says it in other words ("other countries" for "the rest of the world").
 */
const IS_MEANT_FROM = { goesOn: 0.7, inOtherWords: 0.85 };

/**
 * Whether a question asks what somebody said, and the highlighted sentence tells what was said to them or by others, or nothing of what
 * their words should be about. Names have no other words, nor has what may not have been spoken of at all (“did he mention”).
 */
export function isOtherSpeech(
  { index, query }: SearchResult,
  { ordinal, best }: Ranked,
  confidence: number,
): boolean {
  if (best === null || query.kind !== null || !index.isLatin(ordinal)) return false;
  const asked = speakerAsked(index, query);
  if (asked === null && !ACTIVE_QUESTION.test(query.text)) return false;
  const topic = topicOf(query, asked?.named ?? new Set());
  const units = index.units.sentences(ordinal);
  const isFixed = asksYesOrNo(query.text) || topic.some(({ name }) => name);
  const isMeant = isOneHeld(topic, units[best.at - 1])
    ? confidence >= IS_MEANT_FROM.goesOn
    : !isFixed && confidence >= IS_MEANT_FROM.inOtherWords;
  if (topic.length > 0 && !isMeant && !isOneHeld(topic, units[best.at])) return true;
  if (asked?.speaker !== 'named') return false;
  const speaker = new PassageSpeakers(index, ordinal, asked.named).at(best.at);
  const isNamed = units[best.at]?.some((term) => asked.named.has(term)) === true;
  const text = sentenceText(index, ordinal, best.at);
  return (
    speaker === 'traveller' ||
    (speaker === null && !asked.isOfCountry && !isNamed && !PRONOUN.test(text))
  );
}

type Asked = NonNullable<ReturnType<typeof speakerAsked>>;

/** Whose words a question asks for; null for one about something else. */
function speakerAsked(index: SearchIndex, { text, terms, kind }: SearchResult['query']) {
  // "How much did X promise": a figure answers, whoever states it.
  if (kind !== null) return null;
  const { persons, places } = index.answerNames;
  const among = (ids: ReadonlySet<number>): readonly QueryTerm[] =>
    terms.filter(({ termId }) => termId !== null && ids.has(termId));
  const people = among(persons);
  let countries: readonly QueryTerm[] = [];
  const speakerIn = (part: string | undefined): Speaker | null => {
    if (part === undefined) return null;
    const own = part.replace(BEFORE_SUBJECT, '');
    const japanese = termsOfWords(index.japaneseNames.wordsIn(own), index.names);
    const words = new Set([...termsOf(own, index.names), ...japanese].map(({ term }) => term));
    if (people.some(({ term }) => words.has(term))) return 'named';
    // "What do X and Y want" asks for no side's words, and guests in Lima are not Lima.
    const where = new Set(termsOf(WHERE.exec(own)?.[0] ?? '', index.names).map(({ term }) => term));
    if (!/ and /.test(own)) {
      countries = among(places).filter(({ term }) => words.has(term) && !where.has(term));
    }
    if (countries.length > 0) return 'named';
    if (people.length === 0) return null;
    return PRONOUN.test(part) || /\p{Lu}/u.test(part) ? 'traveller' : null;
  };
  const subjectOf = (form: RegExp): Speaker | null =>
    speakerIn(form.exec(text)?.groups?.['subject']);
  const heard = subjectOf(PASSIVE_QUESTION);
  const form = [ACTIVE_QUESTION, INDIRECT_QUESTION, JAPANESE_QUESTION, POSITION].find((one) =>
    one.test(text),
  );
  const said = form === undefined ? null : subjectOf(form);
  const speaker = heard === null ? said : heard === 'named' ? 'traveller' : 'named';
  const isOfCountry = countries.length > 0;
  /** Term ids of the people whom the question names, or of the country whose words it asks for. */
  const named = new Set((isOfCountry ? countries : people).flatMap(({ termId }) => termId ?? []));
  return speaker === null ? null : { speaker, named, isOfCountry };
}

/** Who speaks in each sentence of a passage. */
class PassageSpeakers {
  readonly #index: SearchIndex;
  readonly #ordinal: number;
  /** With those who speak for a country that is named. */
  readonly #named: ReadonlySet<number>;

  constructor(index: SearchIndex, ordinal: number, named: ReadonlySet<number>) {
    this.#index = index;
    this.#ordinal = ordinal;
    this.#named = withMembers(index, ordinal, named);
  }

  at(at: number): Speaker | null {
    const text = sentenceText(this.#index, this.#ordinal, at);
    const verb = SAYS.exec(text);
    return verb === null ? null : this.#lastIn(text.slice(0, verb.index), at);
  }

  /** The last person that a subject names, or the one whom its pronoun stands for. */
  #lastIn(subject: string, at: number): Speaker | null {
    const clause = subject.slice(Math.max(subject.lastIndexOf(';'), subject.lastIndexOf(':')) + 1);
    const pronoun = /\b(?:he|she|they)\b(?!.*\p{Lu}\p{Ll})/iu.exec(withoutOthers(clause));
    if (pronoun === null) {
      const people = this.#speakersIn(clause);
      // "The two agreed" is little of what one said to the other.
      const isJoint = / and /.test(clause) && new Set(people).size > 1;
      return isJoint ? null : (people.at(-1) ?? this.#byTitle(clause));
    }
    for (let before = at - 1; before >= 0; before--) {
      const text = sentenceText(this.#index, this.#ordinal, before);
      const subject = text.slice(0, SAYS.exec(text)?.index ?? LONGEST_SUBJECT);
      const [speaker] = this.#speakersIn(subject, false);
      if (speaker !== undefined) return speaker;
    }
    return /^she/i.test(pronoun[0]) ? 'traveller' : 'named';
  }

  /** "The president" of a meeting with one: of those named, if it is theirs. */
  #byTitle(subject: string): Speaker | null {
    const { names, lexical } = this.#index;
    const noun = /^(?:The|the) (?:\S+ )?(\p{Ll}+)\s*$/u.exec(subject)?.[1];
    if (noun === undefined) return null;
    const { people } = this.#index.document(this.#ordinal);
    const holders = people.filter(({ title }) => title?.toLowerCase().includes(noun));
    const isNamed = holders.some(({ name }) =>
      termsOf(name, names).some(({ term }) => this.#named.has(lexical.termId(term) ?? -1)),
    );
    return isNamed && holders.length === 1 ? 'named' : null;
  }

  /** Those whom a text names, in order. A pronoun does not stand for a country. */
  #speakersIn(text: string, withCountries = true): Speaker[] {
    const { names, lexical, answerNames } = this.#index;
    return termsOf(withoutOthers(text), names).flatMap(({ term }): Speaker[] => {
      const id = lexical.termId(term) ?? -1;
      if (this.#named.has(id) && (withCountries || !answerNames.places.has(id))) return ['named'];
      if (answerNames.travellers.has(id)) return ['traveller'];
      return answerNames.persons.has(id) ? ['other'] : [];
    });
  }
}

/** With the people of a passage's document whose organisation has one of the names: "Government of Peru". */
function withMembers(
  index: SearchIndex,
  ordinal: number,
  named: ReadonlySet<number>,
): ReadonlySet<number> {
  const idsOf = (text: string): number[] =>
    termsOf(text, index.names).flatMap(({ term }) => index.lexical.termId(term) ?? []);
  const members = index
    .document(ordinal)
    .people.filter(({ organisation }) => idsOf(organisation ?? '').some((id) => named.has(id)));
  return new Set([...named, ...members.flatMap(({ name }) => idsOf(name))]);
}

/** "Silva's office" is not Silva, nor is "an agreement with Silva". */
function withoutOthers(text: string): string {
  return text.replace(/[\p{L}-]+['’]s\b|\b(?:with|against|about) \p{Lu}[\p{L}-]*/gu, ' ');
}
