import { spawn } from 'node:child_process';
import type { Stream } from 'node:stream';
import { PROJECT_FOLDER } from '../../src/config.ts';

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
}

const REPORT_USAGE = new URL('report-usage.ts', import.meta.url).href;

/** Runs a TypeScript file as the npm scripts do. @throws Error with its messages when it fails */
export async function runChild({
  command,
  settings = {},
  nodeOptions = [],
}: ChildOptions): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--import', 'tsx', '--import', REPORT_USAGE, ...command],
    {
      cwd: PROJECT_FOLDER,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  const [, stdout, stderr, usage] = child.stdio;
  let firstOutputMs = NaN;
  const output = collect(stdout, () => {
    if (Number.isNaN(firstOutputMs)) firstOutputMs = performance.now() - started;
  });
  const errors = collect(stderr);
  const used = collect(usage);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const exitMs = performance.now() - started;
  if (code !== 0) throw new Error(`${command.join(' ')} failed (${code}):\n${errors()}`);
  return { output: output(), firstOutputMs, exitMs, cpuMs: Number(used()) };
}

function collect(stream: Stream | null | undefined, onData?: () => void): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => {
    onData?.();
    chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
