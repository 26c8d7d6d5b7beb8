import type { JsonObject } from './json.ts';

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
