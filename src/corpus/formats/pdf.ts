/**
 * Text of a PDF in the order in which a reader takes it in. Line numbers are those of the extracted text, because a PDF
 * has no lines.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { ParsedBody } from './block.ts';
import { draftsOf, textOfDraft, type Draft, type PageRegions } from './pdf/drafts.ts';
import { furnitureOf } from './pdf/furniture.ts';
import { lineOf, type Piece } from './pdf/geometry.ts';
import { inReadingOrder } from './pdf/order.ts';
import { readPage, type FontCount, type PageText } from './pdf/page.ts';
import { MAX_UNFOLDED_BYTES, withoutPictures } from './pdf/unfold.ts';
import { write } from './pdf/write.ts';

export type ReadPdf =
  | (ParsedBody & {
      readonly ok: true;
      /** The text of all pages in the order of reading, to whose lines the line numbers of the document refer. */
      readonly decoded: string;
    })
  | { readonly ok: false; readonly message: string };

/** UTF-16 characters. A file of 5 MiB can use the same piece of text a million times; a book has about 1 million. */
const MAX_CHARACTERS = 10_000_000;
/** Share of a font's characters without a Unicode value from which none of its text can be trusted. */
const UNREADABLE = 0.04;

interface Opened {
  readonly pages: readonly PageText[];
  readonly title: unknown;
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const copy = await withoutPictures(bytes);
  if (copy === null) {
    return refusal(
      `expected a PDF that unfolds to at most ${MAX_UNFOLDED_BYTES / 1024 / 1024} MiB, found more. Save the document again, or split it.`,
    );
  }
  let opened: Opened | null;
  try {
    opened = await open(copy);
  } catch (error) {
    const found = messageOf(error).replace(/[.\s]+$/, '');
    return refusal(
      /password/i.test(found)
        ? 'expected a PDF that opens without a password, found an encrypted one. Save a copy without the password.'
        : `expected a PDF, found: ${found}. Save the document again, as PDF or as text.`,
    );
  }
  if (opened === null) {
    return refusal(
      `expected at most ${MAX_CHARACTERS / 1_000_000} million characters, found more. Split the document.`,
    );
  }
  const unreadable = unreadableFonts(opened.pages);
  const regions = regionsOf(opened.pages, unreadable);
  const drafts = draftsOf(regions);
  const written = write(drafts);
  if (!/\p{L}{2}/u.test(drafts.filter(hasText).map(textOfDraft).join('\n'))) {
    return refusal(
      unreadable.size > 0
        ? `expected a PDF whose fonts have a Unicode map, found none on ${pagesWith(opened.pages, unreadable)}. Run text recognition (OCR) on it, or save its text.`
        : 'expected a PDF with text, found only images. Run text recognition (OCR) on it, or save its text.',
    );
  }
  return { ok: true, ...written, title: titleOf(opened.title, drafts) };
}

function refusal(message: string): ReadPdf {
  return { ok: false, message };
}

/** Pages and the file's own title; null for too much text. */
async function open(bytes: Uint8Array): Promise<Opened | null> {
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

function unreadableFonts(pages: readonly PageText[]): Set<string> {
  const totals = new Map<string, FontCount>();
  for (const { fonts } of pages) {
    for (const [name, { unmapped, characters }] of fonts) {
      const total = totals.get(name) ?? { unmapped: 0, characters: 0 };
      totals.set(name, total);
      total.unmapped += unmapped;
      total.characters += characters;
    }
  }
  const bad = [...totals].filter(
    ([, { unmapped, characters }]) => unmapped > characters * UNREADABLE,
  );
  return new Set(bad.map(([name]) => name));
}

/** "page 3", "pages 1, 2 and 5". */
function pagesWith(pages: readonly PageText[], unreadable: ReadonlySet<string>): string {
  const numbers = pages.flatMap(({ fonts }, index) =>
    [...fonts.keys()].some((name) => unreadable.has(name)) ? [String(index + 1)] : [],
  );
  const list = new Intl.ListFormat('en').format(numbers);
  return numbers.length === 1 ? `page ${list}` : `pages ${list}`;
}

function regionsOf(pages: readonly PageText[], unreadable: ReadonlySet<string>): PageRegions[] {
  const readable = pages.map(({ rows }) =>
    rows
      .map((row) => row.filter(({ font }) => !unreadable.has(font)))
      .filter((row) => row.length > 0),
  );
  const furniture = furnitureOf(readable);
  return readable.map((rows, index): PageRegions => {
    const edges = furniture[index] ?? new Set<readonly Piece[]>();
    const body = rows.filter((row) => !edges.has(row));
    const top = body[0]?.[0]?.y ?? Infinity;
    const lines = [...edges].map(lineOf).sort((a, b) => a.y - b.y);
    const { fonts, turned } = pages[index] ?? { fonts: new Map<string, FontCount>(), turned: [] };
    const isUnreadable = [...fonts.keys()].some((font) => unreadable.has(font));
    return {
      regions: inReadingOrder(body.flat()),
      head: lines.filter(({ y }) => y < top),
      foot: lines.filter(({ y }) => y >= top),
      leftOut: [
        ...turned.map((text) => ({ text, why: 'text across the page' })),
        ...(isUnreadable ? [unreadablePage(index + 1)] : []),
      ],
    };
  });
}

function unreadablePage(number: number): { text: string; why: string } {
  return {
    text: `[page ${number}: text that cannot be read]`,
    why: `page ${number} has text in a font without a Unicode map; run text recognition (OCR) on it`,
  };
}

function hasText({ kind }: Draft): boolean {
  return kind !== 'leftOut';
}

const NAMES_OF_FILES =
  /\.(?:docx?|odt|rtf|pdf|tex|dvi|indd|qx[dp]|pptx?|xlsx?|html?|txt|wpd|pmd|fm|e?ps)\b/i;
const NAMES_OF_PROGRAMS =
  /^(?:microsoft |untitled|document\s?\d*$|layout \d|slide \d|no title|\(anonymous\)|print)/i;

/** The title in a file's own data; null where it says nothing, such as the name of a file or of a program. */
export function titleThatSays(given: unknown): string | null {
  const title = typeof given === 'string' ? given.replace(/\s+/g, ' ').trim() : '';
  const saysSomething =
    /\p{L}{2}.*\s.*\p{L}{2}/u.test(title) || /[\p{Script=Han}\p{Script=Katakana}]{4}/u.test(title);
  if (!saysSomething || NAMES_OF_FILES.test(title) || NAMES_OF_PROGRAMS.test(title)) return null;
  return title;
}

/** The file's own title, else the largest heading of the first page. */
function titleOf(given: unknown, drafts: readonly Draft[]): string | null {
  const title = titleThatSays(given);
  if (title !== null) return title;
  const first = drafts.filter(({ kind, page }) => kind === 'heading' && page === 0);
  const highest = Math.min(...first.map(({ level }) => level));
  const heading = first.find(({ level }) => level === highest);
  return heading === undefined ? null : textOfDraft(heading);
}
