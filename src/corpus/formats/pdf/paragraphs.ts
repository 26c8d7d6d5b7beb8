/**
 * Lines of a region into paragraphs, by geometry: a paragraph ends where the white below it is wider, the size of the
 * letters changes, the next line is indented, or the next word would have fitted.
 */
import { largest, least, median, type Line } from './geometry.ts';

/** What most of the text of a file looks like. */
export interface BodyStyle {
  readonly size: number;
  readonly font: string;
  /** Points from base line to base line. */
  readonly leading: number;
}

export const LIST_MARKER =
  /^(?:[•·▪●○■◦‣∙–*\uf0b7-]\s|[([]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]\s|[([]\p{Lu}[)\]]\s|・)/u;
export const ENDS_SENTENCE = /[.!?:;。！？…]["'”’»)\]」』]*$/u;
/** A word broken at the end of the line. */
export const BROKEN_WORD = /\p{L}[-\u2010\u00ad]$/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** In font sizes. */
const INDENT = 0.8;
/** In line distances: a wider gap separates paragraphs. */
const PARAGRAPH_GAP = 1.3;
/** Sizes nearer than this are the same: rounding, bold and roman letters of one text. */
const SAME_SIZE = 1.07;
/** A line shorter than this share of the width was ended on purpose, though no sentence ends. */
const SHORT_LINE = 0.6;

export function isSameSize(a: number, b: number): boolean {
  return Math.max(a, b) <= Math.min(a, b) * SAME_SIZE;
}

/** @param regions lines of each region */
export function bodyStyleOf(regions: readonly (readonly Line[])[]): BodyStyle {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  for (const { text, size, font } of regions.flat()) {
    const rounded = Math.round(size * 4) / 4;
    sizes.set(rounded, (sizes.get(rounded) ?? 0) + text.length);
    fonts.set(font, (fonts.get(font) ?? 0) + text.length);
  }
  const size = heaviest(sizes) ?? 10;
  const gaps = regions
    .flatMap((lines) => gapsOf(lines.filter((line) => isSameSize(line.size, size))))
    .filter((gap) => gap > size * 0.9 && gap < size * 2.6);
  const leading = gaps.length > 0 ? median(gaps) : size * 1.2;
  return { size, font: heaviest(fonts) ?? '', leading };
}

function heaviest<Key>(weights: ReadonlyMap<Key, number>): Key | undefined {
  let best: Key | undefined;
  for (const [key, weight] of weights) {
    if (best === undefined || weight > (weights.get(best) ?? 0)) best = key;
  }
  return best;
}

function gapsOf(lines: readonly Line[]): number[] {
  return lines.slice(1).map((line, index) => line.y - (lines[index]?.y ?? 0));
}

/** Of the lines of one size in one region. */
interface Measure {
  readonly left: number;
  readonly right: number;
  readonly leading: number;
}

/** The lines of each paragraph. */
export function paragraphsOf(lines: readonly Line[], body: BodyStyle): Line[][] {
  const measures = new Map<number, Measure>();
  const measureOf = ({ size }: Line): Measure => {
    const key = Math.round(size * 2);
    const known = measures.get(key);
    if (known !== undefined) return known;
    const alike = lines.filter((line) => isSameSize(line.size, size));
    const made = {
      left: least(alike.map(({ x0 }) => x0)),
      right: largest(alike.map(({ x1 }) => x1)),
      leading: isSameSize(size, body.size) ? body.leading : leadingOf(alike, size, body),
    };
    measures.set(key, made);
    return made;
  };
  const paragraphs: Line[][] = [];
  for (const line of lines) {
    const open = paragraphs.at(-1);
    if (open === undefined || begins(open, line, measureOf(line))) paragraphs.push([line]);
    else open.push(line);
  }
  return paragraphs;
}

function leadingOf(lines: readonly Line[], size: number, body: BodyStyle): number {
  const gaps = gapsOf(lines).filter((gap) => gap > size * 0.8);
  if (gaps.length > 1) return least(gaps);
  return Math.min((body.leading * size) / body.size, size * 1.45);
}

/** Whether a line begins a paragraph and does not continue the open one. */
function begins(open: readonly Line[], line: Line, measure: Measure): boolean {
  const [first] = open;
  const before = open.at(-1);
  if (first === undefined || before === undefined) return true;
  if (!isSameSize(before.size, line.size)) return true;
  if (line.y - before.y > measure.leading * PARAGRAPH_GAP) return true;
  if (LIST_MARKER.test(line.text) && line.x0 <= first.x0 + line.size) return true;
  if (BROKEN_WORD.test(before.text) && /^\p{Ll}/u.test(line.text)) return false;
  return isIndented(open, before, line, measure) || endsEarly(open, before, line, measure);
}

/** An indented line opens a paragraph; so does one that is back at the left after several that were not. */
function isIndented(
  open: readonly Line[],
  before: Line,
  line: Line,
  { left, right }: Measure,
): boolean {
  const indent = INDENT * line.size;
  const white = { left: line.x0 - left, right: right - line.x1 };
  const isCentred = white.left > line.size && Math.abs(white.left - white.right) < line.size;
  if (isCentred) return false;
  if (line.x0 < before.x0 - indent) return open.length > 1;
  const opens = line.x0 > before.x0 + indent && before.x0 < left + indent;
  return opens && !LIST_MARKER.test(before.text);
}

/** Whether the line before ended although the first word of this one would have fitted. */
function endsEarly(
  open: readonly Line[],
  before: Line,
  line: Line,
  { left, right }: Measure,
): boolean {
  const firstWord = CJK.test(line.text.charAt(0)) ? 1 : /^\S*/.exec(line.text)?.[0].length;
  const letter = (line.x1 - line.x0) / Math.max(1, line.text.length);
  // A word more of slack than measured: letters differ in width.
  const needed = letter * ((firstWord ?? 0) + 1) * 1.15 + line.size * 0.3;
  if (before.x1 + needed >= right) return false;
  if (ENDS_SENTENCE.test(before.text)) return true;
  if (before.font !== line.font && open.length === 1) return true;
  return before.x1 - left < (right - left) * SHORT_LINE && !/^\p{Ll}/u.test(line.text);
}
