import { ApiError, apiError, rateLimited, type ApiErrorKind } from './api-error.ts';

/** Which requests a scripted failure strikes; without a method or a path, any. */
export interface FaultTarget {
  readonly method?: string;
  /** Matched against the path after `/api/v10`; text must be contained in it. */
  readonly path?: string | RegExp;
  /** How many requests. Default 1. */
  readonly times?: number;
}

/** What the server does to a request in place of, or besides, handling it. */
export type Fault =
  | { readonly kind: 'refuse'; readonly error: ApiError }
  /** The request takes effect and its answer is lost: what a client sees of a proxy that failed late. */
  | { readonly kind: 'refuseAfter'; readonly error: ApiError }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'delay'; readonly ms: number };

interface Scripted {
  readonly target: FaultTarget;
  readonly fault: Fault;
  left: number;
}

/** Failures scripted by a test, used up in the order in which they were added. */
export class Faults {
  #scripted: Scripted[] = [];

  /** 429; `retryAfter` in seconds. */
  rateLimit(target: FaultTarget & { retryAfter: number; global?: boolean }): void {
    const error = rateLimited(target.retryAfter, { global: target.global ?? false });
    this.#add(target, { kind: 'refuse', error });
  }

  /** A 5xx; with `applied` the request takes effect all the same. */
  serverError(target: FaultTarget & { status?: number; applied?: boolean } = {}): void {
    const status = target.status ?? 503;
    const error = new ApiError(status, { message: `${status}: Service Unavailable`, code: 0 });
    this.#add(target, { kind: target.applied === true ? 'refuseAfter' : 'refuse', error });
  }

  /** One of Discord's own errors, such as `missingPermissions` (50013). */
  refuse(kind: ApiErrorKind, target: FaultTarget = {}): void {
    this.#add(target, { kind: 'refuse', error: apiError(kind) });
  }

  /** The connection is cut in place of an answer. */
  disconnect(target: FaultTarget = {}): void {
    this.#add(target, { kind: 'disconnect' });
  }

  /** The request is handled on arrival and its answer held back, in milliseconds of real time. */
  delay(target: FaultTarget & { ms: number }): void {
    this.#add(target, { kind: 'delay', ms: target.ms });
  }

  clear(): void {
    this.#scripted = [];
  }

  /** The failure for a request, used up by this call; null where none is scripted. */
  take(method: string, path: string): Fault | null {
    if (this.#scripted.length === 0) return null;
    const scripted = this.#scripted.find(
      ({ target }) =>
        (target.method === undefined || target.method === method) && matches(target.path, path),
    );
    if (scripted === undefined) return null;
    scripted.left -= 1;
    if (scripted.left <= 0) this.#scripted = this.#scripted.filter((item) => item !== scripted);
    return scripted.fault;
  }

  #add(target: FaultTarget, fault: Fault): void {
    this.#scripted.push({ target, fault, left: target.times ?? 1 });
  }
}

function matches(pattern: string | RegExp | undefined, path: string): boolean {
  if (pattern === undefined) return true;
  return typeof pattern === 'string' ? path.includes(pattern) : pattern.test(path);
}
