import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { aboutSchema } from '../corpus/yaml.ts';
import { DragomanError, isMissing } from '../errors.ts';
import { z } from 'zod';

/** Raise when the form of a file of a generation changes: an index of another format must be built again. */
export const INDEX_FORMAT = 5;

export const MANIFEST_FILE = 'manifest.json';

/** The files of a generation without the manifest, which is written last and has their digests. */
export const GENERATION_FILES = {
  documents: 'documents.jsonl',
  passages: 'passages.jsonl',
  meetings: 'meetings.jsonl',
  sources: 'sources.jsonl',
  vectors: 'vectors.f32',
  sentences: 'sentences.bin',
  graph: 'hnsw.bin',
  lexical: 'lexical.bin',
  parts: 'parts.bin',
} as const;

export type GenerationFile = keyof typeof GENERATION_FILES;

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
  /** What cosine everyday questions reach: see everyday-questions.ts. */
  unrelatedCosines: z.object({ own: z.number(), other: z.number() }),
  counts: z.object({
    documents: count,
    passages: count,
    expected: count,
    meetings: count,
    sources: count,
  }),
  files: z.object({
    documents: fileSchema,
    passages: fileSchema,
    meetings: fileSchema,
    sources: fileSchema,
    vectors: fileSchema,
    sentences: fileSchema,
    graph: fileSchema,
    lexical: fileSchema,
    parts: fileSchema,
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** @throws DragomanError `INDEX_CORRUPT` when it is missing, invalid or of another format */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw corrupt(`${path} is missing.`, error);
  }
  try {
    return manifestSchema.parse(JSON.parse(content));
  } catch (cause) {
    throw corrupt(`Expected a manifest of index format ${INDEX_FORMAT} in ${path}.`, cause);
  }
}

/** The error for a damaged index. */
export function corrupt(message: string, cause?: unknown): DragomanError {
  return new DragomanError('INDEX_CORRUPT', message, {
    hint: 'Run `npm run build:index -- --force` to build the index again.',
    cause,
  });
}
