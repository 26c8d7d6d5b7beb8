import { Asked, type Found, isNear, sorted } from './asked.ts';
import {
  type Filters,
  isEntity,
  isPlaceTarget,
  isWord,
  type Item,
  merged,
  NO_FILTERS,
  nounOf,
  type Target,
} from './items.ts';
import type { WordClass } from './lexicon.ts';
import { isLocation } from './premises.ts';
import { isYesNo } from './query.ts';
import {
  anchorEvents,
  dated,
  edgeOf,
  eventsThatFit,
  hourOf,
  peopleAmong,
  type Stay,
  type TourEvent,
  uniqueBy,
} from './timeline.ts';
import { DAYS, MINUTES, NOTES, WHICH, words } from './wording.ts';
import { dateInWords, daysBetween } from '../language/dates.ts';

/** Two or more things that a question names beside each other, set against each other by time, length or number. */

interface Side {
  readonly name: string;
  readonly filters: Filters;
  readonly events: readonly TourEvent[];
  /** No single event or place. */
  readonly isOpen: boolean;
  /** What the others are before or after. */
  readonly isAnchor: boolean;
}

const LINKS: readonly WordClass[] = ['or', 'and', 'than', 'before', 'after', 'until', 'since'];
const SPLIT = /[,;、]|\bvs?\b/u;

/** What stands on either side of "or", "than", "before" …; a day or a kind of event by itself is said of all sides. */
function sidesOf({ query, vocabulary, target }: Asked): Side[] {
  const { items, text, anchor } = query;
  const parts: Item[][] = [[]];
  for (const [i, item] of items.entries()) {
    const gap = text.slice(items[i - 1]?.end ?? 0, item.start);
    if (SPLIT.test(gap) || isWord(item, ...LINKS)) parts.push([]);
    const named = anchor?.entities.find(({ start }) => start === item.start) ?? item;
    if (isEntity(named)) parts.at(-1)?.push(named);
    // "The Swedish minister before the Finnish one".
    const [last, office] = [parts.at(-1)?.at(-1), parts.flat()[0]?.filters.offices[0]];
    const [place] = last?.filters.places ?? [];
    if (/^one$/i.test(item.text) && last !== undefined && place && office) {
      const filters = { ...NO_FILTERS, offices: [{ ...office, country: place }] };
      parts.at(-1)?.splice(-1, 1, { ...last, filters });
    }
  }
  const filled = uniqueBy(
    parts.filter(({ length }) => length > 0),
    (part) => part.map((item) => item.text.toLowerCase()).join(' '),
  );
  const isAside = (part: readonly Item[], isStrict: boolean): boolean =>
    part.every(
      ({ filters: { days, parts: hours, kinds, clock } }) =>
        days !== null || clock !== null || hours.length > 0 || (!isStrict && kinds.length > 0),
    );
  const isStrict = filled.filter((part) => !isAside(part, false)).length < 2;
  const isOfDays = filled.length > 1 && filled.every((part) => isAside(part, true));
  // "Which Sunday, the 7th or the 14th?"
  const daysIn = (part: readonly Item[]): readonly string[] =>
    part.flatMap((item) => item.filters.days ?? []);
  const isWider = (part: readonly Item[]): boolean =>
    filled.some((one) => one !== part && daysIn(one).every((day) => daysIn(part).includes(day)));
  const named = isOfDays
    ? filled.filter((part) => !isWider(part))
    : filled.filter((part) => !isAside(part, isStrict));
  // "More women in Lima or in Quito": what only one side says besides what is compared is said of all.
  const isPlace = (item: Item): boolean => item.filters.places.length > 0;
  const placed = named.filter((part) => part.some(isPlace));
  const sides = placed.length > 1 ? placed : named;
  const isOfPlaces = sides.every((part) => part.some(isPlace));
  const isCompared = (item: Item): boolean => isPlace(item) === isOfPlaces;
  const isMixed = sides.every((part) => part.some(isCompared));
  const isShared = (item: Item): boolean =>
    sides.some((part) => part.every(isCompared)) && (!isPlace(item) || isLocation(item, query));
  const common = [
    ...(isOfDays ? [] : filled.filter((part) => !sides.includes(part)).flat()),
    ...(isMixed && sides.length > 1
      ? sides.flat().filter((item) => !isCompared(item) && isShared(item))
      : []),
  ];
  return sides
    .map((part) => part.filter((item) => !common.includes(item)))
    .map((part) => {
      const filters = merged([...part, ...common].map((item) => item.filters));
      const events = eventsThatFit(filters, vocabulary);
      const people = peopleAmong(events, filters, vocabulary);
      const [place] = merged(part.map((item) => item.filters)).places;
      const [office] = people.length > 1 ? filters.offices : [];
      const label = office?.sort.label[query.language];
      const [person, ...others] = people;
      const text = part.map((item) => item.text).join(' ');
      const [day] = isOfDays ? daysIn(part) : [];
      const dated = day === undefined ? undefined : dateInWords(day, 'en');
      const sole = others.length === 0 ? person?.name : undefined;
      const whom = target === 'people' ? sole : undefined;
      const name = dated ?? whom ?? place?.name ?? label ?? sole ?? text;
      const isOpen = place === undefined && people.length > 1 && events.length > 1;
      const isAnchor = part.some((item) => anchor?.entities.includes(item) === true);
      return { name, filters, events, isOpen, isAnchor };
    });
}

/** "Lisbon or Madrid first?", "was X before or after Y?", "was X longer than Y?", "more meetings in X than in Y?" */
export function comparison(asked: Asked): Found | null {
  const { query } = asked;
  const isEither =
    asked.has('before') &&
    asked.has('after') &&
    (asked.has('or') || /前.+後|後.+前/.test(query.text));
  const isThan = asked.has('than') && isYesNo(query);
  // 「AとB、多いのは？」
  const isOfTwo = query.language === 'ja' && /と.+[、は].*(?:のは|の?方[はが])/.test(query.text);
  // "Silva and Ibarra, whose was the shorter one?"
  const isOfBoth =
    query.language === 'en' && asked.filters.people.length + asked.filters.offices.length > 1;
  const isOr = asked.has('or') || isOfTwo || isOfBoth;
  const isChoice = isOr || asked.has('than');
  const isLonger = asked.has('longest', 'shortest');
  const isBy = asked.has('than') && asked.has('minutes') && !isYesNo(query);
  const isDifference =
    isBy || (asked.has('difference') && asked.has('long', 'minutes', 'longest', 'shortest'));
  const isVersus = /\b(?:vs|versus)\b/i.test(query.text);
  const isSize =
    !isLonger && ((asked.has('more', 'fewer') && isChoice) || (asked.has('count') && isVersus));
  const isLength = isDifference || ((isOr || isThan) && isLonger);
  const isEarlier = /\b(?:earlier|sooner|later)\b/i.test(query.text);
  if (asked.has('elsewhere') && !isEarlier) return null;
  const isFirst = asked.has('or') && (isEarlier || asked.has('first', 'last', 'before', 'after'));
  const isQuestion =
    query.anchor !== null && !query.anchor.straight && (isYesNo(query) || isEither);
  if (!(isSize || isLength || isFirst || isQuestion)) return null;
  const sides = sidesOf(asked);
  const [a, b] = sides;
  if (a === undefined || b === undefined || sides.some(({ events }) => events.length === 0))
    return null;
  if (isSize) return sides.length === 2 ? bySize(asked, [a, b]) : null;
  // Of two bodies, the one where she was first.
  const isOfBodies = isFirst && !isLength && sides.every(isBody);
  if (!isOfBodies && sides.some(({ isOpen }) => isOpen)) return null;
  if (isLength) return byLength(asked, sides, { isThan, isDifference });
  if (isQuestion) {
    const { relation } = query.anchor;
    const isOther = relation !== 'before' && relation !== 'after' && !isEither;
    if (isOther || sides.length > 2) return null;
    return a.isAnchor && !b.isAnchor
      ? isSo(asked, [b, a], isEither)
      : isSo(asked, [a, b], isEither);
  }
  return firstOf(asked, sides);
}

const isBody = ({ filters: { organisations } }: Side): boolean => organisations.length > 0;

/** Whether the first side came before the second, or which of "before" and "after" it was. */
function isSo(asked: Asked, [a, b]: readonly [Side, Side], isEither: boolean): Found | null {
  const [first, second] = [a.events[0], b.events[0]];
  if (first === undefined || second === undefined || first === second) return null;
  const isBefore = asked.vocabulary.timeline.isBefore(first, second);
  const items = [a.name, b.name];
  const found = { kind: 'order', events: sorted([first, second]), scope: items, items };
  if (isBefore === null) return { ...found, value: null, note: NOTES.unknownTimes };
  const isTrue = isBefore === (asked.query.anchor?.relation === 'before');
  const value = isEither ? (isBefore ? 'before' : 'after') : isTrue ? 'yes' : 'no';
  return { ...found, value, note: null };
}

/** The side that came first, or last. */
function firstOf(asked: Asked, sides: readonly Side[]): Found | null {
  const { timeline } = asked.vocabulary;
  const isLast = asked.has('last') || /\blater\b/i.test(asked.query.text);
  const items = sides.map(({ name }) => name);
  const events = sides.flatMap((side) => side.events[0] ?? []);
  const found = { kind: 'order', scope: items, items };
  const orderOf = (one: TourEvent, other: TourEvent): boolean | null =>
    isLast ? timeline.isBefore(other, one) : timeline.isBefore(one, other);
  const at = events.findIndex((one) =>
    events.every((other) => other === one || orderOf(one, other) === true),
  );
  const event = events[at];
  if (event === undefined)
    return { ...found, events: sorted(events), value: null, note: NOTES.unknownTimes };
  const which = WHICH[isLast ? 'last' : 'first'];
  return { ...found, which, value: items[at] ?? null, events: [event], note: null };
}

/** "Did she have more meetings in X than in Y?", "Where were more, in X or in Y?": meetings, people or days. */
function bySize(asked: Asked, [a, b]: readonly [Side, Side]): Found | null {
  const { query } = asked;
  const isOfTime = /\btime\b|minutes/i.test(query.text) && !asked.has('day', 'night');
  const measure = isOfTime
    ? 'minutes'
    : asked.has('long', 'day', 'night')
      ? 'days'
      : asked.has('people') || asked.filters.genders.length > 0
        ? 'people'
        : 'meetings';
  if (isOfTime && [a, b].some(({ filters: { places } }) => places.length > 0)) return null;
  const sizes = [a, b].map(({ events, filters }) => asked.measured(events, measure, filters));
  const [first = 0, second = 0] = sizes;
  const isMore = asked.has('fewer') ? first < second : first > second;
  const items = [a, b].map(({ name }, i) => `${name}: ${sizes[i] ?? 0}`);
  const which = asked.has('fewer') ? words('fewer', '少ない') : words('more', '多い');
  const winner = first === second ? null : (isMore ? a : b).name;
  const value = isYesNo(query) && !query.has('or') ? (isMore ? 'yes' : 'no') : winner;
  const events = sorted([...new Set([...a.events, ...b.events])]);
  const note = words(items.join(', '), items.join('、'));
  return { kind: 'order', scope: [a.name, b.name], which, value, events, items, note };
}

/** "Which lasted longer, the talks with X or with Y?", "Were those with X longer than those with Y?", in minutes or days. */
function byLength(
  asked: Asked,
  sides: readonly Side[],
  { isThan, isDifference }: { isThan: boolean; isDifference: boolean },
): Found | null {
  const isStay = sides.every(
    ({ filters: { places, people, kinds, offices, organisations } }) =>
      places.length > 0 &&
      people.length + kinds.length + offices.length + organisations.length === 0,
  );
  const sizes = sides.flatMap(({ events }) =>
    isStay ? asked.measured(events, 'days') : (events[0]?.meeting.durationMinutes ?? []),
  );
  const names = sides.map(({ name }) => name);
  const isShorter = asked.has('shortest');
  const which = WHICH[isShorter ? 'shortest' : 'longest'];
  const events = sorted(sides.flatMap((side) => side.events.slice(0, 1)));
  const found = { kind: 'order', which, scope: names, events };
  if (sizes.length < names.length) {
    const note = NOTES.noLength(names.length - sizes.length, names.length);
    return { ...found, value: null, note };
  }
  const [a = 0, b = 0] = sizes;
  const items = names.map((name, i) => `${name}: ${sizes[i] ?? 0}`);
  const unit = isStay ? DAYS : MINUTES;
  if (isDifference)
    return { ...found, which: words('difference', '差'), value: Math.abs(a - b), unit, items };
  if (isThan) {
    const isEqual = /\bas long as\b/i.test(asked.query.text);
    const isSo = isEqual ? a === b : isShorter ? a < b : a > b;
    const degree = isShorter ? words('shorter', '短い') : words('longer', '長い');
    const note = words(`${items.join(', ')} ${unit.en}`, `${items.join('、')}${unit.ja}`);
    return { ...found, which: degree, value: isSo ? 'yes' : 'no', items, note };
  }
  const best = isShorter ? Math.min(...sizes) : Math.max(...sizes);
  const winners = sides.filter((_, i) => sizes[i] === best);
  const value = winners.map(({ name }) => name).join(', ');
  // Of many, the others are no part of the answer.
  if (sides.length > 2)
    return { ...found, scope: [], value, events: winners.flatMap((one) => one.events.slice(0, 1)) };
  if (winners.length > 1) {
    const both = words(`Both ${best} ${unit.en}`, `どちらも${best}${unit.ja}`);
    return { ...found, value: 'equal', note: both };
  }
  return { ...found, value, items, note: null };
}

/** Those with a known start last. */
const timedFirst = (events: readonly TourEvent[]): TourEvent[] => [
  ...events.filter((event) => hourOf(event) === null),
  ...events.filter((event) => hourOf(event) !== null),
];

/** Minutes by which the lengths of two events differ, or from one to the other on one day: from its end, or from its start. */
export function gap(asked: Asked): Found | null {
  const { query, vocabulary } = asked;
  const { anchor } = query;
  if (anchor === null || !asked.has('minutes', 'long', 'apart', 'difference') || asked.has('day'))
    return null;
  // Two bodies differ in more than how long she was at them.
  const isOfBodies = anchor.entities.every(({ filters }) => filters.organisations.length > 0);
  if (isOfBodies && !asked.has('minutes', 'long', 'apart')) return null;
  // "When she left Silva, how long until the lunch?"
  const isUntil =
    anchor.relation === 'until' || (anchor.relation === 'before' && asked.has('long'));
  if (anchor.relation !== 'between' && !isUntil) return null;
  // What a question names by itself, and what it puts it before.
  const ends =
    anchor.relation === 'between'
      ? anchor.entities
      : [query.entities, anchor.entities].map((items) => ({
          text: items.map(({ text }) => text).join(' '),
          filters: merged(items.map(({ filters }) => filters)),
        }));
  const [before, after] = ends.map(({ filters }) => timedFirst(eventsThatFit(filters, vocabulary)));
  const firstOf = (events: readonly TourEvent[] = []): TourEvent | undefined =>
    events.find((event) => hourOf(event) !== null) ?? events[0];
  const [ahead, behind] = [before?.at(-1), firstOf(after)];
  const isTurned =
    ahead !== undefined && behind !== undefined && ahead.meeting.order > behind.meeting.order;
  // "Between the lunch and the talks" is the same whichever was first.
  const [a, b] =
    isTurned && anchor.relation === 'between' ? [after?.at(-1), firstOf(before)] : [ahead, behind];
  if (a === undefined || b === undefined) return null;
  const scope = ends.map(({ text }) => text);
  const found = { kind: 'distance', scope, events: sorted([a, b]), unit: MINUTES, note: null };
  const [length, other] = [lengthOf(a), lengthOf(b)];
  if (asked.has('difference'))
    return length === null || other === null
      ? { ...found, value: null, note: NOTES.noLengths }
      : { ...found, value: Math.abs(length - other) };
  if (a.meeting.date === null || a.meeting.date !== b.meeting.date) return null;
  const [from, to] = [hourOf(a), hourOf(b)];
  // "From the start of the lunch"; but "until the lunch began".
  const start = query.items.find(({ classes }) => classes.has('start'))?.start ?? Infinity;
  const isFromStart = start < query.text.indexOf(ends[0]?.text ?? '');
  const lasted = isFromStart && !asked.has('end', 'move') ? 0 : length;
  if (from !== null && to !== null && to - from < (lasted ?? 0)) return null;
  return from === null || to === null || lasted === null
    ? { ...found, value: null, note: NOTES.unknownTimes }
    : { ...found, value: to - from - lasted };
}

/** Null where no source has it, or two have it otherwise. */
const lengthOf = ({ meeting }: TourEvent): number | null =>
  meeting.durationAlternativeMinutes === undefined ? meeting.durationMinutes : null;

/** "How many days between Lisbon and Lima?" */
export function distance(asked: Asked): Found | null {
  const { query } = asked;
  // 「XからYまで何日」
  const isCounted = query.anchor !== null && /まで(?:に)?何日/.test(query.text);
  // "Days from Lima to Quito?"
  const isBare = query.anchor?.relation === 'between' && asked.target === 'days' && !asked.asks;
  const isSpan =
    isBare ||
    ((query.anchor !== null || asked.has('between')) &&
      asked.has('count', 'long') &&
      asked.has('day', 'long'));
  if (!(isSpan || isCounted || asked.has('apart')) || (asked.has('when') && !isCounted))
    return null;
  const named = query.items.filter(isEntity);
  const sides = named.map(({ filters }) => asked.fitting(filters));
  const [a, b, ...others] = sides.map((events) => events[0]);
  const [from, to] = [a?.meeting.date, b?.meeting.date];
  if (a === undefined || b === undefined || from == null || to == null || others.length > 0)
    return null;
  const scope = named.map(({ text }) => text);
  const value = Math.abs(daysBetween(from, to));
  return { kind: 'distance', value, unit: DAYS, scope, events: sorted([a, b]), note: null };
}

const HAD_MET =
  /\b(?:already|still|all of them|everyone|everybody)\b|\bhad (?:she|he|they|\w+) .*\bbefore\b|^before .*\bhad\b/i;

/** What came right before or after: "whom did she see straight before X?" */
export function neighbour(asked: Asked): Found | null {
  const { query, vocabulary, target } = asked;
  const { anchor } = query;
  const isAsked = asked.asks || asked.isNounPhrase;
  // "Name the city that came right after X" is one.
  const noun = query.items.find((item) => nounOf(item) === target);
  const isOne = anchor?.straight === true && isPlaceTarget(target) && noun?.plural === false;
  const isMany =
    asked.has('count', 'overview') ||
    (asked.has('all') && !isOne) ||
    // "Whom had she met before X?" asks for all of them.
    HAD_MET.test(query.text) ||
    asked.tells('nth') ||
    // "Which ministers followed?"
    (asked.asksAll && query.items.some(({ text }) => /^follow/i.test(text)));
  if (anchor === null || !isAsked || isMany) return null;
  // "The last one before X" is the next to it, "the first one before X" is not.
  if (asked.tells(anchor.relation === 'before' ? 'first' : 'last')) return null;
  const isDay = anchor.entities.every(({ filters }) => filters.days !== null);
  const isNext =
    anchor.straight ||
    asked.has('next') ||
    !(isDay || asked.asksAll || asked.filters.places.length > 0);
  if (!isNext || (anchor.relation !== 'before' && anchor.relation !== 'after')) return null;
  const { timeline } = vocabulary;
  const isLater = anchor.relation === 'after';
  const named = dated(anchorEvents(anchor, vocabulary));
  const edge = edgeOf(anchor, named);
  if (edge === undefined) return null;
  if (isPlaceTarget(target)) return neighbourPlace(asked, edge, isLater);
  const order = (a: TourEvent, b: TourEvent): boolean | null =>
    isLater ? timeline.isBefore(a, b) : timeline.isBefore(b, a);
  const isBeyond = ({ meeting }: TourEvent): boolean =>
    isLater ? meeting.order > edge.meeting.order : meeting.order < edge.meeting.order;
  const pool = dated(asked.pool(eventsThatFit(asked.filters, vocabulary)));
  const beyond = pool.filter((event) => event !== edge && isBeyond(event));
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
  const target: Target = isCountry ? 'countries' : 'cities';
  const [name = ''] = asked.namesOf(target, event);
  const day = dateInWords(event.meeting.date ?? '', 'en');
  const value = asked.has('when', 'day') ? `${name}, ${day}` : name;
  return { kind: asked.target, value, events: [event], items: [name], note: null };
}
