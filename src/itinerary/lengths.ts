import { numberOf } from '../language/dates.ts';
import { NO_FILTERS, PLAIN, type Item } from './items.ts';

const NUMBER = '\\d+(?:\\.\\d+)?|half an|an?|one|two|three';
/** What a length must be: its words before and after it, and whether a length of just that size counts. */
const BOUNDS: readonly (readonly [pattern: RegExp, over: boolean, exactly: boolean])[] = [
  [/^(?:more than|longer than|over|above)|(?:より長|を?超)/i, true, false],
  [/^at least|or (?:more|longer)$|以上/i, true, true],
  [/^(?:less than|shorter than|fewer than|under|below)|(?:より短|未満)/i, false, false],
  [/^at most|or (?:less|shorter)$|以下|以内/i, false, true],
];
const LENGTHS: readonly RegExp[] = [
  new RegExp(
    `\\b(?:(?:more than|longer than|over|above|at least|less than|shorter than|fewer than|under|below|at most|exactly) )?(?<hours>${NUMBER})[ -](?:hours?|hrs?)\\b(?<half> and a half)?(?: or (?:more|longer|less|shorter)\\b)?`,
    'gi',
  ),
  new RegExp(
    `\\b(?:(?:more than|longer than|over|above|at least|less than|shorter than|fewer than|under|below|at most|exactly) )?(?<minutes>${NUMBER})[ -]min(?:ute)?s?\\b(?: or (?:more|longer|less|shorter)\\b)?`,
    'gi',
  ),
  /(?<hours>\d+)時間(?:(?<minutes>\d+)分)?間?(?:以上|以下|以内|未満|より長い?|より短い?|を?超えた?る?)?/g,
  /(?<minutes>\d+)分間?(?:以上|以下|以内|未満|より長い?|より短い?|を?超えた?る?)?/g,
];

/** Lengths that a question names: "more than an hour", "30 minutes or less", 一時間以上. */
export function lengthsNamed(text: string): Item[] {
  const found: Item[] = [];
  for (const match of LENGTHS.flatMap((pattern) => [...text.matchAll(pattern)])) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (found.some((other) => start < other.end && other.start < end)) continue;
    const { hours, minutes, half } = match.groups ?? {};
    const size = 60 * sizeOf(hours) + sizeOf(minutes) + (half === undefined ? 0 : 30);
    const [, over, exactly] = BOUNDS.find(([pattern]) => pattern.test(match[0])) ?? [];
    const step = exactly === true ? 0 : 1;
    const range =
      over === undefined
        ? ([size, size] as const)
        : over
          ? ([size + step, Infinity] as const)
          : ([0, size - step] as const);
    found.push({
      ...PLAIN,
      text: match[0],
      start,
      end,
      classes: new Set(),
      filters: { ...NO_FILTERS, minutes: range },
      days: null,
    });
  }
  return found;
}

function sizeOf(number: string | undefined): number {
  if (number === undefined) return 0;
  if (/^half/i.test(number)) return 0.5;
  return /^\d/.test(number) ? Number(number) : Math.max(numberOf(number), 1);
}
