/** Quotations with their sources: sentences, whole passages behind an answer, and the paragraphs around a sentence. */
import { describeQuoted } from '../../answer/citations.ts';
import { glanceOf, type Quote } from '../../answer/glance.ts';
import type { Answer, CitedSource, Excerpt } from '../../answer/types.ts';
import type { LineRange } from '../../corpus/types.ts';
import type { Context } from '../../engine.ts';
import { shortDate } from '../../language/dates.ts';
import {
  QUESTION_MARK,
  codeOf,
  decodeRequest,
  defineControl,
  encodeRequest,
  fieldsOf,
  itemOf,
  numberField,
  requestOf,
  type IdForm,
  type RequestFields,
} from '../custom-ids.ts';
import { askAgain, type ClickInteraction } from '../reply.ts';
import type { InteractionContext, Reader } from '../services.ts';
import {
  clip,
  escapeLine,
  joinTexts,
  quotation,
  safeUrl,
  small,
  stretchWithin,
  within,
  type Texts,
} from '../text.ts';
import {
  MESSAGE_TEXT,
  button,
  buttonRows,
  framed,
  separator,
  turnButtons,
  type RowButton,
  type View,
} from '../view.ts';

/** Publishers that are named besides the first; the rest are counted. */
const MOST_OTHERS = 2;
const OTHER = 30;
const CREDIT_TITLE = 60;
const PUBLISHER = 60;
const ACCOUNT = 80;
/** A longer address would leave little of the message's text to two quotations. */
const CREDIT_URL = 400;

/** Characters of a sentence that a phone shows in one glance. */
const SENTENCE = 420;
/** A quotation with its source below it. `brief`: without the document's title. */
export function citedQuote(quote: Quote, options: Reader & { brief: boolean }): string {
  return `${quoteText(quote)}\n-# ${creditLine(quote, options)}`;
}

/** The sentence, its telling words in bold; cut between words where it is too long for a glance. */
function quoteText({ excerpt, shown: [start, end], telling }: Quote): string {
  const whole = excerpt.text.slice(start, end);
  const { end: length, cutAfter } = stretchWithin(whole, [0, whole.length], SENTENCE);
  const bold = telling
    .map(([from, to]) => [from - start, Math.min(to - start, length)] as const)
    .filter(([from, to]) => from < to);
  const quoted = quotation(whole.slice(0, length), bold);
  return cutAfter ? `${quoted}\n-# …` : quoted;
}

/** Whom a quoted sentence rests on, in small print. `brief`: without the document's title. */
function creditLine(
  { excerpt: { document, meeting, quoted }, sources }: Pick<Quote, 'excerpt' | 'sources'>,
  { brief, ...reader }: Reader & { brief: boolean },
): string {
  const title = reader.directory.names.title(document, reader.locale);
  const date = meeting?.date ?? null;
  const url = quoted.kind === 'page' ? quoted.url : null;
  const credit = creditOf(sources, { ...reader, date, url });
  // Whom an account follows, the rest of the line says.
  const whose = quoted.kind === 'account' ? { ...quoted, publishers: [] } : quoted;
  const account = escapeLine(describeQuoted(whose, reader.locale), ACCOUNT);
  const shown = brief && credit !== '' ? '' : escapeLine(title, CREDIT_TITLE);
  return joinTexts([shown, account, credit], ' · ');
}

/**
 * Where the first source's link leads, what kind of source it is, its date, and who else says so; empty without sources.
 * `date`: where the source shows none; `url`: of the quoted sentence, where it is known.
 */
export function creditOf(
  [first, ...rest]: readonly CitedSource[],
  options: Reader & { date: string | null; url: string | null },
): string {
  if (first === undefined) return '';
  const { directory, locale, texts } = options;
  const { names } = directory;
  const url = safeUrl(options.url ?? first.url, CREDIT_URL) ?? safeUrl(first.url, CREDIT_URL);
  const host = url === null ? null : new URL(url).hostname.replace(/^www\./, '');
  const name = escapeLine(host ?? names.named(first.publisher, locale), PUBLISHER);
  const published = first.published ?? options.date;
  const others = new Set(rest.map(({ publisher }) => publisher));
  others.delete(first.publisher);
  const also = [...others]
    .slice(0, MOST_OTHERS)
    .map((publisher) => names.named(publisher, locale).replace(/ \(.*\)$/, ''))
    .map((publisher) => escapeLine(publisher, OTHER));
  const left = others.size - also.length;
  if (left > 0) also.push(texts.andMore(left));
  const credit = [
    url === null ? name : `[${name}](<${url}>)`,
    texts.sourceKinds[first.kind],
    ...(first.copy ? [texts.reply.copy] : []),
    ...(published === null ? [] : [escapeLine(shortDate(published, locale))]),
  ].join(texts.reply.comma);
  return also.length === 0 ? credit : `${credit} · ${texts.reply.also(also)}`;
}

interface PageOfRequest {
  /** From 0. */
  readonly page: number;
  readonly request: RequestFields;
}

function pageForm(letter: string): IdForm<PageOfRequest> {
  return {
    letter,
    encode: ({ page, request }) => encodeRequest(request, [page]),
    decode([pageField, ...rest]) {
      const [page, request] = [numberField(pageField), decodeRequest(rest)];
      return page === null || request === null ? null : { page, request };
    },
  };
}

export const openPassages = defineControl({
  kind: 'passages',
  ...pageForm('o'),
  run: (context, fields) =>
    showPassages(context, fields, () => context.reply.defer({ isPrivate: true })),
});

export const turnPage = defineControl({
  kind: 'page',
  ...pageForm('p'),
  run: (context, fields) =>
    showPassages(context, fields, () => context.reply.deferUpdate(context.interaction)),
});

async function showPassages(
  context: InteractionContext<ClickInteraction>,
  { page, request }: PageOfRequest,
  defer: () => Promise<void>,
): Promise<void> {
  const asked = requestOf(context, request);
  await defer();
  const answer = await context.services.answers.answer(context.snapshot, asked);
  const shown = fieldsOf({ ...asked, question: answer.question });
  await context.reply.fill(passagesMessage(answer, { ...context, page, request: shown }));
}

/** Three passages with their sources fit a message. */
const PAGE_EXCERPTS = 3;
/** Characters of the parts of a citation: even three of the longest leave room for some sentences of each passage. */
const LENGTHS = { title: 60, path: 50, others: 80 };

/**
 * A page of the passages behind an answer, or its last page, with buttons. It never exceeds Discord's limits, whatever the
 * passages contain.
 */
export function passagesMessage(answer: Answer, options: Reader & PageOfRequest): View {
  const { snapshot, texts, request } = options;
  const { more } = glanceOf(answer, snapshot);
  const excerpts = more.length > 0 ? more : answer.excerpts;
  const pages = Math.max(1, Math.ceil(excerpts.length / PAGE_EXCERPTS));
  const page = Math.min(options.page, pages - 1);
  const shown = excerpts.slice(page * PAGE_EXCERPTS, (page + 1) * PAGE_EXCERPTS);
  const head = `${QUESTION_MARK}${escapeLine(answer.question)}\n${texts.reply.passagesTitle}`;
  const number = pages > 1 ? `${texts.pageOf(page + 1, pages)} · ` : '';
  const foot = number + texts.wordForWord;
  const room = MESSAGE_TEXT - head.length - foot.length - MARGIN;
  const contexts = shown.map((excerpt) =>
    button({
      customId: showContext.encode(placeOf(excerpt, excerpt.highlight, snapshot)),
      label: texts.reply.contextOf(excerpt.rank),
    }),
  );
  const turnTo = (to: number): string => turnPage.encode({ page: to, request });
  return framed([
    head,
    ...passageTexts(shown, room, options).flatMap((passage) => [separator(), passage]),
    separator(),
    small(foot),
    ...buttonRows([...contexts, ...turnButtons({ page, pages }, turnTo, texts)]),
  ]);
}

/** Each passage with its document above and its sources below, in `room` characters together. */
function passageTexts(excerpts: readonly Excerpt[], room: number, reader: Reader): string[] {
  const { texts } = reader;
  const cited = excerpts.map((excerpt) => citationOf(excerpt, reader));
  // The note that a quotation was shortened, and the line feeds around it.
  const note = small(texts.shortened).length + small('…').length + 3;
  const around = cited.flat().join('').length + note * cited.length;
  const needs = excerpts.map(
    ({ text: words, highlight }) => quotation(words, within(highlight, 0, words.length)).length,
  );
  const budgets = shares(needs, room - around);
  return excerpts.map((excerpt, index) => {
    const [above = '', below = ''] = cited[index] ?? [];
    return [above, quoteWithin(excerpt, budgets[index] ?? 0, texts), below].join('\n');
  });
}

/** Divides `total` among needs: small needs are met in full, large ones share the rest evenly. */
function shares(needs: readonly number[], total: number): number[] {
  const granted = needs.map(() => 0);
  let left = total;
  const ascending = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need);
  ascending.forEach(({ need, index }, done) => {
    const grant = Math.max(0, Math.min(need, Math.floor(left / (ascending.length - done))));
    granted[index] = grant;
    left -= grant;
  });
  return granted;
}

/** Rank and title of the document; whose words they are, the sources, the lines, and what else says the same. */
function citationOf(excerpt: Excerpt, reader: Reader): [above: string, below: string] {
  const { rank, document, sources, alsoReportedBy } = excerpt;
  const { snapshot, directory, locale, texts } = reader;
  const { names } = directory;
  const titles = alsoReportedBy.map((id) =>
    names.title({ id, title: snapshot.documents.get(id)?.title ?? id }, locale),
  );
  const others = escapeLine(titles.join(', '), LENGTHS.others);
  const lines = [
    creditLine({ excerpt, sources }, { ...reader, brief: true }),
    texts.linesOf(escapeLine(document.path, LENGTHS.path), ...document.lines),
    others === '' ? '' : texts.alsoReportedBy(others),
  ];
  return [
    `**${rank}** · ${escapeLine(names.title(document, locale), LENGTHS.title)}`,
    joinTexts(lines.map(small), '\n'),
  ];
}

/** As many whole sentences of an excerpt as the budget allows, and a note outside the quotation where it was cut. */
function quoteWithin({ text, highlight }: Excerpt, budget: number, texts: Texts): string {
  const { start, end, cutBefore, cutAfter } = stretchWithin(text, highlight, budget);
  const quoted = quotation(text.slice(start, end), within(highlight, start, end));
  const note = cutBefore || cutAfter ? small(texts.shortened) : '';
  return joinTexts([cutBefore ? small('…') : '', quoted, note], '\n');
}

interface Place {
  /** A code of the document's id. */
  readonly document: string;
  readonly lines: LineRange;
  /** Start of the document's sha256: in a changed document the lines have another meaning. */
  readonly digest: string;
  /** The sentence to set off, as offsets in the document's text; null for none. */
  readonly sentence: readonly [start: number, end: number] | null;
}

export const showContext = defineControl({
  kind: 'context',
  letter: 'x',
  /** The rank only keeps the ids of one message apart: two excerpts can have the same lines. */
  encode: ({ rank, document, lines, digest, sentence }: Place & { rank: number }) => [
    rank,
    document,
    lines.join('-'),
    digest,
    ...(sentence === null ? [] : [sentence.join('-')]),
  ],
  decode([rank, document = '', lines = '', digest = '', sentence = '']): Place | null {
    const [first, last] = lines.split('-').map(numberField);
    const [start, end] = sentence.split('-').map(numberField);
    if (numberField(rank) === null) return null;
    if (typeof first !== 'number' || typeof last !== 'number') return null;
    const isSet = typeof start === 'number' && typeof end === 'number';
    return { document, lines: [first, last], digest, sentence: isSet ? [start, end] : null };
  },
  async run(context, place) {
    const { snapshot, reply } = context;
    const document = itemOf(place.document, snapshot.documents);
    const isSame = digestOf(document.sha256) === place.digest;
    const found = isSame ? snapshot.context(document.id, place.lines) : null;
    if (found === null) throw askAgain();
    const sentence = place.sentence === null ? '' : document.text.slice(...place.sentence);
    await reply.send(contextView(found, { ...context, sentence }), { isPrivate: true });
  },
});

export function contextButton(
  excerpt: Excerpt,
  sentence: LineRange,
  { snapshot, texts }: Reader,
): RowButton {
  const customId = showContext.encode(placeOf(excerpt, sentence, snapshot));
  const { readAround, readAroundBrief } = texts.reply;
  return {
    full: button({ customId, label: readAround }),
    brief: button({ customId, label: readAroundBrief }),
  };
}

function placeOf(
  { rank, text: words, document: { id, lines } }: Excerpt,
  range: readonly [start: number, end: number] | null,
  { documents }: Reader['snapshot'],
): Place & { rank: number } {
  const document = documents.get(id);
  const offset = document?.text.indexOf(words) ?? -1;
  return {
    rank,
    document: codeOf(id),
    lines,
    digest: digestOf(document?.sha256 ?? ''),
    sentence: range === null || offset < 0 ? null : [offset + range[0], offset + range[1]],
  };
}

/** Enough of a digest to notice that a document changed. */
const digestOf = (sha256: string): string => sha256.slice(0, 8);

/** Characters for line feeds between the parts. */
const MARGIN = 24;
const BREAK = '\n\n';

/** The paragraphs around a sentence, which is in bold; whole sentences next to it where not all fit. */
export function contextView(
  { document, headings, paragraphs }: Context,
  { sentence, directory, locale, texts }: Reader & { sentence: string },
): View {
  const title = texts.contextTitle(escapeLine(directory.names.title(document, locale), 150));
  const path = clip(headings.map((heading) => escapeLine(heading, 100)).join(' › '), 400);
  const head = joinTexts([`### ${title}`, small(path)], '\n');
  const first = paragraphs.at(0)?.lines[0] ?? 1;
  const last = paragraphs.at(-1)?.lines[1] ?? 1;
  const foot = small(texts.linesOf(escapeLine(document.path, 100), first, last));
  const cut = small(texts.contextCut);
  const budget = MESSAGE_TEXT - head.length - foot.length - 2 * cut.length - MARGIN;

  const askedAt = paragraphs.findIndex(({ asked }) => asked);
  const asked = paragraphs[askedAt]?.text ?? '';
  const before = paragraphs.slice(0, askedAt);
  const start = before.reduce((sum, { text }) => sum + text.length + BREAK.length, 0);
  const whole = paragraphs.map(({ text }) => text).join(BREAK);
  const at = sentence === '' ? -1 : whole.indexOf(sentence, start);
  const bold = at < 0 ? null : ([at, at + sentence.length] as const);
  const shown = stretchWithin(whole, bold ?? [start, start + asked.length], budget);
  return framed([
    head,
    shown.cutBefore ? cut : '',
    quotation(whole.slice(shown.start, shown.end), within(bold, shown.start, shown.end)),
    shown.cutAfter ? cut : '',
    foot,
  ]);
}
