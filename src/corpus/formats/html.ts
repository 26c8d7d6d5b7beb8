/**
 * Text of a saved page. Readability decides on a copy which elements are the article; the text is read from the original,
 * whose nodes have offsets in the file. Loaded only for corpora with HTML, because the two libraries take half a second
 * to load.
 */
import { Readability } from '@mozilla/readability';
import { JSDOM, VirtualConsole } from 'jsdom';
import {
  appendDecoded,
  BlockBuilder,
  type Block,
  type BlockKind,
  type ParsedBody,
} from './block.ts';
import { withoutBoilerplate } from './boilerplate.ts';

/** Elements without text of the page. */
const NEVER = new Set(
  'SCRIPT STYLE NOSCRIPT TEMPLATE HEAD SVG MATH IFRAME OBJECT CANVAS AUDIO VIDEO BUTTON SELECT INPUT TEXTAREA DIALOG'.split(
    ' ',
  ),
);
/** Elements around the article. */
const AROUND = new Set('NAV HEADER FOOTER ASIDE FORM MENU'.split(' '));
const AROUND_ROLES = /^(?:navigation|banner|contentinfo|complementary|search|dialog|alert)$/;
const BLOCKS = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR HTML LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL'.split(
    ' ',
  ),
);

/** Readability must find at least this share of the page's text, and this many characters, to be used. */
const LEAST_SHARE = 0.4;
const LEAST_CHARS = 200;

/** Blocks of a page and its title. Scripts are not run and nothing is fetched. */
export function readHtml(decoded: string): ParsedBody {
  const dom = new JSDOM(decoded, {
    includeNodeLocations: true,
    virtualConsole: new VirtualConsole(),
  });
  const { document } = dom.window;
  const whole = new HtmlReader(dom, decoded, null).read();
  const article = findArticle(document);
  const selected = article === null ? null : new HtmlReader(dom, decoded, article.keys).read();
  const length = (blocks: readonly Block[]): number =>
    blocks.reduce((sum, { kind, text }) => (kind === 'heading' ? sum : sum + text.length), 0);
  const found = selected === null ? 0 : length(selected);
  const isEnough = found >= LEAST_CHARS && found >= LEAST_SHARE * length(whole);
  const blocks = selected !== null && isEnough ? selected : whole;
  const title = titleOfPage(document, article?.title ?? null);
  dom.window.close();
  return { blocks: withoutBoilerplate(blocks), leftOut: [], title };
}

/** Each element gets an attribute of its own, which Readability keeps when it renames and merges elements. */
const KEY = /^data-dragoman-(\d+)$/;

function findArticle(
  document: Document,
): { keys: ReadonlySet<number>; title: string | null } | null {
  for (const [index, element] of [...document.querySelectorAll('*')].entries()) {
    element.setAttribute(`data-dragoman-${index}`, '');
  }
  const copy = document.cloneNode(true) as Document;
  let found: { content: Element | null | undefined; title: string | null | undefined } | null;
  try {
    found = new Readability<Element>(copy, {
      serializer: (node) => node as Element,
      charThreshold: LEAST_CHARS,
    }).parse();
  } catch {
    // A page that Readability cannot process is read as a whole.
    return null;
  }
  if (found?.content == null) return null;
  const keys = new Set<number>();
  for (const element of [found.content, ...found.content.querySelectorAll('*')]) {
    for (const name of element.getAttributeNames()) {
      const key = KEY.exec(name)?.[1];
      if (key !== undefined) keys.add(Number(key));
    }
  }
  return { keys, title: found.title ?? null };
}

/** The heading that the window title repeats, else the only heading, else the window title without the site's name. */
function titleOfPage(document: Document, article: string | null): string | null {
  const clean = (text: string | null | undefined): string =>
    (text ?? '').replace(/\s+/g, ' ').trim();
  const headings = [...document.querySelectorAll('h1')].map(({ textContent }) =>
    clean(textContent),
  );
  const windowTitle = clean(document.title);
  const named = headings.find(
    (text) => text !== '' && windowTitle.toLowerCase().includes(text.toLowerCase()),
  );
  if (named !== undefined) return named;
  const only = headings.filter((text) => text !== '');
  if (only.length === 1 && only[0] !== undefined) return only[0];
  return clean(article) || windowTitle || only[0] || null;
}

interface BlockType {
  readonly kind: BlockKind;
  readonly level: number;
}

interface Context extends BlockType {
  /** Whether text directly in the element belongs to the article. */
  readonly isKept: boolean;
}

class HtmlReader {
  readonly #blocks: Block[] = [];
  readonly #dom: JSDOM;
  readonly #decoded: string;
  /** Keys of the elements to read, or null for all. */
  readonly #keys: ReadonlySet<number> | null;
  #open = new BlockBuilder();

  constructor(dom: JSDOM, decoded: string, keys: ReadonlySet<number> | null) {
    this.#dom = dom;
    this.#decoded = decoded;
    this.#keys = keys;
  }

  read(): Block[] {
    const { body } = this.#dom.window.document;
    this.#walk(body, { kind: 'paragraph', level: 0, isKept: this.#keeps(body) });
    this.#close({ kind: 'paragraph', level: 0 });
    return this.#blocks;
  }

  #walk(parent: Element, context: Context): void {
    for (const node of parent.childNodes) {
      if (node.nodeType === 3) {
        if (context.isKept) this.#text(node as Text);
      } else if (node.nodeType === 1) {
        this.#element(node as Element, context);
      }
    }
  }

  #element(element: Element, context: Context): void {
    const name = element.tagName.toUpperCase();
    if (NEVER.has(name) || isHidden(element) || isApparatus(element, name)) return;
    if (this.#keys === null && isAround(element, name)) return;
    if (name === 'BR') {
      this.#open.separate(this.#startOf(element), true);
      return;
    }
    if (!BLOCKS.has(name)) {
      this.#walk(element, context);
      return;
    }
    if (name === 'TD' || name === 'TH') {
      this.#open.separate(this.#startOf(element));
      this.#walk(element, { ...context, isKept: this.#keeps(element) });
      return;
    }
    this.#close(context);
    const inside = { ...kindOf(name, context), isKept: this.#keeps(element) };
    this.#walk(element, inside);
    this.#close(inside);
  }

  #text(node: Text): void {
    const place = this.#dom.nodeLocation(node);
    // Line feeds of the source are white space; only <br> breaks a line.
    const value = node.data.replace(/[\r\n\f]/g, ' ');
    if (place == null) {
      this.#open.append(value, 0);
      return;
    }
    const source = this.#decoded
      .slice(place.startOffset, place.endOffset)
      .replace(/[\r\n\f]/g, ' ');
    appendDecoded(this.#open, value, { source, fileStart: place.startOffset });
  }

  #close({ kind, level }: BlockType): void {
    if (!this.#open.isEmpty) this.#blocks.push(this.#open.build(kind, level));
    this.#open = new BlockBuilder();
  }

  #keeps(element: Element): boolean {
    if (this.#keys === null || /^H[1-6]$/.test(element.tagName))
      return this.#keys === null || hasKeptNeighbour(element, this.#keys);
    return keysOf(element).some((key) => this.#keys?.has(key) === true);
  }

  #startOf(element: Element): number {
    return this.#dom.nodeLocation(element)?.startOffset ?? 0;
  }
}

function keysOf(element: Element): number[] {
  return element.getAttributeNames().flatMap((name) => {
    const key = KEY.exec(name)?.[1];
    return key === undefined ? [] : [Number(key)];
  });
}

/** Readability drops headings that repeat the title; they belong to the article when an element around them does. */
function hasKeptNeighbour(element: Element, keys: ReadonlySet<number>): boolean {
  const around = [element, element.parentElement, element.nextElementSibling];
  return around.some((near) => near !== null && keysOf(near).some((key) => keys.has(key)));
}

function kindOf(name: string, context: BlockType): BlockType {
  const heading = /^H([1-6])$/.exec(name)?.[1];
  if (heading !== undefined) return { kind: 'heading', level: Number(heading) };
  if (name === 'LI' || name === 'DD' || name === 'DT') return { kind: 'item', level: 0 };
  if (name === 'TR') return { kind: 'row', level: 0 };
  if (name === 'BLOCKQUOTE') return { kind: 'quotation', level: 0 };
  if (name === 'FIGCAPTION' || name === 'FIGURE' || name === 'CAPTION') {
    return { kind: 'caption', level: 0 };
  }
  if (name === 'PRE') return { kind: 'code', level: 0 };
  return { kind: context.kind === 'heading' ? 'paragraph' : context.kind, level: 0 };
}

function isHidden(element: Element): boolean {
  return (
    element.hasAttribute('hidden') ||
    element.getAttribute('aria-hidden') === 'true' ||
    /display\s*:\s*none/i.test(element.getAttribute('style') ?? '')
  );
}

/** Note marks, lists of references, tables of contents and "[edit]" links of encyclopedias. */
const APPARATUS =
  '.mw-editsection, .reflist, ol.references, .navbox, .catlinks, #toc, .toc, [role="doc-noteref"], [role="doc-endnotes"], [role="doc-toc"]';

function isApparatus(element: Element, name: string): boolean {
  if (name !== 'SUP') return element.matches(APPARATUS);
  const text = element.textContent.trim();
  // "[2]" is always a note mark; a bare number may be an exponent, unless it links to a note.
  if (/^(?:\[[^\]]{1,20}\])+$/.test(text)) return true;
  return /^(?:\d{1,3}|[*†‡])$/.test(text) && element.querySelector('a[href^="#"]') !== null;
}

function isAround(element: Element, name: string): boolean {
  if (AROUND_ROLES.test(element.getAttribute('role') ?? '')) return true;
  // The header of an article has its title and dateline.
  if (name === 'HEADER') {
    return element.closest('article, main') === null && element.querySelector('h1') === null;
  }
  return AROUND.has(name);
}
