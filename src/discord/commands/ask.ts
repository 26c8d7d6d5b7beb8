import { answerQuestion } from '../buttons/answer.ts';
import { askWhichMeeting } from '../buttons/meeting.ts';
import { escapeLine } from '../escape.ts';
import { Refusal } from '../failures.ts';
import type { ChatCommand } from '../interaction-context.ts';
import { findMeeting, findSource, meetingChoices, sourceChoices } from '../lookup.ts';
import { questionFromInput } from '../question.ts';
import { autocompletedOption, questionOption, slashCommand, switchOption } from './options.ts';

/** `/ask question [meeting] [source] [private]` */
export const ask: ChatCommand = {
  data: {
    ...slashCommand(({ commands }) => commands.ask),
    options: [
      questionOption(({ commands }) => commands.ask.options.question, { required: true }),
      autocompletedOption(({ commands }) => commands.ask.options.meeting),
      autocompletedOption(({ commands }) => commands.ask.options.source),
      switchOption(({ commands }) => commands.ask.options.private),
    ],
  },
  isQuestion: () => true,
  autocomplete: { meeting: meetingChoices, source: sourceChoices },
  async execute(context) {
    const { options } = context.interaction;
    const { snapshot, reply } = context;
    const question = questionFromInput(options.getString('question', true));
    const isPrivate = options.getBoolean('private') ?? context.isPrivateByDefault;
    const meetingInput = options.getString('meeting');
    const meeting = meetingInput === null ? null : findMeeting(snapshot, meetingInput);
    if (meetingInput !== null && meeting === null) return askWhichMeeting(context, meetingInput);
    const sourceInput = options.getString('source');
    const source = sourceInput === null ? null : findSource(snapshot, sourceInput);
    if (sourceInput !== null && source === null) {
      throw new Refusal((texts) => texts.noSource(escapeLine(sourceInput, 100)));
    }
    await reply.defer({ isPrivate });
    const request = { question, meeting: meeting?.id ?? null, source: source?.id ?? null };
    await answerQuestion(context, request, { page: 0, isPrivate });
  },
};
