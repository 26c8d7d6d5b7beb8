/** Pieces of text at places of a page, and lines made of them. */

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
}

/** One line of one column. */
export type Line = Piece;

/** In font sizes: base lines nearer than this belong to one line. Raised note marks are up to 0.4 higher. */
const SAME_LINE = 0.42;

/** Pieces grouped by base line, from top to bottom; within a line in the order of reading. */
export function rowsOf<P extends Piece>(pieces: readonly P[]): P[][] {
  const rows: P[][] = [];
  const sorted = [...pieces].sort((a, b) => a.y - b.y);
  for (const piece of sorted) {
    const row = rows.at(-1);
    const first = row?.[0];
    const isSame =
      first !== undefined && piece.y - first.y <= SAME_LINE * Math.max(first.size, piece.size);
    if (row !== undefined && isSame) row.push(piece);
    else rows.push([piece]);
  }
  for (const row of rows) {
    row.sort((a, b) => a.x0 - b.x0);
    if (/^[\p{Script=Hebrew}\p{Script=Arabic}\P{L}]*$/u.test(textOf(row))) {
      if (/\p{L}/u.test(textOf(row))) row.reverse();
    }
  }
  return rows;
}

export function textOf(row: readonly Piece[]): string {
  return row.map(({ text }) => text).join(' ');
}

/** A row's pieces as one line, with the size and font of its longest piece. */
export function lineOf(row: readonly Piece[]): Line {
  const [first, ...rest] = row;
  if (first === undefined) throw new RangeError('lineOf expected at least one piece');
  const longest = rest.reduce(
    (best, piece) => (piece.text.length > best.text.length ? piece : best),
    first,
  );
  return {
    text: textOf(row).replace(/\s+/g, ' ').trim(),
    x0: least(row.map(({ x0 }) => x0)),
    x1: largest(row.map(({ x1 }) => x1)),
    y: longest.y,
    size: longest.size,
    font: longest.font,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Like Math.max, for any number of values; -Infinity for none. */
export function largest(values: readonly number[]): number {
  return values.reduce((best, value) => Math.max(best, value), -Infinity);
}

export function least(values: readonly number[]): number {
  return values.reduce((best, value) => Math.min(best, value), Infinity);
}
