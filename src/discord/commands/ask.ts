/** Every way to ask: `/ask`, the menu of a message, tapped questions, forms, and follow-ups to an answer. */
import {
  ApplicationCommandType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type Message,
  type MessageSnapshot,
  type ModalSubmitInteraction,
} from 'discord.js';
import { LONGEST_QUESTION, type Snapshot } from '../../engine.ts';
import { answerNow, answerQuestion, tappedId, type Asking } from '../buttons/answer.ts';
import { FREELY, askMeetingId } from '../buttons/card.ts';
import {
  askOnId,
  defineControl,
  defineForm,
  fieldsNamed,
  itemOf,
  meetingForm,
  questionFromMessage,
  requestForm,
  requestFrom,
  requestOf,
  textsOf,
  type RequestFields,
} from '../custom-ids.ts';
import {
  AUTOCOMPLETED,
  EVERYWHERE,
  QUESTION,
  SWITCH,
  localizedName,
  slashCommand,
  type ChatCommand,
  type MessageCommand,
} from '../register.ts';
import { Refusal, chosenFrom } from '../reply.ts';
import type { AskRequest } from '../services.ts';
import { clip, escapeLine, oneLine, withoutMarks } from '../text.ts';
import { textForm } from '../view.ts';
import { questionFromInput } from './help.ts';
import { meetingChoices, oneMeeting, questionChoices } from './meeting.ts';
import { oneSource, sourceChoices } from './sources.ts';

export const ask: ChatCommand = {
  data: slashCommand('ask', {
    question: { ...QUESTION, required: true },
    meeting: AUTOCOMPLETED,
    source: AUTOCOMPLETED,
    private: SWITCH,
  }),
  isQuestion: () => true,
  autocomplete: {
    question: questionChoices,
    meeting: meetingChoices,
    source: sourceChoices,
  },
  async execute(context) {
    const { options } = context.interaction;
    const question = questionFromInput(options.getString('question', true));
    const isPrivate = options.getBoolean('private') ?? context.isPrivateByDefault;
    const wanted = { question, meeting: null, source: null, isPrivate };
    const found = await oneMeeting(context, options.getString('meeting'), wanted);
    if (found === undefined) return;
    const meeting = found?.id ?? null;
    const source = await oneSource(context, options.getString('source'), { ...wanted, meeting });
    if (source === undefined) return;
    await answerNow(context, { question, meeting, source: source?.id ?? null }, { isPrivate });
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
    const asked = questionFromText(textOfMessage(shownIn(context.interaction.targetMessage)));
    if (asked === null) throw new Refusal(({ noText }) => noText);
    const { question, isCut } = asked;
    const note = isCut ? { note: context.texts.questionShortened } : {};
    await answerNow(
      context,
      { question, meeting: null, source: null },
      { isPrivate: true, ...note },
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

type EmbedText = Partial<Record<'title' | 'description', string | null | undefined>>;

/** What has texts of a message: the message itself, or one that was forwarded in it. */
interface MessageText {
  readonly content?: string;
  readonly embeds?: readonly EmbedText[];
  readonly components?: readonly unknown[];
  readonly message_snapshots?: readonly { readonly message: MessageText }[];
}

/**
 * The text of a message: its own, else that of the message forwarded in it, of its embeds or of its components. Of an answer
 * of the bot, the question.
 */
export function textOfMessage({
  content = '',
  embeds = [],
  components = [],
  message_snapshots: forwarded = [],
}: MessageText): string {
  const own = withoutMarks(content);
  if (own !== '') return own;
  const [first] = forwarded;
  if (first !== undefined) return textOfMessage(first.message);
  const inEmbeds = embeds.map(({ title, description }) => description ?? title ?? '').join(' ');
  if (oneLine(inEmbeds) !== '') return oneLine(inEmbeds);
  const asked = fieldsIn(components);
  const question = asked === null ? null : (asked.question ?? questionFromMessage(components));
  return question ?? withoutMarks(textsOf(components).join(' '));
}

/**
 * The request that an answer of the bot answers, from the ids of its controls; null for any other message, and where its
 * meeting or source no longer exists.
 */
export function requestIn(components: readonly unknown[], snapshot: Snapshot): AskRequest | null {
  const fields = fieldsIn(components);
  try {
    return fields === null ? null : requestFrom(fields, components, snapshot);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** The request that an answer of the bot repeats in its controls; null for any other message. */
function fieldsIn(components: readonly unknown[]): RequestFields | null {
  const requests = fieldsNamed('custom_id', components).map(askOn.decode);
  return requests.find((fields) => fields !== null) ?? null;
}

/** The beginning of somebody's text as a question; null when it has no visible text. */
export function questionFromText(text: string): { question: string; isCut: boolean } | null {
  const whole = withoutMarks(text);
  if (whole === '') return null;
  return { question: clip(whole, LONGEST_QUESTION), isCut: whole.length > LONGEST_QUESTION };
}

export function isLikeQuestion(text: string): boolean {
  return /[?？]|^(?:who|whom|whose|what|when|where|why|which|how|did|does|do|was|were|is|are|has|have|can|could|will|would|tell me)\b|か[。.！!]*$/iu.test(
    text,
  );
}

export const askTapped = defineControl({
  kind: 'tapped',
  isQuestion: true,
  ...tappedId,
  run: (context, request) => answerNow(context, requestOf(context, request), { isPrivate: true }),
});

export const askAboutMeeting = defineControl({
  kind: 'ask-meeting',
  isQuestion: true,
  ...askMeetingId,
  async run(context, code) {
    const { interaction, directory, texts } = context;
    const meeting = itemOf(code, directory.meetingById).id;
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
    await answerNow(context, { question, meeting, source: null }, { isPrivate: true });
  },
});

export const sendQuestion = defineForm({
  kind: 'ask-freely',
  isQuestion: true,
  ...meetingForm('f'),
  async run(context, code) {
    const meeting = itemOf(code, context.directory.meetingById).id;
    const question = questionIn(context.interaction);
    await answerNow(context, { question, meeting, source: null }, { isPrivate: true });
  },
});

const QUESTION_FIELD = 'question';

function questionIn({ fields }: ModalSubmitInteraction): string {
  return questionFromInput(fields.getTextInputValue(QUESTION_FIELD));
}

function questionForm(
  customId: string,
  texts: Parameters<typeof textForm>[1],
): APIModalInteractionResponseCallbackData {
  return textForm(customId, texts, {
    custom_id: QUESTION_FIELD,
    style: TextInputStyle.Short,
    max_length: LONGEST_QUESTION,
    required: true,
  });
}

/** Opens the form. It must be the first response, so nothing is deferred. */
export const askOn = defineControl({
  kind: 'ask-on',
  ...askOnId,
  async run(context, request) {
    // A button that no longer works says so before the user writes anything.
    requestOf(context, request);
    const { askOnTitle, askOnLabel, askOnPlaceholder } = context.texts.talk;
    const texts = { title: askOnTitle, label: askOnLabel, placeholder: askOnPlaceholder };
    await context.interaction.showModal(questionForm(sendFollowUp.encode(request), texts));
  },
});

export const sendFollowUp = defineForm({
  kind: 'asked-on',
  isQuestion: true,
  ...requestForm('h'),
  async run(context, request) {
    const { interaction, reply } = context;
    const before = requestOf(context, request);
    const question = questionIn(interaction);
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
  const { services, snapshot, texts } = asking;
  const answered = await services.answers.answer(snapshot, before);
  const whole = await snapshot.standalone(typed, answered);
  const question = Array.from(whole).length > LONGEST_QUESTION ? typed : whole;
  // A follow-up that names somebody or something leaves the meeting that the question before was limited to.
  const names = [...snapshot.meetingsNamed(typed), ...snapshot.daysNamed(typed)];
  const meeting = names.length === 0 ? before.meeting : null;
  const note = question === typed ? {} : { note: texts.talk.understood(escapeLine(typed, 100)) };
  const request = { question, meeting, source: before.source };
  await answerQuestion(asking, request, { isPrivate, ...note });
}
