import { ButtonStyle, type APIButtonComponent } from 'discord.js';
import type { Answer } from '../../answer/types.ts';
import type { AskRequest } from '../answers.ts';
import {
  codeOf,
  decodeRequest,
  defineControl,
  encodeRequest,
  numberField,
  type RequestFields,
} from '../custom-ids.ts';
import { oneLine } from '../escape.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { requestOf } from '../question.ts';
import type { ClickInteraction } from '../reply.ts';
import { textsIn } from '../texts/index.ts';
import { answerView, pageOf, type AnswerPage, type AnswerViewOptions } from '../views/answer.ts';
import { button, buttonRows, type View } from '../views/components.ts';
import { contextButton } from './context.ts';
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

/** Turns an answer's message to another page. */
export const turnPage = defineControl({
  kind: 'page',
  letter: 'p',
  encode: encodePage,
  decode: decodePage,
  async run(context: InteractionContext<ClickInteraction>, { page, request }) {
    const { interaction, reply, texts } = context;
    const asked = requestOf(context, request);
    const { isCopy } = await reply.deferUpdate(interaction);
    const isPrivate = isCopy || interaction.message.flags.has('Ephemeral');
    const note = isCopy ? { note: texts.privateCopy } : {};
    await showAnswer(context, asked, { page, isPrivate, ...note });
  },
});

export interface Showing {
  /** From 0. */
  readonly page: number;
  /** Whether only the asker sees it: then it can be shared. */
  readonly isPrivate: boolean;
  readonly note?: string;
}

/**
 * Answers a new question into the deferred reply. A question without a clear answer is recorded in the journal, unless it
 * was asked in private: then its asker decides.
 */
export async function answerQuestion(
  context: InteractionContext,
  request: AskRequest,
  showing: Showing,
): Promise<void> {
  const { interaction, services, log } = context;
  const answer = await showAnswer(context, request, showing);
  const { verdict, confidence, timing, generation } = answer;
  log.info({ event: 'ask.answered', verdict, confidence, ms: timing.totalMs, generation });
  if (interaction.guildId !== null) services.figures.count(interaction.guildId, verdict);
  if (isConfidential(interaction, showing)) return;
  await recordUnanswered(context, request, answer);
}

function isConfidential({ guildId }: { guildId: string | null }, { isPrivate }: Showing): boolean {
  return isPrivate || guildId === null;
}

/** Answers into the deferred reply. */
async function showAnswer(
  context: InteractionContext,
  request: AskRequest,
  showing: Showing,
): Promise<Answer> {
  const { interaction, services, snapshot, locale, reply } = context;
  const answer = await services.answers.answer(snapshot, request);
  const { meeting, source } = request;
  const canTell = isConfidential(interaction, showing) && services.journal.enabled;
  const options = { snapshot, locale, meeting, source, canTell, ...showing };
  await reply.fill(answerMessage(answer, options));
  return answer;
}

type AnswerMessageOptions = Omit<AnswerViewOptions, 'shown' | 'rows'> &
  Showing & {
    /** Whether the asker can have the question written into the journal, which does not have it by itself. */
    readonly canTell?: boolean;
  };

/** A page of an answer with its buttons. */
export function answerMessage(answer: Answer, options: AnswerMessageOptions): View {
  const { snapshot, locale, meeting, source, isPrivate, canTell = false } = options;
  const shown = pageOf(answer, options.page);
  const request: RequestFields = {
    question: oneLine(answer.question),
    meeting: meeting === null ? null : codeOf(meeting),
    source: source === null ? null : codeOf(source),
  };
  const context = shown.excerpts.map((excerpt) => contextButton(excerpt, { snapshot, locale }));
  const rows = [
    ...buttonRows(context),
    ...buttonRows([
      ...pageButtons(request, shown, { isPrivate, locale }),
      ...thumbButtons(request),
      ...(canTell && answer.verdict !== 'answered' ? [tellButton(request, locale)] : []),
    ]),
  ];
  return answerView(answer, { ...options, shown, rows });
}

function pageButtons(
  request: RequestFields,
  { page, pages }: AnswerPage,
  { isPrivate, locale }: Pick<AnswerMessageOptions, 'isPrivate' | 'locale'>,
): APIButtonComponent[] {
  const texts = textsIn(locale);
  const buttons: APIButtonComponent[] = [];
  if (page > 0) {
    const customId = turnPage.encode({ page: page - 1, request });
    buttons.push(button({ customId, label: texts.backButton, emoji: '◀️' }));
  }
  if (page < pages - 1) {
    const customId = turnPage.encode({ page: page + 1, request });
    const style = ButtonStyle.Primary;
    buttons.push(button({ customId, label: texts.moreButton, emoji: '▶️', style }));
  }
  if (isPrivate) buttons.push(shareButton(locale));
  return buttons;
}
