import { mkdir } from 'node:fs/promises';
import { DragomanError } from '../errors.ts';

/** What the operating system refuses, and what the keeper can do about it. */
const REFUSALS = new Map([
  ['EACCES', 'Point INDEX_DIR to a folder that can be written to, or change its permissions.'],
  ['EPERM', 'Point INDEX_DIR to a folder that can be written to, or change its permissions.'],
  ['EROFS', 'Point INDEX_DIR to a folder on a disk that can be written to.'],
  ['ENOSPC', 'Make room on its disk, then build again; the index in use is as it was.'],
  ['EDQUOT', 'Make room in your quota, then build again; the index in use is as it was.'],
]);

/** @throws DragomanError `CONFIG` when there is no such folder and none can be made */
export async function makeIndexFolder(indexFolder: string): Promise<void> {
  try {
    await mkdir(indexFolder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DragomanError('CONFIG', `The index folder cannot be made: ${reason}`, {
      hint: 'Point INDEX_DIR to a folder that can be written to.',
      cause,
    });
  }
}

/**
 * The error of a build, in words where it is the operating system's refusal to write into the index
 * folder; any other unchanged.
 */
export function explainRefusal(error: unknown, indexFolder: string): unknown {
  if (error instanceof DragomanError || !(error instanceof Error)) return error;
  const { code = '', path = indexFolder } = error as NodeJS.ErrnoException;
  const hint = REFUSALS.get(code);
  // A full disk is reported without the file; anything outside the folder is not the build's to explain.
  if (hint === undefined || !path.startsWith(indexFolder)) return error;
  return new DragomanError(
    'CONFIG',
    `The index folder ${indexFolder} cannot be written to: ${error.message}`,
    { hint, cause: error },
  );
}
