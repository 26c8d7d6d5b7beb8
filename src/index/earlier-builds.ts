/**
 * What a build takes over from earlier ones: the base that what has changed is added to, and what they computed, in append-only
 * files: vectors by the text that was embedded, one file per model, and what was read of documents by their bytes. Records are
 * written as they are computed, so that a killed build keeps them. A record is
 *
 *     key (32 bytes: sha256) | size (4) | body | CRC-32 of all that (4)
 *
 * What a crash damaged is computed again: a record whose CRC does not match is none, and one that is cut short ends the file.
 */
import type { Corpus, Document, Passage } from '../corpus/types.ts';
import { placeExpected } from './build-lexical.ts';
import { ByteVectors, type ByteVector } from './vectors.ts';
import { StoredTexts } from './generation.ts';
import { decodeRows, type DocumentRow } from './segments.ts';
import {
  readVerified,
  type EverydayNearest,
  type Manifest,
  type SegmentManifest,
} from './generation-files.ts';
import { changeSince, type Change } from './segments.ts';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { Readings } from '../corpus/read-corpus.ts';
import type { ReadDocument } from '../corpus/read-document.ts';
import { makeFolder, programDigest, replaceFile } from '../files.ts';

/** Some rows of a table. */
export interface VectorRows {
  readonly vectors: ByteVectors;
  readonly rows: readonly number[];
}

export interface AdditionLimits {
  /** Passages of a base, at least. */
  readonly smallestBase: number;
  /** Passages of an addition, at most. */
  readonly largest: number;
  /** Share of the base's passages, at most, that is added, and that is gone. */
  readonly largestShare: number;
}

/**
 * An addition is built as a whole with each change, and all its vectors are compared with each question: with 3,000 passages a
 * second and .3 ms. What is gone of a base costs memory and makes its graph look further. A base of some thousand passages
 * is built in seconds.
 */
export const DEFAULT_LIMITS: AdditionLimits = {
  smallestBase: 2000,
  largest: 3000,
  largestShare: 0.1,
};

export interface Addition {
  readonly base: SegmentManifest;
  readonly change: Change;
  /** Documents that the base lacks, with their keys and passages. */
  readonly documents: readonly Document[];
  readonly keys: readonly string[];
  readonly passages: readonly Passage[];
  /** Passages of the base that are gone. */
  readonly removed: readonly Passage[];
  /** What stays of the base. */
  readonly kept: Readonly<Record<'passages' | 'expected', number>>;
  /** The base without what is gone. */
  readonly everyday: EverydayNearest;
}

/**
 * @param manifest of a generation in `folder`, of the same context as what is built now
 * @returns null where a new base is to be built
 */
export async function planAddition(
  { folder, manifest }: { readonly folder: string; readonly manifest: Manifest },
  {
    corpus,
    keys,
    split,
    nearestOf,
    limits,
  }: {
    readonly corpus: Corpus;
    /** Of the documents of the corpus. */
    readonly keys: readonly string[];
    readonly split: (document: Document) => readonly Passage[];
    /** What is nearest to everyday questions. */
    readonly nearestOf: (table: VectorRows) => Promise<EverydayNearest>;
    readonly limits: AdditionLimits;
  },
): Promise<Addition | null> {
  const [base] = manifest.segments;
  const all = base.counts.passages;
  const most = limits.largestShare * all;
  if (all < limits.smallestBase) return null;

  const known = await decodeRows(await readVerified(folder, manifest, 0, 'keys'));
  const change = changeSince(known as string[], keys);
  if (change === null) return null;
  const rows = await decodeRows(await readVerified(folder, manifest, 0, 'documents'));
  const stored = new StoredTexts(
    rows as DocumentRow[],
    await readVerified(folder, manifest, 0, 'texts'),
  );
  /** By passage: whether its document is gone. */
  const isGone = new Array<boolean>(all).fill(false);
  for (const at of change.removed) isGone.fill(true, stored.starts[at], stored.starts[at + 1]);
  if (isGone.filter(Boolean).length > most) return null;
  const added = change.places.flatMap((place) => corpus.documents[place] ?? []);
  const passages = added.flatMap(split);
  if (passages.length > Math.min(most, limits.largest)) return null;

  const removed = stored.passages.filter((_, at) => isGone[at]);
  const gone = change.removed.flatMap((at) => stored.documents[at] ?? []);
  const removedQuestions = placeExpected(gone, removed);
  return {
    base,
    change,
    documents: added,
    keys: change.places.map((place) => keys[place] ?? ''),
    passages,
    removed,
    kept: {
      passages: all - removed.length,
      expected: base.counts.expected - removedQuestions.length,
    },
    everyday: base.everyday.some(([row]) => isGone[row] === true)
      ? await nearestOf({
          vectors: new ByteVectors(await readVerified(folder, manifest, 0, 'vectors')),
          rows: [...isGone.keys()].filter((row) => isGone[row] === false),
        })
      : base.everyday,
  };
}

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
    const file = openSync(path, 'a+');
    try {
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
    } finally {
      closeSync(file);
    }
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
    const [start, end] = this.#places.get(key) ?? [0, 0];
    if (end === 0) return undefined;
    const file = openSync(this.#path, 'r');
    try {
      const record = Buffer.alloc(end - start);
      readSync(file, record, 0, record.length, start);
      return record;
    } finally {
      closeSync(file);
    }
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
  const file = new RecordFile(path, (sentences) => vectorBytes + sentences * sentenceBytes);

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
  const file = new RecordFile(path, (size) => size);
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
