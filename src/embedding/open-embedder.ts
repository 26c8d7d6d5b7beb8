/** An embedder whose model runs in a process of its own: the process, the calls that wait for it, and its restarts. */
import { fork, type ChildProcess } from 'node:child_process';
import { types } from 'node:util';
import { DragomanError, messageOf } from '../errors.ts';
import { compiledProgram } from '../files.ts';
import {
  locateModel,
  modelError,
  profileOf,
  type DownloadProgress,
  type Embedder,
  type EmbedderOptions,
  type ModelToOpen,
  type OpenedModel,
  type Task,
} from './model.ts';

/** To the process, one at a time; `open` comes first and once. */
export type EncoderRequest = Task | { readonly kind: 'open'; readonly open: ModelToOpen };

/** Of a task row-major: the vectors of a question, or of a passage and then of its sentences. */
export type EncoderResult = OpenedModel | Float32Array;

/** From the process: any number of `progress` while it opens, and one answer per request. */
export type EncoderMessage =
  | { readonly progress: DownloadProgress }
  | { readonly result: EncoderResult }
  | { readonly error: SentError };

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly resolve: (result: EncoderResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * How long an answer may take: of opening, from the start or the last progress of a download, and of a task. Opening takes a
 * second and the longest run some hundred milliseconds; the rest is for a machine that swaps.
 */
const DEADLINES = { openMs: 120_000, runMs: 30_000 };

export type Deadlines = typeof DEADLINES;

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

function hold(child: ChildProcess, how: 'ref' | 'unref'): void {
  child[how]();
  child.channel?.[how]();
}

let ahead: ChildProcess | null = null;

/**
 * Starts the process of the next {@link startEncoder} before it is known which model it opens: it loads the library while
 * this one loads its modules. It ends with this one, and does not keep it running. Gives its process id.
 */
export function startEncoderAhead(): number | undefined {
  const child = startProcess();
  hold(child, 'unref');
  const forget = (): void => {
    if (ahead === child) ahead = null;
  };
  child.once('exit', forget).once('error', forget);
  ahead = child;
  return child.pid;
}

export type EncoderProcess = ReturnType<typeof startEncoder>;

/**
 * Starts the process that runs the model (encoder-worker.ts). Not a thread: the runtime's add-on cannot be loaded in a second
 * thread and aborts the whole program when a busy thread with it ends
 * (https://github.com/huggingface/transformers.js/issues/651), and its failures must not end the bot.
 *
 * It keeps its parent running only while a request is pending.
 */
export function startEncoder(
  onProgress: (progress: DownloadProgress) => void,
  { openMs, runMs } = DEADLINES,
) {
  const child = ahead ?? startProcess();
  ahead = null;
  let pending: Pending | null = null;
  let isAlive = true;

  const take = (): Pending | null => {
    const asked = pending;
    clearTimeout(asked?.timer);
    pending = null;
    return asked;
  };
  const fail = (error: DragomanError): void => {
    isAlive = false;
    take()?.reject(error);
  };
  const ended = new Promise<void>((resolve) => {
    const end = (how: string, cause?: Error): void => {
      fail(endedError(how, cause));
      resolve();
    };
    child.once('exit', (code, signal) => end(signal ?? `exit code ${code ?? 'unknown'}`));
    // The process could not be started or killed; then 'exit' may not follow.
    child.once('error', (cause) => end(cause.message, cause));
  });
  child.on('message', (received) => {
    const message = received as EncoderMessage;
    if ('progress' in message) {
      pending?.timer.refresh();
      onProgress(message.progress);
      return;
    }
    const asked = take();
    hold(child, 'unref');
    if ('error' in message) asked?.reject(fromSentError(message.error));
    else asked?.resolve(message.result);
  });
  hold(child, 'ref');

  const request = (task: EncoderRequest, deadlineMs: number): Promise<EncoderResult> =>
    new Promise((resolve, reject) => {
      if (!isAlive) {
        reject(endedError('it had already ended'));
        return;
      }
      const timer = setTimeout(() => {
        // If this process was blocked, the answer may have arrived meanwhile; it is read before an immediate runs.
        setImmediate(() => {
          if (pending?.timer !== timer) return;
          fail(lateError(child.pid, deadlineMs));
          child.kill('SIGKILL');
        });
      }, deadlineMs).unref();
      pending = { timer, resolve, reject };
      hold(child, 'ref');
      // When a message cannot be sent, the process ends, which rejects the request.
      child.send(task, () => undefined);
    });

  return {
    get isAlive() {
      return isAlive;
    },
    /** Undefined when the process could not be started. */
    pid: child.pid,
    /**
     * @throws DragomanError MODEL when the model cannot be loaded or the process ends or does not answer, MODEL_UNREACHABLE
     *   when the model must be downloaded and the hub cannot be reached
     */
    open: async (open: ModelToOpen): Promise<OpenedModel> =>
      (await request({ kind: 'open', open }, openMs)) as OpenedModel,
    /**
     * Vectors of one task, row-major.
     *
     * @throws DragomanError MODEL when the model gives unusable vectors, or the process ends or does not answer
     */
    run: async (task: Task): Promise<Float32Array> => (await request(task, runMs)) as Float32Array,
    /** Kills the process; pending requests reject. Resolves when it has exited. */
    end: async (): Promise<void> => {
      if (isAlive) {
        child.ref();
        // It has nothing to clean up, and during a run it would not handle a milder signal.
        child.kill('SIGKILL');
      }
      return ended;
    },
  };
}

function lateError(pid: number | undefined, deadlineMs: number): DragomanError {
  return modelError(
    `The process of the embedding model (${pid ?? 'not started'}) has not answered for ${deadlineMs / 1000} s.`,
    'Another one is started. If this happens again, check the load of the machine and, for a model of the hub, the network.',
  );
}

function endedError(how: string, cause?: Error): DragomanError {
  return modelError(
    `The process of the embedding model exited before it answered (${how}).`,
    'Another one is started. If this happens again, check whether the machine runs out of memory.',
    cause,
  );
}

/**
 * Messages between processes keep an error with its stack and its causes, but not that it is a DragomanError; `ours` is null for
 * any other.
 */
export function toSentError(thrown: unknown) {
  const error = sendable(thrown);
  const ours = thrown instanceof DragomanError ? { code: thrown.code, hint: thrown.hint } : null;
  return { error, ours };
}

export type SentError = ReturnType<typeof toSentError>;

/** Of what is no error, here or among its causes, the message: a function or a promise cannot be sent. */
function sendable(thrown: unknown): Error {
  const error = types.isNativeError(thrown) ? thrown : new Error(messageOf(thrown));
  if (error.cause !== undefined) error.cause = sendable(error.cause);
  return error;
}

export function fromSentError({ error, ours }: SentError): Error {
  if (ours === null) return error;
  const { code, hint } = ours;
  const { message, cause, stack = '' } = error;
  const options = { cause, ...(hint !== null && { hint }) };
  return Object.assign(new DragomanError(code, message, options), { stack });
}

/**
 * Opens a model in its own process, which ends with `close` or with this process, so that the graph never blocks the caller.
 * The process has one task at a time and all others wait here: a question waits for one passage at most, however many are
 * queued. When the process dies, the next one gets its task; when that one dies too, all calls fail, because the task may be
 * the cause.
 *
 * @param start starts the process
 * @throws DragomanError MODEL when the model is unknown, incomplete or damaged
 * @throws DragomanError MODEL_UNREACHABLE when it must be downloaded and the hub cannot be reached
 */
export async function openEmbedder(
  options: EmbedderOptions,
  start: (onProgress: (progress: DownloadProgress) => void) => EncoderProcess = startEncoder,
): Promise<Embedder> {
  const { model, threads, onProgress = () => undefined, onRestart = () => undefined } = options;
  const toOpen = { model, location: locateModel(options), profile: profileOf(model), threads };
  let worker: EncoderProcess;
  const openNext = async (
    onNextProgress: (progress: DownloadProgress) => void,
  ): Promise<OpenedModel> => {
    worker = start(onNextProgress);
    return worker.open(toOpen).catch(async (error: unknown) => {
      await worker.end();
      throw error;
    });
  };
  const opened = await openNext(onProgress);
  const { dimensions } = opened;
  const queue = new CallQueue();
  let isWorking = false;
  let isClosed = false;

  const startAgain = async (): Promise<void> => {
    const { digest } = await openNext(() => undefined);
    if (digest === opened.digest) return;
    await worker.end();
    throw modelError(
      `The files of the model ${model} have changed since it was opened.`,
      'Restart the program, so that the index is built for them.',
    );
  };
  const run = async (task: Task): Promise<Float32Array> => {
    if (!worker.isAlive) await startAgain();
    try {
      return await worker.run(task);
    } catch (problem) {
      if (worker.isAlive || isClosed) throw problem;
      onRestart(problem);
      await startAgain();
      return worker.run(task);
    }
  };
  /** Gives tasks to the process until none waits. Never rejects: errors go to the calls. */
  const work = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    for (let next = queue.take(); next !== null; next = queue.take()) {
      try {
        next.done(await run(next.task));
      } catch (error) {
        next.fail(error);
        if (!worker.isAlive) queue.rejectAll(error);
      }
    }
    isWorking = false;
  };
  /** The rows of each task's vectors: copies, because a view would keep the whole message in memory. */
  const call = async (tasks: readonly Task[], isAsked = false): Promise<Float32Array[][]> => {
    if (isClosed) throw closedError();
    const results = queue.add(tasks, isAsked);
    void work();
    return (await results).map((table) =>
      Array.from({ length: table.length / dimensions }, (_, row) =>
        table.slice(row * dimensions, (row + 1) * dimensions),
      ),
    );
  };
  return {
    id: model,
    ...opened,
    embedQuestions: async (texts) => {
      const tables = await call(texts.map((text) => ({ kind: 'question', text })));
      return tables.flatMap(([question]) => question ?? []);
    },
    embedQuestion: async (text) => {
      const [[question = new Float32Array(), ...layers] = []] = await call([
        { kind: 'question', text },
      ]);
      return { question, layers };
    },
    embedPassages: async (passages, { isAsked } = {}) => {
      const tables = await call(
        passages.map((passage) => ({ kind: 'passage', passage })),
        isAsked,
      );
      return tables.map(([passage = new Float32Array(), ...sentences]) => ({ passage, sentences }));
    },
    close: async () => {
      isClosed = true;
      queue.rejectAll(closedError());
      await worker.end();
    },
  };
}

function closedError(): DragomanError {
  return modelError(
    'The embedding model was closed.',
    'The program is ending: ask again when it has been restarted.',
  );
}

interface Call {
  readonly tasks: readonly Task[];
  readonly results: Float32Array[];
  /** The lowest is next. */
  readonly rank: number;
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
  readonly #calls = new Set<Call>();

  /** Resolves with the results in the order of the tasks, which are all of one kind. */
  add(tasks: readonly Task[], isAsked = false): Promise<Float32Array[]> {
    const [first] = tasks;
    if (first === undefined) return Promise.resolve([]);
    const rank = first.kind === 'question' ? 1 : 2;
    return new Promise((resolve, reject) => {
      const state = { results: [], taken: 0, done: 0, resolve, reject };
      this.#calls.add({ tasks, rank: isAsked ? 0 : rank, ...state });
    });
  }

  /** The next task; null when none waits. Exactly one of `done` and `fail` must be called. */
  take() {
    const left = ({ tasks, taken }: Call): number => tasks.length - taken;
    const [call] = [...this.#calls]
      .filter((waiting) => left(waiting) > 0)
      .sort((a, b) => a.rank - b.rank || left(a) - left(b));
    const task = call?.tasks[call.taken];
    if (call === undefined || task === undefined) return null;
    const position = call.taken++;
    return {
      task,
      done: (vectors: Float32Array): void => {
        call.results[position] = vectors;
        if (++call.done < call.tasks.length) return;
        this.#calls.delete(call);
        call.resolve(call.results);
      },
      /** Rejects the whole call; its other tasks are not given out any more. */
      fail: (error: unknown): void => {
        this.#calls.delete(call);
        call.reject(error);
      },
    };
  }

  /** Rejects every call, also those with tasks taken. */
  rejectAll(error: unknown): void {
    for (const { reject } of this.#calls) reject(error);
    this.#calls.clear();
  }
}
