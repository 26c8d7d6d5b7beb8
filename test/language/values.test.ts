import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerKind } from '../../src/language/answer-kinds.ts';
import { valueInJapanese, valuesIn } from '../../src/language/values.ts';

const read = (text: string, kind: AnswerKind): string[] =>
  valuesIn(text, kind).map(({ unit, key }) => `${key} ${unit ?? '?'}`);

describe('valuesIn', () => {
  it.each([
    ['It lasted about 45 minutes.', ['45 minutes']],
    ['They talked for an hour and a half.', ['90 minutes']],
    ['one hour and 40 minutes, half an hour, twenty-five minutes', ['100', '30', '25']],
    ['It took 45 or 60 minutes.', ['45 minutes', '60 minutes']],
    ['two weeks, or fourteen days', ['14 days', '14 days']],
    ['ten years', ['120 months']],
  ])('reads the lengths of “%s”', (text, expected) => {
    const all = read(text, 'duration').map((one, i) =>
      expected[i]?.includes(' ') === true ? one : one.split(' ')[0],
    );
    expect(all).toEqual(expected);
  });

  it('reads clock times in either form, and not those of another zone', () => {
    expect(read('It began at 1:30 p.m. or 13:45 local time (03:45 Oslo time).', 'clock')).toEqual([
      '810 clock',
      '825 clock',
    ]);
    expect(read('at noon', 'clock')).toEqual(['720 clock']);
  });

  it('reads sums with the currency, wherever the sentence has it', () => {
    expect(read('In dollars, one puts it at 55 billion, another at $56 billion.', 'money')).toEqual(
      ['55000000000 dollar', '56000000000 dollar'],
    );
  });

  it('reads numbers with what they count, and those whose noun is left out', () => {
    expect(read('Norway counts five gas turbines, the fund three.', 'amount')).toEqual([
      '5 ga turbin',
      '3 ?',
    ]);
    expect(read('On January 7, 2024 at 14:00, 12 ships left after two days.', 'amount')).toEqual([
      '12 ship left after',
    ]);
  });

  it('gives offsets of what is written', () => {
    const kind = fc.constantFrom<AnswerKind>('duration', 'clock', 'time', 'money', 'amount');
    const words = fc.constantFrom(
      'in',
      'May',
      '7',
      'seven',
      '13:30',
      'hours',
      '$',
      'half an',
      'million',
      ',',
    );
    fc.assert(
      fc.property(fc.array(words), kind, (parts, one) => {
        const text = parts.join(' ');
        for (const { start, end, text: written } of valuesIn(text, one))
          expect(text.slice(start, end)).toBe(written);
      }),
    );
  });
});

describe('valueInJapanese', () => {
  it.each([
    ['45 minutes', '45分'],
    ['about one hour and 40 minutes', '1時間40分'],
    ['an hour', '1時間'],
    ['two days', '2日間'],
    ['18 months', '18か月'],
    ['January 12, 2024', '1月12日'],
    ['13:45', '13:45'],
    ['37 million dollars', '3700万ドル'],
    ['7.95 trillion yen', '7.95兆円'],
    ['1.04 trillion yen', '1.04兆円'],
    ['900 euros', '900ユーロ'],
    ['12 percent', '12%'],
    ['the first visit', 'the first visit'],
  ])('of %j is %j', (text, expected) => {
    expect(valueInJapanese(text)).toBe(expected);
  });
});
