import type { APIButtonComponentWithCustomId, APITextDisplayComponent } from 'discord.js';
import stringWidth from 'string-width';
import { glanceOf, type Glance, type Quote } from '../../answer/glance.ts';
import { exampleQuestions } from '../../answer/meeting-texts.ts';
import type { Answer } from '../../answer/types.ts';
import type { Snapshot } from '../../engine.ts';
import {
  isJapanese,
  isOtherLanguage,
  isStopWord,
  languageOf,
  stem,
  wordsOf,
} from '../../language/words.ts';
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
import { type Reply } from '../reply.ts';
import {
  MESSAGE_TEXT,
  ROW_BUTTONS,
  SELECT_OPTIONS,
  button,
  buttonRows,
  fitInRow,
  fittingRow,
  framed,
  text,
  type Row,
  type RowButton,
  type View,
} from '../view.ts';
import {
  directoryOf,
  spanOf,
  type AskRequest,
  type InteractionContext,
  type Reader,
} from '../services.ts';
import { clip, escapeLine, oneLine, quotation, stretchWithin, textsIn } from '../text.ts';
import { cardButton, listingText, meetingMenus } from './card.ts';
import { recordUnanswered, shareButton, tellButton, thumbButtons } from './feedback.ts';
import { contextButton, creditLine, openPassages } from './passages.ts';

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
  { services, snapshot, locale }: Pick<InteractionContext, 'services' | 'snapshot' | 'locale'>,
): Promise<OfferedQuestion[]> {
  const { verdict, listing, versions } = answer;
  if (verdict === 'answered' || listing !== null || versions !== null) return [];
  if (verdict === 'not_found') {
    return exampleQuestions(snapshot, locale).map((question) => ({ label: question, question }));
  }
  const names = directoryOf(snapshot).names;
  const near = nearTopics(answer, snapshot)
    .map((topic) => names.named(topic, locale))
    // A question in Japanese about a topic without a Japanese name would be half in English.
    .filter((topic) => locale === 'en' || isJapanese(topic))
    .map((topic) => ({
      label: `${topic}?`,
      question: textsIn(locale).reply.topic(topic),
      meeting: null,
      source: null,
    }))
    .filter(({ label }) => label.length <= NEAR_LABEL);
  const [first, second] = await services.answers.clear(snapshot, near.slice(0, MOST_TRIED));
  if (first === undefined) return [];
  return second !== undefined && fitInRow([first.label, second.label]) ? [first, second] : [first];
}

/** Topics of the closest passages' documents that share words with the question or with those passages, nearest first. */
function nearTopics({ question, excerpts }: Answer, { documents }: Snapshot): string[] {
  const asked = wordsIn(question);
  const closest = excerpts.slice(0, MOST_TRIED);
  const sentences = closest.map(({ text, highlight }) => text.slice(...(highlight ?? [0, 0])));
  const said = wordsIn(sentences.join(' '));
  const topics = closest.flatMap(({ document }) => documents.get(document.id)?.topics ?? []);
  const shared = (topic: string, words: ReadonlySet<string>): number =>
    [...wordsIn(topic)].filter((word) => words.has(word)).length;
  return [...new Set(topics)]
    .map((topic) => ({ topic, score: 2 * shared(topic, asked) + shared(topic, said) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ topic }) => oneLine(topic));
}

function wordsIn(text: string): Set<string> {
  const words = wordsOf(text).map(({ folded }) => folded);
  return new Set(words.filter((word) => !isStopWord(word)).map(stem));
}

interface OfferedQuestion {
  readonly label: string;
  readonly question: string;
}

const SMALL = '-# ';

/** Colours that differ clearly in the dark and in the light theme; no meaning depends on colour alone. */
const SURE = 0x2e9e5b;
const DOUBTFUL = 0xe0a100;
const NOTHING = 0x8a8f98;

/** Characters of a sentence that a phone shows in one glance. */
const SENTENCE = 420;
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
  const { colour, head, quotes } = partsOf(answer, glance, options);
  const first = clip([...asked(answer, options), ...head].join('\n'), MESSAGE_TEXT / 2);
  const controls = isNothing(answer)
    ? nothingControls(answer, options)
    : answerControls(answer, glance, options);
  return framed([first, ...quotes, ...controls], colour);
}

interface Parts {
  readonly colour: number;
  readonly head: readonly string[];
  readonly quotes: readonly string[];
}

function partsOf(answer: Answer, { quote, versions }: Glance, { snapshot, locale }: Reader): Parts {
  const texts = textsIn(locale);
  const brief = { snapshot, locale, brief: true };
  if (versions.length > 0) {
    return {
      colour: DOUBTFUL,
      head: [versionsHead(versions, { snapshot, locale })],
      quotes: versions.map((version) => citedQuote(version.quote, brief)),
    };
  }
  const quoted = quote === null ? [] : [citedQuote(quote, brief)];
  if (answer.listing !== null) {
    // Its title is in the language of the question, and its lines must not be in another.
    const head = listingText(answer.listing, { snapshot, locale: languageOf(answer.question) });
    // Below a long list the sentence would add little.
    const fits = linesOf([...head, ...quoted]) <= MOST_LINES;
    const colour = answer.listing.value === null ? DOUBTFUL : SURE;
    return { colour, head, quotes: fits ? quoted : [] };
  }
  if (quote === null) {
    return { colour: NOTHING, head: [nothingText(answer, { snapshot, locale })], quotes: [] };
  }
  if (answer.verdict === 'answered') {
    const whole = citedQuote(quote, { ...brief, brief: false });
    return { colour: SURE, head: [], quotes: linesOf([whole]) > SURE_LINES ? quoted : [whole] };
  }
  const reason = answer.doubt === null ? texts.verdicts.weak : texts.doubt(answer.doubt);
  return {
    colour: DOUBTFUL,
    head: [`**${escapeLine(reason, 300)}**`],
    quotes: [[texts.reply.closest, ...quoted].join('\n')],
  };
}

function asked({ question }: Answer, options: AnswerMessageOptions): string[] {
  const { snapshot, locale, note } = options;
  const texts = textsIn(locale);
  const meeting = snapshot.meetings.find(({ id }) => id === options.meeting);
  const title = meeting === undefined ? '' : directoryOf(snapshot).names.title(meeting, locale);
  const source = options.source === null ? undefined : snapshot.sources.get(options.source);
  return [
    QUESTION_MARK + escapeLine(question),
    ...(title === '' ? [] : [SMALL + texts.onlyMeeting(escapeLine(title, 60))]),
    ...(source === undefined ? [] : [SMALL + texts.onlySource(escapeLine(source.title, 60))]),
    ...(note === undefined ? [] : [SMALL + note]),
  ];
}

function versionsHead(versions: Glance['versions'], { snapshot, locale }: Reader): string {
  const { names } = directoryOf(snapshot);
  const publishers = versions
    .map(({ quote }) => names.named(quote.sources[0]?.publisher ?? '', locale))
    .filter((name) => name !== '');
  const shown = [...new Set(publishers)].map((name) => escapeLine(name, 60));
  const count = versions.flatMap(({ values }) => values).length;
  return textsIn(locale).reply.versions(count, shown);
}

/** What the documents are about, in place of an answer. */
function nothingText({ doubt }: Answer, { snapshot, locale }: Reader): string {
  const texts = textsIn(locale);
  // That nothing is near says no more than the headline.
  const reason = doubt === null || doubt.kind === 'unrelated' ? '' : texts.doubt(doubt);
  return texts.reply.nothing({
    reason: escapeLine(reason, 300),
    events: snapshot.meetings.length,
    span: spanOf({ snapshot, locale }),
  });
}

/** Lines that a text takes on a phone, without the addresses of its links. */
function linesOf(texts: readonly string[]): number {
  const lines = texts.flatMap((one) => one.replace(/\]\([^)]*\)/g, '').split('\n'));
  return lines.reduce((sum, line) => sum + Math.ceil(stringWidth(line) / LINE_COLUMNS), 0);
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

/** What a question is answered with: an interaction, or a message to the bot. */
export type Asking = Pick<InteractionContext, 'services' | 'snapshot' | 'locale' | 'log'> & {
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
 * Answers a new question into the deferred reply. A question without a clear answer is recorded in the journal, unless it
 * was asked in private: then its asker decides.
 */
export async function answerQuestion(
  context: Asking,
  request: AskRequest,
  showing: Showing,
): Promise<void> {
  const { interaction, services, log } = context;
  const answer = await showAnswer(context, request, showing);
  const { verdict, confidence, timing, generation } = answer;
  log.info({ event: 'ask.answered', verdict, confidence, ms: timing.totalMs, generation });
  services.metrics?.answered(answer);
  const { guildId } = interaction;
  if (guildId !== null) services.figures.count(guildId, verdict);
  if (isConfidential(interaction, showing)) return;
  if (verdict === 'answered' && guildId !== null) services.asked.add(guildId, request.question);
  // A journal that cannot be written stops nobody.
  await recordUnanswered(services.journal, request, answer).catch(() => undefined);
}

function isConfidential({ guildId }: { guildId: string | null }, { isPrivate }: Showing): boolean {
  return isPrivate || guildId === null;
}

/** Answers into the deferred reply; that nothing was found, to the asker alone. */
async function showAnswer(context: Asking, request: AskRequest, showing: Showing): Promise<Answer> {
  const { interaction, services, snapshot, locale, reply } = context;
  const { meeting, source } = request;
  const answer = await services.answers.answer(snapshot, request);
  const offered = await offeredQuestions(answer, context);
  const sources = services.mentions.of('sources', locale);
  const hint = reply.canBePrivate ? { hint: textsIn(locale).reply.onlyYou(sources) } : {};
  // What is not written into the journal by itself, its asker can have written there.
  const canTell = isConfidential(interaction, showing) && services.journal.enabled;
  const isForeign = answer.verdict !== 'answered' && isOtherLanguage(request.question);
  const notes = [showing.note, ...(isForeign ? [textsIn(locale).reply.languages] : [])];
  const note = notes.filter((one) => one !== undefined).join(' ');
  const options = {
    ...{ snapshot, locale, meeting, source, offered, canTell, ...hint, ...showing },
    ...(note === '' ? {} : { note }),
  };
  const view = answerMessage(answer, options);
  if (isNothing(answer)) await reply.fillPrivately(view);
  else await reply.fill(view);
  return answer;
}

function isNothing({ excerpts, listing }: Answer): boolean {
  return excerpts.length === 0 && listing === null;
}

type Controls = readonly (Row | APITextDisplayComponent)[];

/** Questions below each other, because they are too long for a row on a phone, and where to look. */
function nothingControls({ question }: Answer, options: AnswerMessageOptions): Controls {
  const { meeting, source, offered, locale, hint, canTell = false } = options;
  const request = fieldsOf({ question, meeting, source });
  const tell = canTell ? [tellButton(request, locale)] : [];
  const rows = [...questionButtons(offered), ...tell].flatMap((one) => buttonRows([one]));
  return hint === undefined ? rows : [...rows, text(SMALL + hint)];
}

function answerControls(
  { question, verdict, listing }: Answer,
  { quote: only, versions, more }: Glance,
  options: AnswerMessageOptions,
): Controls {
  const { snapshot, locale, meeting, source, offered, isPrivate, canTell = false } = options;
  const texts = textsIn(locale);
  const request = fieldsOf({ question, meeting, source });
  const quote = versions[0]?.quote ?? only;
  const listed = (listing?.meetings ?? []).flatMap(
    ({ id }) => snapshot.meetings.find((meeting) => meeting.id === id) ?? [],
  );
  const isSure = verdict === 'answered' || versions.length > 0;
  const about = versions.length > 0 ? (quote?.excerpt.meeting?.id ?? null) : null;
  const [told] = listed.length === 1 ? listed : snapshot.meetings.filter(({ id }) => id === about);
  const count = isSure ? texts.reply.more(more.length) : texts.reply.closestButton(more.length);
  const passagesId = openPassages.encode({ page: 0, request });
  const thumbs = thumbButtons(request);
  const others: RowButton[] = [
    ...(quote === null || !isSure || listed.length > 1
      ? []
      : [contextButton(quote.excerpt, quote.shown, { snapshot, locale })]),
    ...[
      ...(more.length === 0 ? [] : [button({ customId: passagesId, label: count })]),
      ...(told === undefined ? [] : [cardButton(told, locale)]),
      ...(listed.length > 1 ? [mapButton(locale)] : []),
      ...(isPrivate ? [shareButton(locale)] : []),
      ...(canTell && verdict !== 'answered' ? [tellButton(request, locale)] : []),
      button({ customId: customIdOf(askOnId, request), label: texts.talk.askOn, emoji: '💬' }),
    ].map((full) => ({ full })),
  ];
  // Where a row has no room for both, in private next to the button to share, a thumb down is more useful than a thumb up.
  const isRoomy = isSure && !isPrivate && others.length + thumbs.length <= ROW_BUTTONS;
  const buttons = [...others, ...thumbs.slice(isRoomy ? 0 : -1).map((full) => ({ full }))];
  const placeholder = texts.reply.openMeeting;
  const inMenu = listed.length > 1 ? listed.slice(0, SELECT_OPTIONS) : [];
  return [
    ...meetingMenus(inMenu, { placeholder, snapshot, locale }),
    ...buttonRows(questionButtons(offered)),
    ...fittingRow(buttons),
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

/** A button for each question that a custom id can hold. */
function questionButtons(offered: readonly OfferedQuestion[]): APIButtonComponentWithCustomId[] {
  return offered.flatMap(({ label, question }, number) => {
    const fields = tappedId.encode({ question, number }).map(String);
    if (tappedId.decode(fields) === null || oneLine(label) === '') return [];
    return [button({ customId: customIdOf(tappedId, { question, number }), label })];
  });
}
