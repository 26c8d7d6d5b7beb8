import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  JOURNAL_FILE,
  openJournal,
  type FeedbackEntry,
  type UnansweredEntry,
} from '../../src/journal/journal.ts';
import { JOURNAL_ARGS, journalArguments, runJournal } from '../../src/journal/run-journal.ts';
import { parseArguments } from '../../src/terminal/command-line.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-journal-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function unanswered(question: string, at = '2026-01-01T00:00:00.000Z'): UnansweredEntry {
  return {
    type: 'unanswered',
    at,
    question,
    meeting: null,
    verdict: 'weak',
    reason: 'No document mentions “Lavrov”.',
    generation: 'g',
  };
}

const down: FeedbackEntry = {
  type: 'feedback',
  at: '2026-01-02T00:00:00.000Z',
  question: 'When?',
  meeting: null,
  verdict: 'answered',
  reason: null,
  vote: 'down',
  remark: 'the wrong day',
};

async function printed(args: readonly string[]): Promise<string> {
  const wanted = journalArguments(parseArguments(JOURNAL_ARGS, args));
  let text = '';
  const output = { write: (part: string) => (text += part) };
  await runJournal(wanted, openJournal({ enabled: true, folder }), output);
  return text;
}

describe('the journal', () => {
  it('gives back what was recorded, in order, also when many write at once', async () => {
    const journal = openJournal({ enabled: true, folder });
    const entries = Array.from({ length: 50 }, (_, n) => unanswered(`question ${n}`));
    await Promise.all(entries.map((entry) => journal.record(entry)));
    expect(await journal.read()).toEqual(entries);
  });

  it('takes entries that come during a write together, and each is told of its own fate', async () => {
    const journal = openJournal({ enabled: true, folder });
    const first = journal.record(unanswered('0'));
    const rest = ['1', '2', '3'].map((question) => journal.record(unanswered(question)));
    expect(new Set([first, ...rest]).size).toBeLessThan(4);
    await Promise.all([first, ...rest]);
    await journal.record(unanswered('4'));
    const questions = (await journal.read()).map(({ question }) => question);
    expect(questions).toEqual(['0', '1', '2', '3', '4']);
  });

  it('passes over a torn line, and writes the next on a line of its own', async () => {
    const journal = openJournal({ enabled: true, folder });
    await journal.record(unanswered('one'));
    await appendFile(join(folder, JOURNAL_FILE), '{"type":"unans');
    await journal.record(down);
    expect(await journal.read()).toEqual([unanswered('one'), down]);
  });

  it('that is off writes nothing and reads as empty', async () => {
    const journal = openJournal({ enabled: false, folder });
    await journal.record(down);
    expect(await journal.read()).toEqual([]);
    expect(await openJournal({ enabled: true, folder }).read()).toEqual([]);
  });

  it('says so when it cannot be written', async () => {
    await appendFile(join(folder, 'file'), '');
    const journal = openJournal({ enabled: true, folder: join(folder, 'file') });
    await expect(journal.record(down)).rejects.toMatchObject({ code: 'JOURNAL' });
  });
});

describe('npm run journal', () => {
  it('prints the questions most often unanswered, spellings of case and marks as one', async () => {
    const journal = openJournal({ enabled: true, folder });
    for (const question of ['Who is Lavrov?', 'Why?', 'who is lavrov']) {
      await journal.record(unanswered(question));
    }
    const text = await printed([]);
    expect(text).toMatch(/2 × who is lavrov\n.*“Lavrov”.*\n.*1 × Why\?/);
    expect(await printed(['--limit', '1'])).toContain('… and 1 more');
    expect(JSON.parse((await printed(['--json'])).split('\n')[0] ?? '')).toMatchObject({
      times: 2,
    });
  });

  it('prints feedback, and that there is nothing yet', async () => {
    expect(await printed(['--feedback'])).toBe('Nothing yet.\n');
    await openJournal({ enabled: true, folder }).record(down);
    expect(await printed(['--feedback'])).toContain('“the wrong day”');
  });

  it('refuses what it does not understand', async () => {
    for (const args of [['--limit', '0'], ['--limit', 'x'], ['--nonsense'], ['word']]) {
      await expect(printed(args)).rejects.toMatchObject({ code: 'USAGE' });
    }
  });
});
