import { DragomanError } from '../errors.ts';
import { CallQueue } from './call-queue.ts';
import { EncoderProcess } from './encoder-process.ts';
import type { DownloadProgress, Embedder, PassageText, PassageVectors } from './types.ts';
import type { ModelToOpen, OpenedModel, Task } from './worker-protocol.ts';

type StartWorker = (onProgress: (progress: DownloadProgress) => void) => EncoderProcess;

/**
 * An embedder whose model is in a process of its own, so that no run of the graph holds up the caller. One task is with
 * the worker at any time and all others wait here: a question waits for one passage at most, however many are queued,
 * and handing over takes a fraction of a millisecond.
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

  /** Hands tasks to the worker until none waits. Never rejects: failures go to the calls. */
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
        `The files of the model ${this.id} are others than when it was opened.`,
        { hint: 'Start the program again, so that the index is built for them.' },
      );
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  /** Copies: a view would keep the memory of the whole message. */
  #rows(table: Float32Array): Float32Array[] {
    const { dimensions } = this;
    return Array.from({ length: table.length / dimensions }, (_, row) =>
      table.slice(row * dimensions, (row + 1) * dimensions),
    );
  }
}

function closedError(): DragomanError {
  return new DragomanError('MODEL', 'The embedding model was closed.', {
    hint: 'The program is ending: ask again when it runs.',
  });
}
