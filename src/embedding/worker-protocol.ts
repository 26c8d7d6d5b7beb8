import { DragomanError, messageOf } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { ModelLocation, ModelProfile } from './model.ts';
import type { DownloadProgress, PassageText } from './types.ts';

/** The model that a worker loads. */
export interface ModelToOpen {
  /** Name in the settings. */
  readonly model: string;
  readonly location: ModelLocation;
  readonly profile: ModelProfile;
}

export interface OpenedModel {
  readonly digest: string;
  readonly dimensions: number;
}

/** One run of the graph. */
export type Task =
  | { readonly kind: 'question'; readonly text: string }
  | { readonly kind: 'passage'; readonly passage: PassageText };

/** To the worker; `open` comes first and once. */
export type WorkerRequest = { readonly id: number } & (
  { readonly kind: 'open'; readonly open: ModelToOpen } | Task
);

/** From the worker: any number of `progress` while it opens, and one answer per request. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: DownloadProgress }
  | { readonly kind: 'opened'; readonly id: number; readonly opened: OpenedModel }
  /** Row-major: the vector of a question, or of a passage and then of its sentences. */
  | { readonly kind: 'vectors'; readonly id: number; readonly vectors: Float32Array }
  | { readonly kind: 'failed'; readonly id: number; readonly error: SentError };

/** An error as plain data, because class and code are lost between processes. */
export interface SentError {
  /** null for anything else than a DragomanError. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly hint: string | null;
  readonly stack: string | null;
  readonly cause: SentError | null;
}

export function toSentError(error: unknown): SentError {
  const isError = error instanceof Error;
  const isOurs = error instanceof DragomanError;
  return {
    code: isOurs ? error.code : null,
    message: messageOf(error),
    hint: isOurs ? error.hint : null,
    stack: isError ? (error.stack ?? null) : null,
    cause: isError && error.cause !== undefined ? toSentError(error.cause) : null,
  };
}

/** The error as it was thrown in the worker, with its stack. */
export function fromSentError({ code, message, hint, stack, cause }: SentError): Error {
  const options = cause === null ? {} : { cause: fromSentError(cause) };
  const error =
    code === null
      ? new Error(message, options)
      : new DragomanError(code, message, hint === null ? options : { ...options, hint });
  if (stack !== null) error.stack = stack;
  return error;
}
