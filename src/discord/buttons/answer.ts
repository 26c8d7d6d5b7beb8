import type { APIButtonComponentWithCustomId } from 'discord.js';
import { glanceOf, type Glance } from '../../answer/glance.ts';
import type { Answer } from '../../answer/types.ts';
import { mapButton } from '../commands/tour.ts';
import {
  askOnId,
  customIdOf,
  decodeRequest,
  defineControl,
  encodeRequest,
  fieldsOf,
  numberField,
  withoutControls,
  type IdForm,
  type RequestFields,
} from '../custom-ids.ts';
import { type OfferedQuestion, offeredQuestions } from '../question.ts';
import { Refusal, componentsOf, type Reply } from '../reply.ts';
import type { AskRequest, InteractionContext } from '../services.ts';
import { oneLine } from '../text.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import { answerView, type AnswerViewOptions } from '../views/answer.ts';
import {
  button,
  buttonRows,
  fittingRow,
  text,
  type RowButton,
  type View,
} from '../views/components.ts';
import { cardButton, meetingMenu } from './card.ts';
import { recordUnanswered, tellButton, tellKeeper, thumbButtons } from './feedback.ts';
import { contextButton, openPassages } from './passages.ts';

/** What a question is answered with: an interaction, or a message to the bot. */
export type Asking = Pick<InteractionContext, 'services' | 'snapshot' | 'locale' | 'log'> & {
  /** The server where it was asked; null in direct messages. */
  readonly interaction: { readonly guildId: string | null };
  readonly reply: Pick<Reply, 'fill' | 'fillPrivately' | 'canBePrivate'>;
};

interface Showing {
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
  const sources = services.mentions.of('sources', locale);
  const hint = reply.canBePrivate ? { hint: textsIn(locale).reply.onlyYou(sources) } : {};
  // What is not written into the journal by itself, its asker can have written there.
  const canTell = isConfidential(interaction, showing) && services.journal.enabled;
  const options = { snapshot, locale, meeting, source, offered, canTell, ...hint, ...showing };
  const view = answerMessage(answer, options);
  if (isNothing(answer)) await reply.fillPrivately(view);
  else await reply.fill(view);
  return answer;
}

/** Whether an answer has nothing to show to others. */
function isNothing({ excerpts, listing }: Answer): boolean {
  return excerpts.length === 0 && listing === null;
}

type AnswerMessageOptions = Omit<AnswerViewOptions, 'glance' | 'controls'> &
  Showing & {
    /** Questions to tap: what may have been meant, or what can be asked at all. */
    readonly offered: readonly OfferedQuestion[];
    /** In small print where nothing was found. */
    readonly hint?: string;
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
  const { offered, locale, hint, canTell = false } = options;
  const tell = canTell ? [tellButton(fieldsOf(answer, options), locale)] : [];
  const rows = [...questionButtons(offered), ...tell].flatMap((one) => buttonRows([one]));
  return hint === undefined ? rows : [...rows, text(`-# ${hint}`)];
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
  const thumbs = thumbButtons(request);
  const buttons: RowButton[] = [
    ...(quote === null || !isSure || listed.length > 1
      ? []
      : [contextButton(quote.excerpt, quote.shown, { snapshot, locale })]),
    ...(more.length === 0 ? [] : [{ full: button({ customId: passagesId, label: count }) }]),
    ...[
      ...(only === undefined ? [] : [cardButton(only, locale)]),
      ...(listed.length > 1 ? [mapButton(locale)] : []),
      ...(isPrivate ? [shareButton(locale)] : []),
      ...(canTell && answer.verdict !== 'answered' ? [tellButton(request, locale)] : []),
      button({ customId: askOnId(request), label: texts.talk.askOn, emoji: '💬' }),
      // Whoever asks in private shares the row with a button to share; what was wrong is worth more than praise.
      ...thumbs.slice(isSure && !isPrivate ? 0 : -1),
    ].map((full) => ({ full })),
  ];
  const menu =
    listed.length > 1
      ? [meetingMenu(listed, { part: 0, placeholder: texts.reply.openMeeting, snapshot, locale })]
      : [];
  return [...menu, ...buttonRows(questionButtons(offered)), ...fittingRow(buttons)];
}

/** Posts a private answer for everybody, as the asker sees it, once. */
export const share = defineControl({
  kind: 'share',
  letter: 's',
  encode: () => [],
  decode: () => ({}),
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
          ...withoutControls(shown, [share, tellKeeper]).flatMap(withoutPrivateNotes),
        ],
      });
      await reply.fill({ components: withoutControls(shown, [share]) });
    } catch (error) {
      services.shared.delete(message.id);
      throw error;
    }
  },
});

function shareButton(locale: Locale): APIButtonComponentWithCustomId {
  return button({ customId: share.encode({}), label: textsIn(locale).shareButton, emoji: '📣' });
}

/** Without the lines that speak to the only reader of a private message. */
function withoutPrivateNotes<T extends object>(component: T): T[] {
  if ('components' in component && Array.isArray(component.components)) {
    return [
      { ...component, components: (component.components as object[]).flatMap(withoutPrivateNotes) },
    ];
  }
  if (!('content' in component) || typeof component.content !== 'string') return [component];
  const notes = (['en', 'ja'] as const).map((locale) => `-# ${textsIn(locale).privateCopy}`);
  const lines = component.content.split('\n').filter((line) => !notes.includes(line));
  return lines.length === 0 ? [] : [{ ...component, content: lines.join('\n') }];
}

/** The number only keeps the ids of one message apart. */
export const tappedId: IdForm<RequestFields, { question: string; number: number }> = {
  letter: 'q',
  encode: ({ question, number }) =>
    encodeRequest({ question, meeting: null, source: null }, [number]),
  decode([number, ...rest]) {
    const request = decodeRequest(rest);
    return numberField(number) === null || request?.question == null ? null : request;
  },
};

/** A button for each question that a custom id can hold. */
function questionButtons(offered: readonly OfferedQuestion[]): APIButtonComponentWithCustomId[] {
  return offered.flatMap(({ label, question }, number) => {
    const fields = tappedId.encode({ question, number }).map(String);
    if (tappedId.decode(fields) === null || oneLine(label) === '') return [];
    return [button({ customId: customIdOf(tappedId, { question, number }), label })];
  });
}
