import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isConnected } from '../../src/discord/client.ts';
import { SETTINGS_FILE, SettingsStore } from '../../src/discord/servers.ts';
import { textsIn, type Locale } from '../../src/discord/text.ts';
import { type JournalEntry, openJournal } from '../../src/journal/journal.ts';
import type { Exchange } from '../../tools/local-discord/exchange.ts';
import { customIdsOf, textOf } from '../../tools/local-discord/message-view.ts';
import { userJson } from '../../tools/local-discord/payloads.ts';
import type { User } from '../../tools/local-discord/world.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

/** A question that the documents answer; of {@link QUESTION} they have nothing. */
const CLEAR = 'How long was the lunch in Helsinki?';
const QUESTION = 'Who is Lavrov?';
const MANAGE_GUILD = 1n << 5n;
const EPHEMERAL = 1 << 6;
const WEEK_MS = 7 * 86_400_000;

const LANGUAGES = ['en', 'ja'] as const;

let running: RunningBot;
let manager: User;
let maintainer: User;

beforeAll(async () => {
  running = await startRunningBot({ env: { WEEKLY_DIGEST: 'on' } });
  manager = running.discord.user({ permissions: MANAGE_GUILD });
  maintainer = running.discord.user();
  running.discord.world.team = {
    id: '1',
    name: 'team',
    icon: null,
    owner_user_id: maintainer.id,
    members: [
      { membership_state: 2, team_id: '1', user: userJson(maintainer), role: 'developer' },
      { membership_state: 1, team_id: '1', user: userJson(manager), role: 'developer' },
    ],
  };
});

afterAll(async () => {
  await running.stop();
});

function ask(question: string, rest: object = {}, options: object = {}): Promise<Exchange> {
  return running.discord.command({ name: 'ask', options: { question, ...options }, ...rest });
}

/** Somebody who reads a language, as Discord says. */
function readerOf(language: Locale, user: User = running.discord.reader): User {
  return { ...user, locale: language === 'ja' ? 'ja' : 'en-US' };
}

async function journal(): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of openJournal(running.config.journal).entries()) entries.push(entry);
  return entries;
}

async function questions(): Promise<unknown[]> {
  return (await journal()).flatMap((entry) =>
    entry.type === 'unanswered' ? [entry.question] : [],
  );
}

describe('/settings', () => {
  it.each(LANGUAGES)('is for who manages the server (%s)', async (language) => {
    const { discord } = running;
    const texts = textsIn(language).settings;
    const settings = (user: User, guild?: 'dm') =>
      discord.command({ name: 'settings', user, ...(guild === undefined ? {} : { guild }) });
    const refused = await settings(readerOf(language));
    expect(refused.ephemeral).toBe(true);
    expect(textOf(refused.message)).toBe(texts.managersOnly);
    const panel = await settings(readerOf(language, manager));
    expect(panel.ephemeral).toBe(true);
    expect(textOf(panel.message)).toContain(texts.title);
    expect(customIdsOf(panel.message)).toEqual([
      ...['1|g|channels', '1|g|mentionFree', '1|g|language', '1|g|private'],
    ]);
    const demoted = { ...readerOf(language, manager), permissions: 0n };
    const late = await discord.click(panel.message, '1|g|private', { user: demoted });
    expect(textOf(late.message)).toBe(texts.managersOnly);
  });

  it.each(LANGUAGES)(
    'limits the channels, and names them elsewhere; /settings works everywhere (%s)',
    async (language) => {
      const { discord } = running;
      const guild = discord.guild({ name: 'Limited' });
      const user = readerOf(language, manager);
      const texts = textsIn(language).settings;
      const panel = await discord.command({ name: 'settings', user, guild });
      const elsewhere = '111111111111111111';
      await discord.select(panel.message, '1|g|channels', [elsewhere], { user });
      const refused = await ask(QUESTION, { guild, user });
      expect(refused.ephemeral).toBe(true);
      expect(textOf(refused.message)).toContain(texts.notHere(`<#${elsewhere}>`));
      const again = await discord.command({ name: 'settings', user, guild });
      expect(textOf(again.message)).toContain(texts.title);
      await discord.select(panel.message, '1|g|channels', [guild.channelId], { user });
      expect(textOf((await ask(QUESTION, { guild })).message)).toContain(QUESTION);
      expect(textOf((await ask(QUESTION)).message)).toContain(QUESTION);
    },
  );

  it.each(['gateway', 'endpoint'] as const)('counts a thread as its channel (%s)', async (door) => {
    const own = door === 'gateway' ? null : await startRunningBot({ door });
    const { discord } = own ?? running;
    try {
      const guild = discord.guild({ name: 'Threads' });
      const user = discord.user({ permissions: MANAGE_GUILD });
      const forum = discord.channel({ place: guild, type: 15 });
      discord.channel({ id: guild.channelId, place: guild, type: 11, parentId: forum.id });
      const panel = await discord.command({ name: 'settings', user, guild });
      await discord.select(panel.message, '1|g|channels', [forum.id], { user });
      const options = { question: CLEAR };
      const asked = await discord.command({ name: 'ask', options, guild });
      expect(textOf(asked.message)).toContain('about 75 minutes');
    } finally {
      await own?.stop();
    }
  });

  it.each(LANGUAGES)(
    'makes answers private and fixes the language, until told otherwise (%s)',
    async (language) => {
      const { discord } = running;
      const guild = discord.guild({ name: 'Quiet' });
      const user = readerOf(language, manager);
      const panel = await discord.command({ name: 'settings', user, guild });
      const quiet = await discord.click(panel.message, '1|g|private', { user });
      expect(textOf(quiet.message)).toContain(textsIn(language).settings.privacy(true));
      const fixed = language === 'en' ? 'ja' : 'en';
      await discord.select(quiet.message, '1|g|language', [fixed], { user });
      const asked = await ask(QUESTION, { guild, user });
      expect(asked.ephemeral).toBe(true);
      expect(textOf(asked.message)).toContain(textsIn(fixed).reply.onlyYou('').slice(0, 8));
      expect((await ask(CLEAR, { guild }, { private: false })).ephemeral).toBe(false);
    },
  );

  it.each(LANGUAGES)(
    'says what channels without mentions need, and outlives a restart (%s)',
    async (language) => {
      const { discord, config } = running;
      const guild = discord.guild({ name: 'Open' });
      const user = readerOf(language, manager);
      const panel = await discord.command({ name: 'settings', user, guild });
      const free = [guild.channelId];
      const chosen = await discord.select(panel.message, '1|g|mentionFree', free, { user });
      expect(textOf(chosen.message)).toContain(textsIn(language).settings.needsContent);
      const store = await SettingsStore.open(config.journal.folder);
      expect(store.of(guild.id).mentionFree.includes(guild.channelId)).toBe(true);
      expect(store.of(guild.id).mentionFree.includes('1')).toBe(false);
      const saved = await stat(join(config.journal.folder, SETTINGS_FILE));
      expect(saved.isFile()).toBe(true);
    },
  );

  it('refuses to start from a damaged file', async () => {
    await writeFile(join(running.folder, SETTINGS_FILE), '{"1":{}}');
    await expect(SettingsStore.open(running.folder)).rejects.toMatchObject({
      code: 'CONFIG',
    });
  });
});

describe('the journal', () => {
  it.each([
    ['en', (name: string) => `What did ${name} say?`],
    ['ja', (name: string) => `${name}は何と言いましたか`],
  ] as const)(
    'has no question that was asked in private, in direct messages or on a message (%s)',
    async (language, questionOn) => {
      const { discord } = running;
      const user = readerOf(language);
      const hidden = ['Ribbentrop', 'Molotov', 'Talleyrand'].map(questionOn);
      const [private_ = '', direct = '', menu = ''] = hidden;
      await ask(private_, { user }, { private: true });
      await ask(direct, { guild: 'dm', user });
      await discord.messageCommand({ name: 'Ask the tour', target: discord.post(menu), user });
      await ask(questionOn('Metternich'), { user });
      await expect.poll(questions).toContain(questionOn('Metternich'));
      for (const question of hidden) expect(await questions()).not.toContain(question);
    },
  );

  it.each(LANGUAGES)(
    'gets a private question that its asker tells, once (%s)',
    async (language) => {
      const { discord } = running;
      const user = readerOf(language);
      const question =
        language === 'en' ? 'What did Ribbentrop say?' : 'タレーランは何と言いましたか';
      const asked = await ask(question, { user }, { private: true });
      const tell = customIdsOf(asked.message).find((id) => id.startsWith('1|i|')) ?? '';
      expect(textOf(asked.message)).toContain(textsIn(language).tellButton);
      const told = await discord.click(asked.message, tell, {
        user,
        until: ({ followUps }) => followUps.length > 0,
      });
      expect(textOf(told.followUps[0] ?? asked.message)).toBe(textsIn(language).told);
      expect(customIdsOf(told.message)).not.toContain(tell);
      expect(await questions()).toContain(question);
    },
  );

  it('holds nothing that tells who was meant', async () => {
    await ask('What did Bismarck write to jo@mail.example or <@123456789012345678>?');
    await expect.poll(questions).toContain('What did Bismarck write to [mail] or [name]?');
  });

  it.each(LANGUAGES)(
    'counts a person once a message, whatever they press, and nobody who takes it back (%s)',
    async (language) => {
      const { discord } = running;
      const user = readerOf(language);
      const texts = textsIn(language);
      const asked = await ask(CLEAR, { user });
      const up = customIdsOf(asked.message).find((id) => id.startsWith('1|u|')) ?? '';
      const shown = async (): Promise<string> =>
        textOf((await discord.command({ name: 'admin feedback', user: maintainer })).message);
      await discord.click(asked.message, up, { user });
      const thanks = await discord.click(asked.message, up, { user });
      expect(textOf(thanks.message)).toContain(texts.thanksUp);
      await expect.poll(shown).toContain(CLEAR);
      expect((await shown()).split(CLEAR)).toHaveLength(2);
      const undo = customIdsOf(thanks.message).find((id) => id.startsWith('1|r|')) ?? '';
      expect(undo).not.toContain(user.id);
      const taken = await discord.click(thanks.message, undo, { user });
      expect(textOf(taken.message)).toBe(texts.tookBack);
      expect(await shown()).not.toContain(CLEAR);
    },
  );

  it.each(LANGUAGES)(
    'loses a question that is marked as done in the list (%s)',
    async (language) => {
      const { discord } = running;
      await ask('What did Mazarin say?');
      await expect.poll(questions).toContain('What did Mazarin say?');
      const user = readerOf(language, maintainer);
      const list = await discord.command({ name: 'admin unanswered', user });
      expect(textOf(list.message)).toContain(textsIn(language).doneMenu);
      const menu = list.message.components.flatMap(({ components }) => components ?? []);
      const values = JSON.stringify(menu).match(
        /"label":"What did Mazarin say\?","value":"([^"]+)"/,
      );
      const left = await discord.select(list.message, '1|y', [values?.[1] ?? ''], { user });
      expect(textOf(left.message)).not.toContain('Mazarin');
    },
  );
});

describe('a shared answer', () => {
  it.each(LANGUAGES)('is posted once, and says who shared it (%s)', async (language) => {
    const { discord } = running;
    const user = readerOf(language);
    const texts = textsIn(language);
    const asked = await ask(CLEAR, { user }, { private: true });
    const first = discord.sendClick(asked.message, '1|s', { user });
    const second = await discord.click(asked.message, '1|s', { user });
    await first.until(({ followUps }) => followUps.length > 0);
    const [posted] = first.followUps;
    expect((posted?.flags ?? EPHEMERAL) & EPHEMERAL).toBe(0);
    expect(textOf(posted ?? asked.message)).toContain(texts.sharedBy(`<@${user.id}>`));
    expect(posted?.mentions).toEqual([]);
    expect(customIdsOf(posted ?? asked.message).some((id) => /^1\|[si]/.test(id))).toBe(false);
    expect(textOf(second.message)).toBe(texts.sharedAlready);
    await expect
      .poll(() => customIdsOf(discord.current(asked.message) ?? asked.message))
      .not.toContain('1|s');
  });
});

describe('/admin', () => {
  it.each(LANGUAGES)(
    'is for the team that Discord names; who only manages a server sees its numbers (%s)',
    async (language) => {
      const { discord } = running;
      const texts = textsIn(language);
      const guild = discord.guild({ name: 'Counted' });
      await ask(CLEAR, { guild });
      const status = (user: User) =>
        discord.command({ name: 'admin status', user: readerOf(language, user), guild });
      expect(textOf((await status(maintainer)).message)).toContain(texts.statusTitle);
      const figures = textOf((await status(manager)).message);
      expect(figures).toContain(texts.serverFigures.title);
      expect(figures).toContain(texts.serverFigures.line(1, 0, 0));
      expect(figures).not.toContain(running.engine.current().generation);
    },
  );

  it.each(LANGUAGES)('refuses others everywhere, to themselves alone (%s)', async (language) => {
    const { discord } = running;
    const { adminsOnly } = textsIn(language);
    const [reader, boss] = [readerOf(language), readerOf(language, manager)];
    const names = ['unanswered', 'feedback', 'reload'];
    const calls = [
      ...[...names, 'status'].flatMap((name) =>
        ([discord.home, 'dm'] as const).map((guild) => ({ name, guild, user: reader })),
      ),
      ...names.map((name) => ({ name, guild: discord.home, user: boss })),
      // Nobody manages a conversation, or a server that the bot is not in.
      { name: 'status', guild: 'dm' as const, user: boss },
      { name: 'status', guild: discord.guild({ installed: false }), user: boss },
    ];
    for (const { name, ...call } of calls) {
      const refused = await discord.command({ name: `admin ${name}`, ...call });
      expect(refused.ephemeral, name).toBe(true);
      expect(textOf(refused.message), name).toBe(adminsOnly);
    }
  });

  it.each(LANGUAGES)(
    'shows maintainers the list, the feedback and a reload (%s)',
    async (language) => {
      const { discord } = running;
      const user = readerOf(language, maintainer);
      const texts = textsIn(language);
      const shown = async (name: string): Promise<string> => {
        const exchange = await discord.command({ name: `admin ${name}`, user });
        expect(exchange.ephemeral).toBe(true);
        return textOf(exchange.message);
      };
      await ask(QUESTION);
      await expect.poll(() => shown('unanswered')).toContain(QUESTION);
      await ask('ラヴロフとは誰ですか');
      await expect.poll(() => shown('unanswered')).toContain('ラヴロフとは誰ですか');
      const list = await shown('unanswered');
      expect(list).toContain(texts.unansweredTitle);
      // Only what people asked may be in the other language.
      const small = list.split('\n').filter((line) => line.startsWith('-# '));
      const other = language === 'en' ? /文書|箇所/ : /\b(?:document|found)\b/;
      for (const line of small) expect(line).not.toMatch(other);
      expect(await shown('feedback')).toContain(texts.feedbackTitle);
      const { generation } = running.engine.current();
      expect(await shown('reload')).toContain(texts.reloadSame(generation));
    },
  );
});

describe('the connection', () => {
  it('is not well while the gateway is away, and is again when it is back', async () => {
    const { discord, bot } = running;
    expect(isConnected(bot.client)).toBe(true);
    expect(isConnected(bot.client, Date.now() + 200_000)).toBe(false);
    discord.gateway.unreachable = true;
    discord.gateway.drop();
    await discord.gateway.until('a first attempt', () => discord.gateway.refusedConnections > 0);
    expect(isConnected(bot.client)).toBe(false);
    discord.gateway.unreachable = false;
    await discord.gateway.ready();
    await expect.poll(() => isConnected(bot.client)).toBe(true);
  });

  it('keeps no servers and channels in memory', async () => {
    const { discord, bot } = running;
    await ask(QUESTION, { guild: discord.guild() });
    expect(bot.client.guilds.cache.size).toBe(0);
    expect(bot.client.channels.cache.size).toBe(0);
    expect(bot.client.users.cache.size).toBe(0);
  });
});

describe('the weekly digest', () => {
  it.each(LANGUAGES)(
    'goes to each maintainer in a direct message when a week has passed, in their language (%s)',
    async (language) => {
      const { discord, config } = running;
      const note = join(config.journal.folder, 'digest.json');
      const before = discord.world.messagesIn(maintainer.dmChannelId).length;
      expect(JSON.parse(await readFile(note, 'utf8'))).toHaveProperty('sentAt');
      await discord.command({ name: 'admin status', user: readerOf(language, maintainer) });
      const weekAgo = new Date(Date.now() - WEEK_MS - 1000).toISOString();
      await writeFile(note, JSON.stringify({ sentAt: weekAgo }));
      await running.bot.keepHouse();
      const digest = discord.world.messagesIn(maintainer.dmChannelId).at(-1);
      expect(digest && textOf(digest)).toContain(textsIn(language).digest.title);
      expect(digest && textOf(digest)).toContain('Metternich');
      await running.bot.keepHouse();
      expect(discord.world.messagesIn(maintainer.dmChannelId)).toHaveLength(before + 1);
    },
  );

  it('begins a new week where its note cannot be read, and says so once', async () => {
    const { bot, config, log } = running;
    const note = join(config.journal.folder, 'digest.json');
    await writeFile(note, '{"sentAt":');
    await bot.keepHouse();
    await bot.keepHouse();
    expect(JSON.parse(await readFile(note, 'utf8'))).toHaveProperty('sentAt');
    const logged = log.filter(({ event }) => String(event).startsWith('digest.note'));
    expect(logged).toHaveLength(1);
  });
});
