/** Meetings, sources and days of a snapshot, found by what a user types into an option or chooses from its list. */
import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { Meeting, Source } from '../corpus/types.ts';
import type { Snapshot } from '../engine-types.ts';
import { meetingFinder, NameFinder, sourceFinder } from '../language/finder.ts';
import { fold } from '../language/words.ts';
import { dayName, longDate, shortDate } from './dates.ts';
import { clip, oneLine } from './escape.ts';
import type { Autocomplete, Choice } from './interaction-context.ts';
import { CHOICE_TEXT, CHOICES } from './limits.ts';
import type { Locale } from './texts/index.ts';

interface Directory {
  readonly meetings: NameFinder<Meeting>;
  readonly meetingById: ReadonlyMap<string, Meeting>;
  readonly sources: NameFinder<Source>;
  /** ISO dates, ascending. */
  readonly days: readonly string[];
  readonly dayFinder: NameFinder<string>;
}

/** One directory a snapshot, dropped with it. */
const directories = new WeakMap<Snapshot, Directory>();

/** Builds what lookups in a snapshot need, so that the first user does not wait for it. */
export function prepareLookups(snapshot: Snapshot): void {
  directoryOf(snapshot);
}

function directoryOf(snapshot: Snapshot): Directory {
  const known = directories.get(snapshot);
  if (known !== undefined) return known;
  const directory = buildDirectory(snapshot);
  directories.set(snapshot, directory);
  return directory;
}

function buildDirectory({ meetings, sources }: Snapshot): Directory {
  const days = [...new Set(meetings.flatMap(({ date }) => date ?? []))].sort();
  return {
    meetings: meetingFinder(meetings, ({ country, date }) => [
      japaneseName(country) ?? '',
      ...namesOfDate(date),
    ]),
    meetingById: new Map(meetings.map((meeting) => [meeting.id, meeting])),
    sources: sourceFinder([...sources.values()], ({ published }) => namesOfDate(published)),
    days,
    dayFinder: new NameFinder(days.map((value) => ({ value, names: namesOfDate(value) }))),
  };
}

export function meetingsById(snapshot: Snapshot): ReadonlyMap<string, Meeting> {
  return directoryOf(snapshot).meetingById;
}

/** The meeting with an id, or the best match of its names; null for no match. */
export function findMeeting(snapshot: Snapshot, input: string): Meeting | null {
  const { meetings, meetingById } = directoryOf(snapshot);
  return meetingById.get(input.trim()) ?? bestMatch(meetings, input);
}

/** As `findMeeting`, for sources. */
export function findSource(snapshot: Snapshot, input: string): Source | null {
  return snapshot.sources.get(input.trim()) ?? bestMatch(directoryOf(snapshot).sources, input);
}

/** A day of the tour as ISO date; null for no match. */
export function findDay(snapshot: Snapshot, input: string): string | null {
  const { days, dayFinder } = directoryOf(snapshot);
  return days.find((day) => day === input.trim()) ?? bestMatch(dayFinder, input);
}

function bestMatch<T>(finder: NameFinder<T>, input: string): T | null {
  return input.trim() === '' ? null : (finder.find(input, 1)[0]?.value ?? null);
}

export const meetingChoices: Autocomplete = (typed, { snapshot, locale }) =>
  distinct(
    directoryOf(snapshot)
      .meetings.find(typed, CHOICES)
      .map(({ value }) => ({ name: stopName(value, locale), value: value.id })),
  );

export const sourceChoices: Autocomplete = (typed, { snapshot }) =>
  distinct(
    directoryOf(snapshot)
      .sources.find(typed, CHOICES)
      .map(({ value }) => ({ name: `${value.publisher}: ${value.title}`, value: value.id })),
  );

export const dayChoices: Autocomplete = (typed, { snapshot, locale }) =>
  distinct(
    directoryOf(snapshot)
      .dayFinder.find(typed, CHOICES)
      .map(({ value }) => ({ name: dayName(value, locale), value })),
  );

function distinct(choices: readonly Choice[]): Choice[] {
  const names = new Set<string>();
  return choices.flatMap(({ name, value }) => {
    const shown = clip(oneLine(name), CHOICE_TEXT);
    if (shown === '' || names.has(shown)) return [];
    names.add(shown);
    // In place of an id that is too long, the name: typed by a user, it would be found too.
    return [{ name: shown, value: value.length <= CHOICE_TEXT ? value : shown }];
  });
}

/** Date and title of a meeting in plain text, for labels of buttons, menus and choices. */
export function stopName({ date, title }: Meeting, locale: Locale): string {
  return `${date === null ? '' : `${shortDate(date, locale)} · `}${oneLine(title)}`;
}

/** "12 January 2024", "2024年1月12日", "1月12日", "2024-01-12". */
function namesOfDate(iso: string | null): string[] {
  if (iso === null) return [];
  return [longDate(iso, 'en'), longDate(iso, 'ja'), shortDate(iso, 'ja'), iso];
}

let japaneseNames: ReadonlyMap<string, string> | null = null;

function japaneseName(country: string): string | null {
  japaneseNames ??= readJapaneseNames();
  return japaneseNames.get(fold(country)) ?? null;
}

function readJapaneseNames(): Map<string, string> {
  // The package's types describe a default export that its CommonJS build does not have.
  const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];
  const names = new Map<string, string>();
  for (const { name, altSpellings, translations } of countries) {
    const japanese = translations['jpn']?.common;
    if (japanese === undefined) continue;
    for (const spelling of [...altSpellings, name.common]) names.set(fold(spelling), japanese);
  }
  return names;
}
