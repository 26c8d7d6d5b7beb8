import type { APIComponentInContainer } from 'discord.js';
import { keySentencesOf, type KeySentence } from '../../answer/key-sentences.ts';
import type { Meeting, Person } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { dayName, meetingStart } from '../dates.ts';
import { escapeLine } from '../escape.ts';
import { MESSAGE_TEXT } from '../limits.ts';
import { joinWithin, quotation, stretchWithin } from '../shorten.ts';
import { textsIn, type Locale, type Texts } from '../texts/index.ts';
import { container, PLAIN_COLOUR, separator, text, type Row, type View } from './components.ts';
import { sourceLine } from './sources.ts';

/** Lengths in characters. */
const PEOPLE = 750;
const TOPICS = 500;
const CITATION = 450;
const KEY_SENTENCES = 3;

export interface MeetingViewOptions {
  readonly snapshot: Pick<Snapshot, 'sources' | 'documents'>;
  readonly locale: Locale;
  /** Its buttons. */
  readonly rows: readonly Row[];
}

/** The card of a meeting: when, where, who, topics, and what came of it. */
export function meetingView(meeting: Meeting, options: MeetingViewOptions): View {
  const { snapshot, locale, rows } = options;
  const texts = textsIn(locale);
  const document = snapshot.documents.get(meeting.id);
  const sentences = document === undefined ? [] : keySentencesOf(document, KEY_SENTENCES);
  const head = `## ${escapeLine(meeting.title, 200)}`;
  const facts = factsOf(meeting, { texts, locale });
  const parts: APIComponentInContainer[] = [text(head), ...facts.map(text)];
  if (sentences.length > 0) {
    const room =
      MESSAGE_TEXT - head.length - facts.join('').length - texts.keySentences.length - 20;
    const budget = Math.floor(room / sentences.length);
    const quoted = sentences.map((sentence) => citedQuotation(sentence, { ...options, budget }));
    parts.push(separator(), text(`**${texts.keySentences}**`), ...quoted.map(text));
  }
  parts.push(...rows);
  return { components: [container(PLAIN_COLOUR, parts)] };
}

function factsOf(meeting: Meeting, { texts, locale }: { texts: Texts; locale: Locale }): string[] {
  const where = [meeting.venue, meeting.city, meeting.country]
    .filter((part) => part !== null)
    .map((part) => escapeLine(part, 100));
  const rows: (readonly [string, string])[] = [
    [texts.when, whenOf(meeting, { texts, locale })],
    // A venue that is only known as the city would repeat it.
    [texts.where, [...new Set(where)].join(', ')],
  ];
  const people = meeting.people.map(personText);
  const rest = texts.andMore;
  if (people.length > 0) {
    rows.push([texts.who, joinWithin(people, '\n', { budget: PEOPLE, rest })]);
  }
  if (meeting.topics.length > 0) {
    const topics = meeting.topics.map((topic) => escapeLine(topic, 100));
    rows.push([texts.topics, joinWithin(topics, ' · ', { budget: TOPICS, rest })]);
  }
  return rows.map(([name, value]) => `**${name}**\n${value}`);
}

/** The local time and date as the sources give them, and the same time on the reader's clock. */
function whenOf(meeting: Meeting, { texts, locale }: { texts: Texts; locale: Locale }): string {
  const { date, localStart, localStartAlternative, durationMinutes, durationAlternativeMinutes } =
    meeting;
  if (date === null) return texts.dateUnknown;
  const start = meetingStart(meeting);
  const others = [
    ...(localStartAlternative === undefined ? [] : [escapeLine(localStartAlternative)]),
    ...(durationAlternativeMinutes === undefined
      ? []
      : [texts.minutes(durationAlternativeMinutes)]),
  ];
  const parts = [
    escapeLine(dayName(date, locale)),
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
  if (/^\d/.test(localStart)) return texts.localTime(escapeLine(localStart));
  const dayParts: Readonly<Record<string, string>> = texts.dayParts;
  return dayParts[localStart] ?? escapeLine(localStart, 40);
}

function personText({ name, title, organisation }: Person): string {
  const role = [title, organisation].filter((part) => part !== null);
  const line = escapeLine(name, 80);
  return role.length === 0 ? line : `${line} — ${escapeLine(role.join(', '), 120)}`;
}

function citedQuotation(
  sentence: KeySentence,
  { snapshot, locale, budget }: MeetingViewOptions & { budget: number },
): string {
  const texts = textsIn(locale);
  const sources = sentence.sources.flatMap((id) => {
    const source = snapshot.sources.get(id);
    return source === undefined ? [] : [sourceLine(source, { texts, locale, linked: true })];
  });
  const cited = joinWithin(sources, '\n-# ', { budget: CITATION, rest: texts.moreSources });
  const cut = `-# ${texts.shortenedCard}`;
  const room = budget - cited.length - cut.length - 10;
  const { start, end, cutAfter } = stretchWithin(sentence.text, null, room);
  return [
    quotation(sentence.text.slice(start, end), null),
    ...(cutAfter ? [cut] : []),
    ...(cited === '' ? [] : [`-# ${cited}`]),
  ].join('\n');
}

/** Whether a title names a city: "… in Washington" names "Washington D.C.". */
export function namesCity(title: string, city: string): boolean {
  const [longest = ''] = city.split(/\s+/).sort((a, b) => b.length - a.length);
  return longest !== '' && title.includes(longest);
}
