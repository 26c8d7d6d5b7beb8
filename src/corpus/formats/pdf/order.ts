/**
 * The order of reading. A page is cut into bands, from top to bottom, and a band into columns, from left to right: where a
 * strip of white runs through several lines, there are columns; a line across the strip ends them. Columns of short
 * pieces on common base lines are a table, which is read row by row. (The recursive X-Y cut of Nagy and Seth 1984, with
 * pieces of text instead of pixels.) All units are points of the page turned upright: x to the right, y downwards.
 */
import { grouped } from '../../types.ts';

/** Text on one line without a wide gap inside. */
export interface Piece {
  readonly text: string;
  /** Left and right edge, and the base line. */
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
  /** Of the font. */
  readonly size: number;
  /** A name for the font, the same on every page. */
  readonly font: string;
  /** Its place in the file, which prints a page in any order, but a text mostly from its beginning. */
  readonly order: number;
}

/** One line of one column. */
export type Line = Piece;
/** The pieces of one line of the page. */
export type Row = readonly Piece[];

/** In font sizes: the narrowest white strip between columns. */
const GUTTER = 0.7;

export type Edges = Readonly<Pick<Piece, 'x0' | 'x1'>>;

interface Column extends Edges {
  readonly pieces: readonly Piece[];
}

/** The strips of white leave these columns; fewer than two when there is none. */
function columnsOf(pieces: readonly Piece[]): Column[] {
  const gutter = GUTTER * median(pieces.map(({ size }) => size));
  const columns: { x0: number; x1: number; pieces: Piece[] }[] = [];
  for (const piece of pieces.toSorted((a, b) => a.x0 - b.x0)) {
    const column = columns.at(-1);
    if (column !== undefined && piece.x0 < column.x1 + gutter) {
      column.x1 = Math.max(column.x1, piece.x1);
      column.pieces.push(piece);
    } else columns.push({ x0: piece.x0, x1: piece.x1, pieces: [piece] });
  }
  return columns;
}

/** In font sizes: base lines nearer than this belong to one line. Raised note marks are up to 0.4 higher. */
const SAME_LINE = 0.42;

/** Pieces grouped by base line, from top to bottom; within a line in the order of reading. */
export function rowsOf<P extends Piece>(pieces: readonly P[]): P[][] {
  const sorted = pieces.toSorted((a, b) => a.y - b.y);
  const isBelow = (piece: P, first: P): boolean =>
    piece.y - first.y > SAME_LINE * Math.max(first.size, piece.size);
  return grouped(sorted, isBelow).map((row) => {
    row.sort((a, b) => a.x0 - b.x0);
    const isRightToLeft = /^(?=.*\p{L})[\p{Script=Hebrew}\p{Script=Arabic}\P{L}]*$/su;
    return isRightToLeft.test(textOf(row)) ? row.reverse() : row;
  });
}

export function textOf(row: Row): string {
  return row.map(({ text }) => text).join(' ');
}

/** A row's pieces as one line, with the size and font of its longest piece. */
export function lineOf(row: Row): Line {
  const longest = row.reduce((best, piece) =>
    piece.text.length > best.text.length ? piece : best,
  );
  return {
    ...longest,
    text: textOf(row).replace(/\s+/g, ' ').trim(),
    ...extentOf(row),
    order: row[0]?.order ?? 0,
  };
}

export function heightOf(row: Row): number {
  return row[0]?.y ?? 0;
}

/** From each height to the next. */
export function gapsOf(heights: readonly number[]): number[] {
  return heights.slice(1).map((height, index) => height - (heights[index] ?? 0));
}

/** Wider white separates. Some lines of a text are apart, but a quarter of the gaps are smaller than the usual one. */
function widestGap(gaps: readonly number[]): number {
  return 1.3 * (gaps.toSorted((a, b) => a - b)[gaps.length >> 2] ?? 0);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Like Math.max, for any number of values; -Infinity for none. */
export function largest(values: readonly number[]): number {
  return values.reduce((best, value) => Math.max(best, value), -Infinity);
}

export function least(values: readonly number[]): number {
  return values.reduce((best, value) => Math.min(best, value), Infinity);
}

/** From the leftmost edge to the rightmost. */
export function extentOf(parts: readonly Edges[]): Edges {
  return { x0: least(parts.map(({ x0 }) => x0)), x1: largest(parts.map(({ x1 }) => x1)) };
}

/** A row of a table as one line. */
interface TableRow {
  readonly line: Line;
  /** Whether it names what the rows below it hold. */
  readonly isHead: boolean;
}

export type Region =
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[] };

/** Share of a column's width that a line of running text fills. */
const FILLED = 0.5;
/** Characters: a column of text has longer lines than a column of a table. */
const PROSE_LINE = 18;
/** Share of the width from which a line spans the columns. */
const WIDE = 0.75;
/** In font sizes: spaces of justified lines are narrower. */
const WIDE_STRIP = 2;
/** Lines over which spaces do not stand one above the other by chance. */
const SURE_LINES = 5;
/** Pieces within which columns must show. */
const LOOK_AHEAD = 60;
/** Recursion ends by itself; this bounds it for files made to be nested. */
const DEEPEST = 8;

/** Regions of a page in the order of reading. */
export function inReadingOrder(pieces: readonly Piece[], depth = 0): Region[] {
  const sorted = pieces.toSorted((a, b) => a.y - b.y || a.x0 - b.x0);
  const edges = extentOf(pieces);
  const width = edges.x1 - edges.x0;
  const gutter = GUTTER * median(pieces.map(({ size }) => size));
  const regions: Region[] = [];
  let single: Piece[] = [];
  const close = (): void => {
    if (single.length > 0) regions.push({ kind: 'lines', lines: rowsOf(single).map(lineOf) });
    single = [];
  };
  for (let start = 0; start < sorted.length;) {
    const end = depth < DEEPEST ? bandEnd(sorted, start, width, gutter) : start;
    const band = sorted.slice(start, Math.max(end, start + 1));
    const read = end > start ? readBand(band, depth, edges) : asText(band);
    single.push(...read.above);
    if (read.regions.length > 0) close();
    regions.push(...read.regions);
    single.push(...read.below);
    start += band.length;
  }
  close();
  return regions;
}

/** End of the longest band from `start` on that keeps a strip of white with two pieces on either side; `start` for none. */
function bandEnd(sorted: readonly Piece[], start: number, width: number, gutter: number): number {
  let spans: (Edges & { count: number })[] = [];
  let end = start;
  let hadColumns = false;
  for (let index = start; index < sorted.length; index++) {
    const piece = sorted[index];
    if (piece === undefined) break;
    if (hadColumns && standsAlone(sorted.slice(index - 1, index + 2))) break;
    const near = (span: Edges): boolean =>
      piece.x0 < span.x1 + gutter && span.x0 < piece.x1 + gutter;
    const touched = spans.filter(near);
    const count = touched.reduce((sum, span) => sum + span.count, 1);
    const merged = { ...extentOf([piece, ...touched]), count };
    spans = [...spans.filter((span) => !near(span)), merged];
    if (spans.length === 1 && (hadColumns || merged.x1 - merged.x0 > width * WIDE)) break;
    if (!hadColumns && index - start >= LOOK_AHEAD) break;
    if (spans.filter(({ count }) => count >= 2).length >= 2) {
      end = index + 1;
      hadColumns = true;
    }
  }
  return end;
}

/** A larger line alone on its height opens something new below the columns before it. */
function standsAlone([before, piece, after]: readonly Piece[]): boolean {
  if (piece === undefined || before === undefined || after === undefined) return false;
  return (
    piece.size > before.size * 1.1 &&
    piece.size > after.size * 1.1 &&
    piece.y - before.y > piece.size * 1.5 &&
    after.y - piece.y > after.size
  );
}

/** Columns or a table, and the pieces of a band that belong to the text around it. */
interface Band {
  readonly above: readonly Piece[];
  readonly regions: readonly Region[];
  readonly below: readonly Piece[];
}

/** Whose columns, if any, are such as the marks of a list. */
function asText(pieces: readonly Piece[]): Band {
  return { above: pieces, regions: [], below: [] };
}

function readBand(pieces: readonly Piece[], depth: number, edges: Edges): Band {
  const columns = withoutLabels(columnsOf(pieces));
  const isPrintedSo = columns.length > 1 && printedOneByOne(columns);
  const around = withoutLinesAround(pieces);
  const cells = withoutLabels(columnsOf(around.inside));
  if (!isPrintedSo && isTable(cells) && !isJustified(around.inside, cells, edges)) {
    const rows = rowsOfTable(cells);
    return rows.length < 2 ? asText(pieces) : { ...around, regions: [{ kind: 'table', rows }] };
  }
  if (columns.length < 2 || (!isPrintedSo && isJustified(pieces, columns, edges)))
    return asText(pieces);
  const regions = columns.flatMap((column) => inReadingOrder(column.pieces, depth + 1));
  return { above: [], regions, below: [] };
}

/**
 * Whether the file prints one column of text after the other. The rows of a table, and lines with wide spaces, come row
 * by row; columns of short entries may come either way.
 */
function printedOneByOne(columns: readonly Column[]): boolean {
  const cells = inColumns(columns).sort((a, b) => a.order - b.order);
  const stretches = grouped(cells, ({ column }, first) => column !== first.column);
  return (
    stretches.length === columns.length &&
    columns.every((column) => lengthOfLines(column) >= PROSE_LINE)
  );
}

function isTable(columns: readonly Column[]): boolean {
  if (columns.length < 2) return false;
  const prose = columns.filter(isProse).length;
  return prose < 2 ? onCommonLines(columns) >= 0.5 : startTogether(columns);
}

/** Lines of one piece, with white between them and the rows of a band: a title, a remark, the end of a paragraph. */
function withoutLinesAround(pieces: readonly Piece[]) {
  const rows = rowsOf(pieces);
  const gaps = gapsOf(rows.map(heightOf));
  const widest = widestGap(gaps);
  const firstRow = rows.findIndex((row) => row.length > 1);
  const lastRow = rows.findLastIndex((row) => row.length > 1);
  const start = gaps.findLastIndex((gap, index) => index < firstRow && gap > widest) + 1;
  const after = gaps.findIndex((gap, index) => index >= lastRow && gap > widest) + 1;
  const end = after === 0 ? rows.length : after;
  const above = rows.slice(0, start).flat();
  const below = rows.slice(end).flat();
  // In a row of a table no two cells need to have a line at the same height.
  const areCells = (lines: readonly Piece[]): boolean => columnsOf(lines).length > 1;
  return {
    above: areCells(above) ? [] : above,
    inside: rows.slice(areCells(above) ? 0 : start, areCells(below) ? rows.length : end).flat(),
    below: areCells(below) ? [] : below,
  };
}

/** Whether the strip is only where the spaces of a few justified lines happen to be wide and one above the other. */
function isJustified(pieces: readonly Piece[], columns: readonly Column[], edges: Edges): boolean {
  const size = median(pieces.map((piece) => piece.size));
  const rows = rowsOf(pieces).map(lineOf);
  const full = rows.filter(({ x0, x1 }) => x0 < edges.x0 + size && x1 > edges.x1 - size);
  const strips = columns.slice(1).map(({ x0 }, index) => x0 - (columns[index]?.x1 ?? 0));
  if (least(strips) >= WIDE_STRIP * size) return false;
  const areSure = columns.every(
    (column) => isProse(column) && rowsOf(column.pieces).length >= SURE_LINES,
  );
  if (areSure) return false;
  // Spaces are wide only in lines that reach both edges.
  return rows.length < 3 || full.length >= rows.length / 2 || onCommonLines(columns) < 0.6;
}

/** Without columns of bullets and numbers, which belong to the text to the right of them. */
function withoutLabels(columns: readonly Column[]): Column[] {
  const kept: Column[] = [];
  let label: Column | null = null;
  for (const column of columns) {
    const isLabel = column.pieces.every(({ text }) => text.trim().length <= 4);
    if (label !== null && isProse(column)) {
      const pieces: Piece[] = [...label.pieces, ...column.pieces];
      kept[kept.length - 1] = { x0: label.x0, x1: column.x1, pieces };
    } else kept.push(column);
    label = isLabel && label === null ? column : null;
  }
  return kept;
}

function isProse(column: Column): boolean {
  const { x0, x1, pieces } = column;
  const lines = rowsOf(pieces).map(lineOf);
  const filled = median(lines.map((line) => line.x1 - line.x0)) / (x1 - x0);
  return lines.length >= 3 && lengthOfLines(column) >= PROSE_LINE && filled >= FILLED;
}

/** Characters of a line, on average; one as wide as it is high counts as two. */
function lengthOfLines({ pieces }: Column): number {
  const lines = rowsOf(pieces).map(textOf);
  const length = lines.reduce(
    (sum, line) => sum + line.length + (line.match(/[\u3000-\u9fff\uff01-\uff60]/g)?.length ?? 0),
    0,
  );
  return length / lines.length;
}

/** Share of the rows of a band that have pieces in more than one column. */
function onCommonLines(columns: readonly Column[]): number {
  const rows = rowsOf(inColumns(columns));
  return rows.filter((row) => columnsUsed(row).length > 1).length / rows.length;
}

interface Cell extends Piece {
  readonly column: number;
}

function inColumns(columns: readonly Column[]): Cell[] {
  return columns.flatMap(({ pieces }, column) => pieces.map((piece) => ({ ...piece, column })));
}

function columnsUsed(row: readonly Cell[]): number[] {
  return [...new Set(row.map(({ column }) => column))];
}

/** Whether the columns are cells of several lines each: cut by white across all of them, they begin at one height. */
function startTogether(columns: readonly Column[]): boolean {
  const blocks = blocksOf(rowsOf(inColumns(columns)));
  if (blocks.length < 3) return false;
  const together = blocks.filter(([first]) => columnsUsed(first ?? []).length > 1);
  return together.length >= blocks.length * 0.9;
}

/** Rows grouped where the white between them is wider than that between lines. */
function blocksOf(rows: readonly Cell[][]): Cell[][][] {
  const widest = widestGap(gapsOf(rows.map(heightOf)));
  return grouped(rows, (row, _first, before) => heightOf(row) - heightOf(before) > widest);
}

/** Rows of a table. Lines without a first cell, or close below the row before, continue its cells. */
function rowsOfTable(columns: readonly Column[]): TableRow[] {
  const rows = groupsOf(columns).map((group) => lineOfRow(group, columns.length));
  const [first, ...others] = rows;
  if (first === undefined) return [];
  const ofFont = others.filter(({ font }) => font === first.font).length;
  const withFigures = others.filter(({ text }) => /\d/.test(text)).length;
  const isHead =
    ofFont < others.length / 2 || (!/\d/.test(first.text) && withFigures > others.length / 2);
  return rows.map((line, index) => ({ line, isHead: isHead && index === 0 }));
}

function groupsOf(columns: readonly Column[]): Cell[][][] {
  const printed = printedRows(inColumns(columns));
  if (printed !== null) return printed;
  const lines = rowsOf(inColumns(columns));
  const blocks = blocksOf(lines);
  const size = median(lines.flat().map((cell) => cell.size));
  const continued = blocks.flatMap((block) => block.slice(1));
  const whole = continued.filter((line) => columnsUsed(line).length === columns.length);
  // White between rows tells where they begin, unless most lines inside are whole rows themselves.
  const byWhite = continued.length > 0 && whole.length <= continued.length / 2;
  if (byWhite && blocks.length > 1 && least(gapsOf(lines.map(heightOf))) < size * 1.45)
    return blocks;
  return grouped(lines, (line) => line.some(({ column }) => column === 0));
}

/** Rows as the file prints them, cell after cell; null where it prints lines, or not row by row. */
function printedRows(cells: readonly Cell[]): Cell[][][] | null {
  const printed = cells.toSorted((a, b) => a.order - b.order);
  const rows = grouped(printed, (cell, _first, before) => cell.column < before.column);
  const lines = rows.map((row) => rowsOf(row));
  const areApart = lines.every((row, index) => {
    const next = lines[index + 1]?.[0];
    return next === undefined || heightOf(row.at(-1) ?? []) < heightOf(next);
  });
  const areCells = rows.length > 1 && rows.every(areLevel);
  return areApart && areCells && lines.some((row) => row.length > 1) ? lines : null;
}

/** Whether the cells of a row begin at one height, or have their middle there. */
function areLevel(row: readonly Cell[]): boolean {
  const tolerance = median(row.map(({ size }) => size)) * SAME_LINE;
  const places = columnsUsed(row).map((column) => {
    const heights = row.filter((cell) => cell.column === column).map(({ y }) => y);
    return { top: least(heights), middle: (least(heights) + largest(heights)) / 2 };
  });
  const isLevel = (values: readonly number[]): boolean =>
    largest(values) - least(values) < tolerance;
  return isLevel(places.map(({ top }) => top)) || isLevel(places.map(({ middle }) => middle));
}

/** Cells from left to right, each with all its lines. */
function lineOfRow(group: readonly Cell[][], columnCount: number): Line {
  const cells = group.flat();
  const texts = Array.from({ length: columnCount }, (_, column) =>
    rowsOf(cells.filter((cell) => cell.column === column))
      .map(textOf)
      .join(' '),
  );
  return { ...lineOf(cells), text: texts.join(' ').replace(/\s+/g, ' ').trim() };
}
