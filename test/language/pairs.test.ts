import { describe, expect, it } from 'vitest';
import { NameTable } from '../../src/language/names.ts';
import { pairsOf } from '../../src/language/pairs.ts';
import { termsOf } from '../../src/language/terms.ts';

const names = new NameTable({ people: [], places: [] });
const pairs = (text: string): string[] =>
  pairsOf(termsOf(text, names), text).map(({ term }) => term);

describe('pairsOf', () => {
  it('makes a term of words that stand side by side', () => {
    expect(pairs('the prime minister')).toEqual(['prime+minist']);
    expect(pairs('working-level talks')).toEqual(['work+level', 'level+talk']);
  });

  it('reaches over no other word, stop or comma', () => {
    expect(pairs('minister of defence')).toEqual([]);
    expect(pairs('He left. Ministers, generals.')).toEqual([]);
  });

  it('takes a country of several words for one', () => {
    expect(pairs('United States senators')).toEqual(['=us+senat']);
  });

  it('gives no pair of its own weight or length: it is no word of the text', () => {
    for (const use of pairsOf(termsOf('foreign minister Joly', names), 'foreign minister Joly')) {
      expect(use.own).toBe(false);
    }
  });
});
