import type { RawData, WebSocket } from 'ws';
import type { Channel, GatewaySession } from './gateway-session.ts';
import { asNumber, isObject, parseJson, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

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
