/** What commands and buttons work with, and how much is done at once and for each user. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Client } from 'discord.js';
import { LRUCache } from 'lru-cache';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Answer } from '../answer/types.ts';
import { PROJECT_FOLDER, type Config, type DiscordConfig } from '../config.ts';
import type { Connection } from '../database/database.ts';
import type { SharedStore } from '../database/shared-store.ts';
import type { Engine, Snapshot } from '../engine-types.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import type { Logger } from '../log.ts';
import { Metrics } from '../monitor.ts';
import { shardStates } from './client.ts';
import { Keepers, ownersOf } from './keepers.ts';
import { CommandMentions } from './registration.ts';
import { Refusal, type RepliableInteraction, type Reply } from './reply.ts';
import { AskedQuestions, ServerFigures, ServerSettingsStore } from './servers.ts';
import type { Locale, Texts } from './texts/index.ts';
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

/**
 * Runs a few tasks at a time and lets the event loop turn between them: a burst of questions must not delay the
 * acknowledgement of the next one.
 */
export class WorkQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #active = 0;

  /** `capacity`: the most tasks that wait. */
  constructor({ concurrency, capacity }: { concurrency: number; capacity: number }) {
    this.#concurrency = concurrency;
    this.#capacity = capacity;
  }

  /** Tasks that wait or run. */
  get waiting(): number {
    return this.#waiting.length + this.#active;
  }

  /**
   * The task's result. Tasks start in the order of arrival.
   *
   * @throws Refusal when the queue is full
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.#capacity) {
      return Promise.reject(new Refusal((texts) => texts.busy));
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => task().then(resolve, reject));
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#active >= this.#concurrency || this.#waiting.length === 0) return;
    this.#active += 1;
    setImmediate(() => {
      const start = this.#waiting.shift();
      void (start?.() ?? Promise.resolve()).finally(() => {
        this.#active -= 1;
        this.#startNext();
      });
    });
  }
}

const MINUTE_S = 60;
/** A question costs two points, everything else one: turning pages is cheaper than searching. */
const POINTS_PER_QUESTION = 2;
/** A minute. Discord asks for completions at most twice a second while somebody types. */
const COMPLETIONS = 120;

interface RateLimitOptions {
  /** Questions a minute. */
  readonly perUser: number;
  readonly perServer: number;
}

type Permit =
  | { readonly allowed: true }
  /** `retryAt`: seconds since 1970. */
  | { readonly allowed: false; readonly whose: 'user' | 'server'; readonly retryAt: number };

/**
 * How much each user and each server may ask. Ids are kept in memory for one minute, and nowhere else; with a database
 * there, for an hour at most, so that the limits hold for all processes together.
 */
export class RateLimits {
  readonly #users: RateLimiterAbstract;
  readonly #typing: RateLimiterMemory;
  readonly #servers: RateLimiterAbstract;

  constructor({ perUser, perServer }: RateLimitOptions, database: Connection | null) {
    this.#users = limiter('user', perUser, database);
    this.#typing = new RateLimiterMemory({ points: COMPLETIONS, duration: MINUTE_S });
    this.#servers = limiter('server', perServer, database);
  }

  /** Whether a user who types may be offered completions. */
  async takeCompletion(userId: string): Promise<boolean> {
    return (await waitAfter(this.#typing, userId, 1)) === null;
  }

  /** `serverId`: null in direct messages. */
  async take(request: {
    userId: string;
    serverId: string | null;
    isQuestion: boolean;
  }): Promise<Permit> {
    const points = request.isQuestion ? POINTS_PER_QUESTION : 1;
    const userWait = await waitAfter(this.#users, request.userId, points);
    if (userWait !== null) {
      return { allowed: false, whose: 'user', retryAt: secondsFromNow(userWait) };
    }
    if (request.serverId === null) return { allowed: true };
    const serverWait = await waitAfter(this.#servers, request.serverId, points);
    if (serverWait === null) return { allowed: true };
    return { allowed: false, whose: 'server', retryAt: secondsFromNow(serverWait) };
  }
}

function limiter(
  keyPrefix: string,
  questionsPerMinute: number,
  database: Connection | null,
): RateLimiterAbstract {
  const limits = {
    keyPrefix,
    points: questionsPerMinute * POINTS_PER_QUESTION,
    duration: MINUTE_S,
  };
  const memory = new RateLimiterMemory(limits);
  if (database === null) return memory;
  return new RateLimiterPostgres({
    ...limits,
    storeType: 'client',
    // Without the names of prepared statements, which connection poolers do not know.
    storeClient: {
      query: async ({ text, values }: { text: string; values: readonly unknown[] }) => ({
        rows: await database.query(text, values),
      }),
    },
    tableName: 'rate_limits',
    tableCreated: true,
    // While the server is away.
    insuranceLimiter: memory,
  });
}

/** Milliseconds to wait; null where the points were left. */
async function waitAfter(
  limiter: RateLimiterAbstract,
  key: string,
  points: number,
): Promise<number | null> {
  try {
    await limiter.consume(key, points);
    return null;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error.msBeforeNext;
    throw error;
  }
}

function secondsFromNow(milliseconds: number): number {
  return Math.ceil((Date.now() + milliseconds) / 1000);
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
