import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysNamed } from '../../src/language/named-days.ts';

const SPAN = { first: '2024-01-05', last: '2024-01-18' };

/** Days of the month that a text names, by stretch. */
function namedIn(text: string): string[] {
  return daysNamed(text, SPAN).map(({ dates }) => dates.map((date) => date.slice(8)).join(' '));
}

describe('daysNamed', () => {
  it.each([
    ['January 8', '08'],
    ['8 Jan', '08'],
    ['the 8th of January, 2024', '08'],
    ['on the ninth', '09'],
    ['where was she on the 14th', '14'],
    ['on 14', '14'],
    ['8.1.', '08'],
    ['2024-01-12', '12'],
    ['1/14 or so', '14'],
    ['14/1 or so', '14'],
    ['on Monday', '08 15'],
    ['on mon', '08 15'],
    ['the third day', '07'],
    ['day three', '07'],
    ['the last day', '18'],
    ['the first week', '05 06 07 08 09 10 11'],
    ['at the weekend', '06 07 13 14'],
    ['from January 9 to 11', '09 10 11'],
    ['9-11 January', '09 10 11'],
    ['January 9 and 12', '09 12'],
    ['between the 8th and the 10th', '08 09 10'],
    ['from Tuesday to the 11th', '09 10 11'],
    ['1月8日', '08'],
    ['8日', '08'],
    ['月曜日', '08 15'],
    ['3日目', '07'],
    ['三日目', '07'],
    ['初日', '05'],
    ['最終日', '18'],
    ['9日から11日まで', '09 10 11'],
    ['最初の週', '05 06 07 08 09 10 11'],
    ['January 25', ''],
    ['2023-01-08', ''],
  ])('reads “%s”', (text, expected) => {
    expect(namedIn(text)).toEqual([expected]);
  });

  it.each([
    'the 31st member',
    'the 3rd country',
    'for 40 minutes',
    'may she',
    'two days',
    'after 9 meetings',
    '何日間',
    'she sat down',
  ])('reads no day in “%s”', (text) => {
    expect(namedIn(text)).toEqual([]);
  });

  it('tells a month or a year without a day, and whether the span has it', () => {
    expect(daysNamed('in January 2024', SPAN)).toMatchObject([{ vague: true }]);
    expect(daysNamed('in 2023', SPAN)).toMatchObject([{ vague: true, dates: [] }]);
    expect(daysNamed('in October 2023', SPAN)).toMatchObject([{ vague: true, dates: [] }]);
    expect(daysNamed('1月に', SPAN)).toMatchObject([{ vague: true }]);
    expect(daysNamed('2月に', SPAN)).toMatchObject([{ vague: true, dates: [] }]);
    expect(daysNamed('2023年12月の', SPAN)).toMatchObject([{ vague: true, dates: [] }]);
  });

  it('gives stretches of the text in order, none within another', () => {
    const word = fc.constantFrom(
      ...'on the 9th 12 January to and Monday day first 1月 8日 last week 2024 .'.split(' '),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (words) => {
        const text = words.join(' ');
        let end = 0;
        for (const named of daysNamed(text, SPAN)) {
          expect(named.start).toBeGreaterThanOrEqual(end);
          expect(named.end).toBeGreaterThan(named.start);
          for (const date of named.dates)
            expect(date >= SPAN.first && date <= SPAN.last).toBe(true);
          end = named.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
