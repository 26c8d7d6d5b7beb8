import { apiError } from './api-error.ts';
import type { CommandStore } from './command-store.ts';
import type { Answer, InteractionHandler } from './interactions.ts';
import { asString, isObject, type Json, type JsonObject } from './json.ts';
import type { Message } from './message.ts';
import { draftMessage } from './message-form.ts';
import { guildJson, placeJson } from './payloads.ts';
import { objectBody, type RequestBody } from './request-body.ts';
import { Permission, type Channel, type Guild, type StoredMessage, type World } from './world.ts';

export interface RestRequest {
  readonly method: string;
  /** Segments of the path after `/api/v10`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: RequestBody;
  /** `performance.now()` at arrival. */
  readonly at: number;
  readonly authorized: boolean;
}

export interface RestAnswer {
  readonly status: number;
  readonly json: JsonObject | Json[] | null;
}

/** Answers the requests of a bot by path and method. Every refusal is a thrown ApiError. */
export class Routes {
  readonly #world: World;
  readonly #interactions: InteractionHandler;
  readonly #commands: CommandStore;
  readonly #gatewayUrl: () => string;
  readonly #baseUrl: () => string;
  #logins = 1_000;

  constructor(options: {
    world: World;
    interactions: InteractionHandler;
    commands: CommandStore;
    gatewayUrl: () => string;
    baseUrl: () => string;
  }) {
    this.#world = options.world;
    this.#interactions = options.interactions;
    this.#commands = options.commands;
    this.#gatewayUrl = options.gatewayUrl;
    this.#baseUrl = options.baseUrl;
  }

  handle(request: RestRequest): RestAnswer {
    const [root, ...rest] = request.segments;
    if (root === 'interactions') return this.#callback(request, rest);
    if (root === 'webhooks' && rest.length > 1) return this.#webhook(request, rest);
    if (!request.authorized) throw apiError('unauthorized');
    switch (root) {
      case 'gateway':
        return this.#gateway(request);
      case 'users':
        if (rest[0] !== '@me') throw apiError('unknownUser');
        if (rest[1] === 'channels') return this.#openDm(request);
        return only(request, 'GET', () => this.#world.botUser);
      case 'oauth2':
        return only(request, 'GET', () => this.#application());
      case 'applications':
        return this.#applications(request, rest);
      case 'guilds':
        return only(request, 'GET', () => guildJson(this.#guild(rest[0]), this.#world));
      case 'channels':
        return this.#channels(request, rest);
      default:
        throw apiError('notFound');
    }
  }

  #callback(request: RestRequest, [id = '', token = '', tail]: string[]): Answer {
    if (tail !== 'callback') throw apiError('notFound');
    if (request.method !== 'POST') throw apiError('methodNotAllowed');
    return this.#interactions.callback(this.#interactions.byToken(token), {
      id,
      body: request.body,
      at: request.at,
      withResponse: request.query.get('with_response') === 'true',
    });
  }

  #webhook(request: RestRequest, [app, token = '', tail, message]: string[]): Answer {
    const exchange =
      app === this.#world.applicationId ? this.#interactions.byToken(token) : undefined;
    if (tail === undefined) {
      if (request.method !== 'POST') throw apiError('methodNotAllowed');
      return this.#interactions.followUp(exchange, request);
    }
    if (tail !== 'messages' || message === undefined) throw apiError('notFound');
    switch (request.method) {
      case 'GET':
        return this.#interactions.fetch(exchange, message);
      case 'PATCH':
        return this.#interactions.edit(exchange, message, request);
      case 'DELETE':
        return this.#interactions.delete(exchange, message);
      default:
        throw apiError('methodNotAllowed');
    }
  }

  #gateway(request: RestRequest): RestAnswer {
    return only(request, 'GET', () => {
      this.#logins -= 1;
      return {
        url: this.#gatewayUrl(),
        shards: 1,
        session_start_limit: {
          total: 1_000,
          remaining: Math.max(this.#logins, 0),
          reset_after: 86_400_000,
          max_concurrency: 1,
        },
      };
    });
  }

  #application(): JsonObject {
    return {
      id: this.#world.applicationId,
      name: 'local-bot',
      icon: null,
      description: '',
      bot_public: true,
      bot_require_code_grant: false,
      summary: '',
      verify_key: '',
      flags: 0,
      bot: this.#world.botUser,
      owner: this.#world.owner ?? this.#world.botUser,
      team: this.#world.team,
      approximate_guild_count: this.#world.guilds.size,
    };
  }

  #applications(request: RestRequest, [app, ...rest]: string[]): RestAnswer {
    if (app !== '@me' && app !== this.#world.applicationId) throw apiError('unknownApplication');
    if (rest.length === 0) return only(request, 'GET', () => this.#application());
    if (rest[0] === 'commands') return this.#registry(request, null, rest[1]);
    if (rest[0] === 'guilds' && rest[2] === 'commands') {
      const guild = this.#world.guilds.get(rest[1] ?? '');
      if (guild?.installed !== true) throw apiError('missingAccess');
      return this.#registry(request, guild.id, rest[3]);
    }
    throw apiError('notFound');
  }

  #registry(request: RestRequest, guildId: string | null, id: string | undefined): RestAnswer {
    const commands = this.#commands;
    if (id === undefined) {
      switch (request.method) {
        case 'GET': {
          const localizations = request.query.get('with_localizations') === 'true';
          return { status: 200, json: commands.list(guildId, { localizations }) };
        }
        case 'PUT':
          return { status: 200, json: commands.overwrite(guildId, request.body.json) };
        case 'POST': {
          const { created, command } = commands.upsert(guildId, objectBody(request.body));
          return { status: created ? 201 : 200, json: command };
        }
        default:
          throw apiError('methodNotAllowed');
      }
    }
    switch (request.method) {
      case 'GET':
        return { status: 200, json: commands.get(guildId, id) };
      case 'PATCH':
        return { status: 200, json: commands.edit(guildId, id, objectBody(request.body)) };
      case 'DELETE':
        commands.delete(guildId, id);
        return { status: 204, json: null };
      default:
        throw apiError('methodNotAllowed');
    }
  }

  #openDm(request: RestRequest): RestAnswer {
    return only(request, 'POST', () => {
      const user = this.#world.users.get(asString(objectBody(request.body)['recipient_id']));
      const channel = this.#world.channels.get(user?.dmChannelId ?? '');
      if (channel === undefined) throw apiError('unknownUser');
      return placeJson(channel);
    });
  }

  #channels(request: RestRequest, [id, tail, messageId]: string[]): RestAnswer {
    const channel = this.#world.channels.get(id ?? '');
    if (channel === undefined) throw apiError('unknownChannel');
    const { place, botPermissions } = channel;
    const isInstalled = place === 'dm' || place.installed;
    if (!isInstalled || (botPermissions & Permission.viewChannel) === 0n) {
      throw apiError('missingAccess');
    }
    if (tail === undefined) return only(request, 'GET', () => placeJson(channel));
    if (tail === 'typing') {
      if (request.method !== 'POST') throw apiError('methodNotAllowed');
      assertSpeaks(channel);
      this.#world.typings.push(channel.id);
      return { status: 204, json: null };
    }
    if (tail !== 'messages') throw apiError('notFound');
    if (messageId === undefined) {
      if (request.method !== 'POST') throw apiError('methodNotAllowed');
      assertSpeaks(channel);
      return { status: 200, json: this.#say(request, channel) };
    }
    const stored = this.#world.message(messageId);
    if (stored === undefined || stored.message.channel_id !== id || stored.visibleTo !== null) {
      throw apiError('unknownMessage');
    }
    switch (request.method) {
      case 'GET':
        return { status: 200, json: stored.message };
      case 'PATCH':
        if (stored.message.author !== this.#world.botUser) throw apiError('otherAuthor');
        this.#world.editMessage(stored, this.#draft(request, stored));
        return { status: 200, json: stored.message };
      case 'DELETE':
        if (stored.message.author !== this.#world.botUser) throw apiError('missingPermissions');
        this.#world.deleteMessage(messageId);
        return { status: 204, json: null };
      default:
        throw apiError('methodNotAllowed');
    }
  }

  /** A new message of the bot. With `enforce_nonce` the same one sent twice is one. */
  #say(request: RestRequest, channel: Channel): Message {
    const body = objectBody(request.body);
    const { nonce, message_reference: reference } = body;
    const before = this.#world.saidIn(channel.id).find((message) => message['nonce'] === nonce);
    if (nonce !== undefined && body['enforce_nonce'] === true && before !== undefined)
      return before;
    if (reference !== undefined && (channel.botPermissions & Permission.readHistory) === 0n) {
      throw apiError('noHistory');
    }
    const isReply = isObject(reference);
    const referenced = isReply ? this.#world.message(asString(reference['message_id'])) : undefined;
    const context = {
      place: channel.place,
      channelId: channel.id,
      type: isReply ? 19 : 0,
      visibleTo: null,
      extra: {
        ...(nonce === undefined ? {} : { nonce }),
        ...(isReply ? { message_reference: reference } : {}),
        ...(isReply ? { referenced_message: referenced?.message ?? null } : {}),
      },
    };
    return this.#world.addMessage(this.#draft(request, null), context).message;
  }

  #draft(request: RestRequest, stored: StoredMessage | null) {
    return draftMessage(objectBody(request.body), {
      path: [],
      uploads: request.body.files,
      before: stored?.message ?? null,
      newId: () => this.#world.newId(),
      baseUrl: this.#baseUrl(),
    });
  }

  #guild(id: string | undefined): Guild {
    const guild = this.#world.guilds.get(id ?? '');
    if (guild?.installed !== true) throw apiError('unknownGuild');
    return guild;
  }
}

function assertSpeaks({ type, botPermissions, locked }: Channel): void {
  const needed = type === 11 ? Permission.sendInThreads : Permission.sendMessages;
  if ((botPermissions & needed) === 0n) throw apiError('missingPermissions');
  if (locked) throw apiError('threadLocked');
}

function only(request: RestRequest, method: string, answer: () => JsonObject): RestAnswer {
  if (request.method !== method) throw apiError('methodNotAllowed');
  return { status: 200, json: answer() };
}
