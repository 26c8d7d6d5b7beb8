import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig, PROJECT_FOLDER } from '../../src/config.ts';
import { migrate } from '../../src/database/database.ts';
import { storeAt, type SharedStore } from '../../src/database/shared-store.ts';
import { startBot, type Bot } from '../../src/discord/run.ts';
import { openEngine } from '../../src/engine.ts';
import { buildIndex } from '../../src/index/build.ts';
import { createLog } from '../../src/monitor.ts';
import { withDiscord } from '../e2e/running-bot.ts';
import { ManualClock } from '../../tools/local-discord/clock.ts';
import type { Exchange } from '../../tools/local-discord/exchange.ts';
import { LocalDiscord } from '../../tools/local-discord/local-discord.ts';
import { textOf } from '../../tools/local-discord/message-view.ts';
import type { Guild } from '../../tools/local-discord/world.ts';
import { openTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { sharedEmbedder } from '../support/real-index.ts';

const QUESTION = 'How long did the meeting with Blinken last?';

let server: TestDatabase;
let discord: LocalDiscord;
let folder: string;
/** One of each shard. */
let guilds: readonly [Guild, Guild];
const running: { readonly bot: Bot; readonly store: SharedStore }[] = [];

async function start(shards: string): Promise<void> {
  const own = join(folder, `bot-${running.length}`);
  const config = loadConfig({
    INDEX_DIR: join(own, 'index'),
    JOURNAL_DIR: join(own, 'data'),
    DATABASE_URL: server.url,
    DISCORD_TOKEN: discord.token,
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_API_URL: discord.apiUrl,
    SHARDS: shards,
    RATE_LIMIT_USER: '2',
  });
  const store = await storeAt(server.url, {
    indexFolder: config.indexFolder,
    indexMemoryBytes: Infinity,
    journal: { days: 30 },
  });
  await store.generations.fetch();
  const engine = await openEngine({
    indexFolder: config.indexFolder,
    embedder: await sharedEmbedder(),
  });
  const log = createLog({ level: 'silent', secrets: [] });
  const bot = await startBot({ engine, store, config: withDiscord(config), log });
  running.push({ bot, store });
}

const ask = (guild: Guild, user = discord.user(), question = QUESTION): Promise<Exchange> =>
  discord.command({ name: 'ask', options: { question }, user, guild });

async function journalOf(one: (typeof running)[number] | undefined): Promise<string[]> {
  const questions: string[] = [];
  for await (const entry of one?.store.journal.entries() ?? []) {
    if (entry.type === 'unanswered') questions.push(entry.question);
  }
  return questions;
}

beforeAll(async () => {
  server = await openTestDatabase();
  await migrate(server.url);
  folder = await mkdtemp(join(tmpdir(), 'dragoman-bots-'));
  // One meeting is enough to ask about, and quickly in the database.
  const [corpusFolder, indexFolder] = [join(folder, 'corpus'), join(folder, 'index')];
  for (const name of ['about.yaml', 'sources.yaml', 'meetings/blinken.md']) {
    await cp(join(PROJECT_FOLDER, 'corpus', name), join(corpusFolder, name));
  }
  await buildIndex({ corpusFolder, indexFolder, embedder: await sharedEmbedder() });
  const builder = await storeAt(server.url, {
    indexFolder,
    indexMemoryBytes: Infinity,
    journal: { days: 30 },
  });
  await builder.generations.publish();
  await builder.close();
  discord = await LocalDiscord.start({ clock: new ManualClock() });
  // Discord picks the shard of a server by its id without the last 22 bits.
  const idIn = (shard: bigint): string => String((1n << 62n) + (shard << 22n));
  guilds = [discord.guild({ id: idIn(0n) }), discord.guild({ id: idIn(1n) })];
  await start('0/2');
  await start('1/2');
});

afterAll(async () => {
  await Promise.all(running.map(({ bot }) => bot.stop()));
  await Promise.all(running.map(({ store }) => store.close()));
  await discord.stop();
  await server.close();
  await rm(folder, { recursive: true });
});

it('each answers the servers of its shard, as the other does', async () => {
  expect(discord.gateway.identifications.map(({ shard }) => shard)).toEqual([
    [0, 2],
    [1, 2],
  ]);
  const [one, other] = [await ask(guilds[0]), await ask(guilds[1])];
  expect(textOf(one.message)).toContain('Blinken');
  expect(textOf(other.message)).toBe(textOf(one.message));
});

it('limit a user together', async () => {
  const user = discord.user();
  const replies = [
    await ask(guilds[0], user),
    await ask(guilds[1], user),
    await ask(guilds[0], user),
  ];
  expect(replies.map(({ message }) => /<t:\d+:R>/.test(textOf(message)))).toEqual([
    false,
    false,
    true,
  ]);
});

it('share the journal, and what a manager of a server chose', async () => {
  const question = 'What did the zebra of Ankara eat for breakfast?';
  await ask(guilds[1], discord.user(), question);
  await expect.poll(() => journalOf(running[0])).toContain(question);

  await running[0]?.store.serverSettings.merge(guilds[1].id, { language: 'ja' });
  await expect.poll(async () => textOf((await ask(guilds[1])).message)).toMatch(/[\u3040-\u30ff]/);
});

it('answer while the database is away, and write down afterwards what was asked', async () => {
  await server.shut();
  const replies = await Promise.all(
    Array.from({ length: 6 }, (_, at) => ask(guilds[at % 2 === 0 ? 0 : 1])),
  );
  for (const { refused, message } of replies) {
    expect(refused).toEqual([]);
    expect(textOf(message)).toContain('Blinken');
  }
  const question = 'Which zebra lived in Ankara in 1950?';
  await ask(guilds[0], discord.user(), question);
  await expect.poll(() => running.some(({ store }) => store.journal.waiting > 0)).toBe(true);

  await server.open();
  await expect
    .poll(() => running.map(({ store }) => [store.database.problem, store.journal.waiting]))
    .toEqual([
      [null, 0],
      [null, 0],
    ]);
  expect(await journalOf(running[1])).toContain(question);
  expect(textOf((await ask(guilds[0])).message)).toContain('Blinken');
});
