/** Who keeps the bot: the owner or the team of the application, as Discord says, and the users named in the settings. */
import { Team, TeamMemberMembershipState, TeamMemberRole, type Client } from 'discord.js';
import type { Logger } from '../log.ts';

/** For so long what Discord said holds: who leaves the team loses its rights within this time. */
const ASK_AGAIN_MS = 10 * 60_000;

export class Keepers {
  readonly #named: readonly string[];
  readonly #askDiscord: () => Promise<readonly string[]>;
  readonly #log: Logger;
  #owners: readonly string[] = [];
  #askedAt = -Infinity;

  constructor(options: {
    readonly named: readonly string[];
    /** Ids of the application's owner or team. */
    readonly askDiscord: () => Promise<readonly string[]>;
    readonly log: Logger;
  }) {
    this.#named = options.named;
    this.#askDiscord = options.askDiscord;
    this.#log = options.log;
  }

  /** Ids of users. Where Discord cannot be asked, those that it named last. */
  async ids(): Promise<readonly string[]> {
    if (performance.now() - this.#askedAt > ASK_AGAIN_MS) {
      try {
        this.#owners = await this.#askDiscord();
        this.#askedAt = performance.now();
      } catch (err) {
        this.#log.warn({ event: 'keepers.unknown', err });
      }
    }
    return [...new Set([...this.#named, ...this.#owners])];
  }

  async include(userId: string): Promise<boolean> {
    return this.#named.includes(userId) || (await this.ids()).includes(userId);
  }
}

/** Members who may only read, or who have not accepted yet, keep nothing. */
export async function ownersOf(client: Client): Promise<readonly string[]> {
  const owner = (await client.application?.fetch())?.owner ?? null;
  if (owner === null) return [];
  if (!(owner instanceof Team)) return [owner.id];
  return [...owner.members.values()]
    .filter(
      ({ membershipState, role }) =>
        membershipState === TeamMemberMembershipState.Accepted && role !== TeamMemberRole.ReadOnly,
    )
    .map(({ id }) => id);
}
