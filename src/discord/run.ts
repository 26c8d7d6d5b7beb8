/** The bot, from the first connection to the last reply. */
import { join } from 'node:path';
import {
  Client,
  Events,
  GatewayDispatchEvents,
  type APIInteraction,
  type GatewayReadyDispatchData,
} from 'discord.js';
import type { DragomanError } from '../errors.ts';
import { type Logger, openMonitor, watchHealth } from '../monitor.ts';
import {
  closedError,
  createClient,
  overGateway,
  withinTime,
  type IncomingMessage,
} from './client.ts';
import { sendDigestWhenDue } from './commands/admin.ts';
import { Dispatcher, loadRegistry } from './dispatcher.ts';
import { overHttp } from './endpoint.ts';
import { Joins, Messages, type IncomingServer } from './messages.ts';
import { commandDefinitions, registerAtStart } from './register.ts';
import { SettingsStore } from './servers.ts';
import { createServices, directoryOf, type BotOptions } from './services.ts';

/** What is in flight when the process is told to stop has this long to finish. */
const DRAIN_MS = 10_000;
/** How often old files of the journal are deleted and the weekly digest is checked. */
const HOUSE_MS = 3_600_000;

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
 * @throws DragomanError CONFIG when the settings of servers cannot be read, DISCORD when the token is refused or the gateway
 *   cannot be reached
 */
export async function startBot({ engine, store, config, log }: BotOptions): Promise<Bot> {
  const { discord, journal, healthFile } = config;
  const client = createClient(discord, log, store?.identifyTurn ?? null);
  const settings =
    store === null
      ? await SettingsStore.open(journal.folder)
      : await SettingsStore.openShared(store.serverSettings, log);
  const services = createServices({ engine, store, config, log, client, settings });
  const registry = await loadRegistry();
  const dispatcher = new Dispatcher(services, registry);
  const joins = new Joins();
  const messages = new Messages({ services, client, joins, dispatcher });
  const lost = deferred<DragomanError>();
  client.ws.on(GatewayDispatchEvents.InteractionCreate, ({ channel }: APIInteraction) =>
    services.settings.noteChannel(channel),
  );
  client.on(Events.InteractionCreate, (interaction) => void dispatcher.handle(interaction));
  client.ws.on(
    GatewayDispatchEvents.MessageCreate,
    (message: IncomingMessage) => void dispatcher.track(messages.handle(message)),
  );
  client.ws.on(GatewayDispatchEvents.Ready, (data: GatewayReadyDispatchData) =>
    joins.loggedIn(data),
  );
  client.ws.on(GatewayDispatchEvents.GuildCreate, (server: IncomingServer) => {
    if (joins.isNew(server)) void dispatcher.track(messages.welcome(server));
  });
  client.ws.on(GatewayDispatchEvents.GuildDelete, (server: IncomingServer) => joins.left(server));
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    log.error({ event: 'gateway.closed', shard, code });
    lost.resolve(closedError(code));
  });
  logEvents(client, log);
  if (discord.endpoint === null) {
    await store?.keepShards({
      // The first part of a token names its application.
      application: discord.token.split('.', 1).join(''),
      shards: discord.shards,
      onWait: (problem) => log.warn({ event: 'shards.kept', problem }),
      onLost: lost.resolve,
    });
  }
  const { application, isWell, check, endpoint } = await (discord.endpoint === null
    ? overGateway(client, discord.token, lost.promise)
    : overHttp(client, { ...discord.endpoint, token: discord.token, log }));
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
  directoryOf(engine.current());
  const scope = { applicationId: discord.applicationId ?? application, guildId: discord.guildId };
  const registerNow = async (): Promise<void> => {
    const { about, meetings } = engine.current();
    const commands = commandDefinitions(registry, { about, hasMeetings: meetings.length > 0 });
    const noteFile = join(journal.folder, 'registered-commands.json');
    const registered = await registerAtStart(commands, { rest: client.rest, scope, noteFile, log });
    services.mentions.learn(registered ?? []);
  };
  let registering = Promise.resolve();
  // One after the other: of two at once the older could come last.
  const register = (): Promise<void> => (registering = registering.then(registerNow));
  engine.watch((status) => {
    log[status.loaded ? 'info' : 'error']({ event: 'index.reload', ...status });
    metrics?.reloaded(status.loaded);
    directoryOf(engine.current());
    // New documents may be about something else.
    void register();
  });
  store?.follow(
    () => services.settings.refresh(log),
    (problem) => log.warn({ event: 'database.not-followed', problem }),
  );
  const health = watchHealth({
    ...{ check, log },
    file: healthFile,
    state: () => (isReady() ? { pid: process.pid, generation: generation() } : null),
  });
  await health.look();
  await register();
  const keepHouse = async (): Promise<void> => {
    await services.journal
      .tidy()
      .catch((err: unknown) => log.warn({ event: 'journal.failed', err }));
    if (!discord.weeklyDigest) return;
    await sendDigestWhenDue({
      rest: client.rest,
      journal: services.journal,
      maintainers: services.maintainers,
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
    services.pictures.close();
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

/** In both languages, so that the code for both is compiled. */
const FIRST_QUESTIONS = [
  'Who was met first, and how long did it last?',
  '最初に誰と会いましたか。',
];

/** The first question of a process takes several times as long as the others, and holds up the event loop: nobody waits for this one. */
async function warmUp(engine: BotOptions['engine']): Promise<void> {
  const snapshot = engine.current();
  for (const question of FIRST_QUESTIONS) await snapshot.ask(question).catch(() => undefined);
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
    const starting = warmUp(options.engine).then(() => startBot(options));
    // Told to stop while still connecting: nothing is in flight.
    const early = await Promise.race([starting, stopSignal.promise]);
    if (typeof early === 'string') {
      log.info({ event: 'bot.told-to-stop', signal: early });
      const bot = await withinTime(
        DRAIN_MS,
        starting.catch(() => null),
      );
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

function logEvents(client: Client, log: Logger): void {
  client.on(Events.Error, (err) => log.error({ event: 'client.error', err }));
  client.on(Events.Warn, (message) => log.warn({ event: 'client.warning', message }));
  client.on(Events.ShardError, (err, shard) => log.warn({ event: 'gateway.error', shard, err }));
  client.on(Events.ShardReconnecting, (shard) =>
    log.warn({ event: 'gateway.reconnecting', shard }),
  );
  client.on(Events.ShardResume, (shard, replayed) =>
    log.info({ event: 'gateway.resumed', shard, replayed }),
  );
  client.rest.on('rateLimited', ({ route, retryAfter, global }) =>
    log.warn({ event: 'rest.rate-limited', route, retryAfter, global }),
  );
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
