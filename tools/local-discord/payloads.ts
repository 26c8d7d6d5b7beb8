import type { JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import {
  channelOf,
  MEMBER_PERMISSIONS,
  type Channel,
  type Guild,
  type Place,
  type User,
  type World,
} from './world.ts';

const JOINED = '2024-01-05T00:00:00.000000+00:00';
const CHANNEL_TYPE = { text: 0, dm: 1, group: 3 } as const;
const CONTEXT = { guild: 0, dm: 1, private: 2 } as const;

export function userJson(user: User): JsonObject {
  return {
    id: user.id,
    username: user.username,
    discriminator: '0',
    global_name: user.username,
    avatar: null,
    public_flags: 0,
  };
}

function channelJson(
  place: Place,
  user: User | null,
  guild: Guild | null,
  parentId: string | null,
): JsonObject {
  if (guild !== null) {
    return {
      id: guild.channelId,
      type: CHANNEL_TYPE.text,
      name: 'general',
      guild_id: guild.id,
      position: 0,
      permission_overwrites: [],
      nsfw: false,
      parent_id: parentId,
      permissions: (user?.permissions ?? MEMBER_PERMISSIONS).toString(),
    };
  }
  return {
    id: user === null ? '' : channelOf(place, user),
    type: place === 'dm' ? CHANNEL_TYPE.dm : CHANNEL_TYPE.group,
    ...(user === null ? {} : { recipients: [userJson(user)] }),
  };
}

/** A channel as GET /channels/:id tells it. */
export function placeJson({ id, place, type, parentId, locked }: Channel): JsonObject {
  return {
    id,
    type,
    ...(place === 'dm' ? {} : { guild_id: place.id, name: 'general', position: 0 }),
    parent_id: parentId,
    ...(type === 11 ? { thread_metadata: { archived: false, locked } } : {}),
  };
}

/** A guild as GUILD_CREATE tells it. */
export function guildJson(guild: Guild, world: World): JsonObject {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    owner_id: guild.id,
    preferred_locale: guild.locale,
    features: [],
    unavailable: false,
    large: false,
    member_count: 2,
    joined_at: JOINED,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    afk_timeout: 300,
    system_channel_flags: 0,
    system_channel_id: guild.systemChannelId,
    roles: [
      {
        id: guild.id,
        name: '@everyone',
        color: 0,
        hoist: false,
        position: 0,
        permissions: guild.botPermissions.toString(),
        managed: false,
        mentionable: false,
        flags: 0,
      },
    ],
    emojis: [],
    stickers: [],
    channels: [...world.channels.values()]
      .filter((channel) => channel.place === guild && channel.type !== 11)
      .map(placeJson),
    members: [{ user: world.botUser, roles: [], joined_at: JOINED, deaf: false, mute: false }],
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
  };
}

/** The envelope that all interactions share: who, where, in which language, installed by whom. */
export function interactionJson(
  world: World,
  event: {
    id: string;
    token: string;
    type: number;
    data: JsonObject;
    user: User;
    place: Place;
    message?: JsonObject;
  },
): JsonObject {
  const { user, place } = event;
  const guild = typeof place === 'object' ? place : null;
  const byUser = guild === null ? place === 'private' : !guild.installed;
  const permissions = guild?.botPermissions ?? MEMBER_PERMISSIONS;
  return {
    id: event.id,
    application_id: world.applicationId,
    type: event.type,
    token: event.token,
    version: 1,
    data: event.data,
    channel: channelJson(
      place,
      user,
      guild,
      world.channels.get(guild?.channelId ?? '')?.parentId ?? null,
    ),
    channel_id: channelOf(place, user),
    locale: user.locale,
    app_permissions: permissions.toString(),
    entitlements: [],
    authorizing_integration_owners: byUser ? { '1': user.id } : { '0': guild?.id ?? '0' },
    context: CONTEXT[guild === null ? (place as 'dm' | 'private') : 'guild'],
    attachment_size_limit: LIMITS.requestBytes,
    ...(event.message === undefined ? {} : { message: event.message }),
    ...(guild === null
      ? { user: userJson(user) }
      : {
          guild_id: guild.id,
          guild: { id: guild.id, locale: guild.locale, features: [] },
          guild_locale: guild.locale,
          member: {
            user: userJson(user),
            roles: [],
            joined_at: JOINED,
            premium_since: null,
            permissions: user.permissions.toString(),
            deaf: false,
            mute: false,
            nick: null,
            avatar: null,
            pending: false,
            flags: 0,
          },
        }),
  };
}
