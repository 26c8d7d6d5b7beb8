import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  PermissionFlagsBits,
  Routes,
  type ChatInputCommandInteraction,
  type REST,
} from 'discord.js';
import * as z from 'zod';
import type { SharedValues } from '../../database/database.ts';
import type { ReloadStatus } from '../../engine.ts';
import { replaceFile } from '../../files.ts';
import type { FeedbackEntry, Journal, JournalEntry } from '../../journal/journal.ts';
import {
  latestFeedback,
  markDone,
  unansweredQuestions,
  type UnansweredQuestion,
  type VectorsOf,
} from '../../journal/report.ts';
import { languageOf } from '../../language/words.ts';
import type { Logger } from '../../monitor.ts';
import { codeOf, defineControl, plainForm } from '../custom-ids.ts';
import type { ChatCommand } from '../dispatcher.ts';
import { SUBCOMMAND, slashCommand } from '../register.ts';
import {
  FAILURE_COLOUR,
  Refusal,
  SELECT_OPTIONS,
  SELECT_OPTION_TEXT,
  framed,
  menuRow,
  messageBody,
  type View,
} from '../reply.ts';
import type { Maintainers } from '../servers.ts';
import type { InteractionContext } from '../services.ts';
import {
  clip,
  escapeLine,
  joinWithin,
  localeOf,
  oneLine,
  textsIn,
  timestamp,
  type Locale,
  type Texts,
} from '../text.ts';
import { managesServer } from './settings.ts';

type AdminContext = InteractionContext<ChatInputCommandInteraction>;

/** `/admin reload | status | unanswered | feedback` */
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
    const { interaction, services, locale, reply } = context;
    await reply.deferUpdate(interaction);
    if (!(await services.maintainers.include(interaction.user.id))) {
      throw new Refusal((texts) => texts.adminsOnly);
    }
    const chosen = interaction.isStringSelectMenu() ? interaction.values : [];
    const journal = openJournalOf(context);
    for (const asked of await openQuestions(context)) {
      if (chosen.includes(codeOf(asked.question))) await markDone(journal, asked);
    }
    await reply.fill(unansweredView(await openQuestions(context), { locale }));
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
  const { interaction, services, snapshot, locale, log } = context;
  switch (interaction.options.getSubcommand()) {
    case 'reload': {
      const status = await services.engine.reload();
      log.info({ event: 'admin.reload', ...status });
      return reloadView(status, snapshot.generation, context.texts);
    }
    case 'unanswered':
      return unansweredView(await openQuestions(context), { locale });
    case 'feedback':
      return feedbackView(await latestFeedback(openJournalOf(context).entries()), { locale });
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

/** The result of a reload. `before`: the generation in use until then. */
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
  { locale }: { locale: Locale },
): View {
  const texts = textsIn(locale);
  const lines = questions.map(({ question, wordings, times, verdict, reason }) => {
    const asked = texts.unansweredLine(times, escapeLine(question, QUESTION));
    const others = wordings.slice(0, WORDINGS).map((wording) => escapeLine(wording, QUESTION));
    const parts = [
      texts.verdicts[verdict],
      // It is written in the language of its question.
      languageOf(question) === locale ? escapeLine(reason ?? '', QUESTION) : '',
      others.length === 0 ? '' : texts.alsoAsked(others.join(' · ')),
    ];
    return `${asked}\n-# ${parts.filter((part) => part !== '').join(' · ')}`;
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

const WEEK_MS = 7 * 86_400_000;
const NOTE = 'digest';
const NOTE_FILE = `${NOTE}.json`;
const noteSchema = z.object({ sentAt: z.iso.datetime() });

interface DigestOptions {
  readonly rest: REST;
  readonly journal: Journal;
  readonly maintainers: Maintainers;
  readonly vectorsOf: VectorsOf;
  /** Where the time of the last one is kept: a folder, or the notes that all processes share. */
  readonly notes: string | SharedValues;
  readonly log: Logger;
}

/** Sends the digest when a week has passed since the last one, or since this was first called. Never rejects. */
export async function sendDigestWhenDue(options: DigestOptions, now = new Date()): Promise<void> {
  const { notes, log } = options;
  try {
    const note = await readNote(notes);
    const { data } = noteSchema.safeParse(note);
    // A note that cannot be read is replaced by a new one, and the week starts again.
    if (note !== null && data === undefined) log.warn({ event: 'digest.note-unreadable' });
    const last = data === undefined ? null : new Date(data.sentAt);
    if (last !== null && now.getTime() - last.getTime() < WEEK_MS) return;
    // Noted first: a digest that cannot be sent is not tried again every hour, and of several processes one sends it.
    const isOurs = await replaceNote(notes, note, { sentAt: now.toISOString() });
    if (last !== null && isOurs) await sendDigest(options, last);
  } catch (err) {
    log.warn({ event: 'digest.failed', err });
  }
}

/** Null where there is none; the text itself of a file that is no JSON. */
async function readNote(notes: DigestOptions['notes']): Promise<unknown> {
  if (typeof notes !== 'string') return notes.get(NOTE);
  const content = await readFile(join(notes, NOTE_FILE), 'utf8').catch(() => null);
  try {
    return content === null ? null : JSON.parse(content);
  } catch {
    return content;
  }
}

async function replaceNote(
  notes: DigestOptions['notes'],
  before: unknown,
  note: unknown,
): Promise<boolean> {
  if (typeof notes !== 'string') return notes.replace(NOTE, before, note);
  await replaceFile(join(notes, NOTE_FILE), [`${JSON.stringify(note)}\n`]);
  return true;
}

async function sendDigest(
  { rest, journal, maintainers, vectorsOf, log }: DigestOptions,
  since: Date,
): Promise<void> {
  const week = {
    questions: await unansweredQuestions(entriesSince(journal, since), vectorsOf),
    feedback: await latestFeedback(entriesSince(journal, since)),
  };
  for (const id of await maintainers.ids()) {
    try {
      const view = digestView(week, textsIn(await maintainers.languageOf(id)));
      const { allowedMentions, ...body } = messageBody(view);
      const channel = await rest.post(Routes.userChannels(), { body: { recipient_id: id } });
      const { id: channelId } = z.object({ id: z.string() }).parse(channel);
      await rest.post(Routes.channelMessages(channelId), {
        body: { ...body, allowed_mentions: allowedMentions },
      });
    } catch (err) {
      // Somebody who takes no direct messages of the bot.
      log.warn({ event: 'digest.not-delivered', err });
    }
  }
  log.info({ event: 'digest.sent' });
}

async function* entriesSince(journal: Journal, since: Date): AsyncIterable<JournalEntry> {
  for await (const entry of journal.entries()) {
    if (Date.parse(entry.at) >= since.getTime()) yield entry;
  }
}

const MOST_QUESTIONS = 10;

interface Week {
  readonly questions: readonly UnansweredQuestion[];
  readonly feedback: readonly FeedbackEntry[];
}

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
