import type { LexicalIndex } from '../index/lexical.ts';
import { isNameLike, type WordUse } from '../index/lexical.ts';
import { boundedDistance, isEnglishWord } from '../language/words.ts';

/** Letters that are mixed up at the start of names heard rather than read. */
const FIRST_LETTER_CLASSES = ['ckqg', 'sz', 'vwf', 'yij', 'hg', 'td', 'bp', 'ea', 'ou'];

/** The rest of a name of this many letters tells it, whatever it begins with: "chaikovsky". */
const LONG_NAME = 9;

/** Distance allowed for a word of this many letters: one slip in a short name, two in a long one. */
function allowedDistance(length: number): number {
  if (length < 4) return 0;
  return length < 7 ? 1 : 2;
}

/**
 * Mends words that the corpus does not hold. Names are mended boldly; other words only when the language
 * does not know them either, so that "lunch" never becomes "launch".
 */
export class SpellingCorrector {
  readonly #byLength = new Map<number, WordUse[]>();
  readonly #words = new Set<string>();
  /** By term id, the word most often seen. */
  readonly #commonest = new Map<number, WordUse>();

  constructor(lexical: LexicalIndex) {
    for (const use of lexical.wordUses) {
      this.#words.add(use.word);
      const known = this.#commonest.get(use.termId);
      // Of equal ones the same whatever their order, which depends on how the index was built.
      const isFirst = known === undefined || use.word < known.word;
      if (use.count > (known?.count ?? 0) || (use.count === known?.count && isFirst)) {
        this.#commonest.set(use.termId, use);
      }
      if (use.word.length < 4 || /\d/.test(use.word)) continue;
      const list = this.#byLength.get(use.word.length) ?? [];
      list.push(use);
      this.#byLength.set(use.word.length, list);
    }
  }

  /**
   * The corpus's own spelling of a word whose term it holds, for a model that does not know the word as typed
   * ("tchaikovsky" and "tchaikovski" have one stem, and two vectors); null when nothing is to be mended.
   */
  respell(folded: string, termId: number): WordUse | null {
    if (this.#words.has(folded) || isEnglishWord(folded)) return null;
    return this.#commonest.get(termId) ?? null;
  }

  /** The corpus's word that was most likely meant, or null. `folded` must not be in the corpus. */
  correct(folded: string): WordUse | null {
    const limit = allowedDistance(folded.length);
    if (limit === 0 || isEnglishWord(folded) || /\d/.test(folded)) return null;
    let best: WordUse | null = null;
    let bestCost = Infinity;
    for (let length = folded.length - limit; length <= folded.length + limit; length++) {
      for (const use of this.#byLength.get(length) ?? []) {
        const isName = isNameLike(use);
        const isLong = isName && use.word.length >= LONG_NAME;
        if (!isLong && !similarStart(folded, use.word)) continue;
        const distance = boundedDistance(folded, use.word, limit);
        if (distance > limit) continue;
        const firstLetterCost = folded[0] === use.word[0] ? 0 : 0.5;
        const cost = distance + firstLetterCost + (isName ? 0 : 0.6) - Math.log1p(use.count) / 50;
        if (cost < bestCost || (cost === bestCost && use.word < (best?.word ?? ''))) {
          best = use;
          bestCost = cost;
        }
      }
    }
    return best;
  }
}

function similarStart(a: string, b: string): boolean {
  const first = a[0] ?? '';
  const other = b[0] ?? '';
  if (first === other) return true;
  if (first === b[1] && other === a[1]) return true;
  return FIRST_LETTER_CLASSES.some((letters) => letters.includes(first) && letters.includes(other));
}
