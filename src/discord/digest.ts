/** A message to the keepers once a week: what was asked in it and not answered. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageFlags, Routes, type REST } from 'discord.js';
import { z } from 'zod';
import {
  latestFeedback,
  unansweredQuestions,
  type JournalEntry,
  type VectorsOf,
} from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import { replaceFile } from '../files.ts';
import type { Logger } from '../log.ts';
import { escapeLine } from './escape.ts';
import type { Keepers } from './keepers.ts';
import { textsIn } from './texts/index.ts';
import { container, PLAIN_COLOUR, text, type View } from './views/components.ts';

const WEEK_MS = 7 * 86_400_000;
const NOTE_FILE = 'digest.json';
const noteSchema = z.object({ sentAt: z.iso.datetime() });

export interface DigestOptions {
  readonly rest: REST;
  readonly journal: Journal;
  readonly keepers: Keepers;
  readonly vectorsOf: VectorsOf;
  /** Where the time of the last one is kept. */
  readonly folder: string;
  readonly log: Logger;
}

/** Sends the digest when a week has passed since the last one, or since this was first called. Never rejects. */
export async function sendDigestWhenDue(options: DigestOptions, now = new Date()): Promise<void> {
  const { folder, log } = options;
  try {
    const last = await lastSent(folder);
    if (last !== null && now.getTime() - last.getTime() < WEEK_MS) return;
    // Noted first: a digest that cannot be sent is not tried again every hour.
    await mkdir(folder, { recursive: true });
    const note = JSON.stringify({ sentAt: now.toISOString() });
    await replaceFile(join(folder, NOTE_FILE), [`${note}\n`]);
    if (last !== null) await sendDigest(options, last);
  } catch (err) {
    log.warn({ event: 'digest.failed', err });
  }
}

async function lastSent(folder: string): Promise<Date | null> {
  const content = await readFile(join(folder, NOTE_FILE), 'utf8').catch(() => null);
  if (content === null) return null;
  return new Date(noteSchema.parse(JSON.parse(content)).sentAt);
}

async function sendDigest(
  { rest, journal, keepers, vectorsOf, log }: DigestOptions,
  since: Date,
): Promise<void> {
  const view = digestView({
    questions: await unansweredQuestions(entriesSince(journal, since), vectorsOf),
    feedback: await latestFeedback(entriesSince(journal, since)),
  });
  for (const id of await keepers.ids()) {
    try {
      const channel = await rest.post(Routes.userChannels(), { body: { recipient_id: id } });
      const { id: channelId } = z.object({ id: z.string() }).parse(channel);
      await rest.post(Routes.channelMessages(channelId), {
        body: {
          components: view.components,
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

/** In English, because nobody asked for it in another language. */
function digestView({
  questions,
  feedback,
}: {
  readonly questions: Awaited<ReturnType<typeof unansweredQuestions>>;
  readonly feedback: Awaited<ReturnType<typeof latestFeedback>>;
}): View {
  const texts = textsIn('en');
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
