import type { Answer } from '../answer/types.ts';
import type { Meeting } from '../corpus/types.ts';
import { LONGEST_QUESTION } from '../engine.ts';
import type { Snapshot } from '../engine-types.ts';
import { DragomanError, describeError } from '../errors.ts';
import { meetingFinder } from '../language/finder.ts';
import { alternativesTo, beyond } from './alternatives.ts';
import { helpText, meetingList, publisherList, sourceList } from './listings.ts';
import { renderAnswer, renderMore, type View } from './render-answer.ts';
import { printable, printableLine } from './text.ts';

const COMMANDS = ['/meeting', '/sources', '/help', '/quit'];
const MOST_NEAR = 5;
/** As many as may answer too. */
const MOST_EXCERPTS = 12;

export interface SessionOptions {
  /** The edition in use now: it changes when the documents are rebuilt. */
  readonly edition: () => Snapshot;
  readonly view: () => View;
}

export interface Reply {
  /** Ends in a line feed, or is empty. */
  readonly text: string;
  readonly ended: boolean;
}

/** A conversation in a terminal, without the terminal: a line in, a text out. */
export class Session {
  readonly #options: SessionOptions;
  #meetingId: string | null = null;
  /** The last answer: "m" shows the rest of it, and the next question may go on from it. */
  #last: Answer | null = null;

  constructor(options: SessionOptions) {
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
        : this.#options.edition().meetings.map(({ id }) => `${command} ${id}`);
    const wanted = command === undefined ? line : `${command} ${start ?? ''}`;
    return line.startsWith('/') ? all.filter((completion) => completion.startsWith(wanted)) : [];
  }

  /** Never throws because of what was typed; a defect passes through. */
  async respond(line: string): Promise<Reply> {
    const typed = line.trim();
    if (typed === '') return { text: '', ended: false };
    if (/^\/?(?:quit|exit)$/i.test(typed)) return { text: '', ended: true };
    if (/^(?:m|more)$/i.test(typed)) return { text: this.#more(), ended: false };
    // Alone on a line it asks for help here, not in the documents.
    const isCommand = typed.startsWith('/') || /^help$/i.test(typed);
    const text = isCommand ? this.#command(typed) : await this.#ask(typed);
    return { text, ended: false };
  }

  #command(typed: string): string {
    const [name = '', ...words] = typed.split(/\s+/);
    const argument = words.join(' ');
    switch (name.toLowerCase()) {
      case '/help':
      case 'help':
        return helpText(this.#options.view());
      case '/meeting':
        return this.#chooseMeeting(argument);
      case '/sources':
        return this.#listSources(argument);
      default:
        return `There is no command ${printableLine(name)}. There are ${COMMANDS.join(', ')}.\n`;
    }
  }

  async #ask(typed: string): Promise<string> {
    const edition = this.#options.edition();
    const meeting = this.#meeting(edition);
    const whole = this.#last === null ? typed : edition.standalone(typed, this.#last);
    const question = Array.from(whole).length > LONGEST_QUESTION ? typed : whole;
    const understood = question === typed ? '' : `Understood as: ${printableLine(question)}\n\n`;
    try {
      const answer = await edition.ask(question, {
        k: MOST_EXCERPTS,
        ...(meeting === null ? {} : { meeting: meeting.id }),
      });
      this.#last = answer;
      const alternatives =
        meeting === null
          ? alternativesTo(question, edition)
          : beyond(`about ${meeting.id}`, 'type /meeting off');
      const rendered = renderAnswer(answer, this.#options.view(), {
        alternatives,
        howToSeeMore: (left) => `${left} more: type m`,
      });
      return understood + rendered;
    } catch (error) {
      if (!(error instanceof DragomanError)) throw error;
      return `${printable(describeError(error))}\n`;
    }
  }

  #more(): string {
    const more = this.#last === null ? '' : renderMore(this.#last, this.#options.view());
    return more === '' ? 'There is nothing more to show.\n' : more;
  }

  /** The chosen meeting, forgotten when a rebuild has taken it away. */
  #meeting({ meetings }: Snapshot): Meeting | null {
    const meeting = meetings.find(({ id }) => id === this.#meetingId) ?? null;
    this.#meetingId = meeting?.id ?? null;
    return meeting;
  }

  #chooseMeeting(text: string): string {
    const edition = this.#options.edition();
    const view = this.#options.view();
    if (text === '') {
      return edition.meetings.length === 0
        ? 'The documents describe no meetings.\n'
        : meetingList(edition.meetings, view);
    }
    this.#last = null;
    if (/^(?:off|all|none)$/i.test(text)) {
      this.#meetingId = null;
      return 'Questions are about everything again.\n';
    }
    const found = this.#oneMeeting(text, edition, view);
    if (typeof found === 'string') return found;
    this.#meetingId = found.id;
    return `Questions are now about this meeting only (/meeting off ends it):\n${meetingList([found], view)}`;
  }

  #listSources(text: string): string {
    const edition = this.#options.edition();
    const view = this.#options.view();
    const chosen = this.#meeting(edition);
    if (text === '' && chosen === null) {
      if (edition.sources.size === 0) return 'The documents name no sources.\n';
      const count = `${edition.sources.size} sources; /sources MEETING lists those on one meeting.\n`;
      return count + publisherList(edition.sources.values(), view);
    }
    const found = text === '' && chosen ? chosen : this.#oneMeeting(text, edition, view);
    if (typeof found === 'string') return found;
    const sources = found.sources.flatMap((id) => edition.sources.get(id) ?? []);
    return meetingList([found], view) + sourceList(sources, view);
  }

  /** The meeting that is meant, or a text that helps to say which. */
  #oneMeeting(text: string, { meetings }: Snapshot, view: View): Meeting | string {
    const finder = meetingFinder(meetings);
    const [only, ...others] = finder.best(text);
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) {
      return `Several meetings fit; which one?\n${meetingList([only, ...others], view)}`;
    }
    const near = finder.related(text, MOST_NEAR).map(({ id }) => id);
    const hint =
      near.length === 0 ? '/meeting lists all there are.' : `Did you mean ${near.join(', ')}?`;
    return `No meeting fits “${printableLine(text)}”. ${hint}\n`;
  }
}
