import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clip,
  escapeLine,
  escapeMarkdown,
  localeOf,
  oneLine,
  quotation,
  safeUrl,
  stretchWithin,
  textsIn,
  unescapeMarkdown,
  visible,
  withoutMarks,
  within,
} from '../../src/discord/text.ts';

const MARKDOWN = fc.constantFrom(
  ...['*', '_', '~', '`', '|', '<', '>', '[', ']', '(', ')', '\\', '@', ':', '#', '-', '+', '1.'],
  ...['\n', ' ', 'a', '@everyone', '<@1>', '<a:x:1>', '://', '||', '```', '\u202e', '\u200b', '漢'],
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(MARKDOWN).map((parts) => parts.join('')),
);

describe('escaped text', () => {
  it('is the visible text again once its escapes are undone', () => {
    fc.assert(
      fc.property(text, (input) => {
        expect(unescapeMarkdown(escapeMarkdown(input))).toBe(visible(input));
      }),
    );
  });

  it('leaves no Markdown without a backslash before it', () => {
    fc.assert(
      fc.property(text, (input) => {
        const bare = escapeMarkdown(input).replace(/\\[^0-9A-Za-z\s]/g, 'x');
        expect(bare).not.toMatch(/[*_~`|<[\]@\\]/);
        expect(bare).not.toMatch(/^[ \t]*(?:[#>+-]|\d+\.)/m);
        expect(bare).not.toMatch(/:\/\//);
      }),
    );
  });

  it.each([
    ['**bold** _it_', '\\*\\*bold\\*\\* \\_it\\_'],
    ['@everyone <@&12>', '\\@everyone \\<\\@&12>'],
    ['https://evil.example', 'https\\://evil.example'],
    ['[here](https://evil.example)', '\\[here\\](https\\://evil.example)'],
    ['<:kappa:123> :smile:', '\\<\\:kappa:123> \\:smile:'],
    ['# loud', '\\# loud'],
    ['1. first', '1\\. first'],
    ['-# small', '\\-# small'],
    ['at 11:57 on 5.1', 'at 11:57 on 5.1'],
    ['discord.gg/abc', 'discord\\.gg/abc'],
    ['Discord.com/Invite/abc', 'Discord\\.com/Invite/abc'],
    ['discordapp.com/invite/abc', 'discordapp\\.com/invite/abc'],
    ['WWW.evil.example', 'WWW\\.evil.example'],
    ['see discord.com and awww.', 'see discord.com and awww.'],
  ])('shows %s as it is written', (input, escaped) => {
    expect(escapeMarkdown(input)).toBe(escaped);
  });

  it('has no characters that are invisible or change the direction of the text', () => {
    expect(visible('a\u200bb\u202ec\u2066d\ufeff\u00ade\u3164f\u{e0041}g')).toBe('abcdefg');
    expect(visible('e\u0301\u0301\u0301\u0301\u0301\u0301\u0301')).toBe(
      'e\u0301\u0301\u0301\u0301',
    );
    expect(visible('a\r\nb\u2028c\td')).toBe('a\nb\nc\td');
  });

  it('keeps the joiners that a script or an emoji needs, and no other', () => {
    for (const text of [
      'می\u200cخواهم',
      'क\u094d\u200dष',
      'ന\u0d4d\u200d',
      '👩\u200d💻',
      '👩🏽\u200d🚀',
      '❤\ufe0f\u200d🔥',
    ]) {
      expect(visible(text)).toBe(text);
    }
    expect(visible('a\u200db\u200cc 1\ufe0f')).toBe('abc 1');
    expect(visible('م\u200c\u200c\u200dا')).toBe('م\u200cا');
    expect(visible('@every\u200done')).toBe('@everyone');
  });

  it('fits one line, and a length, when it should', () => {
    fc.assert(
      fc.property(text, (input) => {
        expect(escapeLine(input)).not.toMatch(/[\n\r]/);
        expect(unescapeMarkdown(escapeLine(input, 10)).length).toBeLessThanOrEqual(10);
      }),
    );
    expect(oneLine(' a \n\n b ')).toBe('a b');
  });
});

describe('clip', () => {
  it('never exceeds the length and never halves a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 40 }),
        (input, length) => {
          const short = clip(input, length);
          expect(short.length).toBeLessThanOrEqual(Math.max(length, 1));
          expect(short).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
        },
      ),
    );
  });
});

describe('safeUrl', () => {
  it.each([
    ['https://a.example/x(1)', 'https://a.example/x%281%29'],
    ['javascript:alert(1)', null],
    ['https://user:secret@a.example/', null],
    ['nonsense', null],
    [`https://a.example/${'x'.repeat(600)}`, null],
  ])('makes of %s %s', (address, url) => {
    expect(safeUrl(address, 512)).toBe(url);
  });
});

const TEXT =
  'Kamikawa met Kuleba in Kyiv. An alarm sounded. They talked for 100 minutes. Lunch was served. They parted as friends.';
const range = (sentence: string): [number, number] => [
  TEXT.indexOf(sentence),
  TEXT.indexOf(sentence) + sentence.length,
];
const shown = (budget: number, sentence: string): string => {
  const { start, end } = stretchWithin(TEXT, range(sentence), budget);
  return TEXT.slice(start, end);
};

describe('a shortened excerpt', () => {
  it('is whole where it fits', () => {
    expect(stretchWithin(TEXT, null, 500)).toEqual({
      start: 0,
      end: TEXT.length,
      cutBefore: false,
      cutAfter: false,
    });
  });

  it('keeps the highlighted sentence and whole sentences around it', () => {
    expect(shown(40, 'They talked for 100 minutes.')).toBe('They talked for 100 minutes.');
    expect(shown(60, 'They talked for 100 minutes.')).toBe(
      'They talked for 100 minutes. Lunch was served.',
    );
    expect(shown(80, 'They talked for 100 minutes.')).toBe(
      'An alarm sounded. They talked for 100 minutes. Lunch was served.',
    );
  });

  it('cuts a sentence only where it is too long by itself, and then between words', () => {
    expect(shown(20, 'They talked for 100 minutes.')).toBe('They talked');
  });

  it('is an exact span within the budget, whatever the text', () => {
    const cases = fc.record({
      text: fc
        .array(fc.oneof(fc.lorem(), fc.constantFrom('*a* ', '<@1>. ', '\n', 'No. 5 ', '漢字。')))
        .map((parts) => parts.join(' ')),
      budget: fc.integer({ min: 20, max: 300 }),
      position: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ text, budget, position }) => {
        const from = text.length === 0 ? 0 : position % text.length;
        const highlight =
          text.length === 0 ? null : ([from, Math.min(text.length, from + 9)] as const);
        const { start, end } = stretchWithin(text, highlight, budget);
        const quoted = quotation(text.slice(start, end), within(highlight, start, end));
        expect(quoted.length).toBeLessThanOrEqual(budget);
        expect(start).toBeLessThanOrEqual(end);
      }),
    );
  });
});

describe('a quotation', () => {
  it('is the text letter for letter, after the marks of each line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const words = visible(text);
        const bare = quotation(words, [])
          .split('\n')
          .map((line) => line.slice(2))
          .join('\n');
        expect(unescapeMarkdown(bare)).toBe(words);
      }),
    );
  });

  it('marks stretches in bold, line by line', () => {
    const text = 'One. Two\nthree. Four.';
    expect(quotation(text, [[5, 15]])).toBe('> One. **Two**\n> **three.** Four.');
    expect(
      quotation(text, [
        [0, 3],
        [16, 20],
      ]),
    ).toBe('> **One**. Two\n> three. **Four**.');
  });
});

it('reads what somebody wrote without its Markdown, and leaves what is none', () => {
  for (const [written, read] of [
    ['||who|| is **Ana *Silva***?', 'who is Ana Silva?'],
    ['> # quoted\n```js\nwhere\n``` `was` __she__', '# quoted where was she'],
    ['[the tour](https://x.example/a), *何分*ですか', 'the tour, 何分ですか'],
    ['5*2 and 3*4 in a_file_name', '5*2 and 3*4 in a_file_name'],
  ])
    expect(withoutMarks(written ?? '')).toBe(read);
});

/** Every fixed text with its path. Those made by functions are covered by the compiler and the end-to-end tests. */
function* fixedTexts(texts: object, path = ''): Generator<readonly [path: string, text: string]> {
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    const child = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') yield [child, value];
    else if (typeof value === 'object' && value !== null) yield* fixedTexts(value, child);
  }
}

/** Kana, kanji and their punctuation. */
const JAPANESE = /[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff]/;
/** The bot's own name. */
const SAME_IN_BOTH = new Set(['aboutTitle']);

it('has every fixed text in Japanese', () => {
  const japanese = new Map(fixedTexts(textsIn('ja')));
  for (const [path, english] of fixedTexts(textsIn('en'))) {
    if (SAME_IN_BOTH.has(path)) expect(japanese.get(path)).toBe(english);
    else expect(japanese.get(path), path).toMatch(JAPANESE);
  }
});

it('speaks Japanese to Japanese clients, and English to all others', () => {
  expect(['ja', 'en-US', 'en-GB', 'de', undefined].map(localeOf)).toEqual([
    ...['ja', 'en', 'en', 'en', 'en'],
  ]);
});
