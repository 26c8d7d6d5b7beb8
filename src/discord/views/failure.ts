import { DiscordAPIError } from 'discord.js';
import { DragomanError } from '../../errors.ts';
import { ErrorCodes } from '../limits.ts';
import type { Notice } from '../payload.ts';
import type { Texts } from '../texts/index.ts';

/** What the user is told of a failure: one sentence, with the reference that the log has. */
export function failureNotice(error: unknown, reference: string, texts: Texts): Notice {
  return { content: sentenceFor(error, texts)(reference) };
}

function sentenceFor(error: unknown, texts: Texts): (reference: string) => string {
  if (error instanceof DiscordAPIError) {
    switch (error.code) {
      case ErrorCodes.missingAccess:
      case ErrorCodes.missingPermissions:
        return texts.forbidden;
      case ErrorCodes.unknownMessage:
        return texts.messageGone;
    }
  }
  if (error instanceof DragomanError && error.code === 'USAGE') return texts.unknownCommand;
  return texts.failed;
}

/** Whether the interaction itself is gone or taken: then nobody is left to be told. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof DiscordAPIError &&
    (error.code === ErrorCodes.unknownInteraction ||
      error.code === ErrorCodes.alreadyAcknowledged ||
      error.code === ErrorCodes.unknownWebhook ||
      error.code === ErrorCodes.invalidWebhookToken)
  );
}
