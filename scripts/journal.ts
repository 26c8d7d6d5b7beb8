import { JOURNAL_ARGS, journalArguments, runJournal } from '../src/journal/run-journal.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run journal --',
  description:
    'Prints the questions most often left without a clear answer: they show which documents to add.\n' +
    'The journal is journal.jsonl in JOURNAL_DIR.',
  args: JOURNAL_ARGS,
  run: async (args) => {
    const wanted = journalArguments(args);
    const { readConfig } = await import('../src/config.ts');
    const { openJournal } = await import('../src/journal/journal.ts');
    // What was written while the journal was on can be read while it is off.
    const journal = openJournal({ enabled: true, folder: readConfig().journal.folder });
    await runJournal(wanted, journal, process.stdout);
  },
});
