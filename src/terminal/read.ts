/**
 * What the bot sees of files, before any build: title, date, language, meetings, passages with their lines, and what
 * was left out and why.
 */
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ArgsDef, ParsedArgs } from 'citty';
import type { Config } from '../config.ts';
import { readSidecars, SIDECAR_ENDING, type Sidecar } from '../corpus/companions.ts';
import { describeFileError } from '../corpus/files.ts';
import { passagesOf } from '../corpus/passages.ts';
import { formatOf, FORMATS, refused, type ReadDocument } from '../corpus/read-document.ts';
import { readFiles, walkCorpus, type CorpusFile, type FileToRead } from '../corpus/read-files.ts';
import { MeetingTies } from '../corpus/ties.ts';
import { problem, type LineRange, type Meeting, type Problem } from '../corpus/types.ts';
import { DragomanError, isMissing } from '../errors.ts';
import { dateInWords } from '../language/dates.ts';
import { usageError } from './command-line.ts';
import { columnsOf, printableLine, styleFor, wrapLines, type Output, type Shape } from './text.ts';

export const READ_ARGS = {
  paths: {
    type: 'positional',
    description: 'Files, or folders with all files in them',
    required: false,
  },
  json: { type: 'boolean', description: 'Print one line of JSON for each file' },
} as const satisfies ArgsDef;

/** One file as the bot sees it; a line of `--json`. */
export type SeenFile = ReturnType<typeof seenFile>;

/**
 * Reads files and writes what is seen of them. Meetings are those of the files themselves and of the corpus folder.
 *
 * @throws DragomanError USAGE without a path; CORPUS when no file could be read
 */
export async function runRead(
  { _: paths, json = false }: Pick<ParsedArgs<typeof READ_ARGS>, '_' | 'json'>,
  config: Pick<Config, 'corpusFolder' | 'noColor' | 'forceColor'>,
  output: NodeJS.WritableStream & Output,
): Promise<void> {
  if (paths.length === 0 || paths.includes('')) {
    throw usageError('Expected a file or a folder, found none.');
  }
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const toRead = files.flatMap(({ found }) => ('file' in found ? [found] : []));
  const results = new Map(
    (await readFiles(toRead)).map((result, index) => [toRead[index], result]),
  );
  const read = files.map(({ shown, found }) => ({
    shown,
    result: 'file' in found ? (results.get(found) ?? refused()) : refused(found),
  }));
  const own = read.flatMap(({ result }) => result.document?.meeting ?? []);
  const meetings = [...own, ...(await meetingsIn(config.corpusFolder))];
  const ties = new MeetingTies([...new Map(meetings.map((one) => [one.id, one])).values()]);
  const view = { style: styleFor(output, config), width: columnsOf(output) };
  for (const { shown, result } of read) {
    const seen = seenFile(shown, result, ties);
    output.write(json ? `${JSON.stringify(seen)}\n` : describe(seen, view));
  }
  if (read.every(({ result }) => result.document === null)) {
    const what = read.length === 0 ? 'There are no files.' : 'None of the files could be read.';
    throw new DragomanError('CORPUS', what);
  }
}

interface FileAt {
  /** The path as it was typed, and from there into a folder. */
  readonly shown: string;
  readonly found: FileToRead | Problem;
}

async function filesAt(path: string): Promise<FileAt[]> {
  const status = await stat(path).catch((error: unknown) =>
    isMissing(error) ? 'there is no such file or folder.' : describeFileError(error),
  );
  if (typeof status === 'string') return [{ shown: path, found: problem(path, status) }];
  if (status.isDirectory()) {
    const { files, sidecarFiles, skipped, problems } = await walkCorpus(path);
    const { sidecars, problems: unreadable } = await readSidecars(sidecarFiles);
    const others = skipped.map((file) => problem(file.path, `not a document: ${file.reason}.`));
    return [
      ...files.map((file) => ({ file, sidecar: sidecars.get(file.path) })),
      ...[...problems, ...unreadable, ...others],
    ]
      .map((found) => ({
        shown: join(path, 'file' in found ? found.file.path : found.path),
        found,
      }))
      .sort((a, b) => (a.shown < b.shown ? -1 : 1));
  }
  const format = formatOf(path);
  const name = basename(path);
  if (format === null) {
    const message = `expected one of the endings ${FORMATS.join(', ')}. Rename or convert it.`;
    return [{ shown: path, found: problem(name, message) }];
  }
  const file = { path: name, absolute: resolve(path), byteLength: status.size, format };
  return [{ shown: path, found: { file, sidecar: await sidecarOf(file) } }];
}

/** What is known of a page that was fetched, from the file next to it. */
async function sidecarOf({ path, absolute }: CorpusFile): Promise<Sidecar | undefined> {
  const named = (file: string): string => file.replace(/\.[^.]*$/, SIDECAR_ENDING);
  const status = await stat(named(absolute)).catch(() => null);
  if (status === null) return undefined;
  const found = { path: named(path), absolute: named(absolute), byteLength: status.size };
  return (await readSidecars([found])).sidecars.get(path);
}

/** Meetings that the files of a corpus declare in their front matter; none when there is no such folder. */
async function meetingsIn(corpusFolder: string): Promise<Meeting[]> {
  const walked = await walkCorpus(corpusFolder).catch(() => null);
  const files = (walked?.files ?? []).filter(({ format }) =>
    /^\.(?:md|markdown|txt)$/.test(format),
  );
  const read = await readFiles(files.map((file) => ({ file })));
  return read.flatMap(({ document }) => document?.meeting ?? []);
}

function seenFile(path: string, result: ReadDocument, ties: MeetingTies) {
  const { document, author, language, leftOut } = result;
  const passages = document === null ? [] : passagesOf(document, ties);
  return {
    path,
    title: document?.title ?? null,
    date: document?.date ?? null,
    author,
    language,
    /** Ids of those that any passage is tied to. */
    meetings: [...new Set(passages.flatMap(({ meetings }) => meetings))],
    passages: passages.map(({ text, lines, headings, meetings }) => ({
      ...{ text, lines, headings, meetings },
    })),
    leftOut,
    /** Why the file cannot be read; empty when it can. */
    problems: result.problems.map(withoutPath),
    /** What was read only in part. */
    warnings: result.warnings.map(withoutPath),
    /** Why a file without a problem is not a document; null when it is one or has a problem. */
    skipped: result.skipped,
  };
}

function withoutPath({ line, column, message }: Problem): Omit<Problem, 'path'> {
  return { line, column, message };
}

function describe(seen: SeenFile, { style, width }: Shape): string {
  const { title, date, author, language, meetings } = seen;
  const facts = [
    ['Title', title],
    ['Date', date === null ? null : dateInWords(date)],
    ['Author', author],
    ['Language', language],
    ['Meetings', meetings.length === 0 ? null : meetings.join(', ')],
  ];
  const wrapped = (text: string): string[] =>
    wrapLines(printableLine(text), { width, indent: '      ' });
  const lines = [
    style.bold(printableLine(seen.path)),
    ...facts.flatMap(([name, value]) =>
      value == null ? [] : wrapLines(`${name}: ${printableLine(value)}`, { width, indent: '  ' }),
    ),
    ...seen.problems.flatMap(({ line, message }) => [
      style.bad(`  Not read${line === null ? '' : `, line ${line}`}`),
      ...wrapped(message),
    ]),
    ...(seen.skipped === null ? [] : wrapped(`Not a document: ${seen.skipped}.`)),
    ...seen.warnings.flatMap(({ line, message }) => [
      style.doubtful(`  Warning${line === null ? '' : `, line ${line}`}`),
      ...wrapped(message),
    ]),
    ...seen.passages.flatMap(({ lines: range, headings, text }) => [
      style.dim(`  ${[rangeOf(range), ...headings.map(printableLine)].join(' · ')}`),
      ...wrapped(text),
    ]),
    ...(seen.leftOut.length === 0 ? [] : [style.doubtful('  Left out')]),
    ...seen.leftOut.flatMap(({ lines: range, why }) => wrapped(`${rangeOf(range)}: ${why}`)),
  ];
  return `${lines.join('\n')}\n\n`;
}

function rangeOf([first, last]: LineRange): string {
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}
