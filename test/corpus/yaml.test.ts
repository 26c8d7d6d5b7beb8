import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkCorpus } from '../../src/corpus/files.ts';
import { publisherName, readAbout, readBibliography, UNNAMED } from '../../src/corpus/yaml.ts';
import { temporaryFolder, writeFiles } from '../index/temporary-folder.ts';

const HEAD = `account: { en: The club's account, ja: クラブの記録 }
publishers:
  The Gazette: [gazette.example, gazette-archive.example]
`;

const entry = (id: string, publisher: string, url: string): string =>
  `  - { id: ${id}, title: T, publisher: ${publisher}, url: "${url}", kind: press }\n`;

async function read(text: string) {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'sources.yaml': text });
  const { entries, account, problems } = await readBibliography(
    (await walkCorpus(folder)).bibliography,
  );
  return { sources: (entries ?? []).map(({ source }) => source), account, problems };
}

describe('the bibliography', () => {
  it("tells the host of each link, and whether it is the publisher's own", async () => {
    const { sources, problems } = await read(
      `${HEAD}sources:\n` +
        entry('own', 'The Gazette', 'https://www.gazette.example/1') +
        entry('sub', 'The Gazette', 'https://news.gazette-archive.example/1') +
        entry('via', 'The Gazette (via The Herald)', 'https://herald.example/1') +
        entry('alike', 'The Gazette', 'https://thegazette.example/1'),
    );
    expect(problems).toEqual([]);
    expect(sources.map(({ id, host, copy }) => [id, host, copy])).toEqual([
      ['own', 'gazette.example', false],
      ['sub', 'news.gazette-archive.example', false],
      ['via', 'herald.example', true],
      ['alike', 'thegazette.example', true],
    ]);
  });

  it('calls nothing a copy where it names no hosts', async () => {
    const { sources, account } = await read(
      `sources:\n${entry('any', 'The Gazette', 'https://herald.example/1')}`,
    );
    expect(sources[0]).toMatchObject({ host: 'herald.example', copy: false });
    expect(account).toBeNull();
  });

  it("has the name of the corpus's own accounts", async () => {
    expect((await read(`${HEAD}sources: []\n`)).account).toEqual({
      en: "The club's account",
      ja: 'クラブの記録',
    });
  });

  it('names a publisher without hosts, and what is wrong at the top', async () => {
    const { problems } = await read(
      `account: { en: X }\npublishers:\n  The Gazette: [not a host]\nsources: []\n`,
    );
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [1, expect.stringContaining('"account.ja"')],
      [3, expect.stringContaining('"publishers.The Gazette.0"')],
    ]);
    const unknown = await read(
      `${HEAD}sources:\n${entry('x', 'The Herald (online)', 'https://herald.example/1')}`,
    );
    expect(unknown.problems).toEqual([
      expect.objectContaining({
        line: 5,
        message: expect.stringContaining('"The Herald"') as string,
      }),
    ]);
    expect(unknown.sources).toHaveLength(1);
  });
});

describe('the bibliography of the project', () => {
  it('calls a source official and its own only on a host of that publisher', async () => {
    const { entries, problems } = await readBibliography((await walkCorpus('corpus')).bibliography);
    expect(problems).toEqual([]);
    const sources = (entries ?? []).map(({ source }) => source);
    const official = sources.filter(({ kind }) => kind === 'official');
    const copies = official.filter(({ copy }) => copy);
    expect(copies.length).toBeGreaterThan(10);
    // Hosts under which governments and international organisations publish, and nobody else.
    const GOVERNMENTS =
      /(?:\.go\.jp|\.gov|\.gov\.[a-z]{2}|^gov\.[a-z]{2}|^government\.se|\.un\.org|^undp\.org)$/;
    expect(official.filter(({ host, copy }) => copy === GOVERNMENTS.test(host))).toEqual([]);
    // What the bibliography itself says of the copies that were read.
    expect(
      sources.filter(({ publisher, copy }) => /\((?:via|copy)/.test(publisher) && !copy),
    ).toEqual([]);
  });
});

describe('publisherName', () => {
  it('leaves out remarks in brackets', () => {
    expect(publisherName('Reuters (via The Herald)')).toBe('Reuters');
    expect(publisherName('(unsigned)')).toBe('(unsigned)');
  });
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-about-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function readAboutFile(content: string | Uint8Array) {
  await writeFile(join(folder, 'about.yaml'), content);
  return readAbout((await walkCorpus(folder)).about);
}

describe('about.yaml', () => {
  it('names the subject in one language or both; the rest has general words', async () => {
    expect(await readAbout((await walkCorpus(folder)).about)).toEqual({
      about: UNNAMED,
      problems: [],
    });
    expect(await readAboutFile('')).toMatchObject({ problems: [{ path: 'about.yaml' }] });
    const { problems: missing } = await readAboutFile('en: { subject: tea }');
    expect(missing[0]?.message).toBe(
      '"en.topic": expected string, found nothing. Correct the file.',
    );
    const { about, problems } = await readAboutFile(
      'en: { subject: the history of tea, topic: tea }\n',
    );
    expect(problems).toEqual([]);
    expect(about).toEqual({ ...UNNAMED, en: { subject: 'the history of tea', topic: 'tea' } });
  });

  it('has Japanese names of what the documents name in Latin letters', async () => {
    const { about } = await readAboutFile(
      'ja: { subject: お茶の歴史, topic: お茶, names: { green tea: 緑茶 } }\n',
    );
    expect(about.ja.names).toEqual({ 'green tea': '緑茶' });
  });

  it.each([
    ['en: { subject: tea }', 'topic'],
    ['ja: { subject: 茶, topic: 茶, names: { tea: 5 } }', 'names.tea'],
    ['en: { subject: tea, topic: tea, colour: green }', 'colour'],
    ['de: { subject: Tee, topic: Tee }', 'de'],
    [`en: { subject: tea, topic: ${'tea '.repeat(9)} }`, '24'],
    ['en: [', 'expected YAML'],
    ['en: { subject: *a, topic: x }', 'YAML'],
    [new Uint8Array([0, 1, 2, 0, 255]), ''],
  ])('that is wrong is a problem with the file: %s', async (content, told) => {
    const { about, problems } = await readAboutFile(content);
    expect(about).toEqual(UNNAMED);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: 'about.yaml' });
    expect(problems[0]?.message).toContain(told);
  });
});
