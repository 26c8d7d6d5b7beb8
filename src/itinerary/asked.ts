import { groupBy } from '../corpus/types.ts';
import {
  type Filters,
  isEntity,
  isPlaceTarget,
  isWord,
  type Item,
  NO_FILTERS,
  NOUN_OF_GENDER,
  nounOf,
  type Target,
} from './items.ts';
import { type Sort, classList, type Place, type WordClass } from './lexicon.ts';
import { asksForAny, isYesNo, type Query, targetOf } from './query.ts';
import {
  eventsThatFit,
  fits,
  orderOf,
  longestRow,
  nightsOf,
  peopleAt,
  type TourEvent,
  uniqueBy,
} from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { NOTES, type Titled, type Words, words } from './wording.ts';
import { dateInWords, numberOf } from '../language/dates.ts';
import { continentOf } from '../language/names.ts';

/** A listing before it is put into words. */
export interface Found extends Titled {
  readonly events: readonly TourEvent[];
  /** Null says that there is nothing to add; left out, what is unsettled is added. */
  readonly note?: Words | null;
}

/** Names are the answer. */
export const namesFound = (
  kind: string,
  items: readonly string[],
  events: readonly TourEvent[],
  joint = ', ',
): Found => ({ kind, value: items.join(joint), events, items, note: null });

/** Yes or no is the answer, with what tells it. */
export const decided = (
  kind: string,
  isSo: boolean,
  events: readonly TourEvent[],
  items: readonly string[] = [],
): Found => {
  const note = items.length === 0 ? null : words(items.join(', '), items.join('、'));
  return { kind, value: isSo ? 'yes' : 'no', events, items, note };
};

export interface Group {
  readonly name: string;
  readonly events: readonly TourEvent[];
}

/** What events are counted or summed up by. */
export type Measure = Target | 'minutes' | 'nights' | 'row';

/** Words that ask for nothing by themselves, whatever is asked. */
const GRAMMAR = classList(
  'the of in with aux filler named and traveller tour be do meet see go all what which who where there alone abroad gender',
);

/** Before days, they make a stretch of days. */
const RELATIONS = classList('between until since before after');

/** "Between the 6th and the 9th", いつからいつまで. */
function isOfDays(items: readonly Item[], at: number): boolean {
  const beside = [items[at - 1], items[at + 1]];
  return beside.some(
    (item) =>
      (item?.days?.dates.length ?? 0) > 1 ||
      (isWord(item, 'when') && items[at]?.classes.has('straight') !== true),
  );
}

/** A detail after "with", or a noun after "and" that another noun goes before: "courtesy calls with date and city". */
function isBesides(items: readonly Item[], at: number): boolean {
  const [before, item] = [items[at - 1], items[at]];
  if (isWord(before, 'with')) return true;
  return (
    isWord(before, 'and') &&
    item?.plural === false &&
    nounOf(item) !== null &&
    items.slice(0, at - 1).some((one) => nounOf(one) !== null)
  );
}

/** "Her own press conferences": without anybody beside her. "Lunch with her own counterpart" is with somebody. */
const OWN_BEFORE = /\b(?:her|his|their) own $/i;
const OWN_AFTER = /^ of (?:her|his|their) own\b/i;

/** The way home is no part of it. */
const BEFORE_HOME = /\bbefore \w+(?: went)? home\b|帰国前/i;

/** A question over the events that it is about. */
export class Asked {
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
  /** Words besides those of names, of an anchor and of grammar: a form of question must account for all of them. */
  readonly open: readonly Item[];

  constructor(query: Query, vocabulary: Vocabulary) {
    const { filters, anchor } = query;
    this.query = query;
    this.vocabulary = vocabulary;
    this.filters = filters;
    this.has = query.has;
    this.target = targetOf(query);
    this.open = query.items.filter(
      (item, i) =>
        !isEntity(item) &&
        item.classes.size > 0 &&
        item.days === null &&
        anchor?.items.includes(item) !== true &&
        !isWord(item, ...GRAMMAR) &&
        // "With date and city".
        !isBesides(query.items, i) &&
        !(
          item.classes.has('country') && query.items[i - 1]?.filters.places[0]?.kind === 'region'
        ) &&
        !(isWord(item, ...RELATIONS) && isOfDays(query.items, i)),
    );
    const { people, offices, kinds, organisations, genders, nations, topics, meetings } = filters;
    const named = [people, offices, kinds, organisations, genders, nations, topics, meetings];
    this.isPlain = named.every((list) => list.length === 0);
    const keepsOrder = orderOf(anchor, vocabulary);
    const all = eventsThatFit(filters, vocabulary);
    const kept = all.map((event) => !this.#isExcluded(event) && keepsOrder(event));
    const undated = eventsThatFit({ ...filters, days: null }, vocabulary).filter(
      ({ meeting }) =>
        filters.days !== null &&
        meeting.date === null &&
        all.some((event) => event.meeting.city === meeting.city),
    );
    this.events = all.filter((_, at) => kept[at] === true);
    this.unsettled = [...all.filter((_, at) => kept[at] === null), ...undated];
  }

  /** Whether words of these classes, and figures beside them, are all that the question has besides names and grammar. */
  reads(classes: readonly WordClass[]): boolean {
    return this.open.every((item) => item.figure || classes.some((one) => item.classes.has(one)));
  }

  /** Whether the question itself has such a word, not only what it puts others before or after. */
  tells(...classes: readonly WordClass[]): boolean {
    const { items, anchor } = this.query;
    return items.some(
      (item) =>
        anchor?.items.includes(item) !== true && classes.some((one) => item.classes.has(one)),
    );
  }

  /** "Outside Europe", "except lunches"; of several people at an event, some may be left out. */
  #isExcluded(event: TourEvent): boolean {
    const { items, text } = this.query;
    const isOwn = items.some(
      ({ filters, start, end }) =>
        filters.kinds.length > 0 &&
        (OWN_BEFORE.test(text.slice(0, start)) || OWN_AFTER.test(text.slice(end))),
    );
    if ((this.has('alone') || isOwn) && event.others.length > 0) return true;
    if (this.has('named') && event.others.length === 0) return true;
    if (this.#isCapital(event) === false) return true;
    if (this.has('abroad') && event.country === this.vocabulary.timeline.home) return true;
    // "Meetings with courts".
    const isOfCourt = this.has('court') && this.filters.organisations.length === 0;
    if (isOfCourt && this.namesOf('courts', event).length === 0) return true;
    return this.query.excluded.some((filters) =>
      filters.people.length + filters.offices.length === 0
        ? fits(event, filters, this.vocabulary)
        : event.others.length > 0 &&
          peopleAt(event, filters, this.vocabulary).length === event.others.length,
    );
  }

  /** Events with all that the filters say. */
  fitting(filters: Partial<Filters>): TourEvent[] {
    return eventsThatFit({ ...NO_FILTERS, ...filters }, this.vocabulary);
  }

  /** Events grouped by what is asked for, in the order of the tour. */
  groups(target: Target, events: readonly TourEvent[], filters = this.filters): Group[] {
    const pairs = events.flatMap((event) =>
      [...new Set(this.namesOf(target, event, filters))].map((name) => ({ name, event })),
    );
    return [...groupBy(pairs, ({ name }) => name)].map(([name, list]) => ({
      name,
      events: list.map(({ event }) => event),
    }));
  }

  /** How many people, days, minutes … there are in some events. */
  measured(events: readonly TourEvent[], measure: Measure, filters = this.filters): number {
    switch (measure) {
      case 'minutes':
        return events.reduce((sum, { meeting }) => sum + (meeting.durationMinutes ?? 0), 0);
      case 'nights':
        return nightsOf(events, this.vocabulary.timeline.events);
      case 'row':
        return longestRow(events);
      case 'meetings':
        return events.filter(isMet).length;
      case 'events':
        return events.length;
      case 'people':
        // Of a group nobody knows how many they were.
        return this.groups(measure, events, filters).filter(
          ({ name }) => !events.some(({ group }) => group === name),
        ).length;
      default:
        return this.groups(measure, events, filters).length;
    }
  }

  /** Whether it was in a capital, where capitals are asked for. */
  #isCapital({ meeting, country }: TourEvent): boolean | null {
    if (!this.isOfCapitals) return null;
    const place: Place = { name: '', kind: 'country', countries: new Set([country]), city: null };
    return this.vocabulary.capitalOf(place)?.city === meeting.city;
  }

  namesOf(target: Target, event: TourEvent, filters = this.filters): readonly string[] {
    const { vocabulary, query } = this;
    const { meeting, others, group, country } = event;
    const without = this.has('else') ? [...query.without, ...filters.people] : query.without;
    const wanted = this.has('else') ? { ...filters, people: [] } : filters;
    // "Without lunch": whoever had one is left out, though met again.
    const excluded = query.excluded.flatMap((one) =>
      one.people.length + one.offices.length > 0
        ? peopleAt(event, one, vocabulary)
        : one.kinds.length > 0
          ? eventsThatFit(one, vocabulary).flatMap(({ others: left }) => left)
          : [],
    );
    const people = peopleAt(event, wanted, vocabulary).filter(
      (person) =>
        !without.includes(person.name) && !excluded.some(({ name }) => name === person.name),
    );
    switch (target) {
      case 'people':
        return people.length > 0 || group === null || this.has('count')
          ? people.map(({ name }) => name)
          : [group];
      case 'countries':
        return [meeting.country];
      case 'continents':
        return [continentOf(country) ?? country];
      case 'places':
      case 'cities':
        return this.#isCapital(event) === false ? [] : [meeting.city];
      case 'days':
        return meeting.date === null
          ? []
          : [dateInWords(meeting.date, 'en', { weekday: this.has('weekday') })];
      case 'courts':
        return others.flatMap(({ organisation }) =>
          /court|tribunal/i.test(organisation ?? '') ? (organisation ?? '') : [],
        );
      default:
        return [meeting.id];
    }
  }

  /** Events that can be of the kind asked for: with people, or away from home. */
  pool(events: readonly TourEvent[]): readonly TourEvent[] {
    const { home } = this.vocabulary.timeline;
    const { places, days, kinds, meetings } = this.filters;
    const isOfMeetings =
      this.target === 'people' ||
      this.target === 'meetings' ||
      (this.has('most', 'fewest', 'once', 'longest', 'shortest') && this.has('meeting', 'meet'));
    const met = isOfMeetings && kinds.length === 0 ? events.filter(isMet) : events;
    const kept =
      this.target === 'courts'
        ? met.filter((event) => this.namesOf('courts', event).length > 0)
        : met;
    // A continent that holds the home country is not about home.
    const isHome = places.some(
      ({ kind, countries }) => kind !== 'region' && countries.has(home ?? ''),
    );
    const isAway = isPlaceTarget(this.target)
      ? kinds.length + meetings.length === 0 && (days === null || this.has('go'))
      : this.target === 'days' && places.length + meetings.length === 0;
    const isBeforeHome = BEFORE_HOME.test(this.query.text);
    return (isAway && !isHome) || isBeforeHome
      ? kept.filter(({ country }) => country !== home)
      : kept;
  }

  get isOfCapitals(): boolean {
    return this.query.items.some(({ text }) => /^capitals?$|^首都$/i.test(text));
  }

  /** Asks by a question word. */
  get asks(): boolean {
    return this.has(...classList('who which what where when count often all'));
  }

  /** "The city after Lima", "the three court presidents": a noun that stands for what is asked. */
  get isNounPhrase(): boolean {
    const { items, language } = this.query;
    if (isYesNo(this.query)) return false;
    // 「Xの後に会ったのは？」
    if (language === 'ja' && /のは[?。]*$/.test(this.query.text)) return true;
    // "The mayor she met".
    const verb = items.findIndex(({ classes }) => classes.has('meet') || classes.has('see'));
    const isRelative = isWord(items[verb - 1], 'traveller');
    const isNoun = (item: Item): boolean => {
      const noun = nounOf(item);
      const isDay = item.classes.has('day') && !item.plural;
      return (
        noun !== null &&
        !isDay &&
        (!isEntity(item) ||
          item.plural ||
          isRelative ||
          language === 'ja' ||
          item.filters.nations.length > 0 ||
          NOUN_OF_GENDER.test(item.text))
      );
    };
    const isLeading = ({ classes, figure, text, filters }: Item): boolean =>
      (figure && classes.size === 0) ||
      (classes.has('gender') && !NOUN_OF_GENDER.test(text)) ||
      (filters.places.length > 0 && language === 'en') ||
      classList('the filler and of first last nth next all only').some((one) => classes.has(one));
    const head = language === 'ja' ? items.find(isNoun) : items.find((item) => !isLeading(item));
    return head !== undefined && isNoun(head);
  }

  /** The question is for several: "which ministers", "press conferences". */
  get asksAll(): boolean {
    const isSeveral = this.query.items.some(
      (item) =>
        (item.plural &&
          ((nounOf(item) !== null && !isEntity(item) && !item.classes.has('day')) ||
            (this.query.entities.includes(item) &&
              item.filters.offices.length + item.filters.kinds.length > 0))) ||
        (item.filters.genders.length > 0 && NOUN_OF_GENDER.test(item.text)),
    );
    return isSeveral || this.has('count', 'all');
  }

  /** "Did she meet any presidents?", "Were there lunches in Lima?" */
  get asksExistence(): boolean {
    const { entities, language, text } = this.query;
    const isAny = asksForAny(text);
    if (isAny && this.has('meeting', 'event') && this.filters.minutes !== null) return true;
    if (!isYesNo(this.query)) return false;
    const named = entities.filter(({ filters }) =>
      [filters.offices, filters.kinds, filters.genders, filters.nations].some(
        ({ length }) => length > 0,
      ),
    );
    if (language === 'ja') {
      return (
        named.length > 0 &&
        // 会いました is no いました.
        /(?<!\p{Script=Han})(?:います|いました|あります|ありました|いた|ある)か?[?。]*$/u.test(text)
      );
    }
    return named.some(({ plural, text: name }) => plural || isAny || NOUN_OF_GENDER.test(name));
  }

  /** The number beside a word: 2 for "the two longest", "the first two"; else 1. */
  numberBeside(word: WordClass): number {
    const { items } = this.query;
    const at = items.findIndex(({ classes }) => classes.has(word));
    const beside =
      word === 'longest' || word === 'shortest' ? [items[at - 1], items[at + 1]] : [items[at + 1]];
    const plain = (item: Item | undefined): boolean =>
      item?.figure === true && item.classes.size === 0;
    // "Which three ministers were the first?"
    const figure =
      beside.find(plain) ??
      items.find(
        (item, i) =>
          plain(item) &&
          i < at &&
          (isWord(items[i - 1], 'which', 'all') ||
            // "The four countries first", not "which of the four countries".
            (isWord(items[i - 1], 'the') && !items[i - 2]?.classes.has('of'))),
      );
    return Math.max(1, figure === undefined ? 1 : numberOf(figure.text));
  }

  listed(groups: readonly Group[], which: Words | undefined): Found {
    const { target, filters } = this;
    const isEvents = target === 'events' || target === 'meetings';
    const all = groups.flatMap(({ events }) => events);
    // Of one event, the house too.
    const venue =
      all.length === 1 && target === 'places' && !this.isPlain ? all[0]?.meeting.venue : null;
    const items = [...(venue == null ? [] : [venue]), ...groups.map(({ name }) => name)];
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
      value: isNumber ? items.length : items.join(', '),
      ...(isPart ? { note: NOTES.nobodyMet(other) } : {}),
    };
  }

  /** These by name, meetings by their titles. */
  named(groups: readonly Group[], which: Words | undefined): Found {
    const isEvents = this.target === 'events' || this.target === 'meetings';
    const items = groups.map(({ name, events }) =>
      isEvents ? (events[0]?.meeting.title ?? name) : name,
    );
    const value = items.join(isEvents ? '; ' : ', ');
    const events = groups.flatMap((group) => group.events.slice(0, 1));
    return { ...this.listed(groups, which), value, items, events, note: null };
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
    const note = untimed.length === 0 ? null : NOTES.untimed(untimed, this.vocabulary);
    const people =
      this.target === 'people' ? this.groups('people', [event]).map(({ name }) => name) : [];
    const items = people.length > 0 ? people : [event.meeting.title];
    return { ...found, value: items.join(', '), events: [event], items, note };
  }

  label(): Words | undefined {
    const { kinds, offices, genders } = this.filters;
    const [office] = offices;
    if (this.target === 'people' && genders.length > 0) {
      const kind = genders[0] === 'female' ? words('women', '女性') : words('men', '男性');
      const whom = office?.sort.label ?? words('People met', '面会者');
      return words(`${whom.en}, ${kind.en}`, `${whom.ja}（${kind.ja}）`);
    }
    if (this.target !== 'people' || office === undefined) return jointly(kinds);
    if (office.organisation === null) return office.sort.label;
    const text =
      this.query.entities.find((item) => item.filters.offices.includes(office))?.text ?? '';
    return words(text.slice(0, 1).toUpperCase() + text.slice(1), text);
  }
}

/** "Lunches and dinners". */
function jointly(kinds: readonly Sort[]): Words | undefined {
  const labels = [...new Set(kinds.map(({ label }) => label))];
  const [first, ...others] = labels;
  if (first === undefined || others.length === 0) return first;
  const [en = '', ...more] = labels.map((label) => label.en);
  return words(
    [en, ...more.map((one) => one.toLowerCase())].join(' and '),
    labels.map((label) => label.ja).join('と'),
  );
}

export const isMet = ({ others, group }: TourEvent): boolean => others.length > 0 || group !== null;

export const isNear = (a: TourEvent, b: TourEvent): boolean =>
  a.meeting.city === b.meeting.city && a.meeting.date === b.meeting.date;

export const ends = (events: readonly TourEvent[]): TourEvent[] =>
  events.filter((_, i) => i === 0 || i === events.length - 1);

export const sorted = (events: readonly TourEvent[]): TourEvent[] =>
  [...events].sort((a, b) => a.meeting.order - b.meeting.order);
