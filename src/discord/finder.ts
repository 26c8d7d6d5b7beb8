import { fold } from '../language/words.ts';
import { boundedDistance } from '../search/spelling.ts';

export interface Findable<T> {
  readonly value: T;
  /** Everything by which it may be called; taken apart into words. */
  readonly names: readonly string[];
}

export interface Found<T> {
  readonly value: T;
  readonly score: number;
}

const IDLE_WORDS = new Set([
  'the',
  'of',
  'in',
  'at',
  'on',
  'to',
  'and',
  'with',
  'a',
  'meeting',
  'for',
]);
const MOST_QUERY_WORDS = 8;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/;

/**
 * Finds things by some of their words, while they are typed: whole words, beginnings of words, and words with
 * a slip. Every word typed must be found. Works from memory in about a millisecond for some hundred things.
 */
export class Finder<T> {
  readonly #items: readonly { value: T; words: ReadonlySet<string> }[];
  readonly #words: readonly string[];

  constructor(items: readonly Findable<T>[]) {
    this.#items = items.map(({ value, names }) => ({
      value,
      words: new Set(names.flatMap(wordsOf)),
    }));
    this.#words = [...new Set(this.#items.flatMap(({ words }) => [...words]))];
  }

  /** Best first, in their own order where equal; all of them for an empty query. */
  find(query: string, limit: number): Found<T>[] {
    const typed = wordsOf(query).slice(0, MOST_QUERY_WORDS);
    const telling = typed.filter((word) => !IDLE_WORDS.has(word));
    const wanted = telling.length > 0 ? telling : typed;
    if (wanted.length === 0) {
      return this.#items.slice(0, limit).map(({ value }) => ({ value, score: 0 }));
    }
    const scores = wanted.map((word) => this.#matches(word));
    return this.#items
      .flatMap(({ value, words }) => {
        const score = totalOf(scores, words);
        return score === null ? [] : [{ value, score }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  /** How well each known word fits a typed one; words that do not fit are left out. */
  #matches(typed: string): Map<string, number> {
    const matches = new Map<string, number>();
    for (const word of this.#words) {
      const score = likeness(typed, word);
      if (score > 0) matches.set(word, score);
    }
    return matches;
  }
}

function totalOf(
  scores: readonly ReadonlyMap<string, number>[],
  words: ReadonlySet<string>,
): number | null {
  let total = 0;
  for (const matches of scores) {
    let best = 0;
    for (const [word, score] of matches) if (score > best && words.has(word)) best = score;
    if (best === 0) return null;
    total += best;
  }
  return total;
}

function likeness(typed: string, word: string): number {
  if (typed === word) return 1;
  // "1" begins "11", but a number with a slip is another number.
  if (/^\d+$/.test(typed)) return /^\d+$/.test(word) && word.startsWith(typed) ? 0.3 : 0;
  if (word.startsWith(typed)) return 0.9;
  // Neither Japanese nor Chinese puts spaces between words.
  if (UNSPACED.test(typed) && UNSPACED.test(word)) {
    if (word.includes(typed) || typed.includes(word)) return 0.7;
  }
  const slips = typed.length < 4 || /\d/.test(typed) ? 0 : typed.length < 6 ? 1 : 2;
  if (slips === 0) return 0;
  for (const length of [typed.length, typed.length + 1, typed.length - 1, word.length]) {
    if (length > word.length || length < 3) continue;
    const distance = boundedDistance(typed, word.slice(0, length), slips);
    if (distance <= slips) return 0.6 - 0.15 * distance;
  }
  return 0;
}

function wordsOf(text: string): string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/^(\d+)(?:st|nd|rd|th)$/, '$1').replace(/^0+(?=\d)/, ''))
    .filter((word) => word !== '');
}
