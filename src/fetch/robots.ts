/** What robots.txt of each host allows, read once a run (RFC 9309). */
import robotsModule from 'robots-parser';
import { DragomanError } from '../errors.ts';

/** The site does not want a page to be fetched. */
export class Forbidden extends DragomanError {
  constructor(host: string) {
    super('FETCH', `robots.txt of ${host} forbids it.`);
  }
}

/** The package exports the function itself, which its types describe as the default export of a module. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

export interface Rules {
  /** Whether a page may be fetched. */
  readonly allows: (url: string) => boolean;
  /** Seconds between two requests that the host asks for; null where it does not. */
  readonly delaySeconds: number | null;
}

const ANYTHING: Rules = { allows: () => true, delaySeconds: null };

/** The answer of a server to a request for its robots.txt. */
export interface RobotsAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** RFC 9309, 2.5: at least so much of the file is read; what is behind it is not. */
export const ROBOTS_BYTES = 500 * 1024;

/** Rules out of an answer. Where there is no file, anything is allowed; where the server is in trouble, nothing. */
export function rulesOf(origin: string, { status, bytes }: RobotsAnswer, userAgent: string): Rules {
  if (status >= 400 && status < 500) return ANYTHING;
  if (status < 200 || status >= 300) {
    throw new DragomanError(
      'FETCH',
      `HTTP ${status} for ${origin}/robots.txt, so nothing may be fetched there.`,
    );
  }
  const text = new TextDecoder().decode(bytes);
  const robots = robotsParser(`${origin}/robots.txt`, text);
  return {
    // Undefined is for addresses of other hosts, which are not asked for here.
    allows: (url) => robots.isAllowed(url, userAgent) !== false,
    delaySeconds: robots.getCrawlDelay(userAgent) ?? null,
  };
}
