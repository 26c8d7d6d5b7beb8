import { execFileSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  scrubbed,
  type FeedbackEntry,
  type JournalEntry,
  type UnansweredEntry,
  JOURNAL_FILE,
  openJournal,
  type Journal,
} from '../../src/journal/journal.ts';
import {
  JOURNAL_ARGS,
  journalArguments,
  latestFeedback,
  runJournal,
} from '../../src/journal/report.ts';
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

function open(options: { enabled?: boolean; folder?: string; days?: number } = {}): Journal {
  return openJournal({ enabled: true, folder, days: 365, ...options });
}

async function all(journal: Journal): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of journal.entries()) entries.push(entry);
  return entries;
}

/** Questions mean the same when they begin with the same letter. */
const vectorsOf = (questions: readonly string[]): Promise<Float32Array[]> =>
  Promise.resolve(
    questions.map((question) => {
      const vector = new Float32Array(128);
      vector[(question.codePointAt(0) ?? 0) % 128] = 1;
      return vector;
    }),
  );

async function printed(args: readonly string[]): Promise<string> {
  const wanted = journalArguments(parseArguments(JOURNAL_ARGS, args));
  let text = '';
  const output = { write: (part: string) => (text += part) };
  await runJournal(wanted, { journal: open(), vectorsOf }, output);
  return text;
}

describe('the journal', () => {
  it('gives back what was recorded, in order, also when many write at once', async () => {
    const journal = open();
    const entries = Array.from({ length: 50 }, (_, n) => unanswered(`question ${n}`));
    await Promise.all(entries.map((entry) => journal.record(entry)));
    expect(await all(journal)).toEqual(entries);
  });

  it('takes entries that come during a write together, and each is told of its own fate', async () => {
    const journal = open();
    const first = journal.record(unanswered('0'));
    const rest = ['1', '2', '3'].map((question) => journal.record(unanswered(question)));
    expect(new Set([first, ...rest]).size).toBeLessThan(4);
    await Promise.all([first, ...rest]);
    await journal.record(unanswered('4'));
    const questions = (await all(journal)).map((entry) => 'question' in entry && entry.question);
    expect(questions).toEqual(['0', '1', '2', '3', '4']);
  });

  it('passes over a torn line, and writes the next on a line of its own', async () => {
    const journal = open();
    await journal.record(unanswered('one'));
    await appendFile(join(folder, JOURNAL_FILE), '{"type":"unans');
    await journal.record(down);
    expect(await all(journal)).toEqual([unanswered('one'), down]);
  });

  it('that is off writes nothing and reads as empty', async () => {
    const journal = open({ enabled: false });
    await journal.record(down);
    expect(await all(journal)).toEqual([]);
    expect(await all(open())).toEqual([]);
  });

  it('holds no mentions, mail addresses and telephone numbers, whoever writes them and wherever', async () => {
    const journal = open();
    const text = 'Did <@123456789012345678> or jo.doe@mail.example call +81 3-1234-5678?';
    const at = new Date().toISOString();
    await journal.record({ ...unanswered(text, at), reason: `No document mentions “${text}”.` });
    await journal.record({ ...down, at, question: text, remark: text });
    const kept = await readFile(join(folder, JOURNAL_FILE), 'utf8');
    expect(kept.match(/Did \[name\] or \[mail\] call \[number\]\?/g)).toHaveLength(4);
    expect(kept).not.toMatch(/1234|doe/);
  });

  it('begins a new file when one is full or old, reads them all in order, and deletes old ones', async () => {
    const journal = open();
    await journal.record(unanswered('old', '2020-01-01T00:00:00.000Z'));
    await journal.record(unanswered('new', new Date().toISOString()));
    await journal.record(unanswered('xxxx '.repeat(840_000), new Date().toISOString()));
    await journal.record(unanswered('last', new Date().toISOString()));
    const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
    expect(files).toHaveLength(4);
    const read = (await all(journal)).map((entry) => 'question' in entry && entry.question);
    expect(read.map((question) => String(question).slice(0, 4))).toEqual([
      ...['old', 'new', 'xxxx', 'last'],
    ]);
    await writeFile(join(folder, 'journal-20200101T000000000Z.jsonl'), '');
    await journal.tidy();
    expect((await readdir(folder)).filter((name) => name.includes('-2020'))).toEqual([]);
    expect(await all(journal)).toHaveLength(4);
  });

  it('names a voter at a message the same each time, without telling who it is', async () => {
    const voter = await open().voterOf('123456789012345678', '1');
    expect(voter).toMatch(/^[\w-]{16}$/);
    expect(await open().voterOf('123456789012345678', '1')).toBe(voter);
    expect(await open().voterOf('123456789012345678', '2')).not.toBe(voter);
    expect(await open().voterOf('123456789012345679', '1')).not.toBe(voter);
  });

  it('makes a key again where it could not be written, and where it is incomplete', async () => {
    const journal = openJournal({ enabled: true, folder: join(folder, 'file', 'in'), days: 365 });
    await writeFile(join(folder, 'file'), '');
    await expect(journal.voterOf('1', '2')).rejects.toThrow('ENOTDIR');
    await expect(all(journal)).rejects.toMatchObject({
      message: `Expected a folder in ${join(folder, 'file', 'in')}, found a file.`,
      hint: expect.stringContaining('JOURNAL_DIR') as string,
    });
    await rm(join(folder, 'file'));
    const voter = await journal.voterOf('1', '2');
    const path = join(folder, 'file', 'in', 'journal.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await truncate(path, 5);
    const other = openJournal({ enabled: true, folder: join(folder, 'file', 'in'), days: 365 });
    expect(await other.voterOf('1', '2')).not.toBe(voter);
    expect((await readFile(path)).byteLength).toBe(32);
  });

  it('counts the last vote of a voter, and none that was taken back', async () => {
    const journal = open();
    await journal.record({ ...down, voter: 'a' });
    await journal.record({ ...down, voter: 'a', vote: 'up' });
    await journal.record({ ...down, voter: 'b' });
    await journal.record({ type: 'taken-back', at: down.at, voter: 'b' });
    await journal.record(down);
    const counted = await latestFeedback(journal.entries());
    expect(counted.map(({ vote }) => vote)).toEqual(['down', 'up']);
  });

  it('says so when it cannot be written, and tells of the problem and of its end once', async () => {
    const blocked = join(folder, 'journal');
    await appendFile(blocked, '');
    const told: unknown[] = [];
    const options = { enabled: true, folder: blocked, days: 365 };
    const journal = openJournal(options, (problem) => told.push(problem?.code ?? null));
    await expect(journal.record(down)).rejects.toMatchObject({ code: 'JOURNAL' });
    await expect(journal.record(down)).rejects.toMatchObject({ code: 'JOURNAL' });
    await rm(blocked);
    await journal.record(down);
    await journal.record(down);
    expect(told).toEqual(['JOURNAL', null]);
    expect(await all(journal)).toHaveLength(2);
  });

  it.skipIf(process.platform === 'win32')(
    'waits for nobody where its file is a named pipe: it cannot be written or read',
    async () => {
      const piped = join(folder, 'piped');
      await mkdir(piped);
      execFileSync('mkfifo', [join(piped, JOURNAL_FILE)]);
      const journal = openJournal({ enabled: true, folder: piped, days: 365 });
      await expect(journal.record(down)).rejects.toMatchObject({ code: 'JOURNAL' });
      await expect(all(journal)).rejects.toMatchObject({ code: 'JOURNAL' });
    },
  );
});

describe('npm run journal', () => {
  it('prints the questions most often unanswered, spellings of case and marks as one', async () => {
    const journal = open();
    for (const question of ['Who is Lavrov?', 'Is it?', 'who is lavrov']) {
      await journal.record(unanswered(question));
    }
    const text = await printed([]);
    expect(text).toMatch(/2 × who is lavrov\n.*“Lavrov”.*\n.*1 × Is it\?/);
    expect(await printed(['--limit', '1'])).toContain('… and 1 more');
    expect(JSON.parse((await printed(['--json'])).split('\n')[0] ?? '')).toMatchObject({
      times: 2,
    });
  });

  it('prints questions that mean the same as one, but not those of other figures', async () => {
    const journal = open();
    for (const question of ['Who is Lavrov?', 'whom does he speak of', 'Who on 7?', 'Who on 9?']) {
      await journal.record(unanswered(question));
    }
    const lines = (await printed(['--json'])).trim().split('\n');
    const groups = lines.map((line) => JSON.parse(line) as { times: number; wordings: string[] });
    expect(groups.map(({ times }) => times)).toEqual([2, 1, 1]);
    expect(groups[0]?.wordings).toHaveLength(1);
  });

  it('marks a question as done in all its wordings, until it is asked again', async () => {
    const journal = open();
    await journal.record(unanswered('Who is Lavrov?'));
    await journal.record(unanswered('who was lavrov'));
    expect(await printed(['--done', 'who is LAVROV'])).toContain('asked 2 times');
    expect(await printed([])).toBe('Nothing yet.\n');
    await expect(printed(['--done', 'Who is Lavrov?'])).rejects.toMatchObject({ code: 'JOURNAL' });
    await journal.record(unanswered('Who is Lavrov?'));
    expect(await printed([])).toContain('1 × Who is Lavrov?');
  });

  it('prints feedback, and that there is nothing yet', async () => {
    expect(await printed(['--feedback'])).toBe('Nothing yet.\n');
    await open().record(down);
    expect(await printed(['--feedback'])).toContain('“the wrong day”');
  });

  it('refuses what it does not understand', async () => {
    for (const args of [
      ['--limit', '0'],
      ['--limit', 'x'],
      ['--nonsense'],
      ['word'],
      ['--done', 'x', '--json'],
    ]) {
      await expect(printed(args)).rejects.toMatchObject({ code: 'USAGE' });
    }
  });
});

it.each([
  [
    'ask <@123456789012345678>, <@!1> and <@&99> in <#42>',
    'ask [name], [name] and [name] in [name]',
  ],
  ['@someone said so', '[name] said so'],
  ['write to jo.doe+x@mail.example.org.', 'write to [mail].'],
  ['call 03-1234-5678 or (212) 555-0123 or 555-0123', 'call [number] or [number] or [number]'],
  ['+49 171 1234567', '[number]'],
  ['06 12 34 56 78', '[number]'],
  ['電話は０３－１２３４－５６７８です', '電話は０３－１２３４－５６７８です'],
  ['電話は ０３-１２３４-５６７８ まで', '電話は [number] まで'],
])('takes out what tells who somebody is: %s', (text, clean) => {
  expect(scrubbed(text)).toBe(clean);
});

it.each([
  'from 2024-01-05 to 2024-01-18',
  'on 12/01/2024 at 13:45',
  'between 2023-2024 and 2030',
  '37 000 000 or 1.000.000.000 euros',
  'resolution 2722, 45 minutes, 27 states',
  'a price @ 5',
])('leaves dates, amounts and other figures: %s', (text) => {
  expect(scrubbed(text)).toBe(text);
});
