/** A generation in memory, and loading it with every file checked. */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Document, LineRange, Meeting, Passage, Source, Span } from '../corpus/types.ts';
import { DragomanError } from '../errors.ts';
import { ByteVectors, readGraph, type Graph } from './vectors.ts';
import {
  corrupt,
  decodeRows,
  bufferOf,
  PASSAGE_NUMBERS,
  unpack,
  type Body,
  type TextFile,
  type DocumentRow,
  documentPlaces,
  Layout,
  type Segments,
} from './segments.ts';
import { loadPublished, readPointer } from './index-folder.ts';
import { LexicalSegment } from './lexical.ts';
import {
  readManifest,
  readVerified,
  segmentFile,
  verifyFile,
  type GenerationFile,
  type Manifest,
} from './generation-files.ts';

/** Texts and words of a segment. A passage's position here is its position in the segment's files. */
export interface SegmentTexts {
  readonly documents: readonly Document[];
  readonly passages: readonly Passage[];
  /** By document: position of its first passage; the number of all at the end. */
  readonly starts: Uint32Array;
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

export interface ModelIdentity {
  readonly id: string;
  readonly digest: string;
}

export interface LoadOptions<Part extends SegmentTexts> {
  /** The model that will embed questions. */
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
export function loadGeneration(
  indexFolder: string,
  options: LoadOptions<Segment> = {},
): Promise<Generation> {
  return loadPublished(indexFolder, (folder) => loadFolder(folder, options));
}

/** As `loadGeneration`, for the folder of one generation, published or not. */
export function loadFolder(
  folder: string,
  options: LoadOptions<Segment> = {},
): Promise<Generation> {
  return loadWith(loadSegment, folder, options);
}

/** As `loadFolder`, without the vectors, whose files need not be there. */
export function loadTexts(
  folder: string,
  options: LoadOptions<SegmentTexts> = {},
): Promise<GenerationTexts> {
  return loadWith(loadSegmentTexts, folder, options);
}

async function loadWith<Part extends SegmentTexts>(
  load: (folder: string, manifest: Manifest, segment: number) => Promise<Part>,
  folder: string,
  { model, known = null }: LoadOptions<Part>,
): Promise<GenerationTexts<Part>> {
  const manifest = await readManifest(folder);
  if (model !== undefined) assertSameModel(manifest, model);
  const [base, addition] = manifest.segments;
  const isKnown = JSON.stringify(known?.manifest.segments[0]) === JSON.stringify(base);
  const first = isKnown && known !== null ? known.segments[0] : await load(folder, manifest, 0);
  const segments: Segments<Part> =
    addition === undefined ? [first] : [first, await load(folder, manifest, 1)];
  await nextTurn();
  const places = documentPlaces(first.documents.length, manifest.change);
  const layout = new Layout(
    places,
    segments.map(({ starts }) => starts),
  );
  const documents = places.flatMap(
    ({ segment, position }) => segments[segment]?.documents[position] ?? [],
  );
  await nextTurn();
  const passages = Array.from(
    { length: layout.length },
    (_, ordinal) =>
      segments[layout.segmentOf(ordinal)]?.passages[layout.positionOf(ordinal)] as Passage,
  );
  const last = manifest.segments.length - 1;
  const meetings = await readRows<Meeting>(folder, manifest, last, 'meetings');
  const sources = await readRows<Source>(folder, manifest, last, 'sources');
  const found = [documents.length, passages.length, meetings.length, sources.length];
  const { counts } = manifest;
  const wanted = [counts.documents, counts.passages, counts.meetings, counts.sources];
  if (String(found) !== String(wanted)) throw miscounted(folder);
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

/** @param segment 0 for the base, 1 for the addition */
export async function loadSegment(
  folder: string,
  manifest: Manifest,
  segment: number,
): Promise<Segment> {
  const counts = manifest.segments[segment]?.counts ?? { passages: 0, expected: 0 };
  const { dimensions } = manifest.model;
  const rows = counts.passages + counts.expected;
  const pathOfGraph = join(folder, segmentFile(segment, 'graph'));
  const loadGraph = async (): Promise<Graph | null> => {
    await verifyFile(folder, manifest, segment, 'graph');
    if (manifest.segments[segment]?.files.graph.bytes === 0) return null;
    return readGraph(pathOfGraph, { count: rows, dimensions });
  };
  // Other threads read while this one parses.
  const [graph, vectorBytes, sentenceBytes, texts] = await Promise.all([
    loadGraph(),
    readVerified(folder, manifest, segment, 'vectors'),
    readVerified(folder, manifest, segment, 'sentences'),
    loadSegmentTexts(folder, manifest, segment),
  ]);
  await nextTurn();
  const vectors = new ByteVectors(vectorBytes, graph === null);
  await nextTurn();
  const sentences = new ByteVectors(sentenceBytes);
  if (vectors.count !== rows || vectors.dimensions !== dimensions) throw miscounted(folder);
  return { ...texts, vectors, sentences, graph };
}

async function loadSegmentTexts(
  folder: string,
  manifest: Manifest,
  segment: number,
): Promise<SegmentTexts> {
  const rows = await readRows<DocumentRow>(folder, manifest, segment, 'documents');
  const stored = new StoredTexts(rows, await readVerified(folder, manifest, segment, 'texts'));
  const { documents, passages, starts } = stored;
  const counts = manifest.segments[segment]?.counts;
  if (documents.length !== counts?.documents || passages.length !== counts.passages) {
    throw miscounted(folder);
  }
  await nextTurn();
  const lexical = new LexicalSegment(await readVerified(folder, manifest, segment, 'lexical'));
  // Read by builds only, but damage is told to whoever sees it first.
  await verifyFile(folder, manifest, segment, 'keys');
  return { documents, passages, starts, lexical };
}

async function readRows<Row>(
  folder: string,
  manifest: Manifest,
  segment: number,
  file: GenerationFile,
): Promise<Row[]> {
  return (await decodeRows(await readVerified(folder, manifest, segment, file))) as Row[];
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

/** Characters of bodies that stay decoded: answers quote the same few documents again and again. */
const DECODED_CHARACTERS = 4 << 20;

/** Documents and passages of a segment whose texts are read out of one buffer when they are asked for. */
export class StoredTexts {
  readonly documents: readonly Document[];
  readonly passages: readonly Passage[];
  /** By document: position of its first passage; the number of all at the end. */
  readonly starts: Uint32Array;
  readonly file: TextFile;
  readonly #texts: Buffer;

  /** @param bytes what `encodeTexts` made of the documents of these rows */
  constructor(rows: readonly DocumentRow[], bytes: Uint8Array) {
    this.file = unpack(bytes) as TextFile;
    const { arrays } = this.file;
    this.#texts = bufferOf(arrays.texts);
    const parts = bufferOf(arrays.parts);
    const bodies = new LRUCache<number, Body>({
      maxSize: DECODED_CHARACTERS,
      sizeCalculation: ({ text }) => text.length + 1,
      memoMethod: (at) => ({
        text: this.#decode(at, arrays.textStarts[at], arrays.textStarts[at + 1]),
        ...(JSON.parse(
          parts.toString('utf8', arrays.partStarts[at], arrays.partStarts[at + 1]),
        ) as Omit<Body, 'text'>),
      }),
    });
    this.documents = rows.map((row, at) => {
      const body: Body = {
        get text() {
          return bodies.memo(at).text;
        },
        get sections() {
          return bodies.memo(at).sections;
        },
        get footnotes() {
          return bodies.memo(at).footnotes;
        },
        get origin() {
          return bodies.memo(at).origin;
        },
      };
      return Object.setPrototypeOf(row, body) as Document;
    });
    this.starts = arrays.passageStarts;
    const count = arrays.passages.length / PASSAGE_NUMBERS;
    this.passages = Array.from({ length: count }, (_, at) => new StoredPassage(this, at));
  }

  /** Of a document's text. */
  slice(document: number, start: number, end: number): string {
    const { textStarts, widths } = this.file.arrays;
    const [first, width] = [textStarts[document] ?? 0, widths[document] ?? 1];
    return this.#decode(document, first + start * width, first + end * width);
  }

  #decode(document: number, start?: number, end?: number): string {
    const encoding = this.file.arrays.widths[document] === 1 ? 'latin1' : 'utf16le';
    return this.#texts.toString(encoding, start, end);
  }
}

class StoredPassage implements Passage {
  readonly #stored: StoredTexts;
  readonly #at: number;

  constructor(stored: StoredTexts, at: number) {
    this.#stored = stored;
    this.#at = at;
  }

  #number(which: number): number {
    return this.#stored.file.arrays.passages[this.#at * PASSAGE_NUMBERS + which] ?? 0;
  }

  get documentId(): string {
    return this.#stored.documents[this.#number(0)]?.id ?? '';
  }

  get start(): number {
    return this.#number(1);
  }

  get end(): number {
    return this.#number(2);
  }

  get text(): string {
    return this.#stored.slice(this.#number(0), this.start, this.end);
  }

  get lines(): LineRange {
    return [this.#number(3), this.#number(4)];
  }

  get headings(): readonly string[] {
    return this.#stored.file.header.headings[this.#number(5)] ?? [];
  }

  get meetings(): readonly string[] {
    return this.#stored.file.header.meetings[this.#number(6)] ?? [];
  }

  get sources(): readonly string[] {
    return this.#stored.file.header.sources[this.#number(7)] ?? [];
  }

  get header(): string {
    return this.#stored.file.header.headers[this.#number(8)] ?? '';
  }

  get sentences(): readonly Span[] {
    const { passages, sentences } = this.#stored.file.arrays;
    const first = this.#number(9);
    const end = passages[(this.#at + 1) * PASSAGE_NUMBERS + 9] ?? sentences.length;
    return Array.from({ length: (end - first) / 2 }, (_, i) => ({
      start: sentences[first + 2 * i] ?? 0,
      end: sentences[first + 2 * i + 1] ?? 0,
    }));
  }
}

export interface WatchOptions {
  /** Id of the generation in use. */
  readonly current: () => string;
  /** Called when the pointer names another generation or none. Gives whether one could be loaded; never throws. */
  readonly load: () => Promise<boolean>;
  /** Calls `look` every `intervalMs` until the returned function is called. */
  readonly repeat?: (look: () => Promise<void>, intervalMs: number) => () => void;
}

export interface Watch {
  close(): void;
}

const WATCH_INTERVAL_MS = 2000;
/** About a minute. */
const MOST_LOOKS_SKIPPED = 30;

/**
 * Loads what the pointer newly names. Polls it, because `fs.watch` misses renames on network folders and in containers, and
 * reading 100 bytes costs nothing. A load that failed is tried again after 1, 3, 7 … 30 looks, at once when the pointer changes.
 */
export function watchGenerations(
  indexFolder: string,
  { current, load, repeat = repeatUnreferenced }: WatchOptions,
): Watch {
  let failed: { readonly named: string | null; readonly times: number; skip: number } | null = null;
  let busy = false;
  let closed = false;
  const isClosed = (): boolean => closed;

  const look = async (): Promise<void> => {
    // Loading a generation can take longer than the interval.
    if (busy || closed) return;
    busy = true;
    try {
      const named = await readPointer(indexFolder).then(
        (pointer) => pointer?.generation ?? null,
        () => null,
      );
      if (failed?.named === named && failed.skip > 0) failed.skip -= 1;
      else if (!isClosed() && (failed !== null || named !== current())) {
        const times = failed?.named === named ? failed.times + 1 : 1;
        const skip = Math.min(2 ** times - 1, MOST_LOOKS_SKIPPED);
        failed = (await load()) ? null : { named, times, skip };
      }
    } finally {
      busy = false;
    }
  };
  const stop = repeat(look, WATCH_INTERVAL_MS);

  return {
    close: () => {
      closed = true;
      stop();
    },
  };
}

/** The timer alone does not keep the process running. */
function repeatUnreferenced(look: () => Promise<void>, intervalMs: number): () => void {
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
