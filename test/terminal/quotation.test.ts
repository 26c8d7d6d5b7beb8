import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/terminal/display-width.ts';
import { INDENT, quotationLines } from '../../src/terminal/quotation.ts';
import { COLOUR, PLAIN } from '../../src/terminal/style.ts';
import { excerpt } from './example.ts';

/** A text with a highlighted range that starts and ends anywhere. */
const quotation = fc
  .record({
    text: fc
      .array(fc.stringMatching(/^[a-z.“”日]{1,9}$/), { minLength: 1, maxLength: 40 })
      .map((words) => words.join(' ')),
    from: fc.nat(300),
    length: fc.nat(300),
    rank: fc.integer({ min: 1, max: 25 }),
  })
  .map(({ text, from, length, rank }) => {
    const start = Math.min(from, text.length);
    const highlight: [number, number] = [start, Math.min(text.length, start + length)];
    return { text, rank, highlight };
  });

const withoutMargin = (lines: readonly string[]): string =>
  lines.map((line) => line.slice(INDENT.length)).join(' ');

describe('quotationLines', () => {
  it('marks the highlighted sentence in the margin where there is no bold', () => {
    expect(quotationLines(excerpt, { style: PLAIN, width: 50 })).toEqual([
      '[1]   The two met at noon.',
      '    > Their talk lasted 45 minutes, and nobody',
      '    > looked at the clock.',
      '      They parted as friends.',
    ]);
  });

  it('shows the highlighted sentence in bold, line by line, where there is', () => {
    expect(quotationLines({ ...excerpt, rank: 10 }, { style: COLOUR, width: 50 })).toEqual([
      '[10]  The two met at noon. \x1b[1mTheir talk lasted 45\x1b[22m',
      '      \x1b[1mminutes, and nobody looked at the clock.\x1b[22m',
      '      They parted as friends.',
    ]);
  });

  it('marks nothing where nothing is highlighted', () => {
    const lines = quotationLines({ ...excerpt, highlight: null }, { style: PLAIN, width: 80 });
    expect(lines.join('\n')).not.toContain('>');
  });

  it('alters no word, in bold or not', () => {
    fc.assert(
      fc.property(quotation, (given) => {
        const coloured = quotationLines(given, { style: COLOUR, width: 40 });
        expect(withoutMargin(coloured.map(stripVTControlCharacters))).toBe(given.text);
        const plain = withoutMargin(quotationLines(given, { style: PLAIN, width: 40 }));
        // A range that cuts a word (real ones are sentences) begins a line there.
        expect(plain.replaceAll(' ', '')).toBe(given.text.replaceAll(' ', ''));
      }),
    );
  });

  it('puts exactly the highlighted words in bold', () => {
    fc.assert(
      fc.property(quotation, (given) => {
        const bold = quotationLines(given, { style: COLOUR, width: 40 })
          .flatMap((line) => [...line.matchAll(/\x1b\[1m(.*?)\x1b\[22m/g)])
          .map(([, inside]) => inside)
          .join('');
        const expected = given.text.slice(...given.highlight);
        expect(bold.replaceAll(' ', '')).toBe(expected.replaceAll(' ', ''));
      }),
    );
  });

  it('keeps to the width', () => {
    fc.assert(
      fc.property(quotation, fc.constantFrom(PLAIN, COLOUR), (given, style) => {
        for (const line of quotationLines(given, { style, width: 40 })) {
          expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(40);
        }
      }),
    );
  });

  it('passes no escape sequence of a document on', () => {
    const text = 'Harmless \x1b[2J\x1b]0;owned\x07 text.';
    for (const style of [PLAIN, COLOUR]) {
      const shown = quotationLines({ rank: 1, text, highlight: null }, { style, width: 60 });
      expect(shown.join('')).not.toMatch(/[\x07\x1b]/);
    }
  });
});
