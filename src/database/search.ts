/**
 * Vectors of generations that are too large for the memory of a bot: HNSW in the database finds the rows nearest to a
 * question, and the vectors of the candidates are fetched for the second stage.
 */
import { loadSegment } from '../index/generation.ts';
import type { StoredSegment } from '../index/generation-files.ts';
import { decodeVectors, encodeVectors } from '../index/scan.ts';
import { ByteVectors, packVectors } from '../index/vectors.ts';
import {
  rowsOf,
  type Arrangement,
  type SegmentVectors,
  type WantedVectors,
} from '../search/search-index.ts';
import type { Connection } from './database.ts';

/** Rows written by one statement. */
const ROWS = 200;
/** As with the graph in memory; recall and speed: docs/scale.md. */
const HNSW = 'm = 16, ef_construction = 100';
/** Of what is near some may be gone: so many more are asked for. */
const SPARE_ROWS = 16;

/**
 * Writes the vectors of a segment into a table of their own, with their index: a row per passage, with its sentences,
 * then a row per expected question. The table is part of the transaction.
 */
export async function writeVectors(connection: Connection, stored: StoredSegment, number: number) {
  const table = tableOf(number);
  await connection.query(
    `create table ${table} (row integer primary key, passage integer not null,
       embedding halfvec(${stored.dimensions}) not null, bytes bytea not null)`,
  );
  await connection.query(`alter table ${table} alter column bytes set storage external`);
  const { vectors, sentences, lexical, passages } = await loadSegment(stored);
  const owners = lexical.arrays.expectedPassages;
  for (let first = 0; first < vectors.count; first += ROWS) {
    const rows = Array.from(
      { length: Math.min(ROWS, vectors.count - first) },
      (_, at) => first + at,
    );
    await connection.query(
      `insert into ${table} select * from unnest($1::int[], $2::int[], $3::halfvec[], $4::bytea[])`,
      [
        rows,
        rows.map((row) => (row < passages.length ? row : (owners[row - passages.length] ?? 0))),
        rows.map((row) => vectorText(vectors.row(row))),
        rows.map((row) =>
          encodeVectors([
            ...vectors.group(row),
            ...(row < passages.length ? sentences.group(row) : []),
          ]),
        ),
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
 * Finds the nearest rows of a segment and fetches the vectors of the candidates, by one statement each.
 *
 * @param number of the segment's table
 * @throws DragomanError `DATABASE`
 */
export async function bringVectors(
  connection: Connection,
  { number, segment }: { readonly number: number; readonly segment: number },
  { vector, rows, allowed, further }: WantedVectors,
  arrangement: Arrangement,
): Promise<SegmentVectors> {
  const table = tableOf(number);
  const ordinals = arrangement.layout.ordinals[segment] ?? new Int32Array();
  const chosen = allowed === null ? null : rowsOf(segment, allowed, arrangement);
  const nearest = (limit: number): Promise<readonly { row: number; passage: number }[]> =>
    connection.query(
      chosen === null
        ? `select row, passage from ${table} order by embedding <#> $1::halfvec limit $2`
        : // All of them are compared: the index would look at others first, and find fewer.
          `with chosen as materialized (select row, passage, embedding from ${table} where row = any($3))
           select row, passage from chosen order by embedding <#> $1::halfvec limit $2`,
      [vectorText(vector), limit, ...(chosen === null ? [] : [chosen])],
    );
  let limit = ordinals.includes(-1) ? rows + SPARE_ROWS : rows;
  let found = await nearest(limit);
  const isLive = ({ passage }: { passage: number }): boolean => (ordinals[passage] ?? -1) >= 0;
  while (found.length === limit && found.filter(isLive).length < rows) {
    found = await nearest((limit *= 2));
  }
  const near = found.filter(isLive);
  const rowsWanted = new Set([
    ...near.flatMap(({ row, passage }) => [row, passage]),
    ...rowsOf(segment, further, arrangement),
  ]);
  const stored = await connection.query<{ row: number; bytes: Buffer }>(
    `select row, bytes from ${table} where row = any($1)`,
    [[...rowsWanted]],
  );
  // With the arithmetic of vectors in memory, so that answers are the same.
  const { length } = vector;
  const brought = new ByteVectors(
    packVectors(
      stored.map(({ bytes }) => decodeVectors(bytes, length)),
      length,
    ),
  );
  const groups = new Map(stored.map(({ row }, group) => [row, group]));
  const groupOf = (row: number): number => {
    const group = groups.get(row);
    if (group === undefined) throw new Error(`The vectors of row ${row} were not brought.`);
    return group;
  };
  /** Each row's own, then those of its sentences. */
  const cosinesOf = (question: Float32Array, of: readonly number[]): Float32Array[] =>
    brought.cosinesOf(question, of.map(groupOf));
  const cosines = (question: Float32Array, of: readonly number[]): Float32Array =>
    Float32Array.from(cosinesOf(question, of), ([own = 0]) => own);
  const nearRows = near.map(({ row }) => row);
  const neighbours = Array.from(cosines(vector, nearRows), (similarity, at) => ({
    ...{ ordinal: nearRows[at] ?? 0, similarity },
  })).sort((a, b) => b.similarity - a.similarity || a.ordinal - b.ordinal);
  return {
    nearest: (_, k, only) =>
      neighbours.filter(({ ordinal }) => only === null || only.includes(ordinal)).slice(0, k),
    row: (row) => brought.row(brought.firstRow(groupOf(row))),
    cosines,
    sentenceCosines: (question, positions) =>
      cosinesOf(question, positions).map((own) => own.subarray(1)),
  };
}

function vectorText(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}

function tableOf(number: number): string {
  return `vectors_${number}`;
}
