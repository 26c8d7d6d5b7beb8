import { describe, expect, it } from 'vitest';
import { withinTime } from '../../src/corpus/files.ts';

describe('withinTime', () => {
  it('stops work that has no end, and does the next', () => {
    expect(() =>
      withinTime(() => {
        for (;;);
      }, 20),
    ).toThrow(/no end of reading after 0\.02 seconds/);
    expect(withinTime(() => 7, 10_000)).toBe(7);
  });

  it('passes on what the work throws', () => {
    expect(() =>
      withinTime(() => {
        throw new RangeError('out of range');
      }, 10_000),
    ).toThrow(RangeError);
  });
});
