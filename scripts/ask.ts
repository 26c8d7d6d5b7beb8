import { startEncoderAhead } from '../src/embedding/open-embedder.ts';

// Before anything else is loaded: both processes load at the same time.
startEncoderAhead();
const { runCommandLine } = await import('../src/terminal/command-line.ts');
const { ASK_ARGS, askArguments, runAsk } = await import('../src/terminal/ask.ts');

await runCommandLine({
  name: 'npm run ask --',
  description:
    'Answers a question with word-for-word excerpts from the documents and their sources.\n' +
    'Builds the index first if there is none.',
  args: ASK_ARGS,
  run: async (args) => {
    const wanted = askArguments(args);
    const { readConfig } = await import('../src/config.ts');
    const { stdin: input, stdout: output, stderr: errors } = process;
    const config = readConfig();
    if (config.databaseUrl !== null) {
      const { fetchPublished } = await import('../src/database/shared-store.ts');
      await fetchPublished(config);
    }
    await runAsk(wanted, config, { input, output, errors });
  },
});
