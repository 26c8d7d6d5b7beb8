/** The picture of the tour: a card with a heading, two maps and a calendar, as SVG and as PNG. */
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';
import type { Meeting } from '../../corpus/types.ts';
import type { Locale } from '../texts/index.ts';
import { bundledMeasure, FONT_FILES } from './fonts.ts';
import { journeyOf } from './journey.ts';
import { globeMap, regionMap, worldGeography, type MapOptions } from './map.ts';
import { CARD_WIDTH, COLOUR, MARGIN, rectElement, textElement, TYPE } from './svg.ts';
import { bubble, timelineSvg } from './timeline.ts';
import { altText, journeySpan, MAP_WORDS } from './words.ts';

export interface TourPicture {
  readonly png: Uint8Array;
  /** At most 1024 characters, in the reader's language. */
  readonly alt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface TourRequest {
  readonly meetings: readonly Meeting[];
  /** ISO date of the day to highlight; one that is not part of the tour highlights nothing. */
  readonly day?: string | null;
  readonly locale: Locale;
}

/** Draws the tour. Takes a fraction of a second, during which nothing else runs on its thread. */
export function drawTour(request: TourRequest): TourPicture {
  const { svg, ...picture } = compose(request);
  return { png: new Resvg(svg, RENDERING).render().asPng(), ...picture };
}

const RENDERING: ResvgRenderOptions = {
  font: {
    fontFiles: [...FONT_FILES.regular, ...FONT_FILES.bold],
    loadSystemFonts: false,
    defaultFontFamily: 'DejaVu Sans',
  },
};

function compose({ meetings, day, locale }: TourRequest): Card & { alt: string } {
  const journey = journeyOf(meetings);
  const chosen = journey.days.some(({ date }) => date === day) ? (day ?? null) : null;
  const card = cardSvg({
    journey,
    geography: worldGeography(),
    day: chosen,
    locale,
    measure: bundledMeasure(),
  });
  return { ...card, alt: altText(journey, chosen, locale) };
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

/** The whole picture as SVG. Pure: the same options give the same text. */
export function cardSvg(options: MapOptions): Card {
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
    headerSvg(options),
    globeMap(options, boxes),
    regionMap(options, region),
    timeline.svg,
    '</svg>',
  ].join('');
  return { svg, width: CARD_WIDTH, height };
}

function headerSvg({ journey, locale, measure }: MapOptions): string {
  const words = MAP_WORDS[locale];
  const span = journeySpan(journey, locale);
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
    span === null
      ? ''
      : textElement(span, {
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
