/**
 * The files of a corpus that are not documents: `sources.yaml` and `about.yaml` at its top, expected questions next to a
 * document, and what is noted about a page that was fetched.
 */
import { basename, dirname, posix } from 'node:path';
import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { readTextOf, withinTime, type FileFound } from './files.ts';
import { placeOfError } from './formats/block.ts';
import {
  nameOf,
  problemsOf,
  readYaml,
  readYamlInParts,
  type Path,
  type Yaml,
} from './formats/front-matter.ts';
import {
  groupBy,
  problem,
  aboutSchema,
  publisherName,
  sourceSchema,
  textSchema,
  type About,
  type AccountName,
  type Document,
  type ExpectedQuestion,
  type Problem,
  type Source,
  type Span,
} from './types.ts';

/** What `read` makes of the text of a file; null where `problems` gains what is wrong with it. */
async function readText<Value>(
  file: FileFound,
  problems: Problem[],
  read: (text: string) => Value,
  describe: (error: unknown) => string,
): Promise<Value | null> {
  const text = await readTextOf(file);
  if (typeof text !== 'string') {
    problems.push(text);
    return null;
  }
  try {
    return withinTime(() => read(text));
  } catch (error) {
    problems.push(problem(file.path, describe(error), placeOfError(error)));
    return null;
  }
}

const accountSchema = z.strictObject({ en: textSchema, ja: textSchema });

const host = z.hostname('expected a host such as example.org');

/** A publisher's own hosts, by its name without remarks in brackets. */
const publishersSchema = z.record(textSchema, z.array(host).min(1));

/** A source with its line in the bibliography. */
export interface ListedSource {
  readonly source: Source;
  readonly line: number;
  /** One of those that the corpus is built around. */
  readonly isCore: boolean;
}

interface Bibliography {
  /** Null where there is none that can be read. */
  readonly entries: readonly ListedSource[] | null;
  readonly account: AccountName | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads `sources.yaml`: a key `sources` with a list of entries, and optionally `publishers` with their own hosts and
 * `account`, the name of the corpus's own documents. What is wrong with it, whatever it is, becomes a problem; a wrong entry
 * is left out.
 */
export async function readBibliography(file: FileFound | null): Promise<Bibliography> {
  const problems: Problem[] = [];
  const describe = (error: unknown): string =>
    `expected a list of sources, found: ${messageOf(error)}. Correct the file.`;
  const read = (text: string): Bibliography => bibliographyIn(text, file?.path ?? '');
  const found = file && (await readText(file, problems, read, describe));
  return found ?? { entries: null, account: null, problems };
}

function bibliographyIn(text: string, path: string): Bibliography {
  const { yaml, problems } = entriesThatParse(text, path);
  /** The value at a path; null where it is missing or wrong, which becomes problems. */
  const read = <Value>(at: Path, schema: z.ZodType<Value>): Value | null => {
    const name = (inside: Path): string =>
      at.length === 1 ? nameOf('', [...at, ...inside]) : nameOf('source', inside);
    try {
      const value = yaml.value(at);
      if (value === undefined) return null;
      const { data, error } = schema.safeParse(value, { reportInput: true });
      problems.push(...problemsOf(error?.issues ?? [], path, { place: yaml.place, name, at }));
      return data ?? null;
    } catch (error) {
      // Aliases that expand endlessly.
      problems.push(problem(path, unreadable(name([]), error), yaml.place(at)));
      return null;
    }
  };
  const count = yaml.lengthOf(['sources']);
  if (count === null) {
    const message =
      'expected a key "sources" with a list of sources, found none. Start the file with "sources:".';
    problems.push(problem(path, message, { line: 1, column: 1 }));
    return { entries: null, account: null, problems };
  }
  const account = read(['account'], accountSchema);
  const publishers = read(['publishers'], publishersSchema);
  const entries = new Map<string, ListedSource>();
  for (let index = 0; index < count; index++) {
    const entry = read(['sources', index], sourceSchema);
    if (entry === null) continue;
    const { core: isCore, ...source } = entry;
    const place = yaml.place(['sources', index]);
    const refuse = (message: string) => problems.push(problem(path, message, place));
    const earlier = entries.get(source.id);
    if (earlier !== undefined) {
      refuse(
        `the source "${source.id}" is already on line ${earlier.line}. Remove one of the two.`,
      );
      continue;
    }
    const publisher = publisherName(source.publisher);
    const own = publishers?.[publisher];
    if (publishers !== null && own === undefined)
      refuse(`"publishers" names no host of "${publisher}". Add the publisher's own hosts there.`);
    const { hostname } = new URL(source.url);
    const isOwn = (known: string): boolean => `.${hostname}`.endsWith(`.${known}`);
    const copy = own !== undefined && !own.some(isOwn);
    const host = hostname.replace(/^www\./, '');
    entries.set(source.id, { source: { ...source, host, copy }, line: place.line, isCore });
  }
  return { entries: [...entries.values()], account, problems };
}

/** The text as YAML, without entries that are none, which become problems. */
function entriesThatParse(text: string, path: string): { yaml: Yaml; problems: Problem[] } {
  const { yaml, wrong } = readYamlInParts(text, entriesAmong);
  const problems = wrong.map(({ first, line, error }) =>
    problem(path, unreadable('source', error), { line, column: first.search(/[^ -]/) + 1 }),
  );
  return { yaml, problems };
}

function unreadable(name: string, error: unknown): string {
  const found = messageOf(error).replace(/\.$/, '');
  return `${name}: expected YAML, found: ${found}. Correct the entry.`;
}

/** Lines of each entry of the list "sources", by the indentation of their dashes: whatever belongs to one is indented further. */
function entriesAmong(lines: readonly string[]): Span[] {
  const entries: Span[] = [];
  const top = lines.findIndex((line) => /^sources:\s*(?:#.*)?$/.test(line)) + 1;
  if (top === 0) return entries;
  let dash: string | null = null;
  let end = top;
  for (const line of lines.slice(top)) {
    dash ??= /^ *- /.exec(line)?.[0] ?? null;
    const last = entries.at(-1);
    if (dash !== null && line.startsWith(dash)) entries.push({ start: end, end: end + 1 });
    else if (/^[^\s#-]/.test(line)) break;
    else if (last !== undefined) entries[entries.length - 1] = { ...last, end: end + 1 };
    end++;
  }
  return entries;
}

/** Of a corpus that says nothing of itself. */
export const UNNAMED: About = {
  en: { subject: 'the documents that I was given', topic: 'the documents' },
  ja: { subject: '与えられた文書', topic: '文書' },
};

const aboutFileSchema = z.strictObject(aboutSchema.partial().shape);

/**
 * Reads `about.yaml`: what a corpus says of itself, in the words in which the bot presents itself and its commands. A
 * language that it leaves out, or all without a file, has the words of `UNNAMED`.
 */
export async function readAbout(file: FileFound | null) {
  const problems: Problem[] = [];
  const describe = (error: unknown): string =>
    `expected YAML, found: ${messageOf(error)}. Correct the file.`;
  const read = (text: string) => {
    const { value, place } = readYaml(text);
    const { data, error } = aboutFileSchema.safeParse(value([]), { reportInput: true });
    const name = (inside: Path): string => nameOf(inside.length === 0 ? 'about' : '', inside);
    problems.push(...problemsOf(error?.issues ?? [], file?.path ?? '', { place, name }));
    return data ?? null;
  };
  const given = file && (await readText(file, problems, read, describe));
  const about: About = { en: given?.en ?? UNNAMED.en, ja: given?.ja ?? UNNAMED.ja };
  return { about, problems };
}

/** A file of expected questions has the name of its document, in the same folder, with this ending. */
export const QUESTIONS_ENDING = '.questions';

const QUOTE_MARK = '>';
/** UTF-16 characters. Nobody needs more words to name a place, and an answer is shorter. */
const LONGEST_QUOTE = 1000;
/** UTF-16 characters of a line in a message. */
const LONGEST_SHOWN = 80;

/**
 * Reads the expected questions of a document. A line `> quote` quotes words that occur exactly once in the document's
 * text; each line below it, up to the next quote, is a question that those words answer. Empty lines and lines that
 * begin with `#` are ignored.
 */
export function readExpectedQuestions(
  content: string,
  path: string,
  document: Pick<Document, 'path' | 'text' | 'sections'>,
) {
  const expected: ExpectedQuestion[] = [];
  const problems: Problem[] = [];
  const text = document.text.replace(/\s/gu, ' ');
  const blocks = document.sections.flatMap((section) => section.blocks);
  let offset: number | 'no quote yet' | 'bad quote' = 'no quote yet';
  for (const [index, raw] of content.split(/\r\n?|\n/u).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (message: string) => problems.push(problem(path, message, { line: index + 1 }));
    if (line.startsWith(QUOTE_MARK)) {
      const quote = line.slice(QUOTE_MARK.length).trim();
      const found = placeOf(quote, text, blocks);
      if (typeof found === 'number') offset = found;
      else {
        offset = 'bad quote';
        refuse(
          `expected words that occur once in ${document.path}, found "${shown(quote)}", which ` +
            `${found}. Quote the words that answer exactly as the document has them.`,
        );
      }
    } else if (offset === 'no quote yet') {
      refuse(
        `expected a line "> words that answer" before the first question, found "${shown(line)}". Add it.`,
      );
    } else if (offset !== 'bad quote') {
      expected.push({ question: line, offset });
    }
  }
  return { expected, problems };
}

/**
 * Offset of the only place of a quote in the document's blocks, without headings, or what is wrong with it. A space in
 * it matches any white space.
 *
 * @param text of the document, each white space a space
 */
function placeOf(quote: string, text: string, blocks: readonly Span[]) {
  const words = quote.replace(/\s+/gu, ' ');
  if (words.length > LONGEST_QUOTE) return 'is too long';
  if (words === '') return 'does not occur there';
  let only: number | null = null;
  let block = 0;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + words.length)) {
    while ((blocks[block]?.end ?? Infinity) <= at) block += 1;
    if ((blocks[block]?.start ?? Infinity) > at) continue;
    if (only !== null) return 'occurs there more than once';
    only = at;
  }
  return only ?? 'does not occur there';
}

function shown(line: string): string {
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)} …` : line;
}

/** The documents with the expected questions of the files of the same name in the same folder. */
export async function withExpectedQuestions(
  documents: readonly Document[],
  questionFiles: readonly FileFound[],
  files: readonly FileFound[],
): Promise<{ documents: Document[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const expected = new Map<string, Document['expected']>();
  const byStem = groupBy(files, ({ path }) => path.replace(/\.[^.]*$/, ''));
  const byPath = new Map(documents.map((document) => [document.path, document]));
  for (const file of questionFiles) {
    const sameName = byStem.get(file.path.slice(0, -QUESTIONS_ENDING.length)) ?? [];
    const document = byPath.get(sameName[0]?.path ?? '');
    if (sameName.length !== 1) {
      const found = sameName.length === 0 ? 'none' : sameName.map(({ path }) => path).join(' and ');
      const message = `expected one document of the same name in the same folder, found ${found}. Rename the file, or remove it.`;
      problems.push(problem(file.path, message));
    } else if (document !== undefined) {
      const describe = (error: unknown): string =>
        `expected questions under quotations, found: ${messageOf(error)}. Correct the file.`;
      const read = (content: string) => readExpectedQuestions(content, file.path, document);
      const found = await readText(file, problems, read, describe);
      // One by one: a large file may have more than a call takes arguments.
      for (const wrong of found?.problems ?? []) problems.push(wrong);
      if (found !== null) expected.set(document.path, found.expected);
    }
  }
  const withQuestions = documents.map((document) => {
    return { ...document, expected: expected.get(document.path) ?? document.expected };
  });
  return { documents: withQuestions, problems };
}

/**
 * A file about a page of a source that was fetched, next to it: where the page comes from. It is quoted as its publisher's
 * words only while its bytes are those that were fetched.
 */
export const SIDECAR_ENDING = '.page.json';

const sidecarSchema = z.object({
  /** Id of the source. */
  source: z.string().min(1),
  /** Name of the page's file, in the sidecar's folder. */
  file: z.string().refine((name) => name === basename(name), 'expected a name without a folder'),
  /** As the bibliography has it. */
  address: z.url(),
  /** After redirects; of an archived page the archive's, as a browser opens it. */
  finalAddress: z.url({ protocol: /^https?$/ }),
  /** True for the copy of a web archive. */
  archived: z.boolean(),
  /** ISO times: when these bytes came, and when the server last said that they are current. */
  fetchedAt: z.string(),
  checkedAt: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** HTTP headers. */
  contentType: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
});

export type Sidecar = Readonly<z.infer<typeof sidecarSchema>>;

/** @throws Error when the text is not a sidecar */
export function parseSidecar(text: string): Sidecar {
  return sidecarSchema.parse(JSON.parse(text));
}

/** Sidecars by the path of their page. One that cannot be read becomes a problem. */
export async function readSidecars(files: readonly FileFound[]) {
  const sidecars = new Map<string, Sidecar>();
  const problems: Problem[] = [];
  const describe = (error: unknown): string => {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    return `expected what \`npm run corpus:fetch\` writes about a page, found: ${found.replace(/\s+/g, ' ')}. Fetch the page again.`;
  };
  for (const file of files) {
    const sidecar = await readText(file, problems, parseSidecar, describe);
    if (sidecar !== null) sidecars.set(posix.join(dirname(file.path), sidecar.file), sidecar);
  }
  return { sidecars, problems };
}
