import type { Answer } from '../answer/types.ts';
import type { Snapshot } from '../engine-types.ts';
import type { WorkQueue } from './queue.ts';
import { ASKED_EXCERPTS } from './views/answer.ts';

export interface Asked {
  readonly question: string;
  readonly meeting: string | null;
  readonly source: string | null;
}

/**
 * Answers through the queue. The latest are kept, since pages, context and feedback of one answer ask for it
 * again; they hold words of the corpus and the question, and are gone with the process.
 */
export class Answers {
  readonly #queue: WorkQueue;
  readonly #keep: number;
  readonly #latest = new Map<string, Promise<Answer>>();

  constructor(options: { queue: WorkQueue; keep: number }) {
    this.#queue = options.queue;
    this.#keep = options.keep;
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  /** @throws Refusal when too many questions wait; DragomanError QUESTION for a question the core refuses */
  answer(edition: Snapshot, { question, meeting, source }: Asked): Promise<Answer> {
    const key = JSON.stringify([edition.generation, edition.builtAt, question, meeting, source]);
    const known = this.#latest.get(key);
    if (known !== undefined) {
      this.#latest.delete(key);
      this.#latest.set(key, known);
      return known;
    }
    const answer = this.#queue.run(() =>
      edition.ask(question, {
        k: ASKED_EXCERPTS,
        ...(meeting === null ? {} : { meeting }),
        ...(source === null ? {} : { source }),
      }),
    );
    this.#latest.set(key, answer);
    answer.catch(() => this.#latest.delete(key));
    for (const oldest of this.#latest.keys()) {
      if (this.#latest.size <= this.#keep) break;
      this.#latest.delete(oldest);
    }
    return answer;
  }
}
