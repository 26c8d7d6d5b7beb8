import { ComponentType, type APIMediaGalleryComponent } from 'discord.js';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine.ts';
import { daysNamed, shortDate } from '../../language/dates.ts';
import { DAY_OF_MONTH, namedIn } from '../../language/finder.ts';
import { meetingMenus, timeOfDay, withoutAbbreviation } from '../buttons/card.ts';
import { codeOf, defineControl, numberForm, plainForm } from '../custom-ids.ts';
import { AUTOCOMPLETED, slashCommand, type Autocomplete, type ChatCommand } from '../register.ts';
import { Refusal, askAgain, chosenFrom } from '../reply.ts';
import { directoryOf, type InteractionContext, type Reader } from '../services.ts';
import {
  clip,
  dayName,
  dayOfMonth,
  escapeLine,
  joinTexts,
  oneLine,
  small,
  weekdayName,
  type Locale,
  type Texts,
} from '../text.ts';
import {
  ALT_TEXT,
  journeyOf,
  journeySpan,
  type Journey,
  type Stop,
  type TourPicture,
} from '../tour-map/pictures.ts';
import {
  CHOICES,
  button,
  buttonRows,
  distinct,
  framed,
  menuRows,
  type Button,
  type Row,
  type View,
} from '../view.ts';

/** Days found by their dates, their weekdays, the places of their events, and whoever was met there. */
export const dayChoices: Autocomplete = (typed, { snapshot, directory, locale }) => {
  const { days, dayFinder, places } = directory;
  const named = new Set(namedIn(snapshot, typed.trim()));
  const there = new Set([
    ...places.holding(typed).map(({ meeting }) => meeting),
    ...snapshot.meetings.filter(({ id }) => named.has(id)),
  ]);
  const dates = new Set([...there].map(({ date }) => date));
  const found = dayFinder.holding(typed);
  const meant = days.filter((day) => dates.has(day) || found.includes(day));
  // Slips of the pen come last, and all days while nothing is typed.
  const alike = [
    ...dayFinder.best(typed),
    ...places.best(typed).map(({ meeting: { date } }) => date),
  ];
  const near = typed.trim() === '' ? days : days.filter((day) => alike.includes(day));
  return distinct(
    (meant.length > 0 ? meant : near)
      .slice(0, CHOICES)
      .map((value) => ({ name: dayName(value, locale), value })),
  );
};

/** A part of the tour: its events on some days, or in a place. */
interface TourPart {
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
  // The name of a month alone is like all its days, and means none of them; "fri" is all Fridays.
  return new Set(alike.map((day) => weekdayName(day, 'en'))).size === 1 ? [...alike] : [];
}

function inPlace(snapshot: Snapshot, input: string, locale: Locale): TourPart | null {
  const { names, places } = directoryOf(snapshot);
  // "Holland" is spelt like "Poland", but questions are understood by that name: slips of the pen come last.
  const named = new Set(namedIn(snapshot, input.trim()));
  const exact = places.holding(input);
  const found = exact.length > 0 || named.size > 0 ? exact : places.best(input);
  const isCity = found.some((each) => each.isCity);
  const there =
    found.length > 0
      ? found.flatMap((each) => (each.isCity === isCity ? [each.meeting] : []))
      : snapshot.meetings.filter(({ id }) => named.has(id));
  const cities = new Set(there.map((meeting) => names.city(meeting, locale)));
  const countries = new Set(there.map((meeting) => names.country(meeting, locale)));
  const isOneCity = found.length > 0 ? isCity && cities.size === 1 : cities.size === 1;
  const [title, ...others] = isOneCity ? cities : countries;
  if (title === undefined) return null;
  // A region has several countries; a person who was met in several is not a place.
  if (exact.length > 0) return partOf([title, ...others].join(' · '), there);
  return others.length > 0 ? null : partOf(title, there);
}

export const tour: ChatCommand = {
  needsMeetings: true,
  data: slashCommand('tour', { day: AUTOCOMPLETED }),
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

export const openTour = defineControl({
  kind: 'map',
  ...plainForm('v'),
  async run(context) {
    await context.reply.defer({ isPrivate: true });
    await context.reply.fill(await tourMessage(context, null));
  },
});

export function mapButton({ reply: { showMap: label } }: Texts): Button {
  return button({ customId: openTour.encode({}), label, emoji: '🗺️' });
}

export const pickDay = defineControl({
  kind: 'day',
  ...numberForm('j'),
  async run(context) {
    const { interaction, snapshot, locale, reply } = context;
    const part = tourPart(snapshot, chosenFrom(interaction), locale);
    if (part === null) throw askAgain();
    await reply.deferUpdate(interaction);
    await reply.fill(await tourMessage(context, part));
  },
});

/** The tour or a part of it, with its picture; its list is useful without one that cannot be drawn. */
async function tourMessage(context: InteractionContext, part: TourPart | null): Promise<View> {
  const { services, snapshot, locale, log } = context;
  const chosen = { day: part?.day ?? null, isWhole: part === null, locale };
  const drawn = await services.pictures.draw(snapshot, chosen).catch((err: unknown) => {
    log.error({ event: 'tour.picture-failed', err });
    return null;
  });
  return tourView({ ...context, part, drawn });
}

interface TourViewOptions extends Reader {
  /** Null for the whole tour. */
  readonly part: TourPart | null;
  /** Null when it could not be drawn. */
  readonly drawn: Pick<TourPicture, 'png' | 'alt'> | null;
}

const FILE = 'tour.png';
/** Events of a part that leave room for the picture on a phone's screen; all are in the menu below. */
const MOST_LINES = 5;
/** Characters of a name that fit a line on a phone, with its number and its time. */
const NAME: Readonly<Record<Locale, number>> = { en: 30, ja: 16 };

/** The journey: its picture, one line a day, and a menu of days; or the events of a part, with a menu that opens cards. */
export function tourView({ part, drawn, ...reader }: TourViewOptions): View {
  const { texts } = reader;
  const journey = journeyOf(reader.snapshot.meetings);
  const head = headOf(journey, part, reader);
  const view = framed([
    drawn === null ? `${head}\n-# ${texts.noPicture}` : head,
    drawn === null ? '' : pictureOf(drawn.alt || texts.pictureAlt),
    ...(part === null
      ? dayRows(journey, reader)
      : [
          eventLines(part, journey, reader).join('\n'),
          ...meetingMenus(part.meetings, texts.reply.openMeeting, reader),
          ...buttonRows([mapButton(texts)]),
        ]),
  ]);
  return drawn === null ? view : { ...view, files: [{ name: FILE, data: drawn.png }] };
}

function pictureOf(altText: string): APIMediaGalleryComponent {
  const media = { url: `attachment://${FILE}` };
  return {
    type: ComponentType.MediaGallery,
    items: [{ media, description: clip(altText, ALT_TEXT) }],
  };
}

function headOf(journey: Journey, part: TourPart | null, { locale, texts }: Reader): string {
  if (part !== null) return `### ${escapeLine(part.title, 100)}`;
  const span = journeySpan(journey, locale);
  const count = texts.reply.events(journey.meetingCount);
  const places = journey.stops
    .filter(({ dates }) => dates.length === 0)
    .map(({ number, city }) => `${circled(number)} ${escapeLine(city, 40)}`);
  return [
    `### ${texts.tourTitle}`,
    small(joinTexts([escapeLine(span ?? ''), count], ' · ')),
    ...(places.length === 0 ? [] : [`-# ${texts.undatedStops} ${clip(places.join(' '), 200)}`]),
  ].join('\n');
}

/** "③ Ana Silva · Lima, 15:30". */
function eventLines(
  { meetings, day }: TourPart,
  { stops }: Journey,
  { directory: { names }, locale, texts }: Reader,
): string[] {
  const lines = meetings.slice(0, MOST_LINES).map((meeting) => {
    const { id, date, localStart } = meeting;
    const stop = stops.find((each) => each.meetings.some((one) => one.id === id));
    const when = [
      ...(day !== null || date === null ? [] : [escapeLine(shortDate(date, locale), 40)]),
      ...(localStart === null ? [] : [timeOfDay(localStart, texts)]),
    ];
    const name = escapeLine(names.line(meeting, locale), NAME[locale]);
    return `${stop === undefined ? '' : `${circled(stop.number)} `}${[name, ...when].join(texts.reply.comma)}`;
  });
  const left = meetings.length - lines.length;
  return [...lines, ...(left === 0 ? [] : [`-# ${texts.reply.inMenu(left)}`])];
}

/** Characters of the list of days. With all else they stay below the limit of a message. */
const LIST = 3000;

/** "**Sun 7 Jan** ③ Lima ④ Quito · 10": the numbers are those of the map. The same lines are the menu's. */
function dayRows({ days }: Journey, { directory, locale, texts }: Reader): (string | Row)[] {
  const { reply } = texts;
  const cityOf = ({ city, meetings: [first] }: Stop): string =>
    withoutAbbreviation(first === undefined ? city : directory.names.city(first, locale));
  const rows = days
    .filter(({ meetingCount }) => meetingCount > 0)
    .map(({ date, stops, meetingCount }) => {
      const day = `${weekdayName(date, locale)} ${shortDate(date, locale)}`;
      const places = stops.map((stop) => `${circled(stop.number)} ${cityOf(stop)}`).join(' ');
      return {
        line: `**${escapeLine(day, 40)}** ${escapeLine(places, 120)} · ${meetingCount}`,
        label: oneLine(`${day} ${places}`),
        value: codeOf(date),
        description: reply.events(meetingCount),
      };
    });
  const lines = rows.map(({ line }) => line);
  while (lines.join('\n').length > LIST) lines.pop();
  const left = rows.length - lines.length;
  if (left > 0) lines.push(`-# ${reply.inMenu(left)}`);
  return [lines.join('\n'), ...menuRows(pickDay.encode, reply.pickDay, rows)];
}

/** Unicode has circles for 1 to 50. */
const CIRCLES = Array.from(
  '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿',
);

function circled(number: number): string {
  return CIRCLES[number - 1] ?? `(${number})`;
}
