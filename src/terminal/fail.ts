import { DragomanError, describeError } from '../errors.ts';
import { printable } from './printable.ts';

/**
 * Says what went wrong on standard error and sets the exit code: 2 for wrong usage, 1 for anything
 * else. A defect is shown with its stack, because somebody has to find it.
 */
export function fail(error: unknown): void {
  process.exitCode = error instanceof DragomanError && error.code === 'USAGE' ? 2 : 1;
  const text =
    error instanceof DragomanError || !(error instanceof Error)
      ? describeError(error)
      : (error.stack ?? error.message);
  process.stderr.write(`${printable(text)}\n`);
}

/** A reader that has seen enough (`… | head -1`) is no failure: leaves quietly with exit code 0. */
export function leaveWhenOutputCloses(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** Progress that nobody reads any more (`… 2>&1 | head -1`) is no reason to stop: goes on without it. */
export function goOnWhenOutputCloses(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
