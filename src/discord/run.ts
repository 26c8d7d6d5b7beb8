import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiscordjsError, DiscordjsErrorCodes, Events, type Client } from 'discord.js';
import type { Config, DiscordConfig } from '../config.ts';
import type { Engine } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import { openJournal } from '../journal/journal.ts';
import type { Logger } from '../log.ts';
import { Answers } from './answers.ts';
import { createClient, listen } from './client.ts';
import { deferred } from './deferred.ts';
import type { Desk } from './desk.ts';
import { directoryOf } from './lookup.ts';
import { Dispatcher } from './dispatcher.ts';
import { keepHealthFile } from './health.ts';
import { TOKEN_REFUSED } from './limits.ts';
import { WorkQueue } from './queue.ts';
import { RateLimits } from './rate-limits.ts';
import { registerOnFirstStart } from './registration.ts';
import { TourPictures } from './tour-pictures.ts';

/** What is in flight when the process is told to stop has this long. */
const DRAIN_MS = 10_000;
/** A question keeps the processor busy for some milliseconds; a few overlap where the model computes elsewhere. */
const QUEUE = { concurrency: 4, capacity: 1_000 };
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Of some ten kilobytes each. */
const KEPT_ANSWERS = 1000;

export interface BotOptions {
  readonly engine: Engine;
  readonly config: Pick<Config, 'journal' | 'healthFile'> & { readonly discord: DiscordConfig };
  readonly log: Logger;
}

export interface Bot {
  readonly client: Client<true>;
  /** Resolves when the connection is lost for good, with the reason. */
  readonly lost: Promise<DragomanError>;
  /** Takes no more, finishes what is in flight (10 s at most), logs out. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Connects to Discord and answers until stopped.
 *
 * @throws DragomanError DISCORD when the token is refused or the gateway cannot be reached
 */
export async function startBot({ engine, config, log }: BotOptions): Promise<Bot> {
  const { discord, journal, healthFile } = config;
  const client = createClient(discord);
  const dispatcher = new Dispatcher(
    openDesk({ engine, log, client, discord, journal: openJournal(journal) }),
  );
  const lost = deferred<DragomanError>();
  listen(client, log, {
    onInteraction: (interaction) => void dispatcher.handle(interaction),
    onFatal: (code) => lost.resolve(closedError(code)),
  });
  const ready = await logIn(client, discord.token, lost.promise);
  log.info({ event: 'bot.ready', application: ready.application.id, ...editionOf(engine) });
  directoryOf(engine.current());
  engine.watch((status) => {
    log[status.loaded ? 'info' : 'error']({ event: 'index.reload', ...status });
    // Built now rather than under the first user's fingers.
    directoryOf(engine.current());
  });
  const removeHealthFile =
    healthFile === null
      ? () => Promise.resolve()
      : await keepHealthFile({
          file: healthFile,
          state: () => (client.isReady() ? { pid: process.pid, ...editionOf(engine) } : null),
          log,
        });
  await registerOnFirstStart({
    rest: client.rest,
    scope: {
      applicationId: discord.applicationId ?? ready.application.id,
      guildId: discord.guildId,
    },
    apiUrl: client.rest.options.api,
    noteFile: join(journal.folder, 'registered-commands.json'),
    log,
  });

  const shutDown = async (): Promise<void> => {
    const isDrained = await dispatcher.drain(DRAIN_MS);
    if (!isDrained) log.warn({ event: 'bot.cut-off' });
    // Logging out closes the connection, which would be logged as a loss of it.
    client.removeAllListeners(Events.ShardReconnecting);
    await client.destroy();
    engine.close();
    await removeHealthFile();
    log.info({ event: 'bot.stopped' });
  };
  let stopping: Promise<void> | null = null;
  return { client: ready, lost: lost.promise, stop: () => (stopping ??= shutDown()) };
}

/**
 * Runs the bot until SIGTERM or SIGINT, or until the connection is lost for good.
 *
 * @returns the exit code: 0 when told to stop, 1 when the connection was lost
 * @throws DragomanError DISCORD when it cannot start
 */
export async function runBot(options: BotOptions): Promise<number> {
  const { log } = options;
  const told = deferred<NodeJS.Signals>();
  const onSignal = (signal: NodeJS.Signals): void => told.resolve(signal);
  const onRejection = (err: unknown): void => log.error({ event: 'process.rejection', err });
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('unhandledRejection', onRejection);
  try {
    const starting = startBot(options);
    // Told to stop while still connecting: there is nothing in flight to finish.
    const early = await Promise.race([starting, told.promise]);
    if (typeof early === 'string') {
      log.info({ event: 'bot.told-to-stop', signal: early });
      const bot = await Promise.race([starting.catch(() => null), sleep(DRAIN_MS, null)]);
      await bot?.stop();
      return 0;
    }
    const end = await Promise.race([told.promise, early.lost]);
    if (typeof end === 'string') log.info({ event: 'bot.told-to-stop', signal: end });
    else log.fatal({ event: 'bot.lost', err: end });
    await early.stop();
    return typeof end === 'string' ? 0 : 1;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('unhandledRejection', onRejection);
  }
}

function openDesk(parts: {
  engine: Engine;
  log: Logger;
  client: Client;
  discord: DiscordConfig;
  journal: Desk['journal'];
}): Desk {
  const { engine, log, client, discord, journal } = parts;
  return {
    engine,
    log,
    journal,
    answers: new Answers({ queue: new WorkQueue(QUEUE), keep: KEPT_ANSWERS }),
    rateLimits: new RateLimits(discord.rateLimits),
    pictures: new TourPictures(),
    adminUserIds: new Set(discord.adminUserIds),
    version,
    startedAt: new Date(),
    counts: { handled: 0, failed: 0 },
    // -1 until the first heartbeat came back.
    ping: () => (client.ws.ping >= 0 ? Math.round(client.ws.ping) : null),
  };
}

function editionOf(engine: Engine): { generation: string } {
  return { generation: engine.current().generation };
}

async function logIn(
  client: Client,
  token: string,
  lost: Promise<DragomanError>,
): Promise<Client<true>> {
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  const refused = lost.then((error) => Promise.reject(error));
  try {
    const [connected] = await Promise.race([Promise.all([ready, client.login(token)]), refused]);
    return connected;
  } catch (cause) {
    await client.destroy();
    throw loginError(cause);
  }
}

function loginError(cause: unknown): DragomanError {
  if (cause instanceof DragomanError) return cause;
  if (cause instanceof DiscordjsError && cause.code === DiscordjsErrorCodes.TokenInvalid) {
    return tokenError(cause);
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DragomanError('DISCORD', `Discord could not be reached: ${why}`, {
    hint: 'Check the network, and DISCORD_API_URL if it is set.',
    cause,
  });
}

function tokenError(cause?: unknown): DragomanError {
  return new DragomanError('DISCORD', 'Discord refused the token in DISCORD_TOKEN.', {
    hint: 'Make a new one in the Developer Portal: your application > Bot > Reset Token.',
    cause,
  });
}

/** Close codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway. */
function closedError(code: number): DragomanError {
  if (code === TOKEN_REFUSED) return tokenError();
  return new DragomanError('DISCORD', `Discord closed the connection for good (code ${code}).`, {
    hint: 'The code is explained under “Gateway close event codes” in Discord’s documentation.',
  });
}
