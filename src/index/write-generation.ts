/** What a generation consists of: encodes a corpus and its passages, identifies the content, and writes the files. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { About, Corpus, Passage } from '../corpus/types.ts';
import { readWhole, sha256, syncFolder, writeDurably, type FileDigest } from '../files.ts';
import { namesOf } from '../language/names.ts';
import { LexicalBuilder, type PlacedQuestion } from './build-lexical.ts';
import { packVectors, quantise } from './byte-vectors.ts';
import { encodePassage, encodeRows } from './file-formats.ts';
import {
  GENERATION_FILES,
  INDEX_FORMAT,
  MANIFEST_FILE,
  type GenerationFile,
  type Manifest,
} from './generation.ts';
import { EXACT_LIMIT, rowOf, writeGraph, type VectorTable } from './vectors.ts';

/** The content of the files that do not depend on the model, in chunks. */
export type GenerationContent = Readonly<
  Record<Exclude<GenerationFile, 'graph' | 'vectors' | 'sentences'>, readonly Uint8Array[]>
>;

/** Passages read before other work gets a turn: the lease of the build's lock is renewed meanwhile. */
const PASSAGES_PER_TURN = 500;

/**
 * Encodes what a generation contains apart from vectors. The same corpus gives the same bytes.
 *
 * @param onProgress told now and then how many passages have been read
 */
export async function encodeContent(
  corpus: Corpus,
  passages: readonly Passage[],
  expected: readonly PlacedQuestion[],
  onProgress: (done: number) => void = () => undefined,
): Promise<GenerationContent> {
  const positions = new Map(
    corpus.documents.map((document, position) => [document.id, { document, position }]),
  );
  const rows = passages.map((passage) => {
    const owner = positions.get(passage.documentId);
    if (owner === undefined) throw new Error(`No document has the id ${passage.documentId}.`);
    return encodePassage(passage, owner.document, owner.position);
  });
  const lexical = new LexicalBuilder(namesOf(corpus));
  for (const [ordinal, passage] of passages.entries()) {
    if (ordinal % PASSAGES_PER_TURN === 0) {
      onProgress(ordinal);
      await nextTurn();
    }
    lexical.add(passage);
  }
  return {
    documents: encodeRows(corpus.documents),
    passages: encodeRows(rows),
    meetings: encodeRows(corpus.meetings),
    sources: encodeRows(corpus.sources),
    lexical: [lexical.finish(expected)],
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
  const rows = Array.from({ length: vectors.data.length / vectors.dimensions }, (_, row) => [
    quantise(rowOf(vectors, row)),
  ]);
  if (rows.length > EXACT_LIMIT) await writeGraph(graphPath, vectors, onGraph);
  else await writeDurably(graphPath, []);
  onGraph(rows.length);
  const graph = await readWhole(graphPath);
  written();
  const files: Manifest['files'] = {
    graph: { bytes: graph.length, sha256: sha256(graph) },
    vectors: await write('vectors', [packVectors(rows, vectors.dimensions)]),
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
