/** Who keeps the bot: the owner or the team of the application, as Discord says, and the users named in the settings. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MessageFlags,
  Routes,
  Team,
  TeamMemberMembershipState,
  TeamMemberRole,
  type Client,
  type REST,
} from 'discord.js';
import { z } from 'zod';
import type { SharedValues } from '../database/values.ts';
import { replaceFile } from '../files.ts';
import type { JournalEntry } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import { latestFeedback, unansweredQuestions, type VectorsOf } from '../journal/report.ts';
import type { Logger } from '../log.ts';
import { escapeLine } from './text.ts';
import { textsIn, type Locale } from './texts/index.ts';
import { PLAIN_COLOUR, container, text, type View } from './views/components.ts';

/** For so long what Discord said holds: who leaves the team loses its rights within this time. */
const ASK_AGAIN_MS = 10 * 60_000;

const LANGUAGES_FILE = 'keepers.json';
/** By the id of the keeper. */
const languagesSchema = z.record(z.string(), z.enum(['en', 'ja']));

export class Keepers {
  readonly #named: readonly string[];
  readonly #askDiscord: () => Promise<readonly string[]>;
  readonly #log: Logger;
  readonly #languagesFile: string;
  #languages: Promise<Map<string, Locale>> | null = null;
  #owners: readonly string[] = [];
  #askedAt = -Infinity;

  constructor(options: {
    /** Where the languages of keepers are kept. */
    readonly folder: string;
    readonly named: readonly string[];
    /** Ids of the application's owner or team. */
    readonly askDiscord: () => Promise<readonly string[]>;
    readonly log: Logger;
  }) {
    this.#named = options.named;
    this.#askDiscord = options.askDiscord;
    this.#log = options.log;
    this.#languagesFile = join(options.folder, LANGUAGES_FILE);
  }

  /** Ids of users. Where Discord cannot be asked, those that it named last. */
  async ids(): Promise<readonly string[]> {
    if (performance.now() - this.#askedAt > ASK_AGAIN_MS) {
      try {
        this.#owners = await this.#askDiscord();
        this.#askedAt = performance.now();
      } catch (err) {
        this.#log.warn({ event: 'keepers.unknown', err });
      }
    }
    return [...new Set([...this.#named, ...this.#owners])];
  }

  async include(userId: string): Promise<boolean> {
    return this.#named.includes(userId) || (await this.ids()).includes(userId);
  }

  /** The language in which a keeper last used the bot's administration; English before that. */
  async languageOf(userId: string): Promise<Locale> {
    return (await this.#readLanguages()).get(userId) ?? 'en';
  }

  /** Never rejects. */
  async noteLanguage(userId: string, language: Locale): Promise<void> {
    try {
      const languages = await this.#readLanguages();
      if ((languages.get(userId) ?? 'en') === language) return;
      languages.set(userId, language);
      await replaceFile(this.#languagesFile, [JSON.stringify(Object.fromEntries(languages))]);
    } catch (err) {
      this.#log.warn({ event: 'keepers.language-not-written', err });
    }
  }

  #readLanguages(): Promise<Map<string, Locale>> {
    return (this.#languages ??= readFile(this.#languagesFile, 'utf8')
      .then((content) => new Map(Object.entries(languagesSchema.parse(JSON.parse(content)))))
      .catch(() => new Map<string, Locale>()));
  }
}

/** Members who may only read, or who have not accepted yet, keep nothing. */
export async function ownersOf(client: Client): Promise<readonly string[]> {
  const owner = (await client.application?.fetch())?.owner ?? null;
  if (owner === null) return [];
  if (!(owner instanceof Team)) return [owner.id];
  return [...owner.members.values()]
    .filter(
      ({ membershipState, role }) =>
        membershipState === TeamMemberMembershipState.Accepted && role !== TeamMemberRole.ReadOnly,
    )
    .map(({ id }) => id);
}

const WEEK_MS = 7 * 86_400_000;
const NOTE = 'digest';
const NOTE_FILE = `${NOTE}.json`;
const noteSchema = z.object({ sentAt: z.iso.datetime() });

interface DigestOptions {
  readonly rest: REST;
  readonly journal: Journal;
  readonly keepers: Keepers;
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
    // A note that cannot be read gives way to a new one, and the week starts again.
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
  { rest, journal, keepers, vectorsOf, log }: DigestOptions,
  since: Date,
): Promise<void> {
  const week = {
    questions: await unansweredQuestions(entriesSince(journal, since), vectorsOf),
    feedback: await latestFeedback(entriesSince(journal, since)),
  };
  for (const id of await keepers.ids()) {
    try {
      const { components } = digestView(week, await keepers.languageOf(id));
      const channel = await rest.post(Routes.userChannels(), { body: { recipient_id: id } });
      const { id: channelId } = z.object({ id: z.string() }).parse(channel);
      await rest.post(Routes.channelMessages(channelId), {
        body: {
          components,
          flags: MessageFlags.IsComponentsV2,
          allowed_mentions: { parse: [] },
        },
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
const QUESTION = 150;

interface Week {
  readonly questions: Awaited<ReturnType<typeof unansweredQuestions>>;
  readonly feedback: Awaited<ReturnType<typeof latestFeedback>>;
}

function digestView({ questions, feedback }: Week, locale: Locale): View {
  const texts = textsIn(locale);
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
  return { components: [container(PLAIN_COLOUR, [text(lines.join('\n'))])] };
}
