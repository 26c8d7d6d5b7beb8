import type { APIButtonComponent, APIComponentInContainer } from 'discord.js';
import type { Meeting, Person } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { button, buttonRows, container, menuRow, separator, text } from '../components.ts';
import { codeOf, encodeControl } from '../custom-ids.ts';
import { dayName, meetingStart, shortDate, type Locale } from '../dates.ts';
import { clip, inertLine, oneLine } from '../inert.ts';
import { MESSAGE_TEXT } from '../limits.ts';
import { outcomesOf, type Outcome } from '../outcomes.ts';
import type { Notice, View } from '../payload.ts';
import { quotation, stretchWithin } from '../shorten.ts';
import { textsIn, type Texts } from '../texts/index.ts';
import { joinWithin, sourceLine } from './attribution.ts';
import { PLAIN_COLOUR } from './colours.ts';

const OUTCOMES = 3;
const FACTS = 1500;
const CITATION = 450;

type CardEdition = Pick<Snapshot, 'meetings' | 'sources' | 'documents'>;

/** The card of a meeting: when, where, who, topics, what came of it, and its neighbours on the tour. */
export function meetingView(
  meeting: Meeting,
  { edition, locale }: { edition: CardEdition; locale: Locale },
): View {
  const texts = textsIn(locale);
  const document = edition.documents.get(meeting.id);
  const outcomes = document === undefined ? [] : outcomesOf(document, OUTCOMES);
  const head = `## ${inertLine(clip(oneLine(meeting.title), 200))}`;
  const facts = factsOf(meeting, { texts, locale });
  const parts: APIComponentInContainer[] = [text(head), ...facts.map(text)];
  if (outcomes.length > 0) {
    const room = MESSAGE_TEXT - head.length - facts.join('').length - texts.outcomes.length - 20;
    const budget = Math.floor(room / outcomes.length);
    const quoted = outcomes.map((outcome) => outcomeText(outcome, { edition, locale, budget }));
    parts.push(separator(), text(`**${texts.outcomes}**`), ...quoted.map(text));
  }
  parts.push(...buttonRows(neighbours(meeting, { edition, texts, locale })));
  return { components: [container(PLAIN_COLOUR, parts)] };
}

function factsOf(meeting: Meeting, { texts, locale }: { texts: Texts; locale: Locale }): string[] {
  const where = [meeting.venue, meeting.city, meeting.country]
    .filter((part): part is string => part !== null)
    .map((part) => inertLine(clip(oneLine(part), 100)));
  const rows: (readonly [string, string])[] = [
    [texts.when, whenOf(meeting, { texts, locale })],
    // "Kyiv, Kyiv, Ukraine" where the venue is only known as the city.
    [texts.where, [...new Set(where)].join(', ')],
  ];
  const people = meeting.people.map(personText);
  const rest = texts.andMore;
  if (people.length > 0) {
    rows.push([texts.who, joinWithin(people, '\n', { budget: FACTS / 2, rest })]);
  }
  if (meeting.topics.length > 0) {
    const topics = meeting.topics.map((topic) => inertLine(clip(oneLine(topic), 100)));
    rows.push([texts.topics, joinWithin(topics, ' · ', { budget: FACTS / 3, rest })]);
  }
  return rows.map(([name, value]) => `**${name}**\n${value}`);
}

/** The local time and date as the sources give them, and the same moment on the reader's clock. */
function whenOf(meeting: Meeting, { texts, locale }: { texts: Texts; locale: Locale }): string {
  const { date, localStart, localStartAlternative, durationMinutes, durationAlternativeMinutes } =
    meeting;
  if (date === null) return texts.dateUnknown;
  const start = meetingStart(meeting);
  const others = [
    ...(localStartAlternative === undefined ? [] : [inertLine(localStartAlternative)]),
    ...(durationAlternativeMinutes === undefined
      ? []
      : [texts.minutes(durationAlternativeMinutes)]),
  ];
  const parts = [
    inertLine(dayName(date, locale)),
    ...(localStart === null ? [] : [timeOfDay(localStart, texts)]),
    ...(durationMinutes === null ? [] : [texts.minutes(durationMinutes)]),
  ];
  return [
    parts.join(' · '),
    ...(start === null ? [] : [texts.yourTime(`<t:${start}:F> (<t:${start}:R>)`)]),
    ...(others.length === 0 ? [] : [`-# ${texts.otherSourcesSay(others.join(' · '))}`]),
  ].join('\n');
}

function timeOfDay(localStart: string, texts: Texts): string {
  if (/^\d/.test(localStart)) return texts.localTime(inertLine(localStart));
  const dayParts: Readonly<Record<string, string>> = texts.dayParts;
  return dayParts[localStart] ?? inertLine(clip(oneLine(localStart), 40));
}

function personText({ name, title, organisation }: Person): string {
  const role = [title, organisation].filter((part): part is string => part !== null);
  const line = inertLine(clip(oneLine(name), 80));
  if (role.length === 0) return line;
  return `${line} — ${inertLine(clip(oneLine(role.join(', ')), 120))}`;
}

function outcomeText(
  outcome: Outcome,
  { edition, locale, budget }: { edition: CardEdition; locale: Locale; budget: number },
): string {
  const texts = textsIn(locale);
  const sources = outcome.sources.flatMap((id) => {
    const source = edition.sources.get(id);
    return source === undefined ? [] : [sourceLine(source, { texts, locale, linked: true })];
  });
  const cited = joinWithin(sources, '\n-# ', { budget: CITATION, rest: texts.moreSources });
  const cut = `-# ${texts.shortenedCard}`;
  const room = budget - cited.length - cut.length - 10;
  const { start, end, cutAfter } = stretchWithin(outcome.text, null, room);
  return [
    quotation(outcome.text.slice(start, end), null),
    ...(cutAfter ? [cut] : []),
    ...(cited === '' ? [] : [`-# ${cited}`]),
  ].join('\n');
}

function neighbours(
  meeting: Meeting,
  { edition, texts, locale }: { edition: CardEdition; texts: Texts; locale: Locale },
): APIButtonComponent[] {
  const at = edition.meetings.findIndex(({ id }) => id === meeting.id);
  const previous = at > 0 ? edition.meetings[at - 1] : undefined;
  const next = at >= 0 ? edition.meetings[at + 1] : undefined;
  const turn = (to: Meeting, emoji: string): APIButtonComponent =>
    button({
      customId: encodeControl({ kind: 'turn', meeting: codeOf(to.id) }),
      label: clip(stopName(to, locale), 60),
      emoji,
    });
  return [
    ...(previous === undefined ? [] : [turn(previous, '◀️')]),
    ...(next === undefined ? [] : [turn(next, '▶️')]),
    button({
      customId: encodeControl({
        kind: 'list',
        page: 0,
        meeting: codeOf(meeting.id),
        sourceKind: null,
      }),
      label: texts.sourcesButton,
      emoji: '📚',
    }),
  ];
}

/** Date and title of a stop, plain: for labels of buttons, menus and choices. */
export function stopName({ date, title }: Meeting, locale: Locale): string {
  return `${date === null ? '' : `${shortDate(date, locale)} · `}${oneLine(title)}`;
}

/** Says that no meeting fits, and offers those that come near, or the first of the tour. */
export function whichMeetingNotice(
  said: string,
  { meetings, locale }: { meetings: readonly Meeting[]; locale: Locale },
): Notice {
  const texts = textsIn(locale);
  const content = texts.whichMeeting(inertLine(clip(oneLine(said), 100)));
  if (meetings.length === 0) return { content };
  return {
    content,
    rows: [meetingMenu(meetings, { part: 0, placeholder: texts.pickMeeting, locale })],
  };
}

/** A menu of at most 25 meetings; `part` tells menus of one message apart. */
export function meetingMenu(
  meetings: readonly Meeting[],
  { part, placeholder, locale }: { part: number; placeholder: string; locale: Locale },
): ReturnType<typeof menuRow> {
  return menuRow(
    encodeControl({ kind: 'pick', part }),
    placeholder,
    meetings.map((meeting) => ({
      label: stopName(meeting, locale) || meeting.id,
      value: codeOf(meeting.id),
      description: oneLine(`${meeting.city}, ${meeting.country}`),
    })),
  );
}
