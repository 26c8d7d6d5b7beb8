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
import { decodedUrl, sizeProblem } from './files.ts';
import { formatOf, slug, type ReadDocument } from './read-document.ts';
import { readFiles, walkCorpus, type FileToRead, type SkippedFile } from './read-files.ts';
import {
  byPlace,
  problem,
  SOURCES_FILE,
  type Corpus,
  type Document,
  type Place,
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
  /** Paths of the documents of the index in use, by their ids: of files with one id, the one that has it there keeps it. */
  readonly inUse?: ReadonlyMap<string, string> | undefined;
  /** Called after each file, for a progress bar. */
  readonly onFile?: (done: number, total: number) => void;
}

export interface ReadCorpusResult {
  readonly corpus: Corpus;
  /** Of files that cannot be read and are not in the corpus. Sorted by path and line. */
  readonly problems: readonly Problem[];
  /** What was read only in part, of files that are in the corpus. Sorted by path and line. */
  readonly warnings: readonly Problem[];
  /** Files that are not documents, and why. Nothing is wrong with them. */
  readonly skipped: readonly SkippedFile[];
  /** Of each file, in the order of their paths. */
  readonly results: readonly ReadDocument[];
  /** Entries of the bibliography with their lines; null when the corpus has none. */
  readonly bibliography: readonly ListedSource[] | null;
}

type Readable = ReadDocument & { readonly document: Document };

/** Why a folder cannot be listed, by the system's error. */
const NO_FOLDER: Readonly<Record<string, string>> = {
  ENOENT: 'no folder there',
  ENOTDIR: 'a file there',
  EACCES: 'no permission to list it',
};

/**
 * Lists the files of a corpus folder.
 *
 * @throws DragomanError `CORPUS` when `folder` itself cannot be listed
 */
export function walkCorpusFolder(folder: string): ReturnType<typeof walkCorpus> {
  return walkCorpus(folder).catch((cause: unknown) => {
    const found = NO_FOLDER[systemCodeOf(cause) ?? ''] ?? messageOf(cause);
    const message = `Expected a folder of documents at ${folder}, found ${found}.`;
    throw new DragomanError('CORPUS', message, {
      hint: 'Point CORPUS_DIR to a folder with documents.',
      cause,
    });
  });
}

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
  const walked = await walkCorpusFolder(folder);
  const { files } = walked;
  const pages = await readSidecars(walked.sidecarFiles);
  const toRead = files.map((file) => ({ file, sidecar: pages.sidecars.get(file.path) }));
  const results = await readChanged(toRead, options);
  const read = results.filter((result): result is Readable => result.document !== null);
  const unique = withUniqueIds(read, options.inUse);
  const expected = await withExpectedQuestions(unique.documents, walked.questionFiles, files);
  const bibliography = await readBibliography(walked.bibliography);
  const { account } = bibliography;
  const about = await readAbout(walked.about);
  const documents = expected.documents.map((document) =>
    account === null || document.kind === 'other' ? document : { ...document, account },
  );
  const parts = [walked, pages, ...results, unique, expected, bibliography, about];
  return {
    corpus: {
      about: about.about,
      documents,
      meetings: documents
        .flatMap(({ meeting }) => meeting ?? [])
        .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)),
      sources: (bibliography.entries ?? []).map(({ source }) => source),
    },
    problems: parts.flatMap(({ problems }) => problems).sort(byPlace),
    warnings: results.flatMap(({ warnings }) => warnings).sort(byPlace),
    skipped: [
      ...walked.skipped,
      ...results.flatMap(({ skipped }, index) =>
        skipped === null ? [] : [{ path: files[index]?.path ?? '', reason: skipped }],
      ),
    ],
    results,
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
  if (sizeProblem(file.byteLength, file.path) !== null) return null;
  const { source, sha256: fetched, finalAddress, archived, contentType } = sidecar ?? {};
  const page = [source, fetched, finalAddress, archived, contentType];
  try {
    // Of many small files each asynchronous operation takes longer than reading.
    return JSON.stringify([file.path, sha256(readFileSync(file.absolute)), page]);
  } catch {
    return null;
  }
}

/**
 * Two documents of this corpus may not have the same id: the one that has it in the index in use keeps it, else the one that
 * is named after it, else the first by path; the other is left out. The id of any other document is changed when it is
 * taken: first the format is added, then the folders, then a number.
 */
function withUniqueIds(read: readonly Readable[], inUse: ReadCorpusOptions['inUse']) {
  const problems: Problem[] = [];
  /** Paths by id. */
  const taken = new Map<string, string>();
  const claim = ({ document: { id, path } }: Readable): number =>
    inUse?.get(id) === path ? 2 : posix.parse(path).name === id ? 1 : 0;
  const isOther = ({ document }: Readable): boolean => document.kind === 'other';
  const byClaim = read.toSorted((a, b) => claim(b) - claim(a));
  for (const { document, frontMatterLines } of byClaim.filter((one) => !isOther(one))) {
    const { id, path } = document;
    const other = taken.get(id);
    if (other === undefined) taken.set(id, path);
    else {
      const line = frontMatterLines.keys.get('id') ?? 1;
      problems.push(problem(path, idIsTaken(id, other), { line }));
    }
  }
  for (const { document } of byClaim.filter(isOther)) {
    const { ext, dir, name } = posix.parse(document.path);
    const format = ext.slice(1).toLowerCase();
    const whole = `${slug(posix.join(dir, name))}-${format}`;
    const ids = [document.id, `${document.id}-${format}`, whole];
    let id = ids.find((each) => !taken.has(each)) ?? `${whole}-2`;
    for (let n = 3; taken.has(id); n++) id = `${whole}-${n}`;
    taken.set(id, document.path);
  }
  const ids = new Map(Array.from(taken, ([id, path]) => [path, id]));
  const documents = read.flatMap(({ document }) => {
    const id = ids.get(document.path);
    return id === undefined ? [] : [{ ...document, id }];
  });
  return { documents, problems };
}

function idIsTaken(id: string, other: string): string {
  return `the id "${id}" is that of ${other}, which keeps it. Give this document another id, or remove one of the two files.`;
}

const MEETINGS_FOLDER = 'meetings/';

type Report = (path: string, message: string, place?: Partial<Place>) => void;

/**
 * All problems of a corpus: those of reading it and those between its files, which are footnotes without a source,
 * sources that nothing cites, links to missing documents and gaps in the order of meetings. A corpus without a
 * bibliography or meetings is not checked for them.
 */
export function checkCorpus(read: ReadCorpusResult): Problem[] {
  const problems = [...read.problems];
  const report: Report = (path, message, place) => problems.push(problem(path, message, place));
  checkSources(read, report);
  checkMeetings(read, report);
  checkLinks(read, report);
  // A source that cannot be read is the cause of what is wrong with those who name it.
  const causes = read.problems.filter(({ path }) => path === SOURCES_FILE);
  return [...causes, ...problems.filter((one) => !causes.includes(one)).sort(byPlace)];
}

/**
 * What the documents with front matter of this corpus say, and where, also of those that are left out for a problem: one
 * check names all that is wrong with them. What such a problem hides is null. Those that are left out come last: what two
 * have in common is their fault.
 */
function ownDocuments({ corpus, results }: ReadCorpusResult) {
  const kept = new Set(corpus.documents.map(({ path }) => path));
  const all = results.flatMap(({ document, draft, links, frontMatterLines: { keys, sources } }) => {
    const own =
      document === null ? draft : { related: [], ...document, order: document.meeting?.order };
    if (own === null || document?.kind === 'other') return [];
    return {
      ...{ ...own, links, isDraft: document === null },
      lineOf: (key: string) => ({ line: keys.get(key) ?? 1 }),
      lineOfSource: (id: string) => ({ line: sources.get(id) ?? 1 }),
    };
  });
  return all.toSorted((a, b) => Number(kept.has(b.path)) - Number(kept.has(a.path)));
}

/** A path without an ending, which is that of a folder where it cannot be read. */
const FOLDER = /(?:^|\/)[^./]+$/;

/** Whether there are texts of which nothing is known, so that it cannot be told what no document has. */
function hasUnknown({ results, problems }: ReadCorpusResult): boolean {
  const known = new Set(results.flatMap(({ document, draft }) => (document ?? draft)?.path ?? []));
  const isText = (path: string): boolean => /\.(?:md|markdown|txt)$/i.test(path);
  return problems.some(({ path }) => FOLDER.test(path) || (isText(path) && !known.has(path)));
}

function checkSources(read: ReadCorpusResult, report: Report): void {
  const { corpus, bibliography } = read;
  if (bibliography === null) {
    const { path } = ownDocuments(read).find(({ sources }) => sources?.length) ?? {};
    if (path !== undefined)
      report(SOURCES_FILE, `expected the sources that ${path} names, found no such file. Add it.`);
    return;
  }
  const known = new Set(corpus.sources.map(({ id }) => id));
  const used = new Set<string>();
  let isComplete = !hasUnknown(read);
  for (const { path, sources, footnotes, lineOfSource } of ownDocuments(read)) {
    const named = new Set(sources);
    isComplete &&= sources !== null;
    for (const id of sources ?? []) {
      used.add(id);
      const message = `the front matter names the source "${id}", which ${SOURCES_FILE} does not have. Add it there or correct the id.`;
      if (!known.has(id)) report(path, message, lineOfSource(id));
    }
    for (const { sourceId, line } of footnotes) {
      used.add(sourceId);
      const isKnown = known.has(sourceId);
      const wrong = isKnown
        ? 'is missing from "sources" in the front matter. Add it there.'
        : `has no source of this id in ${SOURCES_FILE}. Add it there or correct the id.`;
      if (!isKnown || (sources !== null && !named.has(sourceId)))
        report(path, `the footnote [^${sourceId}] ${wrong}`, { line });
      named.add(sourceId);
    }
  }
  for (const { source, line } of bibliography) {
    const message = `no document uses the source "${source.id}". Cite it or remove it.`;
    if (isComplete && !used.has(source.id)) report(SOURCES_FILE, message, { line });
  }
}

function checkMeetings(read: ReadCorpusResult, report: Report): void {
  const byId = new Map(read.corpus.documents.map(({ id, path }) => [id, path]));
  const byOrder = new Map<number, string>();
  let isComplete = !hasUnknown(read);
  for (const { id, path, order, isDraft, lineOf } of ownDocuments(read)) {
    const namesake = byId.get(id ?? '');
    if (isDraft && namesake !== undefined)
      report(path, idIsTaken(id ?? '', namesake), lineOf('id'));
    if (id !== null) byId.set(id, path);
    if (id !== null && posix.parse(path).name !== id) {
      const message = `the id "${id}" differs from the file's name. Give both the same name.`;
      report(path, message, lineOf('id'));
    }
    isComplete &&= order !== null;
    if (order == null) continue;
    const other = byOrder.get(order);
    if (other === undefined) byOrder.set(order, path);
    else {
      const message = `the order ${order} is already that of ${other}. Give each meeting its own.`;
      report(path, message, lineOf('order'));
    }
  }
  for (const { meeting, path } of read.corpus.documents) {
    const message =
      'expected the document of a meeting, found none ("kind: meeting" is missing). Add the front matter or move the file.';
    if (meeting === null && path.startsWith(MEETINGS_FOLDER)) report(path, message, { line: 1 });
  }
  const last = isComplete ? Math.max(0, ...byOrder.keys()) : 0;
  for (let order = 1; order <= last; order++) {
    const message = `no document has the order ${order}, although the tour goes up to ${last}. Add the document of that meeting or renumber the others.`;
    if (!byOrder.has(order)) report(MEETINGS_FOLDER.slice(0, -1), message);
  }
}

/** Relative links of documents with front matter of this corpus; saved pages may keep their dead links. */
function checkLinks(read: ReadCorpusResult, report: Report): void {
  const { corpus, problems } = read;
  const own = ownDocuments(read);
  // A file that cannot be read is there all the same, and what else is wrong with it is said of itself.
  const unread = problems.map(({ path }) => path);
  const folders = unread.filter((path) => FOLDER.test(path));
  const paths = new Set([...corpus.documents.map(({ path }) => path), ...unread]);
  const ids = new Set([
    ...[...corpus.documents, ...own].map(({ id }) => id),
    ...unread.map((path) => posix.parse(path).name),
  ]);
  for (const { id: ownId, path, related, links, lineOf } of own) {
    for (const id of related) {
      const message = `"related" names "${id}", which is no other document. Correct or remove it.`;
      if ((!ids.has(id) && folders.length === 0) || id === ownId)
        report(path, message, lineOf('related'));
    }
    for (const { url, line, column } of links) {
      if (/^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(url)) continue;
      const target = posix.join(posix.dirname(path), decodedUrl(url.replace(/[?#].*$/, '')));
      const message = `the link to "${url}" leads to no document. Correct or remove it.`;
      const isThere =
        paths.has(target) || folders.some((folder) => target.startsWith(`${folder}/`));
      if (formatOf(target) !== null && !isThere) report(path, message, { line, column });
    }
  }
}
