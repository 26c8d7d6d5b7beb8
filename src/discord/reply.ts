import {
  DiscordAPIError,
  HTTPError,
  MessageFlags,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorCodes } from './limits.ts';
import { messageBody, type Notice, type View } from './payload.ts';

export type Answerable =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ButtonInteraction
  | StringSelectMenuInteraction
  | ModalSubmitInteraction;

/** Where the conversation stands. `update`: the message with the clicked control will be edited. */
type Stage = 'open' | 'deferred' | 'deferred-private' | 'update' | 'done';

/** Discord is sometimes away for some seconds, and the token is good for a quarter of an hour. */
const RETRY_AFTER_MS = [1_000, 4_000];
/** The first response has three seconds in all; the library tries again by itself after a 5xx, not after a cut line. */
const ACKNOWLEDGE_AFTER_MS = [50, 400];

/** One interaction's replies: knows what was said already, and so what may be said next. */
export class Responder {
  readonly #interaction: Answerable;
  readonly #wait: (ms: number) => Promise<unknown>;
  #stage: Stage = 'open';

  constructor(interaction: Answerable, wait: (ms: number) => Promise<unknown> = (ms) => sleep(ms)) {
    this.#interaction = interaction;
    this.#wait = wait;
  }

  /** Acknowledges; who will see the reply is settled here. */
  async defer({ isPrivate }: { isPrivate: boolean }): Promise<void> {
    await this.#acknowledge(() =>
      this.#interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {}),
    );
    this.#interaction.deferred = true;
    this.#stage = isPrivate ? 'deferred-private' : 'deferred';
  }

  /** Acknowledges a click whose message will change. */
  async deferUpdate(interaction: ButtonInteraction | StringSelectMenuInteraction): Promise<void> {
    await this.#acknowledge(() => interaction.deferUpdate());
    interaction.deferred = true;
    this.#stage = 'update';
  }

  /** Fills in what was deferred. */
  async fill(view: View): Promise<void> {
    await this.#persistently(() => this.#interaction.editReply(messageBody(view)));
    this.#stage = 'done';
  }

  /** Replies at once, without deferring. */
  async reply(shown: View | Notice, { isPrivate }: { isPrivate: boolean }): Promise<void> {
    const body = messageBody(shown);
    const flags = [
      ...(body.flags === undefined ? [] : [body.flags]),
      ...(isPrivate ? [MessageFlags.Ephemeral as const] : []),
    ];
    await this.#acknowledge(() => this.#interaction.reply({ ...body, flags }));
    this.#stage = 'done';
  }

  /**
   * Says a sentence to the user alone, whatever was said or deferred before. A public "thinking…" is taken
   * back first: what follows a deferral is seen by whom the deferral was.
   */
  async whisper(notice: Notice): Promise<void> {
    const stage = this.#stage;
    if (stage === 'open') return this.reply(notice, { isPrivate: true });
    if (stage === 'deferred-private') {
      await this.#persistently(() => this.#interaction.editReply(messageBody(notice)));
    } else {
      if (stage === 'deferred') {
        await this.#interaction.deleteReply().catch(() => undefined);
      }
      await this.#persistently(() =>
        this.#interaction.followUp({ ...messageBody(notice), flags: MessageFlags.Ephemeral }),
      );
    }
    this.#stage = 'done';
  }

  /**
   * A first response that took effect while its confirmation was lost is sent again by the library, and then
   * refused as a second one: it has arrived.
   */
  async #acknowledge(send: () => Promise<unknown>): Promise<void> {
    try {
      await this.#persistently(send, ACKNOWLEDGE_AFTER_MS);
    } catch (error) {
      const isTaken =
        error instanceof DiscordAPIError && error.code === ErrorCodes.alreadyAcknowledged;
      if (!isTaken) throw error;
    }
  }

  async #persistently<T>(
    send: () => Promise<T>,
    pauses: readonly number[] = RETRY_AFTER_MS,
  ): Promise<T> {
    for (const ms of pauses) {
      try {
        return await send();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await this.#wait(ms);
      }
    }
    return send();
  }
}

/** Discord's own trouble, or the network's: the same request may succeed later. */
function isPassing(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status >= 500;
  if (error instanceof HTTPError) return error.status >= 500;
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
