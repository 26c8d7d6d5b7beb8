/** Days as texts state them, and numbers in words; English and Japanese. */

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
export const YEAR = '(?<year>(?:19|20)\\d\\d)';

const WRITTEN: readonly RegExp[] = [
  new RegExp(`\\b${MONTH_NAME}\\s+${DAY_NUMBER}\\b(?:,?\\s+${YEAR}\\b)?`, 'gi'),
  new RegExp(`\\b${DAY_NUMBER}(?:\\s+of)?\\s+${MONTH_NAME}(?:,?\\s+${YEAR})?\\b`, 'gi'),
  new RegExp(`\\b${YEAR}[-/.](?<number>0?[1-9]|1[0-2])[-/.]${DAY_NUMBER}\\b`, 'g'),
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
  for (const form of WRITTEN) {
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

/** 1 to 12 for a number, or a name that matches {@link MONTH_PATTERN}. */
export function monthOfName(name: string): number {
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
export const KANJI_DIGITS = '一二三四五六七八九';
export const KANJI_WEEKDAYS = '日月火水木金土';

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
  const at = new Date(iso).getUTCDay();
  if (year === undefined || monthName === undefined || Number.isNaN(at)) return iso;
  if (language === 'ja') {
    const named = weekday ? `（${KANJI_WEEKDAYS.charAt(at)}曜日）` : '';
    return `${year}年${Number(month)}月${Number(day)}日${named}`;
  }
  const name = WEEKDAY_NAMES[at] ?? '';
  const named = weekday ? `${name.slice(0, 1).toUpperCase()}${name.slice(1)}, ` : '';
  return `${named}${monthName} ${Number(day)}, ${year}`;
}

const KANJI = new RegExp(`[${KANJI_DIGITS}十]`);
/** Counters after which a Japanese number is a number, not a part of a word. */
const COUNTED =
  '(?=人|名|日|回|度|時間|分|月|[かカヶヵヶ]国|番目|[かカヶヵヶ]所|都市|つ|件|泊|週|年|カ国|ヶ月)';
// "Twice" stays a word.
const KANJI_NUMERAL = new RegExp(`(?!二[回度])[${KANJI_DIGITS}十]{1,3}${COUNTED}`, 'g');

/** The text with the number words that English and Japanese use for counts as figures: "a dozen", 十五日, 一時間半. */
export function withFigures(text: string): string {
  return text
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
