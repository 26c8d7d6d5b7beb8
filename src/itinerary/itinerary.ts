import type { Meeting } from '../corpus/types.ts';
import { shiftDate } from '../language/calendar.ts';
import type { WordClass } from './lexicon.ts';
import { listingOf, type Listing } from './listing.ts';
import { eventsThatFit, shiftedDays } from './matching.ts';
import { settledBy, settledText, type IsMentioned, type Settled } from './settle.ts';
import type { TourEvent } from './timeline.ts';
import { Vocabulary, type FurtherNames, type Place } from './vocabulary.ts';
import { isEntity, NO_FILTERS, type Filters, type Item, type Language } from './items.ts';
import { queryOf, readQuery, type Query } from './query.ts';

/** What was spoken of before. */
export interface Conversation {
  readonly question?: string;
  /** Id of the meeting that the last answer was about. */
  readonly meeting?: string;
  /** Names of people that the last answer was about. */
  readonly people?: readonly string[];
}

export interface ItineraryReading {
  /** The answer that the itinerary gives by itself; null when the question asks for something else. */
  readonly listing: Listing | null;
  /** Whether what is asked for or taken for granted took place; null when the itinerary does not settle it. */
  readonly settled: Settled | null;
  /** What the question names: ids of meetings that have all of it, names as the itinerary has them, ISO dates. */
  readonly focus: {
    readonly meetings: readonly string[];
    readonly people: readonly string[];
    readonly places: readonly string[];
    readonly days: readonly string[];
  };
  readonly language: Language;
}

const ASKING: readonly WordClass[] = [
  'count',
  'often',
  'which',
  'what',
  'who',
  'where',
  'when',
  'long',
  'all',
  'overview',
];
const RANKING: readonly WordClass[] = [
  'first',
  'last',
  'longest',
  'shortest',
  'most',
  'next',
  'nth',
];
const RELATING: readonly WordClass[] = ['meet', 'see', 'go', 'move', 'be', 'do', 'say', 'act'];

export interface ItineraryOptions {
  /** Further spellings, for example Japanese ones, by a name that the meetings have. */
  readonly names?: FurtherNames;
  /** Without it, a name that the itinerary does not have counts as one that no document has. */
  readonly isMentioned?: IsMentioned;
}

/** Answers from the dates, places and people of a corpus' meetings. */
export class Itinerary {
  readonly #vocabulary: Vocabulary;
  readonly #isMentioned: IsMentioned;

  constructor(meetings: readonly Meeting[], options: ItineraryOptions = {}) {
    this.#vocabulary = new Vocabulary(meetings, options.names ?? {});
    this.#isMentioned = options.isMentioned ?? ((): boolean => false);
  }

  read(question: string, conversation: Conversation = {}): ItineraryReading {
    const vocabulary = this.#vocabulary;
    const query = this.#shifted(this.#continued(readQuery(question, vocabulary), conversation));
    const listing = listingOf(query, vocabulary);
    const settled = listing === null ? settledBy(query, vocabulary, this.#isMentioned) : null;
    const { people, places, days } = query.filters;
    const focus = {
      meetings: this.#focused(query, listing, conversation),
      people: [...new Set(people)],
      places: [...new Set(places.map(({ name }) => name))],
      days: days ?? [],
    };
    return { listing, settled, focus, language: query.language };
  }

  /** What is settled, in a sentence. */
  text(settled: Settled, language: Language): string {
    return settledText(settled, language, this.#vocabulary);
  }

  /** The query with what "there", "that day", "him" and "and in Warsaw?" leave to the conversation. */
  #continued(query: Query, { question, meeting, people }: Conversation): Query {
    const { events } = this.#vocabulary.timeline;
    const before = question === undefined ? null : readQuery(question, this.#vocabulary);
    const last = events.find((event) => event.meeting.id === meeting);
    const known = before?.filters ?? NO_FILTERS;
    const named = people ?? known.people;
    const places = last === undefined ? known.places : [placeOf(last)];
    const day = last?.meeting.date ?? known.days?.at(-1) ?? null;
    const isCompany = last !== undefined && query.has('else') && !query.has('meet');
    const meant = (item: Item, filters: Partial<Filters>): Item => ({
      ...item,
      classes: new Set<WordClass>(['filler']),
      filters: { ...NO_FILTERS, ...filters },
    });
    const items = query.items.flatMap((item): Item[] => {
      const { classes } = item;
      if (classes.has('there'))
        return [meant(item, isCompany ? { meetings: [last.meeting.id] } : { places })];
      if (classes.has('counterpart') && named.length > 0) return [meant(item, { people: named })];
      if (classes.has('that')) {
        const entity = meant(
          item,
          last === undefined
            ? { days: day === null ? [] : [day] }
            : { meetings: [last.meeting.id] },
        );
        return !isEntity(entity) ? [] : query.language === 'ja' ? [entity, item] : [item, entity];
      }
      if (day !== null && classes.has('then')) return [meant(item, { days: [day] })];
      return day !== null && classes.has('nextday')
        ? [meant(item, { days: [shiftDate(day, 1)] })]
        : [item];
    });
    const without = query.has('else') ? named : [];
    if (before === null || !isFollowUp(query))
      return queryOf(query.text, query.language, items, without);
    const isAnchor = ({ classes }: Item): boolean => classes.has('before') || classes.has('after');
    const isReplaced = (item: Item): boolean =>
      (query.has('that') && (isAnchor(item) || before.anchor?.entities.includes(item) === true)) ||
      items.some((other) => (isEntity(other) ? isLike(item, other) : isAskedLike(item, other)));
    const kept = before.items.filter((item) => !isReplaced(item));
    return queryOf(query.text, query.language, [...kept, ...items], without);
  }

  /** "The day before Lima" as a day. */
  #shifted(query: Query): Query {
    const { anchor, items, text, language } = query;
    if (anchor === null || anchor.shift === 0) return query;
    const days = shiftedDays(anchor, this.#vocabulary);
    const [entity] = anchor.entities;
    const kept = items.filter(
      (item) =>
        !anchor.entities.includes(item) &&
        !item.classes.has(anchor.relation) &&
        !item.classes.has('day'),
    );
    const day = entity === undefined ? [] : [{ ...entity, filters: { ...NO_FILTERS, days } }];
    return queryOf(text, language, [...kept, ...day], query.without);
  }

  #focused(query: Query, listing: Listing | null, { meeting }: Conversation): string[] {
    const ids = (events: readonly TourEvent[]): string[] => events.map((event) => event.meeting.id);
    const vocabulary = this.#vocabulary;
    if (listing !== null && query.has('first', 'last', 'longest', 'shortest', 'next', 'straight'))
      return listing.meetings.map(({ id }) => id);
    if (query.entities.length > 0) return ids(eventsThatFit(query.filters, vocabulary));
    const stems = query.items.flatMap((item) => item.stems.slice(0, 1));
    const titled = vocabulary.timeline.events.filter(({ words }) =>
      stems.some((stem) => words.has(stem)),
    );
    if (titled.length > 0 && titled.length <= 2) return ids(titled);
    return meeting === undefined || query.unknown.length > 2 ? [] : [meeting];
  }
}

/** "And in Warsaw?", "what about the 9th?", "how many?": too little to be a question by itself. */
function isFollowUp(query: Query): boolean {
  if (query.unknown.length > 0 || query.has(...RELATING, 'meeting', 'tour', 'route')) return false;
  return query.has(...ASKING)
    ? query.entities.length === 0 && query.items.length <= 4
    : query.entities.length > 0 || query.has(...RANKING, 'that');
}

/** Whether both ask, or both choose: "how many" takes the place of "which", "the last" of "the first". */
function isAskedLike({ classes: a }: Item, { classes: b }: Item): boolean {
  return [ASKING, RANKING].some((group) =>
    [a, b].every((classes) => group.some((one) => classes.has(one))),
  );
}

function placeOf({ meeting: { city }, country }: TourEvent): Place {
  return { name: city, kind: 'city', countries: new Set([country]), city };
}

/** Whether two items name the same sort of thing. */
function isLike({ filters: a }: Item, { filters: b }: Item): boolean {
  const isSomebody = ({ people, offices }: Filters): boolean => people.length + offices.length > 0;
  return (
    (a.places.length > 0 && b.places.length > 0) ||
    (a.days !== null && b.days !== null) ||
    (isSomebody(a) && isSomebody(b)) ||
    (a.kinds.length > 0 && b.kinds.length > 0)
  );
}
