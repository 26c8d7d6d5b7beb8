import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readAbout,
  readBibliography,
  readExpectedQuestions,
  UNNAMED,
} from '../../src/corpus/companions.ts';
import { walkCorpus } from '../../src/corpus/read-files.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { describeProblem, publisherName } from '../../src/corpus/types.ts';
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
      [3, expect.stringContaining('"publishers.The Gazette[0]"')],
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

  it('loses only the entries that are no YAML, and names each with its line', async () => {
    const broken = '  - id: "open\n    title: T\n\n';
    const { sources, account, problems } = await read(
      `${HEAD}sources:\n# the first\n${entry('one', 'The Gazette', 'https://gazette.example/1')}` +
        `${broken}  - { id: two, title: [T }\n` +
        `${entry('three', 'The Gazette', 'https://gazette.example/3')}last: 1\n`,
    );
    expect(sources.map(({ id }) => id)).toEqual(['one', 'three']);
    expect(account?.ja).toBe('クラブの記録');
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [7, expect.stringContaining('source: expected YAML, found: ')],
      [10, expect.stringMatching(/Correct the entry\.$/)],
    ]);
  });

  it('has no entries where something else is no YAML', async () => {
    const { sources, problems } = await read(
      `publishers: [\nsources:\n${entry('one', 'The Gazette', 'https://gazette.example/1')}`,
    );
    expect(sources).toEqual([]);
    expect(problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Correct the file.') as string }),
    ]);
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
    expect(missing[0]?.message).toBe('"en.topic": expected a text, found nothing. Add the key.');
    const { about, problems } = await readAboutFile(
      'en: { subject: the history of tea, topic: tea }\n',
    );
    expect(problems).toEqual([]);
    expect(about).toEqual({ ...UNNAMED, en: { subject: 'the history of tea', topic: 'tea' } });
  });

  it('that is wrong names each value with its line, what was expected and found, and what to do', async () => {
    const { problems } = await readAboutFile(
      'en: { subject: tea, topic: 5 }\nja:\n  subject: 茶\n  topic: tea from the southern slopes\n  names: [茶]\nde: Tee\n',
    );
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '1: "en.topic": expected a text, found 5. Correct the value.',
      '4: "ja.topic": expected at most 24 characters, found "tea from the southern slopes". Correct the value.',
      '5: "ja.names": expected keys with values, found a list. Correct the value.',
      '6: about: found the unknown key "de". Correct its spelling or remove it.',
    ]);
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

const text = 'The lunch\nThey met at noon. The lunch took\nan hour (1+1). They met again.';
const document = {
  path: 'lunch.md',
  text,
  sections: [{ headings: ['The lunch'], blocks: [{ start: 10, end: text.length }] }],
};
const readQuestions = (content: string) =>
  readExpectedQuestions(content, 'lunch.questions', document);

describe('readExpectedQuestions', () => {
  it('ties each question to the place of the words quoted above it', () => {
    const { expected, problems } = readQuestions(
      '# ours\n> at noon\nwhen?\n\nwhat time\r\n> again\nonce more?\n',
    );
    expect(problems).toEqual([]);
    expect(expected).toEqual([
      { question: 'when?', offset: text.indexOf('at noon') },
      { question: 'what time', offset: text.indexOf('at noon') },
      { question: 'once more?', offset: text.indexOf('again') },
    ]);
  });

  it('reads a space in a quotation as any white space, and signs as themselves', () => {
    expect(readQuestions('> took an hour (1+1).\nhow long').expected).toEqual([
      { question: 'how long', offset: text.indexOf('took') },
    ]);
  });

  it('does not look for a quotation in headings', () => {
    expect(readQuestions('> The lunch\nwhat').expected).toEqual([
      { question: 'what', offset: text.indexOf('The lunch took') },
    ]);
  });

  it.each([
    ['stands nowhere', '> at dawn\nwhen', 1, /does not occur there/],
    ['stands twice', '\n> They met\nwho', 2, /occurs there more than once/],
    ['is empty', '>\nwho', 1, /does not occur there/],
    ['is missing', 'who', 1, /before the first question, found "who"/],
  ])(
    'says by line when a quotation %s, and leaves its questions out',
    (_, content, line, found) => {
      const { expected, problems } = readQuestions(`${content}\n> again\nlast?`);
      expect(expected.map(({ question }) => question)).toEqual(['last?']);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ path: 'lunch.questions', line });
      expect(problems[0]?.message).toMatch(found);
    },
  );
});

describe('a corpus with files of questions', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dragoman-questions-'));
    await writeFile(join(folder, 'lunch.md'), '# Lunch\n\nThey met at noon.[^a]\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives a document the questions of the file with its name', async () => {
    await writeFile(join(folder, 'lunch.questions'), '> met at noon.\nwhat time was it\n');
    const { corpus, problems, skipped } = await readCorpus(folder);
    expect(problems).toEqual([]);
    expect(skipped).toEqual([]);
    const [lunch] = corpus.documents;
    expect(lunch?.expected).toEqual([
      { question: 'what time was it', offset: lunch?.text.indexOf('met at') },
    ]);
  });

  it('says what is wrong with a file of questions, and still reads the document', async () => {
    await writeFile(join(folder, 'lunch.questions'), '');
    await writeFile(join(folder, 'dinner.questions'), '> x\ny\n');
    const { corpus, problems } = await readCorpus(folder);
    expect(corpus.documents.map(({ id }) => id)).toEqual(['lunch']);
    expect(problems.map(describeProblem)).toEqual([
      'dinner.questions: expected one document of the same name in the same folder, found none. Rename the file, or remove it.',
      'lunch.questions: expected text, found an empty file. Fill it or remove it.',
    ]);
  });

  it('does not guess which of two documents is meant', async () => {
    await cp(join(folder, 'lunch.md'), join(folder, 'lunch.txt'));
    await writeFile(join(folder, 'lunch.questions'), '> noon\nwhen\n');
    const { problems } = await readCorpus(folder);
    expect(problems.map(({ message }) => message)).toEqual([
      'expected one document of the same name in the same folder, found lunch.md and lunch.txt. Rename the file, or remove it.',
    ]);
  });
});
