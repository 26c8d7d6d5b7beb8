import type { Person } from '../corpus/types.ts';
import { Asked, type Found } from './asked.ts';
import { comparison, distance, gap, neighbour } from './compare.ts';
import { everywhere, numberSettled } from './conditions.ts';
import {
  type Filters,
  isEntity,
  isPlaceTarget,
  isWord,
  type Item,
  NO_FILTERS,
  PLAIN,
} from './items.ts';
import { classList, OFFICES, type WordClass } from './lexicon.ts';
import {
  arrival,
  breakdown,
  byClock,
  dateOf,
  duration,
  eitherPlace,
  hourSettled,
  inOrder,
  kilometres,
  lengthSettled,
  route,
  routeEnd,
  timeSpent,
  togetherSettled,
  whereabouts,
} from './measures.ts';
import { isOutsideTour, isYesNo, type Query, queryOf, targetOf } from './query.ts';
import { conditional, overview, selected } from './select.ts';
import {
  covers,
  eventsThatFit,
  hasTopic,
  holdsOffice,
  isOfBody,
  peopleAmong,
  stemsOf,
  type TourEvent,
} from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { NOTES, titleOf, words } from './wording.ts';
import { isEnglishWord, stem, wordsOf } from '../language/words.ts';

/** An answer computed from the itinerary. */
export interface Listing {
  /** What is listed: `people`, `countries`, `days`, `meetings`, `duration`, `order` … */
  readonly kind: string;
  /** One line for the asker, in the asker's language. */
  readonly title: string;
  /**
   * A count (days and minutes too), a place, a date ("January 12, 2024"), people, "yes", "before" …, with names as the
   * meetings have them; null when the itinerary does not settle it.
   */
  readonly value: string | number | null;
  readonly meetings: readonly ListedMeeting[];
  /** People, places or days that the value stands for, one by one. */
  readonly items: readonly string[];
  /** What it was about, as typed: what is listed are the meetings with these topics. */
  readonly topics: readonly string[];
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

export function listedMeeting({ meeting }: TourEvent): ListedMeeting {
  const { id, title, date, city, country } = meeting;
  return { id, title, date, place: `${city}, ${country}` };
}

type Answer = (asked: Asked) => Found | null;

/**
 * The forms of questions, the first that fits before the others. Each accounts for the words of its classes: a question
 * with another word besides names, days and grammar asks for something else.
 */
type Form = readonly [answer: Answer, words: readonly WordClass[]];

const NOUNS = 'meeting event people country city place continent day court';

/** Of two or more that are set against each other. */
const COMPARED: readonly Form[] = [
  [gap, classList(`${NOUNS} count long minutes apart difference start end when act move route`)],
  [kilometres, classList('far apart count between city place country')],
  [distance, classList(`${NOUNS} count long when apart move act between than first last nth`)],
  [lengthSettled, classList('meeting event start end last')],
  [hourSettled, classList('meeting event')],
  [togetherSettled, classList(`${NOUNS} only same when then`)],
  [numberSettled, classList(`${NOUNS} only more fewer than`)],
  [everywhere, classList(`${NOUNS} each`)],
  [eitherPlace, classList('or only place city country')],
  [
    comparison,
    classList(
      `${NOUNS} or than first last before after longest shortest more fewer difference minutes long night count when move say act elsewhere between tour`,
    ),
  ],
];

/** Of all that the question names together. */
const LISTED: readonly Form[] = [
  [conditional, []],
  [routeEnd, classList('route start end when country city place')],
  [arrival, classList('move start when day')],
  [whereabouts, classList('night or place city country when day move')],
  [byClock, classList(`${NOUNS} first last start clock act`)],
  [neighbour, classList(`${NOUNS} straight next when before after move first last route`)],
  [breakdown, classList(`${NOUNS} each count often long night`)],
  [timeSpent, classList('meeting event people court minutes long total average count route')],
  [duration, classList('long count day night route total minutes country city place act')],
  [
    dateOf,
    classList(`${NOUNS} clock when weekday start end until minutes long act since first last`),
  ],
  [inOrder, classList(`${NOUNS} route counterpart first`)],
  [
    route,
    classList(
      'country city place day route overview when weekday until start end move counterpart first',
    ),
  ],
  [introduction, classList('court country people only')],
  [described, classList(`${NOUNS} overview route only when`)],
  [selected, []],
  [overview, classList('event place city country day route only when else except')],
];

const BARE = classList('nth the and filler in with of');

/** "How many judges does it have?", "are they all ministers?": of what was spoken of. */
const IS_OF_IT = /\bdoes it have\b|^(?:are|were) they (?:all|both)\b/i;

/** "When did he arrive?" on a woman's tour, of nobody whom the question names; その人は. */
export function isOfSomebodyElse(
  { text, entities }: Query,
  { timeline: { travellers } }: Vocabulary,
): boolean {
  const isAll = (gender: Person['gender']): boolean =>
    travellers.length > 0 && travellers.every((one) => one.gender === gender);
  const isOfMan = /\b(?:he|his|him)\b|彼(?!女|ら)/i.test(text);
  const isOfWoman = /\b(?:she|hers?)\b|彼女(?!ら)/i.test(text);
  const isOther = isOfMan ? !isOfWoman && isAll('female') : isOfWoman && isAll('male');
  const isNamed = entities.some(
    ({ filters }) => filters.people.length + filters.offices.length > 0,
  );
  return !isNamed && (isOther || /(?:その人|その方|あの人)[はがも]/.test(text));
}

/** The listing that answers a question, or null when it asks for something else. */
export function listingOf(query: Query, vocabulary: Vocabulary): Listing | null {
  if (query.isDayOfStay || query.isUnplaced || isOutsideTour(query)) return null;
  if (isOfSomebodyElse(query, vocabulary)) return null;
  // "And the second?" is of a list that nobody has given.
  if (query.items.every((item) => item.figure || isWord(item, ...BARE))) return null;
  const topical = withTopics(query, vocabulary) ?? query;
  if (topical.unknown.length > 0) return null;
  const asked = new Asked(topical, vocabulary);
  if (IS_OF_IT.test(query.text)) return null;
  if (isGeography(asked) || isUntoldHouse(asked) || isOfCompany(query) || isOfWelcome(query))
    return null;
  if (asked.filters.days?.length === 0) return null;
  const found =
    answerOf(asked, COMPARED) ?? (isContradiction(asked) ? null : answerOf(asked, LISTED));
  return found === null ? null : inWords(found, asked);
}

function answerOf(asked: Asked, forms: readonly Form[]): Found | null {
  for (const [answer, read] of forms) {
    const found = read.length === 0 || asked.reads(read) ? answer(asked) : null;
    if (found !== null) return found;
  }
  return null;
}

/** "Overview of Lima". */
function described(asked: Asked): Found | null {
  return asked.has('overview') ? overview(asked) : null;
}

/** Places never visited, or names that do not go together: whether it is so is no matter for a list. */
function isContradiction(asked: Asked): boolean {
  const { timeline } = asked.vocabulary;
  const { people, organisations, places, meetings } = asked.filters;
  const exists = (filters: Partial<Filters>): boolean => asked.fitting(filters).length > 0;
  const isHome = places.some(({ countries }) => countries.has(timeline.home ?? ''));
  return (
    !places.every((place) => exists({ places: [place] })) ||
    !exists({ people, organisations, places, meetings }) ||
    (isHome && asked.events.length === 0)
  );
}

/** "In which building": the house, not the town, which the itinerary has of few events. */
function isUntoldHouse({ query, events }: Asked): boolean {
  const isAsked = /\b(?:buildings?|venues?|premises|hall|palace)\b/i.test(query.text);
  return (
    isAsked &&
    query.has('where', 'which', 'place') &&
    events.some(({ meeting }) => meeting.venue === null)
  );
}

/** "Who travelled with her?", "who was in the delegation?": of whoever was met, the itinerary knows; of the company, it does not. */
function isOfCompany({ text, has }: Query): boolean {
  return (
    has('who', 'people', 'count') &&
    /\b(?:travel\w*|c[ao]me|fl[ey]w?|went|gone|go|along) (?:along )?with\b|\baccompan\w+|\b(?:delegation|entourage|retinue|companions?|aides)\b|\bher (?:party|team|staff)\b|同行|随行|代表団/i.test(
      text,
    )
  );
}

/** "Who welcomed her?": at one place, which the question does not name. */
const isOfWelcome = ({ text, entities, anchor }: Query): boolean =>
  entities.length === 0 &&
  anchor === null &&
  /\b(?:welcom|greet|receiv)(?:e|ed|es|ing)\b|出迎え/i.test(text);

/** "Which cities are in Peru?", "what is the capital of Peru?": of the country, not of the tour. */
function isGeography({ query, target, filters }: Asked): boolean {
  const { has } = query;
  const isOfTour =
    query.items.some(({ figure }) => figure) ||
    has(...classList('traveller tour route go see meet meeting event'));
  const isNow = query.language === 'ja' ? /首都/ : /\b(?:is|are)\b|['’]s\b/i;
  return (
    isPlaceTarget(target) &&
    filters.places.length + filters.organisations.length > 0 &&
    !isOfTour &&
    !has(...classList('first last nth next longest shortest most')) &&
    isNow.test(query.text)
  );
}

function inWords(found: Found, asked: Asked): Listing | null {
  const { query, vocabulary } = asked;
  const { kind, events, items = [] } = found;
  const note = query.filters.topics.length > 0 ? NOTES.topics : found.note;
  // Ends in the wrong order leave nothing between them: the question was not understood.
  if (query.anchor?.relation === 'between' && events.length === 0) return null;
  // Nor is that something never came up for the topics to say.
  if (query.filters.topics.length > 0 && events.length === 0) return null;
  // A place that is listed anyway is not in doubt.
  const doubtful = asked.unsettled.filter(
    (event) => !asked.namesOf(asked.target, event).some((name) => items.includes(name)),
  );
  const open = doubtful.length === 0 ? null : NOTES.undated(doubtful, vocabulary);
  const anybody: Filters = { ...query.filters, genders: [] };
  const ungendered =
    query.filters.genders.length === 0
      ? []
      : peopleAmong(asked.fitting(anybody), anybody, vocabulary).filter(
          ({ gender }) => gender === undefined,
        );
  const unknown = ungendered.length === 0 ? open : NOTES.ungendered(ungendered, vocabulary);
  // Nobody is known to be one: that is not to say that nobody was.
  const shown = ungendered.length > 0 && events.length === 0 ? { ...found, value: null } : found;
  return {
    ...{ kind, title: titleOf(shown, query, vocabulary), value: shown.value },
    ...{ meetings: events.map(listedMeeting), items },
    topics: query.items.flatMap(({ text, filters }) =>
      filters.topics.length > 0 && query.has(...TOLD) ? text : [],
    ),
    note: (note === undefined ? unknown : note)?.[query.language] ?? null,
  };
}

/** More people than this are a list, not an introduction. */
const MOST_INTRODUCED = 2;

/** Words of a question about what somebody did, not who it is. */
const DEEDS = classList('meet see go all with tour');

/** "Who's Silva?", "Silva career", "what's her job?" have no verb; "who gave her the job?" asks of somebody else. */
const IS_BRIEF =
  /^who['’]s\b|^(?!.*\bwho\b).*\b(?:career|background|biography|bio|profile|job|occupation|profession)\b/i;

/** Who somebody is, or who holds an office: the name with the title. */
function introduction(asked: Asked): Found | null {
  const { filters, vocabulary, events, query } = asked;
  const isTraveller = asked.has('traveller') && query.entities.length === 0;
  const isNamed = filters.people.length + filters.offices.length > 0 || isTraveller;
  const isPlain = filters.kinds.length === 0 && filters.days === null && query.anchor === null;
  const isOther = asked.has(...DEEDS);
  if (!isNamed || !isPlain || !asked.has('who') || isOther) return null;
  if (query.language === 'en' && !asked.has('be') && !IS_BRIEF.test(query.text)) return null;
  const people = isTraveller
    ? vocabulary.timeline.travellers
    : peopleAmong(events, filters, vocabulary);
  if (people.length === 0 || people.length > MOST_INTRODUCED) return null;
  const items = people.map(({ name }) => name);
  const titles = people.map(({ title, organisation }) =>
    [title, organisation].filter((part) => part !== null).join(', '),
  );
  return {
    kind: 'people',
    label: words(titles.join('; '), people.map((one) => officeInJapanese(one, asked)).join('、')),
    scope: [],
    value: items.join(', '),
    events: isTraveller ? [] : events,
    items,
    note: null,
  };
}

/** 「ポーランド・外相」, so far as the itinerary has it in Japanese. */
function officeInJapanese(person: Person, { vocabulary, events }: Asked): string {
  const { title, organisation } = person;
  const code = vocabulary.countryOf(person);
  const country = events.find((event) => event.country === code)?.meeting.country;
  const office = OFFICES.find(({ value }) => holdsOffice(person, value, code !== null));
  return [country ?? organisation ?? '', office?.value.label.ja ?? title ?? '']
    .filter((part) => part !== '')
    .map((part) => vocabulary.nameIn('ja', part))
    .join('・');
}

// Topics: what came up

/** Words that tell of what was spoken about. */
const TOLD = classList('about topic');

/** A place that was spoken of: "was Peru discussed", "Peru among the topics", not where they met. */
function isTopical(item: Item, query: Query, { timeline }: Vocabulary): boolean {
  const { items } = query;
  const [place] = item.filters.places;
  if (place === undefined) return false;
  if (!timeline.events.some((event) => covers(place, event))) return true;
  const at = items.indexOf(item);
  const plain = ({ classes }: Item): boolean =>
    classList('the be aux and of filler').some((one) => classes.has(one));
  const before = items.slice(0, at).findLast((one) => !plain(one));
  const after = items.slice(at + 1).find((one) => !plain(one));
  const isTold = (one: Item | undefined): boolean => isWord(one, ...TOLD);
  // "Silva's Lima visit".
  const isBeside = [items[at - 1], items[at + 1]].some(
    (one) => one !== undefined && query.unknown.includes(one) && isNextTo(one, item),
  );
  return isTold(before) || isTold(after) || isBeside;
}

const isNextTo = (a: Item, b: Item): boolean => a.end + 1 === b.start || b.end + 1 === a.start;

/** The stems of a topic; without the one word that no topic has beside the others: "the Sampleton plane crash". */
function topicOf(run: readonly Item[], { timeline }: Vocabulary): string[] {
  const eventsOf = (stems: readonly string[]): number =>
    timeline.events.filter((event) => hasTopic(event, stems)).length;
  const stems = run.flatMap(({ text, filters: { places } }) => {
    const own = /[a-z]/i.test(text) ? [...stemsOf(text)] : [text];
    const name = places[0] === undefined ? own : [...stemsOf(places[0].name)];
    return eventsOf(own) < eventsOf(name) ? name : own;
  });
  // "The Sampleton crash": whatever else the topics call it, the name is enough, being no word of the language.
  const names = run.flatMap(({ text, typed }) =>
    wordsOf(typed === null ? text : '').flatMap(({ folded }) =>
      /^[a-z]{4,}$/.test(folded) && !isEnglishWord(folded) ? stem(folded) : [],
    ),
  );
  // The last of an event's topics are its title and whom it was with.
  const isSpokenOf = timeline.events.some(({ topics }) =>
    topics.slice(0, -1).some((one) => names.every((name) => one.has(name))),
  );
  if (names.length > 0 && isSpokenOf && eventsOf(names) > eventsOf(stems)) return names;
  if (stems.length < 3 || eventsOf(stems) > 0) return stems;
  const shorter = stems.map((_, i) => stems.toSpliced(i, 1));
  return shorter.reduce((best, one) => (eventsOf(one) > eventsOf(best) ? one : best), stems);
}

/** Stems of words that add little to a topic: "the Lima accident". */
const GENERIC =
  /^(?:accid|incid|event|polici|matter|affair|question|situat|develop|problem|issu|thing|stuff|topic)$/;

/** Of the weight of a topic's words, what the topics of a meeting must have. */
const LEAST_SHARED = 0.5;

/**
 * A topic in other words than the itinerary's: the stems that the meetings nearest to it have in their topics, or null
 * where these are too few. A rare word weighs more (the logarithm of one over its share of the meetings).
 */
function nearestTopic(
  stems: readonly string[],
  names: ReadonlySet<string>,
  { timeline: { events } }: Vocabulary,
): string[] | null {
  const has = ({ topics }: TourEvent, stem: string): boolean => topics.some((one) => one.has(stem));
  const weightOf = (stem: string): number => {
    // A word that no topic has weighs as one that a single meeting has.
    const share = Math.max(events.filter((event) => has(event, stem)).length, 1) / events.length;
    return GENERIC.test(stem) ? 0 : -Math.log(share);
  };
  const weigh = (some: readonly string[]): number =>
    some.reduce((sum, stem) => sum + weightOf(stem), 0);
  const shared = events.map((event) => stems.filter((stem) => has(event, stem)));
  const best = shared.reduce((a, b) => (weigh(b) > weigh(a) ? b : a), []);
  // "The incident" is no topic: every meeting would have none of its words.
  if (best.length === 0) return null;
  // One word of several is enough where it is a name: "the volcano in Peru".
  const isNamed = best.length > 1 || best.some((one) => names.has(one));
  const isWhole = stems.every((one) => best.includes(one) || GENERIC.test(one));
  return weigh(best) >= LEAST_SHARED * weigh(stems) && (isNamed || isWhole) ? best : null;
}

/**
 * The topics that the content of a question names. Words beside each other are of one: "North Korea". Those of a phrase
 * ("the Lima crash or plane accident") may be alternatives, or say a topic in other words.
 */
function topicsOf(
  content: readonly Item[],
  { items, text }: Query,
  vocabulary: Vocabulary,
): { readonly topics: Filters['topics']; readonly named: string } {
  const runs: Item[][] = [];
  const alternatives: Item[][][] = [runs];
  let isPhrase = true;
  for (const [i, item] of content.entries()) {
    const before = content[i - 1];
    const between =
      before === undefined ? [] : items.slice(items.indexOf(before) + 1, items.indexOf(item));
    isPhrase &&= between.every((one) => isWord(one, 'or', 'and', 'of', 'the', 'in', 'with'));
    if (before !== undefined && before.end + 1 >= item.start)
      alternatives.at(-1)?.at(-1)?.push(item);
    else if (between.some((one) => isWord(one, 'or'))) alternatives.push([[item]]);
    else alternatives.at(-1)?.push([item]);
  }
  const places = content.filter((item) => item.filters.places.length > 0);
  const names = new Set(places.flatMap((item) => topicOf([item], vocabulary)));
  const isHeld = (all: readonly (readonly string[])[]): boolean =>
    vocabulary.timeline.events.some((event) => all.every((stems) => hasTopic(event, stems)));
  const found = alternatives.map((all) => {
    const exact = all.map((run) => topicOf(run, vocabulary));
    // "Women and peace" are one topic where the itinerary has them together.
    if (isPhrase && isHeld([exact.flat()])) return [exact.flat()];
    if (!isPhrase || isHeld(exact)) return exact;
    return nearestTopic(exact.flat(), names, vocabulary)?.map((stem) => [stem]) ?? exact;
  });
  return {
    topics: (isPhrase && found.every(isHeld)) || found.length === 1 ? found : [],
    named: isPhrase
      ? text.slice(content[0]?.start, content.at(-1)?.end)
      : content.map((item) => item.text).join(' '),
  };
}

/** Words of somebody's office or organisation stand for who has them: "the Liberal", "from Sampleton". */
function titledBy(
  content: readonly Item[],
  topics: Filters['topics'],
  { has }: Query,
  { timeline }: Vocabulary,
): Filters {
  const organisations = content.map(({ text }) => text);
  const isOfPeople = timeline.events.some(({ others }) =>
    others.some((one) => organisations.every((name) => isOfBody(one, name))),
  );
  if (isOfPeople) return { ...NO_FILTERS, organisations };
  // "Which university did she go to": not whoever spoke about one.
  const words = has('go', 'see') ? content.flatMap(({ text }) => [...stemsOf(text)]) : [];
  const isInTitle = timeline.events.some((event) => words.every((word) => event.words.has(word)));
  return { ...NO_FILTERS, topics, words: isInTitle ? words : [] };
}

/** A character that is left over of a word: 「人物」. */
const IS_SCRAP = /^\p{Script=Han}$/u;

/** "What is “Talks with Silva” about?" */
const ASKS_TOPIC = /^what(?:['’]s| (?:is|was|were|are))\b.*\babout\W*$/i;

/**
 * The question with what it says besides the itinerary's words as topics: "in which meetings did X come up?", "X, with
 * whom?". Null where it has nothing of that kind, or no event of the itinerary has it.
 */
function withTopics(query: Query, vocabulary: Vocabulary): Query | null {
  // What one meeting was about, its account tells.
  if (ASKS_TOPIC.test(query.text)) return null;
  const { entities, unknown, has, filters, items } = query;
  const isTold = has(...TOLD);
  // Words of titles, venues and offices: "the Lima call", "who came from Sampleton?"
  const isTitled = unknown.length > 0 && unknown.every(({ stems }) => stems.length > 0);
  const isOfMeetings = has('meeting', 'event') || filters.kinds.length > 0;
  const isWhom =
    (has('who') && has('with', 'meet', 'see', 'meeting')) ||
    (has('people') && has('meet', 'see')) ||
    (has('who') && isTitled && has('of', 'go', 'all'));
  const isOpen = isTold && !has('what') && !isYesNo(query);
  const isAsked =
    isWhom ||
    (isOpen && (isOfMeetings || targetOf(query) === 'people')) ||
    (has(...classList('which all where count often when clock what')) &&
      (isOfMeetings ||
        (isTold && (has('meet') || targetOf(query) !== 'events')) ||
        (isTitled && !has('count') && (has('traveller') || filters.people.length > 0)) ||
        (has('where') && has('meet', 'see'))));
  // How many were "about" something is not for topics to say.
  const isNumber = has('count') && !has('topic') && (has('about') || !isTitled);
  // "When and where is the reconstruction conference?"
  const isOfOne = has('when', 'clock', 'where') && !has('which', 'all', 'count', 'who');
  if (!isAsked || isNumber || (isOfOne && !isTold && !isTitled)) return null;
  if (has('other', 'act') || query.anchor !== null) return null;
  const spokenOf = isTold ? entities.filter((item) => isTopical(item, query, vocabulary)) : [];
  const content = [...spokenOf, ...unknown].toSorted((a, b) => a.start - b.start);
  if (content.some(({ figure }) => figure) || content.every(({ text }) => IS_SCRAP.test(text)))
    return null;
  const { topics, named } = topicsOf(content, query, vocabulary);
  if (topics.length === 0) return null;
  const [first] = content;
  // "Which agencies" asks for what the itinerary does not list.
  const asking = items[items.findIndex((item) => item === first) - 1];
  const isHead =
    first !== undefined &&
    !isEntity(first) &&
    (isWord(asking, 'count') ||
      // "Who won the election, and what did she say about it?"
      (isWord(asking, 'who') && !isTitled) ||
      (isWord(asking, 'which') &&
        !(first.stems.length > 0 && has('go', 'see') && has('traveller'))));
  if (first === undefined || isHead) return null;
  // "Meetings or press conferences" are all of them.
  const isAll = has('or') && has('meeting');
  const kept = items.filter(
    (item) => !content.includes(item) && !(isAll && item.filters.kinds.length > 0),
  );
  // "The Lima meeting" is about it, or there; nobody of it need have come.
  const last = content.at(-1);
  const isOfMeeting = isWord(items[items.findIndex((item) => item === last) + 1], 'meeting');
  const topic = {
    ...first,
    ...PLAIN,
    text: named,
    classes: new Set<WordClass>(),
    days: null,
    filters:
      isTitled && !isTold && !isOfMeeting
        ? titledBy(content, topics, query, vocabulary)
        : { ...NO_FILTERS, topics },
  };
  const all = [...kept, topic].toSorted((a, b) => a.start - b.start);
  const topical = queryOf(query.text, query.language, all, query.without);
  return eventsThatFit(topical.filters, vocabulary).length > 0 ? topical : null;
}
