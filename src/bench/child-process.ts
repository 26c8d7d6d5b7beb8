import { spawn } from 'node:child_process';
import type { Stream } from 'node:stream';
import { PROJECT_FOLDER } from '../config.ts';

/** What a child process said and cost. Milliseconds from its start. */
export interface ChildRun {
  readonly output: string;
  readonly firstOutputMs: number;
  readonly exitMs: number;
  /** Processor time of all its threads. */
  readonly cpuMs: number;
}

export interface ChildOptions {
  /** Script and its arguments; the script's path is relative to the project's folder. */
  readonly command: readonly [script: string, ...args: string[]];
  /** Settings over those of this process. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** Where a child writes its processor time when it leaves: the descriptor after standard error. */
const USAGE_DESCRIPTOR = 3;
const REPORT_USAGE = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => writeSync(${USAGE_DESCRIPTOR}, JSON.stringify(process.cpuUsage())));`,
)}`;

/** Runs a TypeScript file as the npm scripts do. @throws Error with its messages when it fails */
export async function runChild({
  command,
  settings = {},
  nodeOptions = [],
}: ChildOptions): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--import', REPORT_USAGE, '--import', 'tsx', ...command],
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
  const { user, system } = JSON.parse(used()) as NodeJS.CpuUsage;
  return { output: output(), firstOutputMs, exitMs, cpuMs: (user + system) / 1000 };
}

function collect(stream: Stream | null | undefined, onData?: () => void): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => {
    onData?.();
    chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
