import { JOURNAL_HELP, parseJournalArguments, runJournal } from '../src/journal/run-journal.ts';
import { fail, leaveWhenOutputCloses } from '../src/terminal/fail.ts';

leaveWhenOutputCloses(process.stdout);
try {
  const wanted = parseJournalArguments(process.argv.slice(2));
  if (wanted === null) {
    process.stdout.write(JOURNAL_HELP);
  } else {
    const { readConfig } = await import('../src/config.ts');
    const { openJournal } = await import('../src/journal/journal.ts');
    // What was written while the journal was on can be read while it is off.
    const journal = openJournal({ enabled: true, folder: readConfig().journal.folder });
    await runJournal(wanted, journal, process.stdout);
  }
} catch (error) {
  fail(error);
}
