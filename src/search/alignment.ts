import type { TokenTable } from '../embedding/types.ts';
import { dot } from './vectors.ts';

/** Rows of similarities kept: the words of a few hundred questions. One row is 4 bytes a token of the model. */
const MOST_ROWS = 200;

/** A similarity that has not been worked out; those that have been are 0 or more. */
const UNKNOWN = -1;

interface Token {
  readonly vector: Float32Array;
  readonly length: number;
}

/**
 * A token table with what is worked out about it along the way: lengths of vectors, and the squared cosines
 * between tokens of questions and tokens of texts.
 */
export class TokenSpace {
  readonly table: TokenTable;
  readonly #tokens: Token[] = [];
  readonly #rows = new Map<number, Float32Array>();
  #rowLength = 0;

  constructor(table: TokenTable) {
    this.table = table;
  }

  get(tokenId: number): Token {
    const known = this.#tokens[tokenId];
    if (known !== undefined) return known;
    const vector = this.table.vector(tokenId);
    const token = { vector, length: Math.sqrt(dot(vector, vector)) };
    this.#tokens[tokenId] = token;
    return token;
  }

  /**
   * Squared cosines (below 0 counts as 0) of one token with those of a text, by token id.
   *
   * @param tokens - how many tokens there are, at least; a row is as long as the longest asked for
   */
  row(tokenId: number, tokens: number): Float32Array {
    if (tokens > this.#rowLength) {
      this.#rowLength = Math.max(tokens, 2 * this.#rowLength);
      this.#rows.clear();
    }
    const known = this.#rows.get(tokenId);
    if (known !== undefined) return known;
    const [oldest] = this.#rows.keys();
    if (this.#rows.size >= MOST_ROWS && oldest !== undefined) this.#rows.delete(oldest);
    const row = new Float32Array(this.#rowLength).fill(UNKNOWN);
    this.#rows.set(tokenId, row);
    return row;
  }

  similarity(a: number, b: number): number {
    if (a === b) return 1;
    const one = this.get(a);
    const other = this.get(b);
    const lengths = one.length * other.length;
    const cosine = lengths === 0 ? 0 : dot(one.vector, other.vector) / lengths;
    return cosine > 0 ? cosine * cosine : 0;
  }
}

/**
 * Soft token alignment: each token of the question is held against the token of a text that is nearest to it.
 * The score of a text is the mean of those cosines, squared (below 0 counts as 0), weighted by the length of the
 * question token's vector, which a static model learns to be large for telling words.
 */
export class Alignment {
  readonly #weights: Float32Array;
  readonly #totalWeight: number;
  /** One for each token of the question: squared cosines by text token. */
  readonly #rows: readonly Float32Array[];
  /** Dot product of the question's vector and each text token's, by text token. */
  readonly #dots: Float32Array;
  readonly #best = new Map<Uint32Array, Float32Array>();

  /**
   * @param question token ids of the question and its unit vector
   * @param texts token ids of every text that will be scored; the methods below take no others
   */
  constructor(
    space: TokenSpace,
    question: { readonly tokens: readonly number[]; readonly vector: Float32Array },
    texts: readonly Uint32Array[],
  ) {
    let tokens = 0;
    for (const text of texts) for (const token of text) if (token >= tokens) tokens = token + 1;
    const distinct = [...new Set(question.tokens)];
    this.#weights = Float32Array.from(distinct, (token) => space.get(token).length);
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0);
    const rows = distinct.map((token) => space.row(token, tokens));
    this.#rows = rows;
    this.#dots = new Float32Array(tokens);
    const seen = new Uint8Array(tokens);
    for (const text of texts) {
      for (const token of text) {
        if (seen[token] === 1) continue;
        seen[token] = 1;
        this.#dots[token] = dot(space.get(token).vector, question.vector);
        for (let at = 0; at < rows.length; at++) {
          const row = rows[at] as Float32Array;
          if (row[token] !== UNKNOWN) continue;
          row[token] = space.similarity(distinct[at] as number, token);
        }
      }
    }
  }

  /** The columns of a text's tokens, to be given to the methods below. */
  columnsOf(tokens: Uint32Array): Uint32Array {
    return tokens;
  }

  /** Best squared cosine of each question token with a text's, written into `best` where it is better. */
  raise(best: Float32Array, text: Uint32Array): void {
    const own = this.#bestOf(text);
    for (let at = 0; at < own.length; at++) {
      const value = own[at] as number;
      if (value > (best[at] as number)) best[at] = value;
    }
  }

  /** An empty list for {@link raise}. */
  none(): Float32Array {
    return new Float32Array(this.#weights.length);
  }

  /** Weighted mean of the best squared cosines, 0 to 1. */
  score(best: Float32Array): number {
    if (this.#totalWeight === 0) return 0;
    let sum = 0;
    for (let at = 0; at < best.length; at++) sum += (this.#weights[at] ?? 0) * (best[at] ?? 0);
    return sum / this.#totalWeight;
  }

  /** Cosine of the question and a text: `length` is that of the sum of the text's token vectors. */
  cosine(text: Uint32Array, length: number): number {
    if (length === 0) return 0;
    let sum = 0;
    for (const token of text) sum += this.#dots[token] as number;
    return sum / length;
  }

  /** Remembered: a sentence is scored alone and as a part of its passage. */
  #bestOf(text: Uint32Array): Float32Array {
    const known = this.#best.get(text);
    if (known !== undefined) return known;
    const best = new Float32Array(this.#rows.length);
    for (let at = 0; at < best.length; at++) {
      const row = this.#rows[at] as Float32Array;
      let highest = 0;
      for (const token of text) {
        const value = row[token] as number;
        if (value > highest) highest = value;
      }
      best[at] = highest;
    }
    this.#best.set(text, best);
    return best;
  }
}
