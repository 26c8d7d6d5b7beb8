import { apiError } from './api-error.ts';
import type { Clock } from './clock.ts';
import { checkChoiceList } from './command-form.ts';
import { Callback, type Exchange, type ExchangeKind } from './exchange.ts';
import { Form } from './form.ts';
import { asObject, asObjects, type JsonObject } from './json.ts';
import { LIMITS, MessageFlag } from './limits.ts';
import type { Draft } from './message.ts';
import { checkDeferFlags, draftMessage } from './message-form.ts';
import { checkModal } from './modal-form.ts';
import { objectBody, type RequestBody } from './request-body.ts';
import type { StoredMessage, World } from './world.ts';

const INTERACTION_TYPE = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

const NO_CONTENT: Draft = {
  content: '',
  flags: 0,
  embeds: [],
  components: [],
  attachments: [],
  mentions: [],
  mentionRoles: [],
  mentionEveryone: false,
  files: new Map(),
};

export interface Answer {
  readonly status: number;
  readonly json: JsonObject | null;
}

/** Handles the bot's callbacks, edits and follow-ups, by Discord's rules and clock. */
export class InteractionHandler {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #keep: number;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #baseUrl: () => string;

  constructor(options: { world: World; clock: Clock; keep: number; baseUrl: () => string }) {
    this.#world = options.world;
    this.#clock = options.clock;
    this.#keep = options.keep;
    this.#baseUrl = options.baseUrl;
  }

  /** Makes an interaction known. Beyond the number to keep, the oldest that is settled is forgotten. */
  open(exchange: Exchange): void {
    this.#exchanges.set(exchange.token, exchange);
    if (this.#exchanges.size <= this.#keep) return;
    for (const [token, oldest] of this.#exchanges) {
      if (!oldest.settled) continue;
      this.#exchanges.delete(token);
      return;
    }
  }

  byToken(token: string): Exchange | undefined {
    return this.#exchanges.get(token);
  }

  abortAll(why: string): void {
    for (const exchange of this.#exchanges.values()) exchange.abort(why);
  }

  /** `POST /interactions/:id/:token/callback`. */
  callback(
    exchange: Exchange | undefined,
    request: { id: string; body: RequestBody; at: number; withResponse: boolean },
  ): Answer {
    if (exchange?.id !== request.id) throw apiError('unknownInteraction');
    if (exchange.callbackType !== null) throw apiError('alreadyAcknowledged');
    if (this.#clock.now() - exchange.bornAt > LIMITS.ackMs) throw apiError('unknownInteraction');
    const body = objectBody(request.body);
    const type = body['type'];
    const form = new Form();
    form.choice(['type'], type, allowedCallbacks(exchange));
    form.assertValid();
    const data = asObject(body['data']);
    switch (type) {
      case Callback.reply:
        this.#reply(exchange, data, request);
        break;
      case Callback.defer:
        this.#defer(exchange, data);
        break;
      case Callback.deferUpdate:
        exchange.original = exchange.source;
        break;
      case Callback.update:
        this.#edit(exchange, this.#alive(exchange.source), data, { ...request, path: ['data'] });
        break;
      case Callback.choices:
        exchange.choicesOrNull = checkedChoices(data, exchange.focusedOptionType);
        break;
      default:
        checkModal(form, ['data'], data);
        form.assertValid();
        exchange.modalOrNull = data;
    }
    exchange.acknowledge(Number(type), request.at);
    if (!request.withResponse) return { status: 204, json: null };
    return { status: 200, json: callbackResponse(exchange) };
  }

  /** `POST /webhooks/:app/:token`. The first one after a deferral fills the deferred reply in. */
  followUp(exchange: Exchange | undefined, request: { body: RequestBody; at: number }): Answer {
    const known = this.#usable(exchange);
    const body = objectBody(request.body);
    const { original } = known;
    const loading = ((original?.message.flags ?? 0) & MessageFlag.loading) !== 0;
    if (original !== null && loading && !known.deleted) {
      const stored = this.#alive(original);
      // The deferral fixed who sees the reply, so the flag that a follow-up may carry is not looked at.
      const edit = { ...body };
      if (typeof edit['flags'] === 'number') edit['flags'] &= ~MessageFlag.ephemeral;
      this.#edit(known, stored, edit, { ...request, path: [] });
      return { status: 200, json: stored.message };
    }
    const outside = typeof known.place === 'object' && !known.place.installed;
    if (outside && known.followUps.length >= LIMITS.followUpsOutsideInstall) {
      throw apiError('tooManyFollowUps');
    }
    const stored = this.#create(known, body, { uploads: request.body.files, path: [] });
    known.addFollowUp(stored.message, request.at);
    return { status: 200, json: stored.message };
  }

  /** `GET /webhooks/:app/:token/messages/:message`. */
  fetch(exchange: Exchange | undefined, messageId: string): Answer {
    return { status: 200, json: this.#find(this.#usable(exchange), messageId).message };
  }

  /** `PATCH /webhooks/:app/:token/messages/:message`. */
  edit(
    exchange: Exchange | undefined,
    messageId: string,
    request: { body: RequestBody; at: number },
  ): Answer {
    const known = this.#usable(exchange);
    const stored = this.#find(known, messageId);
    this.#edit(known, stored, objectBody(request.body), { ...request, path: [] });
    return { status: 200, json: stored.message };
  }

  /** `DELETE /webhooks/:app/:token/messages/:message`. */
  delete(exchange: Exchange | undefined, messageId: string): Answer {
    const known = this.#usable(exchange);
    const stored = this.#find(known, messageId);
    this.#world.deleteMessage(stored.message.id);
    if (stored === known.original) known.deleted = true;
    return { status: 204, json: null };
  }

  #reply(exchange: Exchange, data: JsonObject, request: { body: RequestBody; at: number }): void {
    const stored = this.#create(exchange, data, { uploads: request.body.files, path: ['data'] });
    exchange.show(stored, request.at);
  }

  #defer(exchange: Exchange, data: JsonObject): void {
    const flags = checkDeferFlags(data['flags']) | MessageFlag.loading;
    exchange.original = this.#add(exchange, { ...NO_CONTENT, flags });
  }

  #create(
    exchange: Exchange,
    body: JsonObject,
    request: { uploads: RequestBody['files']; path: readonly string[] },
  ): StoredMessage {
    const draft = draftMessage(body, {
      ...request,
      before: null,
      newId: () => this.#world.newId(),
      baseUrl: this.#baseUrl(),
    });
    return this.#add(exchange, draft);
  }

  #add(exchange: Exchange, draft: Draft): StoredMessage {
    const ephemeral = (draft.flags & MessageFlag.ephemeral) !== 0;
    return this.#world.addMessage(draft, {
      place: exchange.place,
      channelId: exchange.channelId,
      type: exchange.kind === 'command' ? 20 : 19,
      visibleTo: ephemeral ? exchange.user.id : null,
      extra: {
        application_id: this.#world.applicationId,
        webhook_id: this.#world.applicationId,
        interaction_metadata: {
          id: exchange.id,
          type: INTERACTION_TYPE[exchange.kind],
          user: { id: exchange.user.id, username: exchange.user.username, discriminator: '0' },
          authorizing_integration_owners: {},
        },
      },
    });
  }

  #edit(
    exchange: Exchange,
    stored: StoredMessage,
    body: JsonObject,
    request: { body: RequestBody; at: number; path: readonly string[] },
  ): void {
    const draft = draftMessage(body, {
      path: request.path,
      uploads: request.body.files,
      before: stored.message,
      newId: () => this.#world.newId(),
      baseUrl: this.#baseUrl(),
    });
    this.#world.editMessage(stored, draft);
    const followUp = exchange.followUps.some((item) => item.id === stored.message.id);
    if (followUp) exchange.replaceFollowUp(stored.message, request.at);
    else exchange.show(stored, request.at);
  }

  /** The webhook of an interaction exists from its callback on, for fifteen minutes. */
  #usable(exchange: Exchange | undefined): Exchange {
    if (exchange === undefined) throw apiError('unknownWebhook');
    if (this.#clock.now() - exchange.bornAt > LIMITS.tokenMs) throw apiError('invalidWebhookToken');
    if (exchange.callbackType === null || exchange.kind === 'autocomplete') {
      throw apiError('unknownWebhook');
    }
    return exchange;
  }

  #find(exchange: Exchange, messageId: string): StoredMessage {
    if (messageId === '@original') return this.#alive(exchange.original);
    const known = [exchange.original, exchange.source].some(
      (item) => item?.message.id === messageId,
    );
    const followUp = exchange.followUps.some((item) => item.id === messageId);
    if (!known && !followUp) throw apiError('unknownMessage');
    return this.#alive(this.#world.message(messageId) ?? null);
  }

  #alive(stored: StoredMessage | null): StoredMessage {
    if (stored === null || this.#world.message(stored.message.id) === undefined) {
      throw apiError('unknownMessage');
    }
    return stored;
  }
}

function allowedCallbacks(exchange: Exchange): number[] {
  const message = [Callback.reply, Callback.defer];
  const updates = exchange.source === null ? [] : [Callback.deferUpdate, Callback.update];
  const byKind: Record<ExchangeKind, number[]> = {
    command: [...message, Callback.modal],
    component: [...message, ...updates, Callback.modal],
    modal: [...message, ...updates],
    autocomplete: [Callback.choices],
  };
  return byKind[exchange.kind];
}

function checkedChoices(data: JsonObject, optionType: number): JsonObject[] {
  const form = new Form();
  const path = ['data', 'choices'];
  const bounds = { max: LIMITS.choices, required: true };
  const choices = form.list(path, data['choices'], bounds);
  checkChoiceList(form, path, choices, optionType);
  form.assertValid();
  return asObjects(data['choices']);
}

function callbackResponse(exchange: Exchange): JsonObject {
  const message = exchange.original?.message ?? null;
  const shown = message !== null && exchange.callbackType !== Callback.deferUpdate;
  const flags = message?.flags ?? 0;
  return {
    interaction: {
      id: exchange.id,
      type: INTERACTION_TYPE[exchange.kind],
      ...(shown
        ? {
            response_message_id: message.id,
            response_message_loading: (flags & MessageFlag.loading) !== 0,
            response_message_ephemeral: (flags & MessageFlag.ephemeral) !== 0,
          }
        : {}),
    },
    resource: {
      type: exchange.callbackType,
      ...(shown ? { message } : {}),
    },
  };
}
