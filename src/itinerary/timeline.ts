import { groupBy, type Meeting, type Person } from '../corpus/types.ts';

import { type Filters, type Item, merged, type Nation, NO_FILTERS, type Office } from './items.ts';
import type { Place, Sort, WordClass } from './lexicon.ts';
import { daysBetween, type DaySpan, withFigures } from '../language/dates.ts';
import { fold, stem, wordsOf } from '../language/words.ts';

/** A meeting in its place on the tour. */
export interface TourEvent {
  readonly meeting: Meeting;
  /** `=` and the country's two-letter code, or its folded name. */
  readonly country: string;
  /** Those who took part, without the travellers. */
  readonly others: readonly Person[];
  /** Unnamed people whom the title names: "women and children". */
  readonly group: string | null;
  /** Stems of the words of the title and the venue. */
  readonly words: ReadonlySet<string>;
  /** Stems of the words of each of its topics, and of the title with the venue and the offices. */
  readonly topics: readonly ReadonlySet<string>[];
  /** So far as they have a Japanese name. */
  readonly topicsInJapanese: string;
  /** Earliest and latest minute of the day at which it began; null when nothing is known. */
  readonly start: readonly [earliest: number, latest: number] | null;
}

/** What names stand for. */
export interface Names {
  /** Code of the country that a text names, or null. */
  readonly countryOf: (text: string) => string | null;
  /** Empty where there is no Japanese name. */
  readonly inJapanese: (text: string) => string;
}

/** Consecutive events in one city or country. */
export interface Stay {
  readonly events: readonly TourEvent[];
}

const HOURS: Readonly<Record<string, readonly [number, number]>> = {
  morning: [300, 719],
  noon: [690, 780],
  afternoon: [720, 1079],
  evening: [1020, 1439],
  night: [1080, 1439],
};
/** Minutes. */
const CLEARLY_APART = 60;
/** Somebody at this many of the events is on the tour. */
const TRAVELLER_SHARE = 0.6;
const GROUP =
  /\b(?:with|for) ((?:[\p{L}'-]+ ){0,3}?(?:women|children|residents|students|staff|organi[sz]ations|representatives|families|workers|leaders|executives|companies|citizens|refugees|volunteers|veterans|scholars|academics|entrepreneurs)(?: and \p{L}+)?(?: of \p{Lu}\p{L}+)?)/u;

/** The events of a tour in order, and what their order settles. */
export class Timeline {
  readonly events: readonly TourEvent[];
  readonly travellers: readonly Person[];
  /** Where the travellers come from, when the itinerary tells. */
  readonly home: string | null;
  readonly span: DaySpan | null;
  readonly stays: readonly Stay[];
  readonly countryStays: readonly Stay[];

  constructor(meetings: readonly Meeting[], { countryOf, inJapanese }: Names) {
    const sorted = [...meetings].sort((a, b) => a.order - b.order);
    const all = sorted.flatMap(({ people }) => people);
    const counts = groupBy(all, byName);
    const least = Math.max(1, TRAVELLER_SHARE * sorted.length);
    const isTraveller = ({ name }: Person): boolean => (counts.get(name)?.length ?? 0) > least;
    this.travellers = uniqueBy(all.filter(isTraveller), byName);
    this.events = sorted.map((meeting) => {
      const others = meeting.people.filter((person) => !isTraveller(person));
      return {
        meeting,
        country: countryOf(meeting.country) ?? fold(meeting.country),
        others,
        group: others.length > 0 ? null : (GROUP.exec(meeting.title)?.[1] ?? null),
        words: stemsOf(`${meeting.title} ${meeting.venue ?? ''}`),
        topics: [
          ...meeting.topics,
          [
            meeting.title,
            meeting.venue,
            ...others.flatMap(({ title, organisation }) => [title, organisation]),
          ].join(' '),
        ].map((topic) => withInitials(withFigures(topic))),
        topicsInJapanese: meeting.topics.map(inJapanese).join('、'),
        start: minutesOf(meeting.localStart),
      };
    });
    const [first, last] = [this.events[0], this.events.at(-1)];
    const round = first !== undefined && first !== last && first.country === last?.country;
    const organisation = this.travellers[0]?.organisation ?? '';
    this.home = countryOf(organisation) ?? (round ? first.country : null);
    const dates = datesOf(this.events).sort();
    const [from, to] = [dates[0], dates.at(-1)];
    this.span = from === undefined || to === undefined ? null : { first: from, last: to };
    this.stays = staysOf(dated(this.events), ({ meeting }) => meeting.city);
    this.countryStays = staysOf(dated(this.events), ({ country }) => country);
  }

  /** Whether one event came before another; null when the itinerary does not settle it. */
  isBefore(a: TourEvent, b: TourEvent): boolean | null {
    const [dateA, dateB] = [a.meeting.date, b.meeting.date];
    if (dateA === null || dateB === null) return null;
    if (dateA !== dateB) return dateA < dateB;
    // From city to city the tour's own order holds; within one, only times do.
    if (a.meeting.city !== b.meeting.city) return a.meeting.order < b.meeting.order;
    if (a.start === null || b.start === null) return null;
    const middle = ([earliest, latest]: readonly [number, number]): number =>
      (earliest + latest) / 2;
    const apart = middle(b.start) - middle(a.start);
    const inOrder = a.meeting.order < b.meeting.order;
    if (a.start[1] < b.start[0] || b.start[1] < a.start[0]) return apart > 0;
    // "Evening" and 18:43: the tour's order holds where the times do not speak against it.
    return Math.abs(apart) >= CLEARLY_APART && apart > 0 === inOrder ? inOrder : null;
  }

  /** Whether the event is sure to come before (or after) all others that have a time, so far as times are known. */
  isExtreme(event: TourEvent, others: readonly TourEvent[], end: 'first' | 'last'): boolean {
    return others.every((other) => {
      if (other === event) return true;
      const before = end === 'first' ? this.isBefore(event, other) : this.isBefore(other, event);
      return before ?? (event.start !== null && other.start === null);
    });
  }
}

/** Whether somebody holds an office, by the title. */
export function holdsOffice(
  { title, organisation }: Person,
  office: Sort,
  isState: boolean,
): boolean {
  const plain = (title ?? '').replace(/\(.*?\)/g, '');
  const body = /court|tribunal/i.test(organisation ?? '') ? ' of a court' : '';
  return office.pattern.test(plain + body) && (!office.ofState || isState || organisation === null);
}

/** Stems of the words of a text, and the initials of three words on: "WPS" for "Women, Peace and Security and equality". */
function withInitials(text: string): Set<string> {
  const words = wordsOf(text).filter(({ folded }) => !/^(?:of|the|and|for|in)$/.test(folded));
  const initials = words.map(({ folded }) => folded.slice(0, 1)).join('');
  const stems = stemsOf(text);
  for (let length = 3; length <= initials.length; length++)
    stems.add(stem(initials.slice(0, length)));
  return stems;
}

/** Stems of the words of a text. */
export function stemsOf(text: string): Set<string> {
  return new Set(wordsOf(text).map(({ folded }) => stem(folded)));
}

export function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse();
}

const byName = ({ name }: Person): string => name;

function minutesOf(localStart: string | null): TourEvent['start'] {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(localStart ?? '');
  if (clock === null) return HOURS[localStart ?? ''] ?? null;
  const minute = 60 * Number(clock[1]) + Number(clock[2]);
  return [minute, minute];
}

/** Events one after the other that have the same key. */
function staysOf(events: readonly TourEvent[], key: (event: TourEvent) => string): Stay[] {
  const stays: TourEvent[][] = [];
  for (const event of events) {
    const stay = stays.at(-1);
    if (stay?.[0] !== undefined && key(stay[0]) === key(event)) stay.push(event);
    else stays.push([event]);
  }
  return stays.map((stay) => ({ events: stay }));
}

// Which events, and which people at them, have what a question names.

/** A tour, and the countries that people stand for. */
export interface Tour {
  readonly timeline: Timeline;
  readonly countryOf: (person: Person) => string | null;
}

/** Organisations that no single country stands behind. */
const INTERNATIONAL = /international|united nations|world|global/i;

/** Organisations whose president is no head of state. */
const NO_STATE =
  /universit|institut|associat|coalition|compan|bank|foundation|court|tribunal|council/i;

export function covers(place: Place, { meeting, country }: TourEvent): boolean {
  return place.kind === 'city' ? place.city === meeting.city : place.countries.has(country);
}

function isOffice(person: Person, office: Office, event: TourEvent, vocabulary: Tour): boolean {
  const organisation = person.organisation ?? '';
  const own = vocabulary.countryOf(person);
  const country = own ?? (INTERNATIONAL.test(organisation) ? null : event.country);
  const isState = own !== null && !NO_STATE.test(organisation);
  const body = office.organisation;
  if (!holdsOffice(person, office.sort, isState || body !== null)) return false;
  if (body === 'court' && !/court|tribunal/i.test(organisation)) return false;
  if (body !== null && body !== 'court' && !organisation.includes(body)) return false;
  if (office.country !== null && !office.country.countries.has(country ?? '')) return false;
  if (office.stems.length === 0) return true;
  const title = stemsOf(`${person.title ?? ''} ${organisation}`);
  return office.stems.every((wanted) => title.has(wanted) || event.words.has(wanted));
}

/** People at an event whom the filters name, or all who were met when they name nobody. */
export function peopleAt(
  event: TourEvent,
  { people, offices, genders, nations, organisations }: Filters,
  vocabulary: Tour,
): Person[] {
  const isAnybody = people.length + offices.length === 0;
  const own = event.others.filter((person) => organisations.some((name) => isOfBody(person, name)));
  return event.others.filter(
    (person) =>
      (own.length === 0 || own.includes(person)) &&
      (nations.length === 0 || isOfNation(person, nations, event, vocabulary)) &&
      (genders.length === 0 || (person.gender !== undefined && genders.includes(person.gender))) &&
      (isAnybody ||
        people.includes(person.name) ||
        offices.some((office) => isOffice(person, office, event, vocabulary))),
  );
}

/** Those of some events whom the filters name, each once. */
export function peopleAmong(
  events: readonly TourEvent[],
  filters: Filters,
  vocabulary: Tour,
): Person[] {
  return uniqueBy(
    events.flatMap((event) => peopleAt(event, filters, vocabulary)),
    byName,
  );
}

function isOfNation(
  person: Person,
  nations: readonly Nation[],
  { country }: TourEvent,
  vocabulary: Tour,
): boolean {
  const own = vocabulary.countryOf(person) ?? country;
  return nations.some(({ place }) => place.countries.has(own));
}

/** What takes a comparison comes before what looks at people and titles. */
export function fits(event: TourEvent, filters: Filters, vocabulary: Tour): boolean {
  const { places, kinds, organisations, meetings, words, days, parts, topics } = filters;
  const { meeting, start } = event;
  return (
    (days === null || (meeting.date !== null && days.includes(meeting.date))) &&
    (places.length === 0 || places.some((place) => covers(place, event))) &&
    (meetings.length === 0 || meetings.includes(meeting.id)) &&
    (filters.minutes === null || isWithin(meeting.durationMinutes, filters.minutes)) &&
    (filters.clock === null ||
      (start !== null && start.every((at) => isWithin(at, filters.clock)))) &&
    (parts.length === 0 || parts.some((part) => start !== null && isInPart(start, part))) &&
    words.every((word) => event.words.has(word)) &&
    (topics.length === 0 || topics.some((all) => all.every((stems) => hasTopic(event, stems)))) &&
    (kinds.length === 0 || kinds.some(({ pattern }) => pattern.test(meeting.title))) &&
    (organisations.length === 0 || isOfOrganisation(event, organisations)) &&
    (filters.people.length +
      filters.offices.length +
      filters.genders.length +
      filters.nations.length ===
      0 ||
      peopleAt(event, filters, vocabulary).length > 0 ||
      isGroupOf(event, filters))
  );
}

/** Whether one topic has all these stems, or the Japanese names of all of them have these words. */
export function hasTopic(
  { topics, topicsInJapanese }: TourEvent,
  wanted: readonly string[],
): boolean {
  return (
    topics.some((one) => wanted.every((word) => one.has(word))) ||
    wanted.every((word) => topicsInJapanese.includes(word))
  );
}

function isOfOrganisation(
  { meeting: { title, venue }, others }: TourEvent,
  names: readonly string[],
): boolean {
  return names.some(
    (name) =>
      title.includes(name) ||
      venue?.includes(name) === true ||
      others.some((person) => isOfBody(person, name)),
  );
}

/** Whether somebody's organisation or title has a name. */
export function isOfBody({ organisation, title }: Person, name: string): boolean {
  return organisation?.includes(name) === true || title?.includes(name) === true;
}

/** "Women and children": nobody is named, and they are who is asked for. */
function isGroupOf(
  { group, country, words }: TourEvent,
  { people, offices, genders, nations }: Filters,
): boolean {
  const isNamed = people.length + offices.length > 0;
  const isOfGender =
    genders.length === 0 || (genders.includes('female') && /\bwomen\b/i.test(group ?? ''));
  const isOfNation =
    nations.length === 0 ||
    // "Ukrainian women" are of no other nation, wherever they were met.
    nations.some(
      ({ place, stem: word }) =>
        words.has(word) || (place.countries.has(country) && !/\p{Lu}/u.test(group ?? '')),
    );
  return group !== null && !isNamed && isOfGender && isOfNation;
}

export function eventsThatFit(filters: Filters, vocabulary: Tour): TourEvent[] {
  return vocabulary.timeline.events.filter((event) => fits(event, filters, vocabulary));
}

function isWithin(minutes: number | null, range: readonly [number, number] | null): boolean {
  const [least, most] = range ?? [0, Infinity];
  return minutes !== null && minutes >= least && minutes <= most;
}

const PARTS: readonly (readonly [pattern: RegExp, from: number, to: number])[] = [
  [/before (?:noon|midday)/, 0, 719],
  [/morning|朝|午前/, 240, 719],
  [/afternoon|午後/, 720, 1079],
  [/evening|night|夕方|夜|晩/, 1020, 1439],
];

function isInPart([earliest, latest]: readonly [number, number], part: string): boolean {
  const known = PARTS.find(([pattern]) => pattern.test(part));
  return known !== undefined && earliest >= known[1] && latest <= known[2];
}

/** Events that the question puts others before or after. */
export interface Anchor {
  readonly relation: 'before' | 'after' | 'until' | 'since' | 'between' | 'sameday';
  /** Nothing may come between. */
  readonly straight: boolean;
  /** Asks for a day this many days away; 0 when it does not. */
  readonly shift: number;
  readonly entities: readonly Item[];
  /** All words of it. */
  readonly items: readonly Item[];
}

/** Events that an anchor names: all that have everything, or for `between` those of either end. */
export function anchorEvents({ entities }: Anchor, vocabulary: Tour): TourEvent[] {
  return eventsThatFit(merged(entities.map(({ filters }) => filters)), vocabulary);
}

/**
 * Of the events of an anchor the one that others are before or after: "after the first lunch", "after Lima". What is
 * after a place is after all that was done there, but an arrival is before it.
 */
export function edgeOf(
  { relation, items }: Anchor,
  known: readonly TourEvent[],
): TourEvent | undefined {
  const isTold = (one: WordClass): boolean => items.some(({ classes }) => classes.has(one));
  if (isTold('first') !== isTold('last')) return isTold('first') ? known[0] : known.at(-1);
  return relation === 'after' ? known.at(-1) : known[0];
}

/**
 * Tells of an event whether it keeps the anchor's order, if there is one; null when the itinerary does not settle it.
 * What the anchor names is looked up once, not for each event.
 */
export function orderOf(
  anchor: Anchor | null,
  vocabulary: Tour,
): (event: TourEvent) => boolean | null {
  const { timeline } = vocabulary;
  if (anchor === null || anchor.relation === 'sameday') return () => true;
  if (anchor.relation === 'between') {
    const [one = [], other = []] = anchor.entities.map(({ filters }) =>
      eventsThatFit(filters, vocabulary),
    );
    // "Between Lima and Quito" is the same whichever was first.
    const { starts, end } =
      [stretchOf(one, other), stretchOf(other, one)].find(({ starts }) => starts.length > 0) ?? {};
    if (starts === undefined || end === undefined) return () => false;
    const ends = new Set([...one, ...other]);
    return (event) => {
      if (ends.has(event)) return false;
      const later = starts.map((start) => timeline.isBefore(start, event));
      const after = later.includes(true) || (later.includes(null) ? null : false);
      const before = timeline.isBefore(event, end);
      return after === false || before === false ? false : after === null ? null : before;
    };
  }
  const events = anchorEvents(anchor, vocabulary);
  const named = new Set(events);
  const later = anchor.relation === 'after' || anchor.relation === 'since';
  const isIncluded = anchor.relation === 'until' || anchor.relation === 'since';
  // Events without a date, in a place that has others, do not unsettle what is before and after.
  const known = events.filter(({ meeting }) => meeting.date !== null);
  const edge = edgeOf(anchor, known.length > 0 ? known : events);
  if (edge === undefined) return () => false;
  return (event) => {
    if (named.has(event)) return isIncluded;
    return later ? timeline.isBefore(edge, event) : timeline.isBefore(event, edge);
  };
}

/** From where on and up to what there is something between two: a place that the tour came back to afterwards is left before the end. */
function stretchOf(
  from: readonly TourEvent[],
  [end]: readonly TourEvent[],
): { readonly starts: readonly TourEvent[]; readonly end: TourEvent | undefined } {
  const left = from.filter(({ meeting }) => meeting.order < (end?.meeting.order ?? 0));
  const day = left.at(-1)?.meeting.date;
  return { starts: left.filter(({ meeting }) => meeting.date === day), end };
}

/** The days of some events, each once. */
export const datesOf = (events: readonly TourEvent[]): string[] => [
  ...new Set(events.flatMap(({ meeting: { date } }) => date ?? [])),
];

export const dated = (events: readonly TourEvent[]): TourEvent[] =>
  events.filter(({ meeting }) => meeting.date !== null);

/** Nights between events of one city that follow each other. */
export function nightsOf(events: readonly TourEvent[], all: readonly TourEvent[]): number {
  return dated(events).reduce((sum, event, i, known) => {
    const before = known[i - 1];
    const isSame =
      before?.meeting.city === event.meeting.city && all.indexOf(event) === all.indexOf(before) + 1;
    return isSame ? sum + daysBetween(before.meeting.date ?? '', event.meeting.date ?? '') : sum;
  }, 0);
}

/** Days in a row. */
export function longestRow(events: readonly TourEvent[]): number {
  const days = datesOf(events).sort();
  let [row, longest] = [0, 0];
  for (const [i, day] of days.entries()) {
    row = i > 0 && daysBetween(days[i - 1] ?? '', day) === 1 ? row + 1 : 1;
    longest = Math.max(longest, row);
  }
  return longest;
}

/** The minute of the day at which it began; null where it is not known, or two sources have it otherwise. */
export const hourOf = ({ meeting, start }: TourEvent): number | null =>
  start !== null && start[0] === start[1] && meeting.localStartAlternative === undefined
    ? start[0]
    : null;

/** Whether somebody who holds the office is of no known country: a court's judge may come from any. */
export function isOfUnknownOrigin(office: Office, vocabulary: Tour): boolean {
  const anywhere = { ...NO_FILTERS, offices: [{ ...office, country: null }] };
  return eventsThatFit(anywhere, vocabulary).some((event) =>
    peopleAt(event, anywhere, vocabulary).some((one) => vocabulary.countryOf(one) === null),
  );
}
