/** The places of a map: dots with their labels, the lines between them, and the captions of night trains. */
import { geoInterpolate, type GeoProjection } from 'd3-geo';
import { dateList, textsIn, type Locale } from '../texts/index.ts';
import { cityName, type Journey, type Leg, type Stop } from './journey.ts';
import { isInside, nearestPoint, placeLabels, type Box, type Point } from './labels.ts';
import { COLOUR, rectElement, short, textElement, TYPE, type Measure } from './svg.ts';

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
    ...placed.map(({ label, box }) => placeLineSvg(label, box)),
    ...trains.map(captionSvg),
    ...placed.map(({ label, box }) => placeLabelSvg(label, box)),
    `<g>${labels.map(placeDotSvg).join('')}</g>`,
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

/** Words next to the night trains of a map, on the side to which the line bulges. */
interface Caption {
  readonly text: string;
  readonly box: Box;
}

const CAPTION_HEIGHT = 36;
const CAPTION_GAP = 17;

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

function captionSvg({ text, box }: Caption): string {
  return (
    rectElement(box, { fill: COLOUR.label, radius: 8 }) +
    textElement(text, {
      x: box.x + box.width / 2,
      y: box.y + 27,
      size: TYPE.body,
      colour: COLOUR.route,
      anchor: 'middle',
    })
  );
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
const BADGE_RADIUS = 17;
const BADGE_STEP = BADGE_RADIUS * 2 + 4;
const BADGE_TYPE = 26;

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

function badge(number: number, centre: Point, isChosen: boolean): string {
  const fill = isChosen ? COLOUR.chosenBadge : COLOUR.badge;
  const colour = isChosen ? COLOUR.chosenBadgeText : COLOUR.badgeText;
  return (
    `<circle cx="${short(centre.x)}" cy="${short(centre.y)}" r="${BADGE_RADIUS}" fill="${fill}"/>` +
    textElement(String(number), {
      x: centre.x,
      y: centre.y + BADGE_TYPE * 0.36,
      size: BADGE_TYPE,
      colour,
      weight: 'bold',
      anchor: 'middle',
    })
  );
}

/** The line from the dot to its label. All lines are drawn before the labels, so that none crosses a text. */
function placeLineSvg({ anchor }: PlaceLabel, box: Box): string {
  const end = nearestPoint(box, anchor);
  return (
    `<path d="M${short(anchor.x)} ${short(anchor.y)}L${short(end.x)} ${short(end.y)}" ` +
    `stroke="${COLOUR.text}" stroke-width="3"/>`
  );
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

/** The dot on the map itself. */
function placeDotSvg({ anchor, isChosen }: PlaceLabel): string {
  return (
    `<circle cx="${short(anchor.x)}" cy="${short(anchor.y)}" r="${isChosen ? 13 : 9}" ` +
    `fill="${isChosen ? COLOUR.chosen : COLOUR.text}" stroke="${isChosen ? COLOUR.text : COLOUR.card}" ` +
    `stroke-width="4"/>`
  );
}

const SAMPLES = 64;
/** Sideways bulge of a short leg, as a share of its length: it keeps the way out and the way back apart. */
const BULGE = 0.13;

function greatCircle(leg: Leg, projection: GeoProjection): Point[] {
  const between = geoInterpolate(lonLat(leg.from), lonLat(leg.to));
  return Array.from({ length: SAMPLES + 1 }, (_, step) =>
    project(projection, between(step / SAMPLES)),
  );
}

function bulging(from: Point, to: Point): Point[] {
  const control = {
    x: (from.x + to.x) / 2 - (to.y - from.y) * 2 * BULGE,
    y: (from.y + to.y) / 2 + (to.x - from.x) * 2 * BULGE,
  };
  return Array.from({ length: SAMPLES + 1 }, (_, step) => {
    const t = step / SAMPLES;
    const weights = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2] as const;
    return {
      x: weights[0] * from.x + weights[1] * control.x + weights[2] * to.x,
      y: weights[0] * from.y + weights[1] * control.y + weights[2] * to.y,
    };
  });
}

/** Legs as lines on a map: great circles, and slight curves where both ends are within `region`. */
export function drawnLegs(
  journey: Journey,
  projection: GeoProjection,
  region: Box | null,
): DrawnLeg[] {
  return journey.legs.map((leg) => {
    const from = project(projection, lonLat(leg.from));
    const to = project(projection, lonLat(leg.to));
    const isShort = region !== null && isInside(from, region) && isInside(to, region);
    return { leg, line: isShort ? bulging(from, to) : greatCircle(leg, projection) };
  });
}

export function lonLat(stop: Stop): [number, number] {
  const [latitude, longitude] = stop.coordinates;
  return [longitude, latitude];
}

export function project(projection: GeoProjection, place: [number, number]): Point {
  const [x, y] = projection(place) ?? [0, 0];
  return { x, y };
}
