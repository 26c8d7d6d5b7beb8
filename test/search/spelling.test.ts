import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { boundedDistance, type SpellingCorrector } from '../../src/search/spelling.ts';
import { realCorpus } from './real-corpus.ts';

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

describe('SpellingCorrector', () => {
  let spelling: SpellingCorrector;
  let isInCorpus: (word: string) => boolean;
  beforeAll(async () => {
    const tools = await realCorpus();
    spelling = tools.spelling;
    const words = new Set(tools.lexical.wordUses.map(({ word }) => word));
    isInCorpus = (word) => words.has(word);
  });

  it.each([
    ['blinkin', 'blinken'],
    ['kamikava', 'kamikawa'],
    ['kulebba', 'kuleba'],
    ['erdowan', 'erdogan'],
    ['raimundo', 'raimondo'],
    ['sullivn', 'sullivan'],
    ['montral', 'montreal'],
    ['stokholm', 'stockholm'],
    ['valtonnen', 'valtonen'],
    ['donaghue', 'donoghue'],
    ['kishda', 'kishida'],
    ['hauge', 'hague'],
    ['warsw', 'warsaw'],
    ['ukrane', 'ukraine'],
    ['sweeden', 'sweden'],
    ['turky', 'turkey'],
    ['canda', 'canada'],
    ['flowrs', 'flowers'],
    ['secruity', 'security'],
    ['conferense', 'conference'],
  ])('mends %j to %j', (slip, meant) => {
    expect(spelling.correct(slip)?.word).toBe(meant);
  });

  it.each(
    `urban school micron melon julia joke sofa tulip lunch pasta yolk recipe winter orchid
    merkel medvedev shoigu orban kallas kono suga javascript minecraft lasagna tiramisu`.split(
      /\s+/,
    ),
  )('leaves %j as it is', (word) => {
    if (isInCorpus(word)) return;
    expect(spelling.correct(word)).toBeNull();
  });

  it('mends no short word and nothing with a figure', () => {
    for (const word of ['kyi', 'xi', 'f17', 'kyiv2']) expect(spelling.correct(word)).toBeNull();
  });
});

describe('names in the corpus', () => {
  it('are known by their capitals inside sentences', async () => {
    const { lexical } = await realCorpus();
    const isName = (term: string): boolean => lexical.isName(lexical.termId(term) ?? -1);
    for (const name of ['kamikawa', 'kishida', 'kuleba', 'sikorski', 'blinken', 'kyiv', 'nato']) {
      expect([name, isName(name)]).toEqual([name, true]);
    }
    for (const word of ['minist', 'peac', 'secur', 'talk', 'visit']) {
      expect([word, isName(word)]).toEqual([word, false]);
    }
  });
});
