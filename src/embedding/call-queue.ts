import type { Task } from './worker-protocol.ts';

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
 * The calls that wait for the model. Questions go first, because somebody waits for them, and among questions the call
 * with the fewest tasks left, so that a single question does not wait for thousands of expected ones.
 */
export class CallQueue {
  readonly #questions = new Set<Call>();
  readonly #passages = new Set<Call>();

  /** Resolves with the results in the order of the tasks, which are all of one kind. */
  add(tasks: readonly Task[]): Promise<Float32Array[]> {
    const [first] = tasks;
    if (first === undefined) return Promise.resolve([]);
    const waiting = first.kind === 'question' ? this.#questions : this.#passages;
    return new Promise((resolve, reject) => {
      waiting.add({ tasks, results: [], taken: 0, done: 0, resolve, reject });
    });
  }

  /** The next task; null when none waits. */
  take(): TakenTask | null {
    const call = fewestLeft(this.#questions) ?? oldest(this.#passages);
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
    for (const call of [...this.#questions, ...this.#passages]) {
      this.#remove(call);
      call.reject(error);
    }
  }

  #remove(call: Call): void {
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

function oldest(calls: ReadonlySet<Call>): Call | undefined {
  for (const call of calls) if (left(call) > 0) return call;
  return undefined;
}
