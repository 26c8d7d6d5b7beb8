import { Client, GatewayIntentBits, type ClientOptions, type Interaction } from 'discord.js';
import type { LocalDiscord } from '../../../tools/local-discord/local-discord.ts';

/** A bot of one handler on the real client, logged in to a local Discord. */
export interface TinyBot {
  readonly client: Client<true>;
  /** What the handler threw, in order. */
  readonly errors: unknown[];
}

export async function startTinyBot(
  discord: LocalDiscord,
  handle: (interaction: Interaction) => Promise<unknown>,
  options: Partial<ClientOptions> = {},
): Promise<TinyBot> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    // The client would wait five seconds before it identifies a second time.
    ws: {
      buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }),
    },
    ...options,
    // Discord exempts interactions from the 50 requests a second; the client would count their edits.
    rest: {
      api: discord.apiUrl,
      timeout: 60_000,
      globalRequestsPerSecond: 10_000,
      ...options.rest,
    },
  });
  const errors: unknown[] = [];
  client.on('interactionCreate', (interaction) => {
    handle(interaction).catch((error: unknown) => errors.push(error));
  });
  client.on('error', (error) => errors.push(error));
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(discord.token);
  return { client: await ready, errors };
}
