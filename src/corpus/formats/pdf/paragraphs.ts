/**
 * Lines into blocks. Lines of a region become paragraphs by geometry: a paragraph ends where the white below it is wider,
 * the size of the letters changes, the next line is indented, or the next word would have fitted.
 */
import { UNSPACED } from '../../../language/words.ts';
import { grouped } from '../../types.ts';
import {
  extentOf,
  gapsOf,
  largest,
  least,
  median,
  type Edges,
  type Line,
  type Region,
} from './order.ts';

/** What most of the text of a file looks like. */
interface BodyStyle {
  readonly size: number;
  readonly font: string;
  /** Points from base line to base line. */
  readonly leading: number;
}

const LIST_MARKER =
  /^(?:[•·▪●○■◦‣∙–*\uf0b7-]\s|[([]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]\s|[([]\p{Lu}[)\]]\s|・)/u;
const ENDS_SENTENCE = /[.!?:;。！？…]["'”’»)\]」』]*$/u;
/** A word broken at the end of the line. */
const BROKEN_WORD = /[\p{L}\p{N}][-\u2010\u00ad]$/u;

/** In font sizes. */
const INDENT = 0.8;
/** In line distances: a wider gap separates paragraphs. */
const PARAGRAPH_GAP = 1.3;
/** Sizes nearer than this are the same: rounding, bold and roman letters of one text. */
const SAME_SIZE = 1.07;
/** A line shorter than this share of the width was ended on purpose, though no sentence ends. */
const SHORT_LINE = 0.6;

function isSameSize(a: number, b: number): boolean {
  return Math.max(a, b) <= Math.min(a, b) * SAME_SIZE;
}

/** @param regions lines of each region */
function bodyStyleOf(regions: readonly (readonly Line[])[]): BodyStyle {
  const lines = regions.flat();
  const size = heaviest(lines, (line) => Math.round(line.size * 4) / 4) ?? 10;
  const gaps = regions
    .flatMap((region) =>
      gapsOf(region.filter((line) => isSameSize(line.size, size)).map(({ y }) => y)),
    )
    .filter((gap) => gap > size * 0.9 && gap < size * 2.6);
  const leading = gaps.length > 0 ? median(gaps) : size * 1.2;
  return { size, font: heaviest(lines, ({ font }) => font) ?? '', leading };
}

/** What most characters of the lines have. */
function heaviest<Key>(lines: readonly Line[], keyOf: (line: Line) => Key): Key | undefined {
  const weights = new Map<Key, number>();
  for (const line of lines) {
    const key = keyOf(line);
    weights.set(key, (weights.get(key) ?? 0) + line.text.length);
  }
  return [...weights].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Of the lines of one size in one region. */
interface Measure extends Edges {
  readonly leading: number;
}

function paragraphsOf(lines: readonly Line[], body: BodyStyle): Line[][] {
  const measures = new Map<number, Measure>();
  const measureOf = ({ size }: Line): Measure => {
    const key = Math.round(size * 2);
    const known = measures.get(key);
    if (known !== undefined) return known;
    const alike = lines.filter((line) => isSameSize(line.size, size));
    const leading = isSameSize(size, body.size) ? body.leading : leadingOf(alike, size, body);
    const made = { ...extentOf(alike), leading };
    measures.set(key, made);
    return made;
  };
  return grouped(lines, (line, first, before, open) =>
    begins({ line, first, before, isLong: open.length > 1 }, measureOf(line)),
  );
}

/** A line, and the paragraph before it. */
interface Follower {
  readonly line: Line;
  readonly first: Line;
  readonly before: Line;
  /** Whether the paragraph has several lines. */
  readonly isLong: boolean;
}

function leadingOf(lines: readonly Line[], size: number, body: BodyStyle): number {
  const gaps = gapsOf(lines.map(({ y }) => y)).filter((gap) => gap > size * 0.8);
  if (gaps.length > 1) return least(gaps);
  return Math.min((body.leading * size) / body.size, size * 1.45);
}

/** Whether a line begins a paragraph and does not continue the open one. */
function begins(follower: Follower, measure: Measure): boolean {
  const { line, first, before } = follower;
  if (!isSameSize(before.size, line.size)) return true;
  if (line.y - before.y > measure.leading * PARAGRAPH_GAP) return true;
  if (LIST_MARKER.test(line.text) && line.x0 <= first.x0 + line.size) return true;
  if (BROKEN_WORD.test(before.text) && /^\p{L}/u.test(line.text)) return false;
  return isIndented(follower, measure) || endsEarly(follower, measure);
}

/** An indented line opens a paragraph; so does one that is back at the left after several that were not. */
function isIndented({ line, before, isLong }: Follower, { x0: left, x1: right }: Edges): boolean {
  const indent = INDENT * line.size;
  const white = line.x0 - left;
  const isCentred = white > line.size && Math.abs(white - (right - line.x1)) < line.size;
  if (isCentred) return false;
  if (line.x0 < before.x0 - indent) return isLong;
  const opens = line.x0 > before.x0 + indent && before.x0 < left + indent;
  return opens && !LIST_MARKER.test(before.text);
}

/** Whether the line before ended although the first word of this one would have fitted. */
function endsEarly({ line, before, isLong }: Follower, { x0: left, x1: right }: Edges): boolean {
  const firstWord = UNSPACED.test(line.text) ? 1 : /^\S*/.exec(line.text)?.[0].length;
  const letter = (line.x1 - line.x0) / Math.max(1, line.text.length);
  // A word more of slack than measured: letters differ in width.
  const needed = letter * ((firstWord ?? 0) + 1) * 1.15 + line.size * 0.3;
  if (before.x1 + needed >= right) return false;
  if (ENDS_SENTENCE.test(before.text)) return true;
  if (before.font !== line.font && !isLong) return true;
  return before.x1 - left < (right - left) * SHORT_LINE && !/^\p{Ll}/u.test(line.text);
}

export interface PageRegions {
  /** In the order of reading. */
  readonly regions: readonly Region[];
  /** Lines above and below the text that do not belong to it. */
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

/**
 * Pages into blocks to be: paragraphs that run over a column or page are one, small print at the foot of a page waits
 * until the paragraph around the page break has ended, and letters of another size or font tell headings.
 */
export function draftsOf(pages: readonly PageRegions[]): Draft[] {
  const body = bodyStyleOf(pages.flatMap(({ regions }) => regions.map(linesOf)));
  const drafts: Draft[] = [];
  let notes: Draft[] = [];
  let open: Draft | null = null;
  for (const [page, { regions, head, foot, leftOut }] of pages.entries()) {
    const leave = (lines: readonly Line[], why = 'running head or page number'): void => {
      if (lines.length > 0) drafts.push(draft('leftOut', [...lines], page, why));
    };
    const middle = median(regions.flatMap(linesOf).map(({ y }) => y));
    leave(head);
    for (const found of regions.flatMap((region) => inRegion(region, body, page, middle))) {
      if (found.kind === 'note') notes.push(found);
      else if (open !== null && continuesAcross(open, found, body)) open.lines.push(...found.lines);
      else {
        drafts.push(...notes, found);
        notes = [];
        open = found.kind === 'paragraph' || found.kind === 'item' ? found : null;
      }
    }
    leave(foot);
    for (const { text, why } of leftOut) {
      leave([{ text, x0: 0, x1: 0, y: 0, size: 0, font: '', order: 0 }], why);
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

function inRegion(region: Region, body: BodyStyle, page: number, middle: number): Draft[] {
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
