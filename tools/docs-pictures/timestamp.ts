import type { Reader } from './markdown.ts';

const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 365.25 * 86_400],
  ['month', 30.44 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A timestamp of Discord's Markdown as its client writes it. `seconds` since 1970. */
export function timestampText(seconds: number, style: string, reader: Reader): string {
  if (style === 'R') return relative(seconds - reader.now / 1000, reader.locale);
  const format = new Intl.DateTimeFormat(reader.locale, {
    ...(STYLES[style] ?? STYLES['f']),
    timeZone: reader.timeZone,
  });
  return format.format(seconds * 1000);
}

function relative(fromNow: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const [unit, length] = UNITS.find(([, each]) => Math.abs(fromNow) >= each) ?? ['second', 1];
  return format.format(Math.round(fromNow / length), unit);
}
