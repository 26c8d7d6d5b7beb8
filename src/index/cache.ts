/**
 * What earlier builds computed, in append-only files: vectors by the text that was embedded, one file per model, and what was
 * read of documents by their bytes. Records are written as they are computed, so that a killed build keeps them. A record is
 *
 *     key (32 bytes: sha256) | size (4) | body | CRC-32 of all that (4)
 *
 * What a crash damaged is computed again: a record whose CRC does not match is none, and one that is cut short ends the file.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { Readings } from '../corpus/read-corpus.ts';
import type { ReadDocument } from '../corpus/read-document.ts';
import type { Embedder } from '../embedding/model.ts';
import { makeFolder, programDigest, replaceFile, sha256 } from '../files.ts';
import { bufferOf } from './encoding.ts';
import { decodeVectors, encodeVectors, type ByteVector } from './scan.ts';

const CACHE_FOLDER = 'cache';
const KEY_BYTES = 32;
const HEAD_BYTES = KEY_BYTES + 4;
const CRC_BYTES = 4;
/** No document and no passage is larger; a larger size means a damaged record. */
const LONGEST_BODY = 1 << 30;

/** Records by the texts whose sha256 is their key. They stay on the disk, because most builds need few of them. */
class RecordFile {
  readonly #path: string;
  /** Where each record begins and ends. */
  readonly #places = new Map<string, readonly [start: number, end: number]>();
  readonly #live = new Set<string>();
  #end = 0;

  /** @param bytesOf length of a body by the size that its record states */
  constructor(path: string, bytesOf: (size: number) => number) {
    this.#path = path;
    withFile(path, 'a+', (file) => {
      const total = fstatSync(file).size;
      const head = Buffer.alloc(HEAD_BYTES);
      while (readSync(file, head, 0, HEAD_BYTES, this.#end) === HEAD_BYTES) {
        const length = bytesOf(head.readUInt32LE(KEY_BYTES));
        const end = this.#end + HEAD_BYTES + length + CRC_BYTES;
        if (length > LONGEST_BODY || end > total) break;
        this.#places.set(head.toString('latin1', 0, KEY_BYTES), [this.#end, end]);
        this.#end = end;
      }
      // Otherwise new records would follow the damaged one and never be read.
      if (this.#end < total) ftruncateSync(file, this.#end);
    });
  }

  get(text: string): Buffer | undefined {
    const key = keyOf(text);
    this.#live.add(key);
    const record = this.#read(key);
    if (record === undefined) return undefined;
    const crcAt = record.length - CRC_BYTES;
    const isSound = crc32(record.subarray(0, crcAt)) === record.readUInt32LE(crcAt);
    return isSound ? record.subarray(HEAD_BYTES, crcAt) : undefined;
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
      this.#places.set(key, [this.#end, (this.#end += record.length)]);
      return record;
    });
    await appendFile(this.#path, Buffer.concat(records));
  }

  /** Rewrites the file without the records that nobody has asked for or added when those are the majority. */
  async compact(): Promise<void> {
    if (this.#places.size <= 2 * this.#live.size) return;
    const live = [...this.#places.keys()].filter((key) => this.#live.has(key));
    await replaceFile(
      this.#path,
      live.flatMap((key) => this.#read(key) ?? []),
    );
  }

  #read(key: string): Buffer | undefined {
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    const [start, end] = place;
    const record = Buffer.alloc(end - start);
    withFile(this.#path, 'r', (file) => readSync(file, record, 0, record.length, start));
    return record;
  }
}

function withFile(path: string, flags: string, work: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('binary');
}

async function openFile(
  indexFolder: string,
  name: string,
  bytesOf: (size: number) => number,
): Promise<RecordFile> {
  const folder = join(indexFolder, CACHE_FOLDER);
  await makeFolder(folder);
  return new RecordFile(join(folder, name), bytesOf);
}

export type CachedModel = Pick<Embedder, 'digest' | 'dimensions'>;

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

/** A body is the vector (4 bytes a dimension), then those of the sentences ({@link encodeVectors}). */
export async function openVectorCache(
  indexFolder: string,
  model: CachedModel,
): Promise<VectorCache> {
  const { dimensions } = model;
  const vectorBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const bytesOf = (sentences: number): number => vectorBytes + sentences * (4 + dimensions);
  const file = await openFile(indexFolder, vectorFile(model), bytesOf);
  return {
    get: (text) => {
      const body = file.get(text);
      if (body === undefined) return undefined;
      // A copy, because floats must not start anywhere.
      const vector = new Float32Array(new Uint8Array(body.subarray(0, vectorBytes)).buffer);
      return { vector, sentences: decodeVectors(body.subarray(vectorBytes), dimensions) };
    },
    add: (texts, added) =>
      file.add(
        added.map(({ vector, sentences }, at) => ({
          text: texts[at] ?? '',
          size: sentences.length,
          body: Buffer.concat([bufferOf(vector), encodeVectors(sentences)]),
        })),
      ),
    compact: () => file.compact(),
  };
}

/** What was read of documents, by this program: another one may read something else. */
export async function openReadings(
  indexFolder: string,
): Promise<Readings & { compact(): Promise<void> }> {
  const file = await openFile(indexFolder, await readingsFile(), (size) => size);
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
  return `${sha256(digest).slice(0, 16)}-${dimensions}.vectors`;
}

async function readingsFile(): Promise<string> {
  return `${(await programDigest()).slice(0, 16)}.readings`;
}
