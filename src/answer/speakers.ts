import { isHeld } from './evidence.ts';
import type { QueryTerm } from '../search/query.ts';
import { sentenceText, type SearchIndex } from '../search/search-index.ts';
import type { Ranked, SearchResult } from '../search/search.ts';
import { termsOf, termsOfWords, type TermUse } from '../language/terms.ts';

/** Somebody who speaks: one of those whom the question names, or the one whom the documents are about. */
type Speaker = 'named' | 'traveller' | 'both' | 'other';

const PAST =
  'said told stated expressed asked welcomed thanked offered called praised explained promised pledged stressed emphasised emphasized noted added answered replied remarked confirmed condemned proposed invited repeated described mentioned announced congratulated wrote recalled spoke voiced underlined hoped wanted appealed insisted warned declared assured informed raised conveyed began shared appreciated restated reaffirmed touched talked suggested requested urged agreed wished acknowledged hailed'
    .split(' ')
    .join('|');
const SAYS = new RegExp(`(?<!\\p{L})(?:${PAST}|set out|says|tells|calls|asks)(?!\\p{L})`, 'iu');
const PASSIVE = new RegExp(
  `(?<!\\p{L})(?:was|were|been|being) (?:also )?(?:${PAST})(?!\\p{L})`,
  'iu',
);

const SAY =
  '(?:say|tell|said|told|state|express|ask|welcome|thank|offer|call|praise|explain|promise|pledge|stress|answer|reply|propose|invite|announce|mention|convey|request|want|talk|speak|raise|think|respond|agree|suggest)';
/** "What did X say …": the subject of a question. */
const ACTIVE_QUESTION = new RegExp(
  `\\b(?:did|does|has|had|do)(?: (?<subject>[^?]*?))? ${SAY}\\b`,
  'i',
);
/** "Tell me what X wanted": the same without "did". */
const INDIRECT_QUESTION =
  /\bwhat (?!did\b|does\b|do\b|was\b|were\b|is\b|are\b)(?<subject>[^?]{1,40}?) (?:said|says|told|tells|wanted|wants|asked|asks|thinks|thought|promised|offered|expressed|replied|answered|requested|stressed|demanded|proposed)\b/i;
const PASSIVE_QUESTION =
  /\b(?:was|were) (?<subject>[^?]*?) (?:told|asked|thanked|welcomed|promised|offered)\b(?<by>[^?]* by )?/i;
/** "X's position on", "the view of X". */
const POSITION =
  /(?<subject>[^?]*?)['’]s? (?:position|views?|stance|opinion|reply|answer|reaction|response|message|words|remarks?|comments?|promise|request)\b/i;
/** 「…は何と言いましたか」: the subject of a Japanese question, from the start of its clause: from each of its characters would take cubic time. */
const JAPANESE_QUESTION =
  /(?<![^、。])(?<subject>[^、。]+?)(?:は|が)[^。]*?(?:言い|言っ|言わ|述べ|話し|語|発言|伝え|表明|求め|約束|主張|答え)/u;
const PRONOUN = /\b(?:she|he|they|the minister|her|his)\b|彼女|^[^\p{L}]*大臣/iu;

/** What people do by speaking: how a question asks for it, and how a sentence tells it. */
const ACTS: readonly { readonly asked: RegExp; readonly told: RegExp }[] = [
  {
    asked:
      /\b(?:ask|asked)\b[^?]*\bfor\b|\b(?:request|want|wish|demand|urge|appeal|call (?:for|on))\b/i,
    told: /\b(?:asked (?:\S+ ){0,4}?(?:for|to)|requested|wanted|wants|wished|demanded|urged|appealed|called (?:for|on)|hoped)\b/i,
  },
  { asked: /\bthank/i, told: /\b(?:thank|grateful|gratitude)/i },
  { asked: /\b(?:condol|sympath|mourn)/i, told: /\b(?:condol|sympath|mourn)/i },
  { asked: /\binvit/i, told: /\binvit/i },
  {
    asked: /\b(?:promise|pledge|offer|commit)/i,
    told: /\b(?:promised|pledged|offered|committed|would (?:give|provide|support|help|keep))\b/i,
  },
  {
    asked: /\b(?:prais|admir|compliment|describ)/i,
    told: /\b(?:prais|admir|called|described|valued|honour)/i,
  },
];
/** A sentence that does what the question asks for, and one of mere courtesy where it asks for nothing of the kind. */
const SAME_ACT = 1;
const COURTESY = -0.3;
const COURTEOUS = /\b(?:condol|sympath|thank|welcomed|congratulat)/i;

function actWorth(question: string, sentence: string): number {
  const act = ACTS.find(({ asked }) => asked.test(question));
  if (act !== undefined) return act.told.test(sentence) ? SAME_ACT : 0;
  return COURTEOUS.test(sentence) ? COURTESY : 0;
}

/** Worth more than what sets two sentences of one passage apart. */
const RIGHT_SPEAKER = 3;
/** "The two agreed": said by both, and so little of what one said to the other. */
const BOTH = 1;
/** Passages this far down may have the right speaker. */
const LOOK_AT = 15;

/**
 * Where a question asks what one person said to another, the passages whose best sentence has the right speaker first, with
 * that sentence highlighted. Speakers are read from the subject of the first verb of saying; "he" and "she" stand for the
 * one before. Null where the question asks for something else, or no sentence has the speaker.
 */
export function spokenBy(
  index: SearchIndex,
  { query, ranked }: Pick<SearchResult, 'query' | 'ranked'>,
): Ranked[] | null {
  const names = namedPersons(index, query);
  const wanted = speakerAsked(query.text, names, index);
  if (wanted === null || names.length === 0) return null;
  // What else the question is about decides which passage answers, and the speaker only which of its sentences.
  const isAbout =
    topicOf(query, names).length > 0 ||
    query.terms.some(
      ({ term, name, light, typed }) =>
        !name &&
        !light &&
        !term.includes('+') &&
        !SAYS.test(typed) &&
        !new RegExp(SAY, 'i').test(typed),
    );
  const ids = new Set(names.flatMap(({ termId }) => termId ?? []));
  const found = ranked.slice(0, LOOK_AT).flatMap((passage) => {
    const reader = new PassageSpeakers(index, passage.ordinal, ids);
    if (!reader.concerns()) return [];
    const scored = passage.sentences.flatMap((sentence) => {
      const speaker = reader.speakerAt(sentence.at);
      if (isAbout && sentence.coverage < (passage.best?.coverage ?? 0)) return [];
      const worth = speaker === wanted ? RIGHT_SPEAKER : speaker === 'both' ? BOTH : null;
      if (worth === null) return [];
      const act = actWorth(query.text, reader.textAt(sentence.at));
      return [{ sentence, score: sentence.score + worth + act }];
    });
    const [first, ...others] = scored;
    if (first === undefined) return [];
    const { sentence: best, score } = others.reduce((a, b) => (b.score > a.score ? b : a), first);
    // Their own meeting tells what was said there.
    const gain = score - (passage.best?.score ?? 0) + 2 * passage.features.focus;
    return [{ ...passage, best, score: passage.score + gain }];
  });
  if (found.length === 0) return null;
  if (isAbout) {
    const better = new Map(found.map((passage) => [passage.ordinal, passage.best]));
    return ranked.map((one) => ({ ...one, best: better.get(one.ordinal) ?? one.best }));
  }
  found.sort((a, b) => b.score - a.score);
  const taken = new Set(found.map(({ ordinal }) => ordinal));
  return [...found, ...ranked.filter(({ ordinal }) => !taken.has(ordinal))];
}

/** What the words that are asked for are about: "about Peru". */
const TOPIC = /\b(?:about|regarding|concerning|mention(?:ed|s)?) (?<topic>[^?]{2,60})\W*$/i;

function topicOf({ text, terms }: SearchResult['query'], names: readonly QueryTerm[]): QueryTerm[] {
  const topic = TOPIC.exec(text)?.groups?.['topic'];
  if (topic === undefined) return [];
  const from = text.lastIndexOf(topic);
  return terms.filter(
    ({ term, start, light }) =>
      start >= from && !light && !names.some((name) => name.term === term),
  );
}

/**
 * Whether a question asks what somebody said, and the highlighted sentence tells what was said to them, or, with the one
 * before it, nothing of whom or what their words should be about by name.
 */
export function isOtherSpeech(
  index: SearchIndex,
  { query }: Pick<SearchResult, 'query'>,
  { ordinal, best }: Pick<Ranked, 'ordinal' | 'best'>,
): boolean {
  const names = namedPersons(index, query);
  const wanted = speakerAsked(query.text, names, index);
  if (wanted === null || best === null) return false;
  // Names have no other words: "the rest of the world" may be "other countries".
  const topic = topicOf(query, names).filter(({ name }) => name);
  const near = index.units.sentences(ordinal).slice(Math.max(0, best.at - 1), best.at + 1);
  const held = new Set(near.flatMap((ids) => [...ids]));
  if (topic.length > 0 && !topic.some((term) => isHeld(term, held))) return true;
  if (wanted !== 'named' || names.length === 0) return false;
  const ids = new Set(names.flatMap(({ termId }) => termId ?? []));
  return new PassageSpeakers(index, ordinal, ids).speakerAt(best.at) === 'traveller';
}

function namedPersons(index: SearchIndex, query: SearchResult['query']): QueryTerm[] {
  return query.terms.filter(
    ({ termId }) => termId !== null && index.answerNames.persons.has(termId),
  );
}

function japaneseTerms(text: string, { japaneseNames, names }: SearchIndex): TermUse[] {
  return termsOfWords(japaneseNames.wordsIn(text), names);
}

/** Whose words the question asks for; null for a question about something else. */
function speakerAsked(
  text: string,
  names: readonly QueryTerm[],
  index: SearchIndex,
): Speaker | null {
  const speakerIn = (part: string | undefined): Speaker | null => {
    if (part === undefined) return null;
    const words = [...termsOf(part, index.names), ...japaneseTerms(part, index)];
    const terms = new Set(words.map(({ term }) => term));
    if (names.some(({ term }) => terms.has(term))) return 'named';
    return PRONOUN.test(part) || /\p{Lu}/u.test(part) ? 'traveller' : null;
  };
  const passive = PASSIVE_QUESTION.exec(text)?.groups;
  if (passive !== undefined) {
    const subject = speakerIn(passive['subject']);
    return subject === null ? null : subject === 'named' ? 'traveller' : 'named';
  }
  const active = (
    ACTIVE_QUESTION.exec(text) ??
    INDIRECT_QUESTION.exec(text) ??
    JAPANESE_QUESTION.exec(text)
  )?.groups;
  return speakerIn(active?.['subject'] ?? POSITION.exec(text)?.groups?.['subject']);
}

/** Who speaks in each sentence of a passage. */
class PassageSpeakers {
  readonly #index: SearchIndex;
  readonly #ordinal: number;
  readonly #named: ReadonlySet<number>;

  constructor(index: SearchIndex, ordinal: number, named: ReadonlySet<number>) {
    this.#index = index;
    this.#ordinal = ordinal;
    this.#named = named;
  }

  /** Whether the passage is about those named. */
  concerns(): boolean {
    const { units } = this.#index;
    const all = [units.header(this.#ordinal), ...units.sentences(this.#ordinal)];
    return all.some((unit) => unit.some((term) => this.#named.has(term)));
  }

  speakerAt(at: number): Speaker | null {
    const text = this.textAt(at);
    const verb = SAYS.exec(text);
    if (verb === null) return null;
    const passive = PASSIVE.exec(text);
    if (passive !== null && passive.index <= verb.index) {
      const agent = /\bby (.*)$/i.exec(text.slice(passive.index));
      return agent === null ? null : this.#lastIn(agent[1] ?? '', at);
    }
    return this.#lastIn(text.slice(0, verb.index), at);
  }

  textAt(at: number): string {
    return sentenceText(this.#index, this.#ordinal, at);
  }

  /** The last person that a subject names, or the one whom its pronoun stands for. */
  #lastIn(subject: string, at: number): Speaker | null {
    const { names, lexical, answerNames } = this.#index;
    // "Silva's office" is not Silva.
    const clause = subject.slice(Math.max(subject.lastIndexOf(';'), subject.lastIndexOf(':')) + 1);
    const plain = clause.replace(/[\p{L}-]+['’]s\b/gu, ' ');
    const pronoun = /\b(?:he|she|they)\b(?!.*\p{Lu}\p{Ll})/iu.exec(plain);
    if (pronoun === null) {
      const people = termsOf(plain, names).flatMap(({ term }): Speaker[] => {
        const id = lexical.termId(term);
        if (id === null) return [];
        if (answerNames.travellers.has(id)) return ['traveller'];
        return answerNames.persons.has(id) ? [this.#named.has(id) ? 'named' : 'other'] : [];
      });
      if (people.length === 0) return this.#byTitle(plain);
      const isJoint =
        / and /.test(plain) && people.includes('named') && people.includes('traveller');
      return isJoint ? 'both' : (people.at(-1) ?? null);
    }
    const [word] = pronoun;
    for (let before = at - 1; before >= 0; before--) {
      const speaker = this.#subjectAt(before);
      if (speaker !== null) return speaker;
    }
    return /^she/i.test(word) ? 'traveller' : 'named';
  }

  /** "The president" of a meeting with one: of those named, if it is theirs. */
  #byTitle(subject: string): Speaker | null {
    const { passages, documents, names, lexical } = this.#index;
    const noun = /^(?:The|the) (?:\S+ )?(\p{Ll}+)\s*$/u.exec(subject)?.[1];
    const document = documents.get(passages[this.#ordinal]?.documentId ?? '');
    if (noun === undefined || document === undefined) return null;
    const holders = document.people.filter(({ title }) => title?.toLowerCase().includes(noun));
    const isNamed = holders.some(({ name }) =>
      termsOf(name, names).some(({ term }) => this.#named.has(lexical.termId(term) ?? -1)),
    );
    return isNamed && holders.length === 1 ? 'named' : null;
  }

  /** Whom the first words of a sentence name. */
  #subjectAt(at: number): Speaker | null {
    const text = this.textAt(at);
    const verb = SAYS.exec(text);
    const { names, lexical, answerNames } = this.#index;
    const plain = text.slice(0, verb?.index ?? 80).replace(/[\p{L}-]+['’]s\b/gu, ' ');
    for (const { term } of termsOf(plain, names)) {
      const id = lexical.termId(term);
      if (id === null) continue;
      if (answerNames.travellers.has(id)) return 'traveller';
      if (answerNames.persons.has(id)) return this.#named.has(id) ? 'named' : 'other';
    }
    return null;
  }
}
