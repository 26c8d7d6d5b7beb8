// Days as texts state them, and numbers in words; English and Japanese.

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

const MONTH_NAME = `(?<month>${MONTH_PATTERN})\\.?`;
const DAY_NUMBER = '(?<day>0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = '(?<year>(?:19|20)\\d\\d)';

const WRITTEN: readonly RegExp[] = [
  new RegExp(`\\b${MONTH_NAME}\\s+${DAY_NUMBER}\\b(?:,?\\s+${YEAR}\\b)?`, 'gi'),
  new RegExp(`\\b${DAY_NUMBER}(?:\\s+of)?\\s+${MONTH_NAME}(?:,?\\s+${YEAR})?\\b`, 'gi'),
  new RegExp(`\\b${YEAR}[-/.](?<month>0?[1-9]|1[0-2])[-/.]${DAY_NUMBER}\\b`, 'g'),
  /(?:(?:(?<year>(?:19|20)\d\d)|令和(?<reign>\d{1,2}|元))年\s?)?(?<month>0?[1-9]|1[0-2])月\s?(?<day>0?[1-9]|[12]\d|3[01])日/g,
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
  if (!/[\d０-９]/.test(text)) return days;
  for (const form of WRITTEN) {
    for (const found of halfWidth(text).matchAll(form)) {
      const { month = '', day, year, reign } = found.groups ?? {};
      days.push({
        year: year === undefined ? yearOfReign(reign) : Number(year),
        month: monthOf(month),
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

/** 1 to 12 for a number, or a name that matches {@link MONTH_PATTERN}. */
function monthOf(name: string): number {
  if (/^\d/.test(name)) return Number(name);
  const start = name.slice(0, 3).toLowerCase();
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(start)) + 1;
}

const WEEKDAY = /\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?/gi;
const TIME =
  /\b\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?\s?m\b\.?|hrs?\b|[a-z]+ time)|\b\d{1,2}:\d{2}\b|\b(?:JST|GMT|UTC|EST|ET|CET|EET)\b/gi;
const LONGEST_DATELINE = 110;

/**
 * Whether a line says only when, and perhaps where: "Friday, January 12, 2024, 3:47 p.m., Lima, Peru". A title
 * that ends in a date is not a dateline.
 */
export function isDateline(text: string): boolean {
  if (text.length > LONGEST_DATELINE || /[。！？]/.test(text)) return false;
  const [day] = daysIn(text);
  if (day === undefined) return false;
  const lead = text.slice(0, day.start).replace(WEEKDAY, '').replace(TIME, '');
  const leadWords = lead.match(/[\p{L}\p{N}]+/gu) ?? [];
  // Before the date only a place ("LIMA, Peru, Jan. 7"), with its comma.
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

const words = (list: string): string[] => list.split(' ');
export const WEEKDAY_NAMES = words('sunday monday tuesday wednesday thursday friday saturday');
export const ORDINAL_WORDS = words(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
);
export const CARDINAL_WORDS = words(
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
);
export const TENS_WORDS = words('twenty thirty forty fifty sixty seventy eighty ninety');
const KANJI_DIGITS = '一二三四五六七八九';
const KANJI_WEEKDAYS = '日月火水木金土';

/** ISO date so many days later (earlier when negative). */
export function shiftDate(iso: string, days: number): string {
  const date = new Date(`${iso}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** "January 12, 2024" or "2024年1月12日", with a weekday if asked for. Anything but an ISO date is returned unchanged. */
export function dateInWords(
  iso: string,
  language: 'en' | 'ja' = 'en',
  { weekday = false }: { readonly weekday?: boolean } = {},
): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  const monthName = MONTHS[Number(month) - 1];
  const weekdayIndex = new Date(iso).getUTCDay();
  if (year === undefined || monthName === undefined || Number.isNaN(weekdayIndex)) return iso;
  if (language === 'ja') {
    const named = weekday ? `（${KANJI_WEEKDAYS.charAt(weekdayIndex)}曜日）` : '';
    return `${year}年${Number(month)}月${Number(day)}日${named}`;
  }
  const name = WEEKDAY_NAMES[weekdayIndex] ?? '';
  const named = weekday ? `${name.slice(0, 1).toUpperCase()}${name.slice(1)}, ` : '';
  return `${named}${monthName} ${Number(day)}, ${year}`;
}

const SHORT = {
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  ja: new Intl.DateTimeFormat('ja-JP', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
} as const;

/** "12 Jan", "1月12日". Anything but an ISO date is returned unchanged. */
export function shortDate(iso: string, language: 'en' | 'ja' = 'en'): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(iso) : NaN;
  return Number.isNaN(time) ? iso : SHORT[language].format(time);
}

const KANJI = new RegExp(`[${KANJI_DIGITS}十]`);
/** Counters after which a Japanese number is a number, not a part of a word. */
const COUNTED =
  '(?=人|名|日|回|度|時間|分|月|[かカヶヵヶ]国|番目|[かカヶヵヶ]所|都市|つ|件|泊|週|年|カ国|ヶ月)';
// "Twice" stays a word.
const KANJI_NUMERAL = new RegExp(`(?!二[回度])[${KANJI_DIGITS}十]{1,3}${COUNTED}`, 'g');

const TENS = new RegExp(
  `\\b(${TENS_WORDS.slice(1).join('|')})(?:[ -](${CARDINAL_WORDS.slice(0, 9).join('|')}))?\\b`,
  'gi',
);

/** The text with the number words that English and Japanese use for counts as figures: "a dozen", 十五日, 一時間半. */
export function withFigures(text: string): string {
  return text
    .replace(TENS, (_, tens: string, units?: string) =>
      String(10 * (TENS_WORDS.indexOf(tens.toLowerCase()) + 2) + numberOf(units)),
    )
    .replace(/\bhalf a dozen\b/gi, '6')
    .replace(/\ba dozen\b/gi, '12')
    .replace(/(?<!\d)2(?=[回度])/g, '二')
    .replace(KANJI_NUMERAL, (numeral) => String(numberOf(numeral)))
    .replace(/(\d+)時間半/g, (_, hours: string) => `${60 * Number(hours) + 30}分`)
    .replace(/半時間/g, '30分');
}

/** 3 for "3", "3rd", "third", "three" and "三"; 0 for none of these. */
export function numberOf(text = ''): number {
  const lower = text.toLowerCase();
  if (/^\d/.test(lower)) return Number.parseInt(lower, 10);
  if (KANJI.test(lower)) {
    const [tens = '', units = ''] = lower.includes('十') ? lower.split('十') : ['', lower];
    const digit = (kanji: string): number => KANJI_DIGITS.indexOf(kanji) + 1;
    return (
      (lower.includes('十') ? (tens === '' ? 10 : 10 * digit(tens)) : 0) +
      (units === '' ? 0 : digit(units))
    );
  }
  return Math.max(ORDINAL_WORDS.indexOf(lower), CARDINAL_WORDS.indexOf(lower)) + 1;
}

// Days that a question names against the span of days that is spoken of: "on the 8th", "Monday", "the third day", 2月8日.

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
const FROM = '(?:the )?(?<from>\\d{1,2})(?:st|nd|rd|th)?';
const TO = '(?:the )?(?<to>\\d{1,2})(?:st|nd|rd|th)?';
const ORDINAL = `(?<nth>\\d{1,2}(?:st|nd|rd|th)|${ORDINAL_WORDS.join('|')}|last|final)`;
const KANJI_NUMBER = `(?<nth>\\d{1,2}|[${KANJI_DIGITS}十]{1,3})`;
/** "The third country" and "on 40 minutes" name no day. */
const NO_NOUN =
  '(?![:.,]?\\d)(?! ?(?:[ap]\\.?m\\b|o.clock|in the (?:morning|afternoon|evening)))(?! ?(?:\\w+ )?(?:day|week|country|city|town|place|stop|member|meeting|event|person|time|minister|president|visit|trip|destination|one|anniversary|century|year)\\b)(?! (?!(?:was|is|has|does)\\b)\\w+s\\b)';
const LEADING = '(?:on|until|till|by|before|after|since|from|between|to)';

const isDate = ({ year, month, day, nth }: Named, date: Day): boolean =>
  (year === undefined || Number(year) === date.year) &&
  (month === undefined || monthOf(month) === date.month) &&
  ((day ?? nth) === undefined || numberOf(day ?? nth) === date.day);
const isBetween = ({ from, to, month }: Named, { day, month: own }: Day): boolean =>
  (month === undefined || monthOf(month) === own) && day >= Number(from) && day <= Number(to);
const isEither = (named: Named, date: Day): boolean =>
  isBetween({ ...named, to: named['from'] }, date) ||
  isBetween({ ...named, from: named['to'] }, date);
const isNth = ({ nth }: Named, { index }: Day, days: readonly Day[]): boolean =>
  isLast(nth) ? index === days.length - 1 : index === numberOf(nth) - 1;
const isInWeek = ({ nth }: Named, { index }: Day, days: readonly Day[]): boolean =>
  isLast(nth) ? index >= days.length - 7 : Math.floor(index / 7) === numberOf(nth) - 1;
const isWeekday = ({ name }: Named, { weekday }: Day): boolean =>
  WEEKDAY_NAMES[weekday]?.slice(0, 3) === name?.slice(0, 3).toLowerCase();
const form = (pattern: string, fits: DayForm['fits']): DayForm => ({
  pattern: new RegExp(pattern, 'gi'),
  fits,
});
const vague = (pattern: string): DayForm => ({ ...form(pattern, isDate), vague: true });

/** The first of two forms that want the same text has it. */
const FORMS: readonly DayForm[] = [
  form(`\\b${YEAR}-(?<month>\\d\\d)-${DAY}\\b`, isDate),
  form(`\\bbetween ${MONTH} ${FROM} and ${TO}\\b`, isBetween),
  form(`\\bbetween ${FROM} and ${TO} (?:of )?${MONTH}`, isBetween),
  form(`\\b${MONTH} ${FROM} ?(?:-|–|to|until|through|thru) ?${TO}\\b`, isBetween),
  form(`\\b${FROM} ?(?:-|–|to|until|through|thru) ?${TO} (?:of )?${MONTH}`, isBetween),
  form(`\\b(?:on )?${MONTH} ${FROM} ?(?:/|&|and) ?${TO}\\b`, isEither),
  form(`\\b(?:on )?${FROM} ?(?:/|&|and) ?${TO} (?:of )?${MONTH}`, isEither),
  form(`\\b(?:on )?(?:the )?${MONTH} (?:the )?${DAY}\\b(?:,? ${YEAR}\\b)?(?!:\\d)`, isDate),
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
    `\\b(?:on )?the ${ORDINAL} (?<name>${WEEKDAY_NAMES.join('|')})\\b`,
    ({ nth, name }, { iso }, days) =>
      days.filter((day) => isWeekday({ name }, day)).at(isLast(nth) ? -1 : numberOf(nth) - 1)
        ?.iso === iso,
  ),
  form(`\\b(?:on )?(?:the |a )?(?<name>${WEEKDAY_NAMES.join('|')})s?\\b`, isWeekday),
  form('\\b(?:on|until|till|by) (?<name>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\\b', isWeekday),
  form(
    `\\b(?<name>mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)\\b\\.?,?(?= (?:the )?(?:\\d|(?:${MONTH_PATTERN})\\b))`,
    isWeekday,
  ),
  form(
    `(?<name>[${KANJI_WEEKDAYS}])曜日?`,
    ({ name }, date) => KANJI_WEEKDAYS[date.weekday] === name,
  ),
  form('(?<![\\d月])(?<day>\\d{1,2})日(?![間目本程]|以上|以下|連続|続け|しか|ずつ)', isDate),
  form(`\\b(?:on )?(?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th)\\b${NO_NOUN}`, isDate),
  form(`(?<=\\b${LEADING} (?:the )?)(?<day>\\d{1,2})\\b${NO_NOUN}`, isDate),
  form(`(?<=day,? the )(?<nth>${ORDINAL_WORDS.join('|')})\\b${NO_NOUN}`, isDate),
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
