import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run db:migrate --',
  description:
    'Makes the tables in the database of DATABASE_URL, or brings them to the form that this version uses.\n' +
    'The database needs pgvector. Run it once before the bots start, and after each update.',
  args: {},
  run: async () => {
    const { readConfig } = await import('../src/config.ts');
    const { databaseUrl } = readConfig();
    if (databaseUrl === null) {
      const { DragomanError } = await import('../src/errors.ts');
      throw new DragomanError('CONFIG', 'DATABASE_URL is not set.', {
        hint: 'Set it to an address such as postgres://user:password@host/database.',
      });
    }
    const { migrate } = await import('../src/database/database.ts');
    const done = await migrate(databaseUrl);
    process.stdout.write(done.length === 0 ? 'Nothing to do.\n' : `Done: ${done.join(', ')}\n`);
  },
});
