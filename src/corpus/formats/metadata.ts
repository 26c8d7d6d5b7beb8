/** What a web page says about itself: headline, author, date of publication, language. */
import { decodeHTML } from 'entities';
import { firstIsoDate } from '../../language/dates.ts';
import { foldedWords } from '../../language/words.ts';
import type { Metadata } from './block.ts';
import { attributeOf, elementsIn, plainText, type Page, type PageElement } from './page.ts';

/** Names of `<meta>` in the order of trust. */
const HEADLINES = ['og:title', 'twitter:title', 'dc.title', 'dcterms.title', 'citation_title'];
const DATES =
  'article:published_time datepublished og:published_time citation_publication_date citation_date dcterms.issued dcterms.created dc.date.issued dc.date dcterms.date parsely-pub-date sailthru.date publishdate publish-date publish_date pubdate date'.split(
    ' ',
  );
const AUTHORS =
  'author citation_author dc.creator dcterms.creator parsely-author sailthru.author article:author'.split(
    ' ',
  );

export function metadataOf(page: Page): Metadata {
  const elements = elementsIn(page.html);
  const meta = metaOf(elements);
  const linked = linkedData(elements);
  const language = attributeOf(page.html, 'lang') ?? attributeOf(page.html, 'xml:lang');
  return {
    title: titleOf(elements, meta, linked),
    author: authorOf(meta, linked),
    date: dateOf(elements, meta, linked),
    language: language ?? meta.get('content-language') ?? null,
  };
}

type Meta = ReadonlyMap<string, string>;

function metaOf(elements: readonly PageElement[]): Meta {
  const found = new Map<string, string>();
  for (const element of elements.filter(({ tagName }) => tagName === 'meta')) {
    const content = clean(attributeOf(element, 'content'));
    for (const attribute of ['property', 'name', 'itemprop', 'http-equiv']) {
      const name = attributeOf(element, attribute)?.trim().toLowerCase() ?? '';
      if (name !== '' && content !== '' && !found.has(name)) found.set(name, content);
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
      // Line feeds in a text and a last comma are not valid JSON, but common.
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
  const things = thingsIn(described);
  return (
    things.find(isArticle) ?? things.find(({ headline }) => typeof headline === 'string') ?? {}
  );
}

function thingsIn(value: unknown, depth = 0): Linked[] {
  if (Array.isArray(value)) return value.flatMap((entry) => thingsIn(entry, depth + 1));
  if (!isRecord(value) || depth > 5) return [];
  return [value, ...thingsIn(value['@graph'] ?? value.mainEntity, depth + 1)];
}

function isRecord(value: unknown): value is Linked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** UTF-16 characters of a heading or a value that are looked at. */
const LONGEST_VALUE = 1000;
/** Headings of a level among which the title is. */
const MOST_HEADINGS = 300;

function clean(text: unknown): string {
  if (typeof text !== 'string') return '';
  // Some systems escape twice.
  return decodeHTML(text.slice(0, LONGEST_VALUE))
    .replace(/[\u00ad\u200b]|\s*[¶§]\s*$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The heading that the page's metadata agrees with; else the headline of the metadata; else the window title without the
 * site's name; else the only heading. Never the name of the site.
 */
function titleOf(elements: readonly PageElement[], meta: Meta, linked: Linked): string | null {
  const textsOf = (tag: string): string[] =>
    elements
      .filter(({ tagName }) => tagName === tag)
      .slice(0, MOST_HEADINGS)
      .map((element) => clean(plainText(element)))
      .filter((text) => text !== '');
  const firsts = new Set(textsOf('h1'));
  const headings = [...firsts, ...textsOf('h2'), ...textsOf('h3')];
  const [named = ''] = textsOf('title');
  const window = NAME_OF_FILE.test(named) ? '' : named;
  const sites = siteNames(meta, linked);
  const stated = [...HEADLINES.map((name) => meta.get(name)), linked.headline, window]
    .map(clean)
    .filter((text) => text !== '' && !sites.has(foldedWords(text)));
  const candidates = headings.filter((text) => !sites.has(foldedWords(text)));
  const parts = stated.flatMap((text) => text.split(SEPARATOR).map(foldedWords));
  const [part] = candidates
    .filter((heading) => parts.includes(foldedWords(heading)))
    .sort((a, b) => wordCount(b) - wordCount(a));
  if (part !== undefined && wordCount(part) >= 2) return part;
  const shortest = foldedWords(stated[0] ?? '').length / 2;
  const inside = candidates.find((heading) => {
    const words = ` ${foldedWords(heading)} `;
    return (
      words.length > shortest && stated.some((text) => ` ${foldedWords(text)} `.includes(words))
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

const SITES = ['og:site_name', 'application-name', 'apple-mobile-web-app-title', 'twitter:site'];

function siteNames(meta: Meta, linked: Linked): ReadonlySet<string> {
  const publisher = isRecord(linked.publisher) ? clean(linked.publisher.name) : '';
  const names = [...SITES.map((name) => meta.get(name)?.replace(/^@/, '') ?? ''), publisher];
  return new Set(names.map(foldedWords).filter((name) => name !== ''));
}

/** Two letters of a script without spaces are about a word. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,2}|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

function wordCount(text: string): number {
  return foldedWords(text).match(WORDS)?.length ?? 0;
}

const SEPARATOR = /\s+(?:[|·•»«>‹›~:/\\–—-]|::|\|\|)\s+|\s*｜\s*/;

/** "A headline | The Paper" without the site's name; what it is is known, or is the shorter of two ends. */
function withoutSite(text: string, sites: ReadonlySet<string>): string {
  const [opening = '', name = ''] = /^([^:]{1,80}):\s+/.exec(text) ?? [];
  if (sites.has(foldedWords(name))) return text.slice(opening.length);
  const parts = text.split(new RegExp(`(${SEPARATOR.source})`));
  if (parts.length < 3) return text;
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (sites.has(foldedWords(last))) return parts.slice(0, -2).join('');
  if (sites.has(foldedWords(first))) return parts.slice(2).join('');
  const rest = parts.slice(0, -2).join('');
  if (/[|｜»·•]/.test(parts.at(-2) ?? '') || (wordCount(last) <= 4 && wordCount(rest) >= 3)) {
    return wordCount(rest) >= 2 || wordCount(last) <= wordCount(rest) ? rest : text;
  }
  return text;
}

function authorOf(meta: Meta, linked: Linked): string | null {
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

function dateOf(elements: readonly PageElement[], meta: Meta, linked: Linked): string | null {
  const times = elements.filter(({ tagName }) => tagName === 'time');
  const isMarked = (element: PageElement): boolean =>
    /\b(?:datePublished|dateCreated)\b/i.test(attributeOf(element, 'itemprop') ?? '') ||
    (element.tagName === 'time' &&
      (attributeOf(element, 'pubdate') !== null ||
        /\b(?:published|entry-date)\b/.test(attributeOf(element, 'class') ?? '')));
  for (const text of [
    linked.datePublished,
    ...DATES.map((name) => meta.get(name)),
    ...elements
      .filter(isMarked)
      .map(
        (element) =>
          attributeOf(element, 'datetime') ?? attributeOf(element, 'content') ?? plainText(element),
      ),
    ...times.slice(0, 1).map((element) => attributeOf(element, 'datetime')),
  ]) {
    const date = isoDate(clean(text));
    if (date !== null) return date;
  }
  return null;
}

/** The day as it is written: the time zone is the publisher's. */
function isoDate(text: string): string | null {
  const digits = /(?<!\d)((?:1[89]|20)\d\d)[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])(?!\d)/;
  return digits.exec(text)?.slice(1, 4).join('-') ?? firstIsoDate(text);
}
