/** A build from the lock to the published generation. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MeetingTies, CHUNKER_VERSION, passagesOf, withoutText } from '../corpus/passages.ts';
import { checkCorpus, readCorpus, type ReadCorpusResult } from '../corpus/read-corpus.ts';
import {
  CorpusProblems,
  SOURCES_FILE,
  type Corpus,
  type Document,
  type Passage,
} from '../corpus/types.ts';
import type { Embedder } from '../embedding/model.ts';
import { programDigest, sha256, syncFolder } from '../files.ts';
import { namesOf } from '../language/terms.ts';
import { embedAll, everydayNearest, unrelatedCosines } from './embed.ts';
import { encodeRows, encodeTexts, rowOfDocument } from './encoding.ts';
import {
  DEFAULT_LIMITS,
  loadFolder,
  loadSegment,
  NO_CHANGE,
  pathsInUse,
  placeExpected,
  planAddition,
  type AdditionLimits,
  type PlacedQuestion,
  type SegmentParts,
} from './generation.ts';
import {
  INDEX_FORMAT,
  linkBase,
  readManifest,
  storedSegments,
  verifyFolder,
  writeManifest,
  writeSegment,
  type EverydayNearest,
  type SegmentContent,
} from './generation-files.ts';
import {
  buildingFolder,
  explainWriteError,
  generationFolder,
  generationId,
  makeIndexFolder,
  openReadings,
  openVectorCache,
  prune,
  pruneCaches,
  publish,
  readPointer,
  unlessCorrupt,
  type Pointer,
} from './index-folder.ts';
import { LexicalBuilder } from './lexical.ts';
import { takeLock, type BuildLock } from './lock.ts';
import { EXACT_LIMIT } from './scan.ts';
import { ByteVectors } from './vectors.ts';

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

/** A corpus, and how its documents are split into passages. */
export interface SplitCorpus extends Pick<
  ReadCorpusResult,
  'corpus' | 'problems' | 'warnings' | 'skipped'
> {
  readonly passagesOf: (document: Document) => readonly Passage[];
  readonly chunkerVersion: string;
}

export interface BuildOptions {
  /** Called once, while the lock is held. */
  readonly read: () => Promise<SplitCorpus>;
  readonly indexFolder: string;
  readonly embedder: Embedder;
  readonly force?: boolean;
  /** Up to what size what has changed becomes an addition to the index, instead of a new index. */
  readonly limits?: AdditionLimits;
  /** Up to how many rows of vectors all are compared, without a graph. */
  readonly exactLimit?: number;
  /** Progress of a step, which has ended when `done` equals `total`. */
  readonly onProgress?: (progress: { step: BuildStep; done: number; total: number }) => void;
}

export type BuildReport = Awaited<ReturnType<typeof buildGeneration>>;

/**
 * Builds the index of a corpus folder.
 *
 * @throws DragomanError `CORPUS`, as {@link CorpusProblems} when files have problems and are not to be left out or
 *   nothing else is left, and what {@link buildGeneration} throws
 */
export async function buildIndex({
  corpusFolder,
  strict = false,
  ...rest
}: Omit<BuildOptions, 'read'> & {
  readonly corpusFolder: string;
  readonly strict?: boolean;
}): Promise<BuildReport> {
  const read = async (): Promise<SplitCorpus> => {
    const readings = await openReadings(rest.indexFolder);
    const found = await readCorpus(corpusFolder, {
      readings,
      inUse: await pathsInUse(rest.indexFolder),
      onFile: (done, total) => rest.onProgress?.({ step: 'read', done, total }),
    });
    await readings.compact();
    const { documents, meetings, sources } = found.corpus;
    // Without the sources that documents name the index would lose all citations: the one in use is better.
    const isUnsourced =
      sources.length === 0 &&
      found.problems.some(({ path }) => path === SOURCES_FILE) &&
      documents.some((document) => document.sources.length > 0);
    // Also between documents, as a check names them.
    const problems = strict ? checkCorpus(found) : found.problems;
    if (problems.length > 0 && (strict || documents.length === 0 || isUnsourced)) {
      throw new CorpusProblems(corpusFolder, problems);
    }
    const ties = new MeetingTies(meetings);
    return {
      ...found,
      passagesOf: (document) => passagesOf(document, ties),
      chunkerVersion: String(CHUNKER_VERSION),
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
export async function buildGeneration(options: BuildOptions) {
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

async function buildLocked(options: BuildOptions, lock: BuildLock) {
  const { indexFolder, embedder, force = false, onProgress = () => undefined } = options;
  const reached =
    (step: BuildStep) =>
    (done: number, total: number): void =>
      onProgress({ step, done, total });
  const ended = (step: BuildStep): void => onProgress({ step, done: 1, total: 1 });
  ended('lock');
  // The build replaces a pointer that is damaged.
  const pointer = await unlessCorrupt(readPointer(indexFolder));
  await prune(indexFolder, pointer);
  ended('clean');

  const read = await options.read();
  const { corpus, passagesOf: split, problems, warnings, skipped } = read;
  /** `problems` are those of the files that were left out. */
  const seen = { problems, warnings, skipped };
  const keys = corpus.documents.map(documentKey);
  const context = await contextKey(corpus, embedder, read.chunkerVersion);
  /** Of everything that determines a generation. */
  const content = sha256(JSON.stringify([context, corpus.about, corpus.sources, keys]));
  ended('split');

  const currentFolder = generationFolder(indexFolder, pointer?.generation ?? '');
  const current = pointer === null ? null : await unlessCorrupt(verifyFolder(currentFolder));
  if (pointer !== null) ended('compare');
  if (!force && current?.content === content) {
    const { documents, passages } = current.counts;
    const made = { generation: current.id, published: false, documents, passages };
    return { ...made, embedded: 0, reused: passages, ...seen };
  }

  const cache = await openVectorCache(indexFolder, embedder);
  const nearestOf = (vectors: ByteVectors, rows: readonly number[]): Promise<EverydayNearest> =>
    everydayNearest(embedder, cache, vectors, rows);
  const { limits = DEFAULT_LIMITS, exactLimit = EXACT_LIMIT } = options;
  const isSameContext = !force && current?.context === context;
  const base = isSameContext ? storedSegments(currentFolder, current)[0] : null;
  const addition =
    base === null ? null : await planAddition(base, { corpus, keys, split, nearestOf, limits });
  const parts: SegmentParts = addition ?? {
    ...{ documents: corpus.documents, keys, removed: [] },
    passages: corpus.documents.flatMap(split),
  };
  const { documents, passages } = parts;
  const kept = addition?.kept ?? { passages: 0, expected: 0 };
  if (passages.length + kept.passages === 0) throw withoutText();
  const expected = placeExpected(documents, passages);
  const encoded = await encodeContent(corpus, parts, expected, reached('search'));
  const toEmbed = { documents, passages, expected };
  const computed = await embedAll(toEmbed, embedder, cache, reached('embed'));
  const { embedded, packed, sentences } = computed;

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
    const everyday = await nearestOf(new ByteVectors(packed), [...passages.keys()]);
    const rows = { passages: passages.length, expected: expected.length };
    const own = {
      counts: { documents: documents.length, ...rows },
      files: await writeSegment({
        folder: building,
        segment: addition === null ? 0 : 1,
        content: { ...encoded, vectors: [packed], sentences: [sentences] },
        vectors: computed.vectors,
        exactLimit,
        onGraph: (done) => reached('graph')(done, rows.passages + rows.expected),
        onWritten: reached('write'),
      }),
      everyday,
    };
    await writeManifest(building, {
      format: INDEX_FORMAT,
      id,
      createdAt: createdAt.toISOString(),
      content,
      context,
      model: { id: embedder.id, digest: embedder.digest, dimensions: embedder.dimensions },
      about: corpus.about,
      unrelatedCosines: unrelatedCosines([...(addition ? [addition.everyday] : []), everyday]),
      counts: { ...counts, meetings: corpus.meetings.length, sources: corpus.sources.length },
      segments: addition && base ? [base.manifest, own] : [own],
      change: addition?.change ?? NO_CHANGE,
    });
    // The files of a base have been checked above.
    const [, added] = storedSegments(building, await readManifest(building));
    await (added === undefined ? loadFolder(building) : loadSegment(added));
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
    /** Id of the current generation. */
    generation: id,
    /** False when nothing had changed, so that the generation is the one from before. */
    published: true,
    documents: counts.documents,
    passages: counts.passages,
    /** Passages whose vector was computed; that of the others was known from an earlier build. */
    embedded,
    reused: counts.passages - embedded,
    ...seen,
  };
}

/**
 * sha256 of everything that determines what becomes of a document but the document itself: the program, the model, the names and
 * the meetings that texts are tied to.
 */
async function contextKey(
  { documents, meetings }: Corpus,
  { digest, dimensions }: Embedder,
  chunkerVersion: string,
): Promise<string> {
  // Only other spellings of a name change how texts are read.
  const people = documents.flatMap((document) =>
    document.people.filter(({ otherSpellings }) => otherSpellings.length > 0),
  );
  const program = [INDEX_FORMAT, await programDigest(), chunkerVersion];
  return sha256(JSON.stringify([program, digest, dimensions, people, meetings]));
}

/** What follows from the bytes and the text of a document. */
const DERIVED = { text: null, sections: null, footnotes: null, origin: null };

/** sha256 of everything that an index has of a document, in the same context. */
function documentKey(document: Document): string {
  return sha256(document.text + JSON.stringify({ ...document, ...DERIVED }));
}

/** Passages read before other work gets a turn: the lease of the build's lock is renewed meanwhile. */
const PASSAGES_PER_TURN = 500;

/** What a segment contains apart from vectors. The same corpus gives the same bytes. */
async function encodeContent(
  corpus: Corpus,
  { documents, keys, passages, removed }: SegmentParts,
  expected: readonly PlacedQuestion[],
  onProgress: (done: number, total: number) => void,
): Promise<Omit<SegmentContent, 'vectors' | 'sentences'>> {
  const lexical = new LexicalBuilder(namesOf(corpus));
  for (const [position, passage] of passages.entries()) {
    if (position % PASSAGES_PER_TURN === 0) {
      onProgress(position, passages.length);
      await nextTurn();
    }
    lexical.add(passage);
  }
  for (const passage of removed) lexical.remove(passage);
  onProgress(passages.length, passages.length);
  return {
    documents: encodeRows(documents.map(rowOfDocument)),
    texts: [encodeTexts(documents, passages)],
    meetings: encodeRows(corpus.meetings),
    sources: encodeRows(corpus.sources),
    keys: encodeRows(keys),
    lexical: [lexical.finish(expected)],
  };
}

async function modelsOf(indexFolder: string, { generation, previous }: Pointer) {
  const folders = [generation, previous ?? []]
    .flat()
    .map((id) => generationFolder(indexFolder, id));
  // A damaged earlier generation must not fail a build that is done.
  const readings = folders.map((folder) => unlessCorrupt(readManifest(folder)));
  return (await Promise.all(readings)).flatMap((manifest) => manifest?.model ?? []);
}
