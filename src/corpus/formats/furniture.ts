/**
 * What a page has around and inside its article that is not its text, by structure: elements, roles, attributes and
 * names of classes. The words of the page decide nothing.
 */
import { attributeOf, isElement, isText, type Page, type PageElement } from './page.ts';

/** Elements without text of the page. */
const NEVER = new Map(
  Object.entries({
    script: 'script',
    style: 'style',
    template: 'template',
    svg: 'picture',
    math: 'formula',
    iframe: 'embedded page',
    object: 'embedded object',
    canvas: 'picture',
    audio: 'audio',
    video: 'video',
    button: 'button',
    select: 'form field',
    datalist: 'form field',
    input: 'form field',
    textarea: 'form field',
    dialog: 'dialog',
  }),
);

const ROLES = new Map(
  Object.entries({
    navigation: 'navigation',
    menu: 'navigation',
    menubar: 'navigation',
    banner: 'page header',
    contentinfo: 'page footer',
    complementary: 'side note',
    search: 'search form',
    dialog: 'dialog',
    alertdialog: 'dialog',
    alert: 'notice',
    'doc-noteref': 'note mark',
    'doc-endnotes': 'list of notes',
    'doc-toc': 'table of contents',
  }),
);

/** Parts of class names and ids, each between hyphens. */
const NAMES: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['comments', /-(?:comments?|commentlist|comment-list|disqus|respond)-/],
  [
    'share buttons',
    /-(?:share|shares|sharing|sharebar|sharedaddy|social|socials|addtoany|addthis|follow-us)-/,
  ],
  [
    'links to other pages',
    /-(?:related|relatedposts|recommend|recommended|recommendations|recirc|recirculation|trending|most-read|most-popular|popular-posts|outbrain|taboola|yarpp|zergnet|up-next|read-next|also-like|more-stories|more-news|read-more|readmore|see-also)-/,
  ],
  [
    'subscription',
    /-(?:newsletter|newsletters|subscribe|subscription|signup|sign-up|donate|donation)-/,
  ],
  [
    'advertisement',
    /-(?:ad|ads|adv|advert|adverts|advertisement|advertising|adsbygoogle|sponsor|sponsored|promo|promos|promotion)-/,
  ],
  [
    'navigation',
    /-(?:breadcrumb|breadcrumbs|pagination|pager|navbar|navigation|site-nav|skip-link|screen-reader-text|visually-hidden|sr-only)-/,
  ],
  [
    'notice',
    /-(?:cookie|cookies|gdpr|consent|modal|popup|lightbox|notification|tooltip|popover|rollover|hovercard)-/,
  ],
  ['caption', /-(?:caption|captions|captionlink|wp-caption-text|credit|credits)-/],
  ['picture gallery', /-(?:[a-z]*gallery|galleries|slideshow|carousel)-/],
  ['copyright', /-(?:copyright|disclaimer|print-only|d-print-block|visible-print)-/],
  [
    'about the author',
    /-(?:author-bio|author-box|author-info|about-author|about-the-author|post-author|entry-author)-/,
  ],
  [
    'byline',
    /-(?:byline|post-meta|entry-meta|article-meta|content-meta|postmeta|timestamp|time-stamp|pubdate|pub-date|post-date|entry-date|publish-date|published-date|date-published)-/,
  ],
  ['tags', /-(?:tags|tag-list|taglist|post-tags|entry-tags|tagcloud|tag-links|entry-footer)-/],
  ['edit link', /-mw-editsection-/],
  ['list of notes', /-(?:reflist|references|mw-references-wrap)-/],
  ['links to other pages', /-(?:navbox|catlinks)-/],
  ['table of contents', /-(?:toc|table-of-contents)-/],
  ['side note', /-(?:sidebar|widget)-/],
];

/** Class names and id of an element as "-one-two-three-", in lower case. */
export function namesOf(element: PageElement): string {
  const names = `${attributeOf(element, 'class') ?? ''} ${attributeOf(element, 'id') ?? ''}`;
  return `-${names
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')}-`.replace(/--+/g, '-');
}

/** Why an element is never text of any page; null for all others. */
export function unreadReason(element: PageElement): string | null {
  const never = NEVER.get(element.tagName);
  if (never !== undefined) return never;
  const isHidden =
    attributeOf(element, 'hidden') !== null ||
    attributeOf(element, 'aria-hidden') === 'true' ||
    /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attributeOf(element, 'style') ?? '');
  return isHidden ? 'hidden' : null;
}

/** Of an element and all below it. */
interface Measures {
  /** UTF-16 characters of running text: texts of at least `PROSE_CHARS` that are no links. */
  readonly prose: number;
  /** Whether it holds an element that only an article has. */
  readonly holdsArticle: boolean;
}

/** Furniture that may have more prose than the article. */
const BESIDE = new Set(['comments', 'caption']);
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
      const why = unreadReason(child) ?? furnitureReason(child);
      if (why !== null && (isUnread(child) || isAround(child, why))) found.set(child, why);
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
      } else if (isElement(child) && !isUnread(child)) {
        const inside = measure(child, isLink || child.tagName === 'a');
        if (inside.holdsArticle || nameReason(child) !== 'comments') prose += inside.prose;
        holdsArticle ||= inside.holdsArticle;
      }
    }
    const measured = { prose, holdsArticle };
    measures.set(element, measured);
    return measured;
  }

  function isAround(element: PageElement, why: string): boolean {
    const { prose = 0, holdsArticle = false } = measures.get(element) ?? {};
    if (holdsArticle) return false;
    // The total is without comments.
    const rest = why === 'comments' ? total : total - prose;
    const most = WORDY.has(why) ? MOST_PROSE : MOST_PROSE_IN_LISTS;
    return prose <= total * most || (BESIDE.has(why) && rest >= SHORTEST_ARTICLE);
  }
}

const ARTICLE = new Set(['article', 'main', 'h1']);

function isUnread(element: PageElement): boolean {
  return unreadReason(element) !== null;
}

const LANDMARKS = new Map(
  Object.entries({
    nav: 'navigation',
    footer: 'page footer',
    aside: 'side note',
    menu: 'navigation',
    // Where the article is written by a script, its text may be here.
    noscript: 'script',
  }),
);

function furnitureReason(element: PageElement): string | null {
  return (
    ROLES.get(attributeOf(element, 'role') ?? '') ??
    LANDMARKS.get(element.tagName) ??
    nameReason(element)
  );
}

function nameReason(element: PageElement): string | null {
  if (/^(?:article|main|h1|td|tr|tbody|table|p|blockquote)$/.test(element.tagName)) return null;
  const names = namesOf(element);
  if (names === '-') return null;
  return NAMES.find(([, pattern]) => pattern.test(names))?.[0] ?? null;
}
