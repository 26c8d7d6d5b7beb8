/** The route of the meetings, and its words. */
import type { Meeting } from '../../corpus/types.ts';
import { dateList, dateSpan, joinWithin, textsIn, weekdayName, type Locale } from '../text.ts';

/** A meeting with the Japanese form of its city, where its document gives one. */
export type TourMeeting = Meeting & {
  readonly ja?: { readonly city?: string | undefined } | undefined;
};

/** Meetings in one city without another city between them. */
export interface Stop {
  /** Position on the route, from 1. */
  readonly number: number;
  readonly city: string;
  /** Null where the documents have none. */
  readonly japaneseCity: string | null;
  readonly country: string;
  readonly coordinates: readonly [latitude: number, longitude: number];
  /** ISO dates in ascending order; empty when no source gives one. */
  readonly dates: readonly string[];
  readonly meetings: readonly Meeting[];
}

export interface Leg {
  readonly from: Stop;
  readonly to: Stop;
  readonly byNightTrain: boolean;
}

export interface Day {
  readonly date: string;
  readonly stops: readonly Stop[];
  readonly meetingCount: number;
}

export interface Journey {
  readonly stops: readonly Stop[];
  readonly legs: readonly Leg[];
  /** Every day from the first to the last; only those with a meeting when the journey is a long one. */
  readonly days: readonly Day[];
  readonly meetingCount: number;
  /** Countries visited, without the one where the journey starts. */
  readonly countriesVisited: number;
}

/** A longer journey leaves out the days without a meeting, so that its calendar stays legible. */
const LONGEST_CONTIGUOUS_DAYS = 21;
const DAY_MS = 86_400_000;

function stopsOf(ordered: readonly TourMeeting[]): Stop[] {
  const runs: [TourMeeting, ...TourMeeting[]][] = [];
  for (const meeting of ordered) {
    const run = runs.at(-1);
    if (run?.[0].city === meeting.city && run[0].country === meeting.country) run.push(meeting);
    else runs.push([meeting]);
  }
  return runs.map((meetings, index) => {
    const [{ city, ja, country, coordinates }] = meetings;
    const dates = [...new Set(meetings.flatMap(({ date }) => date ?? []))].sort();
    const japaneseCity = ja?.city ?? null;
    return { number: index + 1, city, japaneseCity, country, coordinates, dates, meetings };
  });
}

function legsOf(stops: readonly Stop[]): Leg[] {
  return stops.slice(1).flatMap((to, index) => {
    const from = stops[index];
    if (from === undefined) return [];
    const last = from.meetings.at(-1);
    return { from, to, byNightTrain: /\bnight train\b/i.test(last?.title ?? '') };
  });
}

function datesBetween(first: string, last: string): string[] {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(first) + index * DAY_MS).toISOString().slice(0, 10),
  );
}

function daysOf(stops: readonly Stop[]): Day[] {
  const used = [...new Set(stops.flatMap((stop) => stop.dates))].sort();
  const [first] = used;
  const last = used.at(-1);
  if (first === undefined || last === undefined) return [];
  const all = datesBetween(first, last);
  return (all.length <= LONGEST_CONTIGUOUS_DAYS ? all : used).map((date) => {
    const there = stops.filter((stop) => stop.dates.includes(date));
    const meetings = there.flatMap((stop) => stop.meetings);
    const ofDay = meetings.filter((meeting) => meeting.date === date);
    return { date, stops: there, meetingCount: ofDay.length };
  });
}

/** The route of the meetings, which may come in any order. */
export function journeyOf(meetings: readonly TourMeeting[]): Journey {
  const ordered = [...meetings].sort((a, b) => a.order - b.order);
  const stops = stopsOf(ordered);
  const countries = new Set(stops.map((stop) => stop.country));
  return {
    stops,
    legs: legsOf(stops),
    days: daysOf(stops),
    meetingCount: ordered.length,
    countriesVisited: Math.max(0, countries.size - 1),
  };
}

/** A city's name as the picture shows it: without an abbreviation at its end ("D.C."), in Japanese where that is known. */
export function cityName({ city, japaneseCity }: Stop, locale: Locale): string {
  const name = locale === 'ja' ? (japaneseCity ?? city) : city;
  return name.replace(/,? ?(?:\p{Lu}\.\s?){2,}$/u, '');
}

/** Components reference, media gallery item: length of the alt text. */
export const ALT_TEXT = 1024;

/**
 * The picture in words, at most 1024 characters: every stop in order with its dates and number of events, then the
 * chosen day. Stops that do not fit are counted at the end.
 */
export function altText(journey: Journey, day: string | null, locale: Locale): string {
  const { opening, closing, stopSeparator, more } = textsIn(locale).map;
  const start = opening(journeySpan(journey, locale) ?? '');
  const end = `${closing}${chosenText(journey, day, locale)}`;
  const budget = ALT_TEXT - start.length - end.length;
  const stops = journey.stops.map((stop) => stopText(stop, locale));
  const listed = joinWithin(stops, stopSeparator, { budget, rest: more });
  return `${start}${listed}${end}`.slice(0, ALT_TEXT);
}

/** The days of a journey as a span; null where no meeting has a date. */
export function journeySpan({ days }: Journey, locale: Locale): string | null {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  return first === undefined || last === undefined ? null : dateSpan(first, last, locale);
}

function stopText(place: Stop, locale: Locale): string {
  const { number, dates, meetings } = place;
  const { map, reply } = textsIn(locale);
  const events = reply.events(meetings.length);
  const details = [dateList(dates, locale), events].filter((detail) => detail !== '');
  return map.stop(number, cityName(place, locale), details.join(reply.comma));
}

function chosenText(journey: Journey, day: string | null, locale: Locale): string {
  const chosen = journey.days.find(({ date }) => date === day);
  if (chosen === undefined) return '';
  const { map, reply } = textsIn(locale);
  const weekday = weekdayName(chosen.date, locale);
  const date = dateList([chosen.date], locale);
  const cities = [...new Set(chosen.stops.map((stop) => cityName(stop, locale)))];
  return map.chosen(
    locale === 'ja' ? `${date}（${weekday}）` : `${weekday} ${date}`,
    cities.length === 0 ? '–' : cities.join(reply.comma),
    reply.events(chosen.meetingCount),
  );
}
