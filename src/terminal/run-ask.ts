import { createReadStream } from 'node:fs';
import type { Config } from '../config.ts';
import type { AskOptions, Snapshot } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import { alternativesTo, beyond } from './alternatives.ts';
import { answerJson, failedQuestionJson } from './answer-json.ts';
import type { AskArguments } from './ask-arguments.ts';
import { resolveFilter } from './known-filter.ts';
import { openReadyEngine } from './ready-engine.ts';
import { renderAnswer, type Alternatives } from './render-answer.ts';
import { viewOf } from './view.ts';

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
          : renderAnswer(answer, view, insteadOf(ask.question, { edition, options })),
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
