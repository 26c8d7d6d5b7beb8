import { problem } from './problem.ts';
import type { Document, ExpectedQuestion, Problem } from './types.ts';

/** A file of expected questions has the name of the document that it lies beside, and this ending. */
export const QUESTIONS_ENDING = '.questions';

const QUOTE_MARK = '>';

export interface ReadQuestions {
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
): ReadQuestions {
  const expected: ExpectedQuestion[] = [];
  const problems: Problem[] = [];
  let offset: number | 'no quote yet' | 'bad quote' = 'no quote yet';
  for (const [at, raw] of content.split(/\r\n?|\n/u).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (message: string): void => void problems.push(problem(path, message, { line: at + 1 }));
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
      refuse(`expected a line "> words that answer" before the first question, found "${line}". Add it.`);
    } else if (offset !== 'bad quote') {
      expected.push({ question: line, offset });
    }
  }
  return { expected, problems };
}

/** Where a quote begins in the document's body, which headings are not of; a space in it stands for any white space. */
function placesOf(quote: string, { text, sections }: Pick<Document, 'text' | 'sections'>): number[] {
  if (quote === '') return [];
  const words = quote.split(/\s+/u).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return [...text.matchAll(new RegExp(words.join('\\s+'), 'gu'))]
    .map(({ index }) => index)
    .filter((at) => sections.some(({ blocks }) => blocks.some(({ start, end }) => start <= at && at < end)));
}
