import { randomBytes } from 'node:crypto';
import { ApiError } from './api-error.ts';
import { Exchange, type ExchangeKind, type WaitOptions } from './exchange.ts';
import { InteractionPoster } from './interaction-poster.ts';
import type { JsonObject } from './json.ts';
import { LocalServer, type Actor, type LocalDiscordOptions } from './local-server.ts';
import type { Message } from './message.ts';
import { interactionJson } from './payloads.ts';
import {
  chatInputData,
  clickData,
  ImpossibleActionError,
  messageCommandData,
  modalData,
  selectData,
  type OptionValue,
} from './user-actions.ts';
import { channelOf, type Place, type User } from './world.ts';

export type Action = Actor & WaitOptions;

export interface CommandCall extends Action {
  /** Name, with group and subcommand after it: `admin reload`. */
  readonly name: string;
  readonly options?: Readonly<Record<string, OptionValue>>;
}

export interface AutocompleteCall extends CommandCall {
  /** The option being typed; its text so far is in `options`. */
  readonly focused: string;
}

export interface MessageCommandCall extends Action {
  readonly name: string;
  readonly target: Message;
}

const TYPES: Record<ExchangeKind, number> = {
  command: 2,
  component: 3,
  autocomplete: 4,
  modal: 5,
};

/**
 * Discord on 127.0.0.1, REST and gateway, for the real client: point `rest.api` at `apiUrl` and log in with `token`.
 * Users' actions are methods. Each has a twin, `send…`, that returns the Exchange at once; the plain one waits until the
 * user has an answer and rejects with NoAnswerError when none comes.
 */
export class LocalDiscord extends LocalServer {
  readonly poster = new InteractionPoster();
  /** Where interactions are posted to; null: they go over the gateway. */
  interactionsUrl: string | null = null;

  static async start(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
    const discord = new LocalDiscord(options);
    await discord.listen();
    return discord;
  }

  async command(call: CommandCall): Promise<Exchange> {
    return this.sendCommand(call).finished(call);
  }

  sendCommand(call: CommandCall): Exchange {
    const { user, place } = this.#actor(call);
    const { name, options = {} } = call;
    const { data } = chatInputData(this.commands, place, { name, options });
    return this.#send({ kind: 'command', label: `/${name}`, data, user, place });
  }

  async autocomplete(call: AutocompleteCall): Promise<Exchange> {
    return this.sendAutocomplete(call).finished(call);
  }

  sendAutocomplete(call: AutocompleteCall): Exchange {
    const { user, place } = this.#actor(call);
    const { name, focused } = call;
    const options = { [focused]: '', ...call.options };
    const { data, focusedType } = chatInputData(this.commands, place, { name, options, focused });
    const label = `autocomplete of ${focused} in /${name}`;
    return this.#send({ kind: 'autocomplete', label, data, user, place, focusedType });
  }

  async messageCommand(call: MessageCommandCall): Promise<Exchange> {
    return this.sendMessageCommand(call).finished(call);
  }

  sendMessageCommand(call: MessageCommandCall): Exchange {
    const { user, place } = this.#actor(call);
    const data = messageCommandData(this.commands, place, call);
    return this.#send({ kind: 'command', label: `"${call.name}"`, data, user, place });
  }

  async click(message: Message, customId: string, action: Action = {}): Promise<Exchange> {
    return this.sendClick(message, customId, action).finished(action);
  }

  sendClick(message: Message, customId: string, actor: Actor = {}): Exchange {
    return this.#use(message, `click on ${customId}`, actor, (now) => clickData(now, customId));
  }

  async select(
    message: Message,
    customId: string,
    values: readonly string[],
    action: Action = {},
  ): Promise<Exchange> {
    return this.sendSelect(message, customId, values, action).finished(action);
  }

  sendSelect(
    message: Message,
    customId: string,
    values: readonly string[],
    actor: Actor = {},
  ): Exchange {
    const label = `choice of ${values.join(', ')} in ${customId}`;
    return this.#use(message, label, actor, (now) => selectData(now, customId, values));
  }

  /** Submits the modal that an exchange opened, by the user to whom it was shown. */
  async submitModal(
    opened: Exchange,
    values: Readonly<Record<string, string | readonly string[]>>,
    wait: WaitOptions = {},
  ): Promise<Exchange> {
    return this.sendModal(opened, values).finished(wait);
  }

  sendModal(
    opened: Exchange,
    values: Readonly<Record<string, string | readonly string[]>>,
  ): Exchange {
    const data = modalData(opened.modal, values);
    return this.#send({
      kind: 'modal',
      label: `modal of ${opened.label}`,
      data,
      user: opened.user,
      place: opened.place,
      source: opened.source,
    });
  }

  #use(
    message: Message,
    label: string,
    actor: Actor,
    data: (message: Message) => JsonObject,
  ): Exchange {
    const user = actor.user ?? this.reader;
    const source = this.world.message(message.id);
    if (source === undefined) throw new ImpossibleActionError(`${label}: the message is gone`);
    if (source.visibleTo !== null && source.visibleTo !== user.id) {
      throw new ImpossibleActionError(`${label}: the message is ephemeral and another user's`);
    }
    return this.#send({
      kind: 'component',
      label,
      data: data(source.message),
      user,
      place: source.place,
      source,
    });
  }

  #actor(call: Actor): { user: User; place: Place } {
    return { user: call.user ?? this.reader, place: call.guild ?? this.home };
  }

  #send(event: {
    kind: ExchangeKind;
    label: string;
    data: JsonObject;
    user: User;
    place: Place;
    source?: Exchange['source'];
    focusedType?: number;
  }): Exchange {
    const { kind, label, data, user, place, source = null } = event;
    const exchange = new Exchange({
      id: this.world.newId(),
      token: randomBytes(24).toString('base64url'),
      kind,
      label,
      user,
      place,
      channelId: channelOf(place, user),
      source,
      focusedOptionType: event.focusedType ?? 0,
      bornAt: this.clock.now(),
    });
    const { id, token } = exchange;
    const payload = interactionJson(this.world, {
      id,
      token,
      type: TYPES[kind],
      data,
      user,
      place,
      ...(source === null ? {} : { message: source.message }),
    });
    this.interactions.open(exchange);
    exchange.sentAt = performance.now();
    if (this.interactionsUrl !== null) {
      void this.#post(this.interactionsUrl, exchange, payload);
      return exchange;
    }
    const guildId = typeof place === 'object' && place.installed ? place.id : null;
    if (this.gateway.dispatch('INTERACTION_CREATE', payload, guildId) === 0) {
      throw new ImpossibleActionError(`${label}: no bot is logged in`);
    }
    return exchange;
  }

  /** A response with a body is the callback; 202 says that the callback address is used. */
  async #post(url: string, exchange: Exchange, payload: JsonObject): Promise<void> {
    try {
      const { status, json } = await this.poster.post(url, payload);
      if (status === 202) return;
      if (status !== 200) throw new Error(`the endpoint answered ${status}`);
      const at = performance.now();
      const { id } = exchange;
      const body = { json, files: [] };
      this.interactions.callback(exchange, { id, body, at, withResponse: false });
      const path = `/interactions/${id}/${exchange.token}/callback`;
      exchange.record({ method: 'POST', path, json, at, status: 200, response: null });
    } catch (error) {
      exchange.abort(error instanceof ApiError ? JSON.stringify(error.body) : String(error));
    }
  }
}
