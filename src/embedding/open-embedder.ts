import { DragomanError } from '../errors.ts';
import { CallQueue } from './call-queue.ts';
import { EncoderProcess } from './encoder-process.ts';
import { locateModel, profileOf } from './model.ts';
import type { DownloadProgress, Embedder, PassageText, PassageVectors } from './types.ts';
import type { ModelToOpen, OpenedModel, Task } from './worker-protocol.ts';

export interface EmbedderOptions {
  /** `bundled`, a hub model as `owner/name`, or the path of a folder (starting with `.` or absolute). */
  readonly model: string;
  /** Folder of the bundled model. */
  readonly modelFolder: string;
  /** Where models from the hub are stored. Not inside node_modules, which the next install deletes. */
  readonly cacheFolder: string;
  /** Commit, tag or branch on the hub. Default: the pinned one of a known model, else `main`. */
  readonly revision?: string;
  /** Address of the hub or of a mirror, with a slash at its end. */
  readonly hub?: string;
  /** Called while a file is downloaded from the hub; never for a local model. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

const DEFAULT_HUB = 'https://huggingface.co/';

/**
 * Opens a model in a process of its own, which ends with `close` or with this process.
 *
 * @throws DragomanError MODEL when the model is unknown, incomplete or damaged
 * @throws DragomanError MODEL_UNREACHABLE when it must be downloaded and the hub cannot be reached
 */
export async function openEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { model, onProgress } = options;
  const profile = profileOf(model);
  const location = locateModel({
    ...options,
    revision: options.revision ?? profile.revision,
    hub: options.hub ?? DEFAULT_HUB,
  });
  return WorkerEmbedder.open({ model, location, profile }, onProgress ?? (() => undefined));
}

type StartWorker = (onProgress: (progress: DownloadProgress) => void) => EncoderProcess;

/**
 * An embedder whose model is in a process of its own, so that the graph never blocks the caller. The worker has one task
 * at a time and all others wait here: a question waits for one passage at most, however many are queued.
 */
export class WorkerEmbedder implements Embedder {
  readonly id: string;
  readonly digest: string;
  readonly dimensions: number;
  readonly #toOpen: ModelToOpen;
  readonly #start: StartWorker;
  readonly #queue = new CallQueue();
  #worker: EncoderProcess;
  #isWorking = false;
  #isClosed = false;

  private constructor(
    toOpen: ModelToOpen,
    opened: OpenedModel,
    worker: EncoderProcess,
    start: StartWorker,
  ) {
    this.id = toOpen.model;
    this.digest = opened.digest;
    this.dimensions = opened.dimensions;
    this.#toOpen = toOpen;
    this.#worker = worker;
    this.#start = start;
  }

  /** @throws DragomanError what loading a model throws */
  static async open(
    toOpen: ModelToOpen,
    onProgress: (progress: DownloadProgress) => void,
    start: StartWorker = (onEvent) => new EncoderProcess(onEvent),
  ): Promise<WorkerEmbedder> {
    const worker = start(onProgress);
    try {
      return new WorkerEmbedder(toOpen, await worker.open(toOpen), worker, start);
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  async embedQuestions(texts: readonly string[]): Promise<Float32Array[]> {
    const tables = await this.#call(texts.map((text) => ({ kind: 'question', text })));
    return tables.flatMap((table) => this.#rows(table));
  }

  async embedPassages(passages: readonly PassageText[]): Promise<PassageVectors[]> {
    const tables = await this.#call(passages.map((passage) => ({ kind: 'passage', passage })));
    return tables.map((table) => {
      const [passage, ...sentences] = this.#rows(table);
      if (passage === undefined) throw new Error('A passage without a vector.');
      return { passage, sentences };
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.rejectAll(closedError());
    await this.#worker.end();
  }

  async #call(tasks: readonly Task[]): Promise<Float32Array[]> {
    if (this.#isClosed) throw closedError();
    const results = this.#queue.add(tasks);
    void this.#work();
    return results;
  }

  /** Gives tasks to the worker until none waits. Never rejects: errors go to the calls. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let next = this.#queue.take(); next !== null; next = this.#queue.take()) {
      try {
        if (!this.#worker.isAlive) await this.#startAgain();
        next.done(await this.#worker.run(next.task));
      } catch (error) {
        next.fail(error);
        if (!this.#worker.isAlive) this.#queue.rejectAll(error);
      }
    }
    this.#isWorking = false;
  }

  async #startAgain(): Promise<void> {
    const worker = this.#start(() => undefined);
    this.#worker = worker;
    try {
      const { digest } = await worker.open(this.#toOpen);
      if (digest === this.digest) return;
      throw new DragomanError(
        'MODEL',
        `The files of the model ${this.id} have changed since it was opened.`,
        { hint: 'Restart the program, so that the index is built for them.' },
      );
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  /** Copies, because a view would keep the whole message in memory. */
  #rows(table: Float32Array): Float32Array[] {
    const { dimensions } = this;
    return Array.from({ length: table.length / dimensions }, (_, row) =>
      table.slice(row * dimensions, (row + 1) * dimensions),
    );
  }
}

function closedError(): DragomanError {
  return new DragomanError('MODEL', 'The embedding model was closed.', {
    hint: 'The program is ending: ask again when it has been restarted.',
  });
}
