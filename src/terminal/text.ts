import stringWidth from 'string-width';

/**
 * Text on its way to a terminal: made safe, wrapped, dates in words.
 *
 * Corpus files and questions can hold anything, also escape sequences that would move the cursor, change
 * the window's title or write to the clipboard, and marks that reorder what is read. Nothing of the sort
 * reaches a terminal.
 */

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
}

/** No-break spaces are part of a word. */
const WORD = /(?:[^\s]|[\u00a0\u202f])+/g;

/**
 * Lines of words that fit into `width` columns, one space between two words. A line feed in the text
 * begins a new line; a word wider than a line has a line of its own.
 */
export function wrapWords(text: string, width: number): Word[][] {
  const lines: Word[][] = [];
  let line: Word[] = [];
  let columns = 0;
  let previousEnd = 0;
  for (const match of text.matchAll(WORD)) {
    const word = { text: match[0], start: match.index, end: match.index + match[0].length };
    const wordColumns = stringWidth(word.text);
    const newParagraph = text.slice(previousEnd, word.start).includes('\n');
    if (line.length > 0 && (newParagraph || columns + 1 + wordColumns > width)) {
      lines.push(line);
      line = [];
    }
    columns = line.length === 0 ? wordColumns : columns + 1 + wordColumns;
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
    (words, at) => (at === 0 ? first : indent) + words.map((word) => word.text).join(' '),
  );
}

const LONG_DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

const SHORT_DATE = new Intl.DateTimeFormat('en-US', {
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

/** An ISO date as the corpus writes dates, `January 12, 2024`; anything else as it is. */
export function longDate(date: string): string {
  return isDate(date) ? LONG_DATE.format(new Date(date)) : date;
}

/** `Jan 12`, for a table. */
export function shortDate(date: string): string {
  return isDate(date) ? SHORT_DATE.format(new Date(date)) : date;
}

function isDate(date: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date));
}
