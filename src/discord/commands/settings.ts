/** What the managers of a server choose: `/settings`, and how it is kept. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ChannelType,
  ComponentType,
  InteractionContextType,
  PermissionFlagsBits,
  SelectMenuDefaultValueType,
  type APIActionRowComponent,
  type APIChannelSelectComponent,
} from 'discord.js';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { SharedValues } from '../../database/database.ts';
import { DragomanError, isMissing } from '../../errors.ts';
import { replaceFile } from '../../files.ts';
import type { Logger } from '../../monitor.ts';
import { defineControl } from '../custom-ids.ts';
import type { ChatCommand } from '../dispatcher.ts';
import { slashCommand } from '../register.ts';
import { Refusal, type ClickInteraction, type RepliableInteraction } from '../reply.ts';
import { button, buttonRows, framed, menuRow, separator, type View } from '../view.ts';
import type { ServerSettings, SettingsStore } from '../servers.ts';
import type { InteractionContext } from '../services.ts';
import { localeOf, textsIn } from '../text.ts';

export const SETTINGS_FILE = 'servers.json';

/** Channels in one list: as many as a menu of channels takes. */
const MOST_CHANNELS = 25;

const REMEMBERED_CHANNELS = 10_000;

const channels = z.array(z.string()).max(MOST_CHANNELS);
const settingsSchema = z.object({
  channels,
  isPrivate: z.boolean(),
  language: z.enum(['en', 'ja']).nullable(),
  mentionFree: channels,
}) satisfies z.ZodType<ServerSettings>;
const fileSchema = z.record(z.string(), settingsSchema);

const DEFAULTS: ServerSettings = {
  channels: [],
  isPrivate: false,
  language: null,
  mentionFree: [],
};

/** The settings of all servers, in a file or in the database. */
export class ServerSettingsStore implements SettingsStore {
  readonly #place: string | SharedValues;
  readonly #byServer: Map<string, ServerSettings>;
  /** The channel of each thread, or the category of a channel, where something was asked lately. */
  readonly #parents = new LRUCache<string, string>({ max: REMEMBERED_CHANNELS });
  #writing: Promise<void> = Promise.resolve();
  #onBadValue: (serverId: string, error: unknown) => void = () => undefined;

  private constructor(place: string | SharedValues, byServer: Map<string, ServerSettings>) {
    this.#place = place;
    this.#byServer = byServer;
  }

  /** @throws DragomanError DATABASE */
  static async openShared(
    values: SharedValues,
    log: Pick<Logger, 'error'>,
  ): Promise<ServerSettingsStore> {
    const store = new ServerSettingsStore(values, new Map());
    store.#onBadValue = (server, err) => log.error({ event: 'settings.unreadable', server, err });
    await store.refresh();
    return store;
  }

  async refresh(): Promise<void> {
    if (typeof this.#place === 'string') return;
    for (const [serverId, value] of await this.#place.changed()) {
      try {
        this.#set(serverId, value);
      } catch (error) {
        this.#onBadValue(serverId, error);
      }
    }
  }

  /** `value`: the fields that were ever changed. */
  #set(serverId: string, value: unknown): void {
    const changed = settingsSchema.partial().parse(value);
    this.#byServer.set(serverId, settingsSchema.parse({ ...DEFAULTS, ...changed }));
  }

  /** @throws DragomanError CONFIG when the file is damaged: the bot would answer where it was told not to */
  static async open(folder: string): Promise<ServerSettingsStore> {
    const path = join(folder, SETTINGS_FILE);
    try {
      const saved = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      return new ServerSettingsStore(folder, new Map(Object.entries(saved)));
    } catch (cause) {
      if (isMissing(cause)) return new ServerSettingsStore(folder, new Map());
      throw new DragomanError('CONFIG', `The settings of servers in ${path} cannot be read.`, {
        hint: 'Correct the file, or delete it to start from the defaults.',
        cause,
      });
    }
  }

  of(serverId: string | null): ServerSettings {
    return serverId === null ? DEFAULTS : (this.#byServer.get(serverId) ?? DEFAULTS);
  }

  async change(serverId: string, change: Partial<ServerSettings>): Promise<void> {
    const place = this.#place;
    if (typeof place !== 'string') {
      this.#set(serverId, await place.merge(serverId, change));
      return;
    }
    this.#byServer.set(serverId, { ...this.of(serverId), ...change });
    const write = async (): Promise<void> => {
      const content = JSON.stringify(Object.fromEntries(this.#byServer), null, 2);
      await replaceFile(join(place, SETTINGS_FILE), [`${content}\n`]);
    };
    const written = this.#writing.then(write);
    // A failed write does not stop the next from being tried.
    this.#writing = written.catch(() => undefined);
    await written;
  }

  noteChannel(
    channel: { readonly id?: string; readonly parent_id?: string | null } | undefined,
  ): void {
    if (channel?.id === undefined || channel.parent_id == null) return;
    this.#parents.set(channel.id, channel.parent_id);
  }

  placesOf(channelId: string | null): readonly (string | null)[] {
    return channelId === null ? [] : [channelId, this.#parents.get(channelId) ?? null];
  }

  mayAnswer(serverId: string | null, channelIds: readonly (string | null)[]): boolean {
    const { channels: allowed } = this.of(serverId);
    return allowed.length === 0 || channelIds.some((id) => id !== null && allowed.includes(id));
  }
}

/** `/settings`: a panel of menus; a choice is saved at once. */
export const settings: ChatCommand = {
  worksEverywhere: true,
  data: {
    ...slashCommand('settings', {}),
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    contexts: [InteractionContextType.Guild],
  },
  async execute(context) {
    managedServer(context);
    await context.reply.send(panelOf(context), { isPrivate: true });
  },
};

const FIELDS = ['channels', 'mentionFree', 'language', 'private', 'public'] as const;
type Field = (typeof FIELDS)[number];

const OWN_LANGUAGE = 'own';

export const changeSettings = defineControl({
  kind: 'settings',
  letter: 'g',
  worksEverywhere: true,
  encode: (field: Field) => [field],
  decode: ([field]): Field | null => FIELDS.find((known) => known === field) ?? null,
  async run(context, field) {
    const { interaction, reply, services } = context;
    // The panel may be older than the member's permissions.
    const serverId = managedServer(context);
    await reply.deferUpdate(interaction);
    await services.settings.change(serverId, changeOf(field, interaction));
    await reply.fill(panelOf(context));
  },
});

function changeOf(field: Field, interaction: ClickInteraction): Partial<ServerSettings> {
  const values = interaction.isButton() ? [] : interaction.values;
  switch (field) {
    case 'channels':
    case 'mentionFree':
      return { [field]: values.slice(0, MOST_CHANNELS) };
    case 'language':
      return { language: values[0] === 'en' || values[0] === 'ja' ? values[0] : null };
    case 'private':
    case 'public':
      return { isPrivate: field === 'private' };
  }
}

/**
 * The server of an interaction by a member who can manage it.
 *
 * @throws Refusal for anybody else, and outside of servers
 */
function managedServer({ interaction }: InteractionContext): string {
  const { guildId } = interaction;
  if (guildId === null) throw new Refusal((texts) => texts.settings.serversOnly);
  if (!managesServer(interaction)) throw new Refusal((texts) => texts.settings.managersOnly);
  return guildId;
}

/**
 * Whether the user can manage the server where they are. Discord's own check can be changed by a server's
 * administrators, so it is not relied on. Where only the user installed the app, the permissions that Discord sends are
 * those of a server that the bot is not in, and do not count.
 */
export function managesServer(interaction: RepliableInteraction): boolean {
  if (interaction.guildId === null) return false;
  const { guildId, userId } = interaction.authorizingIntegrationOwners;
  if (guildId === null && userId !== null) return false;
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
}

function panelOf({ interaction, services }: InteractionContext): View {
  const chosen = services.settings.of(interaction.guildId);
  const { language, isPrivate, mentionFree } = chosen;
  const texts = textsIn(language ?? localeOf(interaction.locale)).settings;
  const needsContent = mentionFree.length > 0 && !services.readsMessages;
  const current = language ?? OWN_LANGUAGE;
  const languages = ([OWN_LANGUAGE, 'en', 'ja'] as const).map((value) => ({
    value,
    label: `${value === current ? '✓ ' : ''}${texts.languages[value]}`,
  }));
  return framed([
    `## ${texts.title}
${texts.channels}`,
    channelMenu('channels', chosen, texts.channelsHint),
    needsContent
      ? `${texts.mentionFree}
-# ${texts.needsContent}`
      : texts.mentionFree,
    channelMenu('mentionFree', chosen, texts.mentionFreeHint),
    texts.language,
    menuRow(changeSettings.encode('language'), texts.languages[current], languages),
    separator(),
    texts.privacy(isPrivate),
    ...buttonRows([
      button({
        customId: changeSettings.encode(isPrivate ? 'public' : 'private'),
        label: isPrivate ? texts.makePublic : texts.makePrivate,
      }),
    ]),
  ]);
}

/** Text channels, announcements and forums: where people write. */
const WRITTEN = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum];

function channelMenu(
  field: 'channels' | 'mentionFree',
  chosen: ServerSettings,
  placeholder: string,
): APIActionRowComponent<APIChannelSelectComponent> {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.ChannelSelect,
        custom_id: changeSettings.encode(field),
        channel_types: WRITTEN,
        placeholder,
        min_values: 0,
        max_values: MOST_CHANNELS,
        default_values: chosen[field].map((id) => ({
          id,
          type: SelectMenuDefaultValueType.Channel,
        })),
      },
    ],
  };
}
