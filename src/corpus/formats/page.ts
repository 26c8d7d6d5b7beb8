/**
 * A web page as a tree, as browsers make it of the source, and its article. Nothing is run, styled or fetched.
 */
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

export type PageElement = Tree.Element;
export type PageText = Tree.TextNode;

/** Elements inside each other. Deeper pages are no texts of people, and cost the square of their depth. */
const DEEPEST = 1500;

export interface Page {
  readonly head: PageElement;
  readonly body: PageElement;
  readonly html: PageElement;
}

/** @throws Error for a page that is nested too deeply */
export function parsePage(source: string): Page {
  let depth = 0;
  const document = parse(source, {
    sourceCodeLocationInfo: true,
    scriptingEnabled: false,
    treeAdapter: {
      ...defaultTreeAdapter,
      onItemPush: () => {
        depth += 1;
        if (depth > DEEPEST) throw new Error(`elements nested more than ${DEEPEST} deep`);
      },
      onItemPop: () => {
        depth -= 1;
      },
    },
  });
  const html = childNamed(document, 'html');
  return { html, head: childNamed(html, 'head'), body: childNamed(html, 'body') };
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
export function* elementsIn(parent: PageElement): Generator<PageElement> {
  for (const child of parent.childNodes) {
    if (!isElement(child)) continue;
    yield child;
    yield* elementsIn(child);
  }
}

/** All texts below a node, in the order of the source. */
export function* textsIn(parent: PageElement): Generator<PageText> {
  for (const child of parent.childNodes) {
    if (isText(child)) yield child;
    else if (isElement(child)) yield* textsIn(child);
  }
}

/** The text below a node, white space made single spaces. */
export function plainText(element: PageElement): string {
  return [...textsIn(element)]
    .map(({ value }) => value)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A page of more elements is a list or a table without an article; Readability's tree takes a millisecond for ten. */
const MOST_ELEMENTS = 30_000;

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
  if ([...elementsIn(page.body)].length > MOST_ELEMENTS) return null;
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

  function copyInto(to: Element, from: PageElement): void {
    for (const { name, value } of from.attrs) {
      // Readability replaces such links by new texts.
      const isScript = name === 'href' && /^\s*javascript:/i.test(value);
      if (/^[a-z][\w:.-]*$/i.test(name)) to.setAttribute(name, isScript ? 'about:blank' : value);
    }
    for (const child of from.childNodes) {
      if (isText(child)) {
        const text = document.createTextNode(child.value);
        places.set(text, child);
        to.appendChild(text);
      } else if (isElement(child) && !UNREAD.has(child.tagName) && !furniture.has(child)) {
        // Readability removes every <noscript>; those that are no furniture hold the article.
        const name = child.tagName === 'noscript' ? 'div' : child.tagName;
        const element = document.createElement(name);
        copyInto(element, child);
        to.appendChild(element);
      }
    }
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
