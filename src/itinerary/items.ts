import type { Person } from '../corpus/types.ts';
import { classList, type Place, type Sort, type Tag, type WordClass } from './lexicon.ts';
import { CARDINAL_WORDS, type NamedDays, numberOf, ORDINAL_WORDS } from '../language/dates.ts';
import type { Read } from '../language/phrase-table.ts';
import { isPeople } from '../language/names.ts';
import { fold, stem } from '../language/words.ts';

export type Language = 'en' | 'ja';

/** An office as a question describes it: "the Polish foreign minister", "presidents of courts". */
export interface Office {
  readonly sort: Sort;
  readonly country: Place | null;
  readonly organisation: string | null;
  /** Stems of further words that the title must have: "education", "deputy". */
  readonly stems: readonly string[];
  readonly plural: boolean;
}

/** People of a country, wherever they were met. */
export interface Nation {
  readonly place: Place;
  readonly stem: string;
}

/** What events must have. Empty lists ask for nothing; within a list one is enough. */
export interface Filters {
  readonly places: readonly Place[];
  readonly people: readonly string[];
  /** Countries whose people are meant, with the stem of the word for them: "Ukrainian women", "Swedes". */
  readonly nations: readonly Nation[];
  readonly offices: readonly Office[];
  /** Empty for anybody: a list, so that filters are told apart by their length alone. */
  readonly genders: readonly NonNullable<Person['gender']>[];
  readonly kinds: readonly Sort[];
  readonly organisations: readonly string[];
  /** Ids of meetings, when the conversation is about them. */
  readonly meetings: readonly string[];
  /** ISO dates; null when no day is named. */
  readonly days: readonly string[] | null;
  /** Words for parts of the day. */
  readonly parts: readonly string[];
  /** Stems that the title or the venue must have. */
  readonly words: readonly string[];
  /** Of one of these alternatives, each list of stems must be in one topic, or in title, venue and offices together. */
  readonly topics: readonly (readonly (readonly string[])[])[];
  /** Least and greatest length. */
  readonly minutes: Range | null;
  /** Earliest and latest minute of the day at which it began. */
  readonly clock: Range | null;
}

/** A stretch of the question with what it stands for. */
export interface Item {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly typed: string | null;
  readonly classes: ReadonlySet<WordClass>;
  readonly filters: Filters;
  readonly given: boolean;
  readonly stems: readonly string[];
  readonly plural: boolean;
  readonly capitalised: boolean;
  readonly figure: boolean;
  readonly days: NamedDays | null;
}

export const NO_FILTERS: Filters = {
  places: [],
  people: [],
  nations: [],
  offices: [],
  genders: [],
  kinds: [],
  organisations: [],
  meetings: [],
  days: null,
  parts: [],
  words: [],
  topics: [],
  minutes: null,
  clock: null,
};

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some((list: readonly unknown[] | null) => (list?.length ?? 0) > 0);
}

/** Whether an item, if there is one, is a word of one of these classes. */
export const isWord = (item: Item | undefined, ...classes: readonly WordClass[]): boolean =>
  item !== undefined && classes.some((one) => item.classes.has(one));

/** A meeting by its whole title. */
export const isTitle = ({ text, filters }: Item): boolean =>
  filters.meetings.length > 0 && /^[“「]/.test(text);

export const isEntity = ({ filters }: Item): boolean => isFiltered(filters);

/** All of them at once. A city within a named country stands for both; of two days in one, the narrower. */
export function merged(all: readonly Filters[]): Filters {
  const places = all.flatMap((filters) => filters.places);
  const isWithin = (inner: Place, outer: Place): boolean =>
    inner !== outer &&
    [...inner.countries].every((code) => outer.countries.has(code)) &&
    (outer.kind === 'region'
      ? inner.kind !== 'region'
      : inner.kind === 'city' && outer.kind === 'country');
  const days = all.flatMap((filters) => (filters.days === null ? [] : [filters.days]));
  // "The weekend of the 13th and 14th": of the days by themselves, those that all others have.
  const single = days.filter(({ length }) => length === 1).flat();
  const lists = single.length === 0 ? days : [single, ...days.filter(({ length }) => length > 1)];
  const common = lists.reduce<readonly string[]>(
    (rest, list) => rest.filter((day) => list.includes(day)),
    lists[0] ?? [],
  );
  return {
    places: places.filter((outer) => !places.some((inner) => isWithin(inner, outer))),
    people: all.flatMap((filters) => filters.people),
    nations: all.flatMap((filters) => filters.nations),
    offices: all.flatMap((filters) => filters.offices),
    genders: all.flatMap((filters) => filters.genders),
    kinds: all.flatMap((filters) => filters.kinds),
    organisations: all.flatMap((filters) => filters.organisations),
    meetings: all.flatMap((filters) => filters.meetings),
    days: days.length === 0 ? null : common.length > 0 ? common : [...new Set(days.flat())].sort(),
    parts: all.flatMap((filters) => filters.parts),
    words: all.flatMap((filters) => filters.words),
    topics: all.flatMap((filters) => filters.topics),
    minutes: narrowest(all.map(({ minutes }) => minutes)),
    clock: narrowest(all.map(({ clock }) => clock)),
  };
}

type Range = readonly [least: number, most: number];

function narrowest(ranges: readonly (Range | null)[]): Range | null {
  const known = ranges.filter((range) => range !== null);
  if (known.length === 0) return null;
  return [Math.max(...known.map(([least]) => least)), Math.min(...known.map(([, most]) => most))];
}

/** "5th", "fifth"; the lower ones have other meanings too and are words of the lexicon. */
const ORDINAL = new RegExp(`^(?:\\d+(?:st|nd|rd|th)|${ORDINAL_WORDS.slice(3).join('|')})$`, 'i');

export function itemOf({ text, start, end, typed, values, words }: Read<Tag>): Item {
  const classes = new Set(values.flatMap((tag) => (tag.is === 'word' ? tag.classes : [])));
  const people = values.filter((tag) => tag.is === 'person');
  // "The longest slot" is nobody of that name.
  const isWord = classes.size > 0 && words[0]?.capitalised === false;
  const strong = isWord ? [] : people.filter(({ given }) => !given);
  // A first name that is a country's too is the country.
  const named =
    strong.length > 0 ? strong : isWord || values.some((tag) => tag.is === 'place') ? [] : people;
  const places = values.filter((tag) => tag.is === 'place').map(({ place }) => place);
  const place = places.find(({ city }) => city !== null) ?? places[0];
  const office = values.find((tag) => tag.is === 'office');
  const kind = values.find((tag) => tag.is === 'kind');
  const organisation = values.find((tag) => tag.is === 'organisation');
  const genderTag = values.find((tag) => tag.is === 'gender');
  const plural =
    words.length > 0 &&
    (/(?:[^s]s|people)$/.test(words.at(-1)?.folded ?? '') || /^\w+(?<!s)s of\b/i.test(text));
  const isOnly = values.every((tag) => tag.is === 'subject' || classes.has('gender'));
  const isSeveral = plural && /(?:court|tribunal)s$/.test(text);
  if (isSeveral) classes.add('court');
  if (values.length === 0 && ORDINAL.test(text)) classes.add('nth');
  const isNation = place?.kind === 'country' && isPeople(text);
  const filters: Filters = {
    ...NO_FILTERS,
    nations: isNation ? [{ place, stem: stem(fold(text).replace(/s$/, '')) }] : [],
    people: [...new Set(named.map(({ name }) => name))],
    places:
      place === undefined || organisation !== undefined || strong.length > 0 || isNation
        ? []
        : [place],
    offices:
      office === undefined
        ? []
        : [{ sort: office.sort, country: null, organisation: null, stems: [], plural }],
    genders: genderTag === undefined ? [] : [genderTag.gender],
    kinds: kind === undefined ? [] : [kind.sort],
    // "World courts" are none of them in particular.
    organisations: organisation === undefined || isSeveral ? [] : [organisation.name],
    parts: classes.has('part') ? [text.toLowerCase()] : [],
  };
  const stems = values.flatMap((tag) => (tag.is === 'subject' && isOnly ? [tag.stem] : []));
  const capitalised = words[0]?.capitalised === true || words[0]?.acronym === true;
  const figure = words.length === 1 && /^\d/.test(words[0]?.folded ?? '');
  const given = named.length > 0 && strong.length === 0;
  return {
    text,
    start,
    end,
    typed,
    classes,
    filters,
    given,
    stems,
    plural,
    capitalised,
    figure,
    days: null,
  };
}

/** An item without a meaning of its own. */
export const PLAIN = {
  typed: null,
  given: false,
  stems: [],
  plural: false,
  capitalised: false,
  figure: false,
};

/** A stretch of a question that stands for these filters and no word. */
export function namedItem(text: string, start: number, end: number, filters: Filters): Item {
  const classes: ReadonlySet<WordClass> = new Set();
  return { ...PLAIN, text: text.slice(start, end), start, end, classes, filters, days: null };
}

export function dayItem(days: NamedDays, text: string): Item {
  const { start, end, vague, dates } = days;
  const classes = new Set<WordClass>(vague ? ['filler'] : []);
  const filters = vague ? NO_FILTERS : { ...NO_FILTERS, days: dates };
  return { ...PLAIN, text: text.slice(start, end), start, end, classes, filters, days };
}

// What an item stands for as a noun

export type PlaceTarget = 'places' | 'cities' | 'countries' | 'continents';

export type Target = PlaceTarget | 'people' | 'days' | 'courts' | 'meetings' | 'events';

export const NOUN_OF_GENDER = /(?:men|womans)$|ladies|女性|男性/i;

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
const ADJECTIVES = classList(
  'the of filler and all only each traveller alone same first last nth longest shortest most fewest more next',
);

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

export const isAdjective = (item: Item): boolean =>
  item.figure ||
  isWord(item, ...ADJECTIVES) ||
  (isEntity(item) && item.filters.people.length === 0 && nounOf(item) === null) ||
  (item.classes.has('gender') && nounOf(item) === null) ||
  item.stems.length > 0;

// Lengths and hours that a question names: "30 minutes or less", "after 3 p.m.", 午後3時以降.

type Groups = Readonly<Record<string, string | undefined>>;

const NUMBER = String.raw`\d+(?:\.\d+)?|half(?: an)?|an?|one|two|three|(?<=(?:past|over|beyond|above|under|below) )the`;
/** What a length must be: its words before and after it, and whether a length of just that size counts. */
const BOUNDS: readonly (readonly [pattern: RegExp, over: boolean, exactly: boolean])[] = [
  [
    /^(?:not? more than|no longer than|at most|up to|within|max)|or (?:less|shorter|under)$|以下|以内/i,
    false,
    true,
  ],
  [
    /^(?:more than|longer than|longer as|over|above|past|beyond|exceed\w*)|(?:より長|を?超|越|を?上回)/i,
    true,
    false,
  ],
  [/^at least|or (?:more|longer|over)$|\+$|以上/i, true, true],
  [
    /^(?:less than|shorter than|shorter as|fewer than|under|below|inside)|(?:より短|未満|を?切|を?下回)/i,
    false,
    false,
  ],
];
const BOUND =
  '(?:(?:(?:more|longer|less|shorter|fewer|no more|not more|no longer) than|(?:longer|shorter) as|inside|over|above|past|beyond|exceed(?:ed|ing)?|at least|under|below|at most|up to|within|exactly|about|around|roughly|approximately|nearly) )?';
const BOUND_AFTER = String.raw`(?:\+| or (?:more|longer|less|shorter|over|under)\b| long\b)?`;
const BOUND_JA =
  '間?(?:くらい|ぐらい|程度|ちょうど|きっかり)?(?:以上|以下|以内|未満|より長い?|より短い?|を?[超越]え?た?る?|を?切[るっ]た?|を?[上下]回[るっ]た?)?';
const HOUR = String.raw`(?<hour>\d{1,2}|${CARDINAL_WORDS.slice(0, 12).join('|')})(?:[:.](?<minute>\d{2}))?`;
const HALF = String.raw`(?<half>[ap]\.?m\b\.?|o'clock(?: (?:in the (?:morning|afternoon|evening)|at night))?|in the (?:morning|afternoon|evening)|at night)`;
/** "3 pm", "15:00". */
const TIME = String.raw`${HOUR}(?: ?${HALF}|(?<=:\d{2}))`;
const TIME_JA = String.raw`(?<half>午前|午後|朝|夜)?の?(?<hour>\d{1,2})時(?:(?<minute>\d{1,2})分)?`;
const AT = String.raw`\b(?:at |around |about |by |from )?(?:exactly |precisely |about |around )?`;
const SIZE = '(?:length|duration)s?';
const CLOCK = '(?:start(?:ing)? )?(?:time|hour)s?';
const WITH = String.raw`\b(?:with|have|has|had) (?:an? |the |its |their )?(?<no>un|no )?(?:known|exact|recorded)`;
const WHOSE = String.raw`\b(?:(?:the|its|their|whose) )?`;
const END_OF_DAY = 1439;

/** What a measure is of, and its least and greatest size. */
const RANGES: Readonly<
  Record<string, readonly ['minutes' | 'clock', (groups: Groups, text: string) => Range]>
> = {
  anyLength: ['minutes', () => [0, Infinity]],
  anyHour: ['clock', () => [0, Infinity]],
  lengths: ['minutes', ({ least, most }) => [Number(least), Number(most)]],
  length: ['minutes', lengthOf],
  hours: [
    'clock',
    ({ hour, hourTo, half, halfTo }) => [
      minuteOf({ hour, half: half ?? halfTo }),
      minuteOf({ hour: hourTo, half: halfTo }),
    ],
  ],
  after: ['clock', (groups) => [minuteOf(groups) + 1, END_OF_DAY]],
  from: ['clock', (groups) => [minuteOf(groups), END_OF_DAY]],
  before: ['clock', (groups) => [0, minuteOf(groups) - 1]],
  until: ['clock', (groups) => [0, minuteOf(groups)]],
  at: ['clock', (groups) => [minuteOf(groups), minuteOf(groups)]],
  within: ['clock', (groups) => [minuteOf(groups), minuteOf(groups) + 59]],
};

/** Of two that want the same text the first has it. A group "no" leaves out what it names. */
const MEASURES = String.raw`
anyLength: ${WITH} ${SIZE}
anyHour: ${WITH} ${CLOCK}
anyLength: ${WHOSE}${SIZE} (?:is|was) (?<no>un|not )known\b
anyHour: ${WHOSE}${CLOCK} (?:is|was) (?<no>un|not )known\b
lengths: \bbetween (?<least>\d+) and (?<most>\d+) ?-?min(?:ut\w{0,2})?s?\b
length: \b${BOUND}(?:the )?(?<hours>${NUMBER}) ?-?(?:hours?|hrs?)\b(?: and (?:(?<half>a half)|(?:a )?(?<minutes>\d+)(?: min(?:ut\w{0,2})?s?)?))?(?: mark)?${BOUND_AFTER}
length: \b${BOUND}(?<minutes>${NUMBER}) ?-?min(?:ut\w{0,2})?s?\b${BOUND_AFTER}
length: (?<hours>\d+)時間(?:(?<minutes>\d+)分)?${BOUND_JA}
length: (?<!時)(?<minutes>\d+)分${BOUND_JA}
hours: \b(?:between|from) (?<hour>\d{1,2}) ?(?<half>[ap]\.?m\b\.?)? ?(?:and|to|until|till|-|–) ?(?<hourTo>\d{1,2}) ?(?<halfTo>[ap]\.?m\b\.?|o'clock)
after: \b(?:after|later than|(?<!half |quarter )past) ${TIME}
from: \b(?:from|since|at or after) ${TIME}(?: on(?:wards?)?\b)?
from: \b(?:at |from )?${TIME} or later
from: \b(?:after|past) (?<hour>noon)\b
from: (?<hour>正午)(?:より後|以降|過ぎ|から)
from: ${TIME_JA}(?:以降|から|より後|より遅く)
before: \b(?:before|earlier than|until|by) ${TIME}
before: (?<hour>正午)(?:より前|以前|まで)
before: ${TIME_JA}(?:より前|以前|前|まで|より早く)
until: \b(?:at |by )?${TIME} or earlier
at: ${AT}(?:(?<past>half)|(?<quarter>quarter)) (?:past|(?<to>to)) (?<hour>\d{1,2}|${CARDINAL_WORDS.join('|')})(?: ${HALF})?
at: ${AT}${TIME}(?: sharp)?
at: ${AT}(?<hour>\d{1,2})[.h](?<minute>\d{2})\b
at: \bat (?:exactly )?(?<hour>noon)\b
within: ${TIME_JA}台(?:に|の)?
at: ${TIME_JA}(?!間|\d)(?<past>半)?(?:に始|開始|スタート|ちょうど|頃|ごろ)?
`
  .trim()
  .split('\n')
  .flatMap((row) => {
    const [, kind = '', pattern = ''] = /^(\w+): (.*)$/.exec(row) ?? [];
    const range = RANGES[kind];
    return range === undefined ? [] : [[...range, new RegExp(pattern, 'gi')] as const];
  });

export function measuresNamed(text: string): Item[] {
  const found: Item[] = [];
  if (!MEASURED.test(text)) return found;
  for (const [kind, range, pattern] of MEASURES) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const groups = match.groups ?? {};
      const filters = { ...NO_FILTERS, [kind]: range(groups, match[0]) };
      const item = namedItem(text, start, end, filters);
      if (groups['no'] !== undefined)
        found.push({ ...item, end: start, filters: NO_FILTERS, classes: LEFT_OUT });
      found.push(item);
    }
  }
  return found;
}

/** Without any of these no length and no hour is named. */
const MEASURED =
  /min|h(?:ou)?rs?\b|noon|known|exact|recorded|[\d:]\d|[ap]\.?m\b|clock|half|quarter|in the |at night|[時分正]/i;
const LEFT_OUT: ReadonlySet<WordClass> = new Set(['except']);

/** "More than an hour", "30 minutes or less". */
function lengthOf({ hours, minutes, half }: Groups, text: string): Range {
  const size = 60 * sizeOf(hours) + sizeOf(minutes) + (half === undefined ? 0 : 30);
  const [, over, exactly] = BOUNDS.find(([pattern]) => pattern.test(text)) ?? [];
  const step = exactly === true ? 0 : 1;
  if (over === undefined) return [size, size];
  return over ? [size + step, Infinity] : [0, size - step];
}

function minuteOf({ hour = '', minute, half = '', past, quarter, to }: Groups): number {
  if (hour === 'noon' || hour === '正午') return 720;
  const full = numberOf(hour);
  // "Half past two" is no hour of the night.
  const isOpen = half === '' && (past ?? quarter) !== undefined && full < 7;
  const isAfternoon = isOpen || (/^p|午後|夜|afternoon|evening|night/i.test(half) && full < 12);
  const more = past !== undefined ? 30 : quarter !== undefined ? 15 : Number(minute ?? 0);
  return 60 * (full + (isAfternoon ? 12 : 0)) + (to === undefined ? more : -more);
}

function sizeOf(number: string | undefined): number {
  if (number === undefined) return 0;
  if (/^half/i.test(number)) return 0.5;
  return /^\d/.test(number) ? Number(number) : Math.max(numberOf(number), 1);
}
