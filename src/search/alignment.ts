import type { TokenTable } from '../embedding/types.ts';
import { dot } from './vectors.ts';

/** Rows of similarities kept: the words of a few hundred questions. One row is 4 bytes a token of the model. */
const MOST_ROWS = 200;

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
  readonly #tokens = new Map<number, Token>();
  readonly #rows = new Map<number, SimilarityRow>();

  constructor(table: TokenTable) {
    this.table = table;
  }

  get(tokenId: number): Token {
    const known = this.#tokens.get(tokenId);
    if (known !== undefined) return known;
    const vector = this.table.vector(tokenId);
    const token = { vector, length: Math.sqrt(dot(vector, vector)) };
    this.#tokens.set(tokenId, token);
    return token;
  }

  /** Squared cosines (below 0 counts as 0) of one token with any other, filled in as they are asked for. */
  row(tokenId: number): SimilarityRow {
    const known = this.#rows.get(tokenId);
    if (known !== undefined) return known;
    const [oldest] = this.#rows.keys();
    if (this.#rows.size >= MOST_ROWS && oldest !== undefined) this.#rows.delete(oldest);
    const row = new SimilarityRow(this, tokenId);
    this.#rows.set(tokenId, row);
    return row;
  }
}

class SimilarityRow {
  readonly #space: TokenSpace;
  readonly #token: Token;
  readonly #tokenId: number;
  readonly #values = new Map<number, number>();

  constructor(space: TokenSpace, tokenId: number) {
    this.#space = space;
    this.#tokenId = tokenId;
    this.#token = space.get(tokenId);
  }

  with(tokenId: number): number {
    const known = this.#values.get(tokenId);
    if (known !== undefined) return known;
    const other = this.#space.get(tokenId);
    const lengths = this.#token.length * other.length;
    const cosine = lengths === 0 ? 0 : dot(this.#token.vector, other.vector) / lengths;
    const value = tokenId === this.#tokenId ? 1 : cosine > 0 ? cosine * cosine : 0;
    this.#values.set(tokenId, value);
    return value;
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
  /** Text token → column of the values below. */
  readonly #columns = new Map<number, number>();
  /** Column by column, one value for each token of the question. */
  readonly #values: Float32Array;
  /** Dot product of the question's vector and each text token's. */
  readonly #dots: Float32Array;

  /**
   * @param question token ids of the question and its unit vector
   * @param texts token ids of every text that will be scored
   */
  constructor(
    space: TokenSpace,
    question: { readonly tokens: readonly number[]; readonly vector: Float32Array },
    texts: Iterable<Uint32Array>,
  ) {
    for (const tokens of texts) {
      for (const token of tokens) {
        if (!this.#columns.has(token)) this.#columns.set(token, this.#columns.size);
      }
    }
    const distinct = [...new Set(question.tokens)];
    this.#weights = Float32Array.from(distinct, (token) => space.get(token).length);
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0);
    const rows = distinct.map((token) => space.row(token));
    this.#values = new Float32Array(rows.length * this.#columns.size);
    this.#dots = new Float32Array(this.#columns.size);
    for (const [token, column] of this.#columns) {
      rows.forEach((row, at) => {
        this.#values[column * rows.length + at] = row.with(token);
      });
      this.#dots[column] = dot(space.get(token).vector, question.vector);
    }
  }

  /** The columns of a text's tokens, to be given to the methods below. */
  columnsOf(tokens: Uint32Array): Uint32Array {
    return tokens.map((token) => this.#columns.get(token) ?? 0);
  }

  /** Best squared cosine of each question token over some columns, written into `best` where it is better. */
  raise(best: Float32Array, columns: Uint32Array): void {
    const count = this.#weights.length;
    for (const column of columns) {
      const from = column * count;
      for (let at = 0; at < count; at++) {
        const value = this.#values[from + at] as number;
        if (value > (best[at] as number)) best[at] = value;
      }
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
  cosine(columns: Uint32Array, length: number): number {
    if (length === 0) return 0;
    let sum = 0;
    for (const column of columns) sum += this.#dots[column] as number;
    return sum / length;
  }
}
