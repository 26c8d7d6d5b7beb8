/** How connections to Discord are made: watched for answers that do not come, and with pauses after losses. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DefaultRestOptions,
  Events,
  SimpleShardingStrategy,
  Status,
  type Client,
  type RESTOptions,
} from 'discord.js';
import { DragomanError } from '../errors.ts';
import { withoutTokens, type Logger } from '../log.ts';
import type { ShardState } from '../monitor.ts';

/** Users wait three seconds for a first response, and a keeper should not wait ten for a line in the log. */
export const NO_ANSWER_MS = 8_000;

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

/** How often each shard lost its connection since it was last ready. */
export class Reconnects {
  readonly #losses = new Map<number, number>();
  /** Shards that will connect again. */
  readonly #lost = new Set<number>();
  #isOver: () => boolean = () => false;

  listenTo(client: Client): void {
    this.#isOver = () => client.token === null;
    client.on(Events.ShardReconnecting, (shard) => {
      this.#losses.set(shard, (this.#losses.get(shard) ?? 0) + 1);
      this.#lost.add(shard);
    });
    client.on(Events.ShardReady, (shard) => this.#losses.delete(shard));
    client.on(Events.ShardResume, (shard) => this.#losses.delete(shard));
  }

  /** Waits before a lost shard connects again; for ever when the client has logged out meanwhile. */
  async pause(shard: number): Promise<void> {
    if (!this.#lost.delete(shard)) return;
    // Up to a quarter more, so that the shards of many bots do not come back at one moment.
    const ms = pauseAfter(this.#losses.get(shard) ?? 0) * (1 + Math.random() / 4);
    await sleep(ms, undefined, { ref: false });
    if (this.#isOver()) await new Promise(() => undefined);
  }
}

/** The library has two classes of this name; this is the one that connects. */
type WebSocketManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

/** Shards in this process, which pause before they connect again. */
export class Sharding extends SimpleShardingStrategy {
  readonly #gateway: () => Promise<{ readonly url: string }>;

  constructor(manager: WebSocketManager, reconnects: Reconnects) {
    super(pausing(manager, reconnects));
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

/** The manager asks for the session of a shard before it connects: the one place where it can be made to wait. */
function pausing(manager: WebSocketManager, reconnects: Reconnects): WebSocketManager {
  const sessionOf = manager.options.retrieveSessionInfo.bind(manager.options);
  manager.options.retrieveSessionInfo = async (shard) => {
    await reconnects.pause(shard);
    return sessionOf(shard);
  };
  return manager;
}

/** A heartbeat is due about every 41 seconds; two missed ones mean that nothing arrives. */
const OLDEST_HEARTBEAT_MS = 100_000;

/** What each shard's connection is like. `now`: milliseconds since 1970. */
export function shardStates(client: Client, now = Date.now()): ShardState[] {
  return client.ws.shards.map(({ id, status, lastPingTimestamp }) => ({
    id,
    isUp: status === Status.Ready,
    heartbeatAge: lastPingTimestamp > 0 ? (now - lastPingTimestamp) / 1000 : null,
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
