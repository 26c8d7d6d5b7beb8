import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

async function output(paths: string[], json = false): Promise<string> {
  const parts: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk.toString());
      done();
    },
  });
  const config = { corpusFolder: folder, noColor: true, forceColor: false };
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

  it('fails only when no file can be read, and without a path', async () => {
    await expect(
      output([join(folder, 'empty.txt'), join(folder, 'none.md')]),
    ).rejects.toMatchObject({ code: 'CORPUS' });
    await expect(output([])).rejects.toMatchObject({ code: 'USAGE' });
  });
});
