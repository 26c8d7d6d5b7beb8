import type { APIComponentInContainer } from 'discord.js';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { meetingMenu } from '../buttons/meeting.ts';
import { dayName, longDate } from '../dates.ts';
import { escapeLine } from '../escape.ts';
import { Refusal } from '../failures.ts';
import type { ChatCommand, InteractionContext } from '../interaction-context.ts';
import { MESSAGE_TEXT, SELECT_OPTIONS } from '../limits.ts';
import { dayChoices, findDay } from '../lookup.ts';
import { textsIn, type Locale, type Texts } from '../texts/index.ts';
import type { TourPicture } from '../tour-map/draw-tour.ts';
import {
  container,
  picture,
  PLAIN_COLOUR,
  text,
  type Row,
  type View,
} from '../views/components.ts';
import { namesCity } from '../views/meeting.ts';
import { autocompletedOption, slashCommand } from './options.ts';

/** `/tour [day]` */
export const tour: ChatCommand = {
  needsMeetings: true,
  data: {
    ...slashCommand(({ commands }) => commands.tour),
    options: [autocompletedOption(({ commands }) => commands.tour.options.day)],
  },
  autocomplete: { day: dayChoices },
  async execute(context) {
    const { interaction, snapshot, locale, reply } = context;
    const input = interaction.options.getString('day');
    const day = input === null ? null : findDay(snapshot, input);
    if (input !== null && day === null) {
      throw new Refusal((texts) => texts.noDay(escapeLine(input, 60)));
    }
    await reply.defer({ isPrivate: context.isPrivateByDefault });
    const drawn = await draw(context, day);
    await reply.fill(tourView({ snapshot, locale, day, drawn }));
  },
};

/** Null when the picture cannot be drawn: the list of stops is useful without it. */
async function draw(
  { services, snapshot, locale, log }: InteractionContext,
  day: string | null,
): Promise<TourPicture | null> {
  try {
    return await services.pictures.draw(snapshot, { day, locale });
  } catch (err) {
    log.error({ event: 'tour.picture-failed', err });
    return null;
  }
}

const FILE = 'tour.png';
/** Menus of one message: with the rest they stay far below forty components. */
const MOST_MENUS = 4;
/** Lengths of a stop's title, tried from the longest on until all stops fit. */
const TITLE_LENGTHS = [120, 80, 60, 45, 30] as const;
/** Characters for the number of stops that do not fit. */
const REST = 40;

export interface TourViewOptions {
  readonly snapshot: Pick<Snapshot, 'meetings'>;
  readonly locale: Locale;
  /** ISO date; null for the whole tour. */
  readonly day: string | null;
  /** Null when it could not be drawn. */
  readonly drawn: Pick<TourPicture, 'png' | 'alt'> | null;
}

/** The journey: its picture, its stops as text, and menus that open the card of a stop. */
export function tourView({ snapshot, locale, day, drawn }: TourViewOptions): View {
  const texts = textsIn(locale);
  const meetings = snapshot.meetings.filter(({ date }) => day === null || date === day);
  const title = day === null ? texts.tourTitle : escapeLine(dayName(day, locale));
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

interface Reader {
  readonly texts: Texts;
  readonly locale: Locale;
}

function overview(meetings: readonly Meeting[], { texts, locale }: Reader): string {
  const dates = meetings.flatMap(({ date }) => date ?? []).sort();
  const [from, to] = [dates[0], dates.at(-1)].map((date) =>
    date === undefined ? null : escapeLine(longDate(date, locale)),
  );
  return texts.tourOverview(meetings.length, from ?? null, to ?? null);
}

/** Menus of 25 meetings each. */
function menus(meetings: readonly Meeting[], { texts, locale }: Reader): Row[] {
  const rows: Row[] = [];
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

interface StopsOptions extends Reader {
  readonly budget: number;
  /** Whether the stops are listed below the day of each. */
  readonly byDay: boolean;
}

/** The numbered stops, with titles as long as the budget allows; stops that do not fit even so are counted. */
function stopsWithin(meetings: readonly Meeting[], options: StopsOptions): string {
  let lines: string[] = [];
  for (const length of TITLE_LENGTHS) {
    lines = stopLines(meetings, length, options);
    const all = lines.join('\n');
    if (all.length <= options.budget) return all;
  }
  const kept: string[] = [];
  let left = options.budget - REST;
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
  { texts, locale, byDay }: StopsOptions,
): string[] {
  const lines: string[] = [];
  let shownDate: string | null | undefined;
  for (const { date, order, title, city } of meetings) {
    if (byDay && date !== shownDate) {
      shownDate = date;
      const day = date === null ? texts.undatedStops : escapeLine(dayName(date, locale));
      lines.push(`**${day}**`);
    }
    const place = namesCity(title, city) ? '' : ` · ${escapeLine(city, 40)}`;
    lines.push(`\`${order}\` ${escapeLine(title, titleLength)}${place}`);
  }
  return lines;
}
