import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Events,
  GatewayDispatchEvents,
  Routes,
  type APIInteraction,
  type Client,
} from 'discord.js';
import type { DiscordConfig } from '../config.ts';
import { takeIdentifyTurn } from '../database/values.ts';
import type { DragomanError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import type { Logger } from '../log.ts';
import { openMonitor, type Listening } from '../monitor.ts';
import { createClient, identify, isConnected, listen, logIn } from './client.ts';
import { Dispatcher } from './dispatcher.ts';
import { openEndpoint } from './endpoint.ts';
import { sendDigestWhenDue } from './keepers.ts';
import { prepareLookups } from './lookup.ts';
import { Messages } from './messages.ts';
import { registerAtStart } from './registration.ts';
import { commandDefinitions, loadRegistry, subjectOf } from './registry.ts';
import { Joins } from './servers.ts';
import { createServices, type BotOptions } from './services.ts';

/** What is in flight when the process is told to stop has this long to finish. */
const DRAIN_MS = 10_000;
/** How often old files of the journal and the weekly digest are seen to. */
const HOUSE_MS = 3_600_000;
/** How often the bot looks at its health. */
const HEALTH_MS = 15_000;
export interface Bot {
  readonly client: Client;
  /** Ports that are listened on; null for what is not served. */
  readonly ports: { readonly endpoint: number | null; readonly monitor: number | null };
  /** Resolves when the connection is permanently lost, with the reason. */
  readonly lost: Promise<DragomanError>;
  /** Sees to old files of the journal and to the weekly digest, as every hour. */
  keepHouse(): Promise<void>;
  /** Finds out whether the bot can be used, and writes the health file if so, as every 15 seconds. */
  lookAtHealth(): Promise<void>;
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
  const onRawInteraction = ({ channel }: Pick<APIInteraction, 'channel'>): void =>
    services.settings.noteChannel(channel);
  client.ws.on(GatewayDispatchEvents.InteractionCreate, onRawInteraction);
  listen(client, {
    log,
    joins,
    onInteraction: (interaction) => void dispatcher.handle(interaction),
    onMessage: (message) => void dispatcher.track(messages.handle(message)),
    onJoin: (server) => void dispatcher.track(messages.welcome(server)),
    onFatal: lost.resolve,
  });
  if (discord.endpoint === null) {
    await store?.keepShards({
      // The first part of a token names its application.
      application: discord.token.split('.', 1).join(''),
      shards: discord.shards,
      onWait: (problem) => log.warn({ event: 'shards.kept', problem }),
      onLost: lost.resolve,
    });
  }
  const { application, isWell, check, endpoint } = await connect(client, {
    ...{ discord, log, onRawInteraction },
    lost: lost.promise,
  });
  let stopping: Promise<void> | null = null;
  const isReady = (): boolean => stopping === null && isWell();
  const { metrics } = services;
  const monitor =
    discord.monitor === null || metrics === null
      ? null
      : await openMonitor({ ...discord.monitor, metrics, isReady, log }).catch(
          async (error: unknown) => {
            // An open connection or port would keep the process running.
            await endpoint?.close();
            await client.destroy();
            throw error;
          },
        );
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
  const health = watchHealth({
    ...{ check, log },
    file: healthFile,
    state: () => (isReady() ? { pid: process.pid, generation: generation() } : null),
  });
  await health.look();
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
    await health.stop();
    log.info({ event: 'bot.stopped' });
  };
  return {
    client,
    ports: { endpoint: endpoint?.port ?? null, monitor: monitor?.port ?? null },
    lost: lost.promise,
    keepHouse,
    lookAtHealth: health.look,
    stop: () => (stopping ??= shutDown()),
  };
}

interface Connection {
  /** Id of the application. */
  readonly application: string;
  /** Whether interactions arrive and can be answered, as far as is known. */
  readonly isWell: () => boolean;
  /** Finds out what only a request can tell. Never rejects. */
  readonly check: () => Promise<void>;
  readonly endpoint: Listening | null;
}

/** Over the gateway; or over HTTP, where the operator gave Discord an address of ours. */
async function connect(
  client: Client,
  {
    discord,
    log,
    lost,
    onRawInteraction,
  }: {
    readonly discord: DiscordConfig;
    readonly log: Logger;
    readonly lost: Promise<DragomanError>;
    readonly onRawInteraction: (interaction: Pick<APIInteraction, 'channel'>) => void;
  },
): Promise<Connection> {
  if (discord.endpoint === null) {
    const ready = await logIn(client, discord.token, lost);
    return {
      application: ready.application.id,
      isWell: () => isConnected(client),
      check: () => Promise.resolve(),
      endpoint: null,
    };
  }
  const application = await identify(client, discord.token);
  const endpoint = await openEndpoint({ ...discord.endpoint, client, log, onRawInteraction });
  log.info({ event: 'endpoint.open', port: endpoint.port });
  // Discord speaks up only when somebody asks; that its API answers has to be tried.
  let isReached = true;
  const check = async (): Promise<void> => {
    const reached = await client.rest.get(Routes.currentApplication()).then(
      () => true,
      () => false,
    );
    if (reached !== isReached) log.warn({ event: 'endpoint.api', reached });
    isReached = reached;
  };
  return { application, isWell: () => isReached, check, endpoint };
}

interface HealthOptions {
  readonly check: () => Promise<void>;
  /** Null: no file is kept. */
  readonly file: string | null;
  /** Written with the time; null while the bot is not healthy: then the file is left to become old. */
  readonly state: () => Readonly<Record<string, unknown>> | null;
  readonly log: Logger;
}

/** Looks every 15 seconds whether the bot is healthy, and keeps a file for a supervisor that watches its age. */
function watchHealth({ check, file, state, log }: HealthOptions): {
  readonly look: () => Promise<void>;
  /** Also removes the file. */
  readonly stop: () => Promise<void>;
} {
  const write = async (): Promise<void> => {
    await check();
    const current = state();
    if (current === null || file === null) return;
    const content = JSON.stringify({ at: new Date().toISOString(), ...current });
    await replaceFile(file, [`${content}\n`]);
  };
  let looking = Promise.resolve();
  const look = (): Promise<void> => {
    looking = looking
      .then(write)
      .catch((err: unknown) => log.warn({ event: 'health.not-written', err }));
    return looking;
  };
  const timer = setInterval(() => void look(), HEALTH_MS).unref();
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      await looking;
      if (file !== null) await rm(file, { force: true });
    },
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
      const wait = new AbortController();
      const late = sleep(DRAIN_MS, null, { signal: wait.signal }).catch(() => null);
      const bot = await Promise.race([starting.catch(() => null), late]);
      // A timer that is left would delay the exit.
      wait.abort();
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
