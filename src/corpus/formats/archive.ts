import { fromBufferPromise } from 'yauzl';

/**
 * Bytes of the parts that are read, unpacked. The text of a novel is 1 MiB, and the reader of DOCX takes about thirty
 * times as much memory as it has text.
 */
export const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/** Parts by their path in the archive. */
export type Archive = ReadonlyMap<string, Uint8Array>;

/**
 * The parts of a ZIP archive whose path `isWanted`; null when they unpack to more than `limit` bytes. No part is unpacked
 * further than the archive says that it is large.
 *
 * @throws Error when the archive is damaged
 */
export async function readArchive(
  bytes: Uint8Array,
  isWanted: (path: string) => boolean,
  limit = MAX_UNPACKED_BYTES,
): Promise<Archive | null> {
  const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
  const parts = new Map<string, Uint8Array>();
  let left = limit;
  for await (const entry of zip.eachEntry()) {
    if (!isWanted(entry.fileName)) continue;
    left -= entry.uncompressedSize;
    if (left < 0) return null;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    parts.set(entry.fileName, Buffer.concat(chunks));
  }
  return parts;
}
