/** The files of a generation: its manifest, and reading them checked against it. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { aboutSchema } from '../corpus/companions.ts';
import { isMissing, messageOf, type DragomanError } from '../errors.ts';
import { digestOfFile, readWhole, type FileDigest } from '../files.ts';
import { corrupt } from './file-formats.ts';
import { generationFolder, isFolderOf, publishedPointer } from './index-folder.ts';

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
