import type { TokenTable } from '../embedding/types.ts';
import { dot } from './vectors.ts';

/** Memory for rows of similarities: with the tour's corpus, the words of about two thousand questions. */
const MOST_ROW_BYTES = 32 << 20;

/** A similarity that has not been worked out; those that have been are 0 or more. */
const UNKNOWN = -1;

const FIRST_CAPACITY = 1024;

/**
 * A token table with what is worked out about it along the way: lengths of vectors, and the squared cosines
 * between tokens of questions and tokens of texts. Of a large vocabulary a corpus uses a small part, so tokens
 * are numbered anew, by columns, in the order in which they are met.
 */
export class TokenSpace {
  readonly table: TokenTable;
  /** By token id: column + 1, or 0 for a token not met yet. */
  #columns = new Uint32Array(FIRST_CAPACITY);
  #count = 0;
  #capacity = FIRST_CAPACITY;
  /** By column. */
  readonly #vectors: Float32Array[] = [];
  #lengths = new Float64Array(FIRST_CAPACITY);
  readonly #columnsOf = new WeakMap<Uint32Array, Uint32Array>();
  /** By the column of a question's token, least recently used first. */
  readonly #rows = new Map<number, Float32Array>();

  constructor(table: TokenTable) {
    this.table = table;
  }

  /** How many columns there are so far. */
  get count(): number {
    return this.#count;
  }

  column(tokenId: number): number {
    const known = this.#columns[tokenId] ?? 0;
    return known > 0 ? known - 1 : this.#add(tokenId);
  }

  /** The columns of a text's tokens; remembered for as long as the text is. */
  columns(tokenIds: Uint32Array): Uint32Array {
    const known = this.#columnsOf.get(tokenIds);
    if (known !== undefined) return known;
    const columns = new Uint32Array(tokenIds.length);
    this.#columnsOf.set(tokenIds, columns);
    for (let at = 0; at < columns.length; at++) columns[at] = this.column(tokenIds[at] as number);
    return columns;
  }

  /** A token's raw vector and its length. */
  get(tokenId: number): { readonly vector: Float32Array; readonly length: number } {
    const column = this.column(tokenId);
    return { vector: this.vector(column), length: this.length(column) };
  }

  vector(column: number): Float32Array {
    return this.#vectors[column] as Float32Array;
  }

  length(column: number): number {
    return this.#lengths[column] as number;
  }

  /**
   * Squared cosines (below 0 counts as 0) of a question's token with others, by their columns; where one is
   * unknown, {@link similarity} has to be asked and its answer put there. Good until the next column is added.
   */
  row(column: number): Float32Array {
    let row = this.#rows.get(column);
    if (row?.length !== this.#capacity) {
      const longer = new Float32Array(this.#capacity).fill(UNKNOWN);
      if (row !== undefined) longer.set(row);
      row = longer;
    }
    this.#rows.delete(column);
    this.#rows.set(column, row);
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size * row.byteLength <= MOST_ROW_BYTES) break;
      this.#rows.delete(oldest);
    }
    return row;
  }

  similarity(a: number, b: number): number {
    if (a === b) return 1;
    const lengths = this.length(a) * this.length(b);
    const cosine = lengths === 0 ? 0 : dot(this.vector(a), this.vector(b)) / lengths;
    return cosine > 0 ? cosine * cosine : 0;
  }

  #add(tokenId: number): number {
    const column = this.#count;
    this.#count += 1;
    if (tokenId >= this.#columns.length) {
      const longer = new Uint32Array(Math.max(tokenId + 1, 2 * this.#columns.length));
      longer.set(this.#columns);
      this.#columns = longer;
    }
    if (column >= this.#capacity) {
      this.#capacity *= 2;
      const longer = new Float64Array(this.#capacity);
      longer.set(this.#lengths);
      this.#lengths = longer;
    }
    const vector = this.table.vector(tokenId);
    this.#vectors.push(vector);
    this.#lengths[column] = Math.sqrt(dot(vector, vector));
    this.#columns[tokenId] = column + 1;
    return column;
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
  /** One for each token of the question: squared cosines by column. */
  readonly #rows: readonly Float32Array[];
  /** Dot product of the question's vector and each token's, by column. */
  readonly #dots: Float32Array;
  readonly #columns: ReadonlyMap<Uint32Array, Uint32Array>;
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
    const own = [...new Set(question.tokens)].map((token) => space.column(token));
    this.#columns = new Map(texts.map((text) => [text, space.columns(text)] as const));
    this.#weights = Float32Array.from(own, (column) => space.length(column));
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0);
    const rows = own.map((column) => space.row(column));
    this.#rows = rows;
    const dots = new Float32Array(space.count);
    this.#dots = dots;
    const met = distinct(this.#columns.values(), space.count);
    for (const column of met) dots[column] = dot(space.vector(column), question.vector);
    rows.forEach((row, at) => {
      for (const column of met) {
        if (row[column] === UNKNOWN) row[column] = space.similarity(own[at] as number, column);
      }
    });
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

  /** The score of one text alone. */
  of(text: Uint32Array): number {
    return this.score(this.#bestOf(text));
  }

  /** The score of a text on what another one, its header, leaves open. 0 when nothing is left. */
  beyond(text: Uint32Array, header: Uint32Array): number {
    const own = this.#bestOf(text);
    const given = this.#bestOf(header);
    let sum = 0;
    let total = 0;
    for (let at = 0; at < own.length; at++) {
      const weight = (this.#weights[at] ?? 0) * (1 - (given[at] ?? 0));
      sum += weight * (own[at] ?? 0);
      total += weight;
    }
    return total === 0 ? 0 : sum / total;
  }

  /** Cosine of the question and a text: `length` is that of the sum of the text's token vectors. */
  cosine(text: Uint32Array, length: number): number {
    if (length === 0) return 0;
    let sum = 0;
    for (const column of this.#columnsOf(text)) sum += this.#dots[column] as number;
    return sum / length;
  }

  /** Remembered: a sentence is scored alone and as a part of its passage. */
  #bestOf(text: Uint32Array): Float32Array {
    const known = this.#best.get(text);
    if (known !== undefined) return known;
    const columns = this.#columnsOf(text);
    const best = new Float32Array(this.#rows.length);
    for (let at = 0; at < best.length; at++) {
      const row = this.#rows[at] as Float32Array;
      let highest = 0;
      for (const column of columns) {
        const value = row[column] as number;
        if (value > highest) highest = value;
      }
      best[at] = highest;
    }
    this.#best.set(text, best);
    return best;
  }

  #columnsOf(text: Uint32Array): Uint32Array {
    const columns = this.#columns.get(text);
    if (columns === undefined) throw new Error('A text to align was not announced.');
    return columns;
  }
}

/** Each column once, ascending: rows are then read from front to back. */
function distinct(texts: Iterable<Uint32Array>, count: number): Uint32Array {
  const seen = new Uint8Array(count);
  let left = 0;
  for (const columns of texts) {
    for (const column of columns) {
      left += 1 - (seen[column] as number);
      seen[column] = 1;
    }
  }
  const each = new Uint32Array(left);
  for (let column = count - 1; left > 0; column--) if (seen[column] === 1) each[--left] = column;
  return each;
}
