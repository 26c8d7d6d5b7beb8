import {
  ButtonStyle,
  ComponentType,
  DiscordAPIError,
  MessageFlags,
  SectionBuilder,
  TextDisplayBuilder,
  type Interaction,
} from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tools/local-discord/clock.ts';
import { LocalDiscord } from '../../../tools/local-discord/local-discord.ts';
import type { LocalDiscordOptions } from '../../../tools/local-discord/local-server.ts';
import { customIdsOf, textOf } from '../../../tools/local-discord/message-view.ts';
import { startTinyBot, type TinyBot } from './tiny-bot.ts';

let stops: (() => Promise<void>)[] = [];

/** Its clock stands still unless a test has its own. */
async function start(
  handle: (interaction: Interaction) => Promise<unknown>,
  options: LocalDiscordOptions = {},
): Promise<{ discord: LocalDiscord; bot: TinyBot }> {
  const discord = await LocalDiscord.start({ clock: new ManualClock(), ...options });
  stops.push(() => discord.stop());
  const bot = await startTinyBot(discord, handle);
  stops.push(() => bot.client.destroy());
  return { discord, bot };
}

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

const code = (error: unknown): unknown =>
  error instanceof DiscordAPIError ? error.code : String(error);

const text = (content: string) => new TextDisplayBuilder({ content });

describe('logging in', () => {
  it('gets the real client ready with the guilds and the intents it asked for', async () => {
    const { discord, bot } = await start(() => Promise.resolve());
    expect(bot.client.application.id).toBe(discord.applicationId);
    expect([...bot.client.guilds.cache.keys()]).toEqual([discord.home.id]);
    expect(discord.gateway.identifications.map((item) => item.intents)).toEqual([1]);
  });

  it('tells a connected bot of a guild that adds it', async () => {
    const { discord, bot } = await start(() => Promise.resolve());
    const joined = new Promise((resolve) =>
      bot.client.once('guildCreate', (guild) => resolve(guild.name)),
    );
    discord.guild({ name: 'The Hague' });
    expect(await joined).toBe('The Hague');
  });

  it('refuses a wrong token with 401', async () => {
    const discord = await LocalDiscord.start();
    stops.push(() => discord.stop());
    const answer = await fetch(`${discord.apiUrl}/v10/gateway/bot`, {
      headers: { authorization: 'Bot wrong' },
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ message: '401: Unauthorized', code: 0 });
  });
});

describe('commands', () => {
  it('carries options, locale, place and permissions to the bot, and a deferred answer back', async () => {
    const { discord } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      const seen = {
        question: interaction.options.getString('question'),
        private: interaction.options.getBoolean('private'),
        count: interaction.options.getInteger('count'),
        locale: interaction.locale,
        guild: interaction.guild?.name,
        manages: interaction.memberPermissions?.has('ManageGuild'),
      };
      await interaction.editReply({
        components: [text(JSON.stringify(seen))],
        flags: MessageFlags.IsComponentsV2,
      });
    });
    const user = discord.user({ locale: 'ja', permissions: 1n << 5n });
    const options = { question: 'When?', private: true, count: 3 };
    const reply = await discord.command({ name: 'ask', options, user });
    expect(JSON.parse(textOf(reply.message))).toEqual({
      ...options,
      locale: 'ja',
      guild: 'Home',
      manages: true,
    });
    expect(reply).toMatchObject({ deferred: true, ephemeral: true, refused: [] });
    expect(reply.ackMs).toBeGreaterThan(0);
    expect(reply.finalMs).toBeGreaterThan(reply.ackMs ?? Infinity);
  });

  it('works in direct messages and for a user who installed the app elsewhere', async () => {
    const { discord } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const { context, guildId, authorizingIntegrationOwners: owners } = interaction;
      await interaction.reply(JSON.stringify({ context, guildId, owners }));
    });
    const user = discord.user();
    const abroad = discord.guild({ installed: false });
    const sent = async (guild: 'dm' | 'private' | typeof abroad) =>
      JSON.parse((await discord.command({ name: 'ask', user, guild })).message.content) as unknown;
    expect(await sent('dm')).toMatchObject({ context: 1, guildId: null });
    expect(await sent('private')).toMatchObject({ context: 2, owners: { 1: user.id } });
    expect(await sent(abroad)).toMatchObject({ context: 0, guildId: abroad.id });
  });

  it('reaches subcommands and message commands', async () => {
    const { discord } = await start(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        await interaction.reply(`ran ${interaction.options.getSubcommand()}`);
      } else if (interaction.isMessageContextMenuCommand()) {
        await interaction.reply(`read ${interaction.targetMessage.content}`);
      }
    });
    const ran = await discord.command({ name: 'admin reload' });
    expect(ran.message.content).toBe('ran reload');
    const target = discord.post('When was Ankara?');
    const read = await discord.messageCommand({ name: 'Ask the tour', target });
    expect(read.message.content).toBe('read When was Ankara?');
  });

  it('says what the bot did when it never answers', async () => {
    const { discord } = await start(async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.deferReply();
    });
    const waiting = discord.command({ name: 'ask', timeoutMs: 1_000 });
    await expect(waiting).rejects.toThrow(
      /\/ask: no answer within 1000 ms; the bot sent POST.*204/,
    );
  });

  it('lets a deferred reply be deleted and an ephemeral follow-up take its place', async () => {
    const { discord } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.deleteReply();
      await interaction.followUp({ content: 'sorry', flags: MessageFlags.Ephemeral });
    });
    const reply = await discord.command({
      name: 'ask',
      until: ({ followUps }) => followUps.length > 0,
    });
    expect(reply.deleted).toBe(true);
    expect(reply.followUps.map((message) => message.flags)).toEqual([MessageFlags.Ephemeral]);
  });
});

describe('the life of an interaction', () => {
  it('refuses a second callback with 40060', async () => {
    const { discord, bot } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.client.rest.post(
        `/interactions/${interaction.id}/${interaction.token}/callback`,
        { body: { type: 5 }, auth: false },
      );
      await interaction.reply('again');
    });
    const reply = await discord.command({ name: 'ask', until: (item) => item.refused.length > 0 });
    expect(reply.refused[0]?.response).toMatchObject({ code: 40060 });
    await expect.poll(() => bot.errors.map(code)).toEqual([40060]);
  });

  it('refuses a callback after three seconds with 10062', async () => {
    const clock = new ManualClock();
    const { discord, bot } = await start(
      async (interaction) => {
        if (!interaction.isChatInputCommand()) return;
        clock.advance(3_001);
        await interaction.reply('too late');
      },
      { clock },
    );
    await discord.command({ name: 'ask', until: (item) => item.refused.length > 0 });
    await expect.poll(() => bot.errors.map(code)).toEqual([10062]);
  });

  it('accepts edits up to fifteen minutes and refuses them afterwards', async () => {
    const clock = new ManualClock();
    const { discord, bot } = await start(
      async (interaction) => {
        if (!interaction.isChatInputCommand()) return;
        await interaction.deferReply();
        clock.advance(15 * 60_000);
        await interaction.editReply('in time');
        clock.advance(1);
        await interaction.editReply('too late');
      },
      { clock },
    );
    const reply = await discord.command({ name: 'ask', until: (item) => item.refused.length > 0 });
    expect(reply.message.content).toBe('in time');
    await expect.poll(() => bot.errors.map(code)).toEqual([50027]);
  });

  it('knows no webhook before the callback, and no message after its deletion', async () => {
    const { discord, bot } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.webhook.send('early').catch((error: unknown) => bot.errors.push(error));
      const { resource } = await interaction.reply({ content: 'here', withResponse: true });
      const shown = discord.world.message(resource?.message?.id ?? '')?.message;
      if (shown !== undefined) discord.deleteMessage(shown);
      await interaction.editReply('gone');
    });
    await discord.command({ name: 'ask', until: (item) => item.refused.length === 2 });
    await expect.poll(() => bot.errors.map(code)).toEqual([10015, 10008]);
  });

  it('stops at five follow-ups where only the user installed the app', async () => {
    const { discord, bot } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply('one');
      for (let index = 0; index < 6; index += 1) await interaction.followUp(`more ${index}`);
    });
    const guild = discord.guild({ installed: false });
    const until = { until: (item: { refused: unknown[] }) => item.refused.length > 0 };
    const reply = await discord.command({ name: 'ask', guild, ...until });
    expect(reply.followUps).toHaveLength(5);
    await expect.poll(() => bot.errors.map(code)).toEqual([40094]);
  });
});

describe('messages of the bot itself', () => {
  it('need access to the channel and the permission to write', async () => {
    const { discord, bot } = await start(() => Promise.resolve());
    const viewOnly = discord.guild({ botPermissions: 1n << 10n });
    const hidden = discord.guild({ botPermissions: 0n });
    const abroad = discord.guild({ installed: false });
    const send = async (channelId: string): Promise<unknown> =>
      bot.client.rest
        .post(`/channels/${channelId}/messages`, { body: { content: 'hello' } })
        .then(() => 'sent', code);
    expect(await send(discord.home.channelId)).toBe('sent');
    expect(await send(viewOnly.channelId)).toBe(50013);
    expect(await send(hidden.channelId)).toBe(50001);
    expect(await send(abroad.channelId)).toBe(50001);
    expect(await send('1')).toBe(10003);
  });
});

describe('components, menus, modals and autocomplete', () => {
  const panel = {
    components: [
      {
        type: 1 as const,
        components: [{ type: 2 as const, style: 1 as const, label: 'More', custom_id: 'more' }],
      },
      {
        type: 1 as const,
        components: [
          {
            type: 3 as const,
            custom_id: 'stop',
            options: [
              { label: 'Ankara', value: 'ankara' },
              { label: 'The Hague', value: 'hague' },
            ],
          },
        ],
      },
    ],
  };
  const modal = {
    custom_id: 'why',
    title: 'Why?',
    components: [
      {
        type: 18 as const,
        label: 'Reason',
        component: { type: 4 as const, custom_id: 'reason', style: 2 as const },
      },
    ],
  };

  async function panelBot(): Promise<LocalDiscord> {
    const { discord } = await start(async (interaction) => {
      if (interaction.isAutocomplete()) {
        const typed = interaction.options.getFocused();
        await interaction.respond([{ name: `Meeting ${typed}`, value: typed }]);
      } else if (interaction.isChatInputCommand()) {
        await interaction.reply({ content: 'panel', ...panel });
      } else if (interaction.isButton()) {
        await interaction.showModal(modal);
      } else if (interaction.isStringSelectMenu()) {
        await interaction.update({ content: `chose ${interaction.values.join(', ')}` });
      } else if (interaction.isModalSubmit()) {
        await interaction.deferUpdate();
        const reason = interaction.fields.getTextInputValue('reason');
        await interaction.editReply({ content: `because ${reason}`, components: [] });
      }
    });
    return discord;
  }

  it('lets a user choose, click, and submit the modal that opens', async () => {
    const discord = await panelBot();
    const asked = await discord.command({ name: 'ask' });
    expect(customIdsOf(asked.message)).toEqual(['more', 'stop']);

    const chosen = await discord.select(asked.message, 'stop', ['hague']);
    expect(chosen.message).toMatchObject({ id: asked.message.id, content: 'chose hague' });
    expect(asked.message.content).toBe('panel');

    const clicked = await discord.click(asked.message, 'more');
    expect(clicked.modal).toMatchObject({ title: 'Why?' });
    const submitted = await discord.submitModal(clicked, { reason: 'I like it' });
    expect(submitted.message).toMatchObject({ content: 'because I like it', components: [] });
    expect(discord.current(asked.message)?.content).toBe('because I like it');
  });

  it('refuses actions that no user could take', async () => {
    const discord = await panelBot();
    const { message } = await discord.command({ name: 'ask' });
    expect(() => discord.sendClick(message, 'less')).toThrow(/no less, only: more, stop/);
    expect(() => discord.sendSelect(message, 'stop', ['tokyo'])).toThrow(/offers no tokyo/);
    const clicked = await discord.click(message, 'more');
    expect(() => discord.sendModal(clicked, {})).toThrow(/needs a value for reason/);
    expect(() => discord.sendModal(clicked, { reason: 'x'.repeat(4_001) })).toThrow(/4001/);
  });

  it('returns the choices of an autocomplete', async () => {
    const discord = await panelBot();
    const focused = { name: 'meeting', focused: 'meeting', options: { meeting: 'blinken' } };
    const { choices, ackMs } = await discord.autocomplete(focused);
    expect(choices).toEqual([{ name: 'Meeting blinken', value: 'blinken' }]);
    expect(ackMs).toBeGreaterThan(0);
  });
});

describe('uploads', () => {
  it('keeps a multipart file with its alt text and resolves references to it', async () => {
    const { discord } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.editReply({
        flags: MessageFlags.IsComponentsV2,
        components: [
          { type: ComponentType.MediaGallery, items: [{ media: { url: 'attachment://map.png' } }] },
        ],
        files: [{ attachment: Buffer.from('picture'), name: 'map.png', description: 'A route' }],
      });
    });
    const reply = await discord.command({ name: 'tour' });
    expect(reply.files).toEqual([
      {
        name: 'map.png',
        contentType: 'image/png',
        description: 'A route',
        data: new Uint8Array(Buffer.from('picture')),
      },
    ]);
    const [attachment] = reply.message.attachments;
    expect(reply.message.components).toMatchObject([
      { items: [{ media: { url: attachment?.url, attachment_id: attachment?.id } }] },
    ]);
  });

  it('refuses a reference to a file that is not there', async () => {
    const { discord, bot } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply({
        flags: MessageFlags.IsComponentsV2,
        components: [{ type: ComponentType.File, file: { url: 'attachment://map.png' } }],
      });
    });
    await discord.command({ name: 'tour', until: (item) => item.refused.length > 0 });
    await expect.poll(() => String(bot.errors[0])).toContain('ATTACHMENT_NOT_FOUND');
  });
});

describe('Components V2', () => {
  it('refuses more than 4000 characters with 50035, by the field, and accepts 4000', async () => {
    let length = 4_001;
    const { discord, bot } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.editReply({
        flags: MessageFlags.IsComponentsV2,
        components: [text('a'.repeat(2_000)), text('b'.repeat(length - 2_000))],
      });
    });
    const reply = await discord.command({ name: 'ask', until: (item) => item.refused.length > 0 });
    expect(reply.refused[0]?.response).toMatchObject({
      code: 50035,
      message: 'Invalid Form Body',
      errors: { components: { _errors: [{ code: 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED' }] } },
    });
    await expect.poll(() => bot.errors.map(code)).toEqual([50035]);
    length = 4_000;
    expect((await discord.command({ name: 'ask' })).refused).toEqual([]);
  });

  it('accepts a section of the real builders and keeps the flag', async () => {
    const { discord, bot } = await start(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const section = new SectionBuilder()
        .addTextDisplayComponents(text('one'), text('two'))
        .setButtonAccessory((button) =>
          button.setStyle(ButtonStyle.Link).setLabel('Source').setURL('https://a.b'),
        );
      await interaction.reply({ flags: MessageFlags.IsComponentsV2, components: [section] });
      await interaction.editReply({ content: 'plain', flags: 0 as never });
    });
    const reply = await discord.command({ name: 'ask', until: (item) => item.refused.length > 0 });
    expect(textOf(reply.message)).toBe('one\ntwo\nSource');
    await expect.poll(() => String(bot.errors[0])).toContain('MESSAGE_CANNOT_REMOVE_COMPONENTS_V2');
  });
});

describe('many at once', () => {
  it('answers hundreds of interactions, fifty at a time, and remembers only as many as it was told', async () => {
    const { discord, bot } = await start(
      async (interaction) => {
        if (!interaction.isChatInputCommand()) return;
        await interaction.deferReply();
        await interaction.editReply(`answer ${interaction.options.getInteger('n')}`);
      },
      { keep: 60 },
    );
    const answered = new Set<string>();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < 200) {
        const n = next;
        next += 1;
        const reply = await discord.command({ name: 'ask', options: { n } });
        answered.add(reply.message.content);
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    expect(answered.size).toBe(200);
    expect(bot.errors).toEqual([]);
    expect(discord.requestCounts.get('PATCH webhooks')).toBe(200);
  });
});
