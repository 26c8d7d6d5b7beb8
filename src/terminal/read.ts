/**
 * What the bot sees of files, before any build: title, date, language, meetings, passages with their lines, and what
 * was left out and why.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { ArgsDef, ParsedArgs } from 'citty';
import type { Config } from '../config.ts';
import { readSidecars, SIDECAR_ENDING } from '../corpus/companions.ts';
import { describeFileError } from '../corpus/files.ts';
import { MeetingTies, passagesOf } from '../corpus/passages.ts';
import { refused, type ReadDocument } from '../corpus/read-document.ts';
import { readFiles, walkCorpus, type FileToRead } from '../corpus/read-files.ts';
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
  const { corpusFolder } = config;
  const files = (await Promise.all(paths.map((path) => filesAt(path, corpusFolder)))).flat();
  const toRead = files.flatMap(({ found }) => ('file' in found ? [found] : []));
  const results = new Map(
    (await readFiles(toRead)).map((result, index) => [toRead[index], result]),
  );
  const read = files.map(({ shown, found }) => ({
    shown,
    result: 'file' in found ? (results.get(found) ?? refused()) : refused(found),
  }));
  const own = read.flatMap(({ result }) => result.document?.meeting ?? []);
  const meetings = [...own, ...(await meetingsIn(corpusFolder))];
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

/** What a build would take: links that it refuses are not followed here either. */
async function filesAt(path: string, corpusFolder: string): Promise<FileAt[]> {
  const status = await stat(path).catch((error: unknown) =>
    isMissing(error) ? 'there is no such file or folder.' : describeFileError(error),
  );
  if (typeof status === 'string') return [{ shown: path, found: problem(path, status) }];
  const isFolder = status.isDirectory();
  const folder = isFolder ? path : dirname(path);
  const name = basename(path);
  const named = [name, name.replace(/\.[^.]*$/, SIDECAR_ENDING)];
  const { files, sidecarFiles, skipped, problems } = await walkCorpus(folder, {
    corpus: `${resolve(path)}${sep}`.startsWith(`${corpusFolder}${sep}`) ? corpusFolder : folder,
    only: isFolder ? null : named.filter((one) => existsSync(join(folder, one))),
  });
  const { sidecars, problems: unreadable } = await readSidecars(sidecarFiles);
  const others = skipped.map((file) => problem(file.path, `not a document: ${file.reason}.`));
  const found = [
    ...files.map((file) => ({ file, sidecar: sidecars.get(file.path) })),
    ...[...problems, ...unreadable, ...others],
  ];
  if (!isFolder && found.length === 0)
    found.push(problem(name, 'not a document: it is hidden, or says something of others.'));
  return found
    .map((one) => ({ shown: join(folder, 'file' in one ? one.file.path : one.path), found: one }))
    .sort((a, b) => (a.shown < b.shown ? -1 : 1));
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
