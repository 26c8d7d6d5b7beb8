import {
  ComponentType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type ButtonInteraction,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import type { Asked } from '../answers.ts';
import type { Call } from '../call.ts';
import { decodeControl, encodeControl, idOf, type AskedCode } from '../custom-ids.ts';
import { directoryOf } from '../directory.ts';
import { clip, oneLine } from '../inert.ts';
import { MODAL_LABEL, MODAL_LABEL_DESCRIPTION, MODAL_PLACEHOLDER, MODAL_TITLE } from '../limits.ts';
import { questionIn } from '../read-back.ts';
import { Refusal } from '../refusal.ts';
import type { Texts } from '../texts/index.ts';

const REMARK_FIELD = 'remark';
const LONGEST_REMARK = 500;

/** A thumb down asks what was wrong. A form must be the first response, so nothing is deferred. */
export async function askWhy(
  call: Call<ButtonInteraction | StringSelectMenuInteraction>,
  asked: AskedCode,
): Promise<void> {
  // The thumb that leads nowhere is said so before the user writes anything.
  askedOf(call, asked);
  await call.interaction.showModal(whyForm(asked, call.texts));
}

export function whyForm(asked: AskedCode, texts: Texts): APIModalInteractionResponseCallbackData {
  return {
    custom_id: encodeControl({ kind: 'why', asked }),
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

/** The form that `askWhy` showed, sent. */
export async function submit(call: Call<ModalSubmitInteraction>): Promise<void> {
  const control = decodeControl(call.interaction.customId);
  if (control?.kind !== 'why') throw new Refusal((texts) => texts.askAgain);
  const written = call.interaction.fields.fields.has(REMARK_FIELD)
    ? oneLine(call.interaction.fields.getTextInputValue(REMARK_FIELD))
    : '';
  const remark = written === '' ? null : clip(written, LONGEST_REMARK);
  await thankFor(call, { asked: askedOf(call, control.asked), vote: 'down', remark });
}

/** Thanks first, then writes the feedback down with the verdict it is about. */
export async function thankFor(
  call: Call<ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction>,
  feedback: { asked: Asked; vote: 'up' | 'down'; remark: string | null },
): Promise<void> {
  const { desk, edition, responder, texts, log } = call;
  const { asked, vote, remark } = feedback;
  const thanks = vote === 'up' ? texts.thanksUp : texts.thanksDown;
  const content = desk.journal.enabled ? thanks : texts.feedbackOff;
  await responder.reply({ content }, { isPrivate: true });
  if (!desk.journal.enabled) return;
  try {
    const answer = await desk.answers.answer(edition, asked).catch(() => null);
    await desk.journal.record({
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

/**
 * What the message with the control answers.
 *
 * @throws Refusal when the question cannot be read back, or its meeting or source is gone
 */
export function askedOf(
  call: Call<ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction>,
  code: AskedCode,
): Asked {
  const { interaction, edition } = call;
  const components = interaction.message?.components.map((component) => component.toJSON()) ?? [];
  const question = code.question ?? questionIn(components);
  const meeting =
    code.meeting === null ? null : idOf(code.meeting, directoryOf(edition).meetingById);
  const source = code.source === null ? null : idOf(code.source, edition.sources);
  const isLost =
    (code.meeting !== null && meeting === null) || (code.source !== null && source === null);
  if (question === null || isLost) throw new Refusal((texts) => texts.askAgain);
  return { question, meeting, source };
}
