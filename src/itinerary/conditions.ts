import { Asked, decided, type Found, type Group, isMet } from './asked.ts';
import {
  type Filters,
  isEntity,
  isPlaceTarget,
  isWord,
  type Item,
  merged,
  NO_FILTERS,
  nounOf,
} from './items.ts';
import { classList, type WordClass } from './lexicon.ts';
import { asksForAny, isYesNo, type Query } from './query.ts';
import { fits, orderOf, peopleAt, type TourEvent } from './timeline.ts';
import { type Words, words } from './wording.ts';
import {
  CARDINAL_WORDS,
  dateInWords,
  daysBetween,
  numberOf,
  shiftDate,
} from '../language/dates.ts';

/** What a country, a day or a person must have as a whole: "countries with two meetings", "days without any". */
export interface Condition {
  readonly label: Words;
  readonly holds: (events: readonly TourEvent[]) => boolean;
  /** Of all that was done there, not only of what the question names. */
  readonly ofAll?: true;
  /** That something was not done. */
  readonly isDenial?: true;
  /** What is said of the whole, not of each of its events. */
  readonly entities: readonly Item[];
  readonly reads: readonly WordClass[];
}

const NEGATED =
  /\b(?:(?:did|was|were|has|have) (?:(?:she|he|they|\w+) )?not|(?:did|was|were|has|have)n['’]?t|never)\b|(?<!少)なかった|ていない|ませんでした/i;

const NUMBERED = classList('or row only none more fewer than then same');

const BEFORE_NUMBER =
  /\b(?:(?<over>more than|over)|(?<least>at least)|(?<under>fewer than|less than)|(?<most>at most|no more than|up to))(?: the)? $/i;
const AFTER_NUMBER =
  /^(?:間|目)?(?:(?<least>以上| or more\b)|(?<most>以下| or fewer\b)|(?<over>より多|を超))/i;

/** "Two days running", "more than one meeting", 2日以上. */
function numbered(asked: Asked): Condition[] {
  const { items, text } = asked.query;
  return items.flatMap((item, i) => {
    const number =
      item.figure || /^(?:one|single)$/i.test(item.text) ? numberOf(item.text) || 1 : 0;
    const noun = items.find(
      ({ classes, figure }, j) =>
        j > i && !figure && !['filler', 'only', 'or'].some((one) => classes.has(one as 'or')),
    );
    const counted = noun === undefined ? null : nounOf(noun);
    const isKind = noun !== undefined && isEntity(noun);
    if (number === 0 || noun === undefined || counted === null) return [];
    if (counted === asked.target || noun.classes.has('count') || item.days !== null) return [];
    const within = text.slice(item.end, noun.start);
    const { over, least, under, most } = {
      ...BEFORE_NUMBER.exec(text.slice(0, item.start))?.groups,
      ...AFTER_NUMBER.exec(within)?.groups,
      ...AFTER_NUMBER.exec(text.slice(noun.end))?.groups,
    };
    const isRow = asked.has('row') && counted === 'days';
    const isOwn = (event: TourEvent): boolean =>
      !isKind || fits(event, noun.filters, asked.vocabulary);
    const holds = (events: readonly TourEvent[]): boolean => {
      const own = asked.measured(events.filter(isOwn), isRow ? 'row' : counted);
      if (over !== undefined) return own > number;
      if (under !== undefined) return own < number;
      if (most !== undefined) return own <= number;
      return least !== undefined || isRow ? own >= number : own === number;
    };
    const label = text.slice(item.start, noun.end);
    const reads: WordClass[] = [...NUMBERED, ...noun.classes];
    return [{ label: words(label, label), holds, entities: isKind ? [noun] : [], reads }];
  });
}

/** "Both the president and the prime minister", "a lunch and a press conference". */
function joint(asked: Asked): Condition[] {
  const { query, vocabulary, target } = asked;
  const { items, text } = query;
  const named = query.entities.filter(({ filters: { offices, kinds, people, genders } }) =>
    target === 'people'
      ? kinds.length > 0
      : offices.length + kinds.length + people.length + genders.length > 0,
  );
  const [first, last] = [named[0], named.at(-1)];
  if (first === undefined || last === undefined || named.length < 2) return [];
  const within = items.slice(items.indexOf(first), items.indexOf(last));
  const isBoth = /\bboth\b|両方|どちらも|いずれも|も.+も/i.test(text);
  const isEach = query.language === 'en' && named.every(({ plural }) => !plural);
  if (!within.some(({ classes }) => classes.has('and')) || !(isBoth || isEach)) return [];
  const holds = (events: readonly TourEvent[]): boolean =>
    named.every(({ filters }) => events.some((event) => fits(event, filters, vocabulary)));
  const label = named.map((item) => item.text).join(' + ');
  return [
    { label: words(label, label), holds, entities: named, reads: ['same', 'country', 'then'] },
  ];
}

/** "The only person she met", "no foreign minister", "without meetings". */
function exclusive(asked: Asked): Condition[] {
  const { query, vocabulary } = asked;
  const { items, excluded, entities } = query;
  const conditions: Condition[] = [];
  const without = words('without', '該当なし');
  if (
    asked.has('none') &&
    !['people', 'meetings', 'events'].includes(asked.target) &&
    (excluded.length > 0 || asked.has('meeting', 'event', 'meet'))
  ) {
    const noun = asked.has('meeting', 'meet') ? isMet : (): boolean => true;
    // "No meetings with mayors".
    const at = items.findIndex(({ classes }) => classes.has('none'));
    const isPartner = isWord(items[at + 1], 'meeting') && isWord(items[at + 2], 'with');
    const partners = entities.filter(
      (item) => isPartner && items.indexOf(item) > at && item.filters.places.length === 0,
    );
    const denied = [...excluded, ...partners.map(({ filters }) => filters)];
    const isOne = (event: TourEvent): boolean =>
      denied.length === 0 ? noun(event) : denied.some((one) => fits(event, one, vocabulary));
    const holds = (events: readonly TourEvent[]): boolean => !events.some(isOne);
    const names = partners.map((item) => item.text).join(', ');
    const lacking = partners.length > 0 ? words(`without ${names}`, `${names}なし`) : without;
    const label = denied.length > 0 ? lacking : words('without a meeting', '会談なし');
    conditions.push({ label, holds, entities: partners, ofAll: true, reads: ['none'] });
  }
  // "Which ministers did she not have lunch with?", "in which countries did she not see the foreign minister?"
  const isOfPeople = asked.target === 'people';
  const deniable = ({ kinds, offices, people }: Filters): boolean =>
    kinds.length + (isOfPeople ? 0 : offices.length + people.length) > 0;
  const named = entities.filter(({ filters }) => deniable(filters));
  const denied = [...named.map(({ filters }) => filters), ...excluded].filter(deniable);
  const isDeniable = isOfPeople || isPlaceTarget(asked.target) || asked.target === 'days';
  if (NEGATED.test(query.text) && denied.length > 0 && isDeniable) {
    const isOne = (event: TourEvent): boolean =>
      denied.some((filters) => fits(event, filters, vocabulary));
    const holds = (events: readonly TourEvent[]): boolean => !events.some(isOne);
    const ofAll = isOfPeople ? {} : ({ ofAll: true } as const);
    const denial = { isDenial: true, ...ofAll } as const;
    conditions.push({ label: without, holds, entities: named, ...denial, reads: ['not'] });
  }
  const at = items.findIndex(({ classes }) => classes.has('only'));
  const [before, after] = [items[at - 1], items[at + 1]];
  const isSole =
    // "The only country where she met a mayor" is known to be the only one.
    (after === undefined || nounOf(after) !== asked.target) &&
    isWord(before, 'the', 'be', 'meet', 'see');
  const sole = entities.filter(
    ({ filters: { offices, people, kinds } }) => offices.length + people.length + kinds.length > 0,
  );
  if (isSole && sole.length > 0 && !isOfPeople) {
    const wanted = merged(sole.map(({ filters }) => filters));
    const isOnly = (event: TourEvent): boolean =>
      fits(event, wanted, vocabulary) &&
      peopleAt(event, wanted, vocabulary).length === event.others.length;
    const holds = (events: readonly TourEvent[]): boolean => events.filter(isMet).every(isOnly);
    const label = words('only', 'のみ');
    conditions.push({ label, holds, entities: sole, reads: ['only', 'people'] });
  }
  return conditions;
}

export function conditionsOf(asked: Asked): Condition[] {
  return [...numbered(asked), ...joint(asked), ...exclusive(asked)];
}

export const isYesOrAny = (query: Query): boolean => isYesNo(query) || asksForAny(query.text);

/** Countries, cities, days or people that have what is asked of them as a whole. */
export function holding(asked: Asked, conditions: readonly Condition[]): Found | null {
  const { query, target, vocabulary } = asked;
  const isAsked = asked.asks || asked.asksAll || asked.isNounPhrase || isYesOrAny(query);
  if (!isAsked || conditions.length === 0 || target === 'events') return null;
  const { span, events: all } = vocabulary.timeline;
  const said = conditions.flatMap(({ entities }) => entities);
  const filters = merged(
    query.entities.filter((item) => !said.includes(item)).map((item) => item.filters),
  );
  const keepsOrder = orderOf(query.anchor, vocabulary);
  const events = all.filter(
    (event) => fits(event, filters, vocabulary) && keepsOrder(event) === true,
  );
  const isOfDays =
    target === 'days' &&
    span !== null &&
    asked.has('none') &&
    filters.days === null &&
    filters.places.length === 0;
  const groups = isOfDays
    ? daysOf(span.first, span.last).map((day) => ({
        name: dateInWords(day, 'en'),
        events: events.filter(({ meeting }) => meeting.date === day),
      }))
    : asked.groups(target, target === 'days' ? events : asked.pool(events));
  const shown = conditions.flatMap((one) => (one.isDenial === true ? [] : one.entities));
  const isSaid = (event: TourEvent): boolean =>
    shown.length === 0 || shown.some((item) => fits(event, item.filters, vocabulary));
  const { places, days } = filters;
  const inAll = asked.groups(target, asked.pool(asked.fitting({ places, days })));
  const allOf = ({ name, events: own }: Group): readonly TourEvent[] =>
    inAll.find((group) => group.name === name)?.events ?? own;
  const kept = groups
    .filter((group) =>
      conditions.every(({ holds, ofAll }) => holds(ofAll === true ? allOf(group) : group.events)),
    )
    .map(({ name, events: own }) => ({ name, events: own.filter(isSaid) }));
  const [label] = conditions.map((one) => one.label);
  const found = { ...asked.listed(kept, label), note: null };
  if (kept.length > 0 || asked.has('count')) return found;
  return isYesOrAny(query) ? { ...found, value: 'no' } : null;
}

function daysOf(first: string, last: string): string[] {
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, i) => shiftDate(first, i));
}

/** "More than five ministers", "only met one mayor", "met four ministers", in a question of yes or no. */
const NUMBER_BOUND = new RegExp(
  `\\b(more than|over|at least|fewer than|less than|exactly|only|just|met|see|meet|visit)(?: met| saw| visited| had)? (\\d+|${CARDINAL_WORDS.join('|')})\\b(?! ?(?:min|hour|day|night|week|of))`,
  'i',
);

/** 「会った人は二人だけ？」, 「9か国でしたか」 */
const NUMBER_BOUND_JA =
  /は(\d+)(?:人|か国|カ国|都市|件|回)(だけ|のみ|以上)?(?:でした|だった|です)?か?[?。]*$/;

/** "Did she meet more than five ministers?" */
export function numberSettled(asked: Asked): Found | null {
  const { query, target } = asked;
  const [, counted, limited = ''] = NUMBER_BOUND_JA.exec(query.text) ?? [];
  const [, bound = limited, number = counted ?? ''] = NUMBER_BOUND.exec(query.text) ?? [];
  const isOther = !isYesNo(query) || asksForAny(query.text) || asked.filters.minutes !== null;
  const at = query.items.findIndex((item) => item.figure || item.text.toLowerCase() === 'one');
  const noun = query.items.slice(at).find((item) => nounOf(item) !== null);
  const isOfOther = noun !== undefined && nounOf(noun) !== target && target !== 'events';
  if (number === '' || isOther || isOfOther || (asked.has('day') && target !== 'days')) return null;
  const groups = asked.groups(target, asked.pool(asked.events));
  const [count, limit] = [groups.length, numberOf(number)];
  const isSo = /^(?:more|over)/i.test(bound)
    ? count > limit
    : /^at least|以上/i.test(bound)
      ? count >= limit
      : /^(?:fewer|less)/i.test(bound)
        ? count < limit
        : count === limit;
  const which = words(
    `${/^(?:m|s|v|以|だ|の)/i.test(bound) && !/^more/i.test(bound) ? '' : bound.toLowerCase()} ${limit}`.trim(),
    `${limit}`,
  );
  const note = words(`The itinerary has ${count}`, `日程では${count}`);
  return { ...asked.listed(groups, undefined), which, value: isSo ? 'yes' : 'no', items: [], note };
}

/** "Did she speak to the press in every country?" */
export function everywhere(asked: Asked): Found | null {
  const { query, filters, vocabulary } = asked;
  const { items } = query;
  const at = items.findIndex(({ classes }) => classes.has('each') || classes.has('all'));
  const [each, beside] = [items[at], items[at + 1]];
  const noun = beside === undefined ? null : nounOf(beside);
  if (each === undefined || noun === null || !isPlaceTarget(noun)) return null;
  if (!isYesNo(query) || query.anchor !== null || query.entities.length === 0) return null;
  const { home, events: all } = vocabulary.timeline;
  const abroad = all.filter(({ country }) => country !== home);
  const groups = asked.groups(noun, abroad, NO_FILTERS);
  const without = groups.filter(
    ({ events }) => !events.some((event) => fits(event, filters, vocabulary)),
  );
  const names = without.map(({ name }) => name);
  const found = decided(noun, names.length === 0, asked.events, names);
  const isNot = words(`Not: ${names.join(', ')}`, names.join('、'));
  return names.length === 0 ? found : { ...found, note: isNot };
}

// What chooses some of what would be listed

/** "From which city", "where did she come from": what was before it. */
const IS_ORIGIN = /\bfrom (?:wh|what)|\bfrom\W*$|\bout of wh/i;

/** "Cities with just one": not the one that is asked for. */
const IS_SINGLE =
  /(?<!\b(?:which|what|that|this|the|each|every|by|any|no|number|last|next) )\b(?:one|single)[ -](?!(?:by|after|of|per|or|country)\b)/i;

const IS_EACH = /\bday by day\b|\bby (?:day|date)\b|\bindividual (?:day|date)s\b/i;

const IS_SPAN = /\bfrom w\w+ (?:\w+ )?(?:to|till?|until) w/i;

const IS_FINAL = /\b(?:in the end|finally|eventually)\b|最終的/i;

/** Whether words choose some of what would be listed, or count something else: a whole list would be sure and wrong. */
export function isNarrowed(asked: Asked): boolean {
  const { filters, query, target } = asked;
  const { items, text, anchor } = query;
  if (anchor !== null) return false;
  const { days, clock, minutes, parts } = filters;
  const isTimed = days !== null || clock !== null || minutes !== null || parts.length > 0;
  const at = items.findIndex(({ classes }) => classes.has('count'));
  const isCount = at >= 0;
  if (asked.tells('start') && !isTimed) return true;
  if (isCount ? isCountedOtherwise(asked, items.slice(at)) : IS_FINAL.test(text)) return true;
  // "Between which dates", "from when to when".
  if (target === 'days')
    return (
      IS_SPAN.test(text) ||
      items.some(
        (item, i) => isWord(item, 'between', 'until', 'since') && isWord(items[i + 1], 'when'),
      )
    );
  if (!isPlaceTarget(target)) return false;
  // "From Lima she flew where?"
  const isFrom =
    items.some(
      ({ filters: { places }, start }) =>
        places.length > 0 && /\b(?:from|out of) (?:the )?$/i.test(text.slice(0, start)),
    ) &&
    query.excluded.length === 0 &&
    asked.has('go', 'move') &&
    !asked.has('meet', 'see', 'meeting', 'people');
  return (
    asked.tells('back') || IS_ORIGIN.test(text) || isFrom || (!isCount && IS_SINGLE.test(text))
  );
}

/** "Countries with their number of meetings", "how many meetings, day by day", nights by the days that they follow. */
function isCountedOtherwise(asked: Asked, from: readonly Item[]): boolean {
  const { target, query } = asked;
  const counted = from.map(nounOf).find((one) => one !== null);
  const isOfEvents = counted === 'meetings' || counted === 'events';
  return (
    (isOfEvents && (isPlaceTarget(target) || target === 'days')) ||
    (target === 'days' && asked.tells('night') && asked.isPlain) ||
    asked.tells('apiece') ||
    IS_EACH.test(query.text)
  );
}

export const isFromElsewhere = ({ text, has }: Query): boolean =>
  IS_ORIGIN.test(text) && has('go', 'move');
