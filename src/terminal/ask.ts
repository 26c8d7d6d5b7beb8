import { createReadStream } from 'node:fs';
import type { ArgsDef, ParsedArgs } from 'citty';
import type { Config } from '../config.ts';
import type { AskOptions, Snapshot } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import { meetingFinder, sourceFinder, type NameFinder } from '../language/finder.ts';
import { alternativesTo, beyond, type Alternatives } from './alternatives.ts';
import { answerJson, failedQuestionJson } from './answer-json.ts';
import { usageError, wholeNumber } from './command-line.ts';
import { openReadyEngine } from './ready-engine.ts';
import { renderAnswer, renderWhole, viewOf } from './render-answer.ts';
import { printableLine } from './text.ts';

const MOST_EXCERPTS = 25;

export const ASK_ARGS = {
  question: {
    type: 'positional',
    description: 'The question; words without quotation marks are one question too',
    required: false,
  },
  json: { type: 'boolean', description: 'Print the answer as one line of JSON' },
  k: {
    type: 'string',
    valueHint: 'number',
    description: `Whole passages, so many at most, 1 to ${MOST_EXCERPTS}; without it the sentence that answers`,
  },
  meeting: {
    type: 'string',
    valueHint: 'id',
    description: 'Only passages about this meeting, for example blinken',
  },
  source: {
    type: 'string',
    valueHint: 'id',
    description: 'Only passages that rest on this source, for example mofa-us-fm',
  },
  questions: {
    type: 'string',
    valueHint: 'file',
    description:
      'One question a line (- reads standard input), one line of JSON for each, in order',
  },
} as const satisfies ArgsDef;

export interface AskArguments {
  readonly json: boolean;
  readonly k: number | null;
  readonly meeting: string | null;
  readonly source: string | null;
  /** One question, or a file of questions (`-` for standard input). */
  readonly ask: { readonly question: string } | { readonly file: string };
}

/** @throws DragomanError USAGE */
export function askArguments(args: ParsedArgs<typeof ASK_ARGS>): AskArguments {
  const { json = false, k, meeting = null, source = null, questions } = args;
  const question = args._.join(' ');
  if (questions !== undefined && args._.length > 0) {
    throw usageError(
      `Expected a question or --questions, found both: "${question}" and "${questions}".`,
    );
  }
  if (questions === undefined && args._.length === 0) {
    throw usageError('Expected a question, found none.');
  }
  return {
    json,
    k: k === undefined ? null : wholeNumber('--k', k, { from: 1, to: MOST_EXCERPTS }),
    meeting,
    source,
    ask: questions === undefined ? { question } : { file: questions },
  };
}

export interface AskStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
}

/**
 * Answers one question, or each line of a file. Nothing but answers goes to `output`.
 *
 * @throws DragomanError QUESTION when a question cannot be asked (in a file: after all others were
 *   answered) or the meeting or source is unknown, and what opening the index throws
 */
export async function runAsk(
  { json, k, meeting, source, ask }: AskArguments,
  config: Config,
  streams: AskStreams,
): Promise<void> {
  const { input, output, errors } = streams;
  const engine = await openReadyEngine({ config, errors, rebuildForModel: false });
  try {
    const edition = engine.current();
    const typed = {
      ...(meeting === null ? {} : { meeting }),
      ...(source === null ? {} : { source }),
    };
    const filter = resolveFilter(typed, edition);
    for (const what of ['meeting', 'source'] as const) {
      const id = filter[what];
      if (id !== undefined && id !== typed[what]) errors.write(`Only from the ${what} ${id}.\n`);
    }
    const options: AskOptions = { ...filter, ...(k === null ? {} : { k }) };
    if ('file' in ask) {
      const questions = ask.file === '-' ? input : createReadStream(ask.file);
      await answerEach(questions, { edition, options, output, name: ask.file });
    } else {
      const answer = await edition.ask(ask.question, options);
      const view = viewOf(edition, { config, output, folder: process.cwd() });
      output.write(
        json
          ? `${answerJson(answer)}\n`
          : k === null
            ? renderAnswer(answer, view, {
                alternatives: insteadOf(ask.question, { edition, options }),
                howToSeeMore: (left) => `${left} more: --k ${Math.min(left + 1, MOST_EXCERPTS)}`,
              })
            : renderWhole(answer, view, insteadOf(ask.question, { edition, options })),
      );
    }
  } finally {
    engine.close();
  }
}

function insteadOf(
  question: string,
  { edition, options: { meeting, source } }: Pick<Series, 'edition' | 'options'>,
): Alternatives {
  if (meeting === undefined && source === undefined) return alternativesTo(question, edition);
  const about = meeting === undefined ? [] : [`about ${meeting}`];
  const restingOn = source === undefined ? [] : [`that rest on ${source}`];
  const flags = [...about.map(() => '--meeting'), ...restingOn.map(() => '--source')];
  return beyond([...about, ...restingOn].join(' '), `leave ${flags.join(' and ')} out`);
}

interface Series {
  readonly edition: Snapshot;
  readonly options: AskOptions;
  readonly output: NodeJS.WriteStream;
  /** Of the file, for messages. */
  readonly name: string;
}

async function answerEach(questions: NodeJS.ReadableStream, series: Series): Promise<void> {
  const { edition, options, output, name } = series;
  const failed: number[] = [];
  let number = 0;
  for await (const line of linesOf(questions, name)) {
    number += 1;
    const question = line.replace(/^\ufeff/, '').trim();
    if (question === '') continue;
    try {
      output.write(`${answerJson(await edition.ask(question, options))}\n`);
    } catch (error) {
      if (!(error instanceof DragomanError)) throw error;
      output.write(`${failedQuestionJson({ question, error })}\n`);
      failed.push(number);
    }
  }
  if (failed.length > 0) {
    throw new DragomanError(
      'QUESTION',
      `${failed.length} of the questions in ${name} could not be asked: line ${failed.join(', ')}.`,
      { hint: 'Their lines of the output say why.' },
    );
  }
}

async function* linesOf(questions: NodeJS.ReadableStream, name: string): AsyncGenerator<string> {
  let rest = '';
  questions.setEncoding('utf8');
  try {
    for await (const chunk of questions) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DragomanError('QUESTION', `The questions in ${name} cannot be read: ${reason}`, {
      hint: 'Expected a text file with one question a line, or - for standard input.',
      cause,
    });
  }
  yield rest;
}

/** More than this many ids are no help in a message. */
const MOST_LISTED = 60;
const MOST_NEAR = 5;

/** What a question is restricted to: ids. */
export interface Filter {
  readonly meeting?: string;
  readonly source?: string;
}

/**
 * The meeting and the source that were meant, by id or by the best match of their names.
 *
 * @throws DragomanError QUESTION when there is none or more than one, with ids that help
 */
export function resolveFilter(
  { meeting, source }: Filter,
  { meetings, sources }: Pick<Snapshot, 'meetings' | 'sources'>,
): Filter {
  return {
    ...(meeting !== undefined && { meeting: idOf('meeting', meeting, meetings, meetingFinder) }),
    ...(source !== undefined && {
      source: idOf('source', source, [...sources.values()], sourceFinder),
    }),
  };
}

function idOf<Item extends { readonly id: string }>(
  what: 'meeting' | 'source',
  typed: string,
  items: readonly Item[],
  finderOf: (items: readonly Item[]) => NameFinder<Item>,
): string {
  if (items.some(({ id }) => id === typed)) return typed;
  const finder = finderOf(items);
  const [only, ...others] = finder.best(typed);
  if (only !== undefined && others.length === 0) return only.id;
  const name = printableLine(typed);
  if (only !== undefined) {
    const ids = [only, ...others].map(({ id }) => id);
    throw new DragomanError('QUESTION', `Several ${what}s fit "${name}".`, {
      hint: `Give the id of one: ${ids.slice(0, MOST_LISTED).join(', ')}.`,
    });
  }
  const near = finder.related(typed, MOST_NEAR).map(({ id }) => id);
  throw new DragomanError('QUESTION', `No ${what} fits "${name}".`, {
    hint: near.length > 0 ? `Near it: ${near.join(', ')}.` : knownIds(what, items),
  });
}

function knownIds(what: string, items: readonly { readonly id: string }[]): string {
  const ids = items.map(({ id }) => id);
  if (ids.length === 0) return `The documents describe no ${what}s: leave the option out.`;
  if (ids.length <= MOST_LISTED) return `Known: ${ids.join(', ')}.`;
  return `${ids.length} are known, for example ${ids.slice(0, 5).join(', ')}.`;
}
