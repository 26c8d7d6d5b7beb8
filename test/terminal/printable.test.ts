import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableLine } from '../../src/terminal/printable.ts';

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
