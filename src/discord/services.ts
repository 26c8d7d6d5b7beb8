/** What commands and buttons work with. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Client } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Answer } from '../answer/types.ts';
import { PROJECT_FOLDER, type Config, type DiscordConfig } from '../config.ts';
import type { SharedStore } from '../database/shared-store.ts';
import type { Engine, Snapshot } from '../engine-types.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import type { Logger } from '../log.ts';
import { Metrics } from '../monitor.ts';
import { shardStates } from './client.ts';
import { Keepers, ownersOf } from './keepers.ts';
import { RateLimits, WorkQueue } from './limits.ts';
import type { RegisteredCommands } from './registration.ts';
import type { RepliableInteraction, Reply } from './reply.ts';
import { AskedQuestions, ServerFigures, ServerSettingsStore } from './servers.ts';
import { textsIn, type Locale, type Texts } from './texts/index.ts';
import { TourPictures } from './tour-map/pictures.ts';

/** What commands and buttons work with. One object for the life of the process. */
export interface BotServices {
  readonly engine: Engine;
  readonly answers: Answers;
  readonly asked: AskedQuestions;
  readonly journal: Journal;
  readonly rateLimits: RateLimits;
  readonly settings: ServerSettingsStore;
  /** Whether Discord lets the bot read messages that do not mention it. */
  readonly readsMessages: boolean;
  readonly pictures: TourPictures;
  readonly log: Logger;
  /** Names of commands that readers can tap. */
  readonly mentions: CommandMentions;
  readonly keepers: Keepers;
  readonly figures: ServerFigures;
  /** Ids of private messages that were shared. */
  readonly shared: LRUCache<string, true>;
  readonly version: string;
  readonly startedAt: Date;
  /** Figures for Prometheus; null where nobody asks for them. */
  readonly metrics: Metrics | null;
  readonly counts: { handled: number; failed: number };
  /** Milliseconds of the last heartbeat; null while unknown. */
  readonly ping: () => number | null;
}

/** One interaction, with what its handler needs. */
export interface InteractionContext<I extends RepliableInteraction = RepliableInteraction> {
  readonly interaction: I;
  readonly services: BotServices;
  /** The snapshot in use when the interaction arrived: one reply never mixes two. */
  readonly snapshot: Snapshot;
  readonly reply: Reply;
  readonly locale: Locale;
  readonly texts: Texts;
  /** Whether a command that does not say otherwise is answered to the asker alone. */
  readonly isPrivateByDefault: boolean;
  readonly log: Logger;
}

/** What a question is answered with: an interaction, or a message to the bot. */
export type Asking = Pick<InteractionContext, 'services' | 'snapshot' | 'locale' | 'log'> & {
  /** The server where it was asked; null in direct messages. */
  readonly interaction: { readonly guildId: string | null };
  readonly reply: Pick<Reply, 'fill' | 'fillPrivately' | 'canBePrivate'>;
};

/** The commands that texts point to. */
type Named = 'ask' | 'meeting' | 'tour' | 'sources' | 'about' | 'help';

/** Names of commands as readers can tap them: `</ask:ID>`, with Discord's ids once they are known. */
export class CommandMentions {
  readonly #ids = new Map<string, string>();

  learn(registered: RegisteredCommands): void {
    for (const { id, name } of registered) this.#ids.set(name, id);
  }

  /** The name in code where the id is not known. */
  of(name: Named, locale: Locale): string {
    const id = this.#ids.get(name);
    return id === undefined ? `\`/${textsIn(locale).commands[name].name}\`` : `</${name}:${id}>`;
  }
}

/** Excerpts of one answer over all its pages. */
const MOST_EXCERPTS = 12;

/** A question, and the ids of the meeting and the source that it is limited to. */
export interface AskRequest {
  readonly question: string;
  readonly meeting: string | null;
  readonly source: string | null;
}

/**
 * Answers through the queue. The latest answers are cached, because pages, context and feedback of one answer ask
 * for it again. The cache holds questions and excerpts, in memory only.
 */
export class Answers {
  readonly #queue: WorkQueue;
  readonly #cache: LRUCache<string, Promise<Answer>>;

  /** `cached`: the most answers kept, of about ten kilobytes each. */
  constructor({ queue, cached }: { queue: WorkQueue; cached: number }) {
    this.#queue = queue;
    this.#cache = new LRUCache({ max: cached });
  }

  /** Questions that wait or are being answered. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** @throws Refusal when too many questions wait; DragomanError QUESTION for a question that the engine refuses */
  answer(snapshot: Snapshot, { question, meeting, source }: AskRequest): Promise<Answer> {
    const key = JSON.stringify([snapshot.generation, snapshot.builtAt, question, meeting, source]);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const answer = this.#queue.run(() =>
      snapshot.ask(question, {
        k: MOST_EXCERPTS,
        ...(meeting === null ? {} : { meeting }),
        ...(source === null ? {} : { source }),
      }),
    );
    this.#cache.set(key, answer);
    answer.catch(() => this.#cache.delete(key));
    return answer;
  }
}

/** A question takes some milliseconds of the processor; a few overlap while the encoder's process computes. */
const QUEUE = { concurrency: 4, capacity: 1_000 };
/** Of some ten kilobytes each. */
const CACHED_ANSWERS = 1000;
/** A private message can be used for fifteen minutes. */
const SHARED_MESSAGES = 1000;

const { version } = createRequire(import.meta.url)(join(PROJECT_FOLDER, 'package.json')) as {
  version: string;
};

export interface BotOptions {
  readonly engine: Engine;
  /** What this bot shares with others; null: it keeps everything in its folders. */
  readonly store: SharedStore | null;
  readonly config: Pick<Config, 'journal' | 'healthFile'> & { readonly discord: DiscordConfig };
  readonly log: Logger;
}

/** @throws DragomanError CONFIG when the settings of servers cannot be read */
export async function createServices({
  engine,
  store,
  config: { discord, journal },
  log,
  client,
}: BotOptions & { readonly client: Client }): Promise<BotServices> {
  const answers = new Answers({ queue: new WorkQueue(QUEUE), cached: CACHED_ANSWERS });
  return {
    engine,
    log,
    journal: store !== null && journal.enabled ? store.journal : openJournal(journal),
    answers,
    metrics:
      discord.monitor === null
        ? null
        : new Metrics({
            queued: () => answers.waiting,
            shards: () => shardStates(client),
            isDatabaseUp: store === null ? null : () => store.database.problem === null,
          }),
    asked: new AskedQuestions(),
    rateLimits: new RateLimits(discord.rateLimits, store?.database ?? null),
    settings:
      store === null
        ? await ServerSettingsStore.open(journal.folder)
        : await ServerSettingsStore.openShared(store.serverSettings, log),
    readsMessages: discord.messageContent,
    mentions: new CommandMentions(),
    pictures: new TourPictures(),
    keepers: new Keepers({
      folder: journal.folder,
      named: discord.adminUserIds,
      askDiscord: () => ownersOf(client),
      log,
    }),
    figures: new ServerFigures(),
    shared: new LRUCache({ max: SHARED_MESSAGES }),
    version,
    startedAt: new Date(),
    counts: { handled: 0, failed: 0 },
    // -1 until the first heartbeat was answered.
    ping: () => (client.ws.ping >= 0 ? Math.round(client.ws.ping) : null),
  };
}
