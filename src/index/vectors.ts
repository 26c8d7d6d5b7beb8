/** Vectors of an index, with one byte a dimension, their HNSW graph, and the nearest of them. */
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HierarchicalNSW } from 'hnswlib-node';
import { DragomanError } from '../errors.ts';
import { syncFile } from '../files.ts';
import { pack, startsOf, unpack } from './encoding.ts';
import { corrupt } from './index-folder.ts';
import { TopK } from './postings.ts';
import {
  byteRows,
  canScan,
  dotProducts,
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
  const { data, dimensions } = table;
  const count = data.length / dimensions;
  const graph = await emptyGraph(dimensions);
  graph.initIndex({ maxElements: count, m: M, efConstruction: EF_CONSTRUCTION, randomSeed: SEED });
  for (let row = 0; row < count; row += 1) {
    // The add-on takes plain arrays only.
    graph.addPoint(Array.from(data.subarray(row * dimensions, (row + 1) * dimensions)), row);
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
  { count, dimensions }: { readonly count: number; readonly dimensions: number },
): Promise<Graph> {
  await checkHeader(path, dimensions);
  const graph = await emptyGraph(dimensions);
  await graph.readIndex(path).catch((cause: unknown) => {
    throw corrupt(`${path} cannot be read as an HNSW graph.`, cause);
  });
  const found = graph.getCurrentCount();
  if (found === count) return graph;
  throw corrupt(`Expected ${count} vectors in ${path}, found ${found}.`);
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
