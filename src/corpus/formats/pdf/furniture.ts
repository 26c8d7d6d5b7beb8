/** Which lines of the pages of a PDF are not their own text: running heads and page numbers. */
import { gapsOf, heightOf, median, textOf, type Row } from './order.ts';

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
