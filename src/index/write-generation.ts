import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readWhole, sha256, syncFolder, writeDurably, type FileDigest } from '../files.ts';
import { writeGraph, type VectorTable } from './graph.ts';
import { GENERATION_FILES, MANIFEST_FILE, type GenerationFile, type Manifest } from './manifest.ts';

/** A generation's files but the graph, which follows from the vectors and is written by its library. */
export type GenerationContent = Readonly<
  Record<Exclude<GenerationFile, 'graph' | 'vectors' | 'sentences'>, readonly Uint8Array[]>
>;

/** What the manifest says besides the files' digests. */
export type ManifestHead = Omit<Manifest, 'files'>;

export interface WriteOptions {
  /** Is made; must not be there yet. */
  readonly folder: string;
  readonly head: ManifestHead;
  readonly content: GenerationContent;
  readonly vectors: VectorTable;
  readonly sentences: Uint8Array;
  readonly onGraph: (done: number) => void;
  /** Called after each file and after the folder itself is on the disk. */
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
    units: await write('units', content.units),
  };
  const manifest: Manifest = { ...head, files };
  await writeDurably(join(folder, MANIFEST_FILE), [`${JSON.stringify(manifest, null, 2)}\n`]);
  written();
  await syncFolder(folder);
  written();
}
