import type { Person } from '../corpus/types.ts';
import type { Sort, WordClass } from './lexicon.ts';
import type { Place, Tag } from './vocabulary.ts';
import { type NamedDays, ORDINAL_WORDS } from '../language/dates.ts';
import type { Read } from '../language/phrase-table.ts';
import { isPeople } from '../language/places.ts';
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
  /** Stems of which one topic, or the title, the venue and the offices together, must have all of each list. */
  readonly topics: readonly (readonly string[])[];
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

export function isEntity({ filters }: Item): boolean {
  return Object.values(filters).some((list: readonly unknown[] | null) => (list?.length ?? 0) > 0);
}

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
  const common = days.reduce<readonly string[]>(
    (rest, list) => rest.filter((day) => list.includes(day)),
    days[0] ?? [],
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
  const figure = words[0]?.figure === true || /^\d/.test(words[0]?.folded ?? '');
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

export function dayItem(days: NamedDays, text: string): Item {
  const { start, end, vague, dates } = days;
  const classes = new Set<WordClass>(vague ? ['filler'] : []);
  const filters = vague ? NO_FILTERS : { ...NO_FILTERS, days: dates };
  return { ...PLAIN, text: text.slice(start, end), start, end, classes, filters, days };
}
