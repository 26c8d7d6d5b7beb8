import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { NameForm } from './places.ts';
import { fold } from './words.ts';
import { PLACE_SPELLINGS, placeNames } from './places.ts';

/** A place of the world with the phrases that name it, English and Japanese. */
export interface WorldPlace {
  readonly name: string;
  readonly kind: 'city' | 'country' | 'region';
  /** Countries that it lies in or consists of, `=` and two-letter codes; none where that is not known. */
  readonly countries: readonly string[];
  readonly phrases: readonly string[];
  readonly form: NameForm;
}

// The package's types describe a default export that its CommonJS build does not have.
const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];

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

/** Spellings of one city, the itinerary's or not. */
export const CITY_SPELLINGS: readonly (readonly string[])[] = [
  ...PLACE_SPELLINGS,
  ['The Hague', 'Hague', 'Den Haag'],
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
export function worldPlaces(): WorldPlace[] {
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
  const further = FURTHER.trim()
    .split('\n')
    .map((line): WorldPlace => {
      const [key = '', list = ''] = line.split(': ');
      const phrases = list.split(', ');
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
}

/** Continent of a country, by its code. */
export function continentOf(code: string): string | null {
  return countries.find((country) => codeOf(country) === code)?.region ?? null;
}

function placeOf(
  name: string,
  kind: WorldPlace['kind'],
  codes: readonly string[],
  phrases: readonly string[],
): WorldPlace {
  return { name, kind, countries: codes, phrases, form: 'any' };
}

function codeOf({ cca2 }: Country): string {
  return `=${cca2.toLowerCase()}`;
}

function codesOf(area: string): string[] {
  return countries
    .filter(({ region, subregion }) => region === area || subregion === area)
    .map(codeOf);
}

function countryName(code: string): string {
  return countries.find((country) => codeOf(country) === code)?.name.common ?? code;
}

let flags: ReadonlyMap<string, string> | null = null;

/** The flag of a country as an emoji; empty for anything else. */
export function flagOf(country: string): string {
  flags ??= new Map(
    countries.flatMap(({ flag, name, altSpellings }) =>
      [name.common, ...altSpellings].map((spelling) => [fold(spelling), flag] as const),
    ),
  );
  return flags.get(fold(country)) ?? '';
}
