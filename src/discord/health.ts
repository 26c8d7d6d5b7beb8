import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../log.ts';

const INTERVAL_MS = 15_000;

export interface HealthOptions {
  /** Null: no file is kept. */
  readonly file: string | null;
  /** Written with the time; null while the bot is not healthy: then the file is left to become old. */
  readonly state: () => Readonly<Record<string, unknown>> | null;
  readonly log: Logger;
}

/**
 * Rewrites a file every 15 seconds while the bot is healthy, for a supervisor that watches its age.
 *
 * @returns a function that stops this and removes the file
 */
export async function keepHealthFile({
  file,
  state,
  log,
}: HealthOptions): Promise<() => Promise<void>> {
  if (file === null) return () => Promise.resolve();
  let writing: Promise<void> = Promise.resolve();
  const tick = (): Promise<void> => {
    const current = state();
    if (current !== null) {
      writing = replaceFile(file, { at: new Date().toISOString(), ...current }).catch(
        (err: unknown) => log.warn({ event: 'health.not-written', err }),
      );
    }
    return writing;
  };
  await tick();
  const timer = setInterval(() => void tick(), INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await writing;
    await rm(file, { force: true });
  };
}

/** A reader sees the old content or the new, never half of one. */
async function replaceFile(
  file: string,
  content: Readonly<Record<string, unknown>>,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, `${JSON.stringify(content)}\n`);
  await rename(unfinished, file);
}
