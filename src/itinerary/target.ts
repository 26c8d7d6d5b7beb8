/** What a question asks to be listed: people, places, days, meetings. */
import type { WordClass } from './lexicon.ts';
import type { Query } from './query.ts';

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

/** What the noun beside "which" asks for: "in which country did she meet the most people". */
function headOf({ items, language }: Query): Target | null {
  const at = items.findIndex(({ classes }) => classes.has('which') || classes.has('when'));
  const asking = items[at];
  if (asking === undefined) return null;
  if (asking.classes.has('when'))
    return items.slice(0, at).every(({ classes }) => isGrammar(classes)) ? 'days' : null;
  const next = items.slice(at + 1).find(({ classes }) => !isGrammar(classes));
  const isBeside = language === 'en' || next?.start === asking.end;
  const known = TARGETS.find(([noun]) => isBeside && next?.classes.has(noun) === true);
  return known?.[1] ?? null;
}

function isGrammar(classes: ReadonlySet<WordClass>): boolean {
  return (['the', 'of', 'in', 'filler', 'and'] as const).some((one) => classes.has(one));
}

export function isPlaceTarget(target: string): target is PlaceTarget {
  return ['places', 'cities', 'countries', 'continents'].includes(target);
}
