/** A web page as a tree, as browsers make it of the source. Nothing is run, styled or fetched. */
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

export type PageNode = Tree.ChildNode;
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
