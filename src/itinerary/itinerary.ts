import { numberOf } from '../language/dates.ts';
import type { Meeting } from '../corpus/types.ts';
import { coreQuestion } from '../search/core-question.ts';
import { standaloneQuestion, type Conversation } from './follow-up.ts';
import { listingOf, type Listing } from './listing.ts';
import {
  DAY_OF_STAY,
  type Query,
  eventsThatFit,
  peopleAt,
  queryOf,
  readQuery,
  shiftedDays,
} from './query.ts';
import { aspectOf, type Aspect } from './aspect.ts';
import { claimOf, type Claim } from './claims.ts';
import { settledBy, settledText, type IsMentioned, type Settled } from './settle.ts';
import { uniqueBy, type TourEvent } from './timeline.ts';
import { COUNTERPARTS, Vocabulary, type FurtherNames } from './vocabulary.ts';
import { NO_FILTERS, type Language } from './items.ts';

export interface ItineraryReading {
  /** The answer that the itinerary gives by itself; null when the question asks for something else. */
  readonly listing: Listing | null;
  /** Whether what is asked for or taken for granted took place; null when the itinerary does not settle it. */
  readonly settled: Settled | null;
  /** The act that the question asks after by yes or no. */
  readonly claim: Claim | null;
  /** What the question names: ids of meetings that have all of it, names as the itinerary has them, ISO dates. */
  readonly focus: {
    readonly meetings: readonly string[];
    readonly people: readonly string[];
    readonly places: readonly string[];
    readonly days: readonly string[];
  };
  /** How long or at what hour an event was, when nothing else is asked. */
  readonly aspect: Aspect | null;
  /** The question with the names of those who held its offices after these: "her Finnish counterpart Ada Silva". */
  readonly named: string;
  readonly language: Language;
}

export interface ItineraryOptions {
  /** Further spellings, for example Japanese ones, by a name that the meetings have. */
  readonly names?: FurtherNames;
  /** Without it, a name that the itinerary does not have counts as one that no document has. */
  readonly isMentioned?: IsMentioned;
}

/** What stands around the number of a day: "on the third day", 第3日目. */
const NO_NUMBER = /^(?:on )?(?:the )?(?:very )?|第| day$|日目$/gi;

/** No document calls them so. */
const COUNTERPART = new RegExp(COUNTERPARTS.join('|'), 'i');

/** Answers from the dates, places and people of a corpus' meetings. */
export class Itinerary {
  readonly #vocabulary: Vocabulary;
  readonly #isMentioned: IsMentioned;

  constructor(meetings: readonly Meeting[], options: ItineraryOptions = {}) {
    this.#vocabulary = new Vocabulary(meetings, options.names ?? {});
    this.#isMentioned = options.isMentioned ?? ((): boolean => false);
  }

  read(question: string): ItineraryReading {
    const vocabulary = this.#vocabulary;
    const query = this.#ofStay(this.#shifted(readQuery(question, vocabulary)));
    const listing = listingOf(query, vocabulary);
    const settled = listing === null ? settledBy(query, vocabulary, this.#isMentioned) : null;
    const core = this.#coreOf(question) ?? query;
    const { places, days } = core.filters;
    // A first name alone may be of anybody.
    const people = core.entities.flatMap((item) => (item.given ? [] : item.filters.people));
    const focus = {
      meetings: this.#focused(core, listing),
      people: [...new Set(people)],
      places: [...new Set(places.map(({ name }) => name))],
      days: days ?? [],
    };
    const claim = listing === null ? claimOf(query) : null;
    return {
      ...{ listing, settled, claim, focus },
      named: this.#named(question, query),
      aspect: aspectOf(query) ?? aspectOf(core),
      language: query.language,
    };
  }

  /** Without what people write around a question ("could you tell me about …", "best regards, Ana"); null where nothing is. */
  #coreOf(question: string): Query | null {
    const core = coreQuestion(question).cleaned.replace(/\s+/g, ' ').trim();
    if (core === '' || core === question) return null;
    return this.#ofStay(this.#shifted(readQuery(core, this.#vocabulary)));
  }

  /** A follow-up question in words that can be asked alone. */
  standalone(question: string, conversation: Conversation): string {
    return standaloneQuestion(question, conversation, this.#vocabulary);
  }

  /** What is settled, in a sentence. */
  text(settled: Settled, language: Language): string {
    return settledText(settled, language, this.#vocabulary);
  }

  /** "The day before Lima" as a day. */
  #shifted(query: Query): Query {
    const { anchor, items, text, language } = query;
    if (anchor === null || (anchor.shift === 0 && anchor.relation !== 'sameday')) return query;
    const days = shiftedDays(anchor, this.#vocabulary);
    const [entity] = anchor.entities;
    const kept = items.filter(
      (item) =>
        !anchor.entities.includes(item) &&
        !item.classes.has(anchor.relation) &&
        !item.classes.has('day'),
    );
    const day = entity === undefined ? [] : [{ ...entity, filters: { ...NO_FILTERS, days } }];
    // Whom she saw besides is asked for.
    const known = query.has('else') ? anchor.entities.flatMap(({ filters }) => filters.people) : [];
    return queryOf(text, language, [...kept, ...day], [...query.without, ...known]);
  }

  /** "The last day in Lima" as a day. */
  #ofStay(query: Query): Query {
    const { items, entities, filters, text, language } = query;
    if (!query.isDayOfStay || query.anchor !== null) return query;
    const events = eventsThatFit({ ...NO_FILTERS, places: filters.places }, this.#vocabulary);
    const days = [...new Set(events.flatMap(({ meeting: { date } }) => date ?? []))];
    const named = entities.find((item) => DAY_OF_STAY.test(item.text));
    if (named === undefined) return query;
    const isLast = /last|final|最/i.test(named.text);
    const number = /初/.test(named.text) ? 1 : numberOf(named.text.replace(NO_NUMBER, ''));
    const day = isLast ? days.at(-1) : days[number - 1];
    if (day === undefined) return query;
    const dated = { ...named, text: day, filters: { ...NO_FILTERS, days: [day] } };
    return queryOf(
      text,
      language,
      items.map((item) => (item === named ? dated : item)),
      query.without,
    );
  }

  /** Documents call "her Finnish counterpart" by name. */
  #named(question: string, { entities, filters, language }: Query): string {
    const vocabulary = this.#vocabulary;
    const events = eventsThatFit(filters, vocabulary);
    return entities.reduce((text, { text: office, filters: { offices } }) => {
      const at = text.toLowerCase().indexOf(office.toLowerCase());
      const isOfName = filters.people.length > 0 || /[\p{L}\p{N}]$/u.test(text.slice(0, at));
      if (offices.length === 0 || offices.some(({ plural }) => plural) || at < 0 || isOfName)
        return text;
      const held = { ...NO_FILTERS, offices };
      const holders = events.flatMap((event) => peopleAt(event, held, vocabulary));
      const [holder, ...others] = uniqueBy(holders, ({ name }) => name);
      if (holder === undefined || others.length > 0) return text;
      const name = vocabulary.nameIn(language, holder.name);
      const end = at + office.length;
      // A name in another script would make it another question.
      if (language === 'ja') {
        const isKnown = name !== holder.name;
        return isKnown ? `${text.slice(0, end)}${name}${text.slice(end)}` : text;
      }
      const kept = office.replace(COUNTERPART, '').trim();
      return `${text.slice(0, at)}${kept} ${name}${text.slice(end)}`;
    }, question);
  }

  #focused(query: Query, listing: Listing | null): string[] {
    const ids = (events: readonly TourEvent[]): string[] => events.map((event) => event.meeting.id);
    const vocabulary = this.#vocabulary;
    if (listing !== null && query.has('first', 'last', 'longest', 'shortest', 'next', 'straight'))
      return listing.meetings.map(({ id }) => id);
    if (query.entities.length > 0) return ids(eventsThatFit(query.filters, vocabulary));
    const stems = query.items.flatMap((item) => item.stems.slice(0, 1));
    const titled = vocabulary.timeline.events.filter(({ words }) =>
      stems.some((stem) => words.has(stem)),
    );
    return titled.length > 0 && titled.length <= 2 ? ids(titled) : [];
  }
}
