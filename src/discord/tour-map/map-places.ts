import type { GeoProjection } from 'd3-geo';
import type { Measure } from './font-metrics.ts';
import type { Geography } from './geography.ts';
import type { Journey, Stop } from './journey.ts';
import { placeLabels, type Box, type Point } from './labels.ts';
import {
  placeDotSvg,
  placeLabel,
  placeLabelSvg,
  placeLineSvg,
  type PlaceLabel,
} from './place-label.ts';
import { isInside, lonLat, project, type DrawnLeg } from './route.ts';
import { rectElement, textElement } from './svg.ts';
import { COLOUR, TYPE } from './theme.ts';
import { WORDING, type Locale } from './wording.ts';

export interface MapOptions {
  readonly journey: Journey;
  readonly geography: Geography;
  readonly day: string | null;
  readonly locale: Locale;
  readonly measure: Measure;
}

/** Stops nearer to each other than this share a dot and a label, in pixels. */
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
    const at = project(projection, lonLat(stop));
    const near = found.find(
      ({ anchor }) => Math.hypot(anchor.x - at.x, anchor.y - at.y) < SAME_DOT,
    );
    if (near === undefined) found.push({ anchor: at, stops: [stop] });
    else near.stops.push(stop);
  }
  return found;
}

/** Points along a line at least `AVOID_SPACING` apart, so that each stands for the same length. */
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

export interface LabelledMap {
  readonly stops: readonly Stop[];
  readonly projection: GeoProjection;
  readonly legs: readonly DrawnLeg[];
  readonly bounds: Box;
  /** Points besides the route that labels should rather not cover. */
  readonly avoid: readonly Point[];
}

/** Words beside the night trains of a map, on the side to which the line bulges. */
interface Caption {
  readonly text: string;
  readonly box: Box;
}

const CAPTION_HEIGHT = 36;
const CAPTION_GAP = 17;

function captions(map: LabelledMap, { locale, measure }: MapOptions): Caption[] {
  const text = WORDING[locale].nightTrain;
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

/** The dots of a map with their labels, the lines between the two, and the captions of night trains. */
export function placesSvg(map: LabelledMap, options: MapOptions): string {
  const { locale, day, measure } = options;
  const labels: PlaceLabel[] = groups(map.stops, map.projection).map(({ anchor, stops }) =>
    placeLabel({ anchor, stops, locale, day, measure }),
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
  const lines = labels.map((label, index) => {
    const box = boxes[index] ?? null;
    return box === null ? '' : placeLineSvg(label, box);
  });
  const texts = labels.map((label, index) => {
    const box = boxes[index] ?? null;
    return box === null ? '' : placeLabelSvg(label, box);
  });
  return [
    ...lines,
    ...trains.map(captionSvg),
    ...texts,
    `<g>${labels.map(placeDotSvg).join('')}</g>`,
  ].join('');
}
