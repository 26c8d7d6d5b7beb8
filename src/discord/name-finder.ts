import { fold } from '../language/fold.ts';
import { boundedDistance } from '../search/spelling.ts';

export interface NamedItem<T> {
  readonly value: T;
  /** Everything that it may be called by; split into words. */
  readonly names: readonly string[];
}

export interface Match<T> {
  readonly value: T;
  readonly score: number;
}

/** Words that tell no item from another. */
const STOP_WORDS = new Set('the of in at on to and with a meeting for'.split(' '));
const MOST_QUERY_WORDS = 8;
/** Japanese and Chinese put no spaces between words. */
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/;

const EXACT = 1;
const PREFIX = 0.9;
const UNSPACED_PART = 0.7;
const NUMBER_PREFIX = 0.3;
/** Less `ERROR_COST` for each typing error. */
const MISSPELT = 0.6;
const ERROR_COST = 0.15;

/**
 * Finds items by some of the words of their names while a user types: whole words, beginnings of words, and words
 * with a typing error. Every typed word has to match. Takes about a millisecond for some hundred items.
 */
export class NameFinder<T> {
  readonly #items: readonly { value: T; words: ReadonlySet<string> }[];
  readonly #words: readonly string[];

  constructor(items: readonly NamedItem<T>[]) {
    this.#items = items.map(({ value, names }) => ({
      value,
      words: new Set(names.flatMap(wordsOf)),
    }));
    this.#words = [...new Set(this.#items.flatMap(({ words }) => [...words]))];
  }

  /** The best matches first, in the given order where equal; all items for an empty query. */
  find(query: string, limit: number): Match<T>[] {
    const typed = wordsOf(query).slice(0, MOST_QUERY_WORDS);
    const distinctive = typed.filter((word) => !STOP_WORDS.has(word));
    const wanted = distinctive.length > 0 ? distinctive : typed;
    if (wanted.length === 0) {
      return this.#items.slice(0, limit).map(({ value }) => ({ value, score: 0 }));
    }
    const scoresByWord = wanted.map((word) => this.#scoresOf(word));
    return this.#items
      .flatMap(({ value, words }) => {
        const score = totalScore(scoresByWord, words);
        return score === null ? [] : [{ value, score }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  /** Scores of the known words that match a typed one. */
  #scoresOf(typed: string): Map<string, number> {
    const scores = new Map<string, number>();
    for (const word of this.#words) {
      const score = scoreOf(typed, word);
      if (score > 0) scores.set(word, score);
    }
    return scores;
  }
}

/** Null where a typed word matches none of an item's words. */
function totalScore(
  scoresByWord: readonly ReadonlyMap<string, number>[],
  words: ReadonlySet<string>,
): number | null {
  let total = 0;
  for (const scores of scoresByWord) {
    let best = 0;
    for (const [word, score] of scores) if (score > best && words.has(word)) best = score;
    if (best === 0) return null;
    total += best;
  }
  return total;
}

/** How well a typed word matches a word of a name, 0 to 1. */
function scoreOf(typed: string, word: string): number {
  if (typed === word) return EXACT;
  // "1" is the beginning of "11", but a number with a typing error is another number.
  if (/^\d+$/.test(typed)) {
    return /^\d+$/.test(word) && word.startsWith(typed) ? NUMBER_PREFIX : 0;
  }
  if (word.startsWith(typed)) return PREFIX;
  if (UNSPACED.test(typed) && UNSPACED.test(word)) {
    if (word.includes(typed) || typed.includes(word)) return UNSPACED_PART;
  }
  const mostErrors = typed.length < 4 || /\d/.test(typed) ? 0 : typed.length < 6 ? 1 : 2;
  if (mostErrors === 0) return 0;
  // The word may be typed only in part, so its beginnings are compared too.
  for (const length of [typed.length, typed.length + 1, typed.length - 1, word.length]) {
    if (length > word.length || length < 3) continue;
    const errors = boundedDistance(typed, word.slice(0, length), mostErrors);
    if (errors <= mostErrors) return MISSPELT - ERROR_COST * errors;
  }
  return 0;
}

/** Folded words; "12th" and "012" become "12". */
function wordsOf(text: string): string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/^(\d+)(?:st|nd|rd|th)$/, '$1').replace(/^0+(?=\d)/, ''))
    .filter((word) => word !== '');
}
