import type { APIComponentInContainer } from 'discord.js';
import { describeQuoted } from '../../answer/quoted.ts';
import type { Answer, Excerpt, Listing, Verdict } from '../../answer/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { shortDate } from '../dates.ts';
import { escapeLine, safeUrl } from '../escape.ts';
import { BUTTON_URL, MESSAGE_TEXT } from '../limits.ts';
import { joinWithin, quotation, shares, stretchWithin, within } from '../shorten.ts';
import { textsIn, type Locale, type Texts } from '../texts/index.ts';
import { container, separator, text, textWithLink, type Row, type View } from './components.ts';
import { namesCity } from './meeting.ts';
import { sourceLine } from './sources.ts';

/** Three excerpts fit a phone's screen and, with their sources, 4000 characters. */
const PAGE_EXCERPTS = 3;

/** The question follows this mark in the first text; `questionFromMessage` relies on it. */
export const QUESTION_MARK = '### ';
const SMALL = '-# ';

const VERDICT_COLOURS: Readonly<Record<Verdict, number>> = {
  answered: 0x2e9e5b,
  weak: 0xe0a100,
  not_found: 0x8a8f98,
};
const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  answered: '✅',
  weak: '⚠️',
  not_found: '🚫',
};

/** Lengths of the parts of a citation. A shorter set is used where the longer leaves too little to quote. */
const CITATION_LENGTHS = [
  { title: 90, quoted: 200, sources: 420, path: 80, also: 160 },
  { title: 60, quoted: 140, sources: 200, path: 50, also: 60 },
  { title: 40, quoted: 90, sources: 110, path: 30, also: 0 },
] as const;
type CitationLengths = (typeof CITATION_LENGTHS)[number];
/** Characters that each quotation should have at least. */
const LEAST_QUOTATION = 280;

/** A page of an answer's excerpts. */
export interface AnswerPage {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly excerpts: readonly Excerpt[];
}

/** The page with a number, or the last one. */
export function pageOf({ excerpts }: Answer, wanted: number): AnswerPage {
  const pages = Math.max(1, Math.ceil(excerpts.length / PAGE_EXCERPTS));
  const page = Math.min(wanted, pages - 1);
  return {
    page,
    pages,
    excerpts: excerpts.slice(page * PAGE_EXCERPTS, (page + 1) * PAGE_EXCERPTS),
  };
}

export interface AnswerViewOptions {
  readonly snapshot: Pick<Snapshot, 'documents' | 'meetings' | 'sources'>;
  readonly locale: Locale;
  readonly shown: AnswerPage;
  /** Ids of the meeting and the source that the question was limited to. */
  readonly meeting: string | null;
  readonly source: string | null;
  /** Its buttons. */
  readonly rows: readonly Row[];
  /** In small print below the verdict. */
  readonly note?: string;
}

/** A page of an answer as a message. It never exceeds Discord's limits, whatever the answer contains. */
export function answerView(answer: Answer, options: AnswerViewOptions): View {
  const { shown, locale, rows } = options;
  const texts = textsIn(locale);
  const head = headOf(answer, { texts, options });
  const foot = footOf(answer, { texts, shown });
  const { cited, left } = citeWithin(shown.excerpts, {
    total: MESSAGE_TEXT - head.length - foot.length,
    texts,
    options,
  });
  const needs = cited.map(({ excerpt }) => quotation(excerpt.text, excerpt.highlight).length);
  const budgets = shares(needs, left);

  const parts: APIComponentInContainer[] = [text(head)];
  cited.forEach(({ excerpt, headline, attribution, link }, index) => {
    parts.push(separator());
    // The link is next to the headline: next to the sources it would leave them half a phone's width.
    parts.push(textWithLink(headline, link));
    parts.push(text(`${quoteWithin(excerpt, budgets[index] ?? 0, texts)}\n${attribution}`));
  });
  if (foot !== '') parts.push(separator(), text(foot));
  parts.push(...rows);
  return { components: [container(VERDICT_COLOURS[answer.verdict], parts)] };
}

/** Question, verdict with the reason for doubt, what the question was limited to, and a note. */
function headOf(
  answer: Answer,
  { texts, options }: { texts: Texts; options: AnswerViewOptions },
): string {
  const { snapshot, note } = options;
  const meeting = snapshot.meetings.find(({ id }) => id === options.meeting);
  const source = options.source === null ? undefined : snapshot.sources.get(options.source);
  const verdict = `${VERDICT_SIGNS[answer.verdict]} **${texts.verdict(answer.verdict)}**`;
  const lines = [
    QUESTION_MARK + escapeLine(answer.question),
    answer.doubt === null ? verdict : `${verdict} — ${escapeLine(texts.doubt(answer.doubt))}`,
  ];
  if (answer.listing !== null) lines.push(...listingLines(answer.listing, options.locale, texts));
  if (meeting !== undefined) lines.push(SMALL + texts.onlyMeeting(escapeLine(meeting.title, 80)));
  if (source !== undefined) lines.push(SMALL + texts.onlySource(escapeLine(source.title, 80)));
  if (note !== undefined) lines.push(SMALL + note);
  if (answer.verdict === 'not_found') lines.push(texts.notFoundHint);
  return lines.join('\n');
}

/** Meetings of a list that are named; more would push the quotations off a phone's screen. */
const MOST_LISTED = 10;
const LISTED_TITLE = 90;

function listingLines({ title, note, meetings }: Listing, locale: Locale, texts: Texts): string[] {
  const shown = meetings.slice(0, MOST_LISTED).map(({ date, title: name }) => {
    const when = date === null ? '' : `${shortDate(date, locale)} · `;
    return `- ${when}${escapeLine(name, LISTED_TITLE)}`;
  });
  const more = meetings.length - shown.length;
  return [
    `**${escapeLine(title, 300)}**`,
    ...shown,
    ...(more > 0 ? [SMALL + texts.moreListed(more)] : []),
    ...(note === null || note === title ? [] : [SMALL + escapeLine(note, 300)]),
  ];
}

function footOf(
  answer: Answer,
  { texts, shown: { page, pages } }: { texts: Texts; shown: AnswerPage },
): string {
  if (answer.excerpts.length === 0) return '';
  const parts = [
    ...(pages > 1 ? [texts.pageOf(page + 1, pages)] : []),
    texts.certainty(Math.round(answer.confidence * 100)),
    texts.wordForWord,
  ];
  return SMALL + parts.join(' · ');
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
  // The note that a quotation was shortened, and the line feeds around it.
  const note = texts.shortened.length + 2 * SMALL.length + 4;
  for (const lengths of CITATION_LENGTHS) {
    const cited = shown.map((excerpt) => ({
      excerpt,
      ...citationOf(excerpt, { texts, options, lengths }),
    }));
    const left = cited.reduce(
      (sum, { headline, attribution }) => sum - headline.length - attribution.length - note,
      total,
    );
    if (left >= LEAST_QUOTATION * shown.length || lengths === CITATION_LENGTHS.at(-1)) {
      return { cited, left };
    }
  }
  return { cited: [], left: total };
}

function citationOf(
  excerpt: Excerpt,
  {
    texts,
    options,
    lengths,
  }: { texts: Texts; options: AnswerViewOptions; lengths: CitationLengths },
): Citation {
  const { locale, snapshot } = options;
  const { document, quoted, sources } = excerpt;
  const [first] = sources;
  const ofSource = first === undefined ? null : safeUrl(first.url, BUTTON_URL);
  const ofSentence =
    quoted.kind === 'page' && quoted.url !== null ? safeUrl(quoted.url, BUTTON_URL) : null;
  const url = ofSentence ?? ofSource;
  const path = escapeLine(document.path, lengths.path);
  const also = excerpt.alsoReportedBy.map((id) =>
    escapeLine(snapshot.documents.get(id)?.title ?? id, 80),
  );
  const others = joinWithin(also, ', ', { budget: lengths.also, rest: texts.andMore });
  const sourceLines = sources.map((source, index) =>
    sourceLine(source, { texts, locale, linked: index > 0 }),
  );
  const lines = [
    escapeLine(describeQuoted(quoted, locale), lengths.quoted),
    joinWithin(sourceLines, `\n${SMALL}`, { budget: lengths.sources, rest: texts.moreSources }),
    texts.linesOf(path, document.lines[0], document.lines[1]),
    others === '' ? '' : texts.alsoReportedBy(others),
  ];
  return {
    headline: headlineOf(excerpt, { locale, length: lengths.title }),
    attribution: lines
      .filter((line) => line !== '')
      .map((line) => SMALL + line)
      .join('\n'),
    link: url === null ? null : { url, label: texts.openSource },
  };
}

/** Rank and title of the document, and place and date where it is about a meeting. */
function headlineOf(
  { rank, document, ...excerpt }: Excerpt,
  { locale, length }: { locale: Locale; length: number },
): string {
  // Other documents may mention a meeting: under its place and date they would look like its report.
  const meeting = excerpt.meeting?.id === document.id ? excerpt.meeting : null;
  const parts = [`**${rank}** · ${escapeLine(document.title, length)}`];
  if (meeting !== null && !namesCity(meeting.title, meeting.place.split(',')[0] ?? '')) {
    parts.push(escapeLine(meeting.place, 40));
  }
  if (typeof meeting?.date === 'string') parts.push(escapeLine(shortDate(meeting.date, locale)));
  return parts.join(' · ');
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
