/** How much is done at once, and for each user and each server. */
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Connection } from '../database/database.ts';
import { Refusal } from './reply.ts';

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

const MINUTE_S = 60;
/** A question costs two points, everything else one: turning pages is cheaper than searching. */
const POINTS_PER_QUESTION = 2;
/** A minute. Discord asks for completions at most twice a second while somebody types. */
const COMPLETIONS = 120;

interface RateLimitOptions {
  /** Questions a minute. */
  readonly perUser: number;
  readonly perServer: number;
}

/**
 * How much each user and each server may ask. Ids are kept in memory for one minute, and nowhere else; with a database
 * there, for an hour at most, so that the limits hold for all processes together.
 */
export class RateLimits {
  readonly #users: RateLimiterAbstract;
  readonly #typing: RateLimiterMemory;
  readonly #servers: RateLimiterAbstract;

  constructor({ perUser, perServer }: RateLimitOptions, database: Connection | null) {
    this.#users = limiter('user', perUser, database);
    this.#typing = new RateLimiterMemory({ points: COMPLETIONS, duration: MINUTE_S });
    this.#servers = limiter('server', perServer, database);
  }

  /** Whether a user who types may be offered completions. */
  async takeCompletion(userId: string): Promise<boolean> {
    return (await waitAfter(this.#typing, userId, 1)) === null;
  }

  /**
   * `serverId`: null in direct messages.
   *
   * @throws Refusal when the user or the server asked too much
   */
  async admit(request: {
    userId: string;
    serverId: string | null;
    isQuestion: boolean;
  }): Promise<void> {
    const points = request.isQuestion ? POINTS_PER_QUESTION : 1;
    const ofUser = await waitAfter(this.#users, request.userId, points);
    if (ofUser !== null) throw new Refusal(({ tooMany }) => tooMany(timeIn(ofUser)));
    if (request.serverId === null) return;
    const ofServer = await waitAfter(this.#servers, request.serverId, points);
    if (ofServer !== null)
      throw new Refusal(({ tooManyServer }) => tooManyServer(timeIn(ofServer)));
  }
}

function limiter(
  keyPrefix: string,
  questionsPerMinute: number,
  database: Connection | null,
): RateLimiterAbstract {
  const limits = {
    keyPrefix,
    points: questionsPerMinute * POINTS_PER_QUESTION,
    duration: MINUTE_S,
  };
  const memory = new RateLimiterMemory(limits);
  if (database === null) return memory;
  return new RateLimiterPostgres({
    ...limits,
    storeType: 'client',
    // Without the names of prepared statements, which connection poolers do not know.
    storeClient: {
      query: async ({ text, values }: { text: string; values: readonly unknown[] }) => ({
        rows: await database.query(text, values),
      }),
    },
    tableName: 'rate_limits',
    tableCreated: true,
    // While the server is away.
    insuranceLimiter: memory,
  });
}

/** Milliseconds to wait; null where the points were left. */
async function waitAfter(
  limiter: RateLimiterAbstract,
  key: string,
  points: number,
): Promise<number | null> {
  try {
    await limiter.consume(key, points);
    return null;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error.msBeforeNext;
    throw error;
  }
}

/** As each reader's client shows it: "in 20 seconds". */
function timeIn(milliseconds: number): string {
  return `<t:${Math.ceil((Date.now() + milliseconds) / 1000)}:R>`;
}
