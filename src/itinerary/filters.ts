import type { Person } from '../corpus/types.ts';
import {
  type Filters,
  isEntity,
  type Item,
  type Language,
  merged,
  type Nation,
  NO_FILTERS,
  type Office,
} from './items.ts';
import { classList, type WordClass } from './lexicon.ts';
import { holdsOffice, stemsOf, type TourEvent } from './timeline.ts';
import type { Place, Vocabulary } from './vocabulary.ts';
import { numberOf, shiftDate } from '../language/dates.ts';

/** Which events, and which people at them, have what a question names. */

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
  return office.stems.every((wanted) => title.has(wanted) || event.words.has(wanted));
}

/** People at an event whom the filters name, or all who were met when they name nobody. */
export function peopleAt(
  event: TourEvent,
  { people, offices, genders, nations, organisations }: Filters,
  vocabulary: Vocabulary,
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
    topics.every((wanted) => hasTopic(event, wanted)) &&
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
export function isGroupOf(
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

// Events that a question puts others before, after or between, and what it leaves out.

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

const BOUNDARY = /[,;:?!、。？]/u;

const ASKING = classList('who where what which when clock count often long');

/** The names after "except", before 以外. */
export function excludedIn(items: readonly Item[], language: Language): Item[] {
  const step = language === 'ja' ? -1 : 1;
  return items.flatMap((item, i) => {
    if (!classList('except none not').some((one) => item.classes.has(one))) return [];
    // 「リマで誰にも会わなかった」 leaves out nobody.
    if (/^[誰何]/.test(item.text)) return [];
    const found: Item[] = [];
    for (let next = items[(i += step)]; next !== undefined; next = items[(i += step)]) {
      const { classes } = next;
      const isJoint = classList('the and or of filler').some((one) => classes.has(one));
      const isLead =
        found.length === 0 &&
        classList('in with of filler traveller meet').some((one) => classes.has(one));
      if (isEntity(next)) found.push(next);
      else if (!isJoint && !isLead) break;
    }
    return found;
  });
}

/** "The president in Lima", "lunch with the minister". */
const isLink = ({ classes }: Item): boolean =>
  classList('in with the').some((one) => classes.has(one));

/** "After X and before Y" is between them. */
export function anchorOf(items: readonly Item[], text: string, language: Language): Anchor | null {
  const anchors = anchorsOf(items, text, language);
  const after = anchors.find(({ relation }) => relation === 'after' || relation === 'since');
  const before = anchors.find(({ relation }) => relation === 'before' || relation === 'until');
  const whole = (named: Anchor | undefined): Item | undefined =>
    named?.entities.reduce((all, one) => ({ ...all, filters: merged([all.filters, one.filters]) }));
  const [from, to] = [whole(after), whole(before)];
  const isPair = after?.shift === 0 && before?.shift === 0 && !after.straight && !before.straight;
  if (isPair && from !== undefined && to !== undefined && from.text !== to.text) {
    const words = [...after.items, ...before.items];
    return { relation: 'between', straight: false, shift: 0, entities: [from, to], items: words };
  }
  return anchors[0] ?? null;
}

function anchorsOf(items: readonly Item[], text: string, language: Language): Anchor[] {
  const relations = ['before', 'after', 'until', 'since', 'between', 'sameday'] as const;
  const anchors: Anchor[] = [];
  for (const [i, item] of items.entries()) {
    // "From Lima where did she go next?"
    const isFrom = /^from$/i.test(item.text) && items.some(({ classes }) => classes.has('next'));
    // "Which city followed Lima?"
    const object = items.slice(i + 1).find(({ classes }) => !classes.has('the'));
    const isFollowed = /^follow(?:ed|s)$/i.test(item.text) && object && isEntity(object);
    const relation =
      relations.find((one) => item.classes.has(one)) ??
      (isFrom || isFollowed === true ? 'after' : undefined);
    if (relation === undefined) continue;
    const entities: Item[] = [];
    const step = language === 'ja' ? -1 : 1;
    let end = i;
    for (let j = i + step; items[j] !== undefined; j += step) {
      const [left, right] = step > 0 ? [items[j - 1], items[j]] : [items[j], items[j + 1]];
      const gap = text.slice(left?.end ?? 0, right?.start ?? 0);
      const next = items[j];
      if (next === undefined || BOUNDARY.test(gap)) break;
      // "After the start of the trip did she meet …"
      const isInverted = next.classes.has('aux') && items[j + 1]?.classes.has('traveller') === true;
      if (language === 'en' && isInverted) break;
      const isEnd = relation === 'between' && next.classes.has('when');
      if (!isEnd && ASKING.some((asking) => next.classes.has(asking))) break;
      if (anchors.length + entities.length > 0 && relations.some((one) => next.classes.has(one)))
        break;
      const last = entities.at(-1);
      // "The Swedish lunch" is one end, although it has two names.
      const isWithin = entities.length > 1 && left !== undefined && isLink(left);
      const isSame =
        relation === 'between' && last !== undefined && (last.end + 1 >= next.start || isWithin);
      const isWord = isSame && next.stems.length > 0 && !isEntity(next);
      if (isEntity(next) || next.stems.length > 0) end = j;
      if (isSame && (isEntity(next) || isWord)) {
        entities[entities.length - 1] = {
          ...last,
          end: next.end,
          filters: merged([
            last.filters,
            isWord ? { ...NO_FILTERS, words: next.stems.slice(0, 1) } : next.filters,
          ]),
        };
      } else if (isEntity(next)) entities.push(next);
      else if (next.stems.length > 0) {
        entities.push({ ...next, filters: { ...NO_FILTERS, words: next.stems.slice(0, 1) } });
      }
    }
    if (entities.length === 0) continue;
    const before = items[i - 1];
    if (relation === 'between' && entities.length === 1) continue;
    const isDays = before?.classes.has('day') === true && !before.classes.has('count');
    const isShift = item.classes.has('day') || isDays;
    const count = items[i - 2]?.figure === true ? numberOf(items[i - 2]?.text) : 1;
    const shift = isShift ? (relation === 'before' ? -count : count) : 0;
    const words = items.slice(
      Math.min(i, end) - (isDays && step > 0 ? 2 : 0),
      Math.max(i, end) + 1,
    );
    const straight = item.classes.has('straight') || isFollowed === true;
    anchors.push({ relation, straight, shift, entities, items: words });
  }
  return anchors;
}

/** Events that an anchor names: all that have everything, or for `between` those of either end. */
export function anchorEvents({ entities }: Anchor, vocabulary: Vocabulary): TourEvent[] {
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
 * Tells of an event whether it keeps the anchor's order, if there is one; null when the itinerary does not settle it. What the anchor names is
 * looked up once, not for each event.
 */
export function orderOf(
  anchor: Anchor | null,
  vocabulary: Vocabulary,
): (event: TourEvent) => boolean | null {
  const { timeline } = vocabulary;
  if (anchor === null || anchor.relation === 'sameday') return () => true;
  if (anchor.relation === 'between') {
    const [from = [], to = []] = anchor.entities.map(({ filters }) =>
      eventsThatFit(filters, vocabulary),
    );
    const [end] = to;
    const left = from.filter(({ meeting }) => meeting.order < (end?.meeting.order ?? 0));
    // A place that the tour came back to afterwards is left before the end.
    const day = left.at(-1)?.meeting.date;
    const starts = left.filter(({ meeting }) => meeting.date === day);
    if (starts.length === 0 || end === undefined) return () => false;
    const ends = new Set([...from, ...to]);
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
  const dated = events.filter(({ meeting }) => meeting.date !== null);
  const edge = edgeOf(anchor, dated.length > 0 ? dated : events);
  if (edge === undefined) return () => false;
  return (event) => {
    if (named.has(event)) return isIncluded;
    return later ? timeline.isBefore(edge, event) : timeline.isBefore(event, edge);
  };
}

/** Days before or after the anchor's, or the same: "the day before Lima". */
export function shiftedDays(anchor: Anchor, vocabulary: Vocabulary): string[] {
  const days = anchorEvents(anchor, vocabulary).flatMap(({ meeting: { date } }) => date ?? []);
  if (anchor.relation === 'sameday') return [...new Set(days)];
  const edge = anchor.shift < 0 ? days[0] : days.at(-1);
  return edge === undefined ? [] : [shiftDate(edge, anchor.shift)];
}
