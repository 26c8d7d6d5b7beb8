import { MONTHS, monthAndDay, ORDINAL_WORDS } from './dates.ts';
import { fitsForm, type NameForm } from './phrase-table.ts';
import { PLACE_SPELLINGS, placeNames } from './names.ts';
import { fold, isStopWord, stem, wordsOf, wordsOfName, type Word } from './words.ts';

/** Index terms of a text. */

/** A term of a text, with the word that it comes from. */
export interface TermUse {
  readonly term: string;
  readonly weight: number;
  /** For a phrase its first word. */
  readonly word: Word;
  /** Where the word or phrase ends in the text. */
  readonly end: number;
  /** True for the term of the word itself, false for one that a name, a date or a pair adds. */
  readonly own: boolean;
}

/** Terms of a text: without stop words, names of one thing as one term, other words stemmed. */
export function termsOf(text: string, names: NameTable): TermUse[] {
  return termsOfWords(wordsOf(text), names);
}

export function termsOfWords(words: readonly Word[], names: NameTable): TermUse[] {
  const uses: TermUse[] = [];
  for (let index = 0; index < words.length;) {
    const word = words[index];
    if (word === undefined) break;
    const phrase = dateAt(words, index, names) ?? names.phraseAt(words, index);
    if (phrase !== null) {
      const end = words[index + phrase.length - 1]?.end ?? word.end;
      for (const { term, weight } of phrase.terms) {
        uses.push({ term, weight, word, end, own: phrase.mode === 'replace' });
      }
      if (phrase.mode === 'replace') {
        index += phrase.length;
        continue;
      }
    }
    const spelling = names.spellingOf(word.folded);
    if (!isStopWord(spelling) || isSpared(words, index)) {
      uses.push({ term: stem(spelling), weight: 1, word, end: word.end, own: true });
    }
    index += 1;
  }
  return uses;
}

/** Stop words that mean something else in capitals: the health organisation, computing. */
const ACRONYMS = new Set(['who', 'it']);
const BEFORE_MAY = new Set(
  'in since until till by last next early mid late during of from between this before after'.split(
    ' ',
  ),
);

/** Whether a stop word carries meaning here: "WHO", "IT", and "may" as the month. */
function isSpared(words: readonly Word[], index: number): boolean {
  const word = words[index];
  if (word === undefined) return false;
  if (word.folded !== 'may') return word.acronym && ACRONYMS.has(word.folded) && index > 0;
  const before = words[index - 1]?.folded ?? '';
  const after = words[index + 1]?.folded ?? '';
  return BEFORE_MAY.has(before) || /^\d{1,2}$/.test(before) || /^\d{1,2}$|^20\d\d$/.test(after);
}

/**
 * One more term for each two adjacent words, which mean more together: "prime minister" is not any minister.
 *
 * @param uses of `text`
 */
export function pairsOf(uses: readonly TermUse[], text: string): TermUse[] {
  const own = uses.filter((use) => use.own);
  return own.flatMap((use, index) => {
    const before = own[index - 1];
    if (before === undefined) return [];
    const gap = text.slice(before.end, use.word.start);
    if (gap !== ' ' && !/^[\s-]+$/.test(gap)) return [];
    const term = `${before.term}+${use.term}`;
    return [{ term, weight: 1, word: before.word, end: use.end, own: false }];
  });
}

const MONTH_NUMBERS: ReadonlyMap<string, number> = new Map(
  MONTHS.map((name, index) => [name.toLowerCase(), index + 1]),
);

/** Ordinals that wordsOf does not turn into figures. */
const FIRST_DAYS = ORDINAL_WORDS.slice(0, 3);

/**
 * The date that a word belongs to. "January 7", "7 January", "Jan. 7th" and "the 7th of January" add one term for the
 * day of the year; "2024-01-07" and "7.1.2024" are replaced by all terms of "7 January 2024".
 *
 * @param names gives the full name of a month for its abbreviation
 */
function dateAt(words: readonly Word[], index: number, names: NameTable): PhraseMatch | null {
  const numeric = numericDateAt(words, index) ?? japaneseDateAt(words, index);
  if (numeric !== null) return numeric;
  const month = monthOf(words[index], names);
  if (month === 0) {
    const of = words[index + 1]?.folded === 'of' ? 1 : 0;
    const day = dayOf(words[index], of === 1 ? 'of' : 'before');
    return day === null ? null : dayOfYear(monthOf(words[index + 1 + of], names), day);
  }
  // "11 January 7": the month already has a day.
  const of = words[index - 1]?.folded === 'of' ? 1 : 0;
  if (dayOf(words[index - 1 - of], of === 1 ? 'of' : 'before') !== null) return null;
  return dayOfYear(month, dayOf(words[index + 1], 'after'));
}

/** From 1; 0 for a word that is not a month. */
function monthOf(word: Word | undefined, names: NameTable): number {
  if (word === undefined) return 0;
  // The abbreviation is a month only next to a day.
  const name = word.folded === 'mar' ? 'march' : names.spellingOf(word.folded);
  return MONTH_NUMBERS.get(name) ?? 0;
}

function dayOfYear(month: number, day: number | null): PhraseMatch | null {
  if (month === 0 || day === null) return null;
  return { length: 1, mode: 'add', terms: [{ term: `#${monthAndDay(month, day)}`, weight: 1 }] };
}

/**
 * Day of the month that a word names. A number word names one only in the grammar of a date: "January: seven people"
 * and "the second January trip" name no day.
 */
function dayOf(word: Word | undefined, place: 'before' | 'of' | 'after'): number | null {
  if (word === undefined) return null;
  const first = FIRST_DAYS.indexOf(word.folded) + 1;
  if (place !== 'of' && !word.figure && (place === 'before' || first === 0)) return null;
  const day = /^\d{1,2}$/.test(word.folded) ? Number(word.folded) : first;
  return day >= 1 && day <= 31 ? day : null;
}

/** ISO dates, and day.month.year with points. Slashes are ambiguous (day or month first) and are ignored. */
function numericDateAt(words: readonly Word[], index: number): PhraseMatch | null {
  const first = words[index];
  if (first?.figure !== true) return null;
  const dotted = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)$/.exec(first.folded);
  if (dotted !== null) return fullDate(1, dotted[3], dotted[2], dotted[1]);
  const second = words[index + 1];
  const third = words[index + 2];
  if (second === undefined || third === undefined) return null;
  const isIso =
    /^(?:19|20)\d\d$/.test(first.folded) &&
    /^\d\d$/.test(second.folded) &&
    /^\d\d$/.test(third.folded) &&
    second.start === first.end + 1 &&
    third.start === second.end + 1;
  return isIso ? fullDate(3, first.folded, second.folded, third.folded) : null;
}

/** "1月12日" adds one term for the day of the year, as "January 12" does. */
function japaneseDateAt(words: readonly Word[], index: number): PhraseMatch | null {
  if (words[index]?.figure !== true) return null;
  const [month, sign, day, end] = words.slice(index, index + 4);
  if (month?.figure !== true || sign?.folded !== '月' || day?.figure !== true) return null;
  if (end?.folded.startsWith('日') !== true || end.start !== day.end) return null;
  const number = Number(month.folded);
  return number >= 1 && number <= 12 ? dayOfYear(number, dayOf(day, 'after')) : null;
}

function fullDate(length: number, year = '', monthText = '', dayText = ''): PhraseMatch | null {
  const month = Number(monthText);
  const day = Number(dayText);
  const name = MONTHS[month - 1];
  if (name === undefined || day < 1 || day > 31) return null;
  const terms = [`#${monthAndDay(month, day)}`, String(day), stem(name.toLowerCase()), year];
  return { length, mode: 'replace', terms: terms.map((term) => ({ term, weight: 1 })) };
}

// Names of one thing as one term

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
