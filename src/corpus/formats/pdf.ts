import { messageOf } from '../../errors.ts';
import { isEnglishWord } from '../../language/related-words.ts';
import { BlockBuilder, type Block } from './block.ts';
import { furnitureOf } from './pdf/furniture.ts';
import { inReadingOrder, lineOf, type Line } from './pdf/order.ts';
import { readPage, type PageText, type Piece } from './pdf/page.ts';
import { bodyStyleOf, draftsOf, type Draft, type PageRegions } from './pdf/paragraphs.ts';

export interface LeftOut {
  readonly lines: readonly [number, number];
  readonly why: string;
}

export type ReadPdf =
  | {
      readonly ok: true;
      /** The text of all pages in the order of reading, to whose lines the line numbers of the document refer. */
      readonly decoded: string;
      readonly blocks: readonly Block[];
      readonly title: string | null;
      readonly leftOut: readonly LeftOut[];
    }
  | { readonly ok: false; readonly message: string };

/**
 * Text of a PDF without running heads and page numbers. Line numbers are those of the extracted text, because a PDF has
 * no lines.
 */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const { getDocumentProxy } = await import('unpdf');
  const pages: PageText[] = [];
  let given: unknown;
  try {
    // A copy, because the PDF reader transfers the buffer. Not by `slice`, which for a Buffer shares the memory.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    const { info } = await pdf.getMetadata();
    given = 'Title' in info ? info.Title : undefined;
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      pages.push(await readPage(page));
      page.cleanup();
    }
    await pdf.destroy();
  } catch (error) {
    const found = messageOf(error).replace(/[.\s]+$/, '');
    const isLocked = /password/i.test(found);
    return {
      ok: false,
      message: isLocked
        ? 'expected a PDF that opens without a password, found an encrypted one. Save a copy without the password.'
        : `expected a PDF, found: ${found}. Save the document again, as PDF or as text.`,
    };
  }
  const furniture = furnitureOf(pages.map(({ rows }) => rows));
  const regions = pages.map(({ rows }, page): PageRegions => {
    const isFurniture = (row: readonly Piece[]): boolean => furniture[page]?.has(row) === true;
    const middle = rows.findIndex((row) => !isFurniture(row));
    const edges = rows.filter(isFurniture);
    const lines = (found: readonly (readonly Piece[])[]): Line[] => found.map(lineOf);
    return {
      regions: inReadingOrder(rows.filter((row) => !isFurniture(row)).flat()),
      head: lines(edges.filter((row) => rows.indexOf(row) < middle)),
      foot: lines(edges.filter((row) => rows.indexOf(row) >= middle)),
    };
  });
  const body = bodyStyleOf(regions);
  const drafts = draftsOf(regions, body);
  const written = write(drafts);
  if (!/\p{L}{2}/u.test(written.decoded)) {
    return {
      ok: false,
      message:
        'expected a PDF with text, found only images. Run text recognition (OCR) on it, or save its text.',
    };
  }
  return { ok: true, ...written, title: titleOf(given, drafts) };
}

/** A title that says something: not the name of a file or program, and more than one word. */
function titleOf(given: unknown, drafts: readonly Draft[]): string | null {
  const title = typeof given === 'string' ? given.replace(/\s+/g, ' ').trim() : '';
  const isName =
    /\.(?:docx?|odt|rtf|pdf|tex|dvi|indd|qxp|pptx?|xlsx?|html?|txt|wpd|pmd|fm|eps|ps)\b/i.test(
      title,
    ) ||
    /^(?:microsoft |untitled|document\s?\d*$|title$|layout \d|slide \d|no title|\(anonymous\)|print)/i.test(
      title,
    );
  const saysSomething =
    /\p{L}{2}.*\s.*\p{L}{2}/u.test(title) || /[\p{Script=Han}\p{Script=Kana}]{4}/u.test(title);
  if (saysSomething && !isName) return title;
  const first = drafts.filter(({ kind, page }) => kind === 'heading' && page === 0);
  const highest = Math.min(...first.map(({ level }) => level));
  const heading = first.find(({ level }) => level === highest);
  return heading === undefined ? null : heading.lines.map(({ text }) => text).join(' ');
}

function write(drafts: readonly Draft[]): { decoded: string; blocks: Block[]; leftOut: LeftOut[] } {
  const known = knownWords(drafts);
  const blocks: Block[] = [];
  const leftOut: LeftOut[] = [];
  const parts: string[] = [];
  let length = 0;
  let line = 1;
  for (const draft of drafts) {
    const block = new BlockBuilder();
    const firstLine = line;
    for (const [index, { text }] of draft.lines.entries()) {
      const next = draft.lines[index + 1]?.text ?? '';
      block.append(isBroken(text, next, known) ? text.slice(0, -1) : text, length);
      if (!joinsDirectly(text, next)) block.separate(length + text.length);
      parts.push(text, '\n');
      length += text.length + 1;
      line += 1;
    }
    if (draft.kind === 'furniture') {
      leftOut.push({ lines: [firstLine, line - 1], why: 'running head, page number' });
    } else if (!block.isEmpty)
      blocks.push(block.build(draft.kind === 'note' ? 'paragraph' : draft.kind, draft.level));
  }
  return { decoded: parts.join(''), blocks, leftOut };
}

const BREAK = /(\p{L}+)[-\u2010\u00ad]$/u;

function joinsDirectly(text: string, next: string): boolean {
  const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，」』）]/u;
  return (
    (BREAK.test(text) && /^\p{L}/u.test(next)) ||
    (cjk.test(text.slice(-1)) && cjk.test(next.slice(0, 1)))
  );
}

/** Words of the document as they stand in its lines, in small letters. */
function knownWords(drafts: readonly Draft[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { lines } of drafts) {
    for (const { text } of lines) {
      for (const [word] of text.replace(BREAK, '').matchAll(/\p{L}+(?:[-\u2010]\p{L}+)*/gu))
        words.add(word.toLowerCase().replaceAll('\u2010', '-'));
    }
  }
  return words;
}

/** Whether the hyphen at the end of a line only breaks a word: the joined word is one, or its parts are none. */
function isBroken(text: string, next: string, known: ReadonlySet<string>): boolean {
  const left = BREAK.exec(text)?.[1]?.toLowerCase();
  const right = /^\p{L}+/u.exec(next)?.[0];
  if (left === undefined || right === undefined) return false;
  if (text.endsWith('\u00ad')) return true;
  if (/^\p{Lu}/u.test(right)) return false;
  const isWord = (word: string): boolean => known.has(word) || isEnglishWord(word);
  if (known.has(left + right)) return true;
  if (known.has(`${left}-${right}`)) return false;
  return isEnglishWord(left + right) || !isWord(left) || !isWord(right);
}
