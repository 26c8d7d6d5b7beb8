/**
 * Text of a PDF in the order in which a reader takes it in. Line numbers are those of the extracted text, because a PDF
 * has no lines.
 */
import { isEnglishWord } from '../../language/words.ts';
import { BlockBuilder, UNSPACED, type Block, type LeftOutSpan, type ParsedBody } from './block.ts';
import { openPdf } from './pdf/open.ts';
import { inReadingOrder } from './pdf/order.ts';
import {
  gapsOf,
  heightOf,
  lineOf,
  median,
  textOf,
  type FontCount,
  type PageText,
  type Piece,
} from './pdf/page.ts';
import { draftsOf, textOfDraft, type Draft, type PageRegions } from './pdf/paragraphs.ts';

export type ReadPdf =
  | (ParsedBody & {
      readonly ok: true;
      /** The text of all pages in the order of reading, to whose lines the line numbers of the document refer. */
      readonly decoded: string;
    })
  | { readonly ok: false; readonly message: string };

/** Share of a font's characters without a Unicode value from which none of its text can be trusted. */
const UNREADABLE = 0.04;

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const opened = await openPdf(bytes);
  if (typeof opened === 'string') return refusal(opened);
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

/** Drafts of blocks as the text that line numbers refer to, and as blocks with offsets in it. */
function write(drafts: readonly Draft[]): {
  decoded: string;
  blocks: Block[];
  leftOut: LeftOutSpan[];
} {
  const known = knownWords(drafts);
  const blocks: Block[] = [];
  const leftOut: LeftOutSpan[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const { kind, level, why, lines } of drafts) {
    const block = new BlockBuilder();
    const start = length;
    for (const [index, { text }] of lines.entries()) {
      const next = lines[index + 1]?.text ?? '';
      block.append(isBroken(text, next, known) ? text.slice(0, -1) : text, length);
      if (!joinsDirectly(text, next)) block.separate(length + text.length);
      parts.push(text, '\n');
      length += text.length + 1;
    }
    if (kind === 'leftOut') leftOut.push({ start, end: length - 1, why });
    else if (!block.isEmpty) {
      const built = block.build(kind === 'note' ? 'paragraph' : kind, level);
      blocks.push(kind === 'heading' ? { ...built, guessed: true } : built);
    }
  }
  return { decoded: parts.join(''), blocks, leftOut };
}

/** A word and the hyphen at the end of its line; U+2010 is the hyphen proper, U+00AD the soft one. */
const BREAK = /(\p{L}+)[-\u2010\u00ad]$/u;

/** Whether no space belongs between two lines. */
function joinsDirectly(text: string, next: string): boolean {
  // In "pre- and post-war" the hyphen stands for a part.
  const isJoint = /[\p{L}\p{N}][-\u2010\u00ad]$/u.test(text) && /^[\p{L}\p{N}]/u.test(next);
  if (isJoint) return !/^(?:and|or|to|und|oder|et)(?!\p{L})/u.test(next);
  return UNSPACED.test(text.slice(-1)) && UNSPACED.test(next.slice(0, 1));
}

/** Words as they stand inside the lines, in small letters. */
function knownWords(drafts: readonly Draft[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { lines } of drafts) {
    for (const { text } of lines) {
      const whole = text.replace(BREAK, '').replaceAll('\u2010', '-').toLowerCase();
      for (const [word] of whole.matchAll(/\p{L}+(?:-\p{L}+)*/gu)) words.add(word);
    }
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

type Row = readonly Piece[];

/** Lines from either edge that are looked at: a head, the rule or date below it, a number. */
const DEEPEST = 4;
/** Points. Heads of facing pages may differ by rounding. */
const SAME_HEIGHT = 3;
/** Pages between two uses of the same head: 2 where left and right pages have their own. */
const FARTHEST = 2;

/** In distances of lines: the white between a running head and the text. */
const SET_OFF = 1.2;
/** UTF-16 characters. */
const LONGEST_HEAD = 100;

const PAGE_NUMBER =
  /^(?:page|p\.|seite|página|стр\.)?\s*[-–—[(|]*\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—\])|]*(?:\s*(?:of|\/|von|de|из)\s*\d{1,4})?$|^第?\s*\d{1,4}\s*(?:ページ|頁|页)$/iu;

/**
 * Running heads and page numbers: lines at the edge of a page that other pages have at the same height, the same text but
 * for figures, on every page or every second; or numbers that count the pages.
 *
 * @returns for each page, its lines that are furniture
 */
function furnitureOf(pages: readonly (readonly Row[])[]): Set<Row>[] {
  const edges = pages.map((rows) => ({
    top: rows.slice(0, DEEPEST),
    bottom: rows.slice(-DEEPEST).reverse(),
  }));
  return pages.map((rows, page) => {
    const found = new Set<Row>();
    // A page of one line is not all furniture.
    if (rows.length === 1 && pages.length === 1) return found;
    // Of a few lines nobody can tell.
    const usual = rows.length <= 2 * DEEPEST ? 0 : median(gapsOf(rows.map(heightOf)));
    for (const side of ['top', 'bottom'] as const) {
      const others = (distance: number): readonly Row[] => edges[page + distance]?.[side] ?? [];
      const inwards = side === 'top' ? rows : [...rows].reverse();
      const isHead = (row: Row): boolean =>
        recurs(row, others) || counts(row, others, page, pages.length);
      const edge = edges[page]?.[side] ?? [];
      const inside = edge.findIndex((row) => !isHead(row));
      const heads = inside === -1 ? edge : edge.slice(0, inside);
      // Lines that the text goes on from without white are text that pages share.
      const isSetOff = (row: Row, index: number): boolean =>
        PAGE_NUMBER.test(textOf(row).trim()) ||
        Math.abs(heightOf(inwards[index + 1] ?? row) - heightOf(row)) > usual * SET_OFF;
      for (const row of heads.slice(0, heads.findLastIndex(isSetOff) + 1)) found.add(row);
    }
    return found;
  });
}

type Others = (distance: number) => readonly Row[];

const distances = [-2, -1, 1, 2].filter((distance) => Math.abs(distance) <= FARTHEST);

function recurs(row: Row, others: Others): boolean {
  const key = keyOf(row);
  if (!/\p{L}/u.test(key)) return false;
  return distances.some((distance) =>
    others(distance).some(
      (other) => Math.abs(heightOf(other) - heightOf(row)) <= SAME_HEIGHT && keyOf(other) === key,
    ),
  );
}

/** Figures count up from page to page, and so may Roman ones. */
function keyOf(row: Row): string {
  return textOf(row)
    .toLowerCase()
    .replace(/\d+|(?<!\p{L})[ivxl]+(?!\p{L})/gu, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A page number alone, or at the end of a line whose text changes, such as the name of the chapter. */
function counts(row: Row, others: Others, page: number, pageCount: number): boolean {
  const text = textOf(row).replace(/\s+/g, ' ').trim();
  const alone = PAGE_NUMBER.exec(text);
  if (alone !== null && /^[ivxl]+$/i.test(alone[1] ?? '')) return true;
  const numbers = outerNumbers(text);
  const followers = distances.filter((distance) =>
    others(distance).some(
      (other) =>
        Math.abs(heightOf(other) - heightOf(row)) <= SAME_HEIGHT &&
        outerNumbers(textOf(other)).some((number) => numbers.includes(number - distance)),
    ),
  ).length;
  if (alone !== null) return followers > 0 || pageCount < 3 || numbers.includes(page + 1);
  return followers > 1 && text.length <= LONGEST_HEAD;
}

/** The figures that a line begins and ends with. */
function outerNumbers(text: string): number[] {
  const ends = [
    /^\W*(\d{1,4})(?=\s|\/|\W*$)/u.exec(text.trim()),
    /(?:^|\s)\W*(\d{1,4})\W*$/u.exec(text.trim()),
  ];
  return ends.flatMap((found) => (found === null ? [] : [Number(found[1])]));
}
