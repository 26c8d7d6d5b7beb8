import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readWhole, replaceDurably } from './durable.ts';
import { isMissing } from './pointer.ts';

/**
 * Vectors of earlier builds, by what was embedded, one append-only file for each model. Vectors are
 * written as they come, so a build that is killed half way keeps what it has embedded. A record is
 *
 *     key (32 bytes: sha256 of the text) | vector (4 bytes a dimension) | CRC-32 of both (4 bytes)
 *
 * and the first record whose CRC does not match ends the file: what a crash tore is embedded again.
 */

const CACHE_FOLDER = 'cache';
const KEY_BYTES = 32;
const CRC_BYTES = 4;

export interface CachedModel {
  readonly digest: string;
  readonly dimensions: number;
}

export interface VectorCache {
  get(text: string): Float32Array | undefined;
  /** Keeps vectors, one for each text. */
  add(texts: readonly string[], vectors: readonly Float32Array[]): Promise<void>;
  /** Rewrites the file without the vectors of other texts, once those are the majority. */
  compact(texts: Iterable<string>): Promise<void>;
}

export async function openVectorCache(
  indexFolder: string,
  model: CachedModel,
): Promise<VectorCache> {
  const folder = join(indexFolder, CACHE_FOLDER);
  await mkdir(folder, { recursive: true });
  const path = join(folder, cacheFile(model));
  const vectors = await readRecords(path, model.dimensions);

  return {
    get: (text) => vectors.get(keyOf(text)),
    add: async (texts, added) => {
      const records: Buffer[] = [];
      for (const [position, text] of texts.entries()) {
        const vector = added[position];
        if (vector === undefined) continue;
        const key = keyOf(text);
        vectors.set(key, vector);
        records.push(encodeRecord(key, vector));
      }
      const file = await open(path, 'a');
      try {
        await file.writeFile(Buffer.concat(records));
      } finally {
        await file.close();
      }
    },
    compact: async (texts) => {
      const live = new Set(Array.from(texts, keyOf));
      if (vectors.size <= 2 * live.size) return;
      for (const key of vectors.keys()) if (!live.has(key)) vectors.delete(key);
      await replaceDurably(path, encodeRecords(vectors));
    },
  };
}

/** Removes the vectors of models that no generation uses any more, and what a crash left. */
export async function pruneCaches(
  indexFolder: string,
  inUse: readonly CachedModel[],
): Promise<void> {
  const folder = join(indexFolder, CACHE_FOLDER);
  const kept = new Set(inUse.map(cacheFile));
  for (const entry of await readdir(folder)) {
    const isOurs = /^[0-9a-f]{16}-\d+\.vectors(\.next)?$/.test(entry);
    if (isOurs && !kept.has(entry)) await rm(join(folder, entry), { force: true });
  }
}

function cacheFile({ digest, dimensions }: CachedModel): string {
  const name = createHash('sha256').update(digest).digest('hex').slice(0, 16);
  return `${name}-${dimensions}.vectors`;
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function* encodeRecords(vectors: ReadonlyMap<string, Float32Array>): Generator<Buffer> {
  for (const [key, vector] of vectors) yield encodeRecord(key, vector);
}

function encodeRecord(key: string, vector: Float32Array): Buffer {
  const body = Buffer.concat([
    Buffer.from(key, 'hex'),
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
  ]);
  const record = Buffer.alloc(body.length + CRC_BYTES);
  body.copy(record);
  record.writeUInt32LE(crc32(body), body.length);
  return record;
}

async function readRecords(path: string, dimensions: number): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  let data: Buffer;
  try {
    const whole = await readWhole(path);
    data = Buffer.from(whole.buffer);
  } catch (error) {
    if (isMissing(error)) return vectors;
    throw error;
  }
  const vectorBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const recordBytes = KEY_BYTES + vectorBytes + CRC_BYTES;
  let at = 0;
  for (; at + recordBytes <= data.length; at += recordBytes) {
    const body = data.subarray(at, at + KEY_BYTES + vectorBytes);
    if (crc32(body) !== data.readUInt32LE(at + body.length)) break;
    const key = body.toString('hex', 0, KEY_BYTES);
    const start = data.byteOffset + at + KEY_BYTES;
    vectors.set(key, new Float32Array(data.buffer, start, dimensions));
  }
  // New records would otherwise follow the torn one and never be read.
  if (at < data.length) await truncate(path, at);
  return vectors;
}
