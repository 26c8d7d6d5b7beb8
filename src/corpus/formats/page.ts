/**
 * A web page as a tree, as browsers make it of the source, and its article. Nothing is run, styled or fetched.
 */
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

import { fileOffset } from '../types.ts';
import { BLANK } from './block.ts';

export type PageElement = Tree.Element;
export type PageText = Tree.TextNode;

export const BLOCKS = new Set(
  'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

/** Elements inside each other, as many as browsers allow. */
const DEEPEST = 512;
/** Tags of emphasis that are never closed are made anew in every paragraph. A table of 5 MiB has so many cells. */
const MOST_NODES = 400_000;

export interface Page {
  readonly head: PageElement;
  readonly body: PageElement;
  readonly html: PageElement;
  /** As it was parsed: as long as the file, and the same but for tags. */
  readonly source: string;
  /** Offset in the source of the element from which on nesting was not followed; null where all was. */
  readonly tooDeep: number | null;
}

/** A page as a tree. Where elements are nested too deeply or too many, its blocks become paragraphs next to each other. */
export function parsePage(source: string): Page {
  const page = parsed(source, { depth: DEEPEST, count: MOST_NODES });
  if (typeof page !== 'number') return page;
  const flat = parsed(withoutNesting(source), { depth: Infinity, count: Infinity });
  if (typeof flat === 'number') throw new Error('elements without end');
  return { ...flat, tooDeep: page };
}

class TooDeep extends Error {}

/** The tree of a source, or the offset of the element that is one too many. */
function parsed(source: string, most: Readonly<Record<'depth' | 'count', number>>): Page | number {
  const { text, toSource } = withoutCode(source);
  let depth = 0;
  let count = 0;
  let place = 0;
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    onItemPush: (element) => {
      depth += 1;
      count += 1;
      place = element.sourceCodeLocation?.startOffset ?? place;
      if (depth > most.depth || count > most.count) throw new TooDeep();
    },
    onItemPop: () => {
      depth -= 1;
    },
    setNodeSourceCodeLocation: (node, location) => {
      if (location != null) {
        location.startOffset = toSource(location.startOffset);
        location.endOffset = toSource(location.endOffset);
      }
      node.sourceCodeLocation = location;
    },
    updateNodeSourceCodeLocation: ({ sourceCodeLocation: location }, { endOffset }) => {
      if (location != null && endOffset !== undefined) location.endOffset = toSource(endOffset);
    },
  };
  try {
    const document = parse(text, {
      sourceCodeLocationInfo: true,
      scriptingEnabled: false,
      treeAdapter,
    });
    const html = childNamed(document, 'html');
    const [head, body] = [childNamed(html, 'head'), childNamed(html, 'body')];
    return { html, head, body, source, tooDeep: null };
  } catch (error) {
    if (error instanceof TooDeep) return place;
    throw error;
  }
}

const CODE = /<!--|<(script|style)\b(?![^>]{0,500}ld\+json)[^>]{0,2000}>/gi;
const ENDS_OF_CODE: Readonly<Record<string, RegExp>> = {
  '': /-->/g,
  script: /<\/script[\s/>]/gi,
  style: /<\/style[\s/>]/gi,
};

/** The source without what scripts and style sheets hold, which is half of most pages. */
function withoutCode(source: string): {
  readonly text: string;
  /** Offset in the source of an offset in the text. */
  readonly toSource: (offset: number) => number;
} {
  const kept: string[] = [];
  const runs = [{ textStart: 0, fileStart: 0 }];
  let from = 0;
  let length = 0;
  CODE.lastIndex = 0;
  for (let found = CODE.exec(source); found !== null; found = CODE.exec(source)) {
    const start = CODE.lastIndex;
    const name = (found[1] ?? '').toLowerCase();
    const ending = ENDS_OF_CODE[name] ?? /$/g;
    ending.lastIndex = start;
    const end = ending.exec(source)?.index;
    if (end === undefined) break;
    CODE.lastIndex = end;
    if (name === '') continue;
    kept.push(source.slice(from, start));
    length += start - from;
    from = end;
    runs.push({ textStart: length, fileStart: end });
  }
  kept.push(source.slice(from));
  return {
    text: kept.join(''),
    toSource: (offset) => fileOffset({ origin: { runs, lineStarts: [] } }, offset),
  };
}

const TAG = /<\/?([a-z][a-z0-9]*)\b[^<>]{0,5000}>/gi;
const KEPT_TAGS = /^(?:h[1-6]|li|br|title|script|style|textarea|meta|head|body|html)$/;

/** A source of the same length in which no element holds others. */
function withoutNesting(source: string): string {
  let end = -1;
  return source.replace(TAG, (tag, name: string, offset: number) => {
    if (KEPT_TAGS.test(name.toLowerCase())) return tag;
    // Of tags next to each other, the first begins the paragraph.
    const isNext = offset === end;
    end = offset + tag.length;
    const begins = !isNext && BLOCKS.has(name.toLowerCase());
    return begins ? '<p>'.padEnd(tag.length) : BLANK.repeat(tag.length);
  });
}

/** The parser always makes these, whatever the source is; a page of frames alone has no body. */
function childNamed(parent: Tree.ParentNode, name: string): PageElement {
  const found = parent.childNodes.find((node) => isElement(node) && node.tagName === name);
  if (found === undefined) throw new Error(`no ${name} in the page`);
  return found as PageElement;
}

export function isElement(node: Tree.Node): node is PageElement {
  return 'tagName' in node;
}

export function isText(node: Tree.Node): node is PageText {
  return node.nodeName === '#text';
}

export function attributeOf(element: PageElement, name: string): string | null {
  return element.attrs.find((attribute) => attribute.name === name)?.value ?? null;
}

/** All elements below a node, in the order of the source. */
export function elementsIn(parent: PageElement): PageElement[] {
  return nodesIn(parent).filter(isElement);
}

/** All texts below a node, in the order of the source. */
export function textsIn(parent: PageElement): PageText[] {
  return nodesIn(parent).filter(isText);
}

function nodesIn(parent: PageElement, found: Tree.Node[] = []): Tree.Node[] {
  for (const child of parent.childNodes) {
    found.push(child);
    if (isElement(child)) nodesIn(child, found);
  }
  return found;
}

/** The text below a node, white space made single spaces. */
export function plainText(element: PageElement): string {
  return textsIn(element)
    .map(({ value }) => value)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A page of more elements is a list or a table without an article; Readability's tree takes a millisecond for ten. */
const MOST_ELEMENTS = 20_000;
/** UTF-16 characters times the elements around them: Readability reads each text again at every level. */
const MOST_WORK = 100_000_000;
/** UTF-16 characters of an attribute or a title. */
const LONGEST_VALUE = 1000;
/** Levels that any article needs. */
const LEAST_DEPTH = 16;
/** Attributes that Readability looks at; those of embedded things are kept whole. */
const ATTRIBUTES =
  /^(?:class|id|role|rel|href|itemprop|property|name|content|dir|lang|rowspan|colspan|summary|datatable|aria-modal)$/;
const EMBEDDED = /^(?:img|picture|source|iframe|object|embed|video|audio)$/;

/**
 * Texts of the article; null where there is none. Readability decides, on a copy without what is around any article; the
 * texts that it keeps are followed back to the page by their identity.
 *
 * @param furniture elements that are left out of the copy
 */
export function articleTexts(
  page: Page,
  furniture: ReadonlyMap<PageElement, string>,
): ReadonlySet<PageText> | null {
  const nodes = nodesIn(page.html);
  if (nodes.filter(isElement).length > MOST_ELEMENTS) return null;
  const length = nodes.filter(isText).reduce((sum, { value }) => sum + value.length, 0);
  const deepest = Math.max(LEAST_DEPTH, MOST_WORK / length);
  const { document } = parseHTML('<!doctype html><html><head></head><body></body></html>');
  const places = new WeakMap<Node, PageText>();
  copyInto(document.head, page.head);
  copyInto(document.body, page.body);
  keepIdentityOfTexts(document.body);
  const found = new Readability<Element>(document, {
    serializer: (node) => node as Element,
    disableJSONLD: true,
  }).parse();
  if (found?.content == null) return null;
  const texts = new Set<PageText>();
  for (const text of domTexts(found.content)) {
    const place = places.get(text);
    if (place !== undefined) texts.add(place);
  }
  return texts.size === 0 ? null : texts;

  function copyInto(to: Element, from: PageElement, depth = 0): void {
    for (const child of from.childNodes) {
      if (isText(child)) {
        // Every heading is compared with the title.
        const isTitle = from.tagName === 'title';
        const text = document.createTextNode(
          isTitle ? child.value.slice(0, LONGEST_VALUE) : child.value,
        );
        places.set(text, child);
        to.appendChild(text);
      } else if (isElement(child) && !UNREAD.has(child.tagName) && !furniture.has(child)) {
        if (depth < deepest) {
          const element = copyOf(child);
          copyInto(element, child, depth + 1);
          to.appendChild(element);
        } else copyInto(to, child, depth);
      }
    }
  }

  function copyOf({ tagName, attrs }: PageElement): Element {
    // Readability removes every <noscript>; those that are no furniture hold the article.
    const element = document.createElement(tagName === 'noscript' ? 'div' : tagName);
    for (const { name, value } of attrs) {
      if (!ATTRIBUTES.test(name) && !EMBEDDED.test(tagName)) continue;
      if (!/^[a-z][\w:-]*$/i.test(name)) continue;
      // Of a link only whether it leads to a part of the page counts.
      const isAway = name === 'href' && !value.startsWith('#');
      element.setAttribute(name, isAway ? 'about:blank' : value.slice(0, LONGEST_VALUE));
    }
    return element;
  }

  /**
   * Readability notes the body's `innerHTML` and sets it again before each further attempt, which would make new texts.
   * On this body, both keep copies of the nodes, whose texts have the places of the first ones.
   */
  function keepIdentityOfTexts(body: HTMLElement): void {
    let kept: Node = body.cloneNode(false);
    const copyOf = (node: Node): Node => {
      const copy = node.cloneNode(true);
      const copies = domTexts(copy);
      for (const [index, text] of domTexts(node).entries()) {
        const place = places.get(text);
        const same = copies[index];
        if (place !== undefined && same !== undefined) places.set(same, place);
      }
      return copy;
    };
    Object.defineProperty(body, 'innerHTML', {
      get: () => {
        kept = copyOf(body);
        return '';
      },
      set: () => body.replaceChildren(...copyOf(kept).childNodes),
    });
  }
}

const UNREAD = new Set(['script', 'style', 'template', 'svg', 'math']);

function domTexts(root: Node): Node[] {
  const texts: Node[] = [];
  const visit = (node: Node): void => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) texts.push(child);
      else visit(child);
    }
  };
  visit(root);
  return texts;
}
