/** A generation: its manifest, and loading it with every file checked. */
import { join } from 'node:path';
import { z } from 'zod';
import { aboutSchema } from '../corpus/yaml.ts';
import type { Document, Meeting, Passage, Source } from '../corpus/types.ts';
import { DragomanError, isMissing, messageOf } from '../errors.ts';
import { readWhole } from '../files.ts';
import { ByteVectors } from './byte-vectors.ts';
import { corrupt, decodePassage, decodeRows, type PassageRow } from './file-formats.ts';
import { generationFolder, isFolderOf, loadPublished, publishedPointer } from './index-folder.ts';
import { EXACT_LIMIT, readGraph, type Graph } from './vectors.ts';

/** Raise when the form of a file of a generation changes: an index of another format must be built again. */
export const INDEX_FORMAT = 7;

export const MANIFEST_FILE = 'manifest.json';

/** The files of a generation without the manifest, which is written last and has their digests. */
export const GENERATION_FILES = {
  documents: 'documents.jsonl',
  passages: 'passages.jsonl',
  meetings: 'meetings.jsonl',
  sources: 'sources.jsonl',
  vectors: 'vectors.bin',
  sentences: 'sentences.bin',
  graph: 'hnsw.bin',
  lexical: 'lexical.bin',
} as const;

export type GenerationFile = keyof typeof GENERATION_FILES;

export const FILES = Object.keys(GENERATION_FILES) as GenerationFile[];

const fileSchema = z.object({
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const count = z.number().int().nonnegative();

const manifestSchema = z.object({
  format: z.literal(INDEX_FORMAT),
  id: z.string(),
  createdAt: z.string(),
  /** sha256 of everything that determines the vectors and the graph: equal when nothing has changed. */
  content: z.string(),
  model: z.object({
    id: z.string(),
    digest: z.string(),
    dimensions: z.number().int().positive(),
  }),
  chunker: z.string(),
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
  files: z.record(z.enum(FILES), fileSchema),
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
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch (cause) {
    throw corrupt(`Expected a manifest of index format ${INDEX_FORMAT} in ${path}.`, cause);
  }
  // A copy under another name would be taken for a generation that has not been loaded yet, again and again.
  if (!isFolderOf(manifest.id, folder)) {
    throw corrupt(`${path} belongs to the generation ${manifest.id}, not to this folder.`);
  }
  return manifest;
}

function unreadable(path: string, error: unknown): DragomanError {
  if (isMissing(error)) return corrupt(`${path} is missing.`, error);
  return corrupt(`${path} cannot be read: ${messageOf(error)}`, error);
}

/**
 * One complete, immutable result of a build, in memory. The ordinal of a passage is its position in `passages`; vectors,
 * graph and word index use the same ordinals.
 */
export interface Generation extends GenerationTexts {
  /** One row per passage, then one per expected question. */
  readonly vectors: ByteVectors;
  /** Null when there are so few vectors that all are compared. */
  readonly graph: Graph | null;
  /** One group per passage. */
  readonly sentences: ByteVectors;
}

/** A generation without its vectors. */
export interface GenerationTexts {
  readonly id: string;
  readonly manifest: Manifest;
  /** By id, in the order of the corpus. */
  readonly documents: ReadonlyMap<string, Document>;
  readonly passages: readonly Passage[];
  /** By id, in the order of the tour. */
  readonly meetings: ReadonlyMap<string, Meeting>;
  /** By id. */
  readonly sources: ReadonlyMap<string, Source>;
  /** For LexicalIndex. */
  readonly lexical: Uint8Array<ArrayBuffer>;
}

/** The files of {@link GenerationTexts}. */
export const TEXT_FILES: readonly GenerationFile[] = [
  'documents',
  'passages',
  'meetings',
  'sources',
  'lexical',
];

export interface ModelIdentity {
  readonly id: string;
  readonly digest: string;
}

/**
 * Loads the current generation.
 *
 * @param options.model the model that will embed questions
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when a file differs from what
 *   was published, `INDEX_MODEL_MISMATCH` when another model made the vectors
 */
export function loadGeneration(
  indexFolder: string,
  options: { readonly model?: ModelIdentity } = {},
): Promise<Generation> {
  return loadPublished(indexFolder, (folder) => loadFolder(folder, options.model));
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
export async function loadFolder(folder: string, model?: ModelIdentity): Promise<Generation> {
  const manifest = await manifestFor(folder, model);
  // Read and checked on other threads while this one parses the rows.
  const binary = Promise.all([
    readVerified(folder, 'vectors', manifest),
    readVerified(folder, 'sentences', manifest),
    readVerified(folder, 'graph', manifest),
  ]);
  binary.catch(() => undefined);
  const texts = await textsOf(folder, manifest);
  const [vectorBytes, sentenceBytes] = await binary;
  const vectors = new ByteVectors(vectorBytes);
  const { dimensions } = manifest.model;
  const count = texts.passages.length + manifest.counts.expected;
  if (vectors.count !== count || vectors.dimensions !== dimensions) throw miscounted(folder);
  return {
    ...texts,
    vectors,
    graph:
      count <= EXACT_LIMIT
        ? null
        : await readGraph(join(folder, GENERATION_FILES.graph), { count, dimensions }),
    sentences: new ByteVectors(sentenceBytes),
  };
}

/** As `loadFolder`, without the vectors, whose files need not be there. */
export async function loadTexts(folder: string, model?: ModelIdentity): Promise<GenerationTexts> {
  return textsOf(folder, await manifestFor(folder, model));
}

async function manifestFor(folder: string, model: ModelIdentity | undefined): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (model !== undefined) assertSameModel(manifest, model);
  return manifest;
}

async function textsOf(folder: string, manifest: Manifest): Promise<GenerationTexts> {
  const read = (file: GenerationFile): Promise<Uint8Array<ArrayBuffer>> =>
    readVerified(folder, file, manifest);
  const lexical = read('lexical');
  lexical.catch(() => undefined);
  const rows = async <Row>(file: GenerationFile): Promise<Row[]> =>
    (await decodeRows(await read(file))) as Row[];

  const documents = await rows<Document>('documents');
  const passages = (await rows<PassageRow>('passages')).map((row) => {
    const document = documents[row.d];
    if (document === undefined) throw corrupt(`A passage in ${folder} belongs to no document.`);
    return decodePassage(row, document);
  });
  const meetings = await rows<Meeting>('meetings');
  const sources = await rows<Source>('sources');
  const found = {
    documents: documents.length,
    passages: passages.length,
    expected: manifest.counts.expected,
    meetings: meetings.length,
    sources: sources.length,
  };
  if (JSON.stringify(found) !== JSON.stringify(manifest.counts)) throw miscounted(folder);
  return {
    id: manifest.id,
    manifest,
    documents: byId(documents),
    passages,
    meetings: byId(meetings),
    sources: byId(sources),
    lexical: await lexical,
  };
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
  for (const file of files) {
    await readVerified(folder, file, manifest);
  }
  return manifest;
}

async function readVerified(
  folder: string,
  file: GenerationFile,
  manifest: Manifest,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, GENERATION_FILES[file]);
  const expected = manifest.files[file];
  let data: Uint8Array<ArrayBuffer>;
  try {
    data = await readWhole(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (data.length !== expected.bytes) {
    throw corrupt(`Expected ${expected.bytes} bytes in ${path}, found ${data.length}.`);
  }
  const digest = await crypto.subtle.digest('SHA-256', data);
  if (Buffer.from(digest).toString('hex') !== expected.sha256) {
    throw corrupt(`The sha256 of ${path} differs from that of its manifest.`);
  }
  return data;
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
