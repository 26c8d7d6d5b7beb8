import { LRUCache } from 'lru-cache';
import type { Verdict } from '../answer/types.ts';

/** Servers remembered; those that asked nothing for longest are forgotten first. */
const MOST_SERVERS = 10_000;

export type Figures = Readonly<Record<Verdict, number>>;

/** How many questions of each server were answered since the start: numbers alone, in memory alone. */
export class ServerFigures {
  readonly #byServer = new LRUCache<string, Figures>({ max: MOST_SERVERS });

  of(serverId: string): Figures {
    return this.#byServer.get(serverId) ?? { answered: 0, weak: 0, not_found: 0 };
  }

  count(serverId: string, verdict: Verdict): void {
    const figures = this.of(serverId);
    this.#byServer.set(serverId, { ...figures, [verdict]: figures[verdict] + 1 });
  }
}
