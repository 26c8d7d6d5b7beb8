import { decode } from './formats/decode.ts';
import { problem } from './problems.ts';
import { readFound } from './read-found.ts';
import type { Document, ExpectedQuestion, Problem } from './types.ts';
import { QUESTIONS_ENDING, type FileFound } from './files.ts';

const QUOTE_MARK = '>';

export interface ReadExpectedQuestions {
  readonly expected: readonly ExpectedQuestion[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the questions that a keeper expects of a document. A line `> quote` names words that stand exactly once in
 * the document's text; each line below it, up to the next quote, is a question that those words answer. Empty lines
 * and lines that begin with `#` say nothing.
 */
export function readExpectedQuestions(
  content: string,
  path: string,
  document: Pick<Document, 'path' | 'text' | 'sections'>,
): ReadExpectedQuestions {
  const expected: ExpectedQuestion[] = [];
  const problems: Problem[] = [];
  let offset: number | 'no quote yet' | 'bad quote' = 'no quote yet';
  for (const [at, raw] of content.split(/\r\n?|\n/u).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (message: string): void =>
      void problems.push(problem(path, message, { line: at + 1 }));
    if (line.startsWith(QUOTE_MARK)) {
      const quote = line.slice(QUOTE_MARK.length).trim();
      const places = placesOf(quote, document);
      const [only] = places;
      if (only !== undefined && places.length === 1) offset = only;
      else {
        offset = 'bad quote';
        refuse(
          `expected words that stand once in ${document.path}, found "${quote}", which ` +
            `${places.length === 0 ? 'does not stand there' : `stands there ${places.length} times`}. ` +
            'Quote the words that answer, as the document has them.',
        );
      }
    } else if (offset === 'no quote yet') {
      refuse(
        `expected a line "> words that answer" before the first question, found "${line}". Add it.`,
      );
    } else if (offset !== 'bad quote') {
      expected.push({ question: line, offset });
    }
  }
  return { expected, problems };
}

/** Where a quote begins in the document's body, which headings are not of; a space in it stands for any white space. */
function placesOf(
  quote: string,
  { text, sections }: Pick<Document, 'text' | 'sections'>,
): number[] {
  if (quote === '') return [];
  const words = quote.split(/\s+/u).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return [...text.matchAll(new RegExp(words.join('\\s+'), 'gu'))]
    .map(({ index }) => index)
    .filter((at) =>
      sections.some(({ blocks }) => blocks.some(({ start, end }) => start <= at && at < end)),
    );
}

/** Adds to each document the questions of the file beside it. */
export async function withExpectedQuestions(
  documents: readonly Document[],
  questionFiles: readonly FileFound[],
  files: readonly FileFound[],
): Promise<{ documents: Document[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const expected = new Map<string, Document['expected']>();
  for (const file of questionFiles) {
    const stem = file.path.slice(0, -QUESTIONS_ENDING.length);
    const beside = files.filter(({ path }) => path.replace(/\.[^.]*$/, '') === stem);
    const document = documents.find(({ path }) => path === beside[0]?.path);
    if (beside.length !== 1) {
      const found = beside.length === 0 ? 'none' : beside.map(({ path }) => path).join(' and ');
      const message = `expected one document beside it with the same name, found ${found}. Rename the file, or remove it.`;
      problems.push(problem(file.path, message));
    } else if (document !== undefined) {
      const content = await readText(file);
      if (typeof content !== 'string') problems.push(content);
      else {
        const read = readExpectedQuestions(content, file.path, document);
        problems.push(...read.problems);
        expected.set(document.path, read.expected);
      }
    }
  }
  return {
    documents: documents.map((document) => ({
      ...document,
      expected: expected.get(document.path) ?? document.expected,
    })),
    problems,
  };
}

async function readText(file: FileFound): Promise<string | Problem> {
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const decoded = decode(bytes);
  return decoded.ok ? decoded.text : problem(file.path, decoded.failure.message, decoded.failure);
}
