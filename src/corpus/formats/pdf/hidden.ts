/**
 * Text of a PDF that nobody sees: the drawing operators of a page are followed one by one, and text that they leave
 * invisible is taken out of what the library read. Points are those of the file: y upwards, the page not turned.
 */
import { OPS, Util, type PDFPageProxy } from 'unpdf/pdfjs';
import { groupBy } from '../../types.ts';

type TextContent = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;
export type TextItem = Extract<TextContent['items'][number], { str: string }>;
/** From one space to another, as PDF writes it. */
export type Matrix = [number, number, number, number, number, number];

/** Text that the file prints at once. */
export interface Shown {
  readonly text: string;
  /** Ends of its base line. */
  readonly start: Point;
  readonly end: Point;
}
type Point = readonly [x: number, y: number];
type Edges = readonly [x0: number, y0: number, x1: number, y1: number];

const SAME: Matrix = [1, 0, 0, 1, 0, 0];
/** What counts of the state in which a page is printed. */
const PEN = {
  /** From the space of the operators to the page. */
  page: SAME,
  /** From the text to that space: where the next letter goes, and where its line began. */
  text: SAME,
  line: SAME,
  size: 0,
  spacing: 0,
  wordSpacing: 0,
  /** Per cent. */
  stretch: 100,
  leading: 0,
  rise: 0,
  /** Text render mode; 3 prints nothing. */
  mode: 0,
  /** Of what is filled. */
  isWhite: false,
  isClear: false,
};

const WHITE = /^#f[c-f]f[c-f]f[c-f]$/i;
const PRINTS_NOTHING = 3;
/** What is said by a number alone. */
const NUMBERS: Readonly<
  Record<number, 'spacing' | 'wordSpacing' | 'stretch' | 'leading' | 'rise' | 'mode'>
> = {
  [OPS.setCharSpacing]: 'spacing',
  [OPS.setWordSpacing]: 'wordSpacing',
  [OPS.setHScale]: 'stretch',
  [OPS.setLeading]: 'leading',
  [OPS.setTextRise]: 'rise',
  [OPS.setTextRenderingMode]: 'mode',
};
const SAVES: readonly number[] = [OPS.save, OPS.beginGroup, OPS.paintFormXObjectBegin];
const RESTORES: readonly number[] = [OPS.restore, OPS.endGroup, OPS.paintFormXObjectEnd];
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
export async function hiddenOn(page: PDFPageProxy): Promise<readonly Shown[]> {
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

/** What an operator does, by its arguments and the first two of them as numbers. */
type Action = (args: readonly unknown[], x: number, y: number) => void;

class Printer {
  /** Square points of pictures. */
  pictured = 0;
  /** UTF-16 characters. */
  visible = 0;
  readonly unprinted: Shown[] = [];
  readonly hidden: Shown[] = [];
  readonly #painted: Edges[] = [];
  readonly #saved: (typeof PEN)[] = [];
  #pen = { ...PEN };

  readonly #actions: Readonly<Record<number, Action>> = {
    [OPS.paintFormXObjectBegin]: ([matrix]) => this.#transform(numbersOf(matrix)),
    [OPS.transform]: (matrix) => this.#transform(matrix.map(Number)),
    [OPS.setGState]: ([states]) => {
      for (const [name, value] of Array.isArray(states) ? (states as unknown[][]) : [])
        if (name === 'ca') this.#pen.isClear = value === 0;
    },
    [OPS.setFillRGBColor]: ([colour]) => (this.#pen.isWhite = WHITE.test(String(colour))),
    [OPS.setFillColorN]: () => (this.#pen.isWhite = false),
    [OPS.constructPath]: ([, , edges], how) => {
      const { isWhite, isClear } = this.#pen;
      if (FILLS.includes(how) && !isWhite && !isClear) this.#paint(numbersOf(edges));
    },
    [OPS.beginText]: () => this.#beginLine(SAME),
    [OPS.setTextMatrix]: ([matrix]) => this.#beginLine(within(SAME, numbersOf(matrix))),
    [OPS.setLeadingMoveText]: (_, x, y) => {
      this.#pen.leading = -y;
      this.#moveLine(x, y);
    },
    [OPS.moveText]: (_, x, y) => this.#moveLine(x, y),
    [OPS.nextLine]: () => this.#moveLine(0, -this.#pen.leading),
    [OPS.setFont]: (_, _font, size) => (this.#pen.size = size),
    [OPS.showText]: ([glyphs]) => this.#show(Array.isArray(glyphs) ? glyphs : []),
  };

  do(operator: number, args: readonly unknown[]): void {
    const pen = this.#pen;
    const [x = 0, y = 0] = args.map(Number);
    const number = NUMBERS[operator];
    if (number !== undefined) pen[number] = x;
    if (SAVES.includes(operator)) this.#saved.push({ ...pen });
    if (RESTORES.includes(operator)) this.#pen = this.#saved.pop() ?? pen;
    if (PICTURES.includes(operator)) this.pictured += this.#paint([0, 0, 1, 1]);
    if (ANYWHERE.includes(operator)) this.#painted.push([-Infinity, -Infinity, Infinity, Infinity]);
    this.#actions[operator]?.(args, x, y);
  }

  #transform(matrix: number[]): void {
    this.#pen.page = within(this.#pen.page, matrix);
  }

  #beginLine(matrix: Matrix): void {
    this.#pen.text = this.#pen.line = matrix;
  }

  #moveLine(x: number, y: number): void {
    this.#beginLine(within(this.#pen.line, [1, 0, 0, 1, x, y]));
  }

  /** Something that is not white; gives its square points. */
  #paint(edges: number[]): number {
    const painted: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
    Util.axialAlignedBoundingBox(edges.length < 4 ? [0, 0, 0, 0] : edges, this.#pen.page, painted);
    this.#painted.push(painted);
    const [x0, y0, x1, y1] = painted;
    return (x1 - x0) * (y1 - y0);
  }

  #show(glyphs: readonly (number | Glyph | null)[]): void {
    const pen = this.#pen;
    let text = '';
    let length = 0;
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') length -= (glyph / 1000) * pen.size;
      else if (glyph !== null) {
        text += glyph.unicode;
        const spacing = pen.spacing + (glyph.isSpace === true ? pen.wordSpacing : 0);
        length += (glyph.width / 1000) * pen.size + spacing;
      }
    }
    length *= pen.stretch / 100;
    const place = within(pen.page, pen.text);
    const shown = {
      text,
      start: placeOf(place, 0, pen.rise),
      end: placeOf(place, length, pen.rise),
    };
    pen.text = within(pen.text, [1, 0, 0, 1, length, 0]);
    if (text.trim() === '') return;
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

/** Of an array of any kind; empty for anything else. */
function numbersOf(value: unknown): number[] {
  if (Array.isArray(value)) return value.map(Number);
  return value instanceof Float32Array ? [...value] : [];
}

/** The matrix that does `inner` first; an empty one changes nothing. */
export function within(outer: Matrix, inner: number[]): Matrix {
  return inner.length < 6 ? outer : (Util.transform(outer, inner) as Matrix);
}

function placeOf([a, b, c, d, e, f]: Matrix, x: number, y: number): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** In font sizes: how far what is shown and what is read of it may be apart. */
const NEAR = 0.3;

/** Items without the text that nobody sees. An item may go on from visible to hidden text. */
export function withoutHidden(items: readonly TextItem[], hidden: readonly Shown[]) {
  if (hidden.length === 0) return items;
  const left = [...items];
  const byHeight = groupBy(items.keys(), (at) => Math.round(Number(items[at]?.transform[5])));
  for (const shown of hidden) {
    const solid = withoutSpaces(shown.text);
    let missing = solid.length;
    const [lowest = 0, highest = 0] = [shown.start[1], shown.end[1]].sort((a, b) => a - b);
    const last = Math.round(highest) + 1;
    for (let height = Math.round(lowest) - 1; height <= last && missing > 0; height++) {
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

function begins({ transform }: TextItem, { start, end }: Shown): boolean {
  const [, , c = 0, d = 0, x = 0, y = 0] = transform as number[];
  return isBetween([x, y], [start, end], Math.hypot(c, d) * NEAR);
}

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
