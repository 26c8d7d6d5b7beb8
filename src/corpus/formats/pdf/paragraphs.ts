/**
 * Lines into paragraphs, by geometry: a paragraph ends where the white below it is wider, the size of the letters
 * changes, the next line is indented, or the next word would have fitted. Sizes tell headings; small print at the foot
 * of a page is notes, which wait until the paragraph around the page break has ended.
 */
import { median, type Line, type Region } from './order.ts';

export type DraftKind = 'heading' | 'paragraph' | 'item' | 'row' | 'note' | 'furniture';

/** A block to be, with its lines in the order of reading. */
export interface Draft {
  kind: DraftKind;
  /** Of headings. */
  level: number;
  lines: Line[];
  readonly page: number;
}

export interface PageRegions {
  readonly regions: readonly Region[];
  readonly head: readonly Line[];
  readonly foot: readonly Line[];
}

export interface BodyStyle {
  readonly size: number;
  readonly font: string;
  /** Points from base line to base line. */
  readonly leading: number;
}

const LIST_MARKER =
  /^(?:[•·▪●○■◦‣∙–*\uf0b7-]\s|[([]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]\s|[([]\p{Lu}[)\]]\s|・)/u;
const ENDS_SENTENCE = /[.!?:;。！？…]["'”’»)\]」』]*$/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HYPHEN = /\p{L}[-\u2010\u00ad]$/u;

/** In font sizes. */
const INDENT = 0.8;
/** A wider gap than this many line distances separates paragraphs. */
const PARAGRAPH_GAP = 1.3;
/** Sizes that differ by less are the same: bold and roman letters of one text, rounding. */
const SAME_SIZE = 1.07;
const HEADING_SIZE = 1.1;
const NOTE_SIZE = 0.93;
/** UTF-16 characters. */
const LONGEST_HEADING = 160;

/** The size and font of most of the text. */
export function bodyStyleOf(pages: readonly PageRegions[]): BodyStyle {
  const lines = pages.flatMap(({ regions }) => regions.flatMap(linesIn));
  const mostOf = <Key>(keyOf: (line: Line) => Key): Key | undefined => {
    const weights = new Map<Key, number>();
    for (const line of lines) {
      weights.set(keyOf(line), (weights.get(keyOf(line)) ?? 0) + line.text.length);
    }
    return [...weights].sort((a, b) => b[1] - a[1])[0]?.[0];
  };
  const size = mostOf((line) => Math.round(line.size * 4) / 4) ?? 10;
  const gaps = pages.flatMap(({ regions }) =>
    regions.flatMap((region) => gapsOf(linesIn(region).filter((line) => isSame(line.size, size)))),
  );
  const near = gaps.filter((gap) => gap > size * 0.9 && gap < size * 2.6);
  return {
    size,
    font: mostOf(({ font }) => font) ?? '',
    leading: near.length > 0 ? median(near) : size * 1.2,
  };
}

function linesIn(region: Region): readonly Line[] {
  return region.kind === 'lines' ? region.lines : [region.top];
}

function gapsOf(lines: readonly Line[]): number[] {
  return lines.slice(1).map((line, index) => line.y - (lines[index]?.y ?? 0));
}

function isSame(a: number, b: number): boolean {
  return Math.max(a, b) <= Math.min(a, b) * SAME_SIZE;
}

/** All pages as drafts; a paragraph that runs over the end of a column or page is one. */
export function draftsOf(pages: readonly PageRegions[], body: BodyStyle): Draft[] {
  const drafts: Draft[] = [];
  let notes: Draft[] = [];
  let open: Draft | null = null;
  for (const [page, { regions, head, foot }] of pages.entries()) {
    const furniture = (lines: readonly Line[]): Draft[] =>
      lines.length === 0 ? [] : [{ kind: 'furniture', level: 0, lines: [...lines], page }];
    drafts.push(...furniture(head));
    for (const region of regions) {
      const found: Draft[] = (
        region.kind === 'table' ? rowsOfTable(region, page) : paragraphsOf(region.lines, body, page)
      ).map((draft) => classified(draft, body, pages[page]));
      for (const draft of found) {
        if (draft.kind === 'note') {
          notes.push(draft);
          continue;
        }
        if (open !== null && continuesAcross(open, draft, body)) {
          open.lines.push(...draft.lines);
          continue;
        }
        drafts.push(...notes, draft);
        notes = [];
        open = draft.kind === 'paragraph' || draft.kind === 'item' ? draft : null;
      }
    }
    drafts.push(...furniture(foot));
  }
  drafts.push(...notes);
  return withHeadings(drafts, body);
}

function rowsOfTable(region: Extract<Region, { kind: 'table' }>, page: number): Draft[] {
  return region.rows.map((cells) => ({
    kind: 'row',
    level: 0,
    lines: [{ ...region.top, text: cells.join(' ') }],
    page,
  }));
}

function paragraphsOf(lines: readonly Line[], body: BodyStyle, page: number): Draft[] {
  const drafts: Draft[] = [];
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const open = drafts.at(-1);
    if (before === undefined || open === undefined || begins(open, before, line, lines, body)) {
      drafts.push({ kind: 'paragraph', level: 0, lines: [line], page });
    } else open.lines.push(line);
  }
  return drafts;
}

/** Whether a line begins a paragraph. */
function begins(
  open: Draft,
  before: Line,
  line: Line,
  lines: readonly Line[],
  body: BodyStyle,
): boolean {
  if (!isSame(before.size, line.size)) return true;
  const leading = isSame(line.size, body.size) ? body.leading : usualGap(lines, line, body);
  const gap = line.y - before.y;
  if (gap > leading * PARAGRAPH_GAP) return true;
  if (LIST_MARKER.test(line.text) && line.x0 <= (open.lines[0]?.x0 ?? 0) + line.size) return true;
  if (HYPHEN.test(before.text) && /^\p{Ll}/u.test(line.text)) return false;
  const alike = lines.filter(({ size }) => isSame(size, line.size));
  const left = Math.min(...alike.map(({ x0 }) => x0));
  const right = Math.max(...alike.map(({ x1 }) => x1));
  const isCentred =
    Math.abs(line.x0 - left - (right - line.x1)) < line.size && line.x0 > left + line.size;
  if (!isCentred) {
    const step = line.x0 - before.x0;
    // An indented line opens a paragraph, one that returns to the left after several indented ones (a hanging
    // indentation) too.
    if (
      step > INDENT * line.size &&
      before.x0 < left + INDENT * line.size &&
      !LIST_MARKER.test(before.text)
    )
      return true;
    if (step < -INDENT * line.size && open.lines.length > 1) return true;
  }
  const firstWord = CJK.test(line.text.charAt(0)) ? 1 : (/^\S+/.exec(line.text)?.[0].length ?? 0);
  const wordWidth = ((line.x1 - line.x0) / Math.max(1, line.text.length)) * (firstWord + 1);
  const wouldHaveFitted = before.x1 + wordWidth * 1.15 + line.size * 0.3 < right;
  if (!wouldHaveFitted) return false;
  if (before.font !== line.font && open.lines.length === 1 && !ENDS_SENTENCE.test(before.text))
    return true;
  return (
    ENDS_SENTENCE.test(before.text) ||
    (before.x1 - left < (right - left) * 0.6 && !/^\p{Ll}/u.test(line.text))
  );
}

/** The distance of lines of this size, where several follow each other. */
function usualGap(lines: readonly Line[], line: Line, body: BodyStyle): number {
  const gaps = gapsOf(lines.filter(({ size }) => isSame(size, line.size))).filter(
    (gap) => gap > line.size * 0.8,
  );
  return gaps.length > 1
    ? Math.min(...gaps)
    : Math.min((body.leading * line.size) / body.size, line.size * 1.45);
}

function classified(draft: Draft, body: BodyStyle, page: PageRegions | undefined): Draft {
  if (draft.kind === 'row') return draft;
  const [first] = draft.lines;
  if (first === undefined) return draft;
  if (LIST_MARKER.test(first.text)) draft.kind = 'item';
  const lowest = Math.max(
    0,
    ...(page?.regions.flatMap(linesIn) ?? [])
      .filter(({ size }) => size > body.size * NOTE_SIZE)
      .map(({ y }) => y),
  );
  if (first.size < body.size * NOTE_SIZE && first.y > lowest) draft.kind = 'note';
  return draft;
}

/** Whether a paragraph goes on in the next column or on the next page. */
function continuesAcross(open: Draft, next: Draft, body: BodyStyle): boolean {
  const last = open.lines.at(-1);
  const [first] = next.lines;
  if (last === undefined || first === undefined || next.kind !== 'paragraph') return false;
  // Below the line before in the same column: geometry has decided.
  if (first.y > last.y && next.page === open.page && first.x0 < last.x1) return false;
  if (!isSame(first.size, last.size) || !isSame(first.size, body.size)) return false;
  if (HYPHEN.test(last.text)) return true;
  return !ENDS_SENTENCE.test(last.text) && (open.lines.length > 1 || /^\p{Ll}/u.test(first.text));
}

/** Short paragraphs in larger letters are headings, and those in another font between paragraphs of the text. */
function withHeadings(drafts: readonly Draft[], body: BodyStyle): Draft[] {
  const sizes = [...new Set(drafts.filter((draft) => isLarge(draft, body)).map(sizeOf))].sort(
    (a, b) => b - a,
  );
  const text = drafts.filter(({ kind }) => kind !== 'furniture' && kind !== 'note');
  for (const [index, draft] of text.entries()) {
    if (draft.kind === 'row') continue;
    if (isLarge(draft, body)) {
      draft.kind = 'heading';
      draft.level = Math.min(6, sizes.indexOf(sizeOf(draft)) + 1);
    } else if (isSetOff(draft, text[index + 1], body)) {
      draft.kind = 'heading';
      draft.level = Math.min(6, sizes.length + 1);
    }
  }
  return [...drafts];
}

function sizeOf({ lines }: Draft): number {
  return Math.round((lines[0]?.size ?? 0) * 2) / 2;
}

function textOfDraft({ lines }: Draft): string {
  return lines.map(({ text }) => text).join(' ');
}

function isLarge(draft: Draft, body: BodyStyle): boolean {
  const text = textOfDraft(draft);
  if (draft.kind !== 'paragraph' && draft.kind !== 'item') return false;
  return (
    sizeOf(draft) >= body.size * HEADING_SIZE &&
    text.length <= LONGEST_HEADING &&
    /\p{L}{2}/u.test(text) &&
    !/[.;,]$/.test(text)
  );
}

function isSetOff(draft: Draft, next: Draft | undefined, body: BodyStyle): boolean {
  if (next === undefined || next.kind === 'row' || draft.kind === 'note') return false;
  const text = textOfDraft(draft);
  const isOther = draft.lines.every(
    ({ font, size }) => font !== body.font && size > body.size * NOTE_SIZE,
  );
  return (
    isOther &&
    next.lines[0]?.font === body.font &&
    draft.lines.length <= 2 &&
    text.length <= 90 &&
    /^[^\p{Ll}]*\p{L}{2}|^\p{Lu}/u.test(text) &&
    !/[.!?,:;…]["”’)]*$/u.test(text) &&
    textOfDraft(next).length >= 60
  );
}
