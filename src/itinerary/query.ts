import { joined, measuresNamed } from './descriptions.ts';
import { type Anchor, anchorOf, excludedIn } from './filters.ts';
import {
  dayItem,
  type Filters,
  isEntity,
  type Item,
  itemOf,
  type Language,
  merged,
} from './items.ts';
import type { WordClass } from './lexicon.ts';
import type { Vocabulary } from './vocabulary.ts';
import { daysNamed, withFigures } from '../language/dates.ts';

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

/** "Who aren't ministers"; "she met him, didn't she?" */
const CONTRACTED = /\b(who|which|that) (are|is|were|was)n['’]t\b/gi;
const TAG = /,? ?\b(?:did|was|is|has|were)n['’]?t (?:she|he|they|it)(?=\W*$)/i;

/** "Country number 5". */
const NUMBERED = /\b(country|city|stop|place|meeting) number (\d+)\b/gi;

export function readQuery(question: string, vocabulary: Vocabulary): Query {
  const normal = withFigures(question.normalize('NFKC').replace(/\s+/g, ' ').trim())
    .replace(NUMBERED, '$2th $1')
    .replace(CONTRACTED, '$1 $2 not')
    .replace(TAG, '');
  const corrected = vocabulary.table.correct(normal);
  const { text } = corrected;
  const language = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text)
    ? 'ja'
    : 'en';
  const { span } = vocabulary.timeline;
  const days = span === null ? [] : daysNamed(text, span);
  const measures = measuresNamed(text);
  const read = vocabulary.table.read(corrected, [...days, ...measures]).map(itemOf);
  const all = [...read, ...days.map((named) => dayItem(named, text)), ...measures];
  const items = joined(
    all.sort((a, b) => a.start - b.start),
    vocabulary,
    text,
  );
  return queryOf(text, language, items);
}

/** A query of these items: the entities of the anchor told from the others. */
export function queryOf(
  text: string,
  language: Language,
  items: readonly Item[],
  without: readonly string[] = [],
): Query {
  const anchor = anchorOf(items, text, language);
  const excluded = excludedIn(items, language);
  const entities = items.filter(
    (item) =>
      isEntity(item) &&
      anchor?.entities.some(({ start, end }) => start <= item.start && item.end <= end) !== true &&
      !excluded.includes(item),
  );
  const isSilent = (item: Item): boolean => item.classes.has('filler') && !isEntity(item);
  const unknown = items.filter(
    (item, i) =>
      isContent(
        item,
        items.slice(i + 1).find((next) => !isSilent(next)),
        items[i - 1],
      ) && !anchor?.entities.some(({ start }) => start === item.start),
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
      // "How many meetings there were" has no place.
      items.some(
        (item, i) => item.classes.has('there') && items[i + 1]?.classes.has('be') !== true,
      ),
    has: (...wanted) => wanted.some((one) => classes.has(one)),
  };
}

/** Whether an item is neither grammar nor a name: what the question is about besides the itinerary. */
function isContent(item: Item, next: Item | undefined, before: Item | undefined): boolean {
  if (isEntity(item) || item.days !== null) return false;
  if (item.figure && item.classes.size === 0) {
    // "All 9".
    if (before?.classes.has('all') === true) return false;
    const nouns: readonly WordClass[] = [
      'people',
      'country',
      'city',
      'place',
      'meeting',
      'event',
      'court',
      'day',
      'nth',
      'night',
      'longest',
      'shortest',
    ];
    return next === undefined || !(isEntity(next) || nouns.some((noun) => next.classes.has(noun)));
  }
  return item.classes.size === 0;
}

/** "Any lunches in Lima?", "Anything on for the 18th?" */
export function asksForAny(text: string): boolean {
  return /^(?:(?:was|were|is|are) there )?any(?:thing|body|one)?\b|^did any\b/i.test(text);
}

/** Asks whether something is so. */
export function isYesNo({ items, has, language, text }: Query): boolean {
  if (
    has(
      'who',
      'where',
      'when',
      'clock',
      'what',
      'which',
      'count',
      'often',
      'long',
      'minutes',
      'other',
    )
  )
    return false;
  if (language === 'ja') return /か[?。]?$/.test(text) && !has('or');
  const first = items.find(({ classes }) => !classes.has('filler') && !classes.has('and'));
  return (
    asksForAny(text) ||
    (first !== undefined && (first.classes.has('aux') || first.classes.has('be')))
  );
}

/** A month or a year of which the tour has no day: what happened then, the itinerary does not tell. */
export function isOutsideTour({ items }: Query): boolean {
  return items.some(({ days }) => days?.vague === true && days.dates.length === 0);
}

// What a question asks to be listed: people, places, days, meetings.

export type PlaceTarget = 'places' | 'cities' | 'countries' | 'continents';

export type Target = PlaceTarget | 'people' | 'days' | 'courts' | 'meetings' | 'events';

export const NOUN_OF_GENDER = /men$|ladies|女性|男性/i;

export function targetOf(query: Query): Target {
  const { has, items, entities, filters } = query;
  const isEvents = has('meeting', 'event') && !has('people');
  const isRanked = has('most', 'fewest', 'longest', 'shortest');
  const isSeveral = items.some(
    ({ classes, plural, text }) => classes.has('court') && (plural || /[^\x20-\x7f]/.test(text)),
  );
  const isHeld = entities.some(({ filters: own }) => own.offices.length + own.genders.length > 0);
  if (isSeveral && !isEvents && !isHeld) return 'courts';
  if (has('most', 'fewest') && has('day', 'when')) return 'days';
  const head = headOf(query);
  if (head !== null) return head;
  // "Whom did she meet, and where?" asks for whom.
  const isAlso = items.some(
    ({ classes }, i) =>
      (classes.has('where') || classes.has('when')) &&
      items[i - 1]?.classes.has('and') === true &&
      i > 1,
  );
  const isPlace = (!isAlso && has('where', 'when')) || has('country', 'city', 'place');
  const isOffice = !isEvents && !isPlace && isHeld;
  // "How many Americans".
  const isNation = entities.some((item) => item.filters.nations.length > 0);
  if (isNation && !has('with') && !isEvents && !isPlace) return 'people';
  if ((has('who') && !(has('count') && isEvents)) || has('people') || isOffice) return 'people';
  if (has('country') && (!isEvents || isRanked)) return 'countries';
  if (has('continent')) return 'continents';
  if (has('city') && (!isEvents || isRanked)) return 'cities';
  const isCounted = has('count') && (isEvents || filters.kinds.length > 0);
  if ((has('where') && !isCounted && !isAlso) || (has('place') && (!isEvents || isRanked)))
    return 'places';
  if (has('when') && !(has('all') && isEvents)) return 'days';
  return has('meeting', 'meet', 'often') && !has('event') && filters.kinds.length === 0
    ? 'meetings'
    : 'events';
}

const TARGETS: readonly (readonly [WordClass, Target])[] = [
  ['people', 'people'],
  ['country', 'countries'],
  ['city', 'cities'],
  ['place', 'places'],
  ['continent', 'continents'],
];

/** What the noun beside "which" or at the head of the question asks for: "in which country did she meet the most people". */
function headOf({ items, language, text }: Query): Target | null {
  const last = items.at(-1);
  if (
    language === 'ja' &&
    last?.classes.has('day') === true &&
    /日(?:は|って|も)?[?。]*$/.test(text)
  )
    return 'days';
  const topic = items.findLast((item) => TARGETS.some(([one]) => item.classes.has(one)));
  if (language === 'ja' && topic !== undefined && IS_THERE.test(text.slice(topic.end)))
    return TARGETS.find(([one]) => topic.classes.has(one))?.[1] ?? null;
  const number = items.find(({ classes }) => classes.has('count'));
  const own = TARGETS.find(([one]) => number?.classes.has(one) === true && one !== 'people');
  if (own !== undefined) return own[1];
  const counted = items.find(({ classes }) => classes.has('count') && classes.has('day'));
  const then = items.slice(items.findIndex((item) => item === counted) + 1);
  if (counted !== undefined && language === 'en' && then[0]?.classes.has('aux') === true)
    return 'days';
  const at = items.findIndex(({ classes }) => classes.has('which') || classes.has('when'));
  const asking = items[at];
  const first = items.findIndex(
    ({ classes }) => !isGrammar(classes) && !classes.has('be') && !classes.has('aux'),
  );
  const [noun, relative] = [
    items[first],
    items.slice(first + 1).find(({ classes }) => !isGrammar(classes) || classes.has('in')),
  ];
  const isRelated = (['when', 'where', 'with', 'none', 'traveller', 'which'] as const).some((one) =>
    relative?.classes.has(one),
  );
  if (
    language === 'en' &&
    isRelated &&
    noun !== undefined &&
    !isEntity(noun) &&
    (at < 0 || first < at)
  ) {
    const target = [...TARGETS, ['day', 'days'] as const].find(([one]) =>
      noun.classes.has(one),
    )?.[1];
    if (target !== undefined && !noun.classes.has('when')) return target;
  }
  if (asking === undefined) return null;
  if (asking.classes.has('when'))
    return items.slice(0, at).every(({ classes }) => isGrammar(classes)) ? 'days' : null;
  const next = items.slice(at + 1).find(({ classes }) => !isGrammar(classes));
  const isBeside = language === 'en' || next?.start === asking.end;
  if (language === 'en' && next?.classes.has('event') === true && asking.classes.has('which'))
    return 'events';
  const known = TARGETS.find(([one]) => isBeside && next?.classes.has(one) === true);
  return known?.[1] ?? null;
}

/** 「…国はありますか」 */
const IS_THERE =
  /^(?:は|って|も|が)?(?:ある|あった|あります|ありました)(?:の|ん)?(?:です)?か?[?。]*$/;

function isGrammar(classes: ReadonlySet<WordClass>): boolean {
  return (['the', 'of', 'in', 'filler', 'and'] as const).some((one) => classes.has(one));
}

export function isPlaceTarget(target: string): target is PlaceTarget {
  return ['places', 'cities', 'countries', 'continents'].includes(target);
}
