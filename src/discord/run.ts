/** The programs: `npm start` with a token, from the first connection to the last reply, and `npm run register`. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArgsDef, ParsedArgs } from 'citty';
import {
  Client,
  Events,
  GatewayDispatchEvents,
  Routes,
  type APIInteraction,
  type GatewayReadyDispatchData,
  type Interaction,
  type REST,
} from 'discord.js';
import * as z from 'zod';
import type { DiscordConfig } from '../config.ts';
import { takeIdentifyTurn } from '../database/values.ts';
import { DragomanError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { openMonitor, watchHealth } from '../monitor.ts';
import { usageError } from '../terminal/command-line.ts';
import {
  type IncomingMessage,
  closedError,
  createClient,
  createRest,
  deferred,
  discordError,
  overGateway,
} from './client.ts';
import { sendDigestWhenDue } from './commands/admin.ts';
import { Dispatcher } from './dispatcher.ts';
import { overHttp } from './endpoint.ts';
import { Joins, Messages, type IncomingServer } from './messages.ts';
import {
  changesFrom,
  commandDefinitions,
  hasChanges,
  loadRegistry,
  registerAtStart,
  registerCommands,
  registeredIn,
  subjectOf,
  type CommandChange,
  type CommandScope,
  type Commands,
} from './registry.ts';
import { createServices, directoryOf, type BotOptions } from './services.ts';

/** What is in flight when the process is told to stop has this long to finish. */
const DRAIN_MS = 10_000;
/** How often old files of the journal and the weekly digest are seen to. */
const HOUSE_MS = 3_600_000;

export interface Bot {
  readonly client: Client;
  /** Ports that are listened on; null for what is not served. */
  readonly ports: { readonly endpoint: number | null; readonly monitor: number | null };
  /** Resolves when the connection is permanently lost, with the reason. */
  readonly lost: Promise<DragomanError>;
  /** Sees to old files of the journal and to the weekly digest, as every hour. */
  keepHouse(): Promise<void>;
  /** Draws the pictures of the tour before somebody asks for them, and again those of each new index. Never rejects. */
  drawAhead(): Promise<void>;
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
  client.ws.on(GatewayDispatchEvents.InteractionCreate, ({ channel }: APIInteraction) =>
    services.settings.noteChannel(channel),
  );
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
  const scope = {
    applicationId: discord.applicationId ?? application,
    guildId: discord.guildId,
  };
  let registering = Promise.resolve();
  // One after the other: of two at once the older could come last.
  const register = (): Promise<void> => {
    registering = registering.then(async () => {
      const registered = await registerAtStart({
        rest: client.rest,
        scope,
        commands: commandDefinitions(registry, subjectOf(engine.current())),
        noteFile: join(journal.folder, 'registered-commands.json'),
        log,
      });
      services.mentions.learn(registered ?? []);
    });
    return registering;
  };
  let drawsAhead = false;
  const drawAhead = async (): Promise<void> => {
    drawsAhead = true;
    await services.pictures.drawAll(engine.current()).catch((err: unknown) => {
      if (stopping === null) log.warn({ event: 'tour.not-drawn', err });
    });
  };
  engine.watch((status) => {
    log[status.loaded ? 'info' : 'error']({ event: 'index.reload', ...status });
    metrics?.reloaded(status.loaded);
    directoryOf(engine.current());
    // New documents may be about something else.
    void register();
    if (drawsAhead) void drawAhead();
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
    drawAhead,
    lookAtHealth: health.look,
    stop: () => (stopping ??= shutDown()),
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
    void early.drawAhead();
    const end = await Promise.race([stopSignal.promise, early.lost]);
    if (typeof end === 'string') log.info({ event: 'bot.told-to-stop', signal: end });
    else log.fatal({ event: 'bot.lost', err: end });
    await early.stop();
    return typeof end === 'string' ? 0 : 1;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('unhandledRejection', onRejection);
  }
}

interface ClientHandlers {
  readonly onInteraction: (interaction: Interaction) => void;
  readonly onMessage: (message: IncomingMessage) => void;
  /** The bot was added to a server. */
  readonly onJoin: (server: IncomingServer) => void;
  /** The connection is permanently lost: a refused token, or intents that are not allowed. */
  readonly onFatal: (error: DragomanError) => void;
}

/** Connects the client's events to the handlers and to the log. */
export function listen(
  client: Client,
  { log, joins, ...handlers }: ClientHandlers & { log: Logger; joins: Joins },
): void {
  client.on(Events.InteractionCreate, handlers.onInteraction);
  client.ws.on(GatewayDispatchEvents.MessageCreate, handlers.onMessage);
  client.ws.on(GatewayDispatchEvents.Ready, (data: GatewayReadyDispatchData) =>
    joins.loggedIn(data),
  );
  client.ws.on(GatewayDispatchEvents.GuildCreate, (server: IncomingServer) => {
    if (joins.isNew(server)) handlers.onJoin(server);
  });
  client.ws.on(GatewayDispatchEvents.GuildDelete, (server: IncomingServer) => joins.left(server));
  client.on(Events.Error, (err) => log.error({ event: 'client.error', err }));
  client.on(Events.Warn, (message) => log.warn({ event: 'client.warning', message }));
  client.on(Events.ShardError, (err, shard) => log.warn({ event: 'gateway.error', shard, err }));
  client.on(Events.ShardReconnecting, (shard) =>
    log.warn({ event: 'gateway.reconnecting', shard }),
  );
  client.on(Events.ShardResume, (shard, replayed) =>
    log.info({ event: 'gateway.resumed', shard, replayed }),
  );
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    log.error({ event: 'gateway.closed', shard, code });
    handlers.onFatal(closedError(code));
  });
  client.rest.on('rateLimited', ({ route, retryAfter, global }) =>
    log.warn({ event: 'rest.rate-limited', route, retryAfter, global }),
  );
}

/* `npm run register` */

export const REGISTER_ARGS = {
  guild: {
    type: 'string',
    valueHint: 'id',
    description: 'In this server only, where they appear at once',
  },
  global: { type: 'boolean', description: 'Everywhere' },
  clear: { type: 'boolean', description: 'Remove the commands there instead' },
  'dry-run': { type: 'boolean', description: 'Print what would change, and change nothing' },
} as const satisfies ArgsDef;

interface RegisterArguments {
  /** `undefined`: as the settings say; null: everywhere. */
  readonly guildId: string | null | undefined;
  readonly clear: boolean;
  readonly dryRun: boolean;
}

/** @throws DragomanError USAGE */
export function registerArguments(args: ParsedArgs<typeof REGISTER_ARGS>): RegisterArguments {
  const { guild, global = false, clear = false, 'dry-run': dryRun = false } = args;
  if (guild !== undefined && global) {
    throw usageError('Expected --guild or --global, found both.');
  }
  if (guild !== undefined && !/^\d{17,20}$/.test(guild)) {
    throw usageError(`Expected a server's id of 17 to 20 digits after --guild, found "${guild}".`);
  }
  return { guildId: global ? null : guild, clear, dryRun };
}

/**
 * Registers the commands or removes them, or says what that would change.
 *
 * @throws DragomanError CONFIG without a token, DISCORD when Discord refuses or cannot be reached
 */
export async function runRegister(
  { guildId, clear, dryRun }: RegisterArguments,
  commands: Commands,
  discord: DiscordConfig | null,
  output: { write(text: string): unknown },
): Promise<void> {
  if (discord === null) {
    throw new DragomanError('CONFIG', 'DISCORD_TOKEN is not set.', {
      hint: 'Set it in .env; .env.example says where to find it.',
    });
  }
  const rest = createRest(discord);
  try {
    const scope: CommandScope = {
      applicationId: discord.applicationId ?? (await ownApplicationId(rest)),
      guildId: guildId === undefined ? discord.guildId : guildId,
    };
    const wanted = clear ? [] : commands;
    const changes = changesFrom(await registeredIn(rest, scope), wanted);
    if (hasChanges(changes) && !dryRun) await registerCommands(rest, scope, wanted);
    const other = clear ? null : otherScope(scope, discord);
    const isTwice = other !== null && (await registeredIn(rest, other)).length > 0;
    output.write(report(changes, { scope, dryRun, clear, twice: isTwice ? other : null }));
  } catch (error) {
    throw discordError(error, {
      message: 'The commands could not be registered',
      hint: 'Check the ids of the application and the server, the network, and DISCORD_API_URL if it is set.',
    });
  }
}

/** Where the commands may be registered too, and would be listed twice; null where that is not known. */
function otherScope(scope: CommandScope, { guildId }: DiscordConfig): CommandScope | null {
  if (scope.guildId !== null) return { ...scope, guildId: null };
  return guildId === null ? null : { ...scope, guildId };
}

async function ownApplicationId(rest: REST): Promise<string> {
  const application = await rest.get(Routes.currentApplication());
  return z.object({ id: z.string() }).parse(application).id;
}

const SIGNS = { added: '+', changed: '~', removed: '-', unchanged: ' ' } as const;

interface Outcome {
  readonly scope: CommandScope;
  readonly dryRun: boolean;
  readonly clear: boolean;
  /** Where the same commands are registered too. */
  readonly twice: CommandScope | null;
}

function report(changes: readonly CommandChange[], outcome: Outcome): string {
  const { scope, dryRun, clear, twice } = outcome;
  const where = placeOf(scope);
  const lines = changes.map(({ name, change }) => `${SIGNS[change]} ${name} (${change})`);
  const count = `${changes.filter(({ change }) => (change === 'removed') === clear).length} commands`;
  const [done, would] = clear ? ['Removed', 'removed'] : ['Registered', 'registered'];
  const end = !hasChanges(changes)
    ? clear
      ? `Nothing to remove: no command is registered ${where}.`
      : `Nothing has changed: ${count} are registered ${where}.`
    : dryRun
      ? `Dry run: ${count} would be ${would} ${where}.`
      : `${done} ${count} ${where}.`;
  const warning =
    twice === null
      ? []
      : [
          `Commands are registered ${placeOf(twice)} too and will be listed twice. Remove those with`,
          `  npm run register -- ${twice.guildId === null ? '--global' : `--guild ${twice.guildId}`} --clear`,
        ];
  return `${[...lines, end, ...warning].join('\n')}\n`;
}

function placeOf({ guildId }: CommandScope): string {
  return guildId === null ? 'everywhere' : `in server ${guildId}`;
}
