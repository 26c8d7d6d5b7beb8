import {
  DiscordAPIError,
  HTTPError,
  MessageFlags,
  type ButtonInteraction,
  type ChannelSelectMenuInteraction,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorCodes } from './limits.ts';
import { messageBody, type Notice, type View } from './views/components.ts';

/** A click on a button, or a choice from a menu. */
export type ClickInteraction =
  ButtonInteraction | StringSelectMenuInteraction | ChannelSelectMenuInteraction;

/** What the bot replies to. */
export type RepliableInteraction =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ClickInteraction
  | ModalSubmitInteraction;

/** What was sent so far. `update`: the message with the clicked control will be edited. */
type Stage = 'open' | 'deferred' | 'deferred-private' | 'update' | 'done';

/** Discord can be unavailable for some seconds, and the token of an interaction is valid for 15 minutes. */
const RETRY_AFTER_MS = [1_000, 4_000];
/** Discord waits three seconds for the first response. discord.js retries after a 5xx, not after a lost connection. */
const ACKNOWLEDGE_AFTER_MS = [50, 400];

/** The reply to one interaction. It keeps track of what was sent, and so of what may be sent next. */
export class Reply {
  readonly #interaction: RepliableInteraction;
  #stage: Stage = 'open';
  /** Whether a reply can be shown to one user alone. */
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
  async deferUpdate(click: ClickInteraction): Promise<{ isCopy: boolean }> {
    const owner = click.message.interactionMetadata?.user.id;
    if (owner !== undefined && owner !== click.user.id) {
      await this.defer({ isPrivate: true });
      return { isCopy: true };
    }
    await acknowledge(() => click.deferUpdate());
    click.deferred = true;
    this.#stage = 'update';
    return { isCopy: false };
  }

  /** Sends what was deferred. */
  async fill(view: View): Promise<void> {
    await withRetries(() => this.#interaction.editReply(messageBody(view)));
    this.#stage = 'done';
  }

  /** Sends what was deferred to the user alone, also where it was deferred for everybody. */
  async fillPrivately(view: View): Promise<void> {
    if (this.#stage !== 'deferred') return this.fill(view);
    await this.#followUpPrivately(view);
  }

  /** Replies at once, without deferring. */
  async send(content: View | Notice, { isPrivate }: { isPrivate: boolean }): Promise<void> {
    const body = messageBody(content);
    const flags = [
      ...(body.flags === undefined ? [] : [body.flags]),
      ...(isPrivate ? [MessageFlags.Ephemeral as const] : []),
    ];
    await acknowledge(() => this.#interaction.reply({ ...body, flags }));
    this.#stage = 'done';
  }

  /** Sends a sentence to the user alone, whatever was sent or deferred before. */
  async sendPrivately(notice: View | Notice): Promise<void> {
    const stage = this.#stage;
    if (stage === 'open') return this.send(notice, { isPrivate: true });
    if (stage !== 'deferred-private') return this.#followUpPrivately(notice);
    await withRetries(() => this.#interaction.editReply(messageBody(notice)));
    this.#stage = 'done';
  }

  /** A public "thinking…" is deleted first, because a follow-up to it would be public too. */
  async #followUpPrivately(content: View | Notice): Promise<void> {
    if (this.#stage === 'deferred') await this.#interaction.deleteReply().catch(() => undefined);
    const body = messageBody(content);
    const flags = [
      ...(body.flags === undefined ? [] : [body.flags]),
      MessageFlags.Ephemeral as const,
    ];
    await withRetries(() => this.#interaction.followUp({ ...body, flags }));
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
    const hasArrived =
      error instanceof DiscordAPIError && error.code === ErrorCodes.alreadyAcknowledged;
    if (!hasArrived) throw error;
  }
}

/** Tries again after a problem of Discord's servers or of the network. */
export async function withRetries<T>(
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
  return (
    error instanceof Error &&
    /^(?:ECONN|ETIMEDOUT|EPIPE|UND_ERR|ENOTFOUND|EAI_AGAIN)/.test(codeOf(error))
  );
}

function codeOf(error: Error): string {
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return code;
  return error.name === 'AbortError' ? 'ETIMEDOUT' : '';
}
