import type { Excerpt } from '../answer/types.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { wrapWords, type Word } from './wrap.ts';

/** Columns before the quoted text: the number, and the mark of the highlighted sentence. */
export const INDENT = '      ';

const MARK = '>';

/**
 * A quoted text in lines, numbered, its highlighted sentence set off: in bold where the terminal can,
 * else on lines of its own with a mark in the margin, since a mark inside would alter the quotation.
 */
export function quotationLines(
  { rank, text, highlight }: Pick<Excerpt, 'rank' | 'text' | 'highlight'>,
  { style, width }: { readonly style: Style; readonly width: number },
): string[] {
  const shown = printable(text);
  const room = width - INDENT.length;
  const number = `[${rank}]`.padEnd(INDENT.length - 2);
  const margin = (at: number, mark: string): string =>
    `${at === 0 ? number : ' '.repeat(number.length)}${mark} `;

  if (style.colour) {
    return wrapWords(shown, room).map(
      (words, at) => margin(at, ' ') + emphasise(words, highlight, style),
    );
  }
  const [start, end] = highlight ?? [0, 0];
  const parts = [
    { part: shown.slice(0, start), mark: ' ' },
    { part: shown.slice(start, end), mark: MARK },
    { part: shown.slice(end), mark: ' ' },
  ];
  return parts
    .flatMap(({ part, mark }) => wrapWords(part, room).map((words) => ({ words, mark })))
    .map(({ words, mark }, at) => margin(at, mark) + words.map((word) => word.text).join(' '));
}

/** A line of words, in bold what lies in the highlighted range. */
function emphasise(words: readonly Word[], highlight: Excerpt['highlight'], style: Style): string {
  const [from, to] = highlight ?? [0, 0];
  let before = '';
  let inside = '';
  let after = '';
  for (const { text, start, end } of words) {
    const first = Math.min(Math.max(from, start), end);
    const last = Math.max(first, Math.min(to, end));
    const head = text.slice(0, first - start);
    const middle = text.slice(first - start, last - start);
    const tail = text.slice(last - start);
    const space = start === words[0]?.start ? '' : ' ';
    if (start >= to) after += space + text;
    else if (end <= from) before += space + text;
    else {
      // A space belongs to the bold run only between two words of it.
      if (inside === '') before += space + head;
      else inside += space;
      inside += middle;
      after += tail;
    }
  }
  return before + style.bold(inside) + after;
}
