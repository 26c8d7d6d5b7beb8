import { runCommandLine } from '../src/terminal/command-line.ts';
import { FETCH_ARGS, runFetch } from '../src/terminal/corpus.ts';

await runCommandLine({
  name: 'npm run corpus:fetch --',
  description:
    'Downloads the pages of sources.yaml into CORPUS_DIR/originals. robots.txt is obeyed, and each host gets one\n' +
    'request a second. The next build quotes the pages word for word. Exit code 1 only if no page could be fetched.',
  args: FETCH_ARGS,
  outputIsOptional: true,
  run: async (args, rawArgs) => {
    const { readConfig } = await import('../src/config.ts');
    await runFetch(args, rawArgs, readConfig(), {
      output: process.stdout,
      errors: process.stderr,
    });
  },
});
