/**
 * Text of a PDF in the order in which a reader takes it in. Line numbers are those of the extracted text, because a PDF
 * has no lines.
 */
import { createInflate } from 'node:zlib';
import { messageOf } from '../../errors.ts';
import { isEnglishWord } from '../../language/words.ts';
import {
  BlockBuilder,
  Unreadable,
  SCRIPT_WITHOUT_SPACES,
  type Block,
  type ExtractedBody,
  type LeftOutSpan,
} from './block.ts';
import { inReadingOrder, lineOf } from './pdf/order.ts';
import { furnitureOf, pagesOf, type FontCount, type PageText } from './pdf/page.ts';
import { draftsOf, textOfDraft, type Draft, type PageRegions } from './pdf/paragraphs.ts';
import { titleThatSays } from './structure.ts';

/** Share of a font's characters without a Unicode value from which none of its text can be trusted. */
const UNREADABLE = 0.04;

export async function readPdf(bytes: Uint8Array): Promise<ExtractedBody> {
  const { pages, title } = await openPdf(bytes);
  const unreadable = unreadableFonts(pages);
  const drafts = draftsOf(regionsOf(pages, unreadable));
  const texts = drafts.filter(({ kind }) => kind !== 'leftOut').map(textOfDraft);
  if (!texts.some((text) => /\p{L}{2}/u.test(text))) {
    const found =
      unreadable.size > 0
        ? `whose fonts have a Unicode map, found none on ${pagesWith(pages, unreadable)}`
        : 'with text, found only images';
    const hint = 'Run text recognition (OCR) on it, or save its text.';
    throw new Unreadable(`expected a PDF ${found}. ${hint}`);
  }
  return { ...write(drafts), title: titleOf(title, drafts) };
}

function unreadableFonts(pages: readonly PageText[]): Set<string> {
  const totals = new Map<string, FontCount>();
  for (const [name, { unmapped, characters }] of pages.flatMap(({ fonts }) => [...fonts])) {
    const total = totals.get(name) ?? { unmapped: 0, characters: 0 };
    totals.set(name, total);
    total.unmapped += unmapped;
    total.characters += characters;
  }
  for (const [name, { unmapped, characters }] of totals)
    if (unmapped <= characters * UNREADABLE) totals.delete(name);
  return new Set(totals.keys());
}

function isUnreadable({ fonts }: PageText, unreadable: ReadonlySet<string>): boolean {
  return [...fonts.keys()].some((name) => unreadable.has(name));
}

/** "page 3", "pages 1, 2 and 5". */
function pagesWith(pages: readonly PageText[], unreadable: ReadonlySet<string>): string {
  const numbers = pages.flatMap((page, index) =>
    isUnreadable(page, unreadable) ? [String(index + 1)] : [],
  );
  return `page${numbers.length === 1 ? '' : 's'} ${new Intl.ListFormat('en').format(numbers)}`;
}

function regionsOf(pages: readonly PageText[], unreadable: ReadonlySet<string>): PageRegions[] {
  const readable = pages.map(({ rows }) =>
    rows
      .map((row) => row.filter(({ font }) => !unreadable.has(font)))
      .filter((row) => row.length > 0),
  );
  const furniture = furnitureOf(readable);
  return pages.map((page, index): PageRegions => {
    const edges = furniture[index] ?? new Set();
    const body = readable[index]?.filter((row) => !edges.has(row)) ?? [];
    const top = body[0]?.[0]?.y ?? Infinity;
    const lines = [...edges].map(lineOf).sort((a, b) => a.y - b.y);
    const name = `page ${index + 1}`;
    const unread = {
      text: `[${name}: text that cannot be read]`,
      why: `${name} has text in a font without a Unicode map; run text recognition (OCR) on it`,
    };
    return {
      regions: inReadingOrder(body.flat()),
      head: lines.filter(({ y }) => y < top),
      foot: lines.filter(({ y }) => y >= top),
      leftOut: [...page.leftOut, ...(isUnreadable(page, unreadable) ? [unread] : [])],
    };
  });
}

/** Drafts of blocks as the text that line numbers refer to, and as blocks with offsets in it. */
function write(drafts: readonly Draft[]): ExtractedBody {
  const known = knownWords(drafts);
  const blocks: Block[] = [];
  const leftOut: LeftOutSpan[] = [];
  let decoded = '';
  for (const { kind, level, why, lines } of drafts) {
    const block = new BlockBuilder();
    const start = decoded.length;
    for (const [index, { text }] of lines.entries()) {
      const next = lines[index + 1]?.text ?? '';
      block.append(isBroken(text, next, known) ? text.slice(0, -1) : text, decoded.length);
      if (!joinsDirectly(text, next)) block.separate(decoded.length + text.length);
      decoded += `${text}\n`;
    }
    if (kind === 'leftOut') leftOut.push({ start, end: decoded.length - 1, why });
    else if (!block.isEmpty) {
      const built = block.build(kind === 'note' ? 'paragraph' : kind, level);
      blocks.push(kind === 'heading' ? { ...built, guessed: true } : built);
    }
  }
  return { decoded, blocks, leftOut };
}

/** A word and the hyphen at the end of its line; U+2010 is the hyphen proper, U+00AD the soft one. */
const BREAK = /(\p{L}+)[-\u2010\u00ad]$/u;

/** Whether no space belongs between two lines. */
function joinsDirectly(text: string, next: string): boolean {
  // In "pre- and post-war" the hyphen stands for a part.
  const isJoint = /[\p{L}\p{N}][-\u2010\u00ad]$/u.test(text) && /^[\p{L}\p{N}]/u.test(next);
  if (isJoint) return !/^(?:and|or|to|und|oder|et)(?!\p{L})/u.test(next);
  return SCRIPT_WITHOUT_SPACES.test(text.slice(-1)) && SCRIPT_WITHOUT_SPACES.test(next.slice(0, 1));
}

/** Words as they stand inside the lines, in small letters. */
function knownWords(drafts: readonly Draft[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { text } of drafts.flatMap(({ lines }) => lines)) {
    const whole = text.replace(BREAK, '').replaceAll('\u2010', '-').toLowerCase();
    for (const [word] of whole.matchAll(/\p{L}+(?:-\p{L}+)*/gu)) words.add(word);
  }
  return words;
}

/**
 * Whether the hyphen at the end of a line only breaks a word: where the document has the word, as it has it; else where
 * the joined word is one, or one of its parts is none.
 */
function isBroken(text: string, next: string, known: ReadonlySet<string>): boolean {
  const left = BREAK.exec(text)?.[1]?.toLowerCase();
  const right = /^\p{L}+/u.exec(next)?.[0].toLowerCase();
  if (left === undefined || right === undefined) return false;
  if (text.endsWith('\u00ad') || known.has(left + right)) return true;
  if (/^\p{Lu}/u.test(next)) return false;
  if (known.has(`${left}-${right}`)) return false;
  const isWord = (word: string): boolean => known.has(word) || isEnglishWord(word);
  return isEnglishWord(left + right) || !isWord(left) || !isWord(right);
}

/** The file's own title, else the largest heading of the first page. */
function titleOf(given: unknown, drafts: readonly Draft[]): string | null {
  const [heading] = drafts
    .filter(({ kind, page }) => kind === 'heading' && page === 0)
    .sort((a, b) => a.level - b.level);
  return titleThatSays(given) ?? (heading === undefined ? null : textOfDraft(heading));
}

/** Bytes of all streams that are not pictures. Text, fonts and tables of a document are a tenth of this. */
const MAX_UNFOLDED_BYTES = 64 * 1024 * 1024;

/** Before the keyword `stream`. Dictionaries are shorter. */
const LONGEST_DICTIONARY = 4096;

const PICTURE_FILTERS = /^(?:DCT|DCTDecode|JPXDecode|CCF|CCITTFaxDecode|JBIG2Decode)$/;

/** @throws Unreadable */
async function openPdf(bytes: Uint8Array) {
  const copy = await withoutPictures(bytes);
  if (copy === null) {
    const limit = MAX_UNFOLDED_BYTES / 1024 / 1024;
    const message = `expected a PDF that unfolds to at most ${limit} MiB, found more. Save the document again, or split it.`;
    throw new Unreadable(message);
  }
  return pagesOf(copy).catch((cause: unknown) => {
    if (cause instanceof Unreadable) throw cause;
    const found = messageOf(cause).replace(/[.\s]+$/, '');
    const message = /password/i.test(found)
      ? 'expected a PDF that opens without a password, found an encrypted one. Save a copy without the password.'
      : `expected a PDF, found: ${found}. Save the document again, as PDF or as text.`;
    throw new Unreadable(message, { cause });
  });
}

/**
 * Resolves with a copy of the file without the data of pictures and attached files, which text does not need; with null
 * when its other streams unfold to more than `limit` bytes. Deflate packs a thousand to one, and the PDF reader unpacks a
 * stream as a whole, so a small file could take all memory. Streams are found by their keyword, without following the
 * file's tables: what no table names is counted too. Those of encrypted files cannot be looked into and are not counted.
 */
export async function withoutPictures(bytes: Uint8Array, limit = MAX_UNFOLDED_BYTES) {
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
async function unfoldedSize(packed: Buffer, filters: readonly string[], limit: number) {
  let data = packed;
  for (const [index, filter] of filters.entries()) {
    // Data packed twice is what no program writes.
    if (index < filters.length - 1 && !/^A/.test(filter)) return Infinity;
    if (/^Fl(?:ateDecode)?$/.test(filter)) return inflatedSize(data, limit);
    if (/^LZW(?:Decode)?$/.test(filter)) {
      return Math.max(lzwSize(data, 0, limit), lzwSize(data, 1, limit));
    }
    if (!/^(?:RL|RunLengthDecode|A85|ASCII85Decode|AHx|ASCIIHexDecode)$/.test(filter)) return 0;
    const end = data.indexOf('endstream');
    const own = end === -1 ? data : data.subarray(0, end);
    const text = own.toString('latin1');
    // At most 128 bytes for every two (7.4.5).
    if (/^(?:RL|RunLengthDecode)$/.test(filter)) return 64 * own.length;
    if (/^(?:A85|ASCII85Decode)$/.test(filter)) data = fromAscii85(text);
    else data = Buffer.from(text.replace(/[^0-9a-f]/gi, ''), 'hex');
  }
  return 0;
}

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
    // What comes before damage counts: the PDF reader uses it.
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

/** Five characters stand for four bytes, "z" for four zeros (7.4.3). */
function fromAscii85(data: string): Buffer {
  const text = data
    .replace(/~.*/s, '')
    .replaceAll('z', '!!!!!')
    .replace(/[^!-u]/g, '');
  const groups = text.match(/.{1,5}/g) ?? [];
  const bytes = Buffer.alloc(4 * groups.length);
  for (const [index, group] of groups.entries()) {
    let value = 0;
    for (const digit of group.padEnd(5, 'u')) value = value * 85 + digit.charCodeAt(0) - 0x21;
    bytes.writeUInt32BE(value % 2 ** 32, 4 * index);
  }
  return bytes.subarray(0, Math.floor((text.length * 4) / 5));
}
