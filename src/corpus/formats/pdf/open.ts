/** Opens a PDF, unless it would take all memory. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInflate } from 'node:zlib';
import { messageOf } from '../../../errors.ts';
import { readPage, type PageText } from './page.ts';

/** UTF-16 characters. A file of 5 MiB can use the same piece of text a million times; a book has about 1 million. */
const MAX_CHARACTERS = 10_000_000;
/** Bytes of all streams that are not pictures. Text, fonts and tables of a file of 5 MiB are a tenth of this. */
const MAX_UNFOLDED_BYTES = 64 * 1024 * 1024;

/** Before the keyword `stream`. Dictionaries are shorter. */
const LONGEST_DICTIONARY = 4096;

const PICTURE_FILTERS = /^(?:DCT|DCTDecode|JPXDecode|CCF|CCITTFaxDecode|JBIG2Decode)$/;

interface OpenedPdf {
  readonly pages: readonly PageText[];
  /** As the file has it. */
  readonly title: unknown;
}

/** Pages and the file's own title, or why it cannot be opened. */
export async function openPdf(bytes: Uint8Array): Promise<OpenedPdf | string> {
  const copy = await withoutPictures(bytes);
  if (copy === null) {
    return `expected a PDF that unfolds to at most ${MAX_UNFOLDED_BYTES / 1024 / 1024} MiB, found more. Save the document again, or split it.`;
  }
  try {
    const opened = await pagesOf(copy);
    return (
      opened ??
      `expected at most ${MAX_CHARACTERS / 1_000_000} million characters, found more. Split the document.`
    );
  } catch (error) {
    const found = messageOf(error).replace(/[.\s]+$/, '');
    return /password/i.test(found)
      ? 'expected a PDF that opens without a password, found an encrypted one. Save a copy without the password.'
      : `expected a PDF, found: ${found}. Save the document again, as PDF or as text.`;
  }
}

/** Null for too much text. */
async function pagesOf(bytes: Uint8Array): Promise<OpenedPdf | null> {
  const { getDocumentProxy } = await import('unpdf');
  // Tables of characters for fonts of Chinese, Japanese and Korean that bring none of their own.
  const tables = createRequire(import.meta.url).resolve('pdfjs-dist/cmaps/LICENSE');
  const cMapUrl = join(dirname(tables), '/');
  const pdf = await getDocumentProxy(bytes, { verbosity: 0, cMapUrl });
  try {
    const { info } = await pdf.getMetadata();
    const pages: PageText[] = [];
    let characters = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      const read = await readPage(page, MAX_CHARACTERS - characters);
      page.cleanup();
      if (read === null) return null;
      pages.push(read);
      for (const font of read.fonts.values()) characters += font.characters;
    }
    return { pages, title: 'Title' in info ? info.Title : null };
  } finally {
    await pdf.destroy();
  }
}

/**
 * Resolves with a copy of the file without the data of pictures and attached files, which text does not need; with null
 * when its other streams unfold to more than `limit` bytes. Deflate packs a thousand to one, and the PDF reader unpacks a
 * stream as a whole, so a small file could take all memory. Streams are found by their keyword, without following the
 * file's tables: what no table names is counted too. Those of encrypted files cannot be looked into and are not counted.
 */
export async function withoutPictures(
  bytes: Uint8Array,
  limit = MAX_UNFOLDED_BYTES,
): Promise<Uint8Array | null> {
  const copy = Buffer.from(bytes);
  let left = limit;
  for (let at = copy.indexOf('stream'); at !== -1; at = copy.indexOf('stream', at + 6)) {
    if (copy.toString('latin1', at - 3, at) === 'end') continue;
    const start = copy[at + 6] === 0x0d ? at + 8 : at + 7;
    const before = copy.toString('latin1', Math.max(0, at - LONGEST_DICTIONARY), at);
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1);
    const filters = filtersOf(dictionary);
    if (
      /\/Subtype\s*\/Image\b|\/Type\s*\/EmbeddedFile\b/.test(dictionary) ||
      filters?.some((filter) => PICTURE_FILTERS.test(filter)) === true
    ) {
      const end = copy.indexOf('endstream', start);
      copy.fill(0x20, start, end === -1 ? copy.length : end);
      continue;
    }
    left -= await unfoldedSize(copy.subarray(start), filters ?? ['FlateDecode'], left);
    if (left < 0) return null;
  }
  return new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
}

/** Names of the filters, first one first; null where the dictionary leaves them to another object. */
function filtersOf(dictionary: string): string[] | null {
  const found = /\/Filter\s*(?:\[([^\]]*)\]|\/(\w+)|\d)/.exec(dictionary);
  if (found === null) return [];
  if (found[2] !== undefined) return [found[2]];
  return found[1]?.match(/\w+/g) ?? null;
}

/** Bytes after all filters, or any number above `limit`. */
async function unfoldedSize(
  packed: Buffer,
  filters: readonly string[],
  limit: number,
): Promise<number> {
  let data = packed;
  for (const [index, filter] of filters.entries()) {
    // Data packed twice is what no program writes.
    if (index < filters.length - 1 && !/^A/.test(filter)) return Infinity;
    switch (filter) {
      case 'Fl':
      case 'FlateDecode':
        return inflatedSize(data, limit);
      case 'LZW':
      case 'LZWDecode':
        return Math.max(lzwSize(data, 0, limit), lzwSize(data, 1, limit));
      case 'RL':
      case 'RunLengthDecode':
        return runLengthSize(untilEnd(data));
      case 'A85':
      case 'ASCII85Decode':
        data = fromAscii85(untilEnd(data));
        break;
      case 'AHx':
      case 'ASCIIHexDecode':
        data = Buffer.from(
          untilEnd(data)
            .toString('latin1')
            .replace(/[^0-9a-f]/gi, ''),
          'hex',
        );
        break;
      default:
        return 0;
    }
  }
  return 0;
}

function untilEnd(data: Buffer): Buffer {
  const end = data.indexOf('endstream');
  return end === -1 ? data : data.subarray(0, end);
}

/** What comes before damage counts: the PDF reader uses it. */
async function inflatedSize(data: Buffer, limit: number): Promise<number> {
  const inflate = createInflate();
  let size = 0;
  inflate.end(data);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) break;
    }
  } catch {
    return size;
  }
  return size;
}

/**
 * Length of what LZW codes of 9 to 12 bits stand for (PDF 32000-1, 7.4.4).
 *
 * @param early 1 where codes grow one code early, 0 where they do not
 */
function lzwSize(data: Buffer, early: 0 | 1, limit: number): number {
  const lengths = new Int32Array(4096).fill(1, 0, 256);
  let next = 258;
  let width = 9;
  let before = 0;
  let size = 0;
  let bits = 0;
  let bitCount = 0;
  for (const byte of data) {
    bits = ((bits << 8) | byte) & 0xfffff;
    bitCount += 8;
    if (bitCount < width) continue;
    bitCount -= width;
    const code = (bits >> bitCount) & ((1 << width) - 1);
    if (code === 257) break;
    if (code === 256) {
      next = 258;
      width = 9;
      before = 0;
      continue;
    }
    const length = code < next ? (lengths[code] ?? 0) : before + 1;
    size += length;
    if (size > limit) break;
    if (before > 0 && next < 4096) {
      lengths[next] = before + 1;
      next += 1;
    }
    before = length;
    width = Math.min(12, Math.max(9, 32 - Math.clz32(next + early)));
  }
  return size;
}

/** A byte below 128 is followed by that many bytes and one more, one above by a byte to repeat (7.4.5). */
function runLengthSize(data: Buffer): number {
  let size = 0;
  for (let at = 0; at < data.length;) {
    const length = data[at] ?? 128;
    if (length === 128) break;
    size += length < 128 ? length + 1 : 257 - length;
    at += length < 128 ? length + 2 : 2;
  }
  return size;
}

/** Five characters stand for four bytes, "z" for four zeros (7.4.3). */
function fromAscii85(data: Buffer): Buffer {
  const bytes: number[] = [];
  let group: number[] = [];
  const flush = (): void => {
    const missing = 5 - group.length;
    const digits = [...group, ...Array.from({ length: missing }, () => 84)];
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    for (let i = 0; i < 4 - missing; i++) bytes.push(Math.floor(value / 256 ** (3 - i)) & 0xff);
    group = [];
  };
  for (const code of data) {
    if (code === 0x7e) break;
    if (code === 0x7a && group.length === 0) bytes.push(0, 0, 0, 0);
    else if (code >= 0x21 && code <= 0x75) group.push(code - 0x21);
    if (group.length === 5) flush();
  }
  if (group.length > 1) flush();
  return Buffer.from(bytes);
}
