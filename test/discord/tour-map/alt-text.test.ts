import { describe, expect, it } from 'vitest';
import { ALT_TEXT } from '../../../src/discord/views/components.ts';
import type { Locale } from '../../../src/discord/texts/index.ts';
import { journeyOf } from '../../../src/discord/tour-map/journey.ts';
import { altText } from '../../../src/discord/tour-map/words.ts';
import { meetingAt, TOUR } from './tour-meetings.ts';

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
