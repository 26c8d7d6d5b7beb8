import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAbout, UNNAMED } from '../../src/corpus/about.ts';
import { walkCorpus } from '../../src/corpus/files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-about-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function read(content: string | Uint8Array) {
  await writeFile(join(folder, 'about.yaml'), content);
  return readAbout((await walkCorpus(folder)).about);
}

describe('about.yaml', () => {
  it('names the subject in one language or both; the rest has general words', async () => {
    expect(await readAbout((await walkCorpus(folder)).about)).toEqual({
      about: UNNAMED,
      problems: [],
    });
    expect(await read('')).toMatchObject({ problems: [{ path: 'about.yaml' }] });
    const { about, problems } = await read('en: { subject: the history of tea, topic: tea }\n');
    expect(problems).toEqual([]);
    expect(about).toEqual({ ...UNNAMED, en: { subject: 'the history of tea', topic: 'tea' } });
  });

  it.each([
    ['en: { subject: tea }', 'topic'],
    ['en: { subject: tea, topic: tea, colour: green }', 'colour'],
    ['de: { subject: Tee, topic: Tee }', 'de'],
    [`en: { subject: tea, topic: ${'tea '.repeat(9)} }`, '24'],
    ['en: [', 'expected YAML'],
    ['a: &a x\nen: { subject: *a, topic: *a }', 'YAML'],
    [new Uint8Array([0, 1, 2, 0, 255]), ''],
  ])('that is wrong is a problem with the file: %s', async (content, told) => {
    const { about, problems } = await read(content);
    expect(about).toEqual(UNNAMED);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: 'about.yaml' });
    expect(problems[0]?.message).toContain(told);
  });
});
