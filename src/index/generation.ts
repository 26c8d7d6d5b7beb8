/**
 * A generation in memory, loading it with every file checked, and what a build may add to it. A generation consists of one
 * segment, its base, or of a base and a small addition: then some documents of the base are gone and those of the addition
 * have their places among the rest. Both are indexes of the same form, each complete in itself.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Corpus, Document, Meeting, Passage, Source } from '../corpus/types.ts';
import type { Embedder } from '../embedding/model.ts';
import { DragomanError } from '../errors.ts';
import { decodeRows, StoredTexts, type DocumentRow } from './encoding.ts';
import {
  readManifest,
  readVerified,
  segmentFile,
  storedSegments,
  verifyFile,
  type Change,
  type EverydayNearest,
  type GenerationFile,
  type Manifest,
  type StoredSegment,
} from './generation-files.ts';
import {
  corrupt,
  generationFolder,
  loadPublished,
  readPointer,
  unlessCorrupt,
} from './index-folder.ts';
import { lexicalSegment, type LexicalSegment } from './lexical.ts';
import { layoutOf, type Layout, type Place, type Segments } from './postings.ts';
import { ByteVectors, readGraph, type Graph } from './vectors.ts';

/** Texts and words of a segment. A passage's position here is its position in the segment's files. */
export interface SegmentTexts extends Pick<StoredTexts, 'documents' | 'passages' | 'starts'> {
  readonly lexical: LexicalSegment;
}

export interface Segment extends SegmentTexts {
  /** One row per passage, then one per expected question. */
  readonly vectors: ByteVectors;
  /** Null when there are so few vectors that all are compared. */
  readonly graph: Graph | null;
  /** One group per passage. */
  readonly sentences: ByteVectors;
}

/** A generation without its vectors. The ordinal of a passage is its position in `passages`. */
export interface GenerationTexts<Part extends SegmentTexts = SegmentTexts> {
  readonly id: string;
  readonly manifest: Manifest;
  /** In the order of the corpus. */
  readonly documents: ReadonlyMap<string, Document>;
  readonly passages: readonly Passage[];
  readonly meetings: ReadonlyMap<string, Meeting>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly segments: Segments<Part>;
  readonly layout: Layout;
}

/** One complete, immutable result of a build, in memory. */
export type Generation = GenerationTexts<Segment>;

type ModelIdentity = Pick<Embedder, 'id' | 'digest'>;

export interface LoadOptions<Part extends SegmentTexts> {
  readonly model?: ModelIdentity;
  /** In memory already: what the new one has in common with it is not loaded again. */
  readonly known?: GenerationTexts<Part> | null;
}

/**
 * Loads the current generation.
 *
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when a file differs from what
 *   was published, `INDEX_MODEL_MISMATCH` when another model made the vectors
 */
export function loadGeneration(indexFolder: string, options: LoadOptions<Segment> = {}) {
  return loadPublished(indexFolder, (folder) => loadFolder(folder, options));
}

/** As `loadGeneration`, for the folder of one generation, published or not. */
export function loadFolder(folder: string, options: LoadOptions<Segment> = {}) {
  return loadWith(loadSegment, folder, options);
}

/** As `loadFolder`, without the vectors, whose files need not be there. */
export function loadTexts(folder: string, options: LoadOptions<SegmentTexts> = {}) {
  return loadWith(loadSegmentTexts, folder, options);
}

async function loadWith<Part extends SegmentTexts>(
  load: (stored: StoredSegment) => Promise<Part>,
  folder: string,
  { model, known = null }: LoadOptions<Part>,
): Promise<GenerationTexts<Part>> {
  const manifest = await readManifest(folder);
  if (model !== undefined) assertSameModel(manifest, model);
  const [base, addition] = storedSegments(folder, manifest);
  const isKnown = JSON.stringify(known?.manifest.segments[0]) === JSON.stringify(base.manifest);
  const first = isKnown && known !== null ? known.segments[0] : await load(base);
  const segments: Segments<Part> = addition === undefined ? [first] : [first, await load(addition)];
  await nextTurn();
  const places = documentPlaces(first.documents.length, manifest.change);
  const starts = segments.map((segment) => segment.starts);
  const layout = layoutOf(places, starts);
  const documents = places.flatMap(
    ({ segment, position }) => segments[segment]?.documents[position] ?? [],
  );
  await nextTurn();
  const passages = Array.from({ length: layout.length }, (_, ordinal) => {
    const { passages: own } = segments[layout.segmentOf(ordinal)] as Part;
    return own[layout.positionOf(ordinal)] as Passage;
  });
  const last = addition ?? base;
  const meetings = await readRows<Meeting>(last, 'meetings');
  const sources = await readRows<Source>(last, 'sources');
  for (const [name, found] of Object.entries({ documents, passages, meetings, sources })) {
    const wanted = manifest.counts[name as keyof Manifest['counts']];
    if (found.length !== wanted) throw miscounted(folder);
  }
  return {
    id: manifest.id,
    manifest,
    documents: byId(documents),
    passages,
    meetings: byId(meetings),
    sources: byId(sources),
    segments,
    layout,
  };
}

/** The documents of both segments in the order of the corpus. */
function documentPlaces(baseCount: number, { removed, places }: Change): Place[] {
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

export async function loadSegment(stored: StoredSegment): Promise<Segment> {
  const { folder, segment, manifest, dimensions } = stored;
  const count = manifest.counts.passages + manifest.counts.expected;
  const loadGraph = async (): Promise<Graph | null> => {
    await verifyFile(stored, 'graph');
    if (manifest.files.graph.bytes === 0) return null;
    return readGraph(join(folder, segmentFile(segment, 'graph')), { count, dimensions });
  };
  // Other threads read while this one parses.
  const [graph, vectorBytes, sentenceBytes, texts] = await Promise.all([
    loadGraph(),
    readVerified(stored, 'vectors'),
    readVerified(stored, 'sentences'),
    loadSegmentTexts(stored),
  ]);
  await nextTurn();
  const vectors = new ByteVectors(vectorBytes, graph === null);
  await nextTurn();
  const sentences = new ByteVectors(sentenceBytes);
  if (vectors.count !== count || vectors.dimensions !== dimensions) throw miscounted(folder);
  return { ...texts, vectors, sentences, graph };
}

async function loadSegmentTexts(stored: StoredSegment): Promise<SegmentTexts> {
  const rows = await readRows<DocumentRow>(stored, 'documents');
  const { documents, passages, starts } = new StoredTexts(
    rows,
    await readVerified(stored, 'texts'),
  );
  const { counts } = stored.manifest;
  if (documents.length !== counts.documents || passages.length !== counts.passages) {
    throw miscounted(stored.folder);
  }
  await nextTurn();
  const lexical = lexicalSegment(await readVerified(stored, 'lexical'));
  // Read by builds only, but damage is told to whoever sees it first.
  await verifyFile(stored, 'keys');
  return { documents, passages, starts, lexical };
}

/** Paths of the documents of the current generation, by their ids; none where there is no generation that can be read. */
export async function pathsInUse(indexFolder: string): Promise<ReadonlyMap<string, string>> {
  const pointer = await unlessCorrupt(readPointer(indexFolder));
  if (pointer === null) return new Map();
  const folder = generationFolder(indexFolder, pointer.generation);
  return new Map(await unlessCorrupt(pathsIn(folder)));
}

async function pathsIn(folder: string): Promise<[id: string, path: string][]> {
  const manifest = await readManifest(folder);
  const [base, ...addition] = await Promise.all(
    storedSegments(folder, manifest).map((stored) => readRows<DocumentRow>(stored, 'documents')),
  );
  const gone = new Set(manifest.change.removed);
  const kept = base?.filter((_, position) => !gone.has(position)) ?? [];
  return [kept, ...addition].flat().map(({ id, path }) => [id, path]);
}

async function readRows<Row>(stored: StoredSegment, file: GenerationFile): Promise<Row[]> {
  return (await decodeRows(await readVerified(stored, file))) as Row[];
}

function miscounted(folder: string): DragomanError {
  return corrupt(`The files in ${folder} do not have the counts of their manifest.`);
}

/** @throws DragomanError INDEX_MODEL_MISMATCH when another model made the vectors */
export function assertSameModel(manifest: Manifest, model: ModelIdentity): void {
  if (manifest.model.digest === model.digest) return;
  const name = ({ id, digest }: ModelIdentity): string => `${id} (${digest.slice(0, 12)})`;
  throw new DragomanError(
    'INDEX_MODEL_MISMATCH',
    `The index was built with the model ${name(manifest.model)}, but the model in use is ${name(model)}.`,
    {
      hint:
        'Run `npm run build:index` to build it with the model in use, ' +
        `or set EMBEDDING_MODEL=${manifest.model.id}.`,
    },
  );
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

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
) {
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
    /** What stays of the base. */
    kept: { passages: all - removed.length, expected: counts.expected - goneQuestions },
    /** Of the base without what is gone. */
    everyday,
  };
}
