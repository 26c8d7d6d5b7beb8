/**
 * Segments of a generation, and how two of them make one corpus. A generation consists of one segment, its base, or of a base and
 * a small addition: then some documents of the base are gone and those of the addition have their places among the rest. Both
 * are indexes of the same form, each complete in itself.
 */
import type { Corpus, Document, Passage } from '../corpus/types.ts';
import { decodeRows, StoredTexts, type DocumentRow } from './encoding.ts';
import {
  readVerified,
  type Change,
  type EverydayNearest,
  type StoredSegment,
} from './generation-files.ts';
import { ByteVectors } from './vectors.ts';

/** A base, and an addition if there is one. */
export type Segments<Part> = readonly [base: Part, ...addition: Part[]];

export const NO_CHANGE: Change = { removed: [], places: [] };

/**
 * What has changed since a base was built; null when documents that are the same have changed their order.
 *
 * @param base keys of its documents in their order; a key tells everything that an index has of a document
 * @param now keys of the documents of today
 */
function changeSince(base: readonly string[], now: readonly string[]): Change | null {
  const positions = new Map(base.map((key, position) => [key, position]));
  const places: number[] = [];
  const kept = new Set<number>();
  let last = -1;
  for (const [place, key] of now.entries()) {
    const position = positions.get(key);
    if (position === undefined) places.push(place);
    else if (position <= last) return null;
    else kept.add((last = position));
  }
  return { places, removed: [...base.keys()].filter((position) => !kept.has(position)) };
}

/** A document or a passage: the segment that has it, and its position there. */
export interface Place {
  readonly segment: number;
  readonly position: number;
}

/** The documents of both segments in the order of the corpus. */
export function documentPlaces(baseCount: number, { removed, places }: Change): Place[] {
  const gone = new Set(removed);
  const all: Place[] = [];
  let added = 0;
  const addHere = (): void => {
    for (; places[added] === all.length; added += 1) all.push({ segment: 1, position: added });
  };
  for (let position = 0; position < baseCount; position += 1) {
    addHere();
    if (!gone.has(position)) all.push({ segment: 0, position });
  }
  addHere();
  return all;
}

/** Which passage of which segment has which ordinal, the position among the passages of the whole corpus. */
export class Layout {
  /** By ordinal. */
  readonly #segments: Uint8Array;
  readonly #positions: Uint32Array;
  /** By segment and position in it: the ordinal; -1 for a passage that is gone. */
  readonly ordinals: readonly Int32Array[];

  /**
   * @param documents in the order of the corpus
   * @param starts by segment and document the position of its first passage, and the number of all at the end
   */
  constructor(documents: readonly Place[], starts: readonly Uint32Array[]) {
    const segments: number[] = [];
    const positions: number[] = [];
    this.ordinals = starts.map((own) => new Int32Array(own.at(-1) ?? 0).fill(-1));
    for (const { segment, position } of documents) {
      const end = starts[segment]?.[position + 1] ?? 0;
      const ordinals = this.ordinals[segment];
      for (let passage = starts[segment]?.[position] ?? 0; passage < end; passage += 1) {
        if (ordinals !== undefined) ordinals[passage] = positions.length;
        segments.push(segment);
        positions.push(passage);
      }
    }
    this.#segments = Uint8Array.from(segments);
    this.#positions = Uint32Array.from(positions);
  }

  static ofPassages(count: number): Layout {
    return new Layout([{ segment: 0, position: 0 }], [Uint32Array.of(0, count)]);
  }

  get length(): number {
    return this.#positions.length;
  }

  segmentOf(ordinal: number): number {
    return this.#segments[ordinal] ?? 0;
  }

  /** In its segment. */
  positionOf(ordinal: number): number {
    return this.#positions[ordinal] ?? 0;
  }
}

/** An expected question with the ordinal of the passage that answers it. */
export type PlacedQuestion = Readonly<ReturnType<typeof placeExpected>[number]>;

/** The expected questions of all documents, in the order of the passages that answer them. */
export function placeExpected(
  documents: readonly Pick<Document, 'id' | 'expected'>[],
  passages: readonly Passage[],
) {
  const byDocument = new Map(documents.map(({ id, expected }) => [id, expected]));
  return passages.flatMap(({ documentId, start, end }, ordinal) =>
    (byDocument.get(documentId) ?? [])
      .filter(({ offset }) => start <= offset && offset < end)
      .map(({ question }) => ({ question, ordinal })),
  );
}

/** What a segment is made from. */
export interface SegmentParts {
  /** With their keys; a key tells everything that an index has of a document. */
  readonly documents: readonly Document[];
  readonly keys: readonly string[];
  readonly passages: readonly Passage[];
  readonly removed: readonly Passage[];
}

/**
 * An addition is built as a whole with each change, and all its vectors are compared with each question: with 3,000 passages a
 * second and .3 ms. What is gone of a base costs memory and makes its graph look further. A base of some thousand passages
 * is built in seconds.
 */
export const DEFAULT_LIMITS = {
  /** Passages of a base, at least. */
  smallestBase: 2000,
  /** Passages of an addition, at most. */
  largest: 3000,
  /** Share of the base's passages, at most, that is added, and that is gone. */
  largestShare: 0.1,
};

export type AdditionLimits = Readonly<typeof DEFAULT_LIMITS>;

export interface Addition extends SegmentParts {
  readonly change: Change;
  /** What stays of the base. */
  readonly kept: { readonly passages: number; readonly expected: number };
  /** The base without what is gone. */
  readonly everyday: EverydayNearest;
}

/**
 * What is to be added to a base, which is of the same context as what is built now.
 *
 * @returns null where a new base is to be built
 */
export async function planAddition(
  base: StoredSegment,
  {
    corpus,
    keys,
    split,
    nearestOf,
    limits,
  }: {
    readonly corpus: Corpus;
    /** Of the documents of the corpus. */
    readonly keys: readonly string[];
    readonly split: (document: Document) => readonly Passage[];
    /** What of some rows is nearest to everyday questions. */
    readonly nearestOf: (vectors: ByteVectors, rows: readonly number[]) => Promise<EverydayNearest>;
    readonly limits: AdditionLimits;
  },
): Promise<Addition | null> {
  const { counts } = base.manifest;
  const all = counts.passages;
  const most = limits.largestShare * all;
  if (all < limits.smallestBase) return null;

  const known = await decodeRows(await readVerified(base, 'keys'));
  const change = changeSince(known as string[], keys);
  if (change === null) return null;
  const rows = await decodeRows(await readVerified(base, 'documents'));
  const texts = await readVerified(base, 'texts');
  const stored = new StoredTexts(rows as DocumentRow[], texts);
  /** By passage: whether its document is gone. */
  const isGone = new Array<boolean>(all).fill(false);
  for (const at of change.removed) isGone.fill(true, stored.starts[at], stored.starts[at + 1]);
  const removed = stored.passages.filter((_, at) => isGone[at]);
  if (removed.length > most) return null;
  const documents = change.places.flatMap((place) => corpus.documents[place] ?? []);
  const passages = documents.flatMap(split);
  if (passages.length > Math.min(most, limits.largest)) return null;

  const gone = change.removed.flatMap((at) => stored.documents[at] ?? []);
  const goneQuestions = placeExpected(gone, removed).length;
  let { everyday } = base.manifest;
  if (everyday.some(([row]) => isGone[row] === true)) {
    const vectors = new ByteVectors(await readVerified(base, 'vectors'));
    everyday = await nearestOf(
      vectors,
      [...isGone.keys()].filter((row) => isGone[row] === false),
    );
  }
  return {
    change,
    documents,
    keys: change.places.map((place) => keys[place] ?? ''),
    passages,
    removed,
    kept: { passages: all - removed.length, expected: counts.expected - goneQuestions },
    everyday,
  };
}
