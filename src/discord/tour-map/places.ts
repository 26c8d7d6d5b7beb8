/**
 * The places of a map: dots with their labels and the lines between them; and where labels go: near their points,
 * clear of each other.
 */
import type { GeoProjection } from 'd3-geo';
import type { Locale } from '../text.ts';
import { cityName, dateList, type Leg, type Stop } from './pictures.ts';
import {
  BADGE_RADIUS,
  COLOUR,
  TYPE,
  badge,
  distanceTo,
  isWithin,
  lineCrosses,
  nearestPoint,
  overlaps,
  rectElement,
  short,
  textElement,
  widthOf,
  type Box,
  type Point,
} from './svg.ts';

export interface PlacesOptions {
  readonly day: string | null;
  readonly locale: Locale;
}

export interface DrawnLeg {
  readonly leg: Leg;
  readonly line: readonly Point[];
}

interface LabelledMap {
  readonly stops: readonly Stop[];
  readonly projection: GeoProjection;
  readonly legs: readonly DrawnLeg[];
  readonly bounds: Box;
  /** Points, besides those of the route, that labels should avoid. */
  readonly avoid: readonly Point[];
}

/** The dots of a map with their labels, and the lines between the two. */
export function placesSvg(map: LabelledMap, options: PlacesOptions): string {
  const labels = placeLabelsOf(map, options);
  const boxes = placeLabels({
    labels,
    bounds: map.bounds,
    gap: LABEL_GAP,
    avoid: [...map.legs.flatMap(({ line }) => spaced(line)), ...map.avoid],
  });
  const placed = labels.flatMap((label, index) => {
    const box = boxes[index] ?? null;
    return box === null ? [] : [{ label, box }];
  });
  return [
    // Before the labels, so that no line crosses a text.
    ...placed.map(({ label, box }) => lineSvg(label.anchor, box)),
    ...placed.map(({ label, box }) => labelSvg(label, box)),
    `<g>${labels.map(dotSvg).join('')}</g>`,
  ].join('');
}

/** Stops closer to each other than this share a dot and a label. In pixels. */
const SAME_DOT = 16;
const LABEL_GAP = 18;
const AVOID_SPACING = 12;

/** One label for the stops at or very near one point. */
function placeLabelsOf({ stops, projection }: LabelledMap, options: PlacesOptions): PlaceLabel[] {
  const found: { readonly anchor: Point; readonly stops: Stop[] }[] = [];
  for (const stop of stops) {
    const anchor = project(projection, lonLat(stop));
    const near = found.find((group) => between(group.anchor, anchor) < SAME_DOT);
    if (near === undefined) found.push({ anchor, stops: [stop] });
    else near.stops.push(stop);
  }
  return found.map((group) => placeLabel(group.anchor, group.stops, options));
}

function between(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Points along a line at least `AVOID_SPACING` apart, so that each counts for the same length. */
function spaced(line: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of line) {
    const last = kept.at(-1);
    if (last === undefined || between(point, last) >= AVOID_SPACING) kept.push(point);
  }
  return kept;
}

const PADDING_X = 10;
const PADDING_Y = 6;
const ROW = 40;
const DATE_ROW = 34;
const BADGE_STEP = BADGE_RADIUS * 2 + 4;

type PlaceLabel = ReturnType<typeof placeLabel>;

/** The label of a dot on a map: the cities there with the numbers of their stops, and the dates. */
function placeLabel(anchor: Point, stops: readonly Stop[], { locale, day }: PlacesOptions) {
  const byName = new Map<string, number[]>();
  for (const stop of stops) {
    const name = cityName(stop, locale);
    byName.set(name, [...(byName.get(name) ?? []), stop.number]);
  }
  const rows = [...byName].map(([name, numbers]) => ({ name, numbers }));
  const dates = dateList([...new Set(stops.flatMap((stop) => stop.dates))].sort(), locale);
  const widths = rows.map(
    ({ name, numbers }) => numbers.length * BADGE_STEP + 3 + widthOf(name, TYPE.name, 'bold'),
  );
  return {
    anchor,
    rows,
    dates,
    isChosen: day !== null && stops.some((stop) => stop.dates.includes(day)),
    width: Math.ceil(Math.max(...widths, widthOf(dates, TYPE.body, 'regular')) + 2 * PADDING_X),
    height: rows.length * ROW + (dates === '' ? 0 : DATE_ROW) + 2 * PADDING_Y,
  };
}

function labelSvg({ rows, dates, isChosen }: PlaceLabel, box: Box): string {
  const [left, top] = [box.x + PADDING_X, box.y + PADDING_Y];
  const inRows = rows.flatMap(({ name, numbers }, index) => {
    const middle = top + index * ROW + ROW / 2;
    return [
      ...numbers.map((number, position) =>
        badge(number, { x: left + BADGE_RADIUS + position * BADGE_STEP, y: middle }, isChosen),
      ),
      textElement(name, {
        x: left + numbers.length * BADGE_STEP + 3,
        y: middle + TYPE.name * 0.36,
        size: TYPE.name,
        colour: isChosen ? COLOUR.chosenText : COLOUR.text,
        weight: 'bold',
      }),
    ];
  });
  const below = textElement(dates, {
    x: left,
    y: top + rows.length * ROW + DATE_ROW - 10,
    size: TYPE.body,
    colour: isChosen ? COLOUR.chosenText : COLOUR.softText,
  });
  const edge = isChosen
    ? { fill: COLOUR.chosen, stroke: COLOUR.text, strokeWidth: 4 }
    : { fill: COLOUR.label, stroke: COLOUR.cardEdge, strokeWidth: 2 };
  const frame = rectElement(box, { radius: 12, ...edge });
  return [frame, ...inRows, dates === '' ? '' : below].join('');
}

function lineSvg({ x, y }: Point, box: Box): string {
  const end = nearestPoint(box, { x, y });
  return (
    `<path d="M${short(x)} ${short(y)}L${short(end.x)} ${short(end.y)}" ` +
    `stroke="${COLOUR.text}" stroke-width="3"/>`
  );
}

function dotSvg({ anchor: { x, y }, isChosen }: PlaceLabel): string {
  const [radius, fill, stroke] = isChosen
    ? [13, COLOUR.chosen, COLOUR.text]
    : [9, COLOUR.text, COLOUR.card];
  return (
    `<circle cx="${short(x)}" cy="${short(y)}" r="${radius}" ` +
    `fill="${fill}" stroke="${stroke}" stroke-width="4"/>`
  );
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
}

type Candidate = ReturnType<typeof candidatesOf>[number];

/** A label that is being placed, with the boxes where it may go, the cheapest first. */
interface Placing extends LabelRequest {
  readonly near: readonly Candidate[];
  /** Anywhere within the bounds; found only where there is no room nearby. */
  readonly far: () => readonly Candidate[];
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

/** The boxes that keep away from anchors, the cheapest first without regard to the other labels. */
function candidatesOf(
  boxes: readonly Box[],
  { anchor }: LabelRequest,
  { labels, bounds, gap, avoid }: LabelOptions,
) {
  return boxes
    .filter(
      (box) =>
        isWithin(box, bounds) &&
        labels.every((other) => distanceTo(box, other.anchor) >= gap * LEAST_SHARE),
    )
    .map((box) => {
      const covered = avoid.filter((point) => distanceTo(box, point) < 6).length;
      const doubtful = labels
        .filter((other) => other.anchor !== anchor)
        .reduce((sum, other) => sum + Math.max(0, OWN_ROOM - distanceTo(box, other.anchor)), 0);
      const away = distanceTo(box, anchor);
      // Long lines are worse than in proportion: the eye loses them.
      const cost = away + (away * away) / 60 + doubtful + covered * COVERED_POINT;
      return { box, cost };
    })
    .sort((a, b) => a.cost - b.cost);
}

/** Places the labels one after the other, in the given order, in several rounds. */
function settle(order: readonly Placing[], { gap }: LabelOptions, all: readonly Placing[]) {
  const placed = new Map<Placing, Candidate>();
  const costAmong = (label: Placing, { box, cost: own }: Candidate): number => {
    let cost = own;
    for (const [other, its] of placed) {
      if (other === label) continue;
      if (overlaps(box, its.box, gap / 2)) return Infinity;
      if (lineCrosses(label.anchor, box, its.box)) cost += CROSSING;
      if (lineCrosses(other.anchor, its.box, box)) cost += CROSSING;
    }
    return cost;
  };
  const cheapest = (label: Placing, candidates: readonly Candidate[]): Candidate | null => {
    let best: Candidate | null = null;
    let bestCost = Infinity;
    for (const candidate of candidates) {
      // Candidates are sorted by their own cost, which other labels can only raise.
      if (candidate.cost >= bestCost) break;
      const cost = costAmong(label, candidate);
      if (cost < bestCost) [best, bestCost] = [candidate, cost];
    }
    return best;
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const label of order) {
      const best = cheapest(label, label.near) ?? cheapest(label, label.far());
      if (best === null) placed.delete(label);
      else placed.set(label, best);
    }
  }
  const costOf = (label: Placing): number => {
    const candidate = placed.get(label);
    return candidate === undefined ? MISSING : costAmong(label, candidate);
  };
  return { placed, cost: all.reduce((sum, label) => sum + costOf(label), 0) };
}

/** Orders to try. The label that is placed first gets the best place, so the order matters. */
function ordersOf<L extends LabelRequest>(labels: readonly L[]): L[][] {
  const by = (key: (label: L) => number): L[] => labels.toSorted((a, b) => key(a) - key(b));
  const orders = [
    by((label) => -label.width * label.height),
    by((label) => label.anchor.x),
    by((label) => label.anchor.y),
    labels,
  ];
  return orders
    .flatMap((order) => order.map((_, by) => [...order.slice(by), ...order.slice(0, by)]))
    .flatMap((order) => [order, order.toReversed()]);
}

/**
 * Places each label near its anchor. Placed labels are inside the bounds and never overlap each other or any anchor;
 * a label without room gets null. The same options always give the same places.
 */
export function placeLabels(options: LabelOptions): (Box | null)[] {
  const placings = options.labels.map((label): Placing => {
    let far: readonly Candidate[] | null = null;
    return {
      ...label,
      near: candidatesOf(around(label, options.gap), label, options),
      far: () => (far ??= candidatesOf(anywhere(label, options.bounds), label, options)),
    };
  });
  const layouts = ordersOf(placings).map((order) => settle(order, options, placings));
  const [best] = layouts.sort((a, b) => a.cost - b.cost);
  return placings.map((label) => best?.placed.get(label)?.box ?? null);
}
