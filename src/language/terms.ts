import { stemmer } from 'stemmer';
import type { NameTable } from './names.ts';
import { isStopWord } from './stop-words.ts';
import { wordsOf, type Word } from './words.ts';

/** A word of a text as the lexical index sees it. */
export interface TermUse {
  readonly term: string;
  readonly weight: number;
  /** The word (the first one of a phrase) that the term comes from. */
  readonly word: Word;
  /** True for the word's own term, false for one that a name or date adds to it. */
  readonly own: boolean;
}

/**
 * Terms of a text: stop words dropped, names made equal, other words stemmed by Porter's algorithm
 * (M. F. Porter, "An algorithm for suffix stripping", 1980).
 */
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
      for (const { term, weight } of phrase.terms) {
        uses.push({ term, weight, word, own: phrase.mode === 'replace' });
      }
      if (phrase.mode === 'replace') {
        index += phrase.length;
        continue;
      }
    }
    const spelling = names.spellingOf(word.folded);
    if (!isStopWord(spelling) || word.acronym) {
      uses.push({ term: stem(spelling), weight: 1, word, own: true });
    }
    index += 1;
  }
  return uses;
}

const stems = new Map<string, string>();
const MAX_STEMS = 50_000;

/** Porter stem, remembered: the same few thousand words come again and again. */
export function stem(folded: string): string {
  const known = stems.get(folded);
  if (known !== undefined) return known;
  const result = /^[a-z]+$/.test(folded) ? stemmer(folded) : folded;
  if (stems.size >= MAX_STEMS) stems.clear();
  stems.set(folded, result);
  return result;
}
