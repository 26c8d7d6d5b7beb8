import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  longDate,
  printable,
  printableLine,
  wrapLines,
  wrapWords,
} from '../../src/terminal/text.ts';

const anyText = fc.string({ unit: 'binary' });
const controls = fc
  .array(
    fc.constantFrom('\x1b[31m', '\x1b]0;title\x07', '\x9b2J', '\u202e', '\x7f', '\r', 'word', '\n'),
  )
  .map((parts) => parts.join(''));

describe('printable', () => {
  it('lets no control character through but tab and line feed', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, controls), (text) => {
        expect(printable(text)).not.toMatch(/[\0-\x08\v-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('keeps the length, so that offsets stay valid', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, controls), (text) => {
        expect(printable(text)).toHaveLength(text.length);
      }),
    );
  });

  it('shows an escape sequence instead of obeying it', () => {
    expect(printable('a\x1b[31mb\x9b2Jc\u202ed')).toBe('a␛[31mb\ufffd2Jc\ufffdd');
  });

  it('leaves quotations in any script as they are', () => {
    const text = 'Kamikawa – “Türkiye” 日米外相会談\n\tsecond line 👍🏽';
    expect(printable(text)).toBe(text);
  });

  it('joins lines where one line is wanted', () => {
    expect(printableLine('  one\r\n two\tthree\n')).toBe('one two three');
  });
});

const word = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    'Kamikawa',
    '日米外相会談',
    '🇯🇵',
    'https://example.org/a-very-long-address/indeed',
  ),
);
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '\n\n', '\t')))
  .map((parts) => parts.flat().join(''));
const width = fc.integer({ min: 1, max: 60 });

/** Independent of the code under test: words are what whitespace separates. */
const words = (of: string): string[] =>
  of.split(/[^\S\u00a0\u202f]+/).filter((part) => part !== '');

describe('wrapWords', () => {
  it('keeps every word, whole and in order', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const lines = wrapWords(given, columns);
        expect(lines.flat().map((each) => each.text)).toEqual(words(given));
        for (const { text: shown, start, end } of lines.flat()) {
          expect(given.slice(start, end)).toBe(shown);
        }
      }),
    );
  });

  it('makes no line wider than asked, unless it is a single word', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        for (const line of wrapWords(given, columns)) {
          const shown = line.map((each) => each.text).join(' ');
          expect(line.length === 1 || stringWidth(shown) <= columns).toBe(true);
        }
      }),
    );
  });

  it('fills lines: the next word would not have fitted', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const lines = wrapWords(given.replaceAll('\n', ' '), columns);
        lines.slice(1).forEach((line, at) => {
          const before = lines[at] ?? [];
          const longer = [...before, ...line.slice(0, 1)].map((each) => each.text).join(' ');
          // Widths of words add up, except where marks join across the space.
          const summed = longer.split(' ').reduce((sum, part) => sum + stringWidth(part) + 1, -1);
          expect(summed).toBeGreaterThan(columns);
        });
      }),
    );
  });

  it('begins a new line where the text does', () => {
    const lines = wrapWords('one two\nthree', 40).map((line) => line.map((each) => each.text));
    expect(lines).toEqual([['one', 'two'], ['three']]);
  });

  it('does not break at a no-break space', () => {
    expect(wrapLines('about 45\u00a0minutes', { width: 10 })).toEqual(['about', '45\u00a0minutes']);
  });

  it('counts columns, not characters', () => {
    expect(wrapLines('日米 外相 会談', { width: 9 })).toEqual(['日米 外相', '会談']);
  });
});

describe('wrapLines', () => {
  it('indents within the width', () => {
    expect(wrapLines('one two three', { width: 9, indent: '    ', first: '  - ' })).toEqual([
      '  - one',
      '    two',
      '    three',
    ]);
  });

  it('gives no line for an empty text', () => {
    expect(wrapLines(' \n ', { width: 9, indent: '    ' })).toEqual([]);
  });
});

describe('longDate', () => {
  it('writes an ISO date as the corpus does', () => {
    expect(longDate('2024-01-09')).toBe('January 9, 2024');
    expect(longDate('2024-12-31')).toBe('December 31, 2024');
  });

  it.each(['2024', '2024-01', '2024-13-01', 'January 2024', ''])('leaves %j as it is', (date) => {
    expect(longDate(date)).toBe(date);
  });
});
