import { anchorOf, excludedIn, joined } from './descriptions.ts';
import {
  dayItem,
  type Filters,
  isAdjective,
  isEntity,
  isPlaceTarget,
  isWord,
  type Item,
  itemOf,
  type Language,
  measuresNamed,
  NO_FILTERS,
  namedItem,
  merged,
  nounOf,
  type Target,
} from './items.ts';
import { classList, inOtherWords, type WordClass } from './lexicon.ts';
import { type Anchor, hasTopic, holdsOffice } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { daysNamed } from '../language/dates.ts';
import { fold, languageOf, stem } from '../language/words.ts';

export interface Query {
  readonly text: string;
  readonly language: Language;
  readonly items: readonly Item[];
  /** Items that name people, places, days, offices or kinds of event, without those of the anchor. */
  readonly entities: readonly Item[];
  readonly anchor: Anchor | null;
  readonly filters: Filters;
  /** What is left out, each by itself: "outside Europe", "except lunches". */
  readonly excluded: readonly Filters[];
  /** People already known, when others are asked for. */
  readonly without: readonly string[];
  /** Neither word of the language nor of the itinerary, or of its titles only: content. */
  readonly unknown: readonly Item[];
  /** "The last day in Lima": not the day of the tour that it would be by itself. */
  readonly isDayOfStay: boolean;
  /** "Who did she meet there?": of a place that only the conversation before tells. */
  readonly isUnplaced: boolean;
  readonly has: (...classes: readonly WordClass[]) => boolean;
}

export const DAY_OF_STAY = /\b(?:first|last|final|\w+(?:st|nd|rd|th)) day$|日目$|^初日|^最終日/i;

export function readQuery(question: string, vocabulary: Vocabulary): Query {
  const corrected = vocabulary.table.correct(inOtherWords(question));
  const { text } = corrected;
  const language = languageOf(text);
  const { span } = vocabulary.timeline;
  const titles = titledIn(question, text, vocabulary);
  const isTitled = ({ start }: Pick<Item, 'start'>): boolean =>
    titles.some((one) => one.start <= start && start < one.end);
  const own = [...measuresNamed(text), ...undatedIn(text, vocabulary)];
  const measures = [...titles, ...own.filter((one) => !isTitled(one))];
  const isMeasured = ({ start }: { readonly start: number }): boolean =>
    measures.some((one) => one.start <= start && start < one.end);
  const days = span === null ? [] : daysNamed(text, span).filter((named) => !isMeasured(named));
  const read = vocabulary.table.read(corrected, [...days, ...measures]).map(itemOf);
  const all = [...read, ...days.map((named) => dayItem(named, text)), ...measures];
  const items = joined(
    all.sort((a, b) => a.start - b.start),
    vocabulary,
    text,
  );
  return ofParties(
    queryOf(text, language, ofCounterparts(ofTraveller(items, text, vocabulary), text, vocabulary)),
    vocabulary,
  );
}

const QUOTED = /“[^”]+”|「[^」]+」/gu;

const quotesIn = (text: string): RegExpMatchArray[] => [...text.matchAll(QUOTED)];

/**
 * The events that a question names by their whole titles.
 *
 * @param text the question in the words of the rules
 */
function titledIn(question: string, text: string, vocabulary: Vocabulary): Item[] {
  const [typed, read] = [quotesIn(question), quotesIn(text)];
  if (typed.length !== read.length) return [];
  return read.flatMap(({ 0: quoted, index = 0 }, i) => {
    const id = vocabulary.titles.get(fold(typed[i]?.[0].slice(1, -1) ?? ''));
    return id === undefined
      ? []
      : namedItem(text, index, index + quoted.length, { ...NO_FILTERS, meetings: [id] });
  });
}

/** Before whoever was met or came before or after. */
const BEFORE_OTHERS = classList(
  'with meet see and or before after between than until since except',
);

/**
 * "What did the minister do?", 大臣が花を手向けた場所: of a tour of a minister, who is not named otherwise. "With the minister" is
 * somebody else.
 */
function ofTraveller(items: readonly Item[], text: string, { timeline }: Vocabulary): Item[] {
  // "The minister … her talks": the same.
  const isOwner = (i: number): boolean => {
    const next = items[i + 1];
    const isNoun =
      next !== undefined && (isEntity(next) || nounOf(next) !== null || isWord(next, 'meet'));
    return isNoun && /^(?:her|his|their)$/i.test(items[i]?.text ?? '');
  };
  const isNamed = items.some((item, i) => isWord(item, 'traveller') && !isOwner(i));
  return items.map((item, i) => {
    const [office] = item.filters.offices;
    const isPlain =
      office?.country === null && office.organisation === null && office.stems.length === 0;
    const isBare = /^minister(?:['’]s)?$/i.test(item.text)
      ? /\bthe $/i.test(text.slice(0, item.start)) && !isWord(items[i - 2], ...BEFORE_OTHERS)
      : // Not 「会った大臣は」.
        item.text === '大臣' &&
        /^[がはも]/.test(text.slice(item.end)) &&
        !/[たる]$/.test(text.slice(0, item.start));
    const isOwn = isPlain && timeline.travellers.some((one) => holdsOffice(one, office.sort, true));
    return !isNamed && isBare && isOwn
      ? { ...item, classes: TRAVELLER, filters: NO_FILTERS }
      : item;
  });
}

const TRAVELLER: ReadonlySet<WordClass> = new Set(['traveller']);

const IS_MET = /\b(?:with|to|meet|met|see|saw) the $/i;

/** "How long did she talk to the Peruvian one?": to whoever has her office there. */
function ofCounterparts(
  items: readonly Item[],
  text: string,
  { ownOffice }: Vocabulary,
): readonly Item[] {
  if (ownOffice === null) return items;
  return items.map((item, i) => {
    const [country = null] = item.filters.places;
    const isOne =
      country?.kind === 'country' &&
      fold(item.text) !== fold(country.name) &&
      IS_MET.test(text.slice(0, item.start)) &&
      /^one$/i.test(items[i + 1]?.text ?? '');
    if (!isOne) return item;
    const office = { sort: ownOffice, country, organisation: null, stems: [], plural: false };
    return { ...item, filters: { ...NO_FILTERS, offices: [office] } };
  });
}

/** "Talks between Fiji and Peru" on a tour from Fiji: those in Peru. */
function ofParties(query: Query, { timeline }: Vocabulary): Query {
  const { anchor, items, text, language } = query;
  const [first] = anchor?.items ?? [];
  if (anchor?.relation !== 'between' || first === undefined) return query;
  const isHome = ({ filters: { places } }: Item): boolean =>
    places.some(({ kind, countries }) => kind === 'country' && countries.has(timeline.home ?? ''));
  const before = items.slice(0, items.indexOf(first));
  const isTalk = isWord(
    before.findLast(({ classes }) => !classes.has('filler') && !classes.has('be')),
    ...(['meeting', 'meet'] as const),
  );
  if (!isTalk || !anchor.entities.some(isHome)) return query;
  const others = items.filter((item) => item !== first && !isHome(item));
  return queryOf(text, language, others);
}

/** "Has no date", "whose date is not known", 日付のない. */
const UNDATED =
  /\b(?:(?:(?:that|which) )?(?:(?:has|have|had|with|carry|carries|bears?|got) no|(?:lacks?|lacking|without|missing)(?: an?| its)?)(?: known| exact| recorded| fixed)? date|(?:(?:whose|the|its|their) )?(?:exact )?date (?:is|was) (?:not |un|n['’]t )(?:known|recorded|given|stated|certain)|undated|not dated)\b|日付(?:の|が)?(?:ない|なかった|不明|分からない|わからない)(?:の)?/giu;

/** The events without a known day, where a question asks for them. */
function undatedIn(text: string, { timeline }: Vocabulary): Item[] {
  const meetings = timeline.events.flatMap(({ meeting: { id, date } }) =>
    date === null ? id : [],
  );
  return [...text.matchAll(UNDATED)].map(({ 0: { length }, index }) =>
    namedItem(text, index, index + length, { ...NO_FILTERS, meetings }),
  );
}

/** A query of these items: the entities of the anchor told from the others. */
export function queryOf(
  text: string,
  language: Language,
  items: readonly Item[],
  without: readonly string[] = [],
): Query {
  const anchor = ofOneOffice(anchorOf(items, text, language), items);
  const excluded = excludedIn(items, text, language);
  const entities = items.filter(
    (item) =>
      isEntity(item) &&
      anchor?.entities.some(({ start, end }) => start <= item.start && item.end <= end) !== true &&
      !excluded.includes(item),
  );
  const isSilent = (item: Item): boolean =>
    (item.classes.has('filler') && !isEntity(item)) ||
    (item.classes.has('or') && isWord(item, 'more', 'fewer'));
  const unknown = items.filter(
    (item, i) =>
      isContent(
        item,
        items.slice(i + 1).find((next) => !isSilent(next)),
        items[i - 1],
      ) && !anchor?.entities.some(({ start, end }) => start <= item.start && item.end <= end),
  );
  const filters = merged(entities.map((item) => item.filters));
  const classes = new Set(items.flatMap((item) => [...item.classes]));
  // "Apart from that": what is left out is told elsewhere.
  if (classes.has('except') && !classes.has('none') && excluded.length === 0) classes.add('other');
  return {
    text,
    language,
    items,
    entities,
    anchor,
    unknown,
    excluded: excluded.map((item) => item.filters),
    without,
    filters,
    isDayOfStay:
      filters.places.length > 0 && entities.some(({ text: day }) => DAY_OF_STAY.test(day)),
    isUnplaced:
      entities.length === 0 &&
      anchor === null &&
      // "How many meetings there were", "the countries she went there" have no place.
      !classList('country city place').some((one) => classes.has(one)) &&
      items.some(
        (item, i) =>
          item.classes.has('there') &&
          ![items[i - 1], items[i + 1]].some((one) => one?.classes.has('be')),
      ),
    has: (...wanted) => wanted.some((one) => classes.has(one)),
  };
}

/** "Which foreign minister did she meet before the Pole?", "… before the Polish one?": before that of Poland. */
function ofOneOffice(anchor: Anchor | null, items: readonly Item[]): Anchor | null {
  const [entity, ...others] = anchor?.entities ?? [];
  const [country] = entity?.filters.places ?? [];
  const [office] = items.flatMap(({ filters }) => filters.offices);
  if (anchor === null || entity === undefined || country === undefined || others.length > 0)
    return anchor;
  const at = items.indexOf(entity);
  const [before, after] = [items[at - 1], items[at + 1]];
  const isName = fold(entity.text) === fold(country.name) || country.kind !== 'country';
  const isOne = isWord(before, 'the') && (after === undefined || /^one$/i.test(after.text));
  if (office === undefined || isName || !isOne) return anchor;
  const offices = [{ ...office, country, plural: false }];
  return { ...anchor, entities: [{ ...entity, filters: { ...NO_FILTERS, offices } }] };
}

/** Whether an item is neither grammar nor a name: what the question is about besides the itinerary. */
function isContent(item: Item, next: Item | undefined, before: Item | undefined): boolean {
  if (isEntity(item) || item.days !== null) return false;
  if (item.figure && item.classes.size === 0) {
    // "All 9".
    if (isWord(before, 'all')) return false;
    const nouns = classList(
      'people country city place meeting event court day nth night longest shortest',
    );
    return next === undefined || !(isEntity(next) || nouns.some((noun) => next.classes.has(noun)));
  }
  // 「三件以上」
  return item.classes.size === 0 && !(item.text === '以' && isWord(before, 'event'));
}

/** "Any lunches in Lima?", "Anything on for the 18th?" */
export function asksForAny(text: string): boolean {
  return /^(?:(?:was|were|is|are) there )?any(?:thing|body|one)?\b|^did any\b/i.test(text);
}

/** Asks whether something is so. */
export function isYesNo(query: Query): boolean {
  const { items, has, language, text } = query;
  const isOpen =
    has(...classList('who where when clock what which')) ||
    has('count', 'often', 'long', 'minutes', 'other');
  if (isOpen) return false;
  if (language === 'ja')
    return /(?:か[?。]?|(?:[のたるんねよ]|っけ|だけ)\?)$/.test(text) && !has('or');
  return asksForAny(text) || isOpened(items) || (/\?\W*$/.test(text) && isStatement(query));
}

/** "She went to Lima?", "the lunch was longer than the dinner?" */
function isStatement({ items, has }: Query): boolean {
  const [first] = items;
  return isWord(first, 'traveller') || (isWord(first, 'the') && has('than'));
}

const isOpened = (items: readonly Item[]): boolean => {
  const first = items.find(({ classes }) => !classes.has('filler') && !classes.has('and'));
  return first !== undefined && isWord(first, 'aux', 'be');
};

/** "Was it snowing when she got there?": asks for no day. */
function isClause(item: Item, items: readonly Item[]): boolean {
  const before = items[items.indexOf(item) - 1];
  const isBeside = isWord(before, 'and', 'day');
  return /^when$/i.test(item.text) && isOpened(items) && !isBeside;
}

/** A day, a month or a year that the tour has not: what happened then, the itinerary does not tell. */
export function isOutsideTour({ items }: Query): boolean {
  return items.some(({ days, text }) => days?.dates.length === 0 && !NO_DAY.test(text));
}

/** 「一日に二か国」: in one day; "the February 19 conference": a name. */
const NO_DAY = /^1日|^the \p{L}+ \d/iu;

/** Opens what somebody says of themselves and why they ask. */
const ASIDE_AFTER =
  /^(?:because|bc|cos|cuz|asking|thanks|i|im|we|my|it['’]?s for|need|so (?:i|we|that)|if (?:you|possible|that)|for (?:my|our|school|work|class|uni|homework|an? (?:\w+ )?(?:quiz|report|paper|presentation|project|article|piece|friend|colleague|essay)))\b/i;

/** Limits what is asked, wherever it stands. */
const LIMITS = classList(
  'other except none only before after between since until first last nth longest shortest most fewest more fewer elsewhere than sameday act',
);

const ASKING = classList(
  'which what who when where count often clock long minutes weekday all overview',
);

/** A question of nothing else is about what goes before it: "which one?", "what meeting was that?" */
const BARE = classList('which what where who be aux the of in with that there then filler');

/** A phrase of its own: "on human rights, which ministers …" */
const LEADING_PHRASE = /^(?:on|in|at|with|by|under|over|of|from|to|during|about|regarding|as)\b/i;
const FIRST_PERSON = /\b(?:i|im|i['’](?:m|ve|d)|we|my|our|me)\b/i;
const IS_POLITE =
  /^(?:hi |hello |so |ok )?(?:could|would|can|will|do|does) (?:you|u|anyone|anybody|someone|somebody)\b/i;

/** "Did she", "was there". */
const isInverted = (item: Item, next: Item | undefined): boolean =>
  isWord(item, 'aux', 'be') && isWord(next, 'traveller', 'there');

/** 「年表を作っているのですが、」 */
const ASIDE_JA = /(?:です|ます|だ|た|る|い)?(?:が|けど|けれど|けれども|ので|から|んで)、/gu;

/**
 * The question without what stands before its first asking word, or after a pause, and names nothing of the itinerary:
 * "wait, random question but which …", "…, it's for my essay". Null where it has nothing of the kind.
 */
export function withoutAsides(query: Query, { timeline }: Vocabulary): Query | null {
  const { items, text, language, unknown } = query;
  const isFree = (some: readonly Item[]): boolean =>
    some.every(
      (item) =>
        !isEntity(item) && item.days === null && !LIMITS.some((one) => item.classes.has(one)),
    );
  const asks = (item: Item): boolean =>
    ASKING.some((one) => item.classes.has(one)) &&
    !/^(?:whole|entire|full|complete)$/i.test(item.text);
  const first =
    language === 'ja'
      ? items.findIndex(({ start }) => start >= ([...text.matchAll(ASIDE_JA)].at(-1)?.index ?? 0))
      : items.findIndex((item, i) => asks(item) || isInverted(item, items[i + 1]));
  const start = Math.max(first, 0);
  const before = items.slice(0, start);
  const lead = text.slice(0, items[start]?.start ?? 0);
  const isPaused = /[,:;.!?–—-]\s*$/.test(lead) || language === 'ja';
  const has = (...classes: readonly WordClass[]): boolean =>
    before.some((item) => classes.some((one) => item.classes.has(one)));
  // "Unicef spot how many" and "business people - where" are what is asked about.
  const isTopic = isPaused
    ? has('people', 'meeting', 'event') && !has(...classList('say do go meet see be aux'))
    : has('traveller') ||
      (has('aux') && !IS_POLITE.test(lead)) ||
      (before.length > 1 && !has('filler', 'and'));
  const isJoined = classList('of the').some((one) => before.at(-1)?.classes.has(one));
  // "I have wondered since breakfast, who …"
  const isOwn = FIRST_PERSON.test(lead) && isPaused && items.slice(start).some(isEntity);
  const isKept =
    !isOwn && (!isFree(before) || LEADING_PHRASE.test(lead.trim()) || isTopic || isJoined);
  const from = isKept ? 0 : start;
  const end = items.findIndex((item, i) => {
    if (i <= from || i === 0) return false;
    const gap = text.slice(items[i - 1]?.end ?? 0, item.start);
    const opens = /[,;:.!?–—(]|\s-\s/.test(gap) || ASIDE_AFTER.test(text.slice(item.start));
    const rest = items.slice(i);
    return opens && isFree(rest) && !rest.some(asks);
  });
  const kept = items.slice(from, end < 0 ? items.length : end);
  const isWhole = kept.length === items.length || unknown.every((item) => kept.includes(item));
  // "Calligraphy, where did she see that?"
  const isTopical = unknown.some(
    (item) =>
      !kept.includes(item) &&
      timeline.events.some((event) => hasTopic(event, [stem(fold(item.text))])),
  );
  const isUnlimited = !kept.some(isEntity);
  // "Swan song of the trip: which meeting?" asks for what stands before it.
  const isBare =
    !kept.some(({ classes }) => classes.has('count')) &&
    kept.every((item) => isWord(item, ...BARE) || nounOf(item) !== null);
  const isOfOne = kept.filter((item) => nounOf(item) !== null).length < 2;
  if (isUnlimited && !isWhole && isBare && isOfOne) return null;
  if ((isWhole && !isOwn) || (isTopical && isUnlimited) || query.has('topic')) return null;
  return queryOf(text, language, kept, query.without);
}

// What a question asks to be listed or counted: people, places, days, meetings.

/** What the word of a question asks for by itself. */
const QUESTIONS: readonly (readonly [WordClass, Target | null])[] = [
  ['count', null],
  ['which', null],
  ['what', null],
  ['who', 'people'],
  ['when', 'days'],
  ['weekday', 'days'],
  ['where', 'places'],
];

const askedBy = ({ classes }: Item): readonly [WordClass, Target | null] | undefined =>
  QUESTIONS.find(([one]) => classes.has(one));

/** Opens a question for something: "is there a day when", "were there lunches". */
const isOpening = ({ classes }: Item): boolean =>
  classes.has('be') || classes.has('aux') || classes.has('there');

/** The noun of a stretch, behind what may stand before it; the last of several: "foreign minister talks". */
function nounAfter(items: readonly Item[], from: number): number {
  let found = -1;
  for (let i = from; i < items.length; i += 1) {
    const item = items[i];
    const isBeside = found < 0 || (items[i - 1]?.end ?? 0) + 3 > (item?.start ?? 0);
    if (item === undefined || !isBeside) break;
    const head = items[found];
    const isCompound = head === undefined || isEntity(head) || head.classes.has('day');
    if (nounOf(item) !== null && isCompound && (found < 0 || !isEntity(item))) found = i;
    else if (!isAdjective(item) || (found >= 0 && !item.classes.has('only'))) break;
  }
  return found;
}

const PAUSE = /[,:;!?–、。+]|\s-\s/u;

/** "Her day in Lima" is no day to be found. */
const IS_ONE_DAY = /\b(?:on|in) (?:one|a single|a) day\b/i;
const IS_ANY_DAY =
  /\b(?:an?|any|one|most \w+|busi\w+|full\w+|which|what|same) (?:\w+ )?days?\b|days\b/i;

export function targetOf(query: Query): Target {
  const { has, filters, language, text, anchor } = query;
  const items = query.items.filter((item) => anchor?.entities.includes(item) !== true);
  if (isYesNo(query) && IS_ONE_DAY.test(text) && items.some(({ figure }) => figure)) return 'days';
  const head = language === 'ja' ? headInJapanese(items, text) : headInEnglish(items, text);
  if (head !== null) return head;
  const isMet = has('meeting', 'meet', 'often') && !has('event') && filters.kinds.length === 0;
  return isMet ? 'meetings' : 'events';
}

function headInEnglish(items: readonly Item[], text: string): Target | null {
  const targetAt = (at: number): Target | null => {
    const item = items[at];
    return item === undefined ? null : nounOf(item);
  };
  // "With date and city".
  const isAside = (item: Item): boolean =>
    isClause(item, items) ||
    (isWord(item, 'when', 'where') && isWord(items[items.indexOf(item) - 1], 'with'));
  // "What was the number of ministers" counts them.
  const isOfCount = (item: Item, i: number): boolean =>
    isWord(item, 'what') &&
    isWord(items[i + 1], 'be') &&
    items.slice(i + 2, i + 4).some(({ classes }) => classes.has('count'));
  const asking = items.findIndex(
    (item, i) => askedBy(item) !== undefined && !isAside(item) && !isOfCount(item, i),
  );
  const opened = items.findIndex((item) => !isOpening(item) && !item.classes.has('filler'));
  const leading = nounAfter(items, Math.max(opened, 0));
  const [asked, led] = [items[asking], items[leading]];
  // "The cities where", "people with whom"; but "press conferences: where?"
  const isRelative =
    led !== undefined &&
    (asked === undefined ||
      (leading < asking &&
        asking < items.length - 1 &&
        !PAUSE.test(text.slice(led.end, asked.start))));
  const first = items.findIndex((item) => nounOf(item) !== null);
  if (asked === undefined || isRelative) {
    const other = targetAt(nounAfter(items, first));
    // "The busiest day", "the day with the most meetings".
    const after = items.slice(first + 1).find((item) => !isWord(item, 'with', 'the'));
    const isRanked =
      isWord(items[first - 1], 'most', 'fewest', 'longest', 'shortest') ||
      isWord(after, 'most', 'fewest');
    return other === 'days' && !isRanked && !IS_ANY_DAY.test(text) ? null : other;
  }
  const [word, own] = askedBy(asked) ?? ['what', null];
  if (own !== null) return own;
  // "How many cities" in one.
  if (word === 'count' && nounOf(asked) !== null) return nounOf(asked);
  const isBeing = isWord(items[asking + 1], 'be');
  const next = targetAt(nounAfter(items, asking + (isBeing && word !== 'count' ? 2 : 1)));
  if (next !== null || (word === 'what' && items[asking + 1]?.classes.has('route') !== true))
    return next;
  // "Two ministers: which?", "what order did she do the courts in?"
  return items.map(nounOf).find((one) => one !== null) ?? null;
}

function headInJapanese(items: readonly Item[], text: string): Target | null {
  const lastOf = (some: readonly Item[]): Target | null =>
    some.map(nounOf).findLast((one) => one !== null) ?? null;
  const counted = items.find(({ classes }) => classes.has('count') || classes.has('often'));
  const own = counted === undefined ? null : nounOf(counted);
  if (own !== null) return own;
  if (counted !== undefined) {
    const before = items.slice(0, items.indexOf(counted));
    const isOfEvents = /[件回度]/.test(counted.text);
    return lastOf(
      before.filter((item) => !isOfEvents || ['meetings', 'events'].includes(nounOf(item) ?? '')),
    );
  }
  const asking = items.findIndex((item) => askedBy(item) !== undefined);
  const asked = items[asking];
  if (asked === undefined) {
    // 「Xの後に会ったのは？」
    const isWhom = /会[っい][^、。]*のは[?。]*$/.test(text);
    const isWhere = /(?:行っ|訪れ|訪問し)た[^、。]*のは[?。]*$/.test(text);
    return lastOf(items) ?? (isWhom ? 'people' : isWhere ? 'places' : null);
  }
  const [word, target] = askedBy(asked) ?? ['what', null];
  if (asked.classes.has('country')) return 'countries';
  const next = items[asking + 1];
  const beside = next?.start === asked.end ? nounOf(next) : null;
  if (target === null && beside !== null) return beside;
  // 「訪問国はどこ」, 「九か国の中で最後はどこ」
  const before = items.slice(0, asking);
  if (word === 'where') {
    const place = before.map(nounOf).findLast((one) => one !== null && isPlaceTarget(one));
    return place ?? 'places';
  }
  if (target !== null || word === 'what') return target;
  const topic = before.at(-1);
  const isTopic = topic !== undefined && !PAUSE.test(text.slice(topic.end, asked.start));
  return (isTopic ? nounOf(topic) : null) ?? lastOf(items);
}
