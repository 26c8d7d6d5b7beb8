/**
 * DOCX and EPUB: archives of markup whose every part is text. They have no lines; a line is a paragraph, heading, item of
 * a list or row of a table, counted from the beginning.
 */
import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { messageOf } from '../../errors.ts';
import { firstIsoDate } from '../../language/dates.ts';
import { decode, decodedUrl, startsWith } from '../files.ts';
import {
  Unreadable,
  type Block,
  type ExtractedBody,
  type LeftOutSpan,
  type Metadata,
} from './block.ts';
import { readMarkup } from './html.ts';
import { attributeOf, elementsIn, parsePage, plainText, type PageElement } from './page.ts';
import { titleThatSays } from './structure.ts';

/** Blocks in which a document is dated. */
const TOP = 15;

/** Text, or the reason why a part is left out. */
type Piece = { readonly block: Block } | { readonly why: string };

const WANTED_OF_DOCX = /^(?:word|docProps)\/.*\.xml$|\.rels$|^\[Content_Types\]\.xml$/;
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name^='toc '] => nav > p:fresh",
  "p[style-name='table of figures'] => nav > p:fresh",
  "highlight[color='hidden'] => span[hidden='hidden']",
  "r[style-name='hidden'] => span[hidden='hidden']",
  "p[style-name='hidden'] => p[hidden='hidden']:fresh",
  "br[type='page'] => br",
  "br[type='column'] => br",
];
/** Hidden text, in the words of Word; the library knows only marked text. */
const VANISHING = /<w:vanish(?:\s+w:val="(?:1|true|on)")?\s*\/>/g;

/** What the library would drop with the text in it: fields, directions of writing, words with their reading, formulas. */
const WRAPPERS = /<\/?(?:w:(?:fldSimple|bdo|dir|ruby|rubyBase)|m:oMathPara)(?:\s[^<>]*)?>/g;
const READING = /<w:rt>(?:[^<]|<(?!\/?w:rt>))*<\/w:rt>/g;
const FORMULA = /<m:oMath(?:\s[^<>]*)?>((?:[^<]|<(?!\/?m:oMath[\s>]))*)<\/m:oMath>/g;
/** Parts of a formula that one line cannot show, as fractions, roots, powers: all but runs, text and their properties. */
const STACKED = /<m:(?![rt][\s>]|\w+Pr\b|(?:sty|scr|nor|lit|brk|aln)\b)\w/;

/** A thing in two forms, of which the library reads the second, and drawings, of which it reads pictures alone. */
const ALTERNATIVES = wholly('mc:AlternateContent');
const DRAWING = wholly('w:drawing|wps:wsp|wps:txbx');
const OF_DRAWING = /<\/?(?:wp[a-z]?|a|pic|mc)\d*:[^<>]*>/g;
/** Text boxes in text boxes that are followed. */
const DEEPEST_BOX = 8;

/** Elements of a name that hold none of the same. */
function wholly(name: string): RegExp {
  return new RegExp(`<(${name})(?:\\s[^<>]*)?(?<!/)>((?:[^<]|<(?!/?\\1[\\s>]))*)</\\1>`, 'g');
}

/** A part of a DOCX file with its text boxes as the library knows them. */
function withTextBoxes(xml: string): string {
  const holdsText = (part: string): boolean => part.includes('<w:txbxContent');
  let text = xml;
  for (let depth = 0; depth < DEEPEST_BOX; depth++) {
    const before = text;
    text = text
      .replace(ALTERNATIVES, (_, _name: string, forms: string) => {
        const second = forms.search(/<mc:Fallback[\s>/]/);
        if (second === -1) return forms;
        const fallback = forms.slice(second);
        const choice = forms.slice(0, second);
        return holdsText(choice) && !holdsText(fallback) ? choice : fallback;
      })
      .replace(DRAWING, (drawing: string) => {
        if (!holdsText(drawing)) return drawing;
        const ending = '</w:txbxContent>';
        const start = drawing.indexOf('<w:txbxContent');
        const boxes = drawing.slice(start, drawing.lastIndexOf(ending) + ending.length);
        return `<w:pict>${boxes.replace(OF_DRAWING, '')}</w:pict>`;
      });
    if (text === before) break;
  }
  return text.replace(/<\/?mc:(?:Choice|Fallback)(?:\s[^<>]*)?>/g, '');
}

/** A part of a DOCX file in words that the library knows; `leftOut` gains what one cannot write as text. */
function forLibrary(xml: string, leftOut: Set<string>): string {
  const without = (why: string): string => {
    leftOut.add(why);
    return '';
  };
  return withTextBoxes(xml)
    .replace(VANISHING, '<w:highlight w:val="hidden"/>')
    .replace(READING, () => without('reading aid'))
    .replace(WRAPPERS, '')
    .replace(FORMULA, (_, formula: string) => {
      if (STACKED.test(formula)) return without('formula');
      const text = [...formula.matchAll(/<m:t(?:\s[^<>]*)?>([^<]*)/g)].map(([, part]) => part);
      return `<w:r><w:t xml:space="preserve">${text.join('')}</w:t></w:r>`;
    })
    .replace(/<w:cr\s*\/>/g, '<w:br/>')
    .replace(/<w:ptab(?:\s[^<>]*)?\/>/g, '<w:tab/>');
}

/** Styles under the names that {@link STYLES} knows: those of a level are headings, whatever a template calls them. */
function withKnownNames(styles: string): string {
  const levels = new Map<string, string>();
  return styles.replace(/<w:style\s(?:[^<]|<(?!\/?w:style[\s>]))*/g, (style) => {
    const valueOf = (element: string): string | undefined =>
      new RegExp(`<w:${element}\\sw:val="([^"]*)"`).exec(style)?.[1];
    const named = (name: string): string =>
      style.replace(/(<w:name\sw:val=")[^"]*/, (_, before: string) => before + name);
    if (style.search(VANISHING) !== -1) return named('hidden');
    const level = valueOf('outlineLvl') ?? levels.get(valueOf('basedOn') ?? '');
    const id = /\sw:styleId="([^"]*)"/.exec(style)?.[1];
    if (level === undefined || id === undefined) return style;
    levels.set(id, level);
    return /^[0-5]$/.test(level) ? named(`heading ${Number(level) + 1}`) : style;
  });
}

export async function readDocx(bytes: Uint8Array): Promise<ExtractedBody> {
  return reading('a DOCX file', bytes, WANTED_OF_DOCX, async (archive) => {
    const { default: mammoth } = await import('mammoth');
    const textOf = (path: string): string => partOf(archive, path) ?? '';
    const unwritten = new Set<string>();
    const file = {
      exists: (path: string) => archive.has(path),
      read: (path: string) =>
        Promise.resolve(
          path === 'word/styles.xml'
            ? withKnownNames(textOf(path))
            : forLibrary(textOf(path), unwritten),
        ),
    };
    const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: '' }));
    const { value } = await mammoth.convertToHtml(
      // Without a path, the library reads the parts that are unpacked already.
      Object.assign({ path: '' }, { file }),
      { styleMap: STYLES, convertImage },
    );
    // Notes stand at the end, each with an arrow back to its mark.
    const markup = value.replace(/ ?<a href="#(?:foot|end)note-ref-[^>]*>↑<\/a>/g, '');
    const pieces: Piece[] = readMarkup(markup);
    const document = textOf('word/document.xml');
    for (const why of unwritten) pieces.push({ why });
    if (/<w:(?:delText|moveFrom)[\s>]/.test(document)) pieces.push({ why: 'deleted text' });
    if (textOf('word/comments.xml').includes('<w:t')) pieces.push({ why: 'comments' });
    for (const path of archive.keys()) {
      const [, edge] = /^word\/(header|footer)\d*\.xml$/.exec(path) ?? [];
      if (edge !== undefined && textOf(path).includes('<w:t')) pieces.push({ why: `page ${edge}` });
      const isFigure = /^word\/(?:diagrams\/data|charts\/chart)\d*\.xml$/.test(path);
      if (isFigure && textOf(path).includes('<a:t>')) pieces.push({ why: 'text of a diagram' });
    }
    const about = elementsOf(textOf('docProps/core.xml'));
    // The file's own date is that of its making; a date that its first lines name says more.
    const isDated = pieces
      .slice(0, TOP)
      .some((piece) => 'block' in piece && firstIsoDate(piece.block.text) !== null);
    return {
      pieces,
      about: about.filter(({ tagName }) => !isDated || tagName !== 'dcterms:created'),
    };
  });
}

export async function readEpub(bytes: Uint8Array): Promise<ExtractedBody> {
  return reading('an EPUB file', bytes, /\.(?:x?html?|opf|xml)$/i, (archive) => {
    const container = elementsOf(partOf(archive, 'META-INF/container.xml') ?? '');
    const [root] = container.filter(({ tagName }) => tagName === 'rootfile');
    const packagePath = root && attributeOf(root, 'full-path');
    const opf = packagePath ? partOf(archive, packagePath) : null;
    if (opf === null) throw new Error('an archive without a book');
    const about = elementsOf(opf);
    const folder = posix.dirname(packagePath ?? '');
    const named = (name: string): PageElement[] => about.filter(({ tagName }) => tagName === name);
    const items = new Map(named('item').map((item) => [attributeOf(item, 'id'), item]));
    const guide = named('reference').find((element) => attributeOf(element, 'type') === 'toc');
    const contents = guide && attributeOf(guide, 'href')?.replace(/#.*/s, '');
    const pieces: Piece[] = [];
    for (const reference of named('itemref')) {
      const item = items.get(attributeOf(reference, 'idref'));
      const path = item && attributeOf(item, 'href');
      if (item === undefined || path == null) continue;
      const chapter = partOf(archive, posix.join(folder, decodedUrl(path)));
      const isNavigation = /\bnav\b/.test(attributeOf(item, 'properties') ?? '');
      if (chapter === null) pieces.push({ why: 'a part that is no text' });
      else if (isNavigation || (path === contents && isMostlyLinks(chapter)))
        pieces.push({ why: 'table of contents' });
      else for (const piece of readMarkup(asHtml(chapter))) pieces.push(piece);
    }
    return Promise.resolve({ pieces, about, isBook: true });
  });
}

/** A chapter may begin with the contents, in a book of one part. */
function isMostlyLinks(chapter: string): boolean {
  const elements = elementsOf(chapter);
  const lengthOf = (tag: string): number => {
    const texts = elements.filter(({ tagName }) => tagName === tag).map(plainText);
    return texts.reduce((sum, { length }) => sum + length, 0);
  };
  return lengthOf('a') > lengthOf('body') / 2;
}

interface Parts {
  readonly pieces: readonly Piece[];
  /** The elements that tell title, author, date and language by Dublin Core. */
  readonly about: readonly PageElement[];
  /** Its title was chosen by a publisher, not by a program. */
  readonly isBook?: boolean;
}

async function reading(
  format: string,
  bytes: Uint8Array,
  wanted: RegExp,
  read: (archive: Archive) => Promise<Parts>,
): Promise<ExtractedBody> {
  try {
    const { pieces, about, isBook = false } = await read(await readArchive(bytes, format, wanted));
    // Many people make headings of a letter's kind and size alone.
    return { ...asLines(pieces), ...metadataOf(about, isBook), marksHeadings: isBook };
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    const found = messageOf(cause).replace(/[.?\s]+$/, '');
    const message = `expected ${format}, found: ${found}. Save the document again.`;
    throw new Unreadable(message, { cause });
  }
}

/** Text of a part; null when the archive has none or it is in no encoding that is known. */
function partOf(archive: Archive, path: string): string | null {
  const bytes = archive.get(path);
  try {
    return bytes === undefined ? null : decode(bytes);
  } catch {
    return null;
  }
}

function elementsOf(xml: string): PageElement[] {
  return elementsIn(parsePage(asHtml(xml)).html);
}

const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i;

/** XML with an end for each element, which HTML wants: `<p/>` would be open to the end. */
function asHtml(xml: string): string {
  return xml.replace(
    /<([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)\/>/g,
    (whole, name: string, rest: string) => (VOID.test(name) ? whole : `<${name}${rest}></${name}>`),
  );
}

/** The pieces one below the other, and their blocks with offsets in that text. */
function asLines(pieces: readonly Piece[]): ExtractedBody {
  const blocks: Block[] = [];
  const leftOut: LeftOutSpan[] = [];
  let decoded = '';
  for (const piece of pieces) {
    const start = decoded.length;
    if ('block' in piece) {
      const { kind, level, text } = piece.block;
      const runs = [{ textStart: 0, fileStart: start }];
      blocks.push({ kind, level, text, runs, marks: [] });
      decoded += `${text}\n`;
    } else {
      decoded += `[${piece.why}]\n`;
      leftOut.push({ start, end: decoded.length - 1, why: piece.why });
    }
  }
  return { decoded, blocks, leftOut };
}

function metadataOf(elements: readonly PageElement[], isBook: boolean): Metadata {
  const textOf = (...names: readonly string[]): string | null => {
    const texts = elements.filter(({ tagName }) => names.includes(tagName)).map(plainText);
    return texts.find((text) => text !== '') ?? null;
  };
  const day = /^\d{4}-\d\d-\d\d/.exec(textOf('dc:date', 'dcterms:created') ?? '');
  return {
    title: titleThatSays(textOf('dc:title'), isBook),
    author: textOf('dc:creator'),
    date: day?.[0] ?? null,
    language: textOf('dc:language'),
  };
}

/**
 * Bytes of the parts that are read, unpacked. The text of a novel is 1 MiB, and the reader of DOCX takes about thirty
 * times as much memory as it has text.
 */
export const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/** Parts by their path in the archive. */
type Archive = ReadonlyMap<string, Uint8Array>;

/**
 * The parts of a ZIP archive whose path is `wanted`. None is unpacked further than the archive says that it is large.
 *
 * @throws Unreadable when they unpack to too much, Error when the archive is damaged
 */
async function readArchive(bytes: Uint8Array, format: string, wanted: RegExp): Promise<Archive> {
  if (!startsWith(bytes, 'PK')) throw new Error('another kind of file');
  const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
  const parts = new Map<string, Uint8Array>();
  let left = MAX_UNPACKED_BYTES;
  for await (const entry of zip.eachEntry()) {
    if (!wanted.test(entry.fileName)) continue;
    left -= entry.uncompressedSize;
    if (left < 0) {
      const limit = MAX_UNPACKED_BYTES / 1024 / 1024;
      const message = `expected ${format} whose text unpacks to at most ${limit} MiB, found more. Split it, or save its text.`;
      throw new Unreadable(message);
    }
    parts.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}
