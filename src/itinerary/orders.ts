import { Asked, dated, type Found, type Group, isNear, sorted } from './asked.ts';
import { anchorEvents, covers, eventsThatFit, peopleAt } from './filters.ts';
import { isEntity, type Item, merged } from './items.ts';
import { isPlaceTarget, isYesNo, type Query } from './query.ts';
import { type Stay, type TourEvent, uniqueBy } from './timeline.ts';
import { DAYS, MINUTES, NOTES, WHICH, words } from './wording.ts';
import { dateInWords, daysBetween, numberOf } from '../language/dates.ts';

/** "Lisbon or Madrid first?", "Did she meet X before Y?", "Was X before or after Y?" */
export function comparison(asked: Asked): Found | null {
  const { query, vocabulary } = asked;
  const { anchor } = query;
  // "X before Y or after Y" names two.
  const named = uniqueBy(
    query.items.filter((item) => isEntity(item) && item.filters.days === null),
    ({ text }) => text.toLowerCase(),
  );
  const isEither = asked.has('before') && asked.has('after') && asked.has('or');
  const isTwoNamed = query.entities.length === 1 || (isEither && named.length > 1);
  const isQuestion = anchor !== null && isTwoNamed && (isYesNo(query) || isEither);
  const isChoice = asked.has('or') && asked.has('first', 'last', 'before', 'after');
  const isThan = asked.has('than') && (isYesNo(query) || asked.has('minutes'));
  const isNumber =
    (asked.has('more', 'fewer') &&
      !asked.has('longest', 'shortest') &&
      (isThan || asked.has('or'))) ||
    (asked.has('count') && asked.has('or') && !asked.has('first', 'last', 'before', 'after'));
  if (isNumber) return moreOf(asked, named);
  const isBy = asked.has('than') && asked.has('minutes') && !isYesNo(query);
  const isDifference =
    isBy || (asked.has('difference') && asked.has('long', 'minutes', 'longest', 'shortest'));
  const isLength =
    isDifference || ((asked.has('or') || isThan) && asked.has('longest', 'shortest'));
  // Lengths of stays are not those of their first meetings.
  if (isThan && named.some(({ filters }) => filters.places.length > 0)) return null;
  // "The lunch with X" on one side of "than" is one of two, though it has two names.
  const links = isThan ? (['than'] as const) : isEither ? EITHER : (['or', 'and'] as const);
  const [from, to] = [named[0]?.end ?? 0, named.at(-1)?.start ?? 0];
  const link =
    query.items.find(
      ({ start, classes }) => start >= from && start < to && links.some((one) => classes.has(one)),
    )?.start ?? 0;
  const sides =
    named.length > 2 || isThan
      ? [named.filter(({ end }) => end <= link), named.filter(({ start }) => start > link)]
      : named.map((item) => [item]);
  const isTwo = sides.length === 2 && sides.every(({ length }) => length > 0);
  if (!isTwo || !(isChoice || isQuestion || isLength)) return null;
  const groups = sides.map((side): Group => {
    const filters = merged(side.map((item) => item.filters));
    const events = eventsThatFit(filters, vocabulary);
    const people = uniqueBy(
      events.flatMap((event) => peopleAt(event, filters, vocabulary)),
      ({ name }) => name,
    );
    const [place] = filters.places;
    const name = place?.name ?? people[0]?.name ?? events[0]?.meeting.title ?? '';
    return { name, events: place !== undefined || people.length <= 1 ? events : [] };
  });
  const [a, b] = groups.map(({ events }) => events[0]);
  if (a === undefined || b === undefined || a === b) return null;
  if (isLength) return longer(asked, groups, isThan && !isDifference, isDifference);
  const isBefore = vocabulary.timeline.isBefore(a, b);
  const items = groups.map(({ name }) => name);
  const found = { kind: 'order', events: sorted([a, b]), scope: items, items };
  if (isBefore === null) return { ...found, value: null, note: NOTES.unknownTimes };
  if (isQuestion) {
    const isSo = isBefore === (anchor.relation === 'before');
    const value = isEither ? (isBefore ? 'before' : 'after') : isSo ? 'yes' : 'no';
    return { ...found, value, note: null };
  }
  const which = asked.has('last') ? WHICH['last'] : WHICH['first'];
  const isFirst = isBefore !== asked.has('last');
  const value = (isFirst ? items[0] : items[1]) ?? null;
  return { ...found, which, value, events: [isFirst ? a : b], note: null };
}

const EITHER = ['before', 'after'] as const;

/** "In what order did she meet X, Y and Z?", "the order of the three courts". */
export function inOrder(asked: Asked): Found | null {
  const { filters, target, vocabulary } = asked;
  const isOfSeveral = filters.people.length > 1 || target === 'courts';
  if (!asked.has('route') || !isOfSeveral || filters.days !== null || asked.has('first', 'last'))
    return null;
  const kind = target === 'courts' ? target : 'people';
  const groups = asked.groups(kind, dated(asked.events));
  if (groups.length < 2) return null;
  const events = groups.flatMap((group) => group.events.slice(0, 1));
  const items = groups.map(({ name }) => name);
  const found = { kind: 'order', label: words('In order', '順番'), scope: [], events, items };
  const isUnknown = events.some((event, i) => {
    const next = events[i + 1];
    return (
      next !== undefined && next !== event && vocabulary.timeline.isBefore(event, next) === null
    );
  });
  return isUnknown
    ? { ...found, value: null, note: NOTES.unknownTimes }
    : { ...found, value: items.join(' → '), note: null };
}

/** "Did she have more meetings in X than in Y?", "Where were more, in X or in Y?": meetings, people or days. */
function moreOf(asked: Asked, named: readonly Item[]): Found | null {
  const { query, vocabulary } = asked;
  const isSide = ({ filters: { places, people, days } }: Item): boolean =>
    places.length + people.length > 0 || days !== null;
  const sides = [...named.filter(isSide)];
  const common = named.filter((item) => !isSide(item)).map(({ filters }) => filters);
  if (sides.length !== 2) return null;
  const target = asked.has('long', 'day', 'night')
    ? 'days'
    : asked.has('people')
      ? 'people'
      : 'meetings';
  const groups = sides.map(({ filters, text }) => {
    const events = eventsThatFit(merged([filters, ...common]), vocabulary);
    const name = filters.places[0]?.name ?? filters.people[0] ?? text;
    const size =
      target === 'meetings' ? asked.pool(events).length : asked.groups(target, events).length;
    return { name, events, size };
  });
  const [a, b] = groups;
  if (a === undefined || b === undefined || groups.some(({ events }) => events.length === 0))
    return null;
  const isMore = asked.has('fewer') ? a.size < b.size : a.size > b.size;
  const items = groups.map(({ name, size }) => `${name}: ${size}`);
  const which = asked.has('fewer') ? words('fewer', '少ない') : words('more', '多い');
  const winner = a.size === b.size ? null : (isMore ? a : b).name;
  const value = query.has('or') ? winner : isMore ? 'yes' : 'no';
  const events = sorted(
    uniqueBy(
      groups.flatMap((group) => group.events),
      ({ meeting }) => meeting.id,
    ),
  );
  const note = words(items.join(', '), items.join('、'));
  return {
    kind: 'order',
    scope: groups.map(({ name }) => name),
    which,
    value,
    events,
    items,
    note,
  };
}

/** "Which lasted longer, the talks with X or with Y?", "Were those with X longer than those with Y?" */
function longer(
  asked: Asked,
  groups: readonly Group[],
  isThan: boolean,
  isDifference: boolean,
): Found | null {
  const lengths = groups.map(({ events }) => events[0]?.meeting.durationMinutes ?? null);
  const [a, b] = lengths;
  const scope = groups.map(({ name }) => name);
  const which = asked.has('shortest') ? WHICH['shortest'] : WHICH['longest'];
  const events = sorted(groups.flatMap((group) => group.events.slice(0, 1)));
  const found = { kind: 'order', which, scope, events };
  if (isThan && a != null && b != null) {
    const isSo = asked.has('shortest') ? a < b : a > b;
    const items = groups.map(({ name }, i) => `${name}: ${lengths[i] ?? '?'}`);
    const note = words(`${items.join(', ')} minutes`, `${items.join('、')}分`);
    const degree = asked.has('shortest') ? words('shorter', '短い') : words('longer', '長い');
    return { ...found, which: degree, value: isSo ? 'yes' : 'no', items, note };
  }
  if (a != null && b != null && isDifference) {
    const items = groups.map(({ name }, i) => `${name}: ${lengths[i] ?? '?'}`);
    return {
      ...found,
      which: words('difference', '差'),
      value: Math.abs(a - b),
      unit: MINUTES,
      items,
    };
  }
  if (a != null && a === b) {
    const note = words(`Both ${a} minutes`, `どちらも${a}分`);
    return { ...found, value: 'equal', note };
  }
  if (a == null || b == null)
    return {
      ...found,
      value: null,
      note: NOTES.noLength(lengths.filter((one) => one === null).length, 2),
    };
  const isFirst = a > b !== asked.has('shortest');
  const value = groups[isFirst ? 0 : 1]?.name ?? null;
  return {
    ...found,
    value,
    items: lengths.map((one, i) => `${groups[i]?.name ?? ''}: ${one ?? '?'}`),
    note: null,
  };
}

/** Minutes by which the lengths of two events differ, or from one to the other on one day: from its end, or from its start. */
export function gap(asked: Asked): Found | null {
  const { query, vocabulary } = asked;
  const { anchor } = query;
  if (anchor?.relation !== 'between' || !asked.has('minutes', 'long', 'apart', 'difference'))
    return null;
  const [before, after] = anchor.entities.map(({ filters }) => eventsThatFit(filters, vocabulary));
  const [a, b] = [before?.at(-1), after?.[0]];
  if (a === undefined || b === undefined) return null;
  const scope = anchor.entities.map(({ text }) => text);
  const found = { kind: 'distance', scope, events: sorted([a, b]), unit: MINUTES, note: null };
  const [length, other] = [lengthOf(a), lengthOf(b)];
  if (asked.has('difference'))
    return length === null || other === null
      ? { ...found, value: null, note: NOTES.noLengths }
      : { ...found, value: Math.abs(length - other) };
  if (a.meeting.date === null || a.meeting.date !== b.meeting.date) return null;
  const [from, to] = [hourOf(a), hourOf(b)];
  const lasted = asked.has('start') && !asked.has('end') ? 0 : length;
  if (from !== null && to !== null && to - from < (lasted ?? 0)) return null;
  return from === null || to === null || lasted === null
    ? { ...found, value: null, note: NOTES.unknownTimes }
    : { ...found, value: to - from - lasted };
}

/** Null where no source has it, or two have it otherwise. */
const lengthOf = ({ meeting }: TourEvent): number | null =>
  meeting.durationAlternativeMinutes === undefined ? meeting.durationMinutes : null;

const hourOf = ({ meeting, start }: TourEvent): number | null =>
  start !== null && start[0] === start[1] && meeting.localStartAlternative === undefined
    ? start[0]
    : null;

/** "How many days between Lisbon and Lima?" */
export function distance(asked: Asked): Found | null {
  const { query, vocabulary } = asked;
  const named = query.items.filter(isEntity);
  const isSpan = query.anchor !== null && asked.has('count', 'long') && asked.has('day', 'long');
  const [a, b] = named.map(({ filters }) => eventsThatFit(filters, vocabulary)[0]);
  const [from, to] = [a?.meeting.date, b?.meeting.date];
  if (!(isSpan || asked.has('apart')) || named.length !== 2 || a === undefined || b === undefined)
    return null;
  if (from == null || to == null) return null;
  const scope = named.map(({ text }) => text);
  const value = Math.abs(daysBetween(from, to));
  return { kind: 'distance', value, unit: DAYS, scope, events: sorted([a, b]), note: null };
}

/** What came right before or after: "whom did she see straight before X?" */
export function neighbour(asked: Asked): Found | null {
  const { query, vocabulary, target } = asked;
  const { anchor } = query;
  if (anchor === null || !asked.asks() || asked.has('count', 'all', 'overview', 'nth')) return null;
  const isDay = anchor.entities.every(({ filters }) => filters.days !== null);
  const isOne =
    anchor.straight ||
    asked.has('next') ||
    !(isDay || asked.asksAll() || asked.filters.places.length > 0);
  if (!isOne || (anchor.relation !== 'before' && anchor.relation !== 'after')) return null;
  const { timeline } = vocabulary;
  const isLater = anchor.relation === 'after';
  const named = dated(anchorEvents(anchor, vocabulary));
  const edge = isLater ? named.at(-1) : named[0];
  if (edge === undefined) return null;
  if (isPlaceTarget(target)) return neighbourPlace(asked, edge, isLater);
  const order = (a: TourEvent, b: TourEvent): boolean | null =>
    isLater ? timeline.isBefore(a, b) : timeline.isBefore(b, a);
  const isBeyond = ({ meeting }: TourEvent): boolean =>
    isLater ? meeting.order > edge.meeting.order : meeting.order < edge.meeting.order;
  const pool = dated(asked.pool(eventsThatFit(asked.filters, vocabulary)));
  const beyond = pool.filter((event) => !named.includes(event) && isBeyond(event));
  const next = isLater ? beyond[0] : beyond.at(-1);
  if (next === undefined) return null;
  const rivals = pool.filter(
    (event) =>
      isNear(event, next) &&
      event !== edge &&
      order(edge, event) !== false &&
      order(next, event) !== true,
  );
  const isSettled = isNear(next, edge)
    ? order(edge, next) === true
    : timeline.isExtreme(next, rivals, isLater ? 'first' : 'last');
  return asked.one(next, isSettled, rivals, undefined);
}

function neighbourPlace(asked: Asked, edge: TourEvent, isLater: boolean): Found | null {
  const { stays, countryStays } = asked.vocabulary.timeline;
  const isCountry = asked.target === 'countries';
  const all = isCountry ? countryStays : stays;
  const holds = ({ events }: Stay): boolean => events.includes(edge);
  const event = all[isLater ? all.findLastIndex(holds) + 1 : all.findIndex(holds) - 1]?.events[0];
  // Where the tour set out from was not visited.
  const { home } = asked.vocabulary.timeline;
  if (event === undefined || (asked.has('go') && event.country === home)) return null;
  const name = isCountry ? event.meeting.country : event.meeting.city;
  const day = dateInWords(event.meeting.date ?? '', 'en');
  const value = asked.has('when', 'day') ? `${name}, ${day}` : name;
  return { kind: asked.target, value, events: [event], items: [name], note: null };
}

/** "The earliest start": by the hour, not by the day. */
const BY_CLOCK = /earliest|latest|early|late\b|早|遅/i;

export function byClock(asked: Asked): Found | null {
  const which = asked.has('first') ? 'first' : 'last';
  const isAsked = asked.has('first') !== asked.has('last') && asked.has('start', 'clock');
  const isClock = asked.has('clock') && asked.filters.days?.length === 1;
  if (!isAsked || asked.has('tour', 'route')) return null;
  if (!isClock && !BY_CLOCK.test(asked.query.text)) return null;
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
  const isChoice =
    asked.has('or') &&
    places.length > 0 &&
    days !== null &&
    !asked.has('first', 'last', 'more', 'fewer');
  if (!asked.isPlain || query.anchor !== null || !(isChoice || (isNight && target === 'places')))
    return null;
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
  return {
    kind: 'places',
    value: items.join(', '),
    events,
    items,
    note: isNight ? NOTES.lastEvent : null,
  };
}

/** The first, the last or the third of what is asked for. */
export function ranked(
  asked: Asked,
  which: 'first' | 'last' | 'nth',
  pool: readonly TourEvent[],
): Found | null {
  // "Was it her first time there?" asks for no event.
  if (isYesNo(asked.query)) return null;
  const known = dated(pool);
  const isFromEnd = which === 'last' && asked.has('nth');
  // "The first and the last country".
  const isBoth = which === 'last' && asked.has('first') && asked.has('and');
  const number = which === 'nth' ? nthOf(asked.query) : isFromEnd ? 2 : asked.numberBeside(which);
  const groups = asked.groups(asked.target === 'days' ? 'events' : asked.target, known);
  const group =
    which === 'last' ? groups.at(isFromEnd ? -2 : -1) : groups[which === 'nth' ? number - 1 : 0];
  const event = which === 'last' ? known.at(-1) : known[0];
  const { timeline } = asked.vocabulary;
  if (group === undefined || event === undefined || asked.has('overview', 'all')) return null;
  // "The second stop after X" is another one after each of several visits to X.
  if (which === 'nth' && isSeveralTimes(asked)) return null;
  if (isBoth && groups.length > 1)
    return asked.named(
      [groups[0], groups.at(-1)].flatMap((one) => one ?? []),
      words('first and last', '最初と最後'),
    );
  if (number > 1 && which !== 'nth' && !isFromEnd) {
    const several = which === 'first' ? groups.slice(0, number) : groups.slice(-number);
    return {
      ...asked.named(several, words(`${which} ${number}`, `${WHICH[which]?.ja ?? ''}の${number}`)),
    };
  }
  const label = isFromEnd
    ? words('last but one', '最後から2番目')
    : which === 'nth'
      ? words(`number ${number}`, `${number}番目`)
      : WHICH[which];
  if (isPlaceTarget(asked.target) && !asked.isPlain) {
    return { ...asked.listed(asked.groups(asked.target, [event]), label), events: [event] };
  }
  if (isPlaceTarget(asked.target) || which === 'nth' || isFromEnd) {
    return { ...asked.named([group], label), events: group.events.slice(0, 1) };
  }
  // Those that it may be: near it in time, and none of the others is surely beyond them.
  const isBeyond = (one: TourEvent, other: TourEvent): boolean =>
    (which === 'last' ? timeline.isBefore(one, other) : timeline.isBefore(other, one)) === true;
  const near = known.filter(
    (one) => isNear(one, event) && !known.some((other) => isBeyond(one, other)),
  );
  return asked.one(event, timeline.isExtreme(event, known, which), near, label);
}

function isSeveralTimes({ query: { anchor }, vocabulary }: Asked): boolean {
  const events = anchor === null ? [] : anchorEvents(anchor, vocabulary);
  const holds = ({ events: own }: Stay): boolean => own.some((event) => events.includes(event));
  return vocabulary.timeline.stays.filter(holds).length > 1;
}

/** 3 for "the third", 0 when no number is told. */
export function nthOf({ items }: Query): number {
  const at = items.findIndex(({ classes }) => classes.has('nth'));
  const before = items[at - 1];
  return before?.figure === true ? numberOf(before.text) : numberOf(items[at]?.text);
}
