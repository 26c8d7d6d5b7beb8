import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildIndex } from '../../src/index/build.ts';
import { textOf } from '../../tools/local-discord/message-view.ts';
import type { User } from '../../tools/local-discord/world.ts';
import { openRealSnapshot, sharedEmbedder } from '../support/real-index.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

/** Documents that tell of no tour: the bot must speak of these, and of nothing else. */
const DOCUMENTS = {
  'about.yaml':
    'en: { subject: how tea is grown, topic: tea }\nja: { subject: お茶の栽培, topic: お茶 }\n',
  'harvest.md':
    '# The harvest\n\nThe first leaves are picked in April, before the rains begin.\nEach bush gives four harvests a year.\n',
  'drying.md':
    '# Drying\n\nGreen tea is steamed for forty seconds and then rolled by hand.\nBlack tea is left to oxidise for three hours.\n',
};

let folder: string;
let running: RunningBot;
let japanese: User;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-other-'));
  const corpusFolder = join(folder, 'corpus');
  await mkdir(corpusFolder);
  for (const [name, content] of Object.entries(DOCUMENTS)) {
    await writeFile(join(corpusFolder, name), content);
  }
  const indexFolder = join(folder, 'index');
  const embedder = await sharedEmbedder();
  await buildIndex({ corpusFolder, indexFolder, embedder });
  running = await startRunningBot({ index: { folder: indexFolder, embedder } });
  japanese = running.discord.user({ locale: 'ja' });
});

afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true });
});

it('the commands are those of the corpus: its topic, and nothing of meetings', () => {
  const registered = running.discord.commands.list(null, { localizations: true });
  const written = JSON.stringify(registered);
  expect(written).toContain('"Ask tea"');
  expect(written).toContain('お茶について調べる');
  expect(registered.map(({ name }) => name)).not.toContain('tour');
  expect(registered.map(({ name }) => name)).not.toContain('meeting');
});

it('presents itself and answers with these documents, in both languages', async () => {
  const { discord } = running;
  const about = await discord.command({ name: 'about' });
  expect(textOf(about.message)).toContain('I answer questions about how tea is grown.');
  expect(textOf(about.message)).not.toMatch(/\/tour|\b0 /);
  const translated = await discord.command({ name: 'about', user: japanese });
  expect(textOf(translated.message)).toContain('お茶の栽培についての質問に答えます');
  const question = 'When are the first leaves picked?';
  for (const user of [discord.reader, japanese]) {
    const asked = await discord.command({ name: 'ask', options: { question }, user });
    expect(textOf(asked.message)).toContain('picked in April');
    const target = discord.post(question);
    const menu = await discord.messageCommand({ name: 'Ask tea', target, user });
    expect(menu.ephemeral).toBe(true);
    expect(textOf(menu.message)).toContain('picked in April');
  }
});

it('names nobody and nothing of the documents that the program comes with', async () => {
  const { discord } = running;
  const { meetings } = (await openRealSnapshot()).snapshot;
  const names = meetings.flatMap(({ people, city }) => [city, ...people.map(({ name }) => name)]);
  const surnames = names.map((name) => name.split(' ').at(-1) ?? name);
  const replies = [];
  for (const user of [discord.reader, japanese]) {
    for (const call of [
      { name: 'about' },
      { name: 'sources' },
      { name: 'ask', options: { question: ' ' } },
      { name: 'ask', options: { question: 'Who won the football match?' } },
    ]) {
      replies.push(textOf((await discord.command({ ...call, user })).message));
    }
  }
  replies.push(JSON.stringify(discord.commands.list(null, { localizations: true })));
  const told = replies.join('\n');
  expect(surnames.length).toBeGreaterThan(50);
  expect(surnames.filter((name) => new RegExp(`\\b${name}\\b`, 'u').test(told))).toEqual([]);
  expect(told).not.toMatch(/上川|歴訪|Kamikawa/);
});
