import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DragomanError } from '../../src/errors.ts';
import { toUnitVector } from '../../src/embedding/unit-vector.ts';

const expected = { model: 'some/model', dimensions: 4 };

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof DragomanError ? error.code : 'another error';
  }
  return undefined;
}

describe('toUnitVector', () => {
  it('gives length 1 and keeps the direction', () => {
    const component = fc.float({ min: -1000, max: 1000, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(component, { minLength: 4, maxLength: 4 }), (numbers) => {
        fc.pre(Math.hypot(...numbers) > 1e-3);
        const unit = toUnitVector(Float32Array.from(numbers), expected);
        expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
        const length = Math.hypot(...numbers);
        numbers.forEach((number, i) => {
          expect(unit[i]).toBeCloseTo(number / length, 5);
        });
      }),
    );
  });

  it('refuses the zero vector, which has no direction', () => {
    expect(codeOf(() => toUnitVector(new Float32Array(4), expected))).toBe('MODEL');
  });

  it('refuses a vector of another size', () => {
    expect(codeOf(() => toUnitVector(new Float32Array(3), expected))).toBe('MODEL');
  });

  it.each([NaN, Infinity, -Infinity])('refuses a component that is %d', (bad) => {
    expect(codeOf(() => toUnitVector(Float32Array.of(1, bad, 0, 0), expected))).toBe('MODEL');
  });
});
