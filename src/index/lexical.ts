/** The word index: postings of terms with BM25 impacts, and the terms of each sentence, in typed arrays. */
import { LRUCache } from 'lru-cache';
import { unpack } from './file-formats.ts';

/**
 * Parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), with the
 * usual k1. Ranking hardly depends on B and the weight of a word of the search header (docs/EXPERIMENTS.md).
 */
export const K1 = 1.2;
export const B = 0.5;
export const HEADER_WEIGHT = 0.6;

/** The term-frequency part of BM25, divided by k1 + 1, is in (0, 1); it is stored in a byte. */
export const IMPACT_STEPS = 255;

/** Share of postings in passages, inverted, from which a search goes over all passages. */
const DENSE_FROM = 8;

export interface LexicalFile {
  readonly header: {
    readonly passages: number;
    /** By id. */
    readonly terms: readonly string[];
    /** {@link WordUse}s, five entries each. */
    readonly wordUses: readonly (string | number)[];
  };
  readonly arrays: {
    /** By term id: where its postings begin in `ordinals` and `impacts`. */
    readonly offsets: Uint32Array;
    readonly ordinals: Uint32Array;
    readonly impacts: Uint8Array;
    /** By passage: its first part in `termStarts`. The first part is the search header, then come the sentences. */
    readonly partStarts: Uint32Array;
    /** By part: its first term in `terms`. */
    readonly termStarts: Uint32Array;
    readonly terms: Uint32Array;
    /** By expected question: ordinal of the passage that answers it, ascending. */
    readonly expectedPassages: Uint32Array;
    /** By expected question: position of the answering sentence in its passage. */
    readonly expectedSentences: Uint32Array;
  };
}

/** Reads what `buildLexical` wrote. */
export class LexicalIndex {
  readonly passageCount: number;
  readonly wordUses: readonly WordUse[];
  readonly parts: PassageParts;
  readonly #termIds: ReadonlyMap<string, number>;
  readonly #offsets: Uint32Array;
  readonly #ordinals: Uint32Array;
  readonly #impacts: Uint8Array;
  /** Reused by each search: the score of each passage, 0 between searches. */
  readonly #scores: Float32Array;
  readonly #names: ReadonlySet<number>;
  readonly #figures = new Set<number>();

  constructor(bytes: Uint8Array) {
    const { header, arrays } = unpack(bytes) as LexicalFile;
    this.passageCount = header.passages;
    this.#termIds = new Map(header.terms.map((term, id) => [term, id]));
    header.terms.forEach((term, id) => {
      if (/^#?\d/.test(term)) this.#figures.add(id);
    });
    this.wordUses = decodeWordUses(header.wordUses);
    this.#names = nameTerms(this.wordUses);
    this.#offsets = arrays.offsets;
    this.#ordinals = arrays.ordinals;
    this.#impacts = arrays.impacts;
    this.parts = new PassageParts(arrays);
    this.#scores = new Float32Array(this.passageCount);
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
    const offsets = this.#offsets;
    const ordinals = this.#ordinals;
    const impacts = this.#impacts;
    let postings = 0;
    for (const { termId, weight } of terms) {
      const factor = (weight * this.idf(termId)) / IMPACT_STEPS;
      const start = offsets[termId] ?? 0;
      const end = offsets[termId + 1] ?? 0;
      postings += end - start;
      for (let i = start; i < end; i += 1) {
        const ordinal = ordinals[i] as number;
        scores[ordinal] = (scores[ordinal] as number) + factor * (impacts[i] as number);
      }
    }
    const top = new TopK(k);
    const offer = (ordinal: number, score: number): void => {
      if (allowed === null || allowed[ordinal] === 1) top.offer(ordinal, score);
    };
    // Looking at every passage is faster than looking at every posting once there are many.
    if (postings * DENSE_FROM > scores.length) {
      for (let ordinal = 0; ordinal < scores.length; ordinal += 1) {
        const score = scores[ordinal] as number;
        if (score > 0 && score >= top.least) offer(ordinal, score);
      }
      scores.fill(0);
    } else {
      for (const { termId } of terms) {
        const end = offsets[termId + 1] ?? 0;
        for (let i = offsets[termId] ?? 0; i < end; i += 1) {
          const ordinal = ordinals[i] as number;
          const score = scores[ordinal] as number;
          scores[ordinal] = 0;
          if (score > 0 && score >= top.least) offer(ordinal, score);
        }
      }
    }
    return top.best();
  }
}

/** Passages whose sentences stay in memory: the same few thousand answer most questions. */
const CACHED_PASSAGES = 5000;

/** Terms of the parts of each passage. Term lists are views of the file's arrays and must not be changed. */
export class PassageParts {
  /** By expected question: ordinal of the passage that answers it, ascending. */
  readonly expectedPassages: Uint32Array;
  /** By expected question: position of the answering sentence in its passage. */
  readonly expectedSentences: Uint32Array;
  readonly #partStarts: Uint32Array;
  readonly #termStarts: Uint32Array;
  readonly #terms: Uint32Array;
  readonly #sentences = new LRUCache<number, readonly Uint32Array[]>({
    max: CACHED_PASSAGES,
    memoMethod: (ordinal) => {
      const first = (this.#partStarts[ordinal] ?? 0) + 1;
      const end = this.#partStarts[ordinal + 1] ?? 0;
      return Array.from({ length: Math.max(0, end - first) }, (_, i) => this.#part(first + i));
    },
  });

  constructor(arrays: LexicalFile['arrays']) {
    this.#partStarts = arrays.partStarts;
    this.#termStarts = arrays.termStarts;
    this.#terms = arrays.terms;
    this.expectedPassages = arrays.expectedPassages;
    this.expectedSentences = arrays.expectedSentences;
  }

  /** Term ids of the passage's search header. */
  header(ordinal: number): Uint32Array {
    return this.#part(this.#partStarts[ordinal] ?? 0);
  }

  /** Term ids of each of the passage's sentences, in order. The same arrays each time while they are cached. */
  sentences(ordinal: number): readonly Uint32Array[] {
    return this.#sentences.memo(ordinal);
  }

  #part(part: number): Uint32Array {
    return this.#terms.subarray(this.#termStarts[part], this.#termStarts[part + 1]);
  }
}

/** How the corpus uses and capitalises each word: what tells names from other words and corrects misspelt ones. */
export interface WordUse {
  readonly word: string;
  readonly termId: number;
  readonly count: number;
  /** How often it has a capital where grammar does not require one. */
  readonly capitalised: number;
  /** How often it is in lower case. A capital at the start of a sentence counts as neither. */
  readonly small: number;
}

type Counts = Pick<WordUse, 'count' | 'capitalised' | 'small'>;

/**
 * Whether the corpus uses the word as a name: with a capital inside sentences, and in lower case at most once in ten
 * times. "Minister" and "peace" have capitals in titles, and are not names.
 */
export function isNameLike({ count, capitalised, small }: Counts): boolean {
  return capitalised > 0 && small * 10 <= count;
}

/** Ids of the terms used as names, by all words of a term: "Governments" in a title does not make "government" a name. */
function nameTerms(uses: readonly WordUse[]): Set<number> {
  const totals = new Map<number, Counts>();
  for (const { termId, count, capitalised, small } of uses) {
    const before = totals.get(termId) ?? { count: 0, capitalised: 0, small: 0 };
    totals.set(termId, {
      count: before.count + count,
      capitalised: before.capitalised + capitalised,
      small: before.small + small,
    });
  }
  return new Set([...totals].flatMap(([termId, counts]) => (isNameLike(counts) ? [termId] : [])));
}

function decodeWordUses(entries: readonly (string | number)[]): WordUse[] {
  const uses: WordUse[] = [];
  for (let i = 0; i < entries.length; i += 5) {
    uses.push({
      word: String(entries[i]),
      termId: Number(entries[i + 1]),
      count: Number(entries[i + 2]),
      capitalised: Number(entries[i + 3]),
      small: Number(entries[i + 4]),
    });
  }
  return uses;
}

export interface Scored {
  readonly ordinal: number;
  readonly score: number;
}

/** The `k` best of any number of candidates, best first, ties by ordinal. */
export class TopK {
  readonly #k: number;
  /** Sorted: `k` is small (about 50) and most candidates fail the first comparison. */
  readonly #best: Scored[] = [];
  #least = -Infinity;

  constructor(k: number) {
    this.#k = k;
    if (k < 1) this.#least = Infinity;
  }

  /** Candidates with a lower score need not be offered. */
  get least(): number {
    return this.#least;
  }

  offer(ordinal: number, score: number): void {
    if (score < this.#least) return;
    const best = this.#best;
    if (best.length === this.#k && !isBefore(ordinal, score, best.at(-1))) return;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(ordinal, score, best[middle])) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, { ordinal, score });
    if (best.length > this.#k) best.pop();
    if (best.length === this.#k) this.#least = best.at(-1)?.score ?? -Infinity;
  }

  best(): Scored[] {
    return this.#best;
  }
}

function isBefore(ordinal: number, score: number, other: Scored | undefined): boolean {
  if (other === undefined) return true;
  return score > other.score || (score === other.score && ordinal < other.ordinal);
}
