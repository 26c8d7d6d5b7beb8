/** Every way to ask: `/ask`, the menu of a message, tapped questions, forms, and follow-ups to an answer. */
import {
  ApplicationCommandType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type Message,
  type MessageSnapshot,
} from 'discord.js';
import { LONGEST_QUESTION } from '../../engine.ts';
import { answerQuestion, tappedId, type Asking } from '../buttons/answer.ts';
import { FREELY, askMeetingId } from '../buttons/card.ts';
import {
  askOnId,
  defineControl,
  defineForm,
  requestForm,
  itemOf,
  requestOf,
  textOfMessage,
} from '../custom-ids.ts';
import { sourceChoices } from './sources.ts';
import { questionChoices, questionFromInput, questionFromText } from './help.ts';
import {
  EVERYWHERE,
  autocompletedOption,
  localizedName,
  questionOption,
  slashCommand,
  switchOption,
  type ChatCommand,
  type MessageCommand,
} from '../registry.ts';
import { Refusal, chosenFrom } from '../reply.ts';
import { meetingsById, type AskRequest } from '../services.ts';
import { escapeLine, textsIn } from '../text.ts';
import { textForm } from '../buttons/feedback.ts';
import { meetingChoices, oneMeeting, oneSource } from './meeting.ts';

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

/** "Ask the tour" on a message. The answer is private, because somebody else wrote the message; it can be shared. */
export const askMessage: MessageCommand = {
  data: {
    ...localizedName(({ commands }) => commands.askMessage.name),
    ...EVERYWHERE,
    type: ApplicationCommandType.Message,
  },
  async execute(context) {
    const { interaction, reply, texts } = context;
    const asked = questionFromText(textOfMessage(shownIn(interaction.targetMessage)));
    if (asked === null) throw new Refusal(({ noText }) => noText);
    await reply.defer({ isPrivate: true });
    await answerQuestion(
      context,
      { question: asked.question, meeting: null, source: null },
      { isPrivate: true, ...(asked.isCut ? { note: texts.questionShortened } : {}) },
    );
  },
};

type Shown = Pick<MessageSnapshot, 'content' | 'embeds' | 'components'>;

/** A message of discord.js as Discord sends it. A forwarded one is inside. */
function shownIn(message: Shown & Partial<Pick<Message, 'messageSnapshots'>>) {
  const dataOf = ({ content, embeds, components }: Shown) => ({
    content,
    embeds: embeds.map(({ title, description }) => ({ title, description })),
    components: components.map((component) => component.toJSON()),
  });
  const forwarded = [...(message.messageSnapshots?.values() ?? [])];
  return {
    ...dataOf(message),
    message_snapshots: forwarded.map((each) => ({ message: dataOf(each) })),
  };
}

export const askTapped = defineControl({
  kind: 'tapped',
  isQuestion: true,
  ...tappedId,
  async run(context, request) {
    const asked = requestOf(context, request);
    await context.reply.defer({ isPrivate: true });
    await answerQuestion(context, asked, { isPrivate: true });
  },
});

export const askAboutMeeting = defineControl({
  kind: 'ask-meeting',
  isQuestion: true,
  ...askMeetingId,
  async run(context, code) {
    const { interaction, reply, snapshot, texts } = context;
    const meeting = itemOf(code, meetingsById(snapshot)).id;
    const question = chosenFrom(interaction);
    if (question === FREELY) {
      // A form must be the first response, so nothing is deferred.
      await interaction.showModal(
        questionForm(sendQuestion.encode(code), {
          title: texts.reply.askMeeting,
          label: texts.reply.yourQuestion,
          description: texts.commands.meeting.options.question.description,
        }),
      );
      return;
    }
    await reply.defer({ isPrivate: true });
    await answerQuestion(context, { question, meeting, source: null }, { isPrivate: true });
  },
});

/** The form for a question about a meeting, sent. */
export const sendQuestion = defineForm({
  kind: 'ask-freely',
  isQuestion: true,
  letter: 'f',
  encode: askMeetingId.encode,
  decode: askMeetingId.decode,
  async run(context, code) {
    const { interaction, reply, snapshot } = context;
    const meeting = itemOf(code, meetingsById(snapshot)).id;
    const question = questionFromInput(interaction.fields.getTextInputValue(QUESTION_FIELD));
    await reply.defer({ isPrivate: true });
    await answerQuestion(context, { question, meeting, source: null }, { isPrivate: true });
  },
});

/** The field of both forms. */
const QUESTION_FIELD = 'question';

function questionForm(
  customId: string,
  texts: { title: string; label: string; description?: string; placeholder?: string },
): APIModalInteractionResponseCallbackData {
  return textForm({
    ...texts,
    customId,
    field: QUESTION_FIELD,
    style: TextInputStyle.Short,
    maxLength: LONGEST_QUESTION,
    isRequired: true,
  });
}

/** Opens the form. It must be the first response, so nothing is deferred. */
export const askOn = defineControl({
  kind: 'ask-on',
  ...askOnId,
  async run(context, request) {
    // A button that no longer works says so before the user writes anything.
    requestOf(context, request);
    const {
      askOnTitle: title,
      askOnLabel: label,
      askOnPlaceholder: placeholder,
    } = context.texts.talk;
    const customId = sendFollowUp.encode(request);
    await context.interaction.showModal(questionForm(customId, { title, label, placeholder }));
  },
});

/** The form, sent. */
export const sendFollowUp = defineForm({
  kind: 'asked-on',
  isQuestion: true,
  ...requestForm('h'),
  async run(context, request) {
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
