import { dateInWords, daysBetween } from '../language/calendar.ts';
import { dated, ends, type Asked, type Found } from './asked.ts';
import type { TourEvent } from './timeline.ts';
import { DAYS, NIGHTS, NOTES } from './wording.ts';

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
  const kept = (isCountries ? countryStays : stays).flatMap(
    ({ events }) => events.find((event) => asked.events.includes(event)) ?? [],
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

/** The first event of each visit to a city, or to a country where countries are asked for. */
export function visitsAmong(asked: Asked, events: readonly TourEvent[]): TourEvent[] {
  const { stays, countryStays } = asked.vocabulary.timeline;
  const isCity =
    asked.target !== 'countries' && asked.filters.places.every(({ kind }) => kind === 'city');
  return (isCity ? stays : countryStays).flatMap(
    (stay) => stay.events.find((event) => events.includes(event)) ?? [],
  );
}
