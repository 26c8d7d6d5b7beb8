/**
 * What ties the files of a corpus to each other: expected questions to the words that answer them, footnotes to sources,
 * links to documents, meetings to their order.
 */
import { posix } from 'node:path';
import { messageOf } from '../errors.ts';
import {
  byPlace,
  FORMATS,
  problem,
  QUESTIONS_ENDING,
  readText,
  SOURCES_FILE,
  withinTime,
  type FileFound,
} from './files.ts';
import type { FrontMatterLines } from './formats/front-matter.ts';
import type { DocumentLink } from './read-document.ts';
import type { Corpus, Document, ExpectedQuestion, Problem, Span } from './types.ts';
import type { ListedSource } from './yaml.ts';

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
      if (typeof content !== 'string') {
        problems.push(content);
        continue;
      }
      try {
        const read = withinTime(() => readExpectedQuestions(content, file.path, document));
        for (const found of read.problems) problems.push(found);
        expected.set(document.path, read.expected);
      } catch (error) {
        const message = `expected questions under quotations, found: ${messageOf(error)}. Correct the file.`;
        problems.push(problem(file.path, message));
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

export interface DocumentDetails {
  readonly links: readonly DocumentLink[];
  readonly frontMatterLines: FrontMatterLines;
}

/** What is known of a corpus that was read. */
export interface CorpusToCheck {
  readonly corpus: Corpus;
  /** Of files that cannot be read and are not in the corpus. Sorted by path and line. */
  readonly problems: readonly Problem[];
  /** What the check needs of each document in addition, by path. */
  readonly details: ReadonlyMap<string, DocumentDetails>;
  /** Entries of the bibliography with their lines; null when the corpus has none. */
  readonly bibliography: readonly ListedSource[] | null;
}

const MEETINGS_FOLDER = 'meetings/';

/**
 * All problems of a corpus: those of reading it and those between its files, which are footnotes without a source,
 * sources that nothing cites, links to missing documents and gaps in the order of meetings. A corpus without a
 * bibliography or meetings is not checked for them.
 */
export function checkCorpus(read: CorpusToCheck): Problem[] {
  return [
    ...read.problems,
    ...(read.bibliography === null ? [] : checkSources(read)),
    ...checkMeetings(read),
    ...checkLinks(read),
  ].sort(byPlace);
}

function checkSources({ corpus, bibliography, details }: CorpusToCheck): Problem[] {
  const problems: Problem[] = [];
  const known = new Set(corpus.sources.map(({ id }) => id));
  const used = new Set<string>();
  for (const document of corpus.documents) {
    if (document.kind === 'other') continue;
    const lines = details.get(document.path)?.frontMatterLines;
    const named = new Set(document.sources);
    for (const id of document.sources) {
      used.add(id);
      if (known.has(id)) continue;
      const message = `the front matter names the source "${id}", which ${SOURCES_FILE} does not have. Add it there or correct the id.`;
      problems.push(problem(document.path, message, { line: lines?.sources.get(id) ?? 1 }));
    }
    const cited = new Set<string>();
    for (const { sourceId, line } of document.footnotes) {
      used.add(sourceId);
      cited.add(sourceId);
      if (!known.has(sourceId)) {
        const message = `the footnote [^${sourceId}] has no source of this id in ${SOURCES_FILE}. Add it there or correct the id.`;
        problems.push(problem(document.path, message, { line }));
      } else if (!named.has(sourceId)) {
        named.add(sourceId);
        const message = `the footnote [^${sourceId}] is missing from "sources" in the front matter. Add it there.`;
        problems.push(problem(document.path, message, { line }));
      }
    }
  }
  for (const { source, line } of bibliography ?? []) {
    if (used.has(source.id)) continue;
    const message = `no document uses the source "${source.id}". Cite it or remove it.`;
    problems.push(problem(SOURCES_FILE, message, { line }));
  }
  return problems;
}

function checkMeetings({ corpus, details }: CorpusToCheck): Problem[] {
  const problems: Problem[] = [];
  const lineOf = (document: Document, key: string): number =>
    details.get(document.path)?.frontMatterLines.keys.get(key) ?? 1;
  const byOrder = new Map<number, Document>();
  for (const document of corpus.documents) {
    const { meeting, path } = document;
    if (document.kind !== 'other' && posix.basename(path, posix.extname(path)) !== document.id) {
      const message = `the id "${document.id}" differs from the file's name. Give both the same name.`;
      problems.push(problem(path, message, { line: lineOf(document, 'id') }));
    }
    if (meeting === null) {
      if (path.startsWith(MEETINGS_FOLDER)) {
        const message =
          'expected the document of a meeting, found none ("kind: meeting" is missing). Add the front matter or move the file.';
        problems.push(problem(path, message, { line: 1 }));
      }
      continue;
    }
    const other = byOrder.get(meeting.order);
    if (other === undefined) byOrder.set(meeting.order, document);
    else {
      const message = `the order ${meeting.order} is already that of ${other.path}. Give each meeting its own.`;
      problems.push(problem(path, message, { line: lineOf(document, 'order') }));
    }
  }
  const last = Math.max(0, ...byOrder.keys());
  for (let order = 1; order <= last; order++) {
    if (byOrder.has(order)) continue;
    const message = `no document has the order ${order}, although the tour goes up to ${last}. Add the document of that meeting or renumber the others.`;
    problems.push(problem(MEETINGS_FOLDER.slice(0, -1), message));
  }
  return problems;
}

/** Relative links of documents with front matter of this corpus; saved pages may keep their dead links. */
function checkLinks({ corpus, details }: CorpusToCheck): Problem[] {
  const problems: Problem[] = [];
  const paths = new Set(corpus.documents.map(({ path }) => path));
  const ids = new Set(corpus.documents.map(({ id }) => id));
  for (const document of corpus.documents) {
    if (document.kind === 'other') continue;
    for (const id of document.related ?? []) {
      if (ids.has(id) && id !== document.id) continue;
      const line = details.get(document.path)?.frontMatterLines.keys.get('related') ?? 1;
      const message = `"related" names "${id}", which is no other document. Correct or remove it.`;
      problems.push(problem(document.path, message, { line }));
    }
    for (const { url, line, column } of details.get(document.path)?.links ?? []) {
      if (/^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(url)) continue;
      const target = posix.normalize(
        posix.join(posix.dirname(document.path), decodeUrl(url.replace(/[?#].*$/, ''))),
      );
      const isDocument = FORMATS.some((format) => target.toLowerCase().endsWith(format));
      if (!isDocument || paths.has(target)) continue;
      const message = `the link to "${url}" leads to no document. Correct or remove it.`;
      problems.push(problem(document.path, message, { line, column }));
    }
  }
  return problems;
}

function decodeUrl(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
