import { BUILD_ARGS, runBuild } from '../src/terminal/corpus.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run build:index --',
  description:
    'Builds the index from the documents in CORPUS_DIR and publishes it, with DATABASE_URL in the database too;\n' +
    'running bots switch to it. ' +
    'Only new and changed passages are embedded. See .env.example for the settings.',
  args: BUILD_ARGS,
  outputIsOptional: true,
  run: async (args) => {
    const { readConfig } = await import('../src/config.ts');
    await runBuild(args, readConfig, { output: process.stdout, errors: process.stderr });
    // With --json a failure is printed, not thrown.
    if (args.check === true || process.exitCode !== undefined) return;
    const config = readConfig();
    const { openSharedStore } = await import('../src/database/shared-store.ts');
    const store = await openSharedStore(config);
    if (store === null) return;
    try {
      const { generation, published } = await store.generations.publish({
        force: args.force === true,
      });
      process.stderr.write(
        published
          ? `Published ${generation} in the database.\n`
          : `The database has the same content already, as ${generation}.\n`,
      );
    } finally {
      await store.close();
    }
  },
});
