/**
 * A web page as a tree, as browsers make it of the source, with what its styles hide: those of its elements, and those of
 * its style sheets. Nothing is run or fetched.
 */
import { compile, type Options } from 'css-select';
import { AttributeAction, parse as parseSelectors, SelectorType, type Selector } from 'css-what';
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
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
/** Tags of emphasis that are never closed are opened again in every paragraph. A table of 5 MiB has so many cells. */
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

/**
 * A page as a tree. Where elements are nested too deeply or too many, its blocks become paragraphs next to each other.
 *
 * @param linked style sheets that belong to the page
 */
export function parsePage(source: string, linked = ''): Page {
  try {
    return parsed(source, linked, { depth: DEEPEST, count: MOST_NODES });
  } catch (error) {
    const tooDeep = error instanceof RangeError ? error.cause : null;
    if (typeof tooDeep !== 'number') throw error;
    const most = { depth: Infinity, count: Infinity };
    return { ...parsed(withoutNesting(source), linked, most), tooDeep };
  }
}

/** @throws RangeError whose cause is the offset of the element that is one too many */
function parsed(source: string, linked: string, most: Readonly<Record<'depth' | 'count', number>>) {
  let depth = 0;
  let count = 0;
  let place = 0;
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    onItemPush: (element) => {
      depth += 1;
      count += 1;
      place = element.sourceCodeLocation?.startOffset ?? place;
      if (depth > most.depth || count > most.count)
        throw new RangeError('elements without end', { cause: place });
    },
    onItemPop: () => {
      depth -= 1;
    },
  };
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false, treeAdapter };
  const html = childNamed(parse(source, options), 'html');
  const body = childNamed(html, 'body');
  const elements = elementsIn(html);
  const sheets = elements.filter(({ tagName }) => tagName === 'style').map(styleSheet);
  for (const element of elements) if (isCode(element)) element.childNodes = [];
  applyStyles(body, [linked, ...sheets].join('\n'));
  return { html, head: childNamed(html, 'head'), body, source, tooDeep: null };
}

function styleSheet(element: PageElement): string {
  const media = attributeOf(element, 'media');
  const text = textsIn(element)
    .map(({ value }) => value)
    .join('');
  return media === null ? text : `@media ${media} {${text}}`;
}

/** Whether what an element holds is half of most pages, and no text of any. */
function isCode({ tagName, attrs }: PageElement): boolean {
  const isData = attrs.some(({ value }) => /ld\+json/i.test(value));
  return tagName === 'style' || (tagName === 'script' && !isData);
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
function childNamed({ childNodes }: Tree.ParentNode, name: string): PageElement {
  const found = childNodes.filter(isElement).find(({ tagName }) => tagName === name);
  if (found === undefined) throw new Error(`no ${name} in the page`);
  return found;
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

export function elementsIn(parent: PageElement): PageElement[] {
  return nodesIn(parent).filter(isElement);
}

export function textsIn(parent: PageElement): PageText[] {
  return nodesIn(parent).filter(isText);
}

/** All below a node, in the order of the source. */
export function nodesIn(parent: PageElement, found: Tree.Node[] = []): Tree.Node[] {
  for (const child of parent.childNodes) {
    found.push(child);
    if (isElement(child)) nodesIn(child, found);
  }
  return found;
}

/** The text below a node, white space made single spaces. */
export function plainText(element: PageElement): string {
  const texts = textsIn(element).map(({ value }) => value);
  return texts.join('').replace(/\s+/g, ' ').trim();
}

/** Styles by which nothing is shown: taken away, without size, far off the page, left out by Word. */
const HIDING =
  /(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|!|$)|(?:^|[\s;])(?:left|top|text-indent)\s*:\s*-\d{4,}(?:\.\d+)?px|mso-hide\s*:\s*all)/i;

export function hides({ name, value }: PageElement['attrs'][number]): boolean {
  if (name === 'style') return HIDING.test(value);
  // A browser that looks for words shows what is hidden until they are found.
  return name === 'hidden' && value.toLowerCase() !== 'until-found';
}

/** Ways of hiding an element: what a style says of it at all, and what hides. */
const WAYS = [
  [/(?:^|[\s;])display\s*:/i, /(?:^|[\s;])display\s*:\s*none/i],
  [/visibility\s*:/i, /visibility\s*:\s*(?:hidden|collapse)/i],
  [/(?:font-size|left|top|text-indent)\s*:/i, HIDING],
] as const;

/** Of a rule with one selector. */
interface Rule {
  readonly matches: (element: PageElement) => boolean;
  /** The rule with the highest counts; of several, the last. */
  readonly weight: number;
  /** For each of {@link WAYS}, whether it hides; null where it says nothing. */
  readonly hides: readonly (boolean | null)[];
}

function hidingOf(declarations: string): (boolean | null)[] {
  return WAYS.map(([says, hiding]) => (says.test(declarations) ? hiding.test(declarations) : null));
}

/** Weights: a declaration marked as important, a name, an element. */
const IMPORTANT = 1e9;
const NAMED = 1e6;
const CLASSED = 1e3;

function weightOf(tokens: readonly Selector[]): number {
  let weight = 0;
  for (const token of tokens) {
    if (token.type === SelectorType.Attribute) weight += token.name === 'id' ? NAMED : CLASSED;
    else if (token.type === SelectorType.Tag) weight += 1;
    else if (token.type === SelectorType.Pseudo) {
      const inside = Array.isArray(token.data) ? token.data.map(weightOf) : [CLASSED];
      if (token.name !== 'where') weight += Math.max(0, ...inside);
    }
  }
  return weight;
}

/** A name by which an element is found that a selector may match: "#menu", ".wide", "p" or "*". */
function keyOf(tokens: readonly Selector[]): string {
  let key = '*';
  for (const token of tokens) {
    if (/^(?:child|descendant|sibling|adjacent)$/.test(token.type)) key = '*';
    else if (token.type === SelectorType.Attribute && token.action === AttributeAction.Element)
      key = `.${token.value}`;
    else if (token.type === SelectorType.Tag && key === '*') key = token.name;
  }
  return key;
}

/** Pixels of a usual window on a computer. */
const WINDOW_WIDTH = 1280;

/** Whether the rules below "@media …" and the like count on a screen. */
function countsOnScreen(prelude: string): boolean {
  const [, name = '', condition = ''] = /^@([\w-]+)\s*(.*)$/s.exec(prelude) ?? [];
  if (name !== 'media') return name === 'supports' || name === 'layer';
  return condition.split(',').some((query) =>
    query.split(/\band\b/i).every((part) => {
      const [, bound, size, unit] =
        /^\s*\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)\s*$/i.exec(part) ?? [];
      if (bound === undefined)
        return /^\s*(?:(?:only\s+)?(?:screen|all)|not\s+print)?\s*$/i.test(part);
      const width = Number(size) * (unit === 'px' ? 1 : 16);
      return bound === 'min' ? width <= WINDOW_WIDTH : width >= WINDOW_WIDTH;
    }),
  );
}

/** The rules of style sheets that may hide something, by {@link keyOf}. */
function rulesOf(styles: string, options: Options<TreeNode, PageElement>): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  const open: boolean[] = [];
  let ignored = 0;
  let selectors: string | null = null;
  const sheet = styles.replace(/\/\*.*?(?:\*\/|$)/gs, ' ').replace(/<!--|-->/g, ' ');
  for (const [, before = '', brace] of sheet.matchAll(/([^{}]*)([{}])/g)) {
    if (brace === '{') {
      const prelude = before.slice(before.lastIndexOf(';') + 1).trim();
      const isRule = !prelude.startsWith('@');
      const counts = selectors === null && (isRule || countsOnScreen(prelude));
      open.push(counts);
      if (!counts) ignored += 1;
      selectors = isRule && ignored === 0 ? prelude : null;
      continue;
    }
    if (selectors !== null) add(selectors, before);
    selectors = null;
    if (open.pop() === false) ignored -= 1;
  }
  return rules;

  function add(list: string, declarations: string): void {
    const hides = hidingOf(declarations);
    if (hides.every((each) => each === null)) return;
    const important = /(?:display|visibility)[^;]*!\s*important/i.test(declarations);
    try {
      for (const tokens of parseSelectors(list)) {
        const key = keyOf(tokens);
        const weight = weightOf(tokens) + (important ? IMPORTANT : 0);
        const known = rules.get(key) ?? [];
        known.push({ matches: compile<TreeNode, PageElement>([tokens], options), weight, hides });
        rules.set(key, known);
      }
    } catch {
      // What no selector is, or one of a state such as ":focus".
    }
  }
}

type TreeNode = PageElement['childNodes'][number] | NonNullable<PageElement['parentNode']>;

/** Elements that are looked at to decide which rules match. */
const MOST_LOOKS = 20_000_000;
/** With more of the text hidden, a script was to show it. */
const MOST_HIDDEN = 0.5;

/** How `css-select` reads the tree; `look` is told of elements that are looked at. */
function treeOptions(look: (count: number) => void): Options<TreeNode, PageElement> {
  const childrenOf = (node: TreeNode | null): TreeNode[] => {
    const children = node !== null && 'childNodes' in node ? node.childNodes : [];
    look(children.length);
    return children;
  };
  return {
    adapter: {
      isTag: (node): node is PageElement => 'tagName' in node,
      getAttributeValue: (element, name) => attributeOf(element, name) ?? undefined,
      hasAttrib: (element, name) => attributeOf(element, name) !== null,
      getName: ({ tagName }) => tagName,
      getChildren: childrenOf,
      getParent: ({ parentNode }) => {
        look(1);
        return parentNode;
      },
      getSiblings: (node) => childrenOf('parentNode' in node ? node.parentNode : null),
      getText: (node) => ('tagName' in node ? plainText(node) : ''),
      removeSubsets: (nodes) => nodes,
    },
  };
}

/** Marks as hidden what style sheets hide, and as shown what they show although it is marked. */
function applyStyles(body: PageElement, sheets: string): void {
  if (sheets.trim() === '') return;
  let looks = 0;
  const rules = rulesOf(
    sheets,
    treeOptions((count) => {
      looks += count;
      if (looks > MOST_LOOKS) throw new RangeError('styles without end');
    }),
  );
  const hidden: PageElement[] = [];
  const shown: PageElement[] = [];
  try {
    for (const element of elementsIn(body)) {
      const classes = (attributeOf(element, 'class') ?? '').split(/\s+/).map((name) => `.${name}`);
      const matching = ['*', element.tagName, ...classes]
        .flatMap((key) => rules.get(key) ?? [])
        .filter(({ matches }) => matches(element))
        .sort((a, b) => a.weight - b.weight);
      if (matching.length === 0) continue;
      const own = hidingOf(attributeOf(element, 'style') ?? '');
      const decided = own.map((given, way) => {
        const strongest = matching.findLast((rule) => rule.hides[way] !== null);
        const counts = given === null || (strongest?.weight ?? 0) >= IMPORTANT;
        return counts ? strongest?.hides[way] : null;
      });
      if (decided.includes(true)) hidden.push(element);
      else if (decided[0] === false) shown.push(element);
    }
  } catch (error) {
    if (error instanceof RangeError) return;
    throw error;
  }
  const lengthOf = (texts: Iterable<PageText>): number =>
    [...texts].reduce((sum, { value }) => sum + value.trim().length, 0);
  if (lengthOf(new Set(hidden.flatMap(textsIn))) > lengthOf(textsIn(body)) * MOST_HIDDEN) return;
  for (const element of hidden) element.attrs.push({ name: 'hidden', value: '' });
  for (const element of shown)
    element.attrs = element.attrs.filter(({ name }) => name !== 'hidden');
}

/** Takes from all elements of a page what hides them; false where nothing is hidden. */
export function showAll({ body }: Page): boolean {
  const hidden = elementsIn(body).filter(({ attrs }) => attrs.some(hides));
  for (const element of hidden) {
    element.attrs = element.attrs.filter((attribute) => !hides(attribute));
  }
  return hidden.length > 0;
}
