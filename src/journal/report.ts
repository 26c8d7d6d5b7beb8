/** What a maintainer wants to know of the journal, and `npm run journal`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArgsDef, ParsedArgs } from 'citty';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { DragomanError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import { dot } from '../index/scan.ts';
import { foldedWords } from '../language/words.ts';
import { usageError, wholeNumber } from '../terminal/command-line.ts';
import { printable } from '../terminal/text.ts';
import type { FeedbackEntry, JournalEntry, UnansweredEntry, Journal } from './journal.ts';

export interface UnansweredQuestion {
  /** As it was last asked. */
  readonly question: string;
  /** Other wordings of it, most often asked first. */
  readonly wordings: readonly string[];
  readonly times: number;
  readonly verdict: UnansweredEntry['verdict'];
  readonly reason: string | null;
  /** ISO time. */
  readonly lastAsked: string;
}

/** Unit vectors of questions, one each. */
type VectorsOf = (questions: readonly string[]) => Promise<readonly Float32Array[]>;

/** Different questions kept in memory while a journal is read; those not asked for longest are forgotten first. */
const MOST_QUESTIONS = 20_000;
/** So many of them, the most frequent, are compared by meaning: each takes some milliseconds. */
const MOST_COMPARED = 300;
/**
 * Cosine from which two questions mean the same: of twenty pairs with the bundled model, other wordings of one question
 * had 0.85 or more, questions about another thing 0.84 or less.
 */
const SAME_MEANING = 0.86;

/**
 * Questions without a clear answer that nobody has marked as done, most often asked first, then latest first. Questions
 * are the same when they differ in case, accents or punctuation only, or when they mean the same and have the same
 * figures.
 */
export async function unansweredQuestions(
  entries: AsyncIterable<JournalEntry>,
  vectorsOf: VectorsOf,
): Promise<UnansweredQuestion[]> {
  const byWords = new LRUCache<string, UnansweredQuestion>({ max: MOST_QUESTIONS });
  for await (const entry of entries) {
    if (entry.type !== 'unanswered' && entry.type !== 'done') continue;
    const key = foldedWords(entry.question);
    if (entry.type === 'done') {
      byWords.delete(key);
      continue;
    }
    const { question, verdict, reason, at } = entry;
    const times = (byWords.get(key)?.times ?? 0) + 1;
    byWords.set(key, { question, wordings: [], times, verdict, reason, lastAsked: at });
  }
  const questions = [...byWords.values()].sort(byTimes);
  const compared = await grouped(questions.slice(0, MOST_COMPARED), vectorsOf);
  return [...compared, ...questions.slice(MOST_COMPARED)].sort(byTimes);
}

function byTimes(a: UnansweredQuestion, b: UnansweredQuestion): number {
  return b.times - a.times || b.lastAsked.localeCompare(a.lastAsked);
}

/** Each question joins the first one before it, and so a more frequent one, that means the same. */
async function grouped(
  questions: readonly UnansweredQuestion[],
  vectorsOf: VectorsOf,
): Promise<UnansweredQuestion[]> {
  if (questions.length < 2) return [...questions];
  // In one case: models take "Lima" and "lima" for different words.
  const vectors = await vectorsOf(questions.map(({ question }) => question.toLowerCase()));
  const groups: { whole: UnansweredQuestion; vector: Float32Array; figures: string }[] = [];
  for (const [index, question] of questions.entries()) {
    const vector = vectors[index] ?? new Float32Array();
    const figures = figuresOf(question.question);
    const same = groups.find(
      (group) => group.figures === figures && dot(group.vector, vector) >= SAME_MEANING,
    );
    if (same === undefined) groups.push({ whole: question, vector, figures });
    else same.whole = joined(same.whole, question);
  }
  return groups.map(({ whole }) => whole);
}

function joined(group: UnansweredQuestion, next: UnansweredQuestion): UnansweredQuestion {
  return {
    ...group,
    wordings: [...group.wordings, next.question],
    times: group.times + next.times,
    lastAsked: next.lastAsked > group.lastAsked ? next.lastAsked : group.lastAsked,
  };
}

function figuresOf(question: string): string {
  return [...new Set(question.match(/\p{Nd}+/gu))].sort().join(' ');
}

/** Votes kept in memory while a journal is read; the oldest are forgotten first. */
const MOST_VOTES = 20_000;

/** The feedback that counts, latest first: of one person at one message the last, unless it was taken back. */
export async function latestFeedback(
  entries: AsyncIterable<JournalEntry>,
): Promise<FeedbackEntry[]> {
  const votes = new LRUCache<string, FeedbackEntry>({ max: MOST_VOTES });
  let unnamed = 0;
  for await (const entry of entries) {
    if (entry.type === 'taken-back') votes.delete(entry.voter);
    if (entry.type === 'feedback') votes.set(entry.voter ?? `unnamed ${(unnamed += 1)}`, entry);
  }
  return [...votes.values()];
}

/** Marks a question as done, in all its wordings, so that it is listed again only when somebody asks it again. */
export async function markDone(
  journal: Pick<Journal, 'record'>,
  { question, wordings }: UnansweredQuestion,
): Promise<void> {
  const at = new Date().toISOString();
  const marked = [question, ...wordings];
  await Promise.all(marked.map((words) => journal.record({ type: 'done', at, question: words })));
}

/** Notes that several bots share, by their names. */
interface SharedNotes {
  get(name: string): Promise<unknown>;
  /** False where the note is another one by now. */
  replace(name: string, before: unknown, note: unknown): Promise<boolean>;
}

export interface WeekOptions {
  readonly journal: Pick<Journal, 'entries'>;
  readonly vectorsOf: VectorsOf;
  /** Where it is noted when a week was reported last: a folder, or the notes that all bots share. */
  readonly notes: string | SharedNotes;
}

export interface Week {
  readonly questions: readonly UnansweredQuestion[];
  readonly feedback: readonly FeedbackEntry[];
}

const WEEK_MS = 7 * 86_400_000;
const NOTE = 'digest';
const noteSchema = z.object({ sentAt: z.iso.datetime() });

/**
 * What is to be reported of a week that has passed since the last report, or since this was first called; else null. It is
 * noted before it is reported: a report that fails is not tried again every hour, and of several bots one reports.
 *
 * @param onLost called where the note cannot be read; the week starts again
 */
export async function weekWhenDue(
  { journal, vectorsOf, notes }: WeekOptions,
  onLost: () => void,
): Promise<Week | null> {
  const now = new Date();
  const note = typeof notes === 'string' ? await readNote(notes) : await notes.get(NOTE);
  const { data } = noteSchema.safeParse(note);
  if (note !== null && data === undefined) onLost();
  const since = data === undefined ? NaN : Date.parse(data.sentAt);
  if (now.getTime() - since < WEEK_MS) return null;
  const next = { sentAt: now.toISOString() };
  const isOurs =
    typeof notes === 'string'
      ? await writeNote(notes, next)
      : await notes.replace(NOTE, note, next);
  if (data === undefined || !isOurs) return null;
  return {
    questions: await unansweredQuestions(entriesSince(journal, since), vectorsOf),
    feedback: await latestFeedback(entriesSince(journal, since)),
  };
}

/** Null where there is none; the text itself of a file that is no JSON. */
async function readNote(folder: string): Promise<unknown> {
  const content = await readFile(join(folder, `${NOTE}.json`), 'utf8').catch(() => null);
  try {
    return content === null ? null : JSON.parse(content);
  } catch {
    return content;
  }
}

async function writeNote(folder: string, note: unknown): Promise<true> {
  await replaceFile(join(folder, `${NOTE}.json`), [`${JSON.stringify(note)}\n`]);
  return true;
}

/** `since`: milliseconds since 1970. */
async function* entriesSince(
  journal: WeekOptions['journal'],
  since: number,
): AsyncIterable<JournalEntry> {
  for await (const entry of journal.entries()) if (Date.parse(entry.at) >= since) yield entry;
}

export const JOURNAL_ARGS = {
  feedback: { type: 'boolean', description: 'Print the feedback instead, latest first' },
  done: {
    type: 'string',
    valueHint: 'question',
    description: 'Mark a question of the list as done, with its other wordings',
  },
  limit: {
    type: 'string',
    valueHint: 'number',
    description: 'How many at most',
    default: '50',
  },
  json: { type: 'boolean', description: 'One JSON object a line' },
} as const satisfies ArgsDef;

/** @throws DragomanError USAGE */
export function journalArguments(args: ParsedArgs<typeof JOURNAL_ARGS>) {
  const { feedback = false, done = null, json = false, limit } = args;
  if (done !== null && (feedback || json)) {
    throw usageError('Expected --done alone, found it with --feedback or --json.');
  }
  return { feedback, done, json, limit: wholeNumber('--limit', limit, { from: 1 }) };
}

/**
 * @throws DragomanError JOURNAL when the journal cannot be read or written, or when no question of its list is the one to
 *   mark
 */
export async function runJournal(
  { feedback, done, json, limit }: ReturnType<typeof journalArguments>,
  { journal, vectorsOf }: { readonly journal: Journal; readonly vectorsOf: VectorsOf },
  output: { write(text: string): unknown },
): Promise<void> {
  const questions = feedback ? [] : await unansweredQuestions(journal.entries(), vectorsOf);
  if (done !== null) {
    const key = foldedWords(done);
    const asked = questions.find(({ question, wordings }) =>
      [question, ...wordings].some((wording) => foldedWords(wording) === key),
    );
    if (asked === undefined) {
      throw new DragomanError('JOURNAL', `The journal has no open question "${printable(done)}".`, {
        hint: 'Copy the question from the list of `npm run journal`.',
      });
    }
    await markDone(journal, asked);
    output.write(`Done: ${printable(asked.question)} (asked ${asked.times} times)\n`);
    return;
  }
  const votes = feedback ? await latestFeedback(journal.entries()) : [];
  const items = feedback ? votes : questions;
  if (json) {
    const shown = items.slice(0, limit).map((item) => `${JSON.stringify(item)}\n`);
    output.write(shown.join(''));
    return;
  }
  const lines = [...votes.map(feedbackLine), ...questions.map(questionLine)].slice(0, limit);
  if (lines.length === 0) lines.push('Nothing yet.');
  if (items.length > limit) lines.push(`… and ${items.length - limit} more`);
  output.write(`${lines.map(printable).join('\n')}\n`);
}

const WORDINGS = 2;

function questionLine(asked: UnansweredQuestion): string {
  const { question, wordings, times, verdict, reason, lastAsked } = asked;
  const why = reason ?? (verdict === 'weak' ? 'Weak.' : 'Not found.');
  return [
    `${String(times).padStart(4)} × ${question}`,
    ...wordings.slice(0, WORDINGS).map((wording) => `       also: ${wording}`),
    `       ${why} Last asked ${lastAsked.slice(0, 10)}.`,
  ].join('\n');
}

function feedbackLine({ vote, question, remark, at, verdict }: FeedbackEntry): string {
  const head = `${vote === 'up' ? 'up  ' : 'down'} ${at.slice(0, 10)}  ${question ?? '(a private question)'}`;
  const parts = [verdict?.replace('_', ' '), remark === null ? undefined : `“${remark}”`];
  const tail = parts.filter((part) => part !== undefined).join(' · ');
  return tail === '' ? head : `${head}\n       ${tail}`;
}
