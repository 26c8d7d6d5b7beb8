/**
 * The index folder: generations and one small file, the pointer, that names the current one. Publishing is the rename of
 * that file and nothing else, so whatever the pointer does not name can be deleted.
 *
 *     current.json            the pointer
 *     <time>-<content>/       a generation
 *     building-<id>/          a generation that is being written
 *     cache/                  what the encoder made of texts, and the readers of files, in earlier builds
 *     build.lock              a build is running
 */
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import * as z from 'zod';
import type { Readings } from '../corpus/read-corpus.ts';
import type { ReadDocument } from '../corpus/read-document.ts';
import type { Embedder } from '../embedding/model.ts';
import {
  DragomanError,
  isMissing,
  isOutOfReach,
  messageOf,
  systemCodeOf,
  unusableFolder,
} from '../errors.ts';
import { makeFolder, programDigest, readWhole, RecordFile, replaceFile, sha256 } from '../files.ts';
import { bufferOf } from './encoding.ts';
import { decodeVectors, encodeVectors, type ByteVector } from './scan.ts';

const POINTER_FILE = 'current.json';
const BUILDING = 'building-';
const LEFTOVER_FILE = /^(current\.json\.next|build\.lock\.[0-9a-f-]{36})$/;
const GENERATION_ID = /^\d{8}T\d{9}Z-[0-9a-f]{12}$/;

const pointerSchema = z.object({
  generation: z.string().regex(GENERATION_ID),
  /** Not deleted, because a running reader may still be loading it. */
  previous: z.string().regex(GENERATION_ID).nullable(),
});

export type Pointer = z.infer<typeof pointerSchema>;

export function corrupt(message: string, cause?: unknown): DragomanError {
  return new DragomanError('INDEX_CORRUPT', message, {
    hint: 'Run `npm run build:index -- --force` to build the index again.',
    cause,
  });
}

/** Null instead of an error `INDEX_CORRUPT` or `INDEX_FORMAT`: such an index cannot be used, but replaced. */
export async function unlessCorrupt<Value>(reading: Promise<Value>): Promise<Value | null> {
  return reading.catch((error: unknown) => {
    if (error instanceof DragomanError && /^INDEX_(?:CORRUPT|FORMAT)$/.test(error.code))
      return null;
    throw error;
  });
}

/** @throws DragomanError `CONFIG` when the folder does not exist and cannot be made */
export async function makeIndexFolder(indexFolder: string): Promise<void> {
  await makeFolder(indexFolder).catch((cause: unknown) => {
    throw unusableFolder('INDEX_DIR', indexFolder, cause);
  });
}

/** Id of a generation: UTC time to the millisecond, so that ids sort by age, and the start of the content's sha256. */
export function generationId(createdAt: Date, contentSha256: string): string {
  const time = createdAt.toISOString().replace(/[-:.]/g, '');
  return `${time}-${contentSha256.slice(0, 12)}`;
}

export function generationFolder(indexFolder: string, id: string): string {
  return join(indexFolder, id);
}

export function buildingFolder(indexFolder: string, id: string): string {
  return join(indexFolder, `${BUILDING}${id}`);
}

/** Whether the folder is that of the generation, published or being written. */
export function isFolderOf(id: string, folder: string): boolean {
  return [id, `${BUILDING}${id}`].includes(basename(folder));
}

/**
 * The pointer, or null when nothing has been published.
 *
 * @throws DragomanError `INDEX_CORRUPT` when the file is not a pointer, `CONFIG` when the index folder is a file, or closed
 */
export async function readPointer(indexFolder: string): Promise<Pointer | null> {
  const path = join(indexFolder, POINTER_FILE);
  let content: Uint8Array;
  try {
    content = await readWhole(path);
  } catch (error) {
    if (isMissing(error)) return null;
    if (isOutOfReach(error)) throw unusableFolder('INDEX_DIR', indexFolder, error);
    throw corrupt(`${path} cannot be read: ${messageOf(error)}`, error);
  }
  try {
    return pointerSchema.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch (cause) {
    throw corrupt(`${path} does not name a generation.`, cause);
  }
}

/** @throws DragomanError `INDEX_MISSING` when nothing has been published */
export async function publishedPointer(indexFolder: string): Promise<Pointer> {
  const pointer = await readPointer(indexFolder);
  if (pointer !== null) return pointer;
  throw new DragomanError('INDEX_MISSING', `There is no index in ${indexFolder}.`, {
    hint: 'Run `npm run build:index` to build it.',
  });
}

/** What a function loads of the folder of the current generation. */
export async function loadPublished<Loaded>(
  indexFolder: string,
  load: (folder: string) => Promise<Loaded>,
): Promise<Loaded> {
  for (;;) {
    const pointer = await publishedPointer(indexFolder);
    try {
      return await load(generationFolder(indexFolder, pointer.generation));
    } catch (error) {
      // Two builds in a row may delete what is being loaded; then there is a newer one to load.
      const now = await readPointer(indexFolder);
      if (now?.generation === pointer.generation) throw error;
    }
  }
}

export async function publish(indexFolder: string, pointer: Pointer): Promise<void> {
  const path = join(indexFolder, POINTER_FILE);
  await replaceFile(path, [`${JSON.stringify(pointer, null, 2)}\n`]);
}

/**
 * Deletes what killed builds left and, given a pointer, every generation that it does not name. Other files are never
 * touched, because the folder may be shared. The caller holds the build lock.
 */
export async function prune(indexFolder: string, pointer: Pointer | null): Promise<void> {
  const kept = new Set([pointer?.generation, pointer?.previous]);
  for (const entry of await readdir(indexFolder)) {
    const isLeftover =
      LEFTOVER_FILE.test(entry) ||
      (entry.startsWith(BUILDING) && GENERATION_ID.test(entry.slice(BUILDING.length)));
    const isOld = pointer !== null && GENERATION_ID.test(entry) && !kept.has(entry);
    if (isLeftover || isOld) await rm(join(indexFolder, entry), { recursive: true, force: true });
  }
}

const CACHE_FOLDER = 'cache';

async function openCacheFile(indexFolder: string, name: string, bytesOf: (size: number) => number) {
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

export type VectorCache = Awaited<ReturnType<typeof openVectorCache>>;

/** A body is the vector (4 bytes a dimension), then those of the sentences ({@link encodeVectors}). */
export async function openVectorCache(indexFolder: string, model: CachedModel) {
  const { dimensions } = model;
  const vectorBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const bytesOf = (sentences: number): number => vectorBytes + sentences * (4 + dimensions);
  const file = await openCacheFile(indexFolder, vectorFile(model), bytesOf);
  return {
    get: (text: string): StoredVectors | undefined => {
      const body = file.get(text);
      if (body === undefined) return undefined;
      // A copy, because floats must not start anywhere.
      const vector = new Float32Array(new Uint8Array(body.subarray(0, vectorBytes)).buffer);
      return { vector, sentences: decodeVectors(body.subarray(vectorBytes), dimensions) };
    },
    add: (texts: readonly string[], added: readonly StoredVectors[]): Promise<void> =>
      file.add(
        added.map(({ vector, sentences }, at) => ({
          text: texts[at] ?? '',
          size: sentences.length,
          body: Buffer.concat([bufferOf(vector), encodeVectors(sentences)]),
        })),
      ),
    /** Forgets the vectors that were not asked for, when those are the majority. */
    compact: () => file.compact(),
  };
}

/** What was read of documents, by this program: another one may read something else. */
export async function openReadings(indexFolder: string) {
  const file = await openCacheFile(indexFolder, await readingsFile(), (size) => size);
  const readings: Readings = {
    get: (key) => {
      const body = file.get(key);
      return body === undefined ? undefined : (deserialize(body) as ReadDocument);
    },
    add: (added) =>
      file.add(
        added.map(({ key, read }) => {
          const body = serialize(read);
          return { text: key, size: body.length, body };
        }),
      ),
  };
  return { ...readings, compact: () => file.compact() };
}

/** Deletes the vectors of models that no generation uses, what other programs read, and what a crash left. */
export async function pruneCaches(indexFolder: string, inUse: readonly CachedModel[]) {
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

const NOT_WRITABLE =
  'Point INDEX_DIR to a folder that can be written to, or change its permissions.';
const FILE_FOR_FOLDER = 'A file is where a folder belongs: remove it, then build again.';
const WRITE_HINTS: Readonly<Record<string, string>> = {
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  ENOENT: 'Point INDEX_DIR to a folder that can be written to, and let nothing delete it.',
  EROFS: 'Point INDEX_DIR to a folder on a disk that can be written to.',
  ENOSPC: 'Free space on its disk, then build again; the index in use is unchanged.',
  EDQUOT: 'Free space in your quota, then build again; the index in use is unchanged.',
  EISDIR: 'A folder is where a file belongs: remove it, then build again.',
  ENOTDIR: FILE_FOR_FOLDER,
  EEXIST: FILE_FOR_FOLDER,
};

/** A system error of writing into the index folder as a DragomanError with a hint; any other error unchanged. */
export function explainWriteError(error: unknown, indexFolder: string): unknown {
  if (error instanceof DragomanError || !(error instanceof Error)) return error;
  // A full disk is reported without the path. Errors outside the folder are not explained here.
  const { path = indexFolder } = error as NodeJS.ErrnoException;
  const hint = WRITE_HINTS[systemCodeOf(error) ?? ''];
  if (hint === undefined || !path.startsWith(indexFolder)) return error;
  const message = `The index folder ${indexFolder} cannot be written to: ${error.message}`;
  return new DragomanError('CONFIG', message, { hint, cause: error });
}
