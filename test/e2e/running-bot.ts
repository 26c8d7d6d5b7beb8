import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../src/config.ts';
import { type Bot, startBot } from '../../src/discord/run.ts';
import type { Embedder } from '../../src/embedding/model.ts';
import { type Engine, openEngine } from '../../src/engine.ts';
import { createLog } from '../../src/monitor.ts';
import { ManualClock } from '../../tools/local-discord/clock.ts';
import { Intent } from '../../tools/local-discord/gateway-session.ts';
import { LocalDiscord } from '../../tools/local-discord/local-discord.ts';
import { openRealEngine, realIndexFolder, sharedEmbedder } from '../support/real-index.ts';

export interface RunningBot {
  readonly discord: LocalDiscord;
  readonly bot: Bot;
  readonly engine: Engine;
  readonly embedder: Embedder;
  readonly config: Config;
  /** Lines of the log, parsed. */
  readonly log: Record<string, unknown>[];
  /** Folder of the journal, and of an index of its own; gone after `stop`. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** The whole bot over the real corpus and the bundled model, connected to a local Discord of its own. */
export async function startRunningBot(
  options: {
    env?: Record<string, string>;
    /** A copy of the index, to be changed. Otherwise the bot reads the one that all tests read. */
    ownIndex?: boolean;
    /** Written behind the address of the local Discord. */
    apiUrlEnd?: string;
    wrap?: (engine: Engine) => Engine;
    /** Otherwise the index and the model that all tests share. */
    index?: { readonly folder: string; readonly embedder: Embedder };
    /** How interactions come. Default: over the gateway. */
    door?: 'gateway' | 'endpoint';
  } = {},
): Promise<RunningBot> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-bot-'));
  const ownFolder = join(folder, 'index');
  const readFolder = options.index?.folder ?? (await realIndexFolder());
  if (options.ownIndex === true) await cp(readFolder, ownFolder, { recursive: true });
  const indexFolder = options.ownIndex === true ? ownFolder : readFolder;
  const embedder = options.index?.embedder ?? (await sharedEmbedder());
  // First, because without an index nothing else must run on.
  const opened =
    options.index === undefined && options.ownIndex !== true
      ? await openRealEngine()
      : await openEngine({ indexFolder, embedder });
  const engine = options.wrap?.(opened) ?? opened;
  // Discord's three seconds do not pass, however busy the machine is.
  const discord = await LocalDiscord.start({ clock: new ManualClock() });
  // As the Developer Portal grants it to an application.
  if (options.env?.['DISCORD_MESSAGE_CONTENT'] === 'on') {
    discord.gateway.grantedIntents = Intent.messageContent;
  }
  const config = loadConfig({
    INDEX_DIR: indexFolder,
    JOURNAL_DIR: join(folder, 'data'),
    HEALTH_FILE: join(folder, 'health.json'),
    DISCORD_TOKEN: discord.token,
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_API_URL: discord.apiUrl + (options.apiUrlEnd ?? ''),
    ...(options.door === 'endpoint'
      ? { DISCORD_PUBLIC_KEY: discord.poster.publicKey, HOST: '127.0.0.1', PORT: '0' }
      : {}),
    RATE_LIMIT_USER: '100000',
    RATE_LIMIT_SERVER: '100000',
    ...options.env,
  });
  const lines: Record<string, unknown>[] = [];
  const log = createLog(
    { level: 'debug', secrets: [discord.token] },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const bot = await startBot({ engine, store: null, config: withDiscord(config), log });
  const { endpoint } = bot.ports;
  if (endpoint !== null) discord.interactionsUrl = `http://127.0.0.1:${endpoint}/`;
  return {
    discord,
    bot,
    engine,
    embedder,
    config,
    log: lines,
    folder,
    stop: async () => {
      await bot.stop();
      await discord.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A configuration that has a token. */
export function withDiscord(
  config: Config,
): Config & { readonly discord: NonNullable<Config['discord']> } {
  if (config.discord === null) throw new Error('Expected a configuration with a token.');
  return { ...config, discord: config.discord };
}
