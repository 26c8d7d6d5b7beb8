/** Dates as pages write them, in English. */

const MONTHS = [
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
const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

const MONTH =
  '(?<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?';
const DAY = '(?<day>[12]?\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = '(?<year>(?:19|20)\\d\\d)';

const FORMS: readonly RegExp[] = [
  new RegExp(`\\b${MONTH}\\s+${DAY}\\b(?:,?\\s+${YEAR}\\b)?`, 'gi'),
  new RegExp(`\\b${DAY}(?:\\s+of)?\\s+${MONTH}(?:,?\\s+${YEAR})?\\b`, 'gi'),
  new RegExp(`\\b${YEAR}[-/.](?<number>0?[1-9]|1[0-2])[-/.]${DAY}\\b`, 'g'),
];

/** A day named in a text. `year` is null where the text leaves it to the reader. */
export interface NamedDay {
  readonly year: number | null;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly start: number;
  readonly end: number;
}

/** Every day named in a text, in order. */
export function daysIn(text: string): NamedDay[] {
  const days: NamedDay[] = [];
  for (const form of FORMS) {
    for (const found of text.matchAll(form)) {
      const { month, number, day, year } = found.groups ?? {};
      const monthNumber =
        number === undefined
          ? MONTHS.findIndex(
              (name) => name.slice(0, 3).toLowerCase() === month?.slice(0, 3).toLowerCase(),
            ) + 1
          : Number(number);
      days.push({
        year: year === undefined ? null : Number(year),
        month: monthNumber,
        day: Number(day),
        start: found.index,
        end: found.index + found[0].length,
      });
    }
  }
  return days.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** ISO date of the first day named with its year, or null. */
export function firstIsoDate(text: string): string | null {
  for (const { year, month, day } of daysIn(text)) {
    if (year !== null)
      return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  }
  return null;
}

/** "Friday, January 12, 2024" for 2024-01-12. */
export function dateInWords(iso: string): string {
  const date = new Date(`${iso}T00:00:00Z`);
  const weekday = WEEKDAYS[date.getUTCDay()];
  const month = MONTHS[date.getUTCMonth()];
  if (weekday === undefined || month === undefined) return iso;
  return `${weekday}, ${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
}
