import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../log.ts';

export const HEALTH_INTERVAL_MS = 15_000;

export interface HealthOptions {
  readonly file: string;
  /** What is written beside the time; null when the bot is not well: then the file is left to grow old. */
  readonly state: () => Readonly<Record<string, unknown>> | null;
  readonly log: Logger;
  /** Calls `tick` every `intervalMs` until the function it returns is called. */
  readonly repeat?: (tick: () => Promise<void>, intervalMs: number) => () => void;
}

/**
 * Keeps a file young while the bot is well, for a supervisor that watches its age. Gives back a function that
 * stops that and removes the file.
 */
export async function keepHealthFile(options: HealthOptions): Promise<() => Promise<void>> {
  const { file, state, log, repeat = repeatUnreferenced } = options;
  let writing: Promise<void> = Promise.resolve();
  const tick = (): Promise<void> => {
    const now = state();
    if (now !== null) {
      writing = write(file, { at: new Date().toISOString(), ...now }).catch((err: unknown) =>
        log.warn({ event: 'health.not-written', err }),
      );
    }
    return writing;
  };
  await tick();
  const stop = repeat(tick, HEALTH_INTERVAL_MS);
  return async () => {
    stop();
    await writing;
    await rm(file, { force: true });
  };
}

async function write(file: string, content: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, `${JSON.stringify(content)}\n`);
  await rename(unfinished, file);
}

function repeatUnreferenced(tick: () => Promise<void>, intervalMs: number): () => void {
  const timer = setInterval(() => void tick(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
