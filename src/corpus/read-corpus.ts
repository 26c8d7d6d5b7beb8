import { DragomanError, messageOf } from '../errors.ts';
import { withExpectedQuestions, type CorpusToCheck } from './cross-references.ts';
import {
  asFetchedPage,
  byPlace,
  charsetOf,
  problem,
  readFound,
  readSidecars,
  walkCorpus,
  type CorpusFile,
  type Sidecar,
  type SkippedFile,
} from './files.ts';
import { readDocument, refused, slug, type ReadDocument } from './read-document.ts';
import type { Document, Problem } from './types.ts';
import { readAbout, readBibliography } from './yaml.ts';

export interface ReadCorpusOptions {
  /** Called after each file, for a progress bar. */
  readonly onFile?: (done: number, total: number) => void;
}

export interface ReadCorpusResult extends CorpusToCheck {
  /** What was read only in part, of files that are in the corpus. Sorted by path and line. */
  readonly warnings: readonly Problem[];
  /** Files that are not documents, and why. Nothing is wrong with them. */
  readonly skipped: readonly SkippedFile[];
}

type Readable = ReadDocument & { readonly document: Document };

/**
 * Reads a corpus folder. A file that cannot be read becomes a problem and is left out; the caller decides whether that
 * is fatal.
 *
 * @throws DragomanError `CORPUS` when `folder` itself cannot be listed
 */
export async function readCorpus(
  folder: string,
  options: ReadCorpusOptions = {},
): Promise<ReadCorpusResult> {
  const walked = await walkCorpus(folder).catch((cause: unknown) => {
    throw new DragomanError('CORPUS', `The corpus folder cannot be read: ${messageOf(cause)}`, {
      hint: 'Point CORPUS_DIR to a folder with documents.',
      cause,
    });
  });
  const { files, questionFiles } = walked;
  const { sidecars, problems: sidecarProblems } = await readSidecars(walked.sidecarFiles);
  const problems: Problem[] = [...walked.problems, ...sidecarProblems];
  const warnings: Problem[] = [];
  const skipped = [...walked.skipped];
  const read: Readable[] = [];
  for (const [index, file] of files.entries()) {
    const result = await readFileOf(file, sidecars.get(file.path));
    problems.push(...result.problems);
    warnings.push(...result.warnings);
    if (result.skipped !== null) skipped.push({ path: file.path, reason: result.skipped });
    if (result.document !== null) read.push({ ...result, document: result.document });
    options.onFile?.(index + 1, files.length);
  }
  const unique = withUniqueIds(read);
  const { documents, problems: questionProblems } = await withExpectedQuestions(
    unique.documents,
    questionFiles,
    files,
  );
  const bibliography = await readBibliography(walked.bibliography);
  const { account } = bibliography;
  const { about, problems: aboutProblems } = await readAbout(walked.about);
  const found = [unique.problems, questionProblems, bibliography.problems, aboutProblems];
  for (const part of found) {
    for (const one of part) problems.push(one);
  }
  const meetings = documents.flatMap(({ meeting }) => (meeting === null ? [] : [meeting]));
  meetings.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  return {
    corpus: {
      about,
      documents:
        account === null
          ? documents
          : documents.map((document) =>
              document.kind === 'other' ? document : { ...document, account },
            ),
      meetings,
      sources: (bibliography.entries ?? []).map(({ source }) => source),
    },
    problems: problems.sort(byPlace),
    warnings: warnings.sort(byPlace),
    skipped,
    details: new Map(read.map((result) => [result.document.path, result])),
    bibliography: bibliography.entries,
  };
}

/** @param sidecar what is known of a page that was fetched; undefined for any other file */
async function readFileOf(file: CorpusFile, sidecar: Sidecar | undefined): Promise<ReadDocument> {
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return refused([bytes]);
  const { path, format } = file;
  if (sidecar === undefined) return readDocument({ path, format, bytes });
  const charset = charsetOf(sidecar.contentType);
  const read = await readDocument({ path, format, bytes, charset });
  if (read.document === null) return read;
  const page = asFetchedPage(read.document, sidecar);
  return 'message' in page ? refused([page]) : { ...read, document: page };
}

/**
 * Ids from front matter must differ: of two files with the same one, the second is refused. An id made from a file name
 * is changed when it is taken: first the format is added, then the folders, then a number.
 */
function withUniqueIds(read: readonly Readable[]): { documents: Document[]; problems: Problem[] } {
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
      const message = `the id "${document.id}" is already that of ${earlier}. Give one of the two another id.`;
      problems.push(problem(document.path, message, { line: 1 }));
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
