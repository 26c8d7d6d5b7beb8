/** Meetings, sources and days of a snapshot, found by what a user types into an option or chooses from its list. */
import { MeetingNames } from '../answer/meeting-texts.ts';
import type { Meeting, Source } from '../corpus/types.ts';
import { codeOf } from './custom-ids.ts';
import type { Autocomplete, Choice } from './registry.ts';
import { clip, oneLine } from './text.ts';
import {
  dayName,
  dayOfMonth,
  type Locale,
  longDate,
  shortDate,
  weekdayName,
} from './texts/index.ts';
import type { Snapshot } from '../engine.ts';
import { daysNamed } from '../language/dates.ts';
import { meetingFinder, NameFinder, sourceFinder } from '../language/finder.ts';
import { fold } from '../language/words.ts';

/** Responding, autocomplete: choices, and the length of a name and of a value. */
export const CHOICES = 25;
export const CHOICE_TEXT = 100;

/** What a snapshot tells of. */
export type Edition = Pick<Snapshot, 'meetings' | 'sources' | 'documents'> &
  Partial<Pick<Snapshot, 'about'>>;

interface Directory {
  readonly meetings: NameFinder<Meeting>;
  readonly meetingById: ReadonlyMap<string, Meeting>;
  readonly sources: NameFinder<Source>;
  /** Sources by the folded name of their publisher; publishers of most sources first. */
  readonly byPublisher: ReadonlyMap<string, readonly Source[]>;
  /** ISO dates, ascending. */
  readonly days: readonly string[];
  readonly dayFinder: NameFinder<string>;
  readonly names: MeetingNames;
  /** Questions that are known to have an answer. */
  readonly questions: readonly string[];
}

/** One directory a snapshot, dropped with it. */
const directories = new WeakMap<Edition, Directory>();

/** What lookups in a snapshot need. Asked for when the snapshot is loaded, so that the first user does not wait for it. */
export function directoryOf(snapshot: Edition): Directory {
  const known = directories.get(snapshot);
  if (known !== undefined) return known;
  const directory = buildDirectory(snapshot);
  directories.set(snapshot, directory);
  return directory;
}

function buildDirectory(snapshot: Edition): Directory {
  const { meetings, sources, documents } = snapshot;
  const days = [...new Set(meetings.flatMap(({ date }) => date ?? []))].sort();
  const names = new MeetingNames(snapshot);
  const groups = new Map<string, Source[]>();
  for (const source of sources.values()) {
    const key = fold(source.publisher);
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return {
    names,
    meetings: meetingFinder(meetings, (meeting) => [
      ...[names.title(meeting, 'ja'), names.city(meeting, 'ja'), names.country(meeting, 'ja')],
      ...meeting.people.flatMap(({ ja }) => ja ?? []),
      ...namesOfDate(meeting.date),
    ]),
    meetingById: new Map(meetings.map((meeting) => [meeting.id, meeting])),
    sources: sourceFinder([...sources.values()], ({ published, publisher }) => [
      ...namesOfDate(published),
      names.named(publisher, 'ja'),
    ]),
    byPublisher: new Map([...groups].sort(([, a], [, b]) => b.length - a.length)),
    days,
    dayFinder: new NameFinder(days.map((value) => ({ value, names: namesOfDate(value) }))),
    questions: [...documents.values()].flatMap(({ expected }) =>
      expected.map(({ question }) => question),
    ),
  };
}

export function meetingsById(snapshot: Snapshot): ReadonlyMap<string, Meeting> {
  return directoryOf(snapshot).meetingById;
}

/**
 * The meetings that a text means, in the order of the tour: by id; by the people, offices, places and days that it names, in
 * English or Japanese; else by the words of titles and names, spelling mistakes tolerated. None for no match.
 */
export function meetingsMeant(snapshot: Snapshot, input: string): readonly Meeting[] {
  const { meetings, meetingById } = directoryOf(snapshot);
  const typed = input.trim();
  const known = meetingById.get(typed);
  if (known !== undefined) return [known];
  const named = new Set(namedIn(snapshot, typed));
  if (DAY_OF_MONTH.test(typed)) return snapshot.meetings.filter(({ id }) => named.has(id));
  const holding = meetings.holding(typed);
  // "Silva press" names a person; its other word tells which of the meetings with him.
  const both = typed.includes(' ') ? holding.filter(({ id }) => named.has(id)) : [];
  if (both.length > 0) return both;
  if (named.size > 0) return snapshot.meetings.filter(({ id }) => named.has(id));
  return holding.length > 0 ? holding : meetings.best(typed);
}

/** Meetings that are near to a text that means none. */
export function meetingsNear(snapshot: Snapshot, input: string): readonly Meeting[] {
  return directoryOf(snapshot).meetings.related(input, MOST_NEAR);
}

const MOST_NEAR = 5;
const DAY_OF_MONTH = /^\d{1,2}$/;

function namedIn(snapshot: Snapshot, typed: string): readonly string[] {
  // Alone, a number is a day of the month, and two letters are no pronoun ("us").
  if (DAY_OF_MONTH.test(typed)) {
    const days = new Set(snapshot.daysNamed(`${Number(typed)}日`));
    return snapshot.meetings.filter(({ date }) => days.has(date ?? '')).map(({ id }) => id);
  }
  return snapshot.meetingsNamed(typed.length === 2 ? typed.toUpperCase() : typed);
}

/** The sources that a text means: by id, by publisher, else by the words of titles. None for no match. */
export function sourcesMeant(snapshot: Snapshot, input: string): readonly Source[] {
  const { sources, byPublisher } = directoryOf(snapshot);
  const known = snapshot.sources.get(input.trim());
  if (known !== undefined) return [known];
  return byPublisher.get(fold(input.trim())) ?? sources.best(input);
}

/** While nothing is typed, the days; a day that is chosen leads to its meetings. */
export const meetingChoices: Autocomplete = (typed, { snapshot, locale }) => {
  const { days, names, meetings } = directoryOf(snapshot);
  if (typed.trim() === '' && snapshot.meetings.length > CHOICES) {
    return distinct(days.map((day) => ({ name: dayLabel(day, { snapshot, locale }), value: day })));
  }
  const meant = typed.trim() === '' ? snapshot.meetings : meetingsMeant(snapshot, typed);
  const more = meetings.find(typed, CHOICES).map(({ value }) => value);
  // Beyond what is meant, only what the same words begin: "silva" is not "july".
  const others = meant.length > 0 ? meetings.holding(typed) : more;
  return distinct(
    [...new Set([...meant, ...others])].slice(0, CHOICES).map((meeting) => ({
      name: meetingLabel(meeting, names, locale),
      value: meeting.id,
    })),
  );
};

/** "Ana Silva · Lima · 12 Jan": a phone shows the beginning. */
function meetingLabel(meeting: Meeting, names: MeetingNames, locale: Locale): string {
  const { date } = meeting;
  const when = date === null ? '' : ` · ${shortDate(date, locale)}`;
  return clip(oneLine(names.headline(meeting, locale)), CHOICE_TEXT - when.length) + when;
}

/** A meeting as a choice of a menu. Its value is the code of its id. */
export function meetingChoice(
  meeting: Meeting,
  { snapshot, locale }: { snapshot: Edition; locale: Locale },
): { label: string; value: string; description: string } {
  const { names } = directoryOf(snapshot);
  return {
    label: oneLine(meetingLabel(meeting, names, locale)) || meeting.id,
    value: codeOf(meeting.id),
    description: oneLine(names.title(meeting, locale)) || meeting.id,
  };
}

/** "Fri 12 Jan · Lima · 3": a day of the tour with its places and the number of its meetings. */
export function dayLabel(
  day: string,
  { snapshot, locale }: { snapshot: Edition; locale: Locale },
): string {
  const { names } = directoryOf(snapshot);
  const ofDay = snapshot.meetings.filter(({ date }) => date === day);
  const cities = [...new Set(ofDay.map((meeting) => names.city(meeting, locale)))];
  const weekday = weekdayName(day, locale);
  const date = shortDate(day, locale);
  const when = locale === 'ja' ? `${date}(${weekday})` : `${weekday} ${date}`;
  return `${when} · ${cities.join(locale === 'ja' ? '、' : ', ')} · ${ofDay.length}`;
}

/** While nothing is typed, the publishers; one that is chosen leads to its sources. */
export const sourceChoices: Autocomplete = (typed, { snapshot, locale }) => {
  const { byPublisher, sources, names } = directoryOf(snapshot);
  const [all, few] = [[...byPublisher.values()], snapshot.sources.size <= CHOICES];
  if (typed.trim() === '' && !few) {
    return distinct(
      all.slice(0, CHOICES).flatMap(([first, ...others]) => {
        if (first === undefined) return [];
        const { publisher, id } = first;
        const isOne = others.length === 0;
        const shown = names.named(publisher, locale);
        const name = isOne ? shown : `${shown} · ${others.length + 1}`;
        return [{ name, value: isOne ? id : publisher }];
      }),
    );
  }
  return distinct(
    sources.find(typed, CHOICES).map(({ value }) => ({
      name: `${value.title} · ${names.named(value.publisher, locale)}`,
      value: value.id,
    })),
  );
};

export const dayChoices: Autocomplete = (typed, { snapshot, locale }) =>
  distinct(
    directoryOf(snapshot)
      .dayFinder.find(typed, CHOICES)
      .map(({ value }) => ({ name: dayName(value, locale), value })),
  );

/** Choices with different names, cut to what Discord takes. */
export function distinct(choices: readonly Choice[]): Choice[] {
  const names = new Set<string>();
  return choices.flatMap(({ name, value }) => {
    const shown = clip(oneLine(name), CHOICE_TEXT);
    if (shown === '' || names.has(shown)) return [];
    names.add(shown);
    // In place of an id that is too long, the name: typed by a user, it would be found too.
    return [{ name: shown, value: value.length <= CHOICE_TEXT ? value : shown }];
  });
}

/** "12 January 2024", "2024年1月12日", "1月12日", "2024-01-12". */
function namesOfDate(iso: string | null): string[] {
  if (iso === null) return [];
  return [longDate(iso, 'en'), longDate(iso, 'ja'), shortDate(iso, 'ja'), iso];
}

/** A part of the tour: its events on some days, or in a place. */
export interface TourPart {
  /** In plain text, in the reader's language. */
  readonly title: string;
  readonly meetings: readonly Meeting[];
  /** The only ISO date of these meetings, which the picture sets off; null where there are several. */
  readonly day: string | null;
}

/** The events on the days, on the weekday or in the place that a text names; null where the tour has none. */
export function tourPart(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const days = daysMeant(snapshot, input);
  if (days.length === 0) return inPlace(snapshot, input, locale);
  const there = snapshot.meetings.filter(({ date }) => date !== null && days.includes(date));
  return partOf(days.map((day) => dayName(day, locale)).join(' · '), there);
}

function partOf(title: string, meetings: readonly Meeting[]): TourPart {
  const days = [...new Set(meetings.map(({ date }) => date))];
  return { title, meetings, day: days.length === 1 ? (days[0] ?? null) : null };
}

/** Days of the tour as ISO dates, ascending: named, numbered, or found by what is typed of their names. */
function daysMeant(snapshot: Snapshot, input: string): string[] {
  const { days, dayFinder } = directoryOf(snapshot);
  const [first, last] = [days[0], days.at(-1)];
  const typed = input.normalize('NFKC').trim();
  if (first === undefined || last === undefined || typed === '') return [];
  if (DAY_OF_MONTH.test(typed)) return days.filter((day) => dayOfMonth(day) === Number(typed));
  const named = daysNamed(typed, { first, last })
    .filter(({ vague }) => !vague)
    .flatMap(({ dates }) => dates);
  if (named.length > 0) return days.filter((day) => named.includes(day));
  const exact = days.filter((day) => day === typed);
  const alike = exact.length > 0 ? exact : dayFinder.best(typed);
  // The name of a month alone is like all its days, and means none of them.
  return alike.length === 1 ? [...alike] : [];
}

function inPlace(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const { names } = directoryOf(snapshot);
  const finder = new NameFinder(
    snapshot.meetings.flatMap((meeting) => [
      { value: { meeting, isCity: true }, names: [meeting.city, names.city(meeting, 'ja')] },
      { value: { meeting, isCity: false }, names: [meeting.country, names.country(meeting, 'ja')] },
    ]),
  );
  // "Holland" is spelt like "Poland", but questions are understood by that name: slips of the pen come last.
  const named = new Set(namedIn(snapshot, input.trim()));
  const exact = finder.holding(input);
  const found = exact.length > 0 || named.size > 0 ? exact : finder.best(input);
  const isCity = found.some((each) => each.isCity);
  const there =
    found.length > 0
      ? found.flatMap((each) => (each.isCity === isCity ? [each.meeting] : []))
      : snapshot.meetings.filter(({ id }) => named.has(id));
  const cities = new Set(there.map((meeting) => names.city(meeting, locale)));
  const countries = new Set(there.map((meeting) => names.country(meeting, locale)));
  const isOneCity = found.length > 0 ? isCity : cities.size === 1;
  const [title, ...others] = isOneCity ? cities : countries;
  return title === undefined || others.length > 0 ? null : partOf(title, there);
}
