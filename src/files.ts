import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Node refuses to read 2 GiB or more at once. */
const LONGEST_READ = 1 << 30;

/** A file's name-free identity: what the manifest records of it. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * Writes a new file and waits until it is on the disk, not only in the page cache.
 *
 * @throws the system's error; `EEXIST` when the file is there already
 */
export async function writeDurably(
  path: string,
  chunks: Iterable<string | Uint8Array>,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(data);
      bytes += data.byteLength;
      // Unlike `write`, `writeFile` on a handle never stops half way, and it appends.
      await file.writeFile(data);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Puts a file that something else wrote onto the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a folder's entries onto the disk: without it a rename may be lost with the power. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder as a file, and has no need to.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Replaces a file in one step: a reader sees the old content or the new, never a mixture. */
export async function replaceDurably(
  path: string,
  chunks: Iterable<string | Uint8Array>,
): Promise<void> {
  const next = `${path}.next`;
  await rm(next, { force: true });
  await writeDurably(next, chunks);
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** Reads a whole file into a buffer of its own, so that typed arrays can be laid over it at offset 0. */
export async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const data = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(
        data,
        filled,
        Math.min(size - filled, LONGEST_READ),
        filled,
      );
      if (bytesRead === 0) return data.slice(0, filled);
      filled += bytesRead;
    }
    return data;
  } finally {
    await file.close();
  }
}
