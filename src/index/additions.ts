/** Decides whether what has changed since a base was built becomes an addition to it, and gathers what that takes. */
import type { Corpus, Document, Passage } from '../corpus/types.ts';
import { placeExpected } from './build-lexical.ts';
import { ByteVectors } from './byte-vectors.ts';
import type { EverydayNearest, VectorRows } from './embed.ts';
import { decodePassage, decodeRows, type PassageRow } from './file-formats.ts';
import { readVerified, type Manifest, type SegmentManifest } from './manifest.ts';
import { changeSince, type Change } from './segments.ts';
import type { KeyRow } from './write-generation.ts';

export interface AdditionLimits {
  /** Passages of a base, at least. */
  readonly smallestBase: number;
  /** Passages of an addition, at most. */
  readonly largest: number;
  /** Share of the base's passages, at most, that is added, and that is gone. */
  readonly largestShare: number;
}

/**
 * An addition is built as a whole with each change, and all its vectors are compared with each question: with 3,000 passages a
 * second and .3 ms. What is gone of a base costs memory and makes its graph look further. A base of some thousand passages
 * is built in seconds.
 */
export const DEFAULT_LIMITS: AdditionLimits = {
  smallestBase: 2000,
  largest: 3000,
  largestShare: 0.1,
};

export interface Addition {
  readonly base: SegmentManifest;
  readonly change: Change;
  /** Documents that the base lacks, with their keys and passages. */
  readonly documents: readonly Document[];
  readonly keys: readonly string[];
  readonly passages: readonly Passage[];
  /** Passages of the base that are gone. */
  readonly removed: readonly Passage[];
  /** What stays of the base. */
  readonly kept: Readonly<Record<'passages' | 'expected', number>>;
  /** The base without what is gone. */
  readonly everyday: EverydayNearest;
}

/**
 * @param manifest of a generation in `folder`, of the same context as what is built now
 * @returns null where a new base is to be built
 */
export async function planAddition(
  { folder, manifest }: { readonly folder: string; readonly manifest: Manifest },
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
    /** What is nearest to everyday questions. */
    readonly nearestOf: (table: VectorRows) => Promise<EverydayNearest>;
    readonly limits: AdditionLimits;
  },
): Promise<Addition | null> {
  const [base] = manifest.segments;
  const all = base.counts.passages;
  const most = limits.largestShare * all;
  if (all < limits.smallestBase) return null;

  const rows = (await decodeRows(await readVerified(folder, manifest, 0, 'keys'))) as KeyRow[];
  const change = changeSince(
    rows.map(([key]) => key),
    keys,
  );
  if (change === null) return null;
  const gone = new Set(change.removed);
  /** By passage: whether its document is gone. */
  const isGone = rows.flatMap(([, passages], at) =>
    new Array<boolean>(passages).fill(gone.has(at)),
  );
  if (isGone.filter(Boolean).length > most) return null;
  const added = change.places.flatMap((place) => corpus.documents[place] ?? []);
  const passages = added.flatMap(split);
  if (passages.length > Math.min(most, limits.largest)) return null;

  const documents = await decodeRows(await readVerified(folder, manifest, 0, 'documents'), (row) =>
    gone.has(row),
  );
  const byPosition = new Map(change.removed.map((at, i) => [at, documents[i] as Document]));
  const passageRows = await decodeRows(
    await readVerified(folder, manifest, 0, 'passages'),
    (row) => isGone[row] === true,
  );
  const removed = (passageRows as PassageRow[]).map((row) =>
    decodePassage(row, byPosition.get(row.d) as Document),
  );
  const removedQuestions = placeExpected([...byPosition.values()], removed);
  return {
    base,
    change,
    documents: added,
    keys: change.places.map((place) => keys[place] ?? ''),
    passages,
    removed,
    kept: {
      passages: all - removed.length,
      expected: base.counts.expected - removedQuestions.length,
    },
    everyday: base.everyday.some(([row]) => isGone[row] === true)
      ? await nearestOf({
          vectors: new ByteVectors(await readVerified(folder, manifest, 0, 'vectors')),
          rows: [...isGone.keys()].filter((row) => isGone[row] === false),
        })
      : base.everyday,
  };
}
