import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { buildIndex, type BuildIndexOptions } from '../../src/index/build.ts';

/** Code that vectors depend on, beside the model's files. */
const CODE = [
  'src/embedding',
  'src/index/embed.ts',
  'src/index/passage-parts.ts',
  'src/index/vector-cache.ts',
];

/**
 * Builds an index with the vectors that earlier tests of the same corpus, model and code have embedded: many tests want
 * one of the whole corpus, and the encoder takes longer than all else in them.
 */
export async function buildWithKnownVectors(options: BuildIndexOptions): Promise<void> {
  const { corpusFolder, indexFolder } = options;
  await seedKnownVectors(options);
  await buildIndex(options);
  const kept = await folderOf(corpusFolder);
  for (const name of await readdir(join(indexFolder, 'cache'))) {
    const [had, has] = [
      await sizeOf(join(kept, name)),
      await sizeOf(join(indexFolder, 'cache', name)),
    ];
    if (had === has) continue;
    // Other tests read the file meanwhile.
    const unfinished = join(kept, `${name}.${process.pid}`);
    await copyFile(join(indexFolder, 'cache', name), unfinished);
    await rename(unfinished, join(kept, name));
  }
}

/** Puts known vectors where a build into the folder looks for them. */
export async function seedKnownVectors({
  corpusFolder,
  indexFolder,
}: Pick<BuildIndexOptions, 'corpusFolder' | 'indexFolder'>): Promise<void> {
  const kept = await folderOf(corpusFolder);
  await mkdir(kept, { recursive: true });
  await cp(kept, join(indexFolder, 'cache'), {
    recursive: true,
    filter: (path) => path === kept || path.endsWith('.vectors'),
  });
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found?.size ?? 0;
}

async function folderOf(corpusFolder: string): Promise<string> {
  const hash = createHash('sha256').update(resolve(PROJECT_FOLDER, corpusFolder));
  for (const path of CODE) {
    const names = path.endsWith('.ts') ? [''] : await readdir(join(PROJECT_FOLDER, path));
    for (const name of names.sort()) hash.update(await readFile(join(PROJECT_FOLDER, path, name)));
  }
  return join(PROJECT_FOLDER, '.cache/test-vectors', hash.digest('hex').slice(0, 16));
}
