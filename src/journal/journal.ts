import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DragomanError, isMissing } from '../errors.ts';
import type { JournalEntry } from './types.ts';

export interface Journal {
  readonly enabled: boolean;
  /**
   * Appends one line, in the order of the calls. Entries that come while others are written go together in the
   * next write: a busy bot records faster than the disk takes single lines.
   *
   * @throws DragomanError JOURNAL when the file cannot be written
   */
  record(entry: JournalEntry): Promise<void>;
  /** Everything recorded, oldest first. Lines that are no entries (a torn write) are passed over. */
  read(): Promise<JournalEntry[]>;
}

export const JOURNAL_FILE = 'journal.jsonl';

const verdict = z.enum(['answered', 'weak', 'not_found']);
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
    verdict: verdict.nullable(),
    vote: z.enum(['up', 'down']),
    remark: z.string().nullable(),
  }),
]);

/** The append-only journal of a folder; one that is off records nothing and reads as empty. */
export function openJournal({ enabled, folder }: { enabled: boolean; folder: string }): Journal {
  if (!enabled) {
    return { enabled, record: () => Promise.resolve(), read: () => Promise.resolve([]) };
  }
  const path = join(folder, JOURNAL_FILE);
  let writing: Promise<void> = Promise.resolve();
  /** What the next write takes along, and its promise; null when none is waiting. */
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
        // Lines that cannot be written must not keep the next from being tried.
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
    await appendFile(path, (await endsTorn(path)) ? `\n${lines}` : lines, { mode: 0o600 });
  } catch (cause) {
    throw new DragomanError('JOURNAL', `The journal ${path} cannot be written.`, {
      hint: 'Make the folder writable, or set JOURNAL=off.',
      cause,
    });
  }
}

/** Whether the last line lacks its end: the process or the machine stopped while it was written. */
async function endsTorn(path: string): Promise<boolean> {
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
    if (isMissing(error)) return null;
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
