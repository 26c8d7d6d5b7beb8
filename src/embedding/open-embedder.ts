import { DragomanError } from '../errors.ts';
import {
  EncoderProcess,
  type ModelToOpen,
  type OpenedModel,
  type Task,
} from './encoder-process.ts';
import { locateModel, profileOf } from './model.ts';
import type {
  DownloadProgress,
  Embedder,
  PassageOptions,
  PassageText,
  PassageVectors,
  ReadingHead,
} from './model.ts';

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
  /** That the model computes with; they do not change its vectors. Default: one per core. */
  readonly threads?: number | undefined;
  /** Called while a file is downloaded from the hub; never for a local model. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Called when the model's process has died with a text, or has not answered, before another one gets the text. */
  readonly onRestart?: (problem: unknown) => void;
}

const DEFAULT_HUB = 'https://huggingface.co/';

/**
 * Opens a model in its own process, which ends with `close` or with this process.
 *
 * @throws DragomanError MODEL when the model is unknown, incomplete or damaged
 * @throws DragomanError MODEL_UNREACHABLE when it must be downloaded and the hub cannot be reached
 */
export async function openEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { model, threads, onProgress = () => undefined, onRestart = () => undefined } = options;
  const profile = profileOf(model);
  const location = locateModel({
    ...options,
    revision: options.revision ?? profile.revision,
    hub: options.hub ?? DEFAULT_HUB,
  });
  return WorkerEmbedder.open({ model, location, profile, threads }, { onProgress, onRestart });
}

type StartWorker = (onProgress: (progress: DownloadProgress) => void) => EncoderProcess;

export interface WorkerOptions {
  readonly onProgress: (progress: DownloadProgress) => void;
  /** See {@link EmbedderOptions}. */
  readonly onRestart: (problem: unknown) => void;
  readonly start?: StartWorker;
}

/**
 * An embedder whose model is in its own process, so that the graph never blocks the caller. The worker has one task
 * at a time and all others wait here: a question waits for one passage at most, however many are queued. When the
 * worker dies, the next one gets its task; when that one dies too, all calls fail, because the task may be the cause.
 */
export class WorkerEmbedder implements Embedder {
  readonly id: string;
  readonly digest: string;
  readonly dimensions: number;
  readonly head: ReadingHead | null;
  readonly #toOpen: ModelToOpen;
  readonly #options: Required<WorkerOptions>;
  readonly #queue = new CallQueue();
  #worker: EncoderProcess;
  #isWorking = false;
  #isClosed = false;

  private constructor(
    toOpen: ModelToOpen,
    opened: OpenedModel,
    worker: EncoderProcess,
    options: Required<WorkerOptions>,
  ) {
    this.id = toOpen.model;
    this.digest = opened.digest;
    this.dimensions = opened.dimensions;
    this.head = opened.head;
    this.#toOpen = toOpen;
    this.#worker = worker;
    this.#options = options;
  }

  /** @throws DragomanError what loading a model throws */
  static async open(toOpen: ModelToOpen, options: WorkerOptions): Promise<WorkerEmbedder> {
    const { start = (onProgress) => new EncoderProcess(onProgress) } = options;
    const worker = start(options.onProgress);
    try {
      const opened = await worker.open(toOpen);
      return new WorkerEmbedder(toOpen, opened, worker, { ...options, start });
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  async embedQuestions(texts: readonly string[]): Promise<Float32Array[]> {
    const tables = await this.#call(texts.map((text) => ({ kind: 'question', text })));
    return tables.flatMap((table) => this.#rows(table));
  }

  async embedPassages(
    passages: readonly PassageText[],
    { isAsked = false }: PassageOptions = {},
  ): Promise<PassageVectors[]> {
    const tasks = passages.map((passage) => ({ kind: 'passage', passage }) as const);
    const tables = await this.#call(tasks, isAsked);
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

  async #call(tasks: readonly Task[], isAsked = false): Promise<Float32Array[]> {
    if (this.#isClosed) throw closedError();
    const results = this.#queue.add(tasks, isAsked);
    void this.#work();
    return results;
  }

  /** Gives tasks to the worker until none waits. Never rejects: errors go to the calls. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let next = this.#queue.take(); next !== null; next = this.#queue.take()) {
      try {
        next.done(await this.#run(next.task));
      } catch (error) {
        next.fail(error);
        if (!this.#worker.isAlive) this.#queue.rejectAll(error);
      }
    }
    this.#isWorking = false;
  }

  async #run(task: Task): Promise<Float32Array> {
    if (!this.#worker.isAlive) await this.#startAgain();
    try {
      return await this.#worker.run(task);
    } catch (problem) {
      if (this.#worker.isAlive || this.#isClosed) throw problem;
      this.#options.onRestart(problem);
      await this.#startAgain();
      return this.#worker.run(task);
    }
  }

  async #startAgain(): Promise<void> {
    const worker = this.#options.start(() => undefined);
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

/** One task of a call, taken by a worker. Exactly one of `done` and `fail` must be called. */
export interface TakenTask {
  readonly task: Task;
  readonly done: (vectors: Float32Array) => void;
  /** Rejects the whole call; its other tasks are not given out any more. */
  readonly fail: (error: unknown) => void;
}

interface Call {
  readonly tasks: readonly Task[];
  readonly results: Float32Array[];
  taken: number;
  done: number;
  readonly resolve: (results: Float32Array[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The calls that wait for the model. Passages that a question is read with go first, because their question has waited once;
 * then questions, because somebody waits for them. Of each kind the call with the fewest tasks left is next, so that a single
 * question does not wait for thousands of expected ones.
 */
export class CallQueue {
  readonly #readings = new Set<Call>();
  readonly #questions = new Set<Call>();
  readonly #passages = new Set<Call>();

  /** Resolves with the results in the order of the tasks, which are all of one kind. */
  add(tasks: readonly Task[], isAsked = false): Promise<Float32Array[]> {
    const [first] = tasks;
    if (first === undefined) return Promise.resolve([]);
    const ofPassages = isAsked ? this.#readings : this.#passages;
    const waiting = first.kind === 'question' ? this.#questions : ofPassages;
    return new Promise((resolve, reject) => {
      waiting.add({ tasks, results: [], taken: 0, done: 0, resolve, reject });
    });
  }

  /** The next task; null when none waits. */
  take(): TakenTask | null {
    const call =
      fewestLeft(this.#readings) ?? fewestLeft(this.#questions) ?? fewestLeft(this.#passages);
    const task = call?.tasks[call.taken];
    if (call === undefined || task === undefined) return null;
    const position = call.taken++;
    return {
      task,
      done: (vectors) => {
        call.results[position] = vectors;
        if (++call.done < call.tasks.length) return;
        this.#remove(call);
        call.resolve(call.results);
      },
      fail: (error) => {
        this.#remove(call);
        call.reject(error);
      },
    };
  }

  /** Rejects every call, also those with tasks taken. */
  rejectAll(error: unknown): void {
    for (const call of [...this.#readings, ...this.#questions, ...this.#passages]) {
      this.#remove(call);
      call.reject(error);
    }
  }

  #remove(call: Call): void {
    this.#readings.delete(call);
    this.#questions.delete(call);
    this.#passages.delete(call);
  }
}

function left(call: Call): number {
  return call.tasks.length - call.taken;
}

function fewestLeft(calls: ReadonlySet<Call>): Call | undefined {
  let fewest: Call | undefined;
  for (const call of calls) {
    if (left(call) > 0 && (fewest === undefined || left(call) < left(fewest))) fewest = call;
  }
  return fewest;
}
