/** Follow-up questions: a form on an answer, or a reply to it. What was asked before is in the answer's message. */
import {
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type ModalSubmitInteraction,
} from 'discord.js';
import { LONGEST_QUESTION } from '../../engine.ts';
import type { AskRequest } from '../answers.ts';
import {
  ASK_ON,
  decodeRequest,
  defineControl,
  encodeRequest,
  type RequestFields,
} from '../custom-ids.ts';
import { escapeLine } from '../escape.ts';
import type { Asking, InteractionContext } from '../interaction-context.ts';
import { questionFromInput, requestOf } from '../question.ts';
import type { ClickInteraction } from '../reply.ts';
import { textsIn, type Texts } from '../texts/index.ts';
import { textForm } from '../views/components.ts';
import { answerQuestion } from './answer.ts';

/** Opens the form. It must be the first response, so nothing is deferred. */
export const askOn = defineControl({
  kind: 'ask-on',
  letter: ASK_ON,
  encode: encodeRequest,
  decode: decodeRequest,
  async run(context: InteractionContext<ClickInteraction>, request) {
    // A button that no longer works says so before the user writes anything.
    requestOf(context, request);
    await context.interaction.showModal(followUpForm(request, context.texts));
  },
});

/** The form, sent. */
export const sendFollowUp = defineControl({
  kind: 'asked-on',
  letter: 'h',
  encode: encodeRequest,
  decode: decodeRequest,
  async run(context: InteractionContext<ModalSubmitInteraction>, request) {
    const { interaction, reply } = context;
    const before = requestOf(context, request);
    const question = questionFromInput(interaction.fields.getTextInputValue(QUESTION_FIELD));
    const isPrivate = interaction.message?.flags.has('Ephemeral') ?? false;
    await reply.defer({ isPrivate });
    await answerFollowUp(context, question, before, { isPrivate });
  },
});

/** Answers a follow-up to an earlier request, and shows how it was understood. */
export async function answerFollowUp(
  asking: Asking,
  typed: string,
  before: AskRequest,
  { isPrivate }: { isPrivate: boolean },
): Promise<void> {
  const { services, snapshot, locale } = asking;
  const answered = await services.answers.answer(snapshot, before);
  const whole = snapshot.standalone(typed, answered);
  const question = Array.from(whole).length > LONGEST_QUESTION ? typed : whole;
  // A follow-up that names somebody or something leaves the meeting that the question before was limited to.
  const names = [...snapshot.meetingsNamed(typed), ...snapshot.daysNamed(typed)];
  const meeting = names.length === 0 ? before.meeting : null;
  const note =
    question === typed ? {} : { note: textsIn(locale).talk.understood(escapeLine(typed, 100)) };
  const request = { question, meeting, source: before.source };
  await answerQuestion(asking, request, { isPrivate, ...note });
}

const QUESTION_FIELD = 'question';

function followUpForm(
  request: RequestFields,
  { talk }: Texts,
): APIModalInteractionResponseCallbackData {
  return textForm({
    customId: sendFollowUp.encode(request),
    title: talk.askOnTitle,
    label: talk.askOnLabel,
    field: QUESTION_FIELD,
    placeholder: talk.askOnPlaceholder,
    style: TextInputStyle.Short,
    maxLength: LONGEST_QUESTION,
    isRequired: true,
  });
}
