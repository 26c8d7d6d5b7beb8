import { describe, expect, it } from 'vitest';
import { AtHand } from '../../src/index/at-hand.ts';

describe('AtHand', () => {
  it('makes a value once', () => {
    const atHand = new AtHand<number, object>(2);
    const first = atHand.get(1, () => ({}));
    expect(atHand.get(1, () => ({}))).toBe(first);
    expect(atHand.get(2, () => ({}))).not.toBe(first);
  });

  it('forgets all when there would be too many', () => {
    const atHand = new AtHand<number, object>(2);
    const [first] = [1, 2, 3].map((key) => atHand.get(key, () => ({})));
    expect(atHand.get(1, () => ({}))).not.toBe(first);
  });
});
