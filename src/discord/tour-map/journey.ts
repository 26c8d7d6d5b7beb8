import type { Meeting } from '../../corpus/types.ts';

/** Meetings in one city without another city between them. */
export interface Stop {
  /** Position on the route, from 1. */
  readonly number: number;
  readonly city: string;
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
  /** ISO date. */
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

function isDate(date: string | null): date is string {
  return date !== null;
}

function stopsOf(ordered: readonly Meeting[]): Stop[] {
  const runs: Meeting[][] = [];
  for (const meeting of ordered) {
    const run = runs.at(-1);
    if (run?.[0]?.city === meeting.city && run[0].country === meeting.country) run.push(meeting);
    else runs.push([meeting]);
  }
  return runs.flatMap((meetings, index) => {
    const [first] = meetings;
    if (first === undefined) return [];
    return {
      number: index + 1,
      city: first.city,
      country: first.country,
      coordinates: first.coordinates,
      dates: [...new Set(meetings.map((meeting) => meeting.date).filter(isDate))].sort(),
      meetings,
    };
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
    const meetings = there.flatMap((stop) =>
      stop.meetings.filter((meeting) => meeting.date === date),
    );
    return { date, stops: there, meetingCount: meetings.length };
  });
}

/** The route of the meetings, which may come in any order. */
export function journeyOf(meetings: readonly Meeting[]): Journey {
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
