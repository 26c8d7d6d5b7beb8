/**
 * Vectors of generations that are too large for the memory of a bot: HNSW in the database finds the rows nearest to a
 * question, and the vectors of the candidates are fetched for the second stage.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from '../index/file-formats.ts';
import { GENERATION_FILES, loadFolder, type Manifest } from '../index/generation.ts';
import { dot } from '../index/vectors.ts';
import {
  openSearchIndex,
  type Neighbour,
  type VectorAccess,
  type WantedVectors,
} from '../search/search-index.ts';
import type { Connection } from './database.ts';

/** Rows written by one statement. */
const ROWS = 200;
/** As with the graph in memory; recall and speed: docs/scale.md. */
const HNSW = 'm = 16, ef_construction = 100';

/**
 * Writes the vectors of a generation into a table of their own, with their index: a row per passage, with its sentences,
 * then a row per expected question. The table is part of the transaction.
 */
export async function writeVectors(
  connection: Connection,
  { folder, manifest, number }: { folder: string; manifest: Manifest; number: number },
): Promise<void> {
  const { dimensions } = manifest.model;
  const table = tableOf(number);
  await connection.query(
    `create table ${table} (row integer primary key, passage integer not null,
       embedding halfvec(${dimensions}) not null, bytes bytea not null)`,
  );
  await connection.query(`alter table ${table} alter column bytes set storage external`);
  const index = openSearchIndex(await loadFolder(folder));
  const sentences = await readSentences(join(folder, GENERATION_FILES.sentences));
  const { passages, expected } = manifest.counts;
  for (let first = 0; first < passages + expected; first += ROWS) {
    const rows = Array.from(
      { length: Math.min(ROWS, passages + expected - first) },
      (_, at) => first + at,
    );
    await connection.query(
      `insert into ${table} select * from unnest($1::int[], $2::int[], $3::halfvec[], $4::bytea[])`,
      [
        rows,
        rows.map((row) =>
          row < passages ? row : (index.units.expectedPassages[row - passages] ?? 0),
        ),
        rows.map((row) => vectorText(index.vector(row))),
        rows.map((row) => encodeVectors(index.vector(row), row < passages ? sentences(row) : [])),
      ],
    );
  }
  await connection.query(
    `create index on ${table} using hnsw (embedding halfvec_ip_ops) with (${HNSW})`,
  );
  await connection.query(`create index on ${table} (passage)`);
}

export async function dropVectors(connection: Connection, number: number): Promise<void> {
  await connection.query(`drop table if exists ${tableOf(number)}`);
}

/**
 * Finds the nearest rows and fetches the vectors of the candidates, by one statement each.
 *
 * @param count number of passages
 * @throws DragomanError `DATABASE`
 */
export async function bringVectors(
  connection: Connection,
  { number, count }: { readonly number: number; readonly count: number },
  { vector, rows, allowed, further }: WantedVectors,
): Promise<VectorAccess> {
  const table = tableOf(number);
  const near = await connection.query<{ row: number; passage: number }>(
    allowed === null
      ? `select row, passage from ${table} order by embedding <#> $1::halfvec limit $2`
      : // All of them are compared: the index would look at others first, and find fewer.
        `with chosen as materialized (select row, passage, embedding from ${table} where passage = any($3))
         select row, passage from chosen order by embedding <#> $1::halfvec limit $2`,
    [vectorText(vector), rows, ...(allowed === null ? [] : [allowed])],
  );
  const wanted = new Set([...near.flatMap(({ row, passage }) => [row, passage]), ...further]);
  const found = await connection.query<{ row: number; bytes: Buffer }>(
    `select row, bytes from ${table} where row = any($1)`,
    [[...wanted]],
  );
  const brought = new Map(
    found.map(({ row, bytes }) => [row, decodeVectors(bytes, vector.length)]),
  );
  const vectorsOf = (row: number): Vectors => {
    const vectors = brought.get(row);
    if (vectors === undefined) throw new Error(`The vectors of row ${row} were not brought.`);
    return vectors;
  };
  const neighbours: Neighbour[] = near
    .map(({ row, passage }) => ({
      ordinal: passage,
      expected: row < count ? null : row - count,
      similarity: dot(vector, vectorsOf(row).own),
    }))
    .sort((a, b) => b.similarity - a.similarity || a.ordinal - b.ordinal);
  return {
    nearest: (_, k, only) =>
      neighbours.filter(({ ordinal }) => only === null || only.includes(ordinal)).slice(0, k),
    vector: (ordinal) => vectorsOf(ordinal).own,
    cosines: (question, ordinals) =>
      Float32Array.from(ordinals, (ordinal) => dot(question, vectorsOf(ordinal).own)),
    sentences: {
      cosines: (question, ordinal) =>
        Float32Array.from(
          vectorsOf(ordinal).sentences,
          ({ scale, values }) => dot(question, Float32Array.from(values)) * scale,
        ),
    },
  };
}

/** One byte a dimension: `values` × `scale`. */
interface SentenceVector {
  readonly scale: number;
  readonly values: Int8Array;
}

interface Vectors {
  readonly own: Float32Array;
  readonly sentences: readonly SentenceVector[];
}

/** Little endian: the row's own vector (f32), then for each sentence its scale (f32) and its values (i8). */
function encodeVectors(own: Float32Array, sentences: readonly SentenceVector[]): Buffer {
  const parts = [Buffer.from(own.buffer, own.byteOffset, own.byteLength)];
  for (const { scale, values } of sentences) {
    parts.push(
      Buffer.from(Float32Array.of(scale).buffer),
      Buffer.from(values.buffer, values.byteOffset, values.byteLength),
    );
  }
  return Buffer.concat(parts);
}

function decodeVectors(bytes: Buffer, dimensions: number): Vectors {
  const start = dimensions * Float32Array.BYTES_PER_ELEMENT;
  // A copy, because the driver's buffers start anywhere, and floats must not.
  const own = new Float32Array(Uint8Array.from(bytes.subarray(0, start)).buffer);
  const sentences: SentenceVector[] = [];
  for (let at = start; at < bytes.length; at += 4 + dimensions) {
    const values = new Int8Array(bytes.buffer, bytes.byteOffset + at + 4, dimensions);
    sentences.push({ scale: bytes.readFloatLE(at), values });
  }
  return { own, sentences };
}

/** The vectors of a passage's sentences, by its ordinal. */
async function readSentences(path: string): Promise<(ordinal: number) => SentenceVector[]> {
  const { header, arrays } = unpack(await readFile(path)) as {
    readonly header: { readonly dimensions: number };
    readonly arrays: {
      readonly starts: Uint32Array;
      readonly scales: Float32Array;
      readonly data: Int8Array;
    };
  };
  const { dimensions } = header;
  return (ordinal) => {
    const first = arrays.starts[ordinal] ?? 0;
    const end = arrays.starts[ordinal + 1] ?? first;
    return Array.from({ length: end - first }, (_, at) => ({
      scale: arrays.scales[first + at] ?? 0,
      values: arrays.data.subarray((first + at) * dimensions, (first + at + 1) * dimensions),
    }));
  };
}

function vectorText(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}

function tableOf(number: number): string {
  return `vectors_${number}`;
}
