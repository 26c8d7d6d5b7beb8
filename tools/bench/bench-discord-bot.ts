import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { startBot } from '../../src/discord/run.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { openEngine } from '../../src/engine.ts';
import { buildIndex } from '../../src/index/build.ts';
import { createLog } from '../../src/monitor.ts';
import { cpuMsSoFar, usageOfChildren } from './measure.ts';

/** What the bot's process says of itself, since the last report. */
export interface BotReport {
  readonly delayP99Ms: number;
  /** Of all threads, and of the encoder's process. */
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Resident memory of the encoder's process. */
  readonly encoderMb: number;
  readonly heapMb: number;
}

/** The bot of the benchmark: a child of `bench-discord.ts`. */
const config = readConfig();
const { discord, corpusFolder, indexFolder } = config;
if (discord === null) throw new Error('Expected a token: run `npm run bench:discord`.');
const embedder = await openEmbedder(config.embedding);
await buildIndex({ corpusFolder, indexFolder, embedder });
const engine = await openEngine({ indexFolder, embedder });
const log = createLog({ level: 'warn', secrets: [discord.token] });
const bot = await startBot({ engine, store: null, config: { ...config, discord }, log });

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let used = cpuMsSoFar();
const megabytes = (bytes: number): number => bytes / 2 ** 20;

/** What is held weakly goes with the second or third collection. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    global.gc?.();
    await sleep(100);
  }
}

async function reportTo(send: (report: BotReport) => void): Promise<void> {
  const cpuMs = cpuMsSoFar() - used;
  const delayP99Ms = delay.percentile(99) / 1e6;
  await collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const report: BotReport = {
    delayP99Ms,
    cpuMs,
    rssMb: megabytes(rss),
    encoderMb: usageOfChildren().residentMiB,
    heapMb: megabytes(heapUsed),
  };
  delay.reset();
  used = cpuMsSoFar();
  send(report);
}

process.on('message', () => {
  void reportTo((report) => process.send?.(report));
});
process.once('SIGTERM', () => {
  void bot.stop().then(() => process.exit(0));
});
// The benchmark is gone: nobody will tell this process to stop.
process.once('disconnect', () => process.exit(1));
process.send?.('ready');
