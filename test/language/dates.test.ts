import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MONTHS,
  dateInWords,
  daysBetween,
  daysIn,
  firstIsoDate,
  isDateline,
  numberOf,
  shiftDate,
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
