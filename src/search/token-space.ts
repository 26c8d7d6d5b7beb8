import type { TokenTable } from '../embedding/types.ts';
import { dot, dotAt } from './vectors.ts';

/** Memory for rows of cosines: with the tour's corpus, some thousand different words of questions. */
const MOST_ROW_BYTES = 32 << 20;

/** Stands for a cosine that has not been worked out. */
const UNKNOWN = 2;

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
  /** By column: a vector of length 1, or of zeros; one after the other, because they are read by the thousand. */
  #units = new Float32Array();
  #dimensions = 0;
  /** By column: length of the vector as the table has it. */
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

  length(column: number): number {
    return this.#lengths[column] as number;
  }

  /**
   * Cosines of a question's token with others, by their columns; {@link UNKNOWN} where none has been worked out, which
   * {@link fill} does. Good until the next column is added.
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

  /** Works out what is unknown in a column's row, for the columns given. */
  fill(row: Float32Array, column: number, others: Uint32Array): void {
    const units = this.#units;
    const size = this.#dimensions;
    for (const other of others) {
      if (row[other] !== UNKNOWN) continue;
      row[other] = dotAt(units, column * size, units, other * size, size);
    }
  }

  #add(tokenId: number): number {
    const column = this.#count;
    this.#count += 1;
    if (tokenId >= this.#columns.length) {
      const longer = new Uint32Array(Math.max(tokenId + 1, 2 * this.#columns.length));
      longer.set(this.#columns);
      this.#columns = longer;
    }
    const vector = this.table.vector(tokenId);
    this.#dimensions = vector.length;
    if (column >= this.#capacity) {
      this.#capacity *= 2;
      const longer = new Float64Array(this.#capacity);
      longer.set(this.#lengths);
      this.#lengths = longer;
    }
    if (this.#units.length < this.#capacity * vector.length) {
      const longer = new Float32Array(this.#capacity * vector.length);
      longer.set(this.#units);
      this.#units = longer;
    }
    const length = Math.sqrt(dot(vector, vector));
    this.#lengths[column] = length;
    const unit = length > 0 ? vector.map((value) => value / length) : vector;
    this.#units.set(unit, column * vector.length);
    this.#columns[tokenId] = column + 1;
    return column;
  }
}
