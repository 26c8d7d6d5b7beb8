import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import {
  boundedDistance,
  isEnglishWord,
  relatedWords,
  skeletonOf,
} from '../../src/language/similar-words.ts';
import { wordsOf } from '../../src/language/words.ts';

/** Optimal string alignment by the textbook's recursion, without a limit. */
function distance(a: string, b: string): number {
  const row = (i: number): number[] => table[i] ?? [];
  const table: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    table.push([]);
    for (let j = 0; j <= b.length; j++) {
      const options =
        i === 0
          ? [j]
          : j === 0
            ? [i]
            : [
                (row(i - 1)[j] ?? 0) + 1,
                (row(i)[j - 1] ?? 0) + 1,
                (row(i - 1)[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]),
              ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        options.push((row(i - 2)[j - 2] ?? 0) + 1);
      }
      row(i).push(Math.min(...options));
    }
  }
  return row(a.length)[b.length] ?? 0;
}

describe('boundedDistance', () => {
  it('is the distance up to the limit, and more than the limit beyond', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        const exact = distance(a, b);
        const found = boundedDistance(a, b, limit);
        if (exact <= limit) expect(found).toBe(exact);
        else expect(found).toBeGreaterThan(limit);
      }),
      { numRuns: 3000 },
    );
  });

  it('counts a swap of neighbours as one slip', () => {
    expect(boundedDistance('kviy', 'kyiv', 2)).toBe(2);
    expect(boundedDistance('kiyv', 'kyiv', 1)).toBe(1);
  });
});

describe('relatedWords', () => {
  let words: string[];
  beforeAll(async () => {
    const { corpus } = await readCorpus('corpus');
    const folded = corpus.documents.flatMap(({ text }) => wordsOf(text).map((word) => word.folded));
    words = [...new Set(folded)];
  });

  it('are words with a similarity above 0 and up to 1, the most similar first, each once', () => {
    let related = 0;
    for (const word of words) {
      const found = relatedWords(word);
      related += found.length;
      const similarities = found.map(({ similarity }) => similarity);
      expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
      for (const similarity of similarities) {
        expect(similarity).toBeGreaterThan(0);
        expect(similarity).toBeLessThanOrEqual(1);
      }
      const others = found.map((each) => each.word);
      expect(others).toEqual([...new Set(others)]);
      expect(others).not.toContain(word);
      for (const other of others) expect(other).toMatch(/^[^\s:]+$/);
    }
    // Half of the corpus's words are common ones, and those have several each.
    expect(related).toBeGreaterThan(words.length);
  });

  it.each([
    ['lunch', 'meal'],
    ['money', 'cash'],
    ['begin', 'start'],
  ])('of "%s" include "%s"', (word, other) => {
    expect(relatedWords(word).map((each) => each.word)).toContain(other);
  });

  it.each(['', 'qwertzu', 'Lunch', 'constructor ', '__proto__', '日本'])(
    'of %j are none',
    (word) => {
      expect(relatedWords(word)).toEqual([]);
    },
  );
});

describe('isEnglishWord', () => {
  it('knows common words and no slips', () => {
    for (const word of ['lunch', 'urban', 'friendship', 'promised']) {
      expect([word, isEnglishWord(word)]).toEqual([word, true]);
    }
    for (const word of ['conferense', 'secruity', '', '日本']) {
      expect([word, isEnglishWord(word)]).toEqual([word, false]);
    }
  });
});

describe('skeletonOf', () => {
  it('is the same for names that sound alike', () => {
    expect(skeletonOf('Sikorsky')).toBe(skeletonOf('Sikorski'));
    expect(skeletonOf('Khan')).toBe(skeletonOf('Kahn'));
    expect(skeletonOf('Macron')).not.toBe(skeletonOf('Merkel'));
  });
});
