import { fold } from './fold.ts';

/** A word of a text, with its place. */
export interface Word {
  /** Folded form: lower case, no diacritics, no possessive, numbers without thousands separators. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  /** Written in figures, not as a number word. */
  readonly figure: boolean;
  /** Starts with a capital letter. Never so in a text written in capitals throughout. */
  readonly capitalised: boolean;
  /**
   * Written in capitals, two letters or more, in a text that is not all capitals; or with dots, whatever its
   * case: "US", "U.S.", "u.s.", "NATO".
   */
  readonly acronym: boolean;
}

/**
 * In order: clock times, designations ("F-16s", "PAC-3", "G7"), numbers with separators and ordinal
 * endings, letters with dots between them, runs of Chinese and Japanese script (a word ends where the script changes),
 * and plain words with inner apostrophes.
 */
const WORD =
  /\d{1,2}:\d{2}(?!\d)|(?<![\p{Script=Latin}\p{N}])\p{Script=Latin}{1,3}-?\d{1,3}s?(?![\p{Script=Latin}\p{N}])|\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th)(?!\p{L}))?|(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?!\p{L})\.?|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{Cf}])+(?:['’][\p{L}\p{M}]+)*/giu;

const DOTTED = /^\p{L}\./u;

/** Figures for number words, cardinal and ordinal; "second" and "third" say other things too often. */
const NUMBER_WORDS: ReadonlyMap<string, string> = new Map([
  ...numbered(
    2,
    'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
  ),
  ...numbered(
    4,
    'fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
  ),
  ...['thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'].map(
    (word, at) => [word, String(30 + 10 * at)] as const,
  ),
]);

/** Contractions whose first part is no word of its own; "didn't" is "did" by rule. */
const CONTRACTIONS: ReadonlyMap<string, string> = new Map([
  ["can't", 'can'],
  ["won't", 'will'],
  ["shan't", 'shall'],
  ["ain't", 'is'],
]);

/** A text of so many words without a small letter is shouted; a shorter one may be a row of acronyms. */
const SHOUTED_FROM = 4;

/** Words of a text in order. Number words and figures are made equal ("seven" is folded to "7"). */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const raw = match[0];
    const { folded, figure, capitalised, acronym } = formOf(raw);
    if (folded === '') continue;
    const start = match.index;
    words.push({ folded, start, end: start + raw.length, figure, capitalised, acronym });
  }
  const shouted = words.length >= SHOUTED_FROM && !/\p{Ll}/u.test(text);
  if (!shouted) return words;
  return words.map((word) => ({
    ...word,
    capitalised: false,
    acronym: DOTTED.test(text.slice(word.start, word.end)),
  }));
}

type Form = Omit<Word, 'start' | 'end'>;

const MOST_FORMS = 50_000;
const forms = new Map<string, Form>();

/** Remembered: the same few thousand words come again and again. */
function formOf(raw: string): Form {
  const known = forms.get(raw);
  if (known !== undefined) return known;
  const form: Form = {
    folded: foldWord(raw),
    figure: /^\p{N}/u.test(raw),
    capitalised: /^\p{Cf}*\p{Lu}/u.test(raw),
    acronym: DOTTED.test(raw) || isInCapitals(raw),
  };
  if (forms.size >= MOST_FORMS) forms.clear();
  forms.set(raw, form);
  return form;
}

function isInCapitals(raw: string): boolean {
  const letters = raw.replace(/[^\p{L}]/gu, '');
  return letters.length >= 2 && letters === letters.toUpperCase() && /\p{Lu}/u.test(letters);
}

function foldWord(raw: string): string {
  if (/^\p{N}/u.test(raw)) {
    if (raw.includes(':')) return raw;
    const plain = raw.toLowerCase().replace(/(st|nd|rd|th)$/, '');
    return plain.replace(/,(?=\d{3}(?:\D|$))/g, '');
  }
  let folded = fold(raw);
  if (/^[a-z]{1,3}-?\d/.test(folded)) return folded.replace('-', '').replace(/s$/, '');
  if (DOTTED.test(raw)) return folded.replaceAll('.', '');
  folded = CONTRACTIONS.get(folded) ?? folded.replace(/n't$/, '');
  folded = folded.replace(/'(?:s|re|ve|ll|d|m)?$/, '').replaceAll("'", '');
  return NUMBER_WORDS.get(folded) ?? folded;
}

function numbered(first: number, words: string): (readonly [string, string])[] {
  return words.split(' ').map((word, at) => [word, String(first + at)] as const);
}
