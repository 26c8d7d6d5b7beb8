import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from './formats/decode.ts';
import { withExpectedQuestions } from './expected-questions.ts';
import type { FrontMatterLines } from './formats/front-matter.ts';
import { problem } from './problems.ts';
import { readFound } from './read-found.ts';
import {
  readDocument,
  refused,
  slug,
  type DocumentLink,
  type ReadDocument,
} from './read-document.ts';
import { readSources, type ListedSource } from './bibliography.ts';
import type { Corpus, Document, Problem } from './types.ts';
import {
  describeFileError,
  SOURCES_FILE,
  walkCorpus,
  type CorpusFile,
  type SkippedFile,
} from './files.ts';

export interface ReadCorpusOptions {
  /** Called after each file, for a progress bar. */
  readonly onFile?: (done: number, total: number) => void;
}

export interface DocumentDetails {
  readonly links: readonly DocumentLink[];
  readonly frontMatterLines: FrontMatterLines;
}

export interface ReadCorpusResult {
  readonly corpus: Corpus;
  /** What is wrong with a file; such a file is not in the corpus. Sorted by path and line. */
  readonly problems: readonly Problem[];
  /** Files that are no documents, and why. Nothing is wrong with them. */
  readonly skipped: readonly SkippedFile[];
  /** What `checkCorpus` needs of each document besides, by its path. */
  readonly details: ReadonlyMap<string, DocumentDetails>;
  /** Entries of the bibliography with their lines; null when the corpus has none. */
  readonly bibliography: readonly ListedSource[] | null;
}

/**
 * Reads a corpus folder. A file that cannot be read becomes a problem and is left out; whether that
 * is fatal is the caller's decision.
 *
 * @throws only when `folder` itself cannot be listed.
 */
export async function readCorpus(
  folder: string,
  options: ReadCorpusOptions = {},
): Promise<ReadCorpusResult> {
  const { files, questionFiles, skipped, problems: walkProblems } = await walkCorpus(folder);
  const problems: Problem[] = [...walkProblems];
  const read: {
    readonly file: CorpusFile;
    readonly result: ReadDocument & { readonly document: Document };
  }[] = [];
  let done = 0;
  for (const file of files) {
    const result = await readFileOf(file);
    problems.push(...result.problems);
    if (result.document !== null)
      read.push({ file, result: { ...result, document: result.document } });
    done += 1;
    options.onFile?.(done, files.length);
  }
  const { documents: identified, problems: idProblems } = withUniqueIds(
    read.map(({ result }) => result),
  );
  problems.push(...idProblems);
  const { documents, problems: questionProblems } = await withExpectedQuestions(
    identified,
    questionFiles,
    files,
  );
  problems.push(...questionProblems);
  const bibliography = await readBibliography(folder);
  problems.push(...bibliography.problems);
  const meetings = documents.flatMap(({ meeting }) => (meeting === null ? [] : [meeting]));
  meetings.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  return {
    corpus: {
      documents,
      meetings,
      sources: (bibliography.entries ?? []).map(({ source }) => source),
    },
    problems: problems.sort(byPlace),
    skipped,
    details: new Map(read.map(({ result }) => [result.document.path, result])),
    bibliography: bibliography.entries,
  };
}

export function byPlace(a: Problem, b: Problem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

async function readFileOf(file: CorpusFile): Promise<ReadDocument> {
  const bytes = await readFound(file);
  return bytes instanceof Uint8Array
    ? readDocument({ path: file.path, format: file.format, bytes })
    : refused([bytes]);
}

/**
 * Ids that a front matter names must differ: the later file of two is refused. An id made from a
 * file's name gives way: first its format is added to it, then its folders, then a number.
 */
function withUniqueIds(read: readonly (ReadDocument & { readonly document: Document })[]): {
  documents: Document[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { document, namesItself } of read) {
    if (!namesItself) continue;
    const earlier = taken.get(document.id);
    if (earlier === undefined) {
      taken.set(document.id, document.path);
      ids.set(document.path, document.id);
    } else {
      problems.push(
        problem(
          document.path,
          `the id "${document.id}" is already that of ${earlier}. Give one of the two another id.`,
          { line: 1 },
        ),
      );
    }
  }
  for (const { document, namesItself } of read) {
    if (namesItself) continue;
    const { path } = document;
    const format = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
    const whole = slug(path.replace(/\.[^.]*$/, ''));
    const id = firstFree([document.id, `${document.id}-${format}`, `${whole}-${format}`], taken);
    taken.set(id, path);
    ids.set(path, id);
  }
  const documents: Document[] = [];
  for (const { document } of read) {
    const id = ids.get(document.path);
    if (id !== undefined) documents.push(id === document.id ? document : { ...document, id });
  }
  return { documents, problems };
}

function firstFree(candidates: readonly string[], taken: ReadonlyMap<string, string>): string {
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (free !== undefined) return free;
  const base = candidates.at(-1) ?? 'document';
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}

async function readBibliography(
  folder: string,
): Promise<{ entries: readonly ListedSource[] | null; problems: readonly Problem[] }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(await realpath(folder), SOURCES_FILE));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { entries: null, problems: [] };
    return { entries: [], problems: [problem(SOURCES_FILE, describeFileError(error))] };
  }
  const decoded = decode(bytes);
  if (!decoded.ok) {
    return {
      entries: [],
      problems: [problem(SOURCES_FILE, decoded.failure.message, decoded.failure)],
    };
  }
  return readSources(decoded.text, SOURCES_FILE);
}
