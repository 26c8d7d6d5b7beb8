import type { Person } from '../corpus/types.ts';
import { Asked, dated, type Found } from './asked.ts';
import { aboutTopic, chosen, overview } from './chosen.ts';
import { fits, peopleAt } from './filters.ts';
import { type Filters, NO_FILTERS } from './items.ts';
import { OFFICES, type WordClass } from './lexicon.ts';
import { byClock, comparison, distance, gap, inOrder, neighbour, whereabouts } from './orders.ts';
import { isOutsideTour, isPlaceTarget, type Query } from './query.ts';
import {
  arrival,
  breakdown,
  conditional,
  duration,
  lengthSettled,
  numberSettled,
  route,
  routeEnd,
  timeSpent,
  togetherSettled,
} from './tallies.ts';
import { holdsOffice, type TourEvent, uniqueBy } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { NOTES, titleOf, words } from './wording.ts';
import { dateInWords } from '../language/dates.ts';

/** An answer computed from the itinerary. */
export interface Listing {
  /** What is listed: `people`, `countries`, `days`, `meetings`, `duration`, `order` … */
  readonly kind: string;
  /** One line for the asker, in the asker's language. */
  readonly title: string;
  /**
   * A count (days and minutes too), a place, a date ("January 12, 2024"), people, "yes", "before" …, with names as the
   * meetings have them; null when the itinerary does not settle it.
   */
  readonly value: string | number | null;
  readonly meetings: readonly ListedMeeting[];
  /** People, places or days that the value stands for, one by one. */
  readonly items: readonly string[];
  /** What the itinerary does not settle, or what is not counted, in the asker's language. */
  readonly note: string | null;
}

export interface ListedMeeting {
  readonly id: string;
  readonly title: string;
  /** ISO date. */
  readonly date: string | null;
  readonly place: string;
}

export function listedMeeting({ meeting }: TourEvent): ListedMeeting {
  const { id, title, date, city, country } = meeting;
  return { id, title, date, place: `${city}, ${country}` };
}

/** Asks for what did not take place, of which there is no end. */
const IS_NEGATED =
  /^(?!did|has|was|is|were|have).*(?:\b(?:has|did|have|was|were|does|is)n['’]?t\b|\b(?:did|has|was|were) (?:she |he |they )?not\b|\bnever\b)|なかった|ていない|ませんでした/i;

/** The listing that answers a question, or null when it asks for something else. */
export function listingOf(query: Query, vocabulary: Vocabulary): Listing | null {
  // 「100分話した外相」: how long is told, not what.
  const isTalk =
    query.language === 'ja' && (query.filters.minutes !== null || query.has('longest', 'shortest'));
  const isContent =
    query.has('about', 'other', 'elsewhere', 'counterpart') || (query.has('say') && !isTalk);
  const isDeed =
    query.has('act') &&
    query.filters.minutes === null &&
    !(
      query.filters.kinds.length > 0 &&
      (query.has('count', 'often', 'all', 'which', 'where') ||
        query.entities.some(({ plural, filters }) => plural && filters.kinds.length > 0))
    );
  if (query.isDayOfStay || query.isUnplaced || isOutsideTour(query)) return null;
  const asked = new Asked(query, vocabulary);
  const topical = aboutTopic(asked);
  if (topical !== null) return inWords(topical, asked);
  if (query.unknown.length > 0) return null;
  const apart = gap(asked) ?? distance(asked);
  if (apart !== null) return inWords(apart, asked);
  if (isContent || isDeed) return null;
  const found = conditional(asked);
  if (found !== null) return inWords(found, asked);
  if (isUnread(asked)) return null;
  const isNegated = IS_NEGATED.test(query.text) && query.excluded.length === 0;
  if (isNegated) return null;
  if (isGeography(asked)) return null;
  const isUntold =
    query.filters.genders.length > 0 &&
    !vocabulary.timeline.events.some(({ others }) => others.some(({ gender }) => gender));
  return isUntold ? inWords(untold(asked), asked) : answered(asked);
}

/** A "no" that leaves nothing out, and a court beside people who are of none: part of the question would be lost. */
function isUnread({ query, target, filters, has }: Asked): boolean {
  const isNone = has('none') && query.language === 'en' && query.excluded.length === 0;
  const isCourt =
    has('court') && target !== 'courts' && !has('with') && filters.organisations.length === 0;
  const isOfCourt = filters.offices.some(({ organisation }) => organisation !== null);
  return isNone || (isCourt && filters.offices.length > 0 && !isOfCourt);
}

/** "Which cities are in Peru?", "what is the capital of Peru?": of the country, not of the tour. */
function isGeography({ query, target, filters }: Asked): boolean {
  const { has } = query;
  const isOfTour = has('traveller', 'tour', 'route', 'go', 'see', 'meet', 'meeting', 'event');
  const isNow = query.language === 'ja' ? /首都/ : /\b(?:is|are)\b|['’]s\b/i;
  return (
    isPlaceTarget(target) &&
    filters.places.length > 0 &&
    !isOfTour &&
    !has('first', 'last', 'nth', 'next', 'longest', 'shortest', 'most') &&
    isNow.test(query.text)
  );
}

function answered(asked: Asked): Listing | null {
  const { query } = asked;
  const isOpen = query.anchor === null && query.language === 'en' && !asked.has('or');
  const isRanked = asked.has('first', 'last', 'next');
  const checked = lengthSettled(asked) ?? togetherSettled(asked) ?? numberSettled(asked);
  if (checked !== null) return inWords(checked, asked);
  if (asked.has('than')) return inWords(comparison(asked), asked);
  if (asked.filters.days?.length === 0) return null;
  if (isOpen && asked.filters.days === null && asked.has('before', 'after', 'since', 'between'))
    return null;
  const found = routeEnd(asked) ?? arrival(asked);
  if (found !== null) return inWords(found, asked);
  if (
    asked.has('move', 'start', 'end') &&
    !asked.has('clock') &&
    query.anchor === null &&
    !isRanked &&
    query.filters.parts.length === 0 &&
    query.filters.clock === null &&
    query.filters.minutes === null &&
    !asked.has('route') &&
    !(asked.has('tour') && asked.has('when', 'day'))
  )
    return null;
  return inWords(comparison(asked) ?? distance(asked) ?? measuredOrListed(asked), asked);
}

function inWords(found: Found | null, asked: Asked): Listing | null {
  const { query, vocabulary } = asked;
  if (found === null) return null;
  const { kind, value, events, items = [], note } = found;
  // Ends in the wrong order leave nothing between them: the question was not understood.
  if (query.anchor?.relation === 'between' && events.length === 0) return null;
  // A place that is listed anyway is not in doubt.
  const doubtful = asked.unsettled.filter(
    (event) => !asked.namesOf(asked.target, event).some((name) => items.includes(name)),
  );
  const open = doubtful.length === 0 ? null : NOTES.undated(doubtful, vocabulary);
  const ungendered = uniqueBy(
    query.filters.genders.length === 0
      ? []
      : vocabulary.timeline.events
          .filter((event) => fits(event, { ...query.filters, genders: [] }, vocabulary))
          .flatMap((event) => peopleAt(event, { ...query.filters, genders: [] }, vocabulary)),
    ({ name }) => name,
  ).filter(({ gender }) => gender === undefined);
  const unknown = ungendered.length === 0 ? open : NOTES.ungendered(ungendered, vocabulary);
  return {
    ...{ kind, title: titleOf(found, query, vocabulary), value },
    ...{ meetings: events.map(listedMeeting), items },
    note: (note === undefined ? unknown : note)?.[query.language] ?? null,
  };
}

/** Women, men: the itinerary does not tell who they are. */
function untold(asked: Asked): Found | null {
  const { items, language } = asked.query;
  const at = items.findIndex(({ classes }) => classes.has('gender'));
  const before = items
    .slice(0, at)
    .findLast(({ classes }) => !(classes.has('the') || classes.has('be')));
  const isAsked =
    language === 'ja'
      ? asked.has('count', 'all', 'who', 'which')
      : before === undefined ||
        (['count', 'all', 'who', 'which'] as const).some((one) => before.classes.has(one));
  if (!isAsked) return null;
  const label = items[at]?.text ?? '';
  return {
    kind: 'people',
    label: words(label.slice(0, 1).toUpperCase() + label.slice(1), label),
    value: null,
    events: [],
    note: NOTES.untold,
  };
}

function measuredOrListed(asked: Asked): Found | null {
  if (isContradiction(asked)) return null;
  const measured =
    whereabouts(asked) ??
    byClock(asked) ??
    neighbour(asked) ??
    breakdown(asked) ??
    timeSpent(asked) ??
    duration(asked) ??
    dateOf(asked);
  const isLength = asked.has('long', 'minutes', 'clock') && !asked.has('longest', 'shortest');
  if (measured !== null || isLength) return measured;
  return inOrder(asked) ?? route(asked) ?? introduction(asked) ?? chosen(asked) ?? overview(asked);
}

/** More people than this are a list, not an introduction. */
const MOST_INTRODUCED = 2;
/** Words of a question about what somebody did, not who it is. */
const DEEDS: readonly WordClass[] = [
  'meet',
  'see',
  'go',
  'move',
  'say',
  'start',
  'all',
  'else',
  'with',
  'meeting',
  'there',
  'tour',
];

/** "Who's Silva?", "Silva career": without a verb. */
const IS_BRIEF = /^who['’]s\b|\b(?:career|background|biography|bio|profile)\b/i;

/** Who somebody is, or who holds an office: the name with the title. */
function introduction(asked: Asked): Found | null {
  const { filters, vocabulary, events, query } = asked;
  const isTraveller = asked.has('traveller') && query.entities.length === 0;
  const isNamed = filters.people.length + filters.offices.length > 0 || isTraveller;
  const isPlain = filters.kinds.length === 0 && filters.days === null && query.anchor === null;
  if (
    !isNamed ||
    !isPlain ||
    !asked.has('who') ||
    asked.has(...DEEDS, 'first', 'last', 'nth', 'only')
  )
    return null;
  if (query.language === 'en' && !asked.has('be') && !IS_BRIEF.test(query.text)) return null;
  const people = isTraveller
    ? vocabulary.timeline.travellers
    : uniqueBy(
        events.flatMap((event) => peopleAt(event, filters, vocabulary)),
        ({ name }) => name,
      );
  if (people.length === 0 || people.length > MOST_INTRODUCED) return null;
  const items = people.map(({ name }) => name);
  const titles = people.map(({ title, organisation }) =>
    [title, organisation].filter((part) => part !== null).join(', '),
  );
  return {
    kind: 'people',
    label: words(titles.join('; '), people.map((one) => officeInJapanese(one, asked)).join('、')),
    scope: [],
    value: items.join(', '),
    events: isTraveller ? [] : events,
    items,
    note: null,
  };
}

/** 「ポーランド・外相」, so far as the itinerary has it in Japanese. */
function officeInJapanese(person: Person, { vocabulary, events }: Asked): string {
  const { title, organisation } = person;
  const code = vocabulary.countryOf(person);
  const country = events.find((event) => event.country === code)?.meeting.country;
  const office = OFFICES.find(({ value }) => holdsOffice(person, value, code !== null));
  return [country ?? organisation ?? '', office?.value.label.ja ?? title ?? '']
    .filter((part) => part !== '')
    .map((part) => vocabulary.nameIn('ja', part))
    .join('・');
}

/** The days of the meetings that a question names, with the weekday or the hour where it is asked for. */
function dateOf(asked: Asked): Found | null {
  const { events, query, isPlain } = asked;
  const isOther = asked.has('end', 'move', 'first', 'last', 'most', 'once', 'often');
  const isDay = asked.has('when', 'weekday') && asked.target === 'days' && !asked.has('start');
  const isAsked = asked.has('clock') || isDay;
  if (!isAsked || isPlain || isOther || query.anchor !== null) return null;
  const known = dated(events);
  const [event] = known;
  if (event === undefined) return null;
  if (asked.has('clock')) {
    const { localStart, localStartAlternative } = event.meeting;
    const isKnown = /^\d/.test(localStart ?? '') && localStartAlternative === undefined;
    if (events.length > 1 || !isKnown) return null;
    return { kind: 'clock', value: localStart, events, note: null };
  }
  const weekday = asked.has('weekday');
  const dates = [...new Set(known.map(({ meeting }) => meeting.date ?? ''))];
  const items = dates.map((date) => dateInWords(date, 'en', { weekday }));
  return { kind: 'days', value: items.join(', '), events, items };
}

/** Places never visited, or names that do not go together: whether it is so is no matter for a list. */
function isContradiction(asked: Asked): boolean {
  const { timeline } = asked.vocabulary;
  const { people, organisations, places, meetings } = asked.filters;
  const exists = (filters: Partial<Filters>): boolean =>
    timeline.events.some((event) => fits(event, { ...NO_FILTERS, ...filters }, asked.vocabulary));
  const isHome = places.some(({ countries }) => countries.has(timeline.home ?? ''));
  return (
    !places.every((place) => exists({ places: [place] })) ||
    !exists({ people, organisations, places, meetings }) ||
    (isHome && asked.events.length === 0)
  );
}
