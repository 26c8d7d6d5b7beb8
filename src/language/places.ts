import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { Word } from './words.ts';

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

/** Every name of every country, with its demonyms, abbreviations and capital. */
export function placeNames(): PlaceName[] {
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
}

/**
 * How a name must be written to count as one. `any`: in any case. `us`: "US", "U.S." or "the us", not the pronoun.
 * `states`: "the States", not the states of the world. `pm`: "PM", not "4 pm". The others are also common words: in
 * lower case the word before them decides.
 */
export type NameForm = 'any' | 'us' | 'states' | 'pm' | 'turkey' | 'polish' | 'pole' | 'china';

/** Words before which "us" is the country even in lower case. */
const AFTER_US = new Set(
  `secretary state president government congress senate ambassador military army navy troops official officials
  lawmakers treasury minister department defence defense national trade commerce visit trip tour leg dollars dollar side
  election elections firm company companies counterpart capital`.split(/\s+/),
);
/** Words after which "the states" is the country even in lower case. */
const TO_THE_STATES = new Set(['to', 'in', 'from', 'across', 'visit', 'visited', 'left']);

/** Words after which a name in lower case is the common word. */
const COMMON_AFTER: Readonly<Partial<Record<NameForm, ReadonlySet<string>>>> = {
  turkey: new Set(['a', 'my', 'your', 'roast', 'roasted', 'whole', 'frozen', 'cooked', 'wild']),
  polish: new Set(['to', 'i', 'you', 'nail', 'shoe', 'floor']),
  pole: new Set(['a', 'flag', 'north', 'south', 'ski', 'tent', 'power']),
  china: new Set(['a', 'bone', 'fine']),
};

/** Whether the phrase of `length` words at `words[index]` is written as its form requires. */
export function fitsForm(
  form: NameForm,
  words: readonly Word[],
  index: number,
  length: number,
): boolean {
  const word = words[index];
  if (word === undefined) return false;
  const before = words[index - 1];
  const after = words[index + length];
  switch (form) {
    case 'any':
      return true;
    case 'us':
      return word.acronym || before?.folded === 'the' || AFTER_US.has(after?.folded ?? '');
    case 'states':
      return (
        words[index + length - 1]?.capitalised === true || TO_THE_STATES.has(before?.folded ?? '')
      );
    case 'pm':
      return before?.figure !== true;
    default:
      return word.capitalised || COMMON_AFTER[form]?.has(before?.folded ?? '') !== true;
  }
}
