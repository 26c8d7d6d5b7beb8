import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { messageOf } from '../errors.ts';
import { firstIsoDate, isDateline } from '../language/dates.ts';
import { problem, withinTime, type Format } from './files.ts';
import { flattened, softLines, type Block, type ParsedBody } from './formats/block.ts';
import { decode, sizeProblem } from './formats/decode.ts';
import {
  fieldsAtTop,
  NO_LINES,
  readFrontMatter,
  type Fields,
  type FrontMatterLines,
  type MeetingFields,
} from './formats/front-matter.ts';
import { readMarkdown, type Link } from './formats/markdown.ts';
import {
  assemble,
  guessHeadings,
  paragraphsOf,
  readPlainText,
  titleOf,
  wrapWidth,
} from './formats/structure.ts';
import {
  lineStartsOf,
  placeInFile,
  type Document,
  type LeftOut,
  type Meeting,
  type Problem,
} from './types.ts';

export interface DocumentLink {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export interface ReadDocument {
  /** Null when the file has a problem. `id` comes from the front matter or is made from the path. */
  readonly document: Document | null;
  /** True when the id comes from the front matter and may not be changed when it is taken. */
  readonly namesItself: boolean;
  readonly links: readonly DocumentLink[];
  /** What the reader left out, in the order of the file. */
  readonly leftOut: readonly LeftOut[];
  /** As the file names them. */
  readonly author: string | null;
  /** BCP 47. */
  readonly language: string | null;
  readonly frontMatterLines: FrontMatterLines;
  readonly problems: readonly Problem[];
  /** What was read only in part although the file is in the corpus. */
  readonly warnings: readonly Problem[];
  /** Why a file without a problem is no document; null when it is one or has a problem. */
  readonly skipped: string | null;
}

export interface FileToRead {
  readonly path: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** The encoding of its text, as a server's header declared it. */
  readonly charset?: string | null;
}

export function refused(problems: readonly Problem[]): ReadDocument {
  return {
    document: null,
    namesItself: false,
    links: [],
    leftOut: [],
    author: null,
    language: null,
    frontMatterLines: NO_LINES,
    problems,
    warnings: [],
    skipped: null,
  };
}

/** Reads one file of the corpus. Never throws because of its content. */
export async function readDocument(file: FileToRead): Promise<ReadDocument> {
  const { path, format } = file;
  const sized = sizeProblem(file.bytes.byteLength);
  if (sized !== null) return refused([problem(path, sized)]);
  try {
    return await readSized(file);
  } catch (error) {
    // The libraries for HTML and PDF may fail on unusual files; one of those must not end a build.
    const found = messageOf(error).replace(/[.\s]+$/, '');
    const message = `expected a ${format} file that can be read, found: ${found}. Save it in another format.`;
    return refused([problem(path, message)]);
  }
}

async function readSized({
  path,
  format,
  bytes,
  charset = null,
}: FileToRead): Promise<ReadDocument> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (format === '.pdf') {
    const { readPdf } = await import('./formats/pdf.ts');
    const pdf = await readPdf(bytes);
    if (!pdf.ok) return refused([problem(path, pdf.message)]);
    return finish({ path, sha256, decoded: pdf.decoded, body: pdf });
  }
  if (format === '.docx' || format === '.epub') {
    const { readDocx, readEpub } = await import('./formats/office.ts');
    const office = await (format === '.docx' ? readDocx : readEpub)(bytes);
    if (!office.ok) return refused([problem(path, office.message)]);
    return withinTime(() => finish({ path, sha256, decoded: office.decoded, body: office }));
  }
  const isMarkup = format === '.html' || format === '.htm';
  const decoded = decode(bytes, { charset, isMarkup });
  if (!decoded.ok) return refused([problem(path, decoded.failure.message, decoded.failure)]);
  const { text } = decoded;
  if (isMarkup) {
    const { readHtml } = await import('./formats/html.ts');
    return withinTime(() => finish({ path, sha256, decoded: text, body: readHtml(text) }));
  }
  return withinTime(() => readWritten({ path, sha256, decoded: text, isPlain: format === '.txt' }));
}

/** Markdown or plain text, with or without front matter. */
function readWritten({
  isPlain,
  ...file
}: Pick<Parts, 'path' | 'sha256' | 'decoded'> & { readonly isPlain: boolean }): ReadDocument {
  const { path, decoded } = file;
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(decoded)) {
    return refused([
      problem(path, 'expected text, found a web page. Give the file the ending .html.'),
    ]);
  }
  const frontMatter = readFrontMatter(decoded, path);
  if (frontMatter.problems.length > 0) return refused(frontMatter.problems);
  const { fields, bodyStart, lines, warnings } = frontMatter;
  const rest = decoded.slice(bodyStart);
  const parsed: ParsedBody & { readonly links?: readonly Link[] } = isPlain
    ? { blocks: readPlainText(rest, bodyStart), leftOut: [] }
    : readMarkdown(rest, { bodyStart, citesSources: fields?.kind !== undefined });
  const body = fields === null ? { ...parsed, ...fieldsAtTop(rest) } : parsed;
  const leftOut =
    bodyStart === 0
      ? body.leftOut
      : [{ start: 0, end: bodyStart, why: 'front matter' }, ...body.leftOut];
  return { ...finish({ ...file, body: { ...body, leftOut }, fields, lines }), warnings };
}

interface Parts {
  readonly path: string;
  readonly sha256: string;
  readonly decoded: string;
  readonly body: ParsedBody & { readonly links?: readonly Link[] };
  readonly fields?: Fields | null;
  readonly lines?: FrontMatterLines;
}

/** From blocks to a document, for all formats. */
function finish({ path, sha256, decoded, body, fields = null, lines }: Parts): ReadDocument {
  const isOurs = fields?.kind !== undefined;
  const { name } = posix.parse(path);
  const paragraphs = isOurs ? body.blocks.map(flattened) : inParagraphs(body);
  const blocks = paragraphs.map(withoutEndlessHeading);
  if (blocks.every(({ kind, guessed }) => kind === 'heading' && guessed !== true)) {
    // A meeting must have a document; a note of another program may be a stub.
    return isOurs
      ? refused([problem(path, 'expected text, found none. Write some, or remove the file.')])
      : {
          ...refused([]),
          leftOut: leftOutLines(body, lineStartsOf(decoded)),
          skipped: 'it has no text below its title',
        };
  }
  const { title, block: titleBlock } = titleOf(blocks, {
    given: fields?.title ?? body.title ?? null,
    fallback: name,
  });
  const assembled = assemble(blocks, {
    decoded,
    titleBlock,
    opens: isOurs ? () => false : ({ text }) => isDateline(text),
  });
  const document: Document = {
    id: fields?.id ?? slug(name),
    kind: fields?.kind ?? 'other',
    title,
    path,
    sha256,
    ...assembled,
    expected: [],
    sources: fields?.sources ?? [],
    topics: fields?.topics ?? [],
    people: fields?.people ?? [],
    meeting: fields?.kind === 'meeting' ? meetingOf(fields) : null,
    date: isOurs ? (fields.date ?? null) : (fields?.date ?? body.date ?? dateOf(name, body.blocks)),
    ...(isOurs ? { related: fields.related } : {}),
    ...(isOurs && fields.ja !== undefined ? { ja: fields.ja } : {}),
  };
  const { lineStarts } = assembled.origin;
  return {
    document,
    namesItself: fields?.id !== undefined,
    links: (body.links ?? []).map(({ url, fileOffset }) => ({
      url,
      ...placeInFile(lineStarts, fileOffset),
    })),
    leftOut: leftOutLines(body, lineStarts),
    author: body.author ?? null,
    language: body.language ?? null,
    frontMatterLines: lines ?? NO_LINES,
    problems: [],
    warnings: [],
    skipped: null,
  };
}

/** What a reader left out, by lines; parts of one line for one reason are one. */
function leftOutLines({ leftOut }: ParsedBody, lineStarts: readonly number[]): LeftOut[] {
  const found: LeftOut[] = [];
  for (const { start, end, why } of leftOut) {
    const first = placeInFile(lineStarts, start).line;
    const last = placeInFile(lineStarts, Math.max(start, end - 1)).line;
    const before = found.at(-1);
    if (before?.why === why && before.lines[1] === first) {
      found[found.length - 1] = { why, lines: [before.lines[0], last] };
    } else found.push({ lines: [first, last], why });
  }
  return found;
}

/** UTF-16 characters. Headings are read with each passage below them, so a text that is marked as one is none. */
const LONGEST_HEADING = 400;

function withoutEndlessHeading(block: Block): Block {
  const isEndless = block.kind === 'heading' && block.text.length > LONGEST_HEADING;
  return isEndless ? { ...block, kind: 'paragraph', level: 0 } : block;
}

/** UTF-16 characters. A longer row is a layout table: a page in one cell. */
const LONGEST_ROW = 200;

/** Blocks of a file without this corpus's front matter: in paragraphs, with guessed headings. */
function inParagraphs({ blocks: raw, marksHeadings = false, title }: ParsedBody): Block[] {
  const width = wrapWidth(
    raw.flatMap((block) => (block.text.includes('\n') ? softLines(block) : [])),
  );
  const paragraphs = raw.flatMap((block) => {
    const isLayout = block.kind === 'row' && block.text.length > LONGEST_ROW;
    const isLoose = block.kind === 'paragraph' || block.kind === 'item' || isLayout;
    if (!isLoose || !block.text.includes('\n')) return [flattened(block)];
    const lines = softLines(isLayout ? { ...block, kind: 'paragraph' } : block);
    return paragraphsOf(lines, width);
  });
  const marked = paragraphs.filter(({ kind }) => kind === 'heading').length;
  // Who marks one heading marks the others: a short line without a full stop is then a sentence.
  return marksHeadings || marked > 0 ? paragraphs : guessHeadings(paragraphs, title != null);
}

/** The date that the name of a file begins with, as those of diaries do; else that in the dateline among its first lines. */
function dateOf(name: string, blocks: readonly Block[]): string | null {
  const [dated] = /^(?:19|20)\d\d-\d\d-\d\d(?!\d)/.exec(name) ?? [];
  if (dated !== undefined && !Number.isNaN(Date.parse(dated))) return dated;
  const top = blocks.slice(0, 15).map(({ text }) => text);
  const line = top.find((text) => text.length < 160 && firstIsoDate(text) !== null);
  const opening = top.find((text) => text.length >= 160);
  return firstIsoDate(line ?? '') ?? firstIsoDate(opening?.slice(0, 60) ?? '');
}

/** Lower-case words joined by hyphens: "press-conference" for "Press Conference". */
export function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'document' : words;
}

function meetingOf(fields: MeetingFields): Meeting {
  const { kind: _kind, related: _related, ja: _ja, ...given } = fields;
  const { timeZone, localStartAlternative, durationAlternativeMinutes, ...meeting } = given;
  return {
    ...meeting,
    ...(timeZone == null ? {} : { timeZone }),
    ...(localStartAlternative == null ? {} : { localStartAlternative }),
    ...(durationAlternativeMinutes == null ? {} : { durationAlternativeMinutes }),
  };
}
