/** What users are told when something cannot be done. */
import { randomBytes } from 'node:crypto';
import { DiscordAPIError } from 'discord.js';
import { DragomanError } from '../errors.ts';
import { ErrorCodes } from './limits.ts';
import type { Texts } from './texts/index.ts';

/** A request that cannot be fulfilled, for a reason that the user can act on. Not a failure. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly sentence: (texts: Texts) => string;

  constructor(sentence: (texts: Texts) => string) {
    super('refused');
    this.sentence = sentence;
  }
}

/** Nothing was asked: an empty text, a greeting, or "who are you?". The bot shows what can be asked. */
export class NoQuestion extends Refusal {
  constructor() {
    super((texts) => texts.talk.welcomeIs);
  }
}

/** A button or menu whose subject no longer exists, or whose custom id is not understood. */
export function askAgain(): Refusal {
  return new Refusal((texts) => texts.askAgain);
}

/** What the user can quote, and the log can be searched for. */
export function newReference(): string {
  return randomBytes(4).toString('hex');
}

/** One sentence about a failure, with the reference under which the log has it. */
export function failureSentence(error: unknown, reference: string, texts: Texts): string {
  if (error instanceof DiscordAPIError) {
    switch (error.code) {
      case ErrorCodes.missingAccess:
      case ErrorCodes.missingPermissions:
        return texts.forbidden(reference);
      case ErrorCodes.unknownMessage:
        return texts.messageGone(reference);
    }
  }
  if (error instanceof DragomanError && error.code === 'USAGE') {
    return texts.unknownCommand(reference);
  }
  return texts.failed(reference);
}

/** Whether the interaction itself has expired or was answered elsewhere: then no reply can reach the user. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof DiscordAPIError &&
    (error.code === ErrorCodes.unknownInteraction ||
      error.code === ErrorCodes.alreadyAcknowledged ||
      error.code === ErrorCodes.unknownWebhook ||
      error.code === ErrorCodes.invalidWebhookToken)
  );
}
