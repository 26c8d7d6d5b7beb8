/** Questions that were tapped, chosen from a card's menu, or written into its form: answered to the reader alone. */
import {
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type ModalSubmitInteraction,
} from 'discord.js';
import { LONGEST_QUESTION } from '../../engine.ts';
import { defineControl, itemOf } from '../custom-ids.ts';
import { askAgain } from '../failures.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { meetingsById } from '../lookup.ts';
import { questionFromInput, requestOf } from '../question.ts';
import type { ClickInteraction } from '../reply.ts';
import type { Texts } from '../texts/index.ts';
import { textForm } from '../views/components.ts';
import { askMeetingId, FREELY, tappedId } from '../views/controls.ts';
import { answerQuestion } from './answer.ts';

export const askTapped = defineControl({
  kind: 'tapped',
  ...tappedId,
  async run(context: InteractionContext<ClickInteraction>, request) {
    const asked = requestOf(context, request);
    await context.reply.defer({ isPrivate: true });
    await answerQuestion(context, asked, { isPrivate: true });
  },
});

export const askAboutMeeting = defineControl({
  kind: 'ask-meeting',
  ...askMeetingId,
  async run(context: InteractionContext<ClickInteraction>, code) {
    const { interaction, reply, snapshot, texts } = context;
    const meeting = itemOf(code, meetingsById(snapshot)).id;
    const question = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
    if (question === undefined) throw askAgain();
    if (question === FREELY) {
      // A form must be the first response, so nothing is deferred.
      await interaction.showModal(questionForm(code, texts));
      return;
    }
    await reply.defer({ isPrivate: true });
    await answerQuestion(context, { question, meeting, source: null }, { isPrivate: true });
  },
});

/** The form for a question about a meeting, sent. */
export const sendQuestion = defineControl({
  kind: 'ask-freely',
  letter: 'f',
  encode: askMeetingId.encode,
  decode: askMeetingId.decode,
  async run(context: InteractionContext<ModalSubmitInteraction>, code) {
    const { interaction, reply, snapshot } = context;
    const meeting = itemOf(code, meetingsById(snapshot)).id;
    const question = questionFromInput(interaction.fields.getTextInputValue(QUESTION_FIELD));
    await reply.defer({ isPrivate: true });
    await answerQuestion(context, { question, meeting, source: null }, { isPrivate: true });
  },
});

const QUESTION_FIELD = 'question';

function questionForm(code: string, texts: Texts): APIModalInteractionResponseCallbackData {
  return textForm({
    customId: sendQuestion.encode(code),
    title: texts.reply.askMeeting,
    label: texts.reply.yourQuestion,
    description: texts.commands.meeting.options.question.description,
    field: QUESTION_FIELD,
    style: TextInputStyle.Short,
    maxLength: LONGEST_QUESTION,
    isRequired: true,
  });
}
