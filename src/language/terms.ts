import type { NameTable } from './names.ts';
import { stem, isStopWord, wordsOf, type Word } from './words.ts';

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
    if (before === undefined || !/^[\s-]+$/.test(text.slice(before.end, use.word.start))) return [];
    const term = `${before.term}+${use.term}`;
    return [{ term, weight: 1, word: before.word, end: use.end, own: false }];
  });
}
