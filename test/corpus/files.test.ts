import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, MAX_FILE_BYTES, sizeProblem, withinTime } from '../../src/corpus/files.ts';
import { Unreadable } from '../../src/corpus/formats/block.ts';
import { messageOf } from '../../src/errors.ts';

describe('withinTime', () => {
  it('stops work that has no end, and does the next', () => {
    expect(() =>
      withinTime(() => {
        for (;;);
      }, 20),
    ).toThrow(/no end of reading after 0\.02 seconds/);
    expect(withinTime(() => 7, 10_000)).toBe(7);
  });

  it('passes on what the work throws', () => {
    expect(() =>
      withinTime(() => {
        throw new RangeError('out of range');
      }, 10_000),
    ).toThrow(RangeError);
  });
});

const bytes = (...values: (number | string)[]): Uint8Array =>
  Uint8Array.from(
    values.flatMap((value) =>
      typeof value === 'number' ? [value] : [...new TextEncoder().encode(value)],
    ),
  );

/** A text in an encoding of one byte a character. */
function encoded(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const byteOf = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Uint8Array.from(text, (character) => byteOf.get(character) ?? 0);
}

function textOf(input: Uint8Array): string {
  try {
    return decode(input);
  } catch (error) {
    return `refused: ${messageOf(error)}`;
  }
}

/** A text in Shift_JIS. */
function inShiftJis(text: string): Uint8Array {
  const decoder = new TextDecoder('shift_jis');
  const bytesOf = new Map<string, readonly number[]>();
  for (let first = 0x20; first < 0xa0; first++) {
    bytesOf.set(decoder.decode(Uint8Array.of(first)), [first]);
    for (let second = 0x40; first > 0x80 && second < 0xfd; second++) {
      bytesOf.set(decoder.decode(Uint8Array.of(first, second)), [first, second]);
    }
  }
  return Uint8Array.from(Array.from(text).flatMap((character) => bytesOf.get(character) ?? [0x3f]));
}

describe('decode', () => {
  it('tells the encoding of Japanese minutes, with their full-width brackets and signs', () => {
    const minutes =
      '日時：令和五年十一月二日（木）14時00分～15時30分　出席者：森委員（議長）、林委員。議長は「原案」の（１）を承認した。';
    expect(textOf(inShiftJis(minutes))).toBe(minutes);
  });

  it('reads UTF-8 and drops a byte-order mark', () => {
    expect(textOf(bytes(0xef, 0xbb, 0xbf, 'Türkiye'))).toBe('Türkiye');
  });

  it('reads Windows-1252 with its curly quotes, dashes and accents', () => {
    const decoded = decode(
      bytes('Japan', 0x92, 's ', 0x93, 'aid', 0x94, ' ', 0x96, ' Montr', 0xe9, 'al', 0x85),
    );
    expect(decoded).toBe('Japan’s “aid” – Montréal…');
  });

  it.each([
    ['windows-1250', [0x9c, 0x9f, 0xb9], 'śźą'],
    ['iso-8859-2', [0xb6, 0xbc, 0xb1], 'śźą'],
    ['windows-1251', [0xe4, 0xee, 0xec], 'дом'],
    ['koi8-r', [0xc4, 0xcf, 0xcd], 'дом'],
    ['shift_jis', [0x8a, 0xd9], '館'],
    ['euc-jp', [0xb4, 0xdb], '館'],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x34, 0x5b, 0x1b, 0x28, 0x42], '館'],
    ['gbk', [0xb9, 0xdd], '馆'],
  ])('follows a declaration of %s in the page, the XML or the header', (charset, encoded, text) => {
    const page = (head: string): Uint8Array => bytes(head, '<p>', ...encoded, '</p>');
    const metas = [
      `<meta charset="${charset}">`,
      `<META content='text/html; charset=${charset}' http-equiv=Content-Type>`,
      `<?xml version="1.0" encoding="${charset}"?>`,
    ];
    for (const meta of metas) {
      expect(decode(page(meta), { isMarkup: true })).toBe(`${meta}<p>${text}</p>`);
    }
    expect(decode(page(''), { charset })).toBe(`<p>${text}</p>`);
  });

  it('trusts UTF-8 more than an older declaration, and an unknown one not at all', () => {
    for (const charset of ['iso-8859-1', 'windows-1251', 'no-such-charset']) {
      expect(decode(bytes('Żuraw'), { charset })).toBe('Żuraw');
    }
  });

  it.each([
    ['koi8-r', 'Директор назвал стул выгодной покупкой. Поездка длилась дольше, чем ожидалось.'],
    [
      'windows-1250',
      'Podróż trwała dłużej, niż się spodziewano, lecz wszyscy wrócili szczęśliwie.',
    ],
    ['macintosh', 'The café “Nord” opens at nine — every day.'],
  ])('detects undeclared %s', (encoding, text) => {
    expect(decode(encoded(text, encoding))).toBe(text);
  });

  it('refuses what cannot be told, naming the candidates', () => {
    expect(textOf(bytes('The word ', 0xc4, 0xcf, 0xcd, ' means house.'))).toMatch(
      /^refused: expected text in UTF-8 or a declared encoding, found .*koi8-r/,
    );
  });

  it('reads UTF-16 with and without a byte-order mark', () => {
    const little = [...Buffer.from('The gate closes at nine.', 'utf16le')];
    expect(textOf(bytes(0xff, 0xfe, ...little))).toBe('The gate closes at nine.');
    expect(textOf(bytes(...little))).toBe('The gate closes at nine.');
  });

  it('reads UTF-16 without a mark where most characters are no ASCII, and refuses UTF-32', () => {
    const text = '<p>北の門は九時に閉まります。</p>';
    const little = Buffer.from(text, 'utf16le');
    expect(textOf(little)).toBe(text);
    expect(textOf(Buffer.from(little).swap16())).toBe(text);
    const wide = Array.from(text).flatMap((character) => [
      ...Buffer.from(character, 'utf16le'),
      0,
      0,
    ]);
    expect(textOf(bytes(0xff, 0xfe, 0, 0, ...wide))).toContain(
      'refused: expected text, found UTF-32',
    );
    expect(textOf(bytes(...wide))).toContain('refused');
  });

  it('reads UTF-16 without a mark where zeros are in both bytes of characters', () => {
    const text = '一月一日、一番星が港の上に見えた。\n';
    const little = Buffer.from(text.repeat(20), 'utf16le');
    expect(textOf(little)).toBe(text.repeat(20));
    expect(textOf(Buffer.from(little).swap16())).toBe(text.repeat(20));
  });

  it('takes ASCII with some zeros for no UTF-16, whose letters would be others', () => {
    const zeros = bytes('The well is 20 metres deep.', 0, 0, ' It was dug in 1790.\n');
    expect(textOf(zeros)).toBe(
      'refused: expected text, found binary data. Save it as UTF-8 text, or remove it from the corpus.',
    );
  });

  it.each([
    ['koi8-r', 'Причал закрыли весной. Смотритель сказал, что лодки стоят у другого берега.'],
    ['windows-1251', 'Причал закрыли весной. Смотритель сказал, что лодки стоят у берега.'],
    ['windows-1250', 'Przystań zamknięto na wiosnę, a łodzie stoją teraz przy drugim brzegu.'],
  ])('does not believe a declaration of Latin-1 for %s', (encoding, text) => {
    expect(decode(encoded(text, encoding), { charset: 'iso-8859-1' })).toBe(text);
  });

  it('does not believe a declaration of Latin-1 for Japanese, and refuses what it cannot be', () => {
    const text = '桟橋は春に閉められた。番人は、船は向こう岸にあると言った。';
    const charset = 'iso-8859-1';
    expect(decode(inShiftJis(text), { charset })).toBe(text);
    const russian = encoded('Причал закрыли. Лодки стоят у берега.', 'ibm866');
    expect(() => decode(russian, { charset })).toThrow(Unreadable);
  });

  it('follows a declaration of Latin-1 for names in other alphabets than that of ASCII', () => {
    const text = 'Þórður Ægir Óskarsson réðst í ferð á Snæfellsnes, 3 m² á mann.';
    expect(decode(encoded(text, 'windows-1252'), { charset: 'iso-8859-1' })).toBe(text);
  });

  it('refuses Chinese in ASCII', () => {
    expect(textOf(bytes('~{8[?Z5D:r4,JR=(SZR;>EAy6~Dj~}'))).toContain('found HZ');
  });

  it('refuses damaged UTF-8 instead of showing it garbled', () => {
    const damaged = bytes('naïve “quotes”\nand ', 0xe2, 0x80, ' more');
    expect(() => decode(damaged)).toThrow(
      expect.objectContaining({ place: { line: 2, column: 5 } }) as Error,
    );
  });

  it('refuses binary data and nothing but spaces', () => {
    expect(textOf(bytes('PK', 3, 4, 0, 0, 8))).toContain('binary');
    expect(textOf(bytes(' \n\t'))).toContain('white space');
  });

  it('states the limit and the size of a file that is too large, and refuses an empty one', () => {
    const most = MAX_FILE_BYTES;
    expect(sizeProblem(0, 'a.md')).toContain('empty');
    expect(sizeProblem(most, 'a.md')).toBeNull();
    expect(sizeProblem(most + 1024 * 1024, 'a.md')).toContain('at most 5 MiB, found 6.0 MiB');
    expect(sizeProblem(most + 1, 'a.html')).toContain('found 5.1 MiB');
    expect(sizeProblem(10 * most, 'a.PDF')).toBeNull();
    expect(sizeProblem(10 * most + 1, 'a.docx')).toContain('at most 50 MiB, found 50.1 MiB');
  });

  it('throws nothing else, and gives back any text that was written as UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        try {
          return typeof decode(input) === 'string';
        } catch (error) {
          return error instanceof Unreadable;
        }
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '' && !/[\u0000-\u001f]|^\ufeff/.test(text));
        expect(textOf(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });
});
