import {
  ActivityType,
  Client,
  Events,
  GatewayIntentBits,
  Options,
  type Interaction,
} from 'discord.js';
import type { Logger } from '../log.ts';

/**
 * Nothing of Discord is kept: every interaction brings what it needs. The caches that would grow with each
 * user and message are empty, and the request queues of finished interactions are thrown away every ten seconds.
 */
export function createClient({ apiUrl }: { apiUrl: string | null }): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    presence: { activities: [{ name: '/ask', type: ActivityType.Listening }] },
    // Interactions wait until the servers are listed; they are not needed for any.
    waitGuildTimeout: 500,
    rest: {
      ...restAddress(apiUrl),
      handlerSweepInterval: 10_000,
      // Interaction endpoints do not count towards the global limit, and there is little else:
      // https://docs.discord.com/developers/topics/rate-limits#global-rate-limit. A global 429 is obeyed all the same.
      globalRequestsPerSecond: Number.MAX_SAFE_INTEGER,
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ApplicationCommandManager: 0,
      AutoModerationRuleManager: 0,
      BaseGuildEmojiManager: 0,
      DMMessageManager: 0,
      EntitlementManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildForumThreadManager: 0,
      GuildInviteManager: 0,
      GuildMemberManager: {
        maxSize: 0,
        keepOverLimit: (member) => member.id === member.client.user.id,
      },
      GuildMessageManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      GuildTextThreadManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadManager: 0,
      ThreadMemberManager: 0,
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user.id },
      VoiceStateManager: 0,
    }),
  });
}

/** Where the REST client finds Discord. It appends the version, so one in the setting would come twice. */
export function restAddress(apiUrl: string | null): { api?: string } {
  return apiUrl === null ? {} : { api: apiUrl.replace(/(?:\/v\d+)?\/*$/, '') };
}

export interface ClientHandlers {
  readonly onInteraction: (interaction: Interaction) => void;
  /** The connection is gone for good: a wrong token, or intents that are not allowed. */
  readonly onFatal: (closeCode: number) => void;
}

/** Connects handlers, and the log to what happens on the connection. */
export function listen(client: Client, log: Logger, handlers: ClientHandlers): void {
  client.on(Events.InteractionCreate, handlers.onInteraction);
  client.on(Events.Error, (err) => log.error({ event: 'client.error', err }));
  client.on(Events.Warn, (message) => log.warn({ event: 'client.warning', message }));
  client.on(Events.ShardError, (err, shard) => log.warn({ event: 'gateway.error', shard, err }));
  client.on(Events.ShardReconnecting, (shard) =>
    log.warn({ event: 'gateway.reconnecting', shard }),
  );
  client.on(Events.ShardResume, (shard, replayed) =>
    log.info({ event: 'gateway.resumed', shard, replayed }),
  );
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    log.error({ event: 'gateway.closed', shard, code });
    handlers.onFatal(code);
  });
  client.rest.on('rateLimited', ({ route, retryAfter, global }) =>
    log.warn({ event: 'rest.rate-limited', route, retryAfter, global }),
  );
}
