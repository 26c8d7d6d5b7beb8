/** The files of a generation: its manifest, reading them checked against it, and writing them. */
import { createHash } from 'node:crypto';
import { join, dirname } from 'node:path';
import * as z from 'zod';
import { aboutSchema } from '../corpus/types.ts';
import type { Corpus, Document, Passage } from '../corpus/types.ts';
import { isMissing, messageOf, DragomanError } from '../errors.ts';
import {
  digestOfFile,
  readWhole,
  type FileDigest,
  programDigest,
  sha256,
  syncFolder,
  writeDurably,
} from '../files.ts';
import { corrupt, encodeRows, encodeTexts, rowOfDocument } from './segments.ts';
import { generationFolder, isFolderOf, publishedPointer } from './index-folder.ts';
import { link, copyFile, mkdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { namesOf } from '../language/names.ts';
import { LexicalBuilder, type PlacedQuestion } from './build-lexical.ts';
import { writeGraph, type VectorTable } from './vectors.ts';

/** Raise when the form of a file of a generation changes: an index of another format must be built again. */
export const INDEX_FORMAT = 9;

export const MANIFEST_FILE = 'manifest.json';

/** The files of a segment. The manifest, which is written last, has their digests. */
export const GENERATION_FILES = {
  documents: 'documents.jsonl',
  texts: 'texts.bin',
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

/** @throws DragomanError `INDEX_CORRUPT` when it is missing, invalid or of another generation, `INDEX_FORMAT` when it is of another format */
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

/** @throws DragomanError `INDEX_CORRUPT` when it is none, `INDEX_FORMAT` when it is one of another format */
export function parseManifest(json: string, where: string): Manifest {
  let format: unknown;
  try {
    const content: unknown = JSON.parse(json);
    ({ format } = Object(content) as { format?: unknown });
    if (format === INDEX_FORMAT) return manifestSchema.parse(content);
  } catch (cause) {
    throw corrupt(`Expected a manifest of index format ${INDEX_FORMAT} in ${where}.`, cause);
  }
  if (typeof format !== 'number') throw corrupt(`${where} has no number of an index format.`);
  const age = format < INDEX_FORMAT ? 'an older' : 'a newer';
  throw new DragomanError(
    'INDEX_FORMAT',
    `The index in ${where} is of ${age} version of this program: format ${format}, expected ${INDEX_FORMAT}.`,
    { hint: 'Run `npm run build:index` to build it again.' },
  );
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

/**
 * The manifest of the current generation, read without loading it.
 *
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when it cannot be read
 */
export async function publishedManifest(indexFolder: string): Promise<Manifest> {
  const { generation } = await publishedPointer(indexFolder);
  return readManifest(generationFolder(indexFolder, generation));
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

/** Checks a file of a segment, as `digestOf` finds it. */
export async function verifyFile(
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

/**
 * sha256 of everything that determines what becomes of a document but the document itself: the program, the model, the names and
 * the meetings that texts are tied to.
 */
export async function contextKey(
  { documents, meetings }: Corpus,
  model: { readonly digest: string; readonly dimensions: number },
  chunkerVersion: string,
): Promise<string> {
  // Only other spellings of a name change how texts are read.
  const people = documents.flatMap((document) =>
    document.people.filter(({ otherSpellings }) => otherSpellings.length > 0),
  );
  const { digest, dimensions } = model;
  const program = [INDEX_FORMAT, await programDigest(), chunkerVersion];
  return sha256(JSON.stringify([program, digest, dimensions, people, meetings]));
}

/** sha256 of everything that an index has of a document, in the same context. */
export function documentKey(document: Document): string {
  const hash = createHash('sha256').update(document.text);
  return hash.update(JSON.stringify({ ...document, ...DERIVED })).digest('hex');
}

/** What follows from the bytes and the text of a document. */
const DERIVED = { text: null, sections: null, footnotes: null, origin: null };

/** sha256 of everything that determines a generation. */
export function contentKey(
  { about, sources }: Corpus,
  context: string,
  keys: readonly string[],
): string {
  return sha256(JSON.stringify([context, about, sources, keys]));
}

/** The content of the files of a segment that do not depend on the model, in chunks. */
export type SegmentContent = Readonly<
  Record<Exclude<GenerationFile, 'graph' | 'vectors' | 'sentences'>, readonly Uint8Array[]>
>;

export interface SegmentParts {
  /** Of the segment, with their keys. */
  readonly documents: readonly Document[];
  readonly keys: readonly string[];
  readonly passages: readonly Passage[];
  readonly expected: readonly PlacedQuestion[];
  /** Passages of the base that are gone. */
  readonly removed: readonly Passage[];
}

/** Passages read before other work gets a turn: the lease of the build's lock is renewed meanwhile. */
const PASSAGES_PER_TURN = 500;

/**
 * Encodes what a segment contains apart from vectors. The same corpus gives the same bytes.
 *
 * @param onProgress told now and then how many passages have been read
 */
export async function encodeContent(
  corpus: Corpus,
  { documents, keys, passages, expected, removed }: SegmentParts,
  onProgress: (done: number) => void = () => undefined,
): Promise<SegmentContent> {
  const lexical = new LexicalBuilder(namesOf(corpus));
  for (const [position, passage] of passages.entries()) {
    if (position % PASSAGES_PER_TURN === 0) {
      onProgress(position);
      await nextTurn();
    }
    lexical.add(passage);
  }
  for (const passage of removed) lexical.remove(passage);
  return {
    documents: encodeRows(documents.map(rowOfDocument)),
    texts: [encodeTexts(documents, passages)],
    meetings: encodeRows(corpus.meetings),
    sources: encodeRows(corpus.sources),
    keys: encodeRows(keys),
    lexical: [lexical.finish(expected)],
  };
}

/** For each everyday question (see embed.ts) the row nearest to it, and its cosine; 0 and -1 where there is no row. */
export type EverydayNearest = [row: number, cosine: number][];

/** The vectors of a segment. */
export interface SegmentVectors {
  /** One row per passage, then one row per expected question. */
  readonly vectors: VectorTable;
  /** The same with one byte a dimension, packed. */
  readonly packed: Uint8Array;
  /** Sentence vectors of all passages, packed. */
  readonly sentences: Uint8Array;
}

export interface WriteOptions {
  /** Of the generation. */
  readonly folder: string;
  /** 0 for a base, 1 for an addition. */
  readonly segment: number;
  readonly counts: SegmentManifest['counts'];
  readonly content: SegmentContent;
  readonly vectors: SegmentVectors;
  readonly everyday: EverydayNearest;
  /** Up to how many rows there is no graph. */
  readonly exactLimit: number;
  readonly onGraph: (done: number) => void;
  /** Called after each file, and when the folder itself is on the disk. */
  readonly onWritten: (done: number, total: number) => void;
}

/** Writes every file of a segment and waits until all of it is on the disk. */
export async function writeSegment(options: WriteOptions): Promise<SegmentManifest> {
  const { folder, segment, counts, content, exactLimit, onGraph, onWritten } = options;
  const { vectors, packed, sentences } = options.vectors;
  const total = FILES.length + 1;
  let done = 0;
  const written = (): void => onWritten((done += 1), total);
  const pathOf = (file: GenerationFile): string => join(folder, segmentFile(segment, file));
  await mkdir(dirname(pathOf('graph')), { recursive: true });

  const rows = counts.passages + counts.expected;
  // All rows of an addition are compared: it stays small, and is written again with each change.
  if (segment === 0 && rows > exactLimit) {
    await writeGraph(pathOf('graph'), vectors, onGraph);
  } else await writeDurably(pathOf('graph'), []);
  onGraph(rows);
  const files = { graph: await digestOfFile(pathOf('graph')) } as SegmentManifest['files'];
  written();
  const rest = { ...content, vectors: [packed], sentences: [sentences] };
  for (const file of FILES) {
    if (file === 'graph') continue;
    files[file] = await writeDurably(pathOf(file), rest[file]);
    written();
  }
  await syncFolder(dirname(pathOf('graph')));
  written();
  return { counts, files, everyday: options.everyday };
}

/** Gives a generation the files of another one's base, which is not copied where the file system can do without. */
export async function linkBase(
  from: string,
  folder: string,
  files: readonly GenerationFile[] = FILES,
): Promise<void> {
  for (const file of files) {
    const name = segmentFile(0, file);
    await link(join(from, name), join(folder, name)).catch(() =>
      copyFile(join(from, name), join(folder, name)),
    );
  }
}

/** The last file of a generation: with it the folder is complete. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(folder, MANIFEST_FILE), [`${JSON.stringify(manifest, null, 2)}\n`]);
  await syncFolder(folder);
}
