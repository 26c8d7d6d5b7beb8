/**
 * Which part of a page is its article. Menus, notices and the like around and inside it are recognised by structure:
 * elements, roles, attributes and names of classes. The words of the page decide nothing.
 */
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type { Block } from './block.ts';
import {
  attributeOf,
  byName,
  elementsIn,
  isElement,
  isText,
  listed,
  namesOf,
  nodesIn,
  unreadReason,
  type Page,
  type PageElement,
  type PageText,
} from './page.ts';

const ROLES = byName(
  `navigation: navigation menu menubar
   page header: banner
   page footer: contentinfo
   side note: complementary
   search form: search
   dialog: dialog alertdialog
   notice: alert
   note mark: doc-noteref
   list of notes: doc-endnotes
   table of contents: doc-toc`,
);

/** Parts of class names and ids, after the reason. The first that an element has counts. */
const NAMES = listed(
  `comments: comments? commentlist comment-list disqus respond discussion discussions replies talkback
   share buttons: share shares sharing sharebar sharedaddy socials? addtoany addthis follow-us
   links to other pages: related relatedposts recommend recommended recommendations recirc recirculation trending most-read most-popular popular-posts outbrain taboola yarpp zergnet up-next read-next also-like more-stories more-news read-more readmore see-also hatnote noprint
   subscription: newsletters? subscribe subscription signup sign-up donate donation paywall
   advertisement: ads? adv adverts? advertisement advertising adsbygoogle sponsor sponsored promos? promotion
   navigation: breadcrumbs? pagination pager navbar navigation site-nav skip-link screen-reader-text visually-hidden sr-only
   notice: cookies? cookiebot gdpr consent qc-cmp2? didomi usercentrics onetrust modal popup lightbox notification tooltip popover rollover hovercard feedback
   caption: captions? captionlink wp-caption-text credits?
   picture gallery: [a-z]*gallery galleries slideshow carousel
   copyright: copyright disclaimer print-only d-print-block visible-print
   about the author: author-bio author-box author-info about-author about-the-author post-author entry-author postprofile user-info signature
   byline: byline post-meta entry-meta article-meta content-meta postmeta timestamp time-stamp pubdate pub-date post-date entry-date publish-date published-date date-published
   tags: tags tag-list taglist post-tags entry-tags tagcloud tag-links entry-footer
   edit link: mw-editsection
   list of notes: reflist references mw-references-wrap
   links to other pages: navbox catlinks
   table of contents: toc table-of-contents
   side note: sidebar widget
   page footer: footer site-footer page-footer`,
);
const patternOf = (names: readonly string[]): RegExp => new RegExp(`-(?:${names.join('|')})-`);
const NAME_PATTERNS = NAMES.map(([why, names]) => [why, patternOf(names)] as const);
const ANY_NAME = patternOf(NAMES.flatMap(([, names]) => names));

/** Of an element and all below it. */
interface Measures {
  /** UTF-16 characters of running text: texts of at least `PROSE_CHARS` outside links. */
  readonly prose: number;
  /** Whether it holds an element that only an article has. */
  readonly holdsArticle: boolean;
  /** From `nameReason`. */
  readonly named: string | null;
}

/** Furniture that may have more prose than the article. */
const BESIDE = new Set(['comments', 'caption', 'dialog']);
/** Furniture that is words of running text, not lists of names and links. */
const WORDY = new Set([
  ...BESIDE,
  'about the author',
  'copyright',
  'list of notes',
  'notice',
  'page footer',
  'picture gallery',
  'script',
  'side note',
  'subscription',
]);

const PROSE_CHARS = 50;
/** An element with a larger share of the page's prose is around the article, whatever it is called. */
const MOST_PROSE = 0.3;
const MOST_PROSE_IN_LISTS = 0.1;
/** Comments may be longer than the article, which has at least so much prose. */
const SHORTEST_ARTICLE = 200;

/** Furniture of a page with the reason, outermost elements only. */
export function furnitureOf({ body }: Page): Map<PageElement, string> {
  const measures = new Map<PageElement, Measures>();
  measure(body, false);
  const total = measures.get(body)?.prose ?? 0;
  const found = new Map<PageElement, string>();
  const visit = (parent: PageElement): void => {
    for (const child of parent.childNodes) {
      if (!isElement(child)) continue;
      const measured = measures.get(child);
      const role = ROLES.get(attributeOf(child, 'role') ?? '') ?? LANDMARKS.get(child.tagName);
      const why = measured === undefined ? unreadReason(child) : (role ?? measured.named);
      if (why !== null && (measured === undefined || isAround(measured, why)))
        found.set(child, why);
      else visit(child);
    }
  };
  visit(body);
  return found;

  function measure(element: PageElement, isLink: boolean): Measures {
    let prose = 0;
    let holdsArticle = ARTICLE.has(element.tagName);
    for (const child of element.childNodes) {
      if (isText(child)) {
        const { length } = child.value.trim();
        if (!isLink && length >= PROSE_CHARS) prose += length;
      } else if (isElement(child) && unreadReason(child) === null) {
        const inside = measure(child, isLink || child.tagName === 'a');
        if (inside.holdsArticle || inside.named !== 'comments') prose += inside.prose;
        holdsArticle ||= inside.holdsArticle;
      }
    }
    const measured = { prose, holdsArticle, named: nameReason(element) };
    measures.set(element, measured);
    return measured;
  }

  function isAround({ prose, holdsArticle }: Measures, why: string): boolean {
    if (holdsArticle) return false;
    // The total is without comments.
    const rest = why === 'comments' ? total : total - prose;
    const most = WORDY.has(why) ? MOST_PROSE : MOST_PROSE_IN_LISTS;
    return prose <= total * most || (BESIDE.has(why) && rest >= SHORTEST_ARTICLE);
  }
}

const ARTICLE = new Set(['article', 'main', 'h1']);

/** Where the article is written by a script, its text may be in a <noscript>. */
const LANDMARKS = byName(
  `navigation: nav menu
   page footer: footer
   side note: aside
   script: noscript`,
);

function nameReason(element: PageElement): string | null {
  if (/^(?:article|main|h1|td|tr|tbody|table|caption|p|blockquote)$/.test(element.tagName))
    return null;
  const names = namesOf(element);
  if (!ANY_NAME.test(names)) return null;
  return NAME_PATTERNS.find(([, pattern]) => pattern.test(names))?.[0] ?? null;
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
export function articleTexts(page: Page, furniture: ReadonlyMap<PageElement, string>) {
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
  const texts = new Set(domTexts(found.content).flatMap((text) => places.get(text) ?? []));
  return texts.size === 0 ? null : texts;

  function copyInto(to: Element, from: PageElement, depth = 0): void {
    for (const child of from.childNodes) {
      if (isText(child)) {
        // Every heading is compared with the title.
        const most = from.tagName === 'title' ? LONGEST_VALUE : Infinity;
        const text = document.createTextNode(child.value.slice(0, most));
        places.set(text, child);
        to.appendChild(text);
      } else if (isElement(child) && !UNREAD.has(child.tagName) && !furniture.has(child)) {
        // Deeper elements are left out, with their texts in the last one.
        const element = depth < deepest ? copyOf(child) : to;
        copyInto(element, child, depth + 1);
        if (element !== to) to.appendChild(element);
      }
    }
  }

  function copyOf({ tagName, attrs }: PageElement): Element {
    // Readability removes every <noscript>; those that are not furniture hold the article.
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
      const texts = domTexts(node).values();
      for (const same of domTexts(copy)) {
        const place = places.get(texts.next().value as Node);
        if (place !== undefined) places.set(same, place);
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

function domTexts(root: Node, texts: Node[] = []): Node[] {
  for (const child of root.childNodes) {
    if (child.nodeType === 3) texts.push(child);
    else domTexts(child, texts);
  }
  return texts;
}

const PROGRAMS =
  /^(?:microsoft word|word\.document|libreoffice|openoffice|evernote|pandoc|google docs|cocoa html writer)/i;

/** Whether a page says that a program for documents wrote it: all of it is text. */
export function isDocument({ html }: Page): boolean {
  return elementsIn(html).some((element) => {
    const [type, name, content] = ['class', 'name', 'content'].map(
      (attribute) => attributeOf(element, attribute) ?? '',
    ) as [string, string, string];
    if (element.tagName === 'body') return /\bdoc-content\b/.test(type);
    if (element.tagName === 'article') return /\bpage (?:sans|serif|mono)\b/.test(type);
    const isProgram = /^(?:generator|progid|exporter-version)$/i.test(name);
    return element.tagName === 'meta' && isProgram && PROGRAMS.test(content);
  });
}

/** Why text is left out that Readability left out. */
export const OUTSIDE = 'outside the article';

/** A block of a page with what tells whether it is text of the article. */
export interface PageBlock {
  readonly block: Block;
  /** UTF-16 characters of its text that are links. */
  readonly linked: number;
  /** UTF-16 characters of its text in `<time>`. */
  readonly timed: number;
  /** Whether Readability left it out. */
  readonly isOutside: boolean;
}

/** Why a block is left out; null for text. */
function boilerplateReason({ block, linked, timed }: PageBlock): string | null {
  const { kind, text } = block;
  if (kind === 'caption') return 'caption';
  if (!/[\p{L}\p{N}]/u.test(text)) return 'separator';
  if (kind === 'heading' || kind === 'row' || kind === 'code') return null;
  const solid = text.replace(/\s/g, '').length;
  if (timed >= solid * 0.8) return 'date';
  return linked >= solid * 0.75 ? 'links to other pages' : null;
}

/** Whether a heading that Readability left out is directly above a text that it kept. */
function headsArticle(blocks: readonly PageBlock[], index: number): boolean {
  if (blocks[index]?.block.kind !== 'heading') return false;
  const next = blocks.slice(index + 1, index + 4).find(({ block }) => block.kind !== 'heading');
  return next?.isOutside === false;
}

/** For each block of a page, why it is not text of its article; null where it is. */
export function boilerplateOf(blocks: readonly PageBlock[]): (string | null)[] {
  const reasons = blocks.map((block, index) =>
    block.isOutside && !headsArticle(blocks, index) ? OUTSIDE : boilerplateReason(block),
  );
  const end = blocks.findLastIndex(
    ({ block }, index) => reasons[index] === null && block.kind !== 'heading',
  );
  return reasons.map((why, index) => why ?? (index > end ? 'heading without text' : null));
}
