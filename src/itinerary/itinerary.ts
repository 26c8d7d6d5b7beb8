import { LRUCache } from 'lru-cache';
import type { Meeting } from '../corpus/types.ts';
import { type Conversation, isSomebody } from './conversation.ts';
import { standaloneQuestion } from './follow-up.ts';
import { inPlainWords, type LikelyForm, NO_FORM } from './forms.ts';
import {
  type Filters,
  isEntity,
  isWord,
  type Item,
  type Language,
  merged,
  namedItem,
  NO_FILTERS,
  nounOf,
} from './items.ts';
import { classList } from './lexicon.ts';
import { type Listing, listingOf } from './listing.ts';
import { shiftedDays } from './descriptions.ts';
import { type Claim, claimOf, isLocation, unknownNames } from './premises.ts';
import {
  DAY_OF_STAY,
  isOutsideTour,
  isYesNo,
  type Query,
  queryOf,
  readQuery,
  withoutAsides,
} from './query.ts';
import { type IsMentioned, type Settled, settledBy, settledText } from './settle.ts';
import { covers, datesOf, eventsThatFit, peopleAmong, type TourEvent } from './timeline.ts';
import { COUNTERPARTS, type FurtherNames, Vocabulary } from './vocabulary.ts';
import { kindAsked, kindAskedInJapanese } from '../language/answer-kinds.ts';
import { numberOf } from '../language/dates.ts';
import { coreQuestion } from '../search/query.ts';

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
  /** People whom the question names as met or heard, and whom the itinerary does not have. */
  readonly strangers: readonly string[];
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

/** Words of content beside a question for a list: more tell a story that the question belongs to. */
const MOST_ASIDE = 5;

/** Nobody asks one thing in more; each is read by itself. */
const MOST_SENTENCES = 12;

/** "Where was that?", "when was it?" */
const BACKWARDS = /\b(?:that|it|this|those|these)\b/i;
const hasNoNoun = (item: Item): boolean => nounOf(item) === null;

/** Where one clause may end and the question begin. */
const CLAUSES = /(?<=[?!;]|(?<!(?<!\p{L})\p{L})\.) +| +[-–—]+ +|(?<=[。？！])/u;

const RANKS = ['most', 'fewest', 'first', 'last', 'nth', 'longest', 'shortest'] as const;

const THAT_DAY = /\b(?:on )?(?:that|the same) (?:very )?(?:day|date)\b|(?:その|同じ)日/i;

/** "Her second visit to Lima", リマに2回目に行ったとき. */
const NTH_VISIT =
  /\b(first|second|third|1st|2nd|3rd|last) (?:time|visit|stay|stop)\b|([\d一二三四五])(?:回|度)目/i;

const REMEMBERED = 64;

/** No document calls them so. */
const COUNTERPART = new RegExp(COUNTERPARTS.join('|'), 'i');

/** Answers from the dates, places and people of a corpus' meetings. */
export class Itinerary {
  readonly #vocabulary: Vocabulary;
  readonly #isMentioned: IsMentioned;
  /** Of the last questions: each is read for its answer, for its meetings and for the question after it. */
  readonly #readings = new LRUCache<string, ItineraryReading>({
    max: REMEMBERED,
    memoMethod: (question) => this.#read(question),
  });

  constructor(meetings: readonly Meeting[], options: ItineraryOptions = {}) {
    this.#vocabulary = new Vocabulary(meetings, options.names ?? {});
    this.#isMentioned = options.isMentioned ?? ((): boolean => false);
  }

  read(question: string): ItineraryReading {
    return this.#readings.memo(question);
  }

  #read(question: string): ItineraryReading {
    const vocabulary = this.#vocabulary;
    const query = this.#query(question);
    const cleaned = coreOf(question);
    const core = cleaned === question ? query : this.#query(cleaned);
    const plain = withoutAsides(query, vocabulary);
    const listing =
      listingOf(query, vocabulary) ??
      this.#listingOfOne(question) ??
      (plain === null ? null : listingOf(plain, vocabulary));
    // A first name alone may be of anybody.
    const people = core.entities.flatMap((item) => (item.given ? [] : item.filters.people));
    return {
      listing,
      settled: listing === null ? settledBy(core, vocabulary, this.#isMentioned) : null,
      claim: listing === null ? claimOf(query, vocabulary) : null,
      focus: {
        meetings: this.#focused(core, listing),
        people: [...new Set(people)],
        places: [...new Set(core.filters.places.map(({ name }) => name))],
        days: core.filters.days ?? [],
      },
      strangers: unknownNames(query, vocabulary)
        .filter(({ role, text }) => role === 'person' && /\p{Script=Latin}/u.test(text))
        .map(({ text }) => text),
      named: this.#named(
        listing === null ? withTraveller(question, query, vocabulary) : question,
        query,
      ),
      aspect: aspectOf(query) ?? aspectOf(core),
      language: query.language,
    };
  }

  /** Of several sentences the one that asks for a list, when the others do not. */
  #listingOfOne(question: string): Listing | null {
    const sentences = question
      .split(CLAUSES)
      .map((one) => one.trim())
      .filter((one) => /[\p{L}\p{N}]/u.test(one));
    if (sentences.length < 2 || sentences.length > MOST_SENTENCES) return null;
    const queries = sentences.map((one) => this.#query(one));
    // "They voted on the 13th - what was she doing that day?"
    const days = queries.flatMap(({ items }) =>
      items.filter(({ filters }) => filters.days !== null),
    );
    const [day, ...otherDays] = new Set(days.map(({ text }) => text));
    const isOfDay = day !== undefined && otherDays.length === 0;
    const read = sentences.map((one, i) => {
      const dated = isOfDay ? one.replace(THAT_DAY, day) : one;
      const query = dated === one ? (queries[i] ?? this.#query(one)) : this.#query(dated);
      return { query, listing: listingOf(query, this.#vocabulary) };
    });
    const [found] = read.flatMap(({ listing }) => listing ?? []);
    const isAsking = ({ has }: Query): boolean =>
      has(...classList('what which who count often when where or long minutes clock'));
    const last = read.findLast(({ query }) => isAsking(query));
    const asking = last?.query;
    const others = read
      .filter(({ query, listing }) => listing === null && query !== asking)
      .map(({ query }) => query);
    const content = others.flatMap(({ unknown }) => unknown);
    const isCounted = asking?.has('count') === true;
    const named = others.flatMap(({ items }) =>
      items.filter((item) => isEntity(item) || (isCounted && item.plural && nounOf(item) !== null)),
    );
    // "Counterparts only, leave out the dinner" is part of the question.
    const isLimited = others.some(({ has }) => has('only', 'except', 'none', 'else'));
    if (others.some(isAsking) || isLimited) return null;
    // "A place with picture books. Where was that?" is about what the itinerary does not have.
    const isAfter = asking !== undefined && BACKWARDS.test(asking.text);
    if (isAfter && named.length === 0 && content.length > 0 && asking.items.every(hasNoNoun))
      return null;
    // "How many did she meet?", "who was there?" are about what the sentence before names.
    const isOpen = asking?.entities.length === 0 && asking.anchor === null;
    if (isOpen && named.length > 0 && content.length <= MOST_ASIDE) {
      const end = asking.text.length;
      const moved = named.map((item) => ({ ...item, start: end, end }));
      const items = asking.items.filter(({ classes }) => !classes.has('there'));
      const query = queryOf(asking.text, asking.language, [...items, ...moved]);
      return listingOf(query, this.#vocabulary);
    }
    if (last?.listing === null) return null;
    // What stands beside a dash belongs to the question, unless only its day is asked about.
    const isStory =
      !THAT_DAY.test(question) && (content.length > MOST_ASIDE || / [-–—]+ /.test(question));
    return isStory ? null : (found ?? null);
  }

  #query(question: string): Query {
    return this.#ofVisit(
      this.#ofStay(this.#ofRank(this.#shifted(readQuery(question, this.#vocabulary)))),
    );
  }

  /** "On the busiest day": the day that it is. */
  #ofRank(query: Query): Query {
    const { items, text, language } = query;
    const ranked = items.findIndex((item, i) => {
      const noun = items.slice(i + 1).find((one) => !one.figure);
      const lead = items
        .slice(0, i)
        .findLast(({ classes, figure }) => !classes.has('the') && !figure);
      const isWithin =
        language === 'ja'
          ? /^[にでの]/.test(text.slice(noun?.end))
          : lead !== undefined && (lead.classes.has('in') || /^(?:on|during)$/i.test(lead.text));
      const isDay = noun?.days === null && nounOf(noun) === 'days';
      return isWithin && isDay && isWord(item, ...RANKS);
    });
    const last = items.findIndex((item, i) => i > ranked && nounOf(item) !== null);
    const [rank, noun] = [items[ranked], items[last]];
    if (rank === undefined || noun === undefined) return query;
    const own = queryOf(text, language, items.slice(ranked, last + 1));
    const found = listingOf(own, this.#vocabulary);
    const date = found?.meetings[0]?.date ?? null;
    if (date === null || found?.items.length !== 1) return query;
    return ofDays(query, rank.start, noun.end, [date]);
  }

  /**
   * A question that no list answers, in the plain words of the form that it most likely has: then it is asked for a list.
   * Null where it has no likely form, or its form has no place for what it names.
   */
  inPlainWords(question: string, [likeliest]: readonly LikelyForm[]): Reworded | null {
    if (likeliest === undefined || likeliest.form === NO_FORM) return null;
    const { listing, settled } = this.read(question);
    if (listing !== null || settled !== null) return null;
    const shifted = this.#query(question);
    // "The day she met Silva" names her, not a day.
    const query = shifted.without.length > 0 ? readQuery(question, this.#vocabulary) : shifted;
    const named = query.entities.length + (query.anchor?.entities.length ?? 0);
    const { form, probability } = likeliest;
    const unknown =
      (named > 0 ? BARS.named : BARS.whole) + (probability >= BARS.sure ? BARS.further : 0);
    if (query.isUnplaced || isOutsideTour(query) || query.unknown.length > unknown) return null;
    // Plain words would leave the name out: "how many days in Arica?"
    if (unknownNames(query, this.#vocabulary).length > 0) return null;
    if (probability < BARS.least || (named === 0 && UNLIMITED.includes(form))) return null;
    // Whoever asks for "the lunch on May 4" knows its day: only of another it may be doubted.
    const isDated = query.entities.some(
      ({ text, filters: { days } }) => days !== null && !/day$|曜日?$/i.test(text),
    );
    const isKnown = isDated && eventsThatFit(query.filters, this.#vocabulary).length > 0;
    if (form === 'date_of' && isKnown) return null;
    const plain = inPlainWords(form, query, this.#vocabulary.timeline.travellers);
    if (plain === null) return null;
    const { has } = this.#query(plain);
    if (NARROWING.some((one) => query.has(one) && !has(one)) || IS_ABOUT_IT.test(query.text))
      return null;
    const found = this.read(plain).listing;
    // What the itinerary does not settle answers only what is surely asked.
    const isEmpty =
      found === null ||
      (found.value === null && probability < BARS.sure) ||
      (found.meetings.length === 0 && named > 0);
    return isEmpty ? null : { question: plain, probability };
  }

  /** A follow-up question in words that can be asked alone. */
  standalone(question: string, conversation: Conversation): string {
    return standaloneQuestion(question, conversation, this.#vocabulary);
  }

  /** Whether a question names somebody, a day, or where something was, that this meeting does not have. */
  namesOther(question: string, meeting: string | null): boolean {
    const query = this.#query(question);
    const isNamed = query.entities.some(
      (item) =>
        item.filters.days !== null ||
        isSomebody(item.filters) ||
        (item.filters.places.length > 0 && isLocation(item, query)),
    );
    const event = this.#vocabulary.timeline.events.find((one) => one.meeting.id === meeting);
    return (
      isNamed && (event === undefined || !this.#focused(query, null).includes(event.meeting.id))
    );
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

  /** "The Lima day", "her second visit to Lima" as days. */
  #ofVisit(query: Query): Query {
    const { items, filters, text } = query;
    const [place, ...others] = filters.places;
    if (place === undefined || others.length > 0 || query.anchor !== null || isYesNo(query))
      return query;
    const at = items.findIndex((item) => item.filters.places.includes(place));
    const [named, next] = [items[at], items[at + 1]];
    const { events, stays, countryStays } = this.#vocabulary.timeline;
    const isThere = (event: TourEvent): boolean => covers(place, event);
    if (named !== undefined && next !== undefined && /^day$/i.test(next.text)) {
      const days = datesOf(events.filter(isThere));
      return days.length === 1 ? ofDays(query, named.start, next.end, days) : query;
    }
    const visit = NTH_VISIT.exec(text);
    const all = place.kind === 'city' ? stays : countryStays;
    const visits = all.filter((stay) => stay.events.some(isThere));
    if (visit === null || visits.length < 2) return query;
    const number = numberOf(visit[1] ?? visit[2]);
    const stay = /last/i.test(visit[0]) ? visits.at(-1) : visits[number - 1];
    if (stay === undefined) return query;
    const rest = { ...query, items: items.filter(({ classes }) => !classes.has('once')) };
    return ofDays(rest, visit.index, visit.index + visit[0].length, datesOf(stay.events));
  }

  /** "The last day in Lima" as a day. */
  #ofStay(query: Query): Query {
    const named = query.entities.find((item) => DAY_OF_STAY.test(item.text));
    if (!query.isDayOfStay || query.anchor !== null || named === undefined) return query;
    const { places } = query.filters;
    const days = datesOf(eventsThatFit({ ...NO_FILTERS, places }, this.#vocabulary));
    const isLast = /last|final|最/i.test(named.text);
    const number = /初/.test(named.text) ? 1 : numberOf(named.text.replace(NO_NUMBER, ''));
    const day = isLast ? days.at(-1) : days[number - 1];
    return day === undefined ? query : ofDays(query, named.start, named.end, [day], day);
  }

  /** Documents call "her Finnish counterpart" by name. */
  #named(question: string, { entities, filters, language }: Query): string {
    const vocabulary = this.#vocabulary;
    const holdersOf = (offices: Filters['offices'], of: Filters): string[] => {
      const held = { ...NO_FILTERS, offices };
      return peopleAmong(eventsThatFit(of, vocabulary), held, vocabulary).map(({ name }) => name);
    };
    return entities.reduce((text, { text: office, filters: own }) => {
      const { offices } = own;
      const at = text.toLowerCase().indexOf(office.toLowerCase());
      const isOfName = filters.people.length > 0 || /[\p{L}\p{N}]$/u.test(text.slice(0, at));
      if (offices.length === 0 || offices.some(({ plural }) => plural) || at < 0 || isOfName)
        return text;
      // What else the question names may be where they met, or what they spoke about.
      const [known, ...others] =
        [filters, own].map((of) => holdersOf(offices, of)).find((holders) => holders.length > 0) ??
        [];
      if (known === undefined || others.length > 0) return text;
      const name = vocabulary.nameIn(language, known);
      const end = at + office.length;
      // A name in another script would make it another question.
      if (language === 'ja') {
        return name !== known ? `${text.slice(0, end)}${name}${text.slice(end)}` : text;
      }
      const kept = office.replace(COUNTERPART, '').trim();
      return `${text.slice(0, at)}${kept} ${name}${text.slice(end)}`;
    }, question);
  }

  #focused(query: Query, listing: Listing | null): string[] {
    const ids = (events: readonly TourEvent[]): string[] => events.map((event) => event.meeting.id);
    const vocabulary = this.#vocabulary;
    if (listing !== null && query.has(...classList('first last longest shortest next straight')))
      return listing.meetings.map(({ id }) => id);
    if (query.entities.length > 0) {
      // "Did she and Silva discuss Peru?": a place that was spoken of is not where they met.
      const isOfPeople = query.filters.people.length + query.filters.offices.length > 0;
      const kept = query.entities.filter(
        (item) => !isTopical(item) || !isOfPeople || isLocation(item, query),
      );
      return ids(eventsThatFit(merged(kept.map(({ filters }) => filters)), vocabulary));
    }
    const stems = query.items.flatMap((item) => item.stems.slice(0, 1));
    const titled = vocabulary.timeline.events.filter(({ words }) =>
      stems.some((stem) => words.has(stem)),
    );
    return titled.length > 0 && titled.length <= 2 ? ids(titled) : [];
  }
}

/** A question in other words. */
export interface Reworded {
  readonly question: string;
  /** That it asks for the same. */
  readonly probability: number;
}

/**
 * How likely a form has to be, and how many words of the question may have no place in it: a question that names nothing of the
 * itinerary may be about something else altogether. A form that is nearly sure has room for further ones.
 */
const BARS = { least: 0.6, named: 2, whole: 1, sure: 0.8, further: 2 };
/** What plain words must not lose: "cities with a court". */
const NARROWING = classList('court gender');
const IS_ABOUT_IT = /\babout (?:it|that|this|them)\b/i;
/** Whoever is asked for without a limit is meant of something that the question does not name. */
const UNLIMITED = ['people_list', 'meetings_list', 'any_met'];

/** Without what people write around a question: "could you tell me about …", "best regards, Ana". */
function coreOf(question: string): string {
  const core = coreQuestion(question).cleaned.replace(/\s+/g, ' ').trim();
  return core === '' ? question : core;
}

/** A question for the documents, with or without the traveller's name, whichever tells more. */
function withTraveller(question: string, query: Query, vocabulary: Vocabulary): string {
  const { language, entities } = query;
  if (language === 'ja') return entities.length > 0 ? withoutSubject(question, query) : question;
  return entities.length > 0 ? question : withName(question, query, vocabulary);
}

/**
 * Without "Silva" in what a Japanese question says of the traveller and something else: every passage is about them, and a
 * name in another script only draws the question away from what it asks for.
 */
function withoutSubject(question: string, { items }: Query): string {
  const at = items.findIndex(({ classes }) => classes.has('traveller'));
  const [first] = items.slice(at);
  if (at < 0 || first === undefined) return question;
  const others = items.slice(at).findIndex(({ classes }) => !classes.has('traveller'));
  const last = items[others < 0 ? items.length - 1 : at + others - 1] ?? first;
  const [subject] = /^(?:さん|氏|様)?(?:は|って|も)、?/.exec(question.slice(last.end)) ?? [];
  if (subject === undefined) return question;
  return question.slice(0, first.start) + question.slice(last.end + subject.length);
}

/** A question with more words than these beside its grammar says what it is about without the traveller's name. */
const FEW_WORDS = 2;
const GRAMMAR = classList(
  'the of in with aux filler and be do go what which who where when count traveller',
);

/** Before these "her" is nobody's: "before her in office", "about her and the court". */
const NOT_OWNED =
  /^\W*$|^ (?:in|on|at|to|for|with|about|and|or|by|when|during|that|from|after|before|as|is|was|did)\b/i;

const PRONOUNS = {
  female: /^(?:she|her)$/i,
  male: /^(?:he|his)$/i,
  unknown: /^(?:she|her|he|his)$/i,
};

/** "How old is she?" with the traveller's name: the pronoun alone is near to every passage and to none. */
function withName(question: string, query: Query, vocabulary: Vocabulary): string {
  const { items, unknown } = query;
  const [traveller, ...others] = vocabulary.timeline.travellers;
  if (traveller === undefined || others.length > 0) return question;
  // A name that the itinerary does not have tells more than the traveller's.
  const isNamed =
    unknown.some(({ capitalised }) => capitalised) || unknownNames(query, vocabulary).length > 0;
  const telling = items.filter(({ classes }) => !GRAMMAR.some((one) => classes.has(one)));
  // Why she did something, no name tells.
  const isReason = kindAsked(question) === 'reason';
  if (telling.length > FEW_WORDS || isNamed || isReason || query.has('say')) return question;
  const named = items.filter(({ classes }) => classes.has('traveller'));
  const pronouns = PRONOUNS[traveller.gender ?? 'unknown'];
  const [pronoun] = named.filter(({ text }) => pronouns.test(text));
  if (pronoun === undefined || named.some(({ text }) => !pronouns.test(text))) return question;
  const after = question.slice(pronoun.end);
  const isOwner =
    /^his$/i.test(pronoun.text) || (/^her$/i.test(pronoun.text) && !NOT_OWNED.test(after));
  return `${question.slice(0, pronoun.start)}${traveller.name}${isOwner ? '’s' : ''}${after}`;
}

/** The question with these days in the place of a stretch of it. */
function ofDays(
  { text, language, items, without }: Query,
  start: number,
  end: number,
  days: readonly string[],
  shown = text.slice(start, end),
): Query {
  const item = { ...namedItem(text, start, end, { ...NO_FILTERS, days }), text: shown };
  const kept = items.filter((one) => one.end <= start || one.start >= end);
  const all = [...kept, item].toSorted((a, b) => a.start - b.start);
  return queryOf(text, language, all, without);
}

/** People can have met there, or spoken about it. */
function isTopical({ filters: { places, organisations, people, offices } }: Item): boolean {
  return places.length + organisations.length > 0 && people.length + offices.length === 0;
}

/** What a question asks of one event and nothing else: its length, its hour, what was spoken about, or all of it. */
export type Aspect = 'duration' | 'clock' | 'topic' | 'overview';

/** "How long did she sit with him?", "how long did the talks run?" */
const LASTED = /^(?:sit|sat|run|ran|take|took)$/i;

const TOPIC =
  /^(?:topics?|subjects?|themes?|agenda|issues?|discuss\w*|covered|chat\w*|話題|議題|テーマ|内容|議論|協議|話|語)$/i;

/** "How long has she been the envoy" asks of no event. */
const IS_LASTING = /\b(?:has|have|had) (?!.*\b(?:with|at|in)\b).*\bbeen\b/i;

/** 「会談 時間」 asks how long it was. */
const TIME = /時間(?!帯)/;

/** "How long did it last?", "when did the lunch with Silva start, at what time?" */
function aspectOf(query: Query): Aspect | null {
  const { has, unknown, anchor, language, text } = query;
  const isMore = has(
    ...(['other', 'elsewhere', 'than', 'apart', 'night', 'count', 'else'] as const),
    ...(['longest', 'shortest', 'most', 'tour', 'route', 'move', 'day'] as const),
  );
  if (isMore || anchor !== null || IS_LASTING.test(text)) return null;
  const kind = language === 'ja' ? kindAskedInJapanese(text) : kindAsked(text);
  if (kind === 'topic') {
    // "What did they say about Peru?" asks for less than all topics.
    const isOfOne = query.entities.some((item) => isTopical(item) && !isLocation(item, query));
    return !isOfOne && unknown.every((item) => TOPIC.test(item.text)) ? 'topic' : null;
  }
  const isPlain = unknown.every((item) => LASTED.test(item.text));
  if (has('about', 'all') || !isPlain) return null;
  if (has('long', 'minutes') || TIME.test(text)) return has('clock') ? 'clock' : 'duration';
  if (has('say')) return null;
  if (has('clock')) return 'clock';
  const isAsked = kind !== null || has(...classList('which often act or end first last'));
  // "Could you tell me about" and "what do you know about" ask for all of it.
  const isOther = !has('overview') && (isYesNo(query) || has('what'));
  return has('meeting', 'overview') && !isAsked && !isOther ? 'overview' : null;
}
