import type { APIButtonComponentWithCustomId, APIComponentInContainer } from 'discord.js';
import type { MeetingNames } from '../../answer/meeting-texts.ts';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine.ts';
import { NameFinder } from '../../language/finder.ts';
import { daysNamed } from '../../language/dates.ts';
import { meetingMenu } from '../buttons/card.ts';
import { codeOf, defineControl, numberField } from '../custom-ids.ts';
import {
  autocompletedOption,
  slashCommand,
  type Autocomplete,
  type ChatCommand,
} from '../registry.ts';
import {
  PLAIN_COLOUR,
  Refusal,
  SELECT_OPTIONS,
  askAgain,
  button,
  buttonRows,
  chosenFrom,
  container,
  menuRow,
  picture,
  text,
  type Row,
  type View,
} from '../reply.ts';
import {
  CHOICES,
  DAY_OF_MONTH,
  directoryOf,
  distinct,
  namedIn,
  type Edition,
  type InteractionContext,
} from '../services.ts';
import {
  dayName,
  dayOfMonth,
  escapeLine,
  oneLine,
  shortDate,
  textsIn,
  weekdayName,
  type Locale,
  type Texts,
} from '../text.ts';
import {
  journeyOf,
  journeySpan,
  type Journey,
  type Stop,
  type TourPicture,
} from '../tour-map/journey.ts';

export const dayChoices: Autocomplete = (typed, { snapshot, locale }) =>
  distinct(
    directoryOf(snapshot)
      .dayFinder.find(typed, CHOICES)
      .map(({ value }) => ({ name: dayName(value, locale), value })),
  );

/** A part of the tour: its events on some days, or in a place. */
export interface TourPart {
  /** In plain text, in the reader's language. */
  readonly title: string;
  readonly meetings: readonly Meeting[];
  /** The only ISO date of these meetings, which the picture sets off; null where there are several. */
  readonly day: string | null;
}

/** The events on the days, on the weekday or in the place that a text names; null where the tour has none. */
export function tourPart(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const days = daysMeant(snapshot, input);
  if (days.length === 0) return inPlace(snapshot, input, locale);
  const there = snapshot.meetings.filter(({ date }) => date !== null && days.includes(date));
  return partOf(days.map((day) => dayName(day, locale)).join(' · '), there);
}

function partOf(title: string, meetings: readonly Meeting[]): TourPart {
  const days = [...new Set(meetings.map(({ date }) => date))];
  return { title, meetings, day: days.length === 1 ? (days[0] ?? null) : null };
}

/** Days of the tour as ISO dates, ascending: named, numbered, or found by what is typed of their names. */
function daysMeant(snapshot: Snapshot, input: string): string[] {
  const { days, dayFinder } = directoryOf(snapshot);
  const [first, last] = [days[0], days.at(-1)];
  const typed = input.normalize('NFKC').trim();
  if (first === undefined || last === undefined || typed === '') return [];
  if (DAY_OF_MONTH.test(typed)) return days.filter((day) => dayOfMonth(day) === Number(typed));
  const named = daysNamed(typed, { first, last })
    .filter(({ vague }) => !vague)
    .flatMap(({ dates }) => dates);
  if (named.length > 0) return days.filter((day) => named.includes(day));
  const exact = days.filter((day) => day === typed);
  const alike = exact.length > 0 ? exact : dayFinder.best(typed);
  // The name of a month alone is like all its days, and means none of them.
  return alike.length === 1 ? [...alike] : [];
}

function inPlace(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const { names } = directoryOf(snapshot);
  const finder = new NameFinder(
    snapshot.meetings.flatMap((meeting) => [
      { value: { meeting, isCity: true }, names: [meeting.city, names.city(meeting, 'ja')] },
      { value: { meeting, isCity: false }, names: [meeting.country, names.country(meeting, 'ja')] },
    ]),
  );
  // "Holland" is spelt like "Poland", but questions are understood by that name: slips of the pen come last.
  const named = new Set(namedIn(snapshot, input.trim()));
  const exact = finder.holding(input);
  const found = exact.length > 0 || named.size > 0 ? exact : finder.best(input);
  const isCity = found.some((each) => each.isCity);
  const there =
    found.length > 0
      ? found.flatMap((each) => (each.isCity === isCity ? [each.meeting] : []))
      : snapshot.meetings.filter(({ id }) => named.has(id));
  const cities = new Set(there.map((meeting) => names.city(meeting, locale)));
  const countries = new Set(there.map((meeting) => names.country(meeting, locale)));
  const isOneCity = found.length > 0 ? isCity : cities.size === 1;
  const [title, ...others] = isOneCity ? cities : countries;
  return title === undefined || others.length > 0 ? null : partOf(title, there);
}

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
    const part = input === null ? null : tourPart(snapshot, input, locale);
    if (input !== null && part === null) {
      throw new Refusal((texts) => texts.reply.noStop(escapeLine(input, 60)));
    }
    await reply.defer({ isPrivate: context.isPrivateByDefault });
    await reply.fill(await tourMessage(context, part));
  },
};

/** Opens the whole tour for the reader alone. */
export const openTour = defineControl({
  kind: 'map',
  letter: 'v',
  encode: () => [],
  decode: () => ({}),
  async run(context) {
    await context.reply.defer({ isPrivate: true });
    await context.reply.fill(await tourMessage(context, null));
  },
});

/** Opens the tour. */
export function mapButton(locale: Locale): APIButtonComponentWithCustomId {
  return button({
    customId: openTour.encode({}),
    label: textsIn(locale).reply.showMap,
    emoji: '🗺️',
  });
}

/** Changes the tour to the events of the day that was chosen. */
export const pickDay = defineControl({
  kind: 'day',
  letter: 'j',
  /** The number only keeps the ids of one message apart. */
  encode: (part: number) => [part],
  decode: ([part]) => numberField(part),
  async run(context) {
    const { interaction, snapshot, locale, reply } = context;
    const part = tourPart(snapshot, chosenFrom(interaction), locale);
    if (part === null) throw askAgain();
    await reply.deferUpdate(interaction);
    await reply.fill(await tourMessage(context, part));
  },
});

/** The tour or a part of it, with its picture. */
async function tourMessage(context: InteractionContext, part: TourPart | null): Promise<View> {
  const { snapshot, locale } = context;
  const drawn = await draw(context, snapshot, part?.day ?? null);
  return tourView({ snapshot, locale, part, drawn });
}

/** Null when the picture cannot be drawn: the list of stops is useful without it. */
async function draw(
  { services, locale, log }: InteractionContext,
  snapshot: Snapshot,
  day: string | null,
): Promise<TourPicture | null> {
  try {
    return await services.pictures.draw(snapshot, { day, locale });
  } catch (err) {
    log.error({ event: 'tour.picture-failed', err });
    return null;
  }
}

interface TourViewOptions {
  readonly snapshot: Edition;
  readonly locale: Locale;
  /** Null for the whole tour. */
  readonly part: TourPart | null;
  /** Null when it could not be drawn. */
  readonly drawn: Pick<TourPicture, 'png' | 'alt'> | null;
}

const FILE = 'tour.png';
/** Characters of the list. With all else they stay below the limit of a message. */
const LIST = 3000;
const NAME = 60;
/** Menus of one message. */
const MOST_MENUS = 3;

/** The journey: its picture, one line a day, and a menu of days; or the events of a part, with a menu that opens cards. */
export function tourView({ snapshot, locale, part, drawn }: TourViewOptions): View {
  const texts = textsIn(locale);
  const journey = journeyOf(snapshot.meetings);
  const lines =
    part === null
      ? dayLines(journey, { snapshot, locale })
      : eventLines(part, journey, { snapshot, locale });
  const parts: APIComponentInContainer[] = [
    text(
      [headOf(journey, part, locale), ...(drawn === null ? [`-# ${texts.noPicture}`] : [])].join(
        '\n',
      ),
    ),
    ...(drawn === null ? [] : [picture(`attachment://${FILE}`, drawn.alt || texts.pictureAlt)]),
    ...(lines.length === 0 ? [] : [text(within(lines, texts))]),
    ...(part === null
      ? dayMenus(journey, { snapshot, locale })
      : [...meetingMenus(part.meetings, { snapshot, locale }), ...buttonRows([mapButton(locale)])]),
  ];
  return {
    components: [container(PLAIN_COLOUR, parts)],
    ...(drawn === null ? {} : { files: [{ name: FILE, data: drawn.png }] }),
  };
}

function headOf(journey: Journey, part: TourPart | null, locale: Locale): string {
  const texts = textsIn(locale);
  const title = part === null ? texts.tourTitle : escapeLine(part.title, 100);
  const span = part === null ? journeySpan(journey, locale) : null;
  const count = texts.reply.events(part?.meetings.length ?? journey.meetingCount);
  return `### ${title}\n-# ${[...(span === null ? [] : [escapeLine(span)]), count].join(' · ')}`;
}

/** "Sun 7 Jan ③ Lima ④ Quito · 10": the numbers are those of the map. */
function dayLines(
  { days, stops }: Journey,
  { snapshot, locale }: Pick<TourViewOptions, 'snapshot' | 'locale'>,
): string[] {
  const cities = directoryOf(snapshot).names;
  const names = (there: readonly Stop[]): string =>
    there.map((stop) => `${circled(stop.number)} ${cityOf(stop, cities, locale)}`).join(' ');
  const undated = stops.filter(({ dates }) => dates.length === 0);
  return [
    ...days
      .filter(({ meetingCount }) => meetingCount > 0)
      .map(
        ({ date, stops: there, meetingCount }) =>
          `**${escapeLine(weekdayName(date, locale))} ${escapeLine(shortDate(date, locale))}** ${names(there)} · ${meetingCount}`,
      ),
    ...(undated.length === 0 ? [] : [`**${textsIn(locale).undatedStops}** ${names(undated)}`]),
  ];
}

/** "③ Ana Silva · Lima, 15:30". */
function eventLines(
  { meetings, day }: TourPart,
  { stops }: Journey,
  { snapshot, locale }: Pick<TourViewOptions, 'snapshot' | 'locale'>,
): string[] {
  const texts = textsIn(locale);
  const names = directoryOf(snapshot).names;
  const dayParts: Readonly<Record<string, string>> = texts.dayParts;
  return meetings.map((meeting) => {
    const { id, date, localStart } = meeting;
    const stop = stops.find((each) => each.meetings.some((one) => one.id === id));
    const when = [
      ...(day !== null || date === null ? [] : [shortDate(date, locale)]),
      ...(localStart === null ? [] : [dayParts[localStart] ?? localStart]),
    ].map((one) => escapeLine(one, 40));
    const name = escapeLine(names.headline(meeting, locale), NAME);
    return `${stop === undefined ? '' : `${circled(stop.number)} `}${[name, ...when].join(texts.reply.comma)}`;
  });
}

function cityOf({ city, meetings }: Stop, names: MeetingNames, locale: Locale): string {
  const [first] = meetings;
  const name = first === undefined ? city : names.city(first, locale);
  return escapeLine(name.replace(/,? ?(?:\p{Lu}\.)+$/u, ''), 40);
}

/** As many lines as fit; the rest is counted. */
function within(lines: readonly string[], texts: Texts): string {
  let kept = lines.length;
  while (kept > 0 && lines.slice(0, kept).join('\n').length > LIST) kept -= 1;
  const left = lines.length - kept;
  return [...lines.slice(0, kept), ...(left === 0 ? [] : [`-# ${texts.andMore(left)}`])].join('\n');
}

function dayMenus(
  { days }: Journey,
  { snapshot, locale }: Pick<TourViewOptions, 'snapshot' | 'locale'>,
): Row[] {
  const texts = textsIn(locale);
  const names = directoryOf(snapshot).names;
  const choices = days
    .filter(({ meetingCount }) => meetingCount > 0)
    .map(({ date, stops, meetingCount }) => ({
      label: oneLine(`${weekdayName(date, locale)} ${shortDate(date, locale)}`) || date,
      value: codeOf(date),
      description: oneLine(
        [
          stops.map((stop) => cityOf(stop, names, locale)).join(texts.reply.comma),
          texts.reply.events(meetingCount),
        ].join(' · '),
      ),
    }));
  return slices(choices).map((slice, part) =>
    menuRow(pickDay.encode(part), texts.reply.pickDay, slice),
  );
}

function meetingMenus(
  meetings: readonly Meeting[],
  { snapshot, locale }: Pick<TourViewOptions, 'snapshot' | 'locale'>,
): Row[] {
  const placeholder = textsIn(locale).reply.openMeeting;
  return slices(meetings).map((slice, part) =>
    meetingMenu(slice, { part, placeholder, snapshot, locale }),
  );
}

function slices<T>(items: readonly T[]): T[][] {
  const count = Math.min(MOST_MENUS, Math.ceil(items.length / SELECT_OPTIONS));
  return Array.from({ length: count }, (_, part) =>
    items.slice(part * SELECT_OPTIONS, (part + 1) * SELECT_OPTIONS),
  );
}

/** Unicode has circles for 1 to 50, in three runs. */
const CIRCLES = [
  { first: 1, last: 20, start: 0x2460 },
  { first: 21, last: 35, start: 0x3251 },
  { first: 36, last: 50, start: 0x32b1 },
] as const;

function circled(number: number): string {
  const run = CIRCLES.find(({ first, last }) => first <= number && number <= last);
  return run === undefined ? `(${number})` : String.fromCodePoint(run.start + number - run.first);
}
