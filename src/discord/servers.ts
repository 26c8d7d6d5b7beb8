/** What the bot knows of servers and users: settings, figures, questions and rate limits, and who keeps the bot. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import * as z from 'zod';
import type { Verdict } from '../answer/types.ts';
import type { DiscordConfig } from '../config.ts';
import type { SharedValues } from '../database/database.ts';
import type { SharedStore } from '../database/shared-store.ts';
import { DragomanError, isMissing, isOutOfReach, unusableFolder } from '../errors.ts';
import { replaceFile } from '../files.ts';
import type { Logger } from '../monitor.ts';
import { Refusal, type RepliableInteraction } from './reply.ts';
import type { Locale } from './text.ts';

/** Questions that each server's members asked in public and got answered, to complete what others type. In memory only. */
export class AskedQuestions {
  readonly #byServer = new LRUCache<string, LRUCache<string, true>>({ max: 500 });

  add(serverId: string, question: string): void {
    const asked = this.#byServer.get(serverId) ?? new LRUCache<string, true>({ max: 200 });
    asked.set(question, true);
    this.#byServer.set(serverId, asked);
  }

  /** The latest first. `serverId`: null in direct messages, where nothing is asked in public. */
  of(serverId: string | null): string[] {
    return serverId === null ? [] : [...(this.#byServer.get(serverId)?.keys() ?? [])];
  }
}

export const SETTINGS_FILE = 'servers.json';
/** Channels in one list: as many as a menu of channels takes. */
export const MOST_CHANNELS = 25;
const REMEMBERED_CHANNELS = 10_000;

const channelIds = z.array(z.string()).max(MOST_CHANNELS).readonly();
const settingsSchema = z.object({
  /** Where the bot answers; none: in all. A thread counts as its channel. */
  channels: channelIds,
  /** Whether commands answer to the asker alone when they do not say otherwise. */
  isPrivate: z.boolean(),
  /** The language of all replies; null: that of each reader's client. */
  language: z.enum(['en', 'ja']).nullable(),
  /** Where messages without a mention are answered too. */
  mentionFree: channelIds,
});
/** What the managers of a server chose. */
export type ServerSettings = Readonly<z.infer<typeof settingsSchema>>;

const DEFAULTS: ServerSettings = {
  channels: [],
  isPrivate: false,
  language: null,
  mentionFree: [],
};

export class SettingsStore {
  readonly #place: string | SharedValues;
  readonly #byServer: Map<string, ServerSettings>;
  /** The channel of each thread, or the category of a channel, where something was asked lately. */
  readonly #parents = new LRUCache<string, string>({ max: REMEMBERED_CHANNELS });
  #writing: Promise<void> = Promise.resolve();

  private constructor(place: string | SharedValues, saved: Record<string, ServerSettings> = {}) {
    this.#place = place;
    this.#byServer = new Map(Object.entries(saved));
  }

  /** @throws DragomanError DATABASE */
  static async openShared(
    values: SharedValues,
    log: Pick<Logger, 'error'>,
  ): Promise<SettingsStore> {
    const store = new SettingsStore(values);
    await store.refresh(log);
    return store;
  }

  /** @throws DragomanError CONFIG when the file is damaged: the bot would answer where it was told not to */
  static async open(folder: string): Promise<SettingsStore> {
    const path = join(folder, SETTINGS_FILE);
    try {
      const saved: unknown = JSON.parse(await readFile(path, 'utf8'));
      return new SettingsStore(folder, z.record(z.string(), settingsSchema).parse(saved));
    } catch (cause) {
      if (isMissing(cause)) return new SettingsStore(folder);
      if (isOutOfReach(cause)) throw unusableFolder('JOURNAL_DIR', folder, cause);
      throw new DragomanError('CONFIG', `The settings of servers in ${path} cannot be read.`, {
        hint: 'Correct the file, or delete it to start from the defaults.',
        cause,
      });
    }
  }

  /**
   * Takes over what other processes changed. A server whose value cannot be read keeps its settings.
   *
   * @throws DragomanError DATABASE
   */
  async refresh(log: Pick<Logger, 'error'>): Promise<void> {
    if (typeof this.#place === 'string') return;
    for (const [server, value] of await this.#place.changed()) {
      try {
        this.#set(server, value);
      } catch (err) {
        log.error({ event: 'settings.unreadable', server, err });
      }
    }
  }

  /** `value`: the fields that were ever changed. */
  #set(serverId: string, value: unknown): void {
    const changed = settingsSchema.partial().parse(value);
    this.#byServer.set(serverId, settingsSchema.parse({ ...DEFAULTS, ...changed }));
  }

  /** `serverId`: null in direct messages, where the defaults hold. */
  of(serverId: string | null): ServerSettings {
    return this.#byServer.get(serverId ?? '') ?? DEFAULTS;
  }

  /**
   * Resolves when the change is kept. With a file it holds at once, with a database when the server has it.
   *
   * @throws DragomanError DATABASE
   */
  async change(serverId: string, change: Partial<ServerSettings>): Promise<void> {
    const place = this.#place;
    if (typeof place !== 'string') {
      this.#set(serverId, await place.merge(serverId, change));
      return;
    }
    this.#byServer.set(serverId, { ...this.of(serverId), ...change });
    const written = this.#writing.then(() => {
      const content = JSON.stringify(Object.fromEntries(this.#byServer), null, 2);
      return replaceFile(join(place, SETTINGS_FILE), [`${content}\n`]);
    });
    // A failed write does not stop the next from being tried.
    this.#writing = written.catch(() => undefined);
    await written;
  }

  /** Remembers where a channel belongs: the client keeps no channels, but Discord sends that with each interaction. */
  noteChannel(
    channel: { readonly id?: string; readonly parent_id?: string | null } | undefined,
  ): void {
    if (channel?.id === undefined || channel.parent_id == null) return;
    this.#parents.set(channel.id, channel.parent_id);
  }

  /** Ids of a channel and of the channel that a thread belongs to, as far as they are known. */
  placesOf(channelId: string | null): readonly string[] {
    return channelId === null ? [] : [channelId, this.#parents.get(channelId) ?? []].flat();
  }

  /** `channels`: ids of the channel, and of the channel that a thread belongs to. */
  mayAnswer(serverId: string | null, channels: readonly string[]): boolean {
    const allowed = this.of(serverId).channels;
    return allowed.length === 0 || channels.some((id) => allowed.includes(id));
  }
}

/** @throws Refusal that names the channels, where the server's managers want no answers in this one */
export function assertAnswersHere(
  interaction: RepliableInteraction,
  settings: SettingsStore,
): void {
  const { guildId, channelId } = interaction;
  if (settings.mayAnswer(guildId, settings.placesOf(channelId))) return;
  const mentions = settings.of(guildId).channels.map((id) => `<#${id}>`);
  throw new Refusal((texts) => texts.settings.notHere(mentions.join(' ')));
}

export type Figures = Readonly<Record<Verdict, number>>;

/** How many questions of each server were answered since the start: numbers alone, in memory alone. */
export class ServerFigures {
  readonly #byServer = new LRUCache<string, Figures>({ max: MOST_SERVERS });

  of(serverId: string): Figures {
    return this.#byServer.get(serverId) ?? { answered: 0, weak: 0, not_found: 0 };
  }

  count(serverId: string, verdict: Verdict): void {
    const figures = this.of(serverId);
    this.#byServer.set(serverId, { ...figures, [verdict]: figures[verdict] + 1 });
  }
}

/** For so long what Discord said holds: who leaves the team loses its rights within this time. */
const ASK_AGAIN_MS = 10 * 60_000;

const LANGUAGES_FILE = 'maintainers.json';
/** By the id of the maintainer. */
const languagesSchema = z.record(z.string(), z.enum(['en', 'ja']));

interface MaintainersOptions {
  readonly folder: string;
  readonly named: readonly string[];
  /** Ids of the application's owner or team. */
  readonly askDiscord: () => Promise<readonly string[]>;
  readonly log: Logger;
}

export class Maintainers {
  readonly #options: MaintainersOptions;
  #languages: Promise<Map<string, Locale>> | null = null;
  #owners: readonly string[] = [];
  #askedAt = -Infinity;

  constructor(options: MaintainersOptions) {
    this.#options = options;
  }

  /** Ids of users. Where Discord cannot be asked, those that it named last. */
  async ids(): Promise<readonly string[]> {
    const { named, askDiscord, log } = this.#options;
    if (performance.now() - this.#askedAt > ASK_AGAIN_MS) {
      try {
        this.#owners = await askDiscord();
        this.#askedAt = performance.now();
      } catch (err) {
        log.warn({ event: 'maintainers.unknown', err });
      }
    }
    return [...new Set([...named, ...this.#owners])];
  }

  async include(userId: string): Promise<boolean> {
    return this.#options.named.includes(userId) || (await this.ids()).includes(userId);
  }

  /** The language in which a maintainer last used the bot's administration; English before that. */
  async languageOf(userId: string): Promise<Locale> {
    return (await this.#readLanguages()).get(userId) ?? 'en';
  }

  /** Never rejects. */
  async noteLanguage(userId: string, language: Locale): Promise<void> {
    try {
      const languages = await this.#readLanguages();
      if ((languages.get(userId) ?? 'en') === language) return;
      languages.set(userId, language);
      await replaceFile(this.#file, [JSON.stringify(Object.fromEntries(languages))]);
    } catch (err) {
      this.#options.log.warn({ event: 'maintainers.language-not-written', err });
    }
  }

  get #file(): string {
    return join(this.#options.folder, LANGUAGES_FILE);
  }

  #readLanguages(): Promise<Map<string, Locale>> {
    return (this.#languages ??= readFile(this.#file, 'utf8')
      .then((content) => new Map(Object.entries(languagesSchema.parse(JSON.parse(content)))))
      .catch(() => new Map<string, Locale>()));
  }
}

const MINUTE_S = 60;
/** A question costs two points, everything else one: turning pages is cheaper than searching. */
const POINTS_PER_QUESTION = 2;
/** A minute. Discord asks for completions at most twice a second while somebody types. */
const COMPLETIONS = 120;

/**
 * How much each user and each server may ask. Ids are kept in memory for one minute, and nowhere else; with a database
 * there, for an hour at most, so that the limits hold for all processes together.
 */
export class RateLimits {
  readonly #users: RateLimiterAbstract;
  readonly #servers: RateLimiterAbstract;
  readonly #typing = new RateLimiterMemory({ points: COMPLETIONS, duration: MINUTE_S });

  /** `perUser`, `perServer`: questions a minute. */
  constructor(
    { perUser, perServer }: DiscordConfig['rateLimits'],
    database: SharedStore['database'] | null,
  ) {
    this.#users = limiter('user', perUser, database);
    this.#servers = limiter('server', perServer, database);
  }

  /** Whether a user who types may be offered completions. */
  async takeCompletion(userId: string): Promise<boolean> {
    return (await waitAfter(this.#typing, userId, 1)) === null;
  }

  /**
   * `serverId`: null in direct messages.
   *
   * @throws Refusal when the user or the server asked too much
   */
  async admit(by: { userId: string; serverId: string | null; isQuestion: boolean }): Promise<void> {
    const points = by.isQuestion ? POINTS_PER_QUESTION : 1;
    const ofUser = await waitAfter(this.#users, by.userId, points);
    if (ofUser !== null) throw new Refusal(({ tooMany }) => tooMany(ofUser));
    const ofServer =
      by.serverId === null ? null : await waitAfter(this.#servers, by.serverId, points);
    if (ofServer !== null) throw new Refusal(({ tooManyServer }) => tooManyServer(ofServer));
  }
}

function limiter(
  keyPrefix: string,
  questionsPerMinute: number,
  database: SharedStore['database'] | null,
): RateLimiterAbstract {
  const points = questionsPerMinute * POINTS_PER_QUESTION;
  const limits = { keyPrefix, points, duration: MINUTE_S };
  const memory = new RateLimiterMemory(limits);
  if (database === null) return memory;
  // Without the names of prepared statements, which connection poolers do not know.
  const query = async ({ text, values }: { text: string; values: readonly unknown[] }) => ({
    rows: await database.query(text, values),
  });
  return new RateLimiterPostgres({
    ...limits,
    storeType: 'client',
    storeClient: { query },
    tableName: 'rate_limits',
    tableCreated: true,
    // While the server is away.
    insuranceLimiter: memory,
  });
}

/** When there are points again, as each reader's client shows it ("in 20 seconds"); null where some were left. */
async function waitAfter(
  limiter: RateLimiterAbstract,
  key: string,
  points: number,
): Promise<string | null> {
  try {
    await limiter.consume(key, points);
    return null;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return `<t:${Math.ceil((Date.now() + error.msBeforeNext) / 1000)}:R>`;
  }
}

/** Servers remembered; those that asked nothing for longest are forgotten first. */
const MOST_SERVERS = 10_000;
