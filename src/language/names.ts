import { MONTHS } from './dates.ts';
import { countries, fitsForm, PLACE_SPELLINGS, placeNames, type NameForm } from './places.ts';
import {
  fold,
  heardIn,
  isStopWord,
  plainKana,
  stem,
  wordsOf,
  wordsOfName,
  type Word,
} from './words.ts';

/** An index term for a word or phrase, with its weight in (0, 1]. */
interface WeightedTerm {
  readonly term: string;
  readonly weight: number;
}

/** A phrase found among the words of a text. */
export interface PhraseMatch {
  /** Number of words. */
  readonly length: number;
  /** Whether the terms replace those of the words or are added to them. */
  readonly mode: 'replace' | 'add';
  readonly terms: readonly WeightedTerm[];
}

/** Abbreviations of diplomatic news and the words that they stand for. */
export const ABBREVIATIONS: readonly (readonly [short: string, full: string])[] = [
  ['UN', 'United Nations'],
  ['UNSC', 'United Nations Security Council'],
  ['EU', 'European Union'],
  ['PM', 'Prime Minister'],
  ['FM', 'Foreign Minister'],
  ['MOFA', 'Ministry of Foreign Affairs'],
  ['MFA', 'Ministry of Foreign Affairs'],
  ['ICC', 'International Criminal Court'],
  ['ICJ', 'International Court of Justice'],
  ['World Court', 'International Court of Justice'],
  ['ITLOS', 'International Tribunal for the Law of the Sea'],
];

/** A person with the other ways to write the name. */
export interface NamedPerson {
  readonly name: string;
  readonly otherSpellings: readonly string[];
}

export interface NamedPlace {
  readonly city: string;
  readonly country: string;
}

/** What the corpus contributes to the table of names. */
export interface NameSources {
  readonly people: readonly NamedPerson[];
  readonly places: readonly NamedPlace[];
}

/** The names that a corpus defines: the people of its documents and meetings, and the places of its meetings. */
export function namesOf({
  documents,
  meetings,
}: {
  readonly documents: readonly { readonly people: readonly NamedPerson[] }[];
  readonly meetings: readonly ({ readonly people: readonly NamedPerson[] } & NamedPlace)[];
}): NameTable {
  const people = [...meetings, ...documents].flatMap((each) => each.people);
  // Most documents name the same few people, and adding one takes time.
  const distinct = new Map(people.map((person) => [JSON.stringify(person), person]));
  return new NameTable({ people: [...distinct.values()], places: meetings });
}

interface Phrase extends Omit<PhraseMatch, 'length'> {
  readonly words: readonly string[];
  readonly form: NameForm;
}

/** A place stands for its country in part only: a question about the country is not one about the place. */
const WITHIN_WEIGHT = 0.5;

/**
 * Maps the names of one thing to the same terms: a country with its demonyms and abbreviations, a capital with its
 * country in part, and the spellings of a place or a person.
 */
export class NameTable {
  readonly #phrases = new Map<string, Phrase[]>();
  /** The phrases, each with spaces between its words. */
  readonly #known = new Set<string>();
  readonly #spellings = new Map<string, string>();

  constructor(sources: NameSources) {
    // Spellings first: phrases are stored and looked up in their main spelling.
    this.#addSpellings(sources.people);
    const countryTerms = new Map<string, string>();
    for (const { name, countryTerm, relation, form } of placeNames()) {
      const isCountry = relation === 'country';
      if (isCountry) countryTerms.set(fold(name), countryTerm);
      this.#addPhrase(name, {
        form,
        mode: isCountry ? 'replace' : 'add',
        terms: [{ term: countryTerm, weight: isCountry ? 1 : WITHIN_WEIGHT }],
      });
    }
    for (const { city, country } of sources.places) {
      const term = countryTerms.get(fold(country));
      if (term !== undefined) {
        this.#addPhrase(city, {
          form: 'any',
          mode: 'add',
          terms: [{ term, weight: WITHIN_WEIGHT }],
        });
      }
    }
    for (const [short, full] of ABBREVIATIONS) {
      this.#addPhrase(short, {
        form: short === 'PM' ? 'pm' : 'any',
        mode: 'replace',
        terms: wordsOf(full)
          .filter(({ folded }) => !isStopWord(folded))
          .map(({ folded }) => ({ term: stem(folded), weight: 1 })),
      });
    }
    for (const phrases of this.#phrases.values()) {
      phrases.sort((a, b) => b.words.length - a.words.length);
    }
  }

  /** The main spelling of a folded word; the word itself when it has no other. */
  spellingOf(folded: string): string {
    return this.#spellings.get(folded) ?? folded;
  }

  /** The longest phrase that starts at `words[index]`, or null. */
  phraseAt(words: readonly Word[], index: number): PhraseMatch | null {
    const first = words[index];
    if (first === undefined) return null;
    for (const phrase of this.#phrases.get(this.spellingOf(first.folded)) ?? []) {
      const matches = phrase.words.every((wanted, offset) => {
        const word = words[index + offset];
        return word !== undefined && this.spellingOf(word.folded) === wanted;
      });
      const length = phrase.words.length;
      if (matches && fitsForm(phrase.form, words, index, length)) {
        return { length, mode: phrase.mode, terms: phrase.terms };
      }
    }
    return null;
  }

  #addSpellings(people: readonly NamedPerson[]): void {
    for (const [name, ...others] of PLACE_SPELLINGS) {
      for (const other of others) this.#addSpelling(other, name);
    }
    for (const month of MONTHS.map((name) => name.toLowerCase())) {
      this.#spellings.set(month.slice(0, 3), month);
    }
    this.#spellings.set('sept', 'september');
    // These are also verbs.
    this.#spellings.delete('mar');
    this.#spellings.delete('may');
    for (const person of people) {
      for (const other of person.otherSpellings) this.#addSpelling(other, person.name);
    }
  }

  #addPhrase(name: string, phrase: Omit<Phrase, 'words'>): void {
    const words = wordsOfName(name).map((word) => this.spellingOf(word));
    const [first] = words;
    if (first === undefined) return;
    const key = words.join(' ');
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const list = this.#phrases.get(first) ?? [];
    list.push({ ...phrase, words });
    this.#phrases.set(first, list);
  }

  /**
   * Aligns the words of another spelling with those of the name, so that both "Tchaikovsky" and "Pyotr Tchaikovsky" map
   * tchaikovsky to the main spelling. Words that resemble no word of the name are ignored.
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

/** Whether two words share at least half of their letter pairs (Dice coefficient). */
function resembles(a: string, b: string): boolean {
  if (a.length < 4 || b.length < 4) return false;
  const pairs = (word: string): Set<string> =>
    new Set(Array.from({ length: word.length - 1 }, (_, index) => word.slice(index, index + 2)));
  const inA = pairs(a);
  const inB = pairs(b);
  const shared = [...inA].filter((pair) => inB.has(pair)).length;
  return (2 * shared) / (inA.size + inB.size) >= 0.5;
}

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
