import type { GatewayGuildCreateDispatchData, GatewayReadyDispatchData } from 'discord.js';
import { localeOf, type Locale } from './texts/index.ts';

/** A server as the gateway sends it. */
export type IncomingServer = Pick<GatewayGuildCreateDispatchData, 'id'> &
  Partial<
    Pick<GatewayGuildCreateDispatchData, 'unavailable' | 'system_channel_id' | 'preferred_locale'>
  >;

/**
 * Tells servers that the bot was added to from those that it is in: Discord sends both in the same way, but lists the
 * latter at each login. Keeps ids, and languages other than English.
 */
export class Joins {
  readonly #known = new Set<string>();
  readonly #locales = new Map<string, Locale>();

  loggedIn({ guilds }: Partial<Pick<GatewayReadyDispatchData, 'guilds'>>): void {
    for (const { id } of guilds ?? []) this.#known.add(id);
  }

  /** Whether the bot was just added to the server. */
  isNew(server: IncomingServer): boolean {
    const locale = localeOf(server.preferred_locale);
    if (locale === 'en') this.#locales.delete(server.id);
    else this.#locales.set(server.id, locale);
    const isKnown = this.#known.has(server.id);
    this.#known.add(server.id);
    return !isKnown && server.unavailable !== true;
  }

  /** An unavailable server is not left: it comes back after Discord's outage. */
  left({ id, unavailable }: { readonly id: string; readonly unavailable?: boolean }): void {
    if (unavailable === true) return;
    this.#known.delete(id);
    this.#locales.delete(id);
  }

  localeOf(serverId: string): Locale | null {
    return this.#locales.get(serverId) ?? null;
  }
}
