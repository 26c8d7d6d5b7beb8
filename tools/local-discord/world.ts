import type { JsonObject } from './json.ts';
import { MessageFlag } from './limits.ts';
import type { Draft, Message, SentFile } from './message.ts';

const DISCORD_EPOCH = 1_420_070_400_000;

/** Everything that a member of the public may do; the bot's own permissions are a guild's. */
export const MEMBER_PERMISSIONS =
  (1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 31n) | (1n << 38n);
export const Permission = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  readHistory: 1n << 16n,
  sendInThreads: 1n << 38n,
} as const;

export interface User {
  readonly id: string;
  readonly username: string;
  /** The language of the user's client, as Discord writes it: `ja`, `en-GB`. */
  readonly locale: string;
  /** Permissions of the user as a member, in every guild. */
  readonly permissions: bigint;
  readonly dmChannelId: string;
  /** A conversation of the user with somebody else, where only user-installed commands work. */
  readonly privateChannelId: string;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly channelId: string;
  /** Where the server shows its own messages; null for nowhere. */
  readonly systemChannelId: string | null;
  readonly botPermissions: bigint;
  /** Whether the bot is a member; where it is not, only users who installed the app can use it. */
  readonly installed: boolean;
}

/** Where an interaction happens: a guild, the direct messages with the bot, or those between two users. */
export type Place = Guild | 'dm' | 'private';

/** A place for messages: a channel or a thread of a guild, or the direct messages of a user with the bot. */
export interface Channel {
  readonly id: string;
  readonly place: Guild | 'dm';
  /** As Discord numbers them: 0 text, 1 direct messages, 11 public thread, 15 forum. */
  readonly type: number;
  readonly parentId: string | null;
  readonly botPermissions: bigint;
  /** Of a thread that is closed to all but moderators. */
  readonly locked: boolean;
}

export interface StoredMessage {
  /** Replaced, never changed, by an edit: whoever holds an earlier one keeps what was shown then. */
  message: Message;
  readonly place: Place;
  /** The only user who sees the message, or null where all do. */
  readonly visibleTo: string | null;
  readonly files: Map<string, SentFile>;
}

/** The guilds and messages of the server. Holds at most `keep` messages, oldest dropped first. */
export class World {
  readonly applicationId: string;
  readonly botUser: JsonObject;
  readonly guilds = new Map<string, Guild>();
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  /** Channels where the bot showed that it is typing, each time. */
  readonly typings: string[] = [];
  #watchers: (() => void)[] = [];
  /** Who owns the application: a user, or the members of a team. */
  owner: JsonObject | null = null;
  team: JsonObject | null = null;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #keep: number;
  #lastId = 0n;

  constructor(options: { keep: number }) {
    this.#keep = options.keep;
    this.applicationId = this.newId();
    this.botUser = {
      id: this.applicationId,
      username: 'local-bot',
      discriminator: '0',
      global_name: null,
      avatar: null,
      bot: true,
      flags: 0,
    };
  }

  /** A new snowflake, greater than all before it. */
  newId(): string {
    const id = BigInt(Date.now() - DISCORD_EPOCH) << 22n;
    this.#lastId = id > this.#lastId ? id : this.#lastId + 1n;
    return this.#lastId.toString();
  }

  addMessage(
    draft: Draft,
    context: {
      place: Place;
      channelId: string;
      type: number;
      visibleTo: string | null;
      author?: JsonObject;
      extra?: JsonObject;
    },
  ): StoredMessage {
    const message: Message = {
      id: this.newId(),
      channel_id: context.channelId,
      type: context.type,
      author: context.author ?? this.botUser,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      pinned: false,
      tts: false,
      ...draftFields(draft),
      ...context.extra,
    };
    const stored = {
      message,
      place: context.place,
      visibleTo: context.visibleTo,
      files: new Map(draft.files),
    };
    this.#messages.set(message.id, stored);
    this.#forgetOldest();
    for (const watcher of [...this.#watchers]) watcher();
    return stored;
  }

  /** A reply that is still to come stays, however old. */
  #forgetOldest(): void {
    for (const [id, oldest] of this.#messages) {
      if (this.#messages.size <= this.#keep) return;
      if ((oldest.message.flags & MessageFlag.loading) === 0) this.#messages.delete(id);
    }
  }

  editMessage(stored: StoredMessage, draft: Draft): void {
    const message: Message = {
      ...stored.message,
      ...draftFields(draft),
      edited_timestamp: new Date().toISOString(),
    };
    stored.message = message;
    const { files } = stored;
    for (const [id, file] of draft.files) files.set(id, file);
    const kept = new Set(message.attachments.map((attachment) => attachment.id));
    for (const id of files.keys()) if (!kept.has(id)) files.delete(id);
  }

  /** Messages of a channel, oldest first. */
  messagesIn(channelId: string): Message[] {
    return [...this.#messages.values()]
      .map(({ message }) => message)
      .filter((message) => message.channel_id === channelId);
  }

  message(id: string): StoredMessage | undefined {
    return this.#messages.get(id);
  }

  /** The bot's messages in a channel, oldest first. */
  saidIn(channelId: string): Message[] {
    return [...this.#messages.values()]
      .map(({ message }) => message)
      .filter(({ channel_id, author }) => channel_id === channelId && author === this.botUser);
  }

  /** Resolves with what a look at the messages finds, now or after a later one; rejects after `timeoutMs`. */
  async untilSaid<T>(what: string, find: () => T | undefined, timeoutMs = 100_000): Promise<T> {
    const now = find();
    if (now !== undefined) return now;
    return new Promise<T>((resolve, reject) => {
      const watcher = (): void => {
        const found = find();
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((item) => item !== watcher);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited ${timeoutMs} ms for: ${what}`));
      }, timeoutMs);
      this.#watchers.push(watcher);
    });
  }

  deleteMessage(id: string): boolean {
    return this.#messages.delete(id);
  }
}

function draftFields(draft: Draft) {
  return {
    content: draft.content,
    flags: draft.flags,
    embeds: draft.embeds,
    components: draft.components,
    attachments: draft.attachments,
    mentions: draft.mentions,
    mention_roles: draft.mentionRoles,
    mention_everyone: draft.mentionEveryone,
  };
}

export function channelOf(place: Place, user: User): string {
  if (typeof place === 'object') return place.channelId;
  return place === 'dm' ? user.dmChannelId : user.privateChannelId;
}
