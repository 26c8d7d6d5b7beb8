/**
 * Pages into blocks to be: paragraphs that run over a column or page are one, small print at the foot of a page waits
 * until the paragraph around the page break has ended, and letters of another size or font tell headings.
 */
import { largest, median, type Line } from './geometry.ts';
import type { Region } from './order.ts';
import {
  bodyStyleOf,
  BROKEN_WORD,
  ENDS_SENTENCE,
  isSameSize,
  LIST_MARKER,
  paragraphsOf,
  type BodyStyle,
} from './paragraphs.ts';

export interface PageRegions {
  /** In the order of reading. */
  readonly regions: readonly Region[];
  /** Lines above and below the text that are none of it. */
  readonly head: readonly Line[];
  readonly foot: readonly Line[];
  /** Other text that is left out, with the reason. */
  readonly leftOut: readonly { readonly text: string; readonly why: string }[];
}

/** A block to be, with its lines in the order of reading. */
export interface Draft {
  kind: 'heading' | 'paragraph' | 'item' | 'row' | 'note' | 'leftOut';
  /** 1 to 6 for headings, 1 for the header row of a table, else 0. */
  level: number;
  readonly lines: Line[];
  /** Counted from 0. */
  readonly page: number;
  /** Why it is left out; else empty. */
  readonly why: string;
}

const HEADING_SIZE = 1.1;
const NOTE_SIZE = 0.93;
/** UTF-16 characters. */
const LONGEST_HEADING = 160;
const LONGEST_HEADING_OF_BODY_SIZE = 90;
const PROSE = 60;

export function draftsOf(pages: readonly PageRegions[]): Draft[] {
  const body = bodyStyleOf(pages.flatMap(({ regions }) => regions.map(linesOf)));
  const drafts: Draft[] = [];
  let notes: Draft[] = [];
  let open: Draft | null = null;
  for (const [page, { regions, head, foot, leftOut }] of pages.entries()) {
    const furniture = (lines: readonly Line[]): void => {
      const why = 'running head or page number';
      if (lines.length > 0) drafts.push(draft('leftOut', [...lines], page, why));
    };
    const middle = median(regions.flatMap(linesOf).map(({ y }) => y));
    furniture(head);
    for (const found of regions.flatMap((region) => inRegion(region, body, { page, middle }))) {
      if (found.kind === 'note') notes.push(found);
      else if (open !== null && continuesAcross(open, found, body)) open.lines.push(...found.lines);
      else {
        drafts.push(...notes, found);
        notes = [];
        open = found.kind === 'paragraph' || found.kind === 'item' ? found : null;
      }
    }
    furniture(foot);
    for (const { text, why } of leftOut) {
      drafts.push(draft('leftOut', [{ text, x0: 0, x1: 0, y: 0, size: 0, font: '' }], page, why));
    }
  }
  drafts.push(...notes);
  markHeadings(drafts, body);
  return drafts;
}

function draft(kind: Draft['kind'], lines: Line[], page: number, why = ''): Draft {
  return { kind, level: 0, lines, page, why };
}

function linesOf(region: Region): readonly Line[] {
  return region.kind === 'lines' ? region.lines : region.rows.slice(0, 1).map(({ line }) => line);
}

function inRegion(
  region: Region,
  body: BodyStyle,
  { page, middle }: { page: number; middle: number },
): Draft[] {
  if (region.kind === 'table') {
    return region.rows.map(({ line, isHead }) => ({
      ...draft('row', [line], page),
      level: isHead ? 1 : 0,
    }));
  }
  const isSmall = ({ size }: Line): boolean => size < body.size * NOTE_SIZE;
  const text = region.lines.filter((line) => !isSmall(line)).map(({ y }) => y);
  const lowest = Math.max(middle, largest(text));
  return paragraphsOf(region.lines, body).map((lines) => {
    const [first] = lines;
    const isNote = first !== undefined && isSmall(first) && first.y > lowest;
    const isItem = first !== undefined && LIST_MARKER.test(first.text);
    return draft(isNote ? 'note' : isItem ? 'item' : 'paragraph', lines, page);
  });
}

/** Whether a paragraph goes on at the top of the next column or page. */
function continuesAcross(open: Draft, next: Draft, body: BodyStyle): boolean {
  const last = open.lines.at(-1);
  const [first] = next.lines;
  if (last === undefined || first === undefined || next.kind !== 'paragraph') return false;
  const isBelow = next.page === open.page && first.y > last.y && first.x0 < last.x1;
  if (isBelow || !isSameSize(first.size, last.size) || !isSameSize(first.size, body.size)) {
    return false;
  }
  if (BROKEN_WORD.test(last.text)) return true;
  if (ENDS_SENTENCE.test(last.text)) return false;
  return open.lines.length > 1 || /^\p{Ll}/u.test(first.text);
}

function markHeadings(drafts: readonly Draft[], body: BodyStyle): void {
  const text = drafts.filter(({ kind }) => kind !== 'leftOut' && kind !== 'note');
  const large = new Set(text.filter((found) => isLarge(found, body)));
  const sizes = [...new Set([...large].map(sizeOf))].sort((a, b) => b - a);
  for (const [index, found] of text.entries()) {
    const isHeading = large.has(found) || isSetOff(found, text[index + 1], body);
    if (!isHeading) continue;
    found.kind = 'heading';
    found.level = Math.min(6, (large.has(found) ? sizes.indexOf(sizeOf(found)) : sizes.length) + 1);
  }
}

/** To half a point. */
function sizeOf({ lines }: Draft): number {
  return Math.round((lines[0]?.size ?? 0) * 2) / 2;
}

export function textOfDraft({ lines }: Draft): string {
  return lines.map(({ text }) => text).join(' ');
}

/** Short and in larger letters than the text. */
function isLarge(found: Draft, body: BodyStyle): boolean {
  if (found.kind === 'row' || sizeOf(found) < body.size * HEADING_SIZE) return false;
  const text = textOfDraft(found);
  return text.length <= LONGEST_HEADING && /\p{L}{2}/u.test(text) && !/[.;,]$/.test(text);
}

/** Short and in another font than the text, right above a paragraph of it. */
function isSetOff(found: Draft, next: Draft | undefined, body: BodyStyle): boolean {
  if (found.kind === 'row' || next?.kind !== 'paragraph' || found.lines.length > 2) return false;
  const text = textOfDraft(found);
  const isOther = ({ font, size }: Line): boolean =>
    font !== body.font && size > body.size * NOTE_SIZE;
  return (
    found.lines.every(isOther) &&
    next.lines[0]?.font === body.font &&
    textOfDraft(next).length >= PROSE &&
    text.length <= LONGEST_HEADING_OF_BODY_SIZE &&
    /^\P{Ll}*\p{L}{2}/u.test(text) &&
    !/[.!?,:;…]["”’)]*$/u.test(text)
  );
}
