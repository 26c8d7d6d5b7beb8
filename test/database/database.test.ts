import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import { PROJECT_FOLDER, type Shards } from '../../src/config.ts';
import { migrate, openDatabase, sharedSecret, sharedValues } from '../../src/database/database.ts';
import { storeAt, type SharedStore } from '../../src/database/shared-store.ts';
import { SettingsStore } from '../../src/discord/servers.ts';
import { type Engine, openEngine } from '../../src/engine.ts';
import type { AdditionLimits } from '../../src/index/generation.ts';
import { buildIndex } from '../../src/index/build.ts';
import { generationFolder, readPointer } from '../../src/index/index-folder.ts';
import type { JournalEntry } from '../../src/journal/journal.ts';
import { createLog } from '../../src/monitor.ts';
import { hashingEmbedder } from '../index/hashing-embedder.ts';
import { sampleFiles, temporaryFolder, writeFiles } from '../index/temporary-folder.ts';
import { openTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { openRealEngine, realIndexFolder, sharedEmbedder } from '../support/real-index.ts';

let server: TestDatabase;
const opened: SharedStore[] = [];

beforeAll(async () => {
  server = await openTestDatabase();
});

afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await server.close();
});

/** The store as one process sees it, with an index folder of its own. */
async function openStore(
  indexFolder?: string,
  memoryBytes = Infinity,
): Promise<SharedStore & { indexFolder: string }> {
  const folder = indexFolder ?? join(await temporaryFolder(), 'index');
  const store = await storeAt(server.url, {
    indexFolder: folder,
    indexMemoryBytes: memoryBytes,
    journal: { days: 30 },
  });
  opened.push(store);
  return Object.assign(store, { indexFolder: folder });
}

/** Makes what has changed an addition, however small the index. */
const ADDITIONS = { smallestBase: 0, largest: Infinity, largestShare: Infinity };

/** A machine that builds: its store, and a function that builds a corpus of so many documents. */
async function builder(limits?: AdditionLimits): Promise<{
  store: SharedStore;
  indexFolder: string;
  build: (documents: number) => Promise<string>;
}> {
  const corpusFolder = await temporaryFolder();
  const store = await openStore();
  const { indexFolder } = store;
  return {
    store,
    indexFolder,
    build: async (documents) => {
      await writeFiles(corpusFolder, sampleFiles(documents));
      const options = { corpusFolder, indexFolder, embedder: hashingEmbedder() };
      const built = await buildIndex(limits === undefined ? options : { ...options, limits });
      return built.generation;
    },
  };
}

async function contentOf(indexFolder: string): Promise<Map<string, string>> {
  const pointer = await readPointer(indexFolder);
  const folder = generationFolder(indexFolder, pointer?.generation ?? '');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Map(
    await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map(async (path) => [relative(folder, path), await readFile(path, 'base64')] as const),
    ),
  );
}

async function journalOf(store: SharedStore): Promise<string[]> {
  const questions: string[] = [];
  for await (const entry of store.journal.entries()) {
    if (entry.type === 'unanswered') questions.push(entry.question);
  }
  return questions;
}

function unanswered(question: string, at = new Date().toISOString()): JournalEntry {
  return {
    type: 'unanswered',
    at,
    question,
    meeting: null,
    reason: null,
    verdict: 'not_found',
    generation: 'g',
  };
}

describe('migrations', () => {
  it('are asked for by a database without tables, and run once', async () => {
    await expect(openDatabase(server.url)).rejects.toMatchObject({
      code: 'DATABASE',
      message: 'The database lacks the migrations 1_tables, 2_shards, 3_segments.',
      hint: 'Run `npm run db:migrate`.',
    });
    expect(await migrate(server.url)).toEqual(['1_tables', '2_shards', '3_segments']);
    expect(await migrate(server.url)).toEqual([]);
  });
});

describe('generations', () => {
  it('reach every process byte for byte, and old ones are deleted', async () => {
    const { store, indexFolder, build } = await builder();
    const bot = await openStore();
    expect(await bot.generations.fetch()).toBeNull();

    const first = await build(2);
    expect(await store.generations.publish()).toEqual({ generation: first, published: true });
    expect(await bot.generations.fetch()).toBe(first);
    expect(await contentOf(bot.indexFolder)).toEqual(await contentOf(indexFolder));

    const later = [await build(3), await build(4)];
    await store.generations.publish();
    expect(await store.generations.publish()).toMatchObject({ published: false });
    expect(await bot.generations.fetch()).toBe(later[1]);
    const kept = await store.database.query<{ id: string }>('select id from generations');
    expect(kept.map(({ id }) => id).sort()).toEqual([first, later[1]]);
  });

  it('replace a copy that is damaged when the next process starts, and a pointer at once', async () => {
    const { store, indexFolder, build } = await builder(ADDITIONS);
    const first = await build(4);
    await store.generations.publish({ force: true });
    const bot = await openStore();
    await bot.generations.fetch();
    const files = async (): Promise<unknown> => contentOf(bot.indexFolder);
    const whole = await files();

    await writeFile(join(bot.indexFolder, 'current.json'), 'garbage');
    expect(await bot.generations.fetch()).toBe(first);
    await writeFile(join(bot.indexFolder, first, 'lexical.bin'), 'damaged');
    const next = await openStore(bot.indexFolder);
    expect(await next.generations.fetch()).toBe(first);
    expect(await files()).toEqual(whole);

    // The base of the next one is the same, and is not taken from a damaged copy.
    await rm(join(bot.indexFolder, first, 'vectors.bin'));
    const later = await build(5);
    await store.generations.publish();
    expect(await next.generations.fetch()).toBe(later);
    expect(await files()).toEqual(await contentOf(indexFolder));
  });

  it('have their base in common where a few documents changed: only the addition is written and fetched', async () => {
    const { store, indexFolder, build } = await builder(ADDITIONS);
    const [bot, small, late] = [
      await openStore(),
      await openStore(undefined, 0),
      await openStore(),
    ];
    const segments = (): Promise<readonly { number: number; rows: number }[]> =>
      store.database.query(
        `select number, (select count(*)::int from segment_files where segment = number) as rows
         from segments order by number`,
      );
    await build(20);
    await store.generations.publish();
    const [base, ...before] = (await segments()).slice(-1);
    expect(before).toEqual([]);
    await Promise.all([bot.generations.fetch(), small.generations.fetch()]);
    const pointer = await readPointer(bot.indexFolder);
    const basePath = (id = ''): string =>
      join(generationFolder(bot.indexFolder, id), 'documents.jsonl');
    const first = await stat(basePath(pointer?.generation));

    for (const documents of [21, 22, 23]) {
      const id = await build(documents);
      await store.generations.publish();
      const [kept, added, ...others] = (await segments()).filter(
        ({ number }) => number >= (base?.number ?? 0),
      );
      expect(kept).toEqual(base);
      expect(added?.rows).toBeGreaterThan(0);
      // That of the generation before is still there.
      expect(others).toHaveLength(documents === 21 ? 0 : 1);
      expect(await bot.generations.fetch()).toBe(id);
      expect(await contentOf(bot.indexFolder)).toEqual(await contentOf(indexFolder));
      expect((await stat(basePath(id))).ino).toBe(first.ino);
    }
    await Promise.all([small.generations.fetch(), late.generations.fetch()]);
    expect(await contentOf(late.indexFolder)).toEqual(await contentOf(indexFolder));
    const answers = [bot, small].map(async ({ generations, indexFolder: folder }) => {
      const engine = await openEngine({
        indexFolder: folder,
        embedder: hashingEmbedder(),
        vectorsOf: (of) => generations.vectorsOf(of),
      });
      const asked = ['What was subject 161 about?', 'Who met delegation 7?'];
      return Promise.all(asked.map(async (each) => untimed(await engine.current().ask(each))));
    });
    const [fromMemory, fromDatabase] = await Promise.all(answers);
    expect(fromDatabase).toEqual(fromMemory);
  });

  it('are not replaced by the same content of another machine, nor by one that only wants to be first', async () => {
    const one = await builder();
    const current = await one.build(4);
    await one.store.generations.publish();
    const published = (await one.store.generations.published())?.id;

    const other = await builder();
    expect(await other.build(4)).not.toBe(current);
    expect(await other.store.generations.publish()).toEqual({
      generation: published,
      published: false,
    });
    await other.build(5);
    expect(await other.store.generations.publish({ onlyFirst: true })).toEqual({
      generation: published,
      published: false,
    });
  });

  it('stay whole when a publisher is killed in the middle', async () => {
    const { store, indexFolder, build } = await builder();
    await build(6);
    await store.generations.publish();
    const before = (await store.generations.published())?.id;

    await build(7);
    const child = fork(join(import.meta.dirname, 'publish-child.ts'), [server.url, indexFolder], {
      execArgv: ['--import', 'tsx'],
    });
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const bot = await openStore();
    expect(await bot.generations.fetch()).toBe(before);
    expect(await store.generations.publish()).toMatchObject({ published: true });
    expect(await bot.generations.fetch()).not.toBe(before);
  });

  it('give the same answers as the folder that they were built in, also when their vectors stay in the database', async () => {
    const publisher = await openStore(await realIndexFolder());
    await publisher.generations.publish();
    const [bot, small] = [await openStore(), await openStore(undefined, 0)];
    const engines: Engine[] = [];
    for (const { generations, indexFolder } of [bot, small]) {
      await generations.fetch();
      engines.push(
        await openEngine({
          indexFolder,
          embedder: await sharedEmbedder(),
          vectorsOf: (folder) => generations.vectorsOf(folder),
        }),
      );
    }
    const folder = generationFolder(
      small.indexFolder,
      (await small.generations.published())?.id ?? '',
    );
    expect(await readdir(folder)).not.toContain('sentences.bin');
    const embedded = await openRealEngine();

    const path = join(PROJECT_FOLDER, 'test/eval/development.jsonl');
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    const questions = lines
      .filter((_, at) => at % 60 === 0)
      .map((line) => (JSON.parse(line) as { question: string }).question);
    const [meeting] = embedded.current().meetings;
    for (const [question, options] of [
      ...questions.map((question) => [question, {}] as const),
      ['Which countries did she visit?', {}] as const,
      ['What was agreed?', { meeting: meeting?.id ?? '' }] as const,
    ]) {
      const expected = untimed(await embedded.current().ask(question, options));
      for (const engine of engines) {
        expect(untimed(await engine.current().ask(question, options))).toEqual(expected);
      }
    }
  });
});

describe('a transaction', () => {
  it('does not take an error of a file for a loss of the server', async () => {
    const { database } = await openStore();
    const reading = database.transaction(() => readFile(import.meta.dirname));
    await expect(reading).rejects.toMatchObject({ code: 'EISDIR' });
    expect(database.problem).toBeNull();
  });

  it('says when the server is away', async () => {
    const { database } = await openStore();
    await server.shut();
    await expect(database.transaction(() => Promise.resolve())).rejects.toMatchObject({
      code: 'DATABASE',
      message: expect.stringContaining('cannot be reached') as unknown,
    });
    await server.open();
  });
});

/** All of an answer but how long it took. */
function untimed(answer: Answer): unknown {
  return JSON.parse(JSON.stringify({ ...answer, timing: null }));
}

describe('the journal', () => {
  it('is one for all processes, without names, and forgets what is old', async () => {
    const [one, other] = [await openStore(), await openStore()];
    await one.journal.record(unanswered('Who is <@123456789012345678>?'));
    await other.journal.record(unanswered('odd \u0000 and \ud800 characters'));
    await other.journal.record(unanswered('long ago', '2020-01-01T00:00:00.000Z'));
    expect(await journalOf(one)).toEqual([
      expect.not.stringContaining('123456789012345678'),
      'odd \u0000 and \ud800 characters',
      'long ago',
    ]);
    await one.journal.tidy();
    expect(await journalOf(other)).toHaveLength(2);
    expect(await one.journal.voterOf('1', '2')).toBe(await other.journal.voterOf('1', '2'));
    expect(await one.journal.voterOf('1', '2')).not.toBe(await one.journal.voterOf('1', '3'));
  });
});

describe('shared values', () => {
  it('keep what several processes change at once, and tell each what is new', async () => {
    const { database } = await openStore();
    const [one, other] = [sharedValues(database, 'test'), sharedValues(database, 'test')];
    await Promise.all(Array.from({ length: 8 }, (_, at) => one.merge('a', { [`field${at}`]: at })));
    expect(Object.keys((await other.changed()).get('a') as object)).toHaveLength(8);
    expect((await other.changed()).size).toBe(0);
    await one.merge('b', { x: 1 });
    expect(await other.changed()).toEqual(new Map([['b', { x: 1 }]]));
  });

  it('that cannot be read are logged, and those of other servers are taken over', async () => {
    const { database } = await openStore();
    const values = sharedValues(database, 'server-settings');
    const lines: string[] = [];
    const log = createLog({ level: 'error', secrets: [] }, { write: (line) => lines.push(line) });
    const settings = await SettingsStore.openShared(values, log);
    await values.merge('1', { language: 'tlh' });
    await values.merge('2', { language: 'ja' });
    await settings.refresh(log);
    expect([settings.of('1').language, settings.of('2').language]).toEqual([null, 'ja']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('settings.unreadable');
  });

  it('are replaced by one of those that try', async () => {
    const { database } = await openStore();
    const values = sharedValues(database, 'note');
    const results = await Promise.all([1, 2, 3].map((at) => values.replace('k', null, { at })));
    expect(results.filter(Boolean)).toHaveLength(1);
    const found = await values.get('k');
    expect(await values.replace('k', { at: 9 }, { at: 4 })).toBe(false);
    expect(await values.replace('k', found, { at: 4 })).toBe(true);
    expect(await values.get('k')).toEqual({ at: 4 });
    expect(await sharedSecret(database, 'x')).toEqual(await sharedSecret(database, 'x'));
  });

  it('keep identifies of one bucket apart, and not those of others', async () => {
    const { identifyTurn } = await openStore();
    const waits: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) waits.push(await identifyTurn(0));
    // Each turn is five seconds after the one before, less what passed meanwhile.
    expect(waits[0]).toBe(0);
    expect((waits[2] ?? 0) - (waits[1] ?? 0)).toBeGreaterThan(0);
    expect(waits[2]).toBeGreaterThan(5_000);
    expect(await identifyTurn(1)).toBe(0);
  });
});

describe('shards', () => {
  const told: string[] = [];
  const lost: string[] = [];
  const renewals = new Set<() => void>();

  /** Time passes only while somebody waits; then all leases are renewed. */
  async function keep(shards: Shards, application = 'app'): Promise<SharedStore> {
    const store = await openStore();
    await store.keepShards({
      application,
      shards,
      onWait: (problem) => told.push(problem),
      onLost: ({ message }) => lost.push(message),
      clock: {
        wait: async () => {
          renewals.forEach((renew) => renew());
          await Promise.resolve();
        },
        repeat: (renew) => {
          renewals.add(renew);
          return () => renewals.delete(renew);
        },
      },
    });
    return store;
  }

  it('are kept by one process each, whatever their numbers have in common', async () => {
    const [first, second] = [
      await keep({ ids: [0, 1], count: 4 }),
      await keep({ ids: [2, 3], count: 4 }),
    ];
    await keep('auto', 'another app');
    for (const shards of ['auto', { ids: [3], count: 4 }, { ids: [5], count: 8 }] as const) {
      await expect(keep(shards)).rejects.toMatchObject({
        code: 'CONFIG',
        message: expect.stringMatching(
          new RegExp(`^Process ${process.pid} on .* holds the shards \\d, \\d of 4 since`),
        ) as unknown,
        hint: expect.stringContaining('SHARDS') as unknown,
      });
    }
    expect(told).toHaveLength(3);
    await Promise.all([first.close(), second.close()]);
    const all = await keep('auto');
    expect(told).toHaveLength(3);
    await all.close();
  });

  it('of a process that has ended go to the next, and a process that was only asleep is told', async () => {
    const asleep = await keep({ ids: [0], count: 1 });
    await asleep.database.query(
      `update shard_leases set expires_at = now() where application = 'app'`,
    );
    const next = await keep('auto');
    renewals.forEach((renew) => renew());
    await expect.poll(() => lost).toEqual([expect.stringContaining('holds the shards 0 of 1')]);
    await Promise.all([asleep.close(), next.close()]);
  });

  it('are taken again after the server has lost its table', async () => {
    const store = await keep('auto');
    const rows = (): Promise<readonly object[]> =>
      store.database.query(`select id from shard_leases where application = 'app'`);
    const before = await rows();
    await store.database.query('delete from shard_leases');
    renewals.forEach((renew) => renew());
    await expect.poll(rows).toEqual(before);
    await store.close();
  });
});

describe('a server that goes away and comes back', () => {
  it('costs nothing that was recorded, and no time', async () => {
    const changes: (string | null)[] = [];
    const store = await storeAt(
      server.url,
      { indexFolder: await temporaryFolder(), indexMemoryBytes: Infinity, journal: { days: 30 } },
      (problem) => changes.push(problem),
    );
    opened.push(store);
    await server.shut();
    for (const question of ['first', 'second']) await store.journal.record(unanswered(question));
    await expect(store.keepUp()).rejects.toMatchObject({ code: 'JOURNAL' });
    expect(changes).toEqual([expect.any(String)]);

    await server.open();
    await store.keepUp();
    expect(changes).toEqual([expect.any(String), null]);
    expect((await journalOf(store)).slice(-2)).toEqual(['first', 'second']);
    // Nothing is recorded twice.
    await store.journal.flush();
    expect((await journalOf(store)).filter((question) => question === 'first')).toHaveLength(1);
  });
});
