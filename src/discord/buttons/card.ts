/** The card of a meeting, and the buttons and menus that open it. */
import { keySentenceOf, meetingQuestions, type KeySentence } from '../../answer/meeting-texts.ts';
import type { Meeting } from '../../corpus/types.ts';
import { shortDate } from '../../language/dates.ts';
import {
  codeOf,
  customIdOf,
  defineControl,
  itemOf,
  listSourcesId,
  meetingForm,
  numberForm,
} from '../custom-ids.ts';
import { chosenFrom } from '../reply.ts';
import type { InteractionContext, Reader } from '../services.ts';
import {
  clip,
  escapeLine,
  joinTexts,
  longDate,
  oneLine,
  quotation,
  small,
  type Texts,
} from '../text.ts';
import {
  CHOICE_TEXT,
  button,
  fittingMenu,
  fittingRow,
  framed,
  menuRow,
  menuRows,
  type Button,
  type MenuChoice,
  type Row,
  type RowButton,
  type View,
} from '../view.ts';
import { creditOf } from './passages.ts';

/** "Ana Silva · Lima · 12 Jan": a phone shows the beginning. */
export function meetingLabel(meeting: Meeting, { directory, locale }: Reader): string {
  const { date } = meeting;
  const when = date === null ? '' : ` · ${shortDate(date, locale)}`;
  const headline = oneLine(directory.names.headline(meeting, locale));
  return clip(headline, CHOICE_TEXT - when.length) + when;
}

export function meetingChoice(meeting: Meeting, reader: Reader): MenuChoice {
  const title = reader.directory.names.title(meeting, reader.locale);
  return {
    label: oneLine(meetingLabel(meeting, reader)) || meeting.id,
    value: codeOf(meeting.id),
    description: oneLine(title) || meeting.id,
  };
}

/**
 * When a meeting began, in seconds since 1970; null when its date, its time of day or its time zone is unknown. A
 * guess would be shown to every reader as a fact.
 */
function meetingStart({ date, localStart, timeZone }: Meeting): number | null {
  if (date === null || timeZone === undefined) return null;
  if (localStart === null || !/^\d{1,2}:\d{2}$/.test(localStart)) return null;
  const local = `${date}T${localStart.padStart(5, '0')}:00`;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  // "GMT+09:00", or "GMT" alone.
  const zone = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(asUtc)
    .find(({ type }) => type === 'timeZoneName');
  const offset = zone?.value.slice(3, 9) ?? '';
  return Date.parse(`${local}${offset === '' ? 'Z' : offset}`) / 1000;
}

export const askMeetingId = meetingForm('a');

export function cardButton({ id }: Meeting, texts: Texts): Button {
  return button({ customId: openCard.encode(codeOf(id)), label: texts.reply.card });
}

export function meetingMenus(
  meetings: readonly Meeting[],
  placeholder: string,
  reader: Reader,
): Row[] {
  const choices = meetings.map((meeting) => meetingChoice(meeting, reader));
  return menuRows(pickMeeting.encode, placeholder, choices);
}

/** What a choice from a card's menu means that asks for a form. */
export const FREELY = '…';

/** What a card offers to ask about its meeting: questions with a clear answer, as far as they fit a menu. */
async function offeredAbout(
  meeting: Meeting,
  { services, snapshot, locale }: InteractionContext,
): Promise<string[]> {
  const questions = fittingMenu(meetingQuestions(meeting, { snapshot, language: locale }));
  const requests = questions.map((question) => ({ question, meeting: meeting.id, source: null }));
  return (await services.answers.clear(snapshot, requests)).map(({ question }) => question);
}

/** A menu of what can be asked about a meeting; the last choice opens a form. */
function questionMenu({ id }: Meeting, { questions, texts }: CardOptions): Row {
  const { askMeeting, somethingElse } = texts.reply;
  // Discord refuses a menu in which two options have one value.
  const offered = [...new Set(questions)].filter((question) => question !== FREELY);
  return menuRow(customIdOf(askMeetingId, codeOf(id)), askMeeting, [
    ...offered.map((question) => ({ label: question, value: question })),
    { label: somethingElse, value: FREELY },
  ]);
}

export const turnCard = defineControl({
  kind: 'turn',
  ...meetingForm('t'),
  async run(context, code) {
    const meeting = itemOf(code, context.directory.meetingById);
    await context.reply.deferUpdate(context.interaction);
    await fillCard(context, meeting);
  },
});

export const pickMeeting = defineControl({
  kind: 'pick',
  ...numberForm('k'),
  run: (context) => sendCard(context, chosenFrom(context.interaction)),
});

export const openCard = defineControl({ kind: 'card', ...meetingForm('m'), run: sendCard });

async function sendCard(context: InteractionContext, code: string): Promise<void> {
  const meeting = itemOf(code, context.directory.meetingById);
  await context.reply.defer({ isPrivate: true });
  await fillCard(context, meeting);
}

export async function fillCard(context: InteractionContext, meeting: Meeting): Promise<void> {
  const questions = await offeredAbout(meeting, context);
  await context.reply.fill(meetingCard(meeting, { ...context, questions }));
}

/** A city's name without an abbreviation at its end ("D.C."). */
export function withoutAbbreviation(city: string): string {
  return city.replace(/,? ?(?:\p{Lu}\.)+$/u, '');
}

/** What a neighbour of a meeting is called on its button, and where the row has little room: always whole words. */
function neighbourNames(
  to: Meeting,
  from: Meeting,
  { directory: { names }, locale }: Reader,
): { full: string; brief: string } {
  // Two in a row with the same person are told apart by what they were.
  const isSame = names.short(to, locale) === names.short(from, locale);
  const name = oneLine(isSame ? names.event(to, locale) : names.short(to, locale));
  const lastWord = (locale === 'ja' ? /(?:\p{Script=Han}{2,4}|[ァ-ヶー]+)$/u : /\S+$/).exec(name);
  const word = lastWord?.[0] ?? name;
  const last = word.slice(0, 1).toUpperCase() + word.slice(1);
  if (names.met(to).length > 0 || to.city === from.city) return { full: name, brief: last };
  // Where nobody is named, a place says more than a kind of event.
  const city = withoutAbbreviation(oneLine(names.city(to, locale)));
  return { full: `${name} · ${city}`, brief: city };
}

/** The menu and the buttons of a card: what can be asked about the meeting, its neighbours on the tour and its sources. */
function cardRows(meeting: Meeting, options: CardOptions): Row[] {
  const { meetings } = options.snapshot;
  const index = meetings.findIndex(({ id }) => id === meeting.id);
  const turnTo = (to: Meeting | undefined, emoji: string): RowButton[] => {
    if (to === undefined || index < 0) return [];
    const customId = turnCard.encode(codeOf(to.id));
    const { full, brief } = neighbourNames(to, meeting, options);
    const arrowed = emoji === '◀️' ? `‹ ${brief}` : `${brief} ›`;
    const shorter = button({ customId, label: arrowed });
    return [{ full: button({ customId, label: full, emoji }), brief: shorter }];
  };
  const page = { page: 0, meeting: codeOf(meeting.id), sourceKind: null };
  const sources = (label: string): Button =>
    button({ customId: customIdOf(listSourcesId, page), label, emoji: '📚' });
  const count = meeting.sources.length;
  return [
    questionMenu(meeting, options),
    ...fittingRow([
      ...turnTo(meetings[index - 1], '◀️'),
      ...turnTo(meetings[index + 1], '▶️'),
      { full: sources(options.texts.reply.sources(count)), brief: sources(String(count)) },
    ]),
  ];
}

/** Topics, and characters of them, that fit two lines on a phone; the rest are counted. */
const MOST_TOPICS = 7;
const TOPICS = 85;
/** A sentence longer than this leaves room for one line of topics, or for none. */
const LONG_SENTENCE = 180;
const LONGER_SENTENCE = 250;
/** One line, with the number of the rest. */
const FEW_TOPICS = 28;
const TOPIC = 40;

interface CardOptions extends Reader {
  /** What can be asked about the meeting. */
  readonly questions: readonly string[];
}

/** The card of a meeting in one glance: who and where, when, what came of it, topics. */
export function meetingCard(meeting: Meeting, options: CardOptions): View {
  const { snapshot, directory, locale } = options;
  const headline = escapeLine(directory.names.headline(meeting, locale), 160);
  const document = snapshot.documents.get(meeting.id);
  const sentence = document === undefined ? null : keySentenceOf(document);
  const length = sentence?.text.length ?? 0;
  const room = length > LONGER_SENTENCE ? 0 : length > LONG_SENTENCE ? FEW_TOPICS : TOPICS;
  return framed([
    joinTexts(
      [`### ${headline}`, whenOf(meeting, options), ...detailsOf(meeting, options.texts)],
      '\n',
    ),
    sentence === null ? '' : outcomeText(sentence, meeting, options),
    room === 0 ? '' : topicsOf(meeting, options, room),
    ...cardRows(meeting, options),
  ]);
}

function whenOf({ date, localStart, durationMinutes }: Meeting, { locale, texts }: Reader): string {
  if (date === null) return texts.dateUnknown;
  const day = escapeLine(longDate(date, locale));
  const time = localStart === null ? [] : [timeOfDay(localStart, texts)];
  const length = durationMinutes === null ? [] : [texts.duration(durationMinutes)];
  return [[day, ...time].join(texts.reply.comma), ...length].join(' · ');
}

/** In small print: what other sources say, and the same time on the reader's clock. */
function detailsOf(meeting: Meeting, texts: Texts): string[] {
  const { localStartAlternative: time, durationAlternativeMinutes: minutes } = meeting;
  const others = [
    ...(time === undefined ? [] : [escapeLine(time, 40)]),
    ...(minutes === undefined ? [] : [texts.duration(minutes)]),
  ];
  const start = meetingStart(meeting);
  return [
    others.length === 0 ? '' : texts.otherSourcesSay(others.join(texts.reply.comma)),
    start === null ? '' : texts.yourTime(`<t:${start}:f>`),
  ].map(small);
}

export function timeOfDay(localStart: string, texts: Texts): string {
  if (/^\d/.test(localStart)) return escapeLine(localStart, 20);
  const dayParts: Readonly<Record<string, string>> = texts.dayParts;
  return dayParts[localStart] ?? escapeLine(localStart, 40);
}

/** The sentence that tells what came of a meeting, with its source. */
function outcomeText(
  { text: words, sources: ids }: KeySentence,
  { date }: Meeting,
  reader: Reader,
): string {
  const sources = ids.flatMap((id) => reader.snapshot.sources.get(id) ?? []);
  const credit = creditOf(sources, { ...reader, date, url: null });
  return joinTexts([quotation(words, []), small(credit)], '\n');
}

/** `room`: characters. */
function topicsOf(
  { topics }: Meeting,
  { directory: { names }, locale, texts }: Reader,
  room: number,
): string {
  const inLanguage = topics.map((topic) => escapeLine(names.named(topic, locale), TOPIC));
  // Among Japanese names those without one are only counted.
  const known = inLanguage.filter((topic) => locale === 'en' || !/[a-z]{2}/.test(topic));
  const named: string[] = [];
  for (const topic of known.length > 0 ? known : inLanguage) {
    const isShort = [...named, topic].join(' · ').length <= room;
    if (named.length < MOST_TOPICS && (named.length === 0 || isShort)) named.push(topic);
  }
  const left = topics.length - named.length;
  if (left > 0) named.push(texts.andMore(left));
  return small(joinTexts(named, ' · '));
}
