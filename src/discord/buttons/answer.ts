/** How a question is answered: asked, recorded, and shown in one glance. */
import stringWidth from 'string-width';
import { glanceOf, type Glance } from '../../answer/glance.ts';
import { exampleQuestions, nearTopics } from '../../answer/meeting-texts.ts';
import type { Answer, Listing } from '../../answer/types.ts';
import { shortDate } from '../../language/dates.ts';
import { flagOf } from '../../language/names.ts';
import { isJapanese, isOtherLanguage, languageOf } from '../../language/words.ts';
import { mapButton } from '../commands/tour.ts';
import {
  QUESTION_MARK,
  askOnId,
  customIdOf,
  decodeRequest,
  encodeRequest,
  fieldsOf,
  numberField,
  type IdForm,
  type RequestFields,
} from '../custom-ids.ts';
import type { Reply } from '../reply.ts';
import {
  readerOf,
  spanOf,
  type AskRequest,
  type InteractionContext,
  type Reader,
} from '../services.ts';
import { clip, escapeLine, joinTexts, oneLine, small, type Locale } from '../text.ts';
import {
  MESSAGE_TEXT,
  ROW_BUTTONS,
  SELECT_OPTIONS,
  button,
  buttonRows,
  fitInRow,
  fittingRow,
  framed,
  type Button,
  type Row,
  type View,
} from '../view.ts';
import { cardButton, meetingMenus } from './card.ts';
import { recordUnanswered, shareButton, tellButton, thumbButtons } from './feedback.ts';
import { citedQuote, contextButton, openPassages } from './passages.ts';

interface OfferedQuestion {
  readonly label: string;
  readonly question: string;
}

/** Near questions are tried before they are offered, and each try costs as much as the question itself. */
const MOST_TRIED = 3;
/** Longer labels leave no room in the row. */
const NEAR_LABEL = 24;

/**
 * What to tap below an answer: questions that these documents answer where nothing was found; where the answer is uncertain,
 * questions about the topics of the closest passages, as far as they have a clear answer.
 */
async function offeredQuestions(
  answer: Answer,
  { services, snapshot, directory, locale, texts }: Asking,
): Promise<OfferedQuestion[]> {
  const { verdict, listing, versions } = answer;
  if (verdict === 'answered' || listing !== null || versions !== null) return [];
  if (verdict === 'not_found') {
    return exampleQuestions(snapshot, locale).map((question) => ({ label: question, question }));
  }
  const near = nearTopics(answer, snapshot.documents)
    .map((topic) => directory.names.named(oneLine(topic), locale))
    // A question in Japanese about a topic without a Japanese name would be half in English.
    .filter((topic) => locale === 'en' || isJapanese(topic))
    .map((topic) => ({
      label: `${topic}?`,
      question: texts.reply.topic(topic),
      meeting: null,
      source: null,
    }))
    .filter(({ label }) => label.length <= NEAR_LABEL);
  const [first, second] = await services.answers.clear(snapshot, near.slice(0, MOST_TRIED));
  if (first === undefined) return [];
  return second !== undefined && fitInRow([first.label, second.label]) ? [first, second] : [first];
}

/** Colours that differ clearly in the dark and in the light theme; no meaning depends on colour alone. */
const SURE = 0x2e9e5b;
const DOUBTFUL = 0xe0a100;
const NOTHING = 0x8a8f98;

/** Columns of a line on a phone, and the most lines of a list with its sentence, and of a sure sentence with its source. */
const LINE_COLUMNS = 38;
const MOST_LINES = 13;
const SURE_LINES = 11;

interface AnswerMessageOptions extends Reader {
  /** Ids of the meeting and the source that the question was limited to. */
  readonly meeting: string | null;
  readonly source: string | null;
  /** Whether only the asker sees it: then it can be shared. */
  readonly isPrivate: boolean;
  /** Questions to tap: what may have been meant, or what can be asked at all. */
  readonly offered: readonly OfferedQuestion[];
  readonly note?: string;
  readonly hint?: string;
  /** Whether the asker can have the question written into the journal, which does not have it by itself. */
  readonly canTell?: boolean;
}

/**
 * An answer that is read in one glance: the sentence, its source, one row of buttons. It never exceeds Discord's limits,
 * whatever the answer contains.
 */
export function answerMessage(answer: Answer, options: AnswerMessageOptions): View {
  const glance = glanceOf(answer, options.snapshot);
  const { colour, head = '', quotes } = partsOf(answer, glance, options);
  const first = clip(joinTexts([askedText(answer, options), head], '\n'), MESSAGE_TEXT / 2);
  const controls = isNothing(answer)
    ? nothingControls(answer, options)
    : answerControls(answer, glance, options);
  return framed([first, ...quotes, ...controls], colour);
}

function partsOf(answer: Answer, { quote, versions }: Glance, reader: Reader) {
  const { snapshot, texts } = reader;
  const brief = { ...reader, brief: true };
  if (versions.length > 0) {
    return {
      colour: DOUBTFUL,
      head: versionsHead(versions, reader),
      quotes: versions.map((version) => citedQuote(version.quote, brief)),
    };
  }
  const quoted = quote === null ? [] : [citedQuote(quote, brief)];
  if (answer.listing !== null) {
    // Its title is in the language of the question, and its lines must not be in another.
    const asker = readerOf(snapshot, languageOf(answer.question));
    const head = listingText(answer.listing, asker).join('\n');
    // Below a long list the sentence would add little.
    const fits = linesOf([head, ...quoted]) <= MOST_LINES;
    const colour = answer.listing.value === null ? DOUBTFUL : SURE;
    return { colour, head, quotes: fits ? quoted : [] };
  }
  if (quote === null) return { colour: NOTHING, head: nothingText(answer, reader), quotes: [] };
  if (answer.verdict === 'answered') {
    const whole = citedQuote(quote, { ...reader, brief: false });
    return { colour: SURE, quotes: linesOf([whole]) > SURE_LINES ? quoted : [whole] };
  }
  const reason = answer.doubt === null ? texts.verdicts.weak : texts.doubt(answer.doubt);
  return {
    colour: DOUBTFUL,
    head: `**${escapeLine(reason, 300)}**`,
    quotes: [[texts.reply.closest, ...quoted].join('\n')],
  };
}

/** Lines that leave room for the sentence on a phone's screen; all meetings are in the menu below. */
const MOST_MEETINGS = 5;
/** Characters of a name that fit a line on a phone. */
const LINE: Readonly<Record<Locale, number>> = { en: 34, ja: 20 };
/** Columns of names in a row: eight lines of a phone. */
const NAMES = 300;

/** What joins the names of a list, but not the year to its date. */
const JOINTS = /, (?!\d{4}\b)|、| → | – /;

/** A list in lines: what and how many as a heading, then the names, or meeting by meeting. */
function listingText(listing: Listing, reader: Reader): string[] {
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
  return [...shown.slice(0, kept), ...(left === 0 ? [] : [texts.andMore(left)])].join(joint);
}

function meetingLines({ meetings }: Listing, { directory, locale, texts }: Reader): string[] {
  const { names, meetingById } = directory;
  const cities = new Set(meetings.map(({ id }) => meetingById.get(id)?.city));
  const shown = meetings.slice(0, MOST_MEETINGS).map(({ id, title, date }) => {
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

/** The question, what it was limited to, and how it was understood. */
function askedText({ question }: Answer, options: AnswerMessageOptions): string {
  const { snapshot, directory, locale, texts, note = '' } = options;
  const meeting = directory.meetingById.get(options.meeting ?? '');
  const title = meeting === undefined ? '' : directory.names.title(meeting, locale);
  const source = snapshot.sources.get(options.source ?? '');
  const lines = [
    title === '' ? '' : texts.onlyMeeting(escapeLine(title, 60)),
    source === undefined ? '' : texts.onlySource(escapeLine(source.title, 60)),
    note,
  ];
  return joinTexts([QUESTION_MARK + escapeLine(question), ...lines.map(small)], '\n');
}

function versionsHead(versions: Glance['versions'], { directory, locale, texts }: Reader): string {
  const publishers = versions
    .map(({ quote }) => directory.names.named(quote.sources[0]?.publisher ?? '', locale))
    .filter((name) => name !== '');
  const shown = [...new Set(publishers)].map((name) => escapeLine(name, 60));
  const count = versions.flatMap(({ values }) => values).length;
  return texts.reply.versions(count, shown);
}

/** What the documents are about, in place of an answer. */
function nothingText({ doubt }: Answer, reader: Reader): string {
  const { snapshot, texts } = reader;
  // That nothing is near says no more than the headline.
  const reason = doubt === null || doubt.kind === 'unrelated' ? '' : texts.doubt(doubt);
  return texts.reply.nothing({
    reason: escapeLine(reason, 300),
    events: snapshot.meetings.length,
    span: spanOf(reader),
  });
}

/** Lines that a text takes on a phone, without the addresses of its links. */
function linesOf(texts: readonly string[]): number {
  const lines = texts.flatMap((one) => one.replace(/\]\([^)]*\)/g, '').split('\n'));
  return lines.reduce((sum, line) => sum + Math.ceil(stringWidth(line) / LINE_COLUMNS), 0);
}

/** What a question is answered with: an interaction, or a message to the bot. */
export type Asking = Reader &
  Pick<InteractionContext, 'services' | 'snapshot' | 'log'> & {
    /** The server where it was asked; null in direct messages. */
    readonly interaction: { readonly guildId: string | null };
    readonly reply: Pick<Reply, 'fill' | 'fillPrivately' | 'canBePrivate'>;
  };

type Showing = Pick<AnswerMessageOptions, 'isPrivate' | 'note'>;

export async function answerNow(
  context: InteractionContext,
  request: AskRequest,
  showing: Showing,
): Promise<void> {
  await context.reply.defer({ isPrivate: showing.isPrivate });
  await answerQuestion(context, request, showing);
}

/**
 * Answers a new question into the deferred reply; that nothing was found, to the asker alone. A question without a clear
 * answer is recorded in the journal, unless it was asked in private: then its asker decides.
 */
export async function answerQuestion(
  context: Asking,
  request: AskRequest,
  { isPrivate, note = '' }: Showing,
): Promise<void> {
  const { services, snapshot, locale, texts, reply, log } = context;
  const { guildId } = context.interaction;
  const { question, meeting, source } = request;
  const isConfidential = isPrivate || guildId === null;
  const answer = await services.answers.answer(snapshot, request);
  const { verdict, confidence, timing, generation } = answer;
  const isForeign = verdict !== 'answered' && isOtherLanguage(question);
  const sources = services.mentions.of('sources', locale);
  const view = answerMessage(answer, {
    ...context,
    ...{ meeting, source, isPrivate },
    offered: await offeredQuestions(answer, context),
    note: joinTexts([note, isForeign ? texts.reply.languages : ''], ' '),
    hint: reply.canBePrivate ? texts.reply.onlyYou(sources) : '',
    canTell: isConfidential && services.journal.enabled,
  });
  await (isNothing(answer) ? reply.fillPrivately(view) : reply.fill(view));
  log.info({ event: 'ask.answered', verdict, confidence, ms: timing.totalMs, generation });
  services.metrics?.answered(answer);
  if (guildId !== null) services.figures.count(guildId, verdict);
  if (isConfidential) return;
  if (verdict === 'answered') services.asked.add(guildId, question);
  // A journal that cannot be written stops nobody.
  await recordUnanswered(services.journal, request, answer).catch(() => undefined);
}

function isNothing({ excerpts, listing }: Answer): boolean {
  return excerpts.length === 0 && listing === null;
}

/** Questions below each other, because they are too long for a row on a phone, and where to look. */
function nothingControls({ question }: Answer, options: AnswerMessageOptions): (Row | string)[] {
  const { meeting, source, offered, texts, hint = '', canTell = false } = options;
  const buttons = questionButtons(offered);
  if (canTell) buttons.push(tellButton(fieldsOf({ question, meeting, source }), texts));
  return [...buttons.flatMap((one) => buttonRows([one])), small(hint)];
}

function answerControls(
  { question, verdict, listing }: Answer,
  { quote: only, versions, more }: Glance,
  options: AnswerMessageOptions,
): Row[] {
  const { directory, texts, meeting, source, offered, isPrivate, canTell = false } = options;
  const { meetingById } = directory;
  const request = fieldsOf({ question, meeting, source });
  const quote = versions[0]?.quote ?? only;
  const listed = (listing?.meetings ?? []).flatMap(({ id }) => meetingById.get(id) ?? []);
  const isList = listed.length > 1;
  const isSure = verdict === 'answered' || versions.length > 0;
  const about = versions[0]?.quote.excerpt.meeting?.id ?? '';
  const told = listed.length === 1 ? listed[0] : meetingById.get(about);
  const passages = {
    customId: openPassages.encode({ page: 0, request }),
    label: isSure ? texts.reply.more(more.length) : texts.reply.closestButton(more.length),
  };
  const askOn = { customId: customIdOf(askOnId, request), label: texts.talk.askOn, emoji: '💬' };
  const others = [
    quote === null || !isSure || isList ? null : contextButton(quote.excerpt, quote.shown, options),
    more.length === 0 ? null : button(passages),
    told === undefined ? null : cardButton(told, texts),
    isList ? mapButton(texts) : null,
    isPrivate ? shareButton(texts) : null,
    canTell && verdict !== 'answered' ? tellButton(request, texts) : null,
    button(askOn),
  ].filter((one) => one !== null);
  const thumbs = thumbButtons(request);
  // Where a row has no room for both, in private next to the button to share, a thumb down is more useful than a thumb up.
  const isRoomy = isSure && !isPrivate && others.length + thumbs.length <= ROW_BUTTONS;
  const inMenu = isList ? listed.slice(0, SELECT_OPTIONS) : [];
  return [
    ...meetingMenus(inMenu, texts.reply.openMeeting, options),
    ...buttonRows(questionButtons(offered)),
    ...fittingRow([...others, ...thumbs.slice(isRoomy ? 0 : -1)]),
  ];
}

/** The number only keeps the ids of one message apart. */
export const tappedId: IdForm<RequestFields, { question: string; number: number }> = {
  letter: 'q',
  encode: ({ question, number }) =>
    encodeRequest({ question, meeting: null, source: null }, [number]),
  decode([number, ...rest]) {
    const request = decodeRequest(rest);
    return numberField(number) === null || request?.question == null ? null : request;
  },
};

function questionButtons(offered: readonly OfferedQuestion[]): Button[] {
  return offered.flatMap(({ label, question }, number) => {
    const fields = tappedId.encode({ question, number }).map(String);
    if (tappedId.decode(fields) === null || oneLine(label) === '') return [];
    return [button({ customId: customIdOf(tappedId, { question, number }), label })];
  });
}
