import { type ChatInputCommandInteraction, PermissionFlagsBits } from 'discord.js';
import { managesServer } from './settings.ts';
import { codeOf, defineControl } from '../custom-ids.ts';
import { type ChatCommand, slashCommand, subcommand } from '../registry.ts';
import { Refusal } from '../reply.ts';
import type { Figures } from '../servers.ts';
import type { InteractionContext } from '../services.ts';
import { clip, escapeLine, joinWithin, oneLine } from '../text.ts';
import { type Locale, localeOf, textsIn } from '../texts/index.ts';
import {
  container,
  FAILURE_COLOUR,
  menuRow,
  PLAIN_COLOUR,
  SELECT_OPTION_TEXT,
  SELECT_OPTIONS,
  text,
  timestamp,
  type View,
} from '../views/components.ts';
import type { ReloadStatus, Snapshot } from '../../engine.ts';
import type { FeedbackEntry } from '../../journal/entries.ts';
import type { Journal } from '../../journal/journal.ts';
import {
  latestFeedback,
  markDone,
  type UnansweredQuestion,
  unansweredQuestions,
} from '../../journal/report.ts';

type AdminContext = InteractionContext<ChatInputCommandInteraction>;

/** `/admin reload | status | unanswered | feedback` */
export const admin: ChatCommand = {
  worksEverywhere: true,
  data: {
    ...slashCommand(({ commands }) => commands.admin),
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    options: [
      subcommand(({ commands }) => commands.admin.options.reload),
      subcommand(({ commands }) => commands.admin.options.status),
      subcommand(({ commands }) => commands.admin.options.unanswered),
      subcommand(({ commands }) => commands.admin.options.feedback),
    ],
  },
  async execute(context) {
    const { interaction, services, locale, reply } = context;
    const { guildId, user } = interaction;
    // First, because Discord may have to be asked who keeps the bot.
    await reply.defer({ isPrivate: true });
    if (await services.keepers.include(user.id)) {
      await services.keepers.noteLanguage(user.id, localeOf(interaction.locale));
      await reply.fill(await viewFor(context));
      return;
    }
    const isStatus = interaction.options.getSubcommand() === 'status';
    if (!isStatus || guildId === null || !managesServer(interaction)) {
      throw new Refusal((texts) => texts.adminsOnly);
    }
    const { startedAt, figures } = services;
    await reply.fill(figuresView(figures.of(guildId), { startedAt, locale }));
  },
};

/** Marks questions of the list as done. */
export const markAsDone = defineControl({
  kind: 'done',
  letter: 'y',
  worksEverywhere: true,
  encode: () => [],
  decode: () => ({}),
  async run(context) {
    const { interaction, services, locale, reply } = context;
    await reply.deferUpdate(interaction);
    if (!(await services.keepers.include(interaction.user.id))) {
      throw new Refusal((texts) => texts.adminsOnly);
    }
    const chosen = interaction.isStringSelectMenu() ? interaction.values : [];
    const journal = openJournalOf(context);
    const questions = await openQuestions(context);
    for (const { question } of questions) {
      if (!chosen.includes(codeOf(question))) continue;
      await markDone(journal, { questions, asked: question });
    }
    await reply.fill(unansweredView(await openQuestions(context), { locale }));
  },
});

/** What a server's managers see: numbers of their server. */
function figuresView(
  { answered, weak, not_found: notFound }: Figures,
  { startedAt, locale }: { readonly startedAt: Date; readonly locale: Locale },
): View {
  const { title, line, since } = textsIn(locale).serverFigures;
  const stamp = timestamp(startedAt.toISOString(), 'R');
  const lines = [`## ${title}`, line(answered, weak, notFound), `-# ${since(stamp)}`];
  return noticeView(lines.join('\n'), { isFailure: false });
}

async function viewFor(context: AdminContext): Promise<View> {
  const { interaction, services, snapshot, locale, log } = context;
  switch (interaction.options.getSubcommand()) {
    case 'reload': {
      const status = await services.engine.reload();
      log.info({ event: 'admin.reload', ...status });
      return reloadView(status, { before: snapshot.generation, locale });
    }
    case 'unanswered':
      return unansweredView(await openQuestions(context), { locale });
    case 'feedback':
      return feedbackView(await latestFeedback(openJournalOf(context).entries()), { locale });
    default:
      return statusView({
        snapshot,
        lastReload: services.engine.lastReload(),
        locale,
        startedAt: services.startedAt,
        ...services.counts,
        waiting: services.answers.waiting,
        megabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
        ping: services.ping(),
        hasJournal: services.journal.enabled,
      });
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

interface StatusViewOptions {
  readonly snapshot: Pick<Snapshot, 'generation' | 'builtAt' | 'counts' | 'meetings' | 'sources'>;
  readonly lastReload: ReloadStatus | null;
  readonly locale: Locale;
  readonly startedAt: Date;
  readonly handled: number;
  readonly failed: number;
  readonly waiting: number;
  readonly megabytes: number;
  readonly ping: number | null;
  readonly hasJournal: boolean;
}

/** The index in use, the last reload, and the load. */
function statusView(options: StatusViewOptions): View {
  const { snapshot, lastReload, locale } = options;
  const { generation, builtAt, counts, meetings, sources } = snapshot;
  const texts = textsIn(locale);
  const lines = [
    `## ${texts.statusTitle}`,
    texts.statusIndex(idText(generation), timestamp(builtAt)),
    texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size),
    lastReload === null ? texts.statusNoReload : reloadLine(lastReload, locale),
    texts.statusUptime(timestamp(options.startedAt.toISOString(), 'R')),
    texts.statusLoad(options.handled, options.failed, options.waiting),
    texts.statusMemory(options.megabytes, options.ping),
    texts.statusJournal(options.hasJournal),
  ];
  return noticeView(lines.join('\n'), { isFailure: lastReload?.loaded === false });
}

function reloadLine(status: ReloadStatus, locale: Locale): string {
  const texts = textsIn(locale);
  const at = timestamp(status.at, 'R');
  return status.loaded
    ? texts.statusReloadLoaded(idText(status.generation), at)
    : texts.statusReloadRefused(at, status.failures, problemText(status));
}

/** The result of a reload. `before`: the generation in use until then. */
function reloadView(
  status: ReloadStatus,
  { before, locale }: { before: string; locale: Locale },
): View {
  const texts = textsIn(locale);
  const id = idText(status.generation);
  const sentence = !status.loaded
    ? texts.reloadRefused(problemText(status))
    : status.generation === before
      ? texts.reloadSame(id)
      : texts.reloadLoaded(id);
  return noticeView(sentence, { isFailure: !status.loaded });
}

function noticeView(content: string, { isFailure }: { isFailure: boolean }): View {
  return { components: [container(isFailure ? FAILURE_COLOUR : PLAIN_COLOUR, [text(content)])] };
}

/** Lengths in characters. */
const LIST = 3600;
const QUESTION = 150;
const REMARK = 300;
/** Nobody reads further in a message; `npm run journal` prints the whole list. */
const MOST_LINES = 25;

/** Other wordings shown below a question. */
const WORDINGS = 2;

export function unansweredView(
  questions: readonly UnansweredQuestion[],
  { locale }: { locale: Locale },
): View {
  const texts = textsIn(locale);
  const lines = questions.map(({ question, wordings, times, verdict, reason }) => {
    const asked = texts.unansweredLine(times, escapeLine(question, QUESTION));
    const others = wordings.slice(0, WORDINGS).map((wording) => escapeLine(wording, QUESTION));
    const parts = [
      texts.verdict(verdict),
      escapeLine(reason ?? '', QUESTION),
      others.length === 0 ? '' : texts.alsoAsked(others.join(' · ')),
    ];
    return `${asked}\n-# ${parts.filter((part) => part !== '').join(' · ')}`;
  });
  const list = listView(texts.unansweredTitle, lines, locale);
  if (questions.length === 0) return list;
  const choices = questions.slice(0, SELECT_OPTIONS).map(({ question }) => ({
    label: clip(oneLine(question), SELECT_OPTION_TEXT) || '?',
    value: codeOf(question),
  }));
  const menu = menuRow(markAsDone.encode({}), texts.doneMenu, choices);
  return { components: [...list.components, menu] };
}

export function feedbackView(
  entries: readonly FeedbackEntry[],
  { locale }: { locale: Locale },
): View {
  const texts = textsIn(locale);
  const up = entries.filter(({ vote }) => vote === 'up').length;
  const lines = entries.map(({ vote, question, remark, at }) => {
    const comment = remark === null ? '' : `\n-# ${escapeLine(remark, REMARK)}`;
    const thumb = vote === 'up' ? '👍' : '👎';
    const asked = question === null ? texts.privateQuestion : escapeLine(question, QUESTION);
    return `${thumb} ${asked} · ${timestamp(at, 'R')}${comment}`;
  });
  const title = `${texts.feedbackTitle} · ${texts.feedbackCounts(up, entries.length - up)}`;
  return listView(title, lines, locale);
}

function listView(title: string, lines: readonly string[], locale: Locale): View {
  const texts = textsIn(locale);
  const body = joinWithin(lines.slice(0, MOST_LINES), '\n', { budget: LIST, rest: texts.andMore });
  return noticeView(`## ${title}\n${body === '' ? texts.nothingYet : body}`, { isFailure: false });
}

function idText(id: string): string {
  return clip(oneLine(id), 80).replaceAll('`', '');
}

function problemText({ problem }: ReloadStatus): string {
  return escapeLine(problem ?? '', 500);
}
