/** Postings of the word index: which passages hold a term, how much it weighs in each, and the best passages of several terms. */
import { LRUCache } from 'lru-cache';

/** The term-frequency part of BM25, divided by k1 + 1, is in (0, 1); it is stored in a byte. */
export const IMPACT_STEPS = 255;

export interface PostingArrays {
  /** By term id: where its postings begin in `ordinals` and `impacts`. */
  readonly offsets: Uint32Array;
  /** Of passages, ascending within a term. */
  readonly ordinals: Uint32Array;
  readonly impacts: Uint8Array;
}

export interface WeightedTerm {
  readonly termId: number;
  readonly weight: number;
}

/** A list that is longer than this is read only when what has been read does not settle which passages are best. */
const SHORT_LIST = 500;

/** Where one passage in so many holds a term, its impacts are looked up in an array over all passages. */
const FREQUENT = 64;

/** For these arrays, which the next question with the same words uses again. */
const MOST_ROW_BYTES = 16 * 2 ** 20;

/** Sums of 32-bit floats in another order differ by less. */
const ROUNDING = 1e-5;

/** The postings that a search reads of a term: from `start` to `end`, each worth `factor` × impact. */
interface List extends WeightedTerm {
  readonly start: number;
  readonly end: number;
  readonly factor: number;
}

export class Postings {
  readonly passageCount: number;
  readonly #offsets: Uint32Array;
  readonly #ordinals: Uint32Array;
  readonly #impacts: Uint8Array;
  /** By term: the highest of its impacts. */
  readonly #highest: Uint8Array;
  readonly #idfs: Float64Array;
  /** Impacts of frequent terms by passage. */
  readonly #rows = new LRUCache<number, Uint8Array>({
    maxSize: MOST_ROW_BYTES,
    sizeCalculation: (row) => row.length + 1,
    memoMethod: (termId) => this.#rowOf(termId),
  });
  /** Reused by each search: the score of each passage, 0 between searches, and the passages with a score. */
  readonly #scores: Float32Array;
  readonly #touched: Uint32Array;

  constructor({ offsets, ordinals, impacts }: PostingArrays, passageCount: number) {
    this.passageCount = passageCount;
    this.#offsets = offsets;
    this.#ordinals = ordinals;
    this.#impacts = impacts;
    this.#scores = new Float32Array(passageCount);
    this.#touched = new Uint32Array(passageCount);
    const terms = Math.max(0, offsets.length - 1);
    this.#highest = new Uint8Array(terms);
    this.#idfs = new Float64Array(terms);
    for (let termId = 0; termId < terms; termId += 1) {
      const end = offsets[termId + 1] as number;
      let highest = 0;
      for (let i = offsets[termId] as number; i < end; i += 1) {
        if ((impacts[i] as number) > highest) highest = impacts[i] as number;
      }
      this.#highest[termId] = highest;
      this.#idfs[termId] = this.#idfOf(this.documentFrequency(termId));
    }
  }

  /** Number of passages with the term. */
  documentFrequency(termId: number): number {
    return (this.#offsets[termId + 1] ?? 0) - (this.#offsets[termId] ?? 0);
  }

  /** Inverse document frequency; highest for `null`, a term of no passage. */
  idf(termId: number | null): number {
    return (termId === null ? undefined : this.#idfs[termId]) ?? this.#idfOf(0);
  }

  #idfOf(frequency: number): number {
    return Math.log(1 + (this.passageCount - frequency + 0.5) / (frequency + 0.5));
  }

  /** Impact of the term in a passage, 0 (absent) to 1. */
  impact(termId: number, ordinal: number): number {
    return this.#stored(termId, ordinal) / IMPACT_STEPS;
  }

  #stored(termId: number, ordinal: number): number {
    let low = this.#offsets[termId] ?? 0;
    const end = this.#offsets[termId + 1] ?? 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ordinals[middle] as number) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#ordinals[low] === ordinal ? (this.#impacts[low] as number) : 0;
  }

  #rowOf(termId: number): Uint8Array {
    const row = new Uint8Array(this.passageCount);
    const end = this.#offsets[termId + 1] ?? 0;
    for (let i = this.#offsets[termId] ?? 0; i < end; i += 1) {
      row[this.#ordinals[i] as number] = this.#impacts[i] as number;
    }
    return row;
  }

  /**
   * The best `k` passages by the sum of weight × idf × impact, best first, ties by ordinal.
   *
   * Lists are read from the shortest on (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995).
   * When no passage outside them can be among the best any more, the longer lists are asked only for passages that still can.
   *
   * @param allowed 1 for each passage that may be returned; null for all
   */
  search(terms: readonly WeightedTerm[], k: number, allowed: Uint8Array | null = null): Scored[] {
    const lists = this.#listsOf(terms);
    /** By list: the most that it and those after it can add to a score. */
    const toCome = new Float64Array(lists.length + 1);
    for (let at = lists.length - 1; at >= 0; at -= 1) {
      const { termId, factor } = lists[at] as List;
      toCome[at] = (toCome[at + 1] as number) + factor * (this.#highest[termId] as number);
    }
    let count = 0;
    let at = 0;
    let least = -Infinity;
    for (; at < lists.length; at += 1) {
      const list = lists[at] as List;
      if (list.end - list.start > SHORT_LIST && count >= k) {
        least = this.#best(count, k).least * (1 - ROUNDING);
        if ((toCome[at] as number) < least) break;
      }
      count = this.#addAll(list, count, allowed);
    }
    const touched = this.#touched.slice(0, at < lists.length ? count : 0);
    for (; at < lists.length; at += 1) {
      count = this.#keep(count, least - (toCome[at] as number));
      this.#addTo(lists[at] as List, count);
      least = Math.max(least, this.#best(count, k).least * (1 - ROUNDING));
    }
    const best = this.#best(count, k).best();
    for (let i = 0; i < count; i += 1) this.#scores[this.#touched[i] as number] = 0;
    for (const ordinal of touched) this.#scores[ordinal] = 0;
    return best;
  }

  /** The shortest first. */
  #listsOf(terms: readonly WeightedTerm[]): List[] {
    return terms
      .map(({ termId, weight }) => ({
        termId,
        weight,
        start: this.#offsets[termId] ?? 0,
        end: this.#offsets[termId + 1] ?? 0,
        factor: (weight * this.idf(termId)) / IMPACT_STEPS,
      }))
      .filter(({ start, end, factor }) => start < end && factor > 0)
      .sort((a, b) => a.end - a.start - (b.end - b.start));
  }

  /** Adds a list to the scores of all its passages. Returns how many passages have a score now. */
  #addAll({ start, end, factor }: List, count: number, allowed: Uint8Array | null): number {
    const scores = this.#scores;
    const touched = this.#touched;
    const ordinals = this.#ordinals;
    const impacts = this.#impacts;
    for (let i = start; i < end; i += 1) {
      const ordinal = ordinals[i] as number;
      const score = scores[ordinal] as number;
      if (score === 0) {
        if (allowed !== null && allowed[ordinal] !== 1) continue;
        touched[count] = ordinal;
        count += 1;
      }
      scores[ordinal] = score + factor * (impacts[i] as number);
    }
    return count;
  }

  /** Adds a list to the scores of the first `count` touched passages. */
  #addTo({ termId, start, end, factor }: List, count: number): void {
    const scores = this.#scores;
    const touched = this.#touched;
    const row = (end - start) * FREQUENT < this.passageCount ? null : this.#rows.memo(termId);
    for (let i = 0; i < count; i += 1) {
      const ordinal = touched[i] as number;
      const impact = row === null ? this.#stored(termId, ordinal) : (row[ordinal] as number);
      scores[ordinal] = (scores[ordinal] as number) + factor * impact;
    }
  }

  /** Drops touched passages with less than a score. Returns how many are left. */
  #keep(count: number, least: number): number {
    const touched = this.#touched;
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const ordinal = touched[i] as number;
      if ((this.#scores[ordinal] as number) < least) continue;
      touched[kept] = ordinal;
      kept += 1;
    }
    return kept;
  }

  #best(count: number, k: number): TopK {
    const top = new TopK(k);
    for (let i = 0; i < count; i += 1) {
      const ordinal = this.#touched[i] as number;
      top.offer(ordinal, this.#scores[ordinal] as number);
    }
    return top;
  }
}

export interface Scored {
  readonly ordinal: number;
  readonly score: number;
}

/** The `k` best of any number of candidates, best first, ties by ordinal. */
export class TopK {
  readonly #k: number;
  /** Sorted: `k` is small (about 50) and most candidates fail the first comparison. */
  readonly #ordinals: Float64Array;
  readonly #scores: Float64Array;
  #count = 0;
  #least: number;

  constructor(k: number) {
    this.#k = Math.max(0, k);
    this.#ordinals = new Float64Array(this.#k);
    this.#scores = new Float64Array(this.#k);
    this.#least = this.#k === 0 ? Infinity : -Infinity;
  }

  /** The lowest of `k` scores; -Infinity while there are fewer. */
  get least(): number {
    return this.#least;
  }

  offer(ordinal: number, score: number): void {
    if (score < this.#least) return;
    const ordinals = this.#ordinals;
    const scores = this.#scores;
    let at = this.#count;
    if (at === this.#k) {
      if (score === this.#least && ordinal > (ordinals[at - 1] as number)) return;
      at -= 1;
    } else this.#count += 1;
    for (; at > 0; at -= 1) {
      const other = scores[at - 1] as number;
      if (other > score || (other === score && (ordinals[at - 1] as number) < ordinal)) break;
      scores[at] = other;
      ordinals[at] = ordinals[at - 1] as number;
    }
    scores[at] = score;
    ordinals[at] = ordinal;
    if (this.#count === this.#k) this.#least = scores[this.#k - 1] as number;
  }

  best(): Scored[] {
    return Array.from({ length: this.#count }, (_, at) => ({
      ordinal: this.#ordinals[at] as number,
      score: this.#scores[at] as number,
    }));
  }
}
