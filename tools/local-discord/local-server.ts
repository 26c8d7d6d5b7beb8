import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from './clock.ts';
import { CommandStore } from './command-store.ts';
import { Faults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { InteractionHandler } from './interactions.ts';
import { asObject, type JsonObject } from './json.ts';
import type { Message } from './message.ts';
import { draftMessage } from './message-form.ts';
import { guildJson, userJson } from './payloads.ts';
import { createRestServer } from './rest-server.ts';
import { Routes } from './routes.ts';
import {
  channelOf,
  MEMBER_PERMISSIONS,
  World,
  type Channel,
  type Guild,
  type Place,
  type User,
} from './world.ts';

export interface LocalDiscordOptions {
  /** Time for the three seconds and the fifteen minutes of an interaction. Default: real time. */
  readonly clock?: Clock;
  /** Heartbeat interval that HELLO announces, in milliseconds. Default 41 250. */
  readonly heartbeatMs?: number;
  /** How many settled interactions, and how many messages with their files, are remembered. Default 1 000. */
  readonly keep?: number;
}

/** Who acts and where. Default: `reader` in `home`. */
export interface Actor {
  readonly user?: User;
  readonly guild?: Place;
}

export interface PostOptions extends Actor {
  /** Default: the only channel of the place. */
  readonly channel?: Channel;
  readonly replyTo?: Message;
  readonly forwarded?: Message;
  /** Fields in place of those that follow from the rest. */
  readonly extra?: JsonObject;
}

/** The servers of a local Discord, REST and gateway, and the world that they show: users, channels, guilds, messages. */
export class LocalServer {
  readonly token: string;
  readonly world: World;
  readonly gateway: Gateway;
  readonly commands: CommandStore;
  readonly faults = new Faults();
  /** A guild that the bot is a member of, and a user in it who reads English. */
  readonly home: Guild;
  readonly reader: User;
  /** Requests seen so far, by method and first path segment: `POST interactions`. */
  readonly requestCounts = new Map<string, number>();

  /** What the REST API names as the gateway in place of this server's own; null for that. */
  gatewayAddress: string | null = null;

  protected readonly clock: Clock;
  protected readonly interactions: InteractionHandler;
  readonly #server: Server;
  readonly #failures: unknown[] = [];
  #port = 0;

  protected constructor(options: LocalDiscordOptions) {
    const keep = options.keep ?? 1_000;
    this.clock = options.clock ?? systemClock;
    this.world = new World({ keep });
    const { applicationId } = this.world;
    this.token = `${Buffer.from(applicationId).toString('base64url')}.local.${randomBytes(8).toString('hex')}`;
    this.home = this.guild({ name: 'Home' });
    this.reader = this.user();
    const baseUrl = (): string => `http://127.0.0.1:${this.#port}`;
    const gatewayUrl = (): string => this.gatewayAddress ?? `ws://127.0.0.1:${this.#port}`;
    this.gateway = new Gateway({
      world: this.world,
      token: this.token,
      url: gatewayUrl,
      heartbeatMs: options.heartbeatMs ?? 41_250,
    });
    this.interactions = new InteractionHandler({
      world: this.world,
      clock: this.clock,
      keep,
      baseUrl,
    });
    this.commands = new CommandStore({ applicationId, newId: () => this.world.newId() });
    this.#server = createRestServer({
      routes: new Routes({
        world: this.world,
        interactions: this.interactions,
        commands: this.commands,
        gatewayUrl,
        baseUrl,
      }),
      interactions: this.interactions,
      faults: this.faults,
      token: this.token,
      seen: (method, path) => this.#count(`${method} ${path.split('/')[1] ?? ''}`),
      failed: (error) => this.#failures.push(error),
    });
    this.gateway.attach(this.#server);
  }

  /** Listens on a free port of 127.0.0.1. */
  protected async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** The address in place of `https://discord.com/api`; clients append `/v10`. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api`;
  }

  get applicationId(): string {
    return this.world.applicationId;
  }

  /** Cuts every connection, ends every wait, frees the port. Throws when the server itself failed on a request. */
  async stop(): Promise<void> {
    this.interactions.abortAll('the local Discord was stopped');
    this.gateway.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#failures.length > 0) {
      throw new AggregateError(this.#failures, 'the local Discord failed on a request');
    }
  }

  user(fields: Partial<User> = {}): User {
    const id = fields.id ?? this.world.newId();
    const user: User = {
      id,
      username: fields.username ?? `user-${id.slice(-6)}`,
      locale: fields.locale ?? 'en-US',
      permissions: fields.permissions ?? MEMBER_PERMISSIONS,
      dmChannelId: fields.dmChannelId ?? this.world.newId(),
      privateChannelId: fields.privateChannelId ?? this.world.newId(),
    };
    this.world.users.set(id, user);
    this.channel({ id: user.dmChannelId, place: 'dm', type: 1 });
    return user;
  }

  /** Adds a channel or a thread. Default: a text channel of `home` where the bot may do what members may. */
  channel(fields: Partial<Channel> = {}): Channel {
    const place = fields.place ?? this.home;
    const channel: Channel = {
      id: fields.id ?? this.world.newId(),
      place,
      type: fields.type ?? 0,
      parentId: fields.parentId ?? null,
      botPermissions:
        fields.botPermissions ?? (place === 'dm' ? MEMBER_PERMISSIONS : place.botPermissions),
      locked: fields.locked ?? false,
    };
    this.world.channels.set(channel.id, channel);
    return channel;
  }

  /** Adds a guild; the gateway tells a bot that is connected and a member. */
  guild(fields: Partial<Guild> = {}): Guild {
    const id = fields.id ?? this.world.newId();
    const guild: Guild = {
      id,
      name: fields.name ?? `guild-${id.slice(-6)}`,
      locale: fields.locale ?? 'en-US',
      channelId: fields.channelId ?? this.world.newId(),
      systemChannelId: fields.systemChannelId ?? null,
      botPermissions: fields.botPermissions ?? MEMBER_PERMISSIONS,
      installed: fields.installed ?? true,
    };
    this.world.guilds.set(id, guild);
    this.channel({ id: guild.channelId, place: guild });
    if (guild.systemChannelId !== null) {
      this.channel({ id: guild.systemChannelId, place: guild });
    }
    // The first guild is made before the gateway is.
    if (guild.installed && this.#port !== 0) {
      this.gateway.dispatch('GUILD_CREATE', guildJson(guild, this.world), guild.id);
    }
    return guild;
  }

  /** Posts a message of a user; the bot receives it if its intents include it. */
  post(content: string, options: PostOptions = {}): Message {
    const user = options.user ?? this.reader;
    const place = options.channel?.place ?? options.guild ?? this.home;
    const draft = draftMessage(
      { content: content || '-' },
      { path: [], uploads: [], before: null, newId: () => this.world.newId(), baseUrl: '' },
    );
    const { replyTo, forwarded } = options;
    const mentionsBot =
      content.includes(`<@${this.applicationId}>`) || replyTo?.author === this.world.botUser;
    const { message } = this.world.addMessage(draft, {
      place,
      channelId: options.channel?.id ?? channelOf(place, user),
      type: replyTo === undefined ? 0 : 19,
      visibleTo: null,
      author: userJson(user),
      extra: {
        content,
        mentions: mentionsBot ? [this.world.botUser] : [],
        ...(replyTo === undefined
          ? {}
          : {
              message_reference: {
                type: 0,
                message_id: replyTo.id,
                channel_id: replyTo.channel_id,
              },
              referenced_message: this.current(replyTo) ?? null,
            }),
        ...(forwarded === undefined
          ? {}
          : {
              message_reference: {
                type: 1,
                message_id: forwarded.id,
                channel_id: forwarded.channel_id,
              },
              message_snapshots: [{ message: { ...forwarded } }],
            }),
        ...options.extra,
      },
    });
    this.dispatchMessage(message, typeof place === 'object' ? place.id : null);
    return message;
  }

  /** Sends a message to the bot as new, which Discord does again after a lost connection. */
  dispatchMessage(message: Message, guildId: string | null): void {
    const event = guildId === null ? 'DIRECT_MESSAGE_CREATE' : 'MESSAGE_CREATE';
    const data = { ...message, ...(guildId === null ? {} : { guild_id: guildId }) };
    this.gateway.dispatch(event, data, guildId);
  }

  /** The bot's reply to a message, now or as soon as there is one. */
  replyTo(message: Message): Promise<Message> {
    return this.world.untilSaid(`a reply to “${message.content}”`, () =>
      this.world
        .saidIn(message.channel_id)
        .find((said) => asObject(said['message_reference'])['message_id'] === message.id),
    );
  }

  /** Deletes a message as its author or a moderator would; the bot's edits of it then meet 10008. */
  deleteMessage(message: Message): void {
    this.world.deleteMessage(message.id);
  }

  /** A message in its present state, or undefined once it is deleted. */
  current(message: Message): Message | undefined {
    return this.world.message(message.id)?.message;
  }

  #count(key: string): void {
    this.requestCounts.set(key, (this.requestCounts.get(key) ?? 0) + 1);
  }
}
