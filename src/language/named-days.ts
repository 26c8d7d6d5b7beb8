/** Days that a question names against the span of days that is spoken of: "on the 8th", "Monday", "the third day", 2月8日. */
import {
  CARDINAL_WORDS,
  KANJI_DIGITS,
  KANJI_WEEKDAYS,
  MONTH_PATTERN,
  ORDINAL_WORDS,
  WEEKDAY_NAMES,
  YEAR,
  daysBetween,
  monthOfName,
  numberOf,
  shiftDate,
} from './dates.ts';

/** First and last day of what is spoken of, ISO dates. */
export interface DaySpan {
  readonly first: string;
  readonly last: string;
}

/** Days that a text names, `[start, end)` in UTF-16 code units. */
export interface NamedDays {
  readonly start: number;
  readonly end: number;
  /** ISO dates within the span, in order; none where the text names a day outside it. */
  readonly dates: readonly string[];
  /** A month or a year without a day. */
  readonly vague: boolean;
}

interface Day {
  readonly iso: string;
  readonly index: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}
type Named = Readonly<Record<string, string | undefined>>;
interface DayForm {
  readonly pattern: RegExp;
  readonly fits: (named: Named, date: Day, days: readonly Day[]) => boolean;
  readonly vague?: true;
}

const MONTH = `(?<month>${MONTH_PATTERN})\\b\\.?`;
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const ORDINAL = `(?<nth>\\d{1,2}(?:st|nd|rd|th)|${ORDINAL_WORDS.join('|')}|last|final)`;
const KANJI_NUMBER = `(?<nth>\\d{1,2}|[${KANJI_DIGITS}十]{1,3})`;
/** "The third country" and "on 40 minutes" name no day. */
const NO_NOUN =
  '(?![:.,]?\\d)(?! ?(?:\\w+ )?(?:day|week|country|city|town|place|stop|member|meeting|event|person|time|minister|president|visit|trip|destination|one|anniversary|century|year)\\b)(?! \\w+s\\b)';
const LEADING = '(?:on|until|till|by|before|after|since|from|between|to)';

const isDate = ({ year, month, day, nth }: Named, date: Day): boolean =>
  (year === undefined || Number(year) === date.year) &&
  (month === undefined || monthOfName(month) === date.month) &&
  ((day ?? nth) === undefined || numberOf(day ?? nth) === date.day);
const isBetween = ({ from, to, month }: Named, { day, month: own }: Day): boolean =>
  (month === undefined || monthOfName(month) === own) && day >= Number(from) && day <= Number(to);
const isEither = (named: Named, date: Day): boolean =>
  isBetween({ ...named, to: named['from'] }, date) ||
  isBetween({ ...named, from: named['to'] }, date);
const isNth = ({ nth }: Named, { index }: Day, days: readonly Day[]): boolean =>
  isLast(nth) ? index === days.length - 1 : index === numberOf(nth) - 1;
const isInWeek = ({ nth }: Named, { index }: Day, days: readonly Day[]): boolean =>
  isLast(nth) ? index >= days.length - 7 : Math.floor(index / 7) === numberOf(nth) - 1;
const form = (pattern: string, fits: DayForm['fits']): DayForm => ({
  pattern: new RegExp(pattern, 'gi'),
  fits,
});
const vague = (pattern: string): DayForm => ({ ...form(pattern, isDate), vague: true });

/** The first of two forms that want the same text has it. */
const FORMS: readonly DayForm[] = [
  form(`\\b${YEAR}-(?<month>\\d\\d)-${DAY}\\b`, isDate),
  form(`\\b${MONTH} (?<from>\\d{1,2}) ?(?:-|–|to|until) ?(?<to>\\d{1,2})\\b`, isBetween),
  form(`\\b(?<from>\\d{1,2}) ?(?:-|–|to|until) ?(?<to>\\d{1,2}) ${MONTH}`, isBetween),
  form(`\\b(?:on )?${MONTH} (?<from>\\d{1,2}) and (?:the )?(?<to>\\d{1,2})\\b`, isEither),
  form(`\\b(?:on )?(?:the )?${MONTH} (?:the )?${DAY}\\b(?:,? ${YEAR}\\b)?(?!:)`, isDate),
  form(`\\b(?:on )?(?:the )?${DAY} (?:of )?${MONTH}(?:,? ${YEAR}\\b)?`, isDate),
  form(`\\b(?:on )?the ${ORDINAL} of ${MONTH}(?:,? ${YEAR}\\b)?`, isDate),
  form(`(?:${YEAR}年)?(?<month>\\d{1,2})月(?<day>\\d{1,2})日`, isDate),
  form(`\\b(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?:${YEAR})?(?!\\d)`, isDate),
  // Read either way: the span tells the month from the day.
  form(
    '\\b(?<a>\\d{1,2})/(?<b>\\d{1,2})\\b',
    ({ a, b }, { month, day }) =>
      (Number(a) === month && Number(b) === day) || (Number(b) === month && Number(a) === day),
  ),
  form(`\\b(?:on )?(?:the )?(?:very )?${ORDINAL} day\\b(?! trip)`, isNth),
  form(`\\bday (?<nth>\\d{1,2}|${CARDINAL_WORDS.join('|')})\\b`, isNth),
  form(`第?${KANJI_NUMBER}日目`, isNth),
  form('初日|最初の日', (_, { index }) => index === 0),
  form('最終日|最後の日', (_, { index }, days) => index === days.length - 1),
  form(`\\b(?:in |during )?(?:the )?${ORDINAL} week\\b`, isInWeek),
  form(`第?${KANJI_NUMBER}週目?`, isInWeek),
  form('(?:最初|はじめ)の(?:1|一)?週間?', (_, { index }) => index < 7),
  form(
    '\\b(?:(?:on|at|over) )?(?:the |a )?weekends?\\b|週末',
    (_, { weekday }) => weekday % 6 === 0,
  ),
  form(
    `\\b(?:on )?(?:the |a )?(?<name>${WEEKDAY_NAMES.join('|')})s?\\b`,
    ({ name }, { weekday }) => WEEKDAY_NAMES[weekday] === name?.toLowerCase(),
  ),
  form(
    '\\b(?:on|until|till|by) (?<name>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\\b',
    ({ name }, { weekday }) =>
      WEEKDAY_NAMES[weekday]?.slice(0, 3) === name?.slice(0, 3).toLowerCase(),
  ),
  form(
    `(?<name>[${KANJI_WEEKDAYS}])曜日?`,
    ({ name }, date) => KANJI_WEEKDAYS[date.weekday] === name,
  ),
  form('(?<![\\d月])(?<day>\\d{1,2})日(?![間目本程])', isDate),
  form(`\\b(?:on )?(?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th)\\b${NO_NOUN}`, isDate),
  form(`(?<=\\b${LEADING} (?:the )?)(?<day>\\d{1,2})\\b${NO_NOUN}`, isDate),
  form(`(?<=\\b${LEADING} the )(?<nth>${ORDINAL_WORDS.join('|')})\\b${NO_NOUN}`, isDate),
  vague(`\\b(?:in |during )?(?:the )?(?!may|mar)${MONTH}(?: ${YEAR}\\b)?`),
  vague(`(?:${YEAR}年)?(?<month>\\d{1,2})月(?=[にのは、中]|$)`),
  vague(`\\b(?:in|during|last|this|early|late|of) ${MONTH}(?: ${YEAR}\\b)?`),
  vague(`\\b(?:in |during )?${YEAR}(?:\\b|年)`),
];

/** Days named in a text, in order of their place. Text in full-width figures is expected normalised (NFKC). */
export function daysNamed(text: string, span: DaySpan): NamedDays[] {
  const days = daysOf(span);
  const found: NamedDays[] = [];
  for (const { pattern, fits, vague: isVague } of FORMS) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const named = match.groups ?? {};
      const dates = days.filter((date) => fits(named, date, days)).map(({ iso }) => iso);
      found.push({ start, end, dates, vague: isVague ?? false });
    }
  }
  return ranges(
    found.sort((a, b) => a.start - b.start),
    text,
    days,
  );
}

/** "From the 9th to the 11th", "9日から11日まで": two days become all days from one to the other. */
function ranges(found: readonly NamedDays[], text: string, days: readonly Day[]): NamedDays[] {
  const merged: NamedDays[] = [];
  for (const next of found) {
    const before = merged.at(-1);
    const gap = before === undefined ? '' : text.slice(before.end, next.start);
    const between = before !== undefined && /between $/i.test(text.slice(0, before.start));
    const [from] = before?.dates ?? [];
    const to = next.dates.at(-1);
    const isRange =
      /^ ?(?:-|–|to|until|till|through|から|~|〜)(?: the)? ?$/i.test(gap) ||
      (between && /^ and(?: the)? $/i.test(gap));
    if (before === undefined || !isRange || from === undefined || to === undefined) {
      merged.push(next);
      continue;
    }
    const dates = days.map(({ iso }) => iso).filter((iso) => iso >= from && iso <= to);
    const end = next.end + (/^まで/.test(text.slice(next.end)) ? 2 : 0);
    merged[merged.length - 1] = { start: before.start, end, dates, vague: false };
  }
  return merged;
}

const spans = new Map<string, readonly Day[]>();

function daysOf({ first, last }: DaySpan): readonly Day[] {
  const known = spans.get(first + last);
  if (known !== undefined) return known;
  const days = Array.from({ length: daysBetween(first, last) + 1 }, (_, index): Day => {
    const iso = shiftDate(first, index);
    const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
    return { iso, index, year, month, day, weekday: new Date(`${iso}T00:00:00Z`).getUTCDay() };
  });
  spans.clear();
  spans.set(first + last, days);
  return days;
}

function isLast(nth: string | undefined): boolean {
  return /^(?:last|final)$/i.test(nth ?? '');
}
