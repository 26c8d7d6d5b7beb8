/** Vectors of an index: tables of unit vectors, the HNSW graph over those of the passages, and the nearest of them. */
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import hnswlib from 'hnswlib-node';
import { DragomanError } from '../errors.ts';
import { syncFile } from '../files.ts';
import type { ByteVectors } from './byte-vectors.ts';
import { corrupt } from './file-formats.ts';
import { TopK } from './postings.ts';

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

export type Graph = hnswlib.HierarchicalNSW;

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

/** Up to this many rows, comparing all of them is as fast as the graph, and exact; there is no graph then. */
export const EXACT_LIMIT = 1000;

/** Length of the graph's candidate list. With the default of 10, near copies of one passage fill it (docs/EXPERIMENTS.md). */
const MINIMAL_EF = 200;

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
  return nearestOf(
    vectors,
    vector,
    k,
    Array.from({ length: vectors.count }, (_, row) => row),
  );
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
