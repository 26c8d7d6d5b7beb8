export type Locale = 'en' | 'ja';

/** Japanese names of the cities of the tour. A city without one keeps its name in Latin letters. */
const JAPANESE_CITIES: ReadonlyMap<string, string> = new Map([
  ['Tokyo', '東京'],
  ['Warsaw', 'ワルシャワ'],
  ['Bucha', 'ブチャ'],
  ['Irpin', 'イルピン'],
  ['Kyiv', 'キーウ'],
  ['Helsinki', 'ヘルシンキ'],
  ['Stockholm', 'ストックホルム'],
  ['The Hague', 'ハーグ'],
  ['Washington', 'ワシントン'],
  ['Montréal', 'モントリオール'],
  ['Montreal', 'モントリオール'],
  ['Hamburg', 'ハンブルク'],
  ['Ankara', 'アンカラ'],
]);

/** Name of a city as the picture shows it: short, in the reader's language where it is known. */
export function cityName(city: string, locale: Locale): string {
  const short = city.replace(/,? D\.? ?C\.?$/, '');
  return locale === 'ja' ? (JAPANESE_CITIES.get(short) ?? short) : short;
}

const TAGS = { en: 'en-GB', ja: 'ja-JP' } as const;

function part(date: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: 'UTC' }).format(
    Date.parse(date),
  );
}

/** Three letters in English, one character in Japanese. */
export function weekdayName(date: string, locale: Locale): string {
  return part(date, locale, { weekday: 'short' });
}

export function dayOfMonth(date: string): number {
  return Number(date.slice(8, 10));
}

function monthName(date: string, locale: Locale): string {
  return part(date, locale, { month: 'short' });
}

/** Day of the month; with the month where a reader needs it: on the first day shown and on the 1st. */
export function dayLabel(date: string, isFirst: boolean, locale: Locale): string {
  const day = dayOfMonth(date);
  if (!isFirst && day !== 1) return String(day);
  return locale === 'ja'
    ? `${Number(date.slice(5, 7))}/${day}`
    : `${day} ${monthName(date, locale)}`;
}

/** Runs of days that follow one another, within one month. */
function runsOf(dates: readonly string[]): { first: string; last: string }[] {
  const runs: { first: string; last: string }[] = [];
  for (const date of dates) {
    const run = runs.at(-1);
    const follows =
      run?.last.slice(0, 7) === date.slice(0, 7) && dayOfMonth(run.last) + 1 === dayOfMonth(date);
    if (run !== undefined && follows) run.last = date;
    else runs.push({ first: date, last: date });
  }
  return runs;
}

/** Such as "6, 8 Jan" and "9–10 Jan", or 1月6日・8日 and 1月9〜10日. Dates must ascend. */
export function dateList(dates: readonly string[], locale: Locale): string {
  const byMonth = new Map<string, string[]>();
  for (const { first, last } of runsOf(dates)) {
    const days = first === last ? [first] : [first, last];
    const text = days.map(dayOfMonth).join(locale === 'ja' ? '〜' : '–');
    byMonth.set(first.slice(0, 7), [...(byMonth.get(first.slice(0, 7)) ?? []), text]);
  }
  const months = [...byMonth].map(([month, texts]) => {
    const name = monthName(`${month}-01`, locale);
    return locale === 'ja'
      ? `${name}${texts.map((text) => `${text}日`).join('・')}`
      : `${texts.join(', ')} ${name}`;
  });
  return months.join(locale === 'ja' ? '、' : ', ');
}

/** The journey's span, such as "5–18 January 2024" or 2024年1月5日〜18日. */
export function spanText(first: string, last: string, locale: Locale): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const format = new Intl.DateTimeFormat(TAGS[locale], options);
  if (first === last) return format.format(Date.parse(first));
  if (first.slice(0, 7) !== last.slice(0, 7)) {
    const dash = locale === 'ja' ? '〜' : ' – ';
    return `${format.format(Date.parse(first))}${dash}${format.format(Date.parse(last))}`;
  }
  return locale === 'ja'
    ? `${format.format(Date.parse(first))}〜${dayOfMonth(last)}日`
    : `${dayOfMonth(first)}–${format.format(Date.parse(last))}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export interface Wording {
  readonly title: string;
  readonly nightTrain: string;
  readonly countries: (count: number) => string;
  readonly stops: (count: number) => string;
  readonly events: (count: number) => string;
  /** What stands behind a number of events that is drawn by itself. */
  readonly eventsUnit: (count: number) => string;
}

export const WORDING: Readonly<Record<Locale, Wording>> = {
  en: {
    title: 'Kamikawa’s tour',
    nightTrain: 'night train',
    countries: (count) => counted(count, 'country', 'countries'),
    stops: (count) => counted(count, 'stop', 'stops'),
    events: (count) => counted(count, 'event', 'events'),
    eventsUnit: (count) => (count === 1 ? 'event' : 'events'),
  },
  ja: {
    title: '上川外相の歴訪',
    nightTrain: '夜行列車',
    countries: (count) => `${count}か国`,
    stops: (count) => `${count}地点`,
    events: (count) => `${count}件`,
    eventsUnit: () => '件',
  },
};
