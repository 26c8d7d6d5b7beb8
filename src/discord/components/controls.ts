import type { ButtonInteraction, StringSelectMenuInteraction } from 'discord.js';
import type { Call } from '../call.ts';
import { sourcesFor } from '../commands/sources.ts';
import { decodeControl, idOf, type Control } from '../custom-ids.ts';
import { directoryOf } from '../directory.ts';
import { Refusal } from '../refusal.ts';
import { showAnswer } from '../show-answer.ts';
import { digestOf } from '../views/answer.ts';
import { contextView } from '../views/context.ts';
import { meetingView } from '../views/meeting.ts';
import { sourcesView } from '../views/sources.ts';
import { askedOf, askWhy, thankFor } from './feedback.ts';

type Click = ButtonInteraction | StringSelectMenuInteraction;

/** A button or a menu's choice. Everything it needs is in its custom id, or in the message around it. */
export async function click(call: Call<Click>): Promise<void> {
  const control = controlOf(call);
  switch (control.kind) {
    case 'page':
      return turnPage(call, control);
    case 'share': {
      const asked = askedOf(call, control.asked);
      await call.responder.defer({ isPrivate: false });
      await showAnswer(call, asked, { page: control.page, isPrivate: false });
      return;
    }
    case 'up':
      return thankFor(call, { asked: askedOf(call, control.asked), vote: 'up', remark: null });
    case 'down':
      return askWhy(call, control.asked);
    case 'context':
      return showContext(call, control);
    case 'card':
    case 'turn':
      return turnCard(call, control);
    case 'pick':
      return openCard(call);
    case 'list':
    case 'sources':
      return turnSources(call, control);
    case 'why':
      throw gone();
  }
}

function controlOf({ interaction }: Call<Click>): Control {
  const control = decodeControl(interaction.customId);
  if (control === null) throw gone();
  return control;
}

function gone(): Refusal {
  return new Refusal((texts) => texts.askAgain);
}

async function turnPage(
  call: Call<Click>,
  control: Extract<Control, { kind: 'page' | 'share' }>,
): Promise<void> {
  const asked = askedOf(call, control.asked);
  const { isPrivate, note } = await changeOrCopy(call);
  await showAnswer(call, asked, { page: control.page, isPrivate, ...note });
}

/**
 * Acknowledges a click that turns a page: whoever asked changes the message itself, anybody else gets a copy
 * of their own.
 */
async function changeOrCopy(
  call: Call<Click>,
): Promise<{ isPrivate: boolean; note: { note?: string } }> {
  const { interaction, responder, texts } = call;
  const { message } = interaction;
  const asker = message.interactionMetadata?.user.id;
  if (asker === undefined || asker === interaction.user.id) {
    await responder.deferUpdate(interaction);
    return { isPrivate: message.flags.has('Ephemeral'), note: {} };
  }
  await responder.defer({ isPrivate: true });
  return { isPrivate: true, note: { note: texts.notYours } };
}

async function showContext(
  { edition, locale, responder }: Call,
  control: Extract<Control, { kind: 'context' }>,
): Promise<void> {
  const id = idOf(control.document, edition.documents);
  const document = id === null ? undefined : edition.documents.get(id);
  const isSame = document !== undefined && digestOf(document.sha256) === control.digest;
  const context = isSame ? edition.context(document.id, control.lines) : null;
  if (context === null) throw gone();
  await responder.reply(contextView(context, { locale }), { isPrivate: true });
}

async function turnCard(
  call: Call<Click>,
  control: Extract<Control, { kind: 'card' | 'turn' }>,
): Promise<void> {
  const view = cardFor(call, control.meeting);
  if (control.kind === 'card') return call.responder.reply(view, { isPrivate: true });
  await changeOrCopy(call);
  await call.responder.fill(view);
}

async function openCard(call: Call<Click>): Promise<void> {
  const { interaction, responder } = call;
  const code = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
  await responder.reply(cardFor(call, code ?? ''), { isPrivate: true });
}

function cardFor({ edition, locale }: Call, code: string): ReturnType<typeof meetingView> {
  const { meetingById } = directoryOf(edition);
  const meeting = meetingById.get(idOf(code, meetingById) ?? '');
  if (meeting === undefined) throw gone();
  return meetingView(meeting, { edition, locale });
}

async function turnSources(
  call: Call<Click>,
  control: Extract<Control, { kind: 'list' | 'sources' }>,
): Promise<void> {
  const { edition, locale, responder } = call;
  const { meetingById } = directoryOf(edition);
  const id = control.meeting === null ? null : idOf(control.meeting, meetingById);
  const meeting = id === null ? null : (meetingById.get(id) ?? null);
  if (control.meeting !== null && meeting === null) throw gone();
  const { page, sourceKind } = control;
  const filter = { meeting, sourceKind };
  const view = sourcesView({ sources: sourcesFor(edition, filter), ...filter, page, locale });
  // A card stays, and its list of sources comes beside it.
  if (control.kind === 'list') return responder.reply(view, { isPrivate: true });
  await changeOrCopy(call);
  await responder.fill(view);
}
