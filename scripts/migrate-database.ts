import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run db:migrate --',
  description:
    'Creates the tables in the database of DATABASE_URL, or updates them to this version.\n' +
    'The database needs pgvector. Run it once before the bots start, and after each update.',
  args: {},
  run: async () => {
    const { readConfig } = await import('../src/config.ts');
    const { databaseUrl } = readConfig();
    if (databaseUrl === null) {
      const { DragomanError } = await import('../src/errors.ts');
      throw new DragomanError('CONFIG', 'DATABASE_URL is not set.', {
        hint: 'Set it, for example to postgres://user:password@host/database.',
      });
    }
    const { migrate } = await import('../src/database/database.ts');
    const done = await migrate(databaseUrl);
    process.stdout.write(done.length === 0 ? 'Nothing to do.\n' : `Done: ${done.join(', ')}\n`);
  },
});
