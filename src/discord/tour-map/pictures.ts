/** Pictures of the tour, drawn on a thread of their own. */
import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../../engine-types.ts';
import { compiledProgram } from '../../files.ts';
import type { Locale } from '../texts/index.ts';
import { withJapanese } from '../../language/names.ts';
import type { TourMeeting } from './journey.ts';

export interface TourPicture {
  readonly png: Uint8Array;
  /** At most 1024 characters, in the reader's language. */
  readonly alt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface TourRequest {
  readonly meetings: readonly TourMeeting[];
  /** ISO date of the day to highlight; one that is not part of the tour highlights nothing. */
  readonly day?: string | null;
  readonly locale: Locale;
}

/** `workerData` of the thread, `draw-tour.ts`: it draws one picture after the other. */
export const DRAWING_THREAD = 'draw-tour';

/** To the thread. */
export interface DrawRequest {
  readonly id: number;
  readonly request: TourRequest;
}

/** From the thread: the picture, or what was wrong. */
export type DrawReply =
  | { readonly id: number; readonly picture: TourPicture }
  | { readonly id: number; readonly problem: string };

/** Each day of the tour in two languages, and the whole of it. */
const CACHED = 40;

type TourSnapshot = Pick<Snapshot, 'generation' | 'meetings'> & {
  readonly documents: ReadonlyMap<string, Pick<TourMeeting, 'ja'>>;
};

/** Pictures of the tour, each drawn once for a snapshot, on its own thread: drawing takes a fraction of a second. */
export class TourPictures {
  readonly #cache = new LRUCache<string, Promise<TourPicture>>({ max: CACHED });
  readonly #thread = new DrawingThread();

  draw(
    { generation, meetings, documents }: TourSnapshot,
    { day, locale }: { day: string | null; locale: Locale },
  ): Promise<TourPicture> {
    const key = `${generation} ${day ?? 'all'} ${locale}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const named = withJapanese(meetings, documents);
    const picture = this.#thread.draw({ meetings: named, locale, day });
    this.#cache.set(key, picture);
    picture.catch(() => this.#cache.delete(key));
    return picture;
  }
}

interface Pending {
  readonly resolve: (picture: TourPicture) => void;
  readonly reject: (error: Error) => void;
}

/** A reader looks at one day after the other: loading maps and fonts takes longer than a picture. */
const IDLE_MS = 30_000;

/** Starts with a request and ends when none has come for a while, so that nothing of it stays in memory. */
class DrawingThread {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  draw(request: TourRequest): Promise<TourPicture> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ id, request } satisfies DrawRequest);
    });
  }

  #start(): Worker {
    const worker = startWorker();
    // A process that is told to stop does not wait for a picture.
    worker.unref();
    worker.on('message', (reply: DrawReply) => {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if ('picture' in reply) pending?.resolve(reply.picture);
      else pending?.reject(new Error(reply.problem));
      if (this.#pending.size === 0) {
        this.#idle = setTimeout(() => this.#end(worker, null), IDLE_MS).unref();
      }
    });
    worker.on('error', (error) => this.#end(worker, error));
    worker.on('exit', () => this.#end(worker, null));
    return worker;
  }

  #end(worker: Worker, error: Error | null): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const left = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of left) reject(error ?? new Error('The drawing thread ended.'));
    void worker.terminate();
  }
}

function startWorker(): Worker {
  const { file, args } = compiledProgram(DRAWING_THREAD);
  return new Worker(file, { argv: args, execArgv: [], workerData: DRAWING_THREAD });
}
