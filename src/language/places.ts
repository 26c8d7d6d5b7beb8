import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { NameForm } from './name-forms.ts';

// The package's types describe a default export that its CommonJS build does not have.
const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];

/** Not independent by the library's count, yet named in the news like states. */
const LIKE_STATES = new Set(['TW', 'PS', 'XK']);

/** A spelling of a place, and the term it stands for. */
export interface PlaceName {
  readonly name: string;
  /** `=` and the country's two-letter code, for example `=ua`. */
  readonly countryTerm: string;
  /**
   * `country`: a name, demonym or abbreviation of the country itself. `within`: a capital or another
   * place that stands for its country only in part.
   */
  readonly relation: 'country' | 'within';
  readonly form: NameForm;
}

/** Names in common use that world-countries does not carry. */
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

/** Names in small use whose other meanings are in common use: a sex, a university, a queen. */
const LEFT_OUT = new Set(['Malé', 'Georgetown', 'Victoria']);

/** Names that are common words too. */
const FORMS: Readonly<Record<string, NameForm>> = {
  Turkey: 'turkey',
  Polish: 'polish',
  Pole: 'pole',
  Poles: 'pole',
  China: 'china',
};

/** Places that stand for a country without being its capital in world-countries. */
const FURTHER_PLACES: Readonly<Record<string, readonly string[]>> = {
  NL: ['The Hague', 'Hague'],
  RU: ['Kremlin'],
  US: ['White House', 'Pentagon', 'Washington'],
  PS: ['Gaza', 'West Bank'],
};

/** Spellings of one place: the first is the one the others are replaced by. */
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

/** Every name of every country, with its demonyms, abbreviations and capital. */
export function placeNames(): PlaceName[] {
  const names: PlaceName[] = [];
  for (const country of countries) {
    // Dependencies share the demonyms of their states ("American", "Dutch").
    if (!country.independent && !LIKE_STATES.has(country.cca2)) continue;
    const countryTerm = `=${country.cca2.toLowerCase()}`;
    const add = (name: string, relation: PlaceName['relation']): void => {
      if (/[\p{Script=Latin}]/u.test(name) && !LEFT_OUT.has(name)) {
        names.push({ name, countryTerm, relation, form: FORMS[name] ?? 'any' });
      }
    };
    const demonym = country.demonyms.eng?.m ?? '';
    // A possessive typed in a hurry: "japans foreign minister".
    const hasty = `${country.name.common}s`;
    const own = [country.name.common, country.name.official, hasty, demonym, `${demonym}s`];
    // A two-letter code that is no abbreviation in use ("IS", "AT", "NO") would swallow a word.
    const others = country.altSpellings.filter((name) => name.length > 2 && !name.includes(','));
    for (const name of [...own, ...others, ...(FURTHER_NAMES[country.cca2] ?? [])]) {
      if (name.length > 2 || name === 'UK') add(name, 'country');
    }
    for (const name of [...country.capital, ...(FURTHER_PLACES[country.cca2] ?? [])]) {
      add(name, 'within');
    }
  }
  names.push({ name: 'US', countryTerm: '=us', relation: 'country', form: 'us' });
  names.push({ name: 'the States', countryTerm: '=us', relation: 'country', form: 'states' });
  return names;
}
