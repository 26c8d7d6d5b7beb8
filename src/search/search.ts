import {
  type Candidate,
  FEATURE_NAMES,
  type Features,
  type MeasureOptions,
  type Measured,
  type SentenceWeights,
  measure,
  read,
} from './features.ts';
import learned from './weights.json' with { type: 'json' };
import type { Embedder, PassageText, ReadingHead } from '../embedding/model.ts';
import { passageText } from '../index/embed.ts';
import { type Query, readQuestion } from './query.ts';
import type { SearchIndex, WantedVectors } from './search-index.ts';
import type { LexicalIndex } from '../index/lexical.ts';

export type RankingWeights = Readonly<Record<keyof Features, number>>;

/** Passages are found by words and vectors; where that leaves doubt, the first of them are read with the question too. */
export type Stage = 'found' | 'read';

export interface Weights {
  readonly ranking: RankingWeights;
  /** By which the sentences of one passage are ordered. */
  readonly sentence: SentenceWeights;
}

/** Learned on the development questions; weights.json names the command. */
export const LEARNED_WEIGHTS: Readonly<Record<Stage, Weights>> = learned;

/** A candidate with its final score. */
export interface Ranked extends Measured {
  readonly score: number;
}

export interface SearchResult {
  /** With the vectors that the question needs in memory. */
  readonly index: SearchIndex;
  readonly query: Query;
  readonly vector: Float32Array;
  /** Vectors of the question after earlier layers. */
  readonly layers: readonly Float32Array[];
  readonly stage: Stage;
  /** Best first; ties by ordinal. */
  readonly ranked: readonly Ranked[];
  /** Of the encoder, all passes together. */
  readonly embedMs: number;
}

type SearchEmbedder = Pick<Embedder, 'digest' | 'embedQuestion' | 'embedPassages' | 'head'>;

export interface SearchOptions {
  readonly index: SearchIndex;
  /** Also while it opens: what comes before is done meanwhile. */
  readonly embedder: SearchEmbedder | Promise<SearchEmbedder>;
  /** Ordinals to choose from; null for all. */
  readonly allowed?: readonly number[] | null;
  /** Ids of the meetings that the question speaks of. */
  readonly focus?: readonly string[];
  /** Ordinals of passages that are looked at after the search. */
  readonly further?: readonly number[];
  readonly weights?: Weights;
}

/** Ranks the passages for a question: candidates by words and by vectors, then a weighted sum of features. */
export async function search(question: string, options: SearchOptions): Promise<SearchResult> {
  const { allowed = null, focus = [], further = [], weights = LEARNED_WEIGHTS.found } = options;
  const query = readQuestion(question, options.index);
  const embedder = await options.embedder;
  const started = performance.now();
  const { question: vector, layers } = await embedder.embedQuestion(query.correctedText);
  const embedMs = performance.now() - started;
  const index = await withVectors(options.index, query, { vector, allowed, further });
  const candidates = findCandidates(index, query, vector, allowed);
  const ranked = rank(candidates, { index, query, vector, focus, weights });
  return { index, query, vector, layers, stage: 'found', ranked, embedMs };
}

/** So many of the best passages are read: of 98 in 100 questions one that answers is among them. */
const READ = 3;

/**
 * Reads the first passages with the question in their header, and orders them anew. A model that sees a question and a passage
 * together tells more than by two vectors (a cross-encoder, Nogueira and Cho 2019, https://arxiv.org/abs/1901.04085), and takes a
 * pass a passage. Null when the model has not learned to.
 */
export async function readFirst(
  result: SearchResult,
  options: { readonly embedder: SearchOptions['embedder']; readonly weights?: Weights },
): Promise<SearchResult | null> {
  const { index, query } = result;
  const { weights = LEARNED_WEIGHTS.read } = options;
  const embedder = await options.embedder;
  const { head } = embedder;
  if (head === null) return null;
  const first = result.ranked.slice(0, READ);
  const started = performance.now();
  const vectors = await embedder.embedPassages(
    first.map(({ ordinal }) => textToRead(index, ordinal, query.correctedText)),
    { isAsked: true },
  );
  const embedMs = result.embedMs + performance.now() - started;
  const candidates = result.ranked.map((candidate, at) => {
    const logOdds = vectors[at]?.sentences.map((sentence) => logOddsOf(sentence, head)) ?? [];
    return read(candidate, logOdds, { index, query, sentenceWeights: weights.sentence });
  });
  return { ...result, stage: 'read', ranked: scored(candidates, weights.ranking), embedMs };
}

/** As in training: `reading_start` in tools/model/fine_tune.py. */
function textToRead(index: SearchIndex, ordinal: number, question: string): PassageText {
  const { header, sentences } = passageText(index.passage(ordinal), index.document(ordinal).title);
  return { header: `query: ${question} passage: ${header}`, sentences };
}

function logOddsOf(sentence: Float32Array, { weights, bias }: ReadingHead): number {
  return sentence.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias);
}

/** Candidates by the weighted sum of their features, best first. */
export function rank(
  candidates: readonly Candidate[],
  { weights, ...options }: Omit<MeasureOptions, 'sentenceWeights'> & { readonly weights: Weights },
): Ranked[] {
  const measured = measure(candidates, { ...options, sentenceWeights: weights.sentence });
  return scored(measured, weights.ranking);
}

function scored(candidates: readonly Measured[], weights: RankingWeights): Ranked[] {
  return candidates
    .map(({ ordinal, lexical, dense, expected, features, sentences, best }) => {
      const score = scoreOf(features, weights);
      return { ordinal, lexical, dense, expected, features, sentences, best, score };
    })
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
}

export function scoreOf(features: Features, weights: RankingWeights): number {
  return FEATURE_NAMES.reduce((sum, name) => sum + weights[name] * features[name], 0);
}

/** How many passages each search contributes; recall of the right passage is .99 and more from 40 on. */
const CANDIDATES_PER_SEARCH = 40;

/** Rows asked of the vector search: expected questions of one passage take several. */
const NEAREST_ROWS = 80;

/** A related word at a similarity of 1 counts this much of the word itself. */
const RELATED_WEIGHT = 0.8;

/** The index with the vectors that a question needs, where not all are in memory. */
async function withVectors(
  index: SearchIndex,
  query: Query,
  wanted: Omit<WantedVectors, 'rows'>,
): Promise<SearchIndex> {
  if (index.bring === null) return index;
  const further = [...wordsCandidates(index, query, wanted.allowed), ...wanted.further];
  const brought = await index.bring({ ...wanted, rows: NEAREST_ROWS, further });
  return { ...index, ...brought, bring: null };
}

/** Ordinals of the best passages by words. */
function wordsCandidates(
  index: SearchIndex,
  query: Query,
  allowed: readonly number[] | null,
): number[] {
  const terms = standIns(query).flat();
  const mask = allowed === null ? null : maskOf(allowed, index.passages.length);
  return index.lexical.search(terms, CANDIDATES_PER_SEARCH, mask).map(({ ordinal }) => ordinal);
}

/** Of each word of a question the terms that a passage may have of it: itself and those related to it. */
function standIns({ terms }: Query): { readonly termId: number; readonly weight: number }[][] {
  return terms.map(({ termId, weight, related }) => [
    ...(termId === null ? [] : [{ termId, weight }]),
    ...related.map((other) => ({
      termId: other.termId,
      weight: weight * RELATED_WEIGHT * other.similarity,
    })),
  ]);
}

/** The best passages by words and the best by vectors, together; each with both scores. */
export function findCandidates(
  index: SearchIndex,
  query: Query,
  vector: Float32Array,
  allowed: readonly number[] | null,
): Candidate[] {
  const ordinals = new Set(wordsCandidates(index, query, allowed));
  const expected = new Map<number, number>();
  const near = new Set<number>();
  for (const neighbour of index.nearest(vector, NEAREST_ROWS, allowed)) {
    if (near.size < CANDIDATES_PER_SEARCH) near.add(neighbour.ordinal);
    if (!near.has(neighbour.ordinal)) continue;
    ordinals.add(neighbour.ordinal);
    if (neighbour.expected === null) continue;
    const known = expected.get(neighbour.ordinal) ?? 0;
    expected.set(neighbour.ordinal, Math.max(known, neighbour.similarity));
  }
  const scoreOfWords = wordScorer(index.lexical, query);
  const found = [...ordinals];
  const cosines = index.cosines(vector, found);
  return found.map((ordinal, at) => ({
    ordinal,
    lexical: scoreOfWords(ordinal),
    dense: cosines[at] ?? 0,
    expected: expected.get(ordinal) ?? 0,
  }));
}

/** A question's word counts once: by itself or by the best of the words related to it. */
function wordScorer(lexical: LexicalIndex, query: Query): (ordinal: number) => number {
  const words = standIns(query).map((uses) =>
    uses.map(({ termId, weight }) => ({ termId, factor: weight * lexical.idf(termId) })),
  );
  return (ordinal) => {
    let score = 0;
    for (const uses of words) {
      let best = 0;
      for (const { termId, factor } of uses) {
        best = Math.max(best, factor * lexical.impact(termId, ordinal));
      }
      score += best;
    }
    return score;
  };
}

function maskOf(allowed: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const ordinal of allowed) mask[ordinal] = 1;
  return mask;
}
