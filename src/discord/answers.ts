import { LRUCache } from 'lru-cache';
import type { Answer } from '../answer/types.ts';
import type { Snapshot } from '../engine-types.ts';
import { Refusal } from './failures.ts';

/** Excerpts of one answer over all its pages. */
const MOST_EXCERPTS = 12;

/** A question, and the ids of the meeting and the source that it is limited to. */
export interface AskRequest {
  readonly question: string;
  readonly meeting: string | null;
  readonly source: string | null;
}

/**
 * Answers through the queue. The latest answers are cached, because pages, context and feedback of one answer ask
 * for it again. The cache holds questions and excerpts, in memory only.
 */
export class Answers {
  readonly #queue: WorkQueue;
  readonly #cache: LRUCache<string, Promise<Answer>>;

  /** `cached`: the most answers kept, of about ten kilobytes each. */
  constructor({ queue, cached }: { queue: WorkQueue; cached: number }) {
    this.#queue = queue;
    this.#cache = new LRUCache({ max: cached });
  }

  /** Questions that wait or are being answered. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** @throws Refusal when too many questions wait; DragomanError QUESTION for a question that the engine refuses */
  answer(snapshot: Snapshot, { question, meeting, source }: AskRequest): Promise<Answer> {
    const key = JSON.stringify([snapshot.generation, snapshot.builtAt, question, meeting, source]);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const answer = this.#queue.run(() =>
      snapshot.ask(question, {
        k: MOST_EXCERPTS,
        ...(meeting === null ? {} : { meeting }),
        ...(source === null ? {} : { source }),
      }),
    );
    this.#cache.set(key, answer);
    answer.catch(() => this.#cache.delete(key));
    return answer;
  }
}

/** Questions that each server's members asked in public and got answered, to complete what others type. In memory only. */
export class AskedQuestions {
  readonly #byServer = new LRUCache<string, LRUCache<string, true>>({ max: 500 });

  add(serverId: string, question: string): void {
    const asked = this.#byServer.get(serverId) ?? new LRUCache<string, true>({ max: 200 });
    asked.set(question, true);
    this.#byServer.set(serverId, asked);
  }

  /** The latest first. `serverId`: null in direct messages, where nothing is asked in public. */
  of(serverId: string | null): string[] {
    return serverId === null ? [] : [...(this.#byServer.get(serverId)?.keys() ?? [])];
  }
}

/**
 * Runs a few tasks at a time and lets the event loop turn between them: a burst of questions must not delay the
 * acknowledgement of the next one.
 */
export class WorkQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #active = 0;

  /** `capacity`: the most tasks that wait. */
  constructor({ concurrency, capacity }: { concurrency: number; capacity: number }) {
    this.#concurrency = concurrency;
    this.#capacity = capacity;
  }

  /** Tasks that wait or run. */
  get waiting(): number {
    return this.#waiting.length + this.#active;
  }

  /**
   * The task's result. Tasks start in the order of arrival.
   *
   * @throws Refusal when the queue is full
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.#capacity) {
      return Promise.reject(new Refusal((texts) => texts.busy));
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => task().then(resolve, reject));
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#active >= this.#concurrency || this.#waiting.length === 0) return;
    this.#active += 1;
    setImmediate(() => {
      const start = this.#waiting.shift();
      void (start?.() ?? Promise.resolve()).finally(() => {
        this.#active -= 1;
        this.#startNext();
      });
    });
  }
}
