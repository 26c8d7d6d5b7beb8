/** A web page as a tree, as browsers make it of the source, and what of it is never text. Nothing is run or fetched. */
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

/** A page as a tree. Where elements are nested too deeply or too many, its blocks become paragraphs next to each other. */
export function parsePage(source: string): Page {
  try {
    return parsed(source, { depth: DEEPEST, count: MOST_NODES });
  } catch (error) {
    const tooDeep = error instanceof RangeError ? error.cause : null;
    if (typeof tooDeep !== 'number') throw error;
    const most = { depth: Infinity, count: Infinity };
    return { ...parsed(withoutNesting(source), most), tooDeep };
  }
}

/** @throws RangeError whose cause is the offset of the element that is one too many */
function parsed(source: string, most: Readonly<Record<'depth' | 'count', number>>) {
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
  applyStyles(body, sheets.join('\n'));
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

/** Lines such as "picture: svg canvas". */
export function listed(list: string): [why: string, names: string[]][] {
  return list.split('\n').map((line) => {
    const [why = '', names = ''] = line.trim().split(': ');
    return [why, names.split(' ')];
  });
}

export function byName(list: string): ReadonlyMap<string, string> {
  return new Map(listed(list).flatMap(([why, names]) => names.map((name) => [name, why] as const)));
}

/** Elements without text of the page, after the reason. */
const NEVER = byName(
  `script: script
   style: style
   template: template
   picture: svg canvas
   formula: math
   embedded page: iframe
   embedded object: object
   audio: audio
   video: video
   button: button
   form field: select datalist input textarea
   dialog: dialog amp-consent
   advertisement: amp-ad amp-embed
   deleted text: del
   navigation: amp-sidebar
   reading aid: rt rp`,
);

/** UTF-16 characters of class names that are looked at. */
const LONGEST_NAMES = 1000;

/** Class names and id of an element as "-one-two-three-", in lower case. */
export function namesOf(element: PageElement): string {
  const names = [attributeOf(element, 'class'), attributeOf(element, 'id')].join(' ');
  return `-${names.slice(0, LONGEST_NAMES)}-`
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}

/** Why an element is never text of any page; null for all others. */
export function unreadReason(element: PageElement): string | null {
  const never = NEVER.get(element.tagName);
  if (never !== undefined) return never;
  if (element.attrs.some(hides)) return 'hidden';
  if (isSign(element)) return 'picture';
  return isRemark(element) ? 'comments' : null;
}

/** Signs that stand for a picture: a browser shows other things that it does not read aloud as text. */
function isSign(element: PageElement): boolean {
  if (attributeOf(element, 'aria-hidden') !== 'true') return false;
  if (element.tagName === 'a') return (attributeOf(element, 'href') ?? '').startsWith('#');
  return /-(?:icons?|glyphicons?|fa|symbols|katex|mathjax|mjx)-/.test(namesOf(element));
}

/** Remarks of reviewers, as Word and Google Docs write them at the end of a document and at what they are about. */
function isRemark(element: PageElement): boolean {
  if (/mso-element:\s*comment/.test(attributeOf(element, 'style') ?? '')) return true;
  const opening = element.tagName === 'p' ? element.childNodes.find(isElement) : element;
  return opening?.tagName === 'a' && /^#_?cmnt/.test(attributeOf(opening, 'href') ?? '');
}

export const NOTE_MARK = 'note mark';

/** What a mark of a note is: its reason to be left out; null for other elements. */
export function noteMark(element: PageElement): string | null {
  const { tagName, childNodes } = element;
  const addressOf = (link: PageElement): string => attributeOf(link, 'href') ?? '';
  const isLink = tagName === 'a' && /^[^?#]*#/.test(addressOf(element));
  if (tagName !== 'sup' && !isLink) return null;
  const text = plainText(element);
  const isRaised = childNodes.every((child) => isElement(child) && child.tagName === 'sup');
  const linksToNote = (): boolean =>
    childNodes.filter(isElement).some((a) => a.tagName === 'a' && addressOf(a).startsWith('#'));
  const isMark =
    /^(?:\[[^\]]{1,20}\])+$/.test(text) ||
    (isLink && isRaised && /^\d{1,3}$/.test(text)) ||
    // The way back from a note, or the address of a heading.
    (isLink && /^[↩↑⏎¶§#🔗]\ufe0e?$/u.test(text)) ||
    // A bare number may be an exponent, unless it links to a note.
    (!isLink && /^(?:\d{1,3}|[*†‡])$/.test(text) && linksToNote());
  return isMark ? NOTE_MARK : null;
}

/** Styles by which nothing is shown: taken away, without size, far off the page, left out by Word. */
const HIDING =
  /(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|!|$)|(?:^|[\s;])(?:left|top|text-indent)\s*:\s*-\d{4,}(?:\.\d+)?px|mso-hide\s*:\s*all)/i;

function hides({ name, value }: PageElement['attrs'][number]): boolean {
  if (name === 'style') return HIDING.test(value);
  // A browser that looks for words shows what is hidden until they are found.
  return name === 'hidden' && value.toLowerCase() !== 'until-found';
}

/** Declarations that say whether something is shown. */
const DECIDING = /(?:^|[\s;])(?:display|visibility)\s*:/i;
/** With more of the text hidden, a script was to show it. */
const MOST_HIDDEN = 0.5;

/** Classes and ids ("#menu") that a style sheet hides by a rule of their own, and that no other rule shows on a screen. */
function namesHiddenBy(sheets: string): ReadonlySet<string> {
  const hidden = new Set<string>();
  const shown = new Set<string>();
  const open: string[] = [];
  const plain = sheets.replace(/\/\*.*?(?:\*\/|$)/gs, ' ');
  for (const [, before = '', brace] of plain.matchAll(/([^{}]*)([{}])/g)) {
    if (brace === '{') {
      open.push(before.slice(before.lastIndexOf(';') + 1).trim());
      continue;
    }
    const selectors = open.pop() ?? '';
    const isHiding = HIDING.test(before);
    if (open.some((around) => /^@media\s+print\b/i.test(around))) continue;
    for (const selector of selectors.split(',')) {
      const names = selector.match(/[.#][\w-]+/g) ?? [];
      if (!isHiding && DECIDING.test(before)) for (const name of names) shown.add(name);
      if (isHiding && open.length === 0 && names[0] === selector.trim()) hidden.add(names[0]);
    }
  }
  return new Set([...hidden].filter((name) => !shown.has(name)));
}

/** Marks as hidden what style sheets hide. */
function applyStyles(body: PageElement, sheets: string): void {
  const names = namesHiddenBy(sheets);
  if (names.size === 0) return;
  const hidden = elementsIn(body).filter((element) => {
    const classes = (attributeOf(element, 'class') ?? '').split(/\s+/).map((name) => `.${name}`);
    const isNamed = [`#${attributeOf(element, 'id') ?? ''}`, ...classes].some((each) =>
      names.has(each),
    );
    return isNamed && !DECIDING.test(attributeOf(element, 'style') ?? '');
  });
  const lengthOf = (texts: Iterable<PageText>): number =>
    [...texts].reduce((sum, { value }) => sum + value.trim().length, 0);
  if (lengthOf(new Set(hidden.flatMap(textsIn))) > lengthOf(textsIn(body)) * MOST_HIDDEN) return;
  for (const element of hidden) element.attrs.push({ name: 'hidden', value: '' });
}

/** Takes from all elements of a page what hides them; false where nothing is hidden. */
export function showAll({ body }: Page): boolean {
  const hidden = elementsIn(body).filter(({ attrs }) => attrs.some(hides));
  for (const element of hidden) {
    element.attrs = element.attrs.filter((attribute) => !hides(attribute));
  }
  return hidden.length > 0;
}
