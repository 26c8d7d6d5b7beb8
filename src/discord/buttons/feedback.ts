import {
  MessageFlags,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
} from 'discord.js';
import type { Answer } from '../../answer/types.ts';
import type { Journal } from '../../journal/journal.ts';
import {
  defineControl,
  defineForm,
  plainForm,
  requestForm,
  requestOf,
  withoutControls,
  type ControlInteraction,
  type RequestFields,
} from '../custom-ids.ts';
import { Refusal, componentsOf } from '../reply.ts';
import type { AskRequest, InteractionContext } from '../services.ts';
import { clip, oneLine, type Texts } from '../text.ts';
import { button, buttonRows, text, textForm, type Button } from '../view.ts';

/** Posts a private answer for everybody, as the asker sees it, once. */
export const share = defineControl({
  kind: 'share',
  ...plainForm('s'),
  async run(context) {
    const { interaction, reply, services, texts } = context;
    const { message, user } = interaction;
    // Two clicks can be on their way before the button is gone.
    if (services.shared.has(message.id)) throw new Refusal(({ sharedAlready }) => sharedAlready);
    services.shared.set(message.id, true);
    try {
      await reply.deferUpdate(interaction);
      const shown = componentsOf(interaction);
      await reply.post({
        components: [
          text(`-# ${texts.sharedBy(`<@${user.id}>`)}`),
          ...withoutControls(shown, [share, tellMaintainer]),
        ],
      });
      await reply.fill({ components: withoutControls(shown, [share]) });
    } catch (error) {
      services.shared.delete(message.id);
      throw error;
    }
  },
});

export function shareButton(texts: Texts): Button {
  return button({ customId: share.encode({}), label: texts.shareButton, emoji: '📣' });
}

export const thumbUp = defineControl({
  kind: 'up',
  ...requestForm('u'),
  run: (context, request) => record(context, request, { vote: 'up', remark: null }),
});

/** Asks what was wrong. A form must be the first response, so nothing is deferred. */
export const thumbDown = defineControl({
  kind: 'down',
  ...requestForm('d'),
  async run(context, request) {
    // A button that no longer works says so before the user writes anything.
    requestOf(context, request);
    await context.interaction.showModal(remarkForm(request, context.texts));
  },
});

export const sendRemark = defineForm({
  kind: 'why',
  ...requestForm('w'),
  run(context, request) {
    const { fields } = context.interaction;
    const written = fields.fields.has(REMARK_FIELD) ? fields.getTextInputValue(REMARK_FIELD) : '';
    const remark = clip(oneLine(written), LONGEST_REMARK);
    return record(context, request, { vote: 'down', remark: remark === '' ? null : remark });
  },
});

/** Writes a question of a private answer into the journal, which has it only when its asker wants so. */
export const tellMaintainer = defineControl({
  kind: 'tell',
  ...requestForm('i'),
  async run(context, request) {
    const { interaction, services, snapshot, reply, texts } = context;
    const asked = requestOf(context, request);
    await reply.deferUpdate(interaction);
    const answer = await services.answers.answer(snapshot, asked);
    await recordUnanswered(services.journal, asked, answer);
    await reply.fill({ components: withoutControls(componentsOf(interaction), [tellMaintainer]) });
    const { enabled } = services.journal;
    await reply.sendPrivately({ content: enabled ? texts.told : texts.feedbackOff });
  },
});

export function tellButton(request: RequestFields, { tellButton: label }: Texts): Button {
  return button({ customId: tellMaintainer.encode(request), label, emoji: '✉️' });
}

/**
 * Writes a question into the journal, unless it has a clear answer.
 *
 * @throws DragomanError JOURNAL when it cannot be kept; the journal has logged it
 */
export async function recordUnanswered(
  journal: Pick<Journal, 'record'>,
  { question, meeting }: AskRequest,
  { verdict, reason, generation }: Answer,
): Promise<void> {
  if (verdict === 'answered') return;
  const at = new Date().toISOString();
  await journal.record({ type: 'unanswered', at, question, meeting, verdict, reason, generation });
}

/** Takes a vote back: its custom id carries the vote's name in the journal. */
export const takeBack = defineControl({
  kind: 'take-back',
  letter: 'r',
  encode: (voter: string) => [voter],
  decode: ([voter = '']) => (/^[\w-]{16}$/.test(voter) ? voter : null),
  async run(context, voter) {
    const { interaction, reply, services, texts } = context;
    await reply.deferUpdate(interaction);
    await services.journal.record({ type: 'taken-back', at: new Date().toISOString(), voter });
    await reply.fill({ content: texts.tookBack });
  },
});

export function thumbButtons(request: RequestFields): Button[] {
  return [
    button({ customId: thumbUp.encode(request), emoji: '👍' }),
    button({ customId: thumbDown.encode(request), emoji: '👎' }),
  ];
}

const REMARK_FIELD = 'remark';
const LONGEST_REMARK = 500;

function remarkForm(request: RequestFields, texts: Texts): APIModalInteractionResponseCallbackData {
  const { whyTitle: title, whyLabel: label, whyHint: description } = texts;
  return textForm(
    sendRemark.encode(request),
    { title, label, description, placeholder: texts.whyPlaceholder },
    {
      custom_id: REMARK_FIELD,
      style: TextInputStyle.Paragraph,
      max_length: LONGEST_REMARK,
      required: false,
    },
  );
}

/** Records the feedback with the verdict that it is about; of one person at one message the last vote counts. */
async function record(
  context: InteractionContext<ControlInteraction>,
  request: RequestFields,
  { vote, remark }: { vote: 'up' | 'down'; remark: string | null },
): Promise<void> {
  const { interaction, services, snapshot, reply, texts } = context;
  const { journal, answers } = services;
  const asked = requestOf(context, request);
  if (!journal.enabled) {
    await reply.send({ content: texts.feedbackOff }, { isPrivate: true });
    return;
  }
  await reply.defer({ isPrivate: true });
  const messageId = interaction.message?.id ?? interaction.id;
  const voter = await journal.voterOf(interaction.user.id, messageId);
  const answer = await answers.answer(snapshot, asked).catch(() => null);
  const isPrivate = isPrivateMessage(interaction);
  await journal.record({
    type: 'feedback',
    at: new Date().toISOString(),
    question: isPrivate ? null : asked.question,
    meeting: asked.meeting,
    verdict: answer?.verdict ?? null,
    reason: isPrivate ? null : (answer?.reason ?? null),
    vote,
    remark,
    voter,
  });
  const undo = button({ customId: takeBack.encode(voter), label: texts.takeBackButton });
  const content = vote === 'up' ? texts.thanksUp : texts.thanksDown;
  await reply.fill({ content, rows: buttonRows([undo]) });
}

/** Whether few or one can see the message of a control: what was asked there is nobody else's business. */
function isPrivateMessage({ guildId, message }: ControlInteraction): boolean {
  return guildId === null || message?.flags.has(MessageFlags.Ephemeral) === true;
}
