import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';
import {
  Close,
  GatewayConnection,
  GatewaySession,
  Intent,
  Op,
  PRIVILEGED,
  type ConnectionHost,
} from './gateway-session.ts';
import { asNumber, asObjects, asString, type JsonObject } from './json.ts';
import { guildJson } from './payloads.ts';
import type { World } from './world.ts';

const KNOWN_INTENTS = 2 ** 26 - 1;

/** What a client said of itself in IDENTIFY. */
export interface Identification {
  readonly intents: number;
  readonly shard: readonly [number, number];
  readonly presence: unknown;
}

/** The gateway: sessions, their events, and the ways in which a test can disturb them. */
export class Gateway {
  readonly identifications: Identification[] = [];
  /** Successful RESUMEs so far. */
  resumes = 0;
  /** Heartbeats received so far. */
  heartbeats = 0;
  /** Set to leave heartbeats unanswered: the client must take the connection for dead. */
  withholdAcks = false;
  /** Set to cut every new connection before HELLO: the gateway is unreachable. */
  unreachable = false;
  /** Connections cut for that reason so far. */
  refusedConnections = 0;
  /** Privileged intents that the app was granted. */
  grantedIntents = 0;

  readonly #world: World;
  readonly #token: string;
  readonly #url: () => string;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #host: ConnectionHost;
  readonly #connections = new Set<GatewayConnection>();
  readonly #sessions = new Map<string, GatewaySession>();
  #watchers: (() => void)[] = [];

  constructor(options: { world: World; token: string; url: () => string; heartbeatMs: number }) {
    this.#world = options.world;
    this.#token = options.token;
    this.#url = options.url;
    this.#host = {
      heartbeatMs: options.heartbeatMs,
      acknowledges: () => !this.withholdAcks,
      heartbeat: () => {
        this.heartbeats += 1;
        this.#changed();
      },
      identify: (connection, data) => this.#identify(connection, data),
      resume: (connection, data) => this.#resume(connection, data),
      closed: (connection, code) => this.#closed(connection, code),
    };
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      if (this.unreachable) {
        socket.destroy();
        this.refusedConnections += 1;
        this.#changed();
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (webSocket) => {
        const query = new URL(request.url ?? '/', 'ws://local').searchParams;
        if (query.get('v') !== '10' || query.get('encoding') !== 'json') {
          webSocket.close(...Close.invalidVersion);
          return;
        }
        this.#connections.add(new GatewayConnection(webSocket, this.#host));
      });
    });
  }

  /** Whether a client is identified and connected. */
  get isReady(): boolean {
    return [...this.#sessions.values()].some((session) => session.channel !== null);
  }

  /** Resolves when a condition on the gateway holds; rejects after `timeoutMs`. */
  async until(what: string, condition: () => boolean, timeoutMs = 120_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const watcher = (): void => {
        if (!condition()) return;
        end();
        resolve();
      };
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((item) => item !== watcher);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`the gateway waited ${timeoutMs} ms for: ${what}`));
      }, timeoutMs);
      this.#watchers.push(watcher);
    });
  }

  async ready(timeoutMs?: number): Promise<void> {
    await this.until('an identified client', () => this.isReady, timeoutMs);
  }

  /** Sends an event to each session that may see it; held for a RESUME where the client is away. Returns how many. */
  dispatch(event: string, data: JsonObject, guildId: string | null): number {
    let reached = 0;
    for (const session of this.#sessions.values()) {
      if (!session.owns(guildId) || !session.wants(event)) continue;
      if (event !== 'DIRECT_MESSAGE_CREATE' && event !== 'MESSAGE_CREATE')
        session.dispatch(event, data);
      else session.dispatch('MESSAGE_CREATE', this.#readable(session, event, data));
      reached += 1;
    }
    return reached;
  }

  /** Without the privileged intent, the text of a message comes only in direct messages and with a mention. */
  #readable(session: GatewaySession, event: string, data: JsonObject): JsonObject {
    const { id } = this.#world.botUser;
    const isMentioned = asObjects(data['mentions']).some((user) => user['id'] === id);
    const isReadable =
      (session.intents & Intent.messageContent) !== 0 ||
      event === 'DIRECT_MESSAGE_CREATE' ||
      isMentioned;
    return isReadable ? data : { ...data, content: '', embeds: [], components: [] };
  }

  /** Ends all connections: abruptly, or with a close code. Sessions stay and can be resumed. */
  drop(code?: number): void {
    for (const connection of this.#connections) {
      if (code === undefined) connection.cut();
      else connection.close([code, 'dropped by the test']);
    }
  }

  /** Asks the clients to reconnect and resume (opcode 7). */
  reconnect(): void {
    for (const connection of this.#connections) connection.op(Op.reconnect, null);
  }

  /** Tells the clients that their session is invalid (opcode 9); one that is not resumable is forgotten. */
  invalidate(options: { resumable: boolean }): void {
    for (const connection of this.#connections) {
      if (!options.resumable && connection.session !== null) this.#forget(connection);
      connection.op(Op.invalidSession, options.resumable);
    }
  }

  /** Forgets all sessions: the next RESUME is answered with an invalid session. */
  forgetSessions(): void {
    for (const connection of this.#connections) this.#forget(connection);
    this.#sessions.clear();
  }

  stop(): void {
    this.drop();
    this.#server.close();
  }

  #identify(connection: GatewayConnection, data: JsonObject): void {
    const intents = asNumber(data['intents']);
    const shard = readShard(data['shard']);
    const refusal = this.#refusal(data);
    if (refusal !== null || shard === null) {
      connection.close(refusal ?? Close.invalidShard);
      return;
    }
    this.identifications.push({ intents, shard, presence: data['presence'] });

    for (const old of [...this.#sessions.values()]) {
      if (old.channel === null && old.shard[0] === shard[0]) this.#sessions.delete(old.id);
    }
    const session = new GatewaySession({ id: randomBytes(16).toString('hex'), intents, shard });
    this.#sessions.set(session.id, session);
    this.#connect(connection, session);
    const guilds = [...this.#world.guilds.values()].filter(
      (guild) => guild.installed && session.owns(guild.id),
    );
    session.dispatch('READY', {
      v: 10,
      user: { ...this.#world.botUser, verified: true, mfa_enabled: true, email: null },
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.#url(),
      session_type: 'normal',
      private_channels: [],
      relationships: [],
      shard: [...shard],
      application: { id: this.#world.applicationId, flags: 0 },
    });
    if (session.wants('GUILD_CREATE')) {
      for (const guild of guilds) session.dispatch('GUILD_CREATE', guildJson(guild, this.#world));
    }
    this.#changed();
  }

  #resume(connection: GatewayConnection, data: JsonObject): void {
    if (asString(data['token']).replace(/^Bot /, '') !== this.#token) {
      connection.close(Close.authenticationFailed);
      return;
    }
    const session = this.#sessions.get(asString(data['session_id']));
    const sequence = asNumber(data['seq']);
    if (session !== undefined && sequence > session.sequence) {
      connection.close(Close.invalidSequence);
      return;
    }
    if (session === undefined || !session.canReplay(sequence)) {
      connection.op(Op.invalidSession, false);
      return;
    }
    this.resumes += 1;
    this.#connect(connection, session);
    session.replay(sequence);
    session.dispatch('RESUMED', {});
    this.#changed();
  }

  #refusal(data: JsonObject): readonly [number, string] | null {
    const intents = data['intents'];
    if (asString(data['token']).replace(/^Bot /, '') !== this.#token) {
      return Close.authenticationFailed;
    }
    if (typeof intents !== 'number' || intents < 0 || intents > KNOWN_INTENTS) {
      return Close.invalidIntents;
    }
    const granted = (intents & PRIVILEGED & ~this.grantedIntents) === 0;
    return granted ? null : Close.disallowedIntents;
  }

  #connect(connection: GatewayConnection, session: GatewaySession): void {
    connection.session = session;
    session.channel = connection;
  }

  #closed(connection: GatewayConnection, code: number): void {
    this.#connections.delete(connection);
    const { session } = connection;
    if (session?.channel === connection) {
      session.channel = null;
      // A client that closes with 1000 or 1001 gives its session up; it shows as offline at once.
      if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
    }
    this.#changed();
  }

  #forget(connection: GatewayConnection): void {
    if (connection.session === null) return;
    this.#sessions.delete(connection.session.id);
    connection.session.channel = null;
    connection.session = null;
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function readShard(value: unknown): readonly [number, number] | null {
  if (value === undefined) return [0, 1];
  if (!Array.isArray(value)) return null;
  const [index, count] = value.map(asNumber);
  if (index === undefined || count === undefined || count < 1 || index < 0 || index >= count) {
    return null;
  }
  return [index, count];
}
