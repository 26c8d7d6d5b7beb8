import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { DragomanError, messageOf, systemCodeOf } from '../errors.ts';
import { compiledProgram, sha256 } from '../files.ts';
import { withExpectedQuestions, type CorpusToCheck } from './cross-references.ts';
import {
  byPlace,
  LONGEST_READING,
  problem,
  readFound,
  readSidecars,
  stopwatch,
  walkCorpus,
  type CorpusFile,
  type Format,
  type Sidecar,
  type SkippedFile,
} from './files.ts';
import { sizeProblem } from './formats/decode.ts';
import { readDocument, refused, slug, type ReadDocument } from './read-document.ts';
import type { Document, Problem } from './types.ts';
import { readAbout, readBibliography } from './yaml.ts';

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
  const missing = [...files.keys()].filter((at) => known[at] === undefined);
  const before = files.length - missing.length;
  onFile(before, files.length);
  const read = await readFiles(
    missing.flatMap((at) => files[at] ?? []),
    (done) => onFile(before + done, files.length),
  );
  // What a busy machine had no time for may be read another time.
  await readings.add(
    read.flatMap((one, i) => {
      const key = keys[missing[i] ?? -1] ?? null;
      return key === null || one.problems.length > 0 ? [] : [{ key, read: one }];
    }),
  );
  missing.forEach((at, i) => (known[at] = read[i]));
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

/** A file to read, with what is known of it in addition. */
export interface FileToRead {
  readonly file: CorpusFile;
  /** Of a page that was fetched. */
  readonly sidecar?: Sidecar | undefined;
  /** Where the file is not on the disk yet. */
  readonly bytes?: Uint8Array;
}

/** The charset of a Content-Type header, in lower case; null where it names none. */
function charsetOf(contentType: string): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? null;
}

async function readOne({ file, sidecar, bytes }: FileToRead): Promise<ReadDocument> {
  const found = bytes ?? (await readFound(file));
  if (!(found instanceof Uint8Array)) return refused([found]);
  const { path, format } = file;
  const charset = sidecar === undefined ? null : charsetOf(sidecar.contentType);
  const read = await readDocument({ path, format, bytes: found, charset });
  if (sidecar === undefined || read.document === null) return read;
  const page = asFetchedPage(read.document, sidecar);
  return 'message' in page ? refused([page]) : { ...read, document: page };
}

/** A document as the page of its source, or the problem that it is no longer the page that was fetched. */
function asFetchedPage(document: Document, sidecar: Sidecar): Document | Problem {
  const { source, sha256, finalAddress, archived } = sidecar;
  if (document.sha256 !== sha256) {
    const message = `expected the page as it was fetched, found a changed file. Fetch it again with \`npm run corpus:fetch -- --source ${source}\`, or remove its sidecar to keep it as a document of your own.`;
    return problem(document.path, message);
  }
  return { ...document, sources: [source], page: { source, url: finalAddress, archived } };
}

/** Bytes of files for which starting threads pays: they take about a second to read. */
const LARGE = 3 * 1024 * 1024;
/** More threads take memory that other programs of the machine may need. */
const MOST_THREADS = 4;

/** Formats whose readers wait for something, and so cannot be stopped but with their thread. */
const ON_THREADS: readonly Format[] = ['.pdf', '.docx', '.epub'];

/**
 * Reads files, on threads where there is much to read, or where their reader cannot be stopped otherwise. A file
 * that takes too long or all memory becomes a problem.
 *
 * @param onFile called after each file
 * @param limit milliseconds of a processor for a file that a thread reads
 * @returns in the order of the files
 */
export async function readFiles(
  files: readonly FileToRead[],
  onFile: (done: number, total: number) => void = () => undefined,
  limit = LONGEST_READING,
): Promise<ReadDocument[]> {
  const read = new Map<FileToRead, ReadDocument>();
  const keep = (file: FileToRead, result: ReadDocument): void => {
    read.set(file, result);
    onFile(read.size, files.length);
  };
  const bytes = files.reduce((sum, { file }) => sum + file.byteLength, 0);
  const onThreads = files.filter(({ file }) => bytes >= LARGE || ON_THREADS.includes(file.format));
  const left = new Set(onThreads);
  for (const file of files) if (!left.has(file)) keep(file, await readOne(file));
  const queue = left.values();
  const count = Math.min(MOST_THREADS, availableParallelism(), Math.ceil(bytes / LARGE), left.size);
  await Promise.all(
    Array.from({ length: count }, () => readOnThread(queue, { count, limit }, keep)),
  );
  return files.flatMap((file) => read.get(file) ?? []);
}

/** How many are busy, and milliseconds of a processor for each file. */
type Threads = Readonly<Record<'count' | 'limit', number>>;

/** Takes files from a queue and has them read by one thread after another: one that had to be ended is replaced. */
async function readOnThread(
  queue: Iterable<FileToRead>,
  threads: Threads,
  keep: (file: FileToRead, result: ReadDocument) => void,
): Promise<void> {
  let thread: ReadingThread | null = null;
  for (const file of queue) {
    if (thread === null || thread.hasEnded) thread = new ReadingThread();
    const result = await thread.read(file, threads);
    if (typeof result !== 'string') {
      keep(file, result);
      continue;
    }
    await thread.end();
    const { path, format } = file.file;
    const message = `expected a ${format} file that can be read, found: ${result}. Save it in another format.`;
    keep(file, refused([problem(path, message)]));
  }
  await thread?.end();
}

const READING_THREAD = 'read-corpus';

class ReadingThread {
  hasEnded = false;
  readonly #worker: Worker;
  #answer: (result: ReadDocument | string) => void = () => undefined;

  constructor() {
    const { file, args } = compiledProgram(READING_THREAD);
    this.#worker = new Worker(file, { argv: args, execArgv: [], workerData: READING_THREAD });
    const ended = (why: string): void => {
      this.hasEnded = true;
      this.#answer(why);
    };
    this.#worker.on('message', (result: ReadDocument) => this.#answer(result));
    this.#worker.on('error', (error) => ended(messageOf(error)));
    this.#worker.on('exit', () => ended('the thread of its reader ended'));
  }

  /** What the thread makes of a file, or why it has to be ended. */
  read(file: FileToRead, { count, limit }: Threads): Promise<ReadDocument | string> {
    const isOver = stopwatch(count, limit);
    return new Promise((resolve) => {
      const timer = setInterval(
        () => {
          if (isOver()) this.#answer(`no end of reading after ${limit / 1000} seconds`);
        },
        Math.min(1000, limit),
      );
      this.#answer = (result) => {
        clearInterval(timer);
        resolve(result);
      };
      this.#worker.postMessage(file);
    });
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await this.#worker.terminate();
  }
}

if (workerData === READING_THREAD) {
  parentPort?.on('message', (file: FileToRead) => {
    void readOne(file).then((result) => parentPort?.postMessage(result));
  });
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
