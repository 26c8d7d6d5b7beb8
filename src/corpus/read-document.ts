import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { compiledProgram, sha256 } from '../files.ts';
import { isDateline } from '../language/dates.ts';
import type { Sidecar } from './companions.ts';
import {
  decode,
  LONGEST_READING,
  readFound,
  sizeProblem,
  stopwatch,
  withinTime,
  type CorpusFile,
  type Format,
} from './files.ts';
import { flattened, Unreadable, type Block, type ParsedBody } from './formats/block.ts';
import {
  NO_LINES,
  readFrontMatter,
  type Fields,
  type FrontMatterLines,
  type MeetingFields,
} from './formats/front-matter.ts';
import { readMarkdown, type Link } from './formats/markdown.ts';
import {
  assemble,
  dateOf,
  fieldsAtTop,
  inParagraphs,
  readPlainText,
  titleOf,
  withoutEndlessHeading,
} from './formats/structure.ts';
import {
  lineStartsOf,
  placeInFile,
  problem,
  type Document,
  type LeftOut,
  type Meeting,
  type Place,
  type Problem,
} from './types.ts';

interface DocumentLink extends Place {
  readonly url: string;
}

export interface ReadDocument {
  /** Null when the file has a problem. `id` comes from the front matter or is made from the path. */
  readonly document: Document | null;
  readonly links: readonly DocumentLink[];
  /** What the reader left out, in the order of the file. */
  readonly leftOut: readonly LeftOut[];
  /** As the file names them. */
  readonly author: string | null;
  /** BCP 47. */
  readonly language: string | null;
  readonly frontMatterLines: FrontMatterLines;
  readonly problems: readonly Problem[];
  /** What was read only in part although the file is in the corpus. */
  readonly warnings: readonly Problem[];
  /** Why a file without a problem is not a document; null when it is one or has a problem. */
  readonly skipped: string | null;
}

interface LoadedFile {
  readonly path: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** The encoding of its text, as a server's header declared it. */
  readonly charset?: string | null;
}

const NOTHING: ReadDocument = {
  document: null,
  links: [],
  leftOut: [],
  author: null,
  language: null,
  frontMatterLines: NO_LINES,
  problems: [],
  warnings: [],
  skipped: null,
};

export function refused(...problems: readonly Problem[]): ReadDocument {
  return { ...NOTHING, problems };
}

/** Reads one file of the corpus. Never throws because of its content. */
export async function readDocument(file: LoadedFile): Promise<ReadDocument> {
  const { path, bytes } = file;
  const sized = sizeProblem(bytes.byteLength);
  if (sized !== null) return refused(problem(path, sized));
  try {
    return await readSized(file);
  } catch (error) {
    if (error instanceof Unreadable) return refused(problem(path, error.message));
    // The libraries for HTML and PDF may fail on unusual files; one of those must not end a build.
    return refused(notReadable(file, messageOf(error).replace(/[.\s]+$/, '')));
  }
}

function notReadable(
  { path, format }: Pick<LoadedFile, 'path' | 'format'>,
  found: string,
): Problem {
  const message = `expected a ${format} file that can be read, found: ${found}. Save it in another format.`;
  return problem(path, message);
}

/** @throws Unreadable, and errors of the libraries */
async function readSized(file: LoadedFile): Promise<ReadDocument> {
  const { path, format, bytes, charset = null } = file;
  const given = { path, sha256: sha256(bytes) };
  if (format === '.pdf') {
    const { readPdf } = await import('./formats/pdf.ts');
    const body = await readPdf(bytes);
    return finish({ ...given, decoded: body.decoded, body });
  }
  if (format === '.docx' || format === '.epub') {
    const { readDocx, readEpub } = await import('./formats/office.ts');
    const body = await (format === '.docx' ? readDocx : readEpub)(bytes);
    return withinTime(() => finish({ ...given, decoded: body.decoded, body }));
  }
  const isMarkup = format === '.html' || format === '.htm';
  const read = decode(bytes, { charset, isMarkup });
  if (!read.ok) return refused(problem(path, read.failure.message, read.failure));
  const decoded = read.text;
  if (!isMarkup) return withinTime(() => readWritten({ ...given, decoded }, format === '.txt'));
  const { readHtml } = await import('./formats/html.ts');
  return withinTime(() => finish({ ...given, decoded, body: readHtml(decoded) }));
}

interface Parts {
  readonly path: string;
  readonly sha256: string;
  readonly decoded: string;
  readonly body: ParsedBody & { readonly links?: readonly Link[] };
  readonly fields?: Fields | null;
  readonly lines?: FrontMatterLines;
}

/** Markdown or plain text, with or without front matter. */
function readWritten(
  file: Pick<Parts, 'path' | 'sha256' | 'decoded'>,
  isPlain: boolean,
): ReadDocument {
  const { path, decoded } = file;
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(decoded)) {
    throw new Unreadable('expected text, found a web page. Give the file the ending .html.');
  }
  const { fields, bodyStart, lines, problems, warnings } = readFrontMatter(decoded, path);
  if (problems.length > 0) return refused(...problems);
  const rest = decoded.slice(bodyStart);
  const parsed: Parts['body'] = isPlain
    ? { blocks: readPlainText(rest, bodyStart), leftOut: [] }
    : readMarkdown(rest, { bodyStart, citesSources: fields?.kind !== undefined });
  const front = bodyStart === 0 ? [] : [{ start: 0, end: bodyStart, why: 'front matter' }];
  const body = {
    ...parsed,
    ...(fields === null ? fieldsAtTop(rest) : {}),
    leftOut: [...front, ...parsed.leftOut],
  };
  return { ...finish({ ...file, body, fields, lines }), warnings };
}

/** From blocks to a document, for all formats. */
function finish({ path, sha256, decoded, body, fields = null, lines }: Parts): ReadDocument {
  const isOurs = fields?.kind !== undefined;
  const { name } = posix.parse(path);
  const paragraphs = isOurs ? body.blocks.map(flattened) : inParagraphs(body);
  const blocks = paragraphs.map(withoutEndlessHeading);
  const lineStarts = lineStartsOf(decoded);
  const leftOut = leftOutLines(body, lineStarts);
  if (blocks.every(({ kind, guessed }) => kind === 'heading' && guessed !== true)) {
    // A meeting must have a document; a note of another program may be a stub.
    if (!isOurs) return { ...NOTHING, leftOut, skipped: 'it has no text below its title' };
    throw new Unreadable('expected text, found none. Write some, or remove the file.');
  }
  const given = fields?.title ?? body.title ?? null;
  const { title, block: titleBlock } = titleOf(blocks, { given, fallback: name });
  const opens = isOurs ? () => false : ({ text }: Block) => isDateline(text);
  const { text, sections, footnotes, runs } = assemble(blocks, { lineStarts, titleBlock, opens });
  const document: Document = {
    id: fields?.id ?? slug(name),
    kind: fields?.kind ?? 'other',
    title,
    path,
    sha256,
    text,
    sections,
    footnotes,
    origin: { runs, lineStarts },
    expected: [],
    sources: fields?.sources ?? [],
    topics: fields?.topics ?? [],
    people: fields?.people ?? [],
    meeting: fields?.kind === 'meeting' ? meetingOf(fields) : null,
    date: isOurs ? (fields.date ?? null) : (fields?.date ?? body.date ?? dateOf(name, body.blocks)),
    ...(isOurs ? { related: fields.related } : {}),
    ...(isOurs && fields.ja !== undefined ? { ja: fields.ja } : {}),
  };
  return {
    ...NOTHING,
    document,
    links: (body.links ?? []).map(({ url, fileOffset }) => ({
      url,
      ...placeInFile(lineStarts, fileOffset),
    })),
    leftOut,
    author: body.author ?? null,
    language: body.language ?? null,
    frontMatterLines: lines ?? NO_LINES,
  };
}

/** What a reader left out, by lines; parts of one line for one reason are one. */
function leftOutLines({ leftOut }: ParsedBody, lineStarts: readonly number[]): LeftOut[] {
  const found: LeftOut[] = [];
  for (const { start, end, why } of leftOut) {
    const first = placeInFile(lineStarts, start).line;
    const last = placeInFile(lineStarts, Math.max(start, end - 1)).line;
    const before = found.at(-1);
    if (before?.why === why && before.lines[1] === first) {
      found[found.length - 1] = { why, lines: [before.lines[0], last] };
    } else found.push({ lines: [first, last], why });
  }
  return found;
}

/** Lower-case words joined by hyphens: "press-conference" for "Press Conference". */
export function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'document' : words;
}

function meetingOf({ kind: _kind, related: _related, ja: _ja, ...given }: MeetingFields): Meeting {
  return given;
}

/** A file to read, with what is known of it in addition. */
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

interface ReadingLimits {
  /** Milliseconds of a processor. */
  readonly ms: number;
  /** Bytes that the process may grow by. */
  readonly memory: number;
}

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
  limits: ReadingLimits = { ms: LONGEST_READING, memory: MOST_MEMORY },
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

const READING_THREAD = 'read-document';

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
    { ms, memory }: ReadingLimits,
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
