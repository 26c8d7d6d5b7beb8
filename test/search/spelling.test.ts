import { beforeAll, describe, expect, it } from 'vitest';
import type { SpellingCorrector } from '../../src/search/spelling.ts';
import { openRealSnapshot } from '../support/real-index.ts';

describe('SpellingCorrector', () => {
  let spelling: SpellingCorrector;
  let isInCorpus: (word: string) => boolean;
  beforeAll(async () => {
    const tools = (await openRealSnapshot()).index;
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
    const { lexical } = (await openRealSnapshot()).index;
    const isName = (term: string): boolean => lexical.isName(lexical.termId(term) ?? -1);
    for (const name of ['kamikawa', 'kishida', 'kuleba', 'sikorski', 'blinken', 'kyiv', 'nato']) {
      expect([name, isName(name)]).toEqual([name, true]);
    }
    for (const word of ['minist', 'peac', 'secur', 'talk', 'visit']) {
      expect([word, isName(word)]).toEqual([word, false]);
    }
  });
});
