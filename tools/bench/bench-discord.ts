import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { DragomanError } from '../../src/errors.ts';
import { percentile } from '../evaluation/metrics.ts';
import { smallTalkOf } from '../../src/language/answer-kinds.ts';
import { runCommandLine, wholeNumber } from '../../src/terminal/command-line.ts';
import { LocalDiscord } from '../local-discord/local-discord.ts';
import type { BotReport } from './bench-discord-bot.ts';
import { describeMachine } from './measure.ts';

const LEVELS = [1, 10, 50, 200];
const SOAK_LEVEL = 50;
const POPULAR = 100;

/** Said around a question, so that few questions make many: read over by the bot, as by people. */
const OPENINGS = ['', 'Hello!', 'Please:', 'I wonder:', 'Quick question:', 'One more:', 'Thanks.'];
const CLOSINGS = ['', 'Thank you!', 'Any idea?', 'Just curious.', 'I forgot.', 'For a friend.'];

const BOT_ENDED = new DragomanError('DISCORD', 'The bot did not start; it said why above.');

interface Outcome {
  readonly ackMs: number;
  readonly answerMs: number;
}

interface Level {
  readonly outcomes: Outcome[];
  lost: number;
}

interface Flags {
  readonly write: boolean;
  readonly count: number;
  readonly soakMinutes: number | null;
}

/** The `n`th question of a stream in which none comes twice for a long time. */
type Stream = (n: number) => string;

async function readQuestions(): Promise<Stream> {
  const lines = await readFile(join(PROJECT_FOLDER, 'test/eval/development.jsonl'), 'utf8');
  const questions = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { question: string }).question)
    // Answered with a sentence, by which a question that was refused is known.
    .filter((question) => smallTalkOf(question) === null);
  const variants = OPENINGS.flatMap((opening) =>
    CLOSINGS.map((closing) => (question: string) => `${opening} ${question} ${closing}`.trim()),
  );
  return (n) => {
    const round = Math.floor(n / questions.length);
    const question = questions[n % questions.length] ?? '';
    const varied = variants[round % variants.length]?.(question) ?? question;
    const again = Math.floor(round / variants.length);
    return again === 0 ? varied : `${varied} (${again})`;
  };
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
  { atOnce, next }: { atOnce: number; next: () => string | null },
): Promise<Level> {
  const guilds = [...discord.world.guilds.values()];
  const level: Level = { outcomes: [], lost: 0 };
  let turn = 0;
  const worker = async (): Promise<void> => {
    for (let question = next(); question !== null; question = next()) {
      const guild = guilds[turn++ % guilds.length] ?? discord.home;
      try {
        const call = { name: 'ask', options: { question }, user: discord.user(), guild };
        const { ackMs, finalMs, message } = await discord.command(call);
        // A bare sentence is a refusal or tells of a failure.
        if (ackMs === null || finalMs === null || message.content !== '') level.lost += 1;
        else level.outcomes.push({ ackMs, answerMs: finalMs });
      } catch {
        level.lost += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return level;
}

/** Pictures of the tour that are asked for at once, each of another day, before any was drawn. */
const COLD_TOURS = 12;

/** Asks for pictures that were never drawn; the outcomes when all are there. `onDrawn` is called then. */
async function coldTours(discord: LocalDiscord, onDrawn: () => void): Promise<Level> {
  const typing = { name: 'tour', focused: 'day', options: { day: '' } };
  const { choices } = await discord.autocomplete(typing);
  const level: Level = { outcomes: [], lost: 0 };
  const tours = choices.slice(0, COLD_TOURS).map(async ({ value }) => {
    const call = {
      name: 'tour',
      options: { day: typeof value === 'string' ? value : '' },
      user: discord.user(),
    };
    const { ackMs, finalMs } = await discord
      .sendCommand(call)
      .until(({ files }) => files.length > 0);
    if (ackMs === null || finalMs === null) level.lost += 1;
    else level.outcomes.push({ ackMs, answerMs: finalMs });
  });
  await Promise.all(tours).finally(onDrawn);
  return level;
}

const COLUMNS = [
  ['ack p50', 'ms until the acknowledgement, median'],
  ['ack p99', 'the same, 99th percentile'],
  ['ans p50', 'ms until the whole answer is there, median'],
  ['ans p99', 'the same, 99th percentile'],
  ['ans/s', 'answers a second'],
  [
    'cpu ms',
    'processor time of the bot and its encoder for an answer, which other work on the machine hardly changes',
  ],
  ['lag p99', "ms that the bot's event loop was late, 99th percentile"],
  ['rss MB', "the bot's resident memory afterwards, without the encoder's process"],
  ['enc MB', "resident memory of the encoder's process"],
  ['heap MB', 'its JavaScript heap after a full collection'],
  ['lost', 'interactions without an answer'],
] as const;

interface Row {
  readonly name: string;
  readonly figures: readonly string[];
}

function rowOf(name: string, level: Level, { seconds, bot }: { seconds: number; bot: BotReport }) {
  const acks = level.outcomes.map(({ ackMs }) => ackMs);
  const answers = level.outcomes.map(({ answerMs }) => answerMs);
  const figures = [
    percentile(acks, 0.5),
    percentile(acks, 0.99),
    percentile(answers, 0.5),
    percentile(answers, 0.99),
    level.outcomes.length / seconds,
    bot.cpuMs / level.outcomes.length,
    bot.delayP99Ms,
    bot.rssMb,
    bot.encoderMb,
    bot.heapMb,
    level.lost,
  ].map((figure) => figure.toFixed(0));
  return { name, figures };
}

function lineOf(name: string, cells: readonly string[]): string {
  return `${name.padStart(12)}${cells.map((cell) => cell.padStart(8)).join('')}\n`;
}

const DOCUMENT = join(PROJECT_FOLDER, 'docs/BENCHMARKS-DISCORD.md');

function documentOf(rows: readonly Row[], asked: number): string {
  const names = COLUMNS.map(([name]) => name);
  const { processor, cores, memoryGiB, node, platform, load } = describeMachine();
  return [
    '# The bot under load',
    '',
    'Written by `npm run bench:discord -- --write`.',
    '',
    `${new Date().toISOString().slice(0, 10)}. ${processor}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${platform}; at the end`,
    `${load.toFixed(1)} processes wanted the ${cores} cores, the two of this benchmark among them.`,
    '',
    `${asked} times \`/ask\`, each by another user, through the local Discord of the tests (REST and gateway on 127.0.0.1,`,
    'in a process of its own that takes its share of the processor).',
    'No two questions are the same, but at the level “repeated”, where everybody asks one of a hundred that were asked before.',
    `“${COLD_TOURS} tours” are as many \`/tour\` at once whose pictures were never drawn, “during tours” the questions that one user after`,
    'the other asks meanwhile; its acknowledgements are to be compared with those of the level 1.',
    '',
    `| at once | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---:').join('|')}|`,
    ...rows.map(({ name, figures }) => `| ${name} | ${figures.join(' | ')} |`),
    '',
    ...COLUMNS.map(([name, meaning]) => `- ${name}: ${meaning}`),
    '',
  ].join('\n');
}

async function bench({ count, soakMinutes, write }: Flags): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-bench-'));
  const discord = await LocalDiscord.start({ keep: 500 });
  for (let n = 0; n < 100; n++) discord.guild();
  const bot = fork(fileURLToPath(new URL('bench-discord-bot.ts', import.meta.url)), {
    // The heap is measured after a collection.
    execArgv: [...process.execArgv, '--expose-gc'],
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
  const exit = once(bot, 'exit');
  let lost = 0;
  try {
    await Promise.race([once(bot, 'message'), exit.then(() => Promise.reject(BOT_ENDED))]);
    const distinct = await readQuestions();
    const popular: Stream = (n) => distinct(n % POPULAR);
    let asked = 0;
    const rows: Row[] = [];
    const run = async (
      name: string,
      atOnce: number,
      { goesOn, questions = distinct }: { goesOn: (n: number) => boolean; questions?: Stream },
    ): Promise<void> => {
      const start = performance.now();
      let taken = 0;
      const next = (): string | null => (goesOn(taken++) ? questions(asked++) : null);
      const level = await drive(discord, { atOnce, next });
      const seconds = (performance.now() - start) / 1000;
      const row = rowOf(name, level, { seconds, bot: await report(bot) });
      process.stdout.write(lineOf(row.name, row.figures));
      rows.push(row);
      lost += level.lost;
    };
    process.stdout.write(
      lineOf(
        'at once',
        COLUMNS.map(([name]) => name),
      ),
    );
    await run('10, warm-up', 10, { goesOn: (n) => n < 500 });
    if (soakMinutes === null) {
      let isDrawing = true;
      const start = performance.now();
      const drawn = coldTours(discord, () => (isDrawing = false));
      await run('during tours', 1, { goesOn: () => isDrawing });
      const tours = await drawn;
      const seconds = (performance.now() - start) / 1000;
      const row = rowOf(`${COLD_TOURS} tours`, tours, { seconds, bot: await report(bot) });
      process.stdout.write(lineOf(row.name, row.figures));
      rows.push(row);
      lost += tours.lost;
      for (const atOnce of LEVELS) {
        const most = atOnce === 1 ? count / 10 : count;
        await run(String(atOnce), atOnce, { goesOn: (n) => n < most });
      }
      // What is measured is a question that was asked before, not the first time.
      let again = 0;
      await drive(discord, {
        atOnce: 10,
        next: () => (again < POPULAR ? popular(again++) : null),
      });
      await report(bot);
      await run('50, repeated', 50, { goesOn: (n) => n < count, questions: popular });
    } else {
      for (let minute = 1; minute <= soakMinutes; minute++) {
        const end = performance.now() + 60_000;
        await run(`minute ${minute}`, SOAK_LEVEL, { goesOn: () => performance.now() < end });
      }
    }
    if (write) await writeFile(DOCUMENT, documentOf(rows, asked));
  } finally {
    bot.kill('SIGTERM');
    await exit;
    await discord.stop();
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(lost === 0 ? 'None lost.\n' : `${lost} lost.\n`);
  return lost;
}

await runCommandLine({
  name: 'npm run bench:discord --',
  description:
    'Drives the bot, in a process of its own, through a local Discord: interactions at 1, 10, 50 and 200 at once,\n' +
    'and while twelve pictures of the tour are drawn.\n' +
    "Prints acknowledgement and answer times, answers a second, the bot's event-loop delay and its memory.\n" +
    'No two questions are the same, except at the last level, where everybody asks one of a hundred asked before.\n' +
    'A lost interaction is a failure (exit code 1).',
  args: {
    count: {
      type: 'string',
      valueHint: 'number',
      description: 'Interactions at each level',
      default: '2000',
    },
    write: { type: 'boolean', description: 'Keep the figures in docs/BENCHMARKS-DISCORD.md' },
    soak: {
      type: 'string',
      valueHint: 'minutes',
      description: 'One level of 50 at once for this long, with a line a minute',
    },
  },
  outputIsOptional: true,
  run: async ({ write = false, count, soak }) => {
    const lost = await bench({
      write,
      count: wholeNumber('--count', count, { from: 1 }),
      soakMinutes: soak === undefined ? null : wholeNumber('--soak', soak, { from: 1 }),
    });
    if (lost > 0) process.exitCode = 1;
  },
});
