import type { Ranked } from '../search/search.ts';
import { publisherName } from '../corpus/companions.ts';
import {
  linesOf,
  type AccountName,
  type Document,
  type LineRange,
  type Meeting,
  type Passage,
  type Source,
  type Span,
} from '../corpus/types.ts';
import type { CitedSource, Context, Excerpt, Quoted } from './types.ts';

/** What citations are made from. */
export interface Library {
  readonly documents: ReadonlyMap<string, Document>;
  readonly meetings: ReadonlyMap<string, Meeting>;
  readonly sources: ReadonlyMap<string, Source>;
}

export function citeDocument(document: Document, span: Span): Excerpt['document'] {
  return {
    id: document.id,
    title: document.title,
    path: document.path,
    lines: linesOf(document, span.start, span.end),
  };
}

/**
 * The meeting an excerpt is about: the document's own, else the one asked for, else the only one the
 * passage belongs to.
 */
export function citeMeeting(
  library: Library,
  passage: Passage,
  asked: string | null,
): Excerpt['meeting'] {
  const own = library.documents.get(passage.documentId)?.meeting;
  const [only, ...others] = passage.meetings;
  const id = own?.id ?? asked ?? (others.length === 0 ? only : undefined);
  const meeting = id === undefined ? undefined : library.meetings.get(id);
  if (meeting === undefined) return null;
  const { title, date, city, country } = meeting;
  return { id: meeting.id, title, date, place: `${city}, ${country}` };
}

/**
 * The sources of an excerpt: those of the highlighted sentence first, then those of the rest, each once.
 * A footnote mark follows what it vouches for, so a mark at the very start belongs to what came before.
 */
export function citeSources(
  library: Library,
  passages: readonly Passage[],
  highlight: Span | null,
): CitedSource[] {
  const [first] = passages;
  const document = first === undefined ? undefined : library.documents.get(first.documentId);
  if (document === undefined) return [];
  const marked = highlight === null ? [] : sourcesWithin(document, highlight.start, highlight.end);
  const ids = new Set([...marked, ...passages.flatMap((passage) => passage.sources)]);
  return [...ids].flatMap((id) => {
    const source = library.sources.get(id);
    if (source === undefined) return [];
    const { title, publisher, published, url, kind, host, copy } = source;
    return [{ id, title, publisher, published, url, kind, host, copy }];
  });
}

/** Ids of the sources that the footnotes of a span name. A footnote's mark was right after the last character that it covers. */
export function sourcesWithin({ footnotes }: Document, start: number, end: number): string[] {
  const ids = footnotes
    .filter(({ offset }) => offset > start && offset <= end)
    .map(({ sourceId }) => sourceId);
  return [...new Set(ids)];
}

/** What an excerpt quotes: a document of the corpus's own, or a page word for word; and the link to its sentence. */

/**
 * @param sources of the excerpt, the first one first; of a fetched page its own
 * @param sentence the highlighted sentence, or the first line of an excerpt without one
 */
export function quotedOf(
  document: Document,
  sources: readonly CitedSource[],
  sentence: string,
): Quoted {
  const { page, title } = document;
  if (page !== undefined) {
    const source = sources.find(({ id }) => id === page.source);
    // Browsers do not find text in a PDF.
    const isText = !document.path.toLowerCase().endsWith('.pdf');
    return {
      kind: 'page',
      title: source?.title ?? title,
      publisher: source === undefined ? null : publisherName(source.publisher),
      copyOn: page.archived || source?.copy === true ? hostOf(page.url) : null,
      url: isText ? sentenceLink(page.url, sentence) : page.url,
    };
  }
  if (document.kind === 'other') {
    return { kind: 'page', title, publisher: null, copyOn: null, url: null };
  }
  return {
    kind: 'account',
    name: document.account ?? null,
    ofMeeting: document.meeting !== null,
    publishers: [...new Set(sources.map(({ publisher }) => publisherName(publisher)))],
  };
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^www\./, '');
}

/** Publishers that an account is said to follow; the rest are counted. */
const MOST_PUBLISHERS = 2;
const UNNAMED: AccountName = { en: 'An account of this corpus', ja: 'この資料集の記録' };

/** One line: "The club's account of the meeting, after The Gazette, The Herald and 3 more". */
export function describeQuoted(quoted: Quoted, language: 'en' | 'ja'): string {
  return language === 'ja' ? inJapanese(quoted) : inEnglish(quoted);
}

function inEnglish(quoted: Quoted): string {
  if (quoted.kind === 'page') {
    const { title, publisher, copyOn } = quoted;
    const of = publisher === null ? '' : ` by ${publisher}`;
    return `The page “${title}”${of}, word for word${copyOn === null ? '' : ` (copy on ${copyOn})`}`;
  }
  const { name, ofMeeting, publishers } = quoted;
  const named = publishers.slice(0, MOST_PUBLISHERS);
  const rest = publishers.length - named.length;
  const list = rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(' and ');
  const account = `${(name ?? UNNAMED).en}${ofMeeting ? ' of the meeting' : ''}`;
  return list === '' ? account : `${account}, after ${list}`;
}

function inJapanese(quoted: Quoted): string {
  if (quoted.kind === 'page') {
    const { title, publisher, copyOn } = quoted;
    const of = publisher === null ? '' : `${publisher}のページ`;
    return `${of}「${title}」の原文${copyOn === null ? '' : `（${copyOn}の転載）`}`;
  }
  const { name, ofMeeting, publishers } = quoted;
  const named = publishers.slice(0, MOST_PUBLISHERS);
  const rest = publishers.length - named.length;
  const list = `${named.join('、')}${rest > 0 ? `ほか${rest}件` : ''}`;
  const account = `${ofMeeting ? '会談についての' : ''}${(name ?? UNNAMED).ja}`;
  return list === '' ? account : `${account}（出典：${list}）`;
}

/** Encoded characters of a whole sentence in a link, and of its beginning and end; a Discord button takes 512 in all. */
const LONGEST_WHOLE = 180;
const LONGEST_PART = 90;

/**
 * A link that leads to a text on a page: a text directive (https://wicg.github.io/scroll-to-text-fragment/). Of a long
 * text it has the first and the last words, between which a browser finds the rest.
 */
export function sentenceLink(url: string, sentence: string): string {
  const text = sentence.replace(/\s+/gu, ' ').trim();
  if (text === '') return url;
  const whole = encodeDirective(text);
  const words = [...new Intl.Segmenter('ja', { granularity: 'word' }).segment(text)].map(
    ({ segment }) => segment,
  );
  const first = longest(words, (parts) => parts.join(''));
  const last = longest(words.reverse(), (parts) => [...parts].reverse().join(''));
  const isShort = whole.length <= LONGEST_WHOLE || first === '' || last === '';
  const directive = isShort ? whole : `${first},${last}`;
  return `${url}${url.includes('#') ? '' : '#'}:~:text=${directive}`;
}

/** As many words as fit, encoded. */
function longest(words: readonly string[], join: (parts: readonly string[]) => string): string {
  let found = '';
  for (let count = 1; count <= words.length; count++) {
    const encoded = encodeDirective(join(words.slice(0, count)).trim());
    if (encoded.length > LONGEST_PART) break;
    found = encoded;
  }
  return found;
}

/** Percent-encodes what has a meaning in a text directive: `&`, `,` and `-`, besides what no fragment may hold. */
function encodeDirective(text: string): string {
  // Half of a surrogate pair cannot be encoded.
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd')).replaceAll('-', '%2D');
}

/** The sentence that answers best, in offsets of the document's text; null for a passage without sentences. */
export function highlightOf(passage: Passage, ranked: Ranked): Span | null {
  const { best } = ranked;
  if (best === null) return null;
  const sentence = passage.sentences[best.at];
  if (sentence === undefined) return null;
  return { start: passage.start + sentence.start, end: passage.start + sentence.end };
}

/**
 * The section that holds the lines, paragraph by paragraph, with the paragraph before it and the one after it: an
 * excerpt is often a whole section, and its surroundings are what was asked for. Null when no section holds the lines.
 */
export function contextOf(document: Document, lines: LineRange): Context | null {
  const blocks = document.sections.flatMap((section) =>
    section.blocks.map(({ start, end }) => {
      const own = linesOf(document, start, end);
      const asked = own[0] <= lines[1] && lines[0] <= own[1];
      return { section, text: document.text.slice(start, end), lines: own, asked };
    }),
  );
  const asked = blocks.find((block) => block.asked);
  if (asked === undefined) return null;
  const inSection = blocks.flatMap(({ section }, at) => (section === asked.section ? [at] : []));
  const first = Math.max(0, (inSection[0] ?? 0) - 1);
  const last = (inSection[inSection.length - 1] ?? 0) + 1;
  const { id, title, path } = document;
  return {
    document: { id, title, path },
    headings: asked.section.headings,
    paragraphs: blocks
      .slice(first, last + 1)
      .map(({ text, lines: own, asked: touched }) => ({ text, lines: own, asked: touched })),
  };
}
