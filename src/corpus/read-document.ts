/** One file of the corpus into a document. */
import { extname, posix } from 'node:path';
import { messageOf } from '../errors.ts';
import { sha256 } from '../files.ts';
import { isDateline } from '../language/dates.ts';
import { decode, sizeProblem, withinTime } from './files.ts';
import { flattened, Unreadable, type Block, type ParsedBody } from './formats/block.ts';
import {
  fieldsAtTop,
  NO_LINES,
  readFrontMatter,
  withoutHeadsOfMails,
  type Fields,
  type FrontMatterLines,
  type MeetingFields,
  type PartialFields,
} from './formats/front-matter.ts';
import { readMarkdown, type Link } from './formats/markdown.ts';
import {
  assemble,
  dateOf,
  inParagraphs,
  readPlainText,
  titleOf,
  withoutEndlessHeading,
} from './formats/structure.ts';
import {
  lineStartsOf,
  placeInFile,
  problem,
  type Document,
  type LeftOut,
  type Meeting,
  type Place,
  type Problem,
} from './types.ts';

/** What files are by their endings. */
const WANTED = {
  '.md': 'text',
  '.markdown': 'text',
  '.txt': 'text',
  '.eml': 'a mail in plain text',
  '.html': 'a web page',
  '.htm': 'a web page',
  '.pdf': 'a PDF',
  '.docx': 'a DOCX file',
  '.epub': 'an EPUB file',
} as const;
export type Format = keyof typeof WANTED;
export const FORMATS = Object.keys(WANTED) as Format[];

const AS_DOCX = 'Save the document as .docx.';
/** What files are by their first bytes, and the endings of those that can be read, or what to do. The first counts. */
const KINDS: readonly (readonly [
  begins: RegExp,
  what: string,
  endings: readonly Format[] | string,
])[] = [
  [/^%PDF-/, 'a PDF', ['.pdf']],
  [/^PK\x03\x04.{0,60}mimetypeapplication\/epub\+zip/s, 'an EPUB file', ['.epub']],
  [/^PK\x03\x04.{0,60}mimetypeapplication\/vnd\.oasis/s, 'a file of LibreOffice', AS_DOCX],
  [/^PK\x03\x04.*word\/document/s, 'a DOCX file', ['.docx']],
  [/^PK\x03\x04.*(?:xl\/workbook|ppt\/presentation)/s, 'a table or slides', AS_DOCX],
  [/^PK\x03\x04/, 'an archive', 'Unpack it.'],
  [/^\{\\rtf/, 'RTF', AS_DOCX],
  [/^\xd0\xcf\x11\xe0/, 'a file of an old version of Word or Excel', AS_DOCX],
  [
    /^(?:\x89PNG|\xff\xd8\xff|GIF8[79]a.{0,8}[^\x09-\x7e]|RIFF.{0,4}WEBP|.?ftyp(?:avif|hei[cx]|mif1|isom|mp4|M4|qt))/s,
    'a picture or film',
    'Run text recognition (OCR) on it, or remove it.',
  ],
  [/^(?:\x1f\x8b|7z\xbc\xaf|Rar!\x1a)/, 'an archive', 'Unpack it.'],
  [/^bplist0/, 'a web archive', 'Save the page as HTML.'],
  [
    /^(?:[a-z][\w-]*:.*\r?\n(?:[ \t].*\r?\n)*)*?content-(?:transfer-encoding: *(?:quoted-printable|base64)|type: *(?:multipart|text\/html))/i,
    'a mail or a web archive in code for sending',
    'Save the mail as text, or the page as HTML.',
  ],
  [/^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b/i, 'a web page', ['.html', '.htm']],
  // In Markdown these are common.
  [
    /^\s*<(?:head|body|main|article|section|div|p|h[1-6]|table|[uo]l)(?:\s[^<>]*)?>/i,
    'a part of a web page',
    ['.html', '.htm', '.md', '.markdown'],
  ],
];

/** Bytes at the beginning that tell most kinds, and at the end, where the names of the parts of an archive are. */
const FIRST_BYTES = 16 * 1024;
const LAST_BYTES = 64 * 1024;

/** The problem with a file that is not of the format of its ending; null for one that may be. */
function kindProblem(bytes: Uint8Array, format: Format): string | null {
  const end = bytes.subarray(Math.max(FIRST_BYTES, bytes.length - LAST_BYTES));
  const telling = Buffer.concat([bytes.subarray(0, FIRST_BYTES), end]).toString('latin1');
  // Without marks of an encoding, and in UTF-16 without the zeros.
  const text = telling.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replaceAll('\0', '');
  const [, what, remedy = ''] = KINDS.find(([begins]) => begins.test(text)) ?? [];
  // The reader of a damaged archive says more.
  const isOpen = what === 'an archive' && (format === '.docx' || format === '.epub');
  if (what === undefined || isOpen) return null;
  if (typeof remedy !== 'string' && remedy.includes(format)) return null;
  const hint = typeof remedy === 'string' ? remedy : `Give the file the ending ${remedy[0]}.`;
  return `expected ${WANTED[format]}, found ${what}. ${hint}`;
}

/** Null for an ending that is not known. */
export function formatOf(path: string): Format | null {
  return FORMATS.find((known) => known === extname(path).toLowerCase()) ?? null;
}

export interface ReadDocument {
  /** Null when the file has a problem. `id` comes from the front matter or is made from the path. */
  readonly document: Document | null;
  readonly links: readonly (Place & Pick<Link, 'url'>)[];
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
  /** Why a file without a problem is not a document; null when it is one or has a problem. */
  readonly skipped: string | null;
  /** Of a document of this corpus whose front matter has problems, for a check of what else is wrong. */
  readonly draft: Draft | null;
}

type Draft = PartialFields & Pick<Document, 'path' | 'footnotes'>;

interface LoadedFile {
  readonly path: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** The encoding of its text, as a server's header declared it. */
  readonly charset?: string | null;
}

const NOTHING: ReadDocument = {
  document: null,
  links: [],
  leftOut: [],
  author: null,
  language: null,
  frontMatterLines: NO_LINES,
  problems: [],
  warnings: [],
  skipped: null,
  draft: null,
};

export function refused(...problems: readonly Problem[]): ReadDocument {
  return { ...NOTHING, problems };
}

/** Reads one file of the corpus. Never throws because of its content. */
export async function readDocument(file: LoadedFile): Promise<ReadDocument> {
  const { path, format, bytes } = file;
  const wrong = sizeProblem(bytes.byteLength, path) ?? kindProblem(bytes, format);
  if (wrong !== null) return refused(problem(path, wrong));
  try {
    return await readSized(file);
  } catch (error) {
    if (error instanceof Unreadable) return refused(problem(path, error.message, error.place));
    // The libraries for HTML and PDF may fail on unusual files; one of those must not end a build.
    return refused(notReadable(file, messageOf(error).replace(/[.\s]+$/, '')));
  }
}

export function notReadable({ path, format }: Pick<LoadedFile, 'path' | 'format'>, found: string) {
  const message = `expected a ${format} file that can be read, found: ${found}. Save it in another format.`;
  return problem(path, message);
}

/** @throws Unreadable, and errors of the libraries */
async function readSized(file: LoadedFile): Promise<ReadDocument> {
  const { path, format, bytes, charset = null } = file;
  const given = { path, sha256: sha256(bytes) };
  if (format === '.pdf') {
    const { readPdf } = await import('./formats/pdf.ts');
    const body = await readPdf(bytes);
    return finish({ ...given, decoded: body.decoded, body });
  }
  if (format === '.docx' || format === '.epub') {
    const { readDocx, readEpub } = await import('./formats/office.ts');
    const body = await (format === '.docx' ? readDocx : readEpub)(bytes);
    return withinTime(() => finish({ ...given, decoded: body.decoded, body }));
  }
  const isMarkup = format === '.html' || format === '.htm';
  const decoded = decode(bytes, { charset, isMarkup });
  // A text that was given the ending of a page would be one line.
  if (!isMarkup || !/<[a-z!]/i.test(decoded)) {
    return withinTime(() =>
      readWritten({ ...given, decoded }, isMarkup || /^\.(?:txt|eml)$/.test(format)),
    );
  }
  const { readHtml } = await import('./formats/html.ts');
  return withinTime(() => finish({ ...given, decoded, body: readHtml(decoded) }));
}

interface Parts {
  readonly path: string;
  readonly sha256: string;
  readonly decoded: string;
  readonly body: ParsedBody & { readonly links?: readonly Link[] };
  readonly fields?: Fields | null;
  readonly lines?: FrontMatterLines;
}

/** Markdown or plain text, with or without front matter. */
function readWritten(file: Pick<Parts, 'path' | 'sha256' | 'decoded'>, isPlain: boolean) {
  const { path, decoded } = file;
  const { fields, partial, bodyStart, lines, problems, warnings } = readFrontMatter(decoded, path);
  if (problems.length > 0 && partial === null) return refused(...problems);
  const rest = decoded.slice(bodyStart);
  const citesSources = fields?.kind !== undefined || partial !== null;
  const { kept, leftOut } = withoutHeadsOfMails(rest, bodyStart);
  const parsed: Parts['body'] = isPlain
    ? { blocks: readPlainText(kept, bodyStart), leftOut: [] }
    : readMarkdown(kept, { bodyStart, citesSources });
  const front = bodyStart === 0 ? [] : [{ start: 0, end: bodyStart, why: 'front matter' }];
  const body = {
    ...parsed,
    ...(fields === null ? fieldsAtTop(rest) : {}),
    leftOut: [...front, ...leftOut, ...parsed.leftOut].sort(
      (one, other) => one.start - other.start,
    ),
  };
  const read = { ...finish({ ...file, body, fields, lines }), warnings };
  if (partial === null) return read;
  const { document, links } = read;
  const withoutText = document === null ? [problem(path, NO_TEXT)] : [];
  return {
    ...{ ...refused(...problems, ...withoutText), links, frontMatterLines: lines },
    draft: { ...partial, path, footnotes: document?.footnotes ?? [] },
  };
}

const NO_TEXT = 'expected text, found none. Write some, or remove the file.';

/** From blocks to a document, for all formats. */
function finish({ path, sha256, decoded, body, fields = null, lines }: Parts): ReadDocument {
  const isOurs = fields?.kind !== undefined;
  const { name } = posix.parse(path);
  const paragraphs = isOurs ? body.blocks.map(flattened) : inParagraphs(body);
  const blocks = paragraphs.map(withoutEndlessHeading);
  const lineStarts = lineStartsOf(decoded);
  const leftOut = leftOutLines(body, lineStarts);
  if (blocks.every(({ kind, guessed }) => kind === 'heading' && guessed !== true)) {
    // A meeting must have a document; a note of another program may be a stub.
    if (!isOurs) return { ...NOTHING, leftOut, skipped: 'it has no text below its title' };
    throw new Unreadable(NO_TEXT);
  }
  // A mail that was saved as a page or a document begins with its fields.
  const top = body.title == null ? fieldsAtTop(body.blocks[0]?.text ?? '') : {};
  const given = fields?.title ?? body.title ?? top.title ?? null;
  const { title, block: titleBlock } = titleOf(blocks, { given, fallback: name });
  const opens = isOurs ? () => false : ({ text }: Block) => isDateline(text);
  const { text, sections, footnotes, runs } = assemble(blocks, lineStarts, titleBlock, opens);
  const document: Document = {
    id: fields?.id ?? slug(name),
    kind: fields?.kind ?? 'other',
    title,
    path,
    sha256,
    text,
    sections,
    footnotes,
    origin: { runs, lineStarts },
    expected: [],
    sources: fields?.sources ?? [],
    topics: fields?.topics ?? [],
    people: fields?.people ?? [],
    meeting: fields?.kind === 'meeting' ? meetingOf(fields) : null,
    date: isOurs
      ? (fields.date ?? null)
      : (fields?.date ?? body.date ?? top.date ?? dateOf(name, body.blocks)),
    ...(isOurs ? { related: fields.related } : {}),
    ...(isOurs && fields.ja !== undefined ? { ja: fields.ja } : {}),
  };
  return {
    ...NOTHING,
    document,
    links: (body.links ?? []).map(({ url, fileOffset }) => {
      return { url, ...placeInFile(lineStarts, fileOffset) };
    }),
    leftOut,
    author: body.author ?? top.author ?? null,
    language: body.language ?? null,
    frontMatterLines: lines ?? NO_LINES,
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

function meetingOf({ kind: _kind, related: _related, ja: _ja, ...given }: MeetingFields): Meeting {
  return given;
}
