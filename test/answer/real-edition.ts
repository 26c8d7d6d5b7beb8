import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder } from '../../src/embedding/types.ts';
import { openSnapshot } from '../../src/engine.ts';
import type { Snapshot } from '../../src/engine-types.ts';
import { loadGeneration, type Generation } from '../../src/index/generation.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { buildWithKnownVectors } from '../support/known-vectors.ts';

export interface RealEdition {
  readonly embedder: Embedder;
  readonly generation: Generation;
  readonly index: SearchIndex;
  readonly edition: Snapshot;
  close(): Promise<void>;
}

/** A folder of documents, indexed with the bundled model in a folder of its own. */
export async function openRealEdition(corpusFolder = 'corpus'): Promise<RealEdition> {
  const indexFolder = await mkdtemp(join(tmpdir(), 'dragoman-edition-'));
  const embedder = await openEmbedder(loadConfig({}).embedding);
  await buildWithKnownVectors({ corpusFolder, indexFolder, embedder });
  const generation = await loadGeneration(indexFolder, { model: embedder });
  return {
    embedder,
    generation,
    index: openSearchIndex(generation),
    edition: openSnapshot(generation, embedder),
    close: async () => {
      await embedder.close();
      await rm(indexFolder, { recursive: true });
    },
  };
}
