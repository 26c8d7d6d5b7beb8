import type { RawData, WebSocket } from 'ws';
import { asNumber, isObject, parseJson, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const BUFFERED_EVENTS = 1_000;

export const Intent = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;

/** Intents that an app must be granted: identifying with others closes the connection with 4014. */
export const PRIVILEGED = Intent.guildMembers | Intent.guildPresences | Intent.messageContent;

/** What a client may receive under which intents; events not listed go to everybody. */
const NEEDED: Readonly<Record<string, number>> = {
  GUILD_CREATE: Intent.guilds,
  GUILD_DELETE: Intent.guilds,
  MESSAGE_CREATE: Intent.guildMessages,
  DIRECT_MESSAGE_CREATE: Intent.directMessages,
};

/** How a session reaches its client while one is connected. */
export interface Channel {
  send(payload: string): void;
}

/** A session outlives its connections: it numbers events and keeps the last ones for a RESUME. */
export class GatewaySession {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  channel: Channel | null = null;
  #sequence = 0;
  #buffer: { readonly sequence: number; readonly payload: string }[] = [];

  constructor(fields: { id: string; intents: number; shard: readonly [number, number] }) {
    this.id = fields.id;
    this.intents = fields.intents;
    this.shard = fields.shard;
  }

  get sequence(): number {
    return this.#sequence;
  }

  wants(event: string): boolean {
    const needed = NEEDED[event] ?? 0;
    return (this.intents & needed) === needed;
  }

  owns(guildId: string | null): boolean {
    const [index, count] = this.shard;
    if (guildId === null) return index === 0;
    return Number((BigInt(guildId) >> 22n) % BigInt(count)) === index;
  }

  dispatch(event: string, data: JsonObject): void {
    this.#sequence += 1;
    const payload = JSON.stringify({ op: 0, s: this.#sequence, t: event, d: data });
    this.#buffer.push({ sequence: this.#sequence, payload });
    if (this.#buffer.length > 2 * BUFFERED_EVENTS)
      this.#buffer = this.#buffer.slice(-BUFFERED_EVENTS);
    this.channel?.send(payload);
  }

  /** The client has seen everything up to here. */
  acknowledge(sequence: number): void {
    const first = this.#buffer[0];
    if (first === undefined || first.sequence > sequence) return;
    this.#buffer = this.#buffer.filter((item) => item.sequence > sequence);
  }

  /** Whether all events after a sequence number are still held. */
  canReplay(sequence: number): boolean {
    const first = this.#buffer[0]?.sequence ?? this.#sequence + 1;
    return sequence <= this.#sequence && first <= sequence + 1;
  }

  replay(sequence: number): void {
    for (const item of this.#buffer) {
      if (item.sequence > sequence) this.channel?.send(item.payload);
    }
  }
}

export const Op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voiceState: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
  requestSounds: 31,
} as const;

const IDLE_OPS: readonly number[] = [
  Op.presence,
  Op.voiceState,
  Op.requestMembers,
  Op.requestSounds,
];

/** A close with Discord's code: https://docs.discord.com/developers/topics/opcodes-and-status-codes. */
export const Close = {
  unknownOpcode: [4001, 'Unknown opcode.'],
  decode: [4002, 'Error while decoding payload.'],
  notAuthenticated: [4003, 'Not authenticated.'],
  authenticationFailed: [4004, 'Authentication failed.'],
  alreadyAuthenticated: [4005, 'Already authenticated.'],
  invalidSequence: [4007, 'Invalid seq.'],
  rateLimited: [4008, 'You are being rate limited.'],
  sessionTimedOut: [4009, 'Session timed out.'],
  invalidShard: [4010, 'Invalid shard.'],
  invalidVersion: [4012, 'Invalid API version.'],
  invalidIntents: [4013, 'Invalid intent(s).'],
  disallowedIntents: [4014, 'Disallowed intent(s).'],
} as const;

export interface ConnectionHost {
  readonly heartbeatMs: number;
  acknowledges(): boolean;
  heartbeat(): void;
  identify(connection: GatewayConnection, data: JsonObject): void;
  resume(connection: GatewayConnection, data: JsonObject): void;
  closed(connection: GatewayConnection, code: number): void;
}

/** One WebSocket of a client: HELLO, heartbeats, identification, and the send limit of the gateway. */
export class GatewayConnection implements Channel {
  session: GatewaySession | null = null;
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  #deadline: NodeJS.Timeout | undefined;
  #windowStart = performance.now();
  #sends = 0;

  constructor(socket: WebSocket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      clearTimeout(this.#deadline);
      host.closed(this, code);
    });
    this.#expectHeartbeat();
    this.op(Op.hello, { heartbeat_interval: host.heartbeatMs, _trace: ['local'] });
  }

  send(payload: string): void {
    this.#socket.send(payload);
  }

  op(op: number, data: JsonObject | boolean | null): void {
    this.send(JSON.stringify({ op, d: data, s: null, t: null }));
  }

  close(why: readonly [number, string]): void {
    this.#socket.close(...why);
  }

  /** Cuts the connection as a lost network does: no closing handshake, the client sees 1006. */
  cut(): void {
    this.#socket.terminate();
  }

  #expectHeartbeat(): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => this.close(Close.sessionTimedOut),
      2 * this.#host.heartbeatMs + 1_000,
    );
  }

  #receive(data: RawData): void {
    const payload = decode(data);
    const refusal = this.#tooMany() ? Close.rateLimited : this.#refusal(payload);
    if (refusal !== null) {
      this.close(refusal);
      return;
    }
    const body = payload?.['d'];
    if (payload?.['op'] === Op.heartbeat) this.#heartbeat(body);
    else if (payload?.['op'] === Op.identify && isObject(body)) this.#host.identify(this, body);
    else if (payload?.['op'] === Op.resume && isObject(body)) this.#host.resume(this, body);
  }

  #refusal(payload: JsonObject | null): readonly [number, string] | null {
    if (payload === null) return Close.decode;
    const op = payload['op'];
    if (op === Op.heartbeat) return null;
    if (op === Op.identify || op === Op.resume) {
      if (this.session !== null) return Close.alreadyAuthenticated;
      return isObject(payload['d']) ? null : Close.decode;
    }
    if (typeof op !== 'number' || !IDLE_OPS.includes(op)) return Close.unknownOpcode;
    return this.session === null ? Close.notAuthenticated : null;
  }

  #heartbeat(sequence: unknown): void {
    this.#expectHeartbeat();
    this.#host.heartbeat();
    this.session?.acknowledge(asNumber(sequence));
    if (this.#host.acknowledges()) this.op(Op.heartbeatAck, null);
  }

  #tooMany(): boolean {
    const now = performance.now();
    if (now - this.#windowStart > LIMITS.gatewayWindowMs) {
      this.#windowStart = now;
      this.#sends = 0;
    }
    this.#sends += 1;
    return this.#sends > LIMITS.gatewaySends;
  }
}

function decode(data: RawData): JsonObject | null {
  const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
  if (text.length > LIMITS.gatewayPayloadBytes) return null;
  try {
    const payload = parseJson(text);
    return isObject(payload) ? payload : null;
  } catch {
    return null;
  }
}
