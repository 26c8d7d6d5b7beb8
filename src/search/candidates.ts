import type { LexicalIndex } from '../index/lexical.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { dot } from '../index/vectors.ts';

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

/** How many passages each search contributes; recall of the right passage is .99 and more from 40 on. */
const CANDIDATES_PER_SEARCH = 40;

/** Rows asked of the vector search: expected questions of one passage take several. */
const NEAREST_ROWS = 80;

/** A related word at a similarity of 1 counts this much of the word itself. */
const RELATED_WEIGHT = 0.8;

/** The best passages by words and the best by vectors, together; each with both scores. */
export function findCandidates(
  index: SearchIndex,
  query: Query,
  vector: Float32Array,
  allowed: readonly number[] | null,
): Candidate[] {
  const terms = query.terms.flatMap(({ termId, weight, related }) => [
    ...(termId === null ? [] : [{ termId, weight }]),
    ...related.map((other) => ({
      termId: other.termId,
      weight: weight * RELATED_WEIGHT * other.similarity,
    })),
  ]);
  const mask = allowed === null ? null : maskOf(allowed, index.passages.length);
  const ordinals = new Set(
    index.lexical.search(terms, CANDIDATES_PER_SEARCH, mask).map(({ ordinal }) => ordinal),
  );
  const expected = new Map<number, number>();
  for (const neighbour of index.nearest(vector, NEAREST_ROWS, allowed)) {
    ordinals.add(neighbour.ordinal);
    if (neighbour.expected === null) continue;
    const known = expected.get(neighbour.ordinal) ?? 0;
    expected.set(neighbour.ordinal, Math.max(known, neighbour.similarity));
  }
  return [...ordinals].map((ordinal) => ({
    ordinal,
    lexical: lexicalScore(index.lexical, query, ordinal),
    dense: dot(vector, index.vector(ordinal)),
    expected: expected.get(ordinal) ?? 0,
  }));
}

/** A question's word counts once: by itself or by the best of the words related to it. */
function lexicalScore(lexical: LexicalIndex, { terms }: Query, ordinal: number): number {
  let score = 0;
  for (const { termId, weight, related } of terms) {
    let best = termId === null ? 0 : weight * lexical.idf(termId) * lexical.impact(termId, ordinal);
    for (const other of related) {
      const impact = lexical.idf(other.termId) * lexical.impact(other.termId, ordinal);
      best = Math.max(best, weight * RELATED_WEIGHT * other.similarity * impact);
    }
    score += best;
  }
  return score;
}

function maskOf(allowed: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const ordinal of allowed) mask[ordinal] = 1;
  return mask;
}
