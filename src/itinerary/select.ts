import { Asked, type Found, type Group, isNear } from './asked.ts';
import {
  type Condition,
  conditionsOf,
  holding,
  isFromElsewhere,
  isNarrowed,
  isYesOrAny,
} from './conditions.ts';
import { isPlaceTarget, type Item, nounOf, type Target } from './items.ts';
import { classList, type WordClass } from './lexicon.ts';
import { visitsAmong } from './measures.ts';
import { asksForAny, isYesNo, type Query } from './query.ts';
import { anchorEvents, dated, type Stay, type TourEvent, isOfUnknownOrigin } from './timeline.ts';
import { MINUTES, NOTES, WHICH, words } from './wording.ts';
import { numberOf } from '../language/dates.ts';

/** Events, people, places or days that a question asks for: all of them, those with a number of something, the first, the longest. */

const RANKS = ['longest', 'shortest', 'most', 'fewest', 'last', 'first', 'nth'] as const;
type RankWord = (typeof RANKS)[number];

/** Words that a list accounts for, besides those of its conditions. */
const LISTED = classList(
  'count often when weekday overview route event meeting or only total start apiece once',
);

/** Nouns that may stand beside what is listed without limiting it. */
const BESIDE: Readonly<Record<Target, readonly WordClass[]>> = {
  people: ['people', 'court'],
  countries: ['country', 'place', 'people'],
  cities: ['city', 'place', 'people'],
  places: ['place', 'city', 'people'],
  continents: ['continent'],
  days: ['day'],
  courts: ['court', 'place'],
  meetings: ['people', 'day', 'court'],
  events: ['people', 'day', 'place', 'court'],
};

/** What is listed by conditions, or ranked, or neither. */
function partsOf(asked: Asked): {
  ranks: readonly RankWord[];
  conditions: readonly Condition[];
  isRead: boolean;
} {
  const { query, filters } = asked;
  const ranks = RANKS.filter((one) => asked.tells(one));
  const conditions = conditionsOf(asked);
  const isTalk =
    query.language === 'ja' && (filters.minutes !== null || asked.has('longest', 'shortest'));
  const isDone =
    filters.minutes !== null ||
    (filters.kinds.length > 0 && (asked.asksAll || asked.has('often', 'which', 'where', 'when')));
  const read: WordClass[] = [
    ...LISTED,
    ...BESIDE[asked.target],
    ...ranks,
    ...conditions.flatMap(({ reads }) => reads),
    ...(ranks.length > 0 ? (['minutes', 'long', 'each', 'day'] as const) : []),
    ...(['most', 'fewest'] as const).flatMap((one) => [...(besideOf(asked, one)?.classes ?? [])]),
    ...(asked.isOfCapitals ? (['city'] as const) : []),
    ...((asked.has('who', 'which') && asked.target !== 'events') || filters.clock !== null
      ? classList('clock')
      : []),
    ...(isTalk ? (['say'] as const) : []),
    ...(filters.topics.length > 0 ? classList('about topic say total') : []),
    ...(isDone || conditions.length > 0 ? (['act'] as const) : []),
    ...(filters.days !== null || filters.clock !== null || filters.minutes !== null
      ? (['end'] as const)
      : []),
    ...(query.excluded.length > 0 ? (['except', 'none', 'not'] as const) : []),
    ...(query.without.length + filters.people.length + query.excluded.length > 0 ||
    filters.days !== null
      ? (['else'] as const)
      : []),
    ...(query.anchor !== null ? (['next', 'then', 'move'] as const) : []),
  ];
  return { ranks, conditions, isRead: asked.reads(read) };
}

/** Countries, cities, days or people that have what is asked of them as a whole. */
export function conditional(asked: Asked): Found | null {
  const { ranks, conditions, isRead } = partsOf(asked);
  return isRead && ranks.length === 0 ? holding(asked, conditions) : null;
}

/** Asks for what did not take place, of which there is no end. */
const IS_NEGATED =
  /^(?!did|has|was|is|were|have).*(?:\b(?:has|did|have|was|were|does|is|could|can|would)n['’]?t\b|\b(?:did|has|was|were) (?:she |he |they )?not\b|\bnever\b)|(?<!少)なかった|ていない|ませんでした/i;

/** Of all that the question names: the first, the longest, those met more than once, or each of them. */
export function selected(asked: Asked): Found | null {
  const { filters, target, query } = asked;
  const { ranks, conditions, isRead } = partsOf(asked);
  if (!isRead || (conditions.length > 0 && ranks.length === 0)) return null;
  if (IS_NEGATED.test(query.text) && query.excluded.length === 0) return null;
  // A court beside people who are of none: part of the question would be lost.
  if (asked.tells('court') && (filters.offices.length > 0 || asked.has('none', 'not'))) return null;
  // Who hosted a dinner is not whatever group was there.
  const isOfHost = /\bhost(?:ed|s|ing)? (?:the|an?|that|this)\b/i.test(query.text);
  if (isOfHost && target === 'people' && asked.events.every(({ group }) => group !== null))
    return null;
  // "How many, and how many of them in Lima?"
  if (/how many\b.*\bhow many\b/i.test(query.text)) return null;
  // "Since when is she envoy?"
  if (asked.tells('since') && query.anchor === null && filters.places.length === 0) return null;
  const which = ranks[0] ?? (asked.has('once') ? 'once' : undefined);
  if (which === undefined && (!isListAsked(asked) || isNarrowed(asked))) return null;
  // What came right before is one: all that came before would be wrong.
  if (which === undefined && query.anchor?.straight === true && !asked.has('count')) return null;
  const repeated = which === 'once' && isYesNo(query) ? isRepeated(asked) : null;
  if (repeated !== null) return repeated;
  // "From longest to shortest: Silva, Ibarra, Quispe".
  const isSorted = asked.tells('longest') && asked.tells('shortest');
  if (filters.people.length > 0 && !isPersonListed(asked) && !isSorted) return null;
  if (!isOfTour(asked, which !== undefined)) return null;
  if (target === 'days' && filters.days !== null && which === undefined) return null;
  // Places by how long she stayed: only the longest and the shortest stay are told.
  const isByLength = asked.tells('day', 'night') && filters.days === null;
  if (isPlaceTarget(target) && which === undefined && isByLength) return null;
  const isStay =
    asked.has('be', 'go', 'meet') && (query.language === 'ja' || asked.has('traveller', 'tour'));
  const isTold = asked.has('meeting', 'meet', 'see', 'go') || filters.kinds.length > 0;
  const isSized =
    which !== undefined &&
    which !== 'once' &&
    (isTold || !classList('first last nth').includes(which));
  const isOther = filters.kinds.length > 0 || asked.has('meeting', 'event');
  // "Which dates in Peru?", "on how many days are there events in Peru?"
  const isOfDates =
    query.entities.length > 0 &&
    !asked.has('move') &&
    (asked.has('weekday') || /\b(?:dates|days)\b|何日/i.test(query.text));
  if (target === 'days' && !isSized && (!isStay || isOther) && !isOfDates) return null;
  if (
    asked.has('often') &&
    filters.topics.length === 0 &&
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
  if (which === 'most' || which === 'fewest') return groupsBySize(asked, which, pool);
  const isVisits = which === 'once' && isPlaceTarget(target);
  const groups = asked.groups(target, isVisits ? visitsAmong(asked, pool) : pool);
  const kept = groups.filter(({ events }) => which !== 'once' || events.length > 1);
  // What has no known date was on some day.
  if (kept.length === 0 && target === 'days') return null;
  const names = filters.places.flatMap(({ city }) => city ?? []);
  // "Cities in Lima: Lima" says nothing.
  const isEcho =
    isPlaceTarget(target) && asked.isPlain && names.length === 1 && kept[0]?.name === names[0];
  if (isEcho && which === undefined && query.anchor === null && !isYesNo(query)) return null;
  if (kept.length === 0 && target === 'people' && !asked.has('count', 'often'))
    return { kind: target, value: null, events: pool, note: NOTES.nobodyNamed };
  return asked.listed(kept, WHICH[which ?? '']);
}

/** Whether it is of the tour, not of the world: "which presidents did she meet", not "who is president of X". */
function isOfTour(asked: Asked, isRanked: boolean): boolean {
  const { filters, target, query } = asked;
  if (target !== 'people') return true;
  const isTold =
    filters.genders.length + filters.kinds.length + filters.topics.length > 0 ||
    asked.has('meet', 'see', 'go', 'meeting', 'tour') ||
    (asked.has('who') && (!asked.has('be') || asked.isPlain) && filters.days !== null) ||
    (asked.has('people') && query.items.some(({ figure }) => figure)) ||
    (asked.has('traveller') && !(asked.has('who') && query.entities.length === 0)) ||
    (filters.offices.some(({ plural }) => plural) &&
      (asked.isNounPhrase ||
        (asked.has('which') && (filters.days !== null || query.anchor !== null)))) ||
    (filters.organisations.length > 0 &&
      filters.offices.length === 0 &&
      asked.has('people', 'who')) ||
    (asked.has('count') && filters.places.length + filters.organisations.length === 0) ||
    (asked.has('all') && filters.places.length > 0) ||
    (asked.has('who') && asked.has('route') && filters.days !== null) ||
    filters.minutes !== null ||
    (isRanked && asked.has('with', 'event', 'route')) ||
    (isRanked && asked.has('day') && filters.places.length > 0) ||
    (asked.has('with') && asked.has('event')) ||
    (asked.has('who') && asked.isPlain && query.excluded.length > 0 && filters.places.length > 0) ||
    asked.asksExistence;
  const isOne =
    asked.has('who') &&
    filters.offices.some(({ plural }) => !plural) &&
    // 「昼食をした外相は誰ですか」: Japanese has no plural.
    (query.language === 'en' || filters.kinds.length === 0) &&
    filters.genders.length === 0 &&
    !isRanked &&
    !asked.has('meet', 'see', 'meeting', 'people', 'only');
  return isTold && !isOne;
}

/** Whether the form of the question asks for a list, not for something about one event. */
function isListAsked(asked: Asked): boolean {
  if (asked.asksExistence) return true;
  if (asked.target !== 'events' && asked.target !== 'meetings')
    return asked.asks || asked.isNounPhrase || asked.asksAll;
  const isProgramme = asked.has('route') && asked.filters.days !== null;
  // Japanese has no plural: 「90分の会談は」.
  const isNoun =
    asked.query.language === 'ja' && asked.has('meeting', 'event') && !isYesNo(asked.query);
  return (
    asked.has('count', 'often', 'all', 'which') ||
    asked.asksAll ||
    isProgramme ||
    isNoun ||
    (asked.has('what') && asked.has('meeting')) ||
    (asked.filters.clock !== null && asked.isNounPhrase)
  );
}

/** Lists of what one person was at: how often, on which days, where. */
function isPersonListed(asked: Asked): boolean {
  if (asked.target === 'people') return asked.has('else');
  if (asked.target === 'meetings') return asked.has('count', 'often', 'all');
  if (asked.target === 'events') return asked.has('count', 'often');
  if (asked.target === 'days') return /day|date|日/i.test(asked.query.text);
  // "Where was the lunch with Silva?": in which town is no answer.
  const isHoused =
    asked.filters.kinds.length > 0 && asked.events.every(({ meeting }) => meeting.venue !== null);
  const isTold = asked.filters.kinds.length === 0 ? asked.has('meet', 'meeting') : isHoused;
  return isPlaceTarget(asked.target) && isTold && !isYesNo(asked.query);
}

/** Nobody, nowhere: said only where what is asked for is found at other times or places. */
function nothing(asked: Asked): Found | null {
  const { filters, query, target } = asked;
  const { kinds, offices, days } = filters;
  const { events } = asked.vocabulary.timeline;
  if (!asked.asks && !asked.isNounPhrase && !asked.asksExistence && !isYesOrAny(query)) return null;
  const then = asked.fitting({ days });
  const isNowhere = asked.fitting({ kinds, offices }).length === 0;
  // "Were there any meetings on the 18th?", "any kings or queens?"
  const isNone = isNowhere
    ? offices.length > 0 &&
      offices.every(
        (office) => office.stems.length === 0 && !isOfUnknownOrigin(office, asked.vocabulary),
      ) &&
      asksForAny(query.text)
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
  return asked.has('count', 'who', 'which', 'all', 'often') || asked.asksAll || isExistence
    ? asked.listed([], undefined)
    : null;
}

// The first, the last, the longest

/** The first, the last or the third of what is asked for. */
function ranked(
  asked: Asked,
  which: 'first' | 'last' | 'nth',
  pool: readonly TourEvent[],
): Found | null {
  // "Was it her first time there?" asks for no event.
  if (isYesNo(asked.query) || asked.has('overview')) return null;
  const known = dated(pool);
  const isFromEnd = which === 'last' && asked.tells('nth');
  // "The first and the last country".
  const isBoth = which === 'last' && asked.tells('first');
  // "Which first, which second, which third?"
  if (which === 'first' && asked.tells('nth'))
    return asked.named(asked.groups(asked.target, known), words('in order', '順'));
  const number = which === 'nth' ? nthOf(asked.query) : isFromEnd ? 2 : asked.numberBeside(which);
  const groups = asked.groups(asked.target === 'days' ? 'events' : asked.target, known);
  const group =
    which === 'last' ? groups.at(isFromEnd ? -2 : -1) : groups[which === 'nth' ? number - 1 : 0];
  const event =
    asked.target === 'courts' ? group?.events[0] : which === 'last' ? known.at(-1) : known[0];
  const { timeline } = asked.vocabulary;
  if (group === undefined || event === undefined) return null;
  // "The second stop after X" is another one after each of several visits to X.
  if (which === 'nth' && isSeveralTimes(asked)) return null;
  if (isBoth) {
    const both = [groups[0], groups.at(-1)].flatMap((one) => one ?? []);
    return asked.named(both, words('first and last', '最初と最後'));
  }
  if (number > 1 && which !== 'nth' && !isFromEnd) {
    const several = which === 'first' ? groups.slice(0, number) : groups.slice(-number);
    const label = words(`${which} ${number}`, `${WHICH[which]?.ja ?? ''}の${number}`);
    return asked.named(several, label);
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
  if (asked.target === 'days') return asked.listed(asked.groups('days', [event]), label);
  return asked.one(event, timeline.isExtreme(event, known, which), near, label);
}

function isSeveralTimes({ query: { anchor }, vocabulary }: Asked): boolean {
  const events = anchor === null ? [] : anchorEvents(anchor, vocabulary);
  const holds = ({ events: own }: Stay): boolean => own.some((event) => events.includes(event));
  return vocabulary.timeline.stays.filter(holds).length > 1;
}

/** 3 for "the third", 0 when no number is told. */
function nthOf({ items }: Query): number {
  const at = items.findIndex(({ classes }) => classes.has('nth'));
  const before = items[at - 1];
  return before?.figure === true ? numberOf(before.text) : numberOf(items[at]?.text);
}

function extremes(
  asked: Asked,
  which: 'longest' | 'shortest',
  pool: readonly TourEvent[],
): Found | null {
  const { target, query } = asked;
  const at = query.items.findIndex(({ classes }) => classes.has(which));
  // "The longest guest list" is no long event.
  const isOfList = query.items.slice(at + 1, at + 3).some(({ text }) => /^list$/i.test(text));
  // Those of one length have no longest.
  const [least, most] = asked.filters.minutes ?? [];
  if (isOfList || (least !== undefined && least === most)) return null;
  const isPlace =
    isPlaceTarget(target) &&
    asked.filters.kinds.length === 0 &&
    !asked.has('meeting', 'event', 'meet');
  const timed = pool.filter(({ meeting }) => meeting.durationMinutes !== null);
  if (asked.tells('longest') && asked.tells('shortest')) return byLength(asked, timed, null);
  const groups = isPlace
    ? asked.groups(target, pool)
    : timed.map((event): Group => ({ name: event.meeting.title, events: [event] }));
  const sizeOf = ({ events }: Group): number =>
    asked.measured(events, isPlace ? 'days' : 'minutes');
  const sizes = [...new Set(groups.map(sizeOf))].sort((a, b) =>
    which === 'longest' ? b - a : a - b,
  );
  // "The second longest".
  const size = sizes[asked.tells('nth') ? nthOf(asked.query) - 1 : 0] ?? 0;
  const count = asked.numberBeside(which);
  if (count > 1 && !isPlace) return byLength(asked, timed, count);
  const kept = groups.filter((group) => sizeOf(group) === size);
  if (kept.length === 0) return null;
  const found = asked.listed(kept, WHICH[which]);
  if (isPlace) {
    // Days tell no more than that these are equal.
    const note = kept.length > 1 ? NOTES.noHours : null;
    return { ...found, value: kept.map(({ name }) => name).join(', '), note };
  }
  const open = pool.length - timed.length;
  const note = open === 0 ? null : NOTES.noLength(open, pool.length);
  if (target !== 'events' && target !== 'meetings') {
    const names = [...new Set(found.events.flatMap((event) => asked.namesOf(target, event)))];
    if (names.length > 0) return { ...found, value: names.join(', '), items: names, note };
  }
  return { ...found, value: size, unit: MINUTES, items: kept.map(({ name }) => name), note };
}

const lengthOf = ({ meeting }: TourEvent): number => meeting.durationMinutes ?? 0;

/**
 * By length, with the lengths: "longest to shortest" all, "the longest and the shortest" both ends, of a number so many
 * from the one end, and those as long as the last of them.
 */
function byLength(asked: Asked, timed: readonly TourEvent[], count: number | null): Found {
  const { text, items, language } = asked.query;
  const isUp =
    items
      .find(({ classes }) => classes.has('longest') !== classes.has('shortest'))
      ?.classes.has('shortest') === true;
  const all = timed.toSorted((a, b) => (isUp ? 1 : -1) * (lengthOf(a) - lengthOf(b)));
  const isAll = /\bto\b|\bsort|\brank|\bby (?:length|duration)|から|順/i.test(text);
  const edges = (count === null ? [all[0], all.at(-1)] : [all[Math.min(count, all.length) - 1]])
    .flatMap((event) => event ?? [])
    .map(lengthOf);
  const events = all.filter((event, i) =>
    count === null
      ? isAll || edges.includes(lengthOf(event))
      : i < count || edges.includes(lengthOf(event)),
  );
  const named = events.map(
    (event) => `${event.meeting.title}: ${lengthOf(event)} ${MINUTES[language]}`,
  );
  const order = isUp ? 'shortest' : 'longest';
  return {
    kind: asked.target,
    which:
      count === null
        ? words('by length', '長さの順')
        : words(`${count} ${order}`, `${WHICH[order]?.ja ?? ''}${count}件`),
    value: named.join('; '),
    events,
    items: named,
    note: null,
  };
}

/** What there is most of: "the most people". */
function besideOf({ query: { items } }: Asked, which: 'most' | 'fewest'): Item | undefined {
  const at = items.findIndex(({ classes }) => classes.has(which));
  const next = items.slice(at + 1).find(({ classes }) => !classes.has('filler'));
  return at < 0 || next === undefined || nounOf(next) === null ? undefined : next;
}

/** Groups with the most or the fewest events, or of what is named beside the word: people, days, cities. */
function groupsBySize(
  asked: Asked,
  which: 'most' | 'fewest',
  pool: readonly TourEvent[],
): Found | null {
  const beside = besideOf(asked, which);
  const noun = beside === undefined ? null : nounOf(beside);
  const isOwn = noun === null || noun === asked.target || noun === 'events' || noun === 'meetings';
  const measure =
    asked.has('people') && asked.target !== 'people' ? 'people' : isOwn ? 'events' : noun;
  const isOfVisits =
    isPlaceTarget(asked.target) &&
    /\b(?:most|least) often\b/i.test(asked.query.text) &&
    !asked.has('meeting', 'meet');
  const events = isOfVisits ? visitsAmong(asked, pool) : pool;
  const groups = asked.groups(asked.target, events).map((group) => ({
    group,
    size: asked.measured(group.events, measure),
  }));
  const sizes = groups.map(({ size }) => size);
  // Each event is one event, on one day: of what it has most, the question does not say.
  if (
    (measure === 'events' || measure === 'days') &&
    (asked.target === 'events' || asked.target === 'meetings')
  )
    return null;
  const wanted = which === 'most' ? Math.max(...sizes) : Math.min(...sizes);
  const kept = groups.filter(({ size }) => size === wanted).map(({ group }) => group);
  const label =
    which === 'most'
      ? words(`most (${wanted})`, `最多、${wanted}件`)
      : words(`fewest (${wanted})`, `最少、${wanted}件`);
  return asked.listed(kept, label);
}

/** "Did she visit X twice?", "Did she meet Y more than once?" */
function isRepeated(asked: Asked): Found | null {
  const { filters, events } = asked;
  if (filters.people.length + filters.places.length !== 1 || events.length === 0) return null;
  const times = filters.people.length > 0 ? events : visitsAmong(asked, events);
  return { kind: 'visits', value: times.length > 1 ? 'yes' : 'no', events: times, note: null };
}

/** What happened in a place or on a day. */
export function overview(asked: Asked): Found | null {
  const { filters, query } = asked;
  if (asked.has('else') && filters.days === null) return null;
  const isAsked =
    asked.has('overview') ||
    (asked.has('what') && asked.has('do', 'go', 'event', 'there')) ||
    (asked.has('what') && asked.has('see') && query.excluded.length > 0) ||
    (asked.has('what') && query.anchor?.relation === 'between') ||
    (asked.has('event') && asksForAny(query.text));
  const isBare = !asked.asks && !asked.isNounPhrase && !isYesNo(query) && !asked.has('meet', 'see');
  const isNamed =
    filters.places.length > 0 ||
    filters.days !== null ||
    filters.clock !== null ||
    query.anchor?.relation === 'between';
  if (
    !asked.isPlain ||
    isFromElsewhere(query) ||
    !isNamed ||
    asked.events.length === 0 ||
    !(isAsked || isBare)
  )
    return null;
  return { kind: 'events', value: asked.events.length, events: asked.events };
}
