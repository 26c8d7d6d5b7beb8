import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';
import { DragomanError } from './errors.ts';

export type { Logger };

export interface LogOptions {
  readonly level: LogLevel;
  /** Texts that are replaced in every line: tokens and passwords. */
  readonly secrets: readonly string[];
}

/** One JSON object a line; to standard output by default. */
export function createLog(
  { level, secrets }: LogOptions,
  destination: DestinationStream = pino.destination({ dest: 1, sync: false }),
): Logger {
  const hidden = secrets.filter((secret) => secret !== '');
  const redacted = (line: string): string =>
    hidden.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeForLog },
      hooks: { streamWrite: redacted },
    },
    destination,
  );
}

/**
 * An error without its request: discord.js adds body and address to its errors, and with them the user's text and the
 * token of the interaction. An expected error has what to do about it in place of its stack.
 */
function describeForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { code, status } = error as Error & { code?: unknown; status?: unknown };
  return {
    name: error.name,
    message: withoutTokens(error.message),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    ...(error instanceof DragomanError
      ? { hint: error.hint }
      : { stack: withoutTokens(error.stack ?? '') }),
    ...(error.cause === undefined ? {} : { cause: describeForLog(error.cause) }),
  };
}

/** Without the tokens of interactions and webhooks in addresses. */
export function withoutTokens(text: string): string {
  return text.replace(/\/(webhooks|interactions)\/(\d+)\/[\w.~-]+/g, '/$1/$2/[redacted]');
}
