import { answerQuestion } from '../buttons/answer.ts';
import { oneMeeting } from '../buttons/choose.ts';
import { meetingCard } from '../buttons/meeting.ts';
import type { ChatCommand } from '../interaction-context.ts';
import { meetingChoices, questionChoices } from '../lookup.ts';
import { questionFromInput } from '../question.ts';
import { autocompletedOption, questionOption, slashCommand, switchOption } from './options.ts';

/** `/meeting meeting [question] [private]` */
export const meeting: ChatCommand = {
  data: {
    ...slashCommand(({ commands }) => commands.meeting),
    options: [
      autocompletedOption(({ commands }) => commands.meeting.options.meeting, { required: true }),
      questionOption(({ commands }) => commands.meeting.options.question),
      switchOption(({ commands }) => commands.meeting.options.private),
    ],
  },
  isQuestion: ({ options }) => options.getString('question') !== null,
  autocomplete: { meeting: meetingChoices, question: questionChoices },
  async execute(context) {
    const { options } = context.interaction;
    const { reply } = context;
    const input = options.getString('meeting', true);
    const isPrivate = options.getBoolean('private') ?? context.isPrivateByDefault;
    const questionInput = options.getString('question');
    const question = questionInput === null ? null : questionFromInput(questionInput);
    const wanted = { question, meeting: null, source: null, isPrivate };
    const found = await oneMeeting(context, input, wanted);
    if (found === null) return;
    if (question === null) return reply.send(meetingCard(found, context), { isPrivate });
    await reply.defer({ isPrivate });
    const request = { question, meeting: found.id, source: null };
    await answerQuestion(context, request, { isPrivate });
  },
};
