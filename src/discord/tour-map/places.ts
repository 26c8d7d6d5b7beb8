/**
 * The places of a map: dots with their labels, the lines between them, and the captions of night trains; and where labels
 * go: near their points, clear of each other.
 */
import type { GeoProjection } from 'd3-geo';
import { dateList, textsIn, type Locale } from '../text.ts';
import { cityName, type Leg, type Stop } from './journey.ts';
import {
  BADGE_RADIUS,
  BADGE_STEP,
  CAPTION_GAP,
  CAPTION_HEIGHT,
  COLOUR,
  type Caption,
  TYPE,
  badge,
  captionSvg,
  distanceTo,
  isInside,
  isWithin,
  lineCrosses,
  overlaps,
  placeDotSvg,
  placeLineSvg,
  rectElement,
  textElement,
  type Box,
  type Measure,
  type Point,
} from './svg.ts';

export interface PlacesOptions {
  /** ISO date to highlight, or null. */
  readonly day: string | null;
  readonly locale: Locale;
  readonly measure: Measure;
}

export interface DrawnLeg {
  readonly leg: Leg;
  readonly line: readonly Point[];
}

export interface LabelledMap {
  readonly stops: readonly Stop[];
  readonly projection: GeoProjection;
  readonly legs: readonly DrawnLeg[];
  readonly bounds: Box;
  /** Points, besides those of the route, that labels should avoid. */
  readonly avoid: readonly Point[];
}

/** The dots of a map with their labels, the lines between the two, and the captions of night trains. */
export function placesSvg(map: LabelledMap, options: PlacesOptions): string {
  const labels = groups(map.stops, map.projection).map((group) =>
    placeLabel({ ...group, ...options }),
  );
  const avoid = [...map.legs.flatMap(({ line }) => spaced(line)), ...map.avoid];
  const trains = captions(map, options);
  const boxes = placeLabels({
    labels,
    bounds: map.bounds,
    gap: LABEL_GAP,
    avoid,
    taken: trains.map(({ box }) => box),
  });
  const placed = labels.flatMap((label, index) => {
    const box = boxes[index] ?? null;
    return box === null ? [] : [{ label, box }];
  });
  return [
    ...placed.map(({ label, box }) => placeLineSvg(label.anchor, box)),
    ...trains.map(captionSvg),
    ...placed.map(({ label, box }) => placeLabelSvg(label, box)),
    `<g>${labels.map(({ anchor, isChosen }) => placeDotSvg(anchor, isChosen)).join('')}</g>`,
  ].join('');
}

/** Stops closer to each other than this share a dot and a label. In pixels. */
const SAME_DOT = 16;
const LABEL_GAP = 18;
const AVOID_SPACING = 12;

interface Group {
  readonly anchor: Point;
  readonly stops: Stop[];
}

function groups(stops: readonly Stop[], projection: GeoProjection): Group[] {
  const found: Group[] = [];
  for (const stop of stops) {
    const point = project(projection, lonLat(stop));
    const near = found.find(
      ({ anchor }) => Math.hypot(anchor.x - point.x, anchor.y - point.y) < SAME_DOT,
    );
    if (near === undefined) found.push({ anchor: point, stops: [stop] });
    else near.stops.push(stop);
  }
  return found;
}

/** Points along a line at least `AVOID_SPACING` apart, so that each counts for the same length. */
function spaced(line: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of line) {
    const last = kept.at(-1);
    if (last === undefined || Math.hypot(point.x - last.x, point.y - last.y) >= AVOID_SPACING) {
      kept.push(point);
    }
  }
  return kept;
}

function captions(map: LabelledMap, { locale, measure }: PlacesOptions): Caption[] {
  const text = textsIn(locale).map.nightTrain;
  const width = Math.ceil(measure(text, TYPE.body, 'regular')) + 8;
  return map.legs.flatMap(({ leg, line }) => {
    const [first, middle, last] = [line[0], line[line.length >> 1], line.at(-1)];
    if (!leg.byNightTrain || !first || !middle || !last) return [];
    const isBelow = middle.y >= (first.y + last.y) / 2;
    const y = middle.y + (isBelow ? CAPTION_GAP : -CAPTION_GAP - CAPTION_HEIGHT);
    const box = { x: middle.x - width / 2, y, width, height: CAPTION_HEIGHT };
    const corners = [box, { x: box.x + width, y: y + CAPTION_HEIGHT }];
    return corners.every((corner) => isInside(corner, map.bounds)) ? [{ text, box }] : [];
  });
}

interface Row {
  readonly name: string;
  readonly numbers: readonly number[];
}

/** The label of a dot on a map: the cities there with their stops, and the dates. */
interface PlaceLabel {
  readonly anchor: Point;
  readonly rows: readonly Row[];
  readonly dates: string;
  readonly isChosen: boolean;
  readonly width: number;
  readonly height: number;
}

const PADDING_X = 10;
const PADDING_Y = 6;
const ROW = 40;
const DATE_ROW = 34;

interface PlaceLabelOptions extends PlacesOptions {
  /** Stops at or very near one point, in order. */
  readonly stops: readonly Stop[];
  readonly anchor: Point;
}

function placeLabel({ stops, anchor, locale, day, measure }: PlaceLabelOptions): PlaceLabel {
  const numbers = new Map<string, number[]>();
  for (const stop of stops) {
    const name = cityName(stop, locale);
    numbers.set(name, [...(numbers.get(name) ?? []), stop.number]);
  }
  const rows = [...numbers].map(([name, ofCity]) => ({ name, numbers: ofCity }));
  const dates = dateList([...new Set(stops.flatMap((stop) => stop.dates))].sort(), locale);
  const widths = rows.map(
    (row) => row.numbers.length * BADGE_STEP + 3 + measure(row.name, TYPE.name, 'bold'),
  );
  return {
    anchor,
    rows,
    dates,
    isChosen: day !== null && stops.some((stop) => stop.dates.includes(day)),
    width: Math.ceil(Math.max(...widths, measure(dates, TYPE.body, 'regular')) + 2 * PADDING_X),
    height: rows.length * ROW + (dates === '' ? 0 : DATE_ROW) + 2 * PADDING_Y,
  };
}

/** The label in its box. */
function placeLabelSvg(label: PlaceLabel, box: Box): string {
  const { rows, dates, isChosen } = label;
  const parts = [
    rectElement(box, {
      fill: isChosen ? COLOUR.chosen : COLOUR.label,
      radius: 12,
      stroke: isChosen ? COLOUR.text : COLOUR.cardEdge,
      strokeWidth: isChosen ? 4 : 2,
    }),
  ];
  rows.forEach((row, index) => {
    const middle = box.y + PADDING_Y + index * ROW + ROW / 2;
    row.numbers.forEach((number, position) => {
      const x = box.x + PADDING_X + BADGE_RADIUS + position * BADGE_STEP;
      parts.push(badge(number, { x, y: middle }, isChosen));
    });
    parts.push(
      textElement(row.name, {
        x: box.x + PADDING_X + row.numbers.length * BADGE_STEP + 3,
        y: middle + TYPE.name * 0.36,
        size: TYPE.name,
        colour: isChosen ? COLOUR.chosenText : COLOUR.text,
        weight: 'bold',
      }),
    );
  });
  if (dates !== '') {
    parts.push(
      textElement(dates, {
        x: box.x + PADDING_X,
        y: box.y + PADDING_Y + rows.length * ROW + DATE_ROW - 10,
        size: TYPE.body,
        colour: isChosen ? COLOUR.chosenText : COLOUR.softText,
      }),
    );
  }
  return parts.join('');
}

export function lonLat(stop: Stop): [number, number] {
  const [latitude, longitude] = stop.coordinates;
  return [longitude, latitude];
}

export function project(projection: GeoProjection, place: [number, number]): Point {
  const [x, y] = projection(place) ?? [0, 0];
  return { x, y };
}

interface LabelRequest {
  readonly anchor: Point;
  readonly width: number;
  readonly height: number;
}

interface LabelOptions {
  readonly labels: readonly LabelRequest[];
  readonly bounds: Box;
  /**
   * Distance between a label and its anchor, in pixels. Every anchor is at least 0.7 of it away, and every other
   * label at least half of it.
   */
  readonly gap: number;
  /** Points that labels should avoid, such as those along a route. */
  readonly avoid: readonly Point[];
  /** Room that is taken; no label may overlap it. */
  readonly taken?: readonly Box[];
}

interface Candidate {
  readonly box: Box;
  /** Cost of the place, without regard to the other labels. */
  readonly cost: number;
}

/** Rounds in which each label is placed again, given the others. A map has few labels, so few rounds suffice. */
const ROUNDS = 3;
const DISTANCES = [0, 12, 28, 48, 76] as const;
const DIRECTIONS = 24;
/** Step of the grid that is searched where there is no room nearby, in pixels. */
const STEP = 16;
const LEAST_SHARE = 0.7;
const COVERED_POINT = 6;
const CROSSING = 400;
/** A label closer than this to another label's anchor could be mistaken for that one's. In pixels. */
const OWN_ROOM = 48;
const MISSING = 100_000;

/** Boxes in all directions from the anchor, at several distances. */
function around({ anchor, width, height }: LabelRequest, gap: number): Box[] {
  return DISTANCES.flatMap((further) =>
    Array.from({ length: DIRECTIONS }, (_, step) => {
      const angle = (step / DIRECTIONS) * 2 * Math.PI;
      const reach = gap + further;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      // The side or the corner of the box that faces the anchor is `reach` away.
      const x = anchor.x + cos * reach + (cos - 1) * (width / 2);
      const y = anchor.y + sin * reach + (sin - 1) * (height / 2);
      return { x, y, width, height };
    }),
  );
}

function anywhere({ width, height }: LabelRequest, bounds: Box): Box[] {
  const boxes: Box[] = [];
  for (let y = bounds.y; y + height <= bounds.y + bounds.height; y += STEP) {
    for (let x = bounds.x; x + width <= bounds.x + bounds.width; x += STEP) {
      boxes.push({ x, y, width, height });
    }
  }
  return boxes;
}

/** The boxes that keep away from anchors and taken room, the cheapest first. */
function candidatesOf(
  boxes: readonly Box[],
  { anchor }: LabelRequest,
  { labels, bounds, gap, avoid, taken = [] }: LabelOptions,
): Candidate[] {
  return boxes
    .filter(
      (box) =>
        isWithin(box, bounds) &&
        !taken.some((other) => overlaps(box, other, gap / 2)) &&
        labels.every((other) => distanceTo(box, other.anchor) >= gap * LEAST_SHARE),
    )
    .map((box) => {
      const covered = avoid.filter((point) => distanceTo(box, point) < 6).length;
      const doubtful = labels.reduce(
        (sum, other) =>
          other.anchor === anchor
            ? sum
            : sum + Math.max(0, OWN_ROOM - distanceTo(box, other.anchor)),
        0,
      );
      const away = distanceTo(box, anchor);
      // Long lines are worse than in proportion: the eye loses them.
      const cost = away + (away * away) / 60 + doubtful + covered * COVERED_POINT;
      return { box, cost };
    })
    .sort((a, b) => a.cost - b.cost);
}

interface Layout {
  readonly boxes: readonly (Box | null)[];
  readonly cost: number;
}

/** Places the labels one after the other, in the given order, in several rounds. */
function settle(
  order: readonly number[],
  options: LabelOptions,
  near: readonly (readonly Candidate[])[],
  far: (index: number) => readonly Candidate[],
): Layout {
  const { labels, gap } = options;
  const placed: (Candidate | null)[] = labels.map(() => null);
  const costAmong = (candidate: Candidate, index: number): number => {
    let cost = candidate.cost;
    for (const [otherIndex, other] of placed.entries()) {
      if (otherIndex === index || other === null) continue;
      if (overlaps(candidate.box, other.box, gap / 2)) return Infinity;
      const [mine, its] = [labels[index]?.anchor, labels[otherIndex]?.anchor];
      if (mine !== undefined && lineCrosses(mine, candidate.box, other.box)) cost += CROSSING;
      if (its !== undefined && lineCrosses(its, other.box, candidate.box)) cost += CROSSING;
    }
    return cost;
  };
  const cheapest = (candidates: readonly Candidate[], index: number): Candidate | null => {
    let best: Candidate | null = null;
    let bestCost = Infinity;
    for (const candidate of candidates) {
      // Candidates are sorted by their own cost, which other labels can only raise.
      if (candidate.cost >= bestCost) break;
      const cost = costAmong(candidate, index);
      if (cost < bestCost) [best, bestCost] = [candidate, cost];
    }
    return best;
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const index of order) {
      placed[index] = cheapest(near[index] ?? [], index) ?? cheapest(far(index), index);
    }
  }
  const cost = placed.reduce(
    (sum, candidate, index) => sum + (candidate === null ? MISSING : costAmong(candidate, index)),
    0,
  );
  return { boxes: placed.map((candidate) => candidate?.box ?? null), cost };
}

/** Orders to try. The label that is placed first gets the best place, so the order matters. */
function ordersOf(labels: readonly LabelRequest[]): number[][] {
  const indices = labels.map((_, index) => index);
  const by = (key: (label: LabelRequest) => number): number[] =>
    [...indices].sort((a, b) => {
      const [first, second] = [labels[a], labels[b]];
      return first === undefined || second === undefined ? 0 : key(first) - key(second);
    });
  const orders = [
    by((label) => -label.width * label.height),
    by((label) => label.anchor.x),
    by((label) => label.anchor.y),
    indices,
  ];
  const turned = orders.flatMap((order) =>
    order.map((_, by) => [...order.slice(by), ...order.slice(0, by)]),
  );
  return turned.flatMap((order) => [order, order.toReversed()]);
}

/**
 * Places each label near its anchor. Placed labels are inside the bounds and never overlap each other or any anchor;
 * a label without room gets null. The same options always give the same places.
 */
export function placeLabels(options: LabelOptions): (Box | null)[] {
  const { labels, bounds, gap } = options;
  const near = labels.map((label) => candidatesOf(around(label, gap), label, options));
  const farFound = new Map<number, readonly Candidate[]>();
  const far = (index: number): readonly Candidate[] => {
    const label = labels[index];
    if (label === undefined) return [];
    const found = farFound.get(index) ?? candidatesOf(anywhere(label, bounds), label, options);
    farFound.set(index, found);
    return found;
  };
  let best: Layout = { boxes: [], cost: Infinity };
  for (const order of ordersOf(labels)) {
    const layout = settle(order, options, near, far);
    if (layout.cost < best.cost) best = layout;
  }
  return [...best.boxes];
}
