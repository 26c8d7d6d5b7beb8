import type { TokenTable } from '../embedding/types.ts';

/** A token table with the vectors' lengths, each worked out once. */
export class TokenSpace {
  readonly table: TokenTable;
  readonly #known = new Map<number, { readonly vector: Float32Array; readonly length: number }>();

  constructor(table: TokenTable) {
    this.table = table;
  }

  get(tokenId: number): { readonly vector: Float32Array; readonly length: number } {
    const known = this.#known.get(tokenId);
    if (known !== undefined) return known;
    const vector = this.table.vector(tokenId);
    const entry = { vector, length: Math.sqrt(dot(vector, vector)) };
    this.#known.set(tokenId, entry);
    return entry;
  }
}

/**
 * Soft token alignment: each token of the question is held against the token of a text that is nearest to it.
 * The score of a text is the mean of those cosines, squared (below 0 counts as 0), weighted by the length of the
 * question token's vector, which a static model learns to be large for telling words.
 */
export class Alignment {
  readonly #weights: number[];
  readonly #local = new Map<number, number>();
  /** Squared cosines, one row a question token, one column a distinct text token. */
  readonly #rows: Float32Array[];
  readonly #totalWeight: number;

  /**
   * @param questionTokens token ids of the question
   * @param textTokens token ids of every text that will be scored
   */
  constructor(
    space: TokenSpace,
    questionTokens: readonly number[],
    textTokens: Iterable<Uint32Array>,
  ) {
    for (const tokens of textTokens) {
      for (const token of tokens) {
        if (!this.#local.has(token)) this.#local.set(token, this.#local.size);
      }
    }
    const distinct = [...new Set(questionTokens)];
    this.#weights = distinct.map((token) => space.get(token).length);
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0);
    this.#rows = distinct.map((token) => this.#row(space, token));
  }

  #row(space: TokenSpace, questionToken: number): Float32Array {
    const row = new Float32Array(this.#local.size);
    const question = space.get(questionToken);
    if (question.length === 0) return row;
    for (const [token, column] of this.#local) {
      if (token === questionToken) {
        row[column] = 1;
        continue;
      }
      const other = space.get(token);
      if (other.length === 0) continue;
      const cosine = dot(question.vector, other.vector) / (question.length * other.length);
      row[column] = cosine > 0 ? cosine * cosine : 0;
    }
    return row;
  }

  /** Best squared cosine of each question token over the texts together, to be given to {@link score}. */
  matches(texts: Iterable<Uint32Array>): Float32Array {
    const best = new Float32Array(this.#rows.length);
    for (const tokens of texts) {
      for (const token of tokens) {
        const column = this.#local.get(token);
        if (column === undefined) continue;
        for (let at = 0; at < best.length; at++) {
          const value = this.#rows[at]?.[column] ?? 0;
          if (value > (best[at] ?? 0)) best[at] = value;
        }
      }
    }
    return best;
  }

  /** Weighted mean of the matches, 0 to 1. */
  score(matches: Float32Array): number {
    if (this.#totalWeight === 0) return 0;
    let sum = 0;
    for (let at = 0; at < matches.length; at++) {
      sum += (this.#weights[at] ?? 0) * (matches[at] ?? 0);
    }
    return sum / this.#totalWeight;
  }
}

/** Four accumulators: the additions of one sum would wait for each other. */
export function dot(a: Float32Array, b: Float32Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = a.length & ~3;
  for (let at = 0; at < end; at += 4) {
    s0 += (a[at] as number) * (b[at] as number);
    s1 += (a[at + 1] as number) * (b[at + 1] as number);
    s2 += (a[at + 2] as number) * (b[at + 2] as number);
    s3 += (a[at + 3] as number) * (b[at + 3] as number);
  }
  for (let at = end; at < a.length; at++) s0 += (a[at] as number) * (b[at] as number);
  return s0 + s1 + s2 + s3;
}
