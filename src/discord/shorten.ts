/** Quotations and lists, shortened to what a message can hold. */
import { sentencesOf } from '../corpus/sentences.ts';
import { escapeMarkdown } from './escape.ts';

/** A part of a text: whole sentences wherever one fits. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

type Range = readonly [start: number, end: number];

/**
 * The part of a text to show when a quotation of the whole takes more than `budget` characters: the `highlight`, then
 * whole sentences around it, alternating between those after and before. A single sentence longer than the budget is
 * cut between words. The text itself never changes.
 */
export function stretchWithin(text: string, highlight: Range | null, budget: number): Stretch {
  if (quotation(text, highlight === null ? [] : [highlight]).length <= budget)
    return stretch(text, 0, text.length);
  const sentences = sentencesOf(text);
  const [first] = sentences;
  let [start, end] = highlight ?? [first?.start ?? 0, first?.end ?? text.length];
  if (cost(text, start, end, highlight) > budget) {
    return stretch(text, start, cutBetweenWords(text, start, end, { highlight, budget }));
  }
  // Whole sentences only: one that does not fit ends the growth on its side.
  let after = sentences.filter((sentence) => sentence.start >= end);
  let before = sentences.filter((sentence) => sentence.end <= start).reverse();
  while (after.length > 0 || before.length > 0) {
    const [next] = after;
    const [previous] = before;
    if (next !== undefined && cost(text, start, next.end, highlight) <= budget) {
      end = next.end;
      after = after.slice(1);
    } else {
      after = [];
    }
    if (previous !== undefined && cost(text, previous.start, end, highlight) <= budget) {
      start = previous.start;
      before = before.slice(1);
    } else {
      before = [];
    }
  }
  return stretch(text, start, end);
}

/**
 * A text as Discord's quotation, with stretches of it in bold: `> ` before each line, the words escaped. Without this
 * markup it is the text letter for letter, except for invisible characters.
 */
export function quotation(text: string, bold: readonly Range[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const [from, to] of bold) {
    parts.push(escapeMarkdown(text.slice(at, from)), inBold(escapeMarkdown(text.slice(from, to))));
    at = to;
  }
  parts.push(escapeMarkdown(text.slice(at)));
  return parts
    .join('')
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Bold ends with the line, and cannot begin or end with a space. */
function inBold(escaped: string): string {
  return escaped.replace(/[^\s](?:[^\n]*[^\s])?/g, '**$&**');
}

function stretch(text: string, start: number, end: number): Stretch {
  return {
    start,
    end,
    cutBefore: text.slice(0, start).trim() !== '',
    cutAfter: text.slice(end).trim() !== '',
  };
}

/** Characters that a part of a text takes as a quotation. */
function cost(text: string, start: number, end: number, highlight: Range | null): number {
  return quotation(text.slice(start, end), within(highlight, start, end)).length;
}

/** A range of a text as a range of its part; none where they do not meet. */
export function within(range: Range | null, start: number, end: number): Range[] {
  if (range === null || range[0] >= end || range[1] <= start) return [];
  return [[Math.max(range[0], start) - start, Math.min(range[1], end) - start]];
}

function cutBetweenWords(
  text: string,
  start: number,
  end: number,
  { highlight, budget }: { highlight: Range | null; budget: number },
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (cost(text, start, middle, highlight) <= budget) low = middle;
    else high = middle - 1;
  }
  const space = text.lastIndexOf(' ', low);
  const cut = space > start + (low - start) / 2 ? space : low;
  // Half of a surrogate pair is no character.
  return /[\ud800-\udbff]/.test(text.charAt(cut - 1)) ? cut - 1 : cut;
}

/** As many items as fit `budget` characters, then the number of those left out; empty where not even that fits. */
export function joinWithin(
  items: readonly string[],
  separator: string,
  { budget, rest }: { budget: number; rest: (left: number) => string },
): string {
  for (let kept = items.length; kept > 0; kept--) {
    const left = items.length - kept;
    const joined = [...items.slice(0, kept), ...(left === 0 ? [] : [rest(left)])].join(separator);
    if (joined.length <= budget) return joined;
  }
  const none = rest(items.length);
  return items.length > 0 && none.length <= budget ? none : '';
}

/** Divides `total` among needs: small needs are met in full, large ones share the rest evenly. */
export function shares(needs: readonly number[], total: number): number[] {
  const granted = needs.map(() => 0);
  let left = total;
  const ascending = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need);
  ascending.forEach(({ need, index }, done) => {
    const grant = Math.max(0, Math.min(need, Math.floor(left / (ascending.length - done))));
    granted[index] = grant;
    left -= grant;
  });
  return granted;
}
