import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CallQueue } from '../../src/embedding/call-queue.ts';
import type { Task } from '../../src/embedding/worker-protocol.ts';

function question(text: string): Task {
  return { kind: 'question', text };
}

function passage(header: string): Task {
  return { kind: 'passage', passage: { header, sentences: [] } };
}

function nameOf(task: Task): string {
  return task.kind === 'question' ? task.text : task.passage.header;
}

/** Works on everything that waits and gives the order. */
function workOff(queue: CallQueue): string[] {
  const order: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) {
    order.push(nameOf(next.task));
    next.done(Float32Array.of(order.length));
  }
  return order;
}

describe('a queue of calls', () => {
  it('hands out questions before passages that came earlier', async () => {
    const queue = new CallQueue();
    const passages = queue.add([passage('p1'), passage('p2')]);
    const firstTaken = queue.take();
    const questions = queue.add([question('q')]);
    firstTaken?.done(Float32Array.of(0));
    expect(workOff(queue)).toEqual(['q', 'p2']);
    await Promise.all([passages, questions]);
  });

  it('hands out a single question before what is left of a long list of questions', async () => {
    const queue = new CallQueue();
    const many = queue.add(['e1', 'e2', 'e3'].map(question));
    queue.take()?.done(Float32Array.of(0));
    const one = queue.add([question('asked now')]);
    expect(workOff(queue)).toEqual(['asked now', 'e2', 'e3']);
    await Promise.all([many, one]);
  });

  it('keeps passages in the order of their calls', async () => {
    const queue = new CallQueue();
    const calls = [queue.add([passage('p1'), passage('p2')]), queue.add([passage('p3')])];
    expect(workOff(queue)).toEqual(['p1', 'p2', 'p3']);
    await Promise.all(calls);
  });

  it('gives every call its own results in the order of its tasks, whatever is done first', async () => {
    const sizes = fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sizes, async (calls) => {
        const queue = new CallQueue();
        const results = calls.map(([isQuestion, size], call) =>
          queue.add(
            Array.from({ length: size }, (_, i) =>
              (isQuestion ? question : passage)(`${call * 10 + i}`),
            ),
          ),
        );
        const taken = [];
        for (let next = queue.take(); next !== null; next = queue.take()) taken.push(next);
        for (const { task, done } of taken.reverse()) done(Float32Array.of(Number(nameOf(task))));
        const numbers = (await Promise.all(results)).map((vectors) => vectors.map(([n]) => n));
        expect(numbers).toEqual(
          calls.map(([, size], call) => Array.from({ length: size }, (_, i) => call * 10 + i)),
        );
      }),
    );
  });

  it('drops what is left of a call of which a task failed, and no other call', async () => {
    const queue = new CallQueue();
    const bad = queue.add([question('b1'), question('b2')]);
    const good = queue.add([passage('p')]);
    queue.take()?.fail(new Error('no vector'));
    expect(workOff(queue)).toEqual(['p']);
    await expect(bad).rejects.toThrow('no vector');
    await expect(good).resolves.toHaveLength(1);
  });

  it('rejects all calls at once, the one that is worked on too', async () => {
    const queue = new CallQueue();
    const calls = [queue.add([question('q')]), queue.add([passage('p')])];
    const taken = queue.take();
    queue.rejectAll(new Error('closed'));
    taken?.done(Float32Array.of(1));
    expect(queue.take()).toBeNull();
    for (const call of calls) await expect(call).rejects.toThrow('closed');
  });

  it('answers an empty call at once', async () => {
    await expect(new CallQueue().add([])).resolves.toEqual([]);
  });
});
