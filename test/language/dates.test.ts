import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateInWords,
  daysBetween,
  daysIn,
  daysNamed,
  firstIsoDate,
  isDateline,
  MONTHS,
  numberOf,
  shiftDate,
  shortDate,
} from '../../src/language/dates.ts';

const anyDay = fc.record({
  year: fc.integer({ min: 1900, max: 2099 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
});

function isoOf({ year, month, day }: { year: number; month: number; day: number }): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

describe('daysIn', () => {
  it('reads a day in every way of writing it, wherever it is in a text', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom('', 'On ', 'She left (', 'Hamburg, '), (date, before) => {
        const { year, month, day } = date;
        const name = MONTHS[month - 1] ?? '';
        const forms = [
          `${name} ${day}, ${year}`,
          `${name.slice(0, 3)}. ${day}, ${year}`,
          `${day} ${name} ${year}`,
          `${day}th of ${name.toUpperCase()} ${year}`,
          isoOf(date),
        ];
        for (const form of forms) {
          const [found] = daysIn(`${before}${form}.`);
          expect(found).toMatchObject({ year, month, day, start: before.length });
          expect(firstIsoDate(`${before}${form}.`)).toBe(isoOf(date));
        }
      }),
    );
  });

  it('reads Japanese dates, with the year of the era too', () => {
    expect(firstIsoDate('上川大臣は2024年1月12日に')).toBe('2024-01-12');
    expect(firstIsoDate('２０２４年３月５日、港湾局は')).toBe('2024-03-05');
    expect(firstIsoDate('令和6年1月12日')).toBe('2024-01-12');
    expect(firstIsoDate('令和元年12月1日')).toBe('2019-12-01');
    expect(daysIn('1月12日').map(({ year, month, day }) => [year, month, day])).toEqual([
      [null, 1, 12],
    ]);
  });

  it('gives no year where the text has none', () => {
    expect(daysIn('from January 12 to 15 March')).toMatchObject([
      { year: null, month: 1, day: 12 },
      { year: null, month: 3, day: 15 },
    ]);
    expect(firstIsoDate('on January 12')).toBeNull();
  });

  it('finds none in other numbers', () => {
    expect(daysIn('In 2024 she may meet 12 people, 3 in March, at 10:30.')).toEqual([]);
  });
});

describe('isDateline', () => {
  it.each([
    'Friday, January 12, 2024, 3:47 p.m., Washington, D.C.',
    'KYIV, Ukraine, Jan. 7',
    'Jan. 7, 2024 at 10:30 JST',
  ])('takes %j for a dateline', (line) => {
    expect(isDateline(line)).toBe(true);
  });

  it.each([
    'Press conference by the foreign minister on January 12, 2024',
    'The minister left on January 12 and came back',
    'Washington, D.C.',
  ])('takes %j for text', (line) => {
    expect(isDateline(line)).toBe(false);
  });
});

describe('isDateline in Japanese', () => {
  it('tells a date with a place from a sentence', () => {
    expect(isDateline('2024年1月12日（金）ワシントン')).toBe(true);
    expect(isDateline('2024年1月12日、上川大臣はワシントンを訪問した。')).toBe(false);
    expect(isDateline('2024年1月12日上川外務大臣によるワシントン訪問について')).toBe(false);
  });
});

describe('dateInWords', () => {
  it('writes a date that daysIn reads back', () => {
    fc.assert(
      fc.property(anyDay, fc.boolean(), (date, weekday) => {
        expect(firstIsoDate(dateInWords(isoOf(date), 'en', { weekday }))).toBe(isoOf(date));
      }),
    );
  });

  it('adds the weekday when asked for it', () => {
    expect(dateInWords('2024-01-12')).toBe('January 12, 2024');
    expect(dateInWords('2024-01-12', 'en', { weekday: true })).toBe('Friday, January 12, 2024');
  });

  it.each(['', 'morning', '2024', '2024-13-01', '2024-01-41'])('leaves %j unchanged', (text) => {
    expect(dateInWords(text, 'en', { weekday: true })).toBe(text);
  });
});

describe('dates', () => {
  it('are counted and put into words', () => {
    expect(daysBetween('2024-02-27', '2024-03-01')).toBe(3);
    expect(shiftDate('2023-12-31', 1)).toBe('2024-01-01');
    expect(dateInWords('2024-01-12', 'en')).toBe('January 12, 2024');
    expect(dateInWords('2024-01-12', 'ja')).toBe('2024年1月12日');
  });

  it('reads numbers in figures, words and kanji', () => {
    expect(['3', '3rd', 'third', 'three', '三', '十', '十二', '二十一', 'x'].map(numberOf)).toEqual(
      [3, 3, 3, 3, 3, 10, 12, 21, 0],
    );
  });
});

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

describe('shortDate', () => {
  it('names day and month of an ISO date', () => {
    expect(shortDate('2024-01-09')).toBe('9 Jan');
    expect(shortDate('2024-01-09', 'ja')).toBe('1月9日');
  });

  it.each(['2024', '2024-01', '2024-13-01', 'January 2024', ''])('leaves %j as it is', (date) => {
    expect(shortDate(date)).toBe(date);
  });
});
