/** Unit vectors with one byte a dimension, packed in groups, and their cosines with a question's vector. */
import { pack, unpack } from './file-formats.ts';
import { openKernels } from './kernels.ts';

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

interface ByteVectorFile {
  readonly header: { readonly dimensions: number };
  readonly arrays: {
    /** By row. */
    readonly scales: Float32Array;
    readonly data: Int8Array;
    /** By group: its first row; one more at the end. A group is a passage, and its rows are its sentences. */
    readonly starts: Uint32Array;
  };
}

/** Packs groups of vectors. Read by {@link ByteVectors}. */
export function packVectors(
  groups: readonly (readonly ByteVector[])[],
  dimensions: number,
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
  const file: ByteVectorFile = { header: { dimensions }, arrays: { starts, scales, data } };
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

  constructor(bytes: Uint8Array) {
    const { header, arrays } = unpack(bytes) as ByteVectorFile;
    this.dimensions = header.dimensions;
    this.count = arrays.scales.length;
    this.#starts = arrays.starts;
    this.#scales = arrays.scales;
    this.#data = arrays.data;
  }

  /** A row, restored. */
  row(row: number): Float32Array {
    const scale = this.#scales[row] ?? 0;
    const start = row * this.dimensions;
    const restored = new Float32Array(this.dimensions);
    for (let i = 0; i < restored.length; i += 1) {
      restored[i] = (this.#data[start + i] as number) * scale;
    }
    return restored;
  }

  /** Cosine of a unit vector with each row of a group, in order. */
  cosines(vector: Float32Array, group: number): Float32Array {
    const first = this.#starts[group] ?? 0;
    const end = this.#starts[group + 1] ?? first;
    return this.cosinesWith(
      vector,
      Array.from({ length: end - first }, (_, at) => first + at),
    );
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
