import type { Nodes, Parents, Text } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Construct, Extension } from 'micromark-util-types';
import {
  appendDecoded,
  BlockBuilder,
  type Block,
  type BlockKind,
  type ParsedBody,
} from './block.ts';

/** A link in the text, for the check of links between documents. */
export interface Link {
  readonly url: string;
  readonly fileOffset: number;
}

export interface MarkdownBody extends ParsedBody {
  readonly links: readonly Link[];
}

const FOOTNOTE = /\[\^([^\]\s]+)\]/g;

/** GFM without bare addresses as links: they are text here anyway, and looking for them takes half the parsing time. */
const SYNTAX = withoutAutolinks(gfm());
const TREE = gfmFromMarkdown().filter((extension) => extension.transforms === undefined);

function withoutAutolinks(extension: Extension): Extension {
  const text: Record<string, Construct[]> = {};
  for (const [code, constructs] of Object.entries(extension.text ?? {})) {
    if (constructs === undefined) continue;
    const kept = [constructs].flat().filter(({ name }) => name?.endsWith('Autolink') !== true);
    if (kept.length > 0) text[code] = kept;
  }
  return { ...extension, text };
}

/**
 * Blocks of a Markdown body without markup: a link becomes its text, an image nothing. A footnote mark becomes a mark of
 * its block, even when the file does not define the footnote, because the bibliography does.
 *
 * @param bodyStart offset of `body` in the decoded file, to which the offsets of the blocks refer
 */
export function readMarkdown(body: string, bodyStart = 0): MarkdownBody {
  const tree = fromMarkdown(body, { extensions: [SYNTAX], mdastExtensions: [TREE] });
  const reader = new MarkdownReader(body, bodyStart);
  reader.read(tree, 'paragraph');
  return { blocks: reader.blocks, leftOut: [], links: reader.links };
}

class MarkdownReader {
  readonly blocks: Block[] = [];
  readonly links: Link[] = [];
  readonly #body: string;
  readonly #bodyStart: number;
  #afterImage = false;

  constructor(body: string, bodyStart: number) {
    this.#body = body;
    this.#bodyStart = bodyStart;
  }

  /** Walks containers down to the blocks that hold text. */
  read(parent: Parents, kind: BlockKind): void {
    for (const node of parent.children) {
      switch (node.type) {
        case 'heading':
          this.#emit(node, 'heading', node.depth);
          break;
        case 'paragraph':
          this.#emit(node, kind);
          break;
        case 'blockquote':
          this.read(node, 'quotation');
          break;
        case 'list':
        case 'listItem':
          this.read(node, 'item');
          break;
        case 'table':
          for (const row of node.children) this.#emitRow(row.children);
          break;
        case 'code':
        case 'html':
          this.#emitRaw(node, node.type === 'html');
          break;
        default:
          // Definitions, footnote definitions and rules have nothing to quote.
          break;
      }
    }
  }

  #emit(node: Parents, kind: BlockKind, level = 0): void {
    const block = new BlockBuilder();
    this.#inline(node, block);
    if (block.isEmpty) {
      this.#afterImage = hasImage(node);
      return;
    }
    // Italics next to an image or right below it are its caption.
    const isCaption = (this.#afterImage || hasImage(node)) && isAllEmphasis(node);
    this.#afterImage = false;
    this.blocks.push(block.build(isCaption ? 'caption' : kind, level));
  }

  #emitRow(cells: readonly Parents[]): void {
    const block = new BlockBuilder();
    for (const cell of cells) {
      if (!block.isEmpty) {
        const start = this.#start(cell);
        block.separate(start);
        block.append('|', start);
        block.separate(start);
      }
      this.#inline(cell, block);
    }
    if (!block.isEmpty) this.blocks.push(block.build('row'));
  }

  /** Code and HTML blocks: their lines unchanged, HTML without its tags. */
  #emitRaw(node: Nodes, isHtml: boolean): void {
    const start = this.#start(node) - this.#bodyStart;
    const end = node.position?.end.offset ?? start;
    const source = this.#body.slice(start, end);
    const block = new BlockBuilder();
    const markup = isHtml
      ? /<!--[\s\S]*?(?:-->|$)|<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<[^>]*>/gi
      : /^[ \t]*(?:`{3,}|~{3,})[^\n]*$/gm;
    let from = 0;
    for (const found of source.matchAll(markup)) {
      block.append(source.slice(from, found.index), this.#bodyStart + start + from);
      block.separate(this.#bodyStart + start + found.index);
      from = found.index + found[0].length;
    }
    block.append(source.slice(from), this.#bodyStart + start + from);
    if (!block.isEmpty) this.blocks.push(block.build(isHtml ? 'paragraph' : 'code'));
  }

  #inline(parent: Parents, block: BlockBuilder): void {
    for (const node of parent.children) {
      switch (node.type) {
        case 'text':
          this.#text(node, block);
          break;
        case 'inlineCode':
          this.#code(node, block);
          break;
        case 'break':
          block.separate(this.#start(node), true);
          break;
        case 'footnoteReference':
          block.mark(node.label ?? node.identifier, this.#start(node));
          break;
        case 'html':
          if (/^<(?:br|hr|\/?(?:p|div|li|td))\b/i.test(node.value)) {
            block.separate(this.#start(node), true);
          }
          break;
        case 'image':
        case 'imageReference':
          break;
        case 'link':
          this.links.push({ url: node.url, fileOffset: this.#start(node) });
          this.#inline(node, block);
          break;
        default:
          if ('children' in node) this.#inline(node, block);
      }
    }
  }

  #text(node: Text, block: BlockBuilder): void {
    const start = this.#start(node);
    const end = node.position?.end.offset ?? 0;
    const source = this.#body.slice(start - this.#bodyStart, end);
    if (!source.includes('[^')) {
      appendDecoded(block, node.value, { source, fileStart: start });
      return;
    }
    // Marks are cut out of source and value, so that the parts between them can be matched.
    let from = 0;
    let fromValue = 0;
    for (const found of source.matchAll(FOOTNOTE)) {
      const inValue = node.value.indexOf(found[0], fromValue);
      if (inValue === -1) continue;
      appendDecoded(block, node.value.slice(fromValue, inValue), {
        source: source.slice(from, found.index),
        fileStart: start + from,
      });
      block.mark(found[1] ?? '', start + found.index);
      from = found.index + found[0].length;
      fromValue = inValue + found[0].length;
    }
    appendDecoded(block, node.value.slice(fromValue), {
      source: source.slice(from),
      fileStart: start + from,
    });
  }

  #code(node: Nodes & { readonly value: string }, block: BlockBuilder): void {
    const start = this.#start(node);
    const source = this.#body.slice(start - this.#bodyStart, node.position?.end.offset ?? 0);
    const ticks = /^`+/.exec(source)?.[0].length ?? 0;
    appendDecoded(block, node.value, {
      source: source.slice(ticks, source.length - ticks),
      fileStart: start + ticks,
    });
  }

  #start(node: Nodes): number {
    return this.#bodyStart + (node.position?.start.offset ?? 0);
  }
}

function hasImage(node: Parents): boolean {
  return node.children.some(
    (child) =>
      child.type === 'image' ||
      child.type === 'imageReference' ||
      (child.type === 'link' && hasImage(child)),
  );
}

function isAllEmphasis(node: Parents): boolean {
  return node.children.every(
    (child) =>
      child.type === 'emphasis' ||
      child.type === 'break' ||
      (child.type === 'text' && child.value.trim() === '') ||
      hasImage({ ...node, children: [child] } as Parents),
  );
}
