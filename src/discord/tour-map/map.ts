/**
 * The two maps. The globe shows the earth from above northern Europe, so that Japan, Europe and North America are all
 * visible and no line has to jump from one edge of the picture to the other, as on a map cut along a meridian. The
 * region enlarges Europe, where most stops are close together.
 */
import { createRequire } from 'node:module';
import {
  geoAzimuthalEqualArea,
  geoDistance,
  geoGraticule10,
  geoPath,
  type GeoProjection,
} from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Journey, Stop } from './journey.ts';
import type { Box, Point } from './labels.ts';
import { placesSvg, type PlacesOptions } from './places.ts';
import { drawnLegs, isInside, lonLat, project, routeSvg } from './route.ts';
import { COLOUR, rectElement, short } from './svg.ts';

export interface MapOptions extends PlacesOptions {
  readonly journey: Journey;
  readonly geography: Geography;
}

/** Shapes that d3-geo draws. */
export interface Geography {
  /** For the globe. */
  readonly coarseLand: ReturnType<typeof feature>;
  /** For the enlarged region. */
  readonly fineLand: ReturnType<typeof feature>;
  readonly fineBorders: ReturnType<typeof mesh>;
}

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

let geography: Geography | null = null;

/** Shapes of the world, read once. */
export function worldGeography(): Geography {
  if (geography !== null) return geography;
  const require = createRequire(import.meta.url);
  const coarse = require('world-atlas/countries-110m.json') as Atlas;
  const fine = require('world-atlas/countries-50m.json') as Atlas;
  geography = {
    coarseLand: feature(coarse, coarse.objects.land),
    fineLand: feature(fine, fine.objects.land),
    fineBorders: mesh(fine, fine.objects.countries, (a, b) => a !== b),
  };
  return geography;
}

const GLOBE_CENTRE = [2, 72] as const;
const REGION_CENTRE = [19, 51] as const;
const RADIANS = Math.PI / 180;
/** The region: what the crowded part of a tour of Europe spans, in degrees. */
const REGION = { west: -12, east: 45, south: 34, north: 66 } as const;

function isInRegion({ coordinates: [latitude, longitude] }: Stop): boolean {
  return (
    latitude >= REGION.south &&
    latitude <= REGION.north &&
    longitude >= REGION.west &&
    longitude <= REGION.east
  );
}

function regionProjection(stops: readonly Stop[], box: Box): GeoProjection {
  const projection = geoAzimuthalEqualArea()
    .rotate([-REGION_CENTRE[0], -REGION_CENTRE[1]])
    .clipAngle(45)
    // The fine shapes need no points between their own.
    .precision(0);
  const [left, right, top, bottom] = [176, 150, 76, 76];
  const coordinates: [number, number][] =
    stops.length > 1
      ? stops.map(lonLat)
      : [
          [REGION.west, REGION.south],
          [REGION.east, REGION.north],
        ];
  return projection.fitExtent(
    [
      [box.x + left, box.y + top],
      [box.x + box.width - right, box.y + box.height - bottom],
    ],
    { type: 'MultiPoint', coordinates },
  );
}

/** The region's frame on the globe, as a closed line of points. */
function frameOnGlobe(region: GeoProjection, box: Box, globe: GeoProjection): Point[] {
  const corners: [number, number][] = [
    [box.x, box.y],
    [box.x + box.width, box.y],
    [box.x + box.width, box.y + box.height],
    [box.x, box.y + box.height],
  ];
  const points = corners.flatMap(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y];
    return Array.from({ length: 12 }, (_, step) => {
      const pixel: [number, number] = [
        x + ((nextX - x) * step) / 12,
        y + ((nextY - y) * step) / 12,
      ];
      const place = region.invert?.(pixel);
      return place === null || place === undefined ? null : project(globe, place);
    });
  });
  return points.filter((point) => point !== null);
}

/** The enlarged region, in `box`. */
export function regionMap(options: MapOptions, box: Box): string {
  const { journey, geography, day } = options;
  const stops = journey.stops.filter(isInRegion);
  const projection = regionProjection(stops, box);
  projection.clipExtent([
    [box.x - 4, box.y - 4],
    [box.x + box.width + 4, box.y + box.height + 4],
  ]);
  const path = geoPath(projection).digits(1);
  const legs = drawnLegs(journey, projection, box);
  const inner = { x: box.x + 12, y: box.y + 12, width: box.width - 24, height: box.height - 24 };
  return [
    `<clipPath id="region">${rectElement(box, { fill: '#000', radius: 20 })}</clipPath>`,
    `<g clip-path="url(#region)">`,
    rectElement(box, { fill: COLOUR.sea, radius: 20 }),
    `<path d="${path(geography.fineLand) ?? ''}" fill="${COLOUR.land}"/>`,
    `<path d="${path(geography.fineBorders) ?? ''}" fill="none" stroke="${COLOUR.border}" stroke-width="2"/>`,
    routeSvg(legs, { visible: inner, lineWidth: 5, arrowSize: 15, day }),
    `</g>`,
    rectElement(box, { fill: 'none', radius: 20, stroke: COLOUR.frame, strokeWidth: 3 }),
    placesSvg({ stops, projection, legs, bounds: inner, avoid: [] }, options),
  ].join('');
}

export interface GlobeBoxes {
  /** The square the globe fills. */
  readonly globe: Box;
  /** Where its labels may be. */
  readonly labels: Box;
  /** The enlarged region's box, whose frame is drawn on the globe. */
  readonly region: Box;
}

/** The whole route, with the labels of the stops outside the region. */
export function globeMap(options: MapOptions, boxes: GlobeBoxes): string {
  const { journey, geography, day } = options;
  const { globe } = boxes;
  const farthest = Math.max(
    0,
    ...journey.stops.map((stop) => geoDistance(lonLat(stop), [...GLOBE_CENTRE]) / RADIANS),
  );
  const projection = geoAzimuthalEqualArea()
    .rotate([-GLOBE_CENTRE[0], -GLOBE_CENTRE[1]])
    .clipAngle(Math.min(175, Math.max(60, farthest + 9)))
    .precision(0.5)
    .fitExtent(
      [
        [globe.x, globe.y],
        [globe.x + globe.width, globe.y + globe.height],
      ],
      { type: 'Sphere' },
    );
  const path = geoPath(projection).digits(1);
  const legs = drawnLegs(journey, projection, null);
  const far = legs.filter(({ leg }) => !isInRegion(leg.from) || !isInRegion(leg.to));
  const inRegion = journey.stops.filter(isInRegion);
  const frame = frameOnGlobe(regionProjection(inRegion, boxes.region), boxes.region, projection);
  const sphere = path({ type: 'Sphere' }) ?? '';
  const places = inRegion.map((stop) => project(projection, lonLat(stop)));
  const dots = places
    .filter((point) => isInside(point, globe))
    .map(({ x, y }) => `<circle cx="${short(x)}" cy="${short(y)}" r="5" fill="${COLOUR.text}"/>`);
  return [
    `<path d="${sphere}" fill="${COLOUR.sea}"/>`,
    `<path d="${path(geoGraticule10()) ?? ''}" fill="none" stroke="${COLOUR.graticule}" stroke-width="2"/>`,
    `<path d="${path(geography.coarseLand) ?? ''}" fill="${COLOUR.land}"/>`,
    `<path d="${sphere}" fill="none" stroke="${COLOUR.cardEdge}" stroke-width="3"/>`,
    routeSvg(far, { visible: globe, lineWidth: 5, arrowSize: 14, day }),
    `<path d="M${frame.map(({ x, y }) => `${short(x)} ${short(y)}`).join('L')}Z" fill="none" stroke="${COLOUR.frame}" stroke-width="3"/>`,
    ...dots,
    placesSvg(
      {
        stops: journey.stops.filter((stop) => !isInRegion(stop)),
        projection,
        legs: far,
        bounds: boxes.labels,
        avoid: [...frame, ...places],
      },
      options,
    ),
  ].join('');
}
