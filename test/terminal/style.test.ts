import { describe, expect, it } from 'vitest';
import { COLOUR, PLAIN, columnsOf, styleFor } from '../../src/terminal/style.ts';

const neither = { noColor: false, forceColor: false };
const terminal = { isTTY: true, hasColors: () => true };

describe('styleFor', () => {
  it('sets text off on a terminal only', () => {
    expect(styleFor(terminal, neither)).toBe(COLOUR);
    expect(styleFor({}, neither)).toBe(PLAIN);
    expect(styleFor({ isTTY: true, hasColors: () => false }, neither)).toBe(PLAIN);
  });

  it('can be forced, and NO_COLOR wins over all', () => {
    expect(styleFor({}, { noColor: false, forceColor: true })).toBe(COLOUR);
    expect(styleFor(terminal, { noColor: true, forceColor: false })).toBe(PLAIN);
    expect(styleFor({}, { noColor: true, forceColor: true })).toBe(PLAIN);
  });

  it('writes no escape sequence around nothing', () => {
    expect(COLOUR.bold('')).toBe('');
    expect(COLOUR.bold('x')).toBe('\x1b[1mx\x1b[22m');
  });
});

describe('columnsOf', () => {
  it.each([
    [undefined, 80],
    [0, 80],
    [10, 30],
    [72, 72],
    [240, 100],
  ])('of a terminal %j wide', (columns, expected) => {
    expect(columnsOf({ columns })).toBe(expected);
  });
});
