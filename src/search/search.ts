import type { Embedder } from '../embedding/types.ts';
import { findCandidates, type Candidate } from './candidates.ts';
import {
  examine,
  FEATURE_NAMES,
  type Examined,
  type ExamineOptions,
  type Features,
} from './features.ts';
import { readQuestion, type Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import type { SentenceWeights } from './sentence-match.ts';
import { RANKING_WEIGHTS, SENTENCE_WEIGHTS } from './weights.ts';

/** A candidate with its final score. */
export interface Ranked extends Examined {
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
  readonly weights?: RankingWeights;
  readonly sentenceWeights?: SentenceWeights;
}

/** Ranks the passages for a question: candidates by words and by meaning, then the second stage. */
export async function search(question: string, options: SearchOptions): Promise<SearchResult> {
  const {
    index,
    embedder,
    allowed = null,
    weights = RANKING_WEIGHTS,
    sentenceWeights = SENTENCE_WEIGHTS,
  } = options;
  const query = readQuestion(question, index);
  const started = performance.now();
  const vector = await embedder.embedQuestion(query.mendedText);
  const embedMs = performance.now() - started;
  const candidates = findCandidates(index, query, vector, allowed);
  const ranked = rank(candidates, { index, query, weights, sentenceWeights });
  return { query, vector, ranked, embedMs };
}

/** The second stage: candidates by their features, best first. */
export function rank(
  candidates: readonly Candidate[],
  { weights, ...options }: ExamineOptions & { readonly weights: RankingWeights },
): Ranked[] {
  return examine(candidates, options)
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate.features, weights) }))
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
}

export function scoreOf(features: Features, weights: RankingWeights): number {
  return FEATURE_NAMES.reduce((sum, name) => sum + weights[name] * features[name], 0);
}
