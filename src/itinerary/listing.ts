import { dateInWords, daysBetween, numberOf, shiftDate } from '../language/calendar.ts';
import type { WordClass } from './lexicon.ts';
import { anchorEvents, eventsThatFit, fits, keepsOrder, peopleAt } from './matching.ts';
import { isEntity, isYesNo, NO_FILTERS, type Filters, type Language, type Query } from './query.ts';
import { groupBy, uniqueBy, type Stay, type TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';

/** An answer computed from the itinerary. */
export interface Listing {
  /** What is listed: `people`, `countries`, `days`, `meetings`, `duration`, `order` … */
  readonly kind: string;
  /** One line for the asker, in the asker's language. */
  readonly title: string;
  /** A count (days and minutes too), a place, a date, people; null when the itinerary does not settle it. */
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

type Words = Readonly<Record<Language, string>>;
interface Group {
  readonly name: string;
  readonly events: readonly TourEvent[];
}
/** A listing before it is put into words. */
interface Found {
  readonly kind: string;
  readonly label?: Words;
  /** Which of them: "first", "longest". */
  readonly which?: Words | null;
  readonly value: string | number | null;
  readonly unit?: Words;
  readonly events: readonly TourEvent[];
  readonly items?: readonly string[];
  readonly note?: Words | null;
}
type Target =
  | 'people'
  | 'places'
  | 'cities'
  | 'countries'
  | 'continents'
  | 'days'
  | 'courts'
  | 'meetings'
  | 'events';

const words = (en: string, ja: string): Words => ({ en, ja });
const LABELS: Readonly<Record<string, Words>> = {
  people: words('People met', '会った人'),
  places: words('Places', '訪問地'),
  cities: words('Cities', '訪問都市'),
  countries: words('Countries', '訪問国'),
  continents: words('Continents', '大陸'),
  days: words('Days', '日付'),
  courts: words('Courts', '裁判所'),
  meetings: words('Meetings', '会談'),
  events: words('Events', '予定'),
  visits: words('Visits', '訪問'),
  route: words('Route', '行程'),
  duration: words('Length of stay', '滞在期間'),
  distance: words('Time between', '間隔'),
  order: words('Order', '順序'),
};
const WHICH: Readonly<Partial<Record<WordClass, Words>>> = {
  first: words('first', '最初'),
  last: words('last', '最後'),
  longest: words('longest', '最長'),
  shortest: words('shortest', '最短'),
  most: words('most', '最多'),
  once: words('more than once', '複数回'),
};
const DAYS = words('days', '日');
const NIGHTS = words('nights', '泊');
const MINUTES = words('minutes', '分');
const UNKNOWN_TIMES = words(
  'The itinerary does not have the times that would tell their order',
  '時刻が不明のため、順序は確定できません',
);

export function listedMeeting({ meeting }: TourEvent): ListedMeeting {
  const { id, title, date, city, country } = meeting;
  return { id, title, date, place: `${city}, ${country}` };
}

/** The listing that answers a question, or null when it asks for something else. */
export function listingOf(query: Query, vocabulary: Vocabulary): Listing | null {
  if (
    query.unknown.length > 0 ||
    query.has('say', 'act', 'about', 'other', 'elsewhere', 'counterpart')
  )
    return null;
  return new Lister(query, vocabulary).listing();
}

class Lister {
  readonly query: Query;
  readonly vocabulary: Vocabulary;
  readonly filters: Filters;
  readonly has: Query['has'];
  readonly target: Target;
  /** Events that the question is about, and those that may be but for an unknown time or day. */
  readonly events: readonly TourEvent[];
  readonly unsettled: readonly TourEvent[];

  constructor(query: Query, vocabulary: Vocabulary) {
    const { filters, anchor } = query;
    this.query = query;
    this.vocabulary = vocabulary;
    this.filters = filters;
    this.has = query.has;
    this.target = targetOf(query);
    const kept = (event: TourEvent): boolean | null =>
      anchor === null || keepsOrder(event, anchor, vocabulary);
    const all = eventsThatFit(filters, vocabulary);
    const undated = eventsThatFit({ ...filters, days: null }, vocabulary).filter(
      ({ meeting }) =>
        filters.days !== null &&
        meeting.date === null &&
        all.some((event) => event.meeting.city === meeting.city),
    );
    this.events = all.filter((event) => kept(event) === true);
    this.unsettled = [...all.filter((event) => kept(event) === null), ...undated];
  }

  listing(): Listing | null {
    const { filters, query, vocabulary } = this;
    const isVisited = filters.places.every(
      (place) => eventsThatFit({ ...NO_FILTERS, places: [place] }, vocabulary).length > 0,
    );
    if (filters.days?.length === 0 || !isVisited || this.isContradiction()) return null;
    const anchored: readonly WordClass[] = ['before', 'after', 'since', 'between'];
    if (
      query.anchor === null &&
      query.language === 'en' &&
      this.has(...anchored) &&
      !this.has('or')
    )
      return null;
    if (this.has('move') && query.anchor === null && !this.has('first', 'last', 'next'))
      return null;
    const found =
      this.comparison() ??
      this.distance() ??
      this.neighbour() ??
      this.duration() ??
      (this.has('long') ? null : this.rest());
    return found === null ? null : this.worded(found);
  }

  rest(): Found | null {
    return this.route() ?? this.chosen() ?? this.overview();
  }

  /** "Bucha or Irpin first?", "Did she meet Joly before Blinken?", "Was Joly before or after Blinken?" */
  comparison(): Found | null {
    const { query, vocabulary } = this;
    const { anchor, language } = query;
    const named = query.items.filter((item) => isEntity(item) && item.filters.days === null);
    const isChoice = this.has('or') && this.has('first', 'last', 'before', 'after');
    const isOpen = this.has('before') && this.has('after');
    const asksOrder = anchor !== null && query.entities.length === 1 && (isYesNo(query) || isOpen);
    if (named.length !== 2 || !(isChoice || asksOrder)) return null;
    const groups = named.map(({ filters, text }): Group => {
      const events = eventsThatFit(filters, vocabulary);
      const people = [...new Set(events.flatMap((event) => peopleAt(event, filters, vocabulary)))];
      const isPlace = filters.places.length > 0;
      const isClear = isPlace || uniqueBy(people, ({ name }) => name).length <= 1;
      const name = isPlace ? (filters.places[0]?.name ?? text) : (people[0]?.name ?? text);
      return { name, events: isClear ? events : [] };
    });
    const [first, second] = groups.map(({ events }) => events[0]);
    if (first === undefined || second === undefined || first === second) return null;
    const isBefore = vocabulary.timeline.isBefore(first, second);
    const found = {
      kind: 'order',
      events: sorted([first, second]),
      items: groups.map(({ name }) => name),
    };
    if (isBefore === null) return { ...found, value: null, note: UNKNOWN_TIMES };
    if (asksOrder) {
      const isSo = anchor.relation === 'before' ? isBefore : !isBefore;
      const value = isOpen
        ? isBefore
          ? words('before', '前')
          : words('after', '後')
        : isSo
          ? words('yes', 'はい')
          : words('no', 'いいえ');
      return { ...found, value: value[language] };
    }
    const chosen = isBefore === this.has('last') ? 1 : 0;
    const name = this.name(groups[chosen]?.name ?? '');
    const which = WHICH[this.has('last') ? 'last' : 'first'] ?? null;
    return {
      kind: 'order',
      which,
      value: name,
      events: [chosen === 0 ? first : second],
      items: [name],
    };
  }

  /** "How many days between Kyiv and Hamburg?" */
  distance(): Found | null {
    const { query, vocabulary } = this;
    const named = query.items.filter(isEntity);
    const asks =
      this.has('apart') ||
      (query.anchor !== null && this.has('count', 'long') && this.has('day', 'long'));
    const [a, b] = named.map(({ filters }) => eventsThatFit(filters, vocabulary)[0]);
    if (!asks || named.length !== 2 || a?.meeting.date == null || b?.meeting.date == null)
      return null;
    const value = Math.abs(daysBetween(a.meeting.date, b.meeting.date));
    return { kind: 'distance', value, unit: DAYS, events: sorted([a, b]) };
  }

  /** What came right before or after: "whom did she see straight before Blinken?" */
  neighbour(): Found | null {
    const { query, vocabulary, target } = this;
    const { anchor, language } = query;
    if (anchor === null || (anchor.relation !== 'before' && anchor.relation !== 'after'))
      return null;
    const isDay = anchor.entities.every(({ filters }) => filters.days !== null);
    if (isDay && !anchor.straight) return null;
    const isOne =
      anchor.straight || this.has('next') || !(this.asksAll() || this.filters.places.length > 0);
    if (!isOne || this.has('count', 'all', 'overview') || !this.asks()) return null;
    const { timeline } = vocabulary;
    const named = anchorEvents(anchor, vocabulary);
    const later = anchor.relation === 'after';
    const edge = later ? named.at(-1) : named[0];
    if (edge === undefined) return null;
    const pick = <T>(list: readonly T[], fits: (item: T) => boolean): T | undefined =>
      later ? list.find(fits) : list.findLast(fits);
    const order = (a: TourEvent, b: TourEvent): readonly [TourEvent, TourEvent] =>
      later ? [a, b] : [b, a];
    const isBeyond = ({ meeting }: TourEvent): boolean =>
      later ? meeting.order > edge.meeting.order : meeting.order < edge.meeting.order;
    if (isPlaceTarget(target)) {
      const stays = target === 'countries' ? joinedStays(timeline.stays) : timeline.stays;
      const at = later
        ? stays.findLastIndex(({ events }) => events.includes(edge))
        : stays.findIndex(({ events }) => events.includes(edge));
      const event = stays[at + (later ? 1 : -1)]?.events[0];
      if (event === undefined) return null;
      const name = this.name(target === 'countries' ? event.meeting.country : event.meeting.city);
      const day = dateInWords(event.meeting.date ?? '', language);
      return {
        kind: target,
        value: this.has('when', 'day') ? `${name}, ${day}` : name,
        events: [event],
        items: [name],
      };
    }
    const pool = this.pool(eventsThatFit(this.filters, vocabulary)).filter(
      ({ meeting }) => meeting.date !== null,
    );
    const next = pick(
      pool.filter((event) => !named.includes(event)),
      isBeyond,
    );
    if (next === undefined) return null;
    const isApart =
      next.meeting.city !== edge.meeting.city || next.meeting.date !== edge.meeting.date;
    const isOpen = (other: TourEvent): boolean =>
      timeline.isBefore(...order(edge, other)) !== false &&
      timeline.isBefore(...order(next, other)) !== true;
    const rivals = pool.filter((event) => isNear(event, next) && event !== edge && isOpen(event));
    const isSettled = isApart
      ? timeline.isExtreme(next, rivals, later ? 'first' : 'last')
      : timeline.isBefore(...order(edge, next)) === true;
    return this.one(next, isSettled, rivals, null);
  }

  /** How many days or nights in a place or on the tour. */
  duration(): Found | null {
    const { filters, query, vocabulary } = this;
    const { span, events: all } = vocabulary.timeline;
    const unit = this.has('night') ? NIGHTS : DAYS;
    const isStay = this.has('long') || (this.has('count') && this.has('day', 'night'));
    if (
      !isStay ||
      !isPlain(filters) ||
      span === null ||
      query.anchor !== null ||
      this.has('meeting', 'event')
    )
      return null;
    const events = dated(this.events);
    if (filters.places.length === 0) {
      if (!this.has('tour', 'route', 'go') || filters.days !== null) return null;
      const value = daysBetween(span.first, span.last) + (unit === DAYS ? 1 : 0);
      return { kind: 'duration', value, unit, events: ends(events) };
    }
    const items = this.groups('days', events).map(({ name }) => name);
    if (unit === DAYS) return { kind: 'duration', value: items.length, unit, events, items };
    const value = events.reduce((sum, event, i) => {
      const before = events[i - 1];
      const isSame =
        before?.meeting.city === event.meeting.city &&
        all.indexOf(event) === all.indexOf(before) + 1;
      return isSame ? sum + daysBetween(before.meeting.date ?? '', event.meeting.date ?? '') : sum;
    }, 0);
    const note = words(
      'Only nights between events in one city are known',
      '同じ都市の予定に挟まれた夜のみ',
    );
    return { kind: 'duration', value, unit, events, note };
  }

  /** The tour from place to place. */
  route(): Found | null {
    const { filters, query, vocabulary } = this;
    const isTour =
      this.has('tour') &&
      this.has('overview', 'all') &&
      query.entities.length === 0 &&
      query.anchor === null &&
      this.target === 'events';
    const isDates = this.has('tour', 'route') && this.has('when') && query.entities.length === 0;
    if (
      !isPlain(filters) ||
      filters.days !== null ||
      this.has('who') ||
      !(this.has('route') || isTour || isDates)
    )
      return null;
    const { stays, span } = vocabulary.timeline;
    if (isDates && span !== null) {
      const items = [span.first, span.last].map((day) => dateInWords(day, query.language));
      return { kind: 'days', value: items.join(' – '), events: ends(dated(this.events)), items };
    }
    const isCountries = this.target === 'countries';
    const kept = (isCountries ? joinedStays(stays) : stays).filter(({ events }) =>
      events.some((event) => this.events.includes(event)),
    );
    const items = kept.flatMap(({ events: [event] }) =>
      event === undefined
        ? []
        : this.name(isCountries ? event.meeting.country : event.meeting.city),
    );
    const events = isCountries ? kept.flatMap(({ events: list }) => list.slice(0, 1)) : this.events;
    return { kind: 'route', value: items.join(' → '), events, items };
  }

  /** All, or the first, the longest … of what is asked for. */
  chosen(): Found | null {
    const { filters, target, query } = this;
    const which = (['once', 'longest', 'shortest', 'most', 'last', 'first', 'nth'] as const).find(
      (one) => this.has(one),
    );
    if (which === undefined && !this.asks() && !this.asksAll()) return null;
    if (
      filters.people.length > 0 &&
      !(target === 'meetings' && this.has('count', 'often', 'all'))
    ) {
      const isExact = target === 'days' && /day|date|日/i.test(query.text);
      if (!isExact && !(target === 'places' && this.has('meet', 'meeting'))) return null;
    }
    if (
      target === 'people' &&
      !this.has('meet', 'see', 'go', 'meeting', 'tour', 'traveller') &&
      filters.kinds.length === 0
    )
      return null;
    if (
      target === 'days' &&
      which === undefined &&
      (filters.kinds.length > 0 ||
        this.has('meeting', 'event') ||
        !this.has('be', 'go', 'meet') ||
        !this.has('traveller', 'tour'))
    )
      return null;
    if (
      this.has('often') &&
      isPlain(filters) &&
      filters.places.length > 0 &&
      !this.has('meeting', 'event')
    )
      return this.visits();
    const pool = this.pool(this.events);
    const isOffice = this.has('who') && filters.offices.some(({ plural }) => !plural);
    if (target === 'people' && isOffice && !this.has('meet', 'see', 'meeting')) return null;
    if (pool.length === 0 && query.entities.length === 0) return null;
    if (pool.length === 0 && (which !== undefined || this.isGuess())) return null;
    if (which === 'longest' || which === 'shortest') return this.extremes(which, pool);
    if (which === 'first' || which === 'last' || which === 'nth') return this.ranked(which, pool);
    const groups = this.groups(target, pool);
    const most = Math.max(...groups.map(({ events }) => events.length));
    const kept = groups.filter(
      ({ events }) => which === undefined || events.length >= (which === 'most' ? most : 2),
    );
    return this.listed(kept, WHICH[which ?? 'all'] ?? null);
  }

  extremes(which: 'longest' | 'shortest', pool: readonly TourEvent[]): Found | null {
    const isPlace =
      isPlaceTarget(this.target) &&
      this.filters.kinds.length === 0 &&
      !this.has('meeting', 'event', 'meet');
    const timed = pool.filter(({ meeting }) => meeting.durationMinutes !== null);
    const groups = isPlace
      ? this.groups(this.target, pool)
      : timed.map((event) => ({ name: event.meeting.title, events: [event] }));
    const sizeOf = ({ events }: Group): number =>
      isPlace ? this.groups('days', events).length : (events[0]?.meeting.durationMinutes ?? 0);
    const size = groups
      .map(sizeOf)
      .reduce(
        (a, b) => (which === 'longest' ? Math.max(a, b) : Math.min(a, b)),
        which === 'longest' ? 0 : Infinity,
      );
    const kept = groups.filter((group) => sizeOf(group) === size);
    if (kept.length === 0) return null;
    const found = this.listed(kept, WHICH[which] ?? null);
    if (isPlace) return { ...found, value: kept.map(({ name }) => name).join(', ') };
    const open = pool.length - timed.length;
    const note =
      open === 0
        ? null
        : words(
            `${open} of ${pool.length} have no known length`,
            `${pool.length}件中${open}件は長さ不明`,
          );
    const people = this.groups('people', found.events).map(({ name }) => name);
    const isPeople = this.target === 'people' && people.length > 0;
    const items = isPeople ? people : kept.map(({ name }) => name);
    return {
      ...found,
      value: isPeople ? people.join(', ') : size,
      ...(isPeople ? {} : { unit: MINUTES }),
      items,
      note,
    };
  }

  ranked(which: 'first' | 'last' | 'nth', pool: readonly TourEvent[]): Found | null {
    const number = which === 'nth' ? nthOf(this.query) : 1;
    const known = dated(pool);
    const groups = this.groups(this.target === 'days' ? 'events' : this.target, known);
    const group = which === 'last' ? groups.at(-1) : groups[(number ?? 0) - 1];
    const label =
      which === 'nth'
        ? words(`number ${number ?? ''}`, `${number ?? ''}番目`)
        : (WHICH[which] ?? null);
    if (group === undefined || this.has('overview', 'all')) return null;
    if (isPlaceTarget(this.target) || which === 'nth')
      return { ...this.listed([group], label), value: group.name };
    const event = which === 'last' ? known.at(-1) : known[0];
    if (event === undefined) return null;
    const isSettled = this.vocabulary.timeline.isExtreme(event, known, which);
    return this.one(
      event,
      isSettled,
      known.filter((other) => isNear(other, event)),
      label,
    );
  }

  visits(): Found {
    const { stays } = this.vocabulary.timeline;
    const isCity = this.filters.places.every(({ kind }) => kind === 'city');
    const kept = (isCity ? stays : joinedStays(stays)).filter(({ events }) =>
      events.some((event) => this.events.includes(event)),
    );
    return {
      kind: 'visits',
      value: kept.length,
      events: kept.flatMap(({ events }) => events.slice(0, 1)),
    };
  }

  /** What happened in a place or on a day. */
  overview(): Found | null {
    const { filters, query } = this;
    const asks = this.has('overview') || (this.has('what') && this.has('do', 'go', 'event'));
    const isBare =
      !this.asks() &&
      !isYesNo(query) &&
      !this.has('meet', 'meeting', 'or', 'night', 'else', 'people', 'long', 'see');
    if (!isPlain(filters) || this.events.length === 0 || !(asks || isBare)) return null;
    if (filters.places.length === 0 && filters.days === null) return null;
    return { kind: 'events', value: this.events.length, events: this.events };
  }

  listed(groups: readonly Group[], which: Words | null): Found {
    const { target, filters } = this;
    const items = groups.map(({ name }) => name);
    const isCount = this.has('count', 'often');
    const all = uniqueBy(
      groups.flatMap(({ events }) => events),
      ({ meeting }) => meeting.id,
    );
    const isSample = isPlaceTarget(target)
      ? filters.days === null && isPlain(filters)
      : filters.offices.length > 0;
    const events = sorted(
      isSample
        ? uniqueBy(
            groups.flatMap((group) => group.events.slice(0, 1)),
            ({ meeting }) => meeting.id,
          )
        : all,
    );
    const label =
      filters.kinds[0]?.label ?? (target === 'people' ? filters.offices[0]?.sort.label : undefined);
    const named = label === undefined ? {} : { label };
    const isEvents = target === 'events' || target === 'meetings';
    const other = this.events.length - all.length;
    const note =
      isEvents && other > 0 && which === null
        ? words(
            `Not counted: ${other} at which nobody was met`,
            `会談相手のいない予定${other}件を除く`,
          )
        : null;
    const joined = items.join(this.query.language === 'ja' ? '、' : ', ');
    const value = isCount || isEvents || items.length === 0 ? items.length : joined;
    return { kind: target, which, ...named, value, events, items: isEvents ? [] : items, note };
  }

  /** One event, if the itinerary settles that it is this one; else those that it may be. */
  one(
    event: TourEvent,
    isSettled: boolean,
    rivals: readonly TourEvent[],
    which: Words | null,
  ): Found {
    const { target } = this;
    if (!isSettled)
      return {
        kind: target,
        which,
        value: null,
        events: sorted([...new Set([event, ...rivals])]),
        note: UNKNOWN_TIMES,
      };
    const untimed = rivals
      .filter((other) => other !== event && other.start === null)
      .map(({ meeting }) => meeting.title);
    const note =
      untimed.length === 0
        ? null
        : words(`No known time: ${untimed.join('; ')}`, `時刻不明：${untimed.join('、')}`);
    const people = this.groups('people', [event]).map(({ name }) => name);
    const items = target === 'people' && people.length > 0 ? people : [event.meeting.title];
    const label =
      target === 'people' ? this.filters.offices[0]?.sort.label : this.filters.kinds[0]?.label;
    return {
      kind: target,
      which,
      ...(label === undefined ? {} : { label }),
      value: items.join(', '),
      events: [event],
      items,
      note,
    };
  }

  /** Events grouped by what is asked for, in the order of the tour. */
  groups(target: Target, events: readonly TourEvent[]): Group[] {
    const { filters, vocabulary, query } = this;
    const namesOf = (event: TourEvent): readonly string[] => {
      const { meeting, others, group, country } = event;
      switch (target) {
        case 'people': {
          const people = peopleAt(event, filters, vocabulary)
            .filter(({ name }) => !query.without.includes(name))
            .map(({ name }) => this.name(name));
          return people.length > 0 || group === null || this.has('count') ? people : [group];
        }
        case 'countries':
          return [this.name(meeting.country)];
        case 'continents':
          return [vocabulary.continentOf(country)];
        case 'places':
        case 'cities':
          return [this.name(meeting.city)];
        case 'days':
          return meeting.date === null ? [] : [dateInWords(meeting.date, query.language)];
        case 'courts':
          return others.flatMap(({ organisation }) =>
            /court|tribunal/i.test(organisation ?? '') ? this.name(organisation ?? '') : [],
          );
        default:
          return [meeting.id];
      }
    };
    const isOrdered = isPlaceTarget(target) || target === 'days';
    const ordered = isOrdered
      ? [...dated(events), ...events.filter(({ meeting }) => meeting.date === null)]
      : events;
    const pairs = ordered.flatMap((event) =>
      [...new Set(namesOf(event))].map((name) => ({ name, event })),
    );
    return [...groupBy(pairs, ({ name }) => name)].map(([name, list]) => ({
      name,
      events: list.map(({ event }) => event),
    }));
  }

  /** Events that can be of the kind asked for: with people, or away from home. */
  pool(events: readonly TourEvent[]): readonly TourEvent[] {
    const { home } = this.vocabulary.timeline;
    const { places, days, kinds } = this.filters;
    if (this.target === 'people' || this.target === 'meetings') {
      return kinds.length > 0
        ? events
        : events.filter(({ others, group }) => others.length > 0 || group !== null);
    }
    const isAway =
      isPlaceTarget(this.target) &&
      (days === null || this.has('go')) &&
      !places.some(({ countries }) => countries.has(home ?? ''));
    return isAway || (this.target === 'days' && places.length === 0)
      ? events.filter(({ country }) => country !== home)
      : events;
  }

  asks(): boolean {
    return this.has('who', 'which', 'what', 'where', 'when', 'count', 'often', 'all');
  }

  /** The question is for several: "which ministers", "press conferences". */
  asksAll(): boolean {
    return (
      this.has('count', 'all') ||
      this.query.entities.some(
        ({ plural, filters }) => plural && filters.offices.length + filters.kinds.length > 0,
      ) ||
      this.query.items.some(
        ({ plural, classes }) =>
          plural && (classes.has('meeting') || classes.has('event') || classes.has('people')),
      )
    );
  }

  /** Nothing was found by words of titles, which may only say it otherwise. */
  isGuess(): boolean {
    const { kinds, offices, organisations } = this.filters;
    const sorts = { ...NO_FILTERS, kinds, offices, organisations };
    return (
      kinds.length + offices.length + organisations.length > 0 &&
      eventsThatFit(sorts, this.vocabulary).length === 0
    );
  }

  /** What is named does not go together: whether it is so is no matter for a list. */
  isContradiction(): boolean {
    const { home, events } = this.vocabulary.timeline;
    const { people, organisations, places, meetings } = this.filters;
    const named = { ...NO_FILTERS, people, organisations, places, meetings };
    const isHome = places.some(({ countries }) => countries.has(home ?? ''));
    return (
      !events.some((event) => fits(event, named, this.vocabulary)) ||
      (isHome && this.events.length === 0)
    );
  }

  name(name: string): string {
    return this.vocabulary.nameIn(this.query.language, name);
  }

  worded({
    kind,
    label,
    which = null,
    value,
    unit,
    events,
    items = [],
    note = null,
  }: Found): Listing {
    const { language } = this.query;
    const plain = value ?? words('not settled by the itinerary', '確定できません')[language];
    const measured =
      unit === undefined ? plain : `${plain}${language === 'ja' ? '' : ' '}${unit[language]}`;
    const list =
      typeof value === 'number' && items.length > 0 && items.length < 12
        ? ` (${items.join(', ')})`
        : '';
    const what = (label ?? LABELS[kind] ?? words('', ''))[language];
    const title =
      language === 'ja'
        ? `${this.scope()}${what}${which === null ? '' : `（${which.ja}）`}：${measured}${list}`
        : `${what}${this.scope()}${which === null ? '' : `, ${which.en}`}: ${measured}${list}`;
    const open = this.unsettled.map(({ meeting }) => meeting.title);
    const unsettled =
      open.length === 0
        ? null
        : words(`Without a known time or date: ${open.join('; ')}`, `日時不明：${open.join('、')}`);
    return {
      kind,
      title,
      value,
      meetings: events.map(listedMeeting),
      items,
      note: (note ?? unsettled)?.[language] ?? null,
    };
  }

  /** With whom, where, when, before or after what: " in Kyiv on January 7, 2024". */
  scope(): string {
    const { language, anchor } = this.query;
    const { places, people } = this.filters;
    const join = (names: readonly string[]): string =>
      names.map((name) => this.name(name)).join(language === 'ja' ? '・' : ', ');
    const what = anchor?.entities.map(({ text }) => text).join(', ') ?? '';
    const relation = anchor?.relation ?? 'before';
    const parts = [
      [join(people), ' with ', 'との'],
      [join(places.map(({ name }) => name)), ' in ', 'の'],
      [daysInWords(this.filters.days ?? [], language), ' on ', 'の'],
      [
        what,
        ` ${anchor?.straight === true ? 'right ' : ''}${relation} `,
        relation === 'after' ? 'の後の' : relation === 'before' ? 'の前の' : 'の',
      ],
    ] as const;
    return parts
      .map(([text, en, ja]) =>
        text === '' ? '' : language === 'ja' ? `${text}${ja}` : `${en}${text}`,
      )
      .join('');
  }
}

function targetOf({ has, items, entities, filters }: Query): Target {
  const isPlural = (one: WordClass): boolean =>
    items.some(
      ({ classes, plural, text }) => classes.has(one) && (plural || /[^\x20-\x7f]/.test(text)),
    );
  const isEvents = has('meeting', 'event') && !has('people');
  if (has('court') && isPlural('court') && !isEvents) return 'courts';
  const asksWho = has('who') && !(has('count') && isEvents);
  if (
    asksWho ||
    has('people') ||
    (entities.some((item) => item.filters.offices.length > 0) &&
      !isEvents &&
      !has('where', 'when', 'country', 'city', 'place'))
  )
    return 'people';
  const isDay = has('day') && has('most') && !has('country', 'city', 'place');
  if ((has('country') && !isEvents) || (has('country') && has('most', 'longest', 'shortest')))
    return 'countries';
  if (has('continent')) return 'continents';
  if (has('city') && (!isEvents || has('most'))) return 'cities';
  if (has('where') || (has('place') && (!isEvents || has('most')))) return 'places';
  if (has('when') || isDay) return 'days';
  return has('meeting', 'meet', 'often') && !has('event') && filters.kinds.length === 0
    ? 'meetings'
    : 'events';
}

const isPlaceTarget = (target: Target): boolean =>
  ['places', 'cities', 'countries', 'continents'].includes(target);
const isNear = (a: TourEvent, b: TourEvent): boolean =>
  a.meeting.city === b.meeting.city && a.meeting.date === b.meeting.date;
const dated = (events: readonly TourEvent[]): TourEvent[] =>
  events.filter(({ meeting }) => meeting.date !== null);
const ends = (events: readonly TourEvent[]): TourEvent[] =>
  events.filter((_, i) => i === 0 || i === events.length - 1);
const sorted = (events: readonly TourEvent[]): TourEvent[] =>
  [...events].sort((a, b) => a.meeting.order - b.meeting.order);
/** Nothing is named but places and days. */
const isPlain = ({ people, offices, kinds, organisations }: Filters): boolean =>
  people.length + offices.length + kinds.length + organisations.length === 0;

function nthOf({ items }: Query): number | null {
  const at = items.findIndex(({ classes }) => classes.has('nth'));
  const before = items[at - 1];
  const number = before?.figure === true ? numberOf(before.text) : numberOf(items[at]?.text);
  return number > 0 ? number : null;
}

/** Stays in one country one after the other as one. */
function joinedStays(stays: readonly Stay[]): Stay[] {
  const result: Stay[] = [];
  for (const stay of stays) {
    const before = result.at(-1);
    if (before?.country !== stay.country) result.push(stay);
    else result[result.length - 1] = { ...before, events: [...before.events, ...stay.events] };
  }
  return result;
}

/** "January 7, 2024", or the first and the last of days in a row. */
function daysInWords(days: readonly string[], language: Language): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  const inRow = days.length > 2 && days.every((day, i) => day === shiftDate(first, i));
  if (inRow) return `${dateInWords(first, language)} – ${dateInWords(last, language)}`;
  return days.map((day) => dateInWords(day, language)).join(language === 'ja' ? '、' : ', ');
}
