import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';

import { describe, expect, it } from 'vitest';

import { fromSentError, toSentError, type SentError } from '../../src/embedding/open-embedder.ts';
import { DragomanError } from '../../src/errors.ts';

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

/** As between two processes. */
function sent(error: unknown): Error {
  return fromSentError(deserialize(serialize(toSentError(error))) as SentError);
}

describe('an error sent from the worker', () => {
  it('arrives as a DragomanError with code, message, hint, stack and cause', () => {
    const cause = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    const error = new DragomanError('MODEL_UNREACHABLE', 'No hub.', { hint: 'Connect.', cause });
    const arrived = sent(error);
    expect(arrived).toBeInstanceOf(DragomanError);
    expect(arrived).toMatchObject({
      code: 'MODEL_UNREACHABLE',
      message: 'No hub.',
      hint: 'Connect.',
      stack: error.stack,
      cause: { message: 'fetch failed', cause: { message: 'ECONNREFUSED' } },
    });
  });

  it('has no hint and no cause where it had none', () => {
    const arrived = sent(new DragomanError('MODEL', 'Damaged.'));
    expect(arrived).toMatchObject({ hint: null });
    expect(arrived.cause).toBeUndefined();
  });

  it('stays a defect when it was none of ours', () => {
    const arrived = sent(new RangeError('out of range'));
    expect(arrived).not.toBeInstanceOf(DragomanError);
    expect(arrived.message).toBe('out of range');
    expect(sent('a string').message).toBe('a string');
  });
});
