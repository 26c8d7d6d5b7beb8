import { MessageReferenceType, Routes, DiscordAPIError, type REST } from 'discord.js';
import { ErrorCodes } from './limits.ts';
import { withRetries } from './reply.ts';
import { messageBody, type Notice, type View } from './views/components.ts';

/** The reply to one message: it refers to the message, and pings nobody. Without a message it stands alone. */
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
      const isReference =
        error instanceof DiscordAPIError && error.code === ErrorCodes.noReplyWithoutHistory;
      if (!isReference) throw error;
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
        files: files.map(({ name = 'file', attachment }) => ({ name, data: attachment as Buffer })),
      }),
    );
  }
}
