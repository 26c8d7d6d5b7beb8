import type { AnswerKind } from '../language/answer-kinds.ts';
import type { Query } from './query.ts';
import { unrelatedCosine, type SearchIndex } from './search-index.ts';

/** A passage that may hold the answer, with its first-stage scores. */
export interface Candidate {
  readonly ordinal: number;
  /** BM25, where a word may be replaced by a related one. 0 or more. */
  readonly lexical: number;
  /** Cosine with the question, -1 to 1. */
  readonly dense: number;
  /** Cosine of the question with the nearest expected question that leads here; 0 for none among the nearest. */
  readonly expected: number;
}

/** What ranking knows of a candidate. What each is worth: docs/EXPERIMENTS.md. */
export const FEATURE_NAMES = [
  // BM25, scaled by minimum and maximum over the question's candidates.
  'lexicalShare',
  // Of the best sentence: SentenceMatch.nearness.
  'sentence',
  // Share of the question's IDF mass that the best sentence holds.
  'sentenceCoverage',
  // Share of the question's IDF mass that the passage or its header holds; a related word counts by its similarity.
  'relatedCoverage',
  // Whether the best sentence holds the kind of figure that is asked for: SentenceMatch.figure.
  'figure',
  // 1 unless the passage says what the sources leave open (SearchIndex.isOpen).
  'told',
  // 1 when the passage belongs to a meeting that the question speaks of.
  'focus',
  // How the passage reads as the answer: the surprise of all its sentences. 0 for one that was not read.
  'reading',
  // How near an expected question is: 0 up to a cosine of EXPECTED_FROM, 1 for the same question.
  'expected',
] as const;

export type Features = Readonly<Record<(typeof FEATURE_NAMES)[number], number>>;

/**
 * Not learned, because the questions that weights are learned from have no expected ones: enough to bring the passage of
 * the same question to the top, and nothing for one that merely resembles it.
 */
export const EXPECTED_WEIGHT = 6;

/** How well one sentence of a passage meets the question. */
export interface SentenceMatch {
  /** Position in the passage's `sentences`. */
  readonly at: number;
  /** Cosine with the question, -1 to 1. */
  readonly cosine: number;
  /**
   * How far the cosine is above the one that unrelated questions reach, in tenths. Not scaled to the candidates: that one
   * sentence is much nearer than the next tells more than that it is the nearest.
   */
  readonly nearness: number;
  /** Share of the question's IDF mass that the sentence holds. */
  readonly coverage: number;
  /** See {@link figureHeld}: 1 when a time, a length, a sum or another number is asked for and held, 0 when it is not. */
  readonly figure: number;
  /** 1 when a person, a place or a reason is asked for and held. */
  readonly name: number;
  /** How the sentence reads as the answer, where it was read: see {@link surprise}. 0 where not. */
  readonly reading: number;
  /** Weighted sum of the above: the sentences of one passage are ordered by it. */
  readonly score: number;
}

export const SENTENCE_FEATURES = [
  'nearness',
  'coverage',
  'figure',
  'name',
  'reading',
] as const satisfies readonly (keyof SentenceMatch)[];

export type SentenceWeights = Readonly<Record<(typeof SENTENCE_FEATURES)[number], number>>;

/** Below this cosine an expected question asks something else. */
const EXPECTED_FROM = 0.9;

/** A candidate with its features and its sentences. */
export interface Measured extends Candidate {
  readonly features: Features;
  readonly sentences: readonly SentenceMatch[];
  /** The best of `sentences`; null for a passage without any. */
  readonly best: SentenceMatch | null;
}

export interface MeasureOptions {
  readonly index: SearchIndex;
  readonly query: Query;
  readonly vector: Float32Array;
  readonly sentenceWeights: SentenceWeights;
  /** Ids of the meetings that the question speaks of. */
  readonly focus?: readonly string[];
}

export function measure(candidates: readonly Candidate[], options: MeasureOptions): Measured[] {
  const { index, vector, focus = [] } = options;
  const lexicalShare = scaler(candidates.map(({ lexical }) => lexical));
  const asked = termsAsked(options.query);
  const cosines = index.sentenceCosines(
    vector,
    candidates.map(({ ordinal }) => ordinal),
  );
  // Whole literals, here and below: a spread with more behind it takes many times as long.
  const measured = candidates.map(({ ordinal, lexical, dense, expected }, at): Measured => {
    const own = cosines[at] ?? new Float32Array();
    const { sentences, relatedCoverage } = matchSentences(ordinal, own, asked, options);
    const best = bestOf(sentences);
    const features = {
      lexicalShare: lexicalShare(lexical),
      sentence: best?.nearness ?? 0,
      sentenceCoverage: best?.coverage ?? 0,
      relatedCoverage,
      figure: Math.max(0, best?.figure ?? 0),
      told: Number(!index.isOpen(ordinal)),
      focus: Number(index.passage(ordinal).meetings.some((id) => focus.includes(id))),
      reading: 0,
      expected: Math.max(0, expected - EXPECTED_FROM) / (1 - EXPECTED_FROM),
    };
    return { ordinal, lexical, dense, expected, sentences, best, features };
  });
  return fairAcrossScripts(measured, options);
}

function bestOf(sentences: readonly SentenceMatch[]): SentenceMatch | null {
  let best: SentenceMatch | null = null;
  for (const match of sentences) if (best === null || match.score > best.score) best = match;
  return best;
}

/** -log of the probability that none of these answers, from their log-odds against that: 0 for no answer, and no upper limit. */
function surprise(logOdds: readonly number[]): number {
  const most = Math.max(0, ...logOdds);
  const sum = logOdds.reduce((total, odds) => total + Math.exp(odds - most), Math.exp(-most));
  return most + Math.log(sum);
}

/** A candidate with what reading it told: the log-odds of each sentence, or none where it was not read. */
export function read(
  candidate: Measured,
  logOdds: readonly number[],
  { index, query, sentenceWeights }: Pick<MeasureOptions, 'index' | 'query' | 'sentenceWeights'>,
): Measured {
  const sentences = candidate.sentences.map(
    ({ at, cosine, nearness, coverage, figure, name }): SentenceMatch => {
      const odds = logOdds[at];
      const reading = odds === undefined ? 0 : surprise([odds]);
      const match = { at, cosine, nearness, coverage, figure, name, reading, score: 0 };
      match.score = scoreOfSentence(match, sentenceWeights);
      return match;
    },
  );
  const best = bestOf(sentences);
  const features: Writable<Features> = { ...candidate.features };
  features.sentence = best?.nearness ?? 0;
  features.reading = surprise(logOdds);
  // In another script it keeps the features that it has by the words of others.
  if (index.isLatin(candidate.ordinal) === query.latin) {
    features.sentenceCoverage = best?.coverage ?? 0;
    features.figure = Math.max(0, best?.figure ?? 0);
  }
  return { ...candidate, sentences, best, features };
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Features by words, which a passage in another script than the question's cannot have. */
const WORD_FEATURES = [
  'lexicalShare',
  'sentenceCoverage',
  'relatedCoverage',
  'figure',
] as const satisfies readonly (keyof Features)[];

/**
 * That a passage in another script holds none of the question's words says nothing against it. It gets the best features
 * by words of the others, so that nearness decides between the scripts.
 */
function fairAcrossScripts(
  measured: Measured[],
  { index, query }: Pick<MeasureOptions, 'index' | 'query'>,
): Measured[] {
  const isSame = measured.map(({ ordinal }) => index.isLatin(ordinal) === query.latin);
  if (!isSame.includes(true) || !isSame.includes(false)) return measured;
  const same = measured.filter((_, at) => isSame[at]);
  const best = WORD_FEATURES.map(
    (name) => [name, Math.max(...same.map(({ features }) => features[name]))] as const,
  );
  return measured.map((candidate, at) =>
    isSame[at] === true
      ? candidate
      : { ...candidate, features: { ...candidate.features, ...Object.fromEntries(best) } },
  );
}

interface TermAsked {
  /** Position in the question's terms. */
  readonly at: number;
  /** Share of the question's IDF mass. */
  readonly share: number;
  /** 1 for the term itself. */
  readonly similarity: number;
}

/** The terms of a question, ready to be found in many passages. */
type TermsAsked = Readonly<ReturnType<typeof termsAsked>>;

const FILTER_SIZE = 4096;

function termsAsked({ terms }: Query) {
  const total = terms.reduce((sum, { idf, weight }) => sum + idf * weight, 0) || 1;
  const uses = new Map<number, TermAsked[]>();
  const own = new Set<number>();
  const filter = new Uint8Array(FILTER_SIZE);
  const add = (termId: number, use: TermAsked): void => {
    const known = uses.get(termId);
    if (known === undefined) uses.set(termId, [use]);
    else known.push(use);
    filter[termId % FILTER_SIZE] = 1;
  };
  terms.forEach(({ termId, idf, weight, related }, at) => {
    const share = (idf * weight) / total;
    if (termId !== null) {
      own.add(termId);
      add(termId, { at, share, similarity: 1 });
    }
    for (const other of related) add(other.termId, { at, share, similarity: other.similarity });
  });
  return {
    own,
    /** By term id, the terms of the question that it is or is related to. */
    uses,
    /** By the last bits of a term id: 0 when no term with these is in `uses`. Most terms of a passage are not. */
    filter,
    /** By term of the question, of the passage that is being looked at: the most of the term's share that it holds. */
    held: new Float64Array(terms.length),
    /** Likewise the last part that holds the term itself. */
    heldIn: new Int32Array(terms.length),
  };
}

/** Marks the terms of a part of a passage; returns the share of the question that the part holds itself. */
function mark(part: Uint32Array, at: number, { uses, filter, held, heldIn }: TermsAsked): number {
  let share = 0;
  for (let i = 0; i < part.length; i += 1) {
    const termId = part[i] as number;
    if (filter[termId % FILTER_SIZE] === 0) continue;
    for (const use of uses.get(termId) ?? []) {
      held[use.at] = Math.max(held[use.at] as number, use.share * use.similarity);
      if (use.similarity < 1 || heldIn[use.at] === at) continue;
      heldIn[use.at] = at;
      share += use.share;
    }
  }
  return share;
}

function scoreOfSentence(match: Omit<SentenceMatch, 'score'>, weights: SentenceWeights): number {
  return SENTENCE_FEATURES.reduce((sum, name) => sum + weights[name] * match[name], 0);
}

/** Every sentence of a passage, and how much of the question the passage holds. */
function matchSentences(
  ordinal: number,
  cosines: Float32Array,
  asked: TermsAsked,
  { index, query, sentenceWeights }: MeasureOptions,
): { readonly sentences: SentenceMatch[]; readonly relatedCoverage: number } {
  const unrelated = unrelatedCosine(index, query);
  const isHeld = heldIn(ordinal, asked, { index, query });
  const isFigure = query.kind !== null && BY_FORM.has(query.kind);
  asked.held.fill(0);
  asked.heldIn.fill(-1);
  const parts = index.units.of(ordinal);
  mark(parts.header, -2, asked);
  const sentences = parts.sentences.map((unit, at): SentenceMatch => {
    const cosine = cosines[at] ?? 0;
    const holds = isHeld(unit, at);
    const match = {
      at,
      cosine,
      nearness: 10 * (cosine - unrelated),
      coverage: mark(unit, at, asked),
      figure: holds && isFigure ? figureHeld(unit, { index, query }) : 0,
      name: Number(holds && !isFigure),
      reading: 0,
      score: 0,
    };
    match.score = scoreOfSentence(match, sentenceWeights);
    return match;
  });
  return { sentences, relatedCoverage: asked.held.reduce((sum, share) => sum + share, 0) };
}

/** Kinds that a sentence shows by its form: figures, and verbs of what was said. */
export const BY_FORM: ReadonlySet<AnswerKind> = new Set([
  'time',
  'clock',
  'duration',
  'money',
  'percentage',
  'amount',
  'topic',
  'transport',
]);

/** "five large mobile generators": a number is at most this many terms before what it counts. */
const COUNTED_WITHIN = 3;

/** 1, .5 when the sentence has a number but none before what the question counts, or -1 for a sum in another currency. */
function figureHeld(
  unit: Uint32Array,
  { index, query }: Pick<MeasureOptions, 'index' | 'query'>,
): number {
  const { counted, otherCurrencies } = query;
  if (counted === null) return 1;
  // "In dollars it comes to 55 billion": a currency may be named anywhere. A sum in another one alone is no answer.
  if (otherCurrencies.size > 0) {
    if (unit.some((term) => counted.has(term))) return 1;
    return unit.some((term) => otherCurrencies.has(term)) ? -1 : 0.5;
  }
  const counts = (at: number): boolean =>
    unit.subarray(at + 1, at + 1 + COUNTED_WITHIN).some((term) => counted.has(term));
  return unit.some((term, at) => index.lexical.isFigure(term) && counts(at)) ? 1 : 0.5;
}

/** Tells whether a sentence of a passage holds the kind asked for, apart from what the question itself names. */
function heldIn(
  ordinal: number,
  { own }: TermsAsked,
  { index, query: { kind } }: Pick<MeasureOptions, 'index' | 'query'>,
): (unit: Uint32Array, at: number) => boolean {
  if (kind === null) return () => false;
  const { persons, places } = index.answerNames;
  const names = kind === 'person' ? persons : kind === 'place' ? places : null;
  // A corpus without front matter tells no names.
  if (names === null || names.size === 0) {
    const held = index.holdsKind(ordinal, kind);
    return (_, at) => held[at] ?? false;
  }
  return (unit) => unit.some((term) => names.has(term) && !own.has(term));
}

/** Min–max scaling; a constant list scales to 0. */
function scaler(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return (value) => (span === 0 ? 0 : (value - low) / span);
}
