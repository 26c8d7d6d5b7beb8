import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../src/discord/tour-map/places.ts';
import { distanceTo, overlaps, type Box } from '../../../src/discord/tour-map/svg.ts';

const BOUNDS = { x: 10, y: 20, width: 600, height: 500 };
const GAP = 16;

const point = fc.record({
  x: fc.integer({ min: BOUNDS.x, max: BOUNDS.x + BOUNDS.width }),
  y: fc.integer({ min: BOUNDS.y, max: BOUNDS.y + BOUNDS.height }),
});
const label = fc.record({
  anchor: point,
  width: fc.integer({ min: 40, max: 240 }),
  height: fc.integer({ min: 30, max: 160 }),
});

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other): [T, T] => [one, other]));
}

function placedOf(boxes: readonly (Box | null)[]): Box[] {
  return boxes.filter((box) => box !== null);
}

describe('The labels of a map', () => {
  it('never overlap each other, or an anchor, and lie inside the bounds', () => {
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 9 }),
        fc.array(point, { maxLength: 30 }),
        (labels, avoid) => {
          const boxes = placedOf(placeLabels({ labels, bounds: BOUNDS, gap: GAP, avoid }));
          for (const [one, other] of pairs(boxes)) expect(overlaps(one, other)).toBe(false);
          for (const box of boxes) {
            for (const { anchor } of labels)
              expect(distanceTo(box, anchor)).toBeGreaterThanOrEqual(GAP * 0.7);
            expect(box.x).toBeGreaterThanOrEqual(BOUNDS.x);
            expect(box.y).toBeGreaterThanOrEqual(BOUNDS.y);
            expect(box.x + box.width).toBeLessThanOrEqual(BOUNDS.x + BOUNDS.width);
            expect(box.y + box.height).toBeLessThanOrEqual(BOUNDS.y + BOUNDS.height);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('find room for every small label of a few', () => {
    const small = label.map((one) => ({ ...one, width: one.width / 3, height: one.height / 3 }));
    fc.assert(
      fc.property(fc.array(small, { maxLength: 8 }), (labels) => {
        const boxes = placeLabels({ labels, bounds: BOUNDS, gap: GAP, avoid: [] });
        expect(placedOf(boxes)).toHaveLength(labels.length);
      }),
      { numRuns: 30 },
    );
  });

  it('stand right beside an anchor that has the map to itself', () => {
    const anchor = { x: 300, y: 250 };
    const [box] = placeLabels({
      labels: [{ anchor, width: 150, height: 60 }],
      bounds: BOUNDS,
      gap: GAP,
      avoid: [],
    });
    const distance = box ? distanceTo(box, anchor) : Infinity;
    expect(distance).toBeGreaterThanOrEqual(GAP * 0.7);
    expect(distance).toBeLessThanOrEqual(GAP + 0.001);
  });

  it('leave a line free where there is room beside it', () => {
    const anchor = { x: 300, y: 250 };
    const avoid = Array.from({ length: 25 }, (_, step) => ({ x: 300 + step * 12, y: 250 }));
    const [box] = placeLabels({
      labels: [{ anchor, width: 150, height: 60 }],
      bounds: BOUNDS,
      gap: GAP,
      avoid,
    });
    expect(box && avoid.every((one) => distanceTo(box, one) > 0)).toBe(true);
  });

  it('are left out when there is no room at all', () => {
    const anchor = { x: 300, y: 250 };
    const labels = [{ anchor, width: BOUNDS.width + 1, height: 60 }];
    expect(placeLabels({ labels, bounds: BOUNDS, gap: GAP, avoid: [] })).toEqual([null]);
  });
});
