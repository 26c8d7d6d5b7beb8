/** Reads Markdown: the text is what is between the marks of the tree. */
import type { SyntaxNode } from '@lezer/common';
import { decodeHTML, decodeHTMLStrict } from 'entities';
import {
  appendDecoded,
  BlockBuilder,
  joinBlocks,
  raisedDigits,
  softLines,
  type Block,
  type BlockKind,
  type LeftOutSpan,
  type ParsedBody,
} from './block.ts';
import {
  codeIn,
  definedLabels,
  FOOTNOTE_OPENING,
  normalLabel,
  parsedPieces,
  withoutDeepNesting,
  withoutDialects,
} from './markdown-syntax.ts';

/** A link in the text, for the check of links between documents. */
export interface Link {
  readonly url: string;
  readonly fileOffset: number;
}

/**
 * Blocks of a Markdown body without markup: a link becomes its text, an image nothing. A footnote mark becomes a mark of
 * its block, even when the file does not define the footnote, because the bibliography does; a footnote that the
 * file defines is text in its place.
 *
 * @param bodyStart offset of the body in the decoded file, to which the offsets of the blocks refer
 * @param citesSources whether footnotes name sources of the bibliography, so that the definition of one is left out
 */
export function readMarkdown(
  written: string,
  { bodyStart = 0, citesSources = false }: { bodyStart?: number; citesSources?: boolean } = {},
): ParsedBody & { readonly links: readonly Link[] } {
  // The grammar knows no line that ends in a carriage return alone.
  const body = withoutDeepNesting(written.replace(/\r(?!\n)/g, '\n'));
  const labels = definedLabels(body);
  const { text, leftOut } = withoutDialects(body, codeIn(body), bodyStart);
  const read: Read = { blocks: [], links: [], leftOut: [...leftOut] };
  for (const { start, text: piece, tree } of parsedPieces(text, labels)) {
    const original = body.slice(start, start + piece.length);
    const place = { original, bodyStart: bodyStart + start };
    const reader = new MarkdownReader(piece, read, { ...place, labels, citesSources });
    reader.read(tree.topNode, 'paragraph');
  }
  read.leftOut.sort((a, b) => a.start - b.start);
  return read;
}

interface Read {
  readonly blocks: Block[];
  readonly links: Link[];
  readonly leftOut: LeftOutSpan[];
}

const CALLOUT = /^\[![A-Za-z]/;
/** Tags that end a line. */
const BREAKING =
  /^<\/?(?:br|hr|p|div|li|d[dt]|t[dhr]|h[1-6]|section|article|summary|blockquote|(?:fig)?caption|pre)\b/i;

interface ReaderOptions {
  /** The body before markup of note programs was blanked. */
  readonly original: string;
  readonly bodyStart: number;
  /** Labels of the links and footnotes that the file defines. */
  readonly labels: ReadonlySet<string>;
  readonly citesSources: boolean;
}

class MarkdownReader {
  readonly #text: string;
  readonly #read: Read;
  readonly #options: ReaderOptions;
  /** Whether the text is between `<sup>` and the next tag. */
  #isRaised = false;

  constructor(text: string, read: Read, options: ReaderOptions) {
    this.#text = text;
    this.#read = read;
    this.#options = options;
  }

  /** Walks containers down to the blocks that hold text. */
  read(parent: SyntaxNode, kind: BlockKind): void {
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (node.from >= this.#text.length) return;
      const heading = /^(?:ATX|Setext)Heading([1-6])$/.exec(node.name)?.[1];
      if (heading !== undefined) this.#emit(node, 'heading', Number(heading));
      else this.#blocks[node.name]?.(node, kind);
    }
  }

  /** Readers of blocks. Definitions of links, rules and marks have nothing to quote. */
  readonly #blocks: Readonly<Record<string, (node: SyntaxNode, kind: BlockKind) => void>> = {
    Paragraph: (node, kind) => {
      const start = this.#options.original.slice(node.from, node.from + 3);
      if (node.parent?.name === 'Blockquote' && CALLOUT.test(start)) this.#callout(node);
      else this.#emit(node, kind);
    },
    Task: (node) => this.#emit(node, 'item'),
    Blockquote: (node) => this.read(node, 'quotation'),
    BulletList: (node) => this.read(node, 'item'),
    OrderedList: (node) => this.read(node, 'item'),
    ListItem: (node) => this.read(node, 'item'),
    FootnoteDefinition: (node) => this.#footnote(node),
    Table: (node) => this.#table(node),
    FencedCode: (node) => this.#code(node),
    CodeBlock: (node) => this.#code(node),
    HTMLBlock: (node) => this.#html(node),
  };

  /** Footnotes of a document with sources name them; those that are only an address lead away from the text too. */
  #footnote(node: SyntaxNode): void {
    const words = this.#written(node).replace(FOOTNOTE_OPENING, '').trim();
    if (!this.#options.citesSources && !/^<?https?:\S*$/u.test(words)) this.read(node, 'item');
    else this.#leaveOut(node, 'a footnote that names a source');
  }

  #emit(node: SyntaxNode, kind: BlockKind, level = 0): void {
    const block = new BlockBuilder();
    this.#inline(node, block);
    this.#close(block, kind, level);
  }

  #close(block: BlockBuilder, kind: BlockKind, level = 0): void {
    if (!block.isEmpty) this.#read.blocks.push(block.build(kind, level));
  }

  /** The title of a callout is its own line. */
  #callout(node: SyntaxNode): void {
    const { blocks } = this.#read;
    const before = blocks.length;
    this.#emit(node, 'quotation');
    const [title = ''] = this.#written(node).split('\n', 1);
    const [first, ...rest] = blocks.slice(before).flatMap(softLines);
    if (first === undefined || rest.length === 0 || /^[\u2060\s]*$/u.test(title)) return;
    blocks.splice(before, 1, first, joinBlocks(rest));
  }

  #table(table: SyntaxNode): void {
    for (let row = table.firstChild; row !== null; row = row.nextSibling) {
      if (row.name !== 'TableHeader' && row.name !== 'TableRow') continue;
      const block = new BlockBuilder();
      for (let cell = row.firstChild; cell !== null; cell = cell.nextSibling) {
        if (cell.name === 'TableCell') this.#inline(cell, block);
        else if (!block.isEmpty && cell.nextSibling !== null) {
          const start = this.#placeOf(cell);
          block.separate(start);
          block.append('|', start);
          block.separate(start);
        }
      }
      this.#close(block, 'row', row.name === 'TableHeader' ? 1 : 0);
    }
  }

  #code(node: SyntaxNode): void {
    const block = new BlockBuilder();
    for (const { from, to } of node.getChildren('CodeText')) this.#append(block, from, to);
    this.#close(block, 'code');
  }

  /** HTML without its tags, as a browser reads it. */
  #html(node: SyntaxNode): void {
    const source = this.#written(node);
    const start = this.#placeOf(node);
    const block = new BlockBuilder();
    const add = (from: number, to: number): void => {
      const written = source.slice(from, to);
      appendDecoded(block, decodeHTML(written), { source: written, fileStart: start + from });
    };
    let from = 0;
    for (const { 0: tag, index } of source.matchAll(
      /<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<[^<>]{0,2000}>/gi,
    )) {
      add(from, index);
      if (BREAKING.test(tag)) block.separate(start + index);
      from = index + tag.length;
    }
    add(from, source.length);
    this.#close(block, 'paragraph');
  }

  /** The text of a node: what is between its marks. */
  #inline(parent: SyntaxNode, block: BlockBuilder, from = parent.from, to = parent.to): void {
    let at = from;
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (node.from < from || node.to > to) continue;
      this.#append(block, at, node.from);
      at = node.to;
      this.#inlines[node.name]?.(node, block);
    }
    this.#append(block, at, to);
  }

  /** Readers of what is in a line. Marks of emphasis, code, headings, quotations and tasks are left out. */
  readonly #inlines: Readonly<Record<string, (node: SyntaxNode, block: BlockBuilder) => void>> = {
    Emphasis: (node, block) => this.#inline(node, block),
    StrongEmphasis: (node, block) => this.#inline(node, block),
    Strikethrough: (node, block) => this.#inline(node, block),
    InlineCode: (node, block) => this.#inline(node, block),
    Autolink: (node, block) => this.#inline(node, block),
    URL: ({ from, to }, block) => this.#append(block, from, to),
    Escape: ({ from, to }, block) => this.#append(block, from + 1, to),
    Entity: (node, block) =>
      block.append(decodeHTMLStrict(this.#written(node)), this.#placeOf(node)),
    HardBreak: (node, block) => block.separate(this.#placeOf(node), true),
    FootnoteMark: (node, block) => {
      const { citesSources, labels } = this.#options;
      const mark = this.#written(node);
      if (citesSources || !labels.has(normalLabel(mark)))
        block.mark(mark.slice(2, -1), this.#placeOf(node));
    },
    HTMLTag: (node, block) => {
      const tag = this.#written(node);
      this.#isRaised = /^<sup\b/i.test(tag);
      if (BREAKING.test(tag)) block.separate(this.#placeOf(node), true);
    },
    Image: (node, block) => {
      if (this.#leads(node)) this.#leaveOut(node, 'a picture');
      else this.#append(block, node.from, node.to);
    },
    Link: (node, block) => this.#link(node, block),
  };

  #written({ from, to }: Pick<SyntaxNode, 'from' | 'to'>): string {
    return this.#text.slice(from, to);
  }

  #placeOf({ from }: Pick<SyntaxNode, 'from'>): number {
    return this.#options.bodyStart + from;
  }

  /** A link becomes its text; brackets that lead nowhere are text. */
  #link(node: SyntaxNode, block: BlockBuilder): void {
    const [open = node, close = node] = node.getChildren('LinkMark');
    if (!this.#leads(node)) {
      this.#append(block, node.from, open.to);
      this.#inline(node, block, open.to, close.from);
      this.#append(block, close.from, node.to);
      return;
    }
    const address = node.getChild('URL');
    if (address !== null) {
      const url = this.#written(address).replace(/^<|>$/g, '');
      this.#read.links.push({ url, fileOffset: this.#placeOf(node) });
    }
    this.#inline(node, block, open.to, close.from);
  }

  #leads(node: SyntaxNode): boolean {
    const marks = node.getChildren('LinkMark');
    if (node.getChild('URL') !== null || marks.length > 2) return true;
    const written = this.#written(node.getChild('LinkLabel') ?? node).replace(/^!/, '');
    const [open, close] = marks;
    const shown = this.#text.slice(open?.to ?? node.from, close?.from ?? node.to);
    return this.#options.labels.has(normalLabel(written === '[]' ? `[${shown}]` : written));
  }

  #append(block: BlockBuilder, from: number, to: number): void {
    if (to <= from) return;
    const text = this.#text.slice(from, to);
    block.append(this.#isRaised ? raisedDigits(text) : text, this.#options.bodyStart + from);
  }

  #leaveOut({ from, to }: SyntaxNode, why: string): void {
    const { bodyStart } = this.#options;
    this.#read.leftOut.push({ start: bodyStart + from, end: bodyStart + to, why });
  }
}
