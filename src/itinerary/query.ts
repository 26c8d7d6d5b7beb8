import { daysNamed, numberOf } from '../language/calendar.ts';
import { joined } from './descriptions.ts';
import {
  dayItem,
  isEntity,
  itemOf,
  lengthsNamed,
  merged,
  NO_FILTERS,
  type Filters,
  type Item,
  type Language,
} from './items.ts';
import type { WordClass } from './lexicon.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Events that the question puts others before or after. */
export interface Anchor {
  readonly relation: 'before' | 'after' | 'until' | 'since' | 'between';
  /** Nothing may come between. */
  readonly straight: boolean;
  /** Asks for a day so many days away; 0 when it does not. */
  readonly shift: number;
  readonly entities: readonly Item[];
}

export interface Query {
  readonly text: string;
  readonly language: Language;
  readonly items: readonly Item[];
  /** Items that name people, places, days, offices or kinds of event, without those of the anchor. */
  readonly entities: readonly Item[];
  readonly anchor: Anchor | null;
  readonly filters: Filters;
  /** People already known, when others are asked for. */
  readonly without: readonly string[];
  /** Neither word of the language nor of the itinerary, or of its titles only: content. */
  readonly unknown: readonly Item[];
  /** "The last day in Lima": not the day of the tour that it would be by itself. */
  readonly isDayOfStay: boolean;
  readonly has: (...classes: readonly WordClass[]) => boolean;
}

const DAY_OF_STAY = /\b(?:first|last|final|\w+(?:st|nd|rd|th)) day$|日目$|^初日|^最終日/i;
const BOUNDARY = /[,;:?!、。？]/u;
const ASKING: readonly WordClass[] = [
  'who',
  'where',
  'what',
  'which',
  'when',
  'count',
  'often',
  'long',
];

export function readQuery(question: string, vocabulary: Vocabulary): Query {
  const normal = question.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const corrected = vocabulary.table.correct(normal);
  const { text } = corrected;
  const language = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text)
    ? 'ja'
    : 'en';
  const { span } = vocabulary.timeline;
  const days = span === null ? [] : daysNamed(text, span);
  const lengths = lengthsNamed(text);
  const read = vocabulary.table.read(corrected, [...days, ...lengths]).map(itemOf);
  const all = [...read, ...days.map((named) => dayItem(named, text)), ...lengths];
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
  const entities = items.filter((item) => isEntity(item) && !anchor?.entities.includes(item));
  const unknown = items.filter(
    (item, i) =>
      isContent(item, items[i + 1]) && !anchor?.entities.some(({ start }) => start === item.start),
  );
  const filters = merged(entities.map((item) => item.filters));
  const classes = new Set(items.flatMap((item) => [...item.classes]));
  return {
    text,
    language,
    items,
    entities,
    anchor,
    unknown,
    without,
    filters,
    isDayOfStay:
      filters.places.length > 0 && entities.some(({ text: day }) => DAY_OF_STAY.test(day)),
    has: (...wanted) => wanted.some((one) => classes.has(one)),
  };
}

function anchorOf(items: readonly Item[], text: string, language: Language): Anchor | null {
  const relations = ['before', 'after', 'until', 'since', 'between'] as const;
  for (const [i, item] of items.entries()) {
    const relation = relations.find((one) => item.classes.has(one));
    if (relation === undefined) continue;
    const entities: Item[] = [];
    const step = language === 'ja' ? -1 : 1;
    for (let j = i + step; items[j] !== undefined; j += step) {
      const [left, right] = step > 0 ? [items[j - 1], items[j]] : [items[j], items[j + 1]];
      const gap = text.slice(left?.end ?? 0, right?.start ?? 0);
      const next = items[j];
      if (next === undefined || BOUNDARY.test(gap)) break;
      if (ASKING.some((asking) => next.classes.has(asking))) break;
      if (isEntity(next)) entities.push(next);
      else if (next.stems.length > 0) {
        entities.push({ ...next, filters: { ...NO_FILTERS, words: next.stems.slice(0, 1) } });
      }
    }
    if (entities.length === 0) continue;
    const before = items[i - 1];
    if (relation === 'between' && entities.length === 1) continue;
    const isDays = before?.classes.has('day') === true && !before.classes.has('count');
    const isShift = item.classes.has('day') || isDays;
    const count = items[i - 2]?.figure === true ? numberOf(items[i - 2]?.text) : 1;
    const shift = isShift ? (relation === 'before' ? -count : count) : 0;
    return { relation, straight: item.classes.has('straight'), shift, entities };
  }
  return null;
}

/** Whether an item is neither grammar nor a name: what the question is about besides the itinerary. */
function isContent(item: Item, next: Item | undefined): boolean {
  if (isEntity(item) || item.days !== null) return false;
  if (item.figure && item.classes.size === 0) {
    const nouns: readonly WordClass[] = [
      'people',
      'country',
      'city',
      'place',
      'meeting',
      'event',
      'court',
      'day',
    ];
    return next === undefined || !(isEntity(next) || nouns.some((noun) => next.classes.has(noun)));
  }
  return item.classes.size === 0;
}

/** Asks whether something is so. */
export function isYesNo({ items, has, language, text }: Query): boolean {
  if (has('who', 'where', 'when', 'what', 'which', 'count', 'often', 'long', 'other')) return false;
  if (language === 'ja') return /か[?。]?$/.test(text) && !has('or');
  const first = items.find(({ classes }) => !classes.has('filler') && !classes.has('and'));
  return first !== undefined && (first.classes.has('aux') || first.classes.has('be'));
}
