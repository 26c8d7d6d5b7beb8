import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { DragomanError, messageOf, systemCodeOf } from '../errors.ts';
import { sha256 } from '../files.ts';
import {
  readAbout,
  readBibliography,
  readSidecars,
  withExpectedQuestions,
  type ListedSource,
} from './companions.ts';
import { FORMATS, sizeProblem, walkCorpus, type SkippedFile } from './files.ts';
import { readFiles, slug, type FileToRead, type ReadDocument } from './read-document.ts';
import {
  byPlace,
  problem,
  SOURCES_FILE,
  type Corpus,
  type Document,
  type Problem,
} from './types.ts';

/** What was read of files earlier, by keys that tell their bytes. */
export interface Readings {
  get(key: string): ReadDocument | undefined;
  add(readings: readonly { readonly key: string; readonly read: ReadDocument }[]): Promise<void>;
}

export interface ReadCorpusOptions {
  /** Only what is not among them is read. */
  readonly readings?: Readings;
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
    const code = systemCodeOf(cause);
    const found =
      code === 'ENOENT'
        ? 'no folder there'
        : code === 'ENOTDIR'
          ? 'a file there'
          : code === 'EACCES'
            ? 'no permission to list it'
            : messageOf(cause);
    throw new DragomanError(
      'CORPUS',
      `Expected a folder of documents at ${folder}, found ${found}.`,
      {
        hint: 'Point CORPUS_DIR to a folder with documents.',
        cause,
      },
    );
  });
  const { files, questionFiles } = walked;
  const { sidecars, problems: sidecarProblems } = await readSidecars(walked.sidecarFiles);
  const problems: Problem[] = [...walked.problems, ...sidecarProblems];
  const warnings: Problem[] = [];
  const skipped = [...walked.skipped];
  const read: Readable[] = [];
  const toRead = files.map((file) => ({ file, sidecar: sidecars.get(file.path) }));
  const results = await readChanged(toRead, options);
  for (const [index, file] of files.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    problems.push(...result.problems);
    warnings.push(...result.warnings);
    if (result.skipped !== null) skipped.push({ path: file.path, reason: result.skipped });
    if (result.document !== null) read.push({ ...result, document: result.document });
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

/** Reads the files of which no earlier reading is known. In the order of the files. */
async function readChanged(
  files: readonly FileToRead[],
  { readings, onFile = () => undefined }: ReadCorpusOptions,
): Promise<ReadDocument[]> {
  if (readings === undefined) return readFiles(files, onFile);
  const keys = files.map(readingKey);
  const known = keys.map((key) => (key === null ? undefined : readings.get(key)));
  const missing = [...files.keys()].filter((index) => known[index] === undefined);
  const before = files.length - missing.length;
  onFile(before, files.length);
  const read = await readFiles(
    missing.flatMap((index) => files[index] ?? []),
    (done) => onFile(before + done, files.length),
  );
  // What a busy machine had no time for may be read another time.
  await readings.add(
    read.flatMap((one, i) => {
      const key = keys[missing[i] ?? -1] ?? null;
      return key === null || one.problems.length > 0 ? [] : [{ key, read: one }];
    }),
  );
  missing.forEach((index, i) => (known[index] = read[i]));
  return known.flatMap((one) => one ?? []);
}

/** Everything that decides what is read of a file; null for one that has a problem. */
function readingKey({ file, sidecar }: FileToRead): string | null {
  if (sizeProblem(file.byteLength) !== null) return null;
  let bytes: Uint8Array;
  try {
    // Of many small files each asynchronous operation takes longer than reading.
    bytes = readFileSync(file.absolute);
  } catch {
    return null;
  }
  const { source, sha256: fetched, finalAddress, archived, contentType } = sidecar ?? {};
  const page = [source, fetched, finalAddress, archived, contentType];
  return JSON.stringify([file.path, sha256(bytes), page]);
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

/** What the check needs of a document in addition. */
type DocumentDetails = Pick<ReadDocument, 'links' | 'frontMatterLines'>;

/** What is known of a corpus that was read. */
export interface CorpusToCheck {
  readonly corpus: Corpus;
  /** Of files that cannot be read and are not in the corpus. Sorted by path and line. */
  readonly problems: readonly Problem[];
  /** By path of the document. */
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
