import { calendarDay, dayOfMonth, weekdayName } from '../texts/index.ts';
import type { Locale } from '../texts/index.ts';
import type { Measure } from './fonts.ts';
import type { Day } from './journey.ts';
import type { Box } from './labels.ts';
import { COLOUR, rectElement, short, textElement, TYPE } from './svg.ts';
import { cityName } from './words.ts';

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

export interface TimelineOptions {
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
  for (const name of new Set(day.stops.map((stop) => cityName(stop.city, locale)))) {
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

/** A speech bubble with the number of meetings, its right edge at `right`. */
export function bubble(count: number, right: number, top: number, isChosen = false): string {
  const width = count > 9 ? 52 : 42;
  const left = right - width;
  const fill = isChosen ? COLOUR.chosenBadge : COLOUR.bubble;
  const tail = `M${short(left + 9)} ${short(top + 30)}l0 13l15 -11Z`;
  return (
    rectElement({ x: left, y: top, width, height: 35 }, { fill, radius: 12 }) +
    `<path d="${tail}" fill="${fill}"/>` +
    textElement(String(count), {
      x: left + width / 2,
      y: top + 28,
      size: TYPE.body,
      colour: isChosen ? COLOUR.chosenBadgeText : COLOUR.bubbleText,
      weight: 'bold',
      anchor: 'middle',
    })
  );
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
export function timelineSvg(options: TimelineOptions): { svg: string; height: number } {
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
