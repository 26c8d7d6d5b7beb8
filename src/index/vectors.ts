/** Vectors of an index: with one byte a dimension, the HNSW graph over those of the passages, and the nearest of them. */
import type { HierarchicalNSW } from 'hnswlib-node';
import { pack, unpack, corrupt } from './segments.ts';
import { openKernels, TopK, type Kernels } from './postings.ts';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DragomanError } from '../errors.ts';
import { syncFile } from '../files.ts';

/** A vector with one byte per dimension: `values` × `scale`. */
export interface ByteVector {
  readonly scale: number;
  readonly values: Int8Array;
}

/** Rounds to 127 steps of the largest component; the cosine to the original stays above .999. */
export function quantise(vector: Float32Array): ByteVector {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 127 || 1;
  // Not Int8Array.from with a function, which takes ten times as long.
  const values = new Int8Array(vector.length);
  for (let i = 0; i < vector.length; i += 1) values[i] = Math.round((vector[i] as number) / scale);
  return { scale, values };
}

/** Vectors with one byte a dimension, one after the other. */
export interface ByteRows {
  /** By row. */
  readonly scales: Float32Array;
  readonly data: Int8Array;
}

/** Dimensions of a shortened row. */
export const SHORT_DIMENSIONS = 128;

/** Each row's part in a few directions, by which most rows are told to be far from a vector. */
export interface ShortenedRows {
  /** {@link SHORT_DIMENSIONS} of them, nearly unit vectors at right angles to each other. */
  readonly directions: ByteRows;
  readonly parts: ByteRows;
  /** Mean length of what the parts lack. */
  readonly lacking: number;
}

interface ByteVectorFile {
  readonly header: {
    readonly dimensions: number;
    /** Of {@link ShortenedRows}, if there are any. */
    readonly lacking?: number;
  };
  readonly arrays: {
    readonly scales: Float32Array;
    readonly data: Int8Array;
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
  const starts = new Uint32Array(groups.length + 1);
  groups.forEach((rows, i) => {
    starts[i + 1] = (starts[i] ?? 0) + rows.length;
  });
  const count = starts[groups.length] ?? 0;
  const scales = new Float32Array(count);
  const data = new Int8Array(count * dimensions);
  groups.forEach((rows, i) => {
    rows.forEach(({ scale, values }, at) => {
      const row = (starts[i] ?? 0) + at;
      scales[row] = scale;
      data.set(values, row * dimensions);
    });
  });
  const arrays = { starts, scales, data };
  const shortened = shorten(arrays);
  if (shortened === null) return pack({ header: { dimensions }, arrays });
  const { directions, parts, lacking } = shortened;
  const file: ByteVectorFile = {
    header: { dimensions, lacking },
    arrays: {
      ...arrays,
      ...{ directionScales: directions.scales, directionData: directions.data },
      ...{ shortScales: parts.scales, shortData: parts.data },
    },
  };
  return pack(file);
}

/** Unit vectors with one byte a dimension, in groups. Reads what {@link packVectors} wrote. */
export class ByteVectors {
  readonly dimensions: number;
  /** Number of rows. */
  readonly count: number;
  readonly #starts: Uint32Array;
  readonly #scales: Float32Array;
  readonly #data: Int8Array;
  readonly #scan: Scan | null;
  readonly #shortened: Shortened | null;

  /** @param isScanned whether all rows will be compared: then they are kept in the memory of a kernel */
  constructor(bytes: Uint8Array, isScanned = false) {
    const { header, arrays } = unpack(bytes) as ByteVectorFile;
    this.dimensions = header.dimensions;
    this.count = arrays.scales.length;
    const scanned = isScanned && Scan.takes(this.dimensions);
    this.#scan = scanned ? new Scan(arrays, this.dimensions) : null;
    this.#shortened = this.#scan === null ? null : Shortened.open(this.#scan, { header, arrays });
    const { scales, data } = this.#scan ?? arrays;
    [this.#scales, this.#data] = [scales, data];
    // A view would keep the whole file in memory, of which the kernel has a copy.
    this.#starts = scanned ? arrays.starts.slice() : arrays.starts;
  }

  /** Some rows, among them the `k` nearest to a unit vector of all; where rows are shortened, one may be missing. */
  near(vector: Float32Array, k: number): number[] {
    const scan = this.#shortened ?? this.#scan;
    return scan?.near(vector, k) ?? Array.from({ length: this.count }, (_, row) => row);
  }

  /** A row, restored. */
  row(row: number): Float32Array {
    return restore({ scales: this.#scales, data: this.#data }, row, this.dimensions);
  }

  firstRow(group: number): number {
    return this.#starts[group] ?? 0;
  }

  /** The rows of a group, as they are stored. */
  group(group: number): ByteVector[] {
    const first = this.#starts[group] ?? 0;
    const end = this.#starts[group + 1] ?? first;
    return Array.from({ length: end - first }, (_, at) => ({
      scale: this.#scales[first + at] ?? 0,
      values: this.#data.subarray(
        (first + at) * this.dimensions,
        (first + at + 1) * this.dimensions,
      ),
    }));
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
    const cosines = new Float32Array(rows.length);
    const products = dotProducts(vector, this.#data, rows);
    for (let at = 0; at < rows.length; at += 1) {
      cosines[at] = (products[at] as number) * (this.#scales[rows[at] as number] as number);
    }
    return cosines;
  }
}

function restore({ scales, data }: ByteRows, row: number, dimensions: number): Float32Array {
  const scale = scales[row] ?? 0;
  const restored = new Float32Array(dimensions);
  for (let i = 0; i < restored.length; i += 1) {
    restored[i] = (data[row * dimensions + i] as number) * scale;
  }
  return restored;
}

/** Dimensions that the kernel `scan` reads at a time. */
const SCANNED_TOGETHER = 32;
/** Largest component of a vector of 16-bit numbers, below which sums of up to 2,048 dimensions fit 32 bits. */
const LARGEST_COMPONENT = 8191;
/** So many rows more than asked for: rounding to 16 bits may change the order of nearly equal ones. */
const SCAN_MARGIN = 16;

/** Rows in the memory of a kernel of their own: the question's vector (i16), rows (i8), scales and results (f32). */
export class Scan {
  readonly data: Int8Array;
  readonly scales: Float32Array;
  readonly #dimensions: number;
  readonly #kernels: Kernels;
  readonly #question: Int16Array;
  /** By row; see {@link products}. */
  readonly results: Float32Array;

  static takes(dimensions: number): boolean {
    return dimensions % SCANNED_TOGETHER === 0;
  }

  constructor({ data, scales }: ByteRows, dimensions: number) {
    const rowsAt = 2 * dimensions;
    const scalesAt = rowsAt + data.length;
    const resultsAt = scalesAt + scales.byteLength;
    this.#dimensions = dimensions;
    this.#kernels = openKernels(resultsAt + scales.byteLength);
    const { buffer: memory } = this.#kernels;
    this.#question = new Int16Array(memory, 0, dimensions);
    this.data = new Int8Array(memory, rowsAt, data.length);
    this.data.set(data);
    this.scales = new Float32Array(memory, scalesAt, scales.length);
    this.scales.set(scales);
    this.results = new Float32Array(memory, resultsAt, scales.length);
  }

  /** Rows, among them the `k` nearest: of all, or of those given. */
  near(vector: Float32Array, k: number, rows: readonly number[] | null = null): number[] {
    this.products(vector, rows);
    const top = new TopK(k + SCAN_MARGIN);
    const offer = (row: number): void => top.offer(row, this.results[row] as number);
    if (rows === null) this.above(() => top.least, offer);
    else rows.forEach(offer);
    return top.best().map(({ ordinal }) => ordinal);
  }

  /** Works out the results of all rows, or of those given. Gives what to multiply them by to get dot products. */
  products(vector: Float32Array, rows: readonly number[] | null = null): number {
    let largest = 0;
    for (const value of vector) largest = Math.max(largest, Math.abs(value));
    const most = Math.min(LARGEST_COMPONENT, Math.floor(2 ** 31 / 127 / vector.length) - 1);
    const steps = most / (largest || 1);
    for (let i = 0; i < vector.length; i += 1) {
      this.#question[i] = Math.round((vector[i] as number) * steps);
    }
    const [dimensions, kernels] = [this.#dimensions, this.#kernels];
    const [rowsAt, scalesAt, to] = [this.data, this.scales, this.results].map(
      ({ byteOffset }) => byteOffset,
    ) as [number, number, number];
    if (rows === null) kernels.scan(rowsAt, this.scales.length, dimensions, scalesAt, to);
    else {
      for (const row of rows) {
        kernels.scan(rowsAt + row * dimensions, 1, dimensions, scalesAt + 4 * row, to + 4 * row);
      }
    }
    return 1 / steps;
  }

  /** Dot products with all rows. */
  dots(vector: Float32Array): Float32Array {
    const unit = this.products(vector);
    return this.results.map((result) => result * unit);
  }

  /** Calls `found` with each row whose result is above the least wanted one, in order. */
  above(least: () => number, found: (row: number, result: number) => void): void {
    const { byteOffset: from, byteLength } = this.results;
    const end = from + byteLength;
    for (let at = from; ; at += 4) {
      at = this.#kernels.above(at, end, least());
      if (at >= end) return;
      const row = (at - from) / 4;
      found(row, this.results[row] as number);
    }
  }
}

/** So many standard deviations of what a row's part leaves open may bring it among the nearest (recall: docs/scale.md). */
const DEVIATIONS = 4;
/** Standard deviation of what rounding parts to bytes changes. */
const ROUNDING = 0.002;

/** A scan of shortened rows, a third of the bytes, then of the rows that may be near. */
class Shortened {
  readonly #rows: Scan;
  readonly #directions: Scan;
  readonly #parts: Scan;
  readonly #lacking: number;

  private constructor(rows: Scan, { directions, parts, lacking }: ShortenedRows) {
    const dimensions = directions.data.length / SHORT_DIMENSIONS;
    this.#rows = rows;
    this.#directions = new Scan(directions, dimensions);
    this.#parts = new Scan(parts, SHORT_DIMENSIONS);
    // What two vectors lack points anywhere in the other dimensions.
    this.#lacking = lacking / Math.sqrt(dimensions - SHORT_DIMENSIONS);
  }

  /** Null where the file has no shortened rows. */
  static open(rows: Scan, { header, arrays }: ByteVectorFile): Shortened | null {
    const { directionScales, directionData, shortScales, shortData } = arrays;
    if (!directionScales || !directionData || !shortScales || !shortData) return null;
    return new Shortened(rows, {
      directions: { scales: directionScales, data: directionData },
      parts: { scales: shortScales, data: shortData },
      lacking: header.lacking ?? 1,
    });
  }

  near(vector: Float32Array, k: number): number[] {
    const part = this.#directions.dots(vector);
    const unit = this.#parts.products(part);
    const top = new TopK(k);
    this.#parts.above(
      () => top.least,
      (row, result) => top.offer(row, result),
    );
    const deviation = Math.hypot(lengthLacking(part) * this.#lacking, ROUNDING);
    const least = top.least - (DEVIATIONS * deviation) / unit;
    const rows: number[] = [];
    this.#parts.above(
      () => least,
      (row) => rows.push(row),
    );
    return this.#rows.near(vector, k, rows);
  }
}

/** Length of what a part of a unit vector lacks. */
export function lengthLacking(part: Float32Array): number {
  return Math.sqrt(Math.max(0, 1 - dot(part, part)));
}

/** Memory of the kernel: the vector, then the results, then rows, as many at a time as there is room for. */
const MOST_DIMENSIONS = 4096;
const RESULTS_AT = 4 * MOST_DIMENSIONS;
const ROWS_AT = 2 * RESULTS_AT;
const { buffer, dots } = openKernels(128 * 1024);
const RESULTS = new Float32Array(buffer, RESULTS_AT, MOST_DIMENSIONS);
const ROWS = new Int8Array(buffer, ROWS_AT);

function dotProducts(vector: Float32Array, data: Int8Array, rows: readonly number[]): Float32Array {
  const { length } = vector;
  const products = new Float32Array(rows.length);
  if (length % 16 !== 0 || length > MOST_DIMENSIONS) {
    rows.forEach((row, at) => (products[at] = dotProduct(vector, data, row * length)));
    return products;
  }
  new Float32Array(buffer, 0, length).set(vector);
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
    dots(ROWS_AT, end - start, length, RESULTS_AT);
    products.set(RESULTS.subarray(0, end - start), start);
  }
  return products;
}

function dotProduct(vector: Float32Array, data: Int8Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) {
    sum += (vector[i] as number) * (data[start + i] as number);
  }
  return sum;
}

/** Rows of one buffer, `dimensions` numbers each. */
export interface VectorTable {
  readonly data: Float32Array;
  readonly dimensions: number;
}

/** A view of one row. */
export function rowOf(table: VectorTable, row: number): Float32Array {
  return table.data.subarray(row * table.dimensions, (row + 1) * table.dimensions);
}

/**
 * Dot product of a vector with the numbers of another vector or a table from `start` on. Four sums take half the time
 * of one, because additions to one sum wait for each other.
 */
export function dot(vector: Float32Array, table: Float32Array, start = 0): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  const { length } = vector;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    first += (vector[i] as number) * (table[start + i] as number);
    second += (vector[i + 1] as number) * (table[start + i + 1] as number);
    third += (vector[i + 2] as number) * (table[start + i + 2] as number);
    fourth += (vector[i + 3] as number) * (table[start + i + 3] as number);
  }
  for (; i < length; i += 1) first += (vector[i] as number) * (table[start + i] as number);
  return first + second + third + fourth;
}

export type Graph = HierarchicalNSW;

/** Loaded by those who need it: a small index has no graph. */
async function emptyGraph(dimensions: number): Promise<Graph> {
  const { default: hnswlib } = await import('hnswlib-node');
  return new hnswlib.HierarchicalNSW('ip', dimensions);
}

/** HNSW parameters of hnswlib (recall: docs/EXPERIMENTS.md). */
const M = 16;
const EF_CONSTRUCTION = 100;
const SEED = 100;

const VECTORS_PER_TURN = 200;

/** Builds the graph over unit vectors, labelled by their rows, and writes it durably. */
export async function writeGraph(
  path: string,
  table: VectorTable,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const count = table.data.length / table.dimensions;
  const graph = await emptyGraph(table.dimensions);
  graph.initIndex({ maxElements: count, m: M, efConstruction: EF_CONSTRUCTION, randomSeed: SEED });
  for (let row = 0; row < count; row += 1) {
    // The add-on takes plain arrays only.
    graph.addPoint(Array.from(rowOf(table, row)), row);
    if (row % VECTORS_PER_TURN === 0) {
      onProgress(row);
      await nextTurn();
    }
  }
  graph.writeIndexSync(path);
  await syncFile(path);
}

/** @throws DragomanError `INDEX_CORRUPT` when the file is not a graph of `count` vectors of `dimensions` */
export async function readGraph(
  path: string,
  expected: { readonly count: number; readonly dimensions: number },
): Promise<Graph> {
  await checkHeader(path, expected.dimensions);
  const graph = await emptyGraph(expected.dimensions);
  try {
    await graph.readIndex(path);
  } catch (cause) {
    throw corrupt(`${path} cannot be read as an HNSW graph.`, cause);
  }
  const count = graph.getCurrentCount();
  if (count !== expected.count) {
    throw corrupt(`Expected ${expected.count} vectors in ${path}, found ${count}.`);
  }
  return graph;
}

/**
 * The file stores neither space nor dimensions, and with too few dimensions the add-on would read past the vectors. The
 * dimensions follow from the offsets of label and vector in an element: 64-bit numbers at bytes 32 and 40 of the header.
 */
async function checkHeader(path: string, dimensions: number): Promise<void> {
  const header = Buffer.alloc(96);
  const file = await open(path, 'r');
  try {
    await file.read(header, 0, header.length, 0);
  } finally {
    await file.close();
  }
  const found = Number(header.readBigUInt64LE(32) - header.readBigUInt64LE(40)) / 4;
  if (found !== dimensions) {
    throw corrupt(`Expected vectors of ${dimensions} numbers in ${path}, found ${found}.`);
  }
}

/** A row near a vector. */
export interface Neighbour {
  readonly ordinal: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** From so many rows on, shortened ones save time. */
export const SHORTENED_FROM = 30_000;

/**
 * Up to this many rows all are compared, and there is no graph. At 100,000 that takes half of the time that a graph takes for a
 * recall of .996, which grows less with the rows but takes two thirds of a build (docs/scale.md).
 */
export const EXACT_LIMIT = 300_000;

/** Length of the graph's candidate list: 400 finds .994 of the ten nearest of 100,000, and near copies fill a short one (docs/EXPERIMENTS.md). */
const MINIMAL_EF = 500;

export interface VectorIndex {
  readonly vectors: ByteVectors;
  /** Null for up to {@link EXACT_LIMIT} rows. */
  readonly graph: Graph | null;
}

/**
 * The rows nearest to a unit vector, most similar first, ties by row. At most `k`.
 *
 * @param allowed rows to choose from; these are compared one by one, because the graph's filter callback is slower and
 *   may find fewer than `k`
 * @throws DragomanError `MODEL` when the vector has other dimensions or a number that is not finite
 */
export function nearest(
  { vectors, graph }: VectorIndex,
  vector: Float32Array,
  k: number,
  allowed?: readonly number[],
): Neighbour[] {
  if (allowed !== undefined) return nearestOf(vectors, vector, k, allowed);
  if (graph !== null) return nearestByGraph({ vectors, graph }, vector, k);
  assertUsable(vector, vectors.dimensions);
  return nearestOf(vectors, vector, k, vectors.near(vector, k));
}

/** Uses the graph, which may miss a neighbour. The similarities are those of `nearestOf`. */
export function nearestByGraph(
  { vectors, graph }: { readonly vectors: ByteVectors; readonly graph: Graph },
  vector: Float32Array,
  k: number,
): Neighbour[] {
  assertUsable(vector, vectors.dimensions);
  if (k < 1) return [];
  graph.setEf(Math.max(2 * k, MINIMAL_EF));
  // The add-on throws when k exceeds the number of vectors.
  const found = graph.searchKnn(Array.from(vector), Math.min(k, graph.getCurrentCount()));
  return nearestOf(vectors, vector, k, found.neighbors);
}

/** The nearest of the given rows, all of which are compared. */
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
