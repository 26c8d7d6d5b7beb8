/** What the managers of a server choose. */
import {
  ChannelType,
  ComponentType,
  InteractionContextType,
  PermissionFlagsBits,
  SelectMenuDefaultValueType,
  type APIActionRowComponent,
  type APIChannelSelectComponent,
} from 'discord.js';
import { defineControl } from '../custom-ids.ts';
import { slashCommand, type ChatCommand } from '../register.ts';
import { Refusal, type ClickInteraction, type RepliableInteraction } from '../reply.ts';
import { MOST_CHANNELS, type ServerSettings } from '../servers.ts';
import type { InteractionContext } from '../services.ts';
import { localeOf, textsIn } from '../text.ts';
import { button, buttonRows, framed, menuRow, separator, type View } from '../view.ts';

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
  if (field === 'private' || field === 'public') return { isPrivate: field === 'private' };
  const values = interaction.isButton() ? [] : interaction.values;
  if (field !== 'language') return { [field]: values.slice(0, MOST_CHANNELS) };
  const [language] = values;
  return { language: language === 'en' || language === 'ja' ? language : null };
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
    `## ${texts.title}\n${texts.channels}`,
    channelMenu('channels', chosen, texts.channelsHint),
    needsContent ? `${texts.mentionFree}\n-# ${texts.needsContent}` : texts.mentionFree,
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
