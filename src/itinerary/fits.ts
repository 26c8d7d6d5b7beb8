/** Which events, and which people at them, have what a question names. */
import type { Person } from '../corpus/types.ts';
import { type TourEvent, holdsOffice, stemsOf } from './timeline.ts';
import type { Place, Vocabulary } from './vocabulary.ts';
import type { Filters, Nation, Office } from './items.ts';

/** Organisations that no single country stands behind. */
const INTERNATIONAL = /international|united nations|world|global/i;

/** Organisations whose president is no head of state. */
const NO_STATE =
  /universit|institut|associat|coalition|compan|bank|foundation|court|tribunal|council/i;

export function covers(place: Place, { meeting, country }: TourEvent): boolean {
  return place.kind === 'city' ? place.city === meeting.city : place.countries.has(country);
}

function isOffice(
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
  { people, offices, genders, nations }: Filters,
  vocabulary: Vocabulary,
): Person[] {
  const isAnybody = people.length + offices.length === 0;
  return event.others.filter(
    (person) =>
      (nations.length === 0 || isOfNation(person, nations, event, vocabulary)) &&
      (genders.length === 0 || (person.gender !== undefined && genders.includes(person.gender))) &&
      (isAnybody ||
        people.includes(person.name) ||
        offices.some((office) => isOffice(person, office, event, vocabulary))),
  );
}

function isOfNation(
  person: Person,
  nations: readonly Nation[],
  { country }: TourEvent,
  vocabulary: Vocabulary,
): boolean {
  const own = vocabulary.countryOf(person) ?? country;
  return nations.some(({ place }) => place.countries.has(own));
}

/** What takes a comparison comes before what looks at people and titles. */
export function fits(event: TourEvent, filters: Filters, vocabulary: Vocabulary): boolean {
  const { places, kinds, organisations, meetings, words, days, parts } = filters;
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

function isOfOrganisation(
  { meeting: { title, venue }, others }: TourEvent,
  names: readonly string[],
): boolean {
  const bodies = [title, venue ?? '', ...others.map(({ organisation }) => organisation ?? '')];
  return names.some((name) => bodies.some((body) => body.includes(name)));
}

/** "Women and children": nobody is named, and they are who is asked for. */
export function isGroupOf(
  { group, country, words }: TourEvent,
  { people, offices, genders, nations }: Filters,
): boolean {
  const isNamed = people.length + offices.length > 0;
  const isOfGender =
    genders.length === 0 || (genders.includes('female') && /\bwomen\b/i.test(group ?? ''));
  const isOfNation =
    nations.length === 0 ||
    nations.some(({ place, stem: word }) => place.countries.has(country) || words.has(word));
  return group !== null && !isNamed && isOfGender && isOfNation;
}

export function eventsThatFit(filters: Filters, vocabulary: Vocabulary): TourEvent[] {
  return vocabulary.timeline.events.filter((event) => fits(event, filters, vocabulary));
}

function isWithin(minutes: number | null, range: readonly [number, number] | null): boolean {
  const [least, most] = range ?? [0, Infinity];
  return minutes !== null && minutes >= least && minutes <= most;
}

const PARTS: readonly (readonly [pattern: RegExp, from: number, to: number])[] = [
  [/morning|before noon|朝|午前/, 240, 719],
  [/afternoon|午後/, 720, 1079],
  [/evening|night|夕方|夜|晩/, 1020, 1439],
];

function isInPart([earliest, latest]: readonly [number, number], part: string): boolean {
  const known = PARTS.find(([pattern]) => pattern.test(part));
  return known !== undefined && earliest >= known[1] && latest <= known[2];
}
