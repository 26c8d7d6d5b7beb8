import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { PROJECT_FOLDER, loadConfig, secretsOf } from '../src/config.ts';
import { DragomanError } from '../src/errors.ts';

describe('loadConfig', () => {
  it('needs no setting at all', () => {
    expect(loadConfig({})).toEqual({
      corpusFolder: join(PROJECT_FOLDER, 'corpus'),
      indexFolder: join(PROJECT_FOLDER, 'embeddings/index'),
      databaseUrl: null,
      indexMemoryBytes: 2 ** 31,
      embedding: {
        model: 'bundled',
        modelFolder: join(PROJECT_FOLDER, 'embeddings/model'),
        cacheFolder: join(PROJECT_FOLDER, '.cache/models'),
      },
      logLevel: 'info',
      noColor: false,
      forceColor: false,
      journal: { enabled: true, folder: join(PROJECT_FOLDER, 'data'), days: 365 },
      healthFile: null,
      discord: null,
    });
  });

  it('takes every setting', () => {
    const config = loadConfig({
      CORPUS_DIR: '/elsewhere/corpus',
      INDEX_DIR: 'other/index',
      DATABASE_URL: 'postgres://bot:secret@db/dragoman',
      INDEX_MEMORY_MIB: '512',
      EMBEDDING_MODEL: 'Xenova/bge-small-en-v1.5',
      EMBEDDING_REVISION: 'abc123',
      EMBEDDING_HUB: 'https://mirror.example/hub',
      EMBEDDING_THREADS: '2',
      MODEL_CACHE_DIR: '/var/cache/models',
      LOG_LEVEL: 'debug',
      NO_COLOR: '1',
      FORCE_COLOR: '1',
      JOURNAL: 'off',
      JOURNAL_DIR: '/var/journal',
      HEALTH_FILE: 'healthy',
      DISCORD_TOKEN: 'MTIz.secret.t-_0',
      JOURNAL_DAYS: '30',
      WEEKLY_DIGEST: 'on',
      DISCORD_MESSAGE_CONTENT: 'on',
      DISCORD_APPLICATION_ID: '123456789012345678',
      DISCORD_GUILD_ID: '223456789012345678',
      DISCORD_API_URL: 'http://127.0.0.1:4000/api',
      DISCORD_PUBLIC_KEY: 'ab'.repeat(32),
      HOST: '127.0.0.1',
      PORT: '4001',
      METRICS_PORT: '4002',
      SHARDS: '4-6/16',
      ADMIN_USER_IDS: '323456789012345678, 423456789012345678',
      RATE_LIMIT_USER: '5',
    });
    expect(config).toEqual({
      corpusFolder: '/elsewhere/corpus',
      indexFolder: join(PROJECT_FOLDER, 'other/index'),
      databaseUrl: 'postgres://bot:secret@db/dragoman',
      indexMemoryBytes: 2 ** 29,
      embedding: {
        model: 'Xenova/bge-small-en-v1.5',
        modelFolder: join(PROJECT_FOLDER, 'embeddings/model'),
        cacheFolder: '/var/cache/models',
        revision: 'abc123',
        hub: 'https://mirror.example/hub/',
        threads: 2,
      },
      logLevel: 'debug',
      noColor: true,
      forceColor: true,
      journal: { enabled: false, folder: '/var/journal', days: 30 },
      healthFile: join(PROJECT_FOLDER, 'healthy'),
      discord: {
        token: 'MTIz.secret.t-_0',
        applicationId: '123456789012345678',
        guildId: '223456789012345678',
        apiUrl: 'http://127.0.0.1:4000/api',
        endpoint: { publicKey: 'ab'.repeat(32), host: '127.0.0.1', port: 4001 },
        monitor: { host: '127.0.0.1', port: 4002 },
        shards: { ids: [4, 5, 6], count: 16 },
        adminUserIds: ['323456789012345678', '423456789012345678'],
        messageContent: true,
        weeklyDigest: true,
        rateLimits: { perUser: 5, perServer: 600 },
      },
    });
  });

  it('takes one shard, some, or as many as Discord recommends', () => {
    const shardsOf = (SHARDS: string): unknown =>
      loadConfig({ DISCORD_TOKEN: 'a.b.c', SHARDS }).discord?.shards;
    expect(shardsOf('')).toEqual({ ids: [0], count: 1 });
    expect(shardsOf('auto')).toBe('auto');
    expect(shardsOf('1/2')).toEqual({ ids: [1], count: 2 });
    for (const wrong of ['2/2', '3-1/4', '0-4/4', 'all', '1']) {
      expect(() => shardsOf(wrong)).toThrow('SHARDS: expected auto, or shards and their number');
    }
  });

  it('hides the token and the address of the database from the log', () => {
    const config = loadConfig({
      DISCORD_TOKEN: 'one.two.three',
      DATABASE_URL: 'postgres://bot:long%2Fsecret@db/dragoman',
    });
    expect(secretsOf(config)).toEqual([
      'one.two.three',
      'postgres://bot:long%2Fsecret@db/dragoman',
      'long%2Fsecret',
      'long/secret',
    ]);
    expect(secretsOf(loadConfig({}))).toEqual([]);
  });

  it('leaves words of the log alone that happen to be a short password', () => {
    const config = loadConfig({ DATABASE_URL: 'postgres://bot:bot@db/dragoman' });
    expect(secretsOf(config)).toEqual(['postgres://bot:bot@db/dragoman']);
  });

  it('takes a model folder relative to the project', () => {
    expect(loadConfig({ EMBEDDING_MODEL: './my-model' }).embedding.model).toBe(
      join(PROJECT_FOLDER, 'my-model'),
    );
  });

  it('takes ~ for the home folder, and a value in quotes for what is in them', () => {
    const { corpusFolder, indexFolder, embedding } = loadConfig({
      CORPUS_DIR: '~/corpus',
      INDEX_DIR: '"/elsewhere/an index"',
      EMBEDDING_MODEL: '~/model',
    });
    expect([corpusFolder, indexFolder, embedding.model]).toEqual([
      join(homedir(), 'corpus'),
      '/elsewhere/an index',
      join(homedir(), 'model'),
    ]);
    expect(loadConfig({ CORPUS_DIR: '~corpus' }).corpusFolder).toMatch(/\/~corpus$/);
    expect(loadConfig({ CORPUS_DIR: '""' })).toEqual(loadConfig({}));
  });

  it('reads an empty value as none', () => {
    expect(loadConfig({ CORPUS_DIR: '', DISCORD_TOKEN: ' ', NO_COLOR: '' })).toEqual(
      loadConfig({}),
    );
  });

  it('names every wrong setting at once and repeats no value', () => {
    const wrong = {
      LOG_LEVEL: 'loud',
      JOURNAL: 'maybe',
      EMBEDDING_HUB: 'ftp://mirror.example',
      DISCORD_APPLICATION_ID: 'my-bot',
      DISCORD_GUILD_ID: '12',
      DISCORD_API_URL: 'nowhere',
      ADMIN_USER_IDS: '323456789012345678, someone',
    };
    let message = '';
    try {
      loadConfig({ ...wrong, DISCORD_TOKEN: 'MTIz.secr\u200bet.x' });
    } catch (error) {
      if (!(error instanceof DragomanError) || error.code !== 'CONFIG') throw error;
      message = error.message;
    }
    for (const [name, value] of Object.entries(wrong)) {
      expect(message).toContain(name);
      expect(message).not.toContain(value);
    }
    expect(message).toContain('DISCORD_TOKEN: expected a token');
    expect(message).not.toContain('secr');
  });
});

describe('names of settings in a file', () => {
  it('are refused where one is misspelt, and may be those of other programs', () => {
    const read =
      (...names: string[]) =>
      (): unknown =>
        loadConfig({}, names);
    expect(read('JOURNL', 'PORT', 'DISCORD_TOKN')).toThrow(
      /^Wrong settings:\n {2}JOURNL: no such setting, expected JOURNAL\n {2}DISCORD_TOKN: .*DISCORD_TOKEN$/,
    );
    expect(read('DATABASE_PASSWORD', 'PORT', 'COMPOSE_PROJECT_NAME')).not.toThrow();
  });
});

describe('.env.example', () => {
  it('shows each setting once, those of compose.yaml too, and the defaults that it shows are the defaults', async () => {
    const example = await readFile(join(PROJECT_FOLDER, '.env.example'), 'utf8');
    const names = [...example.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    const code = await readFile(join(PROJECT_FOLDER, 'src/config.ts'), 'utf8');
    const compose = await readFile(join(PROJECT_FOLDER, 'compose.yaml'), 'utf8');
    const settings = new Set(
      [...code.matchAll(/^ {2}([A-Z_]+):/gm), ...compose.matchAll(/\$\{([A-Z_]+)/g)].map(
        ([, name]) => name,
      ),
    );
    expect(names.toSorted()).toEqual([...settings].sort());
    const shown = parse(example.replace(/^#(?=[A-Z_]+=)/gm, ''));
    expect(loadConfig({ ...shown, NO_COLOR: '', FORCE_COLOR: '' })).toEqual(loadConfig({}));
  });
});
