import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unescapeMarkdown, visible } from '../../src/discord/escape.ts';
import { quotation, stretchWithin, within } from '../../src/discord/shorten.ts';

const TEXT =
  'Kamikawa met Kuleba in Kyiv. An alarm sounded. They talked for 100 minutes. Lunch was served. They parted as friends.';
const range = (sentence: string): [number, number] => [
  TEXT.indexOf(sentence),
  TEXT.indexOf(sentence) + sentence.length,
];
const shown = (budget: number, sentence: string): string => {
  const { start, end } = stretchWithin(TEXT, range(sentence), budget);
  return TEXT.slice(start, end);
};

describe('a shortened excerpt', () => {
  it('is whole where it fits', () => {
    expect(stretchWithin(TEXT, null, 500)).toEqual({
      start: 0,
      end: TEXT.length,
      cutBefore: false,
      cutAfter: false,
    });
  });

  it('keeps the highlighted sentence and whole sentences around it', () => {
    expect(shown(40, 'They talked for 100 minutes.')).toBe('They talked for 100 minutes.');
    expect(shown(60, 'They talked for 100 minutes.')).toBe(
      'They talked for 100 minutes. Lunch was served.',
    );
    expect(shown(80, 'They talked for 100 minutes.')).toBe(
      'An alarm sounded. They talked for 100 minutes. Lunch was served.',
    );
  });

  it('cuts a sentence only where it is too long by itself, and then between words', () => {
    expect(shown(20, 'They talked for 100 minutes.')).toBe('They talked');
  });

  it('is an exact span within the budget, whatever the text', () => {
    const cases = fc.record({
      text: fc
        .array(fc.oneof(fc.lorem(), fc.constantFrom('*a* ', '<@1>. ', '\n', 'No. 5 ', '漢字。')))
        .map((parts) => parts.join(' ')),
      budget: fc.integer({ min: 20, max: 300 }),
      position: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ text, budget, position }) => {
        const from = text.length === 0 ? 0 : position % text.length;
        const highlight =
          text.length === 0 ? null : ([from, Math.min(text.length, from + 9)] as const);
        const { start, end } = stretchWithin(text, highlight, budget);
        const quoted = quotation(text.slice(start, end), within(highlight, start, end));
        expect(quoted.length).toBeLessThanOrEqual(budget);
        expect(start).toBeLessThanOrEqual(end);
      }),
    );
  });
});

describe('a quotation', () => {
  it('is the text letter for letter, after the marks of each line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const words = visible(text);
        const bare = quotation(words, [])
          .split('\n')
          .map((line) => line.slice(2))
          .join('\n');
        expect(unescapeMarkdown(bare)).toBe(words);
      }),
    );
  });

  it('marks stretches in bold, line by line', () => {
    const text = 'One. Two\nthree. Four.';
    expect(quotation(text, [[5, 15]])).toBe('> One. **Two**\n> **three.** Four.');
    expect(
      quotation(text, [
        [0, 3],
        [16, 20],
      ]),
    ).toBe('> **One**. Two\n> three. **Four**.');
  });
});
