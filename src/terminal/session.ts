/** `npm start` without a token: a conversation in a terminal, or over the lines of a pipe. */
import { createInterface } from 'node:readline/promises';
import { exampleQuestions, findMeetings, MeetingNames } from '../answer/meeting-texts.ts';
import type { Answer } from '../answer/types.ts';
import type { Config } from '../config.ts';
import { counted, type Meeting, type Source } from '../corpus/types.ts';
import { type Engine, type Snapshot, LONGEST_QUESTION } from '../engine.ts';
import { DragomanError, describeError } from '../errors.ts';
import { smallTalkOf, type SmallTalk } from '../language/answer-kinds.ts';
import { dateInWords } from '../language/dates.ts';
import { meetingsMeant } from '../language/finder.ts';
import { languageOf } from '../language/words.ts';
import { alternativesTo } from './ask.ts';
import { type Alternatives, renderAnswer, renderMore, viewOf, type View } from './render-answer.ts';
import {
  type Shape,
  inLines,
  printable,
  printableLine,
  tableLines,
  wrapLines,
  type Output,
} from './text.ts';

function welcome(snapshot: Snapshot, { style, width }: Shape): string {
  const { counts, meetings, model } = snapshot;
  const about =
    `It knows ${counted(counts.documents, 'document')} in ${counted(counts.passages, 'passage')} ` +
    `${meetings.length === 0 ? '' : `about ${counted(meetings.length, 'meeting')} `}(model: ${model.id}).`;
  const promise = 'Dragoman answers with word-for-word excerpts, never in its own words.';
  return inLines([
    ...wrapLines(promise, { width }).map(style.bold),
    ...wrapLines(printableLine(about), { width }),
    '',
    ...wrapLines('Ask a question, or type /help. For example:', { width }),
    ...exampleQuestions(snapshot, 'en').flatMap((example) =>
      wrapLines(printableLine(example), { width, indent: '    ', first: '  - ' }),
    ),
  ]);
}

const HELP = [
  ['m', 'show what else answers the last question'],
  ['/meeting', 'list the meetings'],
  ['/meeting WORDS', 'ask about one meeting only: its id, a name or a place'],
  ['/meeting off', 'ask about everything again'],
  ['/sources', 'who published the sources'],
  ['/sources MEETING', 'the sources on one meeting'],
  ['/help', 'this text'],
  ['/quit', 'leave (so does Ctrl-D)'],
] as const;

function helpText(width: number): string {
  return inLines([
    ...wrapLines(
      'Type a question in English or Japanese. The answer is quoted from the documents, with its source.',
      { width },
    ),
    '',
    ...tableLines(HELP, { width, indent: '  ' }),
  ]);
}

/** Questions that the up arrow brings back. Kept in memory only: they may be private. */
const HISTORY = 200;

interface SessionStreams {
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
  const session = new Session({ snapshot: () => engine.current(), view });
  if (interactive) output.write(`${welcome(engine.current(), view())}\n`);
  else errors.write(shortWelcome(engine.current()));

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
  const prompt = (): void => {
    if (!interactive) return;
    lines.setPrompt(session.prompt());
    lines.prompt();
  };
  try {
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
  } finally {
    process.off('SIGINT', leave);
    lines.close();
    engine.close();
  }
}

/** Switches to a rebuilt index; says so before the next answer, not in the middle of typing. */
function watchDocuments(engine: Engine): () => string {
  let notice = '';
  engine.watch(({ loaded, problem }) => {
    const { documents, passages } = engine.current().counts;
    notice = loaded
      ? `The documents were rebuilt: ${counted(documents, 'document')}, ${counted(passages, 'passage')}.\n\n`
      : `A new index could not be used, the old one stays: ${printable(problem ?? '')}\n\n`;
  });
  return () => {
    const said = notice;
    notice = '';
    return said;
  };
}

function shortWelcome({ counts, model }: Snapshot): string {
  return `Dragoman: ${counted(counts.documents, 'document')}, ${counted(counts.passages, 'passage')}, model ${printableLine(model.id)}. Answering the questions of standard input.\n`;
}

const TEXTS = {
  en: {
    understood: 'Understood as: ',
    typeM: 'type m',
    onlyAbout: (id: string) =>
      `Only passages on ${id} were searched; type /meeting off to search all.`,
    nothingMore: 'There is nothing more to show.',
    thanks: 'Thank you. Ask another question, or type /quit to leave.',
    opinion: 'I have no opinions: I only quote the documents. Ask me what they say.',
    map: 'The bot on Discord draws the map; /meeting lists the meetings here, in order.',
    sources: 'Every answer names its source below the sentence; /sources lists all of them.',
  },
  ja: {
    understood: '質問の解釈：',
    typeM: 'm と入力',
    onlyAbout: (id: string) =>
      `${id}の箇所だけを検索しました。すべてを検索するには /meeting off と入力してください。`,
    nothingMore: 'ほかに表示するものはありません。',
    thanks: 'どういたしまして。ほかの質問をどうぞ（終了は /quit）。',
    opinion:
      '意見は持っていません。文書を引用するだけです。文書に書かれていることを質問してください。',
    map: '地図はDiscordのボットが描きます。ここでは /meeting で会談を順に見られます。',
    sources: 'どの答えにも、引用した文の下に出典があります。一覧は /sources で見られます。',
  },
} as const;

const COMMANDS = ['/meeting', '/sources', '/help', '/quit'];
/** What "m" can show. */
const MOST_EXCERPTS = 12;

/** A conversation in a terminal, without the terminal: a line in, a text out. */
export class Session {
  readonly #options: { readonly snapshot: () => Snapshot; readonly view: () => View };
  #meetingId: string | null = null;
  /** The last answer: "m" shows the rest of it, and the next question may go on from it. */
  #last: Answer | null = null;

  /** @param options `snapshot`: the one in use now, which changes when the index is rebuilt */
  constructor(options: { readonly snapshot: () => Snapshot; readonly view: () => View }) {
    this.#options = options;
  }

  prompt(): string {
    return this.#meetingId === null ? 'ask> ' : `ask about ${printableLine(this.#meetingId)}> `;
  }

  /** What a line typed so far can become, for the Tab key. */
  completions(line: string): string[] {
    const [, command, start] = /^(\/meeting|\/sources) +(\S*)$/.exec(line) ?? [];
    const all =
      command === undefined
        ? COMMANDS
        : this.#options.snapshot().meetings.map(({ id }) => `${command} ${id}`);
    const wanted = command === undefined ? line : `${command} ${start ?? ''}`;
    return line.startsWith('/') ? all.filter((completion) => completion.startsWith(wanted)) : [];
  }

  /** `text` ends in a line feed, or is empty. Never throws because of what was typed; a defect passes through. */
  async respond(line: string): Promise<{ readonly text: string; readonly ended: boolean }> {
    const typed = line.trim();
    const ended = /^\/?(?:quit|exit)$/i.test(typed);
    return { text: ended || typed === '' ? '' : await this.#textFor(typed), ended };
  }

  async #textFor(typed: string): Promise<string> {
    if (/^(?:m|more)$/i.test(typed)) return this.#more();
    // Alone on a line it asks for help here, not in the documents.
    if (typed.startsWith('/') || /^help$/i.test(typed)) return this.#command(typed);
    const talk = smallTalkOf(typed);
    return talk === null ? this.#ask(typed) : this.#reply(talk, typed);
  }

  #command(typed: string): string {
    const [name = '', ...words] = typed.split(/\s+/);
    const argument = words.join(' ');
    switch (name.toLowerCase()) {
      case '/help':
      case 'help':
        return helpText(this.#options.view().width);
      case '/meeting':
        return this.#chooseMeeting(argument);
      case '/sources':
        return this.#listSources(argument);
      default:
        return `There is no command ${printableLine(name)}. There are ${COMMANDS.join(', ')}.\n`;
    }
  }

  #reply(talk: SmallTalk, typed: string): string {
    const view = this.#options.view();
    if (talk === 'greeting') return welcome(this.#options.snapshot(), view);
    return inLines(wrapLines(TEXTS[languageOf(typed)][talk], { width: view.width }));
  }

  async #ask(typed: string): Promise<string> {
    const snapshot = this.#options.snapshot();
    const meeting = this.#meeting(snapshot);
    const last = this.#last;
    const whole = last === null ? typed : await snapshot.standalone(typed, last, meeting?.id);
    const question = Array.from(whole).length > LONGEST_QUESTION ? typed : whole;
    const texts = TEXTS[languageOf(typed)];
    const understood =
      question === typed ? '' : `${texts.understood}${printableLine(question)}\n\n`;
    try {
      const answer = await snapshot.ask(question, {
        k: MOST_EXCERPTS,
        ...(meeting === null ? {} : { meeting: meeting.id }),
      });
      this.#last = answer;
      const alternatives = (): Alternatives =>
        meeting === null
          ? alternativesTo(question, snapshot)
          : { meetings: [], questions: [], restriction: texts.onlyAbout(meeting.id) };
      const rendered = renderAnswer(answer, this.#options.view(), {
        alternatives,
        howToSeeMore: () => texts.typeM,
      });
      return understood + rendered;
    } catch (error) {
      if (!(error instanceof DragomanError)) throw error;
      return `${printable(describeError(error))}\n`;
    }
  }

  #more(): string {
    const more = this.#last === null ? '' : renderMore(this.#last, this.#options.view());
    const { nothingMore } = TEXTS[languageOf(this.#last?.question ?? '')];
    return more === '' ? `${nothingMore}\n` : more;
  }

  /** The chosen meeting, forgotten when a rebuild has taken it away. */
  #meeting({ meetings }: Snapshot): Meeting | null {
    const meeting = meetings.find(({ id }) => id === this.#meetingId) ?? null;
    this.#meetingId = meeting?.id ?? null;
    return meeting;
  }

  #chooseMeeting(text: string): string {
    const snapshot = this.#options.snapshot();
    const view = this.#options.view();
    if (text === '') {
      return snapshot.meetings.length === 0
        ? 'The documents describe no meetings.\n'
        : meetingList(snapshot.meetings, view);
    }
    this.#last = null;
    if (/^(?:off|all|none)$/i.test(text)) {
      this.#meetingId = null;
      return 'Questions are about everything again.\n';
    }
    const found = oneMeeting(text, snapshot, view);
    if (typeof found === 'string') return found;
    this.#meetingId = found.id;
    return `Questions are now about this meeting only (/meeting off ends it):\n${meetingList([found], view)}`;
  }

  #listSources(text: string): string {
    const snapshot = this.#options.snapshot();
    const view = this.#options.view();
    const chosen = this.#meeting(snapshot);
    if (text === '' && chosen === null) {
      if (snapshot.sources.size === 0) return 'The documents name no sources.\n';
      const count = `${snapshot.sources.size} sources; /sources MEETING lists those on one meeting.`;
      return (
        inLines(wrapLines(count, { width: view.width })) +
        publisherList(snapshot.sources.values(), view)
      );
    }
    const found = text === '' && chosen ? chosen : oneMeeting(text, snapshot, view);
    if (typeof found === 'string') return found;
    const sources = found.sources.flatMap((id) => snapshot.sources.get(id) ?? []);
    return meetingList([found], view) + sourceList(sources, view);
  }
}

const MOST_SIMILAR = 5;

/** The meeting that was typed, or a text that helps to say which. */
function oneMeeting(typed: string, snapshot: Snapshot, shape: Shape): Meeting | string {
  const finder = findMeetings(snapshot.meetings, new MeetingNames(snapshot));
  const fitting = meetingsMeant(snapshot, finder, typed);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    return `Several meetings match. Which one?\n${meetingList(fitting, shape)}`;
  }
  const near = finder.related(typed, MOST_SIMILAR).map(({ id }) => id);
  const hint = near.length === 0 ? '/meeting lists them all.' : `Did you mean ${near.join(', ')}?`;
  return `No meeting matches “${printableLine(typed)}”. ${hint}\n`;
}

function meetingList(meetings: readonly Meeting[], { style, width }: Shape): string {
  const rows = meetings.map(({ id, date, title }) => {
    const day = date === null ? '' : dateInWords(date);
    return [id, title.includes(day) ? title : `${title} (${day})`];
  });
  return inLines(tableLines(rows, { width, emphasise: style.bold }));
}

/** Publishers with the number of their sources, most first; those of a single source are only counted. */
function publisherList(sources: Iterable<Source>, { width }: Shape): string {
  const counts = new Map<string, number>();
  for (const { publisher, kind } of sources) {
    const name = `${publisher} (${kind})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1);
  const single = counts.size - several.length;
  const rows = several
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([name, count]) => [String(count).padStart(4), name]);
  const rest = [String(single).padStart(4), 'from publishers of one source each'];
  return inLines(tableLines(single === 0 ? rows : [...rows, rest], { width }));
}

function sourceList(sources: readonly Source[], { style, width }: Shape): string {
  return inLines(
    sources.flatMap(({ id, title, publisher, kind, published, url }) => {
      const when = published === null ? '' : `, ${dateInWords(published)}`;
      const inset = (line: string, first = '    '): string[] =>
        wrapLines(printableLine(line), { width, indent: '    ', first });
      return [
        ...inset(`${title} (${id})`, '  - '),
        ...inset(`${publisher} (${kind})${when}`),
        ...inset(url).map(style.dim),
      ];
    }),
  );
}
