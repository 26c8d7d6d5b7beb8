import type { Geography } from './geography.ts';
import type { Measure } from './font-metrics.ts';
import type { Journey } from './journey.ts';
import { globeMap, regionMap } from './map.ts';
import { rectElement, textElement } from './svg.ts';
import { CARD_WIDTH, COLOUR, MARGIN, TYPE } from './theme.ts';
import { bubble, timelineSvg } from './timeline.ts';
import { spanText, WORDING, type Locale } from './wording.ts';

export interface CardOptions {
  readonly journey: Journey;
  readonly geography: Geography;
  /** ISO date to highlight; a day that is not part of the journey highlights nothing. */
  readonly day: string | null;
  readonly locale: Locale;
  readonly measure: Measure;
}

export interface Card {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const HEADER_HEIGHT = 152;
const BUBBLE_WIDTH = 52;
const MAP_HEIGHT = 560;
const LEFT_WIDTH = 486;

function header({ journey, locale, measure }: CardOptions): string {
  const words = WORDING[locale];
  const first = journey.days[0]?.date;
  const last = journey.days.at(-1)?.date;
  const counts = [
    words.countries(journey.countriesVisited),
    words.stops(journey.stops.length),
    '',
  ].join(' · ');
  const x = MARGIN + 6;
  // The bubble here, with its unit, is the legend of those in the calendar.
  const bubbleRight = x + measure(counts, TYPE.body, 'regular') + BUBBLE_WIDTH;
  return [
    textElement(words.title, {
      x,
      y: MARGIN + 46,
      size: TYPE.title,
      colour: COLOUR.text,
      weight: 'bold',
    }),
    first === undefined || last === undefined
      ? ''
      : textElement(spanText(first, last, locale), {
          x,
          y: MARGIN + 92,
          size: TYPE.name,
          colour: COLOUR.route,
          weight: 'bold',
        }),
    textElement(counts, { x, y: MARGIN + 134, size: TYPE.body, colour: COLOUR.softText }),
    bubble(journey.meetingCount, bubbleRight, MARGIN + 106),
    textElement(words.eventsUnit(journey.meetingCount), {
      x: bubbleRight + 8,
      y: MARGIN + 134,
      size: TYPE.body,
      colour: COLOUR.softText,
    }),
  ].join('');
}

/** The whole picture as SVG. Pure: the same options give the same text. */
export function cardSvg(options: CardOptions): Card {
  const { journey, day, locale, measure } = options;
  const timeline = timelineSvg({
    days: journey.days,
    day,
    locale,
    measure,
    x: MARGIN,
    y: MARGIN + MAP_HEIGHT + 12,
    width: CARD_WIDTH - 2 * MARGIN,
  });
  const height = Math.round(MARGIN + MAP_HEIGHT + 12 + timeline.height + MARGIN);
  const regionLeft = MARGIN + LEFT_WIDTH + 10;
  const region = {
    x: regionLeft,
    y: MARGIN,
    width: CARD_WIDTH - MARGIN - regionLeft,
    height: MAP_HEIGHT,
  };
  const size = MAP_HEIGHT - HEADER_HEIGHT;
  const globeTop = MARGIN + HEADER_HEIGHT;
  const boxes = {
    globe: { x: MARGIN + (LEFT_WIDTH - size) / 2, y: globeTop + 2, width: size, height: size - 4 },
    labels: { x: MARGIN, y: globeTop, width: LEFT_WIDTH, height: size },
    region,
  };
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${height}" ` +
      `viewBox="0 0 ${CARD_WIDTH} ${height}" font-family="DejaVu Sans">`,
    rectElement(
      { x: 1.5, y: 1.5, width: CARD_WIDTH - 3, height: height - 3 },
      { fill: COLOUR.card, radius: 32, stroke: COLOUR.cardEdge, strokeWidth: 3 },
    ),
    header(options),
    globeMap(options, boxes),
    regionMap(options, region),
    timeline.svg,
    '</svg>',
  ].join('');
  return { svg, width: CARD_WIDTH, height };
}
