import { sentencesOf } from '../corpus/sentences.ts';
import { inert } from './escape.ts';

/** A stretch of an excerpt, in whole sentences wherever one fits. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

type Range = readonly [start: number, end: number];

/**
 * The part of a text to show when the whole costs more than `budget` characters as a quotation: the sentence
 * that matters, then whole sentences around it, after before before. A single sentence longer than the budget
 * is cut at a word's end. Words never change.
 */
export function stretchWithin(text: string, around: Range | null, budget: number): Stretch {
  if (quotation(text, around).length <= budget) return stretch(text, 0, text.length);
  const sentences = sentencesOf(text);
  const anchor = around ?? firstOf(sentences, text);
  let [start, end] = anchor;
  if (cost(text, start, end, around) > budget) {
    return stretch(text, start, cutAtWord(text, start, end, { around, budget }));
  }
  // Whole sentences only: a neighbour that does not fit ends the growth on its side.
  let after = sentences.filter((sentence) => sentence.start >= end);
  let before = sentences.filter((sentence) => sentence.end <= start).reverse();
  while (after.length > 0 || before.length > 0) {
    const [next] = after;
    const [previous] = before;
    if (next !== undefined && cost(text, start, next.end, around) <= budget) {
      end = next.end;
      after = after.slice(1);
    } else {
      after = [];
    }
    if (previous !== undefined && cost(text, previous.start, end, around) <= budget) {
      start = previous.start;
      before = before.slice(1);
    } else {
      before = [];
    }
  }
  return stretch(text, start, end);
}

/**
 * A text as a quotation of Discord, the sentence that matters in bold: each line behind `> `, the words inert.
 * Without its marks it is the text, letter for letter (but for characters that show nothing).
 */
export function quotation(text: string, highlight: Range | null): string {
  const [from, to] = highlight ?? [text.length, text.length];
  const parts: readonly (readonly [words: string, bold: boolean])[] = [
    [text.slice(0, from), false],
    [text.slice(from, to), true],
    [text.slice(to), false],
  ];
  return parts
    .map(([words, bold]) => (bold ? inBold(inert(words)) : inert(words)))
    .join('')
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Bold ends with the line, and does not begin or end with a space. */
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

function firstOf(sentences: readonly { start: number; end: number }[], text: string): Range {
  const [first] = sentences;
  return first === undefined ? [0, text.length] : [first.start, first.end];
}

function cost(text: string, start: number, end: number, around: Range | null): number {
  return quotation(text.slice(start, end), within(around, start, end)).length;
}

/** A range of the text as a range of its stretch; null where they do not meet. */
export function within(range: Range | null, start: number, end: number): Range | null {
  if (range === null || range[0] >= end || range[1] <= start) return null;
  return [Math.max(range[0], start) - start, Math.min(range[1], end) - start];
}

function cutAtWord(
  text: string,
  start: number,
  end: number,
  { around, budget }: { around: Range | null; budget: number },
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (cost(text, start, middle, around) <= budget) low = middle;
    else high = middle - 1;
  }
  const space = text.lastIndexOf(' ', low);
  const cut = space > start + (low - start) / 2 ? space : low;
  // Half of a surrogate pair is no character.
  return /[\ud800-\udbff]/.test(text.charAt(cut - 1)) ? cut - 1 : cut;
}
