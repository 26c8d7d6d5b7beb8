/** What can be asked, and what a question can be restricted to: meetings and sources, found by id or name, and listed. */
import { exampleQuestions, MeetingNames } from '../answer/meeting-texts.ts';
import type { Listing } from '../answer/types.ts';
import type { Meeting, Source } from '../corpus/types.ts';
import type { Snapshot } from '../engine.ts';
import { DragomanError } from '../errors.ts';
import { dateInWords } from '../language/dates.ts';
import { meetingFinder, type NameFinder, sourceFinder } from '../language/finder.ts';
import {
  inLines,
  type Language,
  languageOf,
  printableLine,
  shortDate,
  type Style,
  tableLines,
  wrapLines,
} from './text.ts';

/** Ids of what a question is restricted to. */
export interface Filter {
  readonly meeting?: string;
  readonly source?: string;
}

/** More ids than this are no help in a message. */
const MOST_LISTED = 60;
const MOST_NEAR = 5;

/**
 * The ids of the meeting and the source that were typed, by id or by name.
 *
 * @throws DragomanError QUESTION when none or several fit, with ids that help
 */
export function resolveFilter(
  { meeting, source }: Filter,
  { meetings, sources }: Pick<Snapshot, 'meetings' | 'sources'>,
): Filter {
  return {
    ...(meeting !== undefined && { meeting: idOf('meeting', meeting, meetings, meetingFinder) }),
    ...(source !== undefined && {
      source: idOf('source', source, [...sources.values()], sourceFinder),
    }),
  };
}

function idOf<Item extends { readonly id: string }>(
  what: 'meeting' | 'source',
  typed: string,
  items: readonly Item[],
  finderOf: (items: readonly Item[]) => NameFinder<Item>,
): string {
  if (items.some(({ id }) => id === typed)) return typed;
  const finder = finderOf(items);
  const fitting = finder.best(typed).map(({ id }) => id);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const name = printableLine(typed);
  if (only !== undefined) {
    throw new DragomanError('QUESTION', `Several ${what}s match "${name}".`, {
      hint: `Give the id of one: ${fitting.slice(0, MOST_LISTED).join(', ')}.`,
    });
  }
  const near = finder.related(typed, MOST_NEAR).map(({ id }) => id);
  throw new DragomanError('QUESTION', `No ${what} matches "${name}".`, {
    hint: near.length > 0 ? `Similar: ${near.join(', ')}.` : knownIds(what, items),
  });
}

function knownIds(what: string, items: readonly { readonly id: string }[]): string {
  const ids = items.map(({ id }) => id);
  if (ids.length === 0) return `The documents describe no ${what}s: leave the option out.`;
  if (ids.length <= MOST_LISTED) return `Known ids: ${ids.join(', ')}.`;
  return `There are ${ids.length}, for example ${ids.slice(0, 5).join(', ')}.`;
}

/** The meeting that was typed, or a text that helps to say which. */
export function oneMeeting(
  typed: string,
  meetings: readonly Meeting[],
  shape: Shape,
): Meeting | string {
  const finder = meetingFinder(meetings);
  const fitting = finder.best(typed);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    return `Several meetings match. Which one?\n${meetingList(fitting, shape)}`;
  }
  const near = finder.related(typed, MOST_NEAR).map(({ id }) => id);
  const hint = near.length === 0 ? '/meeting lists them all.' : `Did you mean ${near.join(', ')}?`;
  return `No meeting matches “${printableLine(typed)}”. ${hint}\n`;
}

/** What can be asked instead of a question that found nothing. */
export interface Alternatives {
  readonly meetings: readonly { readonly id: string; readonly title: string }[];
  readonly questions: readonly string[];
  /** What the search was restricted to, and how to lift that; in the language of the question. */
  readonly restriction?: string;
}

const MOST_MEETINGS = 3;

/** Meetings that share words with the question, else example questions. */
export function alternativesTo(
  question: string,
  snapshot: Pick<Snapshot, 'meetings' | 'documents'>,
): Alternatives {
  const language = languageOf(question);
  const names = new MeetingNames(snapshot);
  const meetings = meetingFinder(snapshot.meetings)
    .related(question, MOST_MEETINGS)
    .map((meeting) => ({ id: meeting.id, title: names.title(meeting, language) }));
  return { meetings, questions: meetings.length > 0 ? [] : exampleQuestions(snapshot, language) };
}

export function alternativeLines(
  { meetings, questions, restriction }: Alternatives,
  language: Language,
  { width }: Pick<Shape, 'width'>,
): string[] {
  const items = (texts: readonly string[]): string[] =>
    texts.flatMap((text) =>
      wrapLines(printableLine(text), { width, indent: '    ', first: '  - ' }),
    );
  const [youCanAskAbout, youCanAsk] =
    language === 'en'
      ? ['You can ask about:', 'You can ask, for example:']
      : ['次の会談について質問できます：', '質問の例：'];
  return [
    ...(restriction === undefined ? [] : wrapLines(printableLine(restriction), { width })),
    ...(meetings.length === 0 ? [] : [youCanAskAbout]),
    ...items(meetings.map(({ id, title }) => `${title} (${id})`)),
    ...(questions.length === 0 ? [] : [youCanAsk]),
    ...items(questions),
  ];
}

/** What the session is, what it knows, and how to begin. */
export function welcome(snapshot: Snapshot, { style, width }: Shape): string {
  const { counts, meetings, model } = snapshot;
  const about =
    `It knows ${counts.documents} documents in ${counts.passages} passages ` +
    `about ${meetings.length} meetings (model: ${model.id}).`;
  const promise = 'Dragoman answers with word-for-word excerpts, never in its own words.';
  return inLines([
    ...wrapLines(promise, { width }).map(style.bold),
    ...wrapLines(printableLine(about), { width }),
    '',
    ...wrapLines('Ask a question, or type /help. For example:', { width }),
    ...exampleQuestions(snapshot, 'en').flatMap((example) =>
      wrapLines(printableLine(example), { width, indent: '    ', first: '  - ' }),
    ),
  ]);
}

const HELP = [
  ['m', 'show what else answers the last question'],
  ['/meeting', 'list the meetings'],
  ['/meeting WORDS', 'ask about one meeting only: its id, a name or a place'],
  ['/meeting off', 'ask about everything again'],
  ['/sources', 'who published the sources'],
  ['/sources MEETING', 'the sources on one meeting'],
  ['/help', 'this text'],
  ['/quit', 'leave (so does Ctrl-D)'],
] as const;

export function helpText(width: number): string {
  return inLines([
    ...wrapLines(
      'Type a question in English or Japanese. The answer is quoted from the documents, with its source.',
      { width },
    ),
    '',
    ...tableLines(HELP, { width, indent: '  ' }),
  ]);
}

const MOST_MEETINGS_SHOWN = 12;

/** A listing's title, its meetings as a table of day, place and title, and its note. */
export function listingLines(
  { title, note, meetings }: Listing,
  {
    language,
    andMore,
  }: { readonly language: Language; readonly andMore: (left: number) => string },
  {
    style,
    width,
    snapshot,
  }: Shape & { readonly snapshot: Pick<Snapshot, 'documents' | 'meetings'> },
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
    ...wrapLines(printableLine(title), { width }).map((line) => style.bold(line)),
    ...tableLines(rows, { width, indent: '  ' }),
    ...(more > 0 ? [style.dim(`  ${andMore(more)}`)] : []),
    ...(note === null || note === title ? [] : wrapLines(printableLine(note), { width })),
  ];
}

interface Shape {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
}

/** Meetings as a table: id, and title with the date. */
export function meetingList(meetings: readonly Meeting[], { style, width }: Shape): string {
  const rows = meetings.map(({ id, date, title }) => {
    const day = date === null ? '' : dateInWords(date);
    return [id, title.includes(day) ? title : `${title} (${day})`];
  });
  return inLines(tableLines(rows, { width, emphasise: style.bold }));
}

/** Publishers with the number of their sources, most first; those of a single source are only counted. */
export function publisherList(sources: Iterable<Source>, { width }: Shape): string {
  const counts = new Map<string, number>();
  for (const { publisher, kind } of sources) {
    const name = `${publisher} (${kind})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1);
  const single = counts.size - several.length;
  const rows = several
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([name, count]) => [String(count).padStart(4), name]);
  const rest = [String(single).padStart(4), 'from publishers of one source each'];
  return inLines(tableLines(single === 0 ? rows : [...rows, rest], { width }));
}

/** Sources one by one: title, publisher, date, address. */
export function sourceList(sources: readonly Source[], { style, width }: Shape): string {
  return inLines(
    sources.flatMap(({ id, title, publisher, kind, published, url }) => {
      const when = published === null ? '' : `, ${dateInWords(published)}`;
      const inset = (line: string, first = '    '): string[] =>
        wrapLines(printableLine(line), { width, indent: '    ', first });
      return [
        ...inset(`${title} (${id})`, '  - '),
        ...inset(`${publisher} (${kind})${when}`),
        ...inset(url).map(style.dim),
      ];
    }),
  );
}
