import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DOMParser } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Locale } from '../../../src/discord/text.ts';
import { cardSvg } from '../../../src/discord/tour-map/draw-tour.ts';
import { journeyOf, type TourMeeting } from '../../../src/discord/tour-map/pictures.ts';
import { COLOUR, readFontMetrics } from '../../../src/discord/tour-map/svg.ts';
import { meetingAt, TOUR } from './tour-meetings.ts';

/** All pairs of text and background colours. */
const TEXT_PAIRS = [
  [COLOUR.text, COLOUR.card],
  [COLOUR.softText, COLOUR.card],
  [COLOUR.route, COLOUR.card],
  [COLOUR.route, COLOUR.label],
  [COLOUR.text, COLOUR.label],
  [COLOUR.softText, COLOUR.label],
  [COLOUR.badgeText, COLOUR.badge],
  [COLOUR.text, COLOUR.cell],
  [COLOUR.softText, COLOUR.cell],
  [COLOUR.bubbleText, COLOUR.bubble],
  [COLOUR.chosenText, COLOUR.chosen],
  [COLOUR.chosenBadgeText, COLOUR.chosenBadge],
] as const;

const drawn = new Map<string, Document>();

/** The picture of TOUR, drawn once for a language and a day. */
function drawTour(locale: Locale, day: string | null = null): Document {
  const key = `${locale} ${day ?? ''}`;
  const picture = drawn.get(key) ?? draw(TOUR, locale, day);
  drawn.set(key, picture);
  return picture;
}

function draw(of: readonly TourMeeting[], locale: Locale, day: string | null = null): Document {
  const svg = cardSvg({ journey: journeyOf(of), day, isWhole: true, locale });
  return new DOMParser().parseFromString(svg, 'image/svg+xml') as unknown as Document;
}

function texts(picture: Document): string[] {
  return [...picture.querySelectorAll('text')].map((text) => text.textContent);
}

/** The numbers that stand in a round badge: the texts right behind a circle. */
function badges(picture: Document): number[] {
  return [...picture.querySelectorAll('circle + text')].map((text) => Number(text.textContent));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('The card', () => {
  it.each(['en', 'ja'] as const)(
    'numbers every stop exactly once, whatever day is chosen (%s)',
    (locale) => {
      const numbers = journeyOf(TOUR).stops.map(({ number }) => number);
      for (const day of [null, '2024-01-12']) {
        expect(badges(drawTour(locale, day)).sort((a, b) => a - b)).toEqual(numbers);
      }
    },
  );

  it('shows the calendar with its cities and the meetings in Washington', () => {
    const shown = texts(drawTour('en'));
    for (const word of ['5–18 January 2024', '5 Jan', '18', 'Fri', 'Thu', 'Irpin', 'Washington']) {
      expect(shown).toContain(word);
    }
  });

  it('names the cities in Japanese for a Japanese reader', () => {
    const shown = texts(drawTour('ja'));
    for (const word of ['東京', 'キーウ', 'モントリオール', '1月9〜10日']) {
      expect(shown).toContain(word);
    }
    expect(shown.join('')).not.toMatch(/[A-Za-z]/);
  });

  it('enlarges the region where most stops are, wherever that is', () => {
    const at = (city: string, coordinates: [number, number]) =>
      ({ city, country: city, coordinates }) as const;
    const south = [
      at('Lima', [-12.05, -77.04]),
      at('La Paz', [-16.5, -68.15]),
      at('Santiago', [-33.45, -70.66]),
      at('Oslo', [59.91, 10.75]),
    ];
    const picture = draw(
      south.map((place, index) => meetingAt(index, place, `2024-03-0${index + 1}`)),
      'en',
    );
    const xOf = (name: string): number => {
      const labels = [...picture.querySelectorAll('circle + text + text')];
      return Number(labels.find((label) => label.textContent === name)?.getAttribute('x'));
    };
    // The enlarged region is the right half of the picture.
    for (const city of ['Lima', 'La Paz', 'Santiago']) expect(xOf(city)).toBeGreaterThan(520);
    expect(xOf('Oslo')).toBeLessThan(520);
  });

  it('has no text smaller than 22 of its 1200 pixels', () => {
    for (const locale of ['en', 'ja'] as const) {
      for (const text of drawTour(locale).querySelectorAll('text')) {
        expect(Number(text.getAttribute('font-size'))).toBeGreaterThanOrEqual(22);
      }
    }
  });

  it('uses no Japanese character that the bundled fonts lack', () => {
    const folder = new URL('../../../src/discord/tour-map/fonts/', import.meta.url);
    for (const name of ['BIZUDPGothic-Regular-subset.ttf', 'BIZUDPGothic-Bold-subset.ttf']) {
      const font = readFontMetrics(readFileSync(new URL(name, folder)));
      const needed = [...new Set(texts(drawTour('ja')).join(''))].filter((one) =>
        /[\u3000-\u30FF\u4E00-\u9FFF]/u.test(one),
      );
      expect(needed.filter((one) => !font.has(one.codePointAt(0) ?? 0))).toEqual([]);
      expect(needed.length).toBeGreaterThan(40);
    }
  });

  it('draws every day as a plain day when the chosen one is not part of the tour', () => {
    const options = { journey: journeyOf(TOUR), isWhole: true, locale: 'en' } as const;
    const cells = (day: string | null): string =>
      cardSvg({ ...options, day })
        .split('<text')
        .slice(-40)
        .join('<text');
    expect(cells('2023-12-24')).toBe(cells(null));
    expect(cells('2024-01-18')).not.toBe(cells(null));
  });

  it('takes names that look like markup as text', () => {
    const place = { city: '<b>"A&B"</b>', country: 'Nowhere', coordinates: [50, 10] } as const;
    const picture = draw([meetingAt(1, place, '2024-01-01')], 'en');
    expect(picture.querySelectorAll('b')).toHaveLength(0);
    expect(texts(picture)).toContain('<b>"A&B"</b>');
  });

  it('can be drawn without meetings, and for a journey on the other side of the world', () => {
    expect(badges(draw([], 'en'))).toEqual([]);
    const suva = { city: 'Suva', country: 'Fiji', coordinates: [-18.14, 178.44] } as const;
    const apia = { city: 'Apia', country: 'Samoa', coordinates: [-13.83, -171.77] } as const;
    const picture = draw([meetingAt(1, suva, '2024-01-01'), meetingAt(2, apia, null)], 'en');
    expect(badges(picture)).toEqual([1, 2]);
  });

  it('sets all text in colours whose contrast is at least 4.5', () => {
    for (const [text, background] of TEXT_PAIRS) {
      const [light = 0, dark = 0] = [luminance(text), luminance(background)].sort((a, b) => b - a);
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('The font metrics', () => {
  it('give the widths that DejaVu Sans Condensed is known for', () => {
    const path = createRequire(import.meta.url).resolve(
      'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf',
    );
    const font = readFontMetrics(readFileSync(path));
    expect(font.advance(0x6d) / font.advance(0x69)).toBeCloseTo(3.5, 0);
    expect(font.has(0xe9)).toBe(true);
    expect(font.has(0x6771)).toBe(false);
  });
});
