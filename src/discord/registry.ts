/** Every command and every control. Adding one is its own file, its texts in both languages, and a line here. */
import type { ModalSubmitInteraction, RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { openPassages, turnPage } from './buttons/answer.ts';
import { askOn, sendFollowUp } from './buttons/ask-on.ts';
import { choose } from './buttons/choose.ts';
import { showContext } from './buttons/context.ts';
import { sendRemark, takeBack, tellKeeper, thumbDown, thumbUp } from './buttons/feedback.ts';
import { openCard, pickMeeting, turnCard } from './buttons/meeting.ts';
import { askAboutMeeting, askTapped, sendQuestion } from './buttons/questions.ts';
import { share } from './buttons/share.ts';
import { listSources, turnSources } from './buttons/sources.ts';
import { openTour, pickDay } from './buttons/tour.ts';
import { about } from './commands/about.ts';
import { admin, markAsDone } from './commands/admin.ts';
import { askMessage } from './commands/ask-message.ts';
import { ask } from './commands/ask.ts';
import { help, tryExample } from './commands/help.ts';
import { meeting } from './commands/meeting.ts';
import { changeSettings, settings } from './commands/settings.ts';
import { sources } from './commands/sources.ts';
import { tour } from './commands/tour.ts';
import type { About } from '../corpus/types.ts';
import type { Snapshot } from '../engine-types.ts';
import type { Control } from './custom-ids.ts';
import type { ChatCommand, MessageCommand } from './interaction-context.ts';
import type { ClickInteraction } from './reply.ts';

export const chatCommands: readonly ChatCommand[] = [
  ask,
  meeting,
  tour,
  sources,
  about,
  help,
  settings,
  admin,
];

export const messageCommands: readonly MessageCommand[] = [askMessage];

/** Buttons and menus. */
export const clickControls: readonly Control<ClickInteraction>[] = [
  openPassages,
  turnPage,
  share,
  askOn,
  choose,
  tryExample,
  showContext,
  thumbUp,
  thumbDown,
  askTapped,
  openCard,
  askAboutMeeting,
  takeBack,
  tellKeeper,
  turnCard,
  pickMeeting,
  turnSources,
  listSources,
  openTour,
  pickDay,
  changeSettings,
  markAsDone,
];

export const formControls: readonly Control<ModalSubmitInteraction>[] = [
  sendRemark,
  sendQuestion,
  sendFollowUp,
];

/** What decides which commands there are, and how they are called. */
export interface CommandSubject {
  readonly about: About;
  readonly hasMeetings: boolean;
}

export function subjectOf({
  about,
  meetings,
}: Pick<Snapshot, 'about' | 'meetings'>): CommandSubject {
  return { about, hasMeetings: meetings.length > 0 };
}

/** The commands as Discord registers them for a corpus. */
export function commandDefinitions(
  subject: CommandSubject,
): RESTPostAPIApplicationCommandsJSONBody[] {
  const { about, hasMeetings } = subject;
  const offered = chatCommands
    .filter(({ needsMeetings }) => needsMeetings !== true || hasMeetings)
    .map(({ data }) => (hasMeetings ? data : withoutMeetings(data)));
  return [...offered, ...messageCommands.map(({ data }) => data)].map((data) => named(data, about));
}

/** The slash command of a name; undefined for one that the corpus does not have. */
export function chatCommandOf(
  name: string,
  { hasMeetings }: CommandSubject,
): ChatCommand | undefined {
  return chatCommands.find(
    ({ data, needsMeetings }) => data.name === name && (needsMeetings !== true || hasMeetings),
  );
}

/** As `chatCommandOf`, for the menu of a message. */
export function messageCommandOf(
  name: string,
  { about }: CommandSubject,
): MessageCommand | undefined {
  return messageCommands.find(({ data }) => named(data, about).name === name);
}

function withoutMeetings(data: ChatCommand['data']): ChatCommand['data'] {
  const { options } = data;
  if (options === undefined) return data;
  return { ...data, options: options.filter(({ name }) => name !== meeting.data.name) };
}

const TOPIC = '{topic}';

/** The definition with the corpus's topic in its names and descriptions, and in those of its options. */
function named<T extends object>(definition: T, about: About): T {
  const fill = (value: unknown, language: keyof About): unknown => {
    if (typeof value === 'string') return value.replaceAll(TOPIC, about[language].topic);
    if (Array.isArray(value)) return value.map((item: unknown) => fill(item, language));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value);
    return Object.fromEntries(
      fields.map(([key, field]) => [key, fill(field, key === 'ja' ? 'ja' : language)]),
    );
  };
  return fill(definition, 'en') as T;
}
