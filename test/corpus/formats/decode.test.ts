import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, MAX_FILE_BYTES, sizeProblem } from '../../../src/corpus/formats/decode.ts';

const bytes = (...values: (number | string)[]): Uint8Array =>
  Uint8Array.from(
    values.flatMap((value) =>
      typeof value === 'number' ? [value] : [...new TextEncoder().encode(value)],
    ),
  );

function textOf(input: Uint8Array): string {
  const decoded = decode(input);
  return decoded.ok ? decoded.text : `refused: ${decoded.failure.message}`;
}

describe('decode', () => {
  it('reads UTF-8 and drops a byte-order mark', () => {
    expect(textOf(bytes(0xef, 0xbb, 0xbf, 'Türkiye'))).toBe('Türkiye');
  });

  it('reads Windows-1252 with its curly quotes, dashes and accents', () => {
    const decoded = decode(
      bytes('Japan', 0x92, 's ', 0x93, 'aid', 0x94, ' ', 0x96, ' Montr', 0xe9, 'al', 0x85),
    );
    expect(decoded).toEqual({
      ok: true,
      text: 'Japan’s “aid” – Montréal…',
      encoding: 'windows-1252',
    });
  });

  it('refuses bytes that are neither, with their place', () => {
    const decoded = decode(bytes('first\nse', 0xe9, 0x81, ' x'));
    expect(decoded).toMatchObject({ ok: false, failure: { line: 2 } });
    expect(textOf(bytes('first\nse', 0xe9, 0x81, ' x'))).toContain('is undefined in Windows-1252');
  });

  it('refuses damaged UTF-8 instead of showing it garbled', () => {
    const decoded = decode(bytes('naïve “quotes”\nand ', 0xe2, 0x80, ' more'));
    expect(decoded).toMatchObject({ ok: false, failure: { line: 2, column: 5 } });
  });

  it('refuses UTF-16, binary data, a disguised PDF, nothing and nothing but spaces', () => {
    expect(textOf(bytes(0xff, 0xfe, 0x41, 0))).toContain('UTF-16');
    expect(textOf(bytes('PK', 3, 4, 0, 0, 8))).toContain('binary');
    expect(textOf(bytes('%PDF-1.7\n'))).toContain('.pdf');
    expect(textOf(bytes())).toContain('empty');
    expect(textOf(bytes(' \n\t'))).toContain('white space');
  });

  it('states the limit and the size of a file that is too large', () => {
    expect(sizeProblem(MAX_FILE_BYTES)).toBeNull();
    expect(sizeProblem(MAX_FILE_BYTES + 1024 * 1024)).toContain('at most 5 MiB, found 6.0 MiB');
  });

  it('never throws, and gives back any text that was written as UTF-8', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        (input) => typeof decode(input).ok === 'boolean',
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '' && !/[\u0000-\u001f]|^\ufeff|^%PDF/.test(text));
        expect(textOf(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });
});
