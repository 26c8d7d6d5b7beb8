import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { Meeting, Person } from '../corpus/types.ts';
import { ABBREVIATIONS } from '../language/names.ts';
import { MONTH_NAMES, ORDINAL_WORDS, WEEKDAY_NAMES } from '../language/calendar.ts';
import { fold } from '../language/words.ts';
import { PhraseTable, skeletonOf } from '../language/phrase-table.ts';
import { PLACE_SPELLINGS, placeNames } from '../language/places.ts';
import { stem } from '../language/words.ts';
import { wordsOf } from '../language/words.ts';
import { CITY_SPELLINGS, FURTHER_PLACES, KINDS, OFFICES, WORD_ENTRIES } from './lexicon.ts';
import type { Sort, WordClass } from './lexicon.ts';
import { Timeline } from './timeline.ts';

/** What a phrase of a question stands for. */
export type Tag =
  | { readonly is: 'word'; readonly classes: readonly WordClass[] }
  | { readonly is: 'office'; readonly sort: Sort }
  | { readonly is: 'kind'; readonly sort: Sort }
  /** `given`: only a part of the name that others may have too. */
  | { readonly is: 'person'; readonly name: string; readonly given: boolean }
  | { readonly is: 'place'; readonly place: Place }
  /** An organisation or a venue. */
  | { readonly is: 'organisation'; readonly name: string }
  /** A word of titles, venues and offices. */
  | { readonly is: 'subject'; readonly stem: string };

export interface Place {
  /** As the itinerary has it, else as the question has it. */
  readonly name: string;
  readonly kind: 'city' | 'country' | 'region';
  /** Countries that it lies in or consists of, `=` and two-letter codes. */
  readonly countries: ReadonlySet<string>;
  /** The itinerary's city. */
  readonly city: string | null;
}

/** Further spellings by a name that the itinerary has: `{ "Tokyo": ["東京"] }`. */
export type FurtherNames = Readonly<Record<string, readonly string[]>>;

// The package's types describe a default export that its CommonJS build does not have.
const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];

const ZONES = new Set(['Africa', 'America', 'Asia', 'Australia', 'Europe']);
/** Names of time zones that are common words, or names of people. */
const NO_CITIES = new Set([
  'Nome',
  'Oral',
  'Regina',
  'Resolute',
  'Dawson',
  'Darwin',
  'Swift Current',
]);

/** The words of the itinerary and of the language, and what they stand for. */
export class Vocabulary {
  readonly table = new PhraseTable<Tag>();
  readonly timeline: Timeline;
  /** Whether names can be told from unknown ones in Japanese. */
  readonly hasJapaneseNames: boolean;
  /** Folded words of surnames and places of the itinerary, with their consonants. */
  readonly names: ReadonlyMap<string, string>;
  readonly #places = new PhraseTable<string>();
  readonly #japanese = new Map<string, string>();
  readonly #countryOfPerson = new Map<Person, string | null>();

  constructor(meetings: readonly Meeting[], names: FurtherNames) {
    for (const { name, countryTerm, form } of placeNames())
      this.#places.add(name, countryTerm, form);
    this.timeline = new Timeline(meetings, (text) => this.#countryIn(text));
    const further = new Map(Object.entries(names).map(([name, others]) => [fold(name), others]));
    const spellings = (name: string): readonly string[] => {
      const others = further.get(fold(name)) ?? [];
      const japanese = others.find((other) => !/\p{Script=Latin}/u.test(other));
      if (japanese !== undefined) this.#japanese.set(name, japanese);
      return [name, ...others];
    };
    for (const { value: classes, phrases } of WORD_ENTRIES)
      this.#add(phrases, { is: 'word', classes });
    for (const { value: sort, phrases } of OFFICES) this.#add(phrases, { is: 'office', sort });
    for (const { value: sort, phrases } of KINDS) this.#add(phrases, { is: 'kind', sort });
    this.#addPlaces(spellings);
    const { events, travellers } = this.timeline;
    const people = new Map(events.flatMap(({ others }) => others.map((one) => [one.name, one])));
    for (const person of people.values()) this.#addPerson(person, spellings(person.name));
    for (const { name, otherSpellings } of travellers) {
      const classes: readonly WordClass[] = ['traveller'];
      for (const { phrase } of [...spellings(name), ...otherSpellings].flatMap(partsOfName)) {
        this.table.add(phrase, { is: 'word', classes });
      }
    }
    for (const { meeting, others } of events) {
      const organisations = others.flatMap(({ organisation }) => (organisation ?? '').split(';'));
      for (const name of [...organisations, meeting.venue ?? ''])
        this.#addOrganisation(name, spellings);
      const texts = [meeting.title, meeting.venue ?? '', ...organisations];
      for (const text of [...texts, ...others.map(({ title }) => title ?? '')])
        this.#addSubjects(text);
    }
    this.table.addWords([...MONTH_NAMES, ...WEEKDAY_NAMES, ...ORDINAL_WORDS]);
    const surnames = [...people.values()].flatMap(({ name, otherSpellings }) =>
      [name, ...otherSpellings].flatMap((spelling) => wordsOf(spelling).at(-1)?.folded ?? []),
    );
    const places = events.flatMap(({ meeting: { city, country } }) =>
      wordsOf(`${city} ${country}`),
    );
    const long = [...surnames, ...places.map(({ folded }) => folded)].filter(
      ({ length }) => length > 3,
    );
    this.names = new Map(long.map((name) => [name, skeletonOf(name)]));
    this.hasJapaneseNames = [...people.keys()].every((name) => this.#japanese.has(name));
  }

  /** A name in the asker's language, so far as the itinerary has it. */
  nameIn(language: 'en' | 'ja', name: string): string {
    return language === 'ja' ? (this.#japanese.get(name) ?? name) : name;
  }

  /** Country that somebody stands for, by the organisation; null for those of international ones. */
  countryOf(person: Person): string | null {
    let country = this.#countryOfPerson.get(person);
    if (country === undefined) {
      country = this.#countryIn(person.organisation ?? '');
      this.#countryOfPerson.set(person, country);
    }
    return country;
  }

  continentOf(country: string): string {
    return countries.find(({ cca2 }) => `=${cca2.toLowerCase()}` === country)?.region ?? country;
  }

  #countryIn(text: string): string | null {
    const found = this.#places.read({ text, typed: new Map() }, []);
    return found.find(({ values }) => values.length > 0)?.values[0] ?? null;
  }

  #add(phrases: readonly string[], tag: Tag): void {
    for (const phrase of phrases) this.table.add(phrase, tag);
  }

  #addPlaces(spellings: (name: string) => readonly string[]): void {
    const { events } = this.timeline;
    for (const { city, country, code } of new Map(
      events.map(({ meeting: { city, country }, country: code }) => [
        city,
        { city, country, code },
      ]),
    ).values()) {
      const place: Place = { name: city, kind: 'city', countries: new Set([code]), city };
      const plain = city.replace(/(?:,.*| (?:\p{L}\.)+)$/u, '');
      const known = CITY_SPELLINGS.find((names) =>
        names.some((name) => fold(name) === fold(plain)),
      );
      const short = city.slice(plain.length).replaceAll(/[^\p{L}]/gu, '');
      const names = new Set([...spellings(city), plain, ...(known ?? [])]);
      if (short !== '') for (const name of [`${plain} ${short}`, short]) names.add(name);
      this.#add([...names], { is: 'place', place });
      const own: Place = { name: country, kind: 'country', countries: new Set([code]), city: null };
      this.#add(spellings(country), { is: 'place', place: own });
    }
    const tagOf = (place: Place): Tag => ({ is: 'place', place });
    for (const { name, countryTerm, relation, form } of placeNames()) {
      const kind = relation === 'country' ? 'country' : 'city';
      const visited = events.find(({ country }) => country === countryTerm)?.meeting.country;
      const label = kind === 'country' ? (visited ?? commonName(countryTerm)) : name;
      const place: Place = { name: label, kind, countries: new Set([countryTerm]), city: null };
      this.table.add(name, tagOf(place), form, visited !== undefined);
    }
    // Time zones are named by cities: the gazetteer that every runtime has.
    const zones = Intl.supportedValuesOf('timeZone').map((zone) =>
      zone.replaceAll('_', ' ').split('/'),
    );
    const cities = zones.flatMap(([area = '', city = '', further]) =>
      ZONES.has(area) && further === undefined && !NO_CITIES.has(city) ? [city] : [],
    );
    for (const names of [...cities.map((city) => [city]), ...PLACE_SPELLINGS]) {
      const [name = ''] = names;
      const place: Place = { name, kind: 'city', countries: new Set(), city: null };
      for (const other of names) this.table.add(other, tagOf(place), 'any', false);
    }
    const regions = new Map<string, string[]>();
    for (const { cca2, region, subregion, independent, translations, name } of countries) {
      const code = `=${cca2.toLowerCase()}`;
      for (const area of new Set([region, subregion])) {
        regions.set(area, [...(regions.get(area) ?? []), code]);
      }
      const japanese = translations['jpn']?.common;
      if (!independent || japanese === undefined) continue;
      const visited = events.find(({ country }) => country === code)?.meeting.country;
      const label = visited ?? name.common;
      if (visited !== undefined && !this.#japanese.has(visited))
        this.#japanese.set(visited, japanese);
      this.table.add(
        japanese,
        tagOf({ name: label, kind: 'country', countries: new Set([code]), city: null }),
      );
    }
    const addRegion = (
      name: string,
      codes: readonly string[],
      phrases: readonly string[],
    ): void => {
      const japanese = phrases.find((phrase) => !/\p{Script=Latin}/u.test(phrase));
      if (japanese !== undefined) this.#japanese.set(name, japanese);
      this.#add(phrases, tagOf({ name, kind: 'region', countries: new Set(codes), city: null }));
    };
    for (const [area, codes] of regions) if (area !== '') addRegion(area, codes, [area]);
    for (const { value, phrases } of FURTHER_PLACES) {
      const codes = value.startsWith('=')
        ? value.toLowerCase().split(' ')
        : (regions.get(value) ?? []);
      const [code = ''] = codes;
      const single = codes.length === 1;
      const visited = events.find(({ country }) => country === code)?.meeting.country;
      const area = value.startsWith('=') ? (phrases[0] ?? value) : value;
      const name = single ? (visited ?? commonName(code)) : area;
      if (!single) addRegion(name, codes, phrases);
      else
        this.#add(phrases, tagOf({ name, kind: 'country', countries: new Set(codes), city: null }));
    }
  }

  #addPerson({ name, otherSpellings }: Person, spellings: readonly string[]): void {
    for (const { phrase, given } of [...spellings, ...otherSpellings].flatMap(partsOfName)) {
      this.table.add(phrase, { is: 'person', name, given });
    }
  }

  #addOrganisation(text: string, spellings: (name: string) => readonly string[]): void {
    const name = text.replace(/\(.*?\)|["“”]/g, '').trim();
    if (!/\s|^\p{Lu}{4,}$/u.test(name)) return;
    const tag: Tag = { is: 'organisation', name };
    const initials =
      name
        .replace(/\b(?:of|for|the|and)\b/g, '')
        .match(/\b\p{Lu}/gu)
        ?.join('') ?? '';
    const short = ABBREVIATIONS.filter(([, full]) => fold(name).includes(fold(full))).map(
      ([first]) => first,
    );
    if (initials.length >= 3) short.push(initials);
    this.#add([...new Set([...spellings(name), name.replace(/^The /, ''), ...short])], tag);
  }

  #addSubjects(text: string): void {
    for (const { folded, figure } of wordsOf(text)) {
      if (folded.length < 3 || figure || this.table.knows(folded)) continue;
      this.table.add(folded, { is: 'subject', stem: stem(folded) });
    }
  }
}

function commonName(code: string): string {
  const country = countries.find(({ cca2 }) => `=${cca2.toLowerCase()}` === code);
  return country?.name.common ?? code;
}

/** Phrases for a person: the whole name, its last words, and with less certainty each of its words. */
function partsOfName(name: string): { phrase: string; given: boolean }[] {
  const words = name
    .replace(/\(.*?\)/g, '')
    .split(/[\s・＝=]+/u)
    .filter((word) => word.length > 1 && !/^(?:\p{Lu}\.?){1,2}$/u.test(word));
  const separator = /\p{Script=Latin}/u.test(name) ? ' ' : '';
  const whole = words.join(separator);
  const ends = words.slice(1).map((_, i) => words.slice(i + 1).join(separator));
  const parts = separator === '' ? words.filter((word) => word.length > 1) : words;
  return [
    { phrase: name, given: false },
    { phrase: whole, given: false },
    ...ends.map((phrase) => ({ phrase, given: false })),
    ...parts
      .filter((word) => word.length > 2 || separator === '')
      .map((phrase) => ({ phrase, given: separator !== '' })),
  ];
}
