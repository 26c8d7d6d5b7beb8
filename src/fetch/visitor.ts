/**
 * GET requests as a considerate visitor makes them: robots.txt obeyed, one request a second and host, few redirects,
 * limits on time and size, connections to public addresses only.
 */
import ipaddr from 'ipaddr.js';
import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import robotsModule from 'robots-parser';
import { Agent, fetch, type Response } from 'undici';
import { DragomanError, messageOf } from '../errors.ts';

export interface Limits {
  /** Of one request with its whole answer. */
  readonly timeoutMs: number;
  /** Of a page, unpacked. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Between the beginnings of two requests to one host. */
  readonly paceMs: number;
}

/** In milliseconds. */
const REAL_CLOCK = {
  now: () => performance.now(),
  sleep: (ms: number): Promise<unknown> => sleep(ms),
};
/** Time as a visitor sees it. */
export type Clock = Readonly<typeof REAL_CLOCK>;

/** A host may ask for a longer pause; a page is not worth more than this. */
const LONGEST_PAUSE_MS = 30_000;

export interface VisitorOptions {
  /** As the server sees it; robots.txt knows its first word. */
  readonly userAgent: string;
  readonly limits: Limits;
  readonly clock?: Clock;
  /** Default: addresses of the public internet. Others are for tests alone: no setting and no option leads here. */
  readonly allowsAddress?: AllowsAddress;
}

export interface Answer {
  readonly status: number;
  /** The address that answered, after redirects. */
  readonly url: string;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly bytes: Uint8Array;
}

type Headers = Readonly<Record<string, string>>;

export class Visitor {
  readonly #options: Required<VisitorOptions>;
  readonly #agent: Agent;
  /** Time from which on each host may be asked again. */
  readonly #free = new Map<string, number>();
  readonly #rules = new Map<string, Promise<Rules>>();

  constructor(options: VisitorOptions) {
    this.#options = { clock: REAL_CLOCK, allowsAddress: isPublicAddress, ...options };
    const lookup = guardedLookup(this.#options.allowsAddress);
    this.#agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, lookup } });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /**
   * The answer to a request, after redirects, of any status.
   *
   * @param validators sent to the address `url` alone: a server that was not asked before knows nothing of them
   * @throws DragomanError FETCH: robots.txt forbids it, a limit, an address that is not public, no answer
   */
  async get(url: string, validators?: { url: string; headers: Headers }): Promise<Answer> {
    const { maxBytes } = this.#options.limits;
    return this.#follow(url, { maxBytes, isCut: false }, async (address) => {
      const { origin, host } = new URL(address);
      const rules = await (this.#rules.get(origin) ?? this.#readRules(origin));
      if (!rules.allows(address)) throw new Forbidden(host);
      return {
        headers: validators?.url === address ? validators.headers : {},
        pauseMs: (rules.delaySeconds ?? 0) * 1000,
      };
    });
  }

  #readRules(origin: string): Promise<Rules> {
    const { userAgent } = this.#options;
    const rules = this.#follow(`${origin}/robots.txt`, ROBOTS_LIMIT, () =>
      Promise.resolve({ headers: {}, pauseMs: 0 }),
    ).then((answer) => rulesOf(origin, answer, userAgent));
    this.#rules.set(origin, rules);
    return rules;
  }

  /** @param before is asked before each request */
  async #follow(
    start: string,
    limit: BodyLimit,
    before: (url: string) => Promise<{ readonly headers: Headers; readonly pauseMs: number }>,
  ): Promise<Answer> {
    const { maxRedirects } = this.#options.limits;
    const visited = new Set<string>();
    for (let url = start; ;) {
      if (visited.has(url)) throw fetchError(`Redirects lead in a circle to ${url}.`);
      if (visited.size > maxRedirects) {
        throw fetchError(`More than ${maxRedirects} redirects, the last to ${url}.`);
      }
      visited.add(url);
      assertWebAddress(url, this.#options.allowsAddress);
      const { headers, pauseMs } = await before(url);
      await this.#turn(new URL(url).hostname, pauseMs);
      const answer = await this.#request(url, headers, limit);
      const target = answer.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(answer.status) || target === null) return answer;
      if (!URL.canParse(target, url)) {
        throw fetchError(`A redirect leads to no address: ${target.slice(0, 200)}.`);
      }
      url = new URL(target, url).href;
    }
  }

  /** Waits until the host may be asked, and reserves that moment. */
  async #turn(host: string, pauseMs: number): Promise<void> {
    const { clock, limits } = this.#options;
    const now = clock.now();
    const at = Math.max(now, this.#free.get(host) ?? 0);
    this.#free.set(host, at + Math.max(limits.paceMs, Math.min(pauseMs, LONGEST_PAUSE_MS)));
    if (at > now) await clock.sleep(at - now);
  }

  async #request(url: string, headers: Headers, limit: BodyLimit): Promise<Answer> {
    const { userAgent, limits } = this.#options;
    const signal = AbortSignal.timeout(limits.timeoutMs);
    try {
      const response = await fetch(url, {
        dispatcher: this.#agent,
        redirect: 'manual',
        headers: {
          'user-agent': userAgent,
          accept: 'text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.1',
          ...headers,
        },
        signal,
      });
      const bytes = await bodyOf(response, limit);
      return { status: response.status, url, headers: response.headers, bytes };
    } catch (error) {
      if (signal.aborted) {
        const seconds = limits.timeoutMs / 1000;
        throw fetchError(`No whole answer within ${seconds} s from ${new URL(url).host}.`);
      }
      throw asFetchError(error);
    }
  }
}

/** How much of a body is read. `isCut`: what is behind it is left out; otherwise a longer body is an error. */
interface BodyLimit {
  readonly maxBytes: number;
  readonly isCut: boolean;
}

/** The body, of an answer that is a page. Read in pieces as it is unpacked, so that a packed flood stops at the limit. */
async function bodyOf(response: Response, { maxBytes, isCut }: BodyLimit): Promise<Uint8Array> {
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    return new Uint8Array();
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    const bytes = piece as Uint8Array;
    length += bytes.byteLength;
    // Leaving the loop cancels the body.
    if (length > maxBytes && !isCut) {
      throw fetchError(`More than ${(maxBytes / 1024 / 1024).toFixed(1)} MiB.`);
    }
    pieces.push(bytes);
    if (length > maxBytes) break;
  }
  return Buffer.concat(pieces, Math.min(length, maxBytes));
}

/** What search engines and most servers take; the work of matching rules of robots.txt grows with it. */
const LONGEST_ADDRESS = 2_000;

function assertWebAddress(url: string, allows: AllowsAddress): void {
  if (url.length > LONGEST_ADDRESS) {
    throw fetchError(
      `Expected an address of at most ${LONGEST_ADDRESS} characters, found ${url.length}.`,
    );
  }
  const { protocol, username, password, hostname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw fetchError(`Expected an address of the web, found one with ${protocol}.`);
  }
  if (username !== '' || password !== '') {
    throw fetchError('Expected an address without a user name, found one with it.');
  }
  // A connection to a number looks up no name.
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !allows(host)) throw refusedAddress(host);
}

export function fetchError(message: string): DragomanError {
  return new DragomanError('FETCH', message);
}

/** `fetch` wraps what went wrong in an error that only says "fetch failed". */
function asFetchError(error: unknown): DragomanError {
  if (error instanceof DragomanError) return error;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof DragomanError) return cause;
  const first = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  return new DragomanError('FETCH', `No answer: ${messageOf(first)}.`, { cause: error });
}

export class Forbidden extends DragomanError {
  constructor(host: string) {
    super('FETCH', `robots.txt of ${host} forbids it.`);
  }
}

/** The package exports the function itself, which its types describe as the default export of a module. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

interface Rules {
  readonly allows: (url: string) => boolean;
  /** Seconds between two requests that the host asks for; null where it does not. */
  readonly delaySeconds: number | null;
}

const ANYTHING: Rules = { allows: () => true, delaySeconds: null };

/** RFC 9309, 2.5: at least so much of the file is read; what is behind it is not. */
const ROBOTS_LIMIT: BodyLimit = { maxBytes: 500 * 1024, isCut: true };

/** HTTP: too many requests. */
const TOO_MANY = 429;

/**
 * Rules out of the answer to a request for robots.txt (RFC 9309). Where there is no file, anything is allowed; where the
 * server is in trouble, nothing.
 */
function rulesOf(origin: string, { status, bytes }: Answer, userAgent: string): Rules {
  if (status >= 400 && status < 500 && status !== TOO_MANY) return ANYTHING;
  if (status < 200 || status >= 300) {
    throw fetchError(`HTTP ${status} for ${origin}/robots.txt, so nothing may be fetched there.`);
  }
  const text = new TextDecoder().decode(bytes);
  // Half of a line could mean something else than the whole.
  const isCut = bytes.byteLength === ROBOTS_LIMIT.maxBytes;
  const end = isCut ? Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'), 0) : text.length;
  const robots = robotsParser(`${origin}/robots.txt`, plainRules(text.slice(0, end)));
  return {
    // Undefined is for addresses of other hosts, which are not asked for here.
    allows: (url) => robots.isAllowed(unescaped(url), userAgent) !== false,
    delaySeconds: robots.getCrawlDelay(userAgent) ?? null,
  };
}

/**
 * Lines of robots.txt as the parser needs them: other lines, such as `Sitemap`, must not end a group (RFC 9309, 2.2.4), and
 * for each `*` it looks at the whole path.
 */
function plainRules(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .filter((line) => /^\s*(?:user-agent|allow|disallow|crawl-delay)\s*:/i.test(line))
    .map((line) => unescaped(line.replace(/\*{2,}/g, '*')))
    .join('\n');
}

/** Without the escapes of characters that need none: rules and addresses may write `%7E` or `~` (RFC 9309, 2.2.2). */
function unescaped(text: string): string {
  return text.replace(/%(?:2d|2e|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi, decodeURIComponent);
}

type AllowsAddress = (address: string) => boolean;

/** The only IPv6 addresses that are given out for the public internet (RFC 4291, 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the public internet. Addresses that stand for IPv4 ones (mapped, NAT64, 6to4) are
 * judged by ipaddr.js as ranges of their own, and only mapped ones, which it unwraps, can be public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(GLOBAL_UNICAST);
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Looks up all addresses of a name, as the system does. */
type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name to its allowed addresses, and only to these is connected: a page, or a server that it redirects to, must
 * not reach a private network. Fails when there is none.
 */
export function guardedLookup(
  allows: AllowsAddress,
  resolve: Resolve = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      // Of a name that is not found there are no addresses either, whatever the types say.
      const allowed = error === null ? found.filter(({ address }) => allows(address)) : [];
      const [first] = allowed;
      if (error !== null) callback(error, '');
      else if (first === undefined) callback(refusedAddress(hostname), '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refusedAddress(host: string): DragomanError {
  return fetchError(`${host} is not an address of the public internet.`);
}
