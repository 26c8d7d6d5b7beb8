import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/language/fold.ts';

describe('fold', () => {
  it('makes spellings equal that differ in case, marks, width or invisible characters', () => {
    expect(fold('Türkiye')).toBe('turkiye');
    expect(fold('TÜRKİYE')).toBe('turkiye');
    expect(fold('ｔurkiye')).toBe('turkiye');
    expect(fold('Tur\u00adki\u200dye')).toBe('turkiye');
    expect(fold('Radosław Hofmański, Strauß, Ærø')).toBe('radoslaw hofmanski, strauss, aero');
  });

  it('makes every apostrophe straight', () => {
    expect(fold('a‘b’cʼd`e´f')).toBe("a'b'c'd'e'f");
  });

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 2000 },
    );
  });
});
