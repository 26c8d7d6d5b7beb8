import { describe, expect, it } from 'vitest';
import { drawTour, drawTourInBackground } from '../../../src/discord/tour-map/draw-tour.ts';
import { COLOUR } from '../../../src/discord/tour-map/svg.ts';
import { decodePng, type Pixels } from './decode-png.ts';
import { TOUR as meetings } from './tour-meetings.ts';

function colourAt({ data, width }: Pixels, x: number, y: number): string {
  const at = (y * width + x) * 4;
  return Buffer.from(data.subarray(at, at + 4)).toString('hex');
}

function countOf({ data }: Pixels, colour: string): number {
  const wanted = Number.parseInt(`${colour.slice(1)}ff`, 16);
  const view = new DataView(data.buffer);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (view.getUint32(at) === wanted) count++;
  return count;
}

describe('The picture of the tour', () => {
  it('is a PNG of the stated size, wide enough for a phone and at most 600 KB', () => {
    const { png, width, height } = drawTour({ meetings, locale: 'en' });
    const pixels = decodePng(png);
    expect([pixels.width, pixels.height]).toEqual([width, height]);
    expect(width).toBeGreaterThanOrEqual(1200);
    expect(width / height).toBeGreaterThan(1.2);
    expect(png.length).toBeLessThanOrEqual(600_000);
  });

  it('shows land, sea, route and text on an opaque card with clear corners', () => {
    const pixels = decodePng(drawTour({ meetings, locale: 'en' }).png);
    for (const colour of [COLOUR.land, COLOUR.sea, COLOUR.card, COLOUR.cell]) {
      expect(countOf(pixels, colour)).toBeGreaterThan(20_000);
    }
    for (const colour of [COLOUR.route, COLOUR.text]) {
      expect(countOf(pixels, colour)).toBeGreaterThan(3_000);
    }
    expect(colourAt(pixels, 0, 0)).toBe('00000000');
    expect(colourAt(pixels, 600, 12)).toBe(`${COLOUR.card.slice(1)}ff`);
  });

  it('fills the chosen day and its stop with the colour of the route', () => {
    const plain = decodePng(drawTour({ meetings, locale: 'en' }).png);
    const chosen = decodePng(drawTour({ meetings, locale: 'en', day: '2024-01-16' }).png);
    expect(countOf(chosen, COLOUR.chosen)).toBeGreaterThan(countOf(plain, COLOUR.chosen));
    expect(countOf(chosen, COLOUR.routeQuiet)).toBeGreaterThan(1_000);
    expect(countOf(plain, COLOUR.routeQuiet)).toBe(0);
  });

  it('highlights nothing for a day outside the tour', () => {
    const plain = drawTour({ meetings, locale: 'en', day: null });
    for (const day of ['2024-01-19', '', 'tomorrow']) {
      const other = drawTour({ meetings, locale: 'en', day });
      expect(other.png.equals(plain.png)).toBe(true);
      expect(other.alt).toBe(plain.alt);
    }
  });

  it('is the same when it is rendered on another thread', async () => {
    const request = { meetings, locale: 'ja', day: '2024-01-11' } as const;
    const [here, there] = [drawTour(request), await drawTourInBackground(request)];
    expect(there.png.equals(here.png)).toBe(true);
    expect(there.alt).toBe(here.alt);
  });
});
