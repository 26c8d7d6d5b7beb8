/** What those who keep the bot are shown: `/admin`, and the digest of a week. */
import {
  PermissionFlagsBits,
  Routes,
  type ChatInputCommandInteraction,
  type REST,
} from 'discord.js';
import * as z from 'zod';
import type { ReloadStatus } from '../../engine.ts';
import type { FeedbackEntry, Journal } from '../../journal/journal.ts';
import {
  latestFeedback,
  markDone,
  unansweredQuestions,
  weekWhenDue,
  type UnansweredQuestion,
  type Week,
  type WeekOptions,
} from '../../journal/report.ts';
import { languageOf } from '../../language/words.ts';
import type { Logger } from '../../monitor.ts';
import { codeOf, defineControl, plainForm } from '../custom-ids.ts';
import { SUBCOMMAND, slashCommand, type ChatCommand } from '../register.ts';
import { Refusal } from '../reply.ts';
import {
  FAILURE_COLOUR,
  SELECT_OPTIONS,
  SELECT_OPTION_TEXT,
  framed,
  menuRow,
  messageBody,
  type View,
} from '../view.ts';
import type { Maintainers } from '../servers.ts';
import type { InteractionContext, Reader } from '../services.ts';
import {
  clip,
  escapeLine,
  joinTexts,
  joinWithin,
  localeOf,
  oneLine,
  small,
  textsIn,
  timestamp,
  type Texts,
} from '../text.ts';
import { managesServer } from './settings.ts';

type AdminContext = InteractionContext<ChatInputCommandInteraction>;

export const admin: ChatCommand = {
  worksEverywhere: true,
  data: {
    ...slashCommand('admin', {
      reload: SUBCOMMAND,
      status: SUBCOMMAND,
      unanswered: SUBCOMMAND,
      feedback: SUBCOMMAND,
    }),
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
  },
  async execute(context) {
    const { interaction, services, reply } = context;
    const { guildId, user } = interaction;
    // First, because Discord may have to be asked who keeps the bot.
    await reply.defer({ isPrivate: true });
    if (await services.maintainers.include(user.id)) {
      await services.maintainers.noteLanguage(user.id, localeOf(interaction.locale));
      await reply.fill(await viewFor(context));
      return;
    }
    const isStatus = interaction.options.getSubcommand() === 'status';
    if (!isStatus || guildId === null || !managesServer(interaction)) {
      throw new Refusal((texts) => texts.adminsOnly);
    }
    await reply.fill(figuresView(context, guildId));
  },
};

export const markAsDone = defineControl({
  kind: 'done',
  ...plainForm('y'),
  worksEverywhere: true,
  async run(context) {
    const { interaction, services, reply } = context;
    await reply.deferUpdate(interaction);
    if (!(await services.maintainers.include(interaction.user.id))) {
      throw new Refusal((texts) => texts.adminsOnly);
    }
    const chosen = interaction.isStringSelectMenu() ? interaction.values : [];
    const journal = openJournalOf(context);
    for (const asked of await openQuestions(context)) {
      if (chosen.includes(codeOf(asked.question))) await markDone(journal, asked);
    }
    await reply.fill(unansweredView(await openQuestions(context), context));
  },
});

/** What a server's managers see: numbers of their server. */
function figuresView(
  { services: { figures, startedAt }, texts }: AdminContext,
  server: string,
): View {
  const { answered, weak, not_found: notFound } = figures.of(server);
  const { title, line, since } = texts.serverFigures;
  const stamp = timestamp(startedAt.toISOString(), 'R');
  return framed([`## ${title}\n${line(answered, weak, notFound)}\n-# ${since(stamp)}`]);
}

async function viewFor(context: AdminContext): Promise<View> {
  const { interaction, services, snapshot, log } = context;
  switch (interaction.options.getSubcommand()) {
    case 'reload': {
      const status = await services.engine.reload();
      log.info({ event: 'admin.reload', ...status });
      return reloadView(status, snapshot.generation, context.texts);
    }
    case 'unanswered':
      return unansweredView(await openQuestions(context), context);
    case 'feedback':
      return feedbackView(await latestFeedback(openJournalOf(context).entries()), context);
    default:
      return statusView(context);
  }
}

/** @throws Refusal when the journal is off */
function openJournalOf({ services: { journal } }: InteractionContext): Journal {
  if (!journal.enabled) throw new Refusal((texts) => texts.journalOff);
  return journal;
}

function openQuestions(context: InteractionContext): Promise<UnansweredQuestion[]> {
  const { engine } = context.services;
  const vectorsOf = (questions: readonly string[]) => engine.vectorsOf(questions);
  return unansweredQuestions(openJournalOf(context).entries(), vectorsOf);
}

function statusView({ services, snapshot, texts }: AdminContext): View {
  const { engine, counts, answers, journal, startedAt } = services;
  const { documents, passages } = snapshot.counts;
  const lastReload = engine.lastReload();
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  const lines = [
    `## ${texts.statusTitle}`,
    texts.statusIndex(idText(snapshot.generation), timestamp(snapshot.builtAt)),
    texts.aboutCorpus(documents, passages, snapshot.meetings.length, snapshot.sources.size),
    lastReload === null ? texts.statusNoReload : reloadLine(lastReload, texts),
    texts.statusUptime(timestamp(startedAt.toISOString(), 'R')),
    texts.statusLoad(counts.handled, counts.failed, answers.waiting),
    texts.statusMemory(megabytes, services.ping()),
    texts.statusJournal(journal.enabled),
  ];
  return framed([lines.join('\n')], lastReload?.loaded === false ? FAILURE_COLOUR : undefined);
}

function reloadLine(status: ReloadStatus, texts: Texts): string {
  const at = timestamp(status.at, 'R');
  return status.loaded
    ? texts.statusReloadLoaded(idText(status.generation), at)
    : texts.statusReloadRefused(at, status.failures, problemText(status));
}

function reloadView(status: ReloadStatus, before: string, texts: Texts): View {
  if (!status.loaded) return framed([texts.reloadRefused(problemText(status))], FAILURE_COLOUR);
  const id = idText(status.generation);
  return framed([status.generation === before ? texts.reloadSame(id) : texts.reloadLoaded(id)]);
}

/** Lengths in characters. */
const LIST = 3600;
const QUESTION = 150;
const REMARK = 300;
/** Nobody reads further in a message; `npm run journal` prints the whole list. */
const MOST_LINES = 25;

const WORDINGS = 2;

export function unansweredView(
  questions: readonly UnansweredQuestion[],
  { locale, texts }: Reader,
): View {
  const lines = questions.map(({ question, wordings, times, verdict, reason }) => {
    const asked = texts.unansweredLine(times, escapeLine(question, QUESTION));
    const others = wordings.slice(0, WORDINGS).map((wording) => escapeLine(wording, QUESTION));
    const parts = [
      texts.verdicts[verdict],
      // It is written in the language of its question.
      languageOf(question) === locale ? escapeLine(reason ?? '', QUESTION) : '',
      others.length === 0 ? '' : texts.alsoAsked(others.join(' · ')),
    ];
    return `${asked}\n${small(joinTexts(parts, ' · '))}`;
  });
  const list = listView(texts.unansweredTitle, lines, texts);
  if (questions.length === 0) return list;
  const choices = questions.slice(0, SELECT_OPTIONS).map(({ question }) => ({
    label: clip(oneLine(question), SELECT_OPTION_TEXT) || '?',
    value: codeOf(question),
  }));
  const menu = menuRow(markAsDone.encode({}), texts.doneMenu, choices);
  return { components: [...list.components, menu] };
}

export function feedbackView(entries: readonly FeedbackEntry[], { texts }: Reader): View {
  const up = entries.filter(({ vote }) => vote === 'up').length;
  const lines = entries.map(({ vote, question, remark, at }) => {
    const comment = remark === null ? '' : `\n-# ${escapeLine(remark, REMARK)}`;
    const thumb = vote === 'up' ? '👍' : '👎';
    const asked = question === null ? texts.privateQuestion : escapeLine(question, QUESTION);
    return `${thumb} ${asked} · ${timestamp(at, 'R')}${comment}`;
  });
  const title = `${texts.feedbackTitle} · ${texts.feedbackCounts(up, entries.length - up)}`;
  return listView(title, lines, texts);
}

function listView(title: string, lines: readonly string[], texts: Texts): View {
  const body = joinWithin(lines.slice(0, MOST_LINES), '\n', { budget: LIST, rest: texts.andMore });
  return framed([`## ${title}\n${body === '' ? texts.nothingYet : body}`]);
}

function idText(id: string): string {
  return clip(oneLine(id), 80).replaceAll('`', '');
}

function problemText({ problem }: ReloadStatus): string {
  return escapeLine(problem ?? '', 500);
}

interface DigestOptions extends WeekOptions {
  readonly rest: REST;
  readonly maintainers: Maintainers;
  readonly log: Logger;
}

/** Sends the digest when a week has passed since the last one, or since this was first called. Never rejects. */
export async function sendDigestWhenDue(options: DigestOptions): Promise<void> {
  const { rest, maintainers, log } = options;
  const noteLost = (): void => log.warn({ event: 'digest.note-unreadable' });
  try {
    const week = await weekWhenDue(options, noteLost);
    if (week === null) return;
    for (const id of await maintainers.ids()) {
      const view = digestView(week, textsIn(await maintainers.languageOf(id)));
      // Somebody may take no direct messages of the bot.
      await sendTo(id, view, rest).catch((err: unknown) => {
        log.warn({ event: 'digest.not-delivered', err });
      });
    }
    log.info({ event: 'digest.sent' });
  } catch (err) {
    log.warn({ event: 'digest.failed', err });
  }
}

async function sendTo(userId: string, view: View, rest: REST): Promise<void> {
  const { allowedMentions, ...body } = messageBody(view);
  const channel = await rest.post(Routes.userChannels(), { body: { recipient_id: userId } });
  const { id } = z.object({ id: z.string() }).parse(channel);
  await rest.post(Routes.channelMessages(id), {
    body: { ...body, allowed_mentions: allowedMentions },
  });
}

const MOST_QUESTIONS = 10;

function digestView({ questions, feedback }: Week, texts: Texts): View {
  const up = feedback.filter(({ vote }) => vote === 'up').length;
  const shown = questions
    .slice(0, MOST_QUESTIONS)
    .map(({ times, question }) => texts.unansweredLine(times, escapeLine(question, QUESTION)));
  const lines = [
    `## ${texts.digest.title}`,
    texts.digest.summary(questions.length, up, feedback.length - up),
    ...shown,
    `-# ${texts.digest.hint}`,
  ];
  return framed([lines.join('\n')]);
}
