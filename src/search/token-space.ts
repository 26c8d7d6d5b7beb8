import type { TokenTable } from '../embedding/types.ts';
import { dot } from './vectors.ts';

/** Memory for rows of similarities: with the tour's corpus, the words of about two thousand questions. */
const MOST_ROW_BYTES = 32 << 20;

/** Stands for a cosine that has not been worked out. */
export const UNKNOWN = 2;

const FIRST_CAPACITY = 1024;

/**
 * A token table with what is worked out about it along the way: lengths of vectors, and the cosines
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
   * Cosines of a question's token with others, by their columns; where one is {@link UNKNOWN}, {@link cosine} has to be asked and its answer put there. Good until the next column is added.
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

  cosine(a: number, b: number): number {
    const lengths = this.length(a) * this.length(b);
    return lengths === 0 ? 0 : dot(this.vector(a), this.vector(b)) / lengths;
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
