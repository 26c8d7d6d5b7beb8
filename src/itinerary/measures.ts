import { Asked, decided, ends, type Found, isMet, namesFound, sorted } from './asked.ts';
import { type Filters, isEntity, isPlaceTarget, isWord, NO_FILTERS, nounOf } from './items.ts';
import { classList } from './lexicon.ts';
import { asksForAny, isYesNo } from './query.ts';
import { covers, dated, datesOf, hourOf, type TourEvent } from './timeline.ts';
import { clockAt, DAYS, KILOMETRES, MINUTES, NIGHTS, NOTES, WHICH, words } from './wording.ts';
import type { Meeting } from '../corpus/types.ts';
import { dateInWords, daysBetween } from '../language/dates.ts';

/** What is measured or told of the events that a question is about: how many days or minutes, when, from where to where. */

const AWAY_FROM = /\baway from\b/i;

/** How many days or nights in a place or on the tour. */
export function duration(asked: Asked): Found | null {
  const { filters, query } = asked;
  const { span, home } = asked.vocabulary.timeline;
  // "For quiz night: how many days".
  const isNights =
    asked.has('night') && !query.items.some((item) => isWord(item, 'count') && isWord(item, 'day'));
  const isBare =
    asked.isNounPhrase && filters.places.length > 0 && !asked.has('when', 'who', 'which');
  const isStay =
    asked.has('long') ||
    (asked.has('day', 'night') && ((asked.has('count') && !isPlaceTarget(asked.target)) || isBare));
  // "How long did it take from Peru to Chad" is no stay.
  const isWay = asked.has('act') && filters.places.length > 0;
  // "The length of everything in Lima" is of the meetings.
  if (/\b(?:everything|durations|lengths)\b/i.test(query.text)) return null;
  if (!isStay || isWay || !asked.isPlain || span === null || query.anchor !== null) return null;
  const events = dated(asked.events);
  const found = { kind: 'duration', unit: isNights ? NIGHTS : DAYS, events };
  // "Away from Lima" is everywhere else.
  const [place, ...others] = [...filters.places, ...query.excluded.flatMap(({ places }) => places)];
  const isOutside = query.excluded.length > 0 || AWAY_FROM.test(query.text);
  const isOfHome =
    place === undefined
      ? query.excluded.length === 0
      : others.length === 0 && place.countries.has(home ?? '');
  const isAbroad = asked.has('abroad') || (isOutside && isOfHome);
  if (isOutside && !isAbroad) return null;
  if (filters.places.length === 0 || isAbroad) {
    if (!(isAbroad && isNights) && !asked.has('tour', 'route', 'go')) return null;
    if (filters.days !== null) return null;
    return {
      ...found,
      ...(isAbroad ? { scope: [] } : {}),
      label: words('Length of the tour', '外遊の期間'),
      value: daysBetween(span.first, span.last) + (isNights ? 0 : 1),
      events: ends(events),
      note: null,
    };
  }
  if (/何時間|\bhours?\b/i.test(query.text)) return { ...found, value: null, note: NOTES.noHours };
  if (isNights) return { ...found, value: asked.measured(events, 'nights'), note: NOTES.nights };
  const items = asked.groups('days', events).map(({ name }) => name);
  return { ...found, value: items.length, items };
}

/** How long all of several meetings were, or one of them on average, so far as their lengths are known. */
export function timeSpent(asked: Asked): Found | null {
  // "Name the meetings with a duration below an hour" lists them.
  const isTotal =
    asked.filters.minutes === null &&
    (asked.has('minutes') || (asked.has('long') && asked.has('total', 'all')));
  const isAverage = asked.has('average') && asked.has('long', 'minutes', 'meeting');
  // "How long in Lima in all" is a stay.
  const isStay =
    !isAverage &&
    asked.isPlain &&
    !asked.has('meeting', 'meet') &&
    // "How long was she in Lima, in hours?"
    (!asked.has('minutes') || (asked.has('long') && asked.filters.places.length > 0));
  if (!(isTotal || isAverage) || asked.query.anchor !== null || isStay) return null;
  const met = asked.events.filter(isMet);
  const timed = met.filter(({ meeting }) => meeting.durationMinutes !== null);
  if (met.length < 2 || timed.length === 0) return null;
  const sum = asked.measured(timed, 'minutes');
  const open = met.length - timed.length;
  return {
    kind: 'meetings',
    label: isAverage
      ? words('Average length of meetings', '会談の平均時間')
      : words('Time in meetings', '会談の合計時間'),
    value: isAverage ? Math.round(sum / timed.length) : sum,
    unit: MINUTES,
    events: timed,
    note: open === 0 ? null : NOTES.noLength(open, met.length),
  };
}

/** How many there are in each: "meetings per country". */
export function breakdown(asked: Asked): Found | null {
  const { items } = asked.query;
  const at = items.findIndex(({ classes }) => classes.has('each'));
  if (at < 0 || !asked.has(...classList('meeting event count all meet long who'))) return null;
  const beside = items[at + (asked.query.language === 'ja' ? -1 : 1)];
  const noun = [items[at], beside]
    .map((item) => (item === undefined ? null : nounOf(item)))
    .find((one) => one !== null && (isPlaceTarget(one) || one === 'days'));
  if (noun === undefined) return null;
  const { home } = asked.vocabulary.timeline;
  const isOfMeetings = asked.has('meeting', 'meet');
  // Departure and return are no event of a country, a press conference at home is one.
  const isOfKind = asked.filters.kinds.length > 0;
  const pool = asked.events.filter((event) =>
    isOfMeetings ? isMet(event) : isOfKind || event.country !== home,
  );
  const groups = asked.groups(noun, pool);
  const { target } = asked;
  const isOfDays = noun !== 'days' && asked.has('day', 'long') && !isOfMeetings;
  const measure = isOfDays ? 'days' : target === noun || target === 'days' ? 'events' : target;
  const isNamed = target === 'people' && !asked.has('count');
  const counted = groups.map(({ name, events }) => {
    const people = asked.groups('people', events).map((person) => person.name);
    return `${name}: ${isNamed ? people.join(', ') : asked.measured(events, measure)}`;
  });
  const kind = isOfDays ? 'days' : measure === 'events' || measure === 'meetings' ? null : measure;
  return namesFound(
    kind ?? (isOfMeetings ? 'meetings' : 'events'),
    counted,
    pool,
    isNamed ? '; ' : ', ',
  );
}

/** The days of the meetings that a question names, with the weekday or the hour where it is asked for. */
export function dateOf(asked: Asked): Found | null {
  const { events, query, isPlain } = asked;
  const edge = query.items.find(({ classes }) => classes.has('end') || classes.has('start'));
  const isEnd = isWord(edge, 'end') && !asked.has('apart');
  const isClock = asked.has('clock') || (asked.has('when') && isEnd);
  const isDay = asked.has('when', 'weekday') && asked.target === 'days' && !asked.has('start');
  const isRanked =
    isClock &&
    asked.tells('first', 'last') &&
    (asked.filters.places.length > 0 || asked.filters.days !== null);
  const isOne = isClock && (events.length === 1 || asked.filters.kinds.length > 0);
  const [day, ...otherDays] = asked.filters.days ?? [];
  if (asked.has('weekday') && day !== undefined && otherDays.length === 0 && isPlain) {
    return namesFound('days', [dateInWords(day, 'en', { weekday: true })], events);
  }
  if (!(isClock || isDay) || (isPlain && !isRanked && !isOne) || query.anchor !== null) return null;
  if (asked.has('act') && asked.filters.kinds.length === 0) return null;
  const rank = asked.tells('first') ? 'first' : asked.tells('last') ? 'last' : null;
  if (asked.has('since') || (rank !== null && !isClock)) return null;
  const all = dated(events);
  const { timeline } = asked.vocabulary;
  const known =
    rank === null ? all : all.filter((one) => timeline.isExtreme(one, asked.pool(all), rank));
  const [event] = known;
  if (event === undefined) return null;
  if (isClock) {
    const [timed, ...others] = known.filter((one) => hourOf(one) !== null);
    const untimed = known.filter((one) => one !== timed);
    if (timed?.start == null || others.length > 0 || untimed.some(({ start }) => start !== null))
      return null;
    const { localStart, durationMinutes } = timed.meeting;
    const note = untimed.length === 0 ? null : NOTES.untimed(untimed, asked.vocabulary);
    if (!isEnd) return { kind: 'clock', value: localStart, events: [timed], note };
    if (durationMinutes === null || untimed.length > 0) return null;
    const value = clockAt(timed.start[0] + durationMinutes);
    const label = words('End', '終了時刻');
    return { kind: 'clock', label, value, events: [timed], note: NOTES.ended };
  }
  const weekday = asked.has('weekday');
  const dates = [...new Set(known.map(({ meeting }) => meeting.date ?? ''))];
  const items = dates.map((date) => dateInWords(date, 'en', { weekday }));
  return { kind: 'days', value: items.join(', '), events, items };
}

/** "The earliest start": by the hour, not by the day. */
const BY_CLOCK = /earliest|latest|early|late\b|早|遅/i;

export function byClock(asked: Asked): Found | null {
  const which = asked.has('first') ? 'first' : 'last';
  const isOfDay = /\b(?:in|of) the day\b/i.test(asked.query.text);
  const isOfPart = asked.filters.parts.length > 0 && BY_CLOCK.test(asked.query.text);
  const isAsked =
    asked.has('first') !== asked.has('last') &&
    (asked.has('start', 'clock') || isOfPart || isOfDay);
  const isClock = asked.has('clock') && asked.filters.days?.length === 1;
  if (!isAsked || !(isClock || BY_CLOCK.test(asked.query.text))) return null;
  const events = dated(asked.pool(asked.events));
  const minuteOf = ({ start }: TourEvent): number => start?.[0] ?? 0;
  const timed = events
    .filter(({ start }) => start !== null && start[0] === start[1])
    .toSorted((a, b) => minuteOf(a) - minuteOf(b));
  const event = which === 'first' ? timed[0] : timed.at(-1);
  if (event === undefined) return null;
  const all = timed.filter((one) => minuteOf(one) === minuteOf(event));
  const open = events.length - timed.length;
  const note = open === 0 ? null : NOTES.noHour(open, events.length);
  return { kind: 'clock', which: WHICH[which], value: event.meeting.localStart, events: all, note };
}

/** Longer events that end in another city are spent on the way. */
const ON_THE_WAY = 240;

/** "Where did she spend the night of the 6th?", "was she in Lima or in Quito on the 7th?": by what is dated then. */
export function whereabouts(asked: Asked): Found | null {
  const { query, filters, vocabulary, target } = asked;
  const { events: all } = vocabulary.timeline;
  const { days, places } = filters;
  const isNight = asked.has('night') && days !== null && !asked.has('count', 'long');
  const isChoice = asked.has('or') && places.length > 0 && days !== null && target !== 'people';
  const isAsked = isChoice || (isNight && (isPlaceTarget(target) || target === 'days'));
  if (!asked.isPlain || query.anchor !== null || !isAsked) return null;
  const [day] = days;
  const then = dated(all).filter(({ meeting: { date } }) => date !== null && days.includes(date));
  const evening = then.findLast(({ meeting: { date } }) => date === day);
  if (evening === undefined) return null;
  const there = then.filter((event) => places.some((place) => covers(place, event)));
  const events = isNight ? [evening] : there.length > 0 ? there : then;
  const { meeting } = evening;
  const next = all[all.indexOf(evening) + 1];
  const isOnTheWay =
    isNight && (meeting.durationMinutes ?? 0) >= ON_THE_WAY && next?.meeting.city !== meeting.city;
  const items = isOnTheWay
    ? [meeting.title]
    : [...new Set(events.map((event) => event.meeting.city))];
  return { ...namesFound('places', items, events), note: isNight ? NOTES.lastEvent : null };
}

/** The first event of each visit to a city, or to a country where countries are asked for. */
export function visitsAmong(asked: Asked, events: readonly TourEvent[]): TourEvent[] {
  const { stays, countryStays } = asked.vocabulary.timeline;
  const isCity =
    asked.target !== 'countries' && asked.filters.places.every(({ kind }) => kind === 'city');
  return (isCity ? stays : countryStays).flatMap(
    (stay) => stay.events.find((event) => events.includes(event)) ?? [],
  );
}

// From place to place

const IS_ORDER = /\border\b|sequence|順/i;

/** The tour from place to place, or its dates. */
export function route(asked: Asked): Found | null {
  const { filters, query, vocabulary } = asked;
  const { stays, countryStays, span } = vocabulary.timeline;
  const isNothing = query.entities.length === 0 && query.anchor === null;
  const isTour =
    isNothing && asked.has('tour') && asked.has('overview', 'all') && asked.target === 'events';
  const isDates = isNothing && asked.has('tour', 'route') && asked.has('when');
  const isEnd = asked.has('end') !== asked.has('start');
  if (!asked.isPlain || filters.days !== null || asked.target === 'people') return null;
  if (isDates && span !== null) {
    const dates = isEnd ? [asked.has('end') ? span.last : span.first] : [span.first, span.last];
    const weekday = asked.has('weekday');
    const items = dates.map((day) => dateInWords(day, 'en', { weekday }));
    return namesFound('days', items, ends(dated(asked.events)), ' – ');
  }
  // "The first stop on the itinerary" is one place; "in the order she first came to them" is all.
  const isOne =
    query.anchor?.straight === true || (asked.has('first') && !IS_ORDER.test(query.text));
  if (!(asked.has('route') || isTour) || asked.has('count') || isOne) return null;
  const isCountries = asked.target === 'countries';
  // What was visited is not where the tour set out from.
  const passed = asked.has('go') ? asked.pool(asked.events) : asked.events;
  const kept = (isCountries ? countryStays : stays).flatMap(
    ({ events }) => events.find((event) => passed.includes(event)) ?? [],
  );
  if (kept.length < 2) return null;
  const passedBy = kept.map(({ meeting }) => (isCountries ? meeting.country : meeting.city));
  // "In the order she reached them first".
  const items = asked.has('first')
    ? [...new Set(passedBy)]
    : passedBy.filter((name, i) => name !== passedBy[i - 1]);
  return {
    kind: 'route',
    value: items.join(' → '),
    events: isCountries ? kept : asked.events,
    items,
  };
}

/** Mean radius of the earth, in kilometres. A sphere for it is right to 0.6 %. */
const EARTH_RADIUS = 6371;

/** Along a great circle, by the haversine formula, in kilometres. Coordinates: latitude and longitude in degrees. */
function kilometresBetween(
  [latitude, longitude]: Meeting['coordinates'],
  [otherLatitude, otherLongitude]: Meeting['coordinates'],
): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const haversine = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2;
  const chord =
    haversine(otherLatitude - latitude) +
    Math.cos(radians(latitude)) *
      Math.cos(radians(otherLatitude)) *
      haversine(otherLongitude - longitude);
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(chord));
}

/** "How far is Lima from Quito?", リマからキトまで何キロ. How far the way was that she took, nobody knows. */
export function kilometres(asked: Asked): Found | null {
  const { query } = asked;
  const ends = query.items
    .filter(isEntity)
    .map(({ filters }) => (isPlaceAlone(filters) ? asked.fitting(filters) : []));
  // A country with several stops is at no distance.
  const isOfCities = ends.every(
    (events) => new Set(events.map(({ meeting }) => meeting.city)).size === 1,
  );
  const [from, to, ...others] = ends.map(([event]) => event);
  // "How far apart were Lima and Quito" is a number of days.
  const isOfDays = /\b(?:was|were) .*\bapart\b|\bapart (?:was|were)\b/i.test(query.text);
  if (!asked.has('far') || isOfDays || !isOfCities) return null;
  if (from === undefined || to === undefined || others.length > 0) return null;
  return {
    kind: 'kilometres',
    value: Math.round(kilometresBetween(from.meeting.coordinates, to.meeting.coordinates)),
    unit: KILOMETRES,
    scope: [from.meeting.city, to.meeting.city],
    events: [from, to],
    note: NOTES.straightLine,
  };
}

function isPlaceAlone({ places, people, offices, kinds, days }: Filters): boolean {
  return (
    places.length === 1 && people.length + offices.length + kinds.length === 0 && days === null
  );
}

/** "In what order did she meet X, Y and Z?", "the order of the three courts". */
export function inOrder(asked: Asked): Found | null {
  const { filters, target, vocabulary } = asked;
  const isOfPeople = filters.people.length > 1;
  if (!asked.has('route') || !(isOfPeople || target === 'courts') || filters.days !== null)
    return null;
  const groups = asked.groups(target === 'courts' ? target : 'people', dated(asked.events));
  if (groups.length < 2) return null;
  const events = groups.flatMap((group) => group.events.slice(0, 1));
  const items = groups.map(({ name }) => name);
  const found = {
    ...namesFound('order', items, events, ' → '),
    ...{ label: words('In order', '順番'), scope: [] },
  };
  const isKnown = events.every((event, i) => {
    const next = events[i + 1] ?? event;
    return next === event || vocabulary.timeline.isBefore(event, next) !== null;
  });
  return isKnown ? found : { ...found, value: null, note: NOTES.unknownTimes };
}

/** "Where did the trip start?": an end of the route, home included. */
export function routeEnd(asked: Asked): Found | null {
  const { query, target, vocabulary } = asked;
  const { stays } = vocabulary.timeline;
  const isAsked = asked.has('tour', 'route') && asked.has('start', 'end') && asked.asks;
  const isPlain = query.entities.length === 0 && query.anchor === null;
  if (!isAsked || !isPlain || !isPlaceTarget(target)) return null;
  const first = stays[0]?.events[0];
  const last = stays.at(-1)?.events.at(-1);
  const events = [
    ...(asked.has('start') ? [first] : []),
    ...(asked.has('end') ? [last] : []),
  ].flatMap((event) => event ?? []);
  if (events.length === 0) return null;
  const items = events.flatMap((event) => asked.namesOf(target, event));
  const label = asked.has('start')
    ? asked.has('end')
      ? words('Start and end of the route', '行程の起点と終点')
      : words('Start of the route', '行程の起点')
    : words('End of the route', '行程の終点');
  return { ...namesFound('route', items, events, ' → '), label };
}

/**
 * When a place was reached or left, so far as events tell: the day of the first or of the last one of each stay. Of home,
 * the tour leaves the first stay and comes back to the last.
 */
export function arrival(asked: Asked): Found | null {
  const { filters, query, isPlain, vocabulary } = asked;
  const { stays, countryStays, home } = vocabulary.timeline;
  const isHomeward = /\bhome\b|帰/i.test(query.text);
  const [named, ...others] = filters.places;
  const isOther = filters.days !== null || query.anchor !== null;
  const isDay = asked.has('when') || asked.target === 'days';
  if (!isDay || !asked.has('move') || isOther || !isPlain || asked.has('count')) return null;
  if (others.length > 0 || (named === undefined && !isHomeward)) return null;
  const isThere = (event: TourEvent): boolean =>
    named === undefined ? event.country === home : covers(named, event);
  // To leave for a place is not to leave it.
  const moved = query.items.filter(({ classes }) => classes.has('move'));
  const isLeft = moved.some(({ classes }) => !classes.has('go'));
  // "When did she leave, and when did she come back?"
  if (isLeft && isHomeward && named === undefined) return null;
  const item = query.entities.find(({ filters: { places } }) =>
    places.some((one) => one === named),
  );
  if (isLeft && /\bfor (?:the )?$|[へに]向け/i.test(query.text.slice(0, item?.start))) return null;
  const all = (named?.kind === 'city' ? stays : countryStays).filter(({ events }) =>
    events.some(isThere),
  );
  const isHome = named === undefined || named.countries.has(home ?? '');
  const stayed = !isHome ? all : isLeft ? all.slice(0, 1) : all.slice(1).slice(-1);
  const events = stayed.flatMap(
    (stay) => (isLeft ? stay.events.at(-1) : stay.events.find(isThere)) ?? [],
  );
  if (events.length === 0) return null;
  const weekday = asked.has('weekday');
  const items = events.map(({ meeting }) => dateInWords(meeting.date ?? '', 'en', { weekday }));
  const label = isLeft
    ? words(named === undefined ? 'Last event at home' : 'Last event', '最後の予定')
    : words(named === undefined ? 'First event at home' : 'First event', '最初の予定');
  return { ...namesFound('days', items, events), label };
}

// Bounds that a question of yes or no asks for

/** "Did the lunch last more than an hour?": of one event whose length no source disputes. */
export function lengthSettled(asked: Asked): Found | null {
  const { query, filters } = asked;
  if (filters.minutes === null || !isYesNo(query) || query.anchor !== null) return null;
  const [event, ...others] = asked.fitting({ ...filters, minutes: null });
  const length = event?.meeting.durationMinutes ?? null;
  const isDisputed = event?.meeting.durationAlternativeMinutes !== undefined;
  if (event === undefined || others.length > 0 || length === null || isDisputed) return null;
  const [least, most] = filters.minutes;
  const note = words(`${length} minutes`, `${length}分`);
  const isSo = length >= least && length <= most;
  return { ...decided('order', isSo, [event]), scope: [event.meeting.title], note };
}

/** "Did she meet the mayor in the morning?": of events whose hours are known. */
export function hourSettled(asked: Asked): Found | null {
  const { query, filters } = asked;
  const isTimed = filters.parts.length > 0 || filters.clock !== null;
  if (!isTimed || !isYesNo(query) || query.anchor !== null || asksForAny(query.text)) return null;
  const all = asked.fitting({ ...filters, parts: [], clock: null });
  if (all.length === 0 || all.some(({ start }) => start === null)) return null;
  const isSo = asked.events.length > 0;
  const hours = all.map(({ meeting }) => meeting.localStart ?? '');
  return { ...decided('events', isSo, isSo ? asked.events : all, hours), items: [] };
}

/** "Did she go to Lima or only to Quito?" */
export function eitherPlace(asked: Asked): Found | null {
  const { query, filters } = asked;
  const isAsked = asked.has('or') && filters.places.length > 1 && filters.days === null;
  if (!isAsked || !asked.isPlain || query.anchor !== null || !isYesNo(query)) return null;
  const visited = filters.places.filter((place) => asked.fitting({ places: [place] }).length > 0);
  if (visited.length === 0) return null;
  const items = visited.map(({ name }) => name);
  return { ...namesFound('places', items, asked.fitting({ places: visited })), scope: [] };
}

const DAY_OF_BOTH =
  /\b(?:(?:the )?same|one|a single|(different|separate|two)) (?:day|date)s?\b|同じ日/i;

/** "Was Silva the only president she met?", "were both on the same day?" */
export function togetherSettled(asked: Asked): Found | null {
  const { query, filters, target } = asked;
  if (!isYesNo(query) || query.anchor !== null) return null;
  const { people, offices } = filters;
  if (asked.has('only') && people.length === 1 && offices.length === 1) {
    const held = asked.fitting({ ...filters, people: [] });
    const items = asked.groups('people', held, { ...filters, people: [] }).map(({ name }) => name);
    if (!items.includes(people[0] ?? '')) return null;
    const found = decided('people', items.length === 1, held, items);
    return { ...found, scope: [], label: offices[0]?.sort.label };
  }
  // "Was Lima her only stop in Peru?"
  const [city] = query.entities.flatMap((item) => item.filters.places);
  const [whole] = query.entities.slice(1).flatMap((item) => item.filters.places);
  if (asked.has('only') && isPlaceTarget(target) && city?.kind === 'city' && whole !== undefined) {
    const within = asked.fitting({ places: [whole] });
    const items = asked.groups('cities', within, NO_FILTERS).map(({ name }) => name);
    const isSo = items.length === 1 && items[0] === city.city;
    return { ...decided('cities', isSo, within, items), scope: [whole.name] };
  }
  const [isAsked, other] = DAY_OF_BOTH.exec(query.text) ?? [];
  if (isAsked === undefined) return null;
  const sides =
    asked.target === 'courts'
      ? asked.groups('courts', asked.events).map(({ events }) => events)
      : query.entities
          .filter((item) => item.filters.days === null)
          .map((item) => asked.fitting(item.filters));
  if (sides.length < 2 || sides.some(({ length }) => length === 0)) return null;
  const common = datesOf(sides[0] ?? []).filter((date) =>
    sides.every((events) => datesOf(events).includes(date)),
  );
  const isSo = common.length > 0 === (other === undefined);
  const events = sorted([...new Set(sides.flat())]);
  const items = datesOf(events).map((date) => dateInWords(date, 'en'));
  return decided('days', isSo, events, items);
}
