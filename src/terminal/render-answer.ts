import { isAbsolute, relative } from 'node:path';
import { describeQuoted } from '../answer/quoted.ts';
import type { Answer, CitedSource, Excerpt, Listing, Verdict } from '../answer/types.ts';
import type { Config } from '../config.ts';
import type { Snapshot } from '../engine-types.ts';
import type { Alternatives } from './alternatives.ts';
import { columnsOf, styleFor, type Output, type Style } from './style.ts';
import { longDate, printable, printableLine, wrapLines, wrapWords, type Word } from './text.ts';

/** How and where an answer is shown. */
export interface View {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
  /** What stands before a document's path, so that the path leads to the file: `corpus`. */
  readonly corpusLabel: string;
  /** Title and date of a document of the generation; null when it is unknown. */
  readonly documentOf: (
    id: string,
  ) => { readonly title: string; readonly date: string | null } | null;
}

/** How answers of an edition are shown on an output. */
export function viewOf(
  { documents }: Pick<Snapshot, 'documents'>,
  { config, output, folder }: { config: Config; output: Output; folder: string },
): View {
  return {
    style: styleFor(output, config),
    width: columnsOf(output),
    corpusLabel: corpusLabel(config.corpusFolder, folder),
    documentOf: (id) => documents.get(id) ?? null,
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

/** An answer as text for a terminal, ending in a line feed. */
export function renderAnswer(answer: Answer, view: View, alternatives: Alternatives): string {
  const blocks = [
    verdictLines(answer, view),
    ...(answer.listing === null ? [] : [listingLines(answer.listing, view)]),
    ...answer.excerpts.map((excerpt) => excerptLines(excerpt, view)),
    ...(answer.verdict === 'not_found' ? [alternativeLines(alternatives, view)] : []),
  ];
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

/** What the itinerary says: its line, and the meetings in a table. */
function listingLines({ title, note, meetings }: Listing, { style, width }: View): string[] {
  const rows = meetings.slice(0, MOST_LISTED).map(({ date, title: name, place }) => {
    const when = date === null ? '' : `${longDate(date)}, `;
    return `${when}${printableLine(name)} (${printableLine(place)})`;
  });
  const more = meetings.length - rows.length;
  return [
    ...wrapLines(printableLine(title), { width }).map((line) => style.bold(line)),
    ...rows.flatMap((row) => wrapLines(`- ${row}`, { width, indent: '  ' })),
    ...(more > 0 ? [style.dim(`  and ${more} more`)] : []),
    ...(note === null || note === title ? [] : wrapLines(printableLine(note), { width })),
  ];
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
      (words, at) => margin(at, ' ') + emphasise(words, highlight, style),
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

/** A line of words, in bold what lies in the highlighted range. */
function emphasise(words: readonly Word[], highlight: Excerpt['highlight'], style: Style): string {
  const [from, to] = highlight ?? [0, 0];
  let before = '';
  let inside = '';
  let after = '';
  for (const { text, start, end } of words) {
    const first = Math.min(Math.max(from, start), end);
    const last = Math.max(first, Math.min(to, end));
    const head = text.slice(0, first - start);
    const middle = text.slice(first - start, last - start);
    const tail = text.slice(last - start);
    const space = start === words[0]?.start ? '' : ' ';
    if (start >= to) after += space + text;
    else if (end <= from) before += space + text;
    else {
      // A space belongs to the bold run only between two words of it.
      if (inside === '') before += space + head;
      else inside += space;
      inside += middle;
      after += tail;
    }
  }
  return before + style.bold(inside) + after;
}

/** Publishers are named up to this many; the rest are counted. */
const MOST_PUBLISHERS = 4;

/** Where an excerpt comes from: unwrapped lines, the title first. */
function citationLines(
  { document, meeting, quoted, sources, alsoReportedBy }: Excerpt,
  { corpusLabel, documentOf }: Pick<View, 'corpusLabel' | 'documentOf'>,
): { title: string; details: string[] } {
  const date = meeting?.date ?? documentOf(document.id)?.date ?? null;
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
              const title = documentOf(id)?.title;
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
