import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  COLOUR,
  PLAIN,
  columnsOf,
  joinWords,
  printable,
  printableLine,
  styleFor,
  tableLines,
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
        const parts = wrapWords(given, columns).flat();
        expect(words(joinWords(parts))).toEqual(words(given));
        for (const { text: shown, start, end } of parts) {
          expect(given.slice(start, end)).toBe(shown);
        }
      }),
    );
  });

  it('makes no line wider than asked, unless it cannot be broken', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        for (const line of wrapWords(given, columns)) {
          expect(line.length === 1 || stringWidth(joinWords(line)) <= columns).toBe(true);
        }
      }),
    );
  });

  it('fills lines: the next word would not have fitted', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const lines = wrapWords(given.replaceAll('\n', ' '), columns);
        lines.slice(1).forEach((line, at) => {
          const longer = [...(lines[at] ?? []), ...line.slice(0, 1)];
          // Widths of words add up, except where marks join across the space.
          const summed = longer.reduce(
            (sum, part, index) =>
              sum + stringWidth(part.text) + (index === 0 || part.isGlued ? 0 : 1),
            0,
          );
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

  it('breaks Japanese between characters, but not before a closing mark or after an opening one', () => {
    expect(wrapLines('彼女は「平和、安定」と述べた。', { width: 12 })).toEqual([
      '彼女は「平',
      '和、安定」と',
      '述べた。',
    ]);
    expect(wrapLines('訪問は1月12日です。', { width: 10 })).toEqual(['訪問は1月', '12日です。']);
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

describe('tableLines', () => {
  const rows = [
    ['9 Jan', 'Lima', 'Talks with somebody in a city'],
    ['12 Jan', '首都', 'Dinner'],
  ];

  it('aligns cells, and wraps the last one beside the others', () => {
    expect(tableLines(rows, { width: 40, indent: '  ' })).toEqual([
      '  9 Jan   Lima  Talks with somebody in a',
      '                city',
      '  12 Jan  首都  Dinner',
    ]);
  });

  it('puts the last cell below the others where there is no room', () => {
    expect(tableLines(rows, { width: 30, indent: '  ' })).toEqual([
      '  9 Jan   Lima',
      '    Talks with somebody in a',
      '    city',
      '  12 Jan  首都',
      '    Dinner',
    ]);
  });

  it('emphasises the first cells, and makes all of them safe', () => {
    const emphasise = COLOUR.bold;
    expect(tableLines([['a', '\x1b[2J']], { width: 40, emphasise })).toEqual([
      '\x1b[1ma\x1b[22m  \u241b[2J',
    ]);
    expect(tableLines([], { width: 40 })).toEqual([]);
  });
});

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
