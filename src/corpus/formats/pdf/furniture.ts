/**
 * Running heads and page numbers: lines at the edge of a page that other pages have at the same height, the same text but
 * for figures, on every page or every second; or numbers that count the pages.
 */
import { textOf, type Piece } from './geometry.ts';

type Row = readonly Piece[];

/** Lines from either edge that are looked at: a head, the rule or date below it, a number. */
const DEEPEST = 4;
/** Points. Heads of facing pages may differ by rounding. */
const SAME_HEIGHT = 3;
/** Pages between two uses of the same head: 2 where left and right pages have their own. */
const FARTHEST = 2;

/** UTF-16 characters. */
const LONGEST_HEAD = 100;

const PAGE_NUMBER =
  /^(?:page|p\.|seite|página|стр\.)?\s*[-–—[(|]*\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—\])|]*(?:\s*(?:of|\/|von|de|из)\s*\d{1,4})?$|^第?\s*\d{1,4}\s*(?:ページ|頁|页)$/iu;

/** For each page, its lines that are furniture. */
export function furnitureOf(pages: readonly (readonly Row[])[]): Set<Row>[] {
  const edges = pages.map((rows) => ({
    top: rows.slice(0, DEEPEST),
    bottom: rows.slice(-DEEPEST).reverse(),
  }));
  return pages.map((rows, page) => {
    const found = new Set<Row>();
    for (const side of ['top', 'bottom'] as const) {
      for (const row of edges[page]?.[side] ?? []) {
        // A page of one line is not all furniture.
        if (rows.length === 1 && pages.length === 1) break;
        const others = (distance: number): readonly Row[] => edges[page + distance]?.[side] ?? [];
        if (!recurs(row, others) && !counts(row, others, page, pages.length)) break;
        found.add(row);
      }
    }
    return found;
  });
}

type Others = (distance: number) => readonly Row[];

const distances = [-2, -1, 1, 2].filter((distance) => Math.abs(distance) <= FARTHEST);

function heightOf(row: Row): number {
  return row[0]?.y ?? 0;
}

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
    /^\W*(\d{1,4})(?=\s|\W*$)/u.exec(text.trim()),
    /(?:^|\s)\W*(\d{1,4})\W*$/u.exec(text.trim()),
  ];
  return ends.flatMap((found) => (found === null ? [] : [Number(found[1])]));
}
