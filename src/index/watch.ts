import { readPointer } from './index-folder.ts';

export interface WatchOptions {
  /** The generation that the caller has loaded; without it the first one found is reported. */
  readonly current?: string;
  /** Milliseconds between looks. */
  readonly intervalMs?: number;
  /** Called when the pointer cannot be read or `onNew` fails; the watch goes on. */
  readonly onError?: (error: unknown) => void;
  /** Calls `tick` every `intervalMs` until the function it returns is called. */
  readonly repeat?: (tick: () => Promise<void>, intervalMs: number) => () => void;
}

export interface Watch {
  close(): void;
}

/**
 * Reports each newly published generation's id. It reads the pointer at intervals because `fs.watch`
 * misses renames on network folders and in containers, and reading 100 bytes costs nothing.
 * A generation whose `onNew` fails is not reported again.
 */
export function watchGenerations(
  indexFolder: string,
  onNew: (generation: string) => void | Promise<void>,
  options: WatchOptions = {},
): Watch {
  const { intervalMs = 2000, onError = () => undefined, repeat = repeatUnreferenced } = options;
  let seen = options.current ?? null;
  let busy = false;
  let closed = false;

  const tick = async (): Promise<void> => {
    // Loading a generation can take longer than the interval.
    if (busy || closed) return;
    busy = true;
    try {
      const pointer = await readPointer(indexFolder);
      if (pointer === null || pointer.generation === seen || isClosed()) return;
      seen = pointer.generation;
      await onNew(pointer.generation);
    } catch (error) {
      onError(error);
    } finally {
      busy = false;
    }
  };
  const isClosed = (): boolean => closed;
  const stop = repeat(tick, intervalMs);

  return {
    close: () => {
      closed = true;
      stop();
    },
  };
}

/** The timer alone does not keep the process running. */
function repeatUnreferenced(tick: () => Promise<void>, intervalMs: number): () => void {
  const timer = setInterval(() => void tick(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
