import { createContext, Script } from 'node:vm';

/** Milliseconds. A file of the largest size takes a few seconds; one that takes so long would take hours. */
export const LONGEST_READING = 30_000;

const sandbox: { work: () => unknown } = { work: () => undefined };
const context = createContext(sandbox);
const call = new Script('work()');

/**
 * Does work that does not wait for anything, and stops it when it takes too long: no timer could, because the work holds
 * the thread; the watchdog of `node:vm` can.
 *
 * @throws Error when the time is over, and what the work throws
 */
export function withinTime<Result>(work: () => Result, milliseconds = LONGEST_READING): Result {
  sandbox.work = work;
  try {
    return call.runInContext(context, { timeout: milliseconds }) as Result;
  } catch (error) {
    // The watchdog's error is one of the other context, so it is no `Error` of this one.
    const isOver =
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    if (!isOver) throw error;
    throw new Error(`no end of reading after ${milliseconds / 1000} seconds`, { cause: error });
  } finally {
    sandbox.work = () => undefined;
  }
}
