import { answerQuestion } from '../buttons/answer.ts';
import { oneMeeting, oneSource } from '../buttons/choose.ts';
import type { ChatCommand } from '../interaction-context.ts';
import { meetingChoices, questionChoices, sourceChoices } from '../lookup.ts';
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
  autocomplete: {
    question: questionChoices,
    meeting: meetingChoices,
    source: sourceChoices,
  },
  async execute(context) {
    const { options } = context.interaction;
    const { reply } = context;
    const question = questionFromInput(options.getString('question', true));
    const isPrivate = options.getBoolean('private') ?? context.isPrivateByDefault;
    const meetingInput = options.getString('meeting');
    const sourceInput = options.getString('source');
    const wanted = { question, meeting: null, source: null, isPrivate };
    const meeting = meetingInput === null ? null : await oneMeeting(context, meetingInput, wanted);
    if (meetingInput !== null && meeting === null) return;
    const id = meeting?.id ?? null;
    const source =
      sourceInput === null
        ? null
        : await oneSource(context, sourceInput, { ...wanted, meeting: id });
    if (sourceInput !== null && source === null) return;
    await reply.defer({ isPrivate });
    const request = { question, meeting: id, source: source?.id ?? null };
    await answerQuestion(context, request, { isPrivate });
  },
};
