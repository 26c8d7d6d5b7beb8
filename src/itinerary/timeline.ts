import type { Meeting, Person } from '../corpus/types.ts';
import type { Sort } from './lexicon.ts';
import type { DaySpan } from '../language/dates.ts';
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

/** Consecutive events in one city. */
export interface Stay {
  readonly city: string;
  readonly country: string;
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
  /** Consecutive stays in one country as one. */
  readonly countryStays: readonly Stay[];

  constructor(meetings: readonly Meeting[], { countryOf, inJapanese }: Names) {
    const sorted = [...meetings].sort((a, b) => a.order - b.order);
    const counts = new Map<string, number>();
    for (const { name } of sorted.flatMap(({ people }) => people)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const isTraveller = ({ name }: Person): boolean =>
      (counts.get(name) ?? 0) > Math.max(1, TRAVELLER_SHARE * sorted.length);
    this.travellers = uniqueBy(sorted.flatMap(({ people }) => people).filter(isTraveller), byName);
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
        ].map(withInitials),
        topicsInJapanese: meeting.topics.map(inJapanese).join('、'),
        start: minutesOf(meeting.localStart),
      };
    });
    const [first, last] = [this.events[0], this.events.at(-1)];
    const round = first !== undefined && first !== last && first.country === last?.country;
    const organisation = this.travellers[0]?.organisation ?? '';
    this.home = countryOf(organisation) ?? (round ? first.country : null);
    const dates = sorted.flatMap(({ date }) => (date === null ? [] : [date])).sort();
    const [from, to] = [dates[0], dates.at(-1)];
    this.span = from === undefined || to === undefined ? null : { first: from, last: to };
    this.stays = staysOf(this.events.filter(({ meeting }) => meeting.date !== null));
    this.countryStays = joinedStays(this.stays);
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

  /** Events on the day and in the city of this one whose time is not known. */
  untimedNear(event: TourEvent): TourEvent[] {
    return this.events.filter(
      ({ meeting, start }) =>
        start === null &&
        meeting !== event.meeting &&
        meeting.date === event.meeting.date &&
        meeting.city === event.meeting.city,
    );
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

/** Stems of the words of a text, and its initials: "WPS" for "Women, Peace and Security". */
function withInitials(text: string): Set<string> {
  const words = wordsOf(text).filter(({ folded }) => !/^(?:of|the|and|for|in)$/.test(folded));
  const initials = words.map(({ folded }) => folded.slice(0, 1)).join('');
  return words.length < 3 ? stemsOf(text) : stemsOf(text).add(stem(initials));
}

/** Stems of the words of a text. */
export function stemsOf(text: string): Set<string> {
  return new Set(wordsOf(text).map(({ folded }) => stem(folded)));
}

export function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse();
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

const byName = ({ name }: Person): string => name;

function minutesOf(localStart: string | null): TourEvent['start'] {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(localStart ?? '');
  if (clock === null) return HOURS[localStart ?? ''] ?? null;
  const minute = 60 * Number(clock[1]) + Number(clock[2]);
  return [minute, minute];
}

function staysOf(events: readonly TourEvent[]): Stay[] {
  const stays: { city: string; country: string; events: TourEvent[] }[] = [];
  for (const event of events) {
    const stay = stays.at(-1);
    if (stay?.city === event.meeting.city) stay.events.push(event);
    else stays.push({ city: event.meeting.city, country: event.country, events: [event] });
  }
  return stays;
}

/** Stays in one country one after the other as one. */
function joinedStays(stays: readonly Stay[]): Stay[] {
  const result: Stay[] = [];
  for (const stay of stays) {
    const before = result.at(-1);
    if (before?.country !== stay.country) result.push(stay);
    else result[result.length - 1] = { ...before, events: [...before.events, ...stay.events] };
  }
  return result;
}
