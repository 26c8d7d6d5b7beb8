import {
  ComponentType,
  TextInputStyle,
  type APIButtonComponent,
  type APIModalInteractionResponseCallbackData,
  type ModalSubmitInteraction,
} from 'discord.js';
import {
  decodeRequest,
  defineControl,
  encodeRequest,
  type ControlInteraction,
  type RequestFields,
} from '../custom-ids.ts';
import { clip, oneLine } from '../escape.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { MODAL_LABEL, MODAL_LABEL_DESCRIPTION, MODAL_PLACEHOLDER, MODAL_TITLE } from '../limits.ts';
import { requestOf } from '../question.ts';
import type { ClickInteraction } from '../reply.ts';
import type { Texts } from '../texts/index.ts';
import { button } from '../views/components.ts';

export const thumbUp = defineControl({
  kind: 'up',
  letter: 'u',
  encode: encodeRequest,
  decode: decodeRequest,
  run: (context: InteractionContext<ClickInteraction>, request) =>
    record(context, request, { vote: 'up', remark: null }),
});

/** Asks what was wrong. A form must be the first response, so nothing is deferred. */
export const thumbDown = defineControl({
  kind: 'down',
  letter: 'd',
  encode: encodeRequest,
  decode: decodeRequest,
  async run(context: InteractionContext<ClickInteraction>, request) {
    // A button that no longer works says so before the user writes anything.
    requestOf(context, request);
    await context.interaction.showModal(remarkForm(request, context.texts));
  },
});

/** The form that a thumb down opens, sent. */
export const sendRemark = defineControl({
  kind: 'why',
  letter: 'w',
  encode: encodeRequest,
  decode: decodeRequest,
  run(context: InteractionContext<ModalSubmitInteraction>, request) {
    const { fields } = context.interaction;
    const written = fields.fields.has(REMARK_FIELD) ? fields.getTextInputValue(REMARK_FIELD) : '';
    const remark = clip(oneLine(written), LONGEST_REMARK);
    return record(context, request, { vote: 'down', remark: remark === '' ? null : remark });
  },
});

export function thumbButtons(request: RequestFields): APIButtonComponent[] {
  return [
    button({ customId: thumbUp.encode(request), emoji: '👍' }),
    button({ customId: thumbDown.encode(request), emoji: '👎' }),
  ];
}

const REMARK_FIELD = 'remark';
const LONGEST_REMARK = 500;

function remarkForm(request: RequestFields, texts: Texts): APIModalInteractionResponseCallbackData {
  return {
    custom_id: sendRemark.encode(request),
    title: clip(texts.whyTitle, MODAL_TITLE),
    components: [
      {
        type: ComponentType.Label,
        label: clip(texts.whyLabel, MODAL_LABEL),
        description: clip(texts.whyHint, MODAL_LABEL_DESCRIPTION),
        component: {
          type: ComponentType.TextInput,
          custom_id: REMARK_FIELD,
          style: TextInputStyle.Paragraph,
          placeholder: clip(texts.whyPlaceholder, MODAL_PLACEHOLDER),
          max_length: LONGEST_REMARK,
          required: false,
        },
      },
    ],
  };
}

/** Thanks the user first, then records the feedback with the verdict that it is about. */
async function record(
  context: InteractionContext<ControlInteraction>,
  request: RequestFields,
  { vote, remark }: { vote: 'up' | 'down'; remark: string | null },
): Promise<void> {
  const { services, snapshot, reply, texts, log } = context;
  const { journal, answers } = services;
  const asked = requestOf(context, request);
  const thanks = vote === 'up' ? texts.thanksUp : texts.thanksDown;
  await reply.send({ content: journal.enabled ? thanks : texts.feedbackOff }, { isPrivate: true });
  if (!journal.enabled) return;
  try {
    const answer = await answers.answer(snapshot, asked).catch(() => null);
    await journal.record({
      type: 'feedback',
      at: new Date().toISOString(),
      question: asked.question,
      meeting: asked.meeting,
      verdict: answer?.verdict ?? null,
      reason: answer?.reason ?? null,
      vote,
      remark,
    });
  } catch (err) {
    log.warn({ event: 'journal.failed', err });
  }
}
