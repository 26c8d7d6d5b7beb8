import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clip,
  escapeLine,
  escapeMarkdown,
  oneLine,
  safeUrl,
  unescapeMarkdown,
  visible,
} from '../../src/discord/escape.ts';

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
