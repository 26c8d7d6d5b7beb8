/**
 * What can be named in an option: meetings, sources and days of one edition, found from memory. Built when an
 * edition is first used, and gone with it.
 */
import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { Meeting, Source } from '../corpus/types.ts';
import type { Snapshot } from '../engine-types.ts';
import { meetingFinder, NameFinder, sourceFinder } from '../language/finder.ts';
import { fold } from '../language/words.ts';
import { longDate, shortDate } from './dates.ts';

export interface Directory {
  readonly meetings: NameFinder<Meeting>;
  readonly meetingById: ReadonlyMap<string, Meeting>;
  readonly sources: NameFinder<Source>;
  /** ISO dates, in order. */
  readonly days: NameFinder<string>;
  readonly dayList: readonly string[];
}

const directories = new WeakMap<Snapshot, Directory>();

export function directoryOf(edition: Snapshot): Directory {
  const known = directories.get(edition);
  if (known !== undefined) return known;
  const directory = buildDirectory(edition);
  directories.set(edition, directory);
  return directory;
}

function buildDirectory({ meetings, sources }: Snapshot): Directory {
  const dayList = [
    ...new Set(meetings.flatMap(({ date }) => (date === null ? [] : [date]))),
  ].sort();
  return {
    meetings: meetingFinder(meetings, ({ country, date }) => [
      japaneseName(country) ?? '',
      ...namesOfDate(date),
    ]),
    meetingById: new Map(meetings.map((meeting) => [meeting.id, meeting])),
    sources: sourceFinder([...sources.values()], ({ published }) => namesOfDate(published)),
    days: new NameFinder(dayList.map((value) => ({ value, names: namesOfDate(value) }))),
    dayList,
  };
}

/** A meeting by what was typed or chosen: its id, or the one that fits best; null when none fits. */
export function meetingNamed(edition: Snapshot, said: string): Meeting | null {
  const { meetings, meetingById } = directoryOf(edition);
  const exact = meetingById.get(said.trim());
  if (exact !== undefined) return exact;
  return said.trim() === '' ? null : (meetings.find(said, 1)[0]?.value ?? null);
}

/** As `meetingNamed`, for sources. */
export function sourceNamed(edition: Snapshot, said: string): Source | null {
  const exact = edition.sources.get(said.trim());
  if (exact !== undefined) return exact;
  return said.trim() === '' ? null : (directoryOf(edition).sources.find(said, 1)[0]?.value ?? null);
}

/** A day of the tour, as ISO date, by what was typed or chosen; null when none fits. */
export function dayNamed(edition: Snapshot, said: string): string | null {
  const { days, dayList } = directoryOf(edition);
  const wanted = said.trim();
  if (dayList.includes(wanted)) return wanted;
  return wanted === '' ? null : (days.find(wanted, 1)[0]?.value ?? null);
}

/** "12 January 2024", "2024-01-12", "1月12日", "1/12": all that people type. */
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
