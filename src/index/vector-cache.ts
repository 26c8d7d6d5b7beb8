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
  const records = await readRecords(path, model.dimensions);

  return {
    get: (text) => {
      const record = records.get(keyOf(text));
      return record === undefined ? undefined : decodeRecord(record, model.dimensions);
    },
    add: async (texts, added) => {
      const appended: Buffer[] = [];
      for (const [position, text] of texts.entries()) {
        const stored = added[position];
        if (stored === undefined) continue;
        const key = keyOf(text);
        const record = encodeRecord(key, stored);
        records.set(key, record);
        appended.push(record);
      }
      const file = await open(path, 'a');
      try {
        await file.writeFile(Buffer.concat(appended));
      } finally {
        await file.close();
      }
    },
    compact: async (texts) => {
      const live = new Set(Array.from(texts, keyOf));
      if (records.size <= 2 * live.size) return;
      for (const key of records.keys()) if (!live.has(key)) records.delete(key);
      await replaceFile(path, records.values());
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

function decodeRecord(record: Buffer, dimensions: number): StoredVectors {
  // A copy, because floats must not start anywhere.
  const bytes = new Uint8Array(record);
  const vectorAt = KEY_BYTES + COUNT_BYTES;
  const sentencesAt = vectorAt + dimensions * Float32Array.BYTES_PER_ELEMENT;
  return {
    vector: new Float32Array(bytes.slice(vectorAt, sentencesAt).buffer),
    sentences: Array.from({ length: record.readUInt32LE(KEY_BYTES) }, (_, i): ByteVector => {
      const start = sentencesAt + i * (SCALE_BYTES + dimensions);
      return {
        scale: record.readFloatLE(start),
        values: new Int8Array(bytes.buffer, start + SCALE_BYTES, dimensions),
      };
    }),
  };
}

/** Records by their keys. They are decoded when they are asked for: most builds need few of them. */
async function readRecords(path: string, dimensions: number): Promise<Map<string, Buffer>> {
  const records = new Map<string, Buffer>();
  let data: Buffer;
  try {
    const whole = await readWhole(path);
    data = Buffer.from(whole.buffer);
  } catch (error) {
    if (isMissing(error)) return records;
    throw error;
  }
  const headBytes = KEY_BYTES + COUNT_BYTES + dimensions * Float32Array.BYTES_PER_ELEMENT;
  let end = 0;
  while (end + headBytes <= data.length) {
    const count = data.readUInt32LE(end + KEY_BYTES);
    const crcAt = end + headBytes + count * (SCALE_BYTES + dimensions);
    if (count > MAX_SENTENCES || crcAt + CRC_BYTES > data.length) break;
    if (crc32(data.subarray(end, crcAt)) !== data.readUInt32LE(crcAt)) break;
    records.set(data.toString('hex', end, end + KEY_BYTES), data.subarray(end, crcAt + CRC_BYTES));
    end = crcAt + CRC_BYTES;
  }
  // Otherwise new records would follow the damaged one and never be read.
  if (end < data.length) await truncate(path, end);
  return records;
}
