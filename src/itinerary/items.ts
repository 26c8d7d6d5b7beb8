import type { Person } from '../corpus/types.ts';
import { ORDINAL_WORDS } from '../language/dates.ts';
import type { NamedDays } from '../language/named-days.ts';
import { isPeople } from '../language/places.ts';
import type { Read } from '../language/phrase-table.ts';
import { fold, stem } from '../language/words.ts';
import type { Sort, WordClass } from './lexicon.ts';
import type { Place, Tag, Vocabulary } from './vocabulary.ts';

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
  /** Least and greatest length. */
  readonly minutes: readonly [least: number, most: number] | null;
  /** Earliest and latest minute of the day at which it began. */
  readonly clock: readonly [earliest: number, latest: number] | null;
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
    minutes: all.find(({ minutes }) => minutes !== null)?.minutes ?? null,
    clock: all.find(({ clock }) => clock !== null)?.clock ?? null,
  };
}

/** "5th", "fifth"; the lower ones have other meanings too and are words of the lexicon. */
const ORDINAL = new RegExp(`^(?:\\d+(?:st|nd|rd|th)|${ORDINAL_WORDS.slice(3).join('|')})$`, 'i');

export function itemOf({ text, start, end, typed, values, words }: Read<Tag>): Item {
  const classes = new Set(values.flatMap((tag) => (tag.is === 'word' ? tag.classes : [])));
  const people = values.filter((tag) => tag.is === 'person');
  const strong = people.filter(({ given }) => !given);
  // A first name that is a country's too is the country.
  const named = strong.length > 0 ? strong : values.some((tag) => tag.is === 'place') ? [] : people;
  const places = values.filter((tag) => tag.is === 'place').map(({ place }) => place);
  const place = places.find(({ city }) => city !== null) ?? places[0];
  const office = values.find((tag) => tag.is === 'office');
  const kind = values.find((tag) => tag.is === 'kind');
  const organisation = values.find((tag) => tag.is === 'organisation');
  const genderTag = values.find((tag) => tag.is === 'gender');
  const plural = words.length > 0 && /(?:[^s]s|people)$/.test(words.at(-1)?.folded ?? '');
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

/** "Ukrainian women", "Japanese people": of the nation, not in the country. */
function nationBefore(
  before: Item | undefined,
  { start, filters, classes }: Item,
  text: string,
): Nation | null {
  const [place] = before?.filters.places ?? [];
  const isWhom = filters.genders.length > 0 || (classes.has('people') && !classes.has('count'));
  const isBeside = before !== undefined && /^(?: |の|人)?$/.test(text.slice(before.end, start));
  if (!isWhom || !isBeside || place?.kind !== 'country') return null;
  const word = fold(before.text);
  return word === fold(place.name) ? null : { place, stem: stem(word) };
}

/** Words of titles follow it. */
function isInName({ end }: Item, items: readonly Item[], next: number): boolean {
  const after = items[items[next]?.classes.has('and') === true ? next + 1 : next];
  return after !== undefined && after.stems.length > 0 && after.start <= end + 5;
}

/** "The Canadian capital", "the capital of Canada", カナダの首都. */
const IS_CAPITAL = /^(?:capital|capital city|首都)$/i;
const NOWHERE: Place = { name: '', kind: 'region', countries: new Set(), city: null };

/** Words that make one description together: names with their offices, offices with their countries. */
export function joined(items: readonly Item[], vocabulary: Vocabulary, text: string): Item[] {
  const result: Item[] = [];
  for (let i = 0; i < items.length;) {
    let item = items[i];
    if (item === undefined) break;
    i += 1;
    if (IS_CAPITAL.test(item.text)) {
      const before = result.at(-1);
      const of = items[i]?.classes.has('of') === true ? i + 1 : items.length;
      const after = items[items[of]?.classes.has('the') === true ? of + 1 : of];
      const country = [before, after].find((one) => one?.filters.places[0]?.kind === 'country');
      const capital = vocabulary.capitalOf(country?.filters.places[0] ?? NOWHERE);
      if (country !== undefined && capital !== null) {
        if (country === before) result.pop();
        else i = items.indexOf(country) + 1;
        const [start, end] = [Math.min(item.start, country.start), Math.max(item.end, country.end)];
        const filters = { ...NO_FILTERS, places: [capital] };
        item = {
          ...PLAIN,
          text: text.slice(start, end),
          start,
          end,
          classes: new Set(),
          filters,
          days: null,
        };
      }
    }
    // "Women, Peace and Security" is the name of something.
    if (item.filters.genders.length > 0 && isInName(item, items, i)) {
      item = { ...item, filters: NO_FILTERS };
    }
    const nation = nationBefore(result.at(-1), item, text);
    if (nation !== null) {
      const start = result.pop()?.start ?? item.start;
      const filters = { ...item.filters, nations: [nation] };
      item = { ...item, start, text: text.slice(start, item.end), filters };
    }
    if (item.filters.people.length > 0) {
      // A first name and a surname, or a name and 「国務長官」 after it.
      for (let next = items[i]; next !== undefined; next = items[i]) {
        const shared = next.filters.people.filter((name) => item?.filters.people.includes(name));
        const isSame = shared.length > 0 && next.start <= item.end + 2;
        const isTitle = next.filters.offices.length > 0 && next.start <= item.end;
        if (!isSame && !isTitle) break;
        item = { ...item, end: next.end, given: item.given && next.given };
        i += 1;
      }
      while (isTitleOf(result.at(-1), item, vocabulary)) result.pop();
    } else if (item.filters.offices.length > 0) {
      const described = describedOffice(item, items, i, result, text);
      item = described.item;
      i = described.next;
      if (isTraveller(item, result, items.slice(i), vocabulary, text)) {
        item = { ...item, filters: NO_FILTERS, classes: new Set(['traveller']) };
      }
    }
    result.push(item);
  }
  return result;
}

/** An office, or the country before it, that only introduces the name that follows. */
function isTitleOf(before: Item | undefined, item: Item, vocabulary: Vocabulary): boolean {
  if (before === undefined || before.end + 2 < item.start) return false;
  if (before.filters.offices.length > 0) return true;
  const [place] = before.filters.places;
  const { events } = vocabulary.timeline;
  const people = events.flatMap(({ others, country }) =>
    others
      .filter(({ name }) => item.filters.people.includes(name))
      .map((person) => vocabulary.countryOf(person) ?? country),
  );
  return (
    place !== undefined &&
    people.some((country) => place.countries.has(country)) &&
    place.kind === 'country'
  );
}

function describedOffice(
  item: Item,
  items: readonly Item[],
  next: number,
  result: Item[],
  text: string,
): { item: Item; next: number } {
  const [office] = item.filters.offices;
  if (office === undefined) return { item, next };
  let { country, organisation } = office;
  const stems: string[] = [];
  let { start, end } = item;
  for (
    let before = result.at(-1);
    before !== undefined && before.end + 2 > start;
    before = result.at(-1)
  ) {
    const [place] = before.filters.places;
    const [body] = before.filters.organisations;
    if (before.stems.length > 0) stems.push(...before.stems);
    else if (before.classes.has('court') && organisation === null) organisation = 'court';
    else if (before.filters.offices.length > 0) stems.length = 0;
    else if (place !== undefined && place.kind !== 'city' && country === null) country = place;
    else if (body !== undefined && organisation === null) organisation = body;
    else break;
    start = before.start;
    result.pop();
  }
  let i = next;
  if (items[i]?.classes.has('of') === true) {
    let to = i + 1;
    while (items[to]?.classes.has('the') === true) to += 1;
    // "Presidents of international courts".
    if (items[to + 1]?.classes.has('court') === true && (items[to]?.stems.length ?? 0) > 0) to += 1;
    const after = items[to];
    const [place] = after?.filters.places ?? [];
    const [body] = after?.filters.organisations ?? [];
    if (place !== undefined) country = place;
    if (body !== undefined) organisation = body;
    const isSubject = after !== undefined && after.stems.length > 0;
    if (isSubject) stems.push(...after.stems);
    // "Of the UN": a body that the itinerary does not have, so nobody of it was met.
    const isUnknown =
      place === undefined && body === undefined && after !== undefined && isNameless(after);
    if (isUnknown) stems.push(stem(fold(after.text)));
    const isPlain = after?.classes.has('country') === true || after?.classes.has('court') === true;
    if (after?.classes.has('court') === true) organisation = 'court';
    if (place !== undefined || body !== undefined || isSubject || isPlain || isUnknown) {
      end = after?.end ?? end;
      i = to + 1;
    }
  }
  const filters = { ...item.filters, offices: [{ ...office, country, organisation, stems }] };
  return { item: { ...item, text: text.slice(start, end), start, end, filters }, next: i };
}

/** A name that neither the language nor the itinerary has: "NATO", "OECD". */
function isNameless(item: Item): boolean {
  const { capitalised, classes, stems, figure } = item;
  return capitalised && classes.size === 0 && stems.length === 0 && !figure && !isEntity(item);
}

/** "Where was the minister on Monday?": the traveller's own office, as the subject of the question. */
function isTraveller(
  item: Item,
  before: readonly Item[],
  after: readonly Item[],
  { timeline }: Vocabulary,
  text: string,
): boolean {
  const [office] = item.filters.offices;
  if (office === undefined || office.plural || office.organisation !== null) return false;
  const isOwn = timeline.travellers.some(({ title }) => office.sort.pattern.test(title ?? ''));
  const atHome = office.country === null || office.country.countries.has(timeline.home ?? '');
  if (!isOwn || !atHome) return false;
  if (office.country !== null) return true;
  // The office next to the name of its holder.
  const [left, right] = [before.at(-1), after[0]];
  const isNamed = [left, right].some(
    (one) => one?.classes.has('traveller') === true && /^\p{Lu}|[^\x20-\x7f]/u.test(one.text),
  );
  const isBeside =
    (left?.end ?? -2) + 1 >= item.start || (right?.start ?? Infinity) <= item.end + 1;
  if (isNamed && isBeside) return true;
  if ([...before, ...after].some(({ classes }) => classes.has('traveller'))) return false;
  if (/[^\x20-\x7f]/.test(item.text)) {
    // "会った外相は誰" is the minister who was met, "外相は何人" counts them.
    const isDoing = after.some((one) =>
      (['meet', 'see', 'go', 'move', 'do', 'be', 'say'] as const).some((verb) =>
        one.classes.has(verb),
      ),
    );
    const isSubject = /^[はが]/.test(text.slice(item.end));
    return isSubject && isDoing && !/[たるの]$/.test(text.slice(0, item.start));
  }
  const previous = before.findLast(({ classes }) => !classes.has('the'));
  return previous === undefined || previous.classes.has('aux') || previous.classes.has('be');
}
