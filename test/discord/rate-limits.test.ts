import { expect, it } from 'vitest';
import { RateLimits } from '../../src/discord/rate-limits.ts';

it('completes what somebody types 120 times a minute, and what others type all the same', async () => {
  const limits = new RateLimits({ perUser: 1, perServer: 1 });
  const allowed: boolean[] = [];
  for (let i = 0; i < 125; i++) allowed.push(await limits.takeCompletion('somebody'));
  expect(allowed.filter(Boolean)).toHaveLength(120);
  expect(await limits.takeCompletion('another')).toBe(true);
  const request = { userId: 'somebody', serverId: null, isQuestion: true };
  expect(await limits.take(request)).toEqual({ allowed: true });
});
