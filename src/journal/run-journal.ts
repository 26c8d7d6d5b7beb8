import type { ArgsDef, ParsedArgs } from 'citty';
import { DragomanError } from '../errors.ts';
import { usageError, wholeNumber } from '../terminal/command-line.ts';
import { printable } from '../terminal/text.ts';
import {
  latestFeedback,
  markDone,
  unansweredQuestions,
  type FeedbackEntry,
  type UnansweredQuestion,
  type VectorsOf,
} from './entries.ts';
import type { Journal } from './journal.ts';

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

export interface JournalArguments {
  readonly feedback: boolean;
  /** Null: nothing is marked. */
  readonly done: string | null;
  readonly json: boolean;
  readonly limit: number;
}

/** @throws DragomanError USAGE */
export function journalArguments(args: ParsedArgs<typeof JOURNAL_ARGS>): JournalArguments {
  const { feedback = false, done = null, json = false, limit } = args;
  if (done !== null && (feedback || json)) {
    throw usageError('Expected --done alone, found it with --feedback or --json.');
  }
  return { feedback, done, json, limit: wholeNumber('--limit', limit, { from: 1 }) };
}

export interface JournalTools {
  readonly journal: Journal;
  readonly vectorsOf: VectorsOf;
}

/**
 * @throws DragomanError JOURNAL when the journal cannot be read or written, USAGE when no question of the list is the one
 *   to mark
 */
export async function runJournal(
  { feedback, done, json, limit }: JournalArguments,
  { journal, vectorsOf }: JournalTools,
  output: { write(text: string): unknown },
): Promise<void> {
  const items = feedback
    ? await latestFeedback(journal.entries())
    : await unansweredQuestions(journal.entries(), vectorsOf);
  if (done !== null) {
    const marked = await markDone(journal, { questions: items.filter(isQuestion), asked: done });
    if (marked === null) {
      throw new DragomanError('USAGE', `The journal has no open question "${printable(done)}".`, {
        hint: 'Copy the question from the list of `npm run journal`.',
      });
    }
    output.write(`Done: ${printable(marked.question)} (asked ${marked.times} times)\n`);
    return;
  }
  const shown = items.slice(0, limit);
  if (json) {
    output.write(shown.map((item) => `${JSON.stringify(item)}\n`).join(''));
    return;
  }
  const lines = shown.map((item) => (isQuestion(item) ? questionLine(item) : feedbackLine(item)));
  if (lines.length === 0) lines.push('Nothing yet.');
  if (items.length > limit) lines.push(`… and ${items.length - limit} more`);
  output.write(`${lines.map(printable).join('\n')}\n`);
}

function isQuestion(item: UnansweredQuestion | FeedbackEntry): item is UnansweredQuestion {
  return !('vote' in item);
}

/** Wordings shown below a question. */
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
