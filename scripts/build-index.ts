import { BUILD_ARGS, runBuild } from '../src/terminal/build.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run build:index --',
  description:
    'Builds the index from the documents in CORPUS_DIR and publishes it; a running bot switches to it.\n' +
    'Only new and changed passages are embedded. See .env.example for the settings.',
  args: BUILD_ARGS,
  outputIsOptional: true,
  run: async (args) => {
    const { readConfig } = await import('../src/config.ts');
    await runBuild(args, readConfig, { output: process.stdout, errors: process.stderr });
  },
});
