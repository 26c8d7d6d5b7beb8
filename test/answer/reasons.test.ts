import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonFor } from '../../src/answer/reasons.ts';
import type { Doubt } from '../../src/answer/types.ts';

describe('reasonFor', () => {
  it.each([
    [['Lavrov'], 'No document mentions “Lavrov”.'],
    [['Lavrov', 'Moscow'], 'No document mentions “Lavrov” or “Moscow”.'],
    [['Lavrov', 'Moscow', 'Minsk'], 'No document mentions “Lavrov”, “Moscow” or “Minsk”.'],
    [['a', 'b', 'c', 'd'], 'No document mentions “a”, “b” or “c”.'],
  ])('names up to three of %j', (names, reason) => {
    expect(reasonFor({ kind: 'unmentioned', names })).toBe(reason);
  });

  it('says of names that stand apart that documents do mention them', () => {
    expect(reasonFor({ kind: 'apart', names: ['Kuleba', 'Oslo'] })).toBe(
      'The documents mention “Kuleba” and “Oslo”, but not in connection with the rest of the question.',
    );
  });

  it('says what kind of thing is missing', () => {
    expect(reasonFor({ kind: 'kind', asked: 'money' })).toContain('a sum of money');
    expect(reasonFor({ kind: 'kind', asked: 'clock' })).toContain('a time of day');
  });

  it('tells "near, but no answer" and "nothing near" apart', () => {
    expect(reasonFor({ kind: 'vague' })).toContain('near the question');
    expect(reasonFor({ kind: 'unrelated' })).toContain('Nothing');
  });

  it('is one short sentence of whole characters, however long the names', () => {
    const names = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), {
      minLength: 1,
      maxLength: 6,
    });
    const kind = fc.constantFrom('unmentioned' as const, 'apart' as const);
    fc.assert(
      fc.property(kind, names, (kind, names) => {
        const doubt: Doubt = { kind, names };
        const reason = reasonFor(doubt);
        expect(reason).not.toMatch(/\p{Surrogate}/u);
        expect(Array.from(reason).length).toBeLessThan(240);
        expect(reason.endsWith('.')).toBe(true);
      }),
    );
  });
});
