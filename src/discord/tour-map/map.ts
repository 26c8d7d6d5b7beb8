/**
 * The two maps. The globe shows the whole route on an equal-area view from above, on which no line has to jump from one
 * edge of the picture to the other. The region enlarges the part where most stops are close together.
 */
import { createRequire } from 'node:module';
import {
  geoAzimuthalEqualArea,
  geoDistance,
  geoGraticule10,
  geoInterpolate,
  geoPath,
  type GeoProjection,
} from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Journey, Leg, Stop } from './pictures.ts';
import { lonLat, placesSvg, project, type DrawnLeg, type PlacesOptions } from './places.ts';
import { COLOUR, isInside, rectElement, short, type Box, type Point } from './svg.ts';

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
    const at = (axis: 'x' | 'y'): number =>
      (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * to[axis];
    return { x: at('x'), y: at('y') };
  });
}

/** Legs as lines on a map: great circles, and slight curves where both ends are within `region`. */
function drawnLegs(journey: Journey, projection: GeoProjection, region: Box | null): DrawnLeg[] {
  return journey.legs.map((leg) => {
    const from = project(projection, lonLat(leg.from));
    const to = project(projection, lonLat(leg.to));
    const isShort = region !== null && isInside(from, region) && isInside(to, region);
    return { leg, line: isShort ? bulging(from, to) : greatCircle(leg, projection) };
  });
}

export interface MapOptions extends PlacesOptions {
  readonly journey: Journey;
}

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

function readWorld() {
  const require = createRequire(import.meta.url);
  const coarse = require('world-atlas/countries-110m.json') as Atlas;
  const fine = require('world-atlas/countries-50m.json') as Atlas;
  return {
    coarseLand: feature(coarse, coarse.objects.land),
    fineLand: feature(fine, fine.objects.land),
    fineBorders: mesh(fine, fine.objects.countries, (a, b) => a !== b),
  };
}

let world: ReturnType<typeof readWorld> | null = null;

/** Upper left and lower right corner. */
function extentOf(
  { x, y, width, height }: Box,
  { left = 0, right = 0, top = 0, bottom = 0 } = {},
): [[number, number], [number, number]] {
  return [
    [x + left, y + top],
    [x + width - right, y + height - bottom],
  ];
}

const RADIANS = Math.PI / 180;
/** Stops that a chain of steps of at most this length joins are one group: 2,000 km, as a share of the earth's radius. */
const GROUP_STEP = 2000 / 6371;

/** Stops in groups of neighbours, the largest first. */
function groupsOf(stops: readonly Stop[]): Stop[][] {
  let groups: Stop[][] = [];
  for (const stop of stops) {
    const isNear = (other: Stop): boolean => geoDistance(lonLat(stop), lonLat(other)) <= GROUP_STEP;
    const joined = groups.filter((group) => group.some(isNear));
    groups = [...groups.filter((group) => !joined.includes(group)), [...joined.flat(), stop]];
  }
  return groups.sort((a, b) => b.length - a.length);
}

/** The place in the middle of points on the globe, by their weighted mean in space. */
function middleOf(
  points: readonly { place: [number, number]; weight: number }[],
): [number, number] {
  let [x, y, z] = [0, 0, 0];
  for (const { place, weight } of points) {
    const [longitude, latitude] = [place[0] * RADIANS, place[1] * RADIANS];
    x += weight * Math.cos(latitude) * Math.cos(longitude);
    y += weight * Math.cos(latitude) * Math.sin(longitude);
    z += weight * Math.sin(latitude);
  }
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS];
}

function middleOfStops(stops: readonly Stop[]): [number, number] {
  return middleOf(stops.map((stop) => ({ place: lonLat(stop), weight: 1 })));
}

/** The globe is seen from the middle of the groups. Large ones count for less than in proportion, so that far stops show. */
function middleOfGroups(groups: readonly (readonly Stop[])[]): [number, number] {
  const weightOf = (group: readonly Stop[]): number =>
    Math.sqrt(new Set(group.map(({ city }) => city)).size);
  return middleOf(
    groups.map((group) => ({ place: middleOfStops(group), weight: weightOf(group) })),
  );
}

/** Degrees that the region shows at least in each direction. */
const LEAST_REACH = 2;
/** Room for labels around the stops of the region, in pixels. */
const REGION_MARGINS = { left: 176, right: 150, top: 76, bottom: 76 } as const;

function regionProjection(stops: readonly Stop[], box: Box): GeoProjection {
  const [longitude, latitude] = middleOfStops(stops);
  const projection = geoAzimuthalEqualArea()
    .rotate([-longitude, -latitude])
    .clipAngle(45)
    // The fine shapes need no points between their own.
    .precision(0);
  const coordinates: [number, number][] = [
    ...stops.map(lonLat),
    [longitude, latitude - LEAST_REACH],
    [longitude, latitude + LEAST_REACH],
  ];
  return projection.fitExtent(extentOf(box, REGION_MARGINS), { type: 'MultiPoint', coordinates });
}

/** The region's frame on the globe, as a closed line of points. */
function frameOnGlobe(region: GeoProjection, box: Box, globe: GeoProjection): Point[] {
  const [[left, top], [right, bottom]] = extentOf(box);
  const sides = [
    [left, top, right, top],
    [right, top, right, bottom],
    [right, bottom, left, bottom],
    [left, bottom, left, top],
  ] as const;
  return sides.flatMap(([x, y, nextX, nextY]) =>
    Array.from({ length: 12 }, (_, step) => {
      const place = region.invert?.([x + ((nextX - x) * step) / 12, y + ((nextY - y) * step) / 12]);
      return place == null ? [] : [project(globe, place)];
    }).flat(),
  );
}

/** The enlarged region, in `box`. */
export function regionMap(options: MapOptions, box: Box): string {
  const { journey, day } = options;
  const { fineLand, fineBorders } = (world ??= readWorld());
  const stops = groupsOf(journey.stops)[0] ?? [];
  const projection = regionProjection(stops, box);
  projection.clipExtent(extentOf(box, { left: -4, right: -4, top: -4, bottom: -4 }));
  const path = geoPath(projection).digits(1);
  const legs = drawnLegs(journey, projection, box);
  const inner = { x: box.x + 12, y: box.y + 12, width: box.width - 24, height: box.height - 24 };
  return [
    `<clipPath id="region">${rectElement(box, { fill: '#000', radius: 20 })}</clipPath>`,
    `<g clip-path="url(#region)">`,
    rectElement(box, { fill: COLOUR.sea, radius: 20 }),
    `<path d="${path(fineLand) ?? ''}" fill="${COLOUR.land}"/>`,
    `<path d="${path(fineBorders) ?? ''}" fill="none" stroke="${COLOUR.border}" stroke-width="2"/>`,
    routeSvg(legs, { visible: inner, arrowSize: 15, day }),
    `</g>`,
    rectElement(box, { fill: 'none', radius: 20, stroke: COLOUR.frame, strokeWidth: 3 }),
    placesSvg({ stops, projection, legs, bounds: inner, avoid: [] }, options),
  ].join('');
}

/**
 * The whole route, with the labels of the stops outside the region. `globe`: the square that it fills; `labels`: where its
 * labels may be; `region`: the box of the enlarged region, whose frame is drawn on it.
 */
export function globeMap(
  options: MapOptions,
  { globe, labels, region }: { globe: Box; labels: Box; region: Box },
): string {
  const { journey, day } = options;
  const groups = groupsOf(journey.stops);
  const inRegion = groups[0] ?? [];
  const outside = journey.stops.filter((stop) => !inRegion.includes(stop));
  const [longitude, latitude] = middleOfGroups(groups);
  const farthest = Math.max(
    0,
    ...journey.stops.map((stop) => geoDistance(lonLat(stop), [longitude, latitude]) / RADIANS),
  );
  const projection = geoAzimuthalEqualArea()
    .rotate([-longitude, -latitude])
    .clipAngle(Math.min(175, Math.max(60, farthest + 9)))
    .precision(0.5)
    .fitExtent(extentOf(globe), { type: 'Sphere' });
  const path = geoPath(projection).digits(1);
  const { coarseLand } = (world ??= readWorld());
  const legs = drawnLegs(journey, projection, null);
  const far = legs.filter(({ leg }) => outside.includes(leg.from) || outside.includes(leg.to));
  const frame = frameOnGlobe(regionProjection(inRegion, region), region, projection);
  const sphere = path({ type: 'Sphere' }) ?? '';
  const places = inRegion.map((stop) => project(projection, lonLat(stop)));
  const dots = places
    .filter((point) => isInside(point, globe))
    .map(({ x, y }) => `<circle cx="${short(x)}" cy="${short(y)}" r="5" fill="${COLOUR.text}"/>`);
  return [
    `<path d="${sphere}" fill="${COLOUR.sea}"/>`,
    `<path d="${path(geoGraticule10()) ?? ''}" fill="none" stroke="${COLOUR.graticule}" stroke-width="2"/>`,
    `<path d="${path(coarseLand) ?? ''}" fill="${COLOUR.land}"/>`,
    `<path d="${sphere}" fill="none" stroke="${COLOUR.cardEdge}" stroke-width="3"/>`,
    routeSvg(far, { visible: globe, arrowSize: 14, day }),
    `<path d="M${pointsOf(frame)}Z" fill="none" stroke="${COLOUR.frame}" stroke-width="3"/>`,
    ...dots,
    placesSvg(
      { stops: outside, projection, legs: far, bounds: labels, avoid: [...frame, ...places] },
      options,
    ),
  ].join('');
}

function lengthOf(line: readonly Point[]): number {
  return line.reduce((sum, point, index) => {
    const before = line[index - 1];
    return before === undefined ? 0 : sum + Math.hypot(point.x - before.x, point.y - before.y);
  }, 0);
}

const SHORTEST_ARROW_LEG = 44;

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

/** The lines with an arrow head each, those that arrive on the chosen day highlighted and on top. */
function routeSvg(
  legs: readonly DrawnLeg[],
  { visible, arrowSize, day }: { visible: Box; arrowSize: number; day: string | null },
): string {
  const isChosen = ({ leg }: DrawnLeg): boolean => day !== null && leg.to.dates[0] === day;
  return [...legs.filter((each) => !isChosen(each)), ...legs.filter(isChosen)]
    .map((each) => {
      const colour = day === null || isChosen(each) ? COLOUR.route : COLOUR.routeQuiet;
      const width = isChosen(each) ? 8 : 5;
      const size = isChosen(each) ? arrowSize * 1.25 : arrowSize;
      const points = pointsOf(each.line);
      return (
        `<path d="M${points}" fill="none" stroke="${COLOUR.card}" stroke-opacity="0.55" stroke-width="${width + 4}"/>` +
        `<path d="M${points}" fill="none" stroke="${colour}" stroke-width="${width}"/>` +
        arrowHead(each.line, visible, colour, size)
      );
    })
    .join('');
}

function pointsOf(line: readonly Point[]): string {
  return line.map(({ x, y }) => `${short(x)} ${short(y)}`).join('L');
}
