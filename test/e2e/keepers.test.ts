import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isConnected } from '../../src/discord/client.ts';
import { SETTINGS_FILE, ServerSettingsStore } from '../../src/discord/servers.ts';
import type { JournalEntry } from '../../src/journal/journal.ts';
import { openJournal } from '../../src/journal/journal.ts';
import type { Exchange } from '../support/discord/exchange.ts';
import { customIdsOf, textOf } from '../support/discord/message-view.ts';
import { userJson } from '../support/discord/payloads.ts';
import type { User } from '../support/discord/world.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

/** A question that the documents answer; of {@link QUESTION} they have nothing. */
const CLEAR = 'How long was the lunch in Helsinki?';
const QUESTION = 'Who is Lavrov?';
const MANAGE_GUILD = 1n << 5n;
const EPHEMERAL = 1 << 6;
const WEEK_MS = 7 * 86_400_000;

let running: RunningBot;
let manager: User;
let keeper: User;
let japanese: User;

beforeAll(async () => {
  running = await startRunningBot({ env: { WEEKLY_DIGEST: 'on' } });
  manager = running.discord.user({ permissions: MANAGE_GUILD });
  japanese = running.discord.user({ permissions: MANAGE_GUILD, locale: 'ja' });
  keeper = running.discord.user();
  running.discord.world.team = {
    id: '1',
    name: 'team',
    icon: null,
    owner_user_id: keeper.id,
    members: [
      { membership_state: 2, team_id: '1', user: userJson(keeper), role: 'developer' },
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
  it('is for who manages the server, and says so in both languages', async () => {
    const { discord } = running;
    const refused = await discord.command({ name: 'settings' });
    expect(refused.ephemeral).toBe(true);
    expect(textOf(refused.message)).toContain('Only members who can manage the server');
    const panel = await discord.command({ name: 'settings', user: japanese });
    expect(panel.ephemeral).toBe(true);
    expect(textOf(panel.message)).toContain('このサーバーの設定');
    expect(customIdsOf(panel.message)).toEqual([
      ...['1|g|channels', '1|g|mentionFree', '1|g|language', '1|g|private'],
    ]);
  });

  it('limits the channels, and names them elsewhere; /settings works everywhere', async () => {
    const { discord } = running;
    const guild = discord.guild({ name: 'Limited' });
    const panel = await discord.command({ name: 'settings', user: manager, guild });
    await discord.select(panel.message, '1|g|channels', ['111111111111111111'], { user: manager });
    const refused = await ask(QUESTION, { guild });
    expect(refused.ephemeral).toBe(true);
    expect(textOf(refused.message)).toContain('I answer in <#111111111111111111>');
    expect((await discord.command({ name: 'settings', user: manager, guild })).refused).toEqual([]);
    await discord.select(panel.message, '1|g|channels', [guild.channelId], { user: manager });
    expect(textOf((await ask(QUESTION, { guild })).message)).toContain(QUESTION);
    expect(textOf((await ask(QUESTION)).message)).toContain(QUESTION);
  });

  it('makes answers private and fixes the language, until told otherwise', async () => {
    const { discord } = running;
    const guild = discord.guild({ name: 'Quiet' });
    const panel = await discord.command({ name: 'settings', user: manager, guild });
    const quiet = await discord.click(panel.message, '1|g|private', { user: manager });
    expect(textOf(quiet.message)).toContain('seen by the asker alone');
    await discord.select(quiet.message, '1|g|language', ['ja'], { user: manager });
    const asked = await ask(QUESTION, { guild });
    expect(asked.ephemeral).toBe(true);
    expect(textOf(asked.message)).toMatch(/[ぁ-ん]/);
    expect((await ask(CLEAR, { guild }, { private: false })).ephemeral).toBe(false);
  });

  it('says what channels without mentions need, and outlives a restart', async () => {
    const { discord, config } = running;
    const guild = discord.guild({ name: 'Open' });
    const panel = await discord.command({ name: 'settings', user: manager, guild });
    const chosen = await discord.select(panel.message, '1|g|mentionFree', [guild.channelId], {
      user: manager,
    });
    expect(textOf(chosen.message)).toContain('DISCORD_MESSAGE_CONTENT=on');
    const store = await ServerSettingsStore.open(config.journal.folder);
    expect(store.isMentionFree(guild.id, guild.channelId)).toBe(true);
    expect(store.isMentionFree(guild.id, '1')).toBe(false);
    const saved = await stat(join(config.journal.folder, SETTINGS_FILE));
    expect(saved.isFile()).toBe(true);
  });

  it('is not taken from somebody who no longer manages the server', async () => {
    const { discord } = running;
    const panel = await discord.command({ name: 'settings', user: manager });
    const demoted = { ...manager, permissions: 0n };
    const refused = await discord.click(panel.message, '1|g|private', { user: demoted });
    expect(textOf(refused.message)).toContain('Only members who can manage the server');
  });

  it('refuses to start from a damaged file', async () => {
    await writeFile(join(running.folder, SETTINGS_FILE), '{"1":{}}');
    await expect(ServerSettingsStore.open(running.folder)).rejects.toMatchObject({
      code: 'CONFIG',
    });
  });
});

describe('the journal', () => {
  it('has no question that was asked in private, in direct messages or on a message, unless its asker tells', async () => {
    const { discord } = running;
    const hidden = [
      'What did Ribbentrop say?',
      'What did Molotov say?',
      'What did Talleyrand say?',
    ];
    const [private_ = '', direct = '', menu = ''] = hidden;
    const asked = await ask(private_, {}, { private: true });
    await ask(direct, { guild: 'dm' });
    await discord.messageCommand({ name: 'Ask the tour', target: discord.post(menu) });
    await ask('What did Metternich say?');
    await expect.poll(questions).toContain('What did Metternich say?');
    for (const question of hidden) expect(await questions()).not.toContain(question);
    const tell = customIdsOf(asked.message).find((id) => id.startsWith('1|i|')) ?? '';
    const told = await discord.click(asked.message, tell, {
      until: ({ followUps }) => followUps.length > 0,
    });
    expect(textOf(told.followUps[0] ?? asked.message)).toContain('without your name');
    expect(customIdsOf(told.message)).not.toContain(tell);
    expect(await questions()).toContain(private_);
  });

  it('holds nothing that tells who was meant', async () => {
    await ask('What did Bismarck write to jo@mail.example or <@123456789012345678>?');
    await expect.poll(questions).toContain('What did Bismarck write to [mail] or [name]?');
  });

  it('counts a person once a message, whatever they press, and nobody who takes it back', async () => {
    const { discord } = running;
    const question = CLEAR;
    const asked = await ask(question);
    const up = customIdsOf(asked.message).find((id) => id.startsWith('1|u|')) ?? '';
    const shown = async (): Promise<string> =>
      textOf((await discord.command({ name: 'admin feedback', user: keeper })).message);
    await discord.click(asked.message, up);
    const thanks = await discord.click(asked.message, up);
    await expect.poll(shown).toContain(question);
    expect((await shown()).split(question)).toHaveLength(2);
    const undo = customIdsOf(thanks.message).find((id) => id.startsWith('1|r|')) ?? '';
    expect(undo).not.toContain(discord.reader.id);
    const taken = await discord.click(thanks.message, undo);
    expect(textOf(taken.message)).toContain('Taken back');
    expect(await shown()).not.toContain(question);
  });

  it('marks a question as done from the list, in Japanese too', async () => {
    const { discord } = running;
    await ask('What did Mazarin say?');
    await expect.poll(questions).toContain('What did Mazarin say?');
    const user = { ...keeper, locale: 'ja' };
    const list = await discord.command({ name: 'admin unanswered', user });
    expect(textOf(list.message)).toContain('対応済みにする');
    const menu = list.message.components.flatMap(({ components }) => components ?? []);
    const values = JSON.stringify(menu).match(/"label":"What did Mazarin say\?","value":"([^"]+)"/);
    const left = await discord.select(list.message, '1|y', [values?.[1] ?? ''], { user });
    expect(textOf(left.message)).not.toContain('Mazarin');
  });
});

describe('a shared answer', () => {
  it('is posted once, and says who shared it', async () => {
    const { discord } = running;
    const asked = await ask(CLEAR, {}, { private: true });
    const first = discord.sendClick(asked.message, '1|s');
    const second = await discord.click(asked.message, '1|s');
    await first.until(({ followUps }) => followUps.length > 0);
    const [posted] = first.followUps;
    expect((posted?.flags ?? EPHEMERAL) & EPHEMERAL).toBe(0);
    expect(textOf(posted ?? asked.message)).toContain(`Shared by <@${discord.reader.id}>`);
    expect(posted?.mentions).toEqual([]);
    expect(customIdsOf(posted ?? asked.message).some((id) => /^1\|[si]/.test(id))).toBe(false);
    expect(textOf(second.message)).toContain('shared this answer already');
    await expect
      .poll(() => customIdsOf(discord.current(asked.message) ?? asked.message))
      .not.toContain('1|s');
  });
});

describe('/admin', () => {
  it('is for the team that Discord names; who only manages a server sees its numbers', async () => {
    const { discord } = running;
    const guild = discord.guild({ name: 'Counted' });
    await ask(CLEAR, { guild });
    const status = (user: User) => discord.command({ name: 'admin status', user, guild });
    expect(textOf((await status(keeper)).message)).toContain('Status');
    const figures = textOf((await status(manager)).message);
    expect(figures).toContain('1 answered · 0 uncertain · 0 not found');
    expect(figures).not.toContain(running.engine.current().generation);
    expect(textOf((await status(japanese)).message)).toContain('このサーバーでの質問');
    for (const name of ['admin unanswered', 'admin feedback', 'admin reload']) {
      const refused = await discord.command({ name, user: manager, guild });
      expect(textOf(refused.message)).toContain('Only the bot’s maintainers');
    }
  });
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
  it('goes to each keeper in a direct message when a week has passed, and not before', async () => {
    const { discord, config } = running;
    const note = join(config.journal.folder, 'digest.json');
    expect(JSON.parse(await readFile(note, 'utf8'))).toHaveProperty('sentAt');
    expect(discord.world.messagesIn(keeper.dmChannelId)).toEqual([]);
    const before = new Date(Date.now() - WEEK_MS - 1000).toISOString();
    await writeFile(note, JSON.stringify({ sentAt: before }));
    await running.bot.keepHouse();
    const [digest] = discord.world.messagesIn(keeper.dmChannelId);
    expect(digest && textOf(digest)).toContain('The week in questions');
    expect(digest && textOf(digest)).toContain('What did Metternich say?');
    await running.bot.keepHouse();
    expect(discord.world.messagesIn(keeper.dmChannelId)).toHaveLength(1);
  });
});
