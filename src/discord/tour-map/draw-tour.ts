/** The picture of the tour: a card with a heading, two maps and a calendar, as SVG and as PNG. */
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';
import { messageOf } from '../../errors.ts';
import { calendarDay, dayOfMonth, textsIn, weekdayName, type Locale } from '../text.ts';
import {
  altText,
  cityName,
  DRAWING_PROCESS,
  journeyOf,
  journeySpan,
  type Day,
  type DrawReply,
  type DrawRequest,
  type TourPicture,
  type TourRequest,
} from './journey.ts';
import {
  type Box,
  CARD_WIDTH,
  COLOUR,
  FONT_FILES,
  MARGIN,
  TYPE,
  bubble,
  bundledMeasure,
  canDraw,
  rectElement,
  textElement,
  type Measure,
} from './svg.ts';
import { globeMap, regionMap, worldGeography, type MapOptions } from './map.ts';

/** Draws the tour. Takes a fraction of a second, during which nothing else runs in its process. */
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

function replyTo({ id, request }: DrawRequest): DrawReply {
  try {
    return { id, picture: drawTour(request) };
  } catch (error) {
    return { id, problem: messageOf(error) };
  }
}

if (process.argv.at(-1) === DRAWING_PROCESS) {
  process.on('message', (request: DrawRequest) => process.send?.(replyTo(request)));
  // The bot is gone.
  process.on('disconnect', () => process.exit());
}

function compose({ meetings, day, isWhole = true, locale }: TourRequest): Card & { alt: string } {
  const drawable = meetings.map((meeting) =>
    canDraw(meeting.ja?.city ?? '') ? meeting : { ...meeting, ja: undefined },
  );
  const journey = journeyOf(drawable);
  const chosen = journey.days.some(({ date }) => date === day) ? (day ?? null) : null;
  const card = cardSvg({
    journey,
    geography: worldGeography(),
    day: chosen,
    isWhole,
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
export function cardSvg(options: MapOptions & { isWhole?: boolean }): Card {
  const { journey, day, isWhole = true, locale, measure } = options;
  const timeline = timelineSvg({
    days: isWhole ? journey.days : [],
    ...{ day, locale, measure },
    x: MARGIN,
    y: MARGIN + MAP_HEIGHT + 12,
    width: CARD_WIDTH - 2 * MARGIN,
  });
  const below = isWhole ? 12 + timeline.height : 0;
  const height = Math.round(MARGIN + MAP_HEIGHT + below + MARGIN);
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
  const { map: words, tourTitle } = textsIn(locale);
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
    textElement(tourTitle, {
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

/* The calendar: the days in rows under their weekdays. */

/** A row has a week, so that the names are large enough for a phone. */
const COLUMNS = 7;
const GAP = 8;
const HEAD = 36;
const PADDING = 10;
const LINE = 32;
const FIRST_LINE = 80;
const MOST_LINES = 3;
const NARROWEST = 0.8;
const BUBBLE_ROOM = 50;

interface TimelineOptions {
  readonly days: readonly Day[];
  readonly day: string | null;
  readonly locale: Locale;
  readonly measure: Measure;
  /** Left edge, upper edge and width in pixels; the height follows from the days. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Cell {
  readonly day: Day;
  readonly box: Box;
  readonly lines: readonly string[];
}

type Fitting = Pick<TimelineOptions, 'locale' | 'measure'>;

/** The day's cities on at most three lines, several on a line where they fit the width. */
function cityLines(day: Day, width: number, { locale, measure }: Fitting): string[] {
  const separator = locale === 'ja' ? '・' : ', ';
  const fits = (text: string): boolean => measure(text, TYPE.body, 'bold') <= width;
  const lines: string[] = [];
  for (const name of new Set(day.stops.map((stop) => cityName(stop, locale)))) {
    const joined = [lines.at(-1), name].filter((part) => part !== undefined).join(separator);
    if (lines.length > 0 && fits(joined)) lines.splice(-1, 1, joined);
    else lines.push(name);
  }
  const left = lines.length - MOST_LINES;
  return left <= 0
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `${lines[MOST_LINES - 1] ?? ''} +${left}`];
}

function isWeekByWeek(days: readonly Day[]): boolean {
  const weekdays = days.map((day) => new Date(day.date).getUTCDay());
  const first = weekdays[0] ?? 0;
  return weekdays.every((weekday, index) => weekday === (first + index) % COLUMNS);
}

function cellsOf(options: TimelineOptions): Cell[] {
  const width = (options.width - (COLUMNS - 1) * GAP) / COLUMNS;
  const cells: Cell[] = [];
  let y = options.y + (isWeekByWeek(options.days) ? HEAD : 0);
  for (let start = 0; start < options.days.length; start += COLUMNS) {
    const row = options.days.slice(start, start + COLUMNS);
    const lines = row.map((day) => cityLines(day, width - 2 * PADDING, options));
    const most = Math.max(1, ...lines.map(({ length }) => length));
    const height = FIRST_LINE + (most - 1) * LINE + 16;
    row.forEach((day, column) => {
      const box = { x: options.x + column * (width + GAP), y, width, height };
      cells.push({ day, box, lines: lines[column] ?? [] });
    });
    y += height + GAP;
  }
  return cells;
}

function cellSvg({ day, box, lines }: Cell, isFirst: boolean, options: TimelineOptions): string {
  const isChosen = day.date === options.day;
  const colour = isChosen ? COLOUR.chosenText : COLOUR.text;
  const edge = isChosen ? { stroke: COLOUR.text, strokeWidth: 4 } : {};
  const room = box.width - 2 * PADDING;
  const withMonth = calendarDay(day.date, isFirst, options.locale);
  const fits = options.measure(withMonth, TYPE.day, 'bold') <= room - BUBBLE_ROOM + PADDING;
  return [
    rectElement(box, { fill: isChosen ? COLOUR.chosen : COLOUR.cell, radius: 14, ...edge }),
    textElement(fits ? withMonth : String(dayOfMonth(day.date)), {
      x: box.x + PADDING,
      y: box.y + 40,
      size: TYPE.day,
      colour,
      weight: 'bold',
    }),
    day.meetingCount > 0
      ? bubble(day.meetingCount, box.x + box.width - 8, box.y + 9, isChosen)
      : '',
    ...lines.map((line, index) => {
      // A name that is too wide by itself is narrowed, then set smaller; it is never cut.
      const scale = Math.min(1, room / options.measure(line, TYPE.body, 'bold'));
      const squeeze = Math.max(scale, NARROWEST);
      return textElement(line, {
        x: box.x + PADDING,
        y: box.y + FIRST_LINE + index * LINE,
        size: Math.floor((TYPE.body * scale) / squeeze),
        colour,
        weight: 'bold',
        squeeze,
      });
    }),
  ].join('');
}

/** The days in rows under their weekdays, with their cities and the number of meetings. */
function timelineSvg(options: TimelineOptions): { svg: string; height: number } {
  const cells = cellsOf(options);
  const last = cells.at(-1);
  if (last === undefined) return { svg: '', height: 0 };
  const heads = isWeekByWeek(options.days) ? cells.slice(0, COLUMNS) : [];
  const svg = [
    ...heads.map(({ day, box }) =>
      textElement(weekdayName(day.date, options.locale), {
        x: box.x + PADDING,
        y: options.y + HEAD - 9,
        size: TYPE.body,
        colour: COLOUR.softText,
      }),
    ),
    ...cells.map((cell, index) => cellSvg(cell, index === 0, options)),
  ].join('');
  return { svg, height: last.box.y + last.box.height - options.y };
}
