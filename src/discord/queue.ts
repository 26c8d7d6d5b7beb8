import { Refusal } from './refusal.ts';

interface Waiting {
  readonly start: () => Promise<void>;
}

/**
 * Works on few questions at a time and lets the event loop turn between them: a burst of questions must not
 * hold up the acknowledgement of the next.
 */
export class WorkQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #waiting: Waiting[] = [];
  #active = 0;

  constructor(options: { concurrency: number; capacity: number }) {
    this.#concurrency = options.concurrency;
    this.#capacity = options.capacity;
  }

  get waiting(): number {
    return this.#waiting.length + this.#active;
  }

  /**
   * The work's result, in the order of arrival.
   *
   * @throws Refusal when the queue is full
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.#capacity) {
      return Promise.reject(new Refusal((texts) => texts.busy));
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ start: () => work().then(resolve, reject) });
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#active >= this.#concurrency || this.#waiting.length === 0) return;
    this.#active += 1;
    setImmediate(() => {
      const next = this.#waiting.shift();
      void (next?.start() ?? Promise.resolve()).finally(() => {
        this.#active -= 1;
        this.#startNext();
      });
    });
  }
}
