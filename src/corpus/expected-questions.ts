import { readFound, QUESTIONS_ENDING, type FileFound } from './files.ts';
import { decode } from './formats/decode.ts';
import { messageOf } from '../errors.ts';
import { problem } from './problems.ts';
import { withinTime } from './time-limit.ts';
import type { Document, ExpectedQuestion, Problem, Span } from './types.ts';

const QUOTE_MARK = '>';
/** UTF-16 characters. Nobody needs more words to name a place, and an answer is shorter. */
const LONGEST_QUOTE = 1000;
/** UTF-16 characters of a line in a message. */
const LONGEST_SHOWN = 80;

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
  const text = document.text.replace(/\s/gu, ' ');
  const blocks = document.sections.flatMap((section) => section.blocks);
  let offset: number | 'no quote yet' | 'bad quote' = 'no quote yet';
  for (const [index, raw] of content.split(/\r\n?|\n/u).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (message: string): void =>
      void problems.push(problem(path, message, { line: index + 1 }));
    if (line.startsWith(QUOTE_MARK)) {
      const quote = line.slice(QUOTE_MARK.length).trim();
      const found = placeOf(quote, text, blocks);
      if (typeof found === 'number') offset = found;
      else {
        offset = 'bad quote';
        refuse(
          `expected words that occur once in ${document.path}, found "${shown(quote)}", which ` +
            `${found}. Quote the words that answer exactly as the document has them.`,
        );
      }
    } else if (offset === 'no quote yet') {
      refuse(
        `expected a line "> words that answer" before the first question, found "${shown(line)}". Add it.`,
      );
    } else if (offset !== 'bad quote') {
      expected.push({ question: line, offset });
    }
  }
  return { expected, problems };
}

/**
 * Offset of the only place of a quote in the document's blocks, without headings, or what is wrong with it. A space in
 * it matches any white space.
 *
 * @param text of the document, each white space a space
 */
function placeOf(
  quote: string,
  text: string,
  blocks: readonly Span[],
): number | 'does not occur there' | 'occurs there more than once' | 'is too long' {
  const words = quote.replace(/\s+/gu, ' ');
  if (words.length > LONGEST_QUOTE) return 'is too long';
  if (words === '') return 'does not occur there';
  let only: number | null = null;
  let block = 0;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + words.length)) {
    while ((blocks[block]?.end ?? Infinity) <= at) block += 1;
    if ((blocks[block]?.start ?? Infinity) > at) continue;
    if (only !== null) return 'occurs there more than once';
    only = at;
  }
  return only ?? 'does not occur there';
}

function shown(line: string): string {
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)} …` : line;
}

/** The documents with the expected questions of the files of the same name in the same folder. */
export async function withExpectedQuestions(
  documents: readonly Document[],
  questionFiles: readonly FileFound[],
  files: readonly FileFound[],
): Promise<{ documents: Document[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const expected = new Map<string, Document['expected']>();
  const byStem = new Map<string, FileFound[]>();
  for (const file of files) {
    const stem = file.path.replace(/\.[^.]*$/, '');
    byStem.set(stem, [...(byStem.get(stem) ?? []), file]);
  }
  const byPath = new Map(documents.map((document) => [document.path, document]));
  for (const file of questionFiles) {
    const sameName = byStem.get(file.path.slice(0, -QUESTIONS_ENDING.length)) ?? [];
    const document = byPath.get(sameName[0]?.path ?? '');
    if (sameName.length !== 1) {
      const found = sameName.length === 0 ? 'none' : sameName.map(({ path }) => path).join(' and ');
      const message = `expected one document of the same name in the same folder, found ${found}. Rename the file, or remove it.`;
      problems.push(problem(file.path, message));
    } else if (document !== undefined) {
      const content = await readText(file);
      if (typeof content !== 'string') problems.push(content);
      else {
        const read = readGuarded(content, file.path, document);
        for (const found of read.problems) problems.push(found);
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

/** Whatever is wrong with a file of questions is a problem of that file alone. */
function readGuarded(content: string, path: string, document: Document): ReadExpectedQuestions {
  try {
    return withinTime(() => readExpectedQuestions(content, path, document));
  } catch (error) {
    const message = `expected questions under quotations, found: ${messageOf(error)}. Correct the file.`;
    return { expected: [], problems: [problem(path, message)] };
  }
}

async function readText(file: FileFound): Promise<string | Problem> {
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const decoded = decode(bytes);
  return decoded.ok ? decoded.text : problem(file.path, decoded.failure.message, decoded.failure);
}
