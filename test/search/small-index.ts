import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Embedder } from '../../src/embedding/model.ts';
import { buildIndex } from '../../src/index/build.ts';
import { loadGeneration } from '../../src/index/generation.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { hashingEmbedder } from '../index/hashing-embedder.ts';
import { writeFiles } from '../index/temporary-folder.ts';

export interface SmallIndex {
  readonly index: SearchIndex;
  readonly embedder: Embedder;
  /** Ordinal of the only passage with these words. */
  readonly ordinalOf: (words: string) => number;
}

/** An index over some files, with vectors that know nothing but which words two texts share. */
export async function smallIndex(files: Readonly<Record<string, string>>): Promise<SmallIndex> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-small-'));
  try {
    const [corpusFolder, indexFolder] = [join(folder, 'corpus'), join(folder, 'index')];
    // Of many dimensions, so that two words seldom fall into one.
    const embedder = hashingEmbedder({ dimensions: 4096 });
    await writeFiles(corpusFolder, files);
    await buildIndex({ corpusFolder, indexFolder, embedder });
    const index = await openSearchIndex(await loadGeneration(indexFolder));
    return {
      index,
      embedder,
      ordinalOf: (words) => {
        const found = index.passages.flatMap(({ text }, at) => (text.includes(words) ? [at] : []));
        const [only] = found;
        if (only === undefined || found.length > 1) throw new Error(`Not one with "${words}".`);
        return only;
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Documents of one short passage each, with one question that is expected and shares no word with its answer. */
export const TOUR: Readonly<Record<string, string>> = {
  'train.md':
    '# The way there\n\nThe delegation took a sleeper from Warsaw. It was nine hours long.\n',
  'train.questions': '> took a sleeper\nhow was Kyiv reached\n',
  'gift.md':
    '# Presents\n\nPupils handed over paper cranes.\n\nThe mayor paid 12 million dollars for drones. Nobody minded.\n',
  'talks.md':
    '# Talks\n\nKamikawa and Kuleba talked about winter. Their lunch lasted 45 minutes. They ate soup.\n',
  'court.md': '# The court\n\nJudges showed their library. Old maps hung there.\n',
};
