import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearIds } from '../../src/terminal/near-ids.ts';

const known = ['blinken', 'billstrom', 'duda', 'kuleba', 'kuleba-press', 'zelenskyy'];

describe('nearIds', () => {
  it.each([
    ['blinkn', ['blinken']],
    ['Zelensky', ['zelenskyy']],
    ['press', ['kuleba-press']],
    ['kulba', ['kuleba']],
    ['kuleba-presser', ['kuleba', 'kuleba-press']],
    ['', []],
    ['churchill', []],
  ])('for %j', (wanted, expected) => {
    expect(nearIds(wanted, known)).toEqual(expected);
  });

  it('puts an id that was typed right among the first, in any order of ids', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.shuffledSubarray(known, { minLength: known.length }),
        (id, order) => {
          expect(nearIds(id, order)).toContain(id);
          expect(nearIds(id, order)).toEqual(nearIds(id, known));
        },
      ),
    );
  });

  it('names five at most', () => {
    const many = Array.from({ length: 20 }, (_, at) => `meeting-${at}`);
    expect(nearIds('meeting', many)).toHaveLength(5);
  });
});
