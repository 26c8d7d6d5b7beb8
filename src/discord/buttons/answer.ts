import type { APIButtonComponent } from 'discord.js';
import { glanceOf, type Glance } from '../../answer/glance.ts';
import type { Answer } from '../../answer/types.ts';
import type { AskRequest } from '../answers.ts';
import {
  askOnId,
  codeOf,
  decodeRequest,
  defineControl,
  encodeRequest,
  numberField,
  type RequestFields,
} from '../custom-ids.ts';
import { oneLine } from '../escape.ts';
import type { Asking, InteractionContext } from '../interaction-context.ts';
import { offeredQuestions } from '../near-questions.ts';
import { requestOf } from '../question.ts';
import type { ClickInteraction } from '../reply.ts';
import { textsIn } from '../texts/index.ts';
import { answerView, type AnswerViewOptions } from '../views/answer.ts';
import { button, buttonRows, text, type View } from '../views/components.ts';
import {
  cardButton,
  mapButton,
  meetingMenu,
  questionButtons,
  type OfferedQuestion,
} from '../views/controls.ts';
import { pageOf, passagesView } from '../views/passages.ts';
import { contextButton, passageContextButton } from './context.ts';
import { recordUnanswered, tellButton, thumbButtons } from './feedback.ts';
import { shareButton } from './share.ts';

interface PageOfRequest {
  /** From 0. */
  readonly page: number;
  readonly request: RequestFields;
}

function encodePage({ page, request }: PageOfRequest): (string | number)[] {
  return encodeRequest(request, [page]);
}

function decodePage([pageField, ...rest]: readonly string[]): PageOfRequest | null {
  const page = numberField(pageField);
  const request = decodeRequest(rest);
  return page === null || request === null ? null : { page, request };
}

/** Opens the passages behind an answer for the reader alone. */
export const openPassages = defineControl({
  kind: 'passages',
  letter: 'o',
  encode: encodePage,
  decode: decodePage,
  async run(context: InteractionContext<ClickInteraction>, { page, request }) {
    const asked = requestOf(context, request);
    await context.reply.defer({ isPrivate: true });
    await context.reply.fill(await passages(context, asked, page));
  },
});

/** Turns the passages to another page. */
export const turnPage = defineControl({
  kind: 'page',
  letter: 'p',
  encode: encodePage,
  decode: decodePage,
  async run(context: InteractionContext<ClickInteraction>, { page, request }) {
    const asked = requestOf(context, request);
    await context.reply.deferUpdate(context.interaction);
    await context.reply.fill(await passages(context, asked, page));
  },
});

export interface Showing {
  /** Whether only the asker sees it: then it can be shared. */
  readonly isPrivate: boolean;
  readonly note?: string;
}

/**
 * Answers a new question into the deferred reply. A question without a clear answer is recorded in the journal, unless it
 * was asked in private: then its asker decides.
 */
export async function answerQuestion(
  context: Asking,
  request: AskRequest,
  showing: Showing,
): Promise<void> {
  const { interaction, services, log } = context;
  const answer = await showAnswer(context, request, showing);
  const { verdict, confidence, timing, generation } = answer;
  log.info({ event: 'ask.answered', verdict, confidence, ms: timing.totalMs, generation });
  services.metrics?.answered(answer);
  const { guildId } = interaction;
  if (guildId !== null) services.figures.count(guildId, verdict);
  if (isConfidential(interaction, showing)) return;
  if (verdict === 'answered' && guildId !== null) services.asked.add(guildId, request.question);
  await recordUnanswered(context, request, answer);
}

function isConfidential({ guildId }: { guildId: string | null }, { isPrivate }: Showing): boolean {
  return isPrivate || guildId === null;
}

/** Answers into the deferred reply; that nothing was found, to the asker alone. */
async function showAnswer(context: Asking, request: AskRequest, showing: Showing): Promise<Answer> {
  const { interaction, services, snapshot, locale, reply } = context;
  const { meeting, source } = request;
  const answer = await services.answers.answer(snapshot, request);
  const offered = await offeredQuestions(answer, context);
  const { canBePrivate } = reply;
  // What is not written into the journal by itself, its asker can have written there.
  const canTell = isConfidential(interaction, showing) && services.journal.enabled;
  const options = { snapshot, locale, meeting, source, offered, canBePrivate, canTell, ...showing };
  const view = answerMessage(answer, options);
  if (isNothing(answer)) await reply.fillPrivately(view);
  else await reply.fill(view);
  return answer;
}

/** Whether an answer has nothing to show to others. */
function isNothing({ excerpts, listing }: Answer): boolean {
  return excerpts.length === 0 && listing === null;
}

async function passages(
  { services, snapshot, locale }: InteractionContext,
  asked: AskRequest,
  page: number,
): Promise<View> {
  const answer = await services.answers.answer(snapshot, asked);
  return passagesMessage(answer, { snapshot, locale, page, request: fieldsOf(answer, asked) });
}

function fieldsOf(
  { question }: Answer,
  { meeting, source }: Pick<AskRequest, 'meeting' | 'source'>,
): RequestFields {
  return {
    question: oneLine(question),
    meeting: meeting === null ? null : codeOf(meeting),
    source: source === null ? null : codeOf(source),
  };
}

export type AnswerMessageOptions = Omit<AnswerViewOptions, 'glance' | 'controls'> &
  Showing & {
    /** Questions to tap: what may have been meant, or what can be asked at all. */
    readonly offered: readonly OfferedQuestion[];
    /** False for a reply that everybody sees, whatever it says. */
    readonly canBePrivate?: boolean;
    /** Whether the asker can have the question written into the journal, which does not have it by itself. */
    readonly canTell?: boolean;
  };

/** An answer with its buttons. */
export function answerMessage(answer: Answer, options: AnswerMessageOptions): View {
  const glance = glanceOf(answer, options.snapshot);
  const controls = isNothing(answer)
    ? nothingControls(answer, options)
    : answerControls(answer, glance, options);
  return answerView(answer, { ...options, glance, controls });
}

/** Questions below each other, because they are too long for a row on a phone, and where to look. */
function nothingControls(
  answer: Answer,
  options: AnswerMessageOptions,
): AnswerViewOptions['controls'] {
  const { offered, locale, canBePrivate = true, canTell = false } = options;
  const tell = canTell ? [tellButton(fieldsOf(answer, options), locale)] : [];
  const rows = [...questionButtons(offered), ...tell].flatMap((one) => buttonRows([one]));
  return canBePrivate ? [...rows, text(`-# ${textsIn(locale).reply.onlyYou}`)] : rows;
}

function answerControls(
  answer: Answer,
  glance: Glance,
  options: AnswerMessageOptions,
): AnswerViewOptions['controls'] {
  const { snapshot, locale, offered, isPrivate, canTell = false } = options;
  const texts = textsIn(locale);
  const request = fieldsOf(answer, options);
  const { versions, more } = glance;
  const quote = versions[0]?.quote ?? glance.quote;
  const listed = (answer.listing?.meetings ?? []).flatMap(
    ({ id }) => snapshot.meetings.find((meeting) => meeting.id === id) ?? [],
  );
  const isSure = answer.verdict === 'answered' || versions.length > 0;
  const about = versions.length > 0 ? (quote?.excerpt.meeting?.id ?? null) : null;
  const [only] = listed.length === 1 ? listed : snapshot.meetings.filter(({ id }) => id === about);
  const count = isSure ? texts.reply.more(more.length) : texts.reply.closestButton(more.length);
  const passagesId = openPassages.encode({ page: 0, request });
  const buttons: APIButtonComponent[] = [
    ...(quote === null || !isSure || listed.length > 1
      ? []
      : [contextButton(quote, { snapshot, locale })]),
    ...(more.length === 0 ? [] : [button({ customId: passagesId, label: count })]),
    ...(only === undefined ? [] : [cardButton(only, locale)]),
    ...(listed.length > 1 ? [mapButton(locale)] : []),
    ...questionButtons(offered),
    ...(isPrivate ? [shareButton(locale)] : []),
    ...(canTell && answer.verdict !== 'answered' ? [tellButton(request, locale)] : []),
    button({ customId: askOnId(request), label: texts.talk.askOn, emoji: '💬' }),
    ...thumbButtons(request).slice(isSure ? 0 : -1),
  ];
  const menu =
    listed.length > 1
      ? [meetingMenu(listed, { part: 0, placeholder: texts.reply.openMeeting, snapshot, locale })]
      : [];
  return [...menu, ...buttonRows(buttons)];
}

/** A page of the passages behind an answer, with its buttons. */
export function passagesMessage(
  answer: Answer,
  options: Pick<AnswerViewOptions, 'snapshot' | 'locale'> & PageOfRequest,
): View {
  const { snapshot, locale, request } = options;
  const texts = textsIn(locale);
  const { more } = glanceOf(answer, snapshot);
  const shown = pageOf(more.length > 0 ? more : answer.excerpts, options.page);
  const turnTo = (page: number, label: string, emoji: string): APIButtonComponent =>
    button({ customId: turnPage.encode({ page, request }), label, emoji });
  const rows = buttonRows([
    ...shown.excerpts.map((excerpt) => passageContextButton(excerpt, { snapshot, locale })),
    ...(shown.page > 0 ? [turnTo(shown.page - 1, texts.previousButton, '◀️')] : []),
    ...(shown.page < shown.pages - 1 ? [turnTo(shown.page + 1, texts.nextButton, '▶️')] : []),
  ]);
  return passagesView(answer, { snapshot, locale, shown, rows });
}
