import { readFound, QUESTIONS_ENDING, type FileFound } from './files.ts';
import { decode } from './formats/decode.ts';
import { problem } from './problems.ts';
import type { Document, ExpectedQuestion, Problem } from './types.ts';

const QUOTE_MARK = '>';

export interface ReadExpectedQuestions {
  readonly expected: readonly ExpectedQuestion[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the expected questions of a document. A line `> quote` quotes words that occur exactly once in the document's
 * text; each line below it, up to the next quote, is a question that those words answer. Empty lines and lines that
 * begin with `#` are ignored.
 */
export function readExpectedQuestions(
  content: string,
  path: string,
  document: Pick<Document, 'path' | 'text' | 'sections'>,
): ReadExpectedQuestions {
  const expected: ExpectedQuestion[] = [];
  const problems: Problem[] = [];
  let offset: number | 'no quote yet' | 'bad quote' = 'no quote yet';
  for (const [index, raw] of content.split(/\r\n?|\n/u).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (message: string): void =>
      void problems.push(problem(path, message, { line: index + 1 }));
    if (line.startsWith(QUOTE_MARK)) {
      const quote = line.slice(QUOTE_MARK.length).trim();
      const places = placesOf(quote, document);
      const [only] = places;
      if (only !== undefined && places.length === 1) offset = only;
      else {
        offset = 'bad quote';
        refuse(
          `expected words that occur once in ${document.path}, found "${quote}", which ` +
            `${places.length === 0 ? 'does not occur there' : `occurs there ${places.length} times`}. ` +
            'Quote the words that answer exactly as the document has them.',
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

/** Offsets of a quote in the document's blocks, without headings; a space in it matches any white space. */
function placesOf(
  quote: string,
  { text, sections }: Pick<Document, 'text' | 'sections'>,
): number[] {
  if (quote === '') return [];
  const words = quote.split(/\s+/u).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return [...text.matchAll(new RegExp(words.join('\\s+'), 'gu'))]
    .map(({ index }) => index)
    .filter((offset) =>
      sections.some(({ blocks }) =>
        blocks.some(({ start, end }) => start <= offset && offset < end),
      ),
    );
}

/** The documents with the expected questions of the files of the same name in the same folder. */
export async function withExpectedQuestions(
  documents: readonly Document[],
  questionFiles: readonly FileFound[],
  files: readonly FileFound[],
): Promise<{ documents: Document[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const expected = new Map<string, Document['expected']>();
  for (const file of questionFiles) {
    const stem = file.path.slice(0, -QUESTIONS_ENDING.length);
    const sameName = files.filter(({ path }) => path.replace(/\.[^.]*$/, '') === stem);
    const document = documents.find(({ path }) => path === sameName[0]?.path);
    if (sameName.length !== 1) {
      const found = sameName.length === 0 ? 'none' : sameName.map(({ path }) => path).join(' and ');
      const message = `expected one document of the same name in the same folder, found ${found}. Rename the file, or remove it.`;
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
