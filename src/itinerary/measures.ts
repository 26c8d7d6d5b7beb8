import { numberOf } from '../language/dates.ts';
import { type Item, NO_FILTERS, PLAIN } from './items.ts';

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

const HOUR = '(?<hour>\\d{1,2})(?::(?<minute>\\d{2}))?';
/** What an hour bounds: from it on, or up to it. */
const HOURS: readonly (readonly [pattern: RegExp, isFrom: boolean, isIncluded: boolean])[] = [
  [
    new RegExp(`\\b(?:after|later than|past) ${HOUR} ?(?<half>[ap]\\.?m\\b\\.?|o'clock)`, 'gi'),
    true,
    false,
  ],
  [
    new RegExp(
      `\\b(?:from|since|at or after) ${HOUR} ?(?<half>[ap]\\.?m\\b\\.?|o'clock)(?: on(?:wards)?)?`,
      'gi',
    ),
    true,
    true,
  ],
  [
    new RegExp(
      `\\b(?:before|earlier than|until|by) ${HOUR} ?(?<half>[ap]\\.?m\\b\\.?|o'clock)`,
      'gi',
    ),
    false,
    false,
  ],
  [/\bafter (?<hour>\d{1,2}):(?<minute>\d{2})\b/gi, true, false],
  [/\bbefore (?<hour>\d{1,2}):(?<minute>\d{2})\b/gi, false, false],
  [/\b(?:after|past) (?<hour>noon)\b/gi, true, true],
  [/(?<hour>正午)(?:より後|以降|過ぎ|から)/g, true, true],
  [/(?<hour>正午)(?:より前|以前|まで)/g, false, false],
  [
    /(?<half>午前|午後)?(?<hour>\d{1,2})時(?:(?<minute>\d{1,2})分)?(?:以降|から|より後|より遅く)/g,
    true,
    true,
  ],
  [
    /(?<half>午前|午後)?(?<hour>\d{1,2})時(?:(?<minute>\d{1,2})分)?(?:より前|以前|前|まで|より早く)/g,
    false,
    false,
  ],
];
/** What begins at that minute, or within that hour. */
const EXACTLY: readonly (readonly [pattern: RegExp, isHour: boolean])[] = [
  [new RegExp(`\\bat (?:exactly )?${HOUR} ?(?<half>[ap]\\.?m\\b\\.?|o'clock)`, 'gi'), false],
  [/\bat (?:exactly )?(?<hour>\d{1,2}):(?<minute>\d{2})\b/gi, false],
  [/\bat (?:exactly )?(?<hour>noon)\b/gi, false],
  [/(?<half>午前|午後|朝|夜)?の?(?<hour>\d{1,2})時台(?:に|の)?/g, true],
  [
    /(?<half>午前|午後|朝|夜)?の?(?<hour>\d{1,2})時(?:(?<minute>\d{1,2})分|(?<past>半))?(?:に始|開始|スタート|ちょうど)/g,
    false,
  ],
];
const END_OF_DAY = 1439;

/** Lengths and bounds by the hour that a question names: "30 minutes or less", "after 3 p.m.", 午後3時以降. */
export function measuresNamed(text: string): Item[] {
  return [...lengthsNamed(text), ...hoursNamed(text)];
}

function hoursNamed(text: string): Item[] {
  const found: Item[] = [];
  for (const [pattern, isFrom, isIncluded] of HOURS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const at = minuteOf(match.groups ?? {});
      const edge = isIncluded ? at : at + (isFrom ? 1 : -1);
      const clock = isFrom ? ([edge, END_OF_DAY] as const) : ([0, edge] as const);
      const filters = { ...NO_FILTERS, clock };
      found.push({ ...PLAIN, text: match[0], start, end, classes: new Set(), filters, days: null });
    }
  }
  for (const [pattern, isHour] of EXACTLY) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const at = minuteOf(match.groups ?? {});
      const filters = { ...NO_FILTERS, clock: [at, isHour ? at + 59 : at] as const };
      found.push({ ...PLAIN, text: match[0], start, end, classes: new Set(), filters, days: null });
    }
  }
  return found;
}

function minuteOf({
  hour = '',
  minute,
  half = '',
  past,
}: Readonly<Record<string, string | undefined>>): number {
  if (hour === 'noon' || hour === '正午') return 720;
  const isAfternoon = /^p|午後|夜/i.test(half) && Number(hour) < 12;
  const minutes = past === undefined ? Number(minute ?? 0) : 30;
  return 60 * (Number(hour) + (isAfternoon ? 12 : 0)) + minutes;
}

/** Lengths that a question names: "more than an hour", "30 minutes or less", 一時間以上. */
function lengthsNamed(text: string): Item[] {
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
