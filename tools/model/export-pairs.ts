import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { readExpectedQuestions } from '../../src/corpus/companions.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { MeetingTies } from '../../src/corpus/ties.ts';
import { describeProblem, type Document } from '../../src/corpus/types.ts';
import { embeddedHeader } from '../../src/index/embed.ts';

/**
 * Prints what `fine_tune.py` reads: one passage of the corpus a line, with its sentences, the training questions
 * that each of them answers (expected and typed ones), and questions that its document does not answer.
 */
const LANGUAGES = ['en', 'ja'] as const;

interface TrainingQuestion {
  readonly q: string;
  readonly lang: (typeof LANGUAGES)[number];
  readonly offset: number;
}

const questionFolder = join(PROJECT_FOLDER, 'tools/model/questions');

/** Questions of a folder with the places that answer them. */
async function questionsOf(document: Document, folder: string): Promise<TrainingQuestion[]> {
  const all: TrainingQuestion[] = [];
  for (const lang of LANGUAGES) {
    const path = join(folder, lang, `${document.id}.questions`);
    const content = await readFile(join(questionFolder, path), 'utf8');
    const { expected, problems } = readExpectedQuestions(content, path, document);
    if (problems.length > 0) throw new Error(problems.map(describeProblem).join('\n'));
    all.push(...expected.map(({ question, offset }) => ({ q: question, lang, offset })));
  }
  return all;
}

async function unansweredOf({ id }: Document): Promise<string[]> {
  const content = await readFile(join(questionFolder, 'unanswered', `${id}.txt`), 'utf8');
  return content.trim().split('\n');
}

const { corpus } = await readCorpus(join(PROJECT_FOLDER, 'corpus'));
const ties = new MeetingTies(corpus.meetings);
for (const document of corpus.documents) {
  const [expected, typed, unanswered] = await Promise.all([
    questionsOf(document, ''),
    questionsOf(document, 'typed'),
    unansweredOf(document),
  ]);
  for (const { start, end, text, headings, sentences } of passagesOf(document, ties)) {
    /** Those that a place of the passage answers, each with the number of the sentence. */
    const answeredBy = (questions: readonly TrainingQuestion[]): Record<string, unknown>[] =>
      questions
        .filter(({ offset }) => start <= offset && offset < end)
        .map(({ q, lang, offset }) => ({
          q,
          lang,
          s: Math.max(
            0,
            sentences.findIndex((sentence) => offset - start < sentence.end),
          ),
        }));
    const record = {
      doc: document.id,
      header: embeddedHeader(document.title, headings),
      text,
      sentences: sentences.map((sentence) => [sentence.start, sentence.end]),
      expected: answeredBy(expected),
      typed: answeredBy(typed),
      unanswered,
    };
    process.stdout.write(`${JSON.stringify(record)}\n`);
  }
}
