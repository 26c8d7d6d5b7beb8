/** The picture of the tour: a card with a heading, two maps and a calendar, as SVG and as PNG, and the same in words. */
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';
import { messageOf } from '../../errors.ts';
import { dayOfMonth, joinTexts, joinWithin, textsIn, weekdayName, type Locale } from '../text.ts';
import { globeMap, regionMap, type MapOptions } from './map.ts';
import {
  ALT_TEXT,
  DRAWING_PROCESS,
  cityName,
  journeyOf,
  journeySpan,
  calendarDay,
  dateList,
  type Day,
  type DrawReply,
  type Journey,
  type Stop,
  type TourPicture,
  type TourRequest,
} from './pictures.ts';
import {
  COLOUR,
  FONT_FILES,
  TYPE,
  canDraw,
  rectElement,
  short,
  textElement,
  widthOf,
  type Box,
} from './svg.ts';

/** Draws the tour. Takes a fraction of a second, during which nothing else runs in its process. */
export function drawTour({ meetings, day, isWhole, locale }: TourRequest): TourPicture {
  const drawable = meetings.map((meeting) =>
    canDraw(meeting.ja?.city ?? '') ? meeting : { ...meeting, ja: undefined },
  );
  const journey = journeyOf(drawable);
  const chosen = journey.days.some(({ date }) => date === day) ? day : null;
  const svg = cardSvg({ journey, day: chosen, isWhole, locale });
  const png = new Resvg(svg, RENDERING).render().asPng();
  return { png, alt: altText(journey, chosen, locale) };
}

const RENDERING: ResvgRenderOptions = {
  font: {
    fontFiles: [...FONT_FILES.regular, ...FONT_FILES.bold],
    loadSystemFonts: false,
    defaultFontFamily: 'DejaVu Sans',
  },
};

if (process.argv.at(-1) === DRAWING_PROCESS) {
  process.on('message', (request: TourRequest) => {
    let reply: DrawReply;
    try {
      reply = drawTour(request);
    } catch (error) {
      reply = { problem: messageOf(error) };
    }
    process.send?.(reply);
  });
  // The bot is gone.
  process.on('disconnect', () => process.exit());
}

/**
 * The picture in words, at most 1024 characters: every stop in order with its dates and number of events, then the
 * chosen day. Stops that do not fit are counted at the end.
 */
export function altText(journey: Journey, day: string | null, locale: Locale): string {
  const { opening, closing, stopSeparator, more } = textsIn(locale).map;
  const start = opening(journeySpan(journey, locale) ?? '');
  const end = `${closing}${chosenText(journey, day, locale)}`;
  const budget = ALT_TEXT - start.length - end.length;
  const stops = journey.stops.map((stop) => stopText(stop, locale));
  const listed = joinWithin(stops, stopSeparator, { budget, rest: more });
  return `${start}${listed}${end}`.slice(0, ALT_TEXT);
}

function stopText(place: Stop, locale: Locale): string {
  const { number, dates, meetings } = place;
  const { map, reply } = textsIn(locale);
  const events = reply.events(meetings.length);
  const details = joinTexts([dateList(dates, locale), events], reply.comma);
  return map.stop(number, cityName(place, locale), details);
}

function chosenText(journey: Journey, day: string | null, locale: Locale): string {
  const chosen = journey.days.find(({ date }) => date === day);
  if (chosen === undefined) return '';
  const { map, reply } = textsIn(locale);
  const weekday = weekdayName(chosen.date, locale);
  const date = dateList([chosen.date], locale);
  const cities = [...new Set(chosen.stops.map((stop) => cityName(stop, locale)))];
  return map.chosen(
    locale === 'ja' ? `${date}（${weekday}）` : `${weekday} ${date}`,
    cities.length === 0 ? '–' : cities.join(reply.comma),
    reply.events(chosen.meetingCount),
  );
}

const CARD_WIDTH = 1200;
const MARGIN = 24;
const HEADER_HEIGHT = 152;
const BUBBLE_WIDTH = 52;
const MAP_HEIGHT = 560;
const LEFT_WIDTH = 486;

/** The whole picture as SVG. Pure: the same options give the same text. */
export function cardSvg(options: MapOptions & { isWhole: boolean }): string {
  const timelineTop = MARGIN + MAP_HEIGHT + 12;
  const timeline = options.isWhole ? timelineSvg(options, timelineTop) : null;
  const bottom = timeline === null ? MARGIN + MAP_HEIGHT : timelineTop + timeline.height;
  const height = Math.round(bottom + MARGIN);
  const left = MARGIN + LEFT_WIDTH + 10;
  const region = { x: left, y: MARGIN, width: CARD_WIDTH - MARGIN - left, height: MAP_HEIGHT };
  const size = MAP_HEIGHT - HEADER_HEIGHT;
  const globeTop = MARGIN + HEADER_HEIGHT;
  const boxes = {
    globe: { x: MARGIN + (LEFT_WIDTH - size) / 2, y: globeTop + 2, width: size, height: size - 4 },
    labels: { x: MARGIN, y: globeTop, width: LEFT_WIDTH, height: size },
    region,
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${height}" ` +
      `viewBox="0 0 ${CARD_WIDTH} ${height}" font-family="DejaVu Sans">`,
    rectElement(
      { x: 1.5, y: 1.5, width: CARD_WIDTH - 3, height: height - 3 },
      { fill: COLOUR.card, radius: 32, stroke: COLOUR.cardEdge, strokeWidth: 3 },
    ),
    headerSvg(options),
    globeMap(options, boxes),
    regionMap(options, region),
    timeline?.svg ?? '',
    '</svg>',
  ].join('');
}

function headerSvg({ journey, locale }: MapOptions): string {
  const { map: words, tourTitle } = textsIn(locale);
  const span = journeySpan(journey, locale) ?? '';
  const [countries, stops] = [journey.countriesVisited, journey.stops.length];
  const counts = [words.countries(countries), words.stops(stops), ''].join(' · ');
  const x = MARGIN + 6;
  // The bubble here, with its unit, is the legend of those in the calendar.
  const bubbleRight = x + widthOf(counts, TYPE.body, 'regular') + BUBBLE_WIDTH;
  const title = { size: TYPE.title, colour: COLOUR.text, weight: 'bold' } as const;
  const dates = { size: TYPE.name, colour: COLOUR.route, weight: 'bold' } as const;
  const small = { y: MARGIN + 134, size: TYPE.body, colour: COLOUR.softText };
  return [
    textElement(tourTitle, { x, y: MARGIN + 46, ...title }),
    span === '' ? '' : textElement(span, { x, y: MARGIN + 92, ...dates }),
    textElement(counts, { x, ...small }),
    bubble(journey.meetingCount, bubbleRight, MARGIN + 106),
    textElement(words.eventsUnit(journey.meetingCount), { x: bubbleRight + 8, ...small }),
  ].join('');
}

/** A speech bubble with the number of meetings, its right edge at `right`. */
function bubble(count: number, right: number, top: number, isChosen = false): string {
  const width = count > 9 ? 52 : 42;
  const left = right - width;
  const [fill, colour] = isChosen
    ? [COLOUR.chosenBadge, COLOUR.chosenBadgeText]
    : [COLOUR.bubble, COLOUR.bubbleText];
  const tail = `M${short(left + 9)} ${short(top + 30)}l0 13l15 -11Z`;
  const style = { size: TYPE.body, colour, weight: 'bold', anchor: 'middle' } as const;
  return (
    rectElement({ x: left, y: top, width, height: 35 }, { fill, radius: 12 }) +
    `<path d="${tail}" fill="${fill}"/>` +
    textElement(String(count), { x: left + width / 2, y: top + 28, ...style })
  );
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

/** The day's cities on at most three lines, several on a line where they fit the width. */
function cityLines(day: Day, width: number, locale: Locale): string[] {
  const separator = locale === 'ja' ? '・' : ', ';
  const lines: string[] = [];
  for (const name of new Set(day.stops.map((stop) => cityName(stop, locale)))) {
    const joined = [lines.at(-1), name].filter((part) => part !== undefined).join(separator);
    const fits = widthOf(joined, TYPE.body, 'bold') <= width;
    if (lines.length > 0 && fits) lines.splice(-1, 1, joined);
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

type Cell = ReturnType<typeof cellsOf>[number];

/** Each day with its box and the lines of its cities. */
function cellsOf(days: readonly Day[], top: number, locale: Locale) {
  const width = (CARD_WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  const cells: { day: Day; box: Box; lines: string[] }[] = [];
  let y = top;
  for (let start = 0; start < days.length; start += COLUMNS) {
    const row = days.slice(start, start + COLUMNS);
    const lines = row.map((day) => cityLines(day, width - 2 * PADDING, locale));
    const most = Math.max(1, ...lines.map(({ length }) => length));
    const height = FIRST_LINE + (most - 1) * LINE + 16;
    row.forEach((day, column) => {
      const box = { x: MARGIN + column * (width + GAP), y, width, height };
      cells.push({ day, box, lines: lines[column] ?? [] });
    });
    y += height + GAP;
  }
  return cells;
}

function cellSvg({ day, box, lines }: Cell, isFirst: boolean, options: MapOptions): string {
  const isChosen = day.date === options.day;
  const colour = isChosen ? COLOUR.chosenText : COLOUR.text;
  const edge = isChosen ? { stroke: COLOUR.text, strokeWidth: 4 } : {};
  const room = box.width - 2 * PADDING;
  const withMonth = calendarDay(day.date, isFirst, options.locale);
  const fits = widthOf(withMonth, TYPE.day, 'bold') <= room - BUBBLE_ROOM + PADDING;
  const date = fits ? withMonth : String(dayOfMonth(day.date));
  const text = { x: box.x + PADDING, colour, weight: 'bold' } as const;
  return [
    rectElement(box, { fill: isChosen ? COLOUR.chosen : COLOUR.cell, radius: 14, ...edge }),
    textElement(date, { ...text, y: box.y + 40, size: TYPE.day }),
    day.meetingCount > 0
      ? bubble(day.meetingCount, box.x + box.width - 8, box.y + 9, isChosen)
      : '',
    ...lines.map((line, index) => {
      // A name that is too wide by itself is narrowed, then set smaller; it is never cut.
      const scale = Math.min(1, room / widthOf(line, TYPE.body, 'bold'));
      const squeeze = Math.max(scale, NARROWEST);
      const size = Math.floor((TYPE.body * scale) / squeeze);
      return textElement(line, { ...text, y: box.y + FIRST_LINE + index * LINE, size, squeeze });
    }),
  ].join('');
}

/** The days in rows under their weekdays, with their cities and the number of meetings. */
function timelineSvg(options: MapOptions, top: number): { svg: string; height: number } {
  const { days } = options.journey;
  const hasHeads = isWeekByWeek(days);
  const cells = cellsOf(days, top + (hasHeads ? HEAD : 0), options.locale);
  const last = cells.at(-1);
  if (last === undefined) return { svg: '', height: 0 };
  const style = { y: top + HEAD - 9, size: TYPE.body, colour: COLOUR.softText };
  const svg = [
    ...cells.slice(0, hasHeads ? COLUMNS : 0).map(({ day, box }) => {
      const weekday = weekdayName(day.date, options.locale);
      return textElement(weekday, { x: box.x + PADDING, ...style });
    }),
    ...cells.map((cell, index) => cellSvg(cell, index === 0, options)),
  ].join('');
  return { svg, height: last.box.y + last.box.height - top };
}
