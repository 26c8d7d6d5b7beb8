import type { Journey, Stop } from './journey.ts';
import { cityName, dateList, spanText, weekdayName, WORDING, type Locale } from './wording.ts';

/** Discord's limit on the description of a picture. */
export const ALT_TEXT_LIMIT = 1024;

interface AltWording {
  readonly opening: (span: string) => string;
  readonly stop: (number: number, city: string, details: string) => string;
  readonly separator: string;
  readonly more: (count: number) => string;
  readonly closing: string;
  readonly chosen: (date: string, cities: string, events: string) => string;
  readonly detail: string;
}

const ALT: Readonly<Record<Locale, AltWording>> = {
  en: {
    opening: (span) => `Map and calendar of Foreign Minister Kamikawa’s tour, ${span}. The stops: `,
    stop: (number, city, details) => `${number} ${city} (${details})`,
    separator: '; ',
    more: (count) => `${count} more`,
    closing: '.',
    chosen: (date, cities, events) => ` Highlighted: ${date}, ${cities}, ${events}.`,
    detail: ', ',
  },
  ja: {
    opening: (span) => `上川外相の歴訪（${span}）の地図と日程。訪問順：`,
    stop: (number, city, details) => `${number} ${city}（${details}）`,
    separator: '、',
    more: (count) => `ほか${count}地点`,
    closing: '。',
    chosen: (date, cities, events) => `強調表示：${date}、${cities}、${events}。`,
    detail: '、',
  },
};

function stopText(stop: Stop, locale: Locale): string {
  const { stop: format, detail } = ALT[locale];
  const events = WORDING[locale].events(stop.meetings.length);
  const details = [dateList(stop.dates, locale), events].filter((text) => text !== '');
  return format(stop.number, cityName(stop.city, locale), details.join(detail));
}

function chosenText(journey: Journey, day: string | null, locale: Locale): string {
  const chosen = journey.days.find((one) => one.date === day);
  if (chosen === undefined) return '';
  const weekday = weekdayName(chosen.date, locale);
  const date = dateList([chosen.date], locale);
  const cities = [...new Set(chosen.stops.map((stop) => cityName(stop.city, locale)))];
  return ALT[locale].chosen(
    locale === 'ja' ? `${date}（${weekday}）` : `${weekday} ${date}`,
    cities.length === 0 ? '–' : cities.join(ALT[locale].detail),
    WORDING[locale].events(chosen.meetingCount),
  );
}

/**
 * The picture in words, at most 1024 characters: every stop in order with its dates and number of
 * events, then the chosen day. Stops that do not fit are counted at the end.
 */
export function altText(journey: Journey, day: string | null, locale: Locale): string {
  const words = ALT[locale];
  const first = journey.days[0]?.date;
  const last = journey.days.at(-1)?.date;
  const span = first === undefined || last === undefined ? '' : spanText(first, last, locale);
  const stops = journey.stops.map((stop) => stopText(stop, locale));
  const end = chosenText(journey, day, locale);
  const compose = (count: number): string => {
    const left = stops.length - count;
    const listed = [...stops.slice(0, count), ...(left > 0 ? [words.more(left)] : [])];
    return `${words.opening(span)}${listed.join(words.separator)}${words.closing}${end}`;
  };
  let count = stops.length;
  while (count > 0 && compose(count).length > ALT_TEXT_LIMIT) count--;
  return compose(count).slice(0, ALT_TEXT_LIMIT);
}
