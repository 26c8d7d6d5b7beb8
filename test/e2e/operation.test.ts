import { GatewayIntentBits } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textsIn } from '../../src/discord/text.ts';
import { textOf } from '../../tools/local-discord/message-view.ts';
import { userJson } from '../../tools/local-discord/payloads.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

const QUESTION = 'How long did the meeting with Blinken last?';

let running: RunningBot;

beforeAll(async () => {
  running = await startRunningBot();
});

afterAll(async () => {
  await running.stop();
});

/** A bot for one test, started otherwise than the one that the others share. */
async function withBot(
  options: Parameters<typeof startRunningBot>[0],
  work: (bot: RunningBot) => Promise<void>,
): Promise<void> {
  const bot = await startRunningBot(options);
  try {
    await work(bot);
  } finally {
    await bot.stop();
  }
}

function ask({ discord } = running): ReturnType<RunningBot['discord']['command']> {
  return discord.command({ name: 'ask', options: { question: QUESTION } });
}

describe('the gateway', () => {
  it('may declare the session invalid or ask for a new connection: the bot comes back and answers', async () => {
    const { gateway } = running.discord;
    gateway.invalidate({ resumable: false });
    await gateway.until('a new session', () => gateway.identifications.length === 2);
    expect(textOf((await ask()).message)).toContain(`-# ${QUESTION}`);
    gateway.reconnect();
    await gateway.until('a resume', () => gateway.resumes > 0);
    expect(textOf((await ask()).message)).toContain(`-# ${QUESTION}`);
  });

  it('is asked for servers and messages, and for nothing that needs Discord’s consent', () => {
    const asked = running.discord.gateway.identifications.map(({ intents }) => intents);
    const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
    expect([...new Set(asked)]).toEqual([Guilds | GuildMessages | DirectMessages]);
  });
});

describe('DISCORD_API_URL', () => {
  it.each(['/', '//', '/v10', '/v10/'])('may end in "%s"', async (end) => {
    await withBot({ apiUrlEnd: end }, async (bot) => {
      expect(textOf((await ask(bot)).message)).toContain(`-# ${QUESTION}`);
    });
  });
});

describe('/admin', () => {
  it('opens to ids in the settings wherever they are', async () => {
    const keeper = '123456789012345678';
    await withBot({ env: { ADMIN_USER_IDS: keeper } }, async ({ discord }) => {
      const user = discord.user({ id: keeper });
      for (const guild of [discord.home, 'dm'] as const) {
        const status = await discord.command({ name: 'admin status', user, guild });
        expect(textOf(status.message)).toContain('Status');
      }
    });
  });
});

describe('an autocomplete', () => {
  it('that Discord no longer waits for is logged, and the next is answered', async () => {
    const { discord, log } = running;
    discord.faults.refuse('unknownInteraction', { path: '/callback', times: 2 });
    const call = { name: 'ask', focused: 'meeting', options: { question: 'x', meeting: 'bl' } };
    discord.sendAutocomplete(call);
    await expect.poll(() => log.some(({ event }) => event === 'autocomplete.failed')).toBe(true);
    discord.faults.clear();
    expect((await discord.autocomplete(call)).choices.length).toBeGreaterThan(0);
  });
});

describe('somebody who types without end', () => {
  it('is offered nothing after a while; others are', async () => {
    const { discord } = running;
    const call = { name: 'ask', focused: 'meeting', options: { question: 'x', meeting: 'bl' } };
    const user = discord.user();
    const typed = Array.from({ length: 130 }, () => discord.autocomplete({ ...call, user }));
    const offered = (await Promise.all(typed)).map(({ choices }) => choices.length > 0);
    expect(offered.slice(0, 120)).not.toContain(false);
    expect(offered.slice(-10)).not.toContain(true);
    expect((await discord.autocomplete(call)).choices.length).toBeGreaterThan(0);
  });
});

describe('pictures of the tour', () => {
  it('are drawn while others ask, in both languages', async () => {
    const { discord, engine } = running;
    const days = new Set(engine.current().meetings.flatMap(({ date }) => date ?? []));
    const japanese = discord.user({ locale: 'ja' });
    const tours = [...days].slice(0, 4).map((day, index) =>
      discord.sendCommand({
        name: 'tour',
        options: { day },
        ...(index % 2 === 0 ? {} : { user: japanese }),
      }),
    );
    const asked = await ask();
    expect(textOf(asked.message)).toContain(`-# ${QUESTION}`);
    for (const tour of tours) {
      await tour.until(({ files }) => files.length > 0);
      expect(tour.refused).toEqual([]);
    }
  });
});

describe('over HTTP', () => {
  it('the bot is ready while Discord’s API answers, and counts interactions', async () => {
    const env = { METRICS_PORT: '0', HOST: '127.0.0.1' };
    await withBot({ door: 'endpoint', env }, async (bot) => {
      const get = (path: string) => fetch(`http://127.0.0.1:${bot.bot.ports.monitor}${path}`);
      expect((await get('/readyz')).status).toBe(200);
      await ask(bot);
      await expect
        .poll(async () => (await get('/metrics')).text())
        .toContain('dragoman_interaction_seconds_count 1');
      bot.discord.faults.refuse('missingPermissions', { path: '/applications/@me', times: 10 });
      await bot.bot.lookAtHealth();
      expect((await get('/readyz')).status).toBe(503);
      bot.discord.faults.clear();
      await bot.bot.lookAtHealth();
      expect((await get('/readyz')).status).toBe(200);
    });
  });
});

describe('messages', () => {
  it('count in the figures like interactions', async () => {
    const env = { METRICS_PORT: '0', HOST: '127.0.0.1' };
    await withBot({ env }, async ({ bot, discord }) => {
      await discord.replyTo(discord.post('help', { guild: 'dm' }));
      await expect
        .poll(async () => (await fetch(`http://127.0.0.1:${bot.ports.monitor}/metrics`)).text())
        .toContain('dragoman_interaction_seconds_count 1');
    });
  });
});

describe('a rate limit of Discord', () => {
  it('on the acknowledgement is waited out', async () => {
    running.discord.faults.rateLimit({ path: '/callback', retryAfter: 0.05 });
    const limited = await ask();
    expect(textOf(limited.message)).toContain(`-# ${QUESTION}`);
    // Used up: the first attempt was refused.
    expect(running.discord.faults.take('POST', '/callback')).toBeNull();
  });
});

describe('JOURNAL=off', () => {
  it('keeps nothing, and says so in both languages', async () => {
    await withBot({ env: { JOURNAL: 'off' } }, async ({ discord }) => {
      const keeper = discord.user();
      discord.world.owner = userJson(keeper);
      for (const language of ['en', 'ja'] as const) {
        const user = { ...keeper, locale: language };
        const options = { question: 'Who is Lavrov?' };
        const asked = await discord.command({ name: 'ask', options, user });
        expect(asked.refused).toEqual([]);
        const list = await discord.command({ name: 'admin unanswered', user });
        expect(textOf(list.message)).toBe(textsIn(language).journalOff);
      }
    });
  });
});
