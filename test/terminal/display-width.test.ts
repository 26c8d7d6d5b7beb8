import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/terminal/display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['Blinken', 7],
    ['Zażółć', 6],
    ['e\u0301', 1],
    ['日米', 4],
    ['ｶﾐｶﾜ', 4],
    ['Ｇ７', 4],
    ['한국', 4],
    ['👍🏽', 2],
    ['👩‍👩‍👧', 2],
    ['🇯🇵', 2],
    ['1️⃣', 2],
    ['a\u200bb', 2],
  ])('counts the columns of %j', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});
