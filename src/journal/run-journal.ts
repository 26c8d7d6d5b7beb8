import type { ArgsDef, ParsedArgs } from 'citty';
import { wholeNumber } from '../terminal/command-line.ts';
import { printable } from '../terminal/text.ts';
import {
  latestFeedback,
  unansweredQuestions,
  type FeedbackEntry,
  type Journal,
  type UnansweredQuestion,
} from './journal.ts';

export const JOURNAL_ARGS = {
  feedback: { type: 'boolean', description: 'Print the feedback instead, latest first' },
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
  readonly json: boolean;
  readonly limit: number;
}

/** @throws DragomanError USAGE */
export function journalArguments(args: ParsedArgs<typeof JOURNAL_ARGS>): JournalArguments {
  const { feedback = false, json = false, limit } = args;
  return { feedback, json, limit: wholeNumber('--limit', limit, { from: 1 }) };
}

/** @throws DragomanError JOURNAL when the journal cannot be read */
export async function runJournal(
  { feedback, json, limit }: JournalArguments,
  journal: Journal,
  output: { write(text: string): unknown },
): Promise<void> {
  const entries = await journal.read();
  const items = feedback ? latestFeedback(entries) : unansweredQuestions(entries);
  const shown = items.slice(0, limit);
  if (json) {
    output.write(shown.map((item) => `${JSON.stringify(item)}\n`).join(''));
    return;
  }
  const lines = shown.map((item) => ('vote' in item ? feedbackLine(item) : questionLine(item)));
  if (lines.length === 0) lines.push('Nothing yet.');
  if (items.length > limit) lines.push(`… and ${items.length - limit} more`);
  output.write(`${lines.map(printable).join('\n')}\n`);
}

function questionLine({ question, times, verdict, reason, lastAsked }: UnansweredQuestion): string {
  const why = reason ?? (verdict === 'weak' ? 'Weak.' : 'Not found.');
  return `${String(times).padStart(4)} × ${question}\n       ${why} Last asked ${lastAsked.slice(0, 10)}.`;
}

function feedbackLine({ vote, question, remark, at, verdict }: FeedbackEntry): string {
  const head = `${vote === 'up' ? 'up  ' : 'down'} ${at.slice(0, 10)}  ${question}`;
  const parts = [verdict?.replace('_', ' '), remark === null ? undefined : `“${remark}”`];
  const tail = parts.filter((part) => part !== undefined).join(' · ');
  return tail === '' ? head : `${head}\n       ${tail}`;
}
