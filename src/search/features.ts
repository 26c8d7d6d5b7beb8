import { holdsKind, type AnswerKind } from '../language/answer-kinds.ts';
import type { Candidate } from './candidates.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';

/**
 * What ranking knows of a candidate. Values named `…Share` are scaled by minimum and maximum over the question's
 * candidates; the others are comparable between questions. What each is worth: docs/EXPERIMENTS.md.
 */
export interface Features {
  readonly lexicalShare: number;
  readonly denseShare: number;
  /** Cosine of the best sentence. */
  readonly sentenceShare: number;
  /** Share of the question's IDF mass that the best sentence holds. */
  readonly sentenceCoverage: number;
  /** Share of the question's IDF mass that the search header holds. */
  readonly headerCoverage: number;
  /** The best that a candidate of the same document does, by words and vectors. */
  readonly document: number;
  /** 1 when the best sentence holds the kind of figure that is asked for. */
  readonly figure: number;
  /** How near an expected question is: 0 up to a cosine of {@link EXPECTED_FROM}, 1 for the same question. */
  readonly expected: number;
}

export const FEATURE_NAMES = [
  'lexicalShare',
  'denseShare',
  'sentenceShare',
  'sentenceCoverage',
  'headerCoverage',
  'document',
  'figure',
  'expected',
] as const satisfies readonly (keyof Features)[];

/**
 * Not learned, because the questions that weights are learned from have no expected ones: enough to bring the passage of
 * the same question to the top, and nothing for one that merely resembles it.
 */
export const EXPECTED_WEIGHT = 6;

/** How well one sentence of a passage meets the question. */
export interface SentenceMatch {
  /** Position in the passage's `sentences`. */
  readonly at: number;
  /** Cosine with the question, above the question's mean cosine with the passages, as a share of what is left to 1. */
  readonly dense: number;
  /** Share of the question's IDF mass that the sentence holds. */
  readonly coverage: number;
  /** The same, of what the search header leaves open. */
  readonly restCoverage: number;
  /** 1 when a time, a length, a sum or another number is asked for and held. */
  readonly figure: number;
  /** 1 when a person, a place or a reason is asked for and held. */
  readonly name: number;
  /** Weighted sum of the above: the sentences of one passage are ordered by it. */
  readonly score: number;
}

export const SENTENCE_FEATURES = [
  'dense',
  'coverage',
  'restCoverage',
  'figure',
  'name',
] as const satisfies readonly (keyof SentenceMatch)[];

export type SentenceWeights = Readonly<Record<(typeof SENTENCE_FEATURES)[number], number>>;

/** Below this cosine an expected question asks something else. */
const EXPECTED_FROM = 0.9;

/** A candidate with its features and its sentences. */
export interface Measured extends Candidate {
  readonly features: Features;
  /** Share of the question's IDF mass in the passage or its header. */
  readonly coverage: number;
  /** The same, where a related word counts by its similarity. */
  readonly relatedCoverage: number;
  readonly sentences: readonly SentenceMatch[];
  /** The best of `sentences`; null for a passage without any. */
  readonly best: SentenceMatch | null;
}

export interface MeasureOptions {
  readonly index: SearchIndex;
  readonly query: Query;
  readonly vector: Float32Array;
  /** Mean cosine of the question with all passages. */
  readonly meanCosine: number;
  readonly sentenceWeights: SentenceWeights;
}

export function measure(candidates: readonly Candidate[], options: MeasureOptions): Measured[] {
  const looks = candidates.map((candidate) => look(candidate, options));
  const lexical = scaler(looks.map((one) => one.lexical));
  const dense = scaler(looks.map((one) => one.dense));
  const sentence = scaler(looks.map((one) => one.best?.dense ?? 0));
  const standing = looks.map((one) => (lexical(one.lexical) + dense(one.dense)) / 2);
  const bestOfDocument = new Map<string, number>();
  looks.forEach(({ ordinal }, i) => {
    const id = options.index.passages[ordinal]?.documentId ?? '';
    bestOfDocument.set(id, Math.max(bestOfDocument.get(id) ?? 0, standing[i] ?? 0));
  });
  return looks.map((one) => ({
    ...one,
    features: {
      lexicalShare: lexical(one.lexical),
      denseShare: dense(one.dense),
      sentenceShare: sentence(one.best?.dense ?? 0),
      sentenceCoverage: one.best?.coverage ?? 0,
      headerCoverage: one.headerCoverage,
      document: bestOfDocument.get(options.index.passages[one.ordinal]?.documentId ?? '') ?? 0,
      figure: one.best?.figure ?? 0,
      expected: Math.max(0, one.expected - EXPECTED_FROM) / (1 - EXPECTED_FROM),
    },
  }));
}

/** All that is known of one candidate without the others. */
function look(candidate: Candidate, options: MeasureOptions) {
  const { index, query } = options;
  const coverage = coverageOf(query);
  const header = new Set(index.units.header(candidate.ordinal));
  const units = index.units.sentences(candidate.ordinal).map((terms) => new Set(terms));
  const sentences = matchSentences(candidate.ordinal, units, header, options);
  const all = new Set([...header, ...units.flatMap((terms) => [...terms])]);
  return {
    ...candidate,
    headerCoverage: coverage((term) => header.has(term)),
    coverage: coverage((term) => all.has(term)),
    relatedCoverage: relatedCoverage(query, all),
    sentences,
    best: sentences.reduce<SentenceMatch | null>(
      (best, match) => (best === null || match.score > best.score ? match : best),
      null,
    ),
  };
}

function matchSentences(
  ordinal: number,
  units: readonly ReadonlySet<number>[],
  header: ReadonlySet<number>,
  { index, query, vector, meanCosine, sentenceWeights }: MeasureOptions,
): SentenceMatch[] {
  const passage = index.passages[ordinal];
  const cosines = index.sentences.similarities(vector, ordinal);
  const coverage = coverageOf(query);
  const left = 1 - coverage((term) => header.has(term));
  return units.map((terms, at) => {
    const span = passage?.sentences[at];
    const text = span === undefined ? '' : (passage?.text.slice(span.start, span.end) ?? '');
    const isHeld = query.kind !== null && holds(text, terms, query.kind, { index, query });
    const isFigure = query.kind !== null && FIGURES.has(query.kind);
    const beyond = coverage((term) => terms.has(term) && !header.has(term));
    const match = {
      at,
      dense: Math.max(0, ((cosines[at] ?? 0) - meanCosine) / (1 - meanCosine)),
      coverage: coverage((term) => terms.has(term)),
      restCoverage: left <= 0 ? 0 : beyond / left,
      figure: Number(isHeld && isFigure),
      name: Number(isHeld && !isFigure),
      score: 0,
    };
    for (const name of SENTENCE_FEATURES) match.score += sentenceWeights[name] * match[name];
    return match;
  });
}

const FIGURES: ReadonlySet<AnswerKind> = new Set([
  'time',
  'clock',
  'duration',
  'money',
  'percentage',
  'amount',
]);

/** Whether a sentence holds the kind asked for, apart from what the question itself names. */
function holds(
  text: string,
  terms: ReadonlySet<number>,
  kind: AnswerKind,
  { index, query }: Pick<MeasureOptions, 'index' | 'query'>,
): boolean {
  if (kind !== 'person' && kind !== 'place') return holdsKind(text, kind);
  const names = kind === 'person' ? index.answerNames.persons : index.answerNames.places;
  // A corpus without front matter tells no names.
  if (names.size === 0) return holdsKind(text, kind);
  const asked = new Set(query.terms.map(({ termId }) => termId));
  for (const term of terms) if (names.has(term) && !asked.has(term)) return true;
  return false;
}

/** Share of the question's IDF mass whose terms are held. */
function coverageOf({ terms }: Query): (isHeld: (termId: number) => boolean) => number {
  const total = terms.reduce((sum, { idf, weight }) => sum + idf * weight, 0) || 1;
  return (isHeld) =>
    terms.reduce(
      (sum, { termId, idf, weight }) =>
        sum + (termId !== null && isHeld(termId) ? idf * weight : 0),
      0,
    ) / total;
}

function relatedCoverage({ terms }: Query, held: ReadonlySet<number>): number {
  let sum = 0;
  let total = 0;
  for (const { termId, idf, weight, related } of terms) {
    total += idf * weight;
    if (termId !== null && held.has(termId)) sum += idf * weight;
    else {
      const near = related.filter((other) => held.has(other.termId));
      sum += idf * weight * Math.max(0, ...near.map(({ similarity }) => similarity));
    }
  }
  return total === 0 ? 0 : sum / total;
}

/** Min–max scaling; a constant list scales to 0. */
function scaler(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return (value) => (span === 0 ? 0 : (value - low) / span);
}
