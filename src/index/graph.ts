import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import hnswlib from 'hnswlib-node';
import { syncFile } from '../files.ts';
import { corrupt } from './manifest.ts';

export type Graph = hnswlib.HierarchicalNSW;

/** With these, recall@10 was .9997 at ef 100 on 100,000 × 256. */
const M = 16;
const EF_CONSTRUCTION = 200;
const SEED = 100;

const VECTORS_PER_TURN = 200;

/** Rows of one buffer, `dimensions` numbers each. */
export interface VectorTable {
  readonly data: Float32Array;
  readonly dimensions: number;
}

export function rowOf(table: VectorTable, ordinal: number): Float32Array {
  return table.data.subarray(ordinal * table.dimensions, (ordinal + 1) * table.dimensions);
}

/** Builds the graph over unit vectors, labelled by their ordinals, and puts it on the disk. */
export async function writeGraph(
  path: string,
  table: VectorTable,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const count = table.data.length / table.dimensions;
  const graph = new hnswlib.HierarchicalNSW('ip', table.dimensions);
  graph.initIndex({ maxElements: count, m: M, efConstruction: EF_CONSTRUCTION, randomSeed: SEED });
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    // The add-on takes plain arrays only.
    graph.addPoint(Array.from(rowOf(table, ordinal)), ordinal);
    if (ordinal % VECTORS_PER_TURN === 0) {
      onProgress(ordinal);
      await nextTurn();
    }
  }
  graph.writeIndexSync(path);
  await syncFile(path);
}

/**
 * @throws DragomanError `INDEX_CORRUPT` when the file is not a graph of `count` vectors of `dimensions`
 */
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
    throw corrupt(`${path} holds ${count} vectors where ${expected.count} were expected.`);
  }
  return graph;
}

/**
 * The file stores neither space nor dimensions, and the add-on would read past the vectors of a graph
 * of fewer. They follow from where label and vector stand in an element: 64-bit numbers at bytes 32
 * and 40 of the header.
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
    throw corrupt(`${path} holds vectors of ${found} numbers where ${dimensions} were expected.`);
  }
}
