/**
 * Finds the files of a corpus folder and reads them, on threads where there is much to read, or where a reader cannot be
 * stopped otherwise.
 */
import { realpathSync, statSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative, sep } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { compiledProgram } from '../files.ts';
import { QUESTIONS_ENDING, SIDECAR_ENDING, type Sidecar } from './companions.ts';
import {
  describeFileError,
  LONGEST_READING,
  readFound,
  stopwatch,
  type FileFound,
} from './files.ts';
import {
  formatOf,
  FORMATS,
  notReadable,
  readDocument,
  refused,
  type Format,
  type ReadDocument,
} from './read-document.ts';
import { problem, SOURCES_FILE, type Problem } from './types.ts';

export interface CorpusFile extends FileFound {
  readonly format: Format;
}

export type SkippedFile = Readonly<Record<'path' | 'reason', string>>;

/** What a corpus is about, at its top; not a document. */
const ABOUT_FILE = 'about.yaml';

/** The name of the folder in which browsers and Word save the pictures, scripts and frames of a page, after that of the page. */
const PARTS =
  /^(.+)[._-](?:files?|dateien|fichiers|archivos|arquivos|ficheiros|bestanden|filer|pliki|soubory|tiedostot)$/i;

/** @param names what is in the same folder */
function isPartsOfPage(folder: string, names: ReadonlySet<string>): boolean {
  const [, page] = PARTS.exec(folder) ?? [];
  return page !== undefined && (names.has(`${page}.html`) || names.has(`${page}.htm`));
}

/** What to do with files that hold text in another format. */
const ADVICE = [
  [/\.(?:docm?|odt|rtf|pages|wpd)$/i, 'save it as .docx'],
  [/\.(?:mhtml?|webarchive)$/i, 'save the page as HTML'],
  [/\.msg$/i, 'save the mail as text'],
  [/^(?:about|sources)\.ya?ml$/i, 'at the top of the corpus, about.yaml or sources.yaml is read'],
  [
    /^[^.]+$|\.(?:csv|tsv|log|rst|org|adoc|tex|srt|vtt)$/i,
    'to have its text read, give it the ending .txt',
  ],
] as const;

/**
 * Lists the documents of a corpus folder. Links are followed while they stay inside it.
 *
 * @param options.corpus the folder that links may not leave, where the listed one is a part of it
 * @param options.only names of what is looked at in it; null: all
 * @throws the system's error when the folder itself cannot be listed
 */
export async function walkCorpus(
  folder: string,
  { corpus = folder, only = null }: { corpus?: string; only?: readonly string[] | null } = {},
) {
  const root = await realpath(folder);
  const outermost = await realpath(corpus);
  /** Sorted by path, byte by byte: the same on every machine. The others are in the order of their folders' listings. */
  const files: CorpusFile[] = [];
  const questionFiles: FileFound[] = [];
  const sidecarFiles: FileFound[] = [];
  const skipped: SkippedFile[] = [];
  const problems: Problem[] = [];
  const entered = new Set<string>([root]);
  const named = new Map<string, FileFound>();

  const take = (found: FileFound, name: string): void => {
    const format = formatOf(name);
    const { path } = found;
    const skip = (reason: string): void => void skipped.push({ path, reason });
    if (/^readme(?:\.|$)/i.test(name)) skip('a README is not a document');
    else if (name.startsWith('~$')) skip('Word keeps it while a document is open');
    else if (path === SOURCES_FILE || path === ABOUT_FILE) named.set(path, found);
    else if (name.endsWith(QUESTIONS_ENDING)) questionFiles.push(found);
    else if (name.endsWith(SIDECAR_ENDING)) sidecarFiles.push(found);
    else if (format !== null) files.push({ ...found, format });
    else {
      const [, advice] = ADVICE.find(([ending]) => ending.test(name)) ?? [];
      const others = advice === undefined ? '' : `; ${advice}`;
      const ending = name.includes('.') ? 'its ending is none of' : 'it has none of the endings';
      skip(`${ending} ${FORMATS.join(', ')}${others}`);
    }
  };
  const visit = async (directory: string): Promise<void> => {
    const names = new Set(only ?? (await readdir(directory)).sort());
    for (const name of names) {
      if (name.startsWith('.')) continue;
      const absolute = join(directory, name);
      const path = relative(root, absolute).split(sep).join('/');
      const refuse = (message: string) => problems.push(problem(path, message));
      try {
        const real = realpathSync.native(absolute);
        const status = statSync(real);
        if (real !== outermost && !real.startsWith(outermost + sep)) {
          refuse(
            'expected a file inside the corpus, found a link that leaves it. Copy the file here, or remove the link.',
          );
        } else if (status.isFile()) take({ path, absolute, byteLength: status.size }, name);
        else if (!status.isDirectory()) {
          refuse('expected a file, found neither a file nor a folder. Remove it from the corpus.');
        } else if (isPartsOfPage(name, names)) {
          skipped.push({ path, reason: 'the parts of a page that was saved next to it' });
        } else if (!entered.has(real)) {
          entered.add(real);
          await visit(absolute);
        }
      } catch (error) {
        refuse(describeFileError(error));
      }
    }
  };
  await visit(root);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  // Null where the corpus has none, or one that is not a file, which is among the problems.
  const bibliography = named.get(SOURCES_FILE) ?? null;
  const about = named.get(ABOUT_FILE) ?? null;
  return { files, questionFiles, bibliography, about, sidecarFiles, skipped, problems };
}

export interface FileToRead {
  readonly file: CorpusFile;
  /** Of a page that was fetched. */
  readonly sidecar?: Sidecar | undefined;
  /** Where the file is not on the disk yet. */
  readonly bytes?: Uint8Array;
}

async function readOne({ file, sidecar, bytes }: FileToRead): Promise<ReadDocument> {
  const { path, format } = file;
  const found = bytes ?? (await readFound(file));
  if (!(found instanceof Uint8Array)) return refused(found);
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(sidecar?.contentType ?? '')?.[1] ?? null;
  const read = await readDocument({ path, format, bytes: found, charset });
  if (sidecar === undefined || read.document === null) return read;
  const { source, finalAddress: url, archived } = sidecar;
  if (read.document.sha256 !== sidecar.sha256) {
    const message = `expected the page as it was fetched, found a changed file. Fetch it again with \`npm run corpus:fetch -- --source ${source}\`, or remove its sidecar to keep it as a document of your own.`;
    return refused(problem(path, message));
  }
  const page = { source, url, archived };
  return { ...read, document: { ...read.document, sources: [source], page } };
}

/** Bytes of files for which starting threads pays: they take about a second to read. */
const LARGE = 3 * 1024 * 1024;
/** More threads take memory that other programs of the machine may need. */
const MOST_THREADS = 4;

/** Formats whose readers wait for something, and so cannot be stopped but with their thread. */
const ON_THREADS: readonly Format[] = ['.pdf', '.docx', '.epub'];

/**
 * Bytes that the process may grow by while a file is read; the largest that are allowed take half of this. A small file can name
 * one part of it again and again, and what a reader unpacks is not in the heap, whose size could be limited.
 */
const MOST_MEMORY = 1 << 30;
const CHECKED_EVERY_MS = 250;
const TOO_MUCH_MEMORY = 'something that takes too much memory';

/** Milliseconds of a processor, and bytes that the process may grow by. */
const LIMITS = { ms: LONGEST_READING, memory: MOST_MEMORY };

/**
 * Reads files, on threads where there is much to read, or where their reader cannot be stopped otherwise. A file
 * that takes too long or all memory becomes a problem.
 *
 * @param onFile called after each file
 * @param limits of a file that a thread reads
 * @returns in the order of the files
 */
export async function readFiles(
  files: readonly FileToRead[],
  onFile: (done: number, total: number) => void = () => undefined,
  limits = LIMITS,
): Promise<ReadDocument[]> {
  const read = new Map<FileToRead, ReadDocument>();
  const keep = (file: FileToRead, result: ReadDocument): void => {
    read.set(file, result);
    onFile(read.size, files.length);
  };
  /** Of files that are read at the same time, which one takes the memory shows when each is read alone. */
  const suspects: FileToRead[] = [];
  /** Has files of a queue read by one thread after another: one that had to be ended is replaced. */
  const readOnThread = async (queue: Iterable<FileToRead>, busy: number): Promise<void> => {
    let thread: ReadingThread | null = null;
    for (const file of queue) {
      if (thread === null || thread.hasEnded) thread = new ReadingThread();
      const result = await thread.read(file, busy, limits);
      if (typeof result === 'string') await thread.end();
      if (typeof result !== 'string') keep(file, result);
      else if (result === TOO_MUCH_MEMORY && busy > 1) suspects.push(file);
      else keep(file, refused(notReadable(file.file, result)));
    }
    await thread?.end();
  };
  const bytes = files.reduce((sum, { file }) => sum + file.byteLength, 0);
  const left = new Set(
    files.filter(({ file }) => bytes >= LARGE || ON_THREADS.includes(file.format)),
  );
  for (const file of files) if (!left.has(file)) keep(file, await readOne(file));
  const queue = left.values();
  const busy = Math.min(MOST_THREADS, availableParallelism(), Math.ceil(bytes / LARGE), left.size);
  await Promise.all(Array.from({ length: busy }, () => readOnThread(queue, busy)));
  await readOnThread(suspects, 1);
  return files.flatMap((file) => read.get(file) ?? []);
}

const READING_THREAD = 'read-files';

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

  /** What the thread, one of `busy`, makes of a file, or why it has to be ended. */
  read(
    file: FileToRead,
    busy: number,
    { ms, memory }: typeof LIMITS,
  ): Promise<ReadDocument | string> {
    const isOver = stopwatch(busy, ms);
    const before = process.memoryUsage.rss();
    return new Promise((resolve) => {
      const timer = setInterval(
        () => {
          if (isOver()) this.#answer(`no end of reading after ${ms / 1000} seconds`);
          if (process.memoryUsage.rss() - before > memory) this.#answer(TOO_MUCH_MEMORY);
        },
        Math.min(CHECKED_EVERY_MS, ms),
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
