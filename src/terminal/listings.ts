import stringWidth from 'string-width';
import type { Meeting, Source } from '../corpus/types.ts';
import type { Snapshot } from '../engine-types.ts';
import type { View } from './render-answer.ts';
import { longDate, printableLine, wrapLines } from './text.ts';

type Shape = Pick<View, 'style' | 'width'>;

export interface Greeted extends Pick<Snapshot, 'counts' | 'meetings' | 'model' | 'builtAt'> {
  readonly examples: readonly string[];
}

/** What the session is, what it knows, and how to begin. */
export function greeting(
  { counts, meetings, model, examples }: Greeted,
  { style, width }: Shape,
): string {
  const about =
    `It knows ${counts.documents} documents in ${counts.passages} passages ` +
    `about ${meetings.length} meetings (model: ${model.id}).`;
  return lines([
    ...wrapLines('Dragoman answers with word-for-word excerpts, never in its own words.', {
      width,
    }).map(style.bold),
    ...wrapLines(printableLine(about), { width }),
    '',
    ...wrapLines('Ask a question, or type /help. For example:', { width }),
    ...examples.flatMap((example) =>
      wrapLines(printableLine(example), { width, indent: '    ', first: '  - ' }),
    ),
  ]);
}

/** One line for a session that nobody watches. */
export function shortGreeting({ counts, model }: Pick<Snapshot, 'counts' | 'model'>): string {
  return `Dragoman: ${counts.documents} documents, ${counts.passages} passages, model ${printableLine(model.id)}. Answering the questions of standard input.\n`;
}

const COMMANDS = [
  ['m', 'show what else answers the last question'],
  ['/meeting', 'list the meetings'],
  ['/meeting WORDS', 'ask about one meeting only: its id, a name or a place'],
  ['/meeting off', 'ask about everything again'],
  ['/sources', 'who published the sources'],
  ['/sources MEETING', 'the sources on one meeting'],
  ['/help', 'this text'],
  ['/quit', 'leave (so does Ctrl-D)'],
] as const;

export function helpText({ width }: Shape): string {
  const column = 20;
  return lines([
    ...wrapLines(
      'Type a question in plain English. The answer is quoted from the documents; the sentence that matters is set off.',
      { width },
    ),
    '',
    ...COMMANDS.flatMap(([command, what]) =>
      wrapLines(what, { width, indent: ' '.repeat(column), first: `  ${command}`.padEnd(column) }),
    ),
  ]);
}

/** Meetings as a table: id, date, title. */
export function meetingList(meetings: readonly Meeting[], { style, width }: Shape): string {
  const idColumns = Math.max(0, ...meetings.map(({ id }) => stringWidth(id)));
  return lines(
    meetings.flatMap(({ id, date, title }) => {
      const label = id + ' '.repeat(idColumns - stringWidth(id));
      const day = date === null ? '' : longDate(date);
      const when = title.includes(day) ? '' : ` (${day})`;
      const indent = ' '.repeat(idColumns + 2);
      return wrapLines(printableLine(title + when), { width, indent, first: `${label}  ` }).map(
        (line, at) => (at === 0 ? style.bold(label) + line.slice(label.length) : line),
      );
    }),
  );
}

/** Publishers with the number of their sources, most first; those of a single source are only counted. */
export function publisherList(sources: Iterable<Source>, { width }: Shape): string {
  const counts = new Map<string, number>();
  for (const { publisher, kind } of sources) {
    const name = printableLine(`${publisher} (${kind})`);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1);
  const single = counts.size - several.length;
  const row = (count: number, name: string): string[] =>
    wrapLines(name, { width, indent: '      ', first: `${String(count).padStart(4)}  ` });
  return lines([
    ...several
      .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
      .flatMap(([name, count]) => row(count, name)),
    ...(single === 0 ? [] : row(single, 'from publishers of one source each')),
  ]);
}

/** Sources one by one: title, publisher, date, address. */
export function sourceList(sources: readonly Source[], { style, width }: Shape): string {
  return lines(
    sources.flatMap(({ id, title, publisher, kind, published, url }) => {
      const when = published === null ? '' : `, ${longDate(published)}`;
      const inset = (text: string): string[] =>
        wrapLines(printableLine(text), { width, indent: '    ' });
      return [
        ...wrapLines(printableLine(`${title} (${id})`), { width, indent: '    ', first: '  - ' }),
        ...inset(`${publisher} (${kind})${when}`),
        ...inset(url).map(style.dim),
      ];
    }),
  );
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
