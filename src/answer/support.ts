import type { Library } from './citations.ts';
import type { Meeting } from '../corpus/types.ts';
import type { Aspect, ItineraryReading } from '../itinerary/itinerary.ts';
import type { ListedMeeting, Listing } from '../itinerary/listing.ts';
import type { Listing as AnswerListing } from './types.ts';
import { type AnswerKind, holdsKind } from '../language/answer-kinds.ts';
import { termsOf } from '../language/terms.ts';
import { valuesIn } from '../language/values.ts';
import { stem } from '../language/words.ts';
import { sentenceText, type SearchIndex } from '../search/search-index.ts';
import {
  findCandidates,
  rank,
  type Ranked,
  type SearchResult,
  LEARNED_WEIGHTS,
} from '../search/search.ts';

/**
 * What makes a sentence support a list, by hand: it states the number or names what is listed; else it opens the
 * account of a listed event (who, where, when). Nearness to the question decides between equals.
 */
const WEIGHTS = {
  number: 4,
  items: 4,
  /** What the meetings were about, where they are listed by it: more than who, where and when. */
  topics: 4,
  /** Of an item that is named in part: a family name alone. */
  part: 0.6,
  /** Stays that a passage tells of, where places are listed or an order: a plan names places without their days. */
  stays: 4,
  /** In the document of a listed meeting; else in a passage that belongs to one. */
  own: 1,
  tied: 0.3,
  /** The first sentence of a listed meeting's own document: who, where and when, with whole names. */
  opening: 1.5,
  coverage: 1.2,
  nearness: 0.15,
} as const;

/** Own documents are looked at for lists of this many meetings: a country's stay, not the whole tour. */
const MOST_LOOKED_UP = 12;
/** What is listed is told of the tour as a whole as well as of a meeting. */
const PLACES: readonly string[] = ['countries', 'cities', 'continents', 'places', 'route', 'order'];

/** What is to be supported: what the itinerary lists, or what is asked of one meeting. */
export interface Supported {
  readonly listing: Pick<Listing, 'kind' | 'value' | 'meetings'> | null;
  /** People, places or days that are listed. */
  readonly items: readonly string[];
  /** What the listed meetings were about. */
  readonly topics: readonly string[];
  readonly aspect: AskedAspect | null;
}

type Meetings = readonly Pick<ListedMeeting, 'id'>[];

function meetingsOf({ listing, aspect }: Supported): Meetings {
  return listing?.meetings ?? (aspect === null ? [] : [{ id: aspect.meeting }]);
}

/**
 * The passages that best support a list, each with the sentence that does: what states it comes first, then what tells of
 * the meetings listed. What sources leave open supports nothing.
 *
 * @param allowed ordinals to choose from; null for all
 */
export function supporting(
  result: SearchResult,
  supported: Supported,
  allowed: readonly number[] | null,
): Ranked[] {
  const support = new Support(result, supported);
  return withOwn(result, meetingsOf(supported), allowed)
    .map((passage) => support.score(passage))
    .sort((a, b) => b.support - a.support || b.passage.score - a.passage.score)
    .map(({ passage }) => passage);
}

/**
 * For the topics of one meeting, or all of it: the first sentence of its own document that tells of them, and its passage first.
 * Null where none does.
 */
export function leading(
  result: SearchResult,
  asked: AskedAspect,
  allowed: readonly number[] | null,
): Ranked[] | null {
  const { index } = result;
  const meetings = [{ id: asked.meeting }];
  const ranked = withOwn(result, meetings, allowed);
  for (const ordinal of ownPassages(index, meetings, allowed).toSorted((a, b) => a - b)) {
    const known = ranked.find((one) => one.ordinal === ordinal);
    if (known === undefined || index.isOpen(ordinal)) continue;
    const best = known.sentences.find(({ at }) =>
      statesAspect(sentenceText(index, ordinal, at), asked),
    );
    if (best !== undefined) return [{ ...known, best }, ...ranked.filter((one) => one !== known)];
  }
  return null;
}

/** Ordinals of the passages of the listed meetings' own documents. */
export function ownPassages(
  index: SearchIndex,
  meetings: Meetings,
  allowed: readonly number[] | null,
): number[] {
  const ids = new Set(meetings.slice(0, MOST_LOOKED_UP).map(({ id }) => id));
  return [...(allowed ?? index.passages.keys())].filter((ordinal) =>
    ids.has(index.passage(ordinal).documentId),
  );
}

/** The ranking with the passages of the listed meetings' own documents, which search may have missed. */
function withOwn(
  { index, query, vector, stage, ranked }: SearchResult,
  meetings: Meetings,
  allowed: readonly number[] | null,
): readonly Ranked[] {
  const known = new Set(ranked.map(({ ordinal }) => ordinal));
  const own = ownPassages(index, meetings, allowed).filter((ordinal) => !known.has(ordinal));
  if (own.length === 0) return ranked;
  const candidates = findCandidates(index, query, vector, own);
  return [
    ...ranked,
    ...rank(candidates, { index, query, vector, weights: LEARNED_WEIGHTS[stage] }),
  ];
}

interface Item {
  /** Terms by which it is recognised. */
  readonly telling: readonly number[];
  readonly whole: readonly number[];
}

class Support {
  readonly #index: SearchIndex;
  /** Ids of the listed meetings. */
  readonly #listed: ReadonlySet<string>;
  readonly #items: readonly Item[];
  /** Places of listed meetings, each with its day; empty where no places are listed. */
  readonly #stays: readonly (readonly number[])[];
  /** A number that a sentence states with a noun of the question. */
  readonly #count: string | null;
  /** Term ids of each topic. */
  readonly #topics: readonly (readonly number[])[];
  readonly #nouns: ReadonlySet<string>;
  readonly #aspect: AskedAspect | null;

  constructor({ index, query }: SearchResult, supported: Supported) {
    const { topics } = supported;
    const { kind = '', value = null } = supported.listing ?? {};
    const meetings = meetingsOf(supported);
    this.#index = index;
    this.#aspect = supported.aspect;
    this.#listed = new Set(meetings.map(({ id }) => id));
    this.#items = supported.items.map((item) => ({
      telling: this.#tellingTerms(item),
      whole: this.#ids(item),
    }));
    this.#stays = PLACES.includes(kind) ? this.#staysOf(meetings) : [];
    this.#topics = topics.map((topic) => this.#ids(topic)).filter((terms) => terms.length > 0);
    // No sentence counts the meetings that had a topic.
    this.#count = typeof value === 'number' && topics.length === 0 ? String(value) : null;
    const nouns = query.terms.map(({ term }) => term);
    // Numbers of people are mostly those of others: “the strikes killed four people”.
    this.#nouns = new Set(nouns.filter((noun) => noun !== stem('people')));
  }

  /** The passage with the sentence that supports the list best, and how much it does. */
  score(passage: Ranked): { readonly passage: Ranked; readonly support: number } {
    const { ordinal } = passage;
    if (this.#index.isOpen(ordinal)) return { passage, support: -Infinity };
    const { documentId, meetings } = this.#index.passage(ordinal);
    const isOwn = this.#listed.has(documentId);
    const meeting = isOwn ? documentId : meetings.find((id) => this.#listed.has(id));
    // A plan of the whole tour tells of places as well as a meeting's own document does.
    const isAccount = isOwn && this.#stays.length === 0;
    const standing = isAccount ? WEIGHTS.own : meeting === undefined ? 0 : WEIGHTS.tied;
    const isFirst = isAccount && this.#index.isFirst(ordinal);
    let best = passage.best;
    let most = -Infinity;
    for (const sentence of passage.sentences) {
      const support =
        this.#stated(ordinal, sentence.at, meeting !== undefined) +
        (isFirst && sentence.at === 0 ? WEIGHTS.opening : 0) +
        WEIGHTS.coverage * sentence.coverage +
        WEIGHTS.nearness * sentence.nearness;
      if (support > most) [best, most] = [sentence, support];
    }
    const stays = WEIGHTS.stays * this.#stayed(ordinal);
    return { passage: { ...passage, best }, support: most + standing + stays };
  }

  /** The share of listed stays that a passage tells of, each in one sentence. */
  #stayed(ordinal: number): number {
    const units = this.#index.units.sentences(ordinal);
    const told = this.#stays.filter((stay) => units.some((unit) => isHeld(stay, unit)));
    return told.length / Math.max(1, this.#stays.length);
  }

  #staysOf(meetings: Meetings): number[][] {
    const stays = meetings.flatMap(({ id }) => {
      const { city = '', date = null } = this.#index.documents.get(id)?.meeting ?? {};
      const [place, day] = [this.#ids(city), this.#dayOf(date)];
      return place.length > 0 && day.length > 0 ? [[...place, ...day]] : [];
    });
    return [...new Map(stays.map((stay) => [stay.join(' '), stay])).values()];
  }

  /** How far a sentence states the list itself: its number, or what is on it. */
  #stated(ordinal: number, at: number, isListed: boolean): number {
    const terms = this.#index.termsAt(ordinal, at);
    const found = this.#items.filter(({ telling }) => isHeld(telling, terms));
    const whole = found.filter((item) => isHeld(item.whole, terms)).length;
    const held = whole + WEIGHTS.part * (found.length - whole);
    // One of several is no list; one of one is the answer, which many sentences mention.
    const count = this.#items.length;
    const share = count === 1 ? held / 4 : found.length > 1 ? held / count : 0;
    const text = sentenceText(this.#index, ordinal, at);
    const isStated = this.#aspect !== null && statesAspect(text, this.#aspect);
    // The number of a few meetings may be that of others too; "the two would meet" counts nothing.
    const isWhole = this.#stays.length > 0 || this.#listed.size > MOST_LOOKED_UP;
    const isCounted =
      this.#count !== null &&
      (isListed || isWhole) &&
      valuesIn(text, 'amount').some(
        ({ key, unit }) =>
          key === this.#count && unit?.split(' ').some((word) => this.#nouns.has(word)) === true,
      );
    const topics = this.#topics.filter((topic) => isHeld(topic, terms)).length;
    return (
      WEIGHTS.items * share +
      (isCounted || isStated ? WEIGHTS.number : 0) +
      (topics > 0 ? (WEIGHTS.topics * topics) / this.#topics.length : 0)
    );
  }

  #dayOf(date: string | null): number[] {
    return this.#termIds(date === null ? [] : [`#${date.slice(5)}`]);
  }

  /** The last word of a name, by which people and organisations are called; of a date, its day. */
  #tellingTerms(text: string): number[] {
    const terms = termsOf(text, this.#index.names).map(({ term }) => term);
    const day = terms.find((term) => term.startsWith('#'));
    const own = terms.filter((term) => !term.startsWith('='));
    return this.#termIds(
      day !== undefined ? [day] : own.length > 0 ? own.slice(-1) : terms.slice(0, 1),
    );
  }

  #ids(text: string): number[] {
    return this.#termIds(
      termsOf(text, this.#index.names).flatMap(({ term }) => (term.startsWith('=') ? [] : term)),
    );
  }

  #termIds(terms: readonly string[]): number[] {
    return terms.flatMap((term) => this.#index.lexical.termId(term) ?? []);
  }
}

function isHeld(terms: readonly number[], unit: Uint32Array): boolean {
  return terms.length > 0 && terms.every((term) => unit.includes(term));
}

const MEETINGS = '(?:meetings|talks|conversations|encounters)';
/** "Which meetings were about X", "meetings on X", "in which talks was X discussed". */
const ABOUT = new RegExp(
  `^(?:in |at |during )?(?:(?:which|what|how many|list(?: of)?|name|all)\\b ?(?:all )?)?(?:of )?(?:the |her |his |their )?${MEETINGS}\\b[^?]{0,30}?\\b(?:about|on|concerning|regarding|dealt with|touched on|devoted to|discussed|mentioned) (?!(?:it|that|this|them|the (?:trip|tour|journey))\\b)(?<topic>[^?.!]+)`,
  'i',
);
const PASSIVE = new RegExp(
  `^(?:in|at|during) (?:which|what|how many) (?:of (?:the|her) )?${MEETINGS} (?:was|were|did) (?:she |they )?(?<topic>[^?.!]+?) (?:discussed|raised|mentioned|talked about|spoken of|brought up|come up|a (?:topic|subject))`,
  'i',
);
/** Words that this many meetings use distinguish none of them. */
const MOST_MEETINGS = 12;

/** The meetings whose own documents speak of a topic; null where the question asks for something else. */
export function topicList(index: SearchIndex, question: string) {
  const match = PASSIVE.exec(question) ?? ABOUT.exec(question);
  const topic = match?.groups?.['topic']?.trim();
  if (topic === undefined) return null;
  const ids = termsOf(topic, index.names).map(({ term }) => index.lexical.termId(term));
  const terms = ids.filter((id) => id !== null);
  if (terms.length === 0 || terms.length < ids.length) return null;
  const found = index.passages.flatMap((_, ordinal) => {
    const { meeting } = index.document(ordinal);
    if (meeting === null || index.isOpen(ordinal)) return [];
    const sentences = index.units.sentences(ordinal);
    return terms.every((term) => sentences.some((unit) => unit.includes(term))) ? meeting : [];
  });
  const meetings = [...new Map(found.map((meeting) => [meeting.id, meeting])).values()];
  if (meetings.length === 0 || meetings.length > MOST_MEETINGS) return null;
  meetings.sort((a, b) => a.order - b.order);
  const listing: AnswerListing = {
    kind: 'meetings',
    title: `Meetings about ${topic}: ${meetings.length}`,
    value: meetings.length,
    meetings: meetings.map(({ id, title, date, city, country }) => ({
      ...{ id, title, date },
      place: `${city}, ${country}`,
    })),
    note: 'By the words of the document about each meeting',
  };
  return { listing, topic };
}

// What is asked of one meeting alone: its length, its hour, its topics or all of it.

/** A length or an hour as the itinerary has it, or what was spoken about. */
export interface AskedAspect {
  readonly kind: Aspect;
  /** A length or an hour as {@link valuesIn} gives it, else empty. */
  readonly key: string;
  /** Id of the meeting that it is of. */
  readonly meeting: string;
}

/** Whether a sentence states it. The account of a meeting begins with what is to be told of it. */
export function statesAspect(sentence: string, { kind, key }: AskedAspect): boolean {
  if (kind === 'overview') return true;
  if (kind === 'topic') return holdsKind(sentence, kind);
  return valuesIn(sentence, kind).some((value) => value.key === key);
}

/** The one meeting, or of several on one day the one whose length is known: talks, and the press conference after them. */
function onlyTimed(ids: readonly string[], { meetings }: Library): Meeting | undefined {
  const all = ids.flatMap((id) => meetings.get(id) ?? []);
  const [first, ...others] = all.length > 1 ? all.filter(isTimed) : all;
  const isOneDay = new Set(all.map(({ date }) => date)).size === 1;
  return others.length === 0 && isOneDay ? first : undefined;
}

const isTimed = ({ durationMinutes }: Meeting): boolean => durationMinutes !== null;

/** What is asked of one event alone; null where sources differ on it or it is not known. */
export function aspectAsked(
  kind: AnswerKind | null,
  {
    reading,
    library,
    meeting,
  }: {
    readonly reading: ItineraryReading;
    readonly library: Library;
    /** The meeting that was chosen; null for the whole tour. */
    readonly meeting: string | null;
  },
): AskedAspect | null {
  const { aspect, focus } = reading;
  const [listed, ...more] = reading.listing?.meetings ?? [];
  const { value } = reading.listing ?? {};
  // The longest or the shortest of several, by its length.
  if (typeof value === 'number' && listed !== undefined && more.length === 0) {
    const isLength = library.meetings.get(listed.id)?.durationMinutes === value;
    return isLength ? { kind: 'duration', key: String(value), meeting: listed.id } : null;
  }
  const isOther =
    meeting !== null && focus.meetings.length > 0 && !focus.meetings.includes(meeting);
  const known = library.meetings.get(meeting ?? '') ?? onlyTimed(focus.meetings, library);
  // "How big was the delegation?" asks for no length.
  if (aspect === null || known === undefined || isOther || kind === 'amount') return null;
  if (aspect === 'topic' || aspect === 'overview') {
    return reading.listing === null ? { kind: aspect, key: '', meeting: known.id } : null;
  }
  const { durationMinutes, durationAlternativeMinutes, localStart, localStartAlternative } = known;
  const [text, other] =
    aspect === 'duration'
      ? [durationMinutes === null ? '' : `${durationMinutes} minutes`, durationAlternativeMinutes]
      : [localStart ?? '', localStartAlternative];
  const [found] = valuesIn(text, aspect);
  if (found === undefined || other !== undefined) return null;
  return { kind: aspect, key: found.key, meeting: known.id };
}
