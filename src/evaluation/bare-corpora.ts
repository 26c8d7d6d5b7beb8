import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCorpus } from '../corpus/read-corpus.ts';
import type { Document } from '../corpus/types.ts';
import { QUESTIONS_ENDING } from '../corpus/walk.ts';

/**
 * Deals a corpus out into small ones of bare pages: no front matter, no bibliography, no footnotes, just a title,
 * headings and text, as a keeper drops them in. What is learned must hold for those too, and a question whose
 * documents lie in another folder is one that cannot be answered, though all its names are known.
 *
 * @returns the folders, made anew
 */
export async function dealOut(
  corpusFolder: string,
  target: string,
  folders: number,
): Promise<string[]> {
  const { corpus } = await readCorpus(corpusFolder);
  await rm(target, { recursive: true, force: true });
  const paths = Array.from({ length: folders }, (_, at) => join(target, String(at + 1)));
  for (const path of paths) await mkdir(path, { recursive: true });
  for (const [at, document] of corpus.documents.entries()) {
    const folder = paths[at % folders];
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

/** A copy of a corpus, some of whose documents have no expected questions: as if they had just been dropped in. */
export interface CorpusWithNews {
  readonly folder: string;
  /** Ids of those documents. */
  readonly news: ReadonlySet<string>;
}

/** As many copies as `parts`; every document with expected questions is new in one of them. */
export async function withNews(
  corpusFolder: string,
  target: string,
  parts: number,
): Promise<CorpusWithNews[]> {
  const { corpus } = await readCorpus(corpusFolder);
  const foreseen = corpus.documents.filter(({ expected }) => expected.length > 0);
  await rm(target, { recursive: true, force: true });
  const copies: CorpusWithNews[] = [];
  for (let part = 0; part < parts; part++) {
    const folder = join(target, String(part + 1));
    await cp(corpusFolder, folder, { recursive: true });
    const news = foreseen.filter((_, at) => at % parts === part);
    for (const { path } of news) await rm(join(folder, path.replace(/\.[^.]*$/, QUESTIONS_ENDING)));
    copies.push({ folder, news: new Set(news.map(({ id }) => id)) });
  }
  return copies;
}
