import { Asked, dated, ends, type Found, type Group, sorted } from './asked.ts';
import { covers, eventsThatFit, fits, keepsOrder, peopleAt } from './filters.ts';
import { type Item, merged, NO_FILTERS } from './items.ts';
import type { WordClass } from './lexicon.ts';
import { asksForAny, isPlaceTarget, isYesNo, type Query, type Target } from './query.ts';
import { groupBy, type TourEvent, uniqueBy } from './timeline.ts';
import { DAYS, MINUTES, NIGHTS, NOTES, words, type Words } from './wording.ts';
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
  if (/何時間|\bhours?\b/i.test(query.text)) return { ...found, value: null, note: NOTES.noHours };
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
  if (asked.has('between')) return null;
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

/** "More than five ministers", "only met one mayor", "met four ministers", in a question of yes or no. */
const NUMBER_BOUND = new RegExp(
  `\\b(more than|over|at least|fewer than|less than|exactly|only|just|met|see|meet|visit)(?: met| saw| visited| had)? (\\d+|${CARDINAL_WORDS.join('|')})\\b(?! ?(?:min|hour|day|night|week|of))`,
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
  if (
    number === '' ||
    !isYesNo(query) ||
    asksForAny(query.text) ||
    isPerDay ||
    asked.filters.minutes !== null
  )
    return null;
  const groups = asked.groups(target, asked.pool(asked.events));
  const [count, limit] = [groups.length, numberOf(number)];
  const isSo = /^(?:more|over)/i.test(bound)
    ? count > limit
    : /^at least/i.test(bound)
      ? count >= limit
      : /^(?:fewer|less)/i.test(bound)
        ? count < limit
        : count === limit;
  const which = words(
    `${/^(?:m|s|v)/i.test(bound) && !/^more/i.test(bound) ? '' : bound.toLowerCase()} ${limit}`.trim(),
    `${limit}`,
  );
  const note = words(`The itinerary has ${count}`, `日程では${count}`);
  return { ...asked.listed(groups, undefined), which, value: isSo ? 'yes' : 'no', items: [], note };
}

/** "Was Silva the only president she met?", "were both on the same day?" */
export function togetherSettled(asked: Asked): Found | null {
  const { query, filters, vocabulary, target } = asked;
  if (!isYesNo(query) || query.anchor !== null) return null;
  const { people, offices } = filters;
  const at = query.items.findIndex(({ classes }) => classes.has('only'));
  if (at >= 0 && people.length === 1 && offices.length === 1) {
    const held = eventsThatFit({ ...NO_FILTERS, offices }, vocabulary);
    const names = new Set(
      held.flatMap((event) =>
        peopleAt(event, { ...NO_FILTERS, offices }, vocabulary).map(({ name }) => name),
      ),
    );
    if (!names.has(people[0] ?? '')) return null;
    const items = [...names];
    return {
      kind: 'people',
      scope: [],
      label: offices[0]?.sort.label,
      value: items.length === 1 ? 'yes' : 'no',
      events: held,
      items,
      note: words(items.join(', '), items.join('、')),
    };
  }
  const [, other] = DAY_OF_BOTH.exec(query.text) ?? [];
  if (!DAY_OF_BOTH.test(query.text)) return null;
  const sides =
    target === 'courts'
      ? asked.groups('courts', asked.events).map(({ events }) => events)
      : query.entities
          .filter((item) => item.filters.days === null)
          .map((item) => eventsThatFit(item.filters, vocabulary));
  if (sides.length < 2 || sides.some(({ length }) => length === 0)) return null;
  const datesOf = (events: readonly TourEvent[]): string[] =>
    events.flatMap(({ meeting: { date } }) => date ?? []);
  const common = datesOf(sides[0] ?? []).filter((date) =>
    sides.every((events) => datesOf(events).includes(date)),
  );
  const isSo = common.length > 0 === (other === undefined);
  const events = sorted(uniqueBy(sides.flat(), ({ meeting }) => meeting.id));
  const items = [...new Set(datesOf(events))].map((date) => dateInWords(date, 'en'));
  return {
    kind: 'days',
    value: isSo ? 'yes' : 'no',
    events,
    items,
    note: words(items.join(', '), items.join('、')),
  };
}

const DAY_OF_BOTH = /\b(?:(?:the )?same|(different|separate|two)) (?:day|date)s?\b|同じ日/i;

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

/** What a country, a day or a person must have as a whole: "countries with two meetings", "days without any". */
interface Condition {
  readonly label: Words;
  readonly holds: (events: readonly TourEvent[]) => boolean;
  /** Of all that was done there, not only of what the question names. */
  readonly ofAll?: true;
  /** What is said of the whole, not of each of its events. */
  readonly entities: readonly Item[];
}

const NEGATED =
  /\b(?:(?:did|was|were|has|have) (?:she |he |they )?not|(?:did|was|were|has|have)n['’]?t|never)\b|なかった|ていない|ませんでした/i;

/** What stands in another sentence is said of something else. */
const SENTENCES = /[.?!;] \S|[。？！]./u;

function isOfSeveralSentences({ items, text }: Query): boolean {
  const end = text.search(SENTENCES);
  return end >= 0 && items.some(({ start, classes }) => start > end && !classes.has('filler'));
}

const isMet = ({ others, group }: TourEvent): boolean => others.length > 0 || group !== null;

/** Nouns of which a group may have so many, and how they are counted. */
const COUNTED: readonly (readonly [WordClass, Target])[] = [
  ['day', 'days'],
  ['meeting', 'meetings'],
  ['event', 'events'],
  ['people', 'people'],
  ['country', 'countries'],
  ['city', 'cities'],
];

const BEFORE_NUMBER =
  /\b(?:(?<over>more than|over)|(?<least>at least)|(?<under>fewer than|less than)|(?<most>at most|no more than|up to))(?: the)? $/i;
const AFTER_NUMBER =
  /^(?:間|目)?(?:(?<least>以上| or more\b)|(?<most>以下| or fewer\b)|(?<over>より多|を超))/i;

/** "Two days running", "more than one meeting", 2日以上. */
function numbered(asked: Asked): Condition[] {
  const { items, text } = asked.query;
  return items.flatMap((item, i) => {
    const number =
      item.figure || /^(?:one|single)$/i.test(item.text) ? numberOf(item.text) || 1 : 0;
    const at = items.findIndex(
      ({ classes, figure }, j) =>
        j > i && !figure && !classes.has('filler') && !classes.has('only'),
    );
    const noun = items[at];
    const counted = COUNTED.find(([one]) => noun?.classes.has(one) === true)?.[1];
    const isRanked = (['first', 'last', 'all', 'nth'] as const).some((one) =>
      items[i - 1]?.classes.has(one),
    );
    if (number === 0 || noun === undefined || counted === undefined || isRanked) return [];
    if (counted === asked.target || noun.classes.has('count') || item.days !== null) return [];
    const { over, least, under, most } = {
      ...BEFORE_NUMBER.exec(text.slice(0, item.start))?.groups,
      ...AFTER_NUMBER.exec(text.slice(noun.end))?.groups,
    };
    const isOpen = asked.has('row') || /different|別/i.test(text.slice(item.end, noun.start));
    const size = (events: readonly TourEvent[]): number =>
      asked.has('row') && counted === 'days'
        ? longestRow(events)
        : counted === 'meetings'
          ? events.filter(isMet).length
          : asked.groups(counted, events).length;
    const holds = (events: readonly TourEvent[]): boolean => {
      const own = size(events);
      if (over !== undefined) return own > number;
      if (under !== undefined) return own < number;
      if (most !== undefined) return own <= number;
      return least !== undefined || isOpen ? own >= number : own === number;
    };
    const label = text.slice(item.start, noun.end);
    return [{ label: words(label, label), holds, entities: [] }];
  });
}

/** Days in a row. */
function longestRow(events: readonly TourEvent[]): number {
  const days = [...new Set(events.flatMap(({ meeting: { date } }) => date ?? []))].sort();
  let [row, longest] = [0, 0];
  for (const [i, day] of days.entries()) {
    row = i > 0 && daysBetween(days[i - 1] ?? '', day) === 1 ? row + 1 : 1;
    longest = Math.max(longest, row);
  }
  return longest;
}

/** "Both the president and the prime minister", "a lunch and a press conference". */
function joint(asked: Asked): Condition[] {
  const { query, vocabulary, target } = asked;
  const { items, text } = query;
  const named = query.entities.filter(({ filters: { offices, kinds, people, genders } }) =>
    target === 'people'
      ? kinds.length > 0
      : offices.length + kinds.length + people.length + genders.length > 0,
  );
  const [first, last] = [named[0], named.at(-1)];
  if (first === undefined || last === undefined || named.length < 2) return [];
  const within = items.slice(items.indexOf(first), items.indexOf(last));
  const isBoth = /\bboth\b|両方|どちらも|いずれも|も.+も/i.test(text);
  const isEach = query.language === 'en' && named.every(({ plural }) => !plural);
  if (!within.some(({ classes }) => classes.has('and')) || !(isBoth || isEach)) return [];
  const holds = (events: readonly TourEvent[]): boolean => {
    const parts = asked.has('same')
      ? [...groupBy(events, ({ country }) => country).values()]
      : [events];
    return parts.some((part) =>
      named.every(({ filters }) => part.some((event) => fits(event, filters, vocabulary))),
    );
  };
  const label = named.map((item) => item.text).join(' + ');
  return [{ label: words(label, label), holds, entities: named }];
}

/** "The only person she met", "no foreign minister", "without meetings". */
function exclusive(asked: Asked): Condition[] {
  const { query, vocabulary } = asked;
  const { items, excluded, entities } = query;
  const conditions: Condition[] = [];
  if (
    asked.has('none') &&
    asked.target !== 'people' &&
    (excluded.length > 0 || asked.has('meeting', 'event', 'meet'))
  ) {
    const noun = asked.has('meeting', 'meet') ? isMet : (): boolean => true;
    const isOne = (event: TourEvent): boolean =>
      excluded.length === 0 ? noun(event) : excluded.some((one) => fits(event, one, vocabulary));
    const holds = (events: readonly TourEvent[]): boolean => !events.some(isOne);
    conditions.push({ label: words('without', '該当なし'), holds, entities: [], ofAll: true });
  }
  // "Which ministers did she not have lunch with?"
  const kinds = entities.filter(({ filters }) => filters.kinds.length > 0);
  if (NEGATED.test(query.text) && kinds.length > 0 && excluded.length === 0) {
    const isOne = (event: TourEvent): boolean =>
      kinds.some(({ filters }) => fits(event, filters, vocabulary));
    const holds = (events: readonly TourEvent[]): boolean => !events.some(isOne);
    conditions.push({ label: words('without', '該当なし'), holds, entities: kinds });
  }
  const at = items.findIndex(({ classes }) => classes.has('only'));
  const before = items[at - 1];
  const isSole =
    at > 0 && (['the', 'be', 'meet', 'see'] as const).some((one) => before?.classes.has(one));
  const named = entities.filter(
    ({ filters: { offices, people, kinds } }) => offices.length + people.length + kinds.length > 0,
  );
  if (isSole && named.length > 0 && asked.target !== 'people') {
    const wanted = merged(named.map(({ filters }) => filters));
    const isOnly = (event: TourEvent): boolean =>
      fits(event, wanted, vocabulary) &&
      (wanted.kinds.length > 0 ||
        peopleAt(event, wanted, vocabulary).length === event.others.length);
    const holds = (events: readonly TourEvent[]): boolean =>
      events.filter(isMet).every(isOnly) && events.some(isOnly);
    conditions.push({ label: words('only', 'のみ'), holds, entities: named });
  }
  return conditions;
}

/** Countries, cities, days or people that have what is asked of them as a whole. */
export function conditional(asked: Asked): Found | null {
  const { query, target, vocabulary } = asked;
  const { span, events: all } = vocabulary.timeline;
  const isGroup = isPlaceTarget(target) || target === 'days' || target === 'people';
  const isOther = asked.has('longest', 'shortest', 'most', 'fewest', 'first', 'last', 'or');
  if (!isGroup || isOther || isOfSeveralSentences(query)) return null;
  const conditions = [...numbered(asked), ...joint(asked), ...exclusive(asked)];
  if (conditions.length === 0) return null;
  const said = conditions.flatMap(({ entities }) => entities);
  const filters = merged(
    query.entities.filter((item) => !said.includes(item)).map((item) => item.filters),
  );
  const { anchor } = query;
  const events = all.filter(
    (event) =>
      fits(event, filters, vocabulary) &&
      (anchor === null || keepsOrder(event, anchor, vocabulary) === true),
  );
  const isOfDays = target === 'days' && span !== null && asked.has('none') && filters.days === null;
  const groups = isOfDays
    ? daysOf(span.first, span.last).map((day) => ({
        name: dateInWords(day, 'en'),
        events: events.filter(({ meeting }) => meeting.date === day),
      }))
    : asked.groups(target, asked.pool(events));
  const isSaid = (event: TourEvent): boolean =>
    said.length === 0 || said.some((item) => fits(event, item.filters, vocabulary));
  const inAll = asked.groups(target, asked.pool(asked.within(filters)));
  const allOf = ({ name, events: own }: Group): readonly TourEvent[] =>
    inAll.find((group) => group.name === name)?.events ?? own;
  const kept = groups
    .filter((group) =>
      conditions.every(({ holds, ofAll }) => holds(ofAll === true ? allOf(group) : group.events)),
    )
    .map(({ name, events: own }) => ({ name, events: own.filter(isSaid) }));
  const [label] = conditions.map((one) => one.label);
  const found = { ...asked.listed(kept, label), note: null };
  const isNone = kept.length === 0 && !asked.has('count');
  if (!isNone) return found;
  return { ...found, value: isYesNo(query) || asksForAny(query.text) ? 'no' : 0 };
}

function daysOf(first: string, last: string): string[] {
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, i) => shiftDate(first, i));
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
