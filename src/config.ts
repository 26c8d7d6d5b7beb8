/**
 * The only reader of the environment. Relative paths are relative to the project's folder, not to
 * where a command was typed.
 */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { config as loadDotenv } from 'dotenv';
import * as z from 'zod';
import type { EmbedderOptions } from './embedding/model.ts';
import { DragomanError } from './errors.ts';
import { boundedDistance } from './language/words.ts';

/** One folder above this module, which is `src/config.ts` or, compiled, a file of `dist/`. */
export const PROJECT_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export type Config = Readonly<ReturnType<typeof loadConfig>>;
export type DiscordConfig = Readonly<ReturnType<typeof discordConfig>>;

/** `auto`: all, as many as Discord recommends. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number };

const text = z.string().trim().min(1);
const snowflake = z
  .string()
  .trim()
  .regex(/^\d{17,20}$/, 'expected an id of 17 to 20 digits');
const address = z.url({
  protocol: /^https?$/,
  error: 'expected an address that starts with http:// or https://',
});
const postgresAddress = z.url({
  protocol: /^postgres(?:ql)?$/,
  error: 'expected an address that starts with postgres://',
});
const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(least, `expected at least ${least}`)
    .max(most, `expected at most ${most}`);
const questionsAMinute = wholeNumber(1, 1_000_000);
const port = wholeNumber(0, 65_535);
const shards = z.string().transform((value, context): Shards => {
  if (value === 'auto') return 'auto';
  const [, first = '', last = first, count = ''] =
    /^(\d{1,6})(?:-(\d{1,6}))?\/(\d{1,6})$/.exec(value) ?? [];
  const [from, to, all] = [Number(first), Number(last), Number(count)];
  if (count !== '' && from <= to && to < all) {
    return { ids: Array.from({ length: to - from + 1 }, (_, index) => from + index), count: all };
  }
  context.addIssue('expected auto, or shards and their number such as 0-3/16');
  return z.NEVER;
});
const onOff = z.enum(['on', 'off'], 'expected on or off').transform((value) => value === 'on');
/** No shell has made `~` the home folder of what a file sets. */
const inProject = (path: string): string =>
  resolve(PROJECT_FOLDER, path.replace(/^~(?=\/|$)/, homedir()));

const schema = z.object({
  CORPUS_DIR: text.default('corpus'),
  INDEX_DIR: text.default('embeddings/index'),
  DATABASE_URL: postgresAddress.nullable().default(null),
  INDEX_MEMORY_MIB: wholeNumber(1, 1_048_576).default(2048),
  EMBEDDING_MODEL: text.default('bundled'),
  EMBEDDING_REVISION: text.optional(),
  EMBEDDING_HUB: address.transform((url) => url.replace(/\/*$/, '/')).optional(),
  EMBEDDING_THREADS: wholeNumber(1, 1024).optional(),
  MODEL_CACHE_DIR: text.default('.cache/models'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
  NO_COLOR: z.string().optional(),
  FORCE_COLOR: z.string().default('0'),
  JOURNAL: onOff.default(true),
  JOURNAL_DIR: text.default('data'),
  JOURNAL_DAYS: wholeNumber(1, 36_500).default(365),
  HEALTH_FILE: text.transform(inProject).nullable().default(null),
  DISCORD_TOKEN: z
    .string()
    .trim()
    // https://docs.discord.com/developers/reference#authentication. Header fields take no other characters.
    .regex(
      /^[\w-]+\.[\w-]+\.[\w-]+$/,
      'expected a token as the Developer Portal shows it: three parts of letters, digits, - and _ with dots between them',
    )
    .optional(),
  DISCORD_APPLICATION_ID: snowflake.nullable().default(null),
  DISCORD_GUILD_ID: snowflake.nullable().default(null),
  DISCORD_API_URL: address.nullable().default(null),
  DISCORD_PUBLIC_KEY: z
    .string()
    .trim()
    .regex(/^[\da-f]{64}$/i, 'expected 64 hexadecimal digits')
    .optional(),
  HOST: text.default('0.0.0.0'),
  PORT: port.default(8080),
  METRICS_PORT: port.optional(),
  SHARDS: shards.default({ ids: [0], count: 1 }),
  ADMIN_USER_IDS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((id) => id !== ''))
    .pipe(z.array(snowflake))
    .default([]),
  WEEKLY_DIGEST: onOff.default(false),
  DISCORD_MESSAGE_CONTENT: onOff.default(false),
  RATE_LIMIT_USER: questionsAMinute.default(30),
  RATE_LIMIT_SERVER: questionsAMinute.default(600),
});

/** Letters in which a misspelt name differs from the one that was meant. */
const MOST_SLIPS = 2;

/** A name that is no setting and looks like one: `.env` may have settings of other programs too. */
function misspelt(name: string): string[] {
  const known = Object.keys(schema.shape);
  if (known.includes(name)) return [];
  const meant = known.find((one) => boundedDistance(name, one, MOST_SLIPS) <= MOST_SLIPS);
  return meant === undefined ? [] : [`  ${name}: no such setting, expected ${meant}`];
}

/**
 * Settings out of an environment. An empty value counts as none.
 *
 * @param names of the settings in a file, where misspelt ones would be ignored
 * @throws DragomanError `CONFIG` that lists every wrong setting; values are not repeated, because one
 *   of them is a secret
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[] = [],
) {
  // `docker run --env-file` keeps the quotes around a value.
  const given = Object.entries(env)
    .map(([name, value = '']) => [name, value.trim().replace(/^(["'])(.*)\1$/, '$2')] as const)
    .filter(([, value]) => value !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  const unknown = names.flatMap(misspelt);
  if (!parsed.success || unknown.length > 0) {
    const wrong = (parsed.error?.issues ?? []).map(
      (issue) => `  ${String(issue.path[0])}: ${issue.message}`,
    );
    const problems = new Set([...unknown, ...wrong]);
    throw new DragomanError('CONFIG', ['Wrong settings:', ...problems].join('\n'), {
      hint: 'See .env.example for what each setting means.',
    });
  }
  const settings = parsed.data;
  const { EMBEDDING_MODEL: model, DISCORD_TOKEN: token } = settings;
  const embedding: EmbedderOptions = {
    model: /^[.~]/.test(model) ? inProject(model) : model,
    modelFolder: inProject('embeddings/model'),
    cacheFolder: inProject(settings.MODEL_CACHE_DIR),
    revision: settings.EMBEDDING_REVISION,
    hub: settings.EMBEDDING_HUB,
    threads: settings.EMBEDDING_THREADS,
  };
  return {
    corpusFolder: inProject(settings.CORPUS_DIR),
    indexFolder: inProject(settings.INDEX_DIR),
    /** Of the PostgreSQL that several bots share; null: everything is kept in folders. May contain a password. */
    databaseUrl: settings.DATABASE_URL,
    /** Bytes of its files up to which an index is loaded into memory with its vectors; more stay in the database. */
    indexMemoryBytes: settings.INDEX_MEMORY_MIB * 2 ** 20,
    embedding,
    logLevel: settings.LOG_LEVEL,
    /** No escape sequences, whatever the terminal can do (https://no-color.org). */
    noColor: settings.NO_COLOR !== undefined,
    /** Escape sequences although the output is not a terminal; `noColor` wins over it. */
    forceColor: !['0', 'false'].includes(settings.FORCE_COLOR),
    journal: {
      enabled: settings.JOURNAL,
      folder: inProject(settings.JOURNAL_DIR),
      /** How long entries are kept. */
      days: settings.JOURNAL_DAYS,
    },
    /** Rewritten while the bot is connected, for supervisors that watch a file; null for none. */
    healthFile: settings.HEALTH_FILE,
    /** Null without a token: then there is the terminal only. */
    discord: token === undefined ? null : discordConfig(settings, token),
  };
}

function discordConfig(settings: z.infer<typeof schema>, token: string) {
  const { DISCORD_PUBLIC_KEY: publicKey, HOST: host, PORT: port, METRICS_PORT } = settings;
  return {
    token,
    applicationId: settings.DISCORD_APPLICATION_ID,
    /** Commands are registered in this server only; null for everywhere. */
    guildId: settings.DISCORD_GUILD_ID,
    /** Where Discord posts interactions to; null: they come over the gateway. */
    endpoint: publicKey === undefined ? null : { publicKey, host, port },
    /** Which of the gateway's connections this process keeps, as `SHARDS` says. */
    shards: settings.SHARDS,
    /** Address of `/healthz`, `/readyz` and `/metrics`; null: not served. */
    monitor: METRICS_PORT === undefined ? null : { host, port: METRICS_PORT },
    /** Base of Discord's REST API; null for Discord's own. */
    apiUrl: settings.DISCORD_API_URL,
    adminUserIds: settings.ADMIN_USER_IDS as readonly string[],
    /** Whether the application has Discord's privileged intent to read messages that do not mention it. */
    messageContent: settings.DISCORD_MESSAGE_CONTENT,
    /** Whether a digest of the journal is sent to the maintainers each week. */
    weeklyDigest: settings.WEEKLY_DIGEST,
    /** Questions a minute. */
    rateLimits: { perUser: settings.RATE_LIMIT_USER, perServer: settings.RATE_LIMIT_SERVER },
  };
}

/** Shorter ones occur in ordinary words of the log, which would become unreadable. */
const SHORTEST_SECRET = 8;

/** Texts that must not be logged; a password both percent-encoded and decoded. */
export function secretsOf({ discord, databaseUrl }: Config): string[] {
  const password = databaseUrl === null ? '' : new URL(databaseUrl).password;
  const secrets = [discord?.token ?? '', databaseUrl ?? '', password, decoded(password)];
  return [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
}

/** Itself where it is not percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Settings of this process: its environment over the project's `.env` file.
 *
 * @throws DragomanError `CONFIG`
 */
export function readConfig(): Config {
  const fromFile: Record<string, string> = {};
  loadDotenv({ path: resolve(PROJECT_FOLDER, '.env'), quiet: true, processEnv: fromFile });
  return loadConfig({ ...fromFile, ...process.env }, Object.keys(fromFile));
}
