/** How long a stay or the tour was, when a place was reached or left, and the route from place to place. */
import { dateInWords, daysBetween } from '../language/dates.ts';
import type { TourEvent } from './timeline.ts';
import { DAYS, NIGHTS, NOTES, words } from './wording.ts';
import { Asked, type Found, dated, ends } from './asked.ts';
import { covers } from './fits.ts';
import { isPlaceTarget } from './target.ts';

/** How many days or nights in a place or on the tour. */
export function duration(asked: Asked): Found | null {
  const { filters, query } = asked;
  const { span, events: all } = asked.vocabulary.timeline;
  const isNights = asked.has('night');
  const isStay = asked.has('long') || (asked.has('count') && asked.has('day', 'night'));
  if (
    !isStay ||
    !asked.isPlain ||
    span === null ||
    query.anchor !== null ||
    asked.has('meeting', 'event')
  )
    return null;
  const events = dated(asked.events);
  const found = { kind: 'duration', unit: isNights ? NIGHTS : DAYS, events };
  if (filters.places.length === 0) {
    if (!asked.has('tour', 'route', 'go') || filters.days !== null) return null;
    return {
      ...found,
      label: words('Length of the tour', '外遊の期間'),
      value: daysBetween(span.first, span.last) + (isNights ? 0 : 1),
      events: ends(events),
      note: null,
    };
  }
  const items = asked.groups('days', events).map(({ name }) => name);
  if (!isNights) return { ...found, value: items.length, items };
  const nights = events.map((event, i) => {
    const before = events[i - 1];
    const isSame =
      before?.meeting.city === event.meeting.city && all.indexOf(event) === all.indexOf(before) + 1;
    return isSame ? daysBetween(before.meeting.date ?? '', event.meeting.date ?? '') : 0;
  });
  return { ...found, value: nights.reduce((sum, night) => sum + night, 0), note: NOTES.nights };
}

/** The tour from place to place, or its dates. */
export function route(asked: Asked): Found | null {
  const { filters, query, vocabulary } = asked;
  const { stays, countryStays, span } = vocabulary.timeline;
  const isNothing = query.entities.length === 0 && query.anchor === null;
  const isTour =
    isNothing && asked.has('tour') && asked.has('overview', 'all') && asked.target === 'events';
  const isDates = isNothing && asked.has('tour', 'route') && asked.has('when');
  const isEnd = asked.has('end') !== asked.has('start');
  if (
    !asked.isPlain ||
    filters.days !== null ||
    asked.has('who', 'meeting', 'event') ||
    !(asked.has('route') || isTour || isDates)
  )
    return null;
  if (isDates && span !== null) {
    const dates = isEnd ? [asked.has('end') ? span.last : span.first] : [span.first, span.last];
    const items = dates.map((day) => dateInWords(day, 'en'));
    return {
      kind: 'days',
      value: items.join(' – '),
      events: ends(dated(asked.events)),
      items,
      note: null,
    };
  }
  const isCountries = asked.target === 'countries';
  // What was visited is not where the tour set out from.
  const passed = asked.has('go') ? asked.pool(asked.events) : asked.events;
  const kept = (isCountries ? countryStays : stays).flatMap(
    ({ events }) => events.find((event) => passed.includes(event)) ?? [],
  );
  if (kept.length < 2) return null;
  const items = kept.map(({ meeting }) => (isCountries ? meeting.country : meeting.city));
  return {
    kind: 'route',
    value: items.join(' → '),
    events: isCountries ? kept : asked.events,
    items,
  };
}

/** "Where did the trip start?": an end of the route, home included. */
export function routeEnd(asked: Asked): Found | null {
  const { query, target, vocabulary } = asked;
  const { stays } = vocabulary.timeline;
  const isAsked = asked.has('tour', 'route') && asked.has('start', 'end') && asked.asks();
  const isOther = asked.has('first', 'last', 'nth', 'next', 'clock', 'meet', 'meeting', 'event');
  const isPlain = query.entities.length === 0 && query.anchor === null;
  if (!isAsked || isOther || !isPlain || !isPlaceTarget(target)) return null;
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
  return { kind: 'route', label, value: items.join(' → '), events, items, note: null };
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
  const isOther =
    asked.has('first', 'last', 'nth', 'next', 'start', 'end', 'clock', 'or', 'meet', 'meeting') ||
    filters.days !== null ||
    query.anchor !== null;
  if (!asked.has('when') || !asked.has('move') || isOther || !isPlain) return null;
  if (others.length > 0 || (named === undefined && !isHomeward)) return null;
  const isThere = (event: TourEvent): boolean =>
    named === undefined ? event.country === home : covers(named, event);
  // To leave for a place is not to leave it.
  const moved = query.items.filter(({ classes }) => classes.has('move'));
  const isLeft = moved.some(({ classes }) => !classes.has('go'));
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
  const items = events.map(({ meeting }) => dateInWords(meeting.date ?? '', 'en'));
  const label = isLeft
    ? words(named === undefined ? 'Last event at home' : 'Last event', '最後の予定')
    : words(named === undefined ? 'First event at home' : 'First event', '最初の予定');
  return { kind: 'days', label, value: items.join(', '), events, items, note: null };
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
