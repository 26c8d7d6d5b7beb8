import { fold } from './fold.ts';

/** A word of a text, with its place. */
export interface Word {
  /** Folded form: lower case, no diacritics, no possessive, numbers without thousands separators. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  /** Starts with a capital letter (or is written in capitals). */
  readonly capitalised: boolean;
  /** Written in capitals throughout, two letters or more, or with dots: "US", "U.S.", "NATO". */
  readonly acronym: boolean;
}

/**
 * In order: clock times, designations ("F-16s", "PAC-3", "G7"), numbers with separators and ordinal
 * endings, acronyms with dots, and plain words with inner apostrophes.
 */
const WORD =
  /\d{1,2}:\d{2}|(?<![\p{L}\p{N}])\p{L}{1,3}-?\d{1,3}s?(?![\p{L}\p{N}])|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?(?![\p{L}])|\d+|(?:\p{L}\.){2,}(?:\p{L}(?!\p{L}))?|[\p{L}\p{M}\p{Cf}]+(?:['’ʼ][\p{L}\p{M}]+)*/giu;

const NUMBER_WORDS: Readonly<Record<string, string>> = {
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fifteen: '15',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
};

/** Words of a text in order. Number words and figures are made equal ("seven" is folded to "7"). */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const raw = match[0];
    const folded = foldWord(raw);
    if (folded === '') continue;
    const letters = raw.replace(/[^\p{L}]/gu, '');
    words.push({
      folded,
      start: match.index,
      end: match.index + raw.length,
      capitalised: /^\p{Lu}/u.test(raw),
      acronym: letters.length >= 2 && letters === letters.toUpperCase() && /\p{Lu}/u.test(letters),
    });
  }
  return words;
}

function foldWord(raw: string): string {
  if (/^\p{N}/u.test(raw)) {
    if (raw.includes(':')) return raw;
    const plain = raw.toLowerCase().replace(/(st|nd|rd|th)$/, '');
    return plain.replace(/,(?=\d{3}(?:\D|$))/g, '');
  }
  let folded = fold(raw);
  if (/^[a-z]{1,3}-?\d/.test(folded)) return folded.replace('-', '').replace(/s$/, '');
  if (/^(?:\p{L}\.){2,}/u.test(raw)) folded = folded.replaceAll('.', '');
  folded = folded.replace(/'(?:s|re|ve|ll|d|m|t)?$/, '').replaceAll("'", '');
  return NUMBER_WORDS[folded] ?? folded;
}
