/** Answers as text for a terminal. */
import { isAbsolute, relative } from 'node:path';
import { describeQuoted } from '../answer/citations.ts';
import { glanceOf, type SnapshotDocuments, type Quote } from '../answer/glance.ts';
import { MeetingNames, type NamedSnapshot } from '../answer/meeting-texts.ts';
import type { Answer, CitedSource, Excerpt, Listing } from '../answer/types.ts';
import type { Config } from '../config.ts';
import { dateInWords, shortDate } from '../language/dates.ts';
import { languageOf } from '../language/words.ts';
import {
  type Shape,
  columnsOf,
  emphasise,
  inLines,
  printable,
  printableLine,
  styleFor,
  tableLines,
  wrapLines,
  wrapWords,
  type Output,
} from './text.ts';

/** What can be asked instead of a question that found nothing. */
export interface Alternatives {
  readonly meetings: readonly { readonly id: string; readonly title: string }[];
  readonly questions: readonly string[];
  /** What the search was restricted to, and how to lift that; in the language of the question. */
  readonly restriction?: string;
}

function alternativeLines(
  { meetings, questions, restriction }: Alternatives,
  { youCanAsk, youCanAskAbout }: Labels,
  { width }: View,
): string[] {
  const items = (texts: readonly string[]): string[] =>
    texts.flatMap((text) =>
      wrapLines(printableLine(text), { width, indent: '    ', first: '  - ' }),
    );
  return [
    ...(restriction === undefined ? [] : wrapLines(printableLine(restriction), { width })),
    ...(meetings.length === 0 ? [] : [youCanAskAbout]),
    ...items(meetings.map(({ id, title }) => `${title} (${id})`)),
    ...(questions.length === 0 ? [] : [youCanAsk]),
    ...items(questions),
  ];
}

export interface View extends Shape {
  /** What is put before a document's path, so that the path leads to the file: `corpus`. */
  readonly corpusLabel: string;
  readonly snapshot: SnapshotDocuments & NamedSnapshot;
}

/** How answers of a snapshot are shown on an output, seen from the folder in which a command runs. */
export function viewOf(
  snapshot: View['snapshot'],
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

/**
 * An answer at a glance, ending in a line feed: verdict, then the sentence with its source, or versions, or a list with
 * the sentence that supports it; what else answers is counted.
 *
 * @param howToSeeMore how to see the rest, of which so many excerpts are not shown: "type m"
 */
export function renderAnswer(
  answer: Answer,
  view: View,
  {
    alternatives,
    howToSeeMore,
  }: { alternatives: () => Alternatives; howToSeeMore: (left: number) => string },
): string {
  const { quote, versions, more } = glanceOf(answer, view.snapshot);
  const labels = labelsOf(answer);
  const left = versions.length === 0 && answer.verdict === 'weak' ? more.length - 1 : more.length;
  const quotes = versions.length > 0 ? versions.map((version) => version.quote) : [quote];
  return inBlocks([
    ...openingBlocks(answer, view),
    ...quotes.map((one) => (one === null ? [] : quoteLines(one, labels, view))),
    left > 0 ? [view.style.dim(labels.more(left, howToSeeMore(left)))] : [],
    closingLines(answer, view, alternatives),
  ]);
}

/** What `renderAnswer` only counts: passages that answer too or, where the answer is uncertain, are closest. */
export function renderMore(answer: Answer, view: View): string {
  const { more } = glanceOf(answer, view.snapshot);
  return inBlocks(more.map((excerpt) => excerptLines(excerpt, labelsOf(answer), view)));
}

/** An answer with its excerpts as a whole, and all that is known of where they come from. */
export function renderWhole(answer: Answer, view: View, alternatives: () => Alternatives): string {
  return inBlocks([
    ...openingBlocks(answer, view),
    ...answer.excerpts.map((excerpt) => excerptLines(excerpt, labelsOf(answer), view)),
    closingLines(answer, view, alternatives),
  ]);
}

function closingLines(answer: Answer, view: View, alternatives: () => Alternatives): string[] {
  if (answer.verdict !== 'not_found') return [];
  return alternativeLines(alternatives(), labelsOf(answer), view);
}

/** Blocks of lines with an empty line between them. */
function inBlocks(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((lines) => lines.length > 0)
    .map(inLines)
    .join('\n');
}

const TONES = { answered: 'good', weak: 'doubtful', not_found: 'bad' } as const;

const LABELS = {
  en: {
    language: 'en',
    verdicts: { answered: 'Answered', weak: 'Not sure', not_found: 'Not found' },
    sure: (percent: number) => ` (${percent} % sure)`,
    because: (reason: string) => (reason === '' ? '.' : `: ${reason}`),
    more: (left: number, how: string) => `${left} more: ${how}`,
    andMore: (left: number) => `and ${left} more`,
    about: (meeting: string) => `About: ${meeting}`,
    alsoReportedBy: (titles: readonly string[]) => `Also reported by: ${titles.join('; ')}`,
    kinds: { official: 'official', agency: 'agency', press: 'press', commentary: 'commentary' },
    copyOn: (host: string) => `copy on ${host}`,
    publisher: (name: string, what: readonly string[]) => `${name} (${what.join('; ')})`,
    comma: ', ',
    beforeRest: ' ',
    youCanAskAbout: 'You can ask about:',
    youCanAsk: 'You can ask, for example:',
  },
  ja: {
    language: 'ja',
    verdicts: { answered: '回答あり', weak: '不確か', not_found: '該当なし' },
    sure: (percent: number) => `（確度 ${percent} %）`,
    because: (reason: string) => (reason === '' ? '。' : `：${reason}`),
    more: (left: number, how: string) => `ほか${left}件：${how}`,
    andMore: (left: number) => `ほか${left}件`,
    about: (meeting: string) => `会談：${meeting}`,
    alsoReportedBy: (titles: readonly string[]) => `同じ内容を伝える文書：${titles.join('；')}`,
    kinds: { official: '公式発表', agency: '通信社', press: '報道', commentary: '論評' },
    copyOn: (host: string) => `${host}の転載`,
    publisher: (name: string, what: readonly string[]) => `${name}（${what.join('、')}）`,
    comma: '、',
    beforeRest: '、',
    youCanAskAbout: '次の会談について質問できます：',
    youCanAsk: '質問の例：',
  },
} as const;

type Labels = (typeof LABELS)[keyof typeof LABELS];

function labelsOf({ question }: Pick<Answer, 'question'>): Labels {
  return LABELS[languageOf(question)];
}

/** Verdict with its confidence or the reason for doubt; then the listing, if there is one. */
function openingBlocks(answer: Answer, view: View): string[][] {
  const { verdict, confidence, reason, listing } = answer;
  const { style, width } = view;
  const labels = labelsOf(answer);
  const word = labels.verdicts[verdict];
  // At most 99: "100 % sure" would claim what no calibration can.
  const percent = Math.min(99, Math.round(confidence * 100));
  const sure = verdict === 'answered' ? labels.sure(percent) : '';
  const why = labels.because(printableLine(reason ?? ''));
  const lines = wrapLines(word + sure + why, { width }).map((line, index) =>
    index === 0 ? style[TONES[verdict]](style.bold(word)) + line.slice(word.length) : line,
  );
  return [lines, listing === null ? [] : listingLines(listing, labels, view)];
}

const MOST_MEETINGS_SHOWN = 12;

/** A listing's title, its meetings as a table of day, place and title, and its note. */
function listingLines(
  { title, note, meetings }: Listing,
  { language, andMore }: Labels,
  { style, width, snapshot }: View,
): string[] {
  const names = new MeetingNames(snapshot);
  const known = new Map(snapshot.meetings.map((meeting) => [meeting.id, meeting]));
  const rows = meetings.slice(0, MOST_MEETINGS_SHOWN).map(({ id, date, place, title: name }) => {
    const meeting = known.get(id);
    return [
      date === null ? '' : shortDate(date, language),
      meeting === undefined ? (place.split(',')[0] ?? place) : names.city(meeting, language),
      meeting === undefined ? name : names.title(meeting, language),
    ];
  });
  const more = meetings.length - rows.length;
  return [
    ...wrapLines(printableLine(title), { width }).map(style.bold),
    ...tableLines(rows, { width, indent: '  ' }),
    ...(more > 0 ? [style.dim(`  ${andMore(more)}`)] : []),
    ...(note === null || note === title ? [] : wrapLines(printableLine(note), { width })),
  ];
}

const MARK = '>';
const MARGIN = '  ';

/** A sentence with its telling words in bold, marked in the margin, and below it what it rests on. */
function quoteLines(
  { excerpt, shown: [start, end], telling, sources }: Quote,
  labels: Labels,
  view: View,
): string[] {
  const { style, width } = view;
  const ranges = telling.map(([from, to]) => [from - start, to - start] as const);
  const sentence = printable(excerpt.text.slice(start, end));
  const { quoted } = excerpt;
  const credit = creditLines(excerpt, labels, view, {
    // The publishers follow on the next line.
    quoted: quoted.kind === 'account' ? { ...quoted, publishers: [] } : quoted,
    sources,
  });
  return [
    // A mark inside the quotation would alter it.
    ...wrapWords(sentence, width - MARGIN.length).map(
      (words) => `${MARK} ${emphasise(words, ranges, style.bold)}`,
    ),
    ...dimmed(credit, MARGIN, view),
  ];
}

/** Columns before a whole excerpt's text: its number, and the mark of the highlighted sentence. */
export const INDENT = '      ';

function excerptLines(excerpt: Excerpt, labels: Labels, view: View): string[] {
  const { document, meeting, alsoReportedBy } = excerpt;
  const { documents } = view.snapshot;
  const date = meeting?.date ?? documents.get(document.id)?.date ?? null;
  const isAboutMeeting = meeting !== null && meeting.title !== document.title;
  const reports = alsoReportedBy.map((id) => {
    const title = documents.get(id)?.title;
    return title === undefined ? id : `${title} (${id})`;
  });
  const [title = '', ...credit] = creditLines(excerpt, labels, view, {
    ...excerpt,
    about: [
      isAboutMeeting ? labels.about(`${meeting.title} (${meeting.id})`) : '',
      [date === null ? '' : dateInWords(date, labels.language), meeting?.place ?? '']
        .filter(Boolean)
        .join(' · '),
    ],
    alsoReportedBy: reports.length === 0 ? '' : labels.alsoReportedBy(reports),
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
  labels: Labels,
  { corpusLabel, snapshot }: View,
  { quoted, sources, about = [], alsoReportedBy = '' }: Credit,
): string[] {
  const [first, last] = document.lines;
  const names = new MeetingNames(snapshot);
  return [
    names.title(document, labels.language),
    ...about,
    describeQuoted(quoted, labels.language),
    publishersInWords(sources, labels, names),
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
  { style, width }: Shape,
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
        (words) => `${mark} ${emphasise(words, ranges, style.bold)}`,
      ),
    )
    .map((line, index) => (index === 0 ? number : ' '.repeat(number.length)) + line);
}

/** Publishers are named up to this many; the rest are counted. */
const MOST_PUBLISHERS = 4;

/**
 * `The Gazette (press), The Agency (agency; copy on herald.example) and 2 more`: each publisher once, as a copy where
 * only copies of its pages are cited.
 */
function publishersInWords(
  sources: readonly CitedSource[],
  { language, kinds, copyOn, publisher: named, comma, beforeRest, andMore }: Labels,
  names: MeetingNames,
): string {
  const told = new Map<string, string>();
  for (const { publisher, kind, host, copy } of sources) {
    if (copy && told.has(publisher)) continue;
    const what = [kinds[kind], ...(copy ? [copyOn(host)] : [])];
    told.set(publisher, named(names.named(publisher, language), what));
  }
  const first = [...told.values()].slice(0, MOST_PUBLISHERS).join(comma);
  const rest = told.size - MOST_PUBLISHERS;
  return rest <= 0 ? first : `${first}${beforeRest}${andMore(rest)}`;
}
