/**
 * Stable codes of every error that the program raises on purpose. A code says what is wrong, not where; supervisors and
 * tests rely on it, messages may change.
 */
export type ErrorCode =
  | 'USAGE'
  | 'CONFIG'
  | 'CORPUS'
  | 'DOCUMENT'
  | 'MODEL'
  | 'MODEL_UNREACHABLE'
  | 'INDEX_MISSING'
  | 'INDEX_CORRUPT'
  | 'INDEX_FORMAT'
  | 'INDEX_MODEL_MISMATCH'
  | 'BUILD_LOCKED'
  | 'FETCH'
  | 'QUESTION'
  | 'DISCORD'
  | 'JOURNAL'
  | 'DATABASE';

/**
 * An error with a message (what was expected, what was found) and a hint (what to do). Any other error that
 * is thrown is a bug.
 */
export class DragomanError extends Error {
  override readonly name = 'DragomanError';
  readonly code: ErrorCode;
  readonly hint: string | null;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? null;
  }
}

/** Message and hint as one text for a terminal. */
export function describeError(error: unknown): string {
  if (error instanceof DragomanError) {
    return error.hint === null ? error.message : `${error.message}\n  ${error.hint}`;
  }
  return messageOf(error);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system error, for example `ENOENT`; null for any other error. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

/** Whether the error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return systemCodeOf(error) === 'ENOENT';
}

/** Whether the error says that what is in a folder cannot be reached, because that is a file or not permitted. */
export function isOutOfReach(error: unknown): boolean {
  return /^(?:ENOTDIR|EACCES|EPERM)$/.test(systemCodeOf(error) ?? '');
}

/** The error of a folder that a setting names and that the system does not let be used, for example because it is a file. */
export function unusableFolder(setting: string, folder: string, cause: unknown): DragomanError {
  const isFile = /^(?:EEXIST|ENOTDIR)$/.test(systemCodeOf(cause) ?? '');
  return isFile
    ? new DragomanError('CONFIG', `Expected a folder in ${folder}, found a file.`, {
        hint: `Point ${setting} to a folder; a missing one is made.`,
        cause,
      })
    : new DragomanError('CONFIG', `The folder ${folder} cannot be used: ${messageOf(cause)}`, {
        hint: `Point ${setting} to a folder that can be written to, or change its permissions.`,
        cause,
      });
}
