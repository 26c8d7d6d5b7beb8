import { JOURNAL_ARGS, journalArguments, runJournal } from '../src/journal/report.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run journal --',
  description:
    'Prints the questions that most often had no clear answer; they show which documents to add.\n' +
    'The journal is in JOURNAL_DIR, or in the database of DATABASE_URL.',
  args: JOURNAL_ARGS,
  run: async (args) => {
    const wanted = journalArguments(args);
    const { readConfig } = await import('../src/config.ts');
    const { openJournal } = await import('../src/journal/journal.ts');
    const { openEmbedder } = await import('../src/embedding/open-embedder.ts');
    const { journal, embedding, ...config } = readConfig();
    const vectorsOf = async (questions: readonly string[]): Promise<Float32Array[]> => {
      const embedder = await openEmbedder(embedding);
      try {
        return await embedder.embedQuestions(questions);
      } finally {
        await embedder.close();
      }
    };
    const { openSharedStore } = await import('../src/database/shared-store.ts');
    const store = await openSharedStore({ ...config, journal });
    // Entries written while the journal was on can be read while it is off.
    const opened = store?.journal ?? openJournal({ ...journal, enabled: true });
    try {
      await runJournal(wanted, { journal: opened, vectorsOf }, process.stdout);
    } finally {
      await store?.close();
    }
  },
});
