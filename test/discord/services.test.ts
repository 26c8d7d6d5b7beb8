import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/discord/reply.ts';
import { RateLimits } from '../../src/discord/servers.ts';
import { Answers, WorkQueue } from '../../src/discord/services.ts';
import { textsIn } from '../../src/discord/text.ts';
import type { Snapshot } from '../../src/engine.ts';

describe('the queue', () => {
  it('runs tasks in the order of arrival, a limited number at a time', async () => {
    const queue = new WorkQueue({ concurrency: 2, capacity: 100 });
    const started: number[] = [];
    let active = 0;
    let most = 0;
    const work = async (n: number): Promise<number> => {
      started.push(n);
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
      return n;
    };
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => queue.run(() => work(n))))).toEqual(numbers);
    expect(started).toEqual(numbers);
    expect(most).toBe(2);
    expect(queue.waiting).toBe(0);
  });

  it('goes on after a task that failed', async () => {
    const queue = new WorkQueue({ concurrency: 1, capacity: 9 });
    const failing = queue.run(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await queue.run(() => Promise.resolve(1))).toBe(1);
  });

  it('refuses tasks beyond its capacity', async () => {
    const queue = new WorkQueue({ concurrency: 1, capacity: 1 });
    const kept = queue.run(() => Promise.resolve(1));
    await expect(queue.run(() => Promise.resolve(2))).rejects.toBeInstanceOf(Refusal);
    expect(await kept).toBe(1);
  });
});

describe('answers', () => {
  /** A snapshot that fails the first question, and notes the questions it is asked. */
  function notingSnapshot() {
    const asked: string[] = [];
    const ask = (question: string) => {
      asked.push(question);
      const isFirst = asked.length === 1;
      return isFirst ? Promise.reject(new Error('no')) : Promise.resolve({ question });
    };
    return { asked, snapshot: { generation: 'g', builtAt: '', ask } as unknown as Snapshot };
  }

  it('are cached until newer ones take their place; failures are not', async () => {
    const { asked, snapshot } = notingSnapshot();
    const queue = new WorkQueue({ concurrency: 1, capacity: 9 });
    const answers = new Answers({ queue, cached: 2 });
    const ask = (question: string) =>
      answers.answer(snapshot, { question, meeting: null, source: null });
    await expect(ask('a')).rejects.toThrow('no');
    for (const question of ['a', 'b', 'a', 'b', 'c', 'b', 'a']) await ask(question);
    expect(asked).toEqual(['a', 'a', 'b', 'c', 'a']);
  });
});

describe('rate limits', () => {
  it('count users and servers apart, and pages half', async () => {
    const limits = new RateLimits({ perUser: 2, perServer: 3 }, null);
    const admit = (userId: string, serverId: string | null, isQuestion = true): Promise<string> =>
      limits.admit({ userId, serverId, isQuestion }).then(
        () => 'yes',
        (error: unknown) =>
          error instanceof Refusal ? error.sentence(textsIn('en')) : String(error),
      );
    expect(await admit('a', 's')).toBe('yes');
    expect(await admit('a', 's', false)).toBe('yes');
    expect(await admit('a', 's', false)).toBe('yes');
    expect(await admit('a', 's')).toMatch(/^That was a lot of questions.* <t:\d+:R>/);
    expect(await admit('b', 's')).toBe('yes');
    expect(await admit('c', 's')).toMatch(/^This server has asked a lot/);
    expect(await admit('a', null)).toMatch(/^That was a lot/);
    expect(await admit('d', null)).toBe('yes');
  });
});

it('completes what somebody types 120 times a minute, and what others type all the same', async () => {
  const limits = new RateLimits({ perUser: 1, perServer: 1 }, null);
  const allowed: boolean[] = [];
  for (let i = 0; i < 125; i++) allowed.push(await limits.takeCompletion('somebody'));
  expect(allowed.filter(Boolean)).toHaveLength(120);
  expect(await limits.takeCompletion('another')).toBe(true);
  const request = { userId: 'somebody', serverId: null, isQuestion: true };
  await expect(limits.admit(request)).resolves.toBeUndefined();
});
