/**
 * The pages of a PDF as pieces of text with places, and lines made of them. A PDF has neither words nor lines, only glyphs at positions. All units are
 * points after the page is turned upright: x to the right, y downwards.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OPS, type PDFPageProxy } from 'unpdf/pdfjs';
import { rowsOf, textOf, type Piece } from './order.ts';

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
  readonly rows: readonly (readonly Piece[])[];
  /** Text that is none of the page's, with the reason. */
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

/** UTF-16 characters. A file of 5 MiB can use the same piece of text a million times; a book has about 1 million. */
export const MAX_CHARACTERS = 10_000_000;
export interface OpenedPdf {
  readonly pages: readonly PageText[];
  /** As the file has it. */
  readonly title: unknown;
}

/** Null for too much text. */
export async function pagesOf(bytes: Uint8Array): Promise<OpenedPdf | null> {
  const { getDocumentProxy } = await import('unpdf');
  // Tables of characters for fonts of Chinese, Japanese and Korean that bring none of their own.
  const tables = createRequire(import.meta.url).resolve('pdfjs-dist/cmaps/LICENSE');
  const cMapUrl = join(dirname(tables), '/');
  withTransfer();
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

/** Null when the page has more than `limit` characters: a form can be printed any number of times. */
async function readPage(page: PDFPageProxy, limit: number): Promise<PageText | null> {
  const { transform, height } = page.getViewport({ scale: 1 });
  const content = await contentOf(page, limit);
  if (content === null) return null;
  const { styles } = content;
  const hidden = await hiddenOn(page);
  const items = withoutHidden(content.items, hidden);
  const unseen = hidden.map(({ text }) => text);
  const cells = uprightCells(items);
  const byDirection = new Map<number, Piece[]>();
  const fonts = new Map<string, FontCount>();
  for (const [order, item] of items.entries()) {
    const [a, b, c, d, e, f] = times(transform, item.transform);
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
      ...unseen.map((text) => ({ text, why: 'text that nobody sees on the page' })),
    ],
    fonts,
  };
}

/** In font sizes of the characters that are read. */
const LARGEST_READING = 0.62;
const FARTHEST_READING = 1.5;

/** Small kana right above other characters say how those are read (ruby). */
function withoutReadings(rows: readonly Piece[][]): { rows: Piece[][]; readings: string[] } {
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

interface Content {
  readonly items: readonly TextItem[];
  readonly styles: Readonly<Record<string, { readonly vertical?: boolean } | undefined>>;
}

async function contentOf(page: PDFPageProxy, limit: number): Promise<Content | null> {
  const items: TextItem[] = [];
  const styles: Record<string, { readonly vertical?: boolean }> = {};
  let length = 0;
  for await (const chunk of page.streamTextContent() as AsyncIterable<TextContent>) {
    Object.assign(styles, chunk.styles);
    for (const item of chunk.items) {
      if (!('str' in item) || item.str === '') continue;
      items.push(item);
      length += item.str.length;
    }
    if (length > limit) return null;
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

/** Text that the file prints at once. Points are those of the file: y upwards, the page not turned. */
interface Shown {
  readonly text: string;
  /** Ends of its base line. */
  readonly start: Point;
  readonly end: Point;
}
type Point = readonly [x: number, y: number];
type Edges = readonly [x0: number, y0: number, x1: number, y1: number];

/** What counts of the state in which a page is printed. */
interface Pen {
  /** From the space of the operators to the page. */
  page: Matrix;
  /** From the text to that space: where the next letter stands, and where its line began. */
  text: Matrix;
  line: Matrix;
  size: number;
  spacing: number;
  wordSpacing: number;
  stretch: number;
  leading: number;
  rise: number;
  /** Text render mode; 3 prints nothing. */
  mode: number;
  /** Of what is filled. */
  isWhite: boolean;
  isClear: boolean;
}

const SAME: Matrix = [1, 0, 0, 1, 0, 0];
const WHITE = /^#f[c-f]f[c-f]f[c-f]$/i;
const PRINTS_NOTHING = 3;
/** Share of a page from which pictures are the page: a scan, whose invisible text is what was recognised on it. */
const SCANNED = 0.5;
const FILLS: readonly number[] = [
  OPS.fill,
  OPS.eoFill,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
];
const PICTURES: readonly number[] = [
  OPS.paintImageXObject,
  OPS.paintImageMaskXObject,
  OPS.paintInlineImageXObject,
];
/** Pictures in places of their own, and colours without edges. */
const ANYWHERE: readonly number[] = [
  OPS.paintImageMaskXObjectGroup,
  OPS.paintInlineImageXObjectGroup,
  OPS.paintImageXObjectRepeat,
  OPS.paintImageMaskXObjectRepeat,
  OPS.paintSolidColorImageMask,
  OPS.shadingFill,
];

/** Text of a page that nobody sees: printed in no ink, clear, or white on white. Not the text behind a scanned page. */
async function hiddenOn(page: PDFPageProxy): Promise<readonly Shown[]> {
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: 0 });
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = page.view;
  const printer = new Printer();
  for (const [index, operator] of fnArray.entries()) {
    printer.do(operator, (argsArray[index] as readonly unknown[] | null) ?? []);
  }
  const { pictured, visible, unprinted, hidden } = printer;
  const unprintedLength = unprinted.reduce((sum, { text }) => sum + text.length, 0);
  const isScan = pictured >= (x1 - x0) * (y1 - y0) * SCANNED && visible < unprintedLength;
  return isScan ? hidden : [...unprinted, ...hidden];
}

/** Follows the operators of a page. */
class Printer {
  /** Square points of pictures. */
  pictured = 0;
  /** UTF-16 characters. */
  visible = 0;
  readonly unprinted: Shown[] = [];
  readonly hidden: Shown[] = [];
  readonly #painted: Edges[] = [];
  readonly #saved: Pen[] = [];
  #pen: Pen = {
    ...{ page: SAME, text: SAME, line: SAME, size: 0, spacing: 0, wordSpacing: 0 },
    ...{ stretch: 1, leading: 0, rise: 0, mode: 0, isWhite: false, isClear: false },
  };

  do(operator: number, args: readonly unknown[]): void {
    const pen = this.#pen;
    const numbers = args.map(Number);
    const [x = 0, y = 0] = numbers;
    switch (operator) {
      case OPS.save:
      case OPS.beginGroup:
      case OPS.paintFormXObjectBegin:
        this.#saved.push({ ...pen });
        if (operator === OPS.paintFormXObjectBegin) pen.page = within(pen.page, numbersOf(args[0]));
        break;
      case OPS.restore:
      case OPS.endGroup:
      case OPS.paintFormXObjectEnd:
        this.#pen = this.#saved.pop() ?? pen;
        break;
      case OPS.transform:
        pen.page = within(pen.page, numbers);
        break;
      case OPS.setGState:
        if (Array.isArray(args[0])) for (const entry of args[0]) this.#setOpacity(entry);
        break;
      case OPS.setFillRGBColor:
        pen.isWhite = WHITE.test(String(args[0]));
        break;
      case OPS.setFillColorN:
        pen.isWhite = false;
        break;
      case OPS.constructPath:
        if (FILLS.includes(x) && !pen.isWhite && !pen.isClear) this.#paint(numbersOf(args[2]));
        break;
      case OPS.beginText:
        pen.text = pen.line = SAME;
        break;
      case OPS.setTextMatrix:
        pen.text = pen.line = within(SAME, numbersOf(args[0]));
        break;
      case OPS.setLeadingMoveText:
        pen.leading = -y;
        this.#moveLine(x, y);
        break;
      case OPS.moveText:
        this.#moveLine(x, y);
        break;
      case OPS.nextLine:
        this.#moveLine(0, -pen.leading);
        break;
      case OPS.setFont:
        pen.size = y;
        break;
      case OPS.setCharSpacing:
        pen.spacing = x;
        break;
      case OPS.setWordSpacing:
        pen.wordSpacing = x;
        break;
      case OPS.setHScale:
        pen.stretch = x / 100;
        break;
      case OPS.setLeading:
        pen.leading = x;
        break;
      case OPS.setTextRise:
        pen.rise = x;
        break;
      case OPS.setTextRenderingMode:
        pen.mode = x;
        break;
      case OPS.showText:
        if (Array.isArray(args[0])) this.#show(args[0]);
        break;
      default:
        if (PICTURES.includes(operator)) this.pictured += this.#paint([0, 0, 1, 1]);
        else if (ANYWHERE.includes(operator))
          this.#painted.push([-Infinity, -Infinity, Infinity, Infinity]);
    }
  }

  #setOpacity(entry: unknown): void {
    if (Array.isArray(entry) && entry[0] === 'ca') this.#pen.isClear = entry[1] === 0;
  }

  #moveLine(x: number, y: number): void {
    this.#pen.text = this.#pen.line = within(this.#pen.line, [1, 0, 0, 1, x, y]);
  }

  /** Something that is not white; resolves to its square points. */
  #paint([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]): number {
    const corners = [
      [x0, y0],
      [x0, y1],
      [x1, y0],
      [x1, y1],
    ].map(([x = 0, y = 0]) => placeOf(this.#pen.page, x, y));
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const [left, low] = [Math.min(...xs), Math.min(...ys)];
    const [right, high] = [Math.max(...xs), Math.max(...ys)];
    this.#painted.push([left, low, right, high]);
    return (right - left) * (high - low);
  }

  #show(glyphs: readonly unknown[]): void {
    const pen = this.#pen;
    let text = '';
    let length = 0;
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') length -= (glyph / 1000) * pen.size;
      else if (isGlyph(glyph)) {
        text += glyph.unicode;
        const spacing = pen.spacing + (glyph.isSpace === true ? pen.wordSpacing : 0);
        length += (glyph.width / 1000) * pen.size + spacing;
      }
    }
    const place = within(pen.page, pen.text);
    const start = placeOf(place, 0, pen.rise);
    const end = placeOf(place, length * pen.stretch, pen.rise);
    pen.text = within(pen.text, [1, 0, 0, 1, length * pen.stretch, 0]);
    if (text.trim() === '') return;
    const shown = { text, start, end };
    if (pen.mode === PRINTS_NOTHING) this.unprinted.push(shown);
    else if (pen.isClear || (pen.isWhite && pen.mode === 0 && !this.#isOnColour(shown)))
      this.hidden.push(shown);
    else this.visible += text.length;
  }

  #isOnColour({ start, end }: Shown): boolean {
    const [x, y] = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
    return this.#painted.some(
      ([x0, y0, x1, y1]) => x >= x0 - 1 && x <= x1 + 1 && y >= y0 - 1 && y <= y1 + 1,
    );
  }
}

interface Glyph {
  readonly unicode: string;
  readonly width: number;
  readonly isSpace?: boolean;
}

function isGlyph(value: unknown): value is Glyph {
  return typeof value === 'object' && value !== null && 'unicode' in value && 'width' in value;
}

/** Of an array of any kind; empty for anything else. */
function numbersOf(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.map(Number);
  return value instanceof Float32Array ? [...value] : [];
}

/** The matrix that does `inner` first; an empty one changes nothing. */
function within([a, b, c, d, e, f]: Matrix, inner: readonly number[]): Matrix {
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = inner;
  return [
    a * g + c * h,
    b * g + d * h,
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
}

function placeOf([a, b, c, d, e, f]: Matrix, x: number, y: number): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** In font sizes: how far what is shown and what is read of it may be apart. */
const NEAR = 0.3;

/** Items without the text that nobody sees. An item may go on from visible to hidden text. */
function withoutHidden(items: readonly TextItem[], hidden: readonly Shown[]): readonly TextItem[] {
  if (hidden.length === 0) return items;
  const left = [...items];
  const byHeight = new Map<number, number[]>();
  for (const [index, { transform }] of items.entries()) {
    const height = Math.round(Number(transform[5]));
    const there = byHeight.get(height) ?? [];
    byHeight.set(height, there);
    there.push(index);
  }
  for (const shown of hidden) {
    const solid = withoutSpaces(shown.text);
    let missing = solid.length;
    const lowest = Math.round(Math.min(shown.start[1], shown.end[1]));
    const highest = Math.round(Math.max(shown.start[1], shown.end[1]));
    for (let height = lowest - 1; height <= highest + 1 && missing > 0; height++) {
      const there = byHeight.get(height) ?? [];
      for (let place = 0; place < there.length && missing > 0; place++) {
        const index = there[place] ?? 0;
        const item = left[index];
        if (item === undefined || !(begins(item, shown) || goesOver(item, shown))) continue;
        const letters = withoutSpaces(item.str);
        const isWhole = solid.includes(letters) && begins(item, shown);
        const str = isWhole ? '' : without(item.str, solid);
        if (str === item.str) continue;
        left[index] = { ...item, str };
        missing -= letters.length - withoutSpaces(str).length;
        // The next text finds its items at the beginning then: both come in the order of the file.
        if (str === '') there.splice(place--, 1);
      }
    }
  }
  return left;
}

/** As the library writes the text of items. */
function withoutSpaces(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '');
}

/** A text without a part of it, whatever the spaces in both. */
function without(text: string, solid: string): string {
  const letters = [...text.matchAll(/\S/g)];
  const first = letters.map(String).join('').indexOf(solid);
  if (first === -1) return text;
  const last = first + solid.length - 1;
  return text.slice(0, letters[first]?.index ?? 0) + text.slice((letters[last]?.index ?? 0) + 1);
}

/** Whether an item begins on what is shown. */
function begins({ transform }: TextItem, { start, end }: Shown): boolean {
  const [, , c = 0, d = 0, x = 0, y = 0] = transform as number[];
  return isBetween([x, y], [start, end], Math.hypot(c, d) * NEAR);
}

/** Whether what is shown begins on an item. */
function goesOver({ transform, width }: TextItem, { start }: Shown): boolean {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = transform as number[];
  const size = Math.hypot(a, b) || 1;
  const end: Point = [x + (a / size) * width, y + (b / size) * width];
  return isBetween(start, [[x, y], end], Math.hypot(c, d) * NEAR);
}

function isBetween([x, y]: Point, [start, end]: readonly [Point, Point], near: number): boolean {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const length = Math.hypot(dx, dy);
  const [px, py] = [x - start[0], y - start[1]];
  if (length === 0) return Math.hypot(px, py) <= near;
  const along = (px * dx + py * dy) / length;
  return along >= -near && along <= length + near && Math.abs(px * dy - py * dx) / length <= near;
}

/** What the library needs to list operators, and Node 20 does not have. */
function withTransfer(): void {
  if ('transferToFixedLength' in ArrayBuffer.prototype) return;
  Object.defineProperty(ArrayBuffer.prototype, 'transferToFixedLength', {
    configurable: true,
    writable: true,
    value(this: ArrayBuffer) {
      return structuredClone(this, { transfer: [this] });
    },
  });
}

type Matrix = readonly [number, number, number, number, number, number];

function times(left: readonly number[], right: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = left;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = right;
  return [
    a * g + c * h,
    // In the viewport y runs downwards; the angle of the letters is wanted with y upwards.
    -(b * g + d * h),
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
}

function turnedBack(direction: number, x: number, y: number): readonly [number, number] {
  if (direction === 1) return [-y, x];
  if (direction === 2) return [-x, -y];
  return direction === 3 ? [y, -x] : [x, y];
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
