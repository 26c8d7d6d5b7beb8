import { realpathSync, statSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, posix, relative, sep } from 'node:path';
import { createContext, Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { z } from 'zod';
import { DragomanError, messageOf, systemCodeOf } from '../errors.ts';
import { decode, sizeProblem } from './formats/decode.ts';
import type { Problem } from './types.ts';

export const FORMATS = [
  '.md',
  '.markdown',
  '.txt',
  '.html',
  '.htm',
  '.pdf',
  '.docx',
  '.epub',
] as const;
export type Format = (typeof FORMATS)[number];

/** The format of a file by the ending of its name; null for none that is known. */
export function formatOf(path: string): Format | null {
  return FORMATS.find((known) => known === extname(path).toLowerCase()) ?? null;
}

export interface FileFound {
  /** Relative to the corpus folder, with forward slashes. */
  readonly path: string;
  readonly absolute: string;
  readonly byteLength: number;
}

export interface CorpusFile extends FileFound {
  readonly format: Format;
}

export type SkippedFile = Readonly<Record<'path' | 'reason', string>>;

export interface Walked {
  /** Sorted by path, byte by byte: the same on every machine. */
  readonly files: readonly CorpusFile[];
  /** Files of expected questions, in the order of their folders' listings. */
  readonly questionFiles: readonly FileFound[];
  /** Null where the corpus has none, or one that is no file to be read, which is among the problems. */
  readonly bibliography: FileFound | null;
  /** Files about pages that were fetched, in the same order. */
  readonly sidecarFiles: readonly FileFound[];
  /** As `bibliography`, for what the corpus says of itself. */
  readonly about: FileFound | null;
  readonly skipped: readonly SkippedFile[];
  readonly problems: readonly Problem[];
}

/** The bibliography at the top of a corpus folder; not a document. */
export const SOURCES_FILE = 'sources.yaml';

/** What a corpus is about, at its top; not a document. */
const ABOUT_FILE = 'about.yaml';

/** A file of expected questions has the name of its document, in the same folder, with this ending. */
export const QUESTIONS_ENDING = '.questions';

/**
 * A file about a page of a source that was fetched, next to it: where the page comes from. It is quoted as its publisher's
 * words only while its bytes are those that were fetched.
 */
export const SIDECAR_ENDING = '.page.json';

/**
 * Lists the documents of a corpus folder. Links are followed while they stay inside it.
 *
 * @throws the system's error when the folder itself cannot be listed
 */
export async function walkCorpus(folder: string): Promise<Walked> {
  const root = await realpath(folder);
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
    if (/^readme(?:\.|$)/i.test(name)) skipped.push({ path, reason: 'a README is not a document' });
    else if (path === SOURCES_FILE || path === ABOUT_FILE) named.set(path, found);
    else if (name.endsWith(QUESTIONS_ENDING)) questionFiles.push(found);
    else if (name.endsWith(SIDECAR_ENDING)) sidecarFiles.push(found);
    else if (format !== null) files.push({ ...found, format });
    else skipped.push({ path, reason: `its ending is none of ${FORMATS.join(', ')}` });
  };
  const visit = async (directory: string): Promise<void> => {
    for (const name of (await readdir(directory)).sort()) {
      if (name.startsWith('.')) continue;
      const absolute = join(directory, name);
      const path = relative(root, absolute).split(sep).join('/');
      const refuse = (message: string): void => void problems.push(problem(path, message));
      try {
        const real = realpathSync.native(absolute);
        const status = statSync(real);
        if (real !== root && !real.startsWith(root + sep)) {
          refuse(
            'expected a file inside the corpus, found a link that leaves it. Copy the file here, or remove the link.',
          );
        } else if (status.isDirectory()) {
          if (entered.has(real)) continue;
          entered.add(real);
          await visit(absolute);
        } else if (status.isFile()) take({ path, absolute, byteLength: status.size }, name);
        else {
          refuse('expected a file, found neither a file nor a folder. Remove it from the corpus.');
        }
      } catch (error) {
        refuse(describeFileError(error));
      }
    }
  };
  await visit(root);
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const bibliography = named.get(SOURCES_FILE) ?? null;
  const about = named.get(ABOUT_FILE) ?? null;
  return { files, questionFiles, bibliography, about, sidecarFiles, skipped, problems };
}

/** The bytes of a file that the walk found, or the problem with it. */
export async function readFound(file: FileFound): Promise<Uint8Array | Problem> {
  const { path, absolute, byteLength } = file;
  // Before reading: a disk image that was copied here by mistake must not fill the memory.
  const sized = sizeProblem(byteLength);
  if (sized !== null) return problem(path, sized);
  try {
    return await readFile(absolute);
  } catch (error) {
    return problem(path, describeFileError(error));
  }
}

/** The text of a file that is no document, or the problem with it. */
export async function readText(file: FileFound): Promise<string | Problem> {
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const decoded = decode(bytes);
  return decoded.ok ? decoded.text : problem(file.path, decoded.failure.message, decoded.failure);
}

/** A system error in words for the maintainer of the corpus. */
export function describeFileError(error: unknown): string {
  switch (systemCodeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'expected a file that can be read, found no permission to read it. Change its permissions.';
    case 'ENOENT':
      return 'expected a file, found a link that leads nowhere. Remove the link.';
    case 'ELOOP':
      return 'expected a file, found a link that leads back to itself. Remove the link.';
    default:
      return `expected a file that can be read, found: ${messageOf(error)}.`;
  }
}

/** Milliseconds of a processor. A file of the largest size takes a few seconds; one that takes so long would take hours. */
export const LONGEST_READING = 30_000;
/** Of the time on the clock: a busy machine gives a program a small part of it. */
const LONGEST_WAITING = 20 * LONGEST_READING;

/**
 * Begins to measure the time of a processor that each of `threads` busy threads takes.
 *
 * @returns whether it is more than `limit` milliseconds
 */
export function stopwatch(threads = 1, limit = LONGEST_READING): () => boolean {
  const [cpu, clock] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1000 / threads > limit || performance.now() - clock > LONGEST_WAITING;
  };
}

const sandbox: { work?: () => unknown } = {};
const context = createContext(sandbox);
const call = new Script('work()');

/**
 * Does work that does not wait for anything, and stops it when it takes too long: no timer could, because the work holds
 * the thread; the watchdog of `node:vm` can. It looks at the clock, so work that a busy machine held up is done again. A
 * reading thread is watched from outside.
 *
 * @throws Error when the time is over, and what the work throws
 */
export function withinTime<Result>(work: () => Result, limit = LONGEST_READING): Result {
  if (!isMainThread) return work();
  sandbox.work = work;
  for (let timeout = limit; ; timeout *= 4) {
    const isOver = stopwatch(1, limit * 0.9);
    try {
      return call.runInContext(context, { timeout }) as Result;
    } catch (error) {
      // The watchdog's error is one of the other context, so it is no `Error` of this one.
      const { code } = Object(error) as { code?: unknown };
      if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const message = `no end of reading after ${limit / 1000} seconds`;
      if (isOver()) throw new Error(message, { cause: error });
    }
  }
}

/** A problem with one file; line and column are null where unknown. */
export function problem(
  path: string,
  message: string,
  place: { line?: number | null; column?: number | null } = {},
): Problem {
  return { path, line: place.line ?? null, column: place.column ?? null, message };
}

/** One line for a terminal: `path:line:column: message`. */
export function describeProblem({ path, line, column, message }: Problem): string {
  return `${[path, line, column].filter((part) => part !== null).join(':')}: ${message}`;
}

/** Orders problems by path, line and column. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** All problems of a corpus in one error. */
export class CorpusProblems extends DragomanError {
  readonly problems: readonly Problem[];

  constructor(folder: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map((found) => `  ${describeProblem(found)}`);
    super('CORPUS', [`${count} in ${folder}:`, ...lines].join('\n'), {
      hint: 'Correct the files, or remove them from the corpus.',
    });
    this.problems = problems;
  }
}

/** Where pages are fetched to, below the corpus folder. */
export const ORIGINALS_FOLDER = 'originals';

const sidecarSchema = z.object({
  /** Id of the source. */
  source: z.string().min(1),
  /** Name of the page's file, in the sidecar's folder. */
  file: z.string().refine((name) => name === basename(name), 'expected a name without a folder'),
  /** As the bibliography has it. */
  address: z.url(),
  /** After redirects; of an archived page the archive's, as a browser opens it. */
  finalAddress: z.url({ protocol: /^https?$/ }),
  /** True for the copy of a web archive. */
  archived: z.boolean(),
  /** ISO times: when these bytes came, and when the server last said that they are current. */
  fetchedAt: z.string(),
  checkedAt: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** HTTP headers. */
  contentType: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
});

export type Sidecar = Readonly<z.infer<typeof sidecarSchema>>;

/** @throws Error when the text is not a sidecar */
export function parseSidecar(text: string): Sidecar {
  return sidecarSchema.parse(JSON.parse(text));
}

/** Sidecars by the path of their page. One that cannot be read becomes a problem. */
export async function readSidecars(files: readonly FileFound[]): Promise<{
  readonly sidecars: ReadonlyMap<string, Sidecar>;
  readonly problems: readonly Problem[];
}> {
  const sidecars = new Map<string, Sidecar>();
  const problems: Problem[] = [];
  for (const file of files) {
    const text = await readText(file);
    if (typeof text !== 'string') {
      problems.push(text);
      continue;
    }
    try {
      const sidecar = parseSidecar(text);
      sidecars.set(posix.join(dirname(file.path), sidecar.file), sidecar);
    } catch (error) {
      const found = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
      const message = `expected what \`npm run corpus:fetch\` writes about a page, found: ${found.replace(/\s+/g, ' ')}. Fetch the page again.`;
      problems.push(problem(file.path, message));
    }
  }
  return { sidecars, problems };
}
