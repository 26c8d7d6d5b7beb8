/**
 * Vectors of earlier builds by the text that was embedded, in one append-only file per model. Vectors are written as they
 * are computed, so that a killed build keeps them. A record is
 *
 *     key (32 bytes: sha256) | number of sentences (4) | vector (4 per dimension) |
 *     for each sentence: scale (4), values (1 per dimension) | CRC-32 of all that (4)
 *
 * The first record whose CRC does not match ends the file: what a crash damaged is embedded again.
 */
import { createHash } from 'node:crypto';
import { open, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isMissing } from '../errors.ts';
import { makeFolder, readWhole, replaceFile } from '../files.ts';
import type { ByteVector } from './byte-vectors.ts';

const CACHE_FOLDER = 'cache';
const KEY_BYTES = 32;
const COUNT_BYTES = 4;
const SCALE_BYTES = 4;
const CRC_BYTES = 4;
/** No passage has more; a larger count means a damaged record. */
const MAX_SENTENCES = 10_000;

export interface CachedModel {
  readonly digest: string;
  readonly dimensions: number;
}

/** The vector of a text, and those of its sentences for a passage. */
export interface StoredVectors {
  readonly vector: Float32Array;
  readonly sentences: readonly ByteVector[];
}

export interface VectorCache {
  get(text: string): StoredVectors | undefined;
  /** Appends vectors, one entry per text. */
  add(texts: readonly string[], stored: readonly StoredVectors[]): Promise<void>;
  /** Rewrites the file without the vectors of other texts when those are the majority. */
  compact(texts: Iterable<string>): Promise<void>;
}

export async function openVectorCache(
  indexFolder: string,
  model: CachedModel,
): Promise<VectorCache> {
  const folder = join(indexFolder, CACHE_FOLDER);
  await makeFolder(folder);
  const path = join(folder, cacheFile(model));
  const vectors = await readRecords(path, model.dimensions);

  return {
    get: (text) => vectors.get(keyOf(text)),
    add: async (texts, added) => {
      const records: Buffer[] = [];
      for (const [position, text] of texts.entries()) {
        const stored = added[position];
        if (stored === undefined) continue;
        const key = keyOf(text);
        vectors.set(key, stored);
        records.push(encodeRecord(key, stored));
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
      await replaceFile(path, encodeRecords(vectors));
    },
  };
}

/** Deletes the vectors of models that no generation uses, and what a crash left. */
export async function pruneCaches(
  indexFolder: string,
  inUse: readonly CachedModel[],
): Promise<void> {
  const folder = join(indexFolder, CACHE_FOLDER);
  const kept = new Set(inUse.map(cacheFile));
  for (const entry of await readdir(folder)) {
    const isCache = /^[0-9a-f]{16}-\d+\.vectors(\.next)?$/.test(entry);
    if (isCache && !kept.has(entry)) await rm(join(folder, entry), { force: true });
  }
}

function cacheFile({ digest, dimensions }: CachedModel): string {
  const name = createHash('sha256').update(digest).digest('hex').slice(0, 16);
  return `${name}-${dimensions}.vectors`;
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function* encodeRecords(vectors: ReadonlyMap<string, StoredVectors>): Generator<Buffer> {
  for (const [key, stored] of vectors) yield encodeRecord(key, stored);
}

function encodeRecord(key: string, { vector, sentences }: StoredVectors): Buffer {
  const head = Buffer.alloc(KEY_BYTES + COUNT_BYTES);
  head.write(key, 'hex');
  head.writeUInt32LE(sentences.length, KEY_BYTES);
  const body = Buffer.concat([
    head,
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
    ...sentences.flatMap(({ scale, values }) => {
      const scaleBytes = Buffer.alloc(SCALE_BYTES);
      scaleBytes.writeFloatLE(scale);
      return [scaleBytes, Buffer.from(values.buffer, values.byteOffset, values.length)];
    }),
  ]);
  const checksum = Buffer.alloc(CRC_BYTES);
  checksum.writeUInt32LE(crc32(body));
  return Buffer.concat([body, checksum]);
}

async function readRecords(path: string, dimensions: number): Promise<Map<string, StoredVectors>> {
  const vectors = new Map<string, StoredVectors>();
  let data: Buffer;
  try {
    const whole = await readWhole(path);
    data = Buffer.from(whole.buffer);
  } catch (error) {
    if (isMissing(error)) return vectors;
    throw error;
  }
  const headBytes = KEY_BYTES + COUNT_BYTES;
  const vectorBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const sentenceBytes = SCALE_BYTES + dimensions;
  let end = 0;
  while (end + headBytes <= data.length) {
    const count = data.readUInt32LE(end + KEY_BYTES);
    const bodyBytes = headBytes + vectorBytes + count * sentenceBytes;
    if (count > MAX_SENTENCES || end + bodyBytes + CRC_BYTES > data.length) break;
    const body = data.subarray(end, end + bodyBytes);
    if (crc32(body) !== data.readUInt32LE(end + bodyBytes)) break;
    const bytes = new Uint8Array(body);
    vectors.set(body.toString('hex', 0, KEY_BYTES), {
      vector: new Float32Array(bytes.slice(headBytes, headBytes + vectorBytes).buffer),
      sentences: Array.from({ length: count }, (_, i): ByteVector => {
        const start = headBytes + vectorBytes + i * sentenceBytes;
        return {
          scale: body.readFloatLE(start),
          values: new Int8Array(bytes.buffer, start + SCALE_BYTES, dimensions),
        };
      }),
    });
    end += bodyBytes + CRC_BYTES;
  }
  // Otherwise new records would follow the damaged one and never be read.
  if (end < data.length) await truncate(path, end);
  return vectors;
}
