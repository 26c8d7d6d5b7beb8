import type { Person } from '../corpus/types.ts';
import { shiftDate } from '../language/calendar.ts';
import { holdsOffice, stemsOf, type TourEvent } from './timeline.ts';
import type { Place, Vocabulary } from './vocabulary.ts';
import { type Filters, type Office, merged } from './items.ts';
import type { Anchor } from './query.ts';

/** Organisations that no single country stands behind. */
const INTERNATIONAL = /international|united nations|world|global/i;
/** Organisations whose president is no head of state. */
const NO_STATE =
  /universit|institut|associat|coalition|compan|bank|foundation|court|tribunal|council/i;

export function covers(place: Place, { meeting, country }: TourEvent): boolean {
  return place.kind === 'city' ? place.city === meeting.city : place.countries.has(country);
}

export function isOffice(
  person: Person,
  office: Office,
  event: TourEvent,
  vocabulary: Vocabulary,
): boolean {
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
  return office.stems.every((wanted) => title.has(wanted));
}

/** People at an event whom the filters name, or all who were met when they name nobody. */
export function peopleAt(
  event: TourEvent,
  { people, offices }: Filters,
  vocabulary: Vocabulary,
): Person[] {
  if (people.length === 0 && offices.length === 0) return [...event.others];
  return event.others.filter(
    (person) =>
      people.includes(person.name) ||
      offices.some((office) => isOffice(person, office, event, vocabulary)),
  );
}

export function fits(event: TourEvent, filters: Filters, vocabulary: Vocabulary): boolean {
  const { places, people, offices, kinds, organisations, meetings, words, days, parts, minutes } =
    filters;
  const { meeting, start } = event;
  const bodies = [
    meeting.venue ?? '',
    ...event.others.map(({ organisation }) => organisation ?? ''),
  ];
  return (
    (places.length === 0 || places.some((place) => covers(place, event))) &&
    (people.length + offices.length === 0 || peopleAt(event, filters, vocabulary).length > 0) &&
    (kinds.length === 0 || kinds.some(({ pattern }) => pattern.test(meeting.title))) &&
    (organisations.length === 0 ||
      organisations.some((name) =>
        [...bodies, meeting.title].some((body) => body.includes(name)),
      )) &&
    words.every((word) => event.words.has(word)) &&
    (minutes === null || isWithin(meeting.durationMinutes, minutes)) &&
    (meetings.length === 0 || meetings.includes(meeting.id)) &&
    (days === null || (meeting.date !== null && days.includes(meeting.date))) &&
    (parts.length === 0 || parts.some((part) => start !== null && isInPart(start, part)))
  );
}

export function eventsThatFit(filters: Filters, vocabulary: Vocabulary): TourEvent[] {
  return vocabulary.timeline.events.filter((event) => fits(event, filters, vocabulary));
}

/** Events that an anchor names: all that have everything, or for `between` those of either end. */
export function anchorEvents({ entities }: Anchor, vocabulary: Vocabulary): TourEvent[] {
  return eventsThatFit(merged(entities.map(({ filters }) => filters)), vocabulary);
}

/** Whether an event keeps the anchor's order; null when the itinerary does not settle it. */
export function keepsOrder(
  event: TourEvent,
  anchor: Anchor,
  vocabulary: Vocabulary,
): boolean | null {
  const { timeline } = vocabulary;
  const [from, to] = anchor.entities.map(({ filters }) => eventsThatFit(filters, vocabulary));
  if (anchor.relation === 'between') {
    const end = to?.[0];
    // A place that the tour came back to afterwards is left before the end.
    const start = from?.findLast(({ meeting }) => meeting.order < (end?.meeting.order ?? 0));
    if (start === undefined || end === undefined) return false;
    if (from?.includes(event) === true || to?.includes(event) === true) return false;
    const [after, before] = [timeline.isBefore(start, event), timeline.isBefore(event, end)];
    return after === false || before === false ? false : after === null ? null : before;
  }
  const events = anchorEvents(anchor, vocabulary);
  const later = anchor.relation === 'after' || anchor.relation === 'since';
  // Events without a date, in a place that has others, do not unsettle what is before and after.
  const dated = events.filter(({ meeting }) => meeting.date !== null);
  const known = dated.length > 0 ? dated : events;
  const edge = later ? known.at(-1) : known[0];
  if (edge === undefined) return false;
  if (events.includes(event)) return anchor.relation === 'until' || anchor.relation === 'since';
  return later ? timeline.isBefore(edge, event) : timeline.isBefore(event, edge);
}

/** Days before or after the anchor's: "the day before Lima". */
export function shiftedDays(anchor: Anchor, vocabulary: Vocabulary): string[] {
  const days = anchorEvents(anchor, vocabulary).flatMap(({ meeting: { date } }) => date ?? []);
  const edge = anchor.shift < 0 ? days[0] : days.at(-1);
  return edge === undefined ? [] : [shiftDate(edge, anchor.shift)];
}

function isWithin(minutes: number | null, [least, most]: readonly [number, number]): boolean {
  return minutes !== null && minutes >= least && minutes <= most;
}

const PARTS: readonly (readonly [pattern: RegExp, from: number, to: number])[] = [
  [/morning|朝|午前/, 240, 719],
  [/afternoon|午後/, 720, 1079],
  [/evening|夕方|夜|晩/, 1020, 1439],
];

function isInPart([earliest, latest]: readonly [number, number], part: string): boolean {
  const known = PARTS.find(([pattern]) => pattern.test(part));
  return known !== undefined && earliest >= known[1] && latest <= known[2];
}
