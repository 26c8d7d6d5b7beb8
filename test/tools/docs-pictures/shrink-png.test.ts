import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { paletteOf } from '../../../tools/docs-pictures/palette.ts';
import { shrinkPng } from '../../../tools/docs-pictures/shrink-png.ts';

const RED = 0xff0000;
const BLUE = 0x0000ff;

/** Two by two pixels, the second row written as differences from the first. */
function screenshot(): Buffer {
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
  const rows = Buffer.from([0, 255, 0, 0, 0, 0, 255, 2, 0, 0, 0, 255, 0, 1]);
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a screenshot with a palette', () => {
  it('has the same pixels where there are few colours', () => {
    const png = shrinkPng(screenshot());
    const part = (type: string): Buffer => {
      const at = png.indexOf(type, 0, 'latin1');
      return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
    };
    const palette = part('PLTE');
    const rows = inflateSync(part('IDAT'));
    const colourAt = (x: number, y: number): number =>
      palette.readUIntBE((rows[y * 3 + 1 + x] ?? 0) * 3, 3);
    expect([colourAt(0, 0), colourAt(1, 0), colourAt(0, 1), colourAt(1, 1)]).toEqual([
      RED,
      BLUE,
      RED,
      // Blue, red and green of the pixel above and 255, 0, 1 added, each modulo 256.
      0xff0000,
    ]);
  });

  it('keeps the colour of plain areas exactly and every colour near its own', () => {
    const counts = new Map<number, number>([[0x242429, 100_000]]);
    for (let grey = 0; grey < 256; grey++) counts.set(grey * 0x010101, 1);
    const { palette, places } = paletteOf(counts, 64);
    const near = (colour: number): number => palette[places.get(colour) ?? -1] ?? -1;
    expect(palette.length).toBeLessThanOrEqual(64);
    expect(near(0x242429)).toBe(0x242429);
    for (const colour of counts.keys()) {
      expect(Math.abs((near(colour) & 255) - (colour & 255))).toBeLessThanOrEqual(8);
    }
  });

  it('refuses a picture of another form', () => {
    const png = screenshot();
    png[25] = 6;
    expect(() => shrinkPng(png)).toThrow('expected 8-bit RGB, found 8 6 0 0 0');
  });
});
