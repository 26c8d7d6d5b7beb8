import { Client, GatewayIntentBits, type Interaction } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tools/local-discord/clock.ts';
import { LocalDiscord } from '../../../tools/local-discord/local-discord.ts';
import type { LocalDiscordOptions } from '../../../tools/local-discord/local-server.ts';
import { startTinyBot, type TinyBot } from './tiny-bot.ts';

let stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function start(
  options: LocalDiscordOptions = {},
): Promise<{ discord: LocalDiscord; bot: TinyBot }> {
  const discord = await LocalDiscord.start({ clock: new ManualClock(), ...options });
  stops.push(() => discord.stop());
  const bot = await startTinyBot(discord, async (interaction: Interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply('pong');
  });
  stops.push(() => bot.client.destroy());
  return { discord, bot };
}

describe('a session', () => {
  it('is resumed after a dropped connection, with the interaction sent in between', async () => {
    const { discord } = await start();
    discord.gateway.drop();
    await discord.gateway.until('the drop', () => !discord.gateway.isReady);
    const reply = await discord.command({ name: 'ping' });
    expect(reply.message.content).toBe('pong');
    expect(discord.gateway.resumes).toBe(1);
    expect(discord.gateway.identifications).toHaveLength(1);
  });

  it('is resumed when the gateway asks for a reconnect', async () => {
    const { discord } = await start();
    discord.gateway.reconnect();
    await discord.gateway.until('a resume', () => discord.gateway.resumes === 1);
    expect((await discord.command({ name: 'ping' })).message.content).toBe('pong');
  });

  it('is started again once an unreachable gateway is back, because discord.js gives up the old one', async () => {
    const { discord } = await start();
    const { gateway } = discord;
    gateway.unreachable = true;
    gateway.drop();
    await gateway.until('an attempt', () => gateway.refusedConnections > 0);
    gateway.unreachable = false;
    await gateway.until('a new session', () => gateway.identifications.length === 2);
    expect((await discord.command({ name: 'ping' })).message.content).toBe('pong');
  });

  it('is started again when the gateway has forgotten it', async () => {
    const { discord } = await start();
    discord.gateway.forgetSessions();
    discord.gateway.drop();
    const { identifications } = discord.gateway;
    await discord.gateway.until('a new session', () => identifications.length === 2);
    expect(discord.gateway.resumes).toBe(0);
    expect((await discord.command({ name: 'ping' })).message.content).toBe('pong');
  });

  it('is started again when it is declared invalid', async () => {
    const { discord } = await start();
    discord.gateway.invalidate({ resumable: false });
    const { identifications } = discord.gateway;
    await discord.gateway.until('a new session', () => identifications.length === 2);
    expect((await discord.command({ name: 'ping' })).message.content).toBe('pong');
  });

  it('is resumed by a client whose heartbeats go unanswered', async () => {
    const { discord } = await start({ heartbeatMs: 100 });
    await discord.gateway.until('a heartbeat', () => discord.gateway.heartbeats > 0);
    discord.gateway.withholdAcks = true;
    await discord.gateway.until('the client to give up', () => !discord.gateway.isReady);
    discord.gateway.withholdAcks = false;
    await discord.gateway.until('a resume', () => discord.gateway.resumes > 0);
    expect((await discord.command({ name: 'ping' })).message.content).toBe('pong');
  });

  it('ends with the client, and nothing reaches a bot that logged out', async () => {
    const { discord, bot } = await start();
    await bot.client.destroy();
    await discord.gateway.until('the logout', () => !discord.gateway.isReady);
    expect(() => discord.sendCommand({ name: 'ping' })).toThrow(/no bot is logged in/);
  });
});

describe('identification', () => {
  async function login(discord: LocalDiscord, intents: GatewayIntentBits[], token: string) {
    const client = new Client({ intents, rest: { api: discord.apiUrl } });
    stops.push(() => client.destroy());
    await client.login(token);
  }

  it('refuses privileged intents that the app was not granted', async () => {
    const discord = await LocalDiscord.start();
    stops.push(() => discord.stop());
    const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.MessageContent];
    await expect(login(discord, intents, discord.token)).rejects.toThrow(/disallowed intents/i);
    expect(discord.gateway.identifications).toEqual([]);
  });

  it('refuses a wrong token', async () => {
    const discord = await LocalDiscord.start();
    stops.push(() => discord.stop());
    const login0 = login(discord, [GatewayIntentBits.Guilds], 'wrong');
    await expect(login0).rejects.toThrow(/invalid token|401/i);
  });

  it('shows messages only to a bot whose intents ask for them', async () => {
    const { discord, bot } = await start();
    const seen: string[] = [];
    bot.client.on('messageCreate', (message) => seen.push(message.id));
    discord.post('not for you');
    await discord.command({ name: 'ping' });
    expect(seen).toEqual([]);

    const listener = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
      rest: { api: discord.apiUrl },
    });
    stops.push(() => listener.destroy());
    const ready = new Promise((resolve) => listener.once('clientReady', resolve));
    await listener.login(discord.token);
    await ready;
    const heard = new Promise<string>((resolve) =>
      listener.once('messageCreate', (message) => resolve(message.id)),
    );
    const posted = discord.post('for you');
    expect(await heard).toBe(posted.id);
  });
});

describe('stopping', () => {
  it('ends every wait at once and frees the port', async () => {
    const { discord } = await start();
    const apiUrl = discord.apiUrl;
    discord.gateway.drop();
    await discord.gateway.until('the drop', () => !discord.gateway.isReady);
    const waiting = discord.sendCommand({ name: 'ping' }).until(() => false);
    const ended = expect(waiting).rejects.toThrow(/the local Discord was stopped/);
    await stops.pop()?.();
    await stops.pop()?.();
    await ended;
    await expect(fetch(`${apiUrl}/v10/gateway`)).rejects.toThrow();
  });
});
