/** What a page says about itself: headline, author, date of publication, language. */
import { decodeHTML } from 'entities';
import { firstIsoDate } from '../../language/dates.ts';
import type { ParsedBody } from './block.ts';
import { attributeOf, elementsIn, plainText, type Page, type PageElement } from './page.ts';

type Metadata = Required<Pick<ParsedBody, 'title' | 'author' | 'date' | 'language'>>;

/** Names of `<meta>` in the order of trust. */
const HEADLINES = ['og:title', 'twitter:title', 'dc.title', 'dcterms.title', 'citation_title'];
const DATES =
  'article:published_time datepublished og:published_time citation_publication_date citation_date dcterms.issued dcterms.created dc.date.issued dc.date dcterms.date parsely-pub-date sailthru.date publishdate publish-date publish_date pubdate date'.split(
    ' ',
  );
const AUTHORS = [
  'author',
  'citation_author',
  'dc.creator',
  'dcterms.creator',
  'parsely-author',
  'sailthru.author',
  'article:author',
];

export function metadataOf(page: Page): Metadata {
  const elements = elementsIn(page.html);
  const meta = metaOf(elements);
  const linked = linkedData(elements);
  return {
    title: titleOf(elements, meta, linked),
    author: authorOf(meta, linked),
    date: dateOf(elements, meta, linked),
    language:
      attributeOf(page.html, 'lang') ??
      attributeOf(page.html, 'xml:lang') ??
      meta.get('content-language') ??
      null,
  };
}

function metaOf(elements: readonly PageElement[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const element of elements) {
    if (element.tagName !== 'meta') continue;
    const content = clean(attributeOf(element, 'content'));
    for (const attribute of ['property', 'name', 'itemprop', 'http-equiv']) {
      const name = attributeOf(element, attribute)?.trim().toLowerCase();
      if (name !== undefined && name !== '' && content !== '' && !found.has(name))
        found.set(name, content);
    }
  }
  return found;
}

type Linked = Readonly<Record<string, unknown>>;

/** The first article that JSON-LD of the page describes, else the first thing with a headline, with its parts as they are there. */
function linkedData(elements: readonly PageElement[]): Linked {
  const described = elements.flatMap((element): unknown[] => {
    const isData = /^application\/ld\+json/i.test(attributeOf(element, 'type') ?? '');
    const [script] = element.childNodes;
    if (element.tagName !== 'script' || !isData || script === undefined || !('value' in script)) {
      return [];
    }
    try {
      // Line feeds in a text and a last comma are no JSON, but common.
      const json = script.value
        .replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, '')
        .replace(/\s/g, ' ')
        .replace(/,(?= *[}\]])/g, '');
      return [JSON.parse(json)];
    } catch {
      // What the page says elsewhere is used.
      return [];
    }
  });
  const isArticle = (value: Linked): boolean =>
    [value['@type']].flat().some((type) => /(?:Article|Posting|Report)$/.test(String(type)));
  const hasHeadline = (value: Linked): boolean => typeof value.headline === 'string';
  return firstIn(described, isArticle) ?? firstIn(described, hasHeadline) ?? {};
}

function firstIn(value: unknown, passes: (value: Linked) => boolean, depth = 0): Linked | null {
  if (Array.isArray(value)) {
    for (const entry of value) {
      const found = firstIn(entry, passes, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isRecord(value) || depth > 5) return null;
  if (passes(value)) return value;
  return firstIn(value['@graph'] ?? value.mainEntity ?? null, passes, depth + 1);
}

function isRecord(value: unknown): value is Linked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** UTF-16 characters of a heading or a value that are looked at. */
const LONGEST_VALUE = 1000;
/** Headings among which the title is. */
const MOST_HEADINGS = 300;

function clean(text: unknown): string {
  if (typeof text !== 'string') return '';
  // Some systems escape twice.
  return decodeHTML(text.slice(0, LONGEST_VALUE))
    .replace(/[\u00ad\u200b]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The heading that the page's metadata agrees with; else the headline of the metadata; else the window title without the
 * site's name; else the only heading. Never the name of the site.
 */
function titleOf(
  elements: readonly PageElement[],
  meta: ReadonlyMap<string, string>,
  linked: Linked,
): string | null {
  const headings = elements
    .filter(({ tagName }) => /^h[1-3]$/.test(tagName))
    .slice(0, MOST_HEADINGS)
    .sort((a, b) => (a.tagName < b.tagName ? -1 : a.tagName > b.tagName ? 1 : 0))
    .map(plainText)
    .map(clean)
    .filter((text) => text !== '');
  const firsts = new Set(
    elements.filter(({ tagName }) => tagName === 'h1').map((element) => clean(plainText(element))),
  );
  const named = clean(elements.filter(({ tagName }) => tagName === 'title').map(plainText)[0]);
  const window = NAME_OF_FILE.test(named) ? '' : named;
  const sites = siteNames(meta, linked);
  const stated = [...HEADLINES.map((name) => meta.get(name)), linked.headline, window]
    .map(clean)
    .filter((text) => text !== '' && !sites.has(comparable(text)));
  const candidates = headings.filter((text) => !sites.has(comparable(text)));
  const parts = stated.flatMap((text) => text.split(SEPARATOR).map(comparable));
  const part = longest(candidates.filter((heading) => parts.includes(comparable(heading))));
  if (part !== undefined && wordCount(part) >= 2) return part;
  const shortest = comparable(stated[0] ?? '').length / 2;
  const inside = candidates.find((heading) => {
    const words = comparable(heading);
    return (
      words.length >= shortest &&
      stated.some((text) => ` ${comparable(text)} `.includes(` ${words} `))
    );
  });
  if (inside !== undefined && wordCount(inside) >= 2) return inside;
  const headline = stated.map((text) => withoutSite(text, sites)).find((text) => text !== '');
  const [only, ...others] = candidates.filter((text) => firsts.has(text));
  const isOnly = only !== undefined && others.length === 0;
  if (headline !== undefined && !(isOnly && wordCount(headline) < 2)) return headline;
  // Documents that were saved as pages mark their title by the name of its style alone.
  const styled = elements.find((element) => STYLED_TITLE.test(attributeOf(element, 'class') ?? ''));
  const title = styled === undefined || window !== '' ? '' : clean(plainText(styled));
  return title || (isOnly ? only : window || (candidates[0] ?? null));
}

const STYLED_TITLE = /(?:^|\s)(?:title|MsoTitle)(?:\s|$)/;

/** What word processors write into the window title: "Microsoft Word - minutes.doc". */
const NAME_OF_FILE = /^microsoft \w+ - \S|\.(?:docx?|odt|rtf|wpd|txt|pdf|html?)$/i;

function siteNames(meta: ReadonlyMap<string, string>, linked: Linked): ReadonlySet<string> {
  const publisher = isRecord(linked.publisher) ? clean(linked.publisher.name) : '';
  const names = [
    meta.get('og:site_name'),
    meta.get('application-name'),
    meta.get('apple-mobile-web-app-title'),
    meta.get('twitter:site')?.replace('@', ''),
    publisher,
  ];
  return new Set(names.map((name) => comparable(name ?? '')).filter((name) => name !== ''));
}

/** The one of most words, the first of several. */
function longest(texts: readonly string[]): string | undefined {
  const most = Math.max(...texts.map(wordCount));
  return texts.find((text) => wordCount(text) === most);
}

/** Two letters of a script without spaces are about a word. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,2}|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

function wordCount(text: string): number {
  return comparable(text).match(WORDS)?.length ?? 0;
}

function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const SEPARATOR = /\s+(?:[|·•»«>‹›~:/\\–—-]|::|\|\|)\s+|\s*｜\s*/;

/** "A headline | The Paper" without the site's name; what it is is known, or is the shorter of two ends. */
function withoutSite(text: string, sites: ReadonlySet<string>): string {
  const [opening = '', name = ''] = /^([^:]{1,80}):\s+/.exec(text) ?? [];
  if (sites.has(comparable(name))) return text.slice(opening.length);
  const parts = text.split(new RegExp(`(${SEPARATOR.source})`));
  if (parts.length < 3) return text;
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (sites.has(comparable(last))) return parts.slice(0, -2).join('');
  if (sites.has(comparable(first))) return parts.slice(2).join('');
  const rest = parts.slice(0, -2).join('');
  if (/[|｜»·•]/.test(parts.at(-2) ?? '') || (wordCount(last) <= 4 && wordCount(rest) >= 3)) {
    return wordCount(rest) >= 2 || wordCount(last) <= wordCount(rest) ? rest : text;
  }
  return text;
}

function authorOf(meta: ReadonlyMap<string, string>, linked: Linked): string | null {
  const names = [linked.author]
    .flat()
    .map((author) => clean(isRecord(author) ? author.name : author));
  const stated = [
    names.filter((name) => name !== '').join(', '),
    ...AUTHORS.map((name) => meta.get(name) ?? ''),
  ];
  const author = stated.find((name) => name !== '' && !/^https?:|^@|^\d+$/.test(name));
  return author?.replace(/^by\s+/i, '') ?? null;
}

function dateOf(
  elements: readonly PageElement[],
  meta: ReadonlyMap<string, string>,
  linked: Linked,
): string | null {
  const marked = elements
    .filter(
      (element) =>
        /\b(?:datePublished|dateCreated)\b/i.test(attributeOf(element, 'itemprop') ?? '') ||
        (element.tagName === 'time' &&
          (attributeOf(element, 'pubdate') !== null ||
            /\b(?:published|entry-date)\b/.test(attributeOf(element, 'class') ?? ''))),
    )
    .map(
      (element) =>
        attributeOf(element, 'datetime') ?? attributeOf(element, 'content') ?? plainText(element),
    );
  const times = elements
    .filter(({ tagName }) => tagName === 'time')
    .map((element) => attributeOf(element, 'datetime'));
  for (const text of [
    linked.datePublished,
    ...DATES.map((name) => meta.get(name)),
    ...marked,
    ...times.slice(0, 1),
  ]) {
    const date = isoDate(clean(text));
    if (date !== null) return date;
  }
  return null;
}

/** The day as it is written: the time zone is the publisher's. */
function isoDate(text: string): string | null {
  const digits = /(?<!\d)(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)/.exec(text);
  if (digits === null) return firstIsoDate(text);
  const [, year = '', month = '', day = ''] = digits;
  const isDay =
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    Number(day) <= 31 &&
    Number(year) > 1800;
  return isDay ? `${year}-${month}-${day}` : null;
}

/** Whether a page says that a program for documents wrote it: all of it is text. */
export function isDocument({ html }: Page): boolean {
  return elementsIn(html).some(saysDocument);
}

function saysDocument({ tagName, attrs }: PageElement): boolean {
  const valueOf = (wanted: string): string =>
    attrs.find(({ name }) => name === wanted)?.value ?? '';
  if (tagName === 'body') return /\bdoc-content\b/.test(valueOf('class'));
  if (tagName === 'article') return /\bpage (?:sans|serif|mono)\b/.test(valueOf('class'));
  if (tagName !== 'meta' || !/^(?:generator|progid|exporter-version)$/i.test(valueOf('name')))
    return false;
  return /^(?:microsoft word|word\.document|libreoffice|openoffice|evernote|pandoc|google docs|cocoa html writer)/i.test(
    valueOf('content'),
  );
}
