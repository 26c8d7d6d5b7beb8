import type { Config } from './config.ts';
import { startEncoderAhead } from './embedding/encoder-process.ts';
import type { SharedStore } from './database/shared-store.ts';
import type { Logger } from './log.ts';
import { runCommandLine } from './terminal/command-line.ts';

await runCommandLine({
  name: 'npm start --',
  description:
    'Starts the Discord bot if DISCORD_TOKEN is set; otherwise answers questions in the terminal.\n' +
    'Builds the index first if there is none, or if another model made it.\n' +
    'See .env.example for the settings; `npm run ask -- --help` for single questions.',
  args: {},
  run: async () => {
    startEncoderAhead();
    const { readConfig, secretsOf } = await import('./config.ts');
    const config = readConfig();
    const { openReadyEngine } = await import('./terminal/corpus.ts');
    const { stdin: input, stdout: output, stderr: errors } = process;
    const { discord, databaseUrl } = config;
    // Other bots use the index in the database: only a build replaces it.
    const ready = { config, errors, rebuildForModel: databaseUrl === null };
    if (discord === null) {
      if (databaseUrl !== null) {
        const { fetchPublished } = await import('./database/shared-store.ts');
        await fetchPublished(config);
      }
      const { runSession } = await import('./terminal/session.ts');
      await runSession(await openReadyEngine(ready), config, { input, output, errors });
      return;
    }
    const { createLog } = await import('./log.ts');
    const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
    const encoderRestarted = (err: unknown): void => log.warn({ event: 'encoder.restarted', err });
    const store = await openStore(config, log);
    try {
      await store?.generations.fetch();
      const engine = await openReadyEngine({
        ...ready,
        config: { ...config, embedding: { ...config.embedding, onRestart: encoderRestarted } },
        vectorsOf: store === null ? null : (folder) => store.generations.vectorsOf(folder),
      });
      await store?.generations.publish({ onlyFirst: true });
      const { runBot } = await import('./discord/run.ts');
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
  const { openSharedStore } = await import('./database/shared-store.ts');
  return openSharedStore(config, (problem) => {
    if (problem === null) log.info({ event: 'database.back' });
    else log.error({ event: 'database.lost', problem });
  });
}
