import { printable } from '../terminal/printable.ts';
import {
  latestFeedback,
  unansweredQuestions,
  type FeedbackEntry,
  type Journal,
  type UnansweredQuestion,
} from './journal.ts';
import { FLAG, parseScriptArguments, usageError } from '../terminal/arguments.ts';

export const JOURNAL_HELP = `Usage: npm run journal -- [options]

Prints the questions most often left without a clear answer, which shows what documents to add.

  --feedback       print the feedback instead, latest first
  --limit NUMBER   how many at most (default: 50)
  --json           one JSON object a line
  --help           print this text

The journal is \`journal.jsonl\` in JOURNAL_DIR. Exit codes: 0 done, 1 it cannot be read, 2 wrong usage.
`;

export interface JournalArguments {
  readonly feedback: boolean;
  readonly json: boolean;
  readonly limit: number;
}

const DEFAULT_LIMIT = 50;

/**
 * @returns null when help is wanted
 * @throws DragomanError USAGE
 */
export function parseJournalArguments(args: readonly string[]): JournalArguments | null {
  const { feedback, json, limit, help } = parse(args);
  if (help) return null;
  const number = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(number) || number < 1) {
    throw usageError(
      'journal',
      `Expected a whole number from 1 on after --limit, got "${limit ?? ''}".`,
    );
  }
  return { feedback, json, limit: number };
}

function parse(args: readonly string[]) {
  return parseScriptArguments('journal', {
    args: [...args],
    options: { feedback: FLAG, json: FLAG, help: FLAG, limit: { type: 'string' } },
  }).values;
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
