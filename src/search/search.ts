import type { Embedder } from '../embedding/model.ts';
import { findCandidates, type Candidate } from './candidates.ts';
import {
  FEATURE_NAMES,
  measure,
  type Features,
  type Measured,
  type MeasureOptions,
  type SentenceWeights,
} from './features.ts';
import { readQuestion, type Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { RANKING_WEIGHTS, SENTENCE_WEIGHTS } from './weights.ts';

/** A candidate with its final score. */
export interface Ranked extends Measured {
  readonly score: number;
}

export interface SearchResult {
  readonly query: Query;
  readonly vector: Float32Array;
  /** Best first; ties by ordinal. */
  readonly ranked: readonly Ranked[];
  readonly embedMs: number;
}

export type RankingWeights = Readonly<Record<keyof Features, number>>;

export interface SearchOptions {
  readonly index: SearchIndex;
  readonly embedder: Embedder;
  /** Ordinals to choose from; null for all. */
  readonly allowed?: readonly number[] | null;
  /** Ids of the meetings that the question speaks of. */
  readonly focus?: readonly string[];
  readonly weights?: RankingWeights;
  readonly sentenceWeights?: SentenceWeights;
}

/** Ranks the passages for a question: candidates by words and by vectors, then a weighted sum of features. */
export async function search(question: string, options: SearchOptions): Promise<SearchResult> {
  const {
    index,
    embedder,
    allowed = null,
    focus = [],
    weights = RANKING_WEIGHTS,
    sentenceWeights = SENTENCE_WEIGHTS,
  } = options;
  const query = readQuestion(question, index);
  const started = performance.now();
  const [vector] = await embedder.embedQuestions([query.correctedText]);
  const embedMs = performance.now() - started;
  if (vector === undefined) throw new Error('The embedder gave no vector.');
  const candidates = findCandidates(index, query, vector, allowed);
  const ranked = rank(candidates, { index, query, vector, focus, weights, sentenceWeights });
  return { query, vector, ranked, embedMs };
}

/** Candidates by the weighted sum of their features, best first. */
export function rank(
  candidates: readonly Candidate[],
  { weights, ...options }: MeasureOptions & { readonly weights: RankingWeights },
): Ranked[] {
  return measure(candidates, options)
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate.features, weights) }))
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
}

export function scoreOf(features: Features, weights: RankingWeights): number {
  return FEATURE_NAMES.reduce((sum, name) => sum + weights[name] * features[name], 0);
}
