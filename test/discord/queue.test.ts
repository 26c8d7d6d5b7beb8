import { describe, expect, it } from 'vitest';
import { WorkQueue } from '../../src/discord/queue.ts';
import { RateLimits } from '../../src/discord/rate-limits.ts';
import { Refusal } from '../../src/discord/refusal.ts';

describe('the queue', () => {
  it('works in the order of arrival, on so many at once and no more', async () => {
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

  it('goes on after work that failed', async () => {
    const queue = new WorkQueue({ concurrency: 1, capacity: 9 });
    const failing = queue.run(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await queue.run(() => Promise.resolve(1))).toBe(1);
  });

  it('refuses work beyond its capacity', async () => {
    const queue = new WorkQueue({ concurrency: 1, capacity: 1 });
    const kept = queue.run(() => Promise.resolve(1));
    await expect(queue.run(() => Promise.resolve(2))).rejects.toBeInstanceOf(Refusal);
    expect(await kept).toBe(1);
  });
});

describe('rate limits', () => {
  it('count users and servers apart, and pages half', async () => {
    const limits = new RateLimits({ perUser: 2, perServer: 3 });
    const take = (userId: string, serverId: string | null, isQuestion = true) =>
      limits.take({ userId, serverId, isQuestion });
    expect(await take('a', 's')).toEqual({ allowed: true });
    expect(await take('a', 's', false)).toEqual({ allowed: true });
    expect(await take('a', 's', false)).toEqual({ allowed: true });
    expect(await take('a', 's')).toMatchObject({ allowed: false, whose: 'user' });
    expect(await take('b', 's')).toEqual({ allowed: true });
    expect(await take('c', 's')).toMatchObject({ allowed: false, whose: 'server' });
    const refused = await take('a', null);
    expect(refused.allowed || refused.retryAt * 1000 > Date.now()).toBe(true);
    expect(await take('d', null)).toEqual({ allowed: true });
  });
});
