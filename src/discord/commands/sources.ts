import { askWhichMeeting } from '../buttons/meeting.ts';
import { sourcesPage } from '../buttons/sources.ts';
import type { ChatCommand } from '../interaction-context.ts';
import { findMeeting, meetingChoices } from '../lookup.ts';
import { SOURCE_KINDS } from '../views/sources.ts';
import { autocompletedOption, choiceOption, slashCommand } from './options.ts';

/** `/sources [meeting] [kind]` */
export const sources: ChatCommand = {
  data: {
    ...slashCommand(({ commands }) => commands.sources),
    options: [
      autocompletedOption(({ commands }) => commands.sources.options.meeting),
      choiceOption(
        ({ commands }) => commands.sources.options.kind,
        SOURCE_KINDS,
        (kind) => (texts) => texts.sourceKind(kind),
      ),
    ],
  },
  autocomplete: { meeting: meetingChoices },
  async execute(context) {
    const { options } = context.interaction;
    const input = options.getString('meeting');
    const meeting = input === null ? null : findMeeting(context.snapshot, input);
    if (input !== null && meeting === null) return askWhichMeeting(context, input);
    const sourceKind = SOURCE_KINDS.find((kind) => kind === options.getString('kind')) ?? null;
    const view = sourcesPage({ meeting, sourceKind, page: 0 }, context);
    await context.reply.send(view, { isPrivate: context.isPrivateByDefault });
  },
};
