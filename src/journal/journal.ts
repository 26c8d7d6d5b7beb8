/** The journal in files of a folder. */
import { createHmac, randomBytes } from 'node:crypto';
import { appendFile, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DragomanError, isMissing, unusableFolder } from '../errors.ts';
import { makeFolder, openFile, replaceFile } from '../files.ts';

/** ISO time. */
const at = z.string();
const asked = {
  meeting: z.string().nullable(),
  reason: z.string().nullable(),
};
/** A question without a clear answer. */
const unanswered = z.object({
  type: z.literal('unanswered'),
  at,
  question: z.string(),
  ...asked,
  verdict: z.enum(['weak', 'not_found']),
  generation: z.string(),
});
const feedback = z.object({
  type: z.literal('feedback'),
  at,
  /** Null where the answer was private. */
  question: z.string().nullable(),
  ...asked,
  verdict: z.enum(['answered', 'weak', 'not_found']).nullable(),
  vote: z.enum(['up', 'down']),
  /** What the user wrote; null for a vote without words. */
  remark: z.string().nullable(),
  /** Of one person at one message, see `Journal.voterOf`: only the last vote counts. Older journals have none. */
  voter: z.string().optional(),
});
/** A vote that its voter took back. */
const takenBack = z.object({ type: z.literal('taken-back'), at, voter: z.string() });
/** The maintainer has dealt with a question: what was asked before is not listed any more. */
const done = z.object({ type: z.literal('done'), at, question: z.string() });

export const entrySchema = z.discriminatedUnion('type', [unanswered, feedback, takenBack, done]);

export type UnansweredEntry = Readonly<z.infer<typeof unanswered>>;
export type FeedbackEntry = Readonly<z.infer<typeof feedback>>;
export type JournalEntry = Readonly<z.infer<typeof entrySchema>>;

/** What people wrote, or what repeats their words. */
const WRITTEN: ReadonlySet<string> = new Set(['question', 'reason', 'remark']);

/** The entry without mentions, addresses and numbers in what a person wrote. */
export function withoutNames(entry: JournalEntry): JournalEntry {
  const fields = Object.entries(entry).map(([name, value]) => [
    name,
    WRITTEN.has(name) && typeof value === 'string' ? scrubbed(value) : value,
  ]);
  return Object.fromEntries(fields) as JournalEntry;
}

/** Discord's mentions of users, roles and channels, and names after an @. */
const MENTION = /<(?:@[!&]?|#)\d+>|(?<![\p{L}\p{N}])@[\p{L}\p{N}_.-]{2,}/gu;
/** The part before the @ has at most 64 characters (RFC 5321), which bounds the work on text without any. */
const MAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Digits of any script in groups, as telephone numbers are written. */
const DIGITS =
  /(?<![\p{L}\p{N}])[+(]?\p{Nd}(?:[ ().\-/\u2010-\u2015]{0,2}\p{Nd})+(?![\p{L}\p{N}])/gu;
/** The shortest national number is written with seven digits, "555-0123"; longer ones need no separator. */
const FEWEST_DIGITS = 9;
const SHORT_NUMBER = /^\p{Nd}{3}[-.]\p{Nd}{4}$/u;
/** "2024-01-12", "12/01/2024", "1 000 000": dates, spans of years and amounts are what questions are about. */
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/ \u2010-\u2015]+\d{4})$/;
const AMOUNT = /^\d{1,3}(?:[ .]\d{3})+$/;

/** A text without what could tell who wrote it or whom it is about: the journal must not keep that. */
export function scrubbed(text: string): string {
  return text
    .replace(MAIL, '[mail]')
    .replace(MENTION, '[name]')
    .replace(DIGITS, (found) => (isTelephone(found) ? '[number]' : found));
}

function isTelephone(written: string): boolean {
  if (DATE.test(written) || AMOUNT.test(written)) return false;
  const digits = written.match(/\p{Nd}/gu)?.length ?? 0;
  return digits >= FEWEST_DIGITS || written.startsWith('+') || SHORT_NUMBER.test(written);
}

export const JOURNAL_FILE = 'journal.jsonl';
const KEY_FILE = 'journal.key';
/** Full files: their names sort by time. */
const ROTATED = /^journal-(\d{4})(\d{2})(\d{2})T\d{9}Z\.jsonl$/;

/** A file is closed at this size or age, and starts again. Some ten thousand entries; a month. */
const FILE_BYTES = 4 * 2 ** 20;
const DAY_MS = 86_400_000;
const FILE_MS = 30 * DAY_MS;
/** With the size of a file, the bound of what the journal takes on the disk: 64 MiB. */
const MOST_FILES = 15;

export interface JournalOptions {
  readonly enabled: boolean;
  readonly folder: string;
  /** Files that were closed longer ago are deleted. */
  readonly days: number;
}

/** Questions without a clear answer, and feedback. It never says who asked. */
export interface Journal {
  readonly enabled: boolean;
  /**
   * Appends one line, in the order of the calls, without mentions, mail addresses and telephone numbers. Entries that
   * come during a write are written together next: a busy bot records faster than the disk takes single lines.
   *
   * @throws DragomanError JOURNAL when the entry cannot be kept
   */
  record(entry: JournalEntry): Promise<void>;
  /**
   * Everything recorded, oldest first, read as it is asked for. Lines that are not entries (an incomplete write) are
   * skipped.
   *
   * @throws DragomanError JOURNAL when a file cannot be read, CONFIG when the folder cannot
   */
  entries(): AsyncIterable<JournalEntry>;
  /**
   * A name for one person at one message, the same each time, from which neither can be told: the key of the digest is
   * kept in the folder and nowhere else.
   */
  voterOf(userId: string, messageId: string): Promise<string>;
  /** Closes a file that is old enough, and deletes those that are older than the journal keeps. */
  tidy(): Promise<void>;
}

/**
 * The journal of a folder. A disabled one records nothing and is empty.
 *
 * @param onChange - called once with the problem when entries cannot be kept, and once with null when they can be again
 */
export function openJournal(
  options: JournalOptions,
  onChange: (problem: DragomanError | null) => void = () => undefined,
): Journal {
  return options.enabled ? new FileJournal(options, onChange) : OFF;
}

const OFF: Journal = {
  enabled: false,
  record: () => Promise.resolve(),
  entries: async function* () {
    yield* await Promise.resolve<JournalEntry[]>([]);
  },
  voterOf: () => Promise.resolve(''),
  tidy: () => Promise.resolve(),
};

class FileJournal implements Journal {
  readonly enabled = true;
  readonly #options: JournalOptions;
  readonly #onChange: (problem: DragomanError | null) => void;
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();
  /** The lines of the next write, and its promise; null when none is waiting. */
  #next: { lines: string; readonly written: Promise<void> } | null = null;
  #key: Promise<Buffer> | null = null;
  /** When a file was closed last: milliseconds since 1970. */
  #closedAt = 0;
  #isFailing = false;

  constructor(options: JournalOptions, onChange: (problem: DragomanError | null) => void) {
    this.#options = options;
    this.#onChange = onChange;
    this.#path = join(options.folder, JOURNAL_FILE);
  }

  record(entry: JournalEntry): Promise<void> {
    this.#next ??= { lines: '', written: this.#queue(() => this.#writeNext()) };
    this.#next.lines += `${JSON.stringify(withoutNames(entry))}\n`;
    return this.#next.written;
  }

  async *entries(): AsyncIterable<JournalEntry> {
    await this.#writing;
    for (const name of [...(await this.#rotated()), JOURNAL_FILE]) {
      yield* readEntries(join(this.#options.folder, name));
    }
  }

  async voterOf(userId: string, messageId: string): Promise<string> {
    this.#key ??= readKey(this.#options.folder).catch((error: unknown) => {
      // The next vote tries again.
      this.#key = null;
      throw error;
    });
    const hash = createHmac('sha256', await this.#key).update(`${userId} ${messageId}`);
    return hash.digest('base64url').slice(0, 16);
  }

  tidy(): Promise<void> {
    return this.#queue(async () => {
      await this.#rotateWhenDue(await stateOf(this.#path), 0);
      await this.#deleteOld();
    });
  }

  /** Runs one thing after the other; a failure does not stop the next from being tried. */
  #queue(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #writeNext(): Promise<void> {
    const lines = this.#next?.lines ?? '';
    this.#next = null;
    try {
      await makeFolder(this.#options.folder);
      const state = await stateOf(this.#path);
      const rotated = await this.#rotateWhenDue(state, Buffer.byteLength(lines));
      const start = !rotated && state.isIncomplete ? '\n' : '';
      await appendFile(this.#path, start + lines, { mode: 0o600 });
      if (rotated) await this.#deleteOld();
      if (this.#isFailing) this.#onChange(null);
      this.#isFailing = false;
    } catch (cause) {
      const problem = new DragomanError('JOURNAL', `The journal ${this.#path} cannot be written.`, {
        hint: 'Check the free space of the disk and whether JOURNAL_DIR can be written to, or set JOURNAL=off.',
        cause,
      });
      if (!this.#isFailing) this.#onChange(problem);
      this.#isFailing = true;
      throw problem;
    }
  }

  /** @returns whether the file was closed */
  async #rotateWhenDue({ size, since }: FileState, moreBytes: number): Promise<boolean> {
    const isOld = Date.now() - since > FILE_MS;
    if (size === 0 || (!isOld && size + moreBytes <= FILE_BYTES)) return false;
    // Later than the last one: two files must not have one name.
    this.#closedAt = Math.max(Date.now(), this.#closedAt + 1);
    const stamp = new Date(this.#closedAt).toISOString().replace(/[-:.]/g, '');
    await rename(this.#path, join(this.#options.folder, `journal-${stamp}.jsonl`));
    return true;
  }

  async #deleteOld(): Promise<void> {
    const { folder, days } = this.#options;
    const names = await this.#rotated();
    const oldest = Date.now() - days * DAY_MS;
    for (const [index, name] of names.entries()) {
      const [, year, month, day] = ROTATED.exec(name) ?? [];
      const closed = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}`);
      if (closed < oldest || index < names.length - MOST_FILES) await rm(join(folder, name));
    }
  }

  /** Names of the closed files, oldest first. */
  async #rotated(): Promise<string[]> {
    const { folder } = this.#options;
    const names = await unlessMissing(readdir(folder)).catch((error: unknown) => {
      throw unusableFolder('JOURNAL_DIR', folder, error);
    });
    return (names ?? []).filter((name) => ROTATED.test(name)).sort();
  }
}

/** Null where there is no such file or folder: it was never written, or deleted since it was listed. */
function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  return found.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

interface FileState {
  /** Bytes; 0 where there is no file. */
  readonly size: number;
  /** Time of the first entry, in milliseconds since 1970; NaN where it cannot be read. */
  readonly since: number;
  /** Whether the last line has no line feed: the process or the machine stopped during the write. */
  readonly isIncomplete: boolean;
}

async function stateOf(path: string): Promise<FileState> {
  const opened = await unlessMissing(openFile(path));
  if (opened === null) return { size: 0, since: NaN, isIncomplete: false };
  const { file, size } = opened;
  try {
    const head = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const at = /"at":"([^"]+)"/.exec(head.buffer.toString('utf8', 0, head.bytesRead))?.[1];
    const last = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return { size, since: Date.parse(at ?? ''), isIncomplete: size > 0 && last.buffer[0] !== 0x0a };
  } finally {
    await file.close();
  }
}

async function* readEntries(path: string): AsyncIterable<JournalEntry> {
  const opened = await unlessMissing(openFile(path)).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  // The lines close the file, however far they are read.
  for await (const line of opened?.file.readLines() ?? []) {
    const parsed = entrySchema.safeParse(parseJson(line));
    if (parsed.success) yield parsed.data;
  }
}

function unreadable(path: string, cause: unknown): DragomanError {
  return new DragomanError('JOURNAL', `The journal ${path} cannot be read.`, { cause });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const KEY_BYTES = 32;

/** The key of a folder, made when there is none, or when a crash left an incomplete one. */
async function readKey(folder: string): Promise<Buffer> {
  const path = join(folder, KEY_FILE);
  const found = await unlessMissing(readFile(path));
  if (found?.byteLength === KEY_BYTES) return found;
  const key = randomBytes(KEY_BYTES);
  await replaceFile(path, [key], 0o600);
  return key;
}
