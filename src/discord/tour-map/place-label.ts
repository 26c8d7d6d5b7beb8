import type { Measure } from './font-metrics.ts';
import type { Stop } from './journey.ts';
import { nearestPoint, type Box, type Point } from './labels.ts';
import { rectElement, short, textElement } from './svg.ts';
import { COLOUR, TYPE } from './theme.ts';
import { cityName, dateList, type Locale } from './wording.ts';

interface Row {
  readonly name: string;
  readonly numbers: readonly number[];
}

/** What stands beside one dot of a map: the cities there with their stops, and the dates. */
export interface PlaceLabel {
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

export interface PlaceLabelOptions {
  /** Stops at or very near one point, in order. */
  readonly stops: readonly Stop[];
  readonly anchor: Point;
  readonly locale: Locale;
  readonly day: string | null;
  readonly measure: Measure;
}

export function placeLabel({ stops, anchor, locale, day, measure }: PlaceLabelOptions): PlaceLabel {
  const numbers = new Map<string, number[]>();
  for (const stop of stops) {
    const name = cityName(stop.city, locale);
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

/** The line from the dot to its label. Lines are drawn before all labels, so that none strikes a text. */
export function placeLineSvg({ anchor }: PlaceLabel, box: Box): string {
  const end = nearestPoint(box, anchor);
  return (
    `<path d="M${short(anchor.x)} ${short(anchor.y)}L${short(end.x)} ${short(end.y)}" ` +
    `stroke="${COLOUR.text}" stroke-width="3"/>`
  );
}

/** The label in its place. */
export function placeLabelSvg(label: PlaceLabel, box: Box): string {
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
    row.numbers.forEach((number, at) => {
      const x = box.x + PADDING_X + BADGE_RADIUS + at * BADGE_STEP;
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
export function placeDotSvg({ anchor, isChosen }: PlaceLabel): string {
  return (
    `<circle cx="${short(anchor.x)}" cy="${short(anchor.y)}" r="${isChosen ? 13 : 9}" ` +
    `fill="${isChosen ? COLOUR.chosen : COLOUR.text}" stroke="${isChosen ? COLOUR.text : COLOUR.card}" ` +
    `stroke-width="4"/>`
  );
}
