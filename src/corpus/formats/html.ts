/** Text of a web page, of the article alone or of the whole page, with offsets in the file. */
import type { Span } from '../types.ts';
import {
  appendDecoded,
  BlockBuilder,
  raisedDigits,
  type Block,
  type BlockKind,
  type LeftOutSpan,
  type ParsedBody,
} from './block.ts';
import {
  articleTexts,
  boilerplateOf,
  furnitureOf,
  isDocument,
  OUTSIDE,
  type PageBlock,
} from './article.ts';
import { metadataOf } from './metadata.ts';
import {
  attributeOf,
  BLOCKS,
  elementsIn,
  isElement,
  isText,
  NOTE_MARK,
  noteMark,
  parsePage,
  plainText,
  showAll,
  textsIn,
  unreadReason,
  type Page,
  type PageElement,
  type PageText,
} from './page.ts';

/** Blocks of a page, its title and what it says about itself. */
export function readHtml(source: string): ParsedBody {
  const page = parsePage(source);
  const shown = readArticle(page);
  if (shown.blocks.some(({ kind }) => kind !== 'heading')) return shown;
  // Nothing to read without scripts: a script would have shown what is hidden.
  return showAll(page) ? readArticle(page) : shown;
}

function readArticle(page: Page): ParsedBody {
  const furniture = furnitureOf(page);
  const article = isDocument(page) ? null : articleTexts(page, furniture);
  const read = new PageReader(page.source, { furniture, article }).read(page.body);
  const { tooDeep } = page;
  const leftOut = tooDeep === null ? [] : [{ start: tooDeep, end: tooDeep, why: TOO_DEEP }];
  leftOut.push(...read.leftOut);
  const blocks: Block[] = [];
  const reasons = boilerplateOf(read.blocks);
  for (const [index, { block }] of read.blocks.entries()) {
    const why = reasons[index] ?? null;
    if (why === null) blocks.push(block);
    else leftOut.push({ ...extentOf(block), why });
  }
  leftOut.sort((a, b) => a.start - b.start);
  return { blocks, leftOut, marksHeadings: true, ...metadataOf(page) };
}

const MENU = 'links to other pages';
const TOO_DEEP = 'elements without end inside each other; from here on their order alone counts';

/** Text of markup whose every part is text, such as a chapter of a book, and what it leaves out, in their order. */
export function readMarkup(source: string): ({ block: Block } | { why: string })[] {
  const { body, source: parsed } = parsePage(source);
  const furniture = new Map<PageElement, string>();
  for (const element of elementsIn(body)) {
    const type = attributeOf(element, 'epub:type') ?? attributeOf(element, 'role') ?? '';
    if (element.tagName === 'nav' || /\btoc\b/.test(type))
      furniture.set(element, 'table of contents');
    else if (/\bpagebreak\b/.test(type)) furniture.set(element, 'page number');
    else if (/\b(?:noteref|backlink)\b/.test(type)) furniture.set(element, NOTE_MARK);
  }
  const { blocks, leftOut } = new PageReader(parsed, { furniture, rowsAreLines: true }).read(body);
  return [
    ...blocks.map(({ block }) => ({ ...extentOf(block), block })),
    ...leftOut.filter(({ why }) => why !== NOTE_MARK),
  ].sort((a, b) => a.start - b.start);
}

function extentOf({ runs, text }: Block): Span {
  const { fileStart = 0, textStart = text.length } = runs.at(-1) ?? {};
  return { start: runs[0]?.fileStart ?? 0, end: fileStart + text.length - textStart };
}

interface BlockType {
  readonly kind: BlockKind;
  readonly level: number;
  /** Whether blocks inside are parts of one line. */
  readonly isLine?: boolean;
}

const TABLE = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr']);

/** Names of the inline elements around a text. */
type Inline = readonly string[];

/** Styles by which an element of a line has a box of its own: a browser looks for no words across its edge. */
const OWN_BOX = /(?:^|[\s;])(?:display\s*:\s*(?!inline\s*(?:;|!|$))|float\s*:\s*[lr])/i;
/** Of those the ones that stand below what is before them. */
const OWN_LINE = /(?:^|[\s;])display\s*:\s*(?:block|flex|grid|list-item|table)(?![\w-])/i;

/** A cell that goes on in the rows below it. */
interface SpanningCell {
  readonly cell: PageElement;
  readonly column: number;
  readonly width: number;
  /** How many. */
  readonly below: number;
  /** UTF-16 characters. */
  readonly length: number;
}

/** UTF-16 characters. A longer cell does not name its rows. */
const LONGEST_SPANNING_CELL = 200;
/** UTF-16 characters of a page that rows may repeat, so that reading stays linear; a repetition counts as some more. */
const MOST_REPEATED = 2_000_000;
const REPETITION = 16;

interface ReaderOptions {
  readonly furniture: ReadonlyMap<PageElement, string>;
  /** Texts of the article; null for the whole page. */
  readonly article?: ReadonlySet<PageText> | null;
  /** Whether a row of a table is one line, whatever its cells hold: no table arranges the page. */
  readonly rowsAreLines?: boolean;
}

class PageReader {
  readonly #source: string;
  readonly #options: Required<ReaderOptions>;
  readonly #blocks: PageBlock[] = [];
  readonly #leftOut: LeftOutSpan[] = [];
  /** Whether text was read since something was last left out. */
  #hasRead = false;
  #open = openBlock();
  /** Of the part of the table that is read, by column. */
  #spanning: readonly SpanningCell[] = [];
  #isRepeated = false;
  #repeatable = MOST_REPEATED;

  constructor(source: string, options: ReaderOptions) {
    this.#source = source;
    this.#options = { article: null, rowsAreLines: false, ...options };
  }

  read(body: PageElement): { blocks: readonly PageBlock[]; leftOut: readonly LeftOutSpan[] } {
    const type: BlockType = { kind: 'paragraph', level: 0 };
    this.#walk(body, type, []);
    this.#close(type);
    return { blocks: this.#blocks, leftOut: this.#leftOut };
  }

  #walk(parent: PageElement, type: BlockType, inline: Inline): void {
    for (const node of parent.childNodes) {
      if (isText(node)) this.#text(node, type, inline);
      else if (isElement(node)) this.#visit(node, type, inline);
    }
  }

  #visit(element: PageElement, type: BlockType, inline: Inline): void {
    const { tagName } = element;
    const why =
      unreadReason(element) ??
      this.#options.furniture.get(element) ??
      noteMark(element) ??
      (tagName === 'td' && type.isLine === false && isMenu(element) ? MENU : null);
    if (why !== null) {
      this.#leave(element, why);
      return;
    }
    const start = element.sourceCodeLocation?.startOffset ?? 0;
    if (tagName === 'br') {
      this.#open.text.cut('block');
      this.#open.text.separate(start, true);
      return;
    }
    if (!BLOCKS.has(tagName)) {
      const style = attributeOf(element, 'style') ?? '';
      const edge = (): void => {
        if (OWN_BOX.test(style)) this.#open.text.cut('block');
        if (OWN_LINE.test(style)) this.#open.text.separate(start);
      };
      edge();
      this.#walk(element, type, inline.includes(tagName) ? inline : [...inline, tagName]);
      edge();
      return;
    }
    const isInLine = type.isLine === true && !TABLE.has(tagName);
    if (tagName === 'td' || tagName === 'th' || isInLine) {
      this.#open.text.cut('block');
      this.#open.text.separate(start);
      this.#walk(element, type, inline);
      this.#open.text.cut('block');
      return;
    }
    this.#close(type);
    const inside = tagName === 'tr' ? this.#rowOf(element) : typeOf(element, type);
    if (tagName === 'tr') this.#row(element, inside, inline);
    else {
      const around = this.#spanning;
      if (TABLE.has(tagName)) this.#spanning = [];
      this.#walk(element, inside, inline);
      this.#spanning = around;
    }
    this.#close(inside);
  }

  /** The cells of a row, with those that go on in it from the rows above, as one sees it. */
  #row(row: PageElement, type: BlockType, inline: Inline): void {
    const above = this.#spanning.values();
    const below = this.#spanning.map((span) => ({ ...span, below: span.below - 1 }));
    let span = above.next().value;
    let column = 0;
    const repeat = (): void => {
      for (; span !== undefined && span.column <= column; span = above.next().value) {
        this.#repeat(span, type, inline);
        column = Math.max(column, span.column + span.width);
      }
    };
    for (const node of row.childNodes) {
      if (isText(node)) this.#text(node, type, inline);
      if (!isElement(node)) continue;
      repeat();
      this.#visit(node, type, inline);
      const width = Math.max(1, sizeOf(node, 'colspan') || 1);
      const rows = sizeOf(node, 'rowspan');
      const { length } = rows === 0 || rows > 1 ? plainText(node) : '';
      // No rows are all below it.
      const left = rows === 0 ? Infinity : rows - 1;
      if (length > 0 && length <= LONGEST_SPANNING_CELL)
        below.push({ length, cell: node, column, width, below: left });
      column += width;
    }
    column = Infinity;
    repeat();
    this.#spanning = below
      .filter((each) => each.below > 0 && this.#repeatable > 0)
      .sort((a, b) => a.column - b.column);
  }

  #repeat({ cell, length }: SpanningCell, type: BlockType, inline: Inline): void {
    // Where cells hold parts of a page, a cell next to them is a part too, unless it is marked as their name.
    const names =
      cell.tagName === 'th' || (type.isLine === true && isOneLine(cell) && !isMenu(cell));
    this.#repeatable -= length + REPETITION;
    if (!names || this.#repeatable < 0) return;
    this.#isRepeated = true;
    this.#visit(cell, type, inline);
    this.#isRepeated = false;
  }

  /** A row of nothing but header cells names what the rows below it hold. */
  #rowOf(row: PageElement): BlockType {
    const cells = row.childNodes.filter(isElement);
    const count = cells.length + this.#spanning.length;
    const isHead = count > 1 && cells.every(({ tagName }) => tagName === 'th');
    const { parentNode } = row;
    const isInHead = parentNode !== null && isElement(parentNode) && parentNode.tagName === 'thead';
    const isLine = this.#options.rowsAreLines || (count > 1 && cells.every(isOneLine));
    return { kind: 'row', level: isHead || isInHead ? 1 : 0, isLine };
  }

  #text(node: PageText, { kind }: BlockType, inline: Inline): void {
    const isBlank = node.value.trim() === '';
    const { article } = this.#options;
    const isOutside = article !== null && !article.has(node);
    if (isOutside && isBlank) {
      this.#open.text.separate(node.sourceCodeLocation?.startOffset ?? 0);
      return;
    }
    if (isOutside !== this.#open.isOutside && !this.#open.text.isEmpty) {
      // A block is inside as soon as a part of it is.
      if (isOutside) {
        this.#leaveText(node, OUTSIDE);
        return;
      }
      this.#leftOut.push({ ...extentOf(this.#open.text.build('paragraph')), why: OUTSIDE });
      this.#open = openBlock();
    }
    this.#open.isOutside = isOutside;
    if (!isBlank) this.#hasRead = true;
    // Line feeds of the source are white space but in code; only <br> breaks a line.
    const space = kind === 'code' ? '\n' : ' ';
    const value = node.value.replace(/[\r\n\f]/g, space);
    const { startOffset = 0, endOffset = 0 } = node.sourceCodeLocation ?? {};
    const source = this.#source.slice(startOffset, endOffset).replace(/[\r\n\f]/g, space);
    const raised = inline.includes('sup') && value === source ? raisedDigits(value) : value;
    if (raised === value) appendDecoded(this.#open.text, value, { source, fileStart: startOffset });
    else {
      this.#open.text.cut('word');
      this.#open.text.append(raised, startOffset);
      this.#open.text.cut('word');
    }
    const solid = value.replace(/\s/g, '').length;
    if (inline.includes('a')) this.#open.linked += solid;
    if (inline.includes('time')) this.#open.timed += solid;
  }

  #leave(element: PageElement, why: string): void {
    if (why === 'script' || why === 'style') return;
    this.#open.text.cut('text');
    for (const text of textsIn(element)) this.#leaveText(text, why);
  }

  #leaveText({ value, sourceCodeLocation: place }: PageText, why: string): void {
    if (value.trim() === '' || place == null) return;
    this.#open.text.cut(/^[\p{L}\p{N}]|[\p{L}\p{N}]$/u.test(value) ? 'word' : 'text');
    if (this.#isRepeated) return;
    const last = this.#leftOut.at(-1);
    if (last?.why === why && !this.#hasRead)
      this.#leftOut[this.#leftOut.length - 1] = { ...last, end: place.endOffset };
    else this.#leftOut.push({ start: place.startOffset, end: place.endOffset, why });
    this.#hasRead = false;
  }

  #close({ kind, level }: BlockType): void {
    const { text, ...measures } = this.#open;
    if (!text.isEmpty) this.#blocks.push({ block: text.build(kind, level), ...measures });
    this.#open = openBlock();
  }
}

function openBlock() {
  return { text: new BlockBuilder(), linked: 0, timed: 0, isOutside: false };
}

/** What makes a figure a picture, whose text is a caption. */
const PICTURES = /^(?:img|picture|svg|canvas|video|audio|iframe|object|noscript)$/;

const KINDS: ReadonlyMap<string, BlockKind> = new Map([
  ['li', 'item'],
  ['dd', 'item'],
  ['dt', 'item'],
  ['blockquote', 'quotation'],
  ['figcaption', 'caption'],
  ['pre', 'code'],
]);

function typeOf(element: PageElement, around: BlockType): BlockType {
  const { tagName: name } = element;
  const heading = /^h([1-6])$/.exec(name)?.[1];
  if (heading !== undefined) return { kind: 'heading', level: Number(heading) };
  const isPicture =
    name === 'figure' && elementsIn(element).some(({ tagName }) => PICTURES.test(tagName));
  const inside = around.kind === 'heading' ? 'paragraph' : around.kind;
  return { kind: isPicture ? 'caption' : (KINDS.get(name) ?? inside), level: 0 };
}

/** Whether a cell holds several links and hardly anything else, as next to the text of a page that is laid out by a table. */
function isMenu(cell: PageElement): boolean {
  const links = elementsIn(cell).filter(({ tagName }) => tagName === 'a');
  const linked = links.reduce((sum, link) => sum + plainText(link).length, 0);
  return links.length >= 3 && linked >= plainText(cell).length * 0.75;
}

function sizeOf(cell: PageElement, name: 'rowspan' | 'colspan'): number {
  return parseInt(attributeOf(cell, name) ?? '1', 10);
}

/** Whether a cell holds at most one paragraph, as word processors write them, and no part of a page. */
function isOneLine(cell: PageElement): boolean {
  const blocks = blocksIn(cell);
  return blocks.length <= 1 && blocks.every(({ tagName }) => tagName === 'p');
}

/** The outermost blocks of an element, also those in a `<font>` or the like. */
function blocksIn(parent: PageElement): PageElement[] {
  return parent.childNodes
    .filter(isElement)
    .flatMap((child) => (BLOCKS.has(child.tagName) ? [child] : blocksIn(child)));
}
