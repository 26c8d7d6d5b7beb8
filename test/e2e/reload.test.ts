import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildIndex } from '../../src/index/build.ts';
import type { Exchange } from '../../tools/local-discord/exchange.ts';
import { customIdsOf, textOf } from '../../tools/local-discord/message-view.ts';
import { userJson } from '../../tools/local-discord/payloads.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

let running: RunningBot;

beforeAll(async () => {
  running = await startRunningBot({ ownIndex: true });
});

afterAll(async () => {
  await running.stop();
});

const QUESTIONS = [
  'How long did the meeting with Blinken last?',
  'Who received Kamikawa in The Hague?',
  'What did Lavrov say?',
  'When did she arrive in Kyiv?',
];

it('a new generation is taken into use during a stream of questions, and none fails', async () => {
  const { discord, engine, embedder, config, folder } = running;
  const before = engine.current().generation;
  const first = await discord.command({ name: 'ask', options: { question: QUESTIONS[0] ?? '' } });
  const corpusFolder = join(folder, 'corpus');
  await cp(config.corpusFolder, corpusFolder, { recursive: true });
  await writeFile(
    join(corpusFolder, 'added.md'),
    '# The zebra of Ankara\n\nKamikawa was given a paper zebra called Zorblax by pupils in Ankara.\n',
  );
  const building = buildIndex({ corpusFolder, indexFolder: config.indexFolder, embedder });
  const asked: Promise<Exchange>[] = [];
  const isReloaded = (): boolean => engine.current().generation !== before;
  for (let n = 0; !isReloaded() && n < 2000; n++) {
    const question = `${QUESTIONS[n % QUESTIONS.length] ?? ''} ${n % 20}`;
    const next = discord.command({ name: 'ask', options: { question }, user: discord.user() });
    asked.push(next);
    await next;
    // Leaves the processor to the build.
    await sleep(20);
  }
  await building;
  const after = await discord.command({ name: 'ask', options: { question: 'What was Zorblax?' } });
  const answers = await Promise.all(asked);
  expect(isReloaded()).toBe(true);
  expect(answers.length).toBeGreaterThan(3);
  for (const answer of answers) {
    expect(answer.refused).toEqual([]);
    expect(textOf(answer.message)).toContain('-# ');
  }
  expect(textOf(after.message)).toContain('paper zebra called Zorblax');
  const next = customIdsOf(first.message).find((id) => id.startsWith('1|x|1')) ?? '';
  expect(textOf((await discord.click(first.message, next)).message)).toContain('In context');
});

it('a bad generation is refused, logged and reported, and the old one stays in use', async () => {
  const { discord, engine, config, log } = running;
  const good = engine.current().generation;
  const bad = good.replace(/[0-9a-f]{12}$/, '0'.repeat(12));
  const pointer = join(config.indexFolder, 'current.json');
  const content = await readFile(pointer, 'utf8');
  await cp(join(config.indexFolder, good), join(config.indexFolder, bad), {
    recursive: true,
  });
  await writeFile(join(config.indexFolder, bad, 'manifest.json'), '{');
  await writeFile(pointer, content.replaceAll(good, bad));
  await expect
    .poll(() => log.some(({ event, loaded }) => event === 'index.reload' && loaded === false))
    .toBe(true);
  const keeper = discord.user();
  discord.world.owner = userJson(keeper);
  const status = await discord.command({ name: 'admin status', user: keeper });
  const reload = await discord.command({ name: 'admin reload', user: keeper });
  const asked = await discord.command({ name: 'ask', options: { question: 'What was Zorblax?' } });
  expect(engine.current().generation).toBe(good);
  expect(textOf(status.message)).toContain('**refused**');
  expect(textOf(reload.message)).toContain('refused');
  expect(textOf(asked.message)).toContain('Zorblax');
  await writeFile(pointer, content);
});
