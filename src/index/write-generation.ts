/** What a generation consists of: encodes a corpus and its passages, identifies the content, and writes the files. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { About, Corpus, Passage } from '../corpus/types.ts';
import { readWhole, sha256, syncFolder, writeDurably, type FileDigest } from '../files.ts';
import { namesOf } from '../language/names.ts';
import { buildLexical, type PlacedQuestion } from './build-lexical.ts';
import { encodePassage, encodeRows } from './file-formats.ts';
import {
  GENERATION_FILES,
  INDEX_FORMAT,
  MANIFEST_FILE,
  type GenerationFile,
  type Manifest,
} from './generation.ts';
import { writeGraph, type VectorTable } from './vectors.ts';

/** The content of the files that do not depend on the model, in chunks. */
export type GenerationContent = Readonly<
  Record<Exclude<GenerationFile, 'graph' | 'vectors' | 'sentences'>, readonly Uint8Array[]>
>;

/** Encodes what a generation contains apart from vectors. The same corpus gives the same bytes. */
export function encodeContent(
  corpus: Corpus,
  passages: readonly Passage[],
  expected: readonly PlacedQuestion[],
): GenerationContent {
  const positions = new Map(
    corpus.documents.map((document, position) => [document.id, { document, position }]),
  );
  const rows = passages.map((passage) => {
    const owner = positions.get(passage.documentId);
    if (owner === undefined) throw new Error(`No document has the id ${passage.documentId}.`);
    return encodePassage(passage, owner.document, owner.position);
  });
  return {
    documents: encodeRows(corpus.documents),
    passages: encodeRows(rows),
    meetings: encodeRows(corpus.meetings),
    sources: encodeRows(corpus.sources),
    lexical: [buildLexical(passages, namesOf(corpus), expected)],
  };
}

/**
 * sha256 of everything that determines a generation. It includes the encoded content, so that a change of the program
 * that changes the content changes it too, without a version number to raise.
 */
export function contentIdentity(
  content: GenerationContent,
  {
    about,
    model: { digest, dimensions },
    chunkerVersion,
  }: {
    readonly about: About;
    readonly model: { readonly digest: string; readonly dimensions: number };
    readonly chunkerVersion: string;
  },
): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([INDEX_FORMAT, digest, dimensions, chunkerVersion, about]));
  for (const [file, chunks] of Object.entries(content)) {
    hash.update(`\n${file}\n`);
    for (const chunk of chunks) hash.update(chunk);
  }
  return hash.digest('hex');
}

export interface WriteOptions {
  /** Is made; must not exist. */
  readonly folder: string;
  /** The manifest without the digests of the files. */
  readonly head: Omit<Manifest, 'files'>;
  readonly content: GenerationContent;
  readonly vectors: VectorTable;
  readonly sentences: Uint8Array;
  readonly onGraph: (done: number) => void;
  /** Called after each file, and when the folder itself is on the disk. */
  readonly onWritten: (done: number, total: number) => void;
}

/** Writes every file of a generation, the manifest last, and waits until all of it is on the disk. */
export async function writeGeneration(options: WriteOptions): Promise<void> {
  const { folder, head, content, vectors, sentences, onGraph, onWritten } = options;
  const total = Object.keys(GENERATION_FILES).length + 2;
  let done = 0;
  const written = (): void => onWritten((done += 1), total);
  const write = async (
    file: GenerationFile,
    chunks: readonly Uint8Array[],
  ): Promise<FileDigest> => {
    const digest = await writeDurably(join(folder, GENERATION_FILES[file]), chunks);
    written();
    return digest;
  };

  await mkdir(folder);
  const graphPath = join(folder, GENERATION_FILES.graph);
  await writeGraph(graphPath, vectors, onGraph);
  const { buffer, byteOffset, byteLength } = vectors.data;
  const graph = await readWhole(graphPath);
  written();
  const files: Manifest['files'] = {
    graph: { bytes: graph.length, sha256: sha256(graph) },
    vectors: await write('vectors', [new Uint8Array(buffer, byteOffset, byteLength)]),
    sentences: await write('sentences', [sentences]),
    documents: await write('documents', content.documents),
    passages: await write('passages', content.passages),
    meetings: await write('meetings', content.meetings),
    sources: await write('sources', content.sources),
    lexical: await write('lexical', content.lexical),
  };
  const manifest: Manifest = { ...head, files };
  await writeDurably(join(folder, MANIFEST_FILE), [`${JSON.stringify(manifest, null, 2)}\n`]);
  written();
  await syncFolder(folder);
  written();
}
