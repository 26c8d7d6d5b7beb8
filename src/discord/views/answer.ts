import { ButtonStyle, type APIButtonComponent, type APIComponentInContainer } from 'discord.js';
import type { Answer, Doubt, Excerpt } from '../../answer/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { button, buttonRows, container, separator, text, textWithLink } from '../components.ts';
import { codeOf, encodeControl, type AskedCode } from '../custom-ids.ts';
import { shortDate, type Locale } from '../dates.ts';
import { clip, inertLine, oneLine, safeUrl } from '../inert.ts';
import { BUTTON_URL, MESSAGE_TEXT } from '../limits.ts';
import type { View } from '../payload.ts';
import { quotation, stretchWithin, within } from '../shorten.ts';
import { textsIn, type Texts } from '../texts/index.ts';
import { joinWithin, shares, sourceLine } from './attribution.ts';
import { namesCity } from './place-named.ts';
import { VERDICT_COLOURS, VERDICT_SIGNS } from './colours.ts';

/** Three excerpts fit a phone's screen and, with their sources, 4000 characters. */
export const PAGE_EXCERPTS = 3;
/** What is asked of the core for all pages together. */
export const ASKED_EXCERPTS = 12;

/** The question is the first text behind this mark; `read-back.ts` relies on it. */
export const QUESTION_MARK = '### ';

/** Room for what stands around an excerpt; a tighter one is taken where little would be left to quote. */
const ROOMS = [
  { title: 90, sources: 420, path: 80, also: 160 },
  { title: 60, sources: 200, path: 50, also: 60 },
  { title: 40, sources: 110, path: 30, also: 0 },
] as const;
type Room = (typeof ROOMS)[number];
const LEAST_QUOTATION = 280;

const SMALL = '-# ';
const NAME = 60;

export interface AnswerViewOptions {
  readonly edition: Pick<Snapshot, 'documents' | 'meetings' | 'sources'>;
  readonly locale: Locale;
  /** From 0. */
  readonly page: number;
  readonly meeting: string | null;
  readonly source: string | null;
  /** Whether only the asker sees it: then it can be shared. */
  readonly isPrivate: boolean;
  /** Shown small below the verdict. */
  readonly note?: string;
}

/** An answer as a message: never over Discord's limits, whatever the answer holds. */
export function answerView(answer: Answer, options: AnswerViewOptions): View {
  const texts = textsIn(options.locale);
  const pages = Math.max(1, Math.ceil(answer.excerpts.length / PAGE_EXCERPTS));
  const page = Math.min(options.page, pages - 1);
  const shown = answer.excerpts.slice(page * PAGE_EXCERPTS, (page + 1) * PAGE_EXCERPTS);
  const head = headOf(answer, { texts, options });
  const foot = footOf(answer, { texts, page, pages });
  const { cited, left } = citeWithin(shown, {
    total: MESSAGE_TEXT - head.length - foot.length,
    texts,
    options,
  });
  const needs = cited.map(({ excerpt }) => quotation(excerpt.text, excerpt.highlight).length);
  const budgets = shares(needs, left);

  const parts: APIComponentInContainer[] = [text(head)];
  cited.forEach(({ excerpt, headline, attribution, link }, at) => {
    parts.push(separator());
    // The link stands beside the headline: beside the sources it would leave them half a phone's width.
    parts.push(textWithLink(headline, link));
    parts.push(text(`${quoteWithin(excerpt, budgets[at] ?? 0, texts)}\n${attribution}`));
  });
  if (foot !== '') parts.push(separator(), text(foot));
  const asked: AskedCode = {
    question: oneLine(answer.question),
    meeting: options.meeting === null ? null : codeOf(options.meeting),
    source: options.source === null ? null : codeOf(options.source),
  };
  parts.push(...buttonRows(contextButtons(shown, { texts, options })));
  parts.push(...buttonRows(controls({ asked, page, pages, texts, isPrivate: options.isPrivate })));
  return { components: [container(VERDICT_COLOURS[answer.verdict], parts)] };
}

function headOf(
  answer: Answer,
  { texts, options }: { texts: Texts; options: AnswerViewOptions },
): string {
  const meeting = options.edition.meetings.find(({ id }) => id === options.meeting);
  const source = options.source === null ? undefined : options.edition.sources.get(options.source);
  const verdict = `${VERDICT_SIGNS[answer.verdict]} **${texts.verdict(answer.verdict)}**`;
  const lines = [
    QUESTION_MARK + inertLine(answer.question),
    answer.doubt === null && answer.reason === null
      ? verdict
      : `${verdict} — ${doubtIn(answer, texts)}`,
  ];
  if (meeting !== undefined) lines.push(SMALL + texts.onlyMeeting(titleOf(meeting.title)));
  if (source !== undefined) lines.push(SMALL + texts.onlySource(titleOf(source.title)));
  if (options.note !== undefined) lines.push(SMALL + options.note);
  if (answer.verdict === 'not_found') {
    lines.push(texts.notFoundHint);
    if (answer.excerpts.length > 0) lines.push(SMALL + texts.nearest);
  }
  return lines.join('\n');
}

/** Why the answer is in doubt, in the reader's language. */
export function doubtIn(answer: Pick<Answer, 'doubt' | 'reason'>, texts: Texts): string {
  const { doubt } = answer;
  return doubt === null
    ? inertLine(clip(oneLine(answer.reason ?? ''), 300))
    : sentenceFor(doubt, texts);
}

function sentenceFor(doubt: Doubt, texts: Texts): string {
  switch (doubt.kind) {
    case 'unmentioned':
      return texts.unmentioned(namesIn(doubt.names, texts));
    case 'apart':
      return texts.apart(namesIn(doubt.names, texts));
    case 'kind':
      return texts.kindMissing(doubt.asked);
    case 'vague':
      return texts.vague;
    case 'unrelated':
      return texts.unrelated;
  }
}

function namesIn(names: readonly string[], texts: Texts): string[] {
  return names.slice(0, 3).map((name) => texts.quotedName(inertLine(clip(oneLine(name), NAME))));
}

function footOf(
  answer: Answer,
  { texts, page, pages }: { texts: Texts; page: number; pages: number },
): string {
  if (answer.excerpts.length === 0) return '';
  const parts = pages > 1 ? [texts.pageOf(page + 1, pages)] : [];
  if (answer.verdict !== 'not_found') {
    parts.push(texts.certainty(Math.round(answer.confidence * 100)));
  }
  return SMALL + [...parts, texts.wordForWord].join(' · ');
}

interface Citation {
  readonly headline: string;
  readonly attribution: string;
  readonly link: { readonly url: string; readonly label: string } | null;
}

/** Citations of a page's excerpts, and how many of `total` characters they leave for the quotations. */
function citeWithin(
  shown: readonly Excerpt[],
  { total, texts, options }: { total: number; texts: Texts; options: AnswerViewOptions },
): { cited: (Citation & { excerpt: Excerpt })[]; left: number } {
  // What says that a quotation was shortened, and the line feeds around it.
  const note = texts.shortened.length + 2 * SMALL.length + 4;
  for (const room of ROOMS) {
    const cited = shown.map((excerpt) => ({
      excerpt,
      ...citationOf(excerpt, { texts, options, room }),
    }));
    const left = cited.reduce(
      (sum, { headline, attribution }) => sum - headline.length - attribution.length - note,
      total,
    );
    if (left >= LEAST_QUOTATION * shown.length || room === ROOMS.at(-1)) return { cited, left };
  }
  return { cited: [], left: total };
}

function citationOf(
  excerpt: Excerpt,
  { texts, options, room }: { texts: Texts; options: AnswerViewOptions; room: Room },
): Citation {
  const { locale, edition } = options;
  const [first] = excerpt.sources;
  const url = first === undefined ? null : safeUrl(first.url, BUTTON_URL);
  const { document } = excerpt;
  // Another document may speak of a meeting among other things: under the meeting's title it would mislead.
  const meeting = excerpt.meeting?.id === document.id ? excerpt.meeting : null;
  const headline = [
    `**${excerpt.rank}** · ${inertLine(clip(oneLine(document.title), room.title))}`,
    ...(meeting === null || namesCity(meeting.title, meeting.place.split(',')[0] ?? '')
      ? []
      : [inertLine(clip(oneLine(meeting.place), 40))]),
    ...(typeof meeting?.date === 'string' ? [inertLine(shortDate(meeting.date, locale))] : []),
  ].join(' · ');
  const path = inertLine(clip(oneLine(document.path), room.path));
  const where = texts.linesOf(path, document.lines[0], document.lines[1]);
  const also = excerpt.alsoReportedBy.map((id) => titleOf(edition.documents.get(id)?.title ?? id));
  const sources = excerpt.sources.map((source, at) =>
    sourceLine(source, { texts, locale, linked: at > 0 }),
  );
  const others = joinWithin(also, ', ', { budget: room.also, rest: texts.andMore });
  const lines = [
    joinWithin(sources, `\n${SMALL}`, { budget: room.sources, rest: texts.moreSources }),
    where,
    others === '' ? '' : texts.alsoReportedBy(others),
  ];
  return {
    headline,
    attribution: lines
      .filter((line) => line !== '')
      .map((line) => SMALL + line)
      .join('\n'),
    link: url === null ? null : { url, label: texts.openSource },
  };
}

function titleOf(title: string): string {
  return inertLine(clip(oneLine(title), 80));
}

/** The excerpt's words, as many whole sentences as the budget allows; what is left out is said outside the quotation. */
function quoteWithin(excerpt: Excerpt, budget: number, texts: Texts): string {
  const { start, end, cutBefore, cutAfter } = stretchWithin(
    excerpt.text,
    excerpt.highlight,
    budget,
  );
  const quoted = quotation(excerpt.text.slice(start, end), within(excerpt.highlight, start, end));
  return [
    ...(cutBefore ? [SMALL + '…'] : []),
    quoted,
    ...(cutBefore || cutAfter ? [SMALL + texts.shortened] : []),
  ].join('\n');
}

function contextButtons(
  shown: readonly Excerpt[],
  { texts, options }: { texts: Texts; options: AnswerViewOptions },
): APIButtonComponent[] {
  return shown.map(({ rank, document }) =>
    button({
      customId: encodeControl({
        kind: 'context',
        rank,
        document: codeOf(document.id),
        lines: document.lines,
        digest: digestOf(options.edition.documents.get(document.id)?.sha256),
      }),
      label: texts.contextButton(rank),
      emoji: '📄',
    }),
  );
}

/** Start of a document's digest, enough to notice that it changed. */
export function digestOf(sha256: string | undefined): string {
  return (sha256 ?? '').slice(0, 8);
}

function controls(view: {
  asked: AskedCode;
  page: number;
  pages: number;
  texts: Texts;
  isPrivate: boolean;
}): APIButtonComponent[] {
  const { asked, page, pages, texts, isPrivate } = view;
  const buttons: APIButtonComponent[] = [];
  if (page > 0) {
    const customId = encodeControl({ kind: 'page', page: page - 1, asked });
    buttons.push(button({ customId, label: texts.backButton, emoji: '◀️' }));
  }
  if (page < pages - 1) {
    const customId = encodeControl({ kind: 'page', page: page + 1, asked });
    const style = ButtonStyle.Primary;
    buttons.push(button({ customId, label: texts.moreButton, emoji: '▶️', style }));
  }
  if (isPrivate) {
    const customId = encodeControl({ kind: 'share', page, asked });
    buttons.push(button({ customId, label: texts.shareButton, emoji: '📣' }));
  }
  buttons.push(button({ customId: encodeControl({ kind: 'up', asked }), emoji: '👍' }));
  buttons.push(button({ customId: encodeControl({ kind: 'down', asked }), emoji: '👎' }));
  return buttons;
}
