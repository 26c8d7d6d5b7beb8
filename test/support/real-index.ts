import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Embedder } from '../../src/embedding/types.ts';
import { openEdition, openEngine } from '../../src/engine.ts';
import type { Edition, Engine } from '../../src/engine-types.ts';
import { buildIndex } from '../../src/index/build-index.ts';
import { loadGeneration, type Generation } from '../../src/index/generation.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { connectEncoder } from './shared-encoder.ts';

export interface RealEdition {
  readonly embedder: Embedder;
  readonly generation: Generation;
  readonly index: SearchIndex;
  readonly edition: Edition;
}

/** The index of the project's own corpus, made once for all tests by global-setup.ts. For reading only. */
export function realIndexFolder(): string {
  return inject('realIndexFolder');
}

/** The bundled model. All tests share its process. */
export function sharedEmbedder(): Embedder {
  return connectEncoder(inject('sharedEncoder'));
}

let tour: Promise<RealEdition> | null = null;

/** The project's own corpus, loaded once for all files of tests that run in one process. */
export function openRealEdition(): Promise<RealEdition> {
  return (tour ??= loadEdition(realIndexFolder()));
}

/** An engine over the project's own corpus. */
export function openRealEngine(): Promise<Engine> {
  return openEngine({ indexFolder: realIndexFolder(), embedder: sharedEmbedder() });
}

/** Another folder of documents, indexed with the bundled model. */
export async function openEditionOf(corpusFolder: string): Promise<RealEdition> {
  const indexFolder = await mkdtemp(join(tmpdir(), 'dragoman-edition-'));
  try {
    await buildIndex({ corpusFolder, indexFolder, embedder: sharedEmbedder() });
    return await loadEdition(indexFolder);
  } finally {
    await rm(indexFolder, { recursive: true });
  }
}

async function loadEdition(indexFolder: string): Promise<RealEdition> {
  const embedder = sharedEmbedder();
  const generation = await loadGeneration(indexFolder, { model: embedder });
  return {
    embedder,
    generation,
    index: openSearchIndex(generation),
    edition: openEdition(generation, embedder),
  };
}
