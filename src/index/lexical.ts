/** The word index: terms and their postings, how the corpus writes its words, and the terms of each sentence. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { unpack } from './encoding.ts';
import { Layout, Postings, type PostingArrays, type Segments } from './postings.ts';

/** A word of the search header counts for so much of one of the text. */
export const HEADER_WEIGHT = 0.6;

export interface LexicalFile {
  readonly header: {
    readonly passages: number;
    /** By id. */
    readonly terms: readonly string[];
    /** {@link WordUse}s, five entries each. In an addition they are differences: what is gone counts below 0. */
    readonly wordUses: readonly (string | number)[];
  };
  readonly arrays: Pick<PostingArrays, keyof PostingArrays> & {
    /** By passage: its first part in `termStarts`. The first part is the search header, then come the sentences. */
    readonly partStarts: Uint32Array;
    /** By part: its first term in `terms`. */
    readonly termStarts: Uint32Array;
    readonly terms: Uint32Array;
    /** By expected question: position of the passage that answers it, ascending. */
    readonly expectedPassages: Uint32Array;
  };
}

/** The word index of one segment, as `LexicalBuilder` wrote it, with term ids of its own. */
export function lexicalSegment(bytes: Uint8Array) {
  const { header, arrays } = unpack(bytes) as LexicalFile;
  const { passages, terms } = header;
  const termIds: ReadonlyMap<string, number> = new Map(terms.map((term, id) => [term, id]));
  return { passages, terms, termIds, wordUses: decodeWordUses(header.wordUses), arrays };
}

export type LexicalSegment = Readonly<ReturnType<typeof lexicalSegment>>;

/** The word index of a base, or of a base and an addition as if all of it had been indexed together. */
export class LexicalIndex extends Postings {
  readonly wordUses: readonly WordUse[];
  readonly parts: PassageParts;
  /** Whether a term, by its id, is a number, a clock time or a date. */
  readonly isFigure: (termId: number) => boolean;
  readonly #dictionary: Dictionary;
  readonly #names: ReadonlySet<number>;

  /** @param postings those of both segments, where there are two: see {@link LexicalIndex.open} */
  constructor(
    [base, addition]: Segments<LexicalSegment>,
    layout = Layout.ofPassages(base.passages),
    dictionary = new Dictionary(base, addition),
    postings: PostingArrays = base.arrays,
  ) {
    super(postings);
    this.#dictionary = dictionary;
    this.wordUses = addition === undefined ? base.wordUses : mergedUses(base, addition, dictionary);
    this.#names = nameTerms(this.wordUses);
    const { terms, added } = dictionary;
    this.isFigure = toldOnce(terms.length, (id) => /^#?\d/.test(terms[id] ?? ''));
    const segments: PartArrays[] = [base.arrays];
    if (addition !== undefined) {
      const { arrays } = addition;
      segments.push({ ...arrays, terms: arrays.terms.map((id) => added[id] ?? 0) });
    }
    this.parts = passageParts(segments, layout);
  }

  /** With pauses, for the postings of two segments are put together. */
  static async open(segments: Segments<LexicalSegment>, layout: Layout): Promise<LexicalIndex> {
    const [base, addition] = segments;
    const dictionary = new Dictionary(base, addition);
    const postings = addition && (await mergedPostings(base, addition, { dictionary, layout }));
    return new LexicalIndex(segments, layout, dictionary, postings);
  }

  /** Null for a term of no passage. */
  termId(term: string): number | null {
    const id = this.#dictionary.idOf(term);
    return id !== undefined && this.documentFrequency(id) > 0 ? id : null;
  }

  /** Whether the corpus writes the term with a capital where grammar does not require one. */
  isName(termId: number): boolean {
    return this.#names.has(termId);
  }

  /** Terms of countries (see language/places.ts). */
  *countryTermIds(): Iterable<number> {
    for (const [id, term] of this.#dictionary.terms.entries()) {
      if (term.startsWith('=') && this.documentFrequency(id) > 0) yield id;
    }
  }
}

/** Whether something is so of each of `count` things, worked out for those that are asked for, once. */
export function toldOnce(count: number, isSo: (at: number) => boolean): (at: number) => boolean {
  const [no, yes] = [1, 2];
  const told = new Uint8Array(count);
  return (at) => (told[at] ||= isSo(at) ? yes : no) === yes;
}

/** The terms of a base, then those that only the addition has. */
class Dictionary {
  readonly terms: readonly string[];
  /** By the addition's own ids. */
  readonly added: Uint32Array;
  readonly #base: ReadonlyMap<string, number>;
  readonly #more = new Map<string, number>();

  constructor(base: LexicalSegment, addition: LexicalSegment | undefined) {
    this.#base = base.termIds;
    this.added = Uint32Array.from(addition?.terms ?? [], (term) => {
      const id = this.idOf(term) ?? base.terms.length + this.#more.size;
      if (id >= base.terms.length) this.#more.set(term, id);
      return id;
    });
    this.terms = this.#more.size === 0 ? base.terms : [...base.terms, ...this.#more.keys()];
  }

  idOf(term: string): number | undefined {
    return this.#base.get(term) ?? this.#more.get(term);
  }
}

/** After all ordinals. */
const LAST = 2 ** 31 - 1;
/** Merged before other work gets a turn: a running bot loads while it answers. */
const POSTINGS_PER_TURN = 1 << 20;

/** The postings of both segments by ordinals of the whole corpus, without those of passages that are gone. */
async function mergedPostings(
  base: LexicalSegment,
  addition: LexicalSegment,
  { dictionary, layout }: { readonly dictionary: Dictionary; readonly layout: Layout },
): Promise<PostingArrays> {
  const total = base.arrays.ordinals.length + addition.arrays.ordinals.length;
  const offsets = new Uint32Array(dictionary.terms.length + 1);
  const ordinals = new Uint32Array(total);
  const frequencies = new Uint8Array(total);
  const addedIds = new Int32Array(dictionary.terms.length).fill(-1);
  dictionary.added.forEach((id, own) => (addedIds[id] = own));
  const [ofBase, ofAddition] = layout.ordinals as [Int32Array, Int32Array];
  let count = 0;
  let pauseAt = POSTINGS_PER_TURN;
  for (let id = 0; id < addedIds.length; id += 1) {
    offsets[id] = count;
    if (count > pauseAt) {
      pauseAt = count + POSTINGS_PER_TURN;
      await nextTurn();
    }
    const own = addedIds[id] as number;
    const endAdded = own < 0 ? 0 : (addition.arrays.offsets[own + 1] as number);
    const end = base.arrays.offsets[id + 1] ?? 0;
    let next = base.arrays.offsets[id] ?? end;
    // Those of the base up to each of the addition, then the rest of them.
    for (let added = own < 0 ? 0 : (addition.arrays.offsets[own] as number); ; added += 1) {
      const other =
        added < endAdded ? (ofAddition[addition.arrays.ordinals[added] as number] as number) : LAST;
      for (; next < end; next += 1) {
        const one = ofBase[base.arrays.ordinals[next] as number] as number;
        if (one > other) break;
        if (one < 0) continue;
        ordinals[count] = one;
        frequencies[count++] = base.arrays.frequencies[next] as number;
      }
      if (added >= endAdded) break;
      ordinals[count] = other;
      frequencies[count++] = addition.arrays.frequencies[added] as number;
    }
  }
  offsets[addedIds.length] = count;
  const lengths = Float32Array.from({ length: layout.length }, (_, ordinal) => {
    const { arrays } = layout.segmentOf(ordinal) === 0 ? base : addition;
    return arrays.lengths[layout.positionOf(ordinal)] ?? 0;
  });
  const used = <A extends Uint8Array | Uint32Array>(array: A): A => array.subarray(0, count) as A;
  return { offsets, ordinals: used(ordinals), frequencies: used(frequencies), lengths };
}

/** Passages whose sentences stay in memory: the same few thousand answer most questions. */
const CACHED_PASSAGES = 5000;

type PartArrays = Omit<LexicalFile['arrays'], keyof PostingArrays>;

/** Term ids of the parts of each passage: views of the file's arrays that must not be changed. */
function passageParts(segments: readonly PartArrays[], layout: Layout) {
  const known = new LRUCache({
    max: CACHED_PASSAGES,
    memoMethod: (ordinal: number) => {
      const arrays = segments[layout.segmentOf(ordinal)] as PartArrays;
      const { partStarts, termStarts, terms } = arrays;
      const position = layout.positionOf(ordinal);
      const first = partStarts[position] ?? 0;
      const part = (at: number): Uint32Array => terms.subarray(termStarts[at], termStarts[at + 1]);
      const length = Math.max(0, (partStarts[position + 1] ?? 0) - first - 1);
      const sentences = Array.from({ length }, (_, at) => part(first + 1 + at));
      return { header: part(first), sentences };
    },
  });
  return {
    /** By segment and expected question: position in the segment of the passage that answers it, ascending. */
    expectedPassages: segments.map(({ expectedPassages }) => expectedPassages),
    of: (ordinal: number) => known.memo(ordinal),
    header: (ordinal: number): Uint32Array => known.memo(ordinal).header,
    sentences: (ordinal: number): readonly Uint32Array[] => known.memo(ordinal).sentences,
  };
}

export type PassageParts = Readonly<ReturnType<typeof passageParts>>;

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
  for (const use of uses) totals.set(use.termId, sumOf(use, totals.get(use.termId)));
  return new Set([...totals].flatMap(([termId, counts]) => (isNameLike(counts) ? [termId] : [])));
}

function sumOf(one: Counts, other: Counts = { count: 0, capitalised: 0, small: 0 }): Counts {
  return {
    count: one.count + other.count,
    capitalised: one.capitalised + other.capitalised,
    small: one.small + other.small,
  };
}

/** The uses of both segments together, without those of words that no passage has any more. */
function mergedUses(
  base: LexicalSegment,
  addition: LexicalSegment,
  { added }: Dictionary,
): WordUse[] {
  const changes = new Map<string, WordUse[]>();
  for (const use of addition.wordUses) {
    const own = { ...use, termId: added[use.termId] ?? 0 };
    changes.set(use.word, [...(changes.get(use.word) ?? []), own]);
  }
  const uses = base.wordUses.map((use): WordUse => {
    const all = changes.get(use.word);
    const change = all?.find(({ termId }) => termId === use.termId);
    if (all === undefined || change === undefined) return use;
    all.splice(all.indexOf(change), 1);
    return { ...use, ...sumOf(use, change) };
  });
  return [...uses, ...[...changes.values()].flat()].filter(({ count }) => count > 0);
}

function decodeWordUses(entries: readonly (string | number)[]): WordUse[] {
  const uses: WordUse[] = [];
  for (let i = 0; i < entries.length; i += 5) {
    const at = (field: number): number => Number(entries[i + field]);
    const word = String(entries[i]);
    uses.push({ word, termId: at(1), count: at(2), capitalised: at(3), small: at(4) });
  }
  return uses;
}
