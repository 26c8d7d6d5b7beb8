/** Reads dates written in English and Japanese: in running text, and among the words of a text as index terms. */
import { stem, type Word } from './words.ts';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Source of a regular expression for the name of a month, in full or abbreviated without its point. */
export const MONTH_PATTERN =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?';

const MONTH = `(?<month>${MONTH_PATTERN})\\.?`;
const DAY = '(?<day>0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = '(?<year>(?:19|20)\\d\\d)';

const FORMS: readonly RegExp[] = [
  new RegExp(`\\b${MONTH}\\s+${DAY}\\b(?:,?\\s+${YEAR}\\b)?`, 'gi'),
  new RegExp(`\\b${DAY}(?:\\s+of)?\\s+${MONTH}(?:,?\\s+${YEAR})?\\b`, 'gi'),
  new RegExp(`\\b${YEAR}[-/.](?<number>0?[1-9]|1[0-2])[-/.]${DAY}\\b`, 'g'),
  /(?:(?:(?<year>(?:19|20)\d\d)|令和(?<reign>\d{1,2}|元))年\s?)?(?<number>0?[1-9]|1[0-2])月\s?(?<day>0?[1-9]|[12]\d|3[01])日/g,
];
/** The year before the first of the present era, Reiwa. */
const BEFORE_REIWA = 2018;

/** A day named in a text. */
export interface NamedDay {
  /** Null where the text gives none. */
  readonly year: number | null;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** UTF-16 offsets, half open. */
  readonly start: number;
  readonly end: number;
}

/** Every day named in a text, in order. */
export function daysIn(text: string): NamedDay[] {
  const days: NamedDay[] = [];
  for (const form of FORMS) {
    for (const found of halfWidth(text).matchAll(form)) {
      const { month = '', number, day, year, reign } = found.groups ?? {};
      days.push({
        year: year === undefined ? yearOfReign(reign) : Number(year),
        month: number === undefined ? monthOfName(month) : Number(number),
        day: Number(day),
        start: found.index,
        end: found.index + found[0].length,
      });
    }
  }
  return days.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The text with figures of full width as plain ones; as long as before. */
function halfWidth(text: string): string {
  return text.replace(/[０-９]/g, (figure) => String.fromCharCode(figure.charCodeAt(0) - 0xfee0));
}

function yearOfReign(reign: string | undefined): number | null {
  if (reign === undefined) return null;
  return BEFORE_REIWA + (reign === '元' ? 1 : Number(reign));
}

/** "01-12" for January 12. */
export function monthAndDay(month: number, day: number): string {
  return `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** ISO date of the first day named with its year, or null. */
export function firstIsoDate(text: string): string | null {
  for (const { year, month, day } of daysIn(text)) {
    if (year !== null) return `${year}-${monthAndDay(month, day)}`;
  }
  return null;
}

/** 1 to 12 for a name that matches {@link MONTH_PATTERN}. */
function monthOfName(name: string): number {
  const start = name.slice(0, 3).toLowerCase();
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(start)) + 1;
}

const WEEKDAY = /\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?/gi;
const TIME =
  /\b\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?\s?m\b\.?|hrs?\b|(?:local|Japan) time)|\b\d{1,2}:\d{2}\b|\b(?:JST|GMT|UTC|EST|ET|CET|EET)\b/gi;
const LONGEST_DATELINE = 110;

/**
 * Whether a line says only when, and perhaps where: "Friday, January 12, 2024, 3:47 p.m., Washington, D.C.". A title
 * that ends in a date is not a dateline.
 */
export function isDateline(text: string): boolean {
  if (text.length > LONGEST_DATELINE || /[。！？]/.test(text)) return false;
  const [day] = daysIn(text);
  if (day === undefined) return false;
  const lead = text.slice(0, day.start).replace(WEEKDAY, '').replace(TIME, '');
  const leadWords = lead.match(/[\p{L}\p{N}]+/gu) ?? [];
  // Before the date only a place ("KYIV, Ukraine, Jan. 7"), with its comma.
  if (leadWords.length > 3 || (leadWords.length > 0 && !/[,(:–—-]\s*$/u.test(lead))) return false;
  const rest = text.slice(day.end).replace(WEEKDAY, '').replace(TIME, '');
  const restWords = rest.match(/[\p{L}\p{N}]+/gu) ?? [];
  // Japanese has no spaces: what is longer than a place and a day of the week is a sentence or a title.
  if (restWords.some((word) => word.length > 8 && /^[^\p{Script=Latin}]+$/u.test(word)))
    return false;
  return (
    restWords.length <= 5 &&
    !restWords.some(
      (word) => /^\p{Ll}{2,}$/u.test(word) && !/^(?:local|time|at|in|the|of)$/.test(word),
    )
  );
}

/** An index term that a word or phrase stands for, with its weight in (0, 1]. */
export interface WeightedTerm {
  readonly term: string;
  readonly weight: number;
}

/** A phrase found among the words of a text. */
export interface PhraseMatch {
  /** Number of words. */
  readonly length: number;
  /** Whether the terms replace those of the words or are added to them. */
  readonly mode: 'replace' | 'add';
  readonly terms: readonly WeightedTerm[];
}

const MONTH_NUMBERS: ReadonlyMap<string, number> = new Map(
  MONTHS.map((name, index) => [name.toLowerCase(), index + 1]),
);

/** Ordinals that wordsOf does not turn into figures. */
const FIRST_DAYS: ReadonlyMap<string, string> = new Map([
  ['first', '1'],
  ['second', '2'],
  ['third', '3'],
]);

/** Abbreviations that are months only next to a day. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map([['mar', 'march']]);

/**
 * The date that a word belongs to. "January 7", "7 January", "Jan. 7th" and "the 7th of January" add one term for the
 * day of the year; "2024-01-07" and "7.1.2024" are replaced by all terms of "7 January 2024".
 *
 * @param spellingOf gives the full name of a month for its abbreviation
 */
export function dateAt(
  words: readonly Word[],
  index: number,
  spellingOf: (folded: string) => string,
): PhraseMatch | null {
  const numeric = numericDateAt(words, index) ?? japaneseDateAt(words, index);
  if (numeric !== null) return numeric;
  const month = monthOf(words[index], spellingOf);
  if (month === 0) {
    const of = words[index + 1]?.folded === 'of' ? 1 : 0;
    return dayOfYear(
      monthOf(words[index + 1 + of], spellingOf),
      dayOf(words[index], of === 1 ? 'of' : 'before'),
    );
  }
  // "11 January 7": the month already has a day.
  const of = words[index - 1]?.folded === 'of' ? 1 : 0;
  if (dayOf(words[index - 1 - of], of === 1 ? 'of' : 'before') !== null) return null;
  return dayOfYear(month, dayOf(words[index + 1], 'after'));
}

/** From 1; 0 for a word that is not a month. */
function monthOf(word: Word | undefined, spellingOf: (folded: string) => string): number {
  if (word === undefined) return 0;
  const name = SHORT_FORMS.get(word.folded) ?? spellingOf(word.folded);
  return MONTH_NUMBERS.get(name) ?? 0;
}

function dayOfYear(month: number, day: number | null): PhraseMatch | null {
  if (month === 0 || day === null) return null;
  return { length: 1, mode: 'add', terms: [{ term: `#${monthAndDay(month, day)}`, weight: 1 }] };
}

/**
 * Day of the month that a word names. A number word names one only in the grammar of a date: "January: seven people"
 * and "the second January trip" name no day.
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

/** ISO dates, and day.month.year with points. Slashes are ambiguous (day or month first) and are ignored. */
function numericDateAt(words: readonly Word[], index: number): PhraseMatch | null {
  const first = words[index];
  if (first?.figure !== true) return null;
  const dotted = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)$/.exec(first.folded);
  if (dotted !== null) return fullDate(1, dotted[3], dotted[2], dotted[1]);
  const second = words[index + 1];
  const third = words[index + 2];
  if (second === undefined || third === undefined) return null;
  const isIso =
    /^(?:19|20)\d\d$/.test(first.folded) &&
    /^\d\d$/.test(second.folded) &&
    /^\d\d$/.test(third.folded) &&
    second.start === first.end + 1 &&
    third.start === second.end + 1;
  return isIso ? fullDate(3, first.folded, second.folded, third.folded) : null;
}

/** "1月12日" adds one term for the day of the year, as "January 12" does. */
function japaneseDateAt(words: readonly Word[], index: number): PhraseMatch | null {
  const [month, sign, day, end] = words.slice(index, index + 4);
  if (month?.figure !== true || sign?.folded !== '月' || day?.figure !== true) return null;
  if (end?.folded.startsWith('日') !== true || end.start !== day.end) return null;
  const number = Number(month.folded);
  return number >= 1 && number <= 12 ? dayOfYear(number, dayOf(day, 'after')) : null;
}

function fullDate(length: number, year = '', monthText = '', dayText = ''): PhraseMatch | null {
  const month = Number(monthText);
  const day = Number(dayText);
  const name = MONTHS[month - 1];
  if (name === undefined || day < 1 || day > 31) return null;
  const terms = [`#${monthAndDay(month, day)}`, String(day), stem(name.toLowerCase()), year];
  return { length, mode: 'replace', terms: terms.map((term) => ({ term, weight: 1 })) };
}
