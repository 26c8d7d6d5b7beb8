/** A build from the lock to the published generation. */
import { rename, mkdir, rm } from 'node:fs/promises';
import { CHUNKER_VERSION, passagesOf, withoutText } from '../corpus/passages.ts';
import { readCorpus, type ReadCorpusResult } from '../corpus/read-corpus.ts';
import { MeetingTies } from '../corpus/ties.ts';
import { CorpusProblems, type Corpus, type Document, type Passage } from '../corpus/types.ts';
import type { Embedder } from '../embedding/model.ts';
import { syncFolder } from '../files.ts';
import {
  DEFAULT_LIMITS,
  planAddition,
  type AdditionLimits,
  openReadings,
  openVectorCache,
  pruneCaches,
  type CachedModel,
  type VectorRows,
} from './earlier-builds.ts';
import { placeExpected } from './build-lexical.ts';
import { ByteVectors, EXACT_LIMIT } from './vectors.ts';
import { embedAll, everydayNearest, unrelatedCosines } from './embed.ts';
import { loadFolder, loadSegment } from './generation.ts';
import {
  INDEX_FORMAT,
  type EverydayNearest,
  readManifest,
  verifyFolder,
  contentKey,
  contextKey,
  documentKey,
  encodeContent,
  linkBase,
  writeManifest,
  writeSegment,
} from './generation-files.ts';
import {
  buildingFolder,
  explainWriteError,
  generationFolder,
  generationId,
  makeIndexFolder,
  prune,
  publish,
  readPointer,
  type Pointer,
  takeLock,
  type BuildLock,
} from './index-folder.ts';
import { NO_CHANGE, unlessCorrupt } from './segments.ts';

/** The steps of a build, in order. */
export const BUILD_STEPS = [
  'lock',
  'clean',
  'read',
  'split',
  'compare',
  'search',
  'embed',
  'graph',
  'write',
  'verify',
  'name',
  'publish',
  'prune',
] as const;

export type BuildStep = (typeof BUILD_STEPS)[number];

/** Progress of a step, which has ended when `done` equals `total`. */
export interface BuildProgress {
  readonly step: BuildStep;
  readonly done: number;
  readonly total: number;
}

type OnBuildProgress = (progress: BuildProgress) => void;

/** A corpus, and how its documents are split into passages. */
export interface SplitCorpus extends Pick<ReadCorpusResult, 'problems' | 'warnings' | 'skipped'> {
  readonly corpus: Corpus;
  readonly passagesOf: (document: Document) => readonly Passage[];
  readonly chunkerVersion: string;
}

export interface BuildOptions {
  /** Called once, while the lock is held. */
  readonly read: () => Promise<SplitCorpus>;
  readonly indexFolder: string;
  readonly embedder: Embedder;
  /** Publish a new generation although nothing has changed. */
  readonly force?: boolean;
  /** Up to what size what has changed becomes an addition to the index, instead of a new index. */
  readonly limits?: AdditionLimits;
  /** Up to how many rows of vectors all are compared, without a graph. */
  readonly exactLimit?: number;
  readonly onProgress?: OnBuildProgress;
}

/** `problems` are those of the files that were left out. */
export interface BuildReport extends Pick<ReadCorpusResult, 'problems' | 'warnings' | 'skipped'> {
  /** Id of the current generation. */
  readonly generation: string;
  /** False when nothing had changed, so that the generation is the one from before. */
  readonly published: boolean;
  readonly documents: number;
  readonly passages: number;
  /** Passages whose vector was computed. */
  readonly embedded: number;
  /** Passages whose vector was known from an earlier build. */
  readonly reused: number;
  readonly seconds: number;
}

export interface BuildIndexOptions extends Omit<BuildOptions, 'read'> {
  readonly corpusFolder: string;
  /** Fail when a file has a problem, instead of leaving it out. */
  readonly strict?: boolean;
}

/**
 * Builds the index of a corpus folder.
 *
 * @throws DragomanError `CORPUS`, as {@link CorpusProblems} when files have problems and are not to be left out or
 *   nothing else is left, and what {@link buildGeneration} throws
 */
export async function buildIndex(options: BuildIndexOptions): Promise<BuildReport> {
  const { corpusFolder, strict = false, ...rest } = options;
  const read = async (): Promise<SplitCorpus> => {
    const readings = await openReadings(rest.indexFolder);
    const { corpus, problems, warnings, skipped } = await readCorpus(corpusFolder, {
      readings,
      onFile: (done, total) => rest.onProgress?.({ step: 'read', done, total }),
    });
    await readings.compact();
    const isNothingLeft = corpus.documents.length === 0;
    if (problems.length > 0 && (strict || isNothingLeft)) {
      throw new CorpusProblems(corpusFolder, problems);
    }
    const ties = new MeetingTies(corpus.meetings);
    return {
      corpus,
      passagesOf: (document) => passagesOf(document, ties),
      chunkerVersion: String(CHUNKER_VERSION),
      problems,
      warnings,
      skipped,
    };
  };
  return buildGeneration({ ...rest, read });
}

/**
 * Builds a generation and publishes it. Whenever a build fails or is killed, the generation that was current before stays
 * current and complete.
 *
 * @throws DragomanError `BUILD_LOCKED` when another build runs, `CORPUS` when there is no text, `MODEL` when the model
 *   gives unusable vectors, `CONFIG` when the index folder cannot be written to, and what `read` throws
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
    throw explainWriteError(error, indexFolder);
  }
}

async function buildLocked(
  options: BuildOptions,
  lock: BuildLock,
): Promise<Omit<BuildReport, 'seconds'>> {
  const { indexFolder, embedder, force = false, onProgress = () => undefined } = options;
  const ended = (step: BuildStep): void => onProgress({ step, done: 1, total: 1 });
  ended('lock');
  // The build replaces a pointer that is damaged.
  const pointer = await unlessCorrupt(readPointer(indexFolder));
  await prune(indexFolder, pointer);
  ended('clean');

  const { corpus, passagesOf: split, chunkerVersion, ...seen } = await options.read();
  const { problems, warnings, skipped } = seen;
  const keys = corpus.documents.map(documentKey);
  const context = await contextKey(corpus, embedder, chunkerVersion);
  const content = contentKey(corpus, context, keys);
  ended('split');

  const currentFolder = generationFolder(indexFolder, pointer?.generation ?? '');
  const current = pointer === null ? null : await unlessCorrupt(verifyFolder(currentFolder));
  if (pointer !== null) ended('compare');
  if (!force && current?.content === content) {
    const { documents, passages } = current.counts;
    const made = { generation: current.id, published: false, documents, passages };
    return { ...made, embedded: 0, reused: passages, problems, warnings, skipped };
  }

  const cache = await openVectorCache(indexFolder, embedder);
  const nearestOf = (table: VectorRows): Promise<EverydayNearest> =>
    everydayNearest(embedder, cache, table);
  const { limits = DEFAULT_LIMITS } = options;
  const addition =
    force || current?.context !== context
      ? null
      : await planAddition(
          { folder: currentFolder, manifest: current },
          { corpus, keys, split, nearestOf, limits },
        );
  const documents = addition?.documents ?? corpus.documents;
  const passages = addition?.passages ?? documents.flatMap(split);
  const kept = addition?.kept ?? { passages: 0, expected: 0 };
  if (passages.length + kept.passages === 0) throw withoutText();
  const expected = placeExpected(documents, passages);
  const parts = {
    documents,
    keys: addition?.keys ?? keys,
    passages,
    expected,
    removed: addition?.removed ?? [],
  };
  const encoded = await encodeContent(corpus, parts, (done) =>
    onProgress({ step: 'search', done, total: passages.length }),
  );
  onProgress({ step: 'search', done: passages.length, total: passages.length });

  const { embedded, ...vectors } = await embedAll(parts, embedder, cache, (done, total) =>
    onProgress({ step: 'embed', done, total }),
  );

  const createdAt = new Date();
  const id = generationId(createdAt, content);
  const next: Pointer = { generation: id, previous: pointer?.generation ?? null };
  const building = buildingFolder(indexFolder, id);
  const counts = {
    documents: corpus.documents.length,
    passages: kept.passages + passages.length,
    expected: kept.expected + expected.length,
  };
  try {
    await mkdir(building);
    if (addition !== null) await linkBase(currentFolder, building);
    const everyday = await nearestOf({
      vectors: new ByteVectors(vectors.packed),
      rows: [...passages.keys()],
    });
    const written = await writeSegment({
      folder: building,
      segment: addition === null ? 0 : 1,
      counts: {
        documents: documents.length,
        passages: passages.length,
        expected: expected.length,
      },
      content: encoded,
      vectors,
      everyday,
      exactLimit: options.exactLimit ?? EXACT_LIMIT,
      onGraph: (done) =>
        onProgress({ step: 'graph', done, total: passages.length + expected.length }),
      onWritten: (done, total) => onProgress({ step: 'write', done, total }),
    });
    await writeManifest(building, {
      format: INDEX_FORMAT,
      id,
      createdAt: createdAt.toISOString(),
      content,
      context,
      model: { id: embedder.id, digest: embedder.digest, dimensions: embedder.dimensions },
      about: corpus.about,
      unrelatedCosines: unrelatedCosines(
        addition === null ? [everyday] : [addition.everyday, everyday],
      ),
      counts: { ...counts, meetings: corpus.meetings.length, sources: corpus.sources.length },
      segments: addition === null ? [written] : [addition.base, written],
      change: addition?.change ?? NO_CHANGE,
    });
    // The files of a base have been checked above.
    if (addition === null) await loadFolder(building);
    else await loadSegment(building, await readManifest(building), 1);
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
  // An addition asks for few of them.
  if (addition === null) await cache.compact();
  await pruneCaches(indexFolder, await modelsOf(indexFolder, next));
  ended('prune');
  return {
    generation: id,
    published: true,
    documents: counts.documents,
    passages: counts.passages,
    embedded,
    reused: counts.passages - embedded,
    problems,
    warnings,
    skipped,
  };
}

/** The models of the pointer's generations. */
async function modelsOf(
  indexFolder: string,
  { generation, previous }: Pointer,
): Promise<CachedModel[]> {
  const models: CachedModel[] = [];
  for (const id of [generation, previous]) {
    if (id === null) continue;
    // A damaged earlier generation must not fail a build that is done.
    const manifest = await unlessCorrupt(readManifest(generationFolder(indexFolder, id)));
    if (manifest !== null) models.push(manifest.model);
  }
  return models;
}
