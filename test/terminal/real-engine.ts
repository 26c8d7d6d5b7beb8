import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { openEngine } from '../../src/engine.ts';
import type { Engine } from '../../src/engine-types.ts';
import { buildWithKnownVectors } from '../support/known-vectors.ts';

export interface RealEngine {
  readonly engine: Engine;
  readonly config: Config;
  close(): Promise<void>;
}

/** An engine over the project's own corpus, with an index of its own. */
export async function openRealEngine(): Promise<RealEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-terminal-'));
  const config = loadConfig({ INDEX_DIR: folder });
  const { corpusFolder, indexFolder } = config;
  const embedder = await openEmbedder(config.embedding);
  await buildWithKnownVectors({ corpusFolder, indexFolder, embedder });
  const engine = await openEngine({ indexFolder, embedder });
  return {
    engine,
    config,
    close: async () => {
      engine.close();
      await embedder.close();
      await rm(folder, { recursive: true });
    },
  };
}
