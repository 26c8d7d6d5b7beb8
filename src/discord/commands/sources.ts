import { oneMeeting } from '../buttons/choose.ts';
import { sourcesPage } from '../buttons/sources.ts';
import type { ChatCommand } from '../interaction-context.ts';
import { meetingChoices } from '../lookup.ts';
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
    const isPrivate = context.isPrivateByDefault;
    const wanted = { question: null, meeting: null, source: null, isPrivate };
    const meeting = input === null ? null : await oneMeeting(context, input, wanted);
    if (input !== null && meeting === null) return;
    const sourceKind = SOURCE_KINDS.find((kind) => kind === options.getString('kind')) ?? null;
    const view = sourcesPage({ meeting, sourceKind, page: 0 }, context);
    await context.reply.send(view, { isPrivate });
  },
};
