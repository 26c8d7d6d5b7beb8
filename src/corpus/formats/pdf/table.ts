/** Tables: columns of cells whose base lines agree. */
import { least, lineOf, median, rowsOf, textOf, type Line, type Piece } from './geometry.ts';

export interface Column {
  readonly x0: number;
  readonly x1: number;
  readonly pieces: readonly Piece[];
}

/** A row as one line. */
export interface Row {
  readonly line: Line;
  /** Whether it names what the rows below it hold. */
  readonly isHead: boolean;
}

/** Share of the rows of a band that have pieces in more than one column. */
export function onCommonLines(columns: readonly Column[]): number {
  const rows = rowsOf(inColumns(columns));
  const common = rows.filter((row) => new Set(row.map(({ column }) => column)).size > 1);
  return common.length / rows.length;
}

interface Cell extends Piece {
  readonly column: number;
}

function inColumns(columns: readonly Column[]): Cell[] {
  return columns.flatMap(({ pieces }, column) => pieces.map((piece) => ({ ...piece, column })));
}

/** Whether the columns are cells of several lines each: cut by white across all of them, they begin at one height. */
export function startTogether(columns: readonly Column[]): boolean {
  const blocks = blocksOf(rowsOf(inColumns(columns)));
  if (blocks.length < 3) return false;
  const together = blocks.filter(
    ([first]) => new Set((first ?? []).map(({ column }) => column)).size > 1,
  );
  return together.length >= blocks.length * 0.9;
}

/** Rows grouped where the white between them is wider than that between lines. */
function blocksOf(rows: readonly Cell[][]): Cell[][][] {
  const gaps = rows.slice(1).map((row, index) => (row[0]?.y ?? 0) - (rows[index]?.[0]?.y ?? 0));
  const usual = least(gaps.filter((gap) => gap > 0));
  const blocks: Cell[][][] = [];
  for (const [index, row] of rows.entries()) {
    const gap = gaps[index - 1] ?? Infinity;
    if (gap > usual * 1.3) blocks.push([row]);
    else blocks.at(-1)?.push(row);
  }
  return blocks;
}

/** Rows of a table. Lines without a first cell, or close below the row before, continue its cells. */
export function rowsOfTable(columns: readonly Column[]): Row[] {
  const rows = groupsOf(columns).map((group) => lineOfRow(group, columns.length));
  const [first, ...others] = rows;
  if (first === undefined) return [];
  const ofFont = others.filter(({ font }) => font === first.font).length;
  const withFigures = others.filter(({ text }) => /\d/.test(text)).length;
  const isHead =
    ofFont < others.length / 2 || (!/\d/.test(first.text) && withFigures > others.length / 2);
  return rows.map((line, index) => ({ line, isHead: isHead && index === 0 }));
}

/** The lines of each row. */
function groupsOf(columns: readonly Column[]): Cell[][][] {
  const lines = rowsOf(inColumns(columns));
  const blocks = blocksOf(lines);
  const size = median(lines.flat().map((cell) => cell.size));
  const continued = blocks.flatMap((block) => block.slice(1));
  const whole = continued.filter(
    (line) => new Set(line.map(({ column }) => column)).size === columns.length,
  );
  // White between rows tells where they begin, unless most lines inside are whole rows themselves.
  const byWhite = continued.length > 0 && whole.length <= continued.length / 2;
  if (byWhite && blocks.length > 1 && leastGap(lines) < size * 1.45) return blocks;
  const groups: Cell[][][] = [];
  for (const line of lines) {
    const isNew = line.some(({ column }) => column === 0) || groups.length === 0;
    if (isNew) groups.push([line]);
    else groups.at(-1)?.push(line);
  }
  return groups;
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

function leastGap(rows: readonly Cell[][]): number {
  return least(rows.slice(1).map((row, index) => (row[0]?.y ?? 0) - (rows[index]?.[0]?.y ?? 0)));
}
