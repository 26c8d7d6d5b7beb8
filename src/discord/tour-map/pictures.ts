/** What pictures of the tour show: its route and its days; and the pictures, which are drawn in a process of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { LRUCache } from 'lru-cache';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine.ts';
import { compiledProgram } from '../../files.ts';
import { daysBetween, shiftDate } from '../../language/dates.ts';
import { withJapanese } from '../../language/names.ts';
import { dateSpan, dayOfMonth, monthName, monthOf, type Locale } from '../text.ts';

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

export type Leg = ReturnType<typeof legsOf>[number];
export type Day = ReturnType<typeof daysOf>[number];
export type Journey = ReturnType<typeof journeyOf>;

/** A longer journey leaves out the days without a meeting, so that its calendar stays legible. */
const LONGEST_CONTIGUOUS_DAYS = 21;

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

function legsOf(stops: readonly Stop[]) {
  return stops.slice(1).flatMap((to, index) => {
    const from = stops[index];
    return from === undefined ? [] : [{ from, to }];
  });
}

function daysOf(stops: readonly Stop[]) {
  const used = [...new Set(stops.flatMap((stop) => stop.dates))].sort();
  const [first] = used;
  const last = used.at(-1);
  if (first === undefined || last === undefined) return [];
  const count = daysBetween(first, last) + 1;
  const all = Array.from({ length: count }, (_, index) => shiftDate(first, index));
  return (all.length <= LONGEST_CONTIGUOUS_DAYS ? all : used).map((date) => {
    const there = stops.filter((stop) => stop.dates.includes(date));
    const meetings = there.flatMap((stop) => stop.meetings);
    const ofDay = meetings.filter((meeting) => meeting.date === date);
    return { date, stops: there, meetingCount: ofDay.length };
  });
}

/** The route of the meetings, which may come in any order. */
export function journeyOf(meetings: readonly TourMeeting[]) {
  const ordered = [...meetings].sort((a, b) => a.order - b.order);
  const stops = stopsOf(ordered);
  const countries = new Set(stops.map((stop) => stop.country));
  return {
    stops,
    legs: legsOf(stops),
    /** Every day from the first to the last; only those with a meeting when the journey is a long one. */
    days: daysOf(stops),
    meetingCount: ordered.length,
    /** Without the one where the journey starts. */
    countriesVisited: Math.max(0, countries.size - 1),
  };
}

/** A city's name as the picture shows it: without an abbreviation at its end ("D.C."), in Japanese where that is known. */
export function cityName({ city, japaneseCity }: Stop, locale: Locale): string {
  const name = locale === 'ja' ? (japaneseCity ?? city) : city;
  return name.replace(/,? ?(?:\p{Lu}\.\s?){2,}$/u, '');
}

/** The days of a journey as a span; null where no meeting has a date. */
export function journeySpan({ days }: Journey, locale: Locale): string | null {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  return first === undefined || last === undefined ? null : dateSpan(first, last, locale);
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

/** Day of the month for a calendar; with the month on the first day shown and on the first of a month. */
export function calendarDay(iso: string, isFirst: boolean, locale: Locale): string {
  const day = dayOfMonth(iso);
  if (!isFirst && day !== 1) return String(day);
  return locale === 'ja' ? `${Number(iso.slice(5, 7))}/${day}` : `${day} ${monthName(iso, locale)}`;
}

/** Components reference, media gallery item: length of the alt text. */
export const ALT_TEXT = 1024;

export interface TourPicture {
  readonly png: Uint8Array;
  /** At most 1024 characters, in the reader's language. */
  readonly alt: string;
}

interface Chosen {
  /** ISO date of the day to highlight; one that is not part of the tour highlights nothing. */
  readonly day: string | null;
  /** With the calendar below the maps; else for a part of the tour, which is listed next to the picture. */
  readonly isWhole: boolean;
  readonly locale: Locale;
}

export interface TourRequest extends Chosen {
  readonly meetings: readonly TourMeeting[];
}

/** Last argument of the program that draws, `draw-tour.ts`. */
export const DRAWING_PROCESS = 'draw-tour';

/** From the process, in the order of the requests: the picture, or what was wrong. */
export type DrawReply = TourPicture | { readonly problem: string };

/** A third of the share of other programs: of a busy machine a lower one would get next to nothing. */
export const WANTED_PRIORITY = 5;
/** Each day of the tour in two languages, and the whole of it. */
const CACHED = 40;
/** A reader looks at one day after the other: loading maps and fonts takes longer than a picture. */
const IDLE_MS = 30_000;

type TourSnapshot = Pick<Snapshot, 'generation' | 'meetings'> & {
  readonly documents: ReadonlyMap<string, Pick<TourMeeting, 'ja'>>;
};

interface Pending {
  readonly request: TourRequest;
  /** Whether another process ended before it was drawn. */
  readonly isAgain: boolean;
  readonly resolve: (picture: TourPicture) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Pictures of the tour, each drawn once for a generation, in a process of low priority: however many are asked for at
 * once, nothing else waits for them. The process starts with a request and ends when none has come for a while, so that nothing
 * of it stays in memory. When it ends before, as where the machine runs out of memory or the program is replaced by a newer
 * one, another draws what is waited for; when that one ends too, the requests fail, because one of them may be the cause.
 */
export class TourPictures {
  readonly #cache = new LRUCache<string, Promise<TourPicture>>({ max: CACHED });
  /** In the order of the requests, in which the process draws. */
  #pending: Pending[] = [];
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | undefined;

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  draw({ generation, meetings, documents }: TourSnapshot, chosen: Chosen): Promise<TourPicture> {
    const { day, isWhole, locale } = chosen;
    const name = [generation, day, isWhole, locale].join(' ');
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const request = { meetings: withJapanese(meetings, documents), ...chosen };
    const picture = new Promise<TourPicture>((resolve, reject) => {
      this.#send({ request, isAgain: false, resolve, reject });
    });
    this.#cache.set(name, picture);
    picture.catch(() => this.#cache.delete(name));
    return picture;
  }

  /** What is waited for fails. */
  close(): void {
    for (const { reject } of this.#stop()) reject(new Error('The bot is stopping.'));
  }

  #send(pending: Pending): void {
    clearTimeout(this.#idle);
    const child = (this.#child ??= this.#start());
    this.#pending.push(pending);
    child.send(pending.request, (error) => {
      if (error !== null) this.#onEnd(child, error);
    });
  }

  #onEnd(child: ChildProcess, error: Error): void {
    if (this.#child !== child) return;
    for (const pending of this.#stop()) {
      if (pending.isAgain) pending.reject(error);
      else this.#send({ ...pending, isAgain: true });
    }
  }

  /** Gives what was waited for. */
  #stop(): readonly Pending[] {
    clearTimeout(this.#idle);
    const [child, pending] = [this.#child, this.#pending];
    [this.#child, this.#pending] = [null, []];
    child?.kill();
    return pending;
  }

  #start(): ChildProcess {
    const { file, args } = compiledProgram(DRAWING_PROCESS);
    const child = fork(file, [...args, DRAWING_PROCESS], {
      execArgv: [],
      // Sends pictures as bytes, not as JSON.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // Where this process has a lower priority, only the administrator may give its children a higher one.
    if (child.pid !== undefined && getPriority(child.pid) < WANTED_PRIORITY) {
      setPriority(child.pid, WANTED_PRIORITY);
    }
    // A process that is told to stop does not wait for a picture.
    child.unref();
    child.channel?.unref();
    child.on('message', (reply: DrawReply) => {
      if (this.#child !== child) return;
      const pending = this.#pending.shift();
      if ('png' in reply) pending?.resolve(reply);
      else pending?.reject(new Error(reply.problem));
      if (this.#pending.length === 0) this.#idle = setTimeout(() => this.#stop(), IDLE_MS).unref();
    });
    child.on('error', (error) => this.#onEnd(child, error));
    child.on('exit', () => this.#onEnd(child, new Error('The drawing process ended.')));
    return child;
  }
}
