import type { Person } from '../corpus/types.ts';
import { numberOf, shiftDate, withFigures } from '../language/dates.ts';
import { daysNamed } from '../language/named-days.ts';
import {
  type Filters,
  type Item,
  type Language,
  type Nation,
  NO_FILTERS,
  type Office,
  dayItem,
  isEntity,
  itemOf,
  joined,
  merged,
} from './items.ts';
import { measuresNamed } from './lengths.ts';
import type { WordClass } from './lexicon.ts';
import { type TourEvent, holdsOffice, stemsOf } from './timeline.ts';
import type { Place, Vocabulary } from './vocabulary.ts';

/** Events that the question puts others before or after. */
export interface Anchor {
  readonly relation: 'before' | 'after' | 'until' | 'since' | 'between' | 'sameday';
  /** Nothing may come between. */
  readonly straight: boolean;
  /** Asks for a day this many days away; 0 when it does not. */
  readonly shift: number;
  readonly entities: readonly Item[];
}

export interface Query {
  readonly text: string;
  readonly language: Language;
  readonly items: readonly Item[];
  /** Items that name people, places, days, offices or kinds of event, without those of the anchor. */
  readonly entities: readonly Item[];
  readonly anchor: Anchor | null;
  readonly filters: Filters;
  /** What is left out, each by itself: "outside Europe", "except lunches". */
  readonly excluded: readonly Filters[];
  /** People already known, when others are asked for. */
  readonly without: readonly string[];
  /** Neither word of the language nor of the itinerary, or of its titles only: content. */
  readonly unknown: readonly Item[];
  /** "The last day in Lima": not the day of the tour that it would be by itself. */
  readonly isDayOfStay: boolean;
  /** "Who did she meet there?": of a place that only the conversation before tells. */
  readonly isUnplaced: boolean;
  readonly has: (...classes: readonly WordClass[]) => boolean;
}

export const DAY_OF_STAY = /\b(?:first|last|final|\w+(?:st|nd|rd|th)) day$|日目$|^初日|^最終日/i;
/** "Country number 5". */
const NUMBERED = /\b(country|city|stop|place|meeting) number (\d+)\b/gi;
const BOUNDARY = /[,;:?!、。？]/u;
const ASKING: readonly WordClass[] = [
  'who',
  'where',
  'what',
  'which',
  'when',
  'clock',
  'count',
  'often',
  'long',
];

export function readQuery(question: string, vocabulary: Vocabulary): Query {
  const normal = withFigures(question.normalize('NFKC').replace(/\s+/g, ' ').trim()).replace(
    NUMBERED,
    '$2th $1',
  );
  const corrected = vocabulary.table.correct(normal);
  const { text } = corrected;
  const language = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text)
    ? 'ja'
    : 'en';
  const { span } = vocabulary.timeline;
  const days = span === null ? [] : daysNamed(text, span);
  const measures = measuresNamed(text);
  const read = vocabulary.table.read(corrected, [...days, ...measures]).map(itemOf);
  const all = [...read, ...days.map((named) => dayItem(named, text)), ...measures];
  const items = joined(
    all.sort((a, b) => a.start - b.start),
    vocabulary,
    text,
  );
  return queryOf(text, language, items);
}

/** A query of these items: the entities of the anchor told from the others. */
export function queryOf(
  text: string,
  language: Language,
  items: readonly Item[],
  without: readonly string[] = [],
): Query {
  const anchor = anchorOf(items, text, language);
  const excluded = excludedIn(items, language);
  const entities = items.filter(
    (item) =>
      isEntity(item) &&
      anchor?.entities.some(({ start, end }) => start <= item.start && item.end <= end) !== true &&
      !excluded.includes(item),
  );
  const unknown = items.filter(
    (item, i) =>
      isContent(item, items[i + 1]) && !anchor?.entities.some(({ start }) => start === item.start),
  );
  const filters = merged(entities.map((item) => item.filters));
  const classes = new Set(items.flatMap((item) => [...item.classes]));
  // "Apart from that": what is left out is told elsewhere.
  if (classes.has('except') && excluded.length === 0) classes.add('other');
  return {
    text,
    language,
    items,
    entities,
    anchor,
    unknown,
    excluded: excluded.map((item) => item.filters),
    without,
    filters,
    isDayOfStay:
      filters.places.length > 0 && entities.some(({ text: day }) => DAY_OF_STAY.test(day)),
    isUnplaced:
      entities.length === 0 &&
      anchor === null &&
      // "How many meetings there were" has no place.
      items.some(
        (item, i) => item.classes.has('there') && items[i + 1]?.classes.has('be') !== true,
      ),
    has: (...wanted) => wanted.some((one) => classes.has(one)),
  };
}

/** The names after "except", before 以外. */
function excludedIn(items: readonly Item[], language: Language): Item[] {
  const step = language === 'ja' ? -1 : 1;
  return items.flatMap((item, i) => {
    if (!item.classes.has('except')) return [];
    const found: Item[] = [];
    for (let next = items[(i += step)]; next !== undefined; next = items[(i += step)]) {
      const { classes } = next;
      const isJoint = (['the', 'and', 'or'] as const).some((one) => classes.has(one));
      const isLead =
        found.length === 0 && (['in', 'with', 'filler'] as const).some((one) => classes.has(one));
      if (isEntity(next)) found.push(next);
      else if (!isJoint && !isLead) break;
    }
    return found;
  });
}

/** "After X and before Y" is between them. */
function anchorOf(items: readonly Item[], text: string, language: Language): Anchor | null {
  const anchors = anchorsOf(items, text, language);
  const after = anchors.find(({ relation }) => relation === 'after' || relation === 'since');
  const before = anchors.find(({ relation }) => relation === 'before' || relation === 'until');
  const [from, to] = [after?.entities[0], before?.entities[0]];
  const isPair = after?.shift === 0 && before?.shift === 0 && !after.straight && !before.straight;
  if (isPair && from !== undefined && to !== undefined && from !== to) {
    return { relation: 'between', straight: false, shift: 0, entities: [from, to] };
  }
  return anchors[0] ?? null;
}

function anchorsOf(items: readonly Item[], text: string, language: Language): Anchor[] {
  const relations = ['before', 'after', 'until', 'since', 'between', 'sameday'] as const;
  const anchors: Anchor[] = [];
  for (const [i, item] of items.entries()) {
    const relation = relations.find((one) => item.classes.has(one));
    if (relation === undefined) continue;
    const entities: Item[] = [];
    const step = language === 'ja' ? -1 : 1;
    for (let j = i + step; items[j] !== undefined; j += step) {
      const [left, right] = step > 0 ? [items[j - 1], items[j]] : [items[j], items[j + 1]];
      const gap = text.slice(left?.end ?? 0, right?.start ?? 0);
      const next = items[j];
      if (next === undefined || BOUNDARY.test(gap)) break;
      if (ASKING.some((asking) => next.classes.has(asking))) break;
      if (anchors.length + entities.length > 0 && relations.some((one) => next.classes.has(one)))
        break;
      const last = entities.at(-1);
      // "The Swedish lunch" is one end, although it has two names.
      const isSame = relation === 'between' && last !== undefined && last.end + 1 >= next.start;
      if (isSame && isEntity(next)) {
        entities[entities.length - 1] = {
          ...last,
          end: next.end,
          filters: merged([last.filters, next.filters]),
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
    anchors.push({ relation, straight: item.classes.has('straight'), shift, entities });
  }
  return anchors;
}

/** Whether an item is neither grammar nor a name: what the question is about besides the itinerary. */
function isContent(item: Item, next: Item | undefined): boolean {
  if (isEntity(item) || item.days !== null) return false;
  if (item.figure && item.classes.size === 0) {
    const nouns: readonly WordClass[] = [
      'people',
      'country',
      'city',
      'place',
      'meeting',
      'event',
      'court',
      'day',
      'nth',
      'night',
      'longest',
      'shortest',
    ];
    return next === undefined || !(isEntity(next) || nouns.some((noun) => next.classes.has(noun)));
  }
  return item.classes.size === 0;
}

/** Asks whether something is so. */
export function isYesNo({ items, has, language, text }: Query): boolean {
  if (
    has(
      'who',
      'where',
      'when',
      'clock',
      'what',
      'which',
      'count',
      'often',
      'long',
      'minutes',
      'other',
    )
  )
    return false;
  if (language === 'ja') return /か[?。]?$/.test(text) && !has('or');
  const first = items.find(({ classes }) => !classes.has('filler') && !classes.has('and'));
  return first !== undefined && (first.classes.has('aux') || first.classes.has('be'));
}

/** A month or a year of which the tour has no day: what happened then, the itinerary does not tell. */
export function isOutsideTour({ items }: Query): boolean {
  return items.some(({ days }) => days?.vague === true && days.dates.length === 0);
}

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
  const isOfNation = (person: Person, { place }: Nation, { country }: TourEvent): boolean =>
    place.countries.has(vocabulary.countryOf(person) ?? country);
  return event.others.filter(
    (person) =>
      (nations.length === 0 || nations.some((nation) => isOfNation(person, nation, event))) &&
      (genders.length === 0 || (person.gender !== undefined && genders.includes(person.gender))) &&
      (isAnybody ||
        people.includes(person.name) ||
        offices.some((office) => isOffice(person, office, event, vocabulary))),
  );
}

export function fits(event: TourEvent, filters: Filters, vocabulary: Vocabulary): boolean {
  const { places, people, offices, kinds, organisations, meetings, words, days, parts } = filters;
  const { meeting, start } = event;
  const bodies = [
    meeting.venue ?? '',
    ...event.others.map(({ organisation }) => organisation ?? ''),
  ];
  return (
    (places.length === 0 || places.some((place) => covers(place, event))) &&
    (people.length + offices.length + filters.genders.length + filters.nations.length === 0 ||
      peopleAt(event, filters, vocabulary).length > 0 ||
      isGroupOf(event, filters)) &&
    (kinds.length === 0 || kinds.some(({ pattern }) => pattern.test(meeting.title))) &&
    (organisations.length === 0 ||
      organisations.some((name) =>
        [...bodies, meeting.title].some((body) => body.includes(name)),
      )) &&
    words.every((word) => event.words.has(word)) &&
    (filters.minutes === null || isWithin(meeting.durationMinutes, filters.minutes)) &&
    (filters.clock === null ||
      (start !== null && start.every((at) => isWithin(at, filters.clock)))) &&
    (meetings.length === 0 || meetings.includes(meeting.id)) &&
    (days === null || (meeting.date !== null && days.includes(meeting.date))) &&
    (parts.length === 0 || parts.some((part) => start !== null && isInPart(start, part)))
  );
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
  if (anchor.relation === 'sameday') return true;
  const [from, to] = anchor.entities.map(({ filters }) => eventsThatFit(filters, vocabulary));
  if (anchor.relation === 'between') {
    const end = to?.[0];
    const left = from?.filter(({ meeting }) => meeting.order < (end?.meeting.order ?? 0)) ?? [];
    // A place that the tour came back to afterwards is left before the end.
    const day = left.at(-1)?.meeting.date;
    const starts = left.filter(({ meeting }) => meeting.date === day);
    if (starts.length === 0 || end === undefined) return false;
    if (from?.includes(event) === true || to?.includes(event) === true) return false;
    const later = starts.map((start) => timeline.isBefore(start, event));
    const after = later.includes(true) || (later.includes(null) ? null : false);
    const before = timeline.isBefore(event, end);
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

/** Days before or after the anchor's, or the same: "the day before Lima". */
export function shiftedDays(anchor: Anchor, vocabulary: Vocabulary): string[] {
  const days = anchorEvents(anchor, vocabulary).flatMap(({ meeting: { date } }) => date ?? []);
  if (anchor.relation === 'sameday') return [...new Set(days)];
  const edge = anchor.shift < 0 ? days[0] : days.at(-1);
  return edge === undefined ? [] : [shiftDate(edge, anchor.shift)];
}

function isWithin(minutes: number | null, range: readonly [number, number] | null): boolean {
  const [least, most] = range ?? [0, Infinity];
  return minutes !== null && minutes >= least && minutes <= most;
}

const PARTS: readonly (readonly [pattern: RegExp, from: number, to: number])[] = [
  [/morning|before noon|朝|午前/, 240, 719],
  [/afternoon|午後/, 720, 1079],
  [/evening|夕方|夜|晩/, 1020, 1439],
];

function isInPart([earliest, latest]: readonly [number, number], part: string): boolean {
  const known = PARTS.find(([pattern]) => pattern.test(part));
  return known !== undefined && earliest >= known[1] && latest <= known[2];
}
