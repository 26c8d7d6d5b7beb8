import { dateAt, MONTHS, type PhraseMatch } from './dates.ts';
import { fitsForm, PLACE_SPELLINGS, placeNames, type NameForm } from './places.ts';
import { fold, isStopWord, stem, wordsOf, type Word } from './words.ts';

/** Abbreviations of diplomatic news and the words that they stand for. */
const ABBREVIATIONS: readonly (readonly [short: string, full: string])[] = [
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
 * country in part, the spellings of a place or a person, and the ways to write a date.
 */
export class NameTable {
  readonly #phrases = new Map<string, Phrase[]>();
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
    const date = dateAt(words, index, (folded) => this.spellingOf(folded));
    if (date !== null) return date;
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
    const words = wordsOf(name).map((word) => this.spellingOf(word.folded));
    const [first] = words;
    if (first === undefined) return;
    const list = this.#phrases.get(first) ?? [];
    const known = list.some((other) => other.words.join(' ') === words.join(' '));
    if (!known) list.push({ ...phrase, words });
    this.#phrases.set(first, list);
  }

  /**
   * Aligns the words of another spelling with those of the name, so that both "Zelensky" and "Volodymyr Zelensky" map
   * zelensky to zelenskyy. Words that resemble no word of the name are ignored.
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
