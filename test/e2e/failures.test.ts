import { mkdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBot } from '../../src/discord/run.ts';
import { textsIn } from '../../src/discord/text.ts';
import type { Engine, Snapshot } from '../../src/engine.ts';
import { DragomanError } from '../../src/errors.ts';
import { JOURNAL_FILE } from '../../src/journal/journal.ts';
import { createLog } from '../../src/monitor.ts';
import { type RunningBot, startRunningBot, withDiscord } from './running-bot.ts';
import type { Exchange } from '../../tools/local-discord/exchange.ts';
import { customIdsOf, textOf } from '../../tools/local-discord/message-view.ts';

const QUESTION = 'How long was the lunch in Helsinki?';
/** There is more than one passage that answers it. */
const BROAD = 'What did they agree on in Helsinki?';

let running: RunningBot;
/** What the bot answers from in place of its index. */
let changed: Snapshot | null = null;
let changes = 0;

function start(options: { env?: Record<string, string> } = {}): Promise<RunningBot> {
  const wrap = (engine: Engine): Engine => ({
    ...engine,
    current: () => changed ?? engine.current(),
  });
  return startRunningBot({ wrap, ...options });
}

/** Until the test ends the bot has this in place of the index's own. */
function change(parts: Partial<Snapshot>): void {
  // Under a name of its own, or earlier answers would be given again.
  changed = { ...running.engine.current(), generation: `changed-${(changes += 1)}`, ...parts };
}

const FAILING: Snapshot['ask'] = () => Promise.reject(new Error('the index is on fire'));

beforeAll(async () => {
  running = await start();
});

beforeEach(() => {
  changed = null;
  running.discord.faults.clear();
  running.log.length = 0;
});

afterAll(async () => {
  await running.stop();
});

function asking(options: Record<string, string | boolean> = {}): Promise<Exchange> {
  return running.discord.command({ name: 'ask', options: { question: QUESTION, ...options } });
}

/** The one sentence that the user alone sees, and its reference found in the log. */
function expectExplained(exchange: Exchange): void {
  const message = exchange.followUps[0] ?? exchange.message;
  const reference = /`([0-9a-f]{8})`/.exec(textOf(message))?.[1];
  expect(message.flags & (1 << 6)).not.toBe(0);
  expect(reference).toBeDefined();
  expect(running.log.some((line) => line['reference'] === reference)).toBe(true);
}

describe('a failure', () => {
  it('reaches the user alone with a reference that is in the log, and takes the public reply back', async () => {
    change({ ask: FAILING });
    const failed = await running.discord
      .sendCommand({ name: 'ask', options: { question: QUESTION } })
      .until((exchange) => exchange.followUps.length > 0);
    expect(failed.deleted).toBe(true);
    expectExplained(failed);
    expect(JSON.stringify(running.log)).toContain('the index is on fire');
  });

  it.each(['en', 'ja'] as const)('fills a private reply in (%s)', async (language) => {
    change({ ask: FAILING });
    const options = { question: QUESTION, private: true };
    const user = running.discord.user({ locale: language });
    const failed = await running.discord.command({ name: 'ask', options, user });
    expectExplained(failed);
    const reference = /`([0-9a-f]{8})`/.exec(textOf(failed.message))?.[1] ?? '';
    expect(textOf(failed.message)).toBe(textsIn(language).failed(reference));
  });

  it('of a turned card leaves the card as it was', async () => {
    const card = await running.discord.command({
      name: 'meeting',
      options: { meeting: 'valtonen' },
    });
    const next = customIdsOf(card.message).find((id) => id.startsWith('1|t|')) ?? '';
    running.discord.faults.refuse('missingPermissions', { method: 'PATCH' });
    const turned = await running.discord.click(card.message, next, {
      until: (exchange) => exchange.followUps.length > 0,
    });
    expect(textOf(turned.followUps[0] ?? card.message)).toContain('not allowed to reply here');
    expectExplained(turned);
  });

  it('that passes is waited out: 5xx and 429 on the answer, a cut connection on the defer', async () => {
    running.discord.faults.serverError({ method: 'PATCH', times: 5 });
    const afterErrors = await asking();
    running.discord.faults.rateLimit({ method: 'PATCH', retryAfter: 0.05 });
    const afterLimit = await asking();
    running.discord.faults.disconnect({ path: '/callback' });
    const afterCut = await asking();
    running.discord.faults.serverError({ path: '/callback', applied: true });
    const afterLost = await asking();
    for (const exchange of [afterErrors, afterLimit, afterCut, afterLost]) {
      expect(textOf(exchange.message)).toContain(`-# ${QUESTION}`);
    }
  });

  it('to reach the interaction at all is logged, and the next is answered', async () => {
    running.discord.faults.refuse('unknownInteraction', { path: '/callback' });
    const lost = running.discord.sendCommand({ name: 'ask', options: { question: QUESTION } });
    await lost.until(({ requests }) => requests.length > 0);
    expect(textOf((await asking()).message)).toContain('about 75 minutes');
    expect(running.log).toContainEqual(
      expect.objectContaining({ event: 'interaction.unreachable' }),
    );
  });

  it('because the message was deleted is told', async () => {
    running.discord.faults.refuse('unknownMessage', { method: 'PATCH' });
    const exchange = await running.discord
      .sendCommand({ name: 'ask', options: { question: QUESTION } })
      .until(({ followUps }) => followUps.length > 0);
    expectExplained(exchange);
  });

  it.each(['en', 'ja'] as const)(
    'to understand a control is "ask again" (%s)',
    async (language) => {
      const asked = await asking();
      const context = customIdsOf(asked.message).find((id) => id.startsWith('1|x|1')) ?? '';
      const [, , , document = ''] = context.split('|');
      const documents = new Map(running.engine.current().documents);
      expect(documents.delete(document)).toBe(true);
      change({ documents });
      const user = running.discord.user({ locale: language });
      const gone = await running.discord.click(asked.message, context, { user });
      expect(gone.ephemeral).toBe(true);
      expect(textOf(gone.message)).toBe(textsIn(language).askAgain);
    },
  );
});

describe('the connection', () => {
  it('that drops is resumed, and an interaction sent meanwhile is answered', async () => {
    const { gateway } = running.discord;
    gateway.drop();
    await expect
      .poll(() => running.log.some(({ event }) => event === 'gateway.resumed'))
      .toBe(true);
    expect(textOf((await asking()).message)).toContain('about 75 minutes');
  });
});

describe('the log', () => {
  it('never holds the token, an interaction token or a user id', async () => {
    change({ ask: () => Promise.reject(new Error(`a token: ${running.discord.token}`)) });
    const failed = await asking({ private: true });
    const written = JSON.stringify(running.log);
    expect(written).toContain('[redacted]');
    expect(written).not.toContain(running.discord.token);
    expect(written).not.toContain(failed.token);
    expect(written).not.toContain(running.discord.reader.id);
  });

  it('says of an expected error what to do about it, and of a bug where it is', async () => {
    const expected = new DragomanError('MODEL', 'The model is gone.', { hint: 'Restore it.' });
    for (const error of [expected, new Error('bug')]) {
      change({ ask: () => Promise.reject(error) });
      await asking({ private: true });
    }
    const errors = running.log.flatMap(({ err }) => err ?? []);
    expect(errors[0]).toEqual({
      name: 'DragomanError',
      code: 'MODEL',
      message: 'The model is gone.',
      hint: 'Restore it.',
    });
    expect(errors[1]).toMatchObject({
      message: 'bug',
      stack: expect.stringContaining('failures.test') as unknown,
    });
  });
});

describe('stopping', () => {
  it('finishes what is in flight, tells newcomers to wait, logs out and removes the health file', async () => {
    const stopping = await start();
    try {
      const release: (() => void)[] = [];
      const answer = await running.engine.current().ask(QUESTION);
      change({
        ask: async () => {
          await new Promise<void>((resolve) => release.push(resolve));
          return answer;
        },
      });
      const health = join(stopping.folder, 'health.json');
      expect(JSON.parse(await readFile(health, 'utf8'))).toHaveProperty('generation');
      const call = { name: 'ask', options: { question: QUESTION } };
      const slow = stopping.discord.sendCommand(call);
      await slow.until(({ callbackType }) => callbackType !== null);
      await expect.poll(() => release.length).toBe(1);
      const stopped = stopping.bot.stop();
      const late = await stopping.discord.command(call);
      expect(textOf(late.message)).toContain('restarting');
      release[0]?.();
      await stopped;
      expect(textOf(slow.message)).toContain(`-# ${QUESTION}`);
      await expect(readFile(health, 'utf8')).rejects.toThrow('ENOENT');
    } finally {
      await stopping.stop();
    }
  });
});

describe('limits', () => {
  it('refuse kindly, saying when to come back, in commands and in messages', async () => {
    const limited = await start({ env: { RATE_LIMIT_USER: '2' } });
    const { discord } = limited;
    const expectTold = (text: string, language: 'en' | 'ja'): void => {
      const [before = '', after = ''] = textsIn(language).tooMany('|').split('|');
      expect(text.startsWith(`${before}<t:`) && text.endsWith(`:R>${after}`), text).toBe(true);
    };
    try {
      for (const language of ['en', 'ja'] as const) {
        const asker = discord.user({ locale: language });
        const ask = () =>
          discord.command({ name: 'ask', options: { question: QUESTION }, user: asker });
        await ask();
        await ask();
        const refused = await ask();
        expect(refused.ephemeral).toBe(true);
        expectTold(textOf(refused.message), language);
      }
      const user = discord.user({ locale: 'ja' });
      const write = () => discord.post('どの国を訪問しましたか', { guild: 'dm', user });
      await discord.replyTo(write());
      await discord.replyTo(write());
      expectTold(textOf(await discord.replyTo(write())), 'ja');
      // Told once: the next message is met with silence.
      const said = discord.world.saidIn(user.dmChannelId).length;
      write();
      await discord.replyTo(discord.post('help', { guild: 'dm', user: discord.user() }));
      expect(discord.world.saidIn(user.dmChannelId)).toHaveLength(said);
    } finally {
      await limited.stop();
    }
  });

  it('count a question that is tapped like one that is typed', async () => {
    const limited = await start({ env: { RATE_LIMIT_USER: '2' } });
    const { discord } = limited;
    try {
      const user = discord.user();
      const options = { question: 'How do I bake sourdough bread?' };
      const asked = await discord.command({ name: 'ask', options, user });
      const tapped = customIdsOf(asked.message).find((id) => id.startsWith('1|q|')) ?? '';
      const first = await discord.click(asked.message, tapped, { user });
      expect(textOf(first.message)).not.toContain('Please ask again');
      const second = await discord.click(asked.message, tapped, { user });
      expect(textOf(second.message)).toContain('Please ask again');
    } finally {
      await limited.stop();
    }
  });
});

describe('a question that its asker tells', () => {
  it('is not confirmed where the journal cannot be written, and can be told again', async () => {
    const { discord, config } = running;
    const until = ({ followUps }: Exchange): boolean => followUps.length > 0;
    const file = join(config.journal.folder, JOURNAL_FILE);
    await rm(file, { force: true });
    await mkdir(file, { recursive: true });
    const asked = await asking({ question: 'What did Ribbentrop say?', private: true });
    const tell = customIdsOf(asked.message).find((id) => id.startsWith('1|i|')) ?? '';
    try {
      expectExplained(await discord.click(asked.message, tell, { until }));
    } finally {
      await rm(file, { recursive: true });
    }
    const again = await discord.click(asked.message, tell, { until });
    expect(textOf(again.followUps[0] ?? asked.message)).toBe(textsIn('en').told);
  });
});

describe('a start', () => {
  it('that finds the port of the figures taken leaves no connection open', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const stopped = await start();
    const { config, engine, discord } = stopped;
    const log = createLog({ level: 'silent', secrets: [] });
    try {
      await stopped.bot.stop();
      const own = withDiscord(config);
      const monitor = { host: '127.0.0.1', port };
      const options = { ...own, discord: { ...own.discord, monitor } };
      await expect(startBot({ engine, store: null, config: options, log })).rejects.toThrow(
        `Cannot listen on port ${port}`,
      );
      await expect.poll(() => discord.gateway.isReady).toBe(false);
    } finally {
      await stopped.stop();
      taken.close();
    }
  });
});

describe('a restart', () => {
  it('keeps buttons working and does not register again', async () => {
    const stopped = await start();
    const { config, engine, discord } = stopped;
    const log = createLog({ level: 'silent', secrets: [] });
    try {
      const asked = await discord.command({ name: 'ask', options: { question: BROAD } });
      const next = customIdsOf(asked.message).find((id) => id.startsWith('1|o|0')) ?? '';
      const before = discord.requestCounts.get('PUT applications');
      await stopped.bot.stop();
      const again = await startBot({ engine, store: null, config: withDiscord(config), log });
      try {
        const turned = await discord.click(asked.message, next);
        expect(textOf(turned.message)).toContain('The passages as a whole');
        expect(discord.requestCounts.get('PUT applications')).toBe(before);
      } finally {
        await again.stop();
      }
    } finally {
      await stopped.stop();
    }
  });

  it('with a wrong token is refused in one sentence', async () => {
    const { config, engine } = running;
    const { discord, ...rest } = withDiscord(config);
    const wrong = { ...rest, discord: { ...discord, token: 'MTIz.wrong.token' } };
    const log = createLog({ level: 'silent', secrets: [] });
    await expect(startBot({ engine, store: null, config: wrong, log })).rejects.toThrow(
      'Discord refused the token',
    );
  });
});
