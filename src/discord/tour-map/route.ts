import { geoInterpolate, type GeoProjection } from 'd3-geo';
import type { Journey, Leg, Stop } from './journey.ts';
import type { Box, Point } from './labels.ts';
import { COLOUR, short } from './svg.ts';

export interface DrawnLeg {
  readonly leg: Leg;
  readonly line: readonly Point[];
}

const SAMPLES = 64;
/** Sideways bulge of a short leg, as a share of its length: it keeps the way out and the way back apart. */
const BULGE = 0.13;
const SHORTEST_ARROW_LEG = 44;

export function lonLat(stop: Stop): [number, number] {
  const [latitude, longitude] = stop.coordinates;
  return [longitude, latitude];
}

export function project(projection: GeoProjection, place: [number, number]): Point {
  const [x, y] = projection(place) ?? [0, 0];
  return { x, y };
}

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

export function isInside(point: Point, box: Box, inset = 0): boolean {
  return (
    point.x >= box.x + inset &&
    point.x <= box.x + box.width - inset &&
    point.y >= box.y + inset &&
    point.y <= box.y + box.height - inset
  );
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

function lengthOf(line: readonly Point[]): number {
  return line.reduce((sum, point, index) => {
    const before = line[index - 1];
    return before === undefined ? 0 : sum + Math.hypot(point.x - before.x, point.y - before.y);
  }, 0);
}

function arrowHead(line: readonly Point[], visible: Box, colour: string, size: number): string {
  const seen = line.filter((point) => isInside(point, visible, size));
  if (lengthOf(seen) < SHORTEST_ARROW_LEG) return '';
  const middle = Math.floor(seen.length * 0.55);
  const [tail, tip] = [seen[middle - 1], seen[middle]];
  if (tail === undefined || tip === undefined) return '';
  const degrees = (Math.atan2(tip.y - tail.y, tip.x - tail.x) * 180) / Math.PI;
  return (
    `<path d="M${-size} ${-size * 0.75}L${size * 0.8} 0L${-size} ${size * 0.75}L${-size * 0.5} 0Z" ` +
    `fill="${colour}" stroke="${COLOUR.card}" stroke-width="2" ` +
    `transform="translate(${short(tip.x)} ${short(tip.y)}) rotate(${short(degrees)})"/>`
  );
}

export interface RouteStyle {
  readonly visible: Box;
  readonly lineWidth: number;
  readonly arrowSize: number;
  /** The chosen day; the legs that arrive on it are highlighted. */
  readonly day: string | null;
}

function arrivesOn(leg: Leg, day: string): boolean {
  return leg.to.dates[0] === day;
}

/** The lines with an arrow head each, those of the chosen day on top. */
export function routeSvg(legs: readonly DrawnLeg[], style: RouteStyle): string {
  const { visible, lineWidth, arrowSize, day } = style;
  const drawn = legs.map(({ leg, line }) => {
    const isChosen = day !== null && arrivesOn(leg, day);
    const colour = day === null || isChosen ? COLOUR.route : COLOUR.routeQuiet;
    const width = isChosen ? lineWidth * 1.6 : lineWidth;
    const dash = leg.byNightTrain ? ` stroke-dasharray="${width * 1.2} ${width * 1.6}"` : '';
    const points = line.map(({ x, y }) => `${short(x)} ${short(y)}`).join('L');
    const svg =
      `<path d="M${points}" fill="none" stroke="${COLOUR.card}" stroke-opacity="0.55" stroke-width="${width + 4}"/>` +
      `<path d="M${points}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>` +
      arrowHead(line, visible, colour, isChosen ? arrowSize * 1.25 : arrowSize);
    return { isChosen, svg };
  });
  return [...drawn.filter(({ isChosen }) => !isChosen), ...drawn.filter(({ isChosen }) => isChosen)]
    .map(({ svg }) => svg)
    .join('');
}
