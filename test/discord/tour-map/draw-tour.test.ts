import { getPriority } from 'node:os';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawTour } from '../../../src/discord/tour-map/draw-tour.ts';
import { TourPictures, WANTED_PRIORITY } from '../../../src/discord/tour-map/pictures.ts';
import { COLOUR } from '../../../src/discord/tour-map/svg.ts';
import { TOUR as meetings } from './tour-meetings.ts';

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly data: Uint8Array;
}

async function decodePng(png: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

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

const plain = drawTour({ meetings, day: null, isWhole: true, locale: 'en' });
const plainPixels = await decodePng(plain.png);

describe('The picture of the tour', () => {
  it('is a PNG, wide enough for a phone and at most 600 KB', () => {
    const { width, height } = plainPixels;
    expect(width).toBeGreaterThanOrEqual(1200);
    expect(width / height).toBeGreaterThan(1.2);
    expect(plain.png.length).toBeLessThanOrEqual(600_000);
  });

  it('shows land, sea, route and text on an opaque card with clear corners', () => {
    for (const colour of [COLOUR.land, COLOUR.sea, COLOUR.card, COLOUR.cell]) {
      expect(countOf(plainPixels, colour)).toBeGreaterThan(20_000);
    }
    for (const colour of [COLOUR.route, COLOUR.text]) {
      expect(countOf(plainPixels, colour)).toBeGreaterThan(3_000);
    }
    expect(colourAt(plainPixels, 0, 0)).toBe('00000000');
    expect(colourAt(plainPixels, 600, 12)).toBe(`${COLOUR.card.slice(1)}ff`);
  });

  it('fills the chosen day and its stop with the colour of the route', async () => {
    const chosen = await decodePng(
      drawTour({ meetings, isWhole: true, locale: 'en', day: '2024-01-16' }).png,
    );
    expect(countOf(chosen, COLOUR.chosen)).toBeGreaterThan(countOf(plainPixels, COLOUR.chosen));
    expect(countOf(chosen, COLOUR.routeQuiet)).toBeGreaterThan(1_000);
    expect(countOf(plainPixels, COLOUR.routeQuiet)).toBe(0);
  });

  it('highlights nothing for a day outside the tour', () => {
    const other = drawTour({ meetings, isWhole: true, locale: 'en', day: '2024-01-19' });
    expect(Buffer.compare(other.png, plain.png)).toBe(0);
    expect(other.alt).toBe(plain.alt);
  });

  it('is the same when it is drawn in a process of low priority, and drawn once', async () => {
    const pictures = new TourPictures();
    const documents = new Map(meetings.map(({ id, ja }) => [id, { ja }]));
    const snapshot = { generation: 'g', meetings, documents };
    const request = { isWhole: true, locale: 'ja', day: '2024-01-11' } as const;
    const [there, again] = await Promise.all([
      pictures.draw(snapshot, request),
      pictures.draw(snapshot, request),
    ]);
    expect(again).toBe(there);
    // Never higher than that of this process.
    const priority = Math.max(WANTED_PRIORITY, getPriority());
    expect(getPriority(pictures.pid)).toBe(priority);
    const here = drawTour({ meetings, ...request });
    expect(Buffer.compare(there.png, here.png)).toBe(0);
    expect(there.alt).toBe(here.alt);
    const whole = await pictures.draw(snapshot, { isWhole: true, locale: 'ja', day: null });
    expect(Buffer.compare(whole.png, here.png)).not.toBe(0);
    pictures.close();
  });

  it('is drawn by another process when one ends before', async () => {
    const pictures = new TourPictures();
    const snapshot = { generation: 'g', meetings, documents: new Map() };
    const days = ['2024-01-11', '2024-01-12'];
    const drawn = days.map((day) => pictures.draw(snapshot, { isWhole: true, locale: 'en', day }));
    const { pid = 0 } = pictures;
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGKILL');
    for (const picture of await Promise.all(drawn)) expect(picture.png.length).toBeGreaterThan(0);
    expect(pictures.pid).not.toBe(pid);
    pictures.close();
  });
});
