import { dateInWords, daysBetween, numberOf } from '../language/calendar.ts';
import type { WordClass } from './lexicon.ts';
import { anchorEvents, eventsThatFit, fits, keepsOrder, peopleAt } from './matching.ts';
import { isEntity, isYesNo, NO_FILTERS, type Filters, type Query } from './query.ts';
import { groupBy, uniqueBy, type Stay, type TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import {
  DAYS,
  MINUTES,
  NIGHTS,
  NOTES,
  titleOf,
  WHICH,
  words,
  type Titled,
  type Words,
} from './wording.ts';

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

interface Found extends Titled {
  readonly events: readonly TourEvent[];
  /** Null says that there is nothing to add; left out, what is unsettled is added. */
  readonly note?: Words | null;
}
interface Group {
  readonly name: string;
  readonly events: readonly TourEvent[];
}
type PlaceTarget = 'places' | 'cities' | 'countries' | 'continents';
type Target = PlaceTarget | 'people' | 'days' | 'courts' | 'meetings' | 'events';

export function listedMeeting({ meeting }: TourEvent): ListedMeeting {
  const { id, title, date, city, country } = meeting;
  return { id, title, date, place: `${city}, ${country}` };
}

/** The listing that answers a question, or null when it asks for something else. */
export function listingOf(query: Query, vocabulary: Vocabulary): Listing | null {
  const isContent = query.has('say', 'about', 'other', 'elsewhere', 'counterpart');
  const isDeed =
    query.has('act') &&
    !(query.filters.kinds.length > 0 && query.has('count', 'often', 'all', 'which', 'where'));
  if (query.unknown.length > 0 || query.isDayOfStay || isContent || isDeed) return null;
  return new Lister(query, vocabulary).listing();
}

/** More places with stays of one length are no answer. */
const MOST_TIES = 4;

/** One question over the events that it is about. */
class Lister {
  readonly query: Query;
  readonly vocabulary: Vocabulary;
  readonly filters: Filters;
  readonly has: Query['has'];
  readonly target: Target;
  readonly events: readonly TourEvent[];
  /** Events that may belong to them but for an unknown time or day. */
  readonly unsettled: readonly TourEvent[];
  /** Nothing is named but places and days. */
  readonly isPlain: boolean;

  constructor(query: Query, vocabulary: Vocabulary) {
    const { filters, anchor } = query;
    this.query = query;
    this.vocabulary = vocabulary;
    this.filters = filters;
    this.has = query.has;
    this.target = targetOf(query);
    const { people, offices, kinds, organisations } = filters;
    this.isPlain = people.length + offices.length + kinds.length + organisations.length === 0;
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
    const { query, vocabulary } = this;
    const isOpen = query.anchor === null && query.language === 'en' && !this.has('or');
    const isRanked = this.has('first', 'last', 'next');
    if (this.filters.days?.length === 0) return null;
    if (isOpen && this.filters.days === null && this.has('before', 'after', 'since', 'between'))
      return null;
    if (
      this.has('move', 'start', 'end') &&
      query.anchor === null &&
      !isRanked &&
      !(this.has('tour') && this.has('when', 'day'))
    )
      return null;
    const found = this.comparison() ?? this.distance() ?? this.rest();
    if (found === null) return null;
    const { kind, value, events, items = [], note } = found;
    // A place that is listed anyway is not in doubt.
    const doubtful = this.unsettled.filter(
      (event) => !this.namesOf(this.target, event).some((name) => items.includes(name)),
    );
    const open = doubtful.length === 0 ? null : NOTES.undated(doubtful);
    return {
      ...{ kind, title: titleOf(found, query, vocabulary), value },
      ...{ meetings: events.map(listedMeeting), items },
      note: (note === undefined ? open : note)?.[query.language] ?? null,
    };
  }

  rest(): Found | null {
    if (this.isContradiction()) return null;
    const measured = this.neighbour() ?? this.duration();
    const isLength = this.has('long', 'minutes') && !this.has('longest', 'shortest');
    if (measured !== null || isLength) return measured;
    return this.route() ?? this.chosen() ?? this.overview();
  }

  /** "Bucha or Irpin first?", "Did she meet Joly before Blinken?", "Was Joly before or after Blinken?" */
  comparison(): Found | null {
    const { query, vocabulary } = this;
    const { anchor, language } = query;
    const named = query.items.filter((item) => isEntity(item) && item.filters.days === null);
    const isEither = this.has('before') && this.has('after');
    const isQuestion =
      anchor !== null && query.entities.length === 1 && (isYesNo(query) || isEither);
    const isChoice = this.has('or') && this.has('first', 'last', 'before', 'after');
    const isLength = this.has('or') && this.has('longest', 'shortest');
    if (named.length !== 2 || !(isChoice || isQuestion || isLength)) return null;
    const groups = named.map(({ filters }): Group => {
      const events = eventsThatFit(filters, vocabulary);
      const people = uniqueBy(
        events.flatMap((event) => peopleAt(event, filters, vocabulary)),
        ({ name }) => name,
      );
      const [place] = filters.places;
      const name = this.name(place?.name ?? people[0]?.name ?? events[0]?.meeting.title ?? '');
      return { name, events: place !== undefined || people.length <= 1 ? events : [] };
    });
    const [a, b] = groups.map(({ events }) => events[0]);
    if (a === undefined || b === undefined || a === b) return null;
    if (isLength) return this.longer(groups);
    const isBefore = vocabulary.timeline.isBefore(a, b);
    const items = groups.map(({ name }) => name);
    const found = { kind: 'order', events: sorted([a, b]), scope: items.join(' / '), items };
    if (isBefore === null) return { ...found, value: null, note: NOTES.unknownTimes };
    if (isQuestion) {
      const isSo = isBefore === (anchor.relation === 'before');
      const open = isBefore ? words('before', '前') : words('after', '後');
      const value = isEither ? open : isSo ? words('yes', 'はい') : words('no', 'いいえ');
      return { ...found, value: value[language], note: null };
    }
    const which = this.has('last') ? WHICH['last'] : WHICH['first'];
    const isFirst = isBefore !== this.has('last');
    const value = (isFirst ? items[0] : items[1]) ?? null;
    return { ...found, which, value, events: [isFirst ? a : b], note: null };
  }

  /** "Which lasted longer, Joly or Sullivan?" */
  longer(groups: readonly Group[]): Found | null {
    const lengths = groups.map(({ events }) => events[0]?.meeting.durationMinutes ?? null);
    const [a, b] = lengths;
    const scope = groups.map(({ name }) => name).join(' / ');
    const which = this.has('shortest') ? WHICH['shortest'] : WHICH['longest'];
    const events = groups.flatMap((group) => group.events.slice(0, 1));
    const found = { kind: 'order', which, scope, events };
    if (a == null || b == null || a === b)
      return {
        ...found,
        value: null,
        note: NOTES.noLength(lengths.filter((one) => one === null).length, 2),
      };
    const isFirst = a > b !== this.has('shortest');
    const value = groups[isFirst ? 0 : 1]?.name ?? null;
    return {
      ...found,
      value,
      items: lengths.map((one, i) => `${groups[i]?.name ?? ''}: ${one ?? '?'}`),
      note: null,
    };
  }

  /** "How many days between Kyiv and Hamburg?" */
  distance(): Found | null {
    const { query, vocabulary } = this;
    const named = query.items.filter(isEntity);
    const isSpan = query.anchor !== null && this.has('count', 'long') && this.has('day', 'long');
    const [a, b] = named.map(({ filters }) => eventsThatFit(filters, vocabulary)[0]);
    const [from, to] = [a?.meeting.date, b?.meeting.date];
    if (!(isSpan || this.has('apart')) || named.length !== 2 || a === undefined || b === undefined)
      return null;
    if (from == null || to == null) return null;
    const scope = named.map(({ text }) => text).join(' – ');
    const value = Math.abs(daysBetween(from, to));
    return { kind: 'distance', value, unit: DAYS, scope, events: sorted([a, b]), note: null };
  }

  /** What came right before or after: "whom did she see straight before Blinken?" */
  neighbour(): Found | null {
    const { query, vocabulary, target } = this;
    const { anchor } = query;
    if (anchor === null || !this.asks() || this.has('count', 'all', 'overview', 'nth')) return null;
    const isDay = anchor.entities.every(({ filters }) => filters.days !== null);
    const isOne =
      anchor.straight ||
      this.has('next') ||
      !(isDay || this.asksAll() || this.filters.places.length > 0);
    if (!isOne || (anchor.relation !== 'before' && anchor.relation !== 'after')) return null;
    const { timeline } = vocabulary;
    const isLater = anchor.relation === 'after';
    const named = dated(anchorEvents(anchor, vocabulary));
    const edge = isLater ? named.at(-1) : named[0];
    if (edge === undefined) return null;
    if (isPlaceTarget(target)) return this.neighbourPlace(edge, isLater);
    const order = (a: TourEvent, b: TourEvent): boolean | null =>
      isLater ? timeline.isBefore(a, b) : timeline.isBefore(b, a);
    const isBeyond = ({ meeting }: TourEvent): boolean =>
      isLater ? meeting.order > edge.meeting.order : meeting.order < edge.meeting.order;
    const pool = dated(this.pool(eventsThatFit(this.filters, vocabulary)));
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
    return this.one(next, isSettled, rivals, undefined);
  }

  neighbourPlace(edge: TourEvent, isLater: boolean): Found | null {
    const { stays } = this.vocabulary.timeline;
    const isCountry = this.target === 'countries';
    const all = isCountry ? joinedStays(stays) : stays;
    const holds = ({ events }: Stay): boolean => events.includes(edge);
    const event = all[isLater ? all.findLastIndex(holds) + 1 : all.findIndex(holds) - 1]?.events[0];
    if (event === undefined) return null;
    const name = this.name(isCountry ? event.meeting.country : event.meeting.city);
    const day = dateInWords(event.meeting.date ?? '', this.query.language);
    const value = this.has('when', 'day') ? `${name}, ${day}` : name;
    return { kind: this.target, value, events: [event], items: [name], note: null };
  }

  /** How many days or nights in a place or on the tour. */
  duration(): Found | null {
    const { filters, query } = this;
    const { span, events: all } = this.vocabulary.timeline;
    const isNights = this.has('night');
    const isStay = this.has('long') || (this.has('count') && this.has('day', 'night'));
    if (
      !isStay ||
      !this.isPlain ||
      span === null ||
      query.anchor !== null ||
      this.has('meeting', 'event')
    )
      return null;
    const events = dated(this.events);
    const found = { kind: 'duration', unit: isNights ? NIGHTS : DAYS, events };
    if (filters.places.length === 0) {
      if (!this.has('tour', 'route', 'go') || filters.days !== null) return null;
      return {
        ...found,
        value: daysBetween(span.first, span.last) + (isNights ? 0 : 1),
        events: ends(events),
        note: null,
      };
    }
    const items = this.groups('days', events).map(({ name }) => name);
    if (!isNights) return { ...found, value: items.length, items };
    const nights = events.map((event, i) => {
      const before = events[i - 1];
      const isSame =
        before?.meeting.city === event.meeting.city &&
        all.indexOf(event) === all.indexOf(before) + 1;
      return isSame ? daysBetween(before.meeting.date ?? '', event.meeting.date ?? '') : 0;
    });
    return { ...found, value: nights.reduce((sum, night) => sum + night, 0), note: NOTES.nights };
  }

  /** The tour from place to place, or its dates. */
  route(): Found | null {
    const { filters, query, vocabulary } = this;
    const { stays, span } = vocabulary.timeline;
    const isNothing = query.entities.length === 0 && query.anchor === null;
    const isTour =
      isNothing && this.has('tour') && this.has('overview', 'all') && this.target === 'events';
    const isDates = isNothing && this.has('tour', 'route') && this.has('when');
    const isEnd = this.has('end') !== this.has('start');
    if (
      !this.isPlain ||
      filters.days !== null ||
      this.has('who', 'meeting', 'event') ||
      !(this.has('route') || isTour || isDates)
    )
      return null;
    if (isDates && span !== null) {
      const dates = isEnd ? [this.has('end') ? span.last : span.first] : [span.first, span.last];
      const items = dates.map((day) => dateInWords(day, query.language));
      return {
        kind: 'days',
        value: items.join(' – '),
        events: ends(dated(this.events)),
        items,
        note: null,
      };
    }
    const isCountries = this.target === 'countries';
    const kept = (isCountries ? joinedStays(stays) : stays).flatMap(
      ({ events }) => events.find((event) => this.events.includes(event)) ?? [],
    );
    if (kept.length < 2) return null;
    const items = kept.map(({ meeting }) =>
      this.name(isCountries ? meeting.country : meeting.city),
    );
    return {
      kind: 'route',
      value: items.join(' → '),
      events: isCountries ? kept : this.events,
      items,
    };
  }

  /** All, or the first, the longest … of what is asked for. */
  chosen(): Found | null {
    const { filters, target, query } = this;
    const which = (['once', 'longest', 'shortest', 'most', 'last', 'first', 'nth'] as const).find(
      (one) => this.has(one),
    );
    if (which === undefined && !this.isListAsked()) return null;
    if (filters.people.length > 0 && !this.isPersonListed()) return null;
    const isTold =
      filters.kinds.length + filters.meetings.length > 0 ||
      this.has('meet', 'see', 'go', 'meeting', 'tour', 'traveller') ||
      (this.has('route') && this.has('people'));
    const isOne =
      this.has('who') &&
      filters.offices.some(({ plural }) => !plural) &&
      !this.has('meet', 'see', 'meeting');
    if (target === 'people' && (!isTold || isOne)) return null;
    // Places by how long she stayed: only the longest and the shortest stay are told.
    const isByLength = this.has('day', 'night') && this.filters.days === null;
    if (isPlaceTarget(target) && which === undefined && (isByLength || this.has('night')))
      return null;
    const isStay =
      this.has('be', 'go', 'meet') && (query.language === 'ja' || this.has('traveller', 'tour'));
    if (
      target === 'days' &&
      which !== 'most' &&
      (!isStay || filters.kinds.length > 0 || this.has('meeting', 'event'))
    )
      return null;
    if (
      this.has('often') &&
      this.isPlain &&
      filters.places.length > 0 &&
      !this.has('meeting', 'event')
    ) {
      const visits = this.visitsAmong(this.events);
      return { kind: 'visits', value: visits.length, events: visits };
    }
    const pool = this.pool(this.events);
    if (pool.length === 0)
      return which === undefined && query.entities.length > 0 ? this.nothing() : null;
    if (which === 'longest' || which === 'shortest') return this.extremes(which, pool);
    if (which === 'first' || which === 'last' || which === 'nth') return this.ranked(which, pool);
    const isVisits = which === 'once' && isPlaceTarget(target);
    const groups = this.groups(target, isVisits ? this.visitsAmong(pool) : pool);
    const sizeOf = ({ events }: Group): number =>
      this.has('most') && this.has('people') ? this.groups('people', events).length : events.length;
    const most = Math.max(...groups.map(sizeOf));
    const least = which === 'most' ? most : which === 'once' ? 2 : 0;
    const kept = groups.filter((group) => sizeOf(group) >= least);
    const label =
      which === 'most' ? words(`most (${most})`, `最多、${most}件`) : WHICH[which ?? ''];
    return this.listed(kept, label);
  }

  /** Whether the form of the question asks for a list, not for something about one event. */
  isListAsked(): boolean {
    if (this.target !== 'events' && this.target !== 'meetings')
      return this.asks() || this.asksAll();
    const isProgramme = this.has('route') && this.filters.days !== null;
    return (
      this.has('count', 'often', 'all', 'which') ||
      this.asksAll() ||
      isProgramme ||
      (this.has('what') && this.has('meeting'))
    );
  }

  /** Lists of what one person was at: how often, on which days, where. */
  isPersonListed(): boolean {
    if (this.target === 'people') return this.has('else');
    if (this.target === 'meetings') return this.has('count', 'often', 'all');
    if (this.target === 'days') return /day|date|日/i.test(this.query.text);
    return this.target === 'places' && this.has('meet', 'meeting');
  }

  /** Nobody, nowhere: said only where what is asked for is found at other times or places. */
  nothing(): Found | null {
    const { filters, query, target } = this;
    const { kinds, offices, days } = filters;
    const { events } = this.vocabulary.timeline;
    const named = { ...NO_FILTERS, kinds, offices };
    if (eventsThatFit(named, this.vocabulary).length === 0) return null;
    const [first, last] = [days?.[0], days?.at(-1)];
    if (
      isPlaceTarget(target) &&
      first !== undefined &&
      last !== undefined &&
      query.anchor === null
    ) {
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
    return this.has('count', 'who', 'which', 'all', 'often') || this.asksAll()
      ? this.listed([], undefined)
      : null;
  }

  extremes(which: 'longest' | 'shortest', pool: readonly TourEvent[]): Found | null {
    const { target } = this;
    const isPlace =
      isPlaceTarget(target) &&
      this.filters.kinds.length === 0 &&
      !this.has('meeting', 'event', 'meet');
    const timed = pool.filter(({ meeting }) => meeting.durationMinutes !== null);
    const groups = isPlace
      ? this.groups(target, pool)
      : timed.map((event): Group => ({ name: event.meeting.title, events: [event] }));
    const sizeOf = ({ events }: Group): number =>
      isPlace ? this.groups('days', events).length : (events[0]?.meeting.durationMinutes ?? 0);
    const sizes = groups.map(sizeOf);
    const size = which === 'longest' ? Math.max(...sizes) : Math.min(...sizes);
    const kept = groups.filter((group) => sizeOf(group) === size);
    if (kept.length === 0 || (isPlace && kept.length > MOST_TIES)) return null;
    const found = this.listed(kept, WHICH[which]);
    if (isPlace) return { ...found, value: kept.map(({ name }) => name).join(', ') };
    const open = pool.length - timed.length;
    const note = open === 0 ? null : NOTES.noLength(open, pool.length);
    const people =
      target === 'people' ? this.groups('people', found.events).map(({ name }) => name) : [];
    if (people.length > 0) return { ...found, value: people.join(', '), items: people, note };
    return { ...found, value: size, unit: MINUTES, items: kept.map(({ name }) => name), note };
  }

  ranked(which: 'first' | 'last' | 'nth', pool: readonly TourEvent[]): Found | null {
    const known = dated(pool);
    const number = which === 'nth' ? nthOf(this.query) : 1;
    const groups = this.groups(this.target === 'days' ? 'events' : this.target, known);
    const group = which === 'last' ? groups.at(-1) : groups[number - 1];
    const event = which === 'last' ? known.at(-1) : known[0];
    const { timeline } = this.vocabulary;
    if (group === undefined || event === undefined || this.has('overview', 'all')) return null;
    const label = which === 'nth' ? words(`number ${number}`, `${number}番目`) : WHICH[which];
    if (isPlaceTarget(this.target) && !this.isPlain) {
      return { ...this.listed(this.groups(this.target, [event]), label), events: [event] };
    }
    if (isPlaceTarget(this.target) || which === 'nth') {
      return {
        ...this.listed([group], label),
        value: group.name,
        events: group.events.slice(0, 1),
        note: null,
      };
    }
    // Those that it may be: near it in time, and none of the others is surely beyond them.
    const isBeyond = (one: TourEvent, other: TourEvent): boolean =>
      (which === 'last' ? timeline.isBefore(one, other) : timeline.isBefore(other, one)) === true;
    const near = known.filter(
      (one) => isNear(one, event) && !known.some((other) => isBeyond(one, other)),
    );
    return this.one(event, timeline.isExtreme(event, known, which), near, label);
  }

  /** The first event of each visit to a city, or to a country where countries are asked for. */
  visitsAmong(events: readonly TourEvent[]): TourEvent[] {
    const { stays } = this.vocabulary.timeline;
    const isCity =
      this.target !== 'countries' && this.filters.places.every(({ kind }) => kind === 'city');
    return (isCity ? stays : joinedStays(stays)).flatMap(
      (stay) => stay.events.find((event) => events.includes(event)) ?? [],
    );
  }

  /** What happened in a place or on a day. */
  overview(): Found | null {
    const { filters, query } = this;
    const isAsked = this.has('overview') || (this.has('what') && this.has('do', 'go', 'event'));
    const isBare =
      !this.asks() &&
      !isYesNo(query) &&
      !this.has('meet', 'meeting', 'or', 'night', 'else', 'people', 'see');
    const isNamed =
      filters.places.length > 0 || filters.days !== null || query.anchor?.relation === 'between';
    if (!this.isPlain || !isNamed || this.events.length === 0 || !(isAsked || isBare)) return null;
    return { kind: 'events', value: this.events.length, events: this.events };
  }

  listed(groups: readonly Group[], which: Words | undefined): Found {
    const { target, filters } = this;
    const isEvents = target === 'events' || target === 'meetings';
    const items = groups.map(({ name }) => name);
    const all = groups.flatMap(({ events }) => events);
    // One meeting for each country, or for each minister: the first.
    const isSample =
      which === undefined &&
      (isPlaceTarget(target) ? filters.days === null && this.isPlain : filters.offices.length > 0);
    const shown = isSample ? groups.flatMap(({ events }) => events.slice(0, 1)) : all;
    const events = sorted(uniqueBy(shown, ({ meeting }) => meeting.id));
    const other = this.events.length - uniqueBy(all, ({ meeting }) => meeting.id).length;
    const isPart = isEvents && other > 0 && which === undefined;
    const isNumber = isEvents || items.length === 0 || this.has('count', 'often');
    return {
      ...{ kind: target, which, label: this.label(), events, items: isEvents ? [] : items },
      value: isNumber ? items.length : items.join(this.query.language === 'ja' ? '、' : ', '),
      ...(isPart ? { note: NOTES.nobodyMet(other) } : {}),
    };
  }

  /** One event, if the itinerary settles that it is this one; else those that it may be. */
  one(
    event: TourEvent,
    isSettled: boolean,
    rivals: readonly TourEvent[],
    which: Words | undefined,
  ): Found {
    const found = { kind: this.target, which, label: this.label() };
    if (!isSettled) {
      return {
        ...found,
        value: null,
        events: sorted([...new Set([event, ...rivals])]),
        note: NOTES.unknownTimes,
      };
    }
    const untimed = rivals.filter((other) => other !== event && other.start === null);
    const note = untimed.length === 0 ? null : NOTES.untimed(untimed);
    const people =
      this.target === 'people' ? this.groups('people', [event]).map(({ name }) => name) : [];
    const items = people.length > 0 ? people : [event.meeting.title];
    return { ...found, value: items.join(', '), events: [event], items, note };
  }

  label(): Words | undefined {
    const { kinds, offices } = this.filters;
    const [office] = offices;
    if (this.target !== 'people' || office === undefined) return kinds[0]?.label;
    if (office.organisation === null) return office.sort.label;
    const text =
      this.query.entities.find((item) => item.filters.offices.includes(office))?.text ?? '';
    return words(text.slice(0, 1).toUpperCase() + text.slice(1), text);
  }

  /** Events grouped by what is asked for, in the order of the tour. */
  groups(target: Target, events: readonly TourEvent[]): Group[] {
    const isOrdered = isPlaceTarget(target) || target === 'days';
    const ordered = isOrdered
      ? [...dated(events), ...events.filter(({ meeting }) => meeting.date === null)]
      : events;
    const pairs = ordered.flatMap((event) =>
      [...new Set(this.namesOf(target, event))].map((name) => ({ name, event })),
    );
    return [...groupBy(pairs, ({ name }) => name)].map(([name, list]) => ({
      name,
      events: list.map(({ event }) => event),
    }));
  }

  namesOf(target: Target, event: TourEvent): readonly string[] {
    const { vocabulary, query } = this;
    const { meeting, others, group, country } = event;
    const without = this.has('else') ? [...query.without, ...this.filters.people] : query.without;
    const wanted = this.has('else') ? { ...this.filters, people: [] } : this.filters;
    const people = peopleAt(event, wanted, vocabulary).filter(
      ({ name }) => !without.includes(name),
    );
    switch (target) {
      case 'people':
        return people.length > 0 || group === null || this.has('count')
          ? people.map(({ name }) => this.name(name))
          : [group];
      case 'countries':
        return [this.name(meeting.country)];
      case 'continents':
        return [this.name(vocabulary.continentOf(country))];
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
  }

  /** Events that can be of the kind asked for: with people, or away from home. */
  pool(events: readonly TourEvent[]): readonly TourEvent[] {
    const { home } = this.vocabulary.timeline;
    const { places, days, kinds } = this.filters;
    const isMet =
      this.target === 'people' ||
      this.target === 'meetings' ||
      (this.has('most', 'once') && this.has('meeting', 'meet'));
    const kept =
      isMet && kinds.length === 0
        ? events.filter(({ others, group }) => others.length > 0 || group !== null)
        : events;
    const isHome = places.some(({ countries }) => countries.has(home ?? ''));
    const isAway = isPlaceTarget(this.target)
      ? days === null || this.has('go')
      : this.target === 'days' && places.length === 0;
    return isAway && !isHome ? kept.filter(({ country }) => country !== home) : kept;
  }

  asks(): boolean {
    const isNoun =
      this.query.language === 'ja' && this.has('people', 'country', 'city', 'place', 'court');
    return isNoun || this.has('who', 'which', 'what', 'where', 'when', 'count', 'often', 'all');
  }

  /** The question is for several: "which ministers", "press conferences". */
  asksAll(): boolean {
    const nouns: readonly WordClass[] = ['meeting', 'event', 'people', 'country', 'city', 'place'];
    const isNoun = (classes: ReadonlySet<WordClass>): boolean =>
      nouns.some((one) => classes.has(one));
    const isSeveral = this.query.items.some(
      (item) =>
        item.plural &&
        (isNoun(item.classes) ||
          (this.query.entities.includes(item) &&
            item.filters.offices.length + item.filters.kinds.length > 0)),
    );
    return isSeveral || this.has('count', 'all');
  }

  /** Places never visited, or names that do not go together: whether it is so is no matter for a list. */
  isContradiction(): boolean {
    const { timeline } = this.vocabulary;
    const { people, organisations, places, meetings } = this.filters;
    const exists = (filters: Partial<Filters>): boolean =>
      timeline.events.some((event) => fits(event, { ...NO_FILTERS, ...filters }, this.vocabulary));
    const isHome = places.some(({ countries }) => countries.has(timeline.home ?? ''));
    return (
      !places.every((place) => exists({ places: [place] })) ||
      !exists({ people, organisations, places, meetings }) ||
      (isHome && this.events.length === 0)
    );
  }

  name(name: string): string {
    return this.vocabulary.nameIn(this.query.language, name);
  }
}

function targetOf({ has, items, entities, filters }: Query): Target {
  const isEvents = has('meeting', 'event') && !has('people');
  const isRanked = has('most', 'longest', 'shortest');
  const isSeveral = items.some(
    ({ classes, plural, text }) => classes.has('court') && (plural || /[^\x20-\x7f]/.test(text)),
  );
  const isHeld = entities.some((item) => item.filters.offices.length > 0);
  if (isSeveral && !isEvents && !isHeld) return 'courts';
  if (has('most') && has('day', 'when')) return 'days';
  const isPlace = has('where', 'when', 'country', 'city', 'place');
  const isOffice = !isEvents && !isPlace && isHeld;
  // "How many Americans".
  const isNation = items.some(
    ({ classes }, i) =>
      (classes.has('count') || classes.has('which')) &&
      (items[i + 1]?.filters.places.length ?? 0) > 0,
  );
  if (isNation && has('meet') && !isEvents && !isPlace) return 'people';
  if ((has('who') && !(has('count') && isEvents)) || has('people') || isOffice) return 'people';
  if (has('country') && (!isEvents || isRanked)) return 'countries';
  if (has('continent')) return 'continents';
  if (has('city') && (!isEvents || isRanked)) return 'cities';
  const isCounted = has('count') && (isEvents || filters.kinds.length > 0);
  if ((has('where') && !isCounted) || (has('place') && (!isEvents || isRanked))) return 'places';
  if (has('when') && !(has('all') && isEvents)) return 'days';
  return has('meeting', 'meet', 'often') && !has('event') && filters.kinds.length === 0
    ? 'meetings'
    : 'events';
}

function isPlaceTarget(target: Target): target is PlaceTarget {
  return ['places', 'cities', 'countries', 'continents'].includes(target);
}

const isNear = (a: TourEvent, b: TourEvent): boolean =>
  a.meeting.city === b.meeting.city && a.meeting.date === b.meeting.date;
const dated = (events: readonly TourEvent[]): TourEvent[] =>
  events.filter(({ meeting }) => meeting.date !== null);
const ends = (events: readonly TourEvent[]): TourEvent[] =>
  events.filter((_, i) => i === 0 || i === events.length - 1);
const sorted = (events: readonly TourEvent[]): TourEvent[] =>
  [...events].sort((a, b) => a.meeting.order - b.meeting.order);

/** 3 for "the third", 0 when no number is told. */
function nthOf({ items }: Query): number {
  const at = items.findIndex(({ classes }) => classes.has('nth'));
  const before = items[at - 1];
  return before?.figure === true ? numberOf(before.text) : numberOf(items[at]?.text);
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
