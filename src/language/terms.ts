import type { NameTable } from './names.ts';
import { stem } from './stem.ts';
import { isStopWord } from './stop-words.ts';
import { wordsOf, type Word } from './words.ts';

/** A word of a text as the lexical index sees it. */
export interface TermUse {
  readonly term: string;
  readonly weight: number;
  /** The word (the first one of a phrase) that the term comes from. */
  readonly word: Word;
  /** Where the word or phrase ends in the text. */
  readonly end: number;
  /** True for the word's own term, false for one that a name or date adds to it. */
  readonly own: boolean;
}

/** Terms of a text: stop words dropped, names made equal, other words stemmed. */
export function termsOf(text: string, names: NameTable): TermUse[] {
  return termsOfWords(wordsOf(text), names);
}

export function termsOfWords(words: readonly Word[], names: NameTable): TermUse[] {
  const uses: TermUse[] = [];
  for (let index = 0; index < words.length;) {
    const word = words[index];
    if (word === undefined) break;
    const phrase = names.phraseAt(words, index);
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

/** Stop words that are something else where they stand in capitals: the health organisation, computing. */
const ACRONYMS = new Set(['who', 'it']);
const BEFORE_MAY = new Set(
  'in since until till by last next early mid late during of from between this before after'.split(
    ' ',
  ),
);

/** Whether a stop word stands for something after all: "WHO", "IT", and "may" where it is the month. */
function isSpared(words: readonly Word[], index: number): boolean {
  const word = words[index];
  if (word === undefined) return false;
  if (word.folded !== 'may') return word.acronym && ACRONYMS.has(word.folded) && index > 0;
  const before = words[index - 1]?.folded ?? '';
  const after = words[index + 1]?.folded ?? '';
  return BEFORE_MAY.has(before) || /^\d{1,2}$/.test(before) || /^\d{1,2}$|^20\d\d$/.test(after);
}
