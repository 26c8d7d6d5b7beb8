import type { Meeting } from '../corpus/types.ts';

export type Locale = 'en' | 'ja';

const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', ja: 'ja-JP' };

const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a formatter takes longer than a thousand uses of one. */
function format(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const created = new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: 'UTC' });
  formats.set(key, created);
  return created;
}

/** "12 January 2024", "2024年1月12日". Anything but an ISO date is given back as it is. */
export function longDate(iso: string, locale: Locale): string {
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at)) return iso;
  return format(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

/** "12 Jan", "1月12日". */
export function shortDate(iso: string, locale: Locale): string {
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at)) return iso;
  return format(locale, { day: 'numeric', month: 'short' }).format(at);
}

/** "Friday 12 January 2024", "2024年1月12日金曜日". */
export function dayName(iso: string, locale: Locale): string {
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at)) return iso;
  return format(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(at);
}

/** Capitals and cities whose clock differs from the capital's country-wide one are listed by city. */
const ZONES: Readonly<Record<string, string>> = {
  'Washington D.C.': 'America/New_York',
  Washington: 'America/New_York',
  'New York': 'America/New_York',
  Montréal: 'America/Toronto',
  Montreal: 'America/Toronto',
  Ottawa: 'America/Toronto',
  Japan: 'Asia/Tokyo',
  Poland: 'Europe/Warsaw',
  Ukraine: 'Europe/Kyiv',
  Finland: 'Europe/Helsinki',
  Sweden: 'Europe/Stockholm',
  Netherlands: 'Europe/Amsterdam',
  Germany: 'Europe/Berlin',
  Türkiye: 'Europe/Istanbul',
  Turkey: 'Europe/Istanbul',
  Denmark: 'Europe/Copenhagen',
  Norway: 'Europe/Oslo',
  Belgium: 'Europe/Brussels',
  France: 'Europe/Paris',
  Italy: 'Europe/Rome',
  Switzerland: 'Europe/Zurich',
  'United Kingdom': 'Europe/London',
};

/**
 * When a meeting began, in seconds since 1970; null when its date, its time of day or the clock of its
 * place is not known. A guess would be shown to every reader as a fact.
 */
export function meetingStart(
  meeting: Pick<Meeting, 'date' | 'localStart' | 'city' | 'country'>,
): number | null {
  const { date, localStart, city, country } = meeting;
  if (date === null || localStart === null || !/^\d{1,2}:\d{2}$/.test(localStart)) return null;
  const zone = ZONES[city] ?? ZONES[country];
  const asUtc = Date.parse(`${date}T${localStart.padStart(5, '0')}:00Z`);
  if (zone === undefined || Number.isNaN(asUtc)) return null;
  return (asUtc - offsetOf(zone, asUtc)) / 1000;
}

/** How far a zone's clock is ahead of UTC, in milliseconds. */
function offsetOf(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName');
  const found = /GMT([+-])(\d{2}):(\d{2})/.exec(parts?.value ?? '');
  if (found === null) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -minutes : minutes) * 60_000;
}
