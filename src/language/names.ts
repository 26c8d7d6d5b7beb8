import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { NameForm } from './phrase-table.ts';
import { fold, heardIn, plainKana, type Word, wordsOf } from './words.ts';

// The package's types describe a default export that its CommonJS build does not have.
const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];

/** Not independent in world-countries, but named in the news like states. */
const LIKE_STATES = new Set(['TW', 'PS', 'XK']);

/** A name of a place and the term it stands for. */
export interface PlaceName {
  readonly name: string;
  /** `=` and the country's ISO 3166 alpha-2 code, for example `=ua`. */
  readonly countryTerm: string;
  /**
   * `country`: a name, demonym or abbreviation of the country itself. `within`: a capital or another place, which
   * stands for its country in part.
   */
  readonly relation: 'country' | 'within';
  readonly form: NameForm;
}

/** Names in common use that world-countries lacks. */
const FURTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  US: ['America', 'Americans', 'USA'],
  GB: ['Britain', 'Brits', 'Briton', 'Britons', 'England', 'UK'],
  PL: ['Poles', 'Pole'],
  FI: ['Finns', 'Finn', 'Finnish'],
  SE: ['Swedes', 'Swede', 'Swedish'],
  DK: ['Danes', 'Dane'],
  TR: ['Turkey', 'Turks', 'Turk', 'Turkiye'],
  NL: ['Dutchman', 'Dutchmen', 'Netherlanders'],
  ES: ['Spaniards'],
  CZ: ['Czech'],
  RU: ['USSR', 'Soviet'],
  KP: ['DPRK', 'North Koreans'],
  KR: ['ROK', 'South Koreans'],
  PS: ['Palestinians'],
  AE: ['Emirates', 'UAE'],
  SA: ['Saudi', 'Saudis'],
};

/** Capitals whose other meanings are more common: a sex, a university, a queen. */
const LEFT_OUT = new Set(['Malé', 'Georgetown', 'Victoria']);

/** Names that are also common words. */
const FORMS: Readonly<Record<string, NameForm>> = {
  Turkey: 'turkey',
  Polish: 'polish',
  Pole: 'pole',
  Poles: 'pole',
  China: 'china',
};

/** Places that stand for a country and are not its capital in world-countries. */
const FURTHER_PLACES: Readonly<Record<string, readonly string[]>> = {
  NL: ['The Hague', 'Hague'],
  RU: ['Kremlin'],
  US: ['White House', 'Pentagon', 'Washington'],
  PS: ['Gaza', 'West Bank'],
};

/** Spellings of one place; the first is the main one. */
export const PLACE_SPELLINGS: readonly (readonly [string, ...string[]])[] = [
  ['Kyiv', 'Kiev', 'Kyjiw', 'Kijow'],
  ['Kharkiv', 'Kharkov'],
  ['Odesa', 'Odessa'],
  ['Irpin', 'Irpen'],
  ['Zaporizhzhia', 'Zaporizhia', 'Zaporozhye'],
  ['Montreal', 'Montréal'],
  ['Krakow', 'Kraków', 'Cracow'],
  ['Hague', 'Den Haag'],
];

/** What is read when it is first asked for: not every program asks for places. */
function once<T>(read: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => (known ??= { value: read() }).value;
}

const peoples = once(
  () =>
    new Set(
      countries.flatMap(({ cca2, demonyms, name }) =>
        [`${demonyms.eng?.m ?? ''}s`, ...(FURTHER_NAMES[cca2] ?? [])]
          .map(fold)
          .filter(
            (one) => /[^s]s$/.test(one) && one !== 'emirates' && one !== `${fold(name.common)}s`,
          ),
      ),
    ),
);

/** "Americans", "Poles": the people of a country. */
export const isPeople = (text: string): boolean => peoples().has(fold(text));

/** Every name of every country, with its demonyms, abbreviations and capital. */
export const placeNames = once((): readonly PlaceName[] => {
  const names: PlaceName[] = [];
  for (const country of countries) {
    // Dependencies share the demonym of their state ("American", "Dutch").
    if (!country.independent && !LIKE_STATES.has(country.cca2)) continue;
    const countryTerm = `=${country.cca2.toLowerCase()}`;
    const add = (name: string, relation: PlaceName['relation']): void => {
      if (/[\p{Script=Latin}]/u.test(name) && !LEFT_OUT.has(name)) {
        names.push({ name, countryTerm, relation, form: FORMS[name] ?? 'any' });
      }
    };
    const demonym = country.demonyms.eng?.m ?? '';
    // A possessive without its apostrophe: "japans foreign minister".
    const possessive = `${country.name.common}s`;
    const main = [country.name.common, country.name.official, possessive, demonym, `${demonym}s`];
    // Two-letter codes that nobody uses as abbreviations ("IS", "AT", "NO") would shadow words.
    const others = country.altSpellings.filter((name) => name.length > 2 && !name.includes(','));
    for (const name of [...main, ...others, ...(FURTHER_NAMES[country.cca2] ?? [])]) {
      if (name.length > 2 || name === 'UK') add(name, 'country');
    }
    for (const name of [...country.capital, ...(FURTHER_PLACES[country.cca2] ?? [])]) {
      add(name, 'within');
    }
  }
  names.push({ name: 'US', countryTerm: '=us', relation: 'country', form: 'us' });
  names.push({ name: 'the States', countryTerm: '=us', relation: 'country', form: 'states' });
  return names;
});

/** A place of the world with the phrases that name it, English and Japanese. */
export interface WorldPlace {
  readonly name: string;
  readonly kind: 'city' | 'country' | 'region';
  /** Countries that it lies in or consists of, `=` and two-letter codes; none where that is not known. */
  readonly countries: readonly string[];
  readonly phrases: readonly string[];
  readonly form: NameForm;
}

/**
 * What world-countries does not have: groups of countries, names of regions and short names of countries in Japanese. Codes or
 * the name of a region, and what it is called.
 */
const FURTHER = `
=fi =se =no =dk =is: Nordics, Nordic, Scandinavia, Scandinavian, 北欧
=ee =lv =lt: Baltics, Baltic, Baltic states, バルト三国
=be =nl =lu: Benelux, ベネルクス
Europe: Europe, European, 欧州, ヨーロッパ
Asia: Asia, Asian, アジア
Africa: Africa, African, アフリカ
North America: North America, North American, 北米, 北アメリカ
South America: South America, South American, Latin America, 南米
=us: アメリカ, 米国, 米
=gb: イギリス, 英国
=kr: 韓国
=cn: 中国
=ru: ロシア
=au: オーストラリア, 豪州
=jp: 日本, 本国
`;

/** Groups by their members. */
const GROUPS = `
=ca =fr =de =it =jp =gb =us: G7, G-7, Group of Seven
=at =be =bg =hr =cy =cz =dk =ee =fi =fr =de =gr =hu =ie =it =lv =lt =lu =mt =nl =pl =pt =ro =sk =si =es =se: EU, European Union
`;

/** Spellings of one city, the itinerary's or not. */
export const CITY_SPELLINGS: readonly (readonly string[])[] = [
  ...PLACE_SPELLINGS,
  ['The Hague', 'Hague', 'Den Haag', 'Haag'],
  ['Kyiv', 'Kiew'],
  ['Warsaw', 'Warszawa', 'Warschau'],
  ['Helsinki', 'Helsingfors'],
  ['Vienna', 'Wien'],
  ['Munich', 'München'],
  ['Rome', 'Roma'],
  ['Brussels', 'Bruxelles'],
  ['Geneva', 'Genève', 'Genf'],
  ['New York', 'New York City', 'NYC'],
];

/** Time zones are named by cities: the gazetteer that every runtime has. */
const ZONES = new Set(['Africa', 'America', 'Asia', 'Australia', 'Europe']);
/** Names of time zones that are common words, or names of people. */
const NO_CITIES = new Set('Nome,Oral,Regina,Resolute,Dawson,Darwin,Swift Current'.split(','));

/** Countries, capitals, regions and cities. Where two have one name, the surer one comes first. */
export const worldPlaces = once((): readonly WorldPlace[] => {
  const named = placeNames().map(({ name, countryTerm, relation, form }): WorldPlace => {
    const kind = relation === 'country' ? 'country' : 'city';
    const common = kind === 'country' ? countryName(countryTerm) : name;
    return { name: common, kind, countries: [countryTerm], phrases: [name], form };
  });
  const inJapanese = countries.flatMap(
    ({ cca2, name, independent, translations }): WorldPlace[] => {
      const phrase = translations['jpn']?.common;
      if (!independent || phrase === undefined) return [];
      return [placeOf(name.common, 'country', [`=${cca2.toLowerCase()}`], [phrase])];
    },
  );
  const further = `${FURTHER.trim()}${GROUPS}`
    .trim()
    .split('\n')
    .map((line): WorldPlace => {
      const [key = '', list = ''] = line.split(': ');
      const phrases = list.split(', ');
      if (GROUPS.includes(line))
        return { ...placeOf(phrases[0] ?? key, 'region', key.split(' '), phrases), form: 'group' };
      const codes = key.startsWith('=') ? key.split(' ') : codesOf(key);
      const [code = ''] = codes;
      if (codes.length === 1) return placeOf(countryName(code), 'country', codes, phrases);
      return placeOf(phrases[0] ?? key, 'region', codes, phrases);
    });
  const areas = new Set(countries.flatMap(({ region, subregion }) => [region, subregion]));
  const regions = [...areas]
    .filter((area) => area !== '')
    .map((area) => placeOf(area, 'region', codesOf(area), [area]));
  const zones = Intl.supportedValuesOf('timeZone').flatMap((zone) => {
    const [area = '', city = '', further] = zone.replaceAll('_', ' ').split('/');
    const isCity = ZONES.has(area) && further === undefined && !NO_CITIES.has(city);
    return isCity ? [placeOf(city, 'city', [], [city])] : [];
  });
  const spelt = CITY_SPELLINGS.map((names) => placeOf(names[0] ?? '', 'city', [], names));
  return [...named, ...inJapanese, ...further, ...regions, ...zones, ...spelt];
});

const citySpellings = once(() =>
  CITY_SPELLINGS.map((all) => ({ all, folded: new Set(all.map(fold)) })),
);

/** What a country is called, and the groups and regions that it is in, by each of its names. */
const namesByCountry = once(() => {
  const byCode = new Map<string, Record<'country' | 'region', string[]>>();
  for (const { kind, countries: codes, phrases } of worldPlaces()) {
    if (kind === 'city') continue;
    for (const code of codes) {
      const known = byCode.get(code) ?? { country: [], region: [] };
      known[kind].push(...phrases.map((phrase) => phrase.replace(/^the /i, '')));
      byCode.set(code, known);
    }
  }
  // Of two countries of one name it is the first's.
  const named = placeNames().filter(({ relation }) => relation === 'country');
  return new Map(
    named.toReversed().map(({ name, countryTerm }) => [fold(name), byCode.get(countryTerm)]),
  );
});

/** What a city and its country are called besides their own names, and the groups and regions that the country is in. */
export function otherNamesOf(place: { readonly city: string; readonly country: string }): {
  readonly city: readonly string[];
  readonly country: readonly string[];
  readonly regions: readonly string[];
} {
  const city = fold(place.city);
  const { country = [], region = [] } = namesByCountry().get(fold(place.country)) ?? {};
  const spellings = citySpellings().flatMap(({ all, folded }) => (folded.has(city) ? all : []));
  return { city: spellings, country, regions: region };
}

const countryOf = (code: string): Country | undefined =>
  countries.find((country) => codeOf(country) === code);

/** Capitals of a country, by its code. */
export const capitalsOf = (code: string): readonly string[] => countryOf(code)?.capital ?? [];

/** Continent of a country, by its code. */
export const continentOf = (code: string): string | null => countryOf(code)?.region ?? null;

function placeOf(
  name: string,
  kind: WorldPlace['kind'],
  codes: readonly string[],
  phrases: readonly string[],
): WorldPlace {
  return { name, kind, countries: codes, phrases, form: 'any' };
}

const codeOf = ({ cca2 }: Country): string => `=${cca2.toLowerCase()}`;

function codesOf(area: string): string[] {
  return countries
    .filter(({ region, subregion }) => region === area || subregion === area)
    .map(codeOf);
}

const countryName = (code: string): string => countryOf(code)?.name.common ?? code;

const flags = once(
  () =>
    new Map(
      countries.flatMap(({ flag, name, altSpellings }) =>
        [name.common, ...altSpellings].map((spelling) => [fold(spelling), flag] as const),
      ),
    ),
);

/** The flag of a country as an emoji; empty for anything else. */
export const flagOf = (country: string): string => flags().get(fold(country)) ?? '';

// Names in both scripts: so that a Japanese question finds documents in English, and names are shown in the asker's script.

/** A person as documents name them. */
interface Person {
  readonly name: string;
  readonly ja?: string | undefined;
}

/** Documents and meetings whose front matter gives names in both scripts. */
export interface JapaneseSources {
  readonly documents: readonly { readonly people: readonly Person[] }[];
  readonly meetings: readonly {
    readonly people: readonly Person[];
    readonly city: string;
    readonly country: string;
    readonly venue?: string | null | undefined;
    readonly title: string;
    readonly ja?:
      | {
          readonly title?: string | undefined;
          readonly city?: string | undefined;
          readonly country?: string | undefined;
          readonly venue?: string | undefined;
        }
      | undefined;
  }[];
}

const SHORTEST_NAME = 2;

interface Name {
  readonly heard: string;
  readonly latin: string;
}

/** Names of the corpus and of countries in Japanese, so that a Japanese question finds documents in English. */
export class JapaneseNames {
  readonly #names: readonly Name[];

  constructor({ documents, meetings }: JapaneseSources) {
    const names = new Map<string, string>();
    const add = (japanese: string | null | undefined, latin: string | null | undefined): void => {
      if (japanese == null || latin == null || japanese.length < SHORTEST_NAME) return;
      if (!names.has(japanese)) names.set(japanese, latin);
    };
    for (const { city, country, venue, ja } of meetings) {
      add(ja?.city, city);
      add(ja?.country, country);
      add(ja?.venue, venue);
    }
    for (const { name, ja } of [...meetings, ...documents].flatMap(({ people }) => people)) {
      add(ja, name);
      const short = shortFormOf(ja);
      // In kanji the family name comes first, as in the name in Latin letters.
      if (short !== null) add(short, name.split(' ').at(ja?.startsWith(short) === true ? 0 : -1));
    }
    for (const { name, translations } of countries) add(translations['jpn']?.common, name.common);
    this.#names = [...names]
      .sort(([a], [b]) => b.length - a.length)
      .map(([japanese, latin]) => ({ heard: plainKana(japanese), latin }));
  }

  /** The names in a text as words in Latin script, each with the place of its Japanese form. */
  wordsIn(text: string): Word[] {
    const words: Word[] = [];
    const { heard: whole, starts } = heardIn(text);
    let rest = whole;
    for (const { heard, latin } of this.#names) {
      const at = rest.indexOf(heard);
      if (at < 0) continue;
      const start = starts[at] ?? 0;
      const end = starts[at + heard.length] ?? text.length;
      words.push(...wordsOf(latin).map((word) => ({ ...word, start, end })));
      // What a longer name covers is not read again as a shorter one.
      rest = rest.slice(0, at) + ' '.repeat(heard.length) + rest.slice(at + heard.length);
    }
    return words;
  }
}

/** What a person is mostly called: the last part of アナ・シルバ, the first two characters of 山田花子. */
function shortFormOf(japanese: string | undefined): string | null {
  const parts = japanese?.split(/[・=\s]/) ?? [];
  if (parts.length > 1) return parts.at(-1) ?? null;
  return /^\p{Script=Han}{3,5}$/u.test(japanese ?? '') ? (japanese?.slice(0, 2) ?? null) : null;
}

/** Meetings with what their documents call them in Japanese. */
export function withJapanese<M extends { readonly id: string }, J>(
  meetings: readonly M[],
  documents: ReadonlyMap<string, { readonly ja?: J }>,
): (M & { readonly ja: J | undefined })[] {
  return meetings.map((meeting) => ({ ...meeting, ja: documents.get(meeting.id)?.ja }));
}

/** Japanese forms by the name in Latin script, or by the title of a meeting. `others`: further names. */
export function japaneseFormsOf(
  meetings: JapaneseSources['meetings'],
  others: Readonly<Record<string, string>> = {},
): Record<string, readonly string[]> {
  const forms = new Map<string, Set<string>>();
  const add = (name: string | null | undefined, japanese: string | undefined): void => {
    if (name == null || japanese === undefined) return;
    const known = forms.get(name) ?? new Set();
    forms.set(name, known.add(japanese));
  };
  for (const [name, japanese] of Object.entries(others)) add(name, japanese);
  for (const { title, people, city, country, venue, ja } of meetings) {
    add(title, ja?.title);
    add(city, ja?.city);
    add(country, ja?.country);
    add(venue, ja?.venue?.replace(/[（(].*?[）)]/g, ''));
    for (const person of people) {
      add(person.name, person.ja);
      add(person.name, shortFormOf(person.ja) ?? undefined);
    }
  }
  return Object.fromEntries([...forms].map(([name, all]) => [name, [...all]]));
}
