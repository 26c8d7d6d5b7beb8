import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves when nobody has its output open any more: neither the program nor its worker. */
  readonly allGone: Promise<unknown>;
}

/** In a group of processes of its own, as a terminal or a service manager would start it. */
function start(how: 'end' | 'wait'): Program {
  const program = path.join(import.meta.dirname, 'program.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, how], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output, allGone: once(child, 'close') };
}

async function untilWaiting({ child, output }: Program): Promise<void> {
  while (!output().includes('waiting')) {
    if (child.exitCode !== null) throw new Error(output());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a program that does not close its embedder', () => {
  it('ends by itself when it has nothing else to do, and its worker with it', async () => {
    const program = start('end');
    await program.allGone;
    expect(program.output()).toBe('1 vector\n');
    expect(program.child.exitCode).toBe(0);
  });

  it('leaves no worker behind when it is killed', async () => {
    const program = start('wait');
    await untilWaiting(program);
    program.child.kill('SIGKILL');
    await program.allGone;
    expect(program.child.signalCode).toBe('SIGKILL');
  });

  it.skipIf(process.platform === 'win32')(
    'can still answer after a signal that went to its worker too',
    async () => {
      const program = start('wait');
      await untilWaiting(program);
      process.kill(-(program.child.pid ?? NaN), 'SIGINT');
      await program.allGone;
      expect(program.output()).toBe('waiting\nanswered after the signal: 1\n');
      expect(program.child.exitCode).toBe(0);
    },
  );
});
