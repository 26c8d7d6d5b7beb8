/** `npm run ask`: one question or a file of them, answered as text or as JSON. */
import { createReadStream } from 'node:fs';
import type { ArgsDef, ParsedArgs } from 'citty';
import { describeQuoted } from '../answer/citations.ts';
import { exampleQuestions, MeetingNames } from '../answer/meeting-texts.ts';
import type { Answer } from '../answer/types.ts';
import type { Config } from '../config.ts';
import type { AskOptions, Snapshot } from '../engine.ts';
import { DragomanError, messageOf, systemCodeOf } from '../errors.ts';
import { meetingFinder, sourceFinder, type NameFinder } from '../language/finder.ts';
import { languageOf } from '../language/words.ts';
import { usageError, wholeNumber } from './command-line.ts';
import { openReadyEngine } from './corpus.ts';
import { type Alternatives, renderAnswer, renderWhole, viewOf } from './render-answer.ts';
import { printableLine } from './text.ts';

export interface Filter {
  readonly meeting?: string;
  readonly source?: string;
}

/** More ids than this do not help in a message. */
const MOST_LISTED = 60;
const MOST_NEAR = 5;

/**
 * The ids of the meeting and the source that were typed, by id or by name.
 *
 * @throws DragomanError QUESTION when none or several fit, with ids that help
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
  const fitting = finder.best(typed).map(({ id }) => id);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const name = printableLine(typed);
  if (only !== undefined) {
    throw new DragomanError('QUESTION', `Several ${what}s match "${name}".`, {
      hint: `Give the id of one: ${fitting.slice(0, MOST_LISTED).join(', ')}.`,
    });
  }
  const near = finder.related(typed, MOST_NEAR).map(({ id }) => id);
  throw new DragomanError('QUESTION', `No ${what} matches "${name}".`, {
    hint: near.length > 0 ? `Similar: ${near.join(', ')}.` : knownIds(what, items),
  });
}

function knownIds(what: string, items: readonly { readonly id: string }[]): string {
  const ids = items.map(({ id }) => id);
  if (ids.length === 0) return `The documents describe no ${what}s: leave the option out.`;
  if (ids.length <= MOST_LISTED) return `Known ids: ${ids.join(', ')}.`;
  return `There are ${ids.length}, for example ${ids.slice(0, 5).join(', ')}.`;
}

const MOST_MEETINGS = 3;

/** Meetings that share words with the question, else example questions. */
export function alternativesTo(
  question: string,
  snapshot: Pick<Snapshot, 'meetings' | 'documents'>,
): Alternatives {
  const language = languageOf(question);
  const names = new MeetingNames(snapshot);
  const meetings = meetingFinder(snapshot.meetings)
    .related(question, MOST_MEETINGS)
    .map((meeting) => ({ id: meeting.id, title: names.title(meeting, language) }));
  return { meetings, questions: meetings.length > 0 ? [] : exampleQuestions(snapshot, language) };
}

const MOST_EXCERPTS = 25;

export const ASK_ARGS = {
  question: {
    type: 'positional',
    description: 'The question, with or without quotation marks',
    required: false,
  },
  json: { type: 'boolean', description: 'Print the answer as one line of JSON' },
  k: {
    type: 'string',
    valueHint: 'number',
    description: `At most this many whole passages, 1 to ${MOST_EXCERPTS} (default: only the sentence that answers)`,
  },
  meeting: {
    type: 'string',
    valueHint: 'id',
    description: 'Only passages about this meeting: its id, or words of its name',
  },
  source: {
    type: 'string',
    valueHint: 'id',
    description: 'Only passages supported by this source: its id, or words of its name',
  },
  questions: {
    type: 'string',
    valueHint: 'file',
    description:
      'A file with one question a line (-: standard input), answered in order by one line of JSON each',
  },
} as const satisfies ArgsDef;

export type AskArguments = ReturnType<typeof askArguments>;

/** @throws DragomanError USAGE */
export function askArguments(args: ParsedArgs<typeof ASK_ARGS>) {
  const { json = false, k, meeting = null, source = null, questions: file } = args;
  const question = args._.join(' ');
  if (file !== undefined && args._.length > 0) {
    throw usageError(
      `Expected a question or --questions, found both: "${question}" and "${file}".`,
    );
  }
  if (file === undefined && args._.length === 0) {
    throw usageError('Expected a question, found none.');
  }
  return {
    json,
    k: k === undefined ? null : wholeNumber('--k', k, { from: 1, to: MOST_EXCERPTS }),
    meeting,
    source,
    /** One question, or a file of questions (`-` for standard input). */
    ask: file === undefined ? { question } : { file },
  };
}

interface AskStreams {
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
  const engine = await openReadyEngine({
    ...{ config, errors, rebuildForModel: false },
    isImpatient: 'question' in ask,
  });
  try {
    const snapshot = engine.current();
    const typed = { ...(meeting !== null && { meeting }), ...(source !== null && { source }) };
    const filter = resolveFilter(typed, snapshot);
    for (const what of ['meeting', 'source'] as const) {
      const id = filter[what];
      if (id !== undefined && id !== typed[what]) errors.write(`Only from the ${what} ${id}.\n`);
    }
    const options: AskOptions = { ...filter, ...(k !== null && { k }) };
    if ('file' in ask) {
      const questions = ask.file === '-' ? input : createReadStream(ask.file);
      const answerOne = (question: string): Promise<Answer> => snapshot.ask(question, options);
      await answerEach(questions, ask.file, answerOne, output);
      return;
    }
    const answer = await snapshot.ask(ask.question, options);
    if (json) {
      output.write(`${answerJson(answer)}\n`);
      return;
    }
    const view = viewOf(snapshot, { config, output, folder: process.cwd() });
    const alternatives = (): Alternatives => insteadOf(ask.question, snapshot, filter);
    const howToSeeMore = (left: number): string => `--k ${Math.min(left + 1, MOST_EXCERPTS)}`;
    output.write(
      k === null
        ? renderAnswer(answer, view, { alternatives, howToSeeMore })
        : renderWhole(answer, view, alternatives),
    );
  } finally {
    engine.close();
  }
}

function insteadOf(question: string, snapshot: Snapshot, filter: Filter): Alternatives {
  const ids: readonly string[] = Object.values(filter);
  if (ids.length === 0) return alternativesTo(question, snapshot);
  const flags = Object.keys(filter).map((name) => `--${name}`);
  const restriction =
    languageOf(question) === 'en'
      ? `Only passages on ${ids.join(' and ')} were searched; leave ${flags.join(' and ')} out to search all.`
      : `${ids.join('、')}の箇所だけを検索しました。すべてを検索するには${flags.join('と')}を外してください。`;
  return { meetings: [], questions: [], restriction };
}

async function answerEach(
  questions: NodeJS.ReadableStream,
  name: string,
  ask: (question: string) => Promise<Answer>,
  output: NodeJS.WriteStream,
): Promise<void> {
  const failed: number[] = [];
  let number = 0;
  let asked = 0;
  for await (const line of linesOf(questions, name)) {
    number += 1;
    const question = line.replace(/^\ufeff/, '').trim();
    if (question === '') continue;
    asked += 1;
    try {
      output.write(`${answerJson(await ask(question))}\n`);
    } catch (error) {
      if (!(error instanceof DragomanError)) throw error;
      output.write(`${failedQuestionJson({ question, error })}\n`);
      failed.push(number);
    }
  }
  if (asked === 0) {
    throw new DragomanError('QUESTION', `Expected a question a line in ${name}, found none.`, {
      hint: 'Write one question on each line.',
    });
  }
  if (failed.length > 0) {
    throw new DragomanError(
      'QUESTION',
      `${failed.length} of the questions in ${name} could not be asked: line ${failed.join(', ')}.`,
      { hint: 'The output says why, line by line.' },
    );
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'there is no permission to read it',
};

/** What is left of bytes that are no UTF-8, and of UTF-16. */
const NOT_UTF8 = /[\ufffd\0]/;

async function* linesOf(questions: NodeJS.ReadableStream, name: string): AsyncGenerator<string> {
  let rest = '';
  questions.setEncoding('utf8');
  try {
    for await (const chunk of questions) {
      if (NOT_UTF8.test(String(chunk))) throw new Error('it is not in UTF-8');
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (cause) {
    throw new DragomanError(
      'QUESTION',
      `The questions in ${name} cannot be read: ${UNREADABLE[systemCodeOf(cause) ?? ''] ?? messageOf(cause)}.`,
      {
        hint: 'Expected a text file with one question a line, or - for standard input.',
        cause,
      },
    );
  }
  yield rest;
}

/**
 * One line of JSON: the keys, and their order, that other programs rely on. Keys are listed one by one, so that nothing
 * internal gets into the contract by accident.
 */
export function answerJson(answer: Answer): string {
  const { listing, versions, timing } = answer;
  return jsonLine({
    ...pick(answer, 'question', 'verdict', 'reason', 'confidence'),
    excerpts: answer.excerpts.map((excerpt) => ({
      ...pick(excerpt, 'rank', 'text', 'highlight'),
      document: pick(excerpt.document, 'id', 'title', 'path', 'lines'),
      meeting: excerpt.meeting && pick(excerpt.meeting, 'id', 'title', 'date', 'place'),
      sources: excerpt.sources.map((source) => ({
        ...pick(source, 'id', 'title', 'publisher', 'published', 'url', 'kind', 'host', 'copy'),
      })),
      ...pick(excerpt, 'alsoReportedBy', 'score'),
      quoted: {
        kind: excerpt.quoted.kind,
        text: describeQuoted(excerpt.quoted, 'en'),
        url: excerpt.quoted.kind === 'page' ? excerpt.quoted.url : null,
      },
    })),
    listing: listing && {
      ...pick(listing, 'kind', 'title', 'value'),
      meetings: listing.meetings.map((meeting) => pick(meeting, 'id', 'title', 'date', 'place')),
    },
    versions: versions?.map((version) => pick(version, 'value', 'excerpts')) ?? null,
    timing: pick(timing, 'embedMs', 'searchMs', 'totalMs'),
    generation: answer.generation,
  });
}

function pick<T extends object, K extends keyof T>(value: T, ...keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, K>;
}

/** Takes the place of an answer, so that one bad question does not shift the others. */
export function failedQuestionJson({
  question,
  error,
}: {
  readonly question: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
}): string {
  return jsonLine({ question, error: pick(error, 'code', 'message', 'hint') });
}

/** Besides what JSON requires, characters that control a terminal are written as escapes; the value is the same. */
function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
