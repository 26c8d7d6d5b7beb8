import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../../../src/config.ts';
import { readExpectedQuestions } from '../../../src/corpus/companions.ts';
import { readCorpus } from '../../../src/corpus/read-corpus.ts';
import { describeProblem, type Document } from '../../../src/corpus/types.ts';

let documents: readonly Document[];
beforeAll(async () => {
  ({
    corpus: { documents },
  } = await readCorpus(join(PROJECT_FOLDER, 'corpus')));
});

it.each(['en', 'ja', 'typed/en', 'typed/ja'])(
  'the training questions (%s) quote their documents',
  async (folder) => {
    expect(documents.length).toBeGreaterThan(0);
    const problems = await Promise.all(
      documents.map(async (document) => {
        const path = join(folder, `${document.id}.questions`);
        const content = await readFile(join(PROJECT_FOLDER, 'tools/model/questions', path), 'utf8');
        return readExpectedQuestions(content, path, document).problems.map(describeProblem);
      }),
    );
    expect(problems.flat()).toEqual([]);
  },
);

it('the questions about written documents quote them, and each document has some that it does not answer', async () => {
  const folder = join(PROJECT_FOLDER, 'tools/model');
  const { corpus, problems } = await readCorpus(join(folder, 'documents'));
  expect(problems.map(describeProblem)).toEqual([]);
  expect(corpus.documents.length).toBeGreaterThan(300);
  for (const { path, expected } of corpus.documents) {
    const file = join(folder, 'questions/unanswered', path.replace(/\.md$/, '.txt'));
    const unanswered = (await readFile(file, 'utf8')).trim().split('\n');
    expect([path, expected.length > 0, unanswered.length > 0]).toEqual([path, true, true]);
  }
});
