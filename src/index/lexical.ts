/** The word index: terms and their postings, how the corpus writes its words, and the terms of each sentence. */
import { LRUCache } from 'lru-cache';
import { unpack } from './file-formats.ts';
import { Postings, type PostingArrays } from './postings.ts';

/**
 * Parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), with the
 * usual k1. Ranking hardly depends on B and the weight of a word of the search header (docs/EXPERIMENTS.md).
 */
export const K1 = 1.2;
export const B = 0.5;
export const HEADER_WEIGHT = 0.6;

export interface LexicalFile {
  readonly header: {
    readonly passages: number;
    /** By id. */
    readonly terms: readonly string[];
    /** {@link WordUse}s, five entries each. */
    readonly wordUses: readonly (string | number)[];
  };
  readonly arrays: Pick<PostingArrays, keyof PostingArrays> & {
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
export class LexicalIndex extends Postings {
  readonly wordUses: readonly WordUse[];
  readonly parts: PassageParts;
  readonly #termIds: ReadonlyMap<string, number>;
  readonly #names: ReadonlySet<number>;
  readonly #figures = new Set<number>();

  constructor(bytes: Uint8Array) {
    const { header, arrays } = unpack(bytes) as LexicalFile;
    super(arrays, header.passages);
    this.#termIds = new Map(header.terms.map((term, id) => [term, id]));
    header.terms.forEach((term, id) => {
      if (/^#?\d/.test(term)) this.#figures.add(id);
    });
    this.wordUses = decodeWordUses(header.wordUses);
    this.#names = nameTerms(this.wordUses);
    this.parts = new PassageParts(arrays);
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
