/**
 * Rows with one byte a dimension, compared with a vector in the memory of a WebAssembly kernel: all of them, or first by their
 * part in a few directions, by which most are told to be far.
 */
import { bufferOf } from './encoding.ts';
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

/** Vectors with one byte a dimension, one after the other. */
export interface ByteRows {
  /** By row. */
  readonly scales: Float32Array;
  readonly data: Int8Array;
}

export function restoredRow({ scales, data }: ByteRows, row: number, dimensions: number) {
  const scale = scales[row] ?? 0;
  const restored = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i += 1) {
    restored[i] = (data[row * dimensions + i] as number) * scale;
  }
  return restored;
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

/** Memory of the kernel: the vector, then the results, then rows, as many at a time as there is room for. */
const MOST_DIMENSIONS = 4096;
const RESULTS_AT = 4 * MOST_DIMENSIONS;
const ROWS_AT = 2 * RESULTS_AT;
const kernels = openKernels(128 * 1024);
const RESULTS = new Float32Array(kernels.buffer, RESULTS_AT, MOST_DIMENSIONS);
const ROWS = new Int8Array(kernels.buffer, ROWS_AT);

export function dotProducts(
  vector: Float32Array,
  data: Int8Array,
  rows: readonly number[],
): Float32Array {
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

/** Dimensions that the kernel `scan` reads at a time. */
const SCANNED_TOGETHER = 32;
/** Largest component of a vector of 16-bit numbers, below which sums of up to 2,048 dimensions fit 32 bits. */
const LARGEST_COMPONENT = 8191;
/** So many rows more than asked for: rounding to 16 bits may change the order of nearly equal ones. */
const SCAN_MARGIN = 16;

export function canScan(dimensions: number): boolean {
  return dimensions % SCANNED_TOGETHER === 0;
}

export type Scan = ReturnType<typeof openScan>;

/** Rows in the memory of a kernel of their own: the question's vector (i16), rows (i8), scales and results (f32). */
export function openScan(rows: ByteRows, dimensions: number) {
  const count = rows.scales.length;
  const rowsAt = 2 * dimensions;
  const scalesAt = rowsAt + rows.data.length;
  const resultsAt = scalesAt + 4 * count;
  const kernels = openKernels(resultsAt + 4 * count);
  const question = new Int16Array(kernels.buffer, 0, dimensions);
  const data = new Int8Array(kernels.buffer, rowsAt, rows.data.length);
  data.set(rows.data);
  const scales = new Float32Array(kernels.buffer, scalesAt, count);
  scales.set(rows.scales);
  /** By row; see {@link products}. */
  const results = new Float32Array(kernels.buffer, resultsAt, count);

  /** Works out the results of all rows, or of those given. Gives what to multiply them by to get dot products. */
  const products = (vector: Float32Array, of: readonly number[] | null = null): number => {
    const most = Math.min(LARGEST_COMPONENT, Math.floor(2 ** 31 / 127 / dimensions) - 1);
    const steps = most / (largestOf(vector) || 1);
    for (let i = 0; i < dimensions; i += 1) question[i] = Math.round((vector[i] as number) * steps);
    const scan = (row: number, length: number): void =>
      kernels.scan(
        rowsAt + row * dimensions,
        length,
        dimensions,
        scalesAt + 4 * row,
        resultsAt + 4 * row,
      );
    if (of === null) scan(0, count);
    else for (const row of of) scan(row, 1);
    return 1 / steps;
  };
  /** Calls `found` with each row whose result is above the least wanted one, in order. */
  const above = (least: () => number, found: (row: number, result: number) => void): void => {
    const end = resultsAt + 4 * count;
    for (let at = resultsAt; ; at += 4) {
      at = kernels.above(at, end, least());
      if (at >= end) return;
      const row = (at - resultsAt) / 4;
      found(row, results[row] as number);
    }
  };
  const offerAll = (top: TopK): void =>
    above(
      () => top.least,
      (row, result) => top.offer(row, result),
    );
  return {
    data,
    scales,
    products,
    above,
    offerAll,
    /** Rows, among them the `k` nearest: of all, or of those given. */
    near: (vector: Float32Array, k: number, of: readonly number[] | null = null): number[] => {
      products(vector, of);
      const top = new TopK(k + SCAN_MARGIN);
      if (of === null) offerAll(top);
      else for (const row of of) top.offer(row, results[row] as number);
      return top.best().map(({ ordinal }) => ordinal);
    },
    dots: (vector: Float32Array): Float32Array => {
      const unit = products(vector);
      return results.map((result) => result * unit);
    },
  };
}

/** Dimensions of a shortened row. */
const SHORT_DIMENSIONS = 128;

/** Each row's part in a few directions. */
export interface ShortenedRows {
  /** {@link SHORT_DIMENSIONS} of them, nearly unit vectors at right angles to each other. */
  readonly directions: ByteRows;
  readonly parts: ByteRows;
  /** Mean length of what the parts lack. */
  readonly lacking: number;
}

/** So many standard deviations of what a row's part leaves open may bring it among the nearest (recall: docs/scale.md). */
const DEVIATIONS = 4;
/** Standard deviation of what rounding parts to bytes changes. */
const ROUNDING = 0.002;

/** As `near` of a {@link Scan} of all rows: scans shortened rows, a third of the bytes, then the rows that may be near. */
export function shortenedScan(rows: Scan, { directions, parts, lacking }: ShortenedRows) {
  const dimensions = directions.data.length / SHORT_DIMENSIONS;
  const toPart = openScan(directions, dimensions);
  const short = openScan(parts, SHORT_DIMENSIONS);
  // What two vectors lack points anywhere in the other dimensions.
  const spread = lacking / Math.sqrt(dimensions - SHORT_DIMENSIONS);
  return (vector: Float32Array, k: number): number[] => {
    const part = toPart.dots(vector);
    const unit = short.products(part);
    const top = new TopK(k);
    short.offerAll(top);
    const deviation = Math.hypot(lengthLacking(part) * spread, ROUNDING);
    const least = top.least - (DEVIATIONS * deviation) / unit;
    const near: number[] = [];
    short.above(
      () => least,
      (row) => near.push(row),
    );
    return rows.near(vector, k, near);
  };
}

/** Length of what a part of a unit vector lacks. */
function lengthLacking(part: Float32Array): number {
  return Math.sqrt(Math.max(0, 1 - dot(part, part)));
}

/** From so many rows on, shortened ones save time. */
const SHORTENED_FROM = 30_000;

/**
 * Up to this many rows all are compared, and there is no graph. At 100,000 that takes half of the time that a graph takes for a
 * recall of .996, which grows less with the rows but takes two thirds of a build (docs/scale.md).
 */
export const EXACT_LIMIT = 300_000;

/** Rows that the directions are taken from. */
const SAMPLED_ROWS = 4096;
/** More hardly add to what the directions hold. */
const ROUNDS = 5;

/** The rows shortened to the directions in which they have most of their length; null for few rows, and for those with a graph. */
export function shortened(
  rows: ByteRows,
  dimensions: number,
  { from, to } = { from: SHORTENED_FROM, to: EXACT_LIMIT },
): ShortenedRows | null {
  const count = rows.scales.length;
  if (count < from || count > to || !canScan(dimensions) || dimensions <= SHORT_DIMENSIONS) {
    return null;
  }
  const directions = byteRows(mainDirections(rows, dimensions).map(quantise), dimensions);
  const scan = openScan(rows, dimensions);
  const along = Array.from({ length: SHORT_DIMENSIONS }, (_, at) =>
    scan.dots(restoredRow(directions, at, dimensions)),
  );
  let lacking = 0;
  const parts = Array.from({ length: count }, (_, row) => {
    const part = new Float32Array(SHORT_DIMENSIONS);
    along.forEach((values, at) => (part[at] = values[row] as number));
    lacking += lengthLacking(part) / count;
    return quantise(part);
  });
  return { directions, parts: byteRows(parts, SHORT_DIMENSIONS), lacking };
}

export function byteRows(vectors: readonly ByteVector[], dimensions: number): ByteRows {
  const data = new Int8Array(vectors.length * dimensions);
  vectors.forEach(({ values }, at) => data.set(values, at * dimensions));
  return { scales: Float32Array.from(vectors, ({ scale }) => scale), data };
}

/**
 * Unit vectors at right angles to each other, along which the rows have most of their length: the first eigenvectors of their
 * second moments, by orthogonal iteration (Golub and Van Loan, "Matrix Computations", section 8.2).
 */
function mainDirections({ scales, data }: ByteRows, dimensions: number): Float32Array[] {
  const sampled = Array.from({ length: SAMPLED_ROWS }, (_, at) => {
    const row = Math.floor((at * scales.length) / SAMPLED_ROWS);
    const values = data.subarray(row * dimensions, (row + 1) * dimensions);
    return { scale: scales[row] as number, values };
  });
  const sample = byteRows(sampled, dimensions);
  const turned = new Int8Array(sample.data.length);
  sampled.forEach(({ values }, at) => {
    values.forEach((value, i) => (turned[i * SAMPLED_ROWS + at] = value));
  });
  const rows = openScan(sample, dimensions);
  const columns = openScan(
    { scales: new Float32Array(dimensions).fill(1), data: turned },
    SAMPLED_ROWS,
  );
  // Any start will do that has something of every direction.
  let directions: Float32Array[] = Array.from({ length: SHORT_DIMENSIONS }, (_, at) =>
    Float32Array.from({ length: dimensions }, (_, i) => Math.sin((at + 1) * (i + 1) * (i + 2))),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    orthonormalise(directions);
    directions = directions.map((direction) => {
      const along = rows.dots(direction);
      return columns.dots(along.map((value, at) => value * (sample.scales[at] as number)));
    });
  }
  orthonormalise(directions);
  return directions;
}

/** In place; zeros where a vector depends on those before it. */
function orthonormalise(vectors: readonly Float32Array[]): void {
  vectors.forEach((vector, at) => {
    const before = Math.sqrt(dot(vector, vector));
    for (const other of vectors.slice(0, at)) {
      const along = dot(vector, other);
      for (let i = 0; i < vector.length; i += 1) {
        vector[i] = (vector[i] as number) - along * (other[i] as number);
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    const scale = length > 1e-4 * before ? 1 / length : 0;
    for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] as number) * scale;
  });
}
