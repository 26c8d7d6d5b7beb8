/**
 * Text for a terminal: made safe, wrapped, in columns and in colour.
 *
 * Documents and questions can hold anything, including escape sequences that move the cursor, change the window's
 * title or write to the clipboard, and marks that change the order of reading. None of them reaches a terminal.
 */
import stringWidth from 'string-width';

/** C0 without tab and line feed, DEL, C1, and the marks that embed, override or isolate a direction. */
const UNSAFE = /[\0-\x08\v-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text with each unsafe character replaced by a visible one. Its length stays the same, so offsets
 * into it stay valid; tab and line feed stay.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (/[\v\f\r]/.test(character)) return ' ';
    if (character === '\x7f') return '\u2421';
    // The pictures of control characters follow each other as these do.
    return character < ' ' ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : '\ufffd';
  });
}

/** As {@link printable}, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

export type Word = Readonly<ReturnType<typeof wordsOf>[number]>;

/** No-break spaces are part of a word. */
const SPACED = /(?:[^\s]|[\u00a0\u202f])+/g;

/** Scripts without spaces, with their punctuation: a line can end after any character, */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3001-\\u303f\\u30fb\\u30fc\\uff01-\\uff60';
/** but not before these, and not after an opening bracket. */
const CLOSING = '、。，．・：；？！ー々〉》」』】）ぁぃぅぇぉっゃゅょァィゥェォッャュョ';
const PARTS = new RegExp(
  `[〈《「『【（]*[${UNSPACED}]\\p{M}*[${CLOSING}]*|[^${UNSPACED}]+[${CLOSING}]*`,
  'gu',
);

/** Stretches without a place to break, with their offsets in the text. */
function wordsOf(text: string) {
  return [...text.matchAll(SPACED)].flatMap((spaced) =>
    [...spaced[0].matchAll(PARTS)].map((part) => {
      const start = spaced.index + part.index;
      // Glued: it follows the word before it without a space, as in Japanese.
      return { text: part[0], start, end: start + part[0].length, isGlued: part.index > 0 };
    }),
  );
}

export function joinWords(words: readonly Word[]): string {
  return words
    .map(({ text, isGlued }, index) => (index === 0 || isGlued ? '' : ' ') + text)
    .join('');
}

/**
 * Lines of words that fit into `width` columns, with one space between words. A line feed in the text starts a new
 * line; a word wider than a line has its own line.
 */
export function wrapWords(text: string, width: number): Word[][] {
  const lines: Word[][] = [];
  let line: Word[] = [];
  let columns = 0;
  let previousEnd = 0;
  for (const word of wordsOf(text)) {
    const wordColumns = stringWidth(word.text);
    const wider = columns + wordColumns + (word.isGlued ? 0 : 1);
    const newParagraph = text.slice(previousEnd, word.start).includes('\n');
    if (line.length > 0 && (newParagraph || wider > width)) {
      lines.push(line);
      line = [];
    }
    columns = line.length === 0 ? wordColumns : wider;
    line.push(word);
    previousEnd = word.end;
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

/** {@link wrapWords} as plain lines, each after `indent`; the first after `first`, when given. */
export function wrapLines(
  text: string,
  { width, indent = '', first = indent }: { width: number; indent?: string; first?: string },
): string[] {
  const room = width - Math.max(stringWidth(indent), stringWidth(first));
  return wrapWords(text, room).map(
    (words, index) => (index === 0 ? first : indent) + joinWords(words),
  );
}

/** A line of words; text in one of the ranges is bold, with the spaces between two of its words. */
export function emphasise(
  words: readonly Word[],
  ranges: readonly (readonly [start: number, end: number])[],
  bold: Paint,
): string {
  const rangeAt = (offset: number): number =>
    ranges.findIndex(([start, end]) => start <= offset && offset < end);
  /** For each character of the line, the range that it is in, or -1. */
  const inside = words.flatMap(({ start, end, isGlued }, index) => {
    const before = words[index - 1];
    const own = Array.from({ length: end - start }, (_, index) => rangeAt(start + index));
    if (before === undefined || isGlued) return own;
    return [rangeAt(before.end - 1) === rangeAt(start) ? rangeAt(start) : -1, ...own];
  });
  const line = joinWords(words);
  const cuts = inside.flatMap((range, index) =>
    index > 0 && (range === -1) !== (inside[index - 1] === -1) ? [index] : [],
  );
  return [0, ...cuts]
    .map((from, part) => {
      const run = line.slice(from, cuts[part]);
      return inside[from] === -1 ? run : bold(run);
    })
    .join('');
}

/** Where less than this is left next to the other cells, the last cell of a row goes below them. In columns. */
const LEAST_ROOM = 24;
const GAP = 2;

/**
 * Rows of cells in columns. The last cell of each row is wrapped next to the others, or below them on a narrow
 * terminal. `emphasise` is applied to the first cells.
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  { width, indent = '', emphasise = same }: { width: number; indent?: string; emphasise?: Paint },
): string[] {
  const safe = rows.map((row) => row.map((cell) => printable(cell).replace(/\s/g, ' ')));
  const widths = (safe[0] ?? []).map((_, column) =>
    Math.max(...safe.map((row) => stringWidth(row[column] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, columns) => sum + columns + GAP, indent.length);
  const isBelow = width - before < LEAST_ROOM;
  return safe.flatMap((row) => {
    const cells = row.slice(0, -1);
    const padded = cells.map(
      (cell, column) =>
        (column === 0 ? emphasise(cell) : cell) +
        ' '.repeat((widths[column] ?? 0) - stringWidth(cell) + GAP),
    );
    const first = indent + padded.join('');
    const last = row.at(-1) ?? '';
    if (isBelow) return [first.trimEnd(), ...wrapLines(last, { width, indent: `${indent}  ` })];
    const [line = '', ...more] = wrapLines(last, { width, indent: ' '.repeat(before) });
    return [first + line.slice(before), ...more];
  });
}

/** Lines as one text that ends in a line feed; an empty text for none. */
export function inLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

type Paint = (text: string) => string;

const same: Paint = (text) => text;

/** Select Graphic Rendition of ECMA-48. */
function paint(on: number, off: number): Paint {
  return (text) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`);
}

interface Style extends Readonly<Record<'bold' | 'dim' | 'good' | 'doubtful' | 'bad', Paint>> {
  /** False when escape sequences are not to be used. */
  readonly colour: boolean;
}

/** Changes nothing, so that programs can read the output. */
export const PLAIN: Style = {
  ...{ colour: false, bold: same, dim: same, good: same, doubtful: same, bad: same },
};

export const COLOUR: Style = {
  colour: true,
  bold: paint(1, 22),
  dim: paint(2, 22),
  good: paint(32, 39),
  doubtful: paint(33, 39),
  bad: paint(31, 39),
};

/** What is known of where output goes. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** False for terminals that know no escape sequences. */
  hasColors?(): boolean;
}

export function styleFor(
  output: Output,
  wishes: { readonly noColor: boolean; readonly forceColor: boolean },
): Style {
  if (wishes.noColor) return PLAIN;
  if (wishes.forceColor) return COLOUR;
  return output.isTTY === true && (output.hasColors?.() ?? true) ? COLOUR : PLAIN;
}

/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
/** On a narrower terminal, lines wrap. */
const FEWEST_COLUMNS = 30;

export function columnsOf({ columns = 0 }: Output): number {
  // Some pseudo-terminals report 0.
  return Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, columns === 0 ? 80 : columns));
}

export interface Shape {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
}
