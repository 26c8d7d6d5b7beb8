import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import type { Document } from '../../src/corpus/types.ts';

/**
 * Splits a corpus into small ones of bare pages: no front matter, no bibliography, no footnotes, just a title,
 * headings and text, as somebody drops them in. What is learned must hold for those too, and a question whose
 * documents lie in another folder is one that cannot be answered, though all its names are known.
 *
 * @returns the folders, created again
 */
export async function splitBare(
  corpusFolder: string,
  target: string,
  folders: number,
): Promise<string[]> {
  const { corpus } = await readCorpus(corpusFolder);
  await rm(target, { recursive: true, force: true });
  const paths = Array.from({ length: folders }, (_, i) => join(target, String(i + 1)));
  for (const path of paths) await mkdir(path, { recursive: true });
  for (const [i, document] of corpus.documents.entries()) {
    const folder = paths[i % folders];
    if (folder === undefined) continue;
    await writeFile(join(folder, `${document.id}.md`), bareText(document));
  }
  return paths;
}

function bareText({ title, text, sections }: Document): string {
  const parts = sections.flatMap(({ headings, blocks }) => [
    ...headings.slice(-1).map((heading) => `## ${heading}`),
    ...blocks.map(({ start, end }) => text.slice(start, end)),
  ]);
  return `# ${title}\n\n${parts.join('\n\n')}\n`;
}
