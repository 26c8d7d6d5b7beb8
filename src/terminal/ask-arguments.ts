import { FLAG, parseScriptArguments, usageError } from './arguments.ts';

export const ASK_HELP = `Usage: npm run ask -- [options] "question"
       npm run ask -- --questions FILE [options]

Answers with word-for-word excerpts from the documents and says where each comes from.
Builds the index first if there is none.

  --json             print the answer as one line of JSON
  --k NUMBER         how many excerpts at most, 1 to 25 (3 unless told)
  --meeting ID       only passages about this meeting, for example blinken
  --source ID        only passages that rest on this source, for example mofa-us-fm
  --questions FILE   one question a line (- reads standard input; empty lines are skipped);
                     one line of JSON for each, in order. A question that cannot be asked gives
                     {"question", "error"}, and the exit code 1 at the end
  --help             print this text

Exit codes: 0 done, 1 the question, the documents or the settings are wrong, 2 wrong usage.
\`npm run\` prints a heading of its own; \`npm run --silent ask\` leaves it out.
`;

export interface AskArguments {
  readonly json: boolean;
  readonly k: number | null;
  readonly meeting: string | null;
  readonly source: string | null;
  /** One question, or a file of questions (`-` for standard input). */
  readonly ask: { readonly question: string } | { readonly file: string };
}

const MOST_EXCERPTS = 25;

/**
 * @returns null when help is wanted
 * @throws DragomanError USAGE
 */
export function parseAskArguments(args: readonly string[]): AskArguments | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const { k, meeting = null, source = null, questions } = values;
  // Words without quotation marks are one question all the same.
  const question = positionals.join(' ');
  if (questions !== undefined && positionals.length > 0) {
    throw usageError(
      'ask',
      `Expected a question or --questions, got both: "${question}" and "${questions}".`,
    );
  }
  if (questions === undefined && positionals.length === 0) {
    throw usageError('ask', 'Expected a question, got none.');
  }
  return {
    json: values.json,
    k: k === undefined ? null : excerptCount(k),
    meeting,
    source,
    ask: questions === undefined ? { question } : { file: questions },
  };
}

function parse(args: readonly string[]) {
  return parseScriptArguments('ask', {
    args: [...args],
    allowPositionals: true,
    options: {
      json: FLAG,
      k: { type: 'string' },
      meeting: { type: 'string' },
      source: { type: 'string' },
      questions: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function excerptCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_EXCERPTS) {
    throw usageError(
      'ask',
      `Expected --k to be a whole number from 1 to ${MOST_EXCERPTS}, got "${text}".`,
    );
  }
  return count;
}
