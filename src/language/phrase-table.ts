import {
  boundedDistance,
  inKatakana,
  isAnagram,
  isEnglishWord,
  isStopWord,
  lettersApart,
  lettersOf,
  plainKana,
  type Word,
  wordsOf,
  wordsOfName,
} from './words.ts';

/** A stretch of a text, and what the table has for it; `values` is empty for words that it does not have. */
export interface Read<T> {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly values: readonly T[];
  readonly words: readonly Word[];
  /** As typed, when a word of the stretch was misspelt. */
  readonly typed: string | null;
}

/** A text with its misspelt words put right. */
export interface Corrected {
  readonly text: string;
  /** The words as typed, by the place of the right ones. */
  readonly typed: ReadonlyMap<number, string>;
}

interface Entry<T> {
  readonly stems: readonly string[];
  readonly form: NameForm;
  readonly values: T[];
}

/** Letters of a word in which two slips are likely. */
const LONG = 7;
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー々・]+/gu;
/** Runs of one script: an unknown Japanese word. Runs of hiragana are grammar. */
const JAPANESE_WORD = /[\p{Script=Katakana}ー・]+|[\p{Script=Han}々]+/uy;

const KATAKANA_ALONE = /^[\p{Script=Katakana}ー・]{3,}$/u;
/** Names as they are typed: whole, or their parts between dots; and where hiragana may begin with one. */
const TYPED_KANA =
  /[\p{Script=Katakana}ー・]+|(?<![\p{Script=Hiragana}\p{Script=Katakana}ー])\p{Script=Hiragana}[\p{Script=Hiragana}ー]{3,}/gu;
/** Shorter beginnings of hiragana are as likely grammar as a name. */
const SHORTEST_IN_HIRAGANA = 4;

/** Phrases in English and Japanese with what they mean, found in a text by the longest match, misspelt or not. */
export class PhraseTable<T> {
  readonly #exact = new Map<string, Entry<T>>();
  readonly #byFirstStem = new Map<string, Entry<T>[]>();
  readonly #japanese = new Map<string, T[]>();
  /** Lengths of the Japanese phrases that begin with a character, longest first. */
  readonly #lengths = new Map<string, number[]>();
  /** Phrases of katakana alone, by how they are heard. */
  readonly #heard = new Map<string, string>();
  readonly #words = new Map<string, number>();
  readonly #corrections = new Map<string, string | null>();

  /**
   * @param form how the phrase must be written, for names that are common words too
   * @param isMeant whether a misspelt word may be meant for one of this phrase
   */
  add(phrase: string, value: T, form: NameForm = 'any', isMeant = true): void {
    if (phrase.search(JAPANESE) >= 0) {
      addTo(this.#japanese, phrase, value);
      const heard = plainKana(phrase);
      if (KATAKANA_ALONE.test(phrase) && !this.#heard.has(heard)) this.#heard.set(heard, phrase);
      const lengths = this.#lengths.get(phrase.slice(0, 1)) ?? [];
      if (!lengths.includes(phrase.length)) lengths.push(phrase.length);
      this.#lengths.set(
        phrase.slice(0, 1),
        lengths.sort((a, b) => b - a),
      );
      return;
    }
    const words = wordsOfName(phrase);
    const stems = words.map(baseOf);
    const [first] = stems;
    if (first === undefined) return;
    if (isMeant) this.addWords(words);
    const key = words.join(' ');
    const known = this.#exact.get(key);
    if (known !== undefined) {
      known.values.push(value);
      return;
    }
    const entry = { stems, form, values: [value] };
    this.#exact.set(key, entry);
    const entries = this.#byFirstStem.get(first) ?? [];
    entries.push(entry);
    this.#byFirstStem.set(
      first,
      entries.sort((a, b) => b.stems.length - a.stems.length),
    );
  }

  /** Words that are spelt right although they mean nothing here. */
  addWords(words: readonly string[]): void {
    for (const word of words) this.#words.set(word, lettersOf(word));
  }

  /** Whether a word is a phrase by itself, or another form of one. */
  knows(folded: string): boolean {
    const entries = this.#byFirstStem.get(baseOf(folded)) ?? [];
    return this.#exact.has(folded) || entries.some(({ stems }) => stems.length === 1);
  }

  /** The text with misspelt words put right. */
  correct(text: string): Corrected {
    const typed = new Map<number, string>();
    let result = '';
    let end = 0;
    for (const word of latinWordsOf(text)) {
      const right = this.#rightSpelling(word);
      if (right === null) continue;
      result += text.slice(end, word.start);
      typed.set(result.length, text.slice(word.start, word.end));
      // Capitals tell names: they stay.
      result += word.capitalised ? right.slice(0, 1).toUpperCase() + right.slice(1) : right;
      end = word.end;
    }
    const right = result + text.slice(end);
    // Places of the right words would move.
    return { text: typed.size > 0 ? right : this.#withKana(right), typed };
  }

  /** The text with names in the kana that they are known by: クレーヴァ, くれーば. */
  #withKana(text: string): string {
    return text.replace(TYPED_KANA, (run) => {
      if (this.#japanese.has(run)) return run;
      if (/^\p{Script=Hiragana}/u.test(run)) return this.#withoutHiragana(run);
      const known = this.#heard.get(plainKana(run));
      return known ?? run.replace(/[^・]+/gu, (part) => this.#heard.get(plainKana(part)) ?? part);
    });
  }

  /** Hiragana with the longest name that it begins with in katakana. */
  #withoutHiragana(run: string): string {
    for (let end = run.length; end >= SHORTEST_IN_HIRAGANA; end--) {
      const known = this.#heard.get(plainKana(inKatakana(run.slice(0, end))));
      if (known !== undefined) return known + run.slice(end);
    }
    return run;
  }

  /** Stretches of a text in order; Japanese grammar and everything within `taken` is left out. */
  read(
    { text, typed }: Corrected,
    taken: readonly { readonly start: number; readonly end: number }[],
  ): Read<T>[] {
    const isFree = (start: number): boolean =>
      taken.every((other) => start < other.start || start >= other.end);
    const latin = latinWordsOf(text).filter(({ start }) => isFree(start));
    const bases = latin.map(({ folded }) => baseOf(folded));
    const reads: Read<T>[] = [];
    for (let i = 0; i < latin.length;) {
      const { length, values } = this.#longest(latin, bases, i);
      const words = latin.slice(i, i + length);
      const start = latin[i]?.start ?? 0;
      const end = words.at(-1)?.end ?? start;
      const misspelt = words.some((word) => typed.has(word.start));
      const asTyped = words.map(
        (word) => typed.get(word.start) ?? text.slice(word.start, word.end),
      );
      reads.push({
        text: text.slice(start, end),
        start,
        end,
        values,
        words,
        typed: misspelt ? asTyped.join(' ') : null,
      });
      i += length;
    }
    for (const run of text.matchAll(JAPANESE)) {
      reads.push(...this.#readJapanese(run[0], run.index).filter(({ start }) => isFree(start)));
    }
    return reads.sort((a, b) => a.start - b.start);
  }

  #longest(
    words: readonly Word[],
    bases: readonly string[],
    index: number,
  ): { length: number; values: readonly T[] } {
    const first = words[index]?.folded ?? '';
    const candidates = this.#byFirstStem.get(bases[index] ?? '') ?? [];
    for (const { stems, form, values } of candidates) {
      if (stems.length < 2) break;
      const matches = stems.every((wanted, i) => bases[index + i] === wanted);
      if (matches && fitsForm(form, words, index, stems.length)) {
        return { length: stems.length, values };
      }
    }
    const exact = this.#exact.get(first);
    const single = exact ?? candidates.find(({ stems }) => stems.length === 1);
    const fits = single !== undefined && fitsForm(single.form, words, index, 1);
    return { length: 1, values: fits ? single.values : [] };
  }

  #readJapanese(run: string, offset: number): Read<T>[] {
    const reads: Read<T>[] = [];
    const push = (start: number, length: number, values: readonly T[]): void => {
      const text = run.slice(start, start + length);
      const place = { start: offset + start, end: offset + start + length };
      reads.push({ text, ...place, values, words: [], typed: null });
    };
    for (let i = 0; i < run.length;) {
      const known = this.#lengthAt(run, i);
      if (known > 0) {
        push(i, known, this.#japanese.get(run.slice(i, i + known)) ?? []);
        i += known;
        continue;
      }
      JAPANESE_WORD.lastIndex = i;
      const word = JAPANESE_WORD.exec(run)?.[0] ?? '';
      let length = 1;
      while (length < word.length && this.#lengthAt(run, i + length) === 0) length++;
      if (word !== '') push(i, length, []);
      i += length;
    }
    return reads;
  }

  #lengthAt(run: string, index: number): number {
    const lengths = this.#lengths.get(run.charAt(index)) ?? [];
    return lengths.find((length) => this.#japanese.has(run.slice(index, index + length))) ?? 0;
  }

  #rightSpelling({ folded, figure }: Word): string | null {
    if (figure || folded.length < 3 || this.#words.has(folded)) return null;
    const known = this.#corrections.get(folded);
    if (known !== undefined) return known;
    const right = this.#nearest(folded);
    if (this.#corrections.size > 10_000) this.#corrections.clear();
    this.#corrections.set(folded, right);
    return right;
  }

  /**
   * The one word within one slip, or two in a long word. A word of the language is not misspelt, unless it is long and one
   * slip away ("minsters").
   */
  #nearest(folded: string): string | null {
    if (/[^a-z]/.test(folded) || isStopWord(folded) || this.#byFirstStem.has(baseOf(folded))) {
      return null;
    }
    const isWord = isEnglishWord(folded);
    const isLong = folded.length >= LONG;
    if (isWord && !isLong) return null;
    const limit = isLong && !isWord ? 2 : 1;
    const letters = lettersOf(folded);
    let best: string | null = null;
    let lowest = Infinity;
    const forms = folded.endsWith('s') ? [folded, folded.slice(0, -1)] : [folded];
    for (const [word, own] of this.#words) {
      if (word.length < 3 || Math.abs(word.length - folded.length) > limit + 1) continue;
      if (lettersApart(letters, own) > 2 * limit + 1) continue;
      for (const [i, form] of forms.entries()) {
        const distance = boundedDistance(form, word, limit);
        if (distance > limit || (folded.length < 4 && !isAnagram(folded, word))) continue;
        // Of two as near, the one of the same letters is meant.
        // A letter is left out more often than taken for another.
        const isOther = form.length === word.length && letters !== own;
        const cost =
          distance +
          (folded[0] === word[0] ? 0 : 0.5) +
          (letters === own ? 0 : 0.1) +
          (isOther ? 0.05 : 0);
        if (cost < lowest) [best, lowest] = [i === 0 ? word : `${word}s`, cost];
      }
    }
    return best;
  }
}

/** Words in Latin letters, also where Japanese is written around them without a space. */
function latinWordsOf(text: string): Word[] {
  return wordsOf(text.replace(JAPANESE, (run) => ' '.repeat(run.length)));
}

/** A word without the endings of number and tense: less than a stem, so that "initial" is no "initiative". */
function baseOf(folded: string): string {
  if (!/^[a-z]{4,}$/.test(folded)) return folded;
  // "King" is not a form of "k".
  const verb = folded.replace(/(?<=[aeiouy].*)(?:ed|ings?)$/, '');
  if (verb !== folded) return verb;
  return folded.replace(/ies$/, 'y').replace(/s$/, '').replace(/e$/, '');
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key) ?? [];
  values.push(value);
  map.set(key, values);
}

// How a phrase must be written

/**
 * How a name must be written to count as one. `any`: in any case. `us`: "US", "U.S." or "the us", not the pronoun.
 * `states`: "the States", not the states of the world. `pm`: "PM", not "4 pm". `group`: "G7 countries", not the G7 that
 * meets. The others are also common words: in lower case the word before them decides.
 */
export type NameForm =
  | 'any'
  | 'us'
  | 'states'
  | 'pm'
  | 'group'
  | 'turkey'
  | 'polish'
  | 'pole'
  | 'china';

/** Words before which "us" is the country even in lower case. */
const AFTER_US = new Set(
  `secretary state president government congress senate ambassador military army navy troops official officials
  lawmakers treasury minister department defence defense national trade commerce visit trip tour leg dollars dollar side
  election elections firm company companies counterpart capital`.split(/\s+/),
);
/** Words after the name of a group that make it the countries in it. */
const OF_GROUP = /^(?:countr(?:y|ies)|nations?|members?|states?|capitals?|加盟国|諸国)$/;
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
    case 'group':
      return OF_GROUP.test(after?.folded ?? '');
    default:
      return word.capitalised || COMMON_AFTER[form]?.has(before?.folded ?? '') !== true;
  }
}
