/** The word index: postings of terms with BM25 impacts, in typed arrays. */
import type { Passage } from '../corpus/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf, termsOf, type TermUse } from '../language/terms.ts';
import { GrowingUint32Array, pack, uint32Of, uint8Of, unpack } from './file-formats.ts';
import { TopK, type Scored } from './top-k.ts';
import {
  decodeWordUses,
  encodeWordUses,
  nameTerms,
  WordUseCounter,
  type WordUse,
} from './word-uses.ts';

/**
 * Parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), with the
 * usual k1. Ranking hardly depends on B and the weight of a word of the search header (docs/EXPERIMENTS.md).
 */
const K1 = 1.2;
const B = 0.5;
const HEADER_WEIGHT = 0.6;

/** The term-frequency part of BM25, divided by k1 + 1, is in (0, 1); it is stored in a byte. */
const IMPACT_STEPS = 255;

interface LexicalHeader {
  readonly passages: number;
  readonly terms: readonly string[];
  /** See word-uses.ts. */
  readonly wordUses: readonly (string | number)[];
}

/** Term → passages (ascending) with the weight of the term in each. */
class Postings {
  readonly terms = new Map<string, number>();
  readonly ordinals: GrowingUint32Array[] = [];
  readonly frequencies: number[][] = [];

  idOf(term: string): number {
    const known = this.terms.get(term);
    if (known !== undefined) return known;
    this.terms.set(term, this.ordinals.length);
    this.ordinals.push(new GrowingUint32Array());
    this.frequencies.push([]);
    return this.ordinals.length - 1;
  }
}

/** Builds the word index of all passages. Read by {@link LexicalIndex}. */
export function buildLexical(passages: readonly Passage[], names: NameTable): Uint8Array {
  const postings = new Postings();
  const wordUses = new WordUseCounter();
  /** Weighted number of words of each passage. */
  const lengths = new Float64Array(passages.length);
  const headers = new Map<string, TermUse[]>();
  passages.forEach(({ text, header }, ordinal) => {
    const weights = new Map<number, number>();
    const count = (uses: readonly TermUse[], fieldWeight: number, field: string): void => {
      for (const { term, weight, word, end, own } of uses) {
        const id = postings.idOf(term);
        weights.set(id, (weights.get(id) ?? 0) + weight * fieldWeight);
        if (own) lengths[ordinal] = (lengths[ordinal] ?? 0) + fieldWeight;
        // The first word of a phrase ("United States") alone is not the term.
        if (own && end === word.end) wordUses.add(field, word, id);
      }
      for (const { term, weight } of pairsOf(uses, field)) {
        const id = postings.idOf(term);
        weights.set(id, (weights.get(id) ?? 0) + weight * fieldWeight);
      }
    };
    let headerUses = headers.get(header);
    if (headerUses === undefined) {
      headerUses = termsOf(header, names);
      headers.set(header, headerUses);
    }
    count(headerUses, HEADER_WEIGHT, header);
    count(termsOf(text, names), 1, text);
    for (const [id, weight] of weights) {
      postings.ordinals[id]?.push(ordinal);
      postings.frequencies[id]?.push(weight);
    }
  });
  const header: LexicalHeader = {
    passages: passages.length,
    terms: [...postings.terms.keys()],
    wordUses: encodeWordUses(wordUses.all()),
  };
  return pack({ header, arrays: arraysOf(postings, lengths) });
}

/** The postings of all terms one after the other, with frequencies as impacts. */
function arraysOf(postings: Postings, lengths: Float64Array) {
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const total = postings.ordinals.reduce((sum, list) => sum + list.length, 0);
  const offsets = new Uint32Array(postings.ordinals.length + 1);
  const ordinals = new Uint32Array(total);
  const impacts = new Uint8Array(total);
  let start = 0;
  postings.ordinals.forEach((list, id) => {
    offsets[id] = start;
    ordinals.set(list.toArray(), start);
    postings.frequencies[id]?.forEach((frequency, index) => {
      const length = lengths[ordinals[start + index] ?? 0] ?? 0;
      const impact = impactOf(frequency, length, mean);
      impacts[start + index] = Math.max(1, Math.round(impact * IMPACT_STEPS));
    });
    start += list.length;
  });
  offsets[postings.ordinals.length] = start;
  return { offsets, ordinals, impacts };
}

/** BM25's weight of a term frequency, divided by k1 + 1: in (0, 1). */
function impactOf(frequency: number, length: number, meanLength: number): number {
  const relativeLength = 1 - B + (B * length) / Math.max(1, meanLength);
  return frequency / (frequency + K1 * relativeLength);
}

/** Reads what {@link buildLexical} wrote. */
export class LexicalIndex {
  readonly passageCount: number;
  readonly wordUses: readonly WordUse[];
  readonly #termIds: ReadonlyMap<string, number>;
  readonly #offsets: Uint32Array;
  readonly #ordinals: Uint32Array;
  readonly #impacts: Uint8Array;
  /** Reused by each search: the score of each passage, 0 between searches, and the passages that have one. */
  readonly #scores: Float32Array;
  readonly #touched: Uint32Array;
  readonly #names: ReadonlySet<number>;
  readonly #figures = new Set<number>();

  constructor(bytes: Uint8Array) {
    const packed = unpack(bytes);
    const header = packed.header as LexicalHeader;
    this.passageCount = header.passages;
    this.#termIds = new Map(header.terms.map((term, id) => [term, id]));
    header.terms.forEach((term, id) => {
      if (/^#?\d/.test(term)) this.#figures.add(id);
    });
    this.wordUses = decodeWordUses(header.wordUses);
    this.#names = nameTerms(this.wordUses);
    this.#offsets = uint32Of(packed, 'offsets');
    this.#ordinals = uint32Of(packed, 'ordinals');
    this.#impacts = uint8Of(packed, 'impacts');
    this.#scores = new Float32Array(this.passageCount);
    this.#touched = new Uint32Array(this.passageCount);
  }

  termId(term: string): number | null {
    return this.#termIds.get(term) ?? null;
  }

  /** Whether the corpus writes the term with a capital where grammar does not require one. */
  isName(termId: number): boolean {
    return this.#names.has(termId);
  }

  /** Terms of countries (see language/places.ts). */
  *countryTermIds(): Iterable<number> {
    for (const [term, id] of this.#termIds) if (term.startsWith('=')) yield id;
  }

  /** Whether the term is a number, a clock time or a date. */
  isFigure(termId: number): boolean {
    return this.#figures.has(termId);
  }

  /** Number of passages with the term. */
  documentFrequency(termId: number): number {
    return (this.#offsets[termId + 1] ?? 0) - (this.#offsets[termId] ?? 0);
  }

  /** Inverse document frequency; highest for `null`, a term of no passage. */
  idf(termId: number | null): number {
    const frequency = termId === null ? 0 : this.documentFrequency(termId);
    return Math.log(1 + (this.passageCount - frequency + 0.5) / (frequency + 0.5));
  }

  /** Impact of the term in a passage, 0 (absent) to 1. */
  impact(termId: number, ordinal: number): number {
    let low = this.#offsets[termId] ?? 0;
    const end = this.#offsets[termId + 1] ?? 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ordinals[middle] ?? 0) < ordinal) low = middle + 1;
      else high = middle;
    }
    const found = low < end && this.#ordinals[low] === ordinal;
    return found ? (this.#impacts[low] ?? 0) / IMPACT_STEPS : 0;
  }

  /**
   * The best `k` passages by the sum of weight × idf × impact, best first, ties by ordinal.
   *
   * @param allowed 1 for each passage that may be returned; null for all
   */
  search(
    terms: readonly { readonly termId: number; readonly weight: number }[],
    k: number,
    allowed: Uint8Array | null = null,
  ): Scored[] {
    const scores = this.#scores;
    const touched = this.#touched;
    const ordinals = this.#ordinals;
    const impacts = this.#impacts;
    let count = 0;
    for (const { termId, weight } of terms) {
      const factor = (weight * this.idf(termId)) / IMPACT_STEPS;
      // A passage counts as touched when its score is no longer 0.
      if (factor <= 0) continue;
      const end = this.#offsets[termId + 1] ?? 0;
      for (let i = this.#offsets[termId] ?? 0; i < end; i++) {
        const ordinal = ordinals[i] as number;
        const before = scores[ordinal] as number;
        if (before === 0) touched[count++] = ordinal;
        scores[ordinal] = before + factor * (impacts[i] as number);
      }
    }
    const found = touched.subarray(0, count);
    const top = new TopK(k);
    for (const ordinal of found) {
      if (allowed === null || allowed[ordinal] === 1) top.offer(ordinal, scores[ordinal] as number);
    }
    // Filling is faster than single writes once many passages have been touched.
    if (count * 8 > scores.length) scores.fill(0);
    else for (const ordinal of found) scores[ordinal] = 0;
    return top.best();
  }
}
