import type { APIButtonComponent, APIComponentInContainer } from 'discord.js';
import { describeQuoted } from '../../answer/citations.ts';
import { glanceOf } from '../../answer/glance.ts';
import type { Answer, Excerpt } from '../../answer/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import {
  decodeRequest,
  defineControl,
  encodeRequest,
  fieldsOf,
  numberField,
  type RequestFields,
} from '../custom-ids.ts';
import { requestOf } from '../question.ts';
import type { AskRequest, InteractionContext } from '../services.ts';
import {
  escapeLine,
  joinWithin,
  quotation,
  safeUrl,
  shares,
  stretchWithin,
  within,
} from '../text.ts';
import { shortDate, textsIn, type Locale, type Texts } from '../texts/index.ts';
import { QUESTION_MARK, type AnswerViewOptions } from '../views/answer.ts';
import {
  BUTTON_URL,
  MESSAGE_TEXT,
  PLAIN_COLOUR,
  button,
  buttonRows,
  container,
  separator,
  text,
  textWithLink,
  type Row,
  type View,
} from '../views/components.ts';
import { sourceLine } from '../views/sources.ts';
import { passageContextButton } from './context.ts';

/** Three passages with their sources fit a message. */
const PAGE_EXCERPTS = 3;

const SMALL = '-# ';

/** Characters of the parts of a citation: even three of the longest leave room for some sentences of each passage. */
const LENGTHS = { title: 60, quoted: 140, sources: 300, path: 50, also: 80 };

/** A page of passages. */
interface PassagesPage {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly excerpts: readonly Excerpt[];
}

/** The page with a number, or the last one. */
function pageOf(excerpts: readonly Excerpt[], wanted: number): PassagesPage {
  const pages = Math.max(1, Math.ceil(excerpts.length / PAGE_EXCERPTS));
  const page = Math.min(wanted, pages - 1);
  const start = page * PAGE_EXCERPTS;
  return { page, pages, excerpts: excerpts.slice(start, start + PAGE_EXCERPTS) };
}

interface Reader {
  readonly snapshot: Pick<Snapshot, 'documents'>;
  readonly locale: Locale;
}

interface PassagesViewOptions extends Reader {
  readonly shown: PassagesPage;
  /** Its buttons. */
  readonly rows: readonly Row[];
}

/** Whole passages behind an answer, for one reader. Never exceeds Discord's limits, whatever the passages contain. */
function passagesView({ question }: Answer, options: PassagesViewOptions): View {
  const { shown, locale, rows } = options;
  const texts = textsIn(locale);
  const head = `${QUESTION_MARK}${escapeLine(question)}\n${texts.reply.passagesTitle}`;
  const foot = footOf({ texts, shown });
  const cited = shown.excerpts.map((excerpt) => ({
    excerpt,
    ...citationOf(excerpt, { texts, options }),
  }));
  // The note that a quotation was shortened, and the line feeds around it.
  const note = texts.shortened.length + 2 * SMALL.length + 4;
  const left = cited.reduce(
    (sum, { headline, attribution }) => sum - headline.length - attribution.length - note,
    MESSAGE_TEXT - head.length - foot.length,
  );
  const needs = cited.map(
    ({ excerpt: { text: words, highlight } }) =>
      quotation(words, within(highlight, 0, words.length)).length,
  );
  const budgets = shares(needs, left);

  const parts: APIComponentInContainer[] = [text(head)];
  cited.forEach(({ excerpt, headline, attribution, link }, index) => {
    parts.push(separator());
    // The link is next to the headline: next to the sources it would leave them half a phone's width.
    parts.push(textWithLink(headline, link));
    parts.push(text(`${quoteWithin(excerpt, budgets[index] ?? 0, texts)}\n${attribution}`));
  });
  parts.push(separator(), text(foot), ...rows);
  return { components: [container(PLAIN_COLOUR, parts)] };
}

function footOf({ texts, shown: { page, pages } }: { texts: Texts; shown: PassagesPage }): string {
  const parts = [...(pages > 1 ? [texts.pageOf(page + 1, pages)] : []), texts.wordForWord];
  return SMALL + parts.join(' · ');
}

interface Citation {
  readonly headline: string;
  readonly attribution: string;
  readonly link: { readonly url: string; readonly label: string } | null;
}

function citationOf(
  excerpt: Excerpt,
  { texts, options }: { texts: Texts; options: PassagesViewOptions },
): Citation {
  const { locale, snapshot } = options;
  const { document, quoted, sources } = excerpt;
  const [first] = sources;
  const ofSource = first === undefined ? null : safeUrl(first.url, BUTTON_URL);
  const ofSentence =
    quoted.kind === 'page' && quoted.url !== null ? safeUrl(quoted.url, BUTTON_URL) : null;
  const url = ofSentence ?? ofSource;
  const path = escapeLine(document.path, LENGTHS.path);
  const also = excerpt.alsoReportedBy.map((id) =>
    escapeLine(snapshot.documents.get(id)?.title ?? id, 80),
  );
  const others = joinWithin(also, ', ', { budget: LENGTHS.also, rest: texts.andMore });
  const sourceLines = sources.map((source, index) =>
    sourceLine(source, { texts, locale, linked: index > 0 }),
  );
  const lines = [
    escapeLine(describeQuoted(quoted, locale), LENGTHS.quoted),
    joinWithin(sourceLines, `\n${SMALL}`, { budget: LENGTHS.sources, rest: texts.moreSources }),
    texts.linesOf(path, document.lines[0], document.lines[1]),
    others === '' ? '' : texts.alsoReportedBy(others),
  ];
  return {
    headline: headlineOf(excerpt, locale),
    attribution: lines
      .filter((line) => line !== '')
      .map((line) => SMALL + line)
      .join('\n'),
    link: url === null ? null : { url, label: texts.openSource },
  };
}

/** Rank and title of the document, and place and date where it is about a meeting. */
function headlineOf({ rank, document, ...excerpt }: Excerpt, locale: Locale): string {
  // Other documents may mention a meeting: under its place and date they would look like its report.
  const meeting = excerpt.meeting?.id === document.id ? excerpt.meeting : null;
  const parts = [`**${rank}** · ${escapeLine(document.title, LENGTHS.title)}`];
  if (meeting !== null && !namesCity(meeting.title, meeting.place.split(',')[0] ?? '')) {
    parts.push(escapeLine(meeting.place, 40));
  }
  if (typeof meeting?.date === 'string') parts.push(escapeLine(shortDate(meeting.date, locale)));
  return parts.join(' · ');
}

/** Whether a title names a city: "… in San José" names "San José, C.R.". */
function namesCity(title: string, city: string): boolean {
  const [longest = ''] = city.split(/\s+/).sort((a, b) => b.length - a.length);
  return longest !== '' && title.includes(longest);
}

/** As many whole sentences of an excerpt as the budget allows, and a note outside the quotation where it was cut. */
function quoteWithin(excerpt: Excerpt, budget: number, texts: Texts): string {
  const { start, end, cutBefore, cutAfter } = stretchWithin(
    excerpt.text,
    excerpt.highlight,
    budget,
  );
  const quoted = quotation(excerpt.text.slice(start, end), within(excerpt.highlight, start, end));
  return [
    ...(cutBefore ? [`${SMALL}…`] : []),
    quoted,
    ...(cutBefore || cutAfter ? [SMALL + texts.shortened] : []),
  ].join('\n');
}

interface PageOfRequest {
  /** From 0. */
  readonly page: number;
  readonly request: RequestFields;
}

function encodePage({ page, request }: PageOfRequest): (string | number)[] {
  return encodeRequest(request, [page]);
}

function decodePage([pageField, ...rest]: readonly string[]): PageOfRequest | null {
  const page = numberField(pageField);
  const request = decodeRequest(rest);
  return page === null || request === null ? null : { page, request };
}

/** Opens the passages behind an answer for the reader alone. */
export const openPassages = defineControl({
  kind: 'passages',
  letter: 'o',
  encode: encodePage,
  decode: decodePage,
  async run(context, { page, request }) {
    const asked = requestOf(context, request);
    await context.reply.defer({ isPrivate: true });
    await context.reply.fill(await passages(context, asked, page));
  },
});

/** Turns the passages to another page. */
export const turnPage = defineControl({
  kind: 'page',
  letter: 'p',
  encode: encodePage,
  decode: decodePage,
  async run(context, { page, request }) {
    const asked = requestOf(context, request);
    await context.reply.deferUpdate(context.interaction);
    await context.reply.fill(await passages(context, asked, page));
  },
});

async function passages(
  { services, snapshot, locale }: InteractionContext,
  asked: AskRequest,
  page: number,
): Promise<View> {
  const answer = await services.answers.answer(snapshot, asked);
  return passagesMessage(answer, { snapshot, locale, page, request: fieldsOf(answer, asked) });
}

/** A page of the passages behind an answer, with its buttons. */
export function passagesMessage(
  answer: Answer,
  options: Pick<AnswerViewOptions, 'snapshot' | 'locale'> & PageOfRequest,
): View {
  const { snapshot, locale, request } = options;
  const texts = textsIn(locale);
  const { more } = glanceOf(answer, snapshot);
  const shown = pageOf(more.length > 0 ? more : answer.excerpts, options.page);
  const turnTo = (page: number, label: string, emoji: string): APIButtonComponent =>
    button({ customId: turnPage.encode({ page, request }), label, emoji });
  const rows = buttonRows([
    ...shown.excerpts.map((excerpt) => passageContextButton(excerpt, { snapshot, locale })),
    ...(shown.page > 0 ? [turnTo(shown.page - 1, texts.previousButton, '◀️')] : []),
    ...(shown.page < shown.pages - 1 ? [turnTo(shown.page + 1, texts.nextButton, '▶️')] : []),
  ]);
  return passagesView(answer, { snapshot, locale, shown, rows });
}
