import { stem } from './stem.ts';
import type { WeightedTerm } from './names.ts';
import type { Word } from './words.ts';

export const MONTHS =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

const MONTH_NUMBERS: ReadonlyMap<string, number> = new Map(
  MONTHS.map((name, at) => [name, at + 1]),
);

/** Ordinals that words.ts does not turn into figures. */
const FIRST_DAYS: ReadonlyMap<string, string> = new Map([
  ['first', '1'],
  ['second', '2'],
  ['third', '3'],
]);

/** "mar" and "may" are months only beside a day. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map([['mar', 'march']]);

export interface DateMatch {
  readonly length: number;
  readonly mode: 'replace' | 'add';
  readonly terms: readonly WeightedTerm[];
}

/** The term of a day of the year, whatever the year. */
export function dateTerm(month: number, day: number): string {
  return `#${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * "January 7", "7 January", "Jan. 7th" and "the 7th of January" add one term for the day; "2024-01-07" and "7.1.2024"
 * are replaced by all the terms of "7 January 2024".
 *
 * @param spellingOf gives a month's full name for its short form
 */
export function dateAt(
  words: readonly Word[],
  index: number,
  spellingOf: (folded: string) => string,
): DateMatch | null {
  const numeric = numericDateAt(words, index);
  if (numeric !== null) return numeric;
  const month = monthOf(words[index], spellingOf);
  if (month === 0) {
    const of = words[index + 1]?.folded === 'of' ? 1 : 0;
    return dayOfYear(
      monthOf(words[index + 1 + of], spellingOf),
      dayOf(words[index], of === 1 ? 'of' : 'before'),
    );
  }
  // "11 January 7": the month has its day already.
  const of = words[index - 1]?.folded === 'of' ? 1 : 0;
  if (dayOf(words[index - 1 - of], of === 1 ? 'of' : 'before') !== null) return null;
  return dayOfYear(month, dayOf(words[index + 1], 'after'));
}

/** From 1; 0 for a word that names no month. */
function monthOf(word: Word | undefined, spellingOf: (folded: string) => string): number {
  if (word === undefined) return 0;
  const name = SHORT_FORMS.get(word.folded) ?? spellingOf(word.folded);
  return MONTH_NUMBERS.get(name) ?? 0;
}

function dayOfYear(month: number, day: number | null): DateMatch | null {
  if (month === 0 || day === null) return null;
  return { length: 1, mode: 'add', terms: [{ term: dateTerm(month, day), weight: 1 }] };
}

/**
 * Day of the month that a word tells. A number word tells one only where the grammar of dates surrounds it:
 * "January: seven people" and "the second January trip" name no day.
 */
function dayOf(word: Word | undefined, place: 'before' | 'of' | 'after'): number | null {
  if (word === undefined) return null;
  const first = FIRST_DAYS.get(word.folded);
  if (place !== 'of' && !word.figure && (place === 'before' || first === undefined)) return null;
  const figures = first ?? word.folded;
  if (!/^\d{1,2}$/.test(figures)) return null;
  const day = Number(figures);
  return day >= 1 && day <= 31 ? day : null;
}

/** ISO dates, and days before months with dots between. Slashes are read either way, so they tell nothing. */
function numericDateAt(words: readonly Word[], index: number): DateMatch | null {
  const first = words[index];
  if (first?.figure !== true) return null;
  const dotted = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)$/.exec(first.folded);
  if (dotted !== null) return dateOf(1, dotted[3], dotted[2], dotted[1]);
  const second = words[index + 1];
  const third = words[index + 2];
  if (second === undefined || third === undefined) return null;
  const isIso =
    /^(?:19|20)\d\d$/.test(first.folded) &&
    /^\d\d$/.test(second.folded) &&
    /^\d\d$/.test(third.folded) &&
    second.start === first.end + 1 &&
    third.start === second.end + 1;
  return isIso ? dateOf(3, first.folded, second.folded, third.folded) : null;
}

function dateOf(length: number, year = '', monthText = '', dayText = ''): DateMatch | null {
  const month = Number(monthText);
  const day = Number(dayText);
  const name = MONTHS[month - 1];
  if (name === undefined || day < 1 || day > 31) return null;
  const terms = [dateTerm(month, day), String(day), stem(name), year];
  return { length, mode: 'replace', terms: terms.map((term) => ({ term, weight: 1 })) };
}
