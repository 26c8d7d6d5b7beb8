import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { sha256 } from '../../src/files.ts';
import { runRead, type SeenFile } from '../../src/terminal/read.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-read-'));
  await writeFile(
    join(folder, 'note.md'),
    '# The lamp\n\nThe lamp at Aldersund was lit in 1871.\n\n## Keepers\n\nSign in with the keeper.\n',
  );
  await writeFile(join(folder, 'empty.txt'), '');
});
afterAll(async () => rm(folder, { recursive: true }));

async function output(paths: string[], json = false, corpusFolder = folder): Promise<string> {
  const parts: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk.toString());
      done();
    },
  });
  const config = { corpusFolder, noColor: true, forceColor: false };
  await runRead({ _: paths, json }, config, sink);
  return parts.join('');
}

describe('npm run read', () => {
  it('prints a line of JSON for each file, with passages and their lines, or the problem', async () => {
    const lines = (await output([folder], true)).trim().split('\n');
    const [empty, note] = lines.map((line) => JSON.parse(line) as SeenFile);
    expect(empty).toMatchObject({ path: join(folder, 'empty.txt'), title: null, passages: [] });
    expect(empty?.problems[0]?.message).toContain('empty file');
    expect(note).toMatchObject({
      path: join(folder, 'note.md'),
      title: 'The lamp',
      passages: [
        { text: 'The lamp at Aldersund was lit in 1871.', lines: [3, 3] },
        { text: 'Sign in with the keeper.', lines: [7, 7], headings: ['Keepers'] },
      ],
      problems: [],
    });
  });

  it('prints the same for people', async () => {
    const text = await output([join(folder, 'note.md')]);
    expect(text).toContain('Title: The lamp');
    expect(text).toContain('line 7 · Keepers\n      Sign in with the keeper.');
  });

  it('tells what was read in part, and follows the charset that a page was fetched with', async () => {
    const pages = join(folder, 'pages');
    await mkdir(pages);
    const page = Buffer.from(
      '<p>Die Fähre nach Sæby fährt erst im März wieder, sagt der Hafen.</p>',
      'latin1',
    );
    const sidecar = {
      source: 'ferry',
      file: 'ferry.html',
      address: 'https://gazette.example/ferry',
      finalAddress: 'https://gazette.example/ferry',
      archived: false,
      fetchedAt: '2024-01-12T10:00:00Z',
      checkedAt: '2024-01-12T10:00:00Z',
      sha256: sha256(page),
      contentType: 'text/html; charset=iso-8859-1',
      etag: null,
      lastModified: null,
    };
    await writeFile(join(pages, 'ferry.html'), page);
    await writeFile(join(pages, 'ferry.page.json'), JSON.stringify(sidecar));
    await writeFile(
      join(pages, 'post.md'),
      '---\ntitle: Boats: a list\n---\nThe Solveig sails first.\n',
    );
    await writeFile(join(pages, 'stub.md'), '# Only a heading\n');
    expect(await output([pages])).toContain('Not a document: it has no text below its title.');
    for (const paths of [[pages], [join(pages, 'ferry.html'), join(pages, 'post.md')]]) {
      const [ferry, post] = (await output(paths, true))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as SeenFile);
      expect(ferry?.passages[0]?.text).toContain('Fähre nach Sæby');
      expect(post?.warnings).toEqual([expect.objectContaining({ line: 2 })]);
    }
    expect(await output([join(pages, 'post.md')])).toMatch(
      /Warning, line 2\n +front matter: expected YAML/,
    );
  });

  it('refuses what a build refuses: links that leave the corpus, and what is no document', async () => {
    const corpus = join(folder, 'linked');
    await mkdir(join(corpus, 'inner'), { recursive: true });
    await writeFile(join(corpus, 'sources.yaml'), 'sources: []\n');
    await writeFile(join(corpus, 'README.md'), 'How to read this.\n');
    await writeFile(join(corpus, 'sea.md'), 'The sea is calm.\n');
    await symlink(join(folder, 'note.md'), join(corpus, 'out.md'));
    await symlink('../sea.md', join(corpus, 'inner/within.md'));
    const seen = async (...paths: string[]): Promise<SeenFile[]> =>
      (
        await output(
          [join(corpus, 'sea.md'), ...paths.map((path) => join(corpus, path))],
          true,
          corpus,
        )
      )
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as SeenFile);
    const built = await readCorpus(corpus);
    const [out, within, readme, sources] = await seen(
      'out.md',
      'inner/within.md',
      'README.md',
      'sources.yaml',
    );
    expect(built.problems.map(({ message }) => message)).toEqual([out?.problems[0]?.message]);
    expect(out?.problems[0]?.message).toContain('found a link that leaves it');
    expect(within?.title).toBe('The sea is calm.');
    expect((await seen('inner'))[0]?.title).toBe('The sea is calm.');
    for (const other of [readme, sources])
      expect(other?.problems[0]?.message).toContain('not a document');
  });

  it('fails only when no file can be read, and without a path', async () => {
    await expect(
      output([join(folder, 'empty.txt'), join(folder, 'none.md')]),
    ).rejects.toMatchObject({ code: 'CORPUS' });
    await expect(output([])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(output([''])).rejects.toMatchObject({ code: 'USAGE' });
  });
});
