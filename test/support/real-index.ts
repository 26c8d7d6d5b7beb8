import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Embedder } from '../../src/embedding/model.ts';
import { type Engine, openEngine, openSnapshot, type Snapshot } from '../../src/engine.ts';
import { buildIndex } from '../../src/index/build.ts';
import { type Generation, loadGeneration } from '../../src/index/generation.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { connectEncoder, folderOfIndex } from './shared-encoder.ts';

export interface RealSnapshot {
  readonly embedder: Embedder;
  readonly generation: Generation;
  readonly index: SearchIndex;
  readonly snapshot: Snapshot;
}

/** The index of the project's own corpus, made once for all tests by global-setup.ts. For reading only. */
export function realIndexFolder(): Promise<string> {
  return folderOfIndex(inject('encoderUrl'));
}

/** The bundled model. All tests share its process. */
export function sharedEmbedder(): Promise<Embedder> {
  return connectEncoder(inject('encoderUrl'));
}

let tour: Promise<RealSnapshot> | null = null;

/** The project's own corpus, loaded once for all files of tests that run in one process. */
export function openRealSnapshot(): Promise<RealSnapshot> {
  return (tour ??= realIndexFolder().then(loadSnapshot));
}

let engine: Promise<Engine> | null = null;

/**
 * The engine over the project's own corpus, one for all files of tests that run in one process. It outlives them, so
 * closing it does nothing; nor does watching, because nobody publishes in that folder.
 */
export async function openRealEngine(): Promise<Engine> {
  engine ??= Promise.all([realIndexFolder(), sharedEmbedder()]).then(([indexFolder, embedder]) =>
    openEngine({ indexFolder, embedder }),
  );
  return { ...(await engine), watch: () => undefined, close: () => undefined };
}

/** Another folder of documents, indexed with the bundled model. */
export async function openSnapshotOf(corpusFolder: string): Promise<RealSnapshot> {
  const indexFolder = await mkdtemp(join(tmpdir(), 'dragoman-snapshot-'));
  try {
    await buildIndex({ corpusFolder, indexFolder, embedder: await sharedEmbedder() });
    return await loadSnapshot(indexFolder);
  } finally {
    await rm(indexFolder, { recursive: true });
  }
}

async function loadSnapshot(indexFolder: string): Promise<RealSnapshot> {
  const embedder = await sharedEmbedder();
  const generation = await loadGeneration(indexFolder, { model: embedder });
  return {
    embedder,
    generation,
    index: await openSearchIndex(generation),
    snapshot: await openSnapshot(generation, embedder),
  };
}
