import { PermissionFlagsBits, type ChatInputCommandInteraction } from 'discord.js';
import type { Snapshot, ReloadStatus } from '../../engine-types.ts';
import {
  latestFeedback,
  unansweredQuestions,
  type FeedbackEntry,
  type JournalEntry,
  type UnansweredQuestion,
} from '../../journal/journal.ts';
import { clip, escapeLine, oneLine } from '../escape.ts';
import { Refusal } from '../failures.ts';
import type { ChatCommand, InteractionContext } from '../interaction-context.ts';
import { joinWithin } from '../shorten.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import {
  container,
  FAILURE_COLOUR,
  PLAIN_COLOUR,
  text,
  timestamp,
  type View,
} from '../views/components.ts';
import { slashCommand, subcommand } from './options.ts';

type AdminContext = InteractionContext<ChatInputCommandInteraction>;

/** `/admin reload | status | unanswered | feedback` */
export const admin: ChatCommand = {
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
    if (!isAdmin(context)) throw new Refusal((texts) => texts.adminsOnly);
    await context.reply.defer({ isPrivate: true });
    await context.reply.fill(await viewFor(context));
  },
};

/**
 * An admin named in the settings, or a member who can manage the server. Discord's own check can be changed by a
 * server's administrators, so it is not relied on. Where only the user installed the app, the permissions that
 * Discord sends are those of a server that the bot is not in, and do not count.
 */
function isAdmin({ interaction, services }: AdminContext): boolean {
  if (services.adminUserIds.has(interaction.user.id)) return true;
  if (interaction.guildId === null) return false;
  const { guildId, userId } = interaction.authorizingIntegrationOwners;
  if (guildId === null && userId !== null) return false;
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
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
      return unansweredView(unansweredQuestions(await journalOf(context)), { locale });
    case 'feedback':
      return feedbackView(latestFeedback(await journalOf(context)), { locale });
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
function journalOf({ services: { journal } }: AdminContext): Promise<JournalEntry[]> {
  if (!journal.enabled) throw new Refusal((texts) => texts.journalOff);
  return journal.read();
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
    : texts.statusReloadRefused(at, problemText(status));
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

export function unansweredView(
  questions: readonly UnansweredQuestion[],
  { locale }: { locale: Locale },
): View {
  const texts = textsIn(locale);
  const lines = questions.map(({ question, times, verdict, reason }) => {
    const asked = texts.unansweredLine(times, escapeLine(question, QUESTION));
    const why = escapeLine(reason ?? '', QUESTION);
    return `${asked}\n-# ${[texts.verdict(verdict), why].filter((part) => part !== '').join(' · ')}`;
  });
  return listView(texts.unansweredTitle, lines, locale);
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
    return `${thumb} ${escapeLine(question, QUESTION)} · ${timestamp(at, 'R')}${comment}`;
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
