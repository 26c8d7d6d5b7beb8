import { isEntity, type Item } from './items.ts';
import type { WordClass } from './lexicon.ts';
import { isClause, isYesNo, type Query } from './query.ts';

/** What a question asks to be listed or counted: people, places, days, meetings. */

export type PlaceTarget = 'places' | 'cities' | 'countries' | 'continents';

export type Target = PlaceTarget | 'people' | 'days' | 'courts' | 'meetings' | 'events';

export const NOUN_OF_GENDER = /men$|ladies|女性|男性/i;

const NOUNS: readonly (readonly [WordClass, Target])[] = [
  ['people', 'people'],
  ['country', 'countries'],
  ['city', 'cities'],
  ['place', 'places'],
  ['continent', 'continents'],
  ['court', 'courts'],
  ['day', 'days'],
  ['night', 'days'],
  ['meeting', 'meetings'],
  ['event', 'events'],
];

/** Stand before a noun without being it. */
const ADJECTIVES: readonly WordClass[] = [
  ...(['the', 'of', 'filler', 'and', 'all', 'only', 'each', 'traveller', 'alone', 'same'] as const),
  ...(['first', 'last', 'nth', 'longest', 'shortest', 'most', 'fewest', 'more', 'next'] as const),
];

/** What the word of a question asks for by itself. */
const ASKING: readonly (readonly [WordClass, Target | null])[] = [
  ['count', null],
  ['which', null],
  ['what', null],
  ['who', 'people'],
  ['when', 'days'],
  ['weekday', 'days'],
  ['where', 'places'],
];

export function isPlaceTarget(target: string): target is PlaceTarget {
  return ['places', 'cities', 'countries', 'continents'].includes(target);
}

/** What an item stands for as a noun: offices and nations for people, kinds for events. */
export function nounOf({ classes, filters, text }: Item): Target | null {
  const noun = NOUNS.find(([one]) => classes.has(one));
  const isOther = classes.has('when') || classes.has('before') || classes.has('after');
  if (noun !== undefined && !isOther) return noun[1];
  const { offices, nations, genders, kinds } = filters;
  if (offices.length + nations.length > 0) return 'people';
  if (genders.length > 0 && NOUN_OF_GENDER.test(text)) return 'people';
  return kinds.length > 0 ? 'events' : null;
}

const askedBy = ({ classes }: Item): readonly [WordClass, Target | null] | undefined =>
  ASKING.find(([one]) => classes.has(one));

export const isAdjective = (item: Item): boolean =>
  item.figure ||
  ADJECTIVES.some((one) => item.classes.has(one)) ||
  (isEntity(item) && item.filters.people.length === 0 && nounOf(item) === null) ||
  (item.classes.has('gender') && nounOf(item) === null) ||
  item.stems.length > 0;

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

const PAUSE = /[,:;!–、。]|\s-\s/u;

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
    ((item.classes.has('when') || item.classes.has('where')) &&
      ((before) =>
        before?.classes.has('with') === true ||
        (before?.classes.has('and') === true &&
          items.slice(0, items.indexOf(item)).some((one) => nounOf(one) !== null)))(
        items[items.indexOf(item) - 1],
      ));
  const asking = items.findIndex((item) => askedBy(item) !== undefined && !isAside(item));
  const opened = items.findIndex((item) => !isOpening(item) && !item.classes.has('filler'));
  const leading = nounAfter(items, Math.max(opened, 0));
  const noun = targetAt(leading);
  const [asked, led] = [items[asking], items[leading]];
  // "The cities where", "people with whom"; but "press conferences: where?"
  const isRelative =
    led !== undefined &&
    (asked === undefined ||
      (leading < asking &&
        asking < items.length - 1 &&
        !PAUSE.test(text.slice(led.end, asked.start))));
  if (isRelative && (noun !== 'days' || IS_ANY_DAY.test(text))) return noun;
  const first = items.findIndex((item) => nounOf(item) !== null);
  if (asked === undefined || isRelative) {
    const other = targetAt(nounAfter(items, first));
    return other === 'days' && !IS_ANY_DAY.test(text) ? null : other;
  }
  const [word, own] = askedBy(asked) ?? ['what', null];
  if (word === 'where' && asked.classes.has('country')) return 'countries';
  if (own !== null) return own;
  const compound = nounOf(asked);
  if (compound !== null) return compound;
  const isBeing = items[asking + 1]?.classes.has('be') === true;
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
  if (counted !== undefined) return lastOf(items.slice(0, items.indexOf(counted)));
  const asking = items.findIndex((item) => askedBy(item) !== undefined);
  const asked = items[asking];
  if (asked === undefined) return lastOf(items);
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
