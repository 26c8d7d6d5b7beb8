import { Asked, dated, ends, type Found } from './asked.ts';
import { covers, eventsThatFit } from './filters.ts';
import { isPlaceTarget, isYesNo } from './query.ts';
import type { TourEvent } from './timeline.ts';
import { DAYS, MINUTES, NIGHTS, NOTES, words } from './wording.ts';
import {
  CARDINAL_WORDS,
  dateInWords,
  daysBetween,
  numberOf,
  shiftDate,
} from '../language/dates.ts';

/** How long a stay or the tour was, when a place was reached or left, and the route from place to place. */

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

// Sums and averages of lengths, numbers in each place, days that have none, and bounds that a question of yes or no asks for.

/** "More than five ministers", in a question of yes or no. */
const NUMBER_BOUND = new RegExp(
  `\\b(more than|over|at least|fewer than|less than|exactly|only) (\\d+|${CARDINAL_WORDS.join('|')})\\b(?! ?(?:min|hour|day|night|week))`,
  'i',
);

/** "Did the lunch last more than an hour?": of one event whose length no source disputes. */
export function lengthSettled(asked: Asked): Found | null {
  const { query, filters, vocabulary } = asked;
  if (filters.minutes === null || !isYesNo(query) || query.anchor !== null) return null;
  const [event, ...others] = eventsThatFit({ ...filters, minutes: null }, vocabulary);
  const length = event?.meeting.durationMinutes ?? null;
  const isDisputed = event?.meeting.durationAlternativeMinutes !== undefined;
  if (event === undefined || others.length > 0 || length === null || isDisputed) return null;
  const [least, most] = filters.minutes;
  const note = words(`${length} minutes`, `${length}分`);
  const value = length >= least && length <= most ? 'yes' : 'no';
  return { kind: 'order', scope: [event.meeting.title], value, events: [event], note };
}

/** "Did she meet more than five ministers?" */
export function numberSettled(asked: Asked): Found | null {
  const { query, target } = asked;
  const [, bound = '', number = ''] = NUMBER_BOUND.exec(query.text) ?? [];
  const isPerDay = asked.has('day') && target !== 'days';
  if (number === '' || !isYesNo(query) || isPerDay || asked.filters.minutes !== null) return null;
  const groups = asked.groups(target, asked.pool(asked.events));
  const [count, limit] = [groups.length, numberOf(number)];
  const isSo = /^(?:more|over)/i.test(bound)
    ? count > limit
    : /^at least/i.test(bound)
      ? count >= limit
      : /^exactly|^only/i.test(bound)
        ? count === limit
        : count < limit;
  const which = words(`${bound.toLowerCase()} ${limit}`, `${bound}${limit}`);
  const note = words(`The itinerary has ${count}`, `日程では${count}`);
  return { ...asked.listed(groups, undefined), which, value: isSo ? 'yes' : 'no', items: [], note };
}

/** How long all of several meetings were, or one of them on average, so far as their lengths are known. */
export function timeSpent(asked: Asked): Found | null {
  const isTotal = asked.has('minutes') || (asked.has('long') && asked.has('total', 'all'));
  const isAverage = asked.has('average') && asked.has('long', 'minutes', 'meeting');
  const isOther =
    asked.has('longest', 'shortest', 'first', 'last', 'nth', 'clock') ||
    asked.query.anchor !== null;
  // "How long in Lima in all" is a stay.
  const isStay = !isAverage && !asked.has('minutes', 'meeting', 'meet') && asked.isPlain;
  if (!(isTotal || isAverage) || isOther || isStay) return null;
  const met = asked.events.filter(({ others, group }) => others.length > 0 || group !== null);
  const timed = met.filter(({ meeting }) => meeting.durationMinutes !== null);
  if (met.length < 2 || timed.length === 0) return null;
  const sum = timed.reduce((all, { meeting }) => all + (meeting.durationMinutes ?? 0), 0);
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

/** Days of the tour without what is asked for: "days without meetings". */
export function freeDays(asked: Asked): Found | null {
  const { query, vocabulary } = asked;
  const { span, events: all } = vocabulary.timeline;
  const isAsked =
    /\b(?:without|with no|no) (?:any )?(?:meetings?|events?|appointments?|engagements?)\b|(?:会談|予定)の?(?:ない|なかった)日/i;
  if (
    span === null ||
    !isAsked.test(query.text) ||
    !asked.has('day', 'when') ||
    query.entities.length > 0
  )
    return null;
  const busy = all.filter(
    ({ others, group }) => !asked.has('meeting') || others.length > 0 || group !== null,
  );
  const length = daysBetween(span.first, span.last) + 1;
  const days = Array.from({ length }, (_, i) => shiftDate(span.first, i));
  const free = days.filter((day) => !busy.some(({ meeting }) => meeting.date === day));
  const items = free.map((day) => dateInWords(day, 'en'));
  const events = all.filter(({ meeting: { date } }) => date !== null && free.includes(date));
  return {
    kind: 'days',
    label: words('Days without', '該当のない日'),
    value: items.length === 0 ? 0 : items.join(', '),
    events,
    items,
    note: null,
  };
}

/** How many there are in each: "meetings per country". */
export function breakdown(asked: Asked): Found | null {
  const { items } = asked.query;
  const at = items.findIndex(({ classes }) => classes.has('each'));
  if (at < 0) return null;
  const beside = items[at + (asked.query.language === 'ja' ? -1 : 1)];
  const target = (
    [
      ['country', 'countries'],
      ['city', 'cities'],
      ['place', 'cities'],
      ['day', 'days'],
    ] as const
  ).find(([noun]) => [items[at], beside].some((item) => item?.classes.has(noun)))?.[1];
  if (
    target === undefined ||
    !asked.has('meeting', 'event', 'count', 'all', 'meet') ||
    asked.has('who')
  )
    return null;
  const { home } = asked.vocabulary.timeline;
  const pool = asked.events.filter(({ others, group, country }) =>
    asked.has('meeting', 'meet') ? others.length > 0 || group !== null : country !== home,
  );
  const groups = asked.groups(target, pool);
  const counted = groups.map(({ name, events }) => `${name}: ${events.length}`);
  return {
    kind: asked.has('meeting', 'meet') ? 'meetings' : 'events',
    value: counted.join(', '),
    events: pool,
    items: counted,
    note: null,
  };
}
