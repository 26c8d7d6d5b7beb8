import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';

/** A passage that may hold the answer, with its two first-stage scores. */
export interface Candidate {
  readonly ordinal: number;
  /** BM25, 0 or more. */
  readonly lexical: number;
  /** Cosine with the question, -1 to 1. */
  readonly dense: number;
}

/**
 * How many of each kind go on to the second stage. On the development questions the right passage is among the
 * 40 + 40 in all but a few; more candidates cost time in proportion.
 */
export const CANDIDATES_OF_A_KIND = 40;

/** The best by words and the best by meaning, together; each with both scores. */
export function findCandidates(
  index: SearchIndex,
  query: Query,
  vector: Float32Array,
  allowed: readonly number[] | null,
): Candidate[] {
  const terms = query.terms.flatMap(({ termId, weight }) =>
    termId === null ? [] : [{ termId, weight }],
  );
  const mask = allowed === null ? null : maskOf(allowed, index.passages.length);
  const lexical = new Map(
    index.lexical
      .search(terms, CANDIDATES_OF_A_KIND, mask)
      .map(({ ordinal, score }) => [ordinal, score]),
  );
  const dense = new Map(
    index
      .nearest(vector, CANDIDATES_OF_A_KIND, allowed)
      .map(({ ordinal, similarity }) => [ordinal, similarity]),
  );
  const ordinals = new Set([...lexical.keys(), ...dense.keys()]);
  return [...ordinals].map((ordinal) => ({
    ordinal,
    lexical:
      lexical.get(ordinal) ??
      terms.reduce(
        (sum, { termId, weight }) =>
          sum + weight * index.lexical.idf(termId) * index.lexical.impact(termId, ordinal),
        0,
      ),
    dense: dense.get(ordinal) ?? index.similarity(vector, ordinal),
  }));
}

function maskOf(allowed: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const ordinal of allowed) mask[ordinal] = 1;
  return mask;
}
