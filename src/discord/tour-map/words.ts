/** All words of the picture, drawn and described, in both languages. */
import { dateList, dateSpan, weekdayName } from '../texts/index.ts';
import { ALT_TEXT } from '../views/components.ts';
import type { Locale } from '../texts/index.ts';
import type { Journey, Stop } from './journey.ts';

/** Japanese names of the tour's cities. A city without one keeps its name in Latin letters. */
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

/** A city's name as the picture shows it: short, and in the reader's language where it is known. */
export function cityName(city: string, locale: Locale): string {
  const short = city.replace(/,? D\.? ?C\.?$/, '');
  return locale === 'ja' ? (JAPANESE_CITIES.get(short) ?? short) : short;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export interface MapWords {
  readonly title: string;
  readonly nightTrain: string;
  readonly countries: (count: number) => string;
  readonly stops: (count: number) => string;
  readonly events: (count: number) => string;
  /** Follows a number of events that is drawn by itself. */
  readonly eventsUnit: (count: number) => string;
}

export const MAP_WORDS: Readonly<Record<Locale, MapWords>> = {
  en: {
    title: 'The route',
    nightTrain: 'night train',
    countries: (count) => counted(count, 'country', 'countries'),
    stops: (count) => counted(count, 'stop', 'stops'),
    events: (count) => counted(count, 'event', 'events'),
    eventsUnit: (count) => (count === 1 ? 'event' : 'events'),
  },
  ja: {
    title: '行程',
    nightTrain: '夜行列車',
    countries: (count) => `${count}か国`,
    stops: (count) => `${count}地点`,
    events: (count) => `${count}件`,
    eventsUnit: () => '件',
  },
};

interface AltWords {
  readonly opening: (span: string) => string;
  readonly stop: (number: number, city: string, details: string) => string;
  readonly stopSeparator: string;
  readonly detailSeparator: string;
  readonly more: (count: number) => string;
  readonly closing: string;
  readonly chosen: (date: string, cities: string, events: string) => string;
}

const ALT_WORDS: Readonly<Record<Locale, AltWords>> = {
  en: {
    opening: (span) => `Map and calendar of the route, ${span}. The stops: `,
    stop: (number, city, details) => `${number} ${city} (${details})`,
    stopSeparator: '; ',
    detailSeparator: ', ',
    more: (count) => `${count} more`,
    closing: '.',
    chosen: (date, cities, events) => ` Highlighted: ${date}, ${cities}, ${events}.`,
  },
  ja: {
    opening: (span) => `行程（${span}）の地図と日程。訪問順：`,
    stop: (number, city, details) => `${number} ${city}（${details}）`,
    stopSeparator: '、',
    detailSeparator: '、',
    more: (count) => `ほか${count}地点`,
    closing: '。',
    chosen: (date, cities, events) => `強調表示：${date}、${cities}、${events}。`,
  },
};

/**
 * The picture in words, at most 1024 characters: every stop in order with its dates and number of events, then the
 * chosen day. Stops that do not fit are counted at the end.
 */
export function altText(journey: Journey, day: string | null, locale: Locale): string {
  const words = ALT_WORDS[locale];
  const span = journeySpan(journey, locale) ?? '';
  const stops = journey.stops.map((stop) => stopText(stop, locale));
  const end = chosenText(journey, day, locale);
  const compose = (count: number): string => {
    const left = stops.length - count;
    const listed = [...stops.slice(0, count), ...(left > 0 ? [words.more(left)] : [])];
    return `${words.opening(span)}${listed.join(words.stopSeparator)}${words.closing}${end}`;
  };
  let count = stops.length;
  while (count > 0 && compose(count).length > ALT_TEXT) count--;
  return compose(count).slice(0, ALT_TEXT);
}

/** The days of a journey as a span; null where no meeting has a date. */
export function journeySpan({ days }: Journey, locale: Locale): string | null {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  return first === undefined || last === undefined ? null : dateSpan(first, last, locale);
}

function stopText({ number, city, dates, meetings }: Stop, locale: Locale): string {
  const { stop, detailSeparator } = ALT_WORDS[locale];
  const events = MAP_WORDS[locale].events(meetings.length);
  const details = [dateList(dates, locale), events].filter((detail) => detail !== '');
  return stop(number, cityName(city, locale), details.join(detailSeparator));
}

function chosenText(journey: Journey, day: string | null, locale: Locale): string {
  const chosen = journey.days.find(({ date }) => date === day);
  if (chosen === undefined) return '';
  const { chosen: sentence, detailSeparator } = ALT_WORDS[locale];
  const weekday = weekdayName(chosen.date, locale);
  const date = dateList([chosen.date], locale);
  const cities = [...new Set(chosen.stops.map(({ city }) => cityName(city, locale)))];
  return sentence(
    locale === 'ja' ? `${date}（${weekday}）` : `${weekday} ${date}`,
    cities.length === 0 ? '–' : cities.join(detailSeparator),
    MAP_WORDS[locale].events(chosen.meetingCount),
  );
}
