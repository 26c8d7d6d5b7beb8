/** Reading and writing files so that a crash or a full disk leaves no half-written one in use. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import {
  appendFile,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { crc32 } from 'node:zlib';
import { DragomanError } from './errors.ts';

/** Bytes per read: few enough that other work gets a turn in between, and what is read is hashed while it is in the cache. */
const LONGEST_READ = 1 << 22;

export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** sha256 in hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * Writes a new file and waits until it is on the disk, not only in the page cache.
 *
 * @param mode permissions of the file; the system's default where it is left out
 * @throws the system's error; `EEXIST` when the file exists
 */
export async function writeDurably(
  path: string,
  chunks: Iterable<string | Uint8Array>,
  mode?: number,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', mode);
  try {
    for (const chunk of chunks) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(data);
      bytes += data.byteLength;
      // Unlike `write`, `writeFile` on a handle writes everything; it appends.
      await file.writeFile(data);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Waits until a file that something else wrote is on the disk. */
export async function syncFile(path: string, flags = 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the entries of a folder are on the disk: otherwise a power failure may undo a rename. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder as a file, and does not need to.
  if (process.platform !== 'win32') await syncFile(path, 'r');
}

/**
 * Creates a folder and its missing parents. Node's `recursive` would retry forever below a folder such as
 * /proc, where creating one fails with ENOENT.
 *
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch(async (error: unknown) => {
    // Another process may have made it meanwhile.
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats?.isDirectory() === true;
}

/**
 * Replaces a file in one step: readers see the old content or the new one, never a part. Creates its folder if missing.
 * One writer at a time, because the new content is first written to `<path>.next`.
 */
export async function replaceFile(
  path: string,
  chunks: Iterable<string | Uint8Array>,
  mode?: number,
): Promise<void> {
  const next = `${path}.next`;
  await makeFolder(dirname(path));
  await rm(next, { force: true });
  await writeDurably(next, chunks, mode);
  await rename(next, path);
  await syncFolder(dirname(path));
}

/**
 * Reads a file of any size into its own buffer, so that typed arrays can be views of it from offset 0.
 *
 * @param onRead called with each part of it, in order
 * @throws DragomanError `CONFIG` when it is a folder, a pipe or a device; the system's error otherwise
 */
export async function readWhole(
  path: string,
  onRead: (part: Uint8Array) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { file, size } = await openFile(path);
  try {
    const data = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const length = Math.min(size - filled, LONGEST_READ);
      const { bytesRead } = await file.read(data, filled, length, filled);
      if (bytesRead === 0) return data.slice(0, filled);
      onRead(data.subarray(filled, filled + bytesRead));
      filled += bytesRead;
    }
    return data;
  } finally {
    await file.close();
  }
}

/**
 * The parts of a file in order, each in the memory of the one before it.
 *
 * @throws what {@link readWhole} throws
 */
export async function* partsOf(path: string): AsyncGenerator<Uint8Array> {
  const { file } = await openFile(path);
  const part = new Uint8Array(LONGEST_READ);
  try {
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(part, 0, part.length, at);
      if (bytesRead === 0) return;
      yield part.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/**
 * The digest of a file, which is not kept in memory.
 *
 * @throws what {@link readWhole} throws
 */
export async function digestOfFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of partsOf(path)) {
    hash.update(part);
    bytes += part.byteLength;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * Opens a file for reading, and nothing else: a folder, or a named pipe, which would be waited for without end.
 *
 * @throws DragomanError CONFIG when it is not a file
 */
export async function openFile(path: string): Promise<{ file: FileHandle; size: number }> {
  // Without O_NONBLOCK (which Windows lacks), opening a named pipe would wait for a writer.
  const flags = process.platform === 'win32' ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK;
  const file = await open(path, flags);
  const stats = await file.stat();
  if (stats.isFile()) return { file, size: stats.size };
  await file.close();
  throw new DragomanError('CONFIG', `Expected a file in ${path}, found something else.`, {
    hint: 'Remove it, then try again.',
  });
}

const KEY_BYTES = 32;
const HEAD_BYTES = KEY_BYTES + 4;
const CRC_BYTES = 4;
/** A larger size means a damaged record. */
const LONGEST_BODY = 1 << 30;

/**
 * An append-only file of records by the texts whose sha256 is their key. They stay on the disk, because most readers need few
 * of them. A record is
 *
 *     key (32 bytes: sha256) | size (4) | body | CRC-32 of all that (4)
 *
 * What a crash damaged is missing: a record whose CRC does not match is none, and one that is cut short ends the file.
 */
export class RecordFile {
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

/**
 * A program of `dist/` for a separate process or thread, and the arguments to start it with. A program that runs from
 * its sources starts it through `scripts/run.js`, which first compiles it if the sources are newer.
 */
export function compiledProgram(name: string): { readonly file: string; readonly args: string[] } {
  const isSource = import.meta.filename.endsWith('.ts');
  return isSource
    ? { file: join(import.meta.dirname, '../scripts/run.js'), args: [name] }
    : { file: join(import.meta.dirname, `${name}.js`), args: [] };
}

/** Parts of the sources that determine what becomes of a document in an index. */
const INDEXING = ['corpus', 'embedding', 'index', 'language'];
/** In `dist/`: the digest of the sources that it was compiled from. */
export const DIGEST_FILE = 'indexing.sha256';

let digest: Promise<string> | null = null;

/**
 * sha256 of what of this program determines an index, the same for the sources and for `dist/`: what it made of a text
 * earlier it would make of it again while this is the same.
 */
export function programDigest(): Promise<string> {
  const { dirname: folder, filename } = import.meta;
  digest ??= filename.endsWith('.ts')
    ? digestOfSources(folder)
    : readFile(join(folder, DIGEST_FILE), 'utf8');
  // Sources can change while they are read.
  digest.catch(() => (digest = null));
  return digest;
}

/** @param folder `src` */
export async function digestOfSources(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const add = async (path: string): Promise<void> => {
    hash.update(relative(folder, path)).update(await readFile(path));
  };
  for (const part of INDEXING) {
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && /\.(?:ts|json|tsv)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort()) await add(path);
  }
  await add(join(folder, 'files.ts'));
  return hash.digest('hex');
}
