import type { Person } from '../corpus/types.ts';
import { PLACE_SPELLINGS, placeNames } from './places.ts';
import { wordsOf, type Word } from './words.ts';

/** A term that a word or phrase stands for, and how fully it stands for it (0 to 1]. */
export interface WeightedTerm {
  readonly term: string;
  readonly weight: number;
}

interface Phrase {
  readonly words: readonly string[];
  readonly capitalsOnly: boolean;
  /** Terms instead of the words' own (`replace`) or beside them (`add`). */
  readonly mode: 'replace' | 'add';
  readonly terms: readonly WeightedTerm[];
}

/** What the corpus contributes to the table of names. */
export interface NameSources {
  readonly people: readonly Person[];
  readonly places: readonly { readonly city: string; readonly country: string }[];
}

/**
 * A place says something of its country, but a question about the country is not a question about the place.
 * Half weight was best of 0, 0.25, 0.5 and 1 on the development questions.
 */
const WITHIN_WEIGHT = 0.5;

const MONTHS =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

/**
 * Makes the names of one thing equal: countries with their demonyms and abbreviations, a capital with its
 * country in part, spellings of a place or a person, and the ways to write a date.
 */
export class NameTable {
  readonly #phrases = new Map<string, Phrase[]>();
  readonly #spellings = new Map<string, string>();

  constructor(sources: NameSources) {
    const countryTerms = new Map<string, string>();
    for (const { name, countryTerm, relation, capitalsOnly } of placeNames()) {
      const isCountry = relation === 'country';
      if (isCountry) countryTerms.set(name.toLowerCase(), countryTerm);
      this.#addPhrase(name, {
        capitalsOnly,
        mode: isCountry ? 'replace' : 'add',
        terms: [{ term: countryTerm, weight: isCountry ? 1 : WITHIN_WEIGHT }],
      });
    }
    for (const { city, country } of sources.places) {
      const term = countryTerms.get(country.toLowerCase());
      if (term !== undefined) {
        this.#addPhrase(city, {
          capitalsOnly: false,
          mode: 'add',
          terms: [{ term, weight: WITHIN_WEIGHT }],
        });
      }
    }
    for (const [name, ...others] of PLACE_SPELLINGS) {
      for (const other of others) this.#addSpelling(other, name);
    }
    for (const month of MONTHS) this.#spellings.set(month.slice(0, 3), month);
    this.#spellings.set('sept', 'september');
    this.#spellings.delete('mar');
    this.#spellings.delete('may');
    for (const person of sources.people) {
      for (const other of person.otherSpellings) this.#addSpelling(other, person.name);
    }
    for (const phrases of this.#phrases.values()) {
      phrases.sort((a, b) => b.words.length - a.words.length);
    }
  }

  /** The spelling that stands for all spellings of this folded word. */
  spellingOf(folded: string): string {
    return this.#spellings.get(folded) ?? folded;
  }

  /** The longest phrase that starts at `words[index]`, or null. */
  phraseAt(
    words: readonly Word[],
    index: number,
  ): {
    readonly length: number;
    readonly mode: Phrase['mode'];
    readonly terms: readonly WeightedTerm[];
  } | null {
    const date = this.#dateAt(words, index);
    if (date !== null) return date;
    const first = words[index];
    if (first === undefined) return null;
    for (const phrase of this.#phrases.get(this.spellingOf(first.folded)) ?? []) {
      if (phrase.capitalsOnly && !first.acronym) continue;
      const matches = phrase.words.every((word, at) => {
        const other = words[index + at];
        return other !== undefined && this.spellingOf(other.folded) === word;
      });
      if (matches) return { length: phrase.words.length, mode: phrase.mode, terms: phrase.terms };
    }
    return null;
  }

  /** "January 7", "7 January", "Jan. 7th" and "the 7th of January" add one term for the day. */
  #dateAt(words: readonly Word[], index: number): ReturnType<NameTable['phraseAt']> {
    const folded = (at: number): string => this.spellingOf(words[at]?.folded ?? '');
    const first = folded(index);
    const ofWord = folded(index + 1) === 'of' ? 1 : 0;
    const second = folded(index + 1 + ofWord);
    const month = MONTHS.indexOf(MONTHS.includes(first) ? first : second);
    const day = MONTHS.includes(first) ? second : first;
    if (month < 0 || !/^\d{1,2}$/.test(day) || Number(day) < 1 || Number(day) > 31) return null;
    const term = dateTerm(month + 1, Number(day));
    return { length: 1, mode: 'add', terms: [{ term, weight: 1 }] };
  }

  #addPhrase(name: string, phrase: Omit<Phrase, 'words'>): void {
    const words = wordsOf(name).map((word) => this.spellingOf(word.folded));
    const [first] = words;
    if (first === undefined) return;
    const list = this.#phrases.get(first) ?? [];
    const known = list.some((other) => other.words.join(' ') === words.join(' '));
    if (!known) list.push({ ...phrase, words });
    this.#phrases.set(first, list);
  }

  /**
   * Aligns a spelling with the name it stands for, word by word from the end, so that "Zelensky" and
   * "Volodymyr Zelensky" both teach zelensky → zelenskyy. Words that do not resemble each other (a short
   * first name, say) teach nothing.
   */
  #addSpelling(other: string, name: string): void {
    const from = wordsOf(other).map((word) => word.folded);
    const to = wordsOf(name).map((word) => word.folded);
    for (const word of from) {
      if (to.includes(word)) continue;
      const target = to.find((candidate) => resembles(word, candidate));
      if (target !== undefined && !this.#spellings.has(target)) this.#spellings.set(word, target);
    }
    if (from.length === 1 && to.length === 1 && from[0] !== undefined && to[0] !== undefined) {
      if (from[0] !== to[0]) this.#spellings.set(from[0], to[0]);
    }
  }
}

/** The term of a day of the year, whatever the year. */
export function dateTerm(month: number, day: number): string {
  return `#${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Same first letter or sound, and most letter pairs shared. */
function resembles(a: string, b: string): boolean {
  if (a.length < 4 || b.length < 4) return false;
  const pairs = (word: string): Set<string> =>
    new Set(Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2)));
  const inA = pairs(a);
  const inB = pairs(b);
  const shared = [...inA].filter((pair) => inB.has(pair)).length;
  return (2 * shared) / (inA.size + inB.size) >= 0.5;
}
