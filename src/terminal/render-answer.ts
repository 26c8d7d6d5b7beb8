import { isAbsolute, relative } from 'node:path';
import stringWidth from 'string-width';
import { describeQuoted } from '../answer/citations.ts';
import { glanceOf, type Edition, type Quote } from '../answer/glance.ts';
import type { Answer, CitedSource, Excerpt, Listing, Verdict } from '../answer/types.ts';
import type { Config } from '../config.ts';
import type { Snapshot } from '../engine-types.ts';
import type { Alternatives } from './alternatives.ts';
import { columnsOf, styleFor, type Output, type Style } from './style.ts';
import {
  longDate,
  printable,
  printableLine,
  shortDate,
  wrapLines,
  wrapWords,
  type Word,
} from './text.ts';

/** How and where an answer is shown. */
export interface View {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
  /** What stands before a document's path, so that the path leads to the file: `corpus`. */
  readonly corpusLabel: string;
  /** What answers are made from. */
  readonly edition: Edition;
}

/** How answers of an edition are shown on an output. */
export function viewOf(
  edition: Pick<Snapshot, 'documents' | 'meetings' | 'sources'>,
  { config, output, folder }: { config: Config; output: Output; folder: string },
): View {
  return {
    style: styleFor(output, config),
    width: columnsOf(output),
    corpusLabel: corpusLabel(config.corpusFolder, folder),
    edition,
  };
}

/** The corpus folder as seen from the folder a command runs in; in full when it lies elsewhere. */
function corpusLabel(corpusFolder: string, folder: string): string {
  const path = relative(folder, corpusFolder);
  if (path === '') return '.';
  return path.startsWith('..') || isAbsolute(path) ? corpusFolder : path;
}

/** Columns before the quoted text: the number, and the mark of the highlighted sentence. */
export const INDENT = '      ';

const MARK = '>';

const VERDICTS: Readonly<Record<Verdict, { word: string; tone: 'good' | 'doubtful' | 'bad' }>> = {
  answered: { word: 'Answered', tone: 'good' },
  weak: { word: 'Not sure', tone: 'doubtful' },
  not_found: { word: 'Not found', tone: 'bad' },
};

/** How to see the rest of an answer; it follows the number of what is not shown. */
export type HowToSeeMore = (left: number) => string;

/**
 * An answer in one glance as text for a terminal, ending in a line feed: verdict, the sentence with its source, or versions, or
 * a list with the sentence that says so; what else answers is counted.
 */
export function renderAnswer(
  answer: Answer,
  view: View,
  { alternatives, howToSeeMore }: { alternatives: Alternatives; howToSeeMore: HowToSeeMore },
): string {
  const { quote, versions, more } = glanceOf(answer, view.edition);
  const left = versions.length === 0 && answer.verdict === 'weak' ? more.length - 1 : more.length;
  const quotes = versions.length > 0 ? versions.map((version) => version.quote) : [quote];
  return inBlocks([
    verdictLines(answer, view),
    ...(answer.listing === null ? [] : [listingLines(answer.listing, view)]),
    ...quotes.flatMap((one) => (one === null ? [] : [quoteLines(one, view)])),
    ...(left > 0 ? [[view.style.dim(howToSeeMore(left))]] : []),
    ...(answer.verdict === 'not_found' ? [alternativeLines(alternatives, view)] : []),
  ]);
}

/** What `renderAnswer` only counts: passages that answer too or, where the answer is uncertain, are closest. */
export function renderMore(answer: Answer, view: View): string {
  const { more } = glanceOf(answer, view.edition);
  return inBlocks(more.map((excerpt) => excerptLines(excerpt, view)));
}

/** An answer with its excerpts as a whole, and all that is known of where they come from. */
export function renderWhole(answer: Answer, view: View, alternatives: Alternatives): string {
  return inBlocks([
    verdictLines(answer, view),
    ...(answer.listing === null ? [] : [listingLines(answer.listing, view)]),
    ...answer.excerpts.map((excerpt) => excerptLines(excerpt, view)),
    ...(answer.verdict === 'not_found' ? [alternativeLines(alternatives, view)] : []),
  ]);
}

function inBlocks(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Verdict, how sure it is, and the reason for doubt. */
function verdictLines({ verdict, confidence, reason }: Answer, { style, width }: View): string[] {
  const { word, tone } = VERDICTS[verdict];
  // At most 99: "100 % sure" would claim what no calibration can.
  const percent = Math.min(99, Math.round(confidence * 100));
  const sure = verdict === 'answered' ? ` (${percent} % sure)` : '';
  const why = reason === null ? '.' : `: ${printableLine(reason)}`;
  return wrapLines(word + sure + why, { width }).map((line, at) =>
    at === 0 ? style[tone](style.bold(word)) + line.slice(word.length) : line,
  );
}

const MOST_LISTED = 12;

/** What the itinerary says: its line, and the meetings as a table of day, place and title. */
function listingLines({ title, note, meetings }: Listing, { style, width }: View): string[] {
  const rows = meetings.slice(0, MOST_LISTED).map(({ date, place, title: name }) => ({
    when: date === null ? '' : printableLine(shortDate(date)),
    where: printableLine(place.split(',')[0] ?? place),
    name: printableLine(name),
  }));
  const days = Math.max(0, ...rows.map(({ when }) => stringWidth(when)));
  const places = Math.max(0, ...rows.map(({ where }) => stringWidth(where)));
  const pad = (text: string, columns: number): string =>
    text + ' '.repeat(columns - stringWidth(text));
  const more = meetings.length - rows.length;
  return [
    ...wrapLines(printableLine(title), { width }).map((line) => style.bold(line)),
    ...rows.flatMap(({ when, where, name }) => {
      const first = `  ${pad(when, days)}  ${pad(where, places)}  `;
      return wrapLines(name, { width, first, indent: ' '.repeat(stringWidth(first)) });
    }),
    ...(more > 0 ? [style.dim(`  and ${more} more`)] : []),
    ...(note === null || note === title ? [] : wrapLines(printableLine(note), { width })),
  ];
}

/** A sentence, its telling words set off, and on a line of its own what it rests on. */
function quoteLines(
  { excerpt, shown: [start, end], telling, sources }: Quote,
  view: View,
): string[] {
  const { style, width, corpusLabel } = view;
  const text = excerpt.text.slice(start, end);
  const spans = telling.map(([from, to]) => [from - start, to - start] as const);
  const { document, quoted } = excerpt;
  const whose = quoted.kind === 'account' ? { ...quoted, publishers: [] } : quoted;
  const [first, last] = document.lines;
  const [source] = sources;
  const credit = [
    printableLine(document.title),
    describeQuoted(whose, 'en'),
    ...(sources.length === 0 ? [] : [publishersInWords(sources)]),
    `${corpusLabel}/${document.path}:${first === last ? first : `${first}-${last}`}`,
    ...(source === undefined ? [] : [(quoted.kind === 'page' ? quoted.url : null) ?? source.url]),
  ];
  return [
    ...sentenceLines(text, spans, view),
    ...credit
      .flatMap((line) => wrapLines(printableLine(line), { width, indent: MARGIN }))
      .map((line) => MARGIN + style.dim(line.slice(MARGIN.length))),
  ];
}

const MARGIN = '  ';
/** The mark of a quotation, in the margin, because a mark inside would alter it. */
const QUOTED = `${MARK} `;

function sentenceLines(
  text: string,
  telling: readonly (readonly [start: number, end: number])[],
  { style, width }: View,
): string[] {
  return wrapWords(printable(text), width - MARGIN.length).map(
    (words) => QUOTED + emphasise(words, telling, style),
  );
}

function excerptLines(excerpt: Excerpt, view: View): string[] {
  const { style, width } = view;
  const { title, details } = citationLines(excerpt, view);
  const inset = (text: string): string[] => wrapLines(text, { width, indent: INDENT });
  return [
    ...quotationLines(excerpt, view),
    '',
    ...inset(title),
    ...details.flatMap(inset).map((line) => INDENT + style.dim(line.slice(INDENT.length))),
  ];
}

/**
 * A quoted text in lines, numbered, its highlighted sentence set off: in bold where the terminal can,
 * else on lines of its own with a mark in the margin, since a mark inside would alter the quotation.
 */
export function quotationLines(
  { rank, text, highlight }: Pick<Excerpt, 'rank' | 'text' | 'highlight'>,
  { style, width }: { readonly style: Style; readonly width: number },
): string[] {
  const shown = printable(text);
  const room = width - INDENT.length;
  const number = `[${rank}]`.padEnd(INDENT.length - 2);
  const margin = (at: number, mark: string): string =>
    `${at === 0 ? number : ' '.repeat(number.length)}${mark} `;

  if (style.colour) {
    return wrapWords(shown, room).map(
      (words, at) =>
        margin(at, ' ') + emphasise(words, highlight === null ? [] : [highlight], style),
    );
  }
  const [start, end] = highlight ?? [0, 0];
  const parts = [
    { part: shown.slice(0, start), mark: ' ' },
    { part: shown.slice(start, end), mark: MARK },
    { part: shown.slice(end), mark: ' ' },
  ];
  return parts
    .flatMap(({ part, mark }) => wrapWords(part, room).map((words) => ({ words, mark })))
    .map(({ words, mark }, at) => margin(at, mark) + words.map((word) => word.text).join(' '));
}

/** A line of words, in bold what lies in one of the ranges. */
function emphasise(
  words: readonly Word[],
  ranges: readonly (readonly [start: number, end: number])[],
  { bold }: Style,
): string {
  // Stretches of the line that are bold or not; a space belongs to a bold one only between two words of it.
  const runs: { text: string; isBold: boolean }[] = [];
  const add = (text: string, isBold: boolean): void => {
    const run = runs.at(-1);
    if (text === '') return;
    if (run?.isBold === isBold) run.text += text;
    else runs.push({ text, isBold });
  };
  words.forEach(({ text, start, end }, at) => {
    const isInside = (from: number, to: number): boolean =>
      ranges.some((range) => range[0] <= from && to <= range[1]);
    const before = words[at - 1];
    if (before !== undefined) add(' ', isInside(before.end - 1, start + 1));
    const cuts = ranges
      .flatMap((range) => [...range])
      .filter((cut) => start < cut && cut < end)
      .sort((a, b) => a - b);
    [start, ...cuts].forEach((from, part) => {
      const to = cuts[part] ?? end;
      add(text.slice(from - start, to - start), isInside(from, to));
    });
  });
  return runs.map((run) => (run.isBold ? bold(run.text) : run.text)).join('');
}

/** Publishers are named up to this many; the rest are counted. */
const MOST_PUBLISHERS = 4;

/** Where an excerpt comes from: unwrapped lines, the title first. */
function citationLines(
  { document, meeting, quoted, sources, alsoReportedBy }: Excerpt,
  { corpusLabel, edition: { documents } }: Pick<View, 'corpusLabel' | 'edition'>,
): { title: string; details: string[] } {
  const date = meeting?.date ?? documents.get(document.id)?.date ?? null;
  const when = date === null ? [] : [longDate(date)];
  const where = meeting === null ? [] : [meeting.place];
  const about =
    meeting === null || meeting.title === document.title
      ? []
      : [`About: ${meeting.title} (${meeting.id})`];
  const [firstSource] = sources;
  const [first, last] = document.lines;
  return {
    title: printableLine(document.title),
    details: [
      ...about,
      [...when, ...where].join(' · '),
      describeQuoted(quoted, 'en'),
      publishersInWords(sources),
      `${corpusLabel}/${document.path}:${first === last ? first : `${first}-${last}`}`,
      (quoted.kind === 'page' ? quoted.url : null) ?? firstSource?.url ?? '',
      alsoReportedBy.length === 0
        ? ''
        : `Also reported by: ${alsoReportedBy
            .map((id) => {
              const title = documents.get(id)?.title;
              return title === undefined ? id : `${title} (${id})`;
            })
            .join('; ')}`,
    ]
      .map(printableLine)
      .filter((line) => line !== ''),
  };
}

/** `The Gazette (press), The Agency (agency; copy on herald.example) and 2 more`, each publisher once. */
function publishersInWords(sources: readonly CitedSource[]): string {
  const names = [
    ...new Set(
      sources.map(
        ({ publisher, kind, host, copy }) =>
          `${publisher} (${kind}${copy ? `; copy on ${host}` : ''})`,
      ),
    ),
  ];
  const named = names.slice(0, MOST_PUBLISHERS);
  const rest = names.length - named.length;
  return rest === 0 ? named.join(', ') : `${named.join(', ')} and ${rest} more`;
}

function alternativeLines(alternatives: Alternatives, { width }: View): string[] {
  const { meetings, questions, restriction } = alternatives;
  const item = { width, indent: '    ', first: '  - ' };
  return [
    ...(restriction === undefined ? [] : wrapLines(printableLine(restriction), { width })),
    ...(meetings.length === 0 ? [] : ['You can ask about:']),
    ...meetings.flatMap(({ id, title }) => wrapLines(printableLine(`${title} (${id})`), item)),
    ...(questions.length === 0 ? [] : ['You can ask, for example:']),
    ...questions.flatMap((question) => wrapLines(printableLine(question), item)),
  ];
}
