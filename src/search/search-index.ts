import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { isOpenQuestion } from '../corpus/passages.ts';
import type { Document, Meeting, Passage } from '../corpus/types.ts';
import type { Generation, GenerationTexts } from '../index/generation.ts';
import { LexicalIndex, toldOnce } from '../index/lexical.ts';
import type { Layout } from '../index/postings.ts';
import { nearest, type Neighbour as NearRow } from '../index/vectors.ts';
import { holdsKind, type AnswerKind } from '../language/answer-kinds.ts';
import { JapaneseNames, withJapanese } from '../language/names.ts';
import { namesOf, type NameTable, termsOf } from '../language/terms.ts';
import { isMostlyLatin } from '../language/words.ts';
import { type Query, SpellingCorrector } from './query.ts';

/** A row of the vectors near to a question: a passage, or an expected question that leads to one. */
interface Neighbour {
  /** Of the passage. */
  readonly ordinal: number;
  /** Null for the passage itself; else the position among the expected questions of its segment. */
  readonly expected: number | null;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** What a question needs of vectors that are not in memory. */
export interface WantedVectors {
  readonly vector: Float32Array;
  /** So many rows that are near. */
  readonly rows: number;
  /** Ordinals of the passages to choose from; null for all. */
  readonly allowed: readonly number[] | null;
  /** Ordinals of further passages. */
  readonly further: readonly number[];
}

/** The vectors of an index, or those of them that one question needs. */
interface VectorAccess {
  /** The nearest rows, most similar first; `allowed` holds the ordinals to choose from. */
  nearest(vector: Float32Array, k: number, allowed: readonly number[] | null): Neighbour[];
  vector(ordinal: number): Float32Array;
  /** Cosine of a question's vector with that of each passage. */
  cosines(vector: Float32Array, ordinals: readonly number[]): readonly number[];
  /** By passage, the cosine of a question's vector with each of its sentences. */
  sentenceCosines(vector: Float32Array, ordinals: readonly number[]): Float32Array[];
}

/** Brings the vectors of each segment. */
export type BringVectors = (
  wanted: WantedVectors,
  arrangement: Arrangement,
) => Promise<readonly SegmentVectors[]>;

/** A generation with everything that search needs in memory. Passages are named by their ordinals. */
export interface SearchIndex extends IndexTexts, VectorAccess {
  /** Brings vectors that are not in memory; null when all are. */
  readonly bring: ((wanted: WantedVectors) => Promise<VectorAccess>) | null;
}

type IndexTexts = Readonly<Awaited<ReturnType<typeof openTexts>>>;

/** With a pause after each step: a running bot opens an index while it answers. */
export async function openSearchIndex(generation: Generation): Promise<SearchIndex> {
  const { segments, layout } = generation;
  const parts = segments.map((segment): SegmentVectors => ({
    nearest: (vector, k, rows) => nearest(segment, vector, k, rows ?? undefined),
    row: (row) => segment.vectors.row(row),
    cosines: (vector, rows) => segment.vectors.cosinesWith(vector, rows),
    sentenceCosines: (vector, positions) => segment.sentences.cosinesOf(vector, positions),
  }));
  const texts = await openTexts(generation);
  const owners = texts.units.expectedPassages;
  return { ...texts, bring: null, ...vectorsOf(parts, { layout, owners }) };
}

/** The vectors of one segment by its own rows: one per passage, then one per expected question. */
export interface SegmentVectors {
  /** The nearest rows, of all or of those to choose from, most similar first. */
  nearest(vector: Float32Array, k: number, rows: readonly number[] | null): readonly NearRow[];
  row(row: number): Float32Array;
  cosines(vector: Float32Array, rows: readonly number[]): Float32Array;
  sentenceCosines(vector: Float32Array, passages: readonly number[]): Float32Array[];
}

/** How the segments of a generation are put together. */
export interface Arrangement {
  readonly layout: Layout;
  /** By segment and expected question: the passage in the segment that answers it. */
  readonly owners: readonly Uint32Array[];
}

/** Of the nearest rows of a base some may be gone: so many more are asked for. */
const SPARE_ROWS = 16;

/** The vectors of several segments as those of one. */
function vectorsOf(
  parts: readonly SegmentVectors[],
  { layout, owners }: Arrangement,
): VectorAccess {
  /** What each segment gives for those of some passages that it has, in the order of these. */
  const bySegment = <T>(
    ordinals: readonly number[],
    of: (part: SegmentVectors, positions: readonly number[]) => ArrayLike<T>,
  ): T[] => {
    const all: T[] = [];
    parts.forEach((part, segment) => {
      const here = [...ordinals.keys()].filter(
        (at) => layout.segmentOf(ordinals[at] ?? 0) === segment,
      );
      const found = of(
        part,
        here.map((at) => layout.positionOf(ordinals[at] ?? 0)),
      );
      here.forEach((at, i) => (all[at] = found[i] as T));
    });
    return all;
  };
  /** Those of one segment without what is gone. */
  const nearestOf = (
    segment: number,
    vector: Float32Array,
    k: number,
    allowed: readonly number[] | null,
  ): Neighbour[] => {
    const ordinals = layout.ordinals[segment] ?? new Int32Array();
    const own = owners[segment] ?? new Uint32Array();
    const rows = allowed === null ? null : rowsOf(segment, allowed, { layout, owners });
    const count = rows?.length ?? ordinals.length + own.length;
    for (let wanted = segment === 0 && parts.length > 1 ? k + SPARE_ROWS : k; ; wanted *= 2) {
      const found = (parts[segment] as SegmentVectors)
        .nearest(vector, wanted, rows)
        .map(({ ordinal: row, similarity }) => {
          const expected = row < ordinals.length ? null : row - ordinals.length;
          const position = expected === null ? row : (own[expected] ?? 0);
          return { ordinal: ordinals[position] ?? -1, expected, similarity };
        })
        .filter(({ ordinal }) => ordinal >= 0);
      if (found.length >= k || wanted >= count) return found;
    }
  };
  return {
    nearest: (vector, k, allowed) =>
      parts
        .flatMap((_, segment) => nearestOf(segment, vector, k, allowed))
        .sort(byNearness)
        .slice(0, k),
    vector: (ordinal) =>
      (parts[layout.segmentOf(ordinal)] as SegmentVectors).row(layout.positionOf(ordinal)),
    cosines: (vector, ordinals) =>
      bySegment(ordinals, (part, positions) => part.cosines(vector, positions)),
    sentenceCosines: (vector, ordinals) =>
      bySegment(ordinals, (part, positions) => part.sentenceCosines(vector, positions)),
  };
}

/** Most similar first; ties as the rows of one segment would be: passages in their order, then expected questions. */
function byNearness(a: Neighbour, b: Neighbour): number {
  const rest = (a.expected === null ? 0 : 1) - (b.expected === null ? 0 : 1);
  const order = a.ordinal - b.ordinal || (a.expected ?? 0) - (b.expected ?? 0);
  return b.similarity - a.similarity || rest || order;
}

/** Rows in a segment of some passages: their own, and those of the expected questions that lead to them. */
export function rowsOf(
  segment: number,
  ordinals: readonly number[],
  { layout, owners }: Arrangement,
): number[] {
  const rows = ordinals.flatMap((ordinal) =>
    layout.segmentOf(ordinal) === segment ? [layout.positionOf(ordinal)] : [],
  );
  const wanted = new Set(rows);
  const passages = layout.ordinals[segment]?.length ?? 0;
  owners[segment]?.forEach((position, i) => {
    if (wanted.has(position)) rows.push(passages + i);
  });
  return rows;
}

/** An index whose vectors are elsewhere: `search` brings those that a question needs. */
export async function openRemoteIndex(
  generation: GenerationTexts,
  bring: BringVectors,
): Promise<SearchIndex> {
  const absent = (): never => {
    throw new Error('The vectors of this index are not in memory.');
  };
  const texts = await openTexts(generation);
  const arrangement = { layout: generation.layout, owners: texts.units.expectedPassages };
  return {
    ...texts,
    bring: async (wanted) => vectorsOf(await bring(wanted, arrangement), arrangement),
    nearest: absent,
    vector: absent,
    cosines: absent,
    sentenceCosines: absent,
  };
}

async function openTexts(generation: GenerationTexts) {
  const [base, ...addition] = generation.segments;
  const words = addition.map(({ lexical: added }) => added);
  const lexical = await LexicalIndex.open([base.lexical, ...words], generation.layout);
  await nextTurn();
  const corpus = {
    documents: [...generation.documents.values()],
    meetings: [...generation.meetings.values()],
  };
  const names = namesOf(corpus);
  await nextTurn();
  const japaneseNames = new JapaneseNames({
    ...corpus,
    meetings: withJapanese(corpus.meetings, generation.documents),
  });
  const spelling = new SpellingCorrector(lexical);
  const { passages, documents } = generation;
  /** @throws Error for an ordinal that no passage has */
  const passage = (ordinal: number): Passage => {
    const found = passages[ordinal];
    if (found === undefined) throw new Error(`No passage has the ordinal ${ordinal}.`);
    return found;
  };
  const document = (ordinal: number): Document => {
    const { documentId } = passage(ordinal);
    const found = documents.get(documentId);
    if (found === undefined) throw new Error(`The generation has no document ${documentId}.`);
    return found;
  };
  /** Of each sentence of a passage its text. */
  const sentenceTexts = kept((ordinal: number): readonly string[] => {
    const { text, sentences } = passage(ordinal);
    return sentences.map(({ start, end }) => text.slice(start, end));
  }, KNOWN_PASSAGES);
  await nextTurn();
  return {
    passages,
    passage,
    documents,
    document,
    lexical,
    units: lexical.parts,
    /** The terms of one sentence; none where there is none. */
    termsAt: (ordinal: number, at: number) => lexical.parts.sentences(ordinal)[at] ?? NO_TERMS,
    /** Whether a passage is the first of its document. */
    isFirst: (ordinal: number) => passages[ordinal - 1]?.documentId !== passage(ordinal).documentId,
    names,
    japaneseNames,
    answerNames: answerNames(corpus, names, lexical),
    spelling,
    /** Whether a passage is written in Latin letters, by its beginning. */
    isLatin: toldOnce(passages.length, (ordinal) =>
      isMostlyLatin(passage(ordinal).text.slice(0, SCRIPT_SAMPLE)),
    ),
    /** See {@link isOpenQuestion}. */
    isOpen: toldOnce(passages.length, (ordinal) => isOpenQuestion(passages[ordinal])),
    sentenceTexts,
    /** Of each sentence of a passage, whether it holds something of the kind by its form. */
    holdsKind: kindsOf(sentenceTexts),
    /** The cosine that questions about something else reach: where nearness begins. */
    unrelatedCosines: generation.manifest.unrelatedCosines,
  };
}

const NO_TERMS = new Uint32Array();

/** UTF-16 characters of a passage that tell its script. */
const SCRIPT_SAMPLE = 200;

/** Passages of which it is kept what was told: the same few thousand are candidates again and again. */
const KNOWN_PASSAGES = 5000;

/** A function that remembers its last results. */
export function kept<Key extends number | Uint32Array, Value extends object>(
  compute: (key: Key) => Value,
  max: number,
): (key: Key) => Value {
  const cache = new LRUCache<Key, Value>({ max, memoMethod: (key) => compute(key) });
  return (key) => cache.memo(key);
}

/** The text of one sentence; empty where there is none. */
export function sentenceText(
  index: Pick<SearchIndex, 'sentenceTexts'>,
  ordinal: number,
  at: number | undefined,
): string {
  return index.sentenceTexts(ordinal)[at ?? -1] ?? '';
}

function kindsOf(texts: (ordinal: number) => readonly string[]) {
  const byKind = new Map<AnswerKind, (ordinal: number) => readonly boolean[]>();
  return (ordinal: number, kind: AnswerKind): readonly boolean[] => {
    const tell = (one: number): readonly boolean[] =>
      texts(one).map((text) => holdsKind(text, kind));
    const known = byKind.get(kind) ?? kept(tell, KNOWN_PASSAGES);
    byKind.set(kind, known);
    return known(ordinal);
  };
}

/** The cosine that a sentence has with a question about something else. */
export function unrelatedCosine(
  { unrelatedCosines }: SearchIndex,
  { latin }: Pick<Query, 'latin'>,
): number {
  return latin ? unrelatedCosines.own : unrelatedCosines.other;
}

/** Whether one passage holds all words of these names. */
export function isMentionedIn(
  { lexical, names }: Pick<SearchIndex, 'lexical' | 'names'>,
  wanted: readonly string[],
): boolean {
  const terms = wanted.flatMap((name) => termsOf(name, names).map(({ term }) => term));
  const ids = terms.map((term) => lexical.termId(term));
  if (ids.length === 0 || ids.includes(null)) return false;
  const termIds = ids.filter((id) => id !== null);
  return lexical
    .search(
      termIds.map((termId) => ({ termId, weight: 1 })),
      MENTIONS_LOOKED_AT,
      null,
    )
    .some(({ ordinal }) => termIds.every((termId) => lexical.impact(termId, ordinal) > 0));
}

/** A passage with all the words is among the best by words. */
const MENTIONS_LOOKED_AT = 50;

/**
 * A name that occurs in more than this share of the passages answers no question: in the tour's own corpus, the
 * travelling minister's.
 */
const COMMONPLACE = 0.3;

/** Ids of the terms that answer "who" and "where": the names that front matter tells, and every country. */
export function answerNames(
  corpus: { readonly documents: Iterable<Document>; readonly meetings: Iterable<Meeting> },
  names: NameTable,
  lexical: LexicalIndex,
) {
  const isRare = (id: number): boolean =>
    lexical.documentFrequency(id) <= COMMONPLACE * lexical.passageCount;
  const idsOf = (texts: readonly string[]): number[] =>
    texts.flatMap((text) => termsOf(text, names).flatMap(({ term }) => lexical.termId(term) ?? []));
  const meetings = [...corpus.meetings];
  const people = [...corpus.documents, ...meetings].flatMap((each) =>
    each.people.map(({ name }) => name),
  );
  const named = idsOf([...new Set(people)]);
  const cities = idsOf(meetings.map(({ city }) => city));
  return {
    persons: new Set(named.filter(isRare)),
    places: new Set([...cities, ...lexical.countryTermIds()].filter(isRare)),
    /** People who stand almost everywhere: those whom the documents are about. */
    travellers: new Set(named.filter((id) => !isRare(id))),
  };
}
