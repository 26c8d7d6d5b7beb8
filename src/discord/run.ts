import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Events, GatewayDispatchEvents, type APIInteraction, type Client } from 'discord.js';
import { LRUCache } from 'lru-cache';
import { PROJECT_FOLDER, type Config, type DiscordConfig } from '../config.ts';
import type { SharedStore } from '../database/shared-store.ts';
import { takeIdentifyTurn } from '../database/values.ts';
import type { Engine } from '../engine-types.ts';
import type { DragomanError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import { openJournal } from '../journal/journal.ts';
import type { Logger } from '../log.ts';
import { Metrics, openMonitor, type Listening } from '../monitor.ts';
import { createClient, identify, isConnected, listen, logIn, shardStates } from './client.ts';
import { Dispatcher } from './dispatcher.ts';
import { openEndpoint } from './endpoint.ts';
import { Keepers, ownersOf, sendDigestWhenDue } from './keepers.ts';
import { prepareLookups } from './lookup.ts';
import { Messages } from './messages.ts';
import { CommandMentions, registerAtStart } from './registration.ts';
import { commandDefinitions, loadRegistry, subjectOf } from './registry.ts';
import { AskedQuestions, Joins, ServerFigures, ServerSettingsStore } from './servers.ts';
import { Answers, RateLimits, WorkQueue, type BotServices } from './services.ts';
import { TourPictures } from './tour-map/pictures.ts';

/** What is in flight when the process is told to stop has this long to finish. */
const DRAIN_MS = 10_000;
/** How often old files of the journal and the weekly digest are seen to. */
const HOUSE_MS = 3_600_000;
/** How often the health file is written while the bot is healthy. */
const HEALTH_MS = 15_000;
/** A question takes some milliseconds of the processor; a few overlap while the encoder's process computes. */
const QUEUE = { concurrency: 4, capacity: 1_000 };
/** Of some ten kilobytes each. */
const CACHED_ANSWERS = 1000;
/** A private message can be used for fifteen minutes. */
const SHARED_MESSAGES = 1000;

const { version } = createRequire(import.meta.url)(join(PROJECT_FOLDER, 'package.json')) as {
  version: string;
};

interface BotOptions {
  readonly engine: Engine;
  /** What this bot shares with others; null: it keeps everything in its folders. */
  readonly store: SharedStore | null;
  readonly config: Pick<Config, 'journal' | 'healthFile'> & { readonly discord: DiscordConfig };
  readonly log: Logger;
}

export interface Bot {
  readonly client: Client;
  /** Ports that are listened on; null for what is not served. */
  readonly ports: { readonly endpoint: number | null; readonly monitor: number | null };
  /** Resolves when the connection is permanently lost, with the reason. */
  readonly lost: Promise<DragomanError>;
  /** Sees to old files of the journal and to the weekly digest, as every hour. */
  keepHouse(): Promise<void>;
  /** Accepts nothing new, finishes what is in flight (10 s at most), logs out. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Connects to Discord and answers until stopped.
 *
 * @throws DragomanError DISCORD when the token is refused or the gateway cannot be reached
 */
export async function startBot({ engine, store, config, log }: BotOptions): Promise<Bot> {
  const { discord, journal, healthFile } = config;
  const client = createClient(
    discord,
    log,
    store === null ? null : (bucket) => takeIdentifyTurn(store.database, bucket),
  );
  const services = await createServices({ engine, store, config, log, client });
  const registry = await loadRegistry();
  const dispatcher = new Dispatcher(services, registry);
  const joins = new Joins();
  const messages = new Messages({
    services,
    rest: client.rest,
    botId: () => client.user?.id ?? null,
    localeOfServer: (serverId) => joins.localeOf(serverId),
    admit: (user) => dispatcher.admit({ ...user, isQuestion: true }),
  });
  const lost = deferred<DragomanError>();
  client.ws.on(GatewayDispatchEvents.InteractionCreate, ({ channel }: APIInteraction) => {
    services.settings.noteChannel(channel);
  });
  listen(client, {
    log,
    joins,
    onInteraction: (interaction) => void dispatcher.handle(interaction),
    onMessage: (message) => void dispatcher.track(messages.handle(message)),
    onJoin: (server) => void dispatcher.track(messages.welcome(server)),
    onFatal: lost.resolve,
  });
  const { application, isWell, endpoint } = await connect(client, {
    discord,
    log,
    lost: lost.promise,
  });
  const { metrics } = services;
  const monitor =
    discord.monitor === null || metrics === null
      ? null
      : await openMonitor({ ...discord.monitor, metrics, isReady: isWell });
  const generation = (): string => engine.current().generation;
  log.info({ event: 'bot.ready', application, generation: generation() });
  prepareLookups(engine.current());
  const scope = {
    applicationId: discord.applicationId ?? application,
    guildId: discord.guildId,
  };
  const register = (): Promise<void> =>
    registerAtStart({
      rest: client.rest,
      scope,
      commands: commandDefinitions(registry, subjectOf(engine.current())),
      apiUrl: client.rest.options.api,
      noteFile: join(journal.folder, 'registered-commands.json'),
      log,
    });
  engine.watch((status) => {
    log[status.loaded ? 'info' : 'error']({ event: 'index.reload', ...status });
    metrics?.reloaded(status.loaded);
    prepareLookups(engine.current());
    // New documents may be about something else.
    void register();
  });
  store?.follow(
    () => services.settings.refresh(),
    (problem) => log.warn({ event: 'database.not-followed', problem }),
  );
  const removeHealthFile = await keepHealthFile(
    healthFile,
    () => (isWell() ? { pid: process.pid, generation: generation() } : null),
    log,
  );
  await register();
  await services.mentions
    .load(client.rest, scope)
    .catch((err: unknown) => log.warn({ event: 'commands.unread', err }));
  const keepHouse = async (): Promise<void> => {
    await services.journal
      .tidy()
      .catch((err: unknown) => log.warn({ event: 'journal.failed', err }));
    if (!discord.weeklyDigest) return;
    await sendDigestWhenDue({
      rest: client.rest,
      journal: services.journal,
      keepers: services.keepers,
      vectorsOf: (questions) => engine.vectorsOf(questions),
      notes: store?.notes ?? journal.folder,
      log,
    });
  };
  let houseKept = keepHouse();
  const houseTimer = setInterval(() => {
    houseKept = keepHouse();
  }, HOUSE_MS).unref();

  const shutDown = async (): Promise<void> => {
    clearInterval(houseTimer);
    const endpointClosed = endpoint?.close();
    const isDrained = await dispatcher.drain(DRAIN_MS);
    await houseKept;
    if (!isDrained) log.warn({ event: 'bot.cut-off' });
    // Logging out closes the connection, which would be logged as a loss of it.
    client.removeAllListeners(Events.ShardReconnecting);
    await endpointClosed;
    await client.destroy();
    await monitor?.close();
    engine.close();
    await removeHealthFile();
    log.info({ event: 'bot.stopped' });
  };
  let stopping: Promise<void> | null = null;
  return {
    client,
    ports: { endpoint: endpoint?.port ?? null, monitor: monitor?.port ?? null },
    lost: lost.promise,
    keepHouse,
    stop: () => (stopping ??= shutDown()),
  };
}

interface Connection {
  /** Id of the application. */
  readonly application: string;
  /** Whether interactions arrive. */
  readonly isWell: () => boolean;
  readonly endpoint: Listening | null;
}

/** Over the gateway; or over HTTP, where the operator gave Discord an address of ours. */
async function connect(
  client: Client,
  { discord, log, lost }: { discord: DiscordConfig; log: Logger; lost: Promise<DragomanError> },
): Promise<Connection> {
  if (discord.endpoint === null) {
    const ready = await logIn(client, discord.token, lost);
    return {
      application: ready.application.id,
      isWell: () => isConnected(client),
      endpoint: null,
    };
  }
  const application = await identify(client, discord.token);
  const endpoint = await openEndpoint({ ...discord.endpoint, client, log });
  log.info({ event: 'endpoint.open', port: endpoint.port });
  return { application, isWell: () => true, endpoint };
}

/**
 * Rewrites a file every 15 seconds while the bot is healthy, for a supervisor that watches its age. `state` is written with
 * the time; null while the bot is not healthy: then the file is left to become old.
 *
 * @returns a function that stops this and removes the file
 */
async function keepHealthFile(
  file: string | null,
  state: () => Readonly<Record<string, unknown>> | null,
  log: Logger,
): Promise<() => Promise<void>> {
  if (file === null) return () => Promise.resolve();
  const write = async (): Promise<void> => {
    const current = state();
    if (current === null) return;
    await mkdir(dirname(file), { recursive: true });
    const content = JSON.stringify({ at: new Date().toISOString(), ...current });
    await replaceFile(file, [`${content}\n`]);
  };
  const tick = (): Promise<void> =>
    write().catch((err: unknown) => log.warn({ event: 'health.not-written', err }));
  let writing = tick();
  await writing;
  const timer = setInterval(() => {
    writing = tick();
  }, HEALTH_MS).unref();
  return async () => {
    clearInterval(timer);
    await writing;
    await rm(file, { force: true });
  };
}

async function createServices({
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
        : await ServerSettingsStore.openShared(store.serverSettings),
    readsMessages: discord.messageContent,
    mentions: new CommandMentions(),
    pictures: new TourPictures(),
    keepers: new Keepers({
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

/**
 * Runs the bot until SIGTERM or SIGINT, or until the connection is permanently lost.
 *
 * @returns the exit code: 0 when told to stop, 1 when the connection was lost
 * @throws DragomanError DISCORD when it cannot start
 */
export async function runBot(options: BotOptions): Promise<number> {
  const { log } = options;
  const stopSignal = deferred<NodeJS.Signals>();
  const onSignal = (signal: NodeJS.Signals): void => stopSignal.resolve(signal);
  const onRejection = (err: unknown): void => log.error({ event: 'process.rejection', err });
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('unhandledRejection', onRejection);
  try {
    const starting = startBot(options);
    // Told to stop while still connecting: nothing is in flight.
    const early = await Promise.race([starting, stopSignal.promise]);
    if (typeof early === 'string') {
      log.info({ event: 'bot.told-to-stop', signal: early });
      const bot = await Promise.race([starting.catch(() => null), sleep(DRAIN_MS, null)]);
      await bot?.stop();
      return 0;
    }
    const end = await Promise.race([stopSignal.promise, early.lost]);
    if (typeof end === 'string') log.info({ event: 'bot.told-to-stop', signal: end });
    else log.fatal({ event: 'bot.lost', err: end });
    await early.stop();
    return typeof end === 'string' ? 0 : 1;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('unhandledRejection', onRejection);
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** A promise that is resolved from outside. Node 20 has no `Promise.withResolvers`. */
function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
