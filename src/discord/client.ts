/** Connections to Discord, and what can be wrong with them. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ActivityType,
  Client,
  Collection,
  DefaultRestOptions,
  DefaultWebSocketManagerOptions,
  DiscordAPIError,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayIntentBits,
  REST,
  SimpleShardingStrategy,
  Status,
  Team,
  TeamMemberMembershipState,
  TeamMemberRole,
  type GatewayMessageCreateDispatchData,
  type RESTOptions,
} from 'discord.js';
import type { DiscordConfig } from '../config.ts';
import { DragomanError, describeError } from '../errors.ts';
import { withoutTokens, type Logger, type Listening, type ShardState } from '../monitor.ts';

/** Members who may only read, or who have not accepted yet, keep nothing. */
export async function ownersOf(client: Client): Promise<readonly string[]> {
  const owner = (await client.application?.fetch())?.owner ?? null;
  if (owner === null) return [];
  if (!(owner instanceof Team)) return [owner.id];
  return [...owner.members.values()]
    .filter(
      ({ membershipState, role }) =>
        membershipState === TeamMemberMembershipState.Accepted && role !== TeamMemberRole.ReadOnly,
    )
    .map(({ id }) => id);
}

/** Gateway close code of a refused token: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway. */
const TOKEN_REFUSED = 4004;

/** A message as the gateway sends it; only its ids are always there. */
export type IncomingMessage = Partial<GatewayMessageCreateDispatchData> &
  Pick<GatewayMessageCreateDispatchData, 'id' | 'channel_id'>;

/**
 * A client that keeps nothing of Discord: no servers, channels, roles, members or messages. Every interaction brings what
 * its handler needs, so a thousand servers take no more memory than one. The request queues of finished interactions are
 * dropped every ten seconds.
 */
export function createClient(
  { apiUrl, messageContent, shards }: Pick<DiscordConfig, 'apiUrl' | 'messageContent' | 'shards'>,
  log: Logger,
  takeTurn: TakeTurn | null,
): Client {
  const client: Client = new Client({
    intents: [
      // Servers that the bot is added to.
      GatewayIntentBits.Guilds,
      // Mentions and direct messages come with their text; that of other messages needs a privileged intent.
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(messageContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    allowedMentions: { parse: [] },
    presence: { activities: [{ name: '/ask', type: ActivityType.Listening }] },
    // Interactions wait until the servers are listed, although none needs them.
    waitGuildTimeout: 500,
    ...(shards === 'auto' ? { shards } : { shards: shards.ids, shardCount: shards.count }),
    ws: {
      buildStrategy: (manager) => new Sharding(manager, pausesOf(client)),
      ...(takeTurn === null
        ? {}
        : { buildIdentifyThrottler: (manager) => sharedTurns(manager, takeTurn, log) }),
    },
    rest: {
      ...restAddress(apiUrl),
      makeRequest: watchedRequests(log),
      handlerSweepInterval: 10_000,
      // Interaction endpoints do not count towards the global limit, and there is little else:
      // https://docs.discord.com/developers/topics/rate-limits#global-rate-limit. A global 429 is obeyed all the same.
      globalRequestsPerSecond: Number.MAX_SAFE_INTEGER,
    },
    makeCache: () => new Nothing(),
  });
  return client;
}

/**
 * A collection that stays empty. The library warns of caches of another name, because its own methods on servers would
 * not find what they look for; the bot uses none of these.
 */
class Nothing<K, V> extends Collection<K, V> {
  static override readonly name = 'Collection';

  override set(): this {
    return this;
  }
}

export function createRest({ apiUrl, token }: { apiUrl: string | null; token: string }): REST {
  return new REST({ ...restAddress(apiUrl), timeout: NO_ANSWER_MS, retries: 1 }).setToken(token);
}

/** Discord's address for REST. The library appends the API's version, so one in the setting would come twice. */
function restAddress(apiUrl: string | null): { api?: string } {
  return apiUrl === null ? {} : { api: apiUrl.replace(/(?:\/v\d+)?\/*$/, '') };
}

/**
 * Logs in. `lost` resolves when the gateway closes the connection permanently.
 *
 * @throws DragomanError DISCORD when the token is refused or the gateway cannot be reached
 */
export async function logIn(
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
    throw discordError(cause, UNREACHABLE);
  }
}

/** How interactions come in, over the gateway or over HTTP. */
export interface Door {
  readonly application: string;
  /** Whether interactions arrive and can be answered, as far as is known. */
  readonly isWell: () => boolean;
  /** Finds out what only a request can tell. Never rejects. */
  readonly check: () => Promise<void>;
  /** Null over the gateway. */
  readonly endpoint: Listening | null;
}

export const UNREACHABLE = {
  message: 'Discord could not be reached',
  hint: 'Check the network, and DISCORD_API_URL if it is set.',
};

/** Whatever discord.js threw as a DISCORD error: a refused token in words of its own, all else in the given ones. */
export function discordError(
  cause: unknown,
  { message, hint }: { message: string; hint: string },
): DragomanError {
  if (cause instanceof DragomanError) return cause;
  const isTokenRefused =
    (cause instanceof DiscordjsError && cause.code === DiscordjsErrorCodes.TokenInvalid) ||
    (cause instanceof DiscordAPIError && cause.status === 401);
  if (isTokenRefused) return tokenError(cause);
  return new DragomanError('DISCORD', `${message}: ${describeError(cause)}`, { hint, cause });
}

/** Close codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway. */
export function closedError(code: number): DragomanError {
  if (code === TOKEN_REFUSED) return tokenError();
  return new DragomanError('DISCORD', `Discord closed the connection for good (code ${code}).`, {
    hint: 'The code is explained under “Gateway close event codes” in Discord’s documentation.',
  });
}

function tokenError(cause?: unknown): DragomanError {
  return new DragomanError('DISCORD', 'Discord refused the token in DISCORD_TOKEN.', {
    hint: 'Make a new one in the Developer Portal: your application > Bot > Reset Token.',
    cause,
  });
}

/** What `work` gives within a time; null when it is late. No timer is left, which would delay an exit. */
export async function withinTime<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const wait = new AbortController();
  const late = sleep(ms, null, { signal: wait.signal }).catch(() => null);
  try {
    return await Promise.race([work, late]);
  } finally {
    wait.abort();
  }
}

/** Users wait three seconds for a first response, and a maintainer should not wait ten for a line in the log. */
const NO_ANSWER_MS = 8_000;

/** Requests as the library makes them; one without an answer is logged while it is still waited for. */
export function watchedRequests(log: Logger, ms = NO_ANSWER_MS): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const timer = setTimeout(() => {
      const route = `${init.method ?? 'GET'} ${withoutTokens(new URL(url).pathname)}`;
      log.warn({ event: 'rest.no-answer', route, ms });
    }, ms).unref();
    try {
      return await DefaultRestOptions.makeRequest(url, init);
    } finally {
      clearTimeout(timer);
    }
  };
}

const LONGEST_PAUSE_MS = 60_000;

/** Milliseconds before the connection is made again, after a number of losses in a row: none, 1 s, 2 s, 4 s … 60 s. */
export function pauseAfter(losses: number): number {
  return losses < 2 ? 0 : Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** (losses - 2));
}

/** Gives what waits before a lost shard connects again; for ever when the client has logged out meanwhile. */
function pausesOf(client: Client): (shard: number) => Promise<void> {
  /** How often each shard lost its connection since it was last ready. */
  const losses = new Map<number, number>();
  const lost = new Set<number>();
  client.on(Events.ShardReconnecting, (shard) => {
    losses.set(shard, (losses.get(shard) ?? 0) + 1);
    lost.add(shard);
  });
  client.on(Events.ShardReady, (shard) => losses.delete(shard));
  client.on(Events.ShardResume, (shard) => losses.delete(shard));
  return async (shard) => {
    if (!lost.delete(shard)) return;
    // Up to a quarter more, so that the shards of many bots do not come back at one moment.
    const ms = pauseAfter(losses.get(shard) ?? 0) * (1 + Math.random() / 4);
    await sleep(ms, undefined, { ref: false });
    if (client.token === null) await new Promise(() => undefined);
  };
}

/** The library has two classes of this name; this is the one that connects. */
type WebSocketManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];
type IdentifyThrottler = Awaited<ReturnType<WebSocketManager['options']['buildIdentifyThrottler']>>;

/** Shards in this process, which pause before they connect again. */
class Sharding extends SimpleShardingStrategy {
  readonly #gateway: () => Promise<{ readonly url: string }>;

  constructor(manager: WebSocketManager, pause: (shard: number) => Promise<void>) {
    // The manager asks for the session of a shard before it connects: the one place where it can be made to wait.
    const sessionOf = manager.options.retrieveSessionInfo.bind(manager.options);
    manager.options.retrieveSessionInfo = async (shard) => {
      await pause(shard);
      return sessionOf(shard);
    };
    super(manager);
    this.#gateway = () => manager.fetchGatewayInformation();
  }

  /** @throws DragomanError DISCORD when the REST API names no address of a gateway */
  override async spawn(shardIds: number[]): Promise<void> {
    const { url } = await this.#gateway();
    if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
      throw new DragomanError(
        'DISCORD',
        `Expected a gateway address that starts with wss:// from Discord, found "${url}".`,
        { hint: 'Check DISCORD_API_URL: does it lead to Discord, or to a proxy of it?' },
      );
    }
    await super.spawn(shardIds);
  }
}

/** Takes the next turn to identify, among all processes, in a bucket of Discord's; milliseconds to wait for it. */
type TakeTurn = (bucket: number) => Promise<number>;

/** Keeps the identifies of all processes apart; while the turns cannot be had, those of this process alone. */
async function sharedTurns(
  manager: WebSocketManager,
  takeTurn: TakeTurn,
  log: Logger,
): Promise<IdentifyThrottler> {
  const { session_start_limit: limit } = await manager.fetchGatewayInformation();
  const own = await DefaultWebSocketManagerOptions.buildIdentifyThrottler(manager);
  return {
    waitForIdentify: async (shardId, signal) => {
      try {
        await sleep(await takeTurn(shardId % limit.max_concurrency), undefined, { signal });
      } catch (err) {
        if (signal.aborted) throw err;
        log.warn({ event: 'gateway.turn-not-shared', shard: shardId, err });
        await own.waitForIdentify(shardId, signal);
      }
    },
  };
}

/** A heartbeat is due about every 41 seconds; two missed ones mean that nothing arrives. */
const OLDEST_HEARTBEAT_MS = 100_000;

export function shardStates(client: Client): ShardState[] {
  return client.ws.shards.map(({ id, status, lastPingTimestamp }) => ({
    id,
    isUp: status === Status.Ready,
    heartbeatAge: lastPingTimestamp > 0 ? (Date.now() - lastPingTimestamp) / 1000 : null,
  }));
}

/** Whether every shard is ready and had its last heartbeat answered lately. `now`: milliseconds since 1970. */
export function isConnected(client: Client, now = Date.now()): boolean {
  if (!client.isReady() || client.ws.shards.size === 0) return false;
  return client.ws.shards.every(
    ({ status, lastPingTimestamp }) =>
      status === Status.Ready &&
      now - Math.max(lastPingTimestamp, client.readyTimestamp) < OLDEST_HEARTBEAT_MS,
  );
}

export async function overGateway(...login: Parameters<typeof logIn>): Promise<Door> {
  const client = await logIn(...login);
  return {
    application: client.application.id,
    isWell: () => isConnected(client),
    check: () => Promise.resolve(),
    endpoint: null,
  };
}
