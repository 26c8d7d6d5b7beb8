import { DiscordAPIError, type Interaction } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tools/local-discord/clock.ts';
import { LocalDiscord } from '../../../tools/local-discord/local-discord.ts';
import { startTinyBot, type TinyBot } from './tiny-bot.ts';

let stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function start(): Promise<{ discord: LocalDiscord; bot: TinyBot }> {
  const discord = await LocalDiscord.start({ clock: new ManualClock() });
  stops.push(() => discord.stop());
  const bot = await startTinyBot(discord, async (interaction: Interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.editReply('answer');
  });
  stops.push(() => bot.client.destroy());
  return { discord, bot };
}

const PATCH = { method: 'PATCH', path: '/messages/@original' };
const statuses = (reply: { requests: { status: number }[] }): number[] =>
  reply.requests.map((request) => request.status);

describe('scripted failures', () => {
  it('makes discord.js wait out a 429 and send the request again', async () => {
    const { discord, bot } = await start();
    discord.faults.rateLimit({ ...PATCH, retryAfter: 0.05 });
    const reply = await discord.command({ name: 'ask' });
    expect(statuses(reply)).toEqual([204, 429, 200]);
    expect(reply.refused[0]?.response).toMatchObject({ retry_after: 0.05, global: false });
    expect(reply.message.content).toBe('answer');
    expect(bot.errors).toEqual([]);
  });

  it('makes discord.js repeat after as many 5xx as were asked for', async () => {
    const { discord } = await start();
    discord.faults.serverError({ ...PATCH, times: 2, status: 502 });
    expect(statuses(await discord.command({ name: 'ask' }))).toEqual([204, 502, 502, 200]);
  });

  it('can let a request take effect and lose its answer, so that the repetition meets 40060', async () => {
    const { discord, bot } = await start();
    discord.faults.serverError({ path: '/callback', applied: true });
    const reply = await discord.command({
      name: 'ask',
      until: (item) => item.refused.length === 2,
    });
    expect(statuses(reply)).toEqual([503, 400]);
    expect(reply.deferred).toBe(true);
    await expect
      .poll(() => bot.errors.map((error) => (error as DiscordAPIError).code))
      .toEqual([40060]);
  });

  it('refuses with the error that was scripted, once, and works again', async () => {
    const { discord, bot } = await start();
    discord.faults.refuse('missingPermissions', { path: '/callback' });
    await discord.command({ name: 'ask', until: (item) => item.refused.length === 1 });
    await expect
      .poll(() => bot.errors.map((error) => (error as DiscordAPIError).code))
      .toEqual([50013]);
    expect((await discord.command({ name: 'ask' })).message.content).toBe('answer');
  });

  it('can cut the connection under a request, hold an answer back, and be cleared', async () => {
    const { discord, bot } = await start();
    discord.faults.delay({ path: '/callback', ms: 30 });
    discord.faults.disconnect(PATCH);
    discord.faults.serverError({ ...PATCH, times: Infinity });
    const asked = discord.sendCommand({ name: 'ask' });
    await expect.poll(() => bot.errors.length).toBe(1);
    expect(statuses(asked)).toEqual([204, 0]);
    expect(asked).toMatchObject({ deferred: true, settled: false });
    const [callback, edit] = asked.requests.map((request) => request.at - asked.sentAt);
    expect(asked.ackMs).toBe(callback);
    expect(edit).toBeGreaterThan(25 + (callback ?? Infinity));
    discord.faults.clear();
    expect((await discord.command({ name: 'ask' })).message.content).toBe('answer');
  });
});
