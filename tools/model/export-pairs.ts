import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { readExpectedQuestions } from '../../src/corpus/companions.ts';
import { MeetingTies, passagesOf } from '../../src/corpus/passages.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { describeProblem, type Document } from '../../src/corpus/types.ts';
import { embeddedHeader } from '../../src/index/embed.ts';

/**
 * Prints what `fine_tune.py` reads: one passage a line, with its sentences, the training questions that each of them
 * answers (expected and typed ones), and questions that its document does not answer. First the corpus, then the documents
 * that were written for training.
 */
const LANGUAGES = ['en', 'ja'] as const;

interface TrainingQuestion {
  readonly q: string;
  readonly lang: (typeof LANGUAGES)[number];
  readonly offset: number;
}

interface Questions {
  readonly expected: readonly TrainingQuestion[];
  readonly typed: readonly TrainingQuestion[];
  readonly unanswered: readonly string[];
}

const modelFolder = join(PROJECT_FOLDER, 'tools/model');

/** Questions of a folder with the places that answer them. */
async function questionsOf(document: Document, folder: string): Promise<TrainingQuestion[]> {
  const all: TrainingQuestion[] = [];
  for (const lang of LANGUAGES) {
    const path = join(folder, lang, `${document.id}.questions`);
    const content = await readFile(join(modelFolder, 'questions', path), 'utf8');
    const { expected, problems } = readExpectedQuestions(content, path, document);
    if (problems.length > 0) throw new Error(problems.map(describeProblem).join('\n'));
    all.push(...expected.map(({ question, offset }) => ({ q: question, lang, offset })));
  }
  return all;
}

async function unansweredIn(path: string): Promise<string[]> {
  const content = await readFile(join(modelFolder, 'questions/unanswered', path), 'utf8');
  return content.trim().split('\n');
}

async function aboutCorpus(document: Document): Promise<Questions> {
  return {
    expected: await questionsOf(document, ''),
    typed: await questionsOf(document, 'typed'),
    unanswered: await unansweredIn(`${document.id}.txt`),
  };
}

/** A written document has its questions beside it, in both languages. */
async function aboutWritten({ path, expected }: Document): Promise<Questions> {
  const typed = expected.map(({ question, offset }): TrainingQuestion => ({
    q: question,
    lang: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(question) ? 'ja' : 'en',
    offset,
  }));
  return { expected: [], typed, unanswered: await unansweredIn(path.replace(/\.md$/, '.txt')) };
}

async function print(
  folder: string,
  written: boolean,
  questionsAbout: (document: Document) => Promise<Questions>,
): Promise<void> {
  const { corpus, problems } = await readCorpus(folder);
  if (problems.length > 0) throw new Error(problems.map(describeProblem).join('\n'));
  const ties = new MeetingTies(corpus.meetings);
  for (const document of corpus.documents) {
    const { expected, typed, unanswered } = await questionsAbout(document);
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
        written,
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
}

await print(join(PROJECT_FOLDER, 'corpus'), false, aboutCorpus);
await print(join(modelFolder, 'documents'), true, aboutWritten);
