import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { Corpus, Passage, Problem } from '../corpus/types.ts';
import type { SkippedFile } from '../corpus/files.ts';
import type { Embedder } from '../embedding/types.ts';
import { DragomanError } from '../errors.ts';
import { explainRefusal, makeIndexFolder } from './build-folder.ts';
import { syncFolder } from '../files.ts';
import { cacheKeys, embedAll } from './embed.ts';
import { loadFolder, verifyFolder } from './generation.ts';
import { takeLock, type BuildLock } from './lock.ts';
import { INDEX_FORMAT, readManifest } from './manifest.ts';
import {
  buildingFolder,
  generationFolder,
  generationId,
  prune,
  publish,
  readPointer,
  type Pointer,
} from './index-folder.ts';
import type { BuildStep, OnBuildProgress } from './progress.ts';
import { encodePassage, encodeRows } from './rows.ts';
import { buildSearchFiles } from './search-files.ts';
import { placeExpected, type PlacedQuestion } from './passage-parts.ts';
import { openVectorCache, pruneCaches, type CachedModel } from './vector-cache.ts';
import { writeGeneration, type GenerationContent, type ManifestHead } from './write-generation.ts';

/** A corpus, cut into passages. */
export interface SplitCorpus {
  readonly corpus: Corpus;
  /** Grouped by document, in the order of the documents. */
  readonly passages: readonly Passage[];
  readonly chunkerVersion: string;
  /** What was wrong with the files that were left out. */
  readonly problems: readonly Problem[];
  /** Files that are no documents, and why. */
  readonly skipped: readonly SkippedFile[];
}

export interface BuildOptions {
  /** Called once, when the lock is held. */
  readonly read: () => Promise<SplitCorpus>;
  readonly indexFolder: string;
  readonly embedder: Embedder;
  /** Publish a new generation although nothing changed. */
  readonly force?: boolean;
  readonly onProgress?: OnBuildProgress;
}

export interface BuildReport {
  /** Id of the generation that is current now. */
  readonly generation: string;
  /** False when nothing had changed and the current generation stays. */
  readonly published: boolean;
  readonly documents: number;
  readonly passages: number;
  /** Passages whose vector was computed. */
  readonly embedded: number;
  /** Passages whose vector was known from an earlier build. */
  readonly reused: number;
  readonly seconds: number;
  /** What was wrong with the files that were left out. */
  readonly problems: readonly Problem[];
  /** Files that are no documents, and why. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Builds a generation and publishes it. Whatever goes wrong, at whatever instant, the generation that
 * was current before stays current and whole.
 *
 * @throws DragomanError `BUILD_LOCKED` when another build runs, `MODEL` when the model gives unusable
 *   vectors, `CONFIG` when the index folder cannot be written to, and whatever `read` throws
 */
export async function buildGeneration(options: BuildOptions): Promise<BuildReport> {
  const startedAt = performance.now();
  const { indexFolder } = options;
  await makeIndexFolder(indexFolder);
  try {
    const lock = await takeLock(indexFolder);
    try {
      const built = await buildLocked(options, lock);
      return { ...built, seconds: (performance.now() - startedAt) / 1000 };
    } finally {
      lock.release();
    }
  } catch (error) {
    throw explainRefusal(error, indexFolder);
  }
}

async function buildLocked(
  options: BuildOptions,
  lock: BuildLock,
): Promise<Omit<BuildReport, 'seconds'>> {
  const { indexFolder, embedder, force = false, onProgress = () => undefined } = options;
  const ended = (step: BuildStep): void => onProgress({ step, done: 1, total: 1 });
  ended('lock');
  const pointer = await usablePointer(indexFolder);
  await prune(indexFolder, pointer);
  ended('clean');

  const split = await options.read();
  const { corpus, passages, problems, skipped } = split;
  if (passages.length === 0) {
    throw new DragomanError('CORPUS', 'The corpus holds no text to build an index from.', {
      hint: 'Put documents into the corpus folder, or point CORPUS_DIR to one that has some.',
    });
  }
  ended('split');
  const expected = placeExpected(corpus.documents, passages);
  const content = encodeContent(split, expected);
  const contentSha256 = contentIdentity(content, embedder, split.chunkerVersion);
  ended('search');

  const left = { problems, skipped };
  const counts = { documents: corpus.documents.length, passages: passages.length };
  if (!force && pointer !== null) {
    const unchanged = await holdsAlready(indexFolder, pointer, contentSha256);
    ended('compare');
    if (unchanged) {
      const { generation } = pointer;
      return {
        generation,
        published: false,
        ...counts,
        embedded: 0,
        reused: passages.length,
        ...left,
      };
    }
  }

  const cache = await openVectorCache(indexFolder, embedder);
  const embedded = await embedAll(
    { documents: corpus.documents, passages, expected },
    embedder,
    cache,
    (done, total) => onProgress({ step: 'embed', done, total }),
  );

  const createdAt = new Date();
  const id = generationId(createdAt, contentSha256);
  const head: ManifestHead = {
    format: INDEX_FORMAT,
    id,
    createdAt: createdAt.toISOString(),
    content: contentSha256,
    model: { id: embedder.id, digest: embedder.digest, dimensions: embedder.dimensions },
    chunker: split.chunkerVersion,
    counts: {
      ...counts,
      expected: expected.length,
      meetings: corpus.meetings.length,
      sources: corpus.sources.length,
    },
  };
  const next: Pointer = { generation: id, previous: pointer?.generation ?? null };
  const building = buildingFolder(indexFolder, id);
  try {
    await writeGeneration({
      folder: building,
      head,
      content,
      vectors: embedded.vectors,
      sentences: embedded.sentences,
      onGraph: (done) =>
        onProgress({ step: 'graph', done, total: passages.length + expected.length }),
      onWritten: (done, total) => onProgress({ step: 'write', done, total }),
    });
    await loadFolder(building);
    ended('verify');
    lock.assertHeld();
    await rename(building, generationFolder(indexFolder, id));
    await syncFolder(indexFolder);
    ended('name');
    await publish(indexFolder, next);
    ended('publish');
  } finally {
    await rm(building, { recursive: true, force: true });
  }

  await prune(indexFolder, next);
  await cache.compact(cacheKeys(corpus.documents, passages, expected));
  await pruneCaches(indexFolder, await modelsOf(indexFolder, next));
  ended('prune');
  const { embedded: computed, reused } = embedded;
  return { generation: id, published: true, ...counts, embedded: computed, reused, ...left };
}

/** A pointer that cannot be read protects nothing: the build replaces it. */
async function usablePointer(indexFolder: string): Promise<Pointer | null> {
  try {
    return await readPointer(indexFolder);
  } catch (error) {
    if (error instanceof DragomanError && error.code === 'INDEX_CORRUPT') return null;
    throw error;
  }
}

function encodeContent(
  { corpus, passages }: SplitCorpus,
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
  const { lexical, units } = buildSearchFiles(corpus, passages, expected);
  return {
    documents: encodeRows(corpus.documents),
    passages: encodeRows(rows),
    meetings: encodeRows(corpus.meetings),
    sources: encodeRows(corpus.sources),
    lexical: [lexical],
    units: [units],
  };
}

/**
 * Everything but vectors and graph goes in as it will be written, so a change of the program that
 * changes what is written is a change too, with no version number to forget. Vectors and graph follow
 * from the passages and the model.
 */
function contentIdentity(
  content: GenerationContent,
  { digest, dimensions }: CachedModel,
  chunkerVersion: string,
): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([INDEX_FORMAT, digest, dimensions, chunkerVersion]));
  for (const [file, chunks] of Object.entries(content)) {
    hash.update(`\n${file}\n`);
    for (const chunk of chunks) hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Whether the current generation is whole and of this content. */
async function holdsAlready(
  indexFolder: string,
  pointer: Pointer,
  contentSha256: string,
): Promise<boolean> {
  try {
    const manifest = await verifyFolder(generationFolder(indexFolder, pointer.generation));
    return manifest.content === contentSha256;
  } catch (error) {
    if (error instanceof DragomanError && error.code === 'INDEX_CORRUPT') return false;
    throw error;
  }
}

async function modelsOf(indexFolder: string, pointer: Pointer): Promise<CachedModel[]> {
  const models: CachedModel[] = [];
  for (const id of [pointer.generation, pointer.previous]) {
    if (id === null) continue;
    try {
      models.push((await readManifest(generationFolder(indexFolder, id))).model);
    } catch (error) {
      // The generation before may be damaged; that is no reason to fail a build that is done.
      if (!(error instanceof DragomanError)) throw error;
    }
  }
  return models;
}
