/** The card of a meeting, the lines of a list of meetings, and the buttons and menus that open cards. */
import stringWidth from 'string-width';
import { keySentenceOf, meetingQuestions, type KeySentence } from '../../answer/meeting-texts.ts';
import type { Listing } from '../../answer/types.ts';
import type { Meeting } from '../../corpus/types.ts';
import { shortDate } from '../../language/dates.ts';
import { flagOf } from '../../language/names.ts';
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
import { CHOICE_TEXT, type InteractionContext, type Reader } from '../services.ts';
import {
  clip,
  escapeLine,
  joinTexts,
  longDate,
  oneLine,
  quotation,
  small,
  type Locale,
  type Texts,
} from '../text.ts';
import {
  SELECT_OPTION_TEXT,
  button,
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

/** Lines that leave room for the sentence on a phone's screen; all meetings are in the menu below. */
const MOST_LINES = 5;
/** Characters of a name that fit a line on a phone. */
const LINE: Readonly<Record<Locale, number>> = { en: 34, ja: 20 };
/** Columns of names in a row: eight lines of a phone. */
const NAMES = 300;

/** What joins the names of a list, but not the year to its date. */
const JOINTS = /, (?!\d{4}\b)|、| → | – /;

/** A list in lines: what and how many as a heading, then the names, or meeting by meeting. */
export function listingText(listing: Listing, reader: Reader): string[] {
  const { snapshot, directory, locale, texts } = reader;
  const { title, value, note, meetings } = listing;
  const { head, names } = namesOf(listing);
  // Titles have commas of their own, and are not a row of names.
  const isOfTitles = meetings.some((one) => title.includes(directory.names.title(one, locale)));
  const isRow = names.length > 1 && !isOfTitles;
  const isSeveral = isOfTitles && typeof value === 'string' && meetings.length > 1;
  const isByMeeting = !isRow && (typeof value === 'number' || isSeveral);
  // A route is an order of places, not a number of them.
  const counted = title.includes(' → ') ? head.replace(/[:：] ?$/, '') : `${head}${names.length}`;
  const heading = isRow ? counted : isSeveral ? `${head}${meetings.length}` : title;
  const dated = snapshot.meetings.filter(({ date }) => date !== null).length;
  return [
    `### ${escapeLine(heading, 160)}`,
    ...(isRow ? [namesLine(listing, names, reader)] : []),
    ...(isByMeeting ? meetingLines(listing, reader) : []),
    ...(note === null || note === title ? [] : [`-# ${escapeLine(note, 160)}`]),
    ...(isRow || (isByMeeting && meetings.length > 0)
      ? [`-# ${texts.reply.fromEvents(dated)}`]
      : []),
  ];
}

/** "Countries: 2 (Chile, Peru)" and "Countries: Chile, Peru" in their parts. */
function namesOf({ title, value }: Listing): { head: string; names: string[] } {
  const [, head = '', rest = ''] = /^(.*?(?:: |：))(.*)$/.exec(title) ?? [];
  const list = typeof value === 'number' ? (/[(（](.*)[)）]$/.exec(rest)?.[1] ?? '') : rest;
  return { head, names: list === '' ? [] : list.split(JOINTS) };
}

function namesLine(
  { value, title }: Listing,
  names: readonly string[],
  { snapshot, directory, locale, texts }: Reader,
): string {
  // Flags are known by English names, which the value has whatever language the title has.
  const english = typeof value === 'string' ? value.split(JOINTS) : [];
  const countries = new Map(
    snapshot.meetings.map((one) => [directory.names.country(one, locale), one.country]),
  );
  const shown = names.map((name, index) => {
    const inEnglish = english.length === names.length ? english[index] : countries.get(name);
    return `${flagOf(inEnglish ?? name)} ${escapeLine(name, 60)}`.trimStart();
  });
  const joint = title.includes(' → ') ? ' → ' : ' · ';
  let kept = shown.length;
  while (kept > 1 && stringWidth(shown.slice(0, kept).join(joint)) > NAMES) kept -= 1;
  const left = shown.length - kept;
  const rest = left === 0 ? [] : [texts.andMore(left)];
  return [...shown.slice(0, kept), ...rest].join(joint);
}

function meetingLines({ meetings }: Listing, { directory, locale, texts }: Reader): string[] {
  const { names, meetingById } = directory;
  const cities = new Set(meetings.map(({ id }) => meetingById.get(id)?.city));
  const shown = meetings.slice(0, MOST_LINES).map(({ id, title, date }) => {
    const meeting = meetingById.get(id);
    // Where all were in one city, its name says nothing.
    const name =
      meeting === undefined ? title : names[cities.size > 1 ? 'headline' : 'who'](meeting, locale);
    const when = date === null ? '' : `**${escapeLine(shortDate(date, locale))}** `;
    return `${when}${escapeLine(name, LINE[locale])}`;
  });
  const left = meetings.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`-# ${texts.reply.inMenu(left)}`])];
}

/**
 * When a meeting began, in seconds since 1970; null when its date, its time of day or its time zone is unknown. A
 * guess would be shown to every reader as a fact.
 */
function meetingStart({
  date,
  localStart,
  timeZone,
}: Pick<Meeting, 'date' | 'localStart' | 'timeZone'>): number | null {
  if (date === null || localStart === null || !/^\d{1,2}:\d{2}$/.test(localStart)) return null;
  const asUtc = Date.parse(`${date}T${localStart.padStart(5, '0')}:00Z`);
  if (timeZone === undefined || Number.isNaN(asUtc)) return null;
  return (asUtc - offsetOf(timeZone, asUtc)) / 1000;
}

/** How far a time zone is ahead of UTC at a time, in milliseconds. */
function offsetOf(timeZone: string, time: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(time)
    .find((part) => part.type === 'timeZoneName');
  const found = /GMT([+-])(\d{2}):(\d{2})/.exec(parts?.value ?? '');
  if (found === null) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -minutes : minutes) * 60_000;
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
  const questions = meetingQuestions(meeting, { snapshot, language: locale })
    .map(oneLine)
    // The beginning of a question would be another one.
    .filter((question) => question !== '' && question.length <= SELECT_OPTION_TEXT);
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

/** Shows the card of a meeting in the deferred reply. */
export async function fillCard(context: InteractionContext, meeting: Meeting): Promise<void> {
  const questions = await offeredAbout(meeting, context);
  await context.reply.fill(meetingCard(meeting, { ...context, questions }));
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
  const city = oneLine(names.city(to, locale)).replace(/,? ?(?:\p{Lu}\.)+$/u, '');
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
    [`### ${headline}`, whenOf(meeting, options), ...detailsOf(meeting, options.texts)].join('\n'),
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
    ...(others.length === 0 ? [] : [`-# ${texts.otherSourcesSay(others.join(texts.reply.comma))}`]),
    ...(start === null ? [] : [`-# ${texts.yourTime(`<t:${start}:f>`)}`]),
  ];
}

function timeOfDay(localStart: string, texts: Texts): string {
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
