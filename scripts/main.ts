import type { Config } from '../src/config.ts';
import { startEncoderAhead } from '../src/embedding/open-embedder.ts';
import type { SharedStore } from '../src/database/shared-store.ts';
import type { Logger } from '../src/monitor.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm start --',
  description:
    'Starts the Discord bot if DISCORD_TOKEN is set; otherwise answers questions in the terminal.\n' +
    'Builds the index first if there is none, or if another model made it.\n' +
    'See .env.example for the settings; `npm run ask -- --help` for single questions.',
  args: {},
  run: async () => {
    startEncoderAhead();
    const { readConfig, secretsOf } = await import('../src/config.ts');
    const config = readConfig();
    const { openReadyEngine } = await import('../src/terminal/corpus.ts');
    const { stdin: input, stdout: output, stderr: errors } = process;
    const { discord, databaseUrl } = config;
    // Other bots use the index in the database: only a build replaces it.
    const isOwn = databaseUrl === null;
    const ready = {
      config,
      errors,
      rebuildForModel: isOwn,
      ...(!isOwn && { onOtherCorpus: null }),
    };
    if (discord === null) {
      if (databaseUrl !== null) {
        const { fetchPublished } = await import('../src/database/shared-store.ts');
        await fetchPublished(config);
      }
      const { runSession } = await import('../src/terminal/session.ts');
      await runSession(await openReadyEngine(ready), config, { input, output, errors });
      return;
    }
    const { createLog } = await import('../src/monitor.ts');
    const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
    const encoderRestarted = (err: unknown): void => log.warn({ event: 'encoder.restarted', err });
    const store = await openStore(config, log);
    try {
      await store?.generations.fetch();
      const engine = await openReadyEngine({
        ...ready,
        config: { ...config, embedding: { ...config.embedding, onRestart: encoderRestarted } },
        onOtherCorpus: isOwn
          ? (problem) => log.warn({ event: 'index.other-documents', problem })
          : null,
        vectorsOf: store === null ? null : (folder) => store.generations.vectorsOf(folder),
      });
      await store?.generations.publish({ onlyFirst: true });
      const { runBot } = await import('../src/discord/run.ts');
      try {
        process.exitCode = await runBot({ engine, store, config: { ...config, discord }, log });
      } finally {
        engine.close();
      }
    } finally {
      await store?.close();
    }
  },
});

/** Null without a database, whose driver is then not loaded. */
async function openStore(config: Config, log: Logger): Promise<SharedStore | null> {
  if (config.databaseUrl === null) return null;
  const { openSharedStore } = await import('../src/database/shared-store.ts');
  return openSharedStore(config, (problem) => {
    if (problem === null) log.info({ event: 'database.back' });
    else log.error({ event: 'database.lost', problem });
  });
}
