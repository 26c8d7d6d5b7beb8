import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const MINUTE_S = 60;
/** A question costs two points, everything else one: turning pages is cheaper than searching. */
const POINTS_PER_QUESTION = 2;
/** A minute. Discord asks for completions at most twice a second while somebody types. */
const COMPLETIONS = 120;

export interface RateLimitOptions {
  /** Questions a minute. */
  readonly perUser: number;
  readonly perServer: number;
}

export type Permit =
  | { readonly allowed: true }
  /** `retryAt`: seconds since 1970. */
  | { readonly allowed: false; readonly whose: 'user' | 'server'; readonly retryAt: number };

/** How much each user and each server may ask. Ids are kept in memory for one minute, and nowhere else. */
export class RateLimits {
  readonly #users: RateLimiterMemory;
  readonly #typing: RateLimiterMemory;
  readonly #servers: RateLimiterMemory;

  constructor({ perUser, perServer }: RateLimitOptions) {
    this.#users = limiter(perUser);
    this.#typing = new RateLimiterMemory({ points: COMPLETIONS, duration: MINUTE_S });
    this.#servers = limiter(perServer);
  }

  /** Whether a user who types may be offered completions. */
  async takeCompletion(userId: string): Promise<boolean> {
    return (await waitAfter(this.#typing, userId, 1)) === null;
  }

  /** `serverId`: null in direct messages. */
  async take(request: {
    userId: string;
    serverId: string | null;
    isQuestion: boolean;
  }): Promise<Permit> {
    const points = request.isQuestion ? POINTS_PER_QUESTION : 1;
    const userWait = await waitAfter(this.#users, request.userId, points);
    if (userWait !== null) {
      return { allowed: false, whose: 'user', retryAt: secondsFromNow(userWait) };
    }
    if (request.serverId === null) return { allowed: true };
    const serverWait = await waitAfter(this.#servers, request.serverId, points);
    if (serverWait === null) return { allowed: true };
    return { allowed: false, whose: 'server', retryAt: secondsFromNow(serverWait) };
  }
}

function limiter(questionsPerMinute: number): RateLimiterMemory {
  return new RateLimiterMemory({
    points: questionsPerMinute * POINTS_PER_QUESTION,
    duration: MINUTE_S,
  });
}

/** Milliseconds to wait; null where the points were left. */
async function waitAfter(
  limiter: RateLimiterMemory,
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

function secondsFromNow(milliseconds: number): number {
  return Math.ceil((Date.now() + milliseconds) / 1000);
}
