import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Verdict } from '../answer/types.ts';
import { DragomanError } from '../errors.ts';
import { fold } from '../language/words.ts';

/** A question without a clear answer. The journal never says who asked. */
export interface UnansweredEntry {
  readonly type: 'unanswered';
  /** ISO time. */
  readonly at: string;
  readonly question: string;
  readonly meeting: string | null;
  readonly verdict: Exclude<Verdict, 'answered'>;
  readonly reason: string | null;
  readonly generation: string;
}

export interface FeedbackEntry {
  readonly type: 'feedback';
  /** ISO time. */
  readonly at: string;
  readonly question: string;
  readonly meeting: string | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly vote: 'up' | 'down';
  /** What the user wrote; null for a vote without words. */
  readonly remark: string | null;
}

export type JournalEntry = UnansweredEntry | FeedbackEntry;

const shared = {
  at: z.string(),
  question: z.string(),
  meeting: z.string().nullable(),
  reason: z.string().nullable(),
};
const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('unanswered'),
    ...shared,
    verdict: z.enum(['weak', 'not_found']),
    generation: z.string(),
  }),
  z.object({
    type: z.literal('feedback'),
    ...shared,
    verdict: z.enum(['answered', 'weak', 'not_found']).nullable(),
    vote: z.enum(['up', 'down']),
    remark: z.string().nullable(),
  }),
]);

export interface Journal {
  readonly enabled: boolean;
  /**
   * Appends one line, in the order of the calls. Entries that come during a write are written together next: a busy
   * bot records faster than the disk takes single lines.
   *
   * @throws DragomanError JOURNAL when the file cannot be written
   */
  record(entry: JournalEntry): Promise<void>;
  /**
   * Everything recorded, oldest first. Lines that are no entries (an incomplete write) are skipped.
   *
   * @throws DragomanError JOURNAL when the file cannot be read
   */
  read(): Promise<JournalEntry[]>;
}

export const JOURNAL_FILE = 'journal.jsonl';

/** The append-only journal of a folder. A disabled one records nothing and is empty. */
export function openJournal({ enabled, folder }: { enabled: boolean; folder: string }): Journal {
  if (!enabled) {
    return { enabled, record: () => Promise.resolve(), read: () => Promise.resolve([]) };
  }
  const path = join(folder, JOURNAL_FILE);
  let writing: Promise<void> = Promise.resolve();
  /** The lines of the next write, and its promise; null when none is waiting. */
  let next: { lines: string; readonly written: Promise<void> } | null = null;
  const writeNext = (): Promise<void> => {
    const lines = next?.lines ?? '';
    next = null;
    return append(path, lines);
  };
  return {
    enabled,
    record: (entry) => {
      if (next === null) {
        next = { lines: '', written: writing.then(writeNext) };
        // A failed write does not stop the next from being tried.
        writing = next.written.catch(() => undefined);
      }
      next.lines += `${JSON.stringify(entry)}\n`;
      return next.written;
    },
    read: async () => {
      await writing;
      return readEntries(path);
    },
  };
}

async function append(path: string, lines: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, (await isIncomplete(path)) ? `\n${lines}` : lines, { mode: 0o600 });
  } catch (cause) {
    throw new DragomanError('JOURNAL', `The journal ${path} cannot be written.`, {
      hint: 'Make the folder writable, or set JOURNAL=off.',
      cause,
    });
  }
}

/** Whether the last line has no line feed: the process or the machine stopped during the write. */
async function isIncomplete(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await file.close();
  }
}

async function readEntries(path: string): Promise<JournalEntry[]> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new DragomanError('JOURNAL', `The journal ${path} cannot be read.`, { cause: error });
  });
  if (file === null) return [];
  await file.close();
  const entries: JournalEntry[] = [];
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    const parsed = entrySchema.safeParse(parseJson(line));
    if (parsed.success) entries.push(parsed.data);
  }
  return entries;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

export interface UnansweredQuestion {
  /** As it was last asked. */
  readonly question: string;
  readonly times: number;
  readonly verdict: UnansweredEntry['verdict'];
  readonly reason: string | null;
  /** ISO time. */
  readonly lastAsked: string;
}

/**
 * Questions without a clear answer, most often asked first, then latest first. Questions that differ in case, accents
 * or punctuation only are the same.
 */
export function unansweredQuestions(entries: readonly JournalEntry[]): UnansweredQuestion[] {
  const groups = new Map<string, UnansweredQuestion>();
  for (const entry of entries) {
    if (entry.type !== 'unanswered') continue;
    const key = fold(entry.question)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    groups.set(key, {
      question: entry.question,
      times: (groups.get(key)?.times ?? 0) + 1,
      verdict: entry.verdict,
      reason: entry.reason,
      lastAsked: entry.at,
    });
  }
  return [...groups.values()].sort(
    (a, b) => b.times - a.times || b.lastAsked.localeCompare(a.lastAsked),
  );
}

/** Feedback, latest first. */
export function latestFeedback(entries: readonly JournalEntry[]): FeedbackEntry[] {
  return entries.filter((entry) => entry.type === 'feedback').reverse();
}
