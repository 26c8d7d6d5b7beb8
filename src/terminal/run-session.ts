import { createInterface, type Interface } from 'node:readline/promises';
import { exampleQuestions } from '../answer/meeting-texts.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine-types.ts';
import { greeting, shortGreeting } from './listings.ts';
import { viewOf, type View } from './render-answer.ts';
import { Session } from './session.ts';
import type { Output } from './style.ts';
import { printable } from './text.ts';

/** Questions that the up arrow brings back. Kept in memory only: they may be private. */
const HISTORY = 200;

export interface SessionStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & Output;
  readonly errors: NodeJS.WritableStream;
}

/**
 * Answers questions until the input ends, `/quit` or Ctrl-C. On a terminal with a prompt and history;
 * from a pipe or a file each line is repeated before its answer, so that the output reads alone.
 */
export async function runSession(
  engine: Engine,
  config: Config,
  { input, output, errors }: SessionStreams,
): Promise<void> {
  const interactive = input.isTTY === true && output.isTTY === true;
  const view = (): View => viewOf(engine.current(), { config, output, folder: process.cwd() });
  const session = new Session({ edition: () => engine.current(), view });

  const edition = engine.current();
  if (interactive) {
    output.write(
      `${greeting({ ...edition, examples: exampleQuestions(edition, 'en') }, view())}\n`,
    );
  } else {
    errors.write(shortGreeting(edition));
  }

  const lines = createInterface({
    input,
    output: interactive ? output : undefined,
    terminal: interactive,
    historySize: HISTORY,
    removeHistoryDuplicates: true,
    completer: (line: string): [string[], string] => [session.completions(line), line],
  });
  const leave = (): void => lines.close();
  lines.on('SIGINT', leave);
  process.once('SIGINT', leave);
  const notices = watchDocuments(engine);
  try {
    await converse({ session, lines, output, interactive, notices });
  } finally {
    process.off('SIGINT', leave);
    lines.close();
    engine.close();
  }
}

async function converse(parts: {
  readonly session: Session;
  readonly lines: Interface;
  readonly output: NodeJS.WritableStream;
  readonly interactive: boolean;
  readonly notices: () => string;
}): Promise<void> {
  const { session, lines, output, interactive, notices } = parts;
  const prompt = (): void => {
    if (!interactive) return;
    lines.setPrompt(session.prompt());
    lines.prompt();
  };
  prompt();
  for await (const line of lines) {
    if (!interactive && line.trim() !== '') {
      output.write(`${session.prompt()}${printable(line.trim())}\n`);
    }
    const { text, ended } = await session.respond(line);
    output.write(notices() + (text === '' ? '' : `${text}\n`));
    if (ended) return;
    prompt();
  }
  // Ctrl-D and Ctrl-C leave the cursor behind the prompt.
  if (interactive) output.write('\n');
}

/** Changes over to rebuilt documents; says so before the next answer, not in the middle of typing. */
function watchDocuments(engine: Engine): () => string {
  let notice = '';
  engine.watch(({ loaded, problem }) => {
    const { documents, passages } = engine.current().counts;
    notice = loaded
      ? `The documents were rebuilt: ${documents} documents, ${passages} passages.\n\n`
      : `A new index could not be used, the old one stays: ${printable(problem ?? '')}\n\n`;
  });
  return () => {
    const said = notice;
    notice = '';
    return said;
  };
}
