/**
 * The word index, made from passages and read: terms and their postings, how the corpus writes its words, and the terms of
 * each sentence.
 */
import { LRUCache } from 'lru-cache';
import type { Passage } from '../corpus/types.ts';
import { type NameTable, pairsOf, termsOf, type TermUse } from '../language/terms.ts';
import { pack, startsOf, unpack } from './encoding.ts';
import {
  FREQUENCY_STEPS,
  layoutOf,
  type Layout,
  mergedPostings,
  Postings,
  type PostingArrays,
  type Segments,
} from './postings.ts';

/** A word of the search header counts for so much of one of the text. */
const HEADER_WEIGHT = 0.6;

interface LexicalFile {
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

/** Builds the word index, passage by passage in the order of their ordinals. */
export class LexicalBuilder {
  readonly #names: NameTable;
  /** By term. */
  readonly #ids = new Map<string, number>();
  readonly #passages: IndexedPassage[] = [];
  /** By word and term: "WHO" and "who" are two. */
  readonly #wordUses = new Map<string, Map<number, Counted>>();
  /** Many passages have the same search header. */
  readonly #headers = new Map<string, Field>();

  constructor(names: NameTable) {
    this.#names = names;
  }

  add({ text, header: headerText, sentences }: Passage): void {
    const header = this.#headers.get(headerText) ?? this.#fieldOf(headerText);
    this.#headers.set(headerText, header);
    const body = this.#fieldOf(text);
    for (const field of [header, body]) this.#count(field, 1);
    const headerIds = this.#idsOf(header);
    const bodyIds = this.#idsOf(body);
    const weights = new Map<number, number>();
    let length = 0;
    for (const [{ uses }, ids, fieldWeight] of [
      [header, headerIds, HEADER_WEIGHT],
      [body, bodyIds, 1],
    ] as const) {
      ids.forEach((id, at) => {
        const { weight, own } = uses[at] as TermUse;
        weights.set(id, (weights.get(id) ?? 0) + weight * fieldWeight);
        if (own) length += fieldWeight;
      });
    }
    const ofSentences = sentences.map(({ start, end }) =>
      bodyIds.filter((_, at) => {
        const { word, end: last } = body.uses[at] as TermUse;
        return start <= word.start && last <= end;
      }),
    );
    const parts = [headerIds, ...ofSentences];
    this.#passages.push({
      length,
      ids: Uint32Array.from(weights.keys()),
      frequencies: Uint8Array.from(weights.values(), (weight) =>
        Math.min(255, Math.round(weight * FREQUENCY_STEPS)),
      ),
      partLengths: parts.map((part) => part.length),
      partTerms: joined(parts),
    });
  }

  /** Takes away how a passage of another segment uses its words. */
  remove({ text, header }: Passage): void {
    for (const field of [header, text]) this.#count(this.#fieldOf(field), -1);
  }

  /** The word index as a file. `expected` is in the order of the passages that the questions lead to. */
  finish(expected: readonly { readonly ordinal: number }[] = []): Uint8Array {
    const passages = this.#passages;
    const file: LexicalFile = {
      header: {
        passages: passages.length,
        terms: [...this.#ids.keys()],
        // In the order of first occurrence, which keeps the file small.
        wordUses: [...this.#wordUses.values()]
          .flatMap((known) => [...known.values()])
          .flatMap((use) => [use.word, use.termId, use.count, use.capitalised, use.small]),
      },
      arrays: {
        ...postingsOf(passages, this.#ids.size),
        partStarts: startsOf(passages.map(({ partLengths }) => partLengths.length)),
        termStarts: startsOf(passages.flatMap(({ partLengths }) => partLengths)),
        terms: joined(passages.map(({ partTerms }) => partTerms)),
        expectedPassages: Uint32Array.from(expected, ({ ordinal }) => ordinal),
      },
    };
    return pack(file);
  }

  #idOf(term: string): number {
    const id = this.#ids.get(term) ?? this.#ids.size;
    this.#ids.set(term, id);
    return id;
  }

  #idsOf(field: Field): Uint32Array {
    return (field.ids ??= Uint32Array.from(field.uses, ({ term }) => this.#idOf(term)));
  }

  #count({ text, uses }: Field, by: 1 | -1): void {
    for (const { term, word, end, own } of uses) {
      // The first word of a phrase ("United States") alone is not the term.
      if (!own || end !== word.end) continue;
      const { folded, start, capitalised } = word;
      const termId = this.#idOf(term);
      const known = this.#wordUses.get(folded) ?? new Map<number, Counted>();
      this.#wordUses.set(folded, known);
      const use = known.get(termId) ?? { word: folded, termId, count: 0, capitalised: 0, small: 0 };
      known.set(termId, use);
      use.count += by;
      if (!capitalised) use.small += by;
      else if (INSIDE.test(text.slice(Math.max(0, start - 4), start))) use.capitalised += by;
    }
  }

  #fieldOf(text: string): Field {
    const words = termsOf(text, this.#names);
    return { text, uses: [...words, ...pairsOf(words, text)], ids: null };
  }
}

/** A text with its terms, pairs last: search header or passage. */
interface Field {
  readonly text: string;
  readonly uses: readonly TermUse[];
  /** Of the terms of `uses`, once they are known. */
  ids: Uint32Array | null;
}

/** In few arrays: one for each term of the corpus would be a million of them. */
interface IndexedPassage {
  /** Weighted number of words. */
  readonly length: number;
  /** Of its terms, each once, and how often it has them. */
  readonly ids: Uint32Array;
  readonly frequencies: Uint8Array;
  /** Number of terms of its search header and of each sentence, and all of these one after the other. */
  readonly partLengths: readonly number[];
  readonly partTerms: Uint32Array;
}

/** The postings of all terms one after the other. */
function postingsOf(passages: readonly IndexedPassage[], termCount: number): PostingArrays {
  const counts = new Array<number>(termCount).fill(0);
  for (const { ids } of passages) for (const id of ids) counts[id] = (counts[id] as number) + 1;
  const offsets = startsOf(counts);
  const next = offsets.slice();
  const ordinals = new Uint32Array(offsets[termCount] as number);
  const frequencies = new Uint8Array(ordinals.length);
  passages.forEach((passage, ordinal) =>
    passage.ids.forEach((id, at) => {
      const to = next[id] as number;
      ordinals[to] = ordinal;
      frequencies[to] = passage.frequencies[at] as number;
      next[id] = to + 1;
    }),
  );
  const lengths = Float32Array.from(passages, ({ length }) => length);
  return { offsets, ordinals, frequencies, lengths };
}

function joined(arrays: readonly Uint32Array[]): Uint32Array {
  const starts = startsOf(arrays.map(({ length }) => length));
  const all = new Uint32Array(starts.at(-1) as number);
  arrays.forEach((array, at) => all.set(array, starts[at]));
  return all;
}

/** What precedes a word inside a sentence. */
const INSIDE = /[\p{L}\p{N},;)]['’”"]? ['‘“"(]?$|\($/u;

type Counted = { -readonly [Key in keyof WordUse]: WordUse[Key] };

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
    layout = layoutOf([{ segment: 0, position: 0 }], [Uint32Array.of(0, base.passages)]),
    dictionary = dictionaryOf(base, addition),
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
    const dictionary = dictionaryOf(base, addition);
    const postings =
      addition && (await mergedPostings(base.arrays, addition.arrays, dictionary, layout));
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

  /** Terms of countries (see language/names.ts). */
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
function dictionaryOf(base: LexicalSegment, addition: LexicalSegment | undefined) {
  const more = new Map<string, number>();
  const idOf = (term: string): number | undefined => base.termIds.get(term) ?? more.get(term);
  /** By the addition's own ids. */
  const added = Uint32Array.from(addition?.terms ?? [], (term) => {
    const id = idOf(term) ?? base.terms.length + more.size;
    if (id >= base.terms.length) more.set(term, id);
    return id;
  });
  return { idOf, added, terms: more.size === 0 ? base.terms : [...base.terms, ...more.keys()] };
}

type Dictionary = ReturnType<typeof dictionaryOf>;

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
function mergedUses(base: LexicalSegment, addition: LexicalSegment, { added }: Dictionary) {
  const keyOf = ({ word, termId }: WordUse): string => `${termId} ${word}`;
  const own = addition.wordUses.map((use) => ({ ...use, termId: added[use.termId] ?? 0 }));
  const changes = new Map(own.map((use) => [keyOf(use), use]));
  const uses = base.wordUses.map((use) => {
    const change = changes.get(keyOf(use));
    changes.delete(keyOf(use));
    return change === undefined ? use : { ...use, ...sumOf(use, change) };
  });
  return [...uses, ...changes.values()].filter(({ count }) => count > 0);
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
