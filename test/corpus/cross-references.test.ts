import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readExpectedQuestions } from '../../src/corpus/cross-references.ts';
import { describeProblem } from '../../src/corpus/files.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';

const text = 'The lunch\nThey met at noon. The lunch took\nan hour (1+1). They met again.';
const document = {
  path: 'lunch.md',
  text,
  sections: [{ headings: ['The lunch'], blocks: [{ start: 10, end: text.length }] }],
};
const read = (content: string) => readExpectedQuestions(content, 'lunch.questions', document);

describe('readExpectedQuestions', () => {
  it('ties each question to the place of the words quoted above it', () => {
    const { expected, problems } = read(
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
    expect(read('> took an hour (1+1).\nhow long').expected).toEqual([
      { question: 'how long', offset: text.indexOf('took') },
    ]);
  });

  it('does not look for a quotation in headings', () => {
    expect(read('> The lunch\nwhat').expected).toEqual([
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
      const { expected, problems } = read(`${content}\n> again\nlast?`);
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
