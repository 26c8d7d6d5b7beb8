/** A generation: its manifest, and loading it with every file checked. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { aboutSchema } from '../corpus/yaml.ts';
import type { Document, Meeting, Passage, Source } from '../corpus/types.ts';
import { DragomanError, isMissing, messageOf } from '../errors.ts';
import { digestOfFile, readWhole, type FileDigest } from '../files.ts';
import { ByteVectors } from './byte-vectors.ts';
import { corrupt, decodePassage, decodeRows, type PassageRow } from './file-formats.ts';
import { generationFolder, isFolderOf, loadPublished, publishedPointer } from './index-folder.ts';
import { LexicalSegment } from './lexical.ts';
import { documentPlaces, Layout, type Segments } from './segments.ts';
import { EXACT_LIMIT, readGraph, type Graph } from './vectors.ts';

/** Raise when the form of a file of a generation changes: an index of another format must be built again. */
export const INDEX_FORMAT = 8;

export const MANIFEST_FILE = 'manifest.json';

/** The files of a segment. The manifest, which is written last, has their digests. */
export const GENERATION_FILES = {
  documents: 'documents.jsonl',
  passages: 'passages.jsonl',
  meetings: 'meetings.jsonl',
  sources: 'sources.jsonl',
  keys: 'keys.jsonl',
  vectors: 'vectors.bin',
  sentences: 'sentences.bin',
  graph: 'hnsw.bin',
  lexical: 'lexical.bin',
} as const;

export type GenerationFile = keyof typeof GENERATION_FILES;

export const FILES = Object.keys(GENERATION_FILES) as GenerationFile[];

/** Those without vectors. */
export const TEXT_FILES = FILES.filter((file) => !/vectors|sentences|graph/.test(file));

/** Of each segment, the folder in that of its generation: the base's files, and those of the addition below them. */
const SEGMENT_FOLDERS = ['', 'addition'] as const;

const fileSchema = z.object({
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const count = z.number().int().nonnegative();

const segmentSchema = z.object({
  counts: z.object({ documents: count, passages: count, expected: count }),
  files: z.record(z.enum(FILES), fileSchema),
  /** For each everyday question the passage nearest to it and its cosine: see embed.ts. */
  everyday: z.array(z.tuple([count, z.number()])),
});

export type SegmentManifest = z.infer<typeof segmentSchema>;

const manifestSchema = z.object({
  format: z.literal(INDEX_FORMAT),
  id: z.string(),
  createdAt: z.string(),
  /** sha256 of everything that determines the vectors and the graph: equal when nothing has changed. */
  content: z.string(),
  /** sha256 of what determines what becomes of a document; an addition to a base of another context is not possible. */
  context: z.string(),
  model: z.object({
    id: z.string(),
    digest: z.string(),
    dimensions: z.number().int().positive(),
  }),
  about: aboutSchema,
  /** What cosine everyday questions reach: see embed.ts. */
  unrelatedCosines: z.object({ own: z.number(), other: z.number() }),
  counts: z.object({
    documents: count,
    passages: count,
    expected: count,
    meetings: count,
    sources: count,
  }),
  /** The base, then the addition if there is one. Meetings and sources are those of the last. */
  segments: z.tuple([segmentSchema], segmentSchema),
  /** Of the addition: see segments.ts. */
  change: z.object({ removed: z.array(count), places: z.array(count) }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** @throws DragomanError `INDEX_CORRUPT` when it is missing, invalid, of another format or of another generation */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  let content: Uint8Array;
  try {
    content = await readWhole(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  const manifest = parseManifest(Buffer.from(content).toString('utf8'), path);
  // A copy under another name would be taken for a generation that has not been loaded yet, again and again.
  if (!isFolderOf(manifest.id, folder)) {
    throw corrupt(`${path} belongs to the generation ${manifest.id}, not to this folder.`);
  }
  return manifest;
}

/** @throws DragomanError `INDEX_CORRUPT` when it is none, or one of another format */
export function parseManifest(json: string, where: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw corrupt(`Expected a manifest of index format ${INDEX_FORMAT} in ${where}.`, cause);
  }
}

/** Bytes of all files. */
export function sizeOf({ segments }: Manifest): number {
  return segments
    .flatMap(({ files }) => Object.values(files))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

function unreadable(path: string, error: unknown): DragomanError {
  if (isMissing(error)) return corrupt(`${path} is missing.`, error);
  return corrupt(`${path} cannot be read: ${messageOf(error)}`, error);
}

/** Path in the folder of a generation. */
export function segmentFile(segment: number, file: GenerationFile): string {
  return join(SEGMENT_FOLDERS[segment] ?? '', GENERATION_FILES[file]);
}

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

/**
 * The manifest of the current generation, read without loading it.
 *
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when it cannot be read
 */
export async function publishedManifest(indexFolder: string): Promise<Manifest> {
  const { generation } = await publishedPointer(indexFolder);
  return readManifest(generationFolder(indexFolder, generation));
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
  const places = documentPlaces(first.documents.length, manifest.change);
  const layout = new Layout(
    places,
    segments.map(({ starts }) => starts),
  );
  const documents = places.flatMap(
    ({ segment, position }) => segments[segment]?.documents[position] ?? [],
  );
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
    if (segment > 0 || rows <= EXACT_LIMIT) return null;
    return readGraph(pathOfGraph, { count: rows, dimensions });
  };
  // Other threads read while this one parses.
  const [graph, vectorBytes, sentenceBytes, texts] = await Promise.all([
    loadGraph(),
    readVerified(folder, manifest, segment, 'vectors'),
    readVerified(folder, manifest, segment, 'sentences'),
    loadSegmentTexts(folder, manifest, segment),
  ]);
  const vectors = new ByteVectors(vectorBytes);
  const sentences = new ByteVectors(sentenceBytes);
  if (vectors.count !== rows || vectors.dimensions !== dimensions) throw miscounted(folder);
  return { ...texts, vectors, sentences, graph };
}

async function loadSegmentTexts(
  folder: string,
  manifest: Manifest,
  segment: number,
): Promise<SegmentTexts> {
  const documents = await readRows<Document>(folder, manifest, segment, 'documents');
  const starts = new Uint32Array(documents.length + 1);
  const rows = await readRows<PassageRow>(folder, manifest, segment, 'passages');
  const passages = rows.map((row) => {
    const document = documents[row.d];
    if (document === undefined) throw corrupt(`A passage in ${folder} belongs to no document.`);
    starts[row.d + 1] = (starts[row.d + 1] ?? 0) + 1;
    return decodePassage(row, document);
  });
  for (let at = 1; at < starts.length; at += 1)
    starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const counts = manifest.segments[segment]?.counts;
  if (documents.length !== counts?.documents || passages.length !== counts.passages) {
    throw miscounted(folder);
  }
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

/**
 * Checks files of a generation, all unless told otherwise, against its manifest without loading it.
 *
 * @throws DragomanError `INDEX_CORRUPT` when one differs
 */
export async function verifyFolder(
  folder: string,
  files: readonly GenerationFile[] = FILES,
): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const segment of manifest.segments.keys()) {
    for (const file of files) await verifyFile(folder, manifest, segment, file);
  }
  return manifest;
}

/** The content of a file of a segment. */
export async function readVerified(
  folder: string,
  manifest: Manifest,
  segment: number,
  file: GenerationFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const hash = createHash('sha256');
  let data = new Uint8Array();
  await verifyFile(folder, manifest, segment, file, async (path) => {
    data = await readWhole(path, (part) => hash.update(part));
    return { bytes: data.length, sha256: hash.digest('hex') };
  });
  return data;
}

async function verifyFile(
  folder: string,
  manifest: Manifest,
  segment: number,
  file: GenerationFile,
  digestOf: (path: string) => Promise<FileDigest> = digestOfFile,
): Promise<void> {
  const path = join(folder, segmentFile(segment, file));
  const expected = manifest.segments[segment]?.files[file];
  let found: FileDigest;
  try {
    found = await digestOf(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (found.bytes !== expected?.bytes) {
    throw corrupt(`Expected ${expected?.bytes ?? 0} bytes in ${path}, found ${found.bytes}.`);
  }
  if (found.sha256 !== expected.sha256) {
    throw corrupt(`The sha256 of ${path} differs from that of its manifest.`);
  }
}

function miscounted(folder: string): DragomanError {
  return corrupt(`The files in ${folder} do not have the counts of their manifest.`);
}

function assertSameModel(manifest: Manifest, model: ModelIdentity): void {
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
