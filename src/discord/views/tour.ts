import type { APIComponentInContainer } from 'discord.js';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { container, picture, text } from '../components.ts';
import { dayName, longDate, type Locale } from '../dates.ts';
import { clip, inertLine, oneLine } from '../inert.ts';
import { MESSAGE_TEXT, SELECT_OPTIONS } from '../limits.ts';
import type { View } from '../payload.ts';
import { textsIn, type Texts } from '../texts/index.ts';
import type { TourPicture } from '../picture/draw-tour.ts';
import { PLAIN_COLOUR } from './colours.ts';
import { meetingMenu } from './meeting.ts';
import { namesCity } from './place-named.ts';

const FILE = 'tour.png';
/** Menus of one message: with the rest they stay far below forty components. */
const MOST_MENUS = 4;
/** Lengths of a stop's title, tried from the longest on until all stops fit. */
const TITLE_LENGTHS = [120, 80, 60, 45, 30] as const;

export interface TourViewOptions {
  readonly edition: Pick<Snapshot, 'meetings'>;
  readonly locale: Locale;
  /** ISO date; null for the whole tour. */
  readonly day: string | null;
  /** Null when it could not be drawn. */
  readonly drawn: Pick<TourPicture, 'png' | 'alt'> | null;
}

/** The journey: its picture, its stops as text, and menus that open a stop's card. */
export function tourView({ edition, locale, day, drawn }: TourViewOptions): View {
  const texts = textsIn(locale);
  const meetings = edition.meetings.filter(({ date }) => day === null || date === day);
  const title = day === null ? texts.tourTitle : inertLine(dayName(day, locale));
  const head = [
    `## ${title}`,
    day === null ? overview(meetings, { texts, locale }) : texts.stopsOfDay(meetings.length),
    ...(drawn === null ? [`-# ${texts.noPicture}`] : []),
  ].join('\n');
  const stops = stopsWithin(meetings, {
    budget: MESSAGE_TEXT - head.length,
    texts,
    locale,
    byDay: day === null,
  });
  const parts: APIComponentInContainer[] = [text(head)];
  if (drawn !== null) parts.push(picture(`attachment://${FILE}`, drawn.alt || texts.pictureAlt));
  if (stops !== '') parts.push(text(stops));
  parts.push(...menus(meetings, { texts, locale }));
  return {
    components: [container(PLAIN_COLOUR, parts)],
    ...(drawn === null ? {} : { files: [{ name: FILE, data: drawn.png }] }),
  };
}

function overview(
  meetings: readonly Meeting[],
  { texts, locale }: { texts: Texts; locale: Locale },
): string {
  const dates = meetings.flatMap(({ date }) => (date === null ? [] : [date])).sort();
  const [from, to] = [dates[0], dates.at(-1)].map((date) =>
    date === undefined ? null : inertLine(longDate(date, locale)),
  );
  return texts.tourOverview(meetings.length, from ?? null, to ?? null);
}

function menus(
  meetings: readonly Meeting[],
  { texts, locale }: { texts: Texts; locale: Locale },
): ReturnType<typeof meetingMenu>[] {
  const rows: ReturnType<typeof meetingMenu>[] = [];
  for (let part = 0; part < MOST_MENUS; part++) {
    const slice = meetings.slice(part * SELECT_OPTIONS, (part + 1) * SELECT_OPTIONS);
    const [first] = slice;
    const last = slice.at(-1);
    if (first === undefined || last === undefined) break;
    const placeholder =
      meetings.length <= SELECT_OPTIONS
        ? texts.pickMeeting
        : texts.pickMeetings(first.order, last.order);
    rows.push(meetingMenu(slice, { part, placeholder, locale }));
  }
  return rows;
}

/** The numbered stops, titles as long as the budget allows; what does not fit even short is counted. */
function stopsWithin(
  meetings: readonly Meeting[],
  options: { budget: number; texts: Texts; locale: Locale; byDay: boolean },
): string {
  for (const length of TITLE_LENGTHS) {
    const all = stopLines(meetings, length, options).join('\n');
    if (all.length <= options.budget) return all;
  }
  const lines = stopLines(meetings, TITLE_LENGTHS[TITLE_LENGTHS.length - 1] ?? 30, options);
  const kept: string[] = [];
  let left = options.budget - 40;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return [...kept, options.texts.andMore(lines.length - kept.length)].join('\n');
}

function stopLines(
  meetings: readonly Meeting[],
  titleLength: number,
  { texts, locale, byDay }: { texts: Texts; locale: Locale; byDay: boolean },
): string[] {
  const lines: string[] = [];
  let shown: string | null | undefined;
  for (const { date, order, title, city } of meetings) {
    if (byDay && date !== shown) {
      shown = date;
      lines.push(`**${date === null ? texts.undatedStops : inertLine(dayName(date, locale))}**`);
    }
    const name = inertLine(clip(oneLine(title), titleLength));
    const place = namesCity(title, city) ? '' : ` · ${inertLine(clip(oneLine(city), 40))}`;
    lines.push(`\`${order}\` ${name}${place}`);
  }
  return lines;
}
