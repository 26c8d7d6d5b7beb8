/**
 * Replies to interactions and to messages: what may be sent next, what is sent again after a problem of Discord or of the
 * network, and refusals.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DiscordAPIError,
  HTTPError,
  MessageFlags,
  MessageReferenceType,
  RESTJSONErrorCodes as ErrorCodes,
  Routes,
  type APIMessageTopLevelComponent,
  type ButtonInteraction,
  type ChannelSelectMenuInteraction,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  type REST,
  type StringSelectMenuInteraction,
} from 'discord.js';
import type { SmallTalk } from '../language/answer-kinds.ts';
import type { Texts } from './text.ts';
import { messageBody, privateBody, type Notice, type View } from './view.ts';

/** A request that cannot be fulfilled, for a reason that the user can act on. Not a failure. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly sentence: (texts: Texts) => string;

  constructor(sentence: (texts: Texts) => string) {
    super('refused');
    this.sentence = sentence;
  }
}

/** Nothing was asked of the documents: an empty text counts as a greeting. */
export class NoQuestion extends Refusal {
  readonly talk: SmallTalk;

  constructor(talk: SmallTalk) {
    super(() => `small talk: ${talk}`);
    this.talk = talk;
  }
}

/** A button or menu whose subject no longer exists, or whose custom id is not understood. */
export function askAgain(): Refusal {
  return new Refusal((texts) => texts.askAgain);
}

export type ClickInteraction =
  | ButtonInteraction
  | StringSelectMenuInteraction
  | ChannelSelectMenuInteraction;

/** What was chosen from a menu. @throws Refusal when it was none */
export function chosenFrom(interaction: ClickInteraction): string {
  const chosen = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
  if (chosen === undefined) throw askAgain();
  return chosen;
}

export function componentsOf({
  message,
}: Pick<ClickInteraction, 'message'>): APIMessageTopLevelComponent[] {
  return message.components.map((component) => component.toJSON());
}

export type RepliableInteraction =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ClickInteraction
  | ModalSubmitInteraction;

type Stage = 'open' | 'deferred' | 'deferred-private' | 'done';

/** Discord waits three seconds for the first response. discord.js retries after a 5xx, not after a lost connection. */
const ACKNOWLEDGE_AFTER_MS = [50, 400];

/** The reply to one interaction. It keeps track of what was sent, and so of what may be sent next. */
export class Reply {
  readonly #interaction: RepliableInteraction;
  #stage: Stage = 'open';
  readonly canBePrivate: boolean = true;

  constructor(interaction: RepliableInteraction) {
    this.#interaction = interaction;
  }

  /** Acknowledges a command; `isPrivate` decides who will see the reply. */
  async defer({ isPrivate }: { isPrivate: boolean }): Promise<void> {
    await acknowledge(() =>
      this.#interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {}),
    );
    this.#interaction.deferred = true;
    this.#stage = isPrivate ? 'deferred-private' : 'deferred';
  }

  /**
   * Acknowledges a click that changes its message. Only the user who asked for the message changes it; anybody else
   * gets a private copy.
   */
  async deferUpdate(click: ClickInteraction): Promise<void> {
    const owner = click.message.interactionMetadata?.user.id;
    if (owner !== undefined && owner !== click.user.id) return this.defer({ isPrivate: true });
    await acknowledge(() => click.deferUpdate());
    click.deferred = true;
    this.#stage = 'done';
  }

  async fill(content: View | Notice): Promise<void> {
    await withRetries(() => this.#interaction.editReply(messageBody(content)));
    this.#stage = 'done';
  }

  /** Sends what was deferred to the user alone, also where it was deferred for everybody. */
  fillPrivately(view: View): Promise<void> {
    return this.#stage === 'deferred' ? this.#followUpPrivately(view) : this.fill(view);
  }

  /** Sends another message that everybody sees, after an acknowledged click. */
  async post(view: View): Promise<void> {
    await withRetries(() => this.#interaction.followUp(messageBody(view)));
  }

  async send(content: View | Notice, { isPrivate }: { isPrivate: boolean }): Promise<void> {
    const body = isPrivate ? privateBody(content) : messageBody(content);
    await acknowledge(() => this.#interaction.reply(body));
    this.#stage = 'done';
  }

  /** Sends to the user alone, whatever was sent or deferred before. */
  sendPrivately(content: View | Notice): Promise<void> {
    if (this.#stage === 'open') return this.send(content, { isPrivate: true });
    if (this.#stage === 'deferred-private') return this.fill(content);
    return this.#followUpPrivately(content);
  }

  /** A public "thinking…" is deleted first, because a follow-up to it would be public too. */
  async #followUpPrivately(content: View | Notice): Promise<void> {
    if (this.#stage === 'deferred') await this.#interaction.deleteReply().catch(() => undefined);
    await withRetries(() => this.#interaction.followUp(privateBody(content)));
    this.#stage = 'done';
  }
}

/**
 * Sends the first response. Where it took effect but its confirmation was lost, discord.js sends it again, and Discord
 * refuses that as a second response: it has arrived.
 */
async function acknowledge(send: () => Promise<unknown>): Promise<void> {
  try {
    await withRetries(send, ACKNOWLEDGE_AFTER_MS);
  } catch (error) {
    if (!hasCode(error, ErrorCodes.InteractionHasAlreadyBeenAcknowledged)) throw error;
  }
}

/** The reply to one message: it refers to the message, and pings nobody. Without a message it refers to none. */
export class MessageReply {
  readonly #rest: REST;
  readonly #channelId: string;
  readonly #messageId: string | null;

  constructor(rest: REST, message: { readonly channel_id: string; readonly id?: string }) {
    this.#rest = rest;
    this.#channelId = message.channel_id;
    this.#messageId = message.id ?? null;
  }

  /** Shows for ten seconds that an answer is coming. @throws DiscordAPIError where the bot may not speak */
  async type(): Promise<void> {
    await this.#rest.post(Routes.channelTyping(this.#channelId));
  }

  async fill(content: View | Notice): Promise<void> {
    try {
      await this.#send(content, this.#messageId);
    } catch (error) {
      // Without the permission to read earlier messages the bot may speak, but not refer to one.
      if (!hasCode(error, ErrorCodes.CannotReplyWithoutPermissionToReadMessageHistory)) throw error;
      await this.#send(content, null);
    }
  }

  /** A reply to a message is for all who see the message. */
  readonly canBePrivate = false;

  fillPrivately(content: View | Notice): Promise<void> {
    return this.fill(content);
  }

  async #send(content: View | Notice, messageId: string | null): Promise<void> {
    const { allowedMentions, files = [], ...message } = messageBody(content);
    const reference = {
      type: MessageReferenceType.Default,
      message_id: messageId,
      channel_id: this.#channelId,
      // The question may be deleted while it is answered.
      fail_if_not_exists: false,
    };
    const body = {
      ...message,
      allowed_mentions: { ...allowedMentions, replied_user: false },
      ...(messageId === null
        ? {}
        : // The same request sent again after a lost connection makes no second reply.
          { message_reference: reference, nonce: messageId, enforce_nonce: true }),
    };
    await withRetries(() =>
      this.#rest.post(Routes.channelMessages(this.#channelId), {
        body,
        files: files.map(({ name, attachment }) => ({ name, data: attachment })),
      }),
    );
  }
}

/**
 * Error codes for a place where the bot may not speak: an unknown channel, a forum itself, a permission that is missing, a
 * user who takes no messages, an archived or a locked thread.
 */
const NO_PERMISSION: ReadonlySet<number> = new Set([
  ...[10003, 40058, 50001, 50007, 50008, 50009, 50013, 50083, 50278, 160005],
]);

export function isForbidden(error: unknown): error is DiscordAPIError {
  return error instanceof DiscordAPIError && NO_PERMISSION.has(Number(error.code));
}

export function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.some((code) => error.code === code);
}

/** Whether the interaction itself has expired or was answered elsewhere: then no reply can reach the user. */
export function isUnreachable(error: unknown): boolean {
  return hasCode(
    error,
    ErrorCodes.UnknownInteraction,
    ErrorCodes.InteractionHasAlreadyBeenAcknowledged,
    ErrorCodes.UnknownWebhook,
    ErrorCodes.InvalidWebhookToken,
  );
}

/** Discord can be unavailable for some seconds, and the token of an interaction is valid for 15 minutes. */
const RETRY_AFTER_MS = [1_000, 4_000];

async function withRetries<T>(
  send: () => Promise<T>,
  pauses: readonly number[] = RETRY_AFTER_MS,
): Promise<T> {
  for (const ms of pauses) {
    try {
      return await send();
    } catch (error) {
      if (!isTemporary(error)) throw error;
      await sleep(ms);
    }
  }
  return send();
}

/** A problem of Discord's servers or of the network: the same request may succeed later. */
function isTemporary(error: unknown): boolean {
  if (error instanceof DiscordAPIError || error instanceof HTTPError) return error.status >= 500;
  if (!(error instanceof Error)) return false;
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string'
    ? /^(?:ECONN|ETIMEDOUT|EPIPE|UND_ERR|ENOTFOUND|EAI_AGAIN)/.test(code)
    : error.name === 'AbortError';
}
