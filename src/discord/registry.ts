/** Every command and every control. Adding one is its own file, its texts in both languages, and a line here. */
import type { ModalSubmitInteraction, RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { openPassages, share, turnPage } from './buttons/answer.ts';
import { askOn, sendFollowUp } from './buttons/ask-on.ts';
import { choose } from './buttons/choose.ts';
import { showContext } from './buttons/context.ts';
import { sendRemark, thumbDown, thumbUp } from './buttons/feedback.ts';
import { openCard, pickMeeting, turnCard } from './buttons/meeting.ts';
import { askAboutMeeting, askTapped, sendQuestion } from './buttons/questions.ts';
import { listSources, turnSources } from './buttons/sources.ts';
import { openTour, pickDay } from './buttons/tour.ts';
import { about } from './commands/about.ts';
import { admin } from './commands/admin.ts';
import { askMessage } from './commands/ask-message.ts';
import { ask } from './commands/ask.ts';
import { help, tryExample } from './commands/help.ts';
import { meeting } from './commands/meeting.ts';
import { changeSettings, settings } from './commands/settings.ts';
import { sources } from './commands/sources.ts';
import { tour } from './commands/tour.ts';
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
  turnCard,
  pickMeeting,
  turnSources,
  listSources,
  openTour,
  pickDay,
  changeSettings,
];

export const formControls: readonly Control<ModalSubmitInteraction>[] = [
  sendRemark,
  sendQuestion,
  sendFollowUp,
];

/** The commands as Discord registers them. */
export function commandDefinitions(): RESTPostAPIApplicationCommandsJSONBody[] {
  return [...chatCommands, ...messageCommands].map(({ data }) => data);
}
