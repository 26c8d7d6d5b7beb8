import type { Engine } from '../engine-types.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../log.ts';
import type { Answers } from './answers.ts';
import type { RateLimits } from './rate-limits.ts';
import type { TourPictures } from './tour-pictures.ts';

/** What the commands work with. One for the life of the process. */
export interface Desk {
  readonly engine: Engine;
  readonly answers: Answers;
  readonly journal: Journal;
  readonly rateLimits: RateLimits;
  readonly pictures: TourPictures;
  readonly log: Logger;
  readonly adminUserIds: ReadonlySet<string>;
  readonly version: string;
  readonly startedAt: Date;
  readonly counts: { handled: number; failed: number };
  /** Milliseconds of the last heartbeat; null when not known. */
  readonly ping: () => number | null;
}
