/** Vectors of an index: unit vectors of passages, the HNSW graph over them, the nearest of them, and vectors of sentences. */
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import hnswlib from 'hnswlib-node';
import { DragomanError } from '../errors.ts';
import { syncFile } from '../files.ts';
import { corrupt, pack, unpack } from './file-formats.ts';
import { TopK } from './lexical.ts';

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

/** Mean of the first `rows` rows of unit vectors; its dot product with a unit vector is their mean cosine. */
export function meanOf(table: Float32Array, rows: number, dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) {
      mean[i] = (mean[i] as number) + (table[row * dimensions + i] as number) / rows;
    }
  }
  return mean;
}

export type Graph = hnswlib.HierarchicalNSW;

/** HNSW parameters of hnswlib (recall: docs/EXPERIMENTS.md). */
const M = 16;
const EF_CONSTRUCTION = 200;
const SEED = 100;

const VECTORS_PER_TURN = 200;

/** Builds the graph over unit vectors, labelled by their rows, and writes it durably. */
export async function writeGraph(
  path: string,
  table: VectorTable,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const count = table.data.length / table.dimensions;
  const graph = new hnswlib.HierarchicalNSW('ip', table.dimensions);
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
  const graph = new hnswlib.HierarchicalNSW('ip', expected.dimensions);
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

/** Up to this many rows, comparing all of them is as fast as the graph, and exact. */
export const EXACT_LIMIT = 300;

/** Length of the graph's candidate list. With the default of 10, near copies of one passage fill it (docs/EXPERIMENTS.md). */
const MINIMAL_EF = 400;

export interface VectorIndex {
  readonly vectors: VectorTable;
  readonly graph: Graph;
}

/**
 * The rows nearest to a unit vector, most similar first, ties by row. At most `k`.
 *
 * @param allowed rows to choose from; these are compared one by one, because the graph's filter callback is slower and
 *   may find fewer than `k`
 * @throws DragomanError `MODEL` when the vector has other dimensions or a number that is not finite
 */
export function nearest(
  index: VectorIndex,
  vector: Float32Array,
  k: number,
  allowed?: Iterable<number>,
): Neighbour[] {
  const count = index.vectors.data.length / index.vectors.dimensions;
  if (allowed !== undefined) return nearestExactly(index, vector, k, allowed);
  if (count > EXACT_LIMIT) return nearestByGraph(index, vector, k);
  return nearestExactly(index, vector, k, Array(count).keys());
}

/** Uses the graph, which may miss a neighbour. The similarities are those of `nearestExactly`. */
export function nearestByGraph(index: VectorIndex, vector: Float32Array, k: number): Neighbour[] {
  assertUsable(vector, index.vectors.dimensions);
  if (k < 1) return [];
  const { graph } = index;
  graph.setEf(Math.max(2 * k, MINIMAL_EF));
  // The add-on throws when k exceeds the number of vectors.
  const found = graph.searchKnn(Array.from(vector), Math.min(k, graph.getCurrentCount()));
  return nearestExactly(index, vector, k, found.neighbors);
}

/** Compares all the given rows. */
export function nearestExactly(
  { vectors }: Pick<VectorIndex, 'vectors'>,
  vector: Float32Array,
  k: number,
  rows: Iterable<number>,
): Neighbour[] {
  assertUsable(vector, vectors.dimensions);
  const top = new TopK(k);
  for (const row of rows) top.offer(row, dot(vector, vectors.data, row * vectors.dimensions));
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

/** A vector with one byte per dimension: `values` × `scale`. */
export interface Int8Vector {
  readonly scale: number;
  readonly values: Int8Array;
}

/** Rounds to 127 steps of the largest component; the cosine to the original stays above .999. */
export function quantise(vector: Float32Array): Int8Vector {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 127 || 1;
  return { scale, values: Int8Array.from(vector, (value) => Math.round(value / scale)) };
}

interface SentenceFile {
  readonly header: { readonly dimensions: number };
  readonly arrays: {
    /** By passage: its first sentence. */
    readonly starts: Uint32Array;
    /** By sentence. */
    readonly scales: Float32Array;
    readonly data: Int8Array;
  };
}

/** Packs the sentence vectors of all passages, in order. Read by {@link SentenceVectors}. */
export function packSentences(
  passages: readonly (readonly Int8Vector[])[],
  dimensions: number,
): Uint8Array {
  const starts = new Uint32Array(passages.length + 1);
  passages.forEach((sentences, i) => {
    starts[i + 1] = (starts[i] ?? 0) + sentences.length;
  });
  const all = passages.flat();
  const data = new Int8Array(all.length * dimensions);
  all.forEach(({ values }, i) => data.set(values, i * dimensions));
  const scales = Float32Array.from(all, ({ scale }) => scale);
  const file: SentenceFile = { header: { dimensions }, arrays: { starts, scales, data } };
  return pack(file);
}

/** Reads what {@link packSentences} wrote. */
export class SentenceVectors {
  readonly #dimensions: number;
  readonly #starts: Uint32Array;
  readonly #scales: Float32Array;
  readonly #data: Int8Array;

  constructor(bytes: Uint8Array) {
    const { header, arrays } = unpack(bytes) as SentenceFile;
    this.#dimensions = header.dimensions;
    this.#starts = arrays.starts;
    this.#scales = arrays.scales;
    this.#data = arrays.data;
  }

  /** Cosine of a unit vector with each sentence of a passage, in order. */
  similarities(vector: Float32Array, ordinal: number): Float32Array {
    const first = this.#starts[ordinal] ?? 0;
    const end = this.#starts[ordinal + 1] ?? first;
    const cosines = new Float32Array(end - first);
    const data = this.#data;
    const dimensions = this.#dimensions;
    for (let sentence = first; sentence < end; sentence++) {
      const offset = sentence * dimensions;
      let sum = 0;
      for (let i = 0; i < dimensions; i++) {
        sum += (vector[i] as number) * (data[offset + i] as number);
      }
      cosines[sentence - first] = sum * (this.#scales[sentence] as number);
    }
    return cosines;
  }
}
