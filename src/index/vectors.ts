/** Vectors of an index, with one byte a dimension, and the nearest of them. */
import type { HierarchicalNSW } from 'hnswlib-node';
import { DragomanError } from '../errors.ts';
import { bufferOf, pack, startsOf, unpack } from './encoding.ts';
import { openKernels, TopK } from './postings.ts';

/** A vector with one byte per dimension: `values` × `scale`. */
export interface ByteVector {
  readonly scale: number;
  readonly values: Int8Array;
}

/** Rounds to 127 steps of the largest component; the cosine to the original stays above .999. */
export function quantise(vector: Float32Array): ByteVector {
  const scale = largestOf(vector) / 127 || 1;
  // Not Int8Array.from with a function, which takes ten times as long.
  const values = new Int8Array(vector.length);
  for (let i = 0; i < vector.length; i += 1) values[i] = Math.round((vector[i] as number) / scale);
  return { scale, values };
}

function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Little endian, for each vector its scale (f32) and its values (i8). */
export function encodeVectors(vectors: readonly ByteVector[]): Buffer {
  return Buffer.concat(
    vectors.flatMap(({ scale, values }) => [bufferOf(Float32Array.of(scale)), bufferOf(values)]),
  );
}

/** Reads what {@link encodeVectors} wrote; the values are views of `bytes`. */
export function decodeVectors(bytes: Buffer, dimensions: number): ByteVector[] {
  const length = 4 + dimensions;
  return Array.from({ length: bytes.length / length }, (_, at) => ({
    scale: bytes.readFloatLE(at * length),
    values: new Int8Array(bytes.buffer, bytes.byteOffset + at * length + 4, dimensions),
  }));
}

interface ByteVectorFile {
  readonly header: { readonly dimensions: number };
  readonly arrays: ByteRows & {
    /** By group: its first row; one more at the end. A group is a passage, and its rows are its sentences. */
    readonly starts: Uint32Array;
  };
}

/** Vectors with one byte a dimension, one after the other. */
interface ByteRows {
  /** By row. */
  readonly scales: Float32Array;
  readonly data: Int8Array;
}

/** Packs groups of vectors. Read by {@link ByteVectors}. */
export function packVectors(
  groups: readonly (readonly ByteVector[])[],
  dimensions: number,
): Uint8Array {
  const vectors = groups.flat();
  const data = new Int8Array(vectors.length * dimensions);
  vectors.forEach(({ values }, at) => data.set(values, at * dimensions));
  const scales = Float32Array.from(vectors, ({ scale }) => scale);
  const starts = startsOf(groups.map(({ length }) => length));
  return pack({ header: { dimensions }, arrays: { starts, scales, data } });
}

/** Unit vectors with one byte a dimension, in groups. Reads what {@link packVectors} wrote. */
export class ByteVectors {
  readonly dimensions: number;
  readonly count: number;
  /** Some rows, among them the `k` nearest to a unit vector of all. */
  readonly near: (vector: Float32Array, k: number) => readonly number[];
  readonly #starts: Uint32Array;
  readonly #rows: ByteRows;

  /** @param isScanned whether all rows will be compared: then they are kept in the memory of a kernel */
  constructor(bytes: Uint8Array, isScanned = false) {
    const { header, arrays } = unpack(bytes) as unknown as ByteVectorFile;
    this.dimensions = header.dimensions;
    this.count = arrays.scales.length;
    if (!isScanned || this.dimensions % SCANNED_TOGETHER !== 0) {
      this.near = () => Array.from({ length: this.count }, (_, row) => row);
      this.#rows = arrays;
      this.#starts = arrays.starts;
      return;
    }
    const scan = openScan(arrays, this.dimensions);
    this.near = scan.near;
    this.#rows = scan;
    // A view would keep the whole file in memory, of which the kernel has a copy.
    this.#starts = arrays.starts.slice();
  }

  row(row: number): Float32Array {
    const { scales, data } = this.#rows;
    const values = data.subarray(row * this.dimensions, (row + 1) * this.dimensions);
    return Float32Array.from(values, (value) => value * (scales[row] ?? 0));
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

/** Dimensions that the kernel `scan` reads at a time. */
const SCANNED_TOGETHER = 32;
/** Largest component of a vector of 16-bit numbers, below which sums of up to 2,048 dimensions fit 32 bits. */
const LARGEST_COMPONENT = 8191;
/** So many rows more than asked for: rounding to 16 bits may change the order of nearly equal ones. */
const SCAN_MARGIN = 16;

/** Rows in the memory of a kernel of their own: the question's vector (i16), rows (i8), scales and results (f32). */
function openScan(rows: ByteRows, dimensions: number) {
  const count = rows.scales.length;
  const rowsAt = 2 * dimensions;
  const scalesAt = rowsAt + rows.data.length;
  const resultsAt = scalesAt + 4 * count;
  const end = resultsAt + 4 * count;
  const kernels = openKernels(end);
  const question = new Int16Array(kernels.buffer, 0, dimensions);
  const data = new Int8Array(kernels.buffer, rowsAt, rows.data.length);
  data.set(rows.data);
  const scales = new Float32Array(kernels.buffer, scalesAt, count);
  scales.set(rows.scales);
  const results = new Float32Array(kernels.buffer, resultsAt, count);
  const most = Math.min(LARGEST_COMPONENT, Math.floor(2 ** 31 / 127 / dimensions) - 1);
  return {
    data,
    scales,
    /** Rows, among them the `k` nearest. */
    near: (vector: Float32Array, k: number): number[] => {
      const steps = most / (largestOf(vector) || 1);
      for (let i = 0; i < dimensions; i += 1) {
        question[i] = Math.round((vector[i] as number) * steps);
      }
      kernels.scan(rowsAt, count, dimensions, scalesAt, resultsAt);
      const top = new TopK(k + SCAN_MARGIN);
      for (let at = resultsAt; ; at += 4) {
        at = kernels.above(at, end, top.least);
        if (at >= end) return top.best().map(({ ordinal }) => ordinal);
        const row = (at - resultsAt) / 4;
        top.offer(row, results[row] as number);
      }
    },
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

/** Dot product. Four sums take half the time of one, because additions to one sum wait for each other. */
export function dot(vector: Float32Array, other: Float32Array): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  const { length } = vector;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    first += (vector[i] as number) * (other[i] as number);
    second += (vector[i + 1] as number) * (other[i + 1] as number);
    third += (vector[i + 2] as number) * (other[i + 2] as number);
    fourth += (vector[i + 3] as number) * (other[i + 3] as number);
  }
  for (; i < length; i += 1) first += (vector[i] as number) * (other[i] as number);
  return first + second + third + fourth;
}

/** Rows of one buffer, `dimensions` numbers each. */
export interface VectorTable {
  readonly data: Float32Array;
  readonly dimensions: number;
}

/**
 * Up to this many rows all are compared, and there is no graph. At 100,000 that takes as long as a graph takes for a recall of
 * .996. A graph's time grows less with the rows, but it takes two thirds of a build (docs/scale.md).
 */
export const EXACT_LIMIT = 300_000;

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
