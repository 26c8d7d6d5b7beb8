/**
 * The pages of a PDF as lines of pieces of text with places, and which of these are running heads and page numbers.
 * A PDF has neither words nor lines, only glyphs at positions. All units are points after the page is turned upright: x to the right, y downwards.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Util, type PDFPageProxy } from 'unpdf/pdfjs';
import { Unreadable } from '../block.ts';
import { gapsOf, heightOf, median, rowsOf, textOf, type Piece, type Row } from './order.ts';

type TextContent = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;
type TextItem = Extract<TextContent['items'][number], { str: string }>;

export interface FontCount {
  /** Characters without a Unicode value. */
  unmapped: number;
  /** All characters but spaces. */
  characters: number;
}

export interface PageText {
  /** Each line from left to right, the lines from top to bottom, whatever the columns. */
  readonly rows: readonly Row[];
  /** Text that does not belong to the page, with the reason. */
  readonly leftOut: readonly { readonly text: string; readonly why: string }[];
  readonly fonts: ReadonlyMap<string, FontCount>;
}

/** In font sizes: a wider gap is a space, and one still wider separates pieces. Readers of PDF use about these. */
const SPACE_GAP = 0.13;
const PIECE_GAP = 0.65;
/** In heights of the page: smaller letters are not seen. */
const SMALLEST = 0.001;
/** Control characters and private use: what a font without a Unicode map gives for its own glyph numbers. */
const UNMAPPED = /(?![\t\n\f\r])[\p{Cc}\p{Co}\ufffd]/gu;

/** UTF-16 characters. A small file can use the same piece of text a million times; a book has about 1 million. */
const MAX_CHARACTERS = 10_000_000;

/** @throws Unreadable for too much text; the library's error for what is no PDF */
export async function pagesOf(bytes: Uint8Array) {
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
      pages.push(read);
      for (const font of read.fonts.values()) characters += font.characters;
    }
    return { pages, title: 'Title' in info ? info.Title : null };
  } finally {
    await pdf.destroy();
  }
}

async function readPage(page: PDFPageProxy, limit: number): Promise<PageText> {
  const { transform, height } = page.getViewport({ scale: 1 });
  const { items, styles } = await contentOf(page, limit);
  const unseen: string[] = [];
  const cells = uprightCells(items);
  const byDirection = new Map<number, Piece[]>();
  const fonts = new Map<string, FontCount>();
  for (const [order, item] of items.entries()) {
    const place: readonly number[] = Util.transform(transform, item.transform as number[]);
    const [a = 0, down = 0, c = 0, d = 0, e = 0, f = 0] = place;
    // In the viewport y runs downwards; the angle of the letters is wanted with y upwards.
    const b = -down;
    const size = Math.hypot(c, d);
    if (!(size > 0) || item.str.trim() === '') continue;
    if (size < height * SMALLEST) {
      unseen.push(item.str);
      continue;
    }
    const text = withTexCharacters(item.str);
    const font = fonts.get(item.fontName) ?? { unmapped: 0, characters: 0 };
    fonts.set(item.fontName, font);
    font.unmapped += text.match(UNMAPPED)?.length ?? 0;
    font.characters += text.replace(/\s/g, '').length;
    // Vertical writing is text turned by a quarter whose lines follow each other from right to left.
    const isVertical = styles[item.fontName]?.vertical === true || cells.has(item);
    const quarters = Math.round(Math.atan2(b, a) / (Math.PI / 2)) + (isVertical ? 3 : 0);
    const direction = (quarters + 8) % 4;
    const [x, y] = turnedBack(direction, e, cells.has(item) ? f - size * ABOVE_BASE_LINE : f);
    const pieces = byDirection.get(direction) ?? [];
    byDirection.set(direction, pieces);
    pieces.push({
      text: text.replace(UNMAPPED, '\ufffd'),
      x0: x,
      x1: x + (isVertical ? item.height : item.width),
      y,
      size,
      font: item.fontName,
      order,
    });
  }
  const [main = [], ...others] = [...byDirection.values()].sort(
    (one, other) => lengthOf(other) - lengthOf(one),
  );
  const { rows, readings } = withoutReadings(rowsOf(main).map(joined));
  // Such as a stamp along the edge.
  const turned = others.flatMap((pieces) => rowsOf(pieces).map((row) => textOf(joined(row))));
  return {
    rows,
    leftOut: [
      ...turned.map((text) => ({ text, why: 'text across the page' })),
      ...readings.map((text) => ({ text, why: 'reading of the characters below it' })),
      ...unseen.map((text) => ({ text, why: 'letters too small to be seen' })),
    ],
    fonts,
  };
}

/** In font sizes of the characters that are read. */
const LARGEST_READING = 0.62;
const FARTHEST_READING = 1.5;

/** Small kana right above other characters say how those are read (ruby). */
function withoutReadings(rows: readonly Piece[][]) {
  const readings: string[] = [];
  const kept = rows.map((row, index) =>
    row.filter((piece) => {
      const isReading =
        /^[\p{Script=Hiragana}\p{Script=Katakana}\u30fb\u30fc\s]+$/u.test(piece.text) &&
        (rows[index + 1] ?? []).some(
          ({ size, x0, x1, y }) =>
            piece.size <= size * LARGEST_READING &&
            y - piece.y < size * FARTHEST_READING &&
            piece.x0 < x1 &&
            x0 < piece.x1,
        );
      if (isReading) readings.push(piece.text);
      return !isReading;
    }),
  );
  return { rows: kept.filter((row) => row.length > 0), readings };
}

/** @throws Unreadable for more than `limit` characters: a form can be printed any number of times */
async function contentOf(page: PDFPageProxy, limit: number) {
  const items: TextItem[] = [];
  const styles: Record<string, { readonly vertical?: boolean } | undefined> = {};
  let length = 0;
  for await (const chunk of page.streamTextContent() as AsyncIterable<TextContent>) {
    Object.assign(styles, chunk.styles);
    for (const item of chunk.items) {
      if (!('str' in item) || item.str === '') continue;
      items.push(item);
      length += item.str.length;
    }
    if (length <= limit) continue;
    const most = `${MAX_CHARACTERS / 1_000_000} million characters`;
    throw new Unreadable(`expected at most ${most}, found more. Split the document.`);
  }
  return { items, styles };
}

/** In font sizes: how far a character of Chinese or Japanese reaches above its base line. */
const ABOVE_BASE_LINE = 0.88;
const SQUARE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fc\ufe10-\ufe4f\uff01-\uff65]+$/u;

/**
 * Vertical writing as browsers print it: upright characters one by one, each below the one before, in fonts that know
 * nothing of it. Empty where most of the page's characters follow each other to the right. Figures and signs belong to
 * it where they stand in such a column.
 */
function uprightCells(items: readonly TextItem[]): ReadonlySet<TextItem> {
  const cells = items.filter(
    ({ str, width, transform: [a = 0, b = 0] }) =>
      str.trim() !== '' && b === 0 && a > 0 && width <= a * 1.3,
  );
  const inColumn = new Set<TextItem>();
  for (const [index, cell] of cells.entries()) {
    const above = cells[index - 1];
    if (above !== undefined && isBelow(cell, above)) inColumn.add(above).add(cell);
  }
  const squares = items.filter(({ str }) => SQUARE.test(str.trim()));
  const characters = squares.reduce((sum, { str }) => sum + str.trim().length, 0);
  const stacked = squares.filter((item) => inColumn.has(item)).length;
  if (stacked <= characters / 2) return new Set();
  return new Set(cells.filter((cell) => inColumn.has(cell) || SQUARE.test(cell.str.trim())));
}

function isBelow(cell: TextItem, above: TextItem): boolean {
  const [size = 0, , , , x = 0, y = 0] = cell.transform as number[];
  const [, , , , xAbove = 0, yAbove = 0] = above.transform as number[];
  const centres = x + cell.width / 2 - (xAbove + above.width / 2);
  const down = yAbove - y;
  return Math.abs(centres) < size * 0.3 && down > size * 0.5 && down < size * 1.7;
}

/** @param quarters by which the text is turned */
function turnedBack(quarters: number, x: number, y: number): [number, number] {
  return quarters === 0 ? [x, y] : turnedBack(quarters - 1, -y, x);
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.trim().length, 0);
}

/** One row's pieces, those with no wide gap between them as one. */
function joined(row: readonly Piece[]): Piece[] {
  const pieces: Piece[] = [];
  for (const piece of row) {
    const before = pieces.at(-1);
    if (before === undefined) {
      pieces.push(isNoteMark(piece, row) ? { ...piece, text: '' } : piece);
      continue;
    }
    // Some programs print bold letters by printing them twice.
    const isTwice = before.text === piece.text && Math.abs(before.x0 - piece.x0) < piece.size / 8;
    if (isTwice) continue;
    const size = Math.max(before.size, piece.size);
    const gap = Math.max(piece.x0 - before.x1, before.x0 - piece.x1);
    if (gap > PIECE_GAP * size) pieces.push(piece);
    else pieces[pieces.length - 1] = together(before, piece, gap > SPACE_GAP * size);
  }
  return pieces.filter(({ text }) => text.trim() !== '');
}

function together(before: Piece, piece: Piece, isApart: boolean): Piece {
  const joint = isApart && !/\s$/.test(before.text) && !/^\s/.test(piece.text) ? ' ' : '';
  const main = before.text.trim().length >= piece.text.trim().length ? before : piece;
  return {
    ...main,
    text: before.text + joint + raised(before, piece),
    x0: Math.min(before.x0, piece.x0),
    x1: Math.max(before.x1, piece.x1),
  };
}

/** The text of a piece after another: a raised number is a note mark, or after a figure an exponent. */
function raised(before: Piece, piece: Piece): string {
  if (!isNoteMark(piece, [before])) return piece.text;
  if (/\d$/.test(before.text)) return `^${piece.text.trim()}`;
  return /(?:^|[\s\d])(?:[ckm]?m|ft|mi)$/.test(before.text) ? piece.text : '';
}

function isNoteMark({ text, size, y }: Piece, row: readonly Piece[]): boolean {
  if (!/^\s*(?:\d{1,3}|[*†‡§]+)(?:\s*,\s*\d{1,3})*\s*$/.test(text)) return false;
  return row.some((other) => size < other.size * 0.85 && other.y - y > other.size * 0.15);
}

/** Ligatures and quotation marks where TeX's own fonts have them, which often come without a Unicode map. */
const TEX_CHARACTERS = new Map(
  '0b ff,0c fi,0d fl,0e ffi,0f ffl,10 “,11 ”,12 „,13 «,14 »,15 –,16 —,1b ff,1c fi,1d fl,1e ffi,1f ffl'
    .split(',')
    .map((entry) => [String.fromCharCode(parseInt(entry, 16)), entry.slice(3)] as const),
);

/** In a font that has no map at all most characters are wrong; those are not touched. */
function withTexCharacters(text: string): string {
  const found = text.match(/\p{Cc}/gu)?.length ?? 0;
  const letters = text.match(/\p{Ll}/gu)?.length ?? 0;
  if (found === 0 || letters < 4 * found) return text;
  return text.replace(/\p{Cc}/gu, (character) => TEX_CHARACTERS.get(character) ?? character);
}

/** Lines from either edge that are looked at: a head, the rule or date below it, a number. */
const DEEPEST = 4;
/** Points. Heads of facing pages may differ by rounding. */
const SAME_HEIGHT = 3;
/** From a page to others with the same head: every second one where left and right pages have their own. */
const DISTANCES = [-2, -1, 1, 2];

/** In distances of lines: the white between a running head and the text. */
const SET_OFF = 1.2;
/** UTF-16 characters. */
const LONGEST_HEAD = 100;

const PAGE_NUMBER =
  /^(?:page|p\.|seite|página|стр\.)?\s*[-–—[(|]*\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—\])|]*(?:\s*(?:of|\/|von|de|из)\s*\d{1,4})?$|^第?\s*\d{1,4}\s*(?:ページ|頁|页)$/iu;

/** The day and the time of printing, with which browsers begin a page. */
const PRINTED = /^\d{1,4}([/.-])\d{1,2}\1\d{1,4},? \d{1,2}:\d\d/;

/**
 * Lines at the edge of a page that other pages have at the same height, the same text but
 * for figures, on every page or every second; or numbers that count the pages.
 *
 * @returns for each page, its lines that are furniture
 */
export function furnitureOf(pages: readonly (readonly Row[])[]): Set<Row>[] {
  /** From either edge inwards. */
  const sides = pages.map((rows) => [rows, rows.toReversed()] as const);
  return pages.map((rows, page) => {
    const found = new Set<Row>();
    // A page of one line is not all furniture.
    if (rows.length === 1 && pages.length === 1) return found;
    // Of a few lines nobody can tell.
    const usual = rows.length <= 2 * DEEPEST ? 0 : median(gapsOf(rows.map(heightOf)));
    const foot = rows.at(-1) ?? [];
    const total = saysTotal(foot, page, pages.length) ? foot[0] : undefined;
    const isLikeTotal = (row: Row): boolean =>
      total !== undefined &&
      row.every(({ size, font }) => size === total.size && font === total.font);
    for (const [side, inwards] of sides[page]?.entries() ?? []) {
      const others = (distance: number): readonly Row[] =>
        sides[page + distance]?.[side]?.slice(0, DEEPEST) ?? [];
      const isHead = (row: Row): boolean =>
        recurs(row, others) || counts(row, others, page, pages.length) || isLikeTotal(row);
      const inside = inwards.slice(0, DEEPEST).findIndex((row) => !isHead(row));
      const heads = inwards.slice(0, inside === -1 ? DEEPEST : inside);
      // Lines that the text goes on from without white are text that pages share.
      const isSetOff = (row: Row, index: number): boolean =>
        PAGE_NUMBER.test(textOf(row).trim()) ||
        (isLikeTotal(row) && PRINTED.test(textOf(row).trim())) ||
        Math.abs(heightOf(inwards[index + 1] ?? row) - heightOf(row)) > usual * SET_OFF;
      for (const row of heads.slice(0, heads.findLastIndex(isSetOff) + 1)) found.add(row);
    }
    return found;
  });
}

type Others = (distance: number) => readonly Row[];

/** How many pages near have such a row at the same height. */
function pagesWith(row: Row, others: Others, isSuch: (other: Row, distance: number) => boolean) {
  const isAtHeight = (other: Row): boolean =>
    Math.abs(heightOf(other) - heightOf(row)) <= SAME_HEIGHT;
  return DISTANCES.filter((distance) =>
    others(distance).some((other) => isAtHeight(other) && isSuch(other, distance)),
  ).length;
}

function recurs(row: Row, others: Others): boolean {
  const key = keyOf(row);
  return /\p{L}/u.test(key) && pagesWith(row, others, (other) => keyOf(other) === key) > 0;
}

/** Figures count up from page to page, and so may Roman ones. */
function keyOf(row: Row): string {
  const text = textOf(row).toLowerCase();
  const key = text.replace(/\d+|(?<!\p{L})[ivxl]+(?!\p{L})/gu, '#');
  return key.replace(/\s+/g, ' ').trim();
}

/** A page number alone, or at the end of a line whose text changes, such as the name of the chapter. */
function counts(row: Row, others: Others, page: number, pageCount: number): boolean {
  const text = textOf(row).replace(/\s+/g, ' ').trim();
  const alone = PAGE_NUMBER.exec(text);
  if (alone !== null && /^[ivxl]+$/i.test(alone[1] ?? '')) return true;
  const numbers = outerNumbers(text);
  const followers = pagesWith(row, others, (other, distance) =>
    outerNumbers(textOf(other)).some((number) => numbers.includes(number - distance)),
  );
  if (alone !== null) return followers > 0 || pageCount < 3 || numbers.includes(page + 1);
  return followers > 1 && text.length <= LONGEST_HEAD;
}

/**
 * Whether the last line ends with the number of its page and of all pages, as browsers print it. What is at the edges in
 * the same letters belongs to it: the date of printing, the title, the address.
 */
function saysTotal(row: Row, page: number, pageCount: number): boolean {
  const [, number, total] = /(?:^|\s)(\d{1,4})\/(\d{1,4})$/.exec(textOf(row).trim()) ?? [];
  return Number(number) === page + 1 && Number(total) === pageCount;
}

/** The figures that a line begins and ends with. */
function outerNumbers(text: string): number[] {
  const ends = [/^\W*(\d{1,4})(?=\s|\/|\W*$)/u, /(?:^|\s)\W*(\d{1,4})\W*$/u];
  return ends.flatMap((end) => end.exec(text.trim())?.slice(1).map(Number) ?? []);
}
