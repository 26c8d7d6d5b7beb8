import { sourcesWithin } from './citations.ts';
import type { AnswerKind } from '../language/answer-kinds.ts';
import { MONTH_PATTERN } from '../language/dates.ts';
import { valuesIn, type Value } from '../language/values.ts';
import { type TermSet, resemblance, termSetOf } from './select.ts';
import { sentenceText, type SearchIndex } from '../search/search-index.ts';
import type { Ranked, SearchResult } from '../search/search.ts';

/** A value that sources state for what is asked, where others state another. */
export interface Stated {
  /** As the first of the passages writes it. */
  readonly value: string;
  /** Ordinals of the passages that state it, best first. */
  readonly ordinals: readonly number[];
}

/** Passages this far down may hold the other version. */
const LOOK_AT = 8;
/** Sentences about the same thing are about as near to the question: cosines of the bundled encoder. */
const FARTHER = 0.07;
/** Dates are in most sentences: theirs have to be nearer, and hold as much of the question. */
const FARTHER_DATE = 0.03;
const LEAST_COVERAGE = 0.75;

/** Sentences about the same thing share so much, apart from figures: others of one passage share at most .24. */
const SAME_THING = 0.25;
const SAME_DATED_THING = 0.4;

/** A sentence that sets one statement against another. */
const CONTRAST =
  /\b(?:while|whereas|instead|but|however|or|versus|rather than|depending on|differ\w*|disagree\w*|versions?|contradict\w*|other (?:counts?|reports?|sources?|figures?))\b/i;
/** "Other counts are five (one), six (another)." */
const OTHERS = /\bother (?:counts?|reports?|sources?|figures?|versions?)\b|\binstead\b/i;

interface Statement {
  readonly ordinal: number;
  readonly values: readonly Value[];
  /** The sentence says itself that there are several versions. */
  readonly contrasts: boolean;
  /** Sources that its footnotes name, else its document. */
  readonly sources: ReadonlySet<string>;
}

/**
 * The values of the kind asked for, where sentences about the same thing state different ones: sentences of other
 * sources, or one that says itself that there are several. Null where nothing differs, and when in doubt.
 *
 * @param ranked the passages in the order in which they will be shown
 */
export function versionsOf(
  { index, query }: SearchResult,
  ranked: readonly Ranked[],
): Stated[] | null {
  const [first] = ranked;
  if (first?.best == null) return null;
  const kind = kindStated(index, query, first);
  if (kind === null) return null;
  const reader = new Reader(index, query, first, kind);
  const own = reader.statementsOf(first);
  const [main] = own;
  if (main === undefined) return null;
  const others = ranked.slice(1, LOOK_AT).flatMap((passage) => reader.statementsOf(passage));
  const versions = new Map<string, { value: string; ordinals: number[] }>();
  for (const statement of [...own, ...others]) {
    const isNew = statement.values.some(({ key }) => !versions.has(key));
    const isOther = ![...statement.sources].some((source) => main.sources.has(source));
    if (statement !== main && isNew && !isOther && !statement.contrasts) continue;
    for (const { key, text } of statement.values) {
      const known = versions.get(key) ?? { value: text, ordinals: [] };
      // Only passages that write it so: what is told as a version is to be read in them.
      if (text === known.value && !known.ordinals.includes(statement.ordinal))
        known.ordinals.push(statement.ordinal);
      versions.set(key, known);
    }
  }
  return versions.size > 1 ? [...versions.values()] : null;
}

/** Ordinals of the fewest passages that state all versions: the first of the ranking, and the best for each other. */
export function quoting(ranked: readonly Ranked[], stated: readonly Stated[]): number[] {
  const wanted = ranked.slice(0, 1).map(({ ordinal }) => ordinal);
  for (const { ordinals } of stated) {
    const [best] = ordinals;
    if (best !== undefined && !ordinals.some((one) => wanted.includes(one))) wanted.push(best);
  }
  return wanted;
}

/** Kinds that a sentence may state instead: "when" is answered by a clock time, "how old" by a length. */
const INSTEAD: Readonly<Partial<Record<AnswerKind, readonly AnswerKind[]>>> = {
  time: ['clock'],
  amount: ['duration', 'money', 'percentage'],
};

function kindStated(
  index: SearchIndex,
  { kind, terms }: SearchResult['query'],
  first: Ranked,
): AnswerKind | null {
  if (kind === null) return null;
  const text = sentenceText(index, first.ordinal, first.best?.at ?? 0);
  const asked = new Set(terms.map(({ term }) => term));
  if (kind === 'amount' && valuesIn(text, kind).some(({ unit }) => isAmong(unit, asked)))
    return kind;
  return INSTEAD[kind]?.find((other) => valuesIn(text, other).length > 0) ?? kind;
}

/** Whether what a number counts is among the terms. */
function isAmong(unit: string | null, terms: ReadonlySet<string>): boolean {
  return unit?.split(/[ -]/).some((noun) => terms.has(noun)) ?? false;
}

/** Months without a day, and years: "from April to September 2023". */
const PERIOD = new RegExp(
  `\\b(?:${MONTH_PATTERN})\\b(?!\\.? \\d{1,2}\\b)|\\b(?:19|20)\\d\\d\\b`,
  'g',
);

/** "In the same half-year": the period of the sentence before. */
const SAME_PERIOD = /\b(?:same|that) (?:half-year|year|month|period|week|quarter)\b/;

/** Whether a sentence speaks of no other months and years. */
function isPeriodOf(main: string, other: string): boolean {
  const own: readonly string[] = main.match(PERIOD) ?? [];
  if (SAME_PERIOD.test(other)) return false;
  return own.length === 0 || (other.match(PERIOD) ?? []).every((period) => own.includes(period));
}

/** Reads what passages state of the thing that the first sentence of the first passage speaks of. */
class Reader {
  readonly #index: SearchIndex;
  readonly #first: Ranked;
  readonly #kind: AnswerKind;
  readonly #asked: ReadonlySet<string>;
  /** What the first sentence states. */
  readonly #main: Value | null;
  /** People whom the question names, and all names of it that the first sentence holds. */
  readonly #people: readonly number[];
  readonly #names: readonly number[];
  readonly #text: string;
  readonly #terms: TermSet;

  constructor(index: SearchIndex, query: SearchResult['query'], first: Ranked, kind: AnswerKind) {
    this.#index = index;
    this.#first = first;
    this.#kind = kind;
    this.#asked = new Set(query.terms.map(({ term }) => term));
    const at = first.best?.at ?? 0;
    this.#text = sentenceText(index, first.ordinal, at);
    const values = valuesIn(this.#text, kind);
    const isAsked = ({ unit }: Value): boolean => kind !== 'amount' || isAmong(unit, this.#asked);
    this.#main = values.find(isAsked) ?? null;
    const held = new Set(index.termsAt(first.ordinal, at));
    const ids = query.terms.flatMap(({ name, termId }) =>
      termId === null ? [] : { name, termId },
    );
    const people = ids.filter(({ termId }) => index.answerNames.persons.has(termId));
    // Of a whole name, the part by which the sentence calls them.
    const called = people.filter(({ termId }) => held.has(termId));
    this.#people = (called.length > 0 ? called : people).map(({ termId }) => termId);
    this.#names = ids.flatMap(({ name, termId }) => (name && held.has(termId) ? termId : []));
    this.#terms = this.#termsAt(first.ordinal, at);
  }

  statementsOf(passage: Ranked): Statement[] {
    const { best } = this.#first;
    if (this.#main === null) return [];
    const { ordinal } = passage;
    const isFirst = ordinal === this.#first.ordinal;
    const isMain = ({ at }: { readonly at: number }): boolean => isFirst && at === best?.at;
    const ordered = passage.sentences.toSorted((a, b) => Number(isMain(b)) - Number(isMain(a)));
    const [farther, least] =
      this.#kind === 'time' ? [FARTHER_DATE, SAME_DATED_THING] : [FARTHER, SAME_THING];
    return ordered.flatMap((sentence): Statement[] => {
      const { at, cosine, coverage } = sentence;
      const isNear =
        (isFirst || cosine >= (best?.cosine ?? 1) - farther) &&
        (this.#kind !== 'time' || coverage >= LEAST_COVERAGE * (best?.coverage ?? 1));
      if (!isMain(sentence) && !isNear) return [];
      const text = sentenceText(this.#index, ordinal, at);
      const stated = this.#valuesOf(text, isMain(sentence));
      if (stated.length === 0) return [];
      // "Japan counts five turbines, the agency three" is about the same five.
      const repeats = stated.length > 1 && stated.some(({ key }) => key === this.#main?.key);
      const isSame = (): boolean =>
        isPeriodOf(this.#text, text) &&
        (OTHERS.test(text) ? isFirst : repeats || this.#resemblance(ordinal, at) >= least) &&
        this.#isOfSame(ordinal, at, repeats);
      if (!isMain(sentence) && !isSame()) return [];
      const contrasts = CONTRAST.test(text) || stated.some(({ unit }) => unit === null);
      const keys = new Set(stated.map(({ key }) => key));
      if (keys.size > 1 && !contrasts) return [];
      return [{ ordinal, values: stated, contrasts, sources: this.#sourcesOf(ordinal, at) }];
    });
  }

  #valuesOf(text: string, isMain: boolean): Value[] {
    const all = valuesIn(text, this.#kind);
    if (this.#kind !== 'amount') return all.filter(({ unit }) => unit === this.#main?.unit);
    const named = all.filter(({ unit }) => isAmong(unit, this.#asked));
    // A number without a noun belongs to one before it: "three turbines, the ministry four".
    const isTold =
      named.some(({ key }) => isMain || key === this.#main?.key) || (!isMain && OTHERS.test(text));
    const size = Number(this.#main?.key);
    const isLike = ({ key }: Value): boolean =>
      Math.max(Number(key) / size, size / Number(key)) <= 3;
    return all.filter(
      (value) => named.includes(value) || (value.unit === null && isTold && isLike(value)),
    );
  }

  #resemblance(ordinal: number, at: number): number {
    return resemblance(this.#terms, this.#termsAt(ordinal, at), { figuresMustAgree: false });
  }

  /** What a sentence is about: not its figures. */
  #termsAt(ordinal: number, at: number): TermSet {
    const { lexical } = this.#index;
    const terms = this.#index.termsAt(ordinal, at).filter((term) => !lexical.isFigure(term));
    return termSetOf(lexical, terms);
  }

  /**
   * Whether a sentence may speak of the same event: of those asked for, and of nobody else. A sentence that names nobody
   * speaks of whom those before it name, or of nobody where it repeats what the first one states.
   */
  #isOfSame(ordinal: number, at: number, repeats: boolean): boolean {
    const { units } = this.#index;
    const people = this.#peopleAt(ordinal, at);
    const before = units.sentences(ordinal).slice(0, at + 1);
    const told = new Set([...units.header(ordinal), ...before.flatMap((unit) => [...unit])]);
    const isNamed =
      this.#people.every((one) => people.has(one)) && this.#names.every((one) => told.has(one));
    if (!isNamed) return false;
    if (repeats && this.#people.length === 0) return true;
    const known = new Set([
      ...this.#people,
      ...this.#peopleAt(this.#first.ordinal, this.#first.best?.at ?? 0),
    ]);
    return [...people].every((one) => known.has(one));
  }

  #peopleAt(ordinal: number, at: number): Set<number> {
    const { units, answerNames } = this.#index;
    const before = units.sentences(ordinal).slice(0, at + 1);
    const people = [units.header(ordinal), ...before].map((unit) =>
      unit.filter((term) => answerNames.persons.has(term)),
    );
    return new Set(people.findLast(({ length }) => length > 0));
  }

  #sourcesOf(ordinal: number, at: number): Set<string> {
    const document = this.#index.document(ordinal);
    const { start, sentences } = this.#index.passage(ordinal);
    const span = sentences[at];
    const ids =
      span === undefined ? [] : sourcesWithin(document, start + span.start, start + span.end);
    return new Set(ids.length > 0 ? ids : [document.id]);
  }
}
