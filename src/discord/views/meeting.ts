import type { APIComponentInContainer } from 'discord.js';
import { MeetingNames, keySentencesOf } from '../../answer/meeting-texts.ts';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { longDate, meetingStart } from '../dates.ts';
import { escapeLine } from '../escape.ts';
import { quotation } from '../shorten.ts';
import { textsIn, type Locale, type Texts } from '../texts/index.ts';
import { container, PLAIN_COLOUR, text, type Row, type View } from './components.ts';
import { creditOf } from './sources.ts';

/** Topics, and characters of them, that fit two lines on a phone; the rest are counted. */
const MOST_TOPICS = 7;
const TOPICS = 85;
const TOPIC = 40;

export interface MeetingViewOptions {
  readonly snapshot: Pick<Snapshot, 'meetings' | 'sources' | 'documents'>;
  readonly locale: Locale;
  /** Its menu and buttons. */
  readonly rows: readonly Row[];
}

/** The card of a meeting in one glance: who and where, when, what came of it, topics. */
export function meetingView(meeting: Meeting, options: MeetingViewOptions): View {
  const { snapshot, locale, rows } = options;
  const texts = textsIn(locale);
  const names = new MeetingNames(snapshot);
  const outcome = outcomeOf(meeting, options);
  const topics = topicsOf(meeting, texts);
  const head = [
    `### ${escapeLine(names.headline(meeting, locale), 160)}`,
    whenOf(meeting, { texts, locale }),
    ...detailsOf(meeting, texts),
  ].join('\n');
  const parts: APIComponentInContainer[] = [
    text(head),
    ...(outcome === null ? [] : [text(outcome)]),
    ...(topics === '' ? [] : [text(topics)]),
  ];
  return { components: [container(PLAIN_COLOUR, [...parts, ...rows])] };
}

/** Date, local time and length as the sources give them. */
function whenOf(
  { date, localStart, durationMinutes }: Meeting,
  { texts, locale }: { texts: Texts; locale: Locale },
): string {
  if (date === null) return texts.dateUnknown;
  const day = escapeLine(longDate(date, locale));
  const time = localStart === null ? [] : [timeOfDay(localStart, texts)];
  const length = durationMinutes === null ? [] : [texts.minutes(durationMinutes)];
  return [[day, ...time].join(texts.reply.comma), ...length].join(' · ');
}

/** In small print: what other sources say, and the same time on the reader's clock. */
function detailsOf(meeting: Meeting, texts: Texts): string[] {
  const { localStartAlternative, durationAlternativeMinutes } = meeting;
  const others = [
    ...(localStartAlternative === undefined ? [] : [escapeLine(localStartAlternative, 40)]),
    ...(durationAlternativeMinutes === undefined
      ? []
      : [texts.minutes(durationAlternativeMinutes)]),
  ];
  const start = meetingStart(meeting);
  return [
    ...(others.length === 0 ? [] : [`-# ${texts.otherSourcesSay(others.join(texts.reply.comma))}`]),
    ...(start === null ? [] : [`-# ${texts.yourTime(`<t:${start}:f>`)}`]),
  ];
}

function timeOfDay(localStart: string, texts: Texts): string {
  if (/^\d/.test(localStart)) return escapeLine(localStart, 20);
  const dayParts: Readonly<Record<string, string>> = texts.dayParts;
  return dayParts[localStart] ?? escapeLine(localStart, 40);
}

/** The sentence that tells the result most plainly, with its source; null where there is none. */
function outcomeOf(meeting: Meeting, { snapshot, locale }: MeetingViewOptions): string | null {
  const document = snapshot.documents.get(meeting.id);
  const [sentence] = document === undefined ? [] : keySentencesOf(document, 1);
  if (document === undefined || sentence === undefined) return null;
  const sources = sentence.sources.flatMap((id) => snapshot.sources.get(id) ?? []);
  const credit = creditOf(sources, { locale, date: meeting.date, url: null });
  return [quotation(sentence.text, []), ...(credit === '' ? [] : [`-# ${credit}`])].join('\n');
}

function topicsOf({ topics }: Meeting, texts: Texts): string {
  const named: string[] = [];
  for (const topic of topics.map((each) => escapeLine(each, TOPIC))) {
    const isShort = [...named, topic].join(' · ').length <= TOPICS;
    if (named.length < MOST_TOPICS && (named.length === 0 || isShort)) named.push(topic);
  }
  const left = topics.length - named.length;
  const shown = [...named, ...(left > 0 ? [texts.andMore(left)] : [])].filter((one) => one !== '');
  return shown.length === 0 ? '' : `-# ${shown.join(' · ')}`;
}
