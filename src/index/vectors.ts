/** Vectors of an index, with one byte a dimension, and the nearest of them. */
import type { HierarchicalNSW } from 'hnswlib-node';
import { DragomanError } from '../errors.ts';
import { pack, startsOf, unpack } from './encoding.ts';
import { openKernels, TopK } from './postings.ts';
import {
  byteRows,
  canScan,
  openScan,
  restoredRow,
  shortenedScan,
  type ByteRows,
  type ByteVector,
  type ShortenedRows,
} from './scan.ts';

interface ByteVectorFile {
  readonly header: {
    readonly dimensions: number;
    /** Of {@link ShortenedRows}, if there are any. */
    readonly lacking?: number;
  };
  readonly arrays: ByteRows & {
    /** By group: its first row; one more at the end. A group is a passage, and its rows are its sentences. */
    readonly starts: Uint32Array;
    readonly directionScales?: Float32Array;
    readonly directionData?: Int8Array;
    readonly shortScales?: Float32Array;
    readonly shortData?: Int8Array;
  };
}

/**
 * Packs groups of vectors. Read by {@link ByteVectors}.
 *
 * @param shorten gives shortened rows, where there are to be any
 */
export function packVectors(
  groups: readonly (readonly ByteVector[])[],
  dimensions: number,
  shorten: (rows: ByteRows) => ShortenedRows | null = () => null,
): Uint8Array {
  const rows = byteRows(groups.flat(), dimensions);
  const arrays = { starts: startsOf(groups.map(({ length }) => length)), ...rows };
  const shortened = shorten(rows);
  if (shortened === null) return pack({ header: { dimensions }, arrays });
  const { directions, parts, lacking } = shortened;
  return pack({
    header: { dimensions, lacking },
    arrays: {
      ...arrays,
      ...{ directionScales: directions.scales, directionData: directions.data },
      ...{ shortScales: parts.scales, shortData: parts.data },
    },
  });
}

/** Unit vectors with one byte a dimension, in groups. Reads what {@link packVectors} wrote. */
export class ByteVectors {
  readonly dimensions: number;
  readonly count: number;
  /** Some rows, among them the `k` nearest to a unit vector of all; where rows are shortened, one may be missing. */
  readonly near: (vector: Float32Array, k: number) => readonly number[];
  readonly #starts: Uint32Array;
  readonly #rows: ByteRows;

  /** @param isScanned whether all rows will be compared: then they are kept in the memory of a kernel */
  constructor(bytes: Uint8Array, isScanned = false) {
    const { header, arrays } = unpack(bytes) as unknown as ByteVectorFile;
    this.dimensions = header.dimensions;
    this.count = arrays.scales.length;
    if (!isScanned || !canScan(this.dimensions)) {
      this.near = () => Array.from({ length: this.count }, (_, row) => row);
      this.#rows = arrays;
      this.#starts = arrays.starts;
      return;
    }
    const scan = openScan(arrays, this.dimensions);
    const shortened = shortenedOf({ header, arrays });
    this.near =
      shortened === null ? (vector, k) => scan.near(vector, k) : shortenedScan(scan, shortened);
    this.#rows = scan;
    // A view would keep the whole file in memory, of which the kernel has a copy.
    this.#starts = arrays.starts.slice();
  }

  row(row: number): Float32Array {
    return restoredRow(this.#rows, row, this.dimensions);
  }

  firstRow(group: number): number {
    return this.#starts[group] ?? 0;
  }

  /** The rows of a group, as they are stored. */
  group(group: number): ByteVector[] {
    const { scales, data } = this.#rows;
    const first = this.firstRow(group);
    const end = this.#starts[group + 1] ?? first;
    return Array.from(scales.subarray(first, end), (scale, at) => {
      const from = (first + at) * this.dimensions;
      return { scale, values: data.subarray(from, from + this.dimensions) };
    });
  }

  /** By group, the cosine of a unit vector with each of its rows, in order. */
  cosinesOf(vector: Float32Array, groups: readonly number[]): Float32Array[] {
    const rows: number[] = [];
    const ends = groups.map((group) => {
      const end = this.#starts[group + 1] ?? 0;
      for (let row = this.#starts[group] ?? end; row < end; row += 1) rows.push(row);
      return rows.length;
    });
    const cosines = this.cosinesWith(vector, rows);
    return ends.map((end, at) => cosines.subarray(ends[at - 1] ?? 0, end));
  }

  /** Cosine of a unit vector with each of these rows. */
  cosinesWith(vector: Float32Array, rows: readonly number[]): Float32Array {
    const { scales, data } = this.#rows;
    const cosines = dotProducts(vector, data, rows);
    for (let at = 0; at < rows.length; at += 1) {
      cosines[at] = (cosines[at] as number) * (scales[rows[at] as number] as number);
    }
    return cosines;
  }
}

function shortenedOf({ header, arrays }: ByteVectorFile): ShortenedRows | null {
  const { directionScales, directionData, shortScales, shortData } = arrays;
  if (!directionScales || !directionData || !shortScales || !shortData) return null;
  return {
    directions: { scales: directionScales, data: directionData },
    parts: { scales: shortScales, data: shortData },
    lacking: header.lacking ?? 1,
  };
}

/** Memory of the kernel: the vector, then the results, then rows, as many at a time as there is room for. */
const MOST_DIMENSIONS = 4096;
const RESULTS_AT = 4 * MOST_DIMENSIONS;
const ROWS_AT = 2 * RESULTS_AT;
const kernels = openKernels(128 * 1024);
const RESULTS = new Float32Array(kernels.buffer, RESULTS_AT, MOST_DIMENSIONS);
const ROWS = new Int8Array(kernels.buffer, ROWS_AT);

function dotProducts(vector: Float32Array, data: Int8Array, rows: readonly number[]): Float32Array {
  const { length } = vector;
  const products = new Float32Array(rows.length);
  if (length % 16 !== 0 || length > MOST_DIMENSIONS) {
    rows.forEach((row, at) => {
      let sum = 0;
      vector.forEach((value, i) => (sum += value * (data[row * length + i] as number)));
      products[at] = sum;
    });
    return products;
  }
  new Float32Array(kernels.buffer, 0, length).set(vector);
  const most = Math.min(RESULTS.length, Math.floor(ROWS.length / length));
  for (let start = 0; start < rows.length; start += most) {
    const end = Math.min(rows.length, start + most);
    // Rows that follow each other are copied together.
    for (let at = start, next = start; at < end; at = next) {
      const first = rows[at] as number;
      while (next < end && rows[next] === first + next - at) next += 1;
      const run = data.subarray(first * length, (first + next - at) * length);
      ROWS.set(run, (at - start) * length);
    }
    kernels.dots(ROWS_AT, end - start, length, RESULTS_AT);
    products.set(RESULTS.subarray(0, end - start), start);
  }
  return products;
}

/** Rows of one buffer, `dimensions` numbers each. */
export interface VectorTable {
  readonly data: Float32Array;
  readonly dimensions: number;
}

export type Graph = HierarchicalNSW;

export interface Neighbour {
  readonly ordinal: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** Length of the graph's candidate list: 400 finds .994 of the ten nearest of 100,000, and near copies fill a short one (docs/EXPERIMENTS.md). */
const MINIMAL_EF = 500;

/**
 * The rows nearest to a unit vector, most similar first, ties by row. At most `k`. The graph may miss one.
 *
 * @param allowed rows to choose from; these are compared one by one, because the graph's filter callback is slower and
 *   may find fewer than `k`
 * @throws DragomanError `MODEL` when the vector has other dimensions or a number that is not finite
 */
export function nearest(
  { vectors, graph }: { readonly vectors: ByteVectors; readonly graph: Graph | null },
  vector: Float32Array,
  k: number,
  allowed?: readonly number[],
): Neighbour[] {
  assertUsable(vector, vectors.dimensions);
  if (allowed !== undefined) return nearestOf(vectors, vector, k, allowed);
  if (graph === null) return nearestOf(vectors, vector, k, vectors.near(vector, k));
  graph.setEf(Math.max(2 * k, MINIMAL_EF));
  // The add-on throws when k exceeds the number of vectors.
  const found = graph.searchKnn(Array.from(vector), Math.min(k, graph.getCurrentCount()));
  return nearestOf(vectors, vector, k, found.neighbors);
}

export function nearestOf(
  vectors: ByteVectors,
  vector: Float32Array,
  k: number,
  rows: readonly number[],
): Neighbour[] {
  assertUsable(vector, vectors.dimensions);
  const cosines = vectors.cosinesWith(vector, rows);
  const top = new TopK(k);
  rows.forEach((row, at) => top.offer(row, cosines[at] as number));
  return top.best().map(({ ordinal, score }) => ({ ordinal, similarity: score }));
}

/** In native code a wrong length would read past the vectors, and a NaN would make every distance NaN. */
function assertUsable(vector: Float32Array, dimensions: number): void {
  if (vector.length === dimensions && vector.every(Number.isFinite)) return;
  throw new DragomanError(
    'MODEL',
    `Expected a vector of ${dimensions} finite numbers, found ${vector.length} numbers` +
      `${vector.length === dimensions ? ' with one that is not finite' : ''}.`,
  );
}
