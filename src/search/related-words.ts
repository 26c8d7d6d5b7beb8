import type { LexicalIndex } from '../index/lexical.ts';
import type { TokenTable } from '../embedding/types.ts';
import { dot } from './vectors.ts';

/** A term of the corpus that means nearly what a word of the question means. */
export interface RelatedTerm {
  readonly termId: number;
  /** Cosine of the two words, {@link NEAR_ENOUGH} to 1. */
  readonly similarity: number;
}

/** Below this cosine, words merely keep company: "meal" and "food" (0.29) but also "meal" and "abroad" (0.21). */
const NEAR_ENOUGH = 0.4;
const MOST_RELATED = 5;

/** Words of the corpus that are compared: the most frequent ones, which bounds time and memory. */
const MOST_WORDS = 20_000;
const REMEMBERED = 5000;

/**
 * For a word of a question, the terms of the corpus with nearly its meaning: "tremor" finds "earthquake". Only for
 * static models, whose word vectors can be compared one by one.
 */
export class RelatedWords {
  readonly #table: TokenTable;
  readonly #termIds: Uint32Array;
  readonly #vectors: readonly (Float32Array | null)[];
  readonly #known = new Map<string, readonly RelatedTerm[]>();

  constructor(table: TokenTable, lexical: LexicalIndex) {
    this.#table = table;
    const surfaces = lexical.surfaces
      .filter(({ word }) => word.length > 2 && !/\d/.test(word))
      .sort((a, b) => b.count - a.count)
      .slice(0, MOST_WORDS);
    this.#termIds = Uint32Array.from(surfaces, ({ termId }) => termId);
    this.#vectors = surfaces.map(({ word }) => this.#vectorOf(word));
  }

  /** Nearest first; without the word's own term. */
  to(folded: string, own: number | null): readonly RelatedTerm[] {
    const known = this.#known.get(folded);
    if (known !== undefined) return known;
    const related = this.#find(folded, own);
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(folded, related);
    return related;
  }

  #find(folded: string, own: number | null): RelatedTerm[] {
    const vector = this.#vectorOf(folded);
    if (vector === null) return [];
    const best = new Map<number, number>();
    this.#vectors.forEach((other, at) => {
      const termId = this.#termIds[at];
      if (other === null || termId === undefined || termId === own) return;
      const similarity = dot(vector, other);
      if (similarity < NEAR_ENOUGH) return;
      best.set(termId, Math.max(best.get(termId) ?? 0, similarity));
    });
    return [...best]
      .map(([termId, similarity]) => ({ termId, similarity }))
      .sort((a, b) => b.similarity - a.similarity || a.termId - b.termId)
      .slice(0, MOST_RELATED);
  }

  /** Unit vector of a word that is a single token; pieces of words mean nothing by themselves. */
  #vectorOf(word: string): Float32Array | null {
    const tokens = this.#table.tokenise(word);
    const [token] = tokens;
    if (tokens.length !== 1 || token === undefined) return null;
    const vector = this.#table.vector(token);
    const length = Math.sqrt(dot(vector, vector));
    return length === 0 ? null : vector.map((value) => value / length);
  }
}
