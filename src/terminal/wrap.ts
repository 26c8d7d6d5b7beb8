import { displayWidth } from './display-width.ts';

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
    const wordColumns = displayWidth(word.text);
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
  const room = width - Math.max(displayWidth(indent), displayWidth(first));
  return wrapWords(text, room).map(
    (words, at) => (at === 0 ? first : indent) + words.map((word) => word.text).join(' '),
  );
}
