import { runCommandLine } from '../src/terminal/command-line.ts';
import { READ_ARGS, runRead } from '../src/terminal/read.ts';

await runCommandLine({
  name: 'npm run read --',
  description:
    'Shows what the bot reads from files, without a build: title, date, language, meetings, passages with\n' +
    'their lines, and what is left out and why. Exit code 1 only if no file can be read.',
  args: READ_ARGS,
  run: async (args) => {
    const { readConfig } = await import('../src/config.ts');
    await runRead(args, readConfig(), process.stdout);
  },
});
