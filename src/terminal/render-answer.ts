/** Answers as text for a terminal. */
import { isAbsolute, relative } from 'node:path';
import { describeQuoted } from '../answer/citations.ts';
import { glanceOf, type Edition, type Quote } from '../answer/glance.ts';
import type { Answer, CitedSource, Excerpt, Listing, Verdict } from '../answer/types.ts';
import type { Config } from '../config.ts';
import type { Snapshot } from '../engine-types.ts';
import { dateInWords } from '../language/dates.ts';
import type { Alternatives } from './choices.ts';
import {
  columnsOf,
  inLines,
  joinWords,
  printable,
  printableLine,
  shortDate,
  styleFor,
  tableLines,
  wrapLines,
  wrapWords,
  type Output,
  type Style,
  type Word,
} from './text.ts';

/** How and where an answer is shown. */
export interface View {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
  /** What is put before a document's path, so that the path leads to the file: `corpus`. */
  readonly corpusLabel: string;
  /** What answers are made from. */
  readonly snapshot: Edition;
}

/** How answers of a snapshot are shown on an output, seen from the folder in which a command runs. */
export function viewOf(
  snapshot: Pick<Snapshot, 'documents' | 'meetings' | 'sources'>,
  { config, output, folder }: { config: Config; output: Output; folder: string },
): View {
  const path = relative(folder, config.corpusFolder);
  const isElsewhere = path.startsWith('..') || isAbsolute(path);
  return {
    style: styleFor(output, config),
    width: columnsOf(output),
    corpusLabel: path === '' ? '.' : isElsewhere ? config.corpusFolder : path,
    snapshot,
  };
}

/** How to see the rest of an answer; it follows the number of what is not shown. */
export type HowToSeeMore = (left: number) => string;

/**
 * An answer at a glance, ending in a line feed: verdict, then the sentence with its source, or versions, or a list with
 * the sentence that supports it; what else answers is counted.
 */
export function renderAnswer(
  answer: Answer,
  view: View,
  { alternatives, howToSeeMore }: { alternatives: Alternatives; howToSeeMore: HowToSeeMore },
): string {
  const { quote, versions, more } = glanceOf(answer, view.snapshot);
  const left = versions.length === 0 && answer.verdict === 'weak' ? more.length - 1 : more.length;
  const quotes = versions.length > 0 ? versions.map((version) => version.quote) : [quote];
  return inBlocks([
    ...openingBlocks(answer, view),
    ...quotes.map((one) => (one === null ? [] : quoteLines(one, view))),
    left > 0 ? [view.style.dim(howToSeeMore(left))] : [],
    answer.verdict === 'not_found' ? alternativeLines(alternatives, view) : [],
  ]);
}

/** What `renderAnswer` only counts: passages that answer too or, where the answer is uncertain, are closest. */
export function renderMore(answer: Answer, view: View): string {
  const { more } = glanceOf(answer, view.snapshot);
  return inBlocks(more.map((excerpt) => excerptLines(excerpt, view)));
}

/** An answer with its excerpts as a whole, and all that is known of where they come from. */
export function renderWhole(answer: Answer, view: View, alternatives: Alternatives): string {
  return inBlocks([
    ...openingBlocks(answer, view),
    ...answer.excerpts.map((excerpt) => excerptLines(excerpt, view)),
    answer.verdict === 'not_found' ? alternativeLines(alternatives, view) : [],
  ]);
}

/** Blocks of lines with an empty line between them. */
function inBlocks(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((lines) => lines.length > 0)
    .map(inLines)
    .join('\n');
}

const VERDICTS: Readonly<Record<Verdict, { word: string; tone: 'good' | 'doubtful' | 'bad' }>> = {
  answered: { word: 'Answered', tone: 'good' },
  weak: { word: 'Not sure', tone: 'doubtful' },
  not_found: { word: 'Not found', tone: 'bad' },
};

/** Verdict with its confidence or the reason for doubt; then the listing, if there is one. */
function openingBlocks({ verdict, confidence, reason, listing }: Answer, view: View): string[][] {
  const { style, width } = view;
  const { word, tone } = VERDICTS[verdict];
  // At most 99: "100 % sure" would claim what no calibration can.
  const percent = Math.min(99, Math.round(confidence * 100));
  const sure = verdict === 'answered' ? ` (${percent} % sure)` : '';
  const why = reason === null ? '.' : `: ${printableLine(reason)}`;
  const lines = wrapLines(word + sure + why, { width }).map((line, at) =>
    at === 0 ? style[tone](style.bold(word)) + line.slice(word.length) : line,
  );
  return [lines, listing === null ? [] : listingLines(listing, view)];
}

const MOST_LISTED = 12;

/** A listing's title, its meetings as a table of day, place and title, and its note. */
function listingLines({ title, note, meetings }: Listing, { style, width }: View): string[] {
  const rows = meetings
    .slice(0, MOST_LISTED)
    .map(({ date, place, title: name }) => [
      date === null ? '' : shortDate(date),
      place.split(',')[0] ?? place,
      name,
    ]);
  const more = meetings.length - rows.length;
  return [
    ...wrapLines(printableLine(title), { width }).map((line) => style.bold(line)),
    ...tableLines(rows, { width, indent: '  ' }),
    ...(more > 0 ? [style.dim(`  and ${more} more`)] : []),
    ...(note === null || note === title ? [] : wrapLines(printableLine(note), { width })),
  ];
}

const MARK = '>';
const MARGIN = '  ';

/** A sentence with its telling words in bold, marked in the margin, and below it what it rests on. */
function quoteLines(
  { excerpt, shown: [start, end], telling, sources }: Quote,
  view: View,
): string[] {
  const { style, width } = view;
  const ranges = telling.map(([from, to]) => [from - start, to - start] as const);
  const sentence = printable(excerpt.text.slice(start, end));
  const { quoted } = excerpt;
  const credit = creditLines(excerpt, view, {
    // The publishers follow on the next line.
    quoted: quoted.kind === 'account' ? { ...quoted, publishers: [] } : quoted,
    sources,
  });
  return [
    // A mark inside the quotation would alter it.
    ...wrapWords(sentence, width - MARGIN.length).map(
      (words) => `${MARK} ${emphasise(words, ranges, style)}`,
    ),
    ...dimmed(credit, MARGIN, view),
  ];
}

/** Columns before a whole excerpt's text: its number, and the mark of the highlighted sentence. */
export const INDENT = '      ';

function excerptLines(excerpt: Excerpt, view: View): string[] {
  const { document, meeting, alsoReportedBy } = excerpt;
  const { documents } = view.snapshot;
  const date = meeting?.date ?? documents.get(document.id)?.date ?? null;
  const isAboutMeeting = meeting !== null && meeting.title !== document.title;
  const reports = alsoReportedBy.map((id) => {
    const title = documents.get(id)?.title;
    return title === undefined ? id : `${title} (${id})`;
  });
  const [title = '', ...credit] = creditLines(excerpt, view, {
    ...excerpt,
    about: [
      isAboutMeeting ? `About: ${meeting.title} (${meeting.id})` : '',
      [date === null ? '' : dateInWords(date), meeting?.place ?? ''].filter(Boolean).join(' · '),
    ],
    alsoReportedBy: reports.length === 0 ? '' : `Also reported by: ${reports.join('; ')}`,
  });
  return [
    ...quotationLines(excerpt, view),
    '',
    ...wrapLines(title, { width: view.width, indent: INDENT }),
    ...dimmed(credit, INDENT, view),
  ];
}

interface Credit {
  readonly quoted: Excerpt['quoted'];
  /** The link leads to the first. */
  readonly sources: readonly CitedSource[];
  readonly about?: readonly string[];
  readonly alsoReportedBy?: string;
}

/** Where a quotation comes from, the document's title first; lines that are not wrapped yet. */
function creditLines(
  { document }: Excerpt,
  { corpusLabel }: View,
  { quoted, sources, about = [], alsoReportedBy = '' }: Credit,
): string[] {
  const [first, last] = document.lines;
  return [
    document.title,
    ...about,
    describeQuoted(quoted, 'en'),
    publishersInWords(sources),
    `${corpusLabel}/${document.path}:${first === last ? first : `${first}-${last}`}`,
    (quoted.kind === 'page' ? quoted.url : null) ?? sources[0]?.url ?? '',
    alsoReportedBy,
  ]
    .map(printableLine)
    .filter((line) => line !== '');
}

function dimmed(lines: readonly string[], indent: string, { style, width }: View): string[] {
  return lines
    .flatMap((line) => wrapLines(line, { width, indent }))
    .map((line) => indent + style.dim(line.slice(indent.length)));
}

/**
 * A quoted text in lines, numbered, its highlighted sentence in bold where the terminal can show it, else on lines of
 * its own with a mark in the margin.
 */
export function quotationLines(
  { rank, text, highlight }: Pick<Excerpt, 'rank' | 'text' | 'highlight'>,
  { style, width }: { readonly style: Style; readonly width: number },
): string[] {
  const shown = printable(text);
  const [start, end] = highlight ?? [0, 0];
  const parts = style.colour
    ? [{ part: shown, mark: ' ' }]
    : [
        { part: shown.slice(0, start), mark: ' ' },
        { part: shown.slice(start, end), mark: MARK },
        { part: shown.slice(end), mark: ' ' },
      ];
  const ranges = style.colour && highlight !== null ? [highlight] : [];
  const number = `[${rank}]`.padEnd(INDENT.length - 2);
  return parts
    .flatMap(({ part, mark }) =>
      wrapWords(part, width - INDENT.length).map(
        (words) => `${mark} ${emphasise(words, ranges, style)}`,
      ),
    )
    .map((line, at) => (at === 0 ? number : ' '.repeat(number.length)) + line);
}

/** A line of words; what lies in one of the ranges is bold, with the spaces between two of its words. */
function emphasise(
  words: readonly Word[],
  ranges: readonly (readonly [start: number, end: number])[],
  { bold }: Style,
): string {
  const rangeAt = (offset: number): number =>
    ranges.findIndex(([start, end]) => start <= offset && offset < end);
  /** For each character of the line, the range that it lies in, or -1. */
  const inside = words.flatMap(({ start, end, isGlued }, at) => {
    const before = words[at - 1];
    const own = Array.from({ length: end - start }, (_, index) => rangeAt(start + index));
    if (before === undefined || isGlued) return own;
    return [rangeAt(before.end - 1) === rangeAt(start) ? rangeAt(start) : -1, ...own];
  });
  const line = joinWords(words);
  const cuts = inside.flatMap((range, at) =>
    at > 0 && (range === -1) !== (inside[at - 1] === -1) ? [at] : [],
  );
  return [0, ...cuts]
    .map((from, part) => {
      const run = line.slice(from, cuts[part]);
      return inside[from] === -1 ? run : bold(run);
    })
    .join('');
}

/** Publishers are named up to this many; the rest are counted. */
const MOST_PUBLISHERS = 4;

/**
 * `The Gazette (press), The Agency (agency; copy on herald.example) and 2 more`: each publisher once, as a copy where
 * only copies of its pages are cited.
 */
function publishersInWords(sources: readonly CitedSource[]): string {
  const names = new Map<string, string>();
  for (const { publisher, kind, host, copy } of sources) {
    if (copy && names.has(publisher)) continue;
    names.set(publisher, `${publisher} (${kind}${copy ? `; copy on ${host}` : ''})`);
  }
  const named = [...names.values()].slice(0, MOST_PUBLISHERS).join(', ');
  const rest = names.size - MOST_PUBLISHERS;
  return rest <= 0 ? named : `${named} and ${rest} more`;
}

function alternativeLines(alternatives: Alternatives, { width }: View): string[] {
  const { meetings, questions, restriction } = alternatives;
  const items = (texts: readonly string[]): string[] =>
    texts.flatMap((text) =>
      wrapLines(printableLine(text), { width, indent: '    ', first: '  - ' }),
    );
  return [
    ...(restriction === undefined ? [] : wrapLines(printableLine(restriction), { width })),
    ...(meetings.length === 0 ? [] : ['You can ask about:']),
    ...items(meetings.map(({ id, title }) => `${title} (${id})`)),
    ...(questions.length === 0 ? [] : ['You can ask, for example:']),
    ...items(questions),
  ];
}
