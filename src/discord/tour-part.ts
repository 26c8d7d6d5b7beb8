import { MeetingNames } from '../answer/meeting-texts.ts';
import type { Meeting } from '../corpus/types.ts';
import type { Snapshot } from '../engine-types.ts';
import { daysNamed } from '../language/dates.ts';
import { NameFinder } from '../language/finder.ts';
import { dayName, dayOfMonth } from './dates.ts';
import { findDay } from './lookup.ts';
import type { Locale } from './texts/index.ts';
import type { TourPart } from './views/tour.ts';

/** The events on the days, on the weekday or in the place that a text names; null where the tour has none. */
export function tourPart(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  return onDays(snapshot, input, locale) ?? inPlace(snapshot, input, locale);
}

function onDays(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const dates = [...new Set(snapshot.meetings.flatMap(({ date }) => date ?? []))].sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return null;
  const named = daysNamed(input.normalize('NFKC'), { first, last })
    .filter(({ vague }) => !vague)
    .flatMap((days) => days.dates);
  const number = /^\s*(\d{1,2})\s*$/.exec(input)?.[1];
  const numbered = dates.filter((date) => dayOfMonth(date) === Number(number));
  const typed = number === undefined && named.length === 0 ? findDay(snapshot, input) : null;
  const wanted = new Set([...named, ...numbered, ...(typed === null ? [] : [typed])]);
  return partOf(snapshot, (date) => date !== null && wanted.has(date), locale);
}

function partOf(
  { meetings }: Snapshot,
  isWanted: (date: string | null) => boolean,
  locale: Locale,
): TourPart | null {
  const there = meetings.filter(({ date }) => isWanted(date));
  const days = [...new Set(there.flatMap(({ date }) => date ?? []))];
  if (there.length === 0) return null;
  const title = days.map((date) => dayName(date, locale)).join(' · ');
  return { title, meetings: there, day: days.length === 1 ? (days[0] ?? null) : null };
}

interface PlaceOfMeeting {
  readonly meeting: Meeting;
  /** Whether its city is named, not its country. */
  readonly isCity: boolean;
}

function inPlace(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const names = new MeetingNames(snapshot);
  const finder = new NameFinder<PlaceOfMeeting>(
    snapshot.meetings.flatMap((meeting) => [
      {
        value: { meeting, isCity: true },
        names: [meeting.city, names.city(meeting, 'ja')],
      },
      {
        value: { meeting, isCity: false },
        names: [meeting.country, names.country(meeting, 'ja')],
      },
    ]),
  );
  const [first, ...others] = finder.best(input);
  if (first === undefined) return null;
  const found = [first, ...others];
  const isCity = found.some((each) => each.isCity);
  const there = found.filter((each) => each.isCity === isCity).map(({ meeting }) => meeting);
  const title = isCity ? names.city(first.meeting, locale) : names.country(first.meeting, locale);
  const days = [...new Set(there.map(({ date }) => date))];
  return { title, meetings: there, day: days.length === 1 ? (days[0] ?? null) : null };
}
