/** The files of a generation: its manifest, reading them checked against it, and writing them. */
import { createHash } from 'node:crypto';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { aboutSchema } from '../corpus/types.ts';
import { DragomanError, isMissing, messageOf } from '../errors.ts';
import { digestOfFile, readWhole, syncFolder, writeDurably, type FileDigest } from '../files.ts';
import { corrupt, generationFolder, isFolderOf, publishedPointer } from './index-folder.ts';
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
  /** For each everyday question (see embed.ts) the row nearest to it, and its cosine; 0 and -1 where there is no row. */
  everyday: z.array(z.tuple([count, z.number()])),
});

export type SegmentManifest = z.infer<typeof segmentSchema>;
export type EverydayNearest = SegmentManifest['everyday'];

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
  /** Of the addition, both ascending. */
  change: z.object({
    /** Positions in the base of the documents that are gone. */
    removed: z.array(count),
    /** Positions in the whole corpus of the addition's documents. */
    places: z.array(count),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Change = Manifest['change'];

/** @throws DragomanError `INDEX_CORRUPT` when it is missing, invalid or of another generation, `INDEX_FORMAT` when it is of another format */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  const content = await readWhole(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
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

export function sizeOf(...segments: readonly SegmentManifest[]): number {
  const files = segments.flatMap((segment) => Object.values(segment.files));
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
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

/** A segment on the disk, and what its generation's manifest says of it. */
export interface StoredSegment {
  /** Of the generation. */
  readonly folder: string;
  /** 0 for the base, 1 for the addition. */
  readonly segment: number;
  readonly manifest: SegmentManifest;
  readonly dimensions: number;
}

export function storedSegments(
  folder: string,
  { segments: [base, ...addition], model: { dimensions } }: Manifest,
): readonly [StoredSegment, ...StoredSegment[]] {
  const stored = (manifest: SegmentManifest, segment: number): StoredSegment => ({
    ...{ folder, segment, manifest, dimensions },
  });
  return [stored(base, 0), ...addition.map((added) => stored(added, 1))];
}

/**
 * Checks files of a generation, all unless told otherwise, against its manifest without loading it.
 *
 * @throws DragomanError `INDEX_CORRUPT` when one differs
 */
export async function verifyFolder(folder: string, files: readonly GenerationFile[] = FILES) {
  const manifest = await readManifest(folder);
  for (const stored of storedSegments(folder, manifest)) {
    for (const file of files) await verifyFile(stored, file);
  }
  return manifest;
}

export async function readVerified(stored: StoredSegment, file: GenerationFile) {
  const hash = createHash('sha256');
  let data = new Uint8Array();
  await verifyFile(stored, file, async (path) => {
    data = await readWhole(path, (part) => hash.update(part));
    return { bytes: data.length, sha256: hash.digest('hex') };
  });
  return data;
}

/** Checks a file of a segment, as `digestOf` finds it. */
export async function verifyFile(
  { folder, segment, manifest }: StoredSegment,
  file: GenerationFile,
  digestOf: (path: string) => Promise<FileDigest> = digestOfFile,
): Promise<void> {
  const path = join(folder, segmentFile(segment, file));
  const expected = manifest.files[file];
  const found = await digestOf(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (found.bytes !== expected.bytes) {
    throw corrupt(`Expected ${expected.bytes} bytes in ${path}, found ${found.bytes}.`);
  }
  if (found.sha256 !== expected.sha256) {
    throw corrupt(`The sha256 of ${path} differs from that of its manifest.`);
  }
}

/** The content of the files of a segment but the graph, in chunks. */
export type SegmentContent = Readonly<
  Record<Exclude<GenerationFile, 'graph'>, readonly Uint8Array[]>
>;

/** Writes every file of a segment and waits until all of it is on the disk. */
export async function writeSegment({
  folder,
  segment,
  content,
  vectors,
  exactLimit,
  onGraph,
  onWritten,
}: Pick<StoredSegment, 'folder' | 'segment'> & {
  readonly content: SegmentContent;
  /** For the graph. */
  readonly vectors: VectorTable;
  /** Up to how many rows there is no graph. */
  readonly exactLimit: number;
  readonly onGraph: (done: number) => void;
  /** Called after each file, and when the folder itself is on the disk. */
  readonly onWritten: (done: number, total: number) => void;
}): Promise<SegmentManifest['files']> {
  const total = FILES.length + 1;
  let done = 0;
  const written = (): void => onWritten((done += 1), total);
  const pathOf = (file: GenerationFile): string => join(folder, segmentFile(segment, file));
  const graph = pathOf('graph');
  await mkdir(dirname(graph), { recursive: true });

  const rows = vectors.data.length / vectors.dimensions;
  // All rows of an addition are compared: it stays small, and is written again with each change.
  const hasGraph = segment === 0 && rows > exactLimit;
  await (hasGraph ? writeGraph(graph, vectors, onGraph) : writeDurably(graph, []));
  onGraph(rows);
  const files = { graph: await digestOfFile(graph) } as SegmentManifest['files'];
  written();
  for (const file of FILES) {
    if (file === 'graph') continue;
    files[file] = await writeDurably(pathOf(file), content[file]);
    written();
  }
  await syncFolder(dirname(graph));
  written();
  return files;
}

/** Gives a generation the files of another one's base, which is not copied where the file system can do without. */
export async function linkBase(
  from: string,
  folder: string,
  files: readonly GenerationFile[] = FILES,
): Promise<void> {
  for (const file of files) {
    const name = segmentFile(0, file);
    const [source, target] = [join(from, name), join(folder, name)];
    await link(source, target).catch(() => copyFile(source, target));
  }
}

/** The last file of a generation: with it the folder is complete. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(folder, MANIFEST_FILE), [`${JSON.stringify(manifest, null, 2)}\n`]);
  await syncFolder(folder);
}
