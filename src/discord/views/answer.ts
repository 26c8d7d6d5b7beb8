import type { APIComponentInContainer, APITextDisplayComponent } from 'discord.js';
import { describeQuoted } from '../../answer/citations.ts';
import type { Glance, Quote } from '../../answer/glance.ts';
import { MeetingNames } from '../../answer/meeting-texts.ts';
import type { Answer, CitedSource, Listing } from '../../answer/types.ts';
import { flagOf } from '../../language/places.ts';
import type { Edition } from '../lookup.ts';
import { clip, escapeLine, quotation, safeUrl, stretchWithin } from '../text.ts';
import { dateSpan, shortDate, textsIn, type Locale, type Texts } from '../texts/index.ts';
import { MESSAGE_TEXT, container, text, type Row, type View } from './components.ts';

/** The question follows this mark in the first text; `questionFromMessage` relies on it. */
export const QUESTION_MARK = '-# ';
const SMALL = '-# ';

/** Colours that differ clearly in the dark and in the light theme; nothing is told by colour alone. */
const SURE = 0x2e9e5b;
const DOUBTFUL = 0xe0a100;
const NOTHING = 0x8a8f98;

/** Characters of a sentence that a phone shows in one glance. */
const SENTENCE = 420;

export interface Reader {
  readonly snapshot: Edition;
  readonly locale: Locale;
}

export interface AnswerViewOptions extends Reader {
  readonly glance: Glance;
  /** Ids of the meeting and the source that the question was limited to. */
  readonly meeting: string | null;
  readonly source: string | null;
  /** Its buttons and menus, and what stands below them. */
  readonly controls: readonly (Row | APITextDisplayComponent)[];
  /** In small print below the question. */
  readonly note?: string;
}

/**
 * An answer that is read in one glance: the sentence, its source, one row of buttons. It never exceeds Discord's limits,
 * whatever the answer contains.
 */
export function answerView(answer: Answer, options: AnswerViewOptions): View {
  const { colour, head, parts } = partsOf(answer, options);
  const first = text(clip([...asked(answer, options), ...head].join('\n'), MESSAGE_TEXT / 2));
  return { components: [container(colour, [first, ...parts, ...options.controls])] };
}

interface Parts {
  readonly colour: number;
  /** Lines below the question. */
  readonly head: readonly string[];
  readonly parts: readonly APIComponentInContainer[];
}

function partsOf(answer: Answer, options: AnswerViewOptions): Parts {
  const { glance, locale, snapshot } = options;
  const texts = textsIn(locale);
  const { quote, versions } = glance;
  const brief = { snapshot, locale, brief: true };
  if (versions.length > 0) {
    return {
      colour: DOUBTFUL,
      head: [versionsHead(glance, { snapshot, locale })],
      parts: versions.map((version) => text(citedQuote(version.quote, brief))),
    };
  }
  if (answer.listing !== null) {
    const isSettled = answer.listing.value !== null;
    return {
      colour: isSettled ? SURE : DOUBTFUL,
      head: listingText(answer.listing, { snapshot, locale }),
      parts: quote === null ? [] : [text(citedQuote(quote, brief))],
    };
  }
  if (quote === null) {
    return { colour: NOTHING, head: [nothingText(answer, options, texts)], parts: [] };
  }
  if (answer.verdict === 'answered') {
    const whole = citedQuote(quote, { ...brief, brief: false });
    return { colour: SURE, head: [], parts: [text(whole)] };
  }
  const reason = answer.doubt === null ? texts.verdict('weak') : texts.doubt(answer.doubt);
  return {
    colour: DOUBTFUL,
    head: [`**${escapeLine(reason, 300)}**`],
    parts: [text(`${texts.reply.closest}\n${citedQuote(quote, brief)}`)],
  };
}

/** The question, what it was limited to, and a note. */
function asked({ question }: Answer, options: AnswerViewOptions): string[] {
  const { snapshot, locale, note } = options;
  const texts = textsIn(locale);
  const meeting = snapshot.meetings.find(({ id }) => id === options.meeting);
  const title = meeting === undefined ? '' : new MeetingNames(snapshot).title(meeting, locale);
  const source = options.source === null ? undefined : snapshot.sources.get(options.source);
  return [
    QUESTION_MARK + escapeLine(question),
    ...(title === '' ? [] : [SMALL + texts.onlyMeeting(escapeLine(title, 60))]),
    ...(source === undefined ? [] : [SMALL + texts.onlySource(escapeLine(source.title, 60))]),
    ...(note === undefined ? [] : [SMALL + note]),
  ];
}

/** Who differs from whom. */
function versionsHead({ versions }: Glance, { snapshot, locale }: Reader): string {
  const ofEdition = new MeetingNames(snapshot);
  const publishers = versions.map(({ quote }) =>
    ofEdition.named(quote.sources[0]?.publisher ?? '', locale),
  );
  const names = [...new Set(publishers)].filter((name) => name !== '');
  const shown = names.map((name) => escapeLine(name, 60));
  return textsIn(locale).reply.versions(versions.length, shown);
}

/** What the documents are about, in place of an answer. */
function nothingText(
  { doubt }: Answer,
  { snapshot, locale }: AnswerViewOptions,
  texts: Texts,
): string {
  const dates = snapshot.meetings.flatMap(({ date }) => date ?? []).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  const span = first === undefined || last === undefined ? null : dateSpan(first, last, locale);
  // That nothing is near says no more than the headline.
  const reason = doubt === null || doubt.kind === 'unrelated' ? '' : texts.doubt(doubt);
  return texts.reply.nothing({
    reason: escapeLine(reason, 300),
    events: snapshot.meetings.length,
    span: span === null ? null : escapeLine(span),
  });
}

/** A quotation with its source below it. `brief`: without the document's title. */
function citedQuote(quote: Quote, options: Reader & { brief: boolean }): string {
  return `${quoteText(quote)}\n${SMALL}${creditLine(quote, options)}`;
}

/** The sentence, its telling words in bold; cut between words where it is too long for a glance. */
function quoteText({ excerpt, shown: [start, end], telling }: Quote): string {
  const whole = excerpt.text.slice(start, end);
  const { end: length } = stretchWithin(whole, [0, whole.length], SENTENCE);
  const bold = telling
    .map(([from, to]) => [from - start, Math.min(to - start, length)] as const)
    .filter(([from, to]) => from < to);
  const quoted = quotation(whole.slice(0, length), bold);
  return whole.slice(length).trim() === '' ? quoted : `${quoted}\n${SMALL}…`;
}

/** Lines that leave room for the sentence on a phone's screen; all meetings are in the menu below. */
const MOST_LINES = 5;
/** Characters of a name that fit a line on a phone. */
const LINE: Readonly<Record<Locale, number>> = { en: 34, ja: 20 };
/** Characters of names in a row. */
const NAMES = 200;

/** What joins the names of a list, but not the year to its date. */
const JOINTS = /, (?!\d{4}\b)|、| → | – /;

/** A list in lines: what and how many as a heading, then the names, or meeting by meeting. */
function listingText(listing: Listing, { snapshot, locale }: Reader): string[] {
  const texts = textsIn(locale);
  const { title, value, note, meetings } = listing;
  const named = new MeetingNames(snapshot);
  const { head, names } = namesOf(listing);
  // Titles have commas of their own, and are no names in a row.
  const isOfTitles = meetings.some((meeting) => title.includes(named.title(meeting, locale)));
  const isRow = names.length > 1 && !isOfTitles;
  const isSeveral = isOfTitles && typeof value === 'string' && meetings.length > 1;
  const isByMeeting = typeof value === 'number' || isSeveral;
  // A route is told by its order, not by its number of places.
  const counted = title.includes(' → ') ? head.replace(/[:：] ?$/, '') : `${head}${names.length}`;
  const heading = isRow ? counted : isSeveral ? `${head}${meetings.length}` : title;
  const reader = { snapshot, locale };
  const inRow = isRow ? [namesLine(listing, names, reader)] : null;
  const lines = inRow ?? (isByMeeting ? meetingLines(listing, reader) : []);
  const dated = snapshot.meetings.filter(({ date }) => date !== null).length;
  return [
    `### ${escapeLine(heading, 160)}`,
    ...lines,
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

/** The names in a row, countries with their flags. */
function namesLine(
  { value, title }: Listing,
  names: readonly string[],
  { snapshot, locale }: Reader,
): string {
  const { andMore } = textsIn(locale);
  // Flags are known by English names, which the value has whatever language the title has.
  const english = typeof value === 'string' ? value.split(JOINTS) : [];
  const ofMeetings = new MeetingNames(snapshot);
  const countries = new Map(
    snapshot.meetings.map((meeting) => [ofMeetings.country(meeting, locale), meeting.country]),
  );
  const shown = names.map((name, at) => {
    const inEnglish = english.length === names.length ? english[at] : countries.get(name);
    const flag = flagOf(inEnglish ?? name);
    return `${flag === '' ? '' : `${flag} `}${escapeLine(name, 60)}`;
  });
  const joint = title.includes(' → ') ? ' → ' : ' · ';
  let kept = shown.length;
  while (kept > 1 && shown.slice(0, kept).join(joint).length > NAMES) kept -= 1;
  const left = shown.length - kept;
  return [shown.slice(0, kept).join(joint), ...(left === 0 ? [] : [andMore(left)])].join(joint);
}

function meetingLines({ meetings }: Listing, { snapshot, locale }: Reader): string[] {
  const names = new MeetingNames(snapshot);
  const byId = new Map(snapshot.meetings.map((meeting) => [meeting.id, meeting]));
  const cities = new Set(meetings.map(({ id }) => byId.get(id)?.city));
  const shown = meetings.slice(0, MOST_LINES).map(({ id, title, date }) => {
    const meeting = byId.get(id);
    // Where all were in one city, its name says nothing.
    const name =
      meeting === undefined ? title : names[cities.size > 1 ? 'headline' : 'who'](meeting, locale);
    const when = date === null ? '' : `**${escapeLine(shortDate(date, locale))}** `;
    return `${when}${escapeLine(name, LINE[locale])}`;
  });
  const left = meetings.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`-# ${textsIn(locale).reply.inMenu(left)}`])];
}

/** Publishers that are named besides the first; the rest are counted. */
const MOST_OTHERS = 2;
const OTHER = 30;
const CREDIT_TITLE = 60;
const PUBLISHER = 60;
const ACCOUNT = 80;
/** A longer address would leave little of the message's text to two quotations. */
const CREDIT_URL = 400;

/** Whom a quoted sentence rests on, in small print. `brief`: without the document's title. */
export function creditLine(
  { excerpt: { document, meeting, quoted }, sources }: Pick<Quote, 'excerpt' | 'sources'>,
  { snapshot, locale, brief }: Reader & { brief: boolean },
): string {
  const title = escapeLine(new MeetingNames(snapshot).title(document, locale), CREDIT_TITLE);
  const date = meeting?.date ?? null;
  const url = quoted.kind === 'page' ? quoted.url : null;
  const credit = creditOf(sources, { snapshot, locale, date, url });
  // Whom an account follows, the rest of the line says.
  const whose = quoted.kind === 'account' ? { ...quoted, publishers: [] } : quoted;
  const account = escapeLine(describeQuoted(whose, locale), ACCOUNT);
  return [...(brief && credit !== '' ? [] : [title]), account, credit]
    .filter((part) => part !== '')
    .join(' · ');
}

/**
 * Where the first source's link leads, what kind of source it is, its date, and who else says so; empty without sources.
 * `date`: where the source shows none; `url`: of the quoted sentence, where it is known.
 */
export function creditOf(
  sources: readonly CitedSource[],
  { snapshot, locale, ...known }: Reader & { date: string | null; url: string | null },
): string {
  const texts = textsIn(locale);
  const [first, ...rest] = sources;
  if (first === undefined) return '';
  const url = safeUrl(known.url ?? first.url, CREDIT_URL) ?? safeUrl(first.url, CREDIT_URL);
  const host = url === null ? null : new URL(url).hostname.replace(/^www\./, '');
  const names = new MeetingNames(snapshot);
  const name = escapeLine(host ?? names.named(first.publisher, locale), PUBLISHER);
  const published = first.published ?? known.date;
  const others = [...new Set(rest.map(({ publisher }) => publisher))].filter(
    (publisher) => publisher !== first.publisher,
  );
  const named = others
    .slice(0, MOST_OTHERS)
    .map((publisher) => names.named(publisher, locale).replace(/ \(.*\)$/, ''))
    .map((publisher) => escapeLine(publisher, OTHER));
  const left = others.length - named.length;
  return [
    [
      url === null ? name : `[${name}](<${url}>)`,
      texts.sourceKind(first.kind),
      ...(first.copy ? [texts.reply.copy] : []),
      ...(published === null ? [] : [escapeLine(shortDate(published, locale))]),
    ].join(texts.reply.comma),
    ...(named.length === 0
      ? []
      : [texts.reply.also([...named, ...(left > 0 ? [texts.andMore(left)] : [])])]),
  ].join(' · ');
}
