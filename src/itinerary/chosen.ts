import type { Asked, Found, Group } from './asked.ts';
import { eventsThatFit } from './filters.ts';
import { isLocation } from './premises.ts';
import { merged, NO_FILTERS } from './items.ts';
import { nthOf, ranked } from './orders.ts';
import { asksForAny, isPlaceTarget, isYesNo, type Query } from './query.ts';
import { visitsAmong } from './tallies.ts';
import { stemsOf, type TourEvent } from './timeline.ts';
import { MINUTES, NOTES, WHICH, words } from './wording.ts';

/** More places with stays of one length are no answer. */
const MOST_TIES = 4;

/** All, or the first, the longest … of what is asked for. */
export function chosen(asked: Asked): Found | null {
  const { filters, target, query } = asked;
  const which = (
    ['once', 'longest', 'shortest', 'most', 'fewest', 'last', 'first', 'nth'] as const
  ).find((one) => asked.has(one));
  if (which === undefined && !isListAsked(asked)) return null;
  const repeated = which === 'once' && isYesNo(query) ? isRepeated(asked) : null;
  if (repeated !== null) return repeated;
  if (filters.people.length > 0 && !isPersonListed(asked)) return null;
  const isTold =
    filters.genders.length + filters.kinds.length + filters.meetings.length > 0 ||
    asked.has('meet', 'see', 'go', 'meeting', 'tour') ||
    (asked.has('traveller') && !(asked.has('who') && query.entities.length === 0)) ||
    (filters.offices.some(({ plural }) => plural) && asked.isNounPhrase()) ||
    (asked.has('count') && filters.places.length + filters.organisations.length === 0) ||
    (asked.has('route') && asked.has('people')) ||
    (asked.has('all') && target === 'people' && filters.places.length > 0) ||
    (asked.has('say') && filters.minutes !== null) ||
    (asked.has('with') && which !== undefined);
  const isOne =
    asked.has('who') &&
    filters.offices.some(({ plural }) => !plural) &&
    filters.genders.length === 0 &&
    !asked.has('meet', 'see', 'meeting');
  if (target === 'people' && (!isTold || isOne)) return null;
  if (target === 'days' && filters.days !== null && which === undefined) return null;
  // Places by how long she stayed: only the longest and the shortest stay are told.
  const isByLength = asked.has('day', 'night') && asked.filters.days === null;
  if (isPlaceTarget(target) && which === undefined && (isByLength || asked.has('night')))
    return null;
  const isStay =
    asked.has('be', 'go', 'meet') && (query.language === 'ja' || asked.has('traveller', 'tour'));
  if (
    target === 'days' &&
    which !== 'most' &&
    which !== 'fewest' &&
    which !== 'longest' &&
    which !== 'shortest' &&
    (!isStay || filters.kinds.length > 0 || asked.has('meeting', 'event'))
  )
    return null;
  if (
    asked.has('often') &&
    asked.isPlain &&
    filters.places.length > 0 &&
    !asked.has('meeting', 'event', 'meet')
  ) {
    const visits = visitsAmong(asked, asked.events);
    return { kind: 'visits', value: visits.length, events: visits };
  }
  const isUnlimited = query.entities.length === 0 && query.anchor === null && which === undefined;
  if (isUnlimited && target === 'events' && !asked.has('event', 'tour', 'route', 'meet', 'do'))
    return null;
  if (filters.genders.length > 1) return null;
  const pool = asked.pool(asked.events);
  if (pool.length === 0)
    return which === undefined && query.entities.length > 0 ? nothing(asked) : null;
  if (which === 'longest' || which === 'shortest') return extremes(asked, which, pool);
  if (which === 'first' || which === 'last' || which === 'nth') return ranked(asked, which, pool);
  const isVisits = which === 'once' && isPlaceTarget(target);
  const groups = asked.groups(target, isVisits ? visitsAmong(asked, pool) : pool);
  const sizeOf = ({ events }: Group): number =>
    asked.has('most', 'fewest') && asked.has('people')
      ? asked.groups('people', events).length
      : events.length;
  const most = Math.max(...groups.map(sizeOf));
  const fewest = Math.min(...groups.map(sizeOf));
  const least = which === 'most' ? most : which === 'once' ? 2 : 0;
  const kept = groups.filter(
    (group) => sizeOf(group) >= least && (which !== 'fewest' || sizeOf(group) === fewest),
  );
  if (kept.length === 0 && target === 'people' && !asked.has('count', 'often'))
    return { kind: target, value: null, events: pool, note: NOTES.nobodyNamed };
  const label =
    which === 'most'
      ? words(`most (${most})`, `最多、${most}件`)
      : which === 'fewest'
        ? words(`fewest (${fewest})`, `最少、${fewest}件`)
        : WHICH[which ?? ''];
  return asked.listed(kept, label);
}

/** "In which meetings did X come up?", "with whom did she discuss X?": by the topics that the itinerary gives. */
export function aboutTopic(asked: Asked): Found | null {
  const { query, has, vocabulary } = asked;
  const { entities, unknown } = query;
  const isOfMeetings = has('meeting') || query.filters.kinds.length > 0;
  const isWhom = has('who') && has('with');
  const isAsked = has('which', 'all', 'count', 'often', 'where') && (isOfMeetings || has('where'));
  if (
    !(isAsked || isWhom) ||
    !has('say') ||
    has('other', 'act', 'except', 'none', 'count', 'often')
  )
    return null;
  if (query.anchor !== null || asked.has('first', 'last', 'longest', 'shortest')) return null;
  const named = entities.filter(
    (item) => item.filters.places.length > 0 && !isLocation(item, query),
  );
  const content = [...named, ...unknown].toSorted((a, b) => a.start - b.start);
  // Words beside each other are of one topic: "North Korea".
  const topics: string[][] = [];
  for (const [i, item] of content.entries()) {
    const before = content[i - 1];
    const isBeside = before !== undefined && before.end + 1 >= item.start;
    if (isBeside) topics.at(-1)?.push(...stemsOf(item.text));
    else topics.push([...stemsOf(item.text)]);
  }
  if (topics.length === 0) return null;
  const own = merged(entities.filter((item) => !named.includes(item)).map((item) => item.filters));
  // "Meetings or press conferences" are all of them.
  const events = eventsThatFit(has('or') ? { ...own, kinds: [] } : own, vocabulary).filter(
    (event) =>
      topics.every((wanted) =>
        event.topics.some((topic) => wanted.every((word) => topic.has(word))),
      ),
  );
  if (events.length === 0) return null;
  const text = content.map((item) => item.text).join(' ');
  const target = isWhom ? 'people' : 'events';
  const people = asked.groups('people', events).map(({ name }) => name);
  return {
    kind: target,
    scope: [],
    which: words(`on ${text}`, text),
    value: isWhom ? people.join(', ') : events.length,
    events,
    items: isWhom ? people : [],
    note: NOTES.topics,
  };
}

/** "Did she visit X twice?", "Did she meet Y more than once?" */
function isRepeated(asked: Asked): Found | null {
  const { filters, events } = asked;
  if (filters.people.length + filters.places.length !== 1 || events.length === 0) return null;
  const times = filters.people.length > 0 ? events : visitsAmong(asked, events);
  return { kind: 'visits', value: times.length > 1 ? 'yes' : 'no', events: times, note: null };
}

/** Whether the form of the question asks for a list, not for something about one event. */
function isListAsked(asked: Asked): boolean {
  if (asked.asksExistence()) return true;
  if (asked.target !== 'events' && asked.target !== 'meetings')
    return asked.asks() || asked.asksAll();
  const isProgramme = asked.has('route') && asked.filters.days !== null;
  // Japanese has no plural: 「90分の会談は」.
  const isNoun =
    asked.query.language === 'ja' && asked.has('meeting', 'event') && !isYesNo(asked.query);
  return (
    asked.has('count', 'often', 'all', 'which') ||
    asked.asksAll() ||
    isProgramme ||
    isNoun ||
    (asked.has('what') && asked.has('meeting')) ||
    (asked.filters.clock !== null && asked.isNounPhrase())
  );
}

/** Lists of what one person was at: how often, on which days, where. */
function isPersonListed(asked: Asked): boolean {
  if (asked.target === 'people') return asked.has('else');
  if (asked.target === 'meetings') return asked.has('count', 'often', 'all');
  if (asked.target === 'days') return /day|date|日/i.test(asked.query.text);
  return asked.target === 'places' && asked.has('meet', 'meeting');
}

const isYesOrAny = (query: Query): boolean => isYesNo(query) || asksForAny(query.text);

/** Nobody, nowhere: said only where what is asked for is found at other times or places. */
function nothing(asked: Asked): Found | null {
  const { filters, query, target } = asked;
  const { kinds, offices, days } = filters;
  const { events } = asked.vocabulary.timeline;
  if (!asked.asks() && !asked.asksExistence() && !isYesOrAny(query)) return null;
  const then = eventsThatFit({ ...NO_FILTERS, days }, asked.vocabulary);
  const isNobody = offices.length > 0 && offices.every(({ stems }) => stems.length === 0);
  const named = { ...NO_FILTERS, kinds, offices };
  const isNowhere = eventsThatFit(named, asked.vocabulary).length === 0;
  // "Were there any meetings on the 18th?", "any kings or queens?"
  const isNone = isNowhere
    ? isNobody && asksForAny(query.text)
    : days !== null && asked.isPlain && asked.has('meeting');
  if (isNone && isYesOrAny(query))
    return { ...asked.listed([], undefined), value: 'no', events: days === null ? [] : then };
  if (isNowhere) return null;
  const [first, last] = [days?.[0], days?.at(-1)];
  const isFree = then.length === 0 && query.anchor === null;
  if (isPlaceTarget(target) && first !== undefined && last !== undefined && isFree) {
    const near = [
      events.findLast(({ meeting: { date } }) => date !== null && date < first),
      events.find(({ meeting: { date } }) => date !== null && date > last),
    ];
    return {
      kind: target,
      value: null,
      events: near.flatMap((event) => event ?? []),
      note: NOTES.noEvent,
    };
  }
  // What was seen and done there is told, and nobody is named: that is not to say that nobody was met.
  if (target === 'people' && asked.events.length > 0 && !asked.has('count', 'often')) {
    return { kind: target, value: null, events: asked.events, note: NOTES.nobodyNamed };
  }
  const isExistence = isYesNo(query) && (query.anchor !== null || days !== null);
  return asked.has('count', 'who', 'which', 'all', 'often') || asked.asksAll() || isExistence
    ? asked.listed([], undefined)
    : null;
}

function extremes(
  asked: Asked,
  which: 'longest' | 'shortest',
  pool: readonly TourEvent[],
): Found | null {
  const { target } = asked;
  const isPlace =
    isPlaceTarget(target) &&
    asked.filters.kinds.length === 0 &&
    !asked.has('meeting', 'event', 'meet');
  const timed = pool.filter(({ meeting }) => meeting.durationMinutes !== null);
  const groups = isPlace
    ? asked.groups(target, pool)
    : timed.map((event): Group => ({ name: event.meeting.title, events: [event] }));
  const sizeOf = ({ events }: Group): number =>
    isPlace ? asked.groups('days', events).length : (events[0]?.meeting.durationMinutes ?? 0);
  const sizes = [...new Set(groups.map(sizeOf))].sort((a, b) =>
    which === 'longest' ? b - a : a - b,
  );
  // "The second longest".
  const count = asked.numberBeside(which);
  if (asked.has('longest') && asked.has('shortest') && !isPlace) return byLength(asked, timed);
  const size = sizes[asked.has('nth') ? nthOf(asked.query) - 1 : 0] ?? 0;
  if (count > 1 && !isPlace) return longestOf(asked, timed, which, count);
  const kept = groups.filter((group) => sizeOf(group) === size);
  if (kept.length === 0 || (isPlace && kept.length > MOST_TIES)) return null;
  const found = asked.listed(kept, WHICH[which]);
  if (isPlace) return { ...found, value: kept.map(({ name }) => name).join(', ') };
  const open = pool.length - timed.length;
  const note = open === 0 ? null : NOTES.noLength(open, pool.length);
  const people =
    target === 'people' ? asked.groups('people', found.events).map(({ name }) => name) : [];
  if (people.length > 0) return { ...found, value: people.join(', '), items: people, note };
  if (isPlaceTarget(target) || target === 'days') {
    const names = [...new Set(found.events.flatMap((event) => asked.namesOf(target, event)))];
    return { ...found, value: names.join(', '), items: names, note };
  }
  return { ...found, value: size, unit: MINUTES, items: kept.map(({ name }) => name), note };
}

/** "Longest to shortest": all by length; "the longest and the shortest": both ends. */
function byLength(asked: Asked, timed: readonly TourEvent[]): Found {
  const lengthOf = ({ meeting }: TourEvent): number => meeting.durationMinutes ?? 0;
  const { text, items } = asked.query;
  const isUp =
    items
      .find(({ classes }) => classes.has('longest') || classes.has('shortest'))
      ?.classes.has('shortest') === true;
  const sortedByLength = timed.toSorted((a, b) =>
    isUp ? lengthOf(a) - lengthOf(b) : lengthOf(b) - lengthOf(a),
  );
  const isAll = /\bto\b|\bsort|\brank|から|順/i.test(text);
  const ends = [
    lengthOf(sortedByLength[0] ?? (timed[0] as TourEvent)),
    lengthOf(sortedByLength.at(-1) ?? (timed[0] as TourEvent)),
  ];
  const events = isAll
    ? sortedByLength
    : sortedByLength.filter((event) => ends.includes(lengthOf(event)));
  const unit = MINUTES[asked.query.language];
  const named = events.map((event) => `${event.meeting.title}: ${lengthOf(event)} ${unit}`);
  return {
    kind: asked.target,
    which: words('by length', '長さの順'),
    value: named.join('; '),
    events,
    items: named,
    note: null,
  };
}

/** The two longest, with their lengths; those as long as the last of them too. */
function longestOf(
  asked: Asked,
  timed: readonly TourEvent[],
  which: 'longest' | 'shortest',
  count: number,
): Found {
  const lengthOf = ({ meeting }: TourEvent): number => meeting.durationMinutes ?? 0;
  const byLength = timed.toSorted((a, b) =>
    which === 'longest' ? lengthOf(b) - lengthOf(a) : lengthOf(a) - lengthOf(b),
  );
  const last = byLength[Math.min(count, byLength.length) - 1];
  const events = byLength.filter(
    (event, i) => i < count || (last !== undefined && lengthOf(event) === lengthOf(last)),
  );
  const unit = MINUTES[asked.query.language];
  const items = events.map((event) => `${event.meeting.title}: ${lengthOf(event)} ${unit}`);
  const label = words(`${count} ${which}`, `${WHICH[which]?.ja ?? ''}${count}件`);
  return {
    kind: asked.target,
    which: label,
    value: items.join('; '),
    events,
    items,
    note: null,
  };
}

/** What happened in a place or on a day. */
export function overview(asked: Asked): Found | null {
  const { filters, query } = asked;
  const isAsked =
    asked.has('overview') ||
    (asked.has('what') && asked.has('do', 'go', 'event')) ||
    (asked.has('what') && query.anchor?.relation === 'between') ||
    (asked.has('event') && asksForAny(query.text));
  const isBare =
    !asked.asks() &&
    !isYesNo(query) &&
    !asked.has('meet', 'meeting', 'or', 'night', 'else', 'people', 'see');
  const isNamed =
    filters.places.length > 0 ||
    filters.days !== null ||
    filters.clock !== null ||
    query.anchor?.relation === 'between';
  if (!asked.isPlain || !isNamed || asked.events.length === 0 || !(isAsked || isBare)) return null;
  return { kind: 'events', value: asked.events.length, events: asked.events };
}
