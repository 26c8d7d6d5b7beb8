import { describe, expect, it } from 'vitest';
import type { Locale } from '../../../src/discord/text.ts';
import { altText } from '../../../src/discord/tour-map/draw-tour.ts';
import { ALT_TEXT, journeyOf } from '../../../src/discord/tour-map/pictures.ts';
import { meetingAt, TOUR } from './tour-meetings.ts';

const OSLO = { city: 'Oslo', country: 'Norway', coordinates: [59.91, 10.75] } as const;
const ROME = { city: 'Rome', country: 'Italy', coordinates: [41.9, 12.5] } as const;

describe('The journey', () => {
  it('has a stop for each change of city, in their order', () => {
    const { stops } = journeyOf(TOUR);
    expect(stops.map(({ number, city }) => `${number} ${city}`)).toEqual([
      '1 Tokyo',
      '2 Warsaw',
      '3 Bucha',
      '4 Irpin',
      '5 Kyiv',
      '6 Warsaw',
      '7 Helsinki',
      '8 Stockholm',
      '9 The Hague',
      '10 Washington D.C.',
      '11 Montréal',
      '12 Hamburg',
      '13 Ankara',
      '14 Tokyo',
    ]);
  });

  it('has every day from the first to the last, and its stops', () => {
    const { days } = journeyOf(TOUR);
    expect(days.map(({ date }) => Number(date.slice(8)))).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    ]);
    expect(days.every((day) => day.stops.length > 0 && day.meetingCount > 0)).toBe(true);
  });

  it('is the same whatever order the meetings come in', () => {
    expect(journeyOf([...TOUR].reverse())).toEqual(journeyOf(TOUR));
  });

  it('counts a meeting without a date to its stop and to no day', () => {
    const { stops, days } = journeyOf([
      meetingAt(1, OSLO, '2024-03-01'),
      meetingAt(2, OSLO, null),
      meetingAt(3, ROME, null),
    ]);
    expect(stops.map((stop) => [stop.meetings.length, stop.dates])).toEqual([
      [2, ['2024-03-01']],
      [1, []],
    ]);
    expect(days.map((day) => day.meetingCount)).toEqual([1]);
  });

  it('keeps days without a meeting, unless the journey is long', () => {
    const short = [meetingAt(1, OSLO, '2024-02-28'), meetingAt(2, ROME, '2024-03-01')];
    expect(journeyOf(short).days.map(({ date }) => date)).toEqual([
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
    ]);
    const long = [meetingAt(1, OSLO, '2024-02-28'), meetingAt(2, ROME, '2024-06-01')];
    expect(journeyOf(long).days.map(({ date }) => date)).toEqual(['2024-02-28', '2024-06-01']);
  });

  it('of no meetings is empty', () => {
    expect(journeyOf([])).toEqual({
      stops: [],
      legs: [],
      days: [],
      meetingCount: 0,
      countriesVisited: 0,
    });
  });
});

const LOCALES: readonly Locale[] = ['en', 'ja'];

describe('The alt text', () => {
  it('lists every stop once, numbered and in order', () => {
    const text = altText(journeyOf(TOUR), null, 'en');
    const list = text.slice(text.indexOf('The stops: '));
    const numbers = [...list.matchAll(/(?:: |; )(\d+) \S/g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
    expect(text).toContain('8 Stockholm (9–10 Jan, 3 events)');
    expect(text).not.toContain('Highlighted');
  });

  it('is in Japanese for a Japanese reader', () => {
    const text = altText(journeyOf(TOUR), '2024-01-07', 'ja');
    expect(text).toContain('2024年1月5日〜18日');
    expect(text).toContain('5 キーウ（1月7日、8件）');
    expect(text).toContain('強調表示：1月7日（日）、ブチャ、イルピン、キーウ、10件');
    expect(text).not.toMatch(/[A-Za-z]/);
  });

  it('names the highlighted day with its cities', () => {
    const text = altText(journeyOf(TOUR), '2024-01-09', 'en');
    expect(text).toContain('Highlighted: Tue 9 Jan, Helsinki, Stockholm, 3 events.');
  });

  it.each(LOCALES)('keeps to the limit on each day (%s)', (locale) => {
    const journey = journeyOf(TOUR);
    for (const { date } of journey.days) {
      expect(altText(journey, date, locale).length).toBeLessThanOrEqual(ALT_TEXT);
    }
  });

  it.each(LOCALES)('counts the stops that do not fit (%s)', (locale) => {
    const many = Array.from({ length: 200 }, (_, index) =>
      meetingAt(
        index,
        { city: `Llanfairpwllgwyngyll ${index}`, country: 'Wales', coordinates: [53, -4] },
        '2024-05-01',
      ),
    );
    const text = altText(journeyOf(many), null, locale);
    expect(text.length).toBeLessThanOrEqual(ALT_TEXT);
    const listed = text.match(/Llanfair/g)?.length ?? 0;
    expect(text).toContain(locale === 'ja' ? `ほか${200 - listed}地点` : `${200 - listed} more`);
  });
});
