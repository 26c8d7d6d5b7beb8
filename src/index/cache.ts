/**
 * What earlier builds computed, in append-only files: vectors by the text that was embedded, one file per model, and what was read
 * of documents by their bytes. Records are written as they are computed, so that a killed build keeps them. A record is
 *
 *     key (32 bytes: sha256) | size (4) | body | CRC-32 of all that (4)
 *
 * The first record whose CRC does not match ends the file: what a crash damaged is computed again.
 */
import { createHash } from 'node:crypto';
import { open, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { Readings } from '../corpus/read-corpus.ts';
import type { ReadDocument } from '../corpus/read-document.ts';
import { isMissing } from '../errors.ts';
import { makeFolder, programDigest, readWhole, replaceFile } from '../files.ts';
import type { ByteVector } from './byte-vectors.ts';

const CACHE_FOLDER = 'cache';
const KEY_BYTES = 32;
const HEAD_BYTES = KEY_BYTES + 4;
const CRC_BYTES = 4;
/** No document and no passage is larger; a larger size means a damaged record. */
const LONGEST_BODY = 1 << 30;

/** Records by the texts whose sha256 is their key. */
class RecordFile {
  readonly #path: string;
  /** Whole records: they are decoded when they are asked for, and most builds need few of them. */
  readonly #records = new Map<string, Buffer>();
  readonly #live = new Set<string>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @param bytesOf length of a body by the size that its record states */
  static async open(path: string, bytesOf: (size: number) => number): Promise<RecordFile> {
    const file = new RecordFile(path);
    let data: Buffer;
    try {
      data = Buffer.from((await readWhole(path)).buffer);
    } catch (error) {
      if (isMissing(error)) return file;
      throw error;
    }
    let end = 0;
    while (end + HEAD_BYTES <= data.length) {
      const length = bytesOf(data.readUInt32LE(end + KEY_BYTES));
      const crcAt = end + HEAD_BYTES + length;
      if (length > LONGEST_BODY || crcAt + CRC_BYTES > data.length) break;
      if (crc32(data.subarray(end, crcAt)) !== data.readUInt32LE(crcAt)) break;
      const key = data.toString('latin1', end, end + KEY_BYTES);
      file.#records.set(key, data.subarray(end, crcAt + CRC_BYTES));
      end = crcAt + CRC_BYTES;
    }
    // Otherwise new records would follow the damaged one and never be read.
    if (end < data.length) await truncate(path, end);
    return file;
  }

  get(text: string): Buffer | undefined {
    const key = keyOf(text);
    this.#live.add(key);
    return this.#records.get(key)?.subarray(HEAD_BYTES, -CRC_BYTES);
  }

  async add(added: readonly { text: string; size: number; body: Uint8Array }[]): Promise<void> {
    const records = added.map(({ text, size, body }) => {
      const key = keyOf(text);
      const record = Buffer.alloc(HEAD_BYTES + body.length + CRC_BYTES);
      record.write(key, 'latin1');
      record.writeUInt32LE(size, KEY_BYTES);
      record.set(body, HEAD_BYTES);
      record.writeUInt32LE(crc32(record.subarray(0, -CRC_BYTES)), HEAD_BYTES + body.length);
      this.#live.add(key);
      this.#records.set(key, record);
      return record;
    });
    const file = await open(this.#path, 'a');
    try {
      for (const record of records) await file.writeFile(record);
    } finally {
      await file.close();
    }
  }

  /** Rewrites the file without the records that nobody has asked for or added when those are the majority. */
  async compact(): Promise<void> {
    if (this.#records.size <= 2 * this.#live.size) return;
    for (const key of this.#records.keys()) if (!this.#live.has(key)) this.#records.delete(key);
    await replaceFile(this.#path, this.#records.values());
  }
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('binary');
}

async function cacheFolder(indexFolder: string): Promise<string> {
  const folder = join(indexFolder, CACHE_FOLDER);
  await makeFolder(folder);
  return folder;
}

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
  /** Forgets the vectors that were not asked for, when those are the majority. */
  compact(): Promise<void>;
}

const SCALE_BYTES = 4;

/** A body is the vector (4 bytes a dimension), then for each sentence its scale (4) and values (1 a dimension). */
export async function openVectorCache(
  indexFolder: string,
  model: CachedModel,
): Promise<VectorCache> {
  const path = join(await cacheFolder(indexFolder), vectorFile(model));
  const { dimensions } = model;
  const vectorBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const sentenceBytes = SCALE_BYTES + dimensions;
  const file = await RecordFile.open(path, (sentences) => vectorBytes + sentences * sentenceBytes);

  const encode = ({ vector, sentences }: StoredVectors): Buffer =>
    Buffer.concat([
      Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
      ...sentences.flatMap(({ scale, values }) => {
        const scaleBytes = Buffer.alloc(SCALE_BYTES);
        scaleBytes.writeFloatLE(scale);
        return [scaleBytes, Buffer.from(values.buffer, values.byteOffset, values.length)];
      }),
    ]);
  const decode = (body: Buffer): StoredVectors => {
    // A copy, because floats must not start anywhere.
    const bytes = new Uint8Array(body);
    return {
      vector: new Float32Array(bytes.slice(0, vectorBytes).buffer),
      sentences: Array.from({ length: (body.length - vectorBytes) / sentenceBytes }, (_, i) => {
        const start = vectorBytes + i * sentenceBytes;
        const values = new Int8Array(bytes.buffer, start + SCALE_BYTES, dimensions);
        return { scale: body.readFloatLE(start), values };
      }),
    };
  };
  return {
    get: (text) => {
      const body = file.get(text);
      return body === undefined ? undefined : decode(body);
    },
    add: (texts, added) =>
      file.add(
        added.map((stored, at) => ({
          text: texts[at] ?? '',
          size: stored.sentences.length,
          body: encode(stored),
        })),
      ),
    compact: () => file.compact(),
  };
}

/** What was read of documents, by this program: another one may read something else. */
export async function openReadings(
  indexFolder: string,
): Promise<Readings & { compact(): Promise<void> }> {
  const path = join(await cacheFolder(indexFolder), await readingsFile());
  const file = await RecordFile.open(path, (size) => size);
  return {
    get: (key) => {
      const body = file.get(key);
      return body === undefined ? undefined : (deserialize(body) as ReadDocument);
    },
    add: (readings) =>
      file.add(
        readings.map(({ key, read }) => {
          const body = serialize(read);
          return { text: key, size: body.length, body };
        }),
      ),
    compact: () => file.compact(),
  };
}

/** Deletes the vectors of models that no generation uses, what other programs read, and what a crash left. */
export async function pruneCaches(
  indexFolder: string,
  inUse: readonly CachedModel[],
): Promise<void> {
  const folder = join(indexFolder, CACHE_FOLDER);
  const kept = new Set([...inUse.map(vectorFile), await readingsFile()]);
  for (const entry of await readdir(folder)) {
    const isCache = /^[0-9a-f]{16}(-\d+\.vectors|\.readings)(\.next)?$/.test(entry);
    if (isCache && !kept.has(entry)) await rm(join(folder, entry), { force: true });
  }
}

function vectorFile({ digest, dimensions }: CachedModel): string {
  const name = createHash('sha256').update(digest).digest('hex').slice(0, 16);
  return `${name}-${dimensions}.vectors`;
}

async function readingsFile(): Promise<string> {
  return `${(await programDigest()).slice(0, 16)}.readings`;
}
