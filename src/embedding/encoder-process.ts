import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { DragomanError, messageOf, type ErrorCode } from '../errors.ts';
import { compiledProgram } from '../files.ts';
import type { DownloadProgress, ModelLocation, ModelProfile, PassageText } from './model.ts';

/** The model that a worker loads. */
export interface ModelToOpen {
  /** Name in the settings. */
  readonly model: string;
  readonly location: ModelLocation;
  readonly profile: ModelProfile;
  /** Default: one per core. */
  readonly threads?: number | undefined;
}

export interface OpenedModel {
  readonly digest: string;
  readonly dimensions: number;
}

/** One run of the graph. */
export type Task =
  | { readonly kind: 'question'; readonly text: string }
  | { readonly kind: 'passage'; readonly passage: PassageText };

/** To the worker; `open` comes first and once. */
export type WorkerRequest = { readonly id: number } & (
  | { readonly kind: 'open'; readonly open: ModelToOpen }
  | Task
);

/** From the worker: any number of `progress` while it opens, and one answer per request. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: DownloadProgress }
  | { readonly kind: 'opened'; readonly id: number; readonly opened: OpenedModel }
  /** Row-major: the vector of a question, or of a passage and then of its sentences. */
  | { readonly kind: 'vectors'; readonly id: number; readonly vectors: Float32Array }
  | { readonly kind: 'failed'; readonly id: number; readonly error: SentError };

type Answer = Extract<WorkerMessage, { kind: 'opened' | 'vectors' }>;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** How long an answer may take, in milliseconds. */
export interface Deadlines {
  /** Of opening, from the start or the last progress of a download. */
  readonly openMs: number;
  readonly runMs: number;
}

/** Opening takes a second and the longest run some hundred milliseconds; the rest is for a machine that swaps. */
const DEADLINES: Deadlines = { openMs: 120_000, runMs: 30_000 };

function startProcess(): ChildProcess {
  const { file, args } = compiledProgram('encoder-worker');
  return fork(file, args, {
    // Not the parent's: its debugger port is taken, and a test runner's loader is not for this process.
    execArgv: [],
    // Sends vectors as bytes, not as JSON.
    serialization: 'advanced',
    // Standard output is for the program's answers.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Waits for the next {@link EncoderProcess}. */
let ahead: ChildProcess | null = null;

/**
 * Starts the process of the next {@link EncoderProcess} before it is known which model it opens: it loads the library while
 * this one loads its modules. It ends with this one, and does not keep it running. Gives its process id.
 */
export function startEncoderAhead(): number | undefined {
  const child = startProcess();
  child.unref();
  child.channel?.unref();
  const forget = (): void => {
    if (ahead === child) ahead = null;
  };
  child.once('exit', forget).once('error', forget);
  ahead = child;
  return child.pid;
}

/**
 * The process that runs the model (encoder-worker.ts), seen from its parent. Not a thread: the runtime's add-on cannot be
 * loaded in a second thread and aborts the whole program when a busy thread with it ends
 * (https://github.com/huggingface/transformers.js/issues/651), and its failures must not end the bot.
 *
 * It keeps its parent running only while a request is pending.
 */
export class EncoderProcess {
  readonly #child: ChildProcess;
  readonly #onProgress: (progress: DownloadProgress) => void;
  readonly #deadlines: Deadlines;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #isAlive = true;
  #lastId = 0;

  constructor(onProgress: (progress: DownloadProgress) => void, deadlines = DEADLINES) {
    this.#onProgress = onProgress;
    this.#deadlines = deadlines;
    this.#child = ahead ?? startProcess();
    ahead = null;
    this.#child.on('message', (message) => this.#receive(message as WorkerMessage));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#fail(endedError(signal ?? `exit code ${code ?? 'unknown'}`));
        resolve();
      });
      // The process could not be started or killed; then 'exit' may not follow.
      this.#child.once('error', (cause) => {
        this.#fail(endedError(cause.message, cause));
        resolve();
      });
    });
    this.#hold();
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Process id; undefined when the process could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * @throws DragomanError MODEL when the model cannot be loaded or the process ends or does not answer, MODEL_UNREACHABLE
   *   when the model must be downloaded and the hub cannot be reached
   */
  async open(open: ModelToOpen): Promise<OpenedModel> {
    const { openMs } = this.#deadlines;
    const answer = await this.#request((id) => ({ id, kind: 'open', open }), openMs);
    if (answer.kind !== 'opened') throw new Error(`Expected an opened model, got ${answer.kind}.`);
    return answer.opened;
  }

  /**
   * Vectors of one task, row-major.
   *
   * @throws DragomanError MODEL when the model gives unusable vectors, or the process ends or does not answer
   */
  async run(task: Task): Promise<Float32Array> {
    const answer = await this.#request((id) => ({ id, ...task }), this.#deadlines.runMs);
    if (answer.kind !== 'vectors') throw new Error(`Expected vectors, got ${answer.kind}.`);
    return answer.vectors;
  }

  /** Kills the process; pending requests reject. Resolves when it has exited. */
  async end(): Promise<void> {
    if (!this.#isAlive) return this.#ended;
    this.#child.ref();
    // It has nothing to clean up, and during a run it would not handle a milder signal.
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  #request(message: (id: number) => WorkerRequest, deadlineMs: number): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (!this.#isAlive) {
        reject(endedError('it had already ended'));
        return;
      }
      const timer = setTimeout(() => {
        // If this process was blocked, the answer may have arrived meanwhile; it is read before an immediate runs.
        setImmediate(() => {
          if (this.#pending.has(id)) this.#giveUp(deadlineMs);
        });
      }, deadlineMs).unref();
      this.#pending.set(id, { timer, resolve, reject });
      this.#hold();
      // When a message cannot be sent, the process ends, which rejects the request.
      this.#child.send(message(id), () => undefined);
    });
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === 'progress') {
      for (const { timer } of this.#pending.values()) timer.refresh();
      this.#onProgress(message.progress);
      return;
    }
    const pending = this.#pending.get(message.id);
    clearTimeout(pending?.timer);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#release();
    if (message.kind === 'failed') pending?.reject(fromSentError(message.error));
    else pending?.resolve(message);
  }

  #giveUp(deadlineMs: number): void {
    const name = `The process of the embedding model (${this.#child.pid ?? 'not started'})`;
    this.#fail(
      new DragomanError('MODEL', `${name} has not answered for ${deadlineMs / 1000} s.`, {
        hint: 'Another one is started. If this happens again, check the load of the machine and, for a model of the hub, the network.',
      }),
    );
    this.#child.kill('SIGKILL');
  }

  #fail(error: DragomanError): void {
    this.#isAlive = false;
    for (const { timer, reject } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
  }

  #hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  #release(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}

function endedError(how: string, cause?: Error): DragomanError {
  return new DragomanError(
    'MODEL',
    `The process of the embedding model exited before it answered (${how}).`,
    {
      hint: 'Another one is started. If this happens again, check whether the machine runs out of memory.',
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** An error as plain data, because class and code are lost between processes. */
export interface SentError {
  /** null for anything else than a DragomanError. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly hint: string | null;
  readonly stack: string | null;
  readonly cause: SentError | null;
}

export function toSentError(error: unknown): SentError {
  const isError = error instanceof Error;
  const isOurs = error instanceof DragomanError;
  return {
    code: isOurs ? error.code : null,
    message: messageOf(error),
    hint: isOurs ? error.hint : null,
    stack: isError ? (error.stack ?? null) : null,
    cause: isError && error.cause !== undefined ? toSentError(error.cause) : null,
  };
}

/** The error as it was thrown in the worker, with its stack. */
export function fromSentError({ code, message, hint, stack, cause }: SentError): Error {
  const options = cause === null ? {} : { cause: fromSentError(cause) };
  const error =
    code === null
      ? new Error(message, options)
      : new DragomanError(code, message, hint === null ? options : { ...options, hint });
  if (stack !== null) error.stack = stack;
  return error;
}
