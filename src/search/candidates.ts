import type { LexicalIndex } from '../index/lexical.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';

/** A passage that may hold the answer, with its two first-stage scores. */
export interface Candidate {
  readonly ordinal: number;
  /** BM25, 0 or more. */
  readonly lexical: number;
  /** The same, where a word may be replaced by one that means nearly the same. */
  readonly expanded: number;
  /** Cosine with the question, -1 to 1. */
  readonly dense: number;
}

/**
 * How many of each kind go on to the second stage. On the development questions the right passage is among the
 * 40 + 40 in all but one of 183; more candidates cost time in proportion.
 */
export const CANDIDATES_OF_A_KIND = 40;

/** A related word at a cosine of 1 would count this much of the word itself. */
const RELATED_WEIGHT = 0.8;

/** The best by words and the best by meaning, together; each with both scores. */
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
  const dense = new Map(
    index
      .nearest(vector, CANDIDATES_OF_A_KIND, allowed)
      .map(({ ordinal, similarity }) => [ordinal, similarity]),
  );
  const ordinals = new Set([
    ...index.lexical.search(terms, CANDIDATES_OF_A_KIND, mask).map(({ ordinal }) => ordinal),
    ...dense.keys(),
  ]);
  return [...ordinals].map((ordinal) => ({
    ordinal,
    ...lexicalScores(index.lexical, query, ordinal),
    dense: dense.get(ordinal) ?? index.similarity(vector, ordinal),
  }));
}

/** A question's word counts once: by itself or by the best of the words related to it. */
function lexicalScores(
  lexical: LexicalIndex,
  { terms }: Query,
  ordinal: number,
): { lexical: number; expanded: number } {
  let plain = 0;
  let expanded = 0;
  for (const { termId, weight, related } of terms) {
    const own =
      termId === null ? 0 : weight * lexical.idf(termId) * lexical.impact(termId, ordinal);
    let best = own;
    for (const other of related) {
      const score = lexical.idf(other.termId) * lexical.impact(other.termId, ordinal);
      best = Math.max(best, weight * RELATED_WEIGHT * other.similarity * score);
    }
    plain += own;
    expanded += best;
  }
  return { lexical: plain, expanded };
}

function maskOf(allowed: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const ordinal of allowed) mask[ordinal] = 1;
  return mask;
}
