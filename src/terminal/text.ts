/**
 * Text for a terminal: made safe, wrapped, in columns and in colour.
 *
 * Documents and questions can hold anything, including escape sequences that move the cursor, change the window's
 * title or write to the clipboard, and marks that change the order of reading. None of them reaches a terminal.
 */
import stringWidth from 'string-width';
import { MeetingNames } from '../answer/meeting-texts.ts';
import type { Listing } from '../answer/types.ts';
import type { Meeting, Source } from '../corpus/types.ts';
import type { Snapshot } from '../engine.ts';
import { shortDate } from '../language/dates.ts';
import { dateInWords } from '../language/dates.ts';

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = '\u2421';
const SPACES = /[\v\f\r]/;
const REPLACEMENT = '\ufffd';

/** C0 without tab and line feed, DEL, C1, and the marks that embed, override or isolate a direction. */
const UNSAFE = /[\0-\x08\v-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text with each unsafe character replaced by a visible one. Its length stays the same, so offsets
 * into it stay valid; tab and line feed stay.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (SPACES.test(character)) return ' ';
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === DELETE ? DELETE_PICTURE : REPLACEMENT;
  });
}

/** As {@link printable}, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** A stretch without a place to break, with its offsets in the text that was wrapped. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether it follows the word before it without a space, as in Japanese. */
  readonly isGlued: boolean;
}

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

function wordsOf(text: string): Word[] {
  return [...text.matchAll(SPACED)].flatMap((spaced) =>
    [...spaced[0].matchAll(PARTS)].map((part) => {
      const start = spaced.index + part.index;
      return { text: part[0], start, end: start + part[0].length, isGlued: part.index > 0 };
    }),
  );
}

/** The words of one line. */
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

/** The languages that answers are shown in. */
export type Language = 'en' | 'ja';

/** How text is emphasised. The plain style changes nothing, so that programs can read the output. */
export interface Style {
  /** False when escape sequences are not to be used. */
  readonly colour: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly doubtful: Paint;
  readonly bad: Paint;
}

type Paint = (text: string) => string;

const same: Paint = (text) => text;

/** Select Graphic Rendition of ECMA-48. */
function paint(on: number, off: number): Paint {
  return (text) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`);
}

export const PLAIN: Style = {
  colour: false,
  bold: same,
  dim: same,
  good: same,
  doubtful: same,
  bad: same,
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

const DEFAULT_COLUMNS = 80;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
/** On a narrower terminal, lines wrap. */
const FEWEST_COLUMNS = 30;

export function columnsOf({ columns }: Output): number {
  // Some pseudo-terminals report 0.
  const wanted = columns === undefined || columns === 0 ? DEFAULT_COLUMNS : columns;
  return Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, wanted));
}

const MOST_MEETINGS_SHOWN = 12;

/** A listing's title, its meetings as a table of day, place and title, and its note. */
export function listingLines(
  { title, note, meetings }: Listing,
  {
    language,
    andMore,
  }: { readonly language: Language; readonly andMore: (left: number) => string },
  {
    style,
    width,
    snapshot,
  }: Shape & { readonly snapshot: Pick<Snapshot, 'documents' | 'meetings'> },
): string[] {
  const names = new MeetingNames(snapshot);
  const known = new Map(snapshot.meetings.map((meeting) => [meeting.id, meeting]));
  const rows = meetings.slice(0, MOST_MEETINGS_SHOWN).map(({ id, date, place, title: name }) => {
    const meeting = known.get(id);
    return [
      date === null ? '' : shortDate(date, language),
      meeting === undefined ? (place.split(',')[0] ?? place) : names.city(meeting, language),
      meeting === undefined ? name : names.title(meeting, language),
    ];
  });
  const more = meetings.length - rows.length;
  return [
    ...wrapLines(printableLine(title), { width }).map((line) => style.bold(line)),
    ...tableLines(rows, { width, indent: '  ' }),
    ...(more > 0 ? [style.dim(`  ${andMore(more)}`)] : []),
    ...(note === null || note === title ? [] : wrapLines(printableLine(note), { width })),
  ];
}

export interface Shape {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
}

/** Meetings as a table: id, and title with the date. */
export function meetingList(meetings: readonly Meeting[], { style, width }: Shape): string {
  const rows = meetings.map(({ id, date, title }) => {
    const day = date === null ? '' : dateInWords(date);
    return [id, title.includes(day) ? title : `${title} (${day})`];
  });
  return inLines(tableLines(rows, { width, emphasise: style.bold }));
}

/** Publishers with the number of their sources, most first; those of a single source are only counted. */
export function publisherList(sources: Iterable<Source>, { width }: Shape): string {
  const counts = new Map<string, number>();
  for (const { publisher, kind } of sources) {
    const name = `${publisher} (${kind})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1);
  const single = counts.size - several.length;
  const rows = several
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([name, count]) => [String(count).padStart(4), name]);
  const rest = [String(single).padStart(4), 'from publishers of one source each'];
  return inLines(tableLines(single === 0 ? rows : [...rows, rest], { width }));
}

/** Sources one by one: title, publisher, date, address. */
export function sourceList(sources: readonly Source[], { style, width }: Shape): string {
  return inLines(
    sources.flatMap(({ id, title, publisher, kind, published, url }) => {
      const when = published === null ? '' : `, ${dateInWords(published)}`;
      const inset = (line: string, first = '    '): string[] =>
        wrapLines(printableLine(line), { width, indent: '    ', first });
      return [
        ...inset(`${title} (${id})`, '  - '),
        ...inset(`${publisher} (${kind})${when}`),
        ...inset(url).map(style.dim),
      ];
    }),
  );
}
