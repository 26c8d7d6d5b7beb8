/** The reader's language: its fixed texts, and dates in it. ISO dates ("2024-01-12") come in. */
import { en, type Texts } from './en.ts';
import { ja } from './ja.ts';

export type { Texts };

/** The languages that replies are written in. */
export type Locale = 'en' | 'ja';

/** Discord sends `ja`, `en-GB`, `pt-BR`; readers of any other language get English. */
export function localeOf(discordLocale: string | undefined): Locale {
  return discordLocale?.toLowerCase().split('-')[0] === 'ja' ? 'ja' : 'en';
}

export function textsIn(locale: Locale): Texts {
  return locale === 'ja' ? ja : en;
}

/** The commands that texts point to. */
type Mentioned = 'ask' | 'meeting' | 'tour' | 'sources' | 'about' | 'help';

/** Names of commands as readers can tap them: `</ask:ID>`, with Discord's ids once they are known. */
export class CommandMentions {
  readonly #ids = new Map<string, string>();

  learn(registered: readonly { readonly id: string; readonly name: string }[]): void {
    for (const { id, name } of registered) this.#ids.set(name, id);
  }

  /** The name in code where the id is not known. */
  of(name: Mentioned, locale: Locale): string {
    const id = this.#ids.get(name);
    return id === undefined ? `\`/${textsIn(locale).commands[name].name}\`` : `</${name}:${id}>`;
  }
}

const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', ja: 'ja-JP' };

/** Few: one for each language and set of options below. Making a formatter takes longer than a thousand uses of it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** A date as formatted by `Intl`; anything but an ISO date is returned unchanged. */
function format(iso: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(time)) return iso;
  const key = locale + JSON.stringify(options);
  const formatter =
    formatters.get(key) ?? new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: 'UTC' });
  formatters.set(key, formatter);
  return formatter.format(time);
}

/** "12 January 2024", "2024年1月12日". */
export function longDate(iso: string, locale: Locale): string {
  return format(iso, locale, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** "12 Jan", "1月12日". */
export function shortDate(iso: string, locale: Locale): string {
  return format(iso, locale, { day: 'numeric', month: 'short' });
}

/** "Friday 12 January 2024", "2024年1月12日金曜日". */
export function dayName(iso: string, locale: Locale): string {
  return format(iso, locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** "Fri", "金". */
export function weekdayName(iso: string, locale: Locale): string {
  return format(iso, locale, { weekday: 'short' });
}

function monthName(iso: string, locale: Locale): string {
  return format(iso, locale, { month: 'short' });
}

export function dayOfMonth(iso: string): number {
  return Number(iso.slice(8, 10));
}

function monthOf(iso: string): string {
  return iso.slice(0, 7);
}

/** Runs of days that follow one another, within one month. */
function runsOf(dates: readonly string[]): { first: string; last: string }[] {
  const runs: { first: string; last: string }[] = [];
  for (const date of dates) {
    const run = runs.at(-1);
    const follows =
      run !== undefined &&
      monthOf(run.last) === monthOf(date) &&
      dayOfMonth(run.last) + 1 === dayOfMonth(date);
    if (follows) run.last = date;
    else runs.push({ first: date, last: date });
  }
  return runs;
}

/** "6, 8 Jan" and "9–10 Jan", or 1月6日・8日 and 1月9〜10日. Dates must ascend. */
export function dateList(dates: readonly string[], locale: Locale): string {
  const byMonth = new Map<string, string[]>();
  for (const { first, last } of runsOf(dates)) {
    const days = first === last ? [first] : [first, last];
    const run = days.map(dayOfMonth).join(locale === 'ja' ? '〜' : '–');
    byMonth.set(monthOf(first), [...(byMonth.get(monthOf(first)) ?? []), run]);
  }
  const months = [...byMonth].map(([month, runs]) => {
    const name = monthName(`${month}-01`, locale);
    return locale === 'ja'
      ? `${name}${runs.map((run) => `${run}日`).join('・')}`
      : `${runs.join(', ')} ${name}`;
  });
  return months.join(locale === 'ja' ? '、' : ', ');
}

/** A span of days, such as "5–18 January 2024" or 2024年1月5日〜18日. */
export function dateSpan(first: string, last: string, locale: Locale): string {
  if (first === last) return longDate(first, locale);
  if (monthOf(first) !== monthOf(last)) {
    return `${longDate(first, locale)}${locale === 'ja' ? '〜' : ' – '}${longDate(last, locale)}`;
  }
  return locale === 'ja'
    ? `${longDate(first, locale)}〜${dayOfMonth(last)}日`
    : `${dayOfMonth(first)}–${longDate(last, locale)}`;
}

/** Day of the month for a calendar; with the month on the first day shown and on the first of a month. */
export function calendarDay(iso: string, isFirst: boolean, locale: Locale): string {
  const day = dayOfMonth(iso);
  if (!isFirst && day !== 1) return String(day);
  return locale === 'ja' ? `${Number(iso.slice(5, 7))}/${day}` : `${day} ${monthName(iso, locale)}`;
}
