/** What is measured: time, memory, and the machine. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Stream } from 'node:stream';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { messageOf } from '../../src/errors.ts';
import type { PartResults } from './part.ts';
import { percentile } from '../evaluation/metrics.ts';

/** Median and 99th percentile, in milliseconds unless the name says otherwise. */
export interface Spread {
  readonly median: number;
  readonly p99: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 0.5), p99: percentile(values, 0.99) };
}

/** Wall time, and processor time of all threads of this process and of those that it started. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export function costsOf({ wallMs, cpuMs }: Cost): Cost {
  return { wallMs, cpuMs };
}

export async function costOf<Result>(
  work: () => Result | Promise<Result>,
): Promise<Cost & { readonly result: Result }> {
  const cpu = cpuMsSoFar();
  const started = performance.now();
  const result = await work();
  const wallMs = performance.now() - started;
  return { result, wallMs, cpuMs: cpuMsSoFar() - cpu };
}

export function cpuMsSoFar(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + usageOfChildren().cpuMs;
}

/** After a collection, where the process was started so that it can ask for one. */
export function residentMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
}

/** What the processes that this one has started, the encoder's among them, have used so far. */
export interface ChildUsage {
  /** Processor time of all their threads, of those that have ended too. */
  readonly cpuMs: number;
  readonly residentMiB: number;
  /** The sum of what each of them used at most. */
  readonly peakMiB: number;
}

/** Linux counts processor time for programs in hundredths of a second, whatever it counts in itself. */
const MS_A_TICK = 10;

/** Read from /proc; where there is none, every figure is 0. */
export function usageOfChildren(): ChildUsage {
  if (process.platform !== 'linux') return { cpuMs: 0, residentMiB: 0, peakMiB: 0 };
  const own = statOf('self');
  let cpuMs = own?.ofEndedMs ?? 0;
  let residentMiB = 0;
  let peakMiB = 0;
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? statOf(name) : null;
    if (child?.parent !== process.pid) continue;
    cpuMs += child.ownMs + child.ofEndedMs;
    const status = read(name, 'status') ?? '';
    residentMiB += memoryIn(status, 'VmRSS');
    peakMiB += memoryIn(status, 'VmHWM');
  }
  return { cpuMs, residentMiB, peakMiB };
}

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly ofEndedMs: number;
}

/** Fields by their places in proc(5), after the name, which may hold anything. */
function statOf(pid: string): Stat | null {
  const stat = read(pid, 'stat');
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (at: number): number => Number(fields[at] ?? 0) * MS_A_TICK;
  return {
    parent: Number(fields[1]),
    ownMs: ticks(11) + ticks(12),
    ofEndedMs: ticks(13) + ticks(14),
  };
}

function memoryIn(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

/** Null for a process that has just ended. */
function read(pid: string, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return null;
  }
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
  /** Processes that wanted a core, on average over the last minute: above `cores`, wall times are too long. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    load: loadavg()[0] ?? NaN,
  };
}

/** What a child process said and cost. Milliseconds from its start. */
export interface ChildRun {
  readonly output: string;
  readonly firstOutputMs: number;
  readonly exitMs: number;
  /** Processor time of all its threads and of the processes that it started. */
  readonly cpuMs: number;
}

export interface ChildOptions {
  /** Script and its arguments; the script's path is relative to the project's folder. */
  readonly command: readonly [script: string, ...args: string[]];
  /** Settings over those of this process. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** It is ended after so long. */
  readonly timeoutMs?: number;
}

/** Runs a script as the npm scripts do, one at a time. @throws Error with its messages when it fails */
export async function runChild({
  command,
  settings = {},
  nodeOptions = [],
  timeoutMs,
}: ChildOptions): Promise<ChildRun> {
  const before = usageOfChildren().cpuMs;
  const started = performance.now();
  const loader = command[0].endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...nodeOptions, ...loader, ...command], {
    cwd: PROJECT_FOLDER,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  const [, stdout, stderr] = child.stdio;
  let firstOutputMs = NaN;
  const output = collect(stdout, () => {
    if (Number.isNaN(firstOutputMs)) firstOutputMs = performance.now() - started;
  });
  const errors = collect(stderr);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const exitMs = performance.now() - started;
  if (code !== 0) throw new Error(`${command.join(' ')} failed (${code}):\n${errors()}`);
  return { output: output(), firstOutputMs, exitMs, cpuMs: usageOfChildren().cpuMs - before };
}

function collect(stream: Stream | null | undefined, onData?: () => void): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => {
    onData?.();
    chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Measures one thing in a process of its own (see part.ts). */
export async function runPart<Name extends keyof PartResults>(
  name: Name,
  options: object,
  settings: Readonly<Record<string, string>>,
  timeoutMs?: number,
): Promise<PartResults[Name]> {
  const { output } = await runChild({
    command: ['tools/bench/part.ts', name, JSON.stringify(options)],
    settings,
    nodeOptions: ['--expose-gc', '--max-old-space-size=8192'],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return JSON.parse(output) as PartResults[Name];
}

/** A part gets no more than this, so that one slow engine leaves time for the others. */
const MOST_MS = 300_000;

/** Null when a part did not end in time or failed. */
export async function runUntil<Name extends keyof PartResults>(
  end: number,
  name: Name,
  options: object,
  settings: Readonly<Record<string, string>>,
): Promise<PartResults[Name] | null> {
  const timeoutMs = Math.round(Math.min(end - performance.now(), MOST_MS));
  if (timeoutMs < 1000) return null;
  try {
    return await runPart(name, options, settings, timeoutMs);
  } catch (error) {
    process.stderr.write(`${messageOf(error).slice(0, 500)}\n`);
    return null;
  }
}
