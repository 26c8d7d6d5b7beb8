import { parseArgs } from 'node:util';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROJECT_FOLDER } from '../src/config.ts';
import { DragomanError } from '../src/errors.ts';
import { fail } from '../src/terminal/fail.ts';
import { LocalDiscord } from '../test/support/discord/local-discord.ts';
import type { BotReport } from './bench-discord-bot.ts';

const HELP = `Usage: npm run bench:discord -- [options]

Drives the bot, in a process of its own, through a local Discord: interactions at 1, 10, 50 and 200 at once.
Prints acknowledgement and answer times, answers a second, the bot's event-loop delay and its memory.

  --count NUMBER    interactions at each level (2000 unless told)
  --soak MINUTES    one level of 50 at once for so long, with a line a minute
  --help            print this text

Exit codes: 0 done, 1 an interaction was lost, 2 wrong usage.
`;

const LEVELS = [1, 10, 50, 200];
const SOAK_LEVEL = 50;

interface Outcome {
  readonly ackMs: number;
  readonly answerMs: number;
}

interface Level {
  readonly outcomes: Outcome[];
  lost: number;
}

function usage(message: string): DragomanError {
  return new DragomanError('USAGE', message, { hint: 'See `npm run bench:discord -- --help`.' });
}

function parseFlags(): { help: boolean; count: number; soakMinutes: number | null } {
  const text = { type: 'string' } as const;
  const number = (value: string, name: string): number => {
    const parsed = Number(value);
    if (!(parsed > 0)) throw usage(`Expected a number above 0 after ${name}, got "${value}".`);
    return parsed;
  };
  try {
    const { values } = parseArgs({
      options: { help: { type: 'boolean', default: false }, count: text, soak: text },
    });
    return {
      help: values.help,
      count: number(values.count ?? '2000', '--count'),
      soakMinutes: values.soak === undefined ? null : number(values.soak, '--soak'),
    };
  } catch (error) {
    if (error instanceof DragomanError) throw error;
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** Questions that differ from each other, so that none is answered from the last answers. */
async function readQuestions(): Promise<string[]> {
  const lines = await readFile(join(PROJECT_FOLDER, 'test/eval/development.jsonl'), 'utf8');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { question: string }).question);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

async function report(bot: ChildProcess): Promise<BotReport> {
  const answered = once(bot, 'message') as Promise<[BotReport]>;
  bot.send('report');
  const [message] = await answered;
  return message;
}

/** Asks until told to stop, `atOnce` at a time; everybody is another user, in one of a hundred servers. */
async function drive(
  discord: LocalDiscord,
  questions: readonly string[],
  { atOnce, next }: { atOnce: number; next: () => number | null },
): Promise<Level> {
  const guilds = [...discord.world.guilds.values()];
  const level: Level = { outcomes: [], lost: 0 };
  const worker = async (): Promise<void> => {
    for (let n = next(); n !== null; n = next()) {
      const question = `${questions[n % questions.length] ?? ''} (${n})`;
      const guild = guilds[n % guilds.length] ?? discord.home;
      try {
        const call = { name: 'ask', options: { question }, user: discord.user(), guild };
        const { ackMs, finalMs, messageOrNull } = await discord.command(call);
        if (ackMs === null || finalMs === null || messageOrNull === null) level.lost += 1;
        else level.outcomes.push({ ackMs, answerMs: finalMs });
      } catch {
        level.lost += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return level;
}

function line(name: string, level: Level, { seconds, bot }: { seconds: number; bot: BotReport }) {
  const acks = level.outcomes.map(({ ackMs }) => ackMs);
  const answers = level.outcomes.map(({ answerMs }) => answerMs);
  const figures = [
    percentile(acks, 0.5),
    percentile(acks, 0.99),
    percentile(answers, 0.5),
    percentile(answers, 0.99),
    level.outcomes.length / seconds,
    bot.delayP99Ms,
    bot.rssMb,
    bot.heapMb,
  ].map((figure) => figure.toFixed(0).padStart(8));
  return `${name.padStart(8)}${figures.join('')}${String(level.lost).padStart(8)}\n`;
}

const HEADING =
  [
    'at once',
    'ack p50',
    'ack p99',
    'ans p50',
    'ans p99',
    'ans/s',
    'lag p99',
    'rss MB',
    'heap MB',
    'lost',
  ]
    .map((word) => word.padStart(8))
    .join('') + '\n';

async function bench(count: number, soakMinutes: number | null): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-bench-'));
  const discord = await LocalDiscord.start({ keep: 500 });
  for (let n = 0; n < 100; n++) discord.guild();
  const bot = fork(fileURLToPath(new URL('bench-discord-bot.ts', import.meta.url)), {
    env: {
      ...process.env,
      INDEX_DIR: join(folder, 'index'),
      JOURNAL_DIR: join(folder, 'data'),
      DISCORD_TOKEN: discord.token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_API_URL: discord.apiUrl,
      RATE_LIMIT_SERVER: '1000000',
    },
  });
  let lost = 0;
  try {
    await once(bot, 'message');
    const questions = await readQuestions();
    let asked = 0;
    const run = async (name: string, atOnce: number, goesOn: (n: number) => boolean) => {
      const start = performance.now();
      let taken = 0;
      const next = (): number | null => (goesOn(taken++) ? asked++ : null);
      const level = await drive(discord, questions, { atOnce, next });
      const seconds = (performance.now() - start) / 1000;
      process.stdout.write(line(name, level, { seconds, bot: await report(bot) }));
      lost += level.lost;
    };
    process.stdout.write(HEADING);
    await run('warm-up', 10, (n) => n < 200);
    if (soakMinutes === null) {
      for (const atOnce of LEVELS) {
        await run(String(atOnce), atOnce, (n) => n < (atOnce === 1 ? count / 10 : count));
      }
    } else {
      for (let minute = 1; minute <= soakMinutes; minute++) {
        const end = performance.now() + 60_000;
        await run(`min ${minute}`, SOAK_LEVEL, () => performance.now() < end);
      }
    }
  } finally {
    bot.kill('SIGTERM');
    await once(bot, 'exit');
    await discord.stop();
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(lost === 0 ? 'None lost.\n' : `${lost} lost.\n`);
  return lost;
}

try {
  const { help, count, soakMinutes } = parseFlags();
  if (help) process.stdout.write(HELP);
  else process.exitCode = (await bench(count, soakMinutes)) === 0 ? 0 : 1;
} catch (error) {
  fail(error);
}
