import * as z from 'zod';
import { DragomanError } from '../errors.ts';

/**
 * Data types of the corpus: source, person, meeting, document, section, passage, problem.
 * Offsets are UTF-16 code units, half open: `[start, end)`.
 */

/** Half-open range of UTF-16 offsets into a document's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** First and last line of a file, counted from 1, both included. */
export type LineRange = readonly [first: number, last: number];

/** The bibliography at the top of a corpus folder; not a document. */
export const SOURCES_FILE = 'sources.yaml';

/** Where pages are fetched to, below the corpus folder. */
export const ORIGINALS_FOLDER = 'originals';

export const SOURCE_KINDS = ['official', 'agency', 'press', 'commentary'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export const textSchema = z.string().trim().min(1);

/** An entry of the bibliography. */
export const sourceSchema = z.object({
  id: z.string().regex(/^[^\s\]]+$/, 'expected an id without spaces, such as ministry-2024-01-12'),
  title: textSchema,
  publisher: textSchema,
  /** ISO date, or null when the page shows none. */
  published: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2024-01-12, or null')
    .nullable()
    .default(null),
  url: z.url({
    protocol: /^https?$/,
    error: 'expected an address that starts with http:// or https://',
  }),
  kind: z.enum(SOURCE_KINDS),
  language: textSchema.default('en'),
  /** One of those that the corpus is built around. */
  core: z.boolean().default(false),
});

export interface Source extends Readonly<Omit<z.infer<typeof sourceSchema>, 'core'>> {
  /** The host that `url` leads to, without "www.". */
  readonly host: string;
  /** True where that host is not one of the publisher's own. */
  readonly copy: boolean;
}

/** A publisher's name without what is said of it in brackets: "Reuters" for "Reuters (via The Gazette)". */
export function publisherName(publisher: string): string {
  return publisher.replace(/\s*\(.*$/s, '') || publisher;
}

/** What the documents of a corpus are called where they are quoted, such as "The club's account". */
export type AccountName = Readonly<Record<'en' | 'ja', string>>;

/** A text that may be left out or empty. */
const textOrNull = textSchema.nullish().transform((value) => value ?? null);

export const personSchema = z.strictObject({
  name: textSchema,
  title: textOrNull,
  organisation: textOrNull,
  otherSpellings: z.array(textSchema).readonly().default([]),
  /** For questions such as "which women did she meet?". */
  gender: z.enum(['female', 'male']).optional(),
  /** The name in Japanese script. */
  ja: textSchema.optional(),
});

export type Person = Readonly<z.infer<typeof personSchema>>;

/** Japanese forms of what the front matter says in English. */
export const japaneseSchema = z.strictObject({
  title: textSchema.optional(),
  city: textSchema.optional(),
  country: textSchema.optional(),
  venue: textSchema.optional(),
});

/** A clock time, or a word for a part of the day. */
const localStart = textSchema.refine(
  (value) => !/\d/.test(value) || /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(value),
  'expected a time such as 09:40, or a word such as morning',
);

export const isoDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a date such as 2024-01-12', abort: true })
  .refine(isDay, 'expected a day that exists');

function isDay(iso: string): boolean {
  const time = Date.parse(`${iso}T00:00:00Z`);
  // February 30 is parsed as March 1.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
}

export const documentId = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'expected lower-case words joined by hyphens, such as press-conference',
  );

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A field that a meeting may have. */
function orNone<Value>(schema: z.ZodType<Value>) {
  const given = schema.nullish().transform((value) => value ?? undefined);
  return given.optional();
}

const minutes = z.number().positive();
const texts = z.array(textSchema).readonly();

/** One event of the tour. It has exactly one document, with the same id, whose front matter this is. */
export const meetingSchema = z.strictObject({
  id: documentId,
  title: textSchema,
  /** Position in the tour, from 1. */
  order: z.int().positive(),
  /** Null when no source gives one. */
  date: isoDate.nullable(),
  localStart: localStart.nullish().transform((value) => value ?? null),
  durationMinutes: minutes.nullish().transform((value) => value ?? null),
  city: textSchema,
  country: textSchema,
  /** Latitude and longitude. */
  coordinates: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]).readonly(),
  venue: textOrNull,
  people: z.array(personSchema).min(1).readonly(),
  topics: texts,
  sources: texts,
  /** Of `localStart`. */
  timeZone: orNone(z.string().refine(isTimeZone, 'expected a time zone such as Europe/Paris')),
  /** What other sources say about the start and the length, where they differ. */
  localStartAlternative: orNone(textSchema),
  durationAlternativeMinutes: orNone(minutes),
});

export type Meeting = Readonly<z.infer<typeof meetingSchema>>;

export interface BlockSpan extends Span {
  /** Of a row of a table: the table's header row, without which it says little. */
  readonly head?: Span;
  /** Set for code, which is cut only where it is too long for a passage. */
  readonly code?: true;
}

/** The part of a document under one heading. */
export interface Section {
  /** From the outermost heading to the section's; empty for text before any heading. */
  readonly headings: readonly string[];
  /** Body blocks (paragraph, list item, table row, quotation) in order; headings are not blocks. */
  readonly blocks: readonly BlockSpan[];
}

interface FootnoteMark {
  /** Where in the text the mark was before it was removed. */
  readonly offset: number;
  readonly sourceId: string;
  readonly line: number;
}

export interface ExpectedQuestion {
  readonly question: string;
  /** Of the words in the document's text that answer it. */
  readonly offset: number;
}

/**
 * A file of the corpus, read. `text` is the file without its markup and footnote marks, made by one deterministic
 * function; every quotation is an exact span of it.
 */
export interface Document {
  readonly id: string;
  /** From the front matter; 'other' when it gives none, as in a file that was not written for this corpus. */
  readonly kind?: 'meeting' | 'background' | 'other';
  readonly title: string;
  /** Path relative to the corpus folder, with forward slashes. */
  readonly path: string;
  /** sha256 of the file's bytes, hex. */
  readonly sha256: string;
  readonly text: string;
  readonly sections: readonly Section[];
  readonly footnotes: readonly FootnoteMark[];
  /** Ids of sources that the front matter names. */
  readonly sources: readonly string[];
  readonly topics: readonly string[];
  readonly people: readonly Person[];
  /** The event that this is the document of; null for any other document. */
  readonly meeting: Meeting | null;
  /** ISO date from the front matter or the dateline, or null. */
  readonly date: string | null;
  /** Ids of documents to read next, as the front matter names them. */
  readonly related?: readonly string[];
  readonly ja?: Readonly<z.infer<typeof japaneseSchema>>;
  /** Of a document with front matter of this corpus, where the bibliography says it. */
  readonly account?: AccountName;
  /** Of a page that was fetched. */
  readonly page?: {
    readonly source: string;
    /** The address that it was fetched from, after redirects. */
    readonly url: string;
    /** True for the copy that a web archive keeps. */
    readonly archived: boolean;
  };
  /** For search only, like a passage's header. Never quoted. */
  readonly expected: readonly ExpectedQuestion[];
  /** Piecewise linear map from text offsets to the file. */
  readonly origin: {
    readonly runs: readonly Run[];
    /** UTF-16 offset of the start of each line of the decoded file. */
    readonly lineStarts: readonly number[];
  };
}

/**
 * How a web page goes on where not with the text that follows in the document: in another block or line, with text
 * that was left out, or with such text that a word next to it runs into ("treaty" and the mark of a note, "3").
 */
export type Cut = 'block' | 'text' | 'word';

/**
 * Text from `textStart` on comes from the decoded file from `fileStart` on (UTF-16 offsets, in the decoded file without
 * its byte-order mark).
 */
export interface Run {
  readonly textStart: number;
  readonly fileStart: number;
  /** Right before this text. */
  readonly cut?: Cut;
}

/** The unit of retrieval: whole sentences of one section. */
export interface Passage extends Span {
  readonly documentId: string;
  readonly headings: readonly string[];
  readonly lines: LineRange;
  /** `document.text.slice(start, end)`. */
  readonly text: string;
  readonly sentences: readonly Span[];
  readonly meetings: readonly string[];
  /** Ids of the sources of its sentences, in the order of their footnotes. */
  readonly sources: readonly string[];
  /** For search only, never quoted: title, headings, date, place and people. */
  readonly header: string;
}

/** In UTF-16 units. */
const phrase = textSchema.max(200);
const words = z.strictObject({
  /** As it follows "questions about". */
  subject: phrase,
  /** The same in a word or two, as it follows "Ask". Part of a command's name, which Discord limits to 32. */
  topic: textSchema.max(24),
});

/** What the documents are about, in the words in which the bot presents itself and its commands. */
export const aboutSchema = z.object({
  en: words,
  ja: words.extend({
    /** Japanese names of topics, organisations, publishers and groups of people, by those that the documents have. */
    names: z.record(phrase, phrase).optional(),
  }),
});

export type About = Readonly<z.infer<typeof aboutSchema>>;

export interface Corpus {
  readonly about: About;
  readonly documents: readonly Document[];
  readonly meetings: readonly Meeting[];
  readonly sources: readonly Source[];
}

/** A part of a file that did not become text of the document, for the maintainer of the corpus to see. */
export interface LeftOut {
  readonly lines: LineRange;
  /** What it is, in a few words: "navigation", "page number". */
  readonly why: string;
}

export interface Problem {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** UTF-16 offset of the start of each line. */
export function lineStartsOf(decoded: string): number[] {
  const endings = decoded.matchAll(/\r\n?|\n/g);
  return [0, ...Array.from(endings, ({ 0: ending, index }) => index + ending.length)];
}

/** Index of the first entry that passes, among entries of which all after the first one that passes do. */
export function firstIndex<T>(entries: readonly T[], passes: (entry: T) => boolean): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(entries[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Items by their keys, keys and items in order. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key) {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
}

/** Items in groups of neighbours; one that `begins` opens a group. */
export function grouped<Item>(
  items: readonly Item[],
  begins: (item: Item, first: Item, before: Item, open: readonly Item[]) => boolean,
): Item[][] {
  const groups: Item[][] = [];
  for (const [index, item] of items.entries()) {
    const open = groups.at(-1);
    const [first = item] = open ?? [];
    if (open === undefined || begins(item, first, items[index - 1] ?? item, open))
      groups.push([item]);
    else open.push(item);
  }
  return groups;
}

/** In a decoded file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Place of an offset in the decoded file. */
export function placeInFile(lineStarts: readonly number[], fileOffset: number): Place {
  const index = Math.max(0, firstIndex(lineStarts, (start) => start > fileOffset) - 1);
  return { line: index + 1, column: fileOffset - (lineStarts[index] ?? 0) + 1 };
}

/** Offset in the decoded file that the text at `offset` came from. */
export function fileOffset(document: Pick<Document, 'origin'>, offset: number): number {
  const { runs } = document.origin;
  const run = runs[firstIndex(runs, ({ textStart }) => textStart > offset) - 1];
  return run === undefined ? 0 : run.fileStart + (offset - run.textStart);
}

/** First and last line of the file of the text `[start, end)`, which may repeat text from further up. */
export function linesOf(document: Pick<Document, 'origin'>, start: number, end: number): LineRange {
  const { runs } = document.origin;
  const places = [fileOffset(document, start), fileOffset(document, Math.max(start, end - 1))];
  const indexFrom = (offset: number): number =>
    firstIndex(runs, ({ textStart }) => textStart >= offset);
  const inside = runs.slice(indexFrom(start + 1), indexFrom(end));
  places.push(...inside.map(({ fileStart }) => fileStart));
  const lineOf = (place: number): number => placeInFile(document.origin.lineStarts, place).line;
  return [lineOf(Math.min(...places)), lineOf(Math.max(...places))];
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A problem with one file; line and column are null where unknown. */
export function problem(
  path: string,
  message: string,
  { line = null, column = null }: Partial<Pick<Problem, 'line' | 'column'>> = {},
): Problem {
  return { path, line, column, message };
}

/** One line for a terminal: `path:line:column: message`. */
export function describeProblem({ path, line, column, message }: Problem): string {
  return `${[path, line, column].filter((part) => part !== null).join(':')}: ${message}`;
}

export function byPlace(a: Problem, b: Problem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

export class CorpusProblems extends DragomanError {
  readonly problems: readonly Problem[];

  constructor(folder: string, problems: readonly Problem[]) {
    const count = counted(problems.length, 'problem');
    const lines = problems.map((found) => `  ${describeProblem(found)}`);
    super('CORPUS', [`${count} in ${folder}:`, ...lines].join('\n'), {
      hint: 'Correct the files, or remove them from the corpus.',
    });
    this.problems = problems;
  }
}
