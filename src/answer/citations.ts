import type { Ranked } from '../search/search.ts';
import {
  linesOf,
  publisherName,
  type AccountName,
  type Cut,
  type Document,
  type LineRange,
  type Meeting,
  type Passage,
  type Run,
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

/**
 * What an excerpt quotes: a document of the corpus's own, or a page word for word with the link to its sentence.
 *
 * @param sources of the excerpt; of a fetched page its own is among them
 * @param sentence the highlighted one, or the first line of an excerpt without one
 */
export function quotedOf(
  document: Document,
  sources: readonly CitedSource[],
  sentence: Span,
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
      url: isText ? sentenceLink(page.url, document, sentence) : page.url,
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
  const isJapanese = language === 'ja';
  if (quoted.kind === 'page') {
    const { title, publisher, copyOn } = quoted;
    if (isJapanese) {
      const of = publisher === null ? '' : `${publisher}のページ`;
      return `${of}「${title}」の原文${copyOn === null ? '' : `（${copyOn}の転載）`}`;
    }
    const of = publisher === null ? '' : ` by ${publisher}`;
    return `The page “${title}”${of}, word for word${copyOn === null ? '' : ` (copy on ${copyOn})`}`;
  }
  const { name, ofMeeting, publishers } = quoted;
  const account = (name ?? UNNAMED)[language];
  const named = publishers.slice(0, MOST_PUBLISHERS);
  const rest = publishers.length - named.length;
  if (isJapanese) {
    const after = `（出典：${named.join('、')}${rest > 0 ? `ほか${rest}件` : ''}）`;
    return `${ofMeeting ? '会談についての' : ''}${account}${named.length > 0 ? after : ''}`;
  }
  const list = rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(' and ');
  return `${account}${ofMeeting ? ' of the meeting' : ''}${list === '' ? '' : `, after ${list}`}`;
}

/** Encoded characters of a whole sentence in a link, and of its beginning and end; a Discord button takes 512 in all. */
const LONGEST_WHOLE = 180;
const LONGEST_PART = 90;
/** Encoded characters. Less may stand elsewhere on the page, where the document has left something out. */
const SHORTEST_START = 16;

/**
 * A link that leads to a sentence of a page: a text directive (https://wicg.github.io/scroll-to-text-fragment/). A browser
 * looks for each part of a directive within one block, in whole words, and takes the first place that it finds. So no
 * part goes over a cut, and of a sentence that is long or cut the link has first and last words, between which the
 * browser finds the rest. Where they would lead to another place, the link leads to the page.
 */
export function sentenceLink(
  url: string,
  document: Pick<Document, 'text' | 'origin'>,
  sentence: Span,
): string {
  const directive = directiveOf(document, trimmed(document.text, sentence));
  return directive === null ? url : `${url}${url.includes('#') ? '' : '#'}:~:text=${directive}`;
}

function directiveOf(document: Pick<Document, 'text' | 'origin'>, sentence: Span): string | null {
  const { text } = document;
  const encoded = ({ start, end }: Span): string => encodeDirective(text.slice(start, end));
  const pieces = piecesOf(document, sentence);
  const [only, ...others] = pieces;
  if (only === undefined) return null;
  const isWhole = only.start === sentence.start && only.end === sentence.end;
  // Another place with the whole sentence says the same.
  if (isWhole && encoded(only).length <= LONGEST_WHOLE) return encoded(only);
  const isLong = (piece: Span): boolean => encoded(piece).length >= SHORTEST_START;
  const starts = [...pieces].sort((a, b) => Number(isLong(b)) - Number(isLong(a)));
  for (const piece of starts) {
    for (const most of [LONGEST_PART, LONGEST_WHOLE]) {
      const first = outermostWords(text, piece, { most, isEnd: false });
      if (first === null || !isFirstPlace(text, first, 0)) continue;
      const last = lastWords(text, pieces, first);
      return [first, ...(last === null ? [] : [last])].map(encoded).join(',');
    }
  }
  // A row whose cells all stand elsewhere too is known by two of them in a row.
  for (const [at, piece] of others.entries()) {
    const before = pieces[at] ?? only;
    const isNext = piece.opensBlock && /^\s+$/.test(text.slice(before.end, piece.start));
    const pair = { start: before.start, end: piece.end };
    const isShort = encoded(pair).length <= LONGEST_WHOLE;
    if (isNext && isShort && isFirstPlace(text, pair, 0))
      return `${encoded(before)}-,${encoded(piece)}`;
  }
  return null;
}

/** The last words of a sentence that a browser finds at their own place when it looks on from the first ones. */
function lastWords(text: string, pieces: readonly Span[], first: Span): Span | null {
  for (const { start, end } of [...pieces].reverse()) {
    const rest = trimmed(text, { start: Math.max(start, first.end), end });
    const last = outermostWords(text, rest, { most: LONGEST_PART, isEnd: true });
    if (last !== null && isFirstPlace(text, last, first.end)) return last;
  }
  return null;
}

/** Whether the words of a span stand nowhere between `from` and their own place. */
function isFirstPlace(text: string, { start, end }: Span, from: number): boolean {
  const words = text.slice(start, end).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const pattern = new RegExp(words.replace(/\s+/gu, '\\s+'), 'giu');
  pattern.lastIndex = from;
  return pattern.exec(text)?.index === start;
}

/** A part of a sentence that a page has as it is. */
interface Piece extends Span {
  /** Whether nothing but the edge of a block or line is before it. */
  readonly opensBlock: boolean;
}

function piecesOf({ text, origin }: Pick<Document, 'text' | 'origin'>, sentence: Span): Piece[] {
  const pieces: Piece[] = [];
  const cuts = origin.runs.filter(
    ({ cut, textStart }) =>
      cut !== undefined && textStart >= sentence.start && textStart <= sentence.end,
  );
  let start = sentence.start;
  let before: Cut | undefined;
  for (const { cut, textStart: end } of [...cuts, { textStart: sentence.end }] as Run[]) {
    const from = before === 'word' ? afterFirstWord(text, start, end) : start;
    const piece = { start: from, end: cut === 'word' ? beforeLastWord(text, from, end) : end };
    for (const line of text.slice(piece.start, piece.end).matchAll(/[^\n]+/g)) {
      const at = piece.start + line.index;
      const span = trimmed(text, { start: at, end: at + line[0].length });
      pieces.push({ ...span, opensBlock: before === 'block' || line.index > 0 });
    }
    [start, before] = [end, cut];
  }
  return pieces.filter((piece) => hasWord(text, piece));
}

function hasWord(text: string, { start, end }: Span): boolean {
  return /[\p{L}\p{N}]/u.test(text.slice(start, end));
}

function trimmed(text: string, { start, end }: Span): Span {
  const own = text.slice(start, end);
  return { start: end - own.trimStart().length, end: start + own.trimEnd().length };
}

const SEGMENTER = new Intl.Segmenter('ja', { granularity: 'word' });

/** Where a text begins whose first word may be the end of a longer one. */
function afterFirstWord(text: string, start: number, end: number): number {
  const own = text.slice(start, end);
  if (!/^\p{P}?[\p{L}\p{N}\p{M}_]/u.test(own)) return start;
  const first = [...SEGMENTER.segment(own)].find(({ isWordLike }) => isWordLike === true);
  return first === undefined ? end : start + first.index + first.segment.length;
}

/** Where a text ends whose last word may be the beginning of a longer one: "in 2024." as in "in 2024.3". */
function beforeLastWord(text: string, start: number, end: number): number {
  const own = text.slice(start, end);
  if (!/(?:[\p{L}\p{N}\p{M}_]|\p{N}\p{P})$/u.test(own)) return end;
  const last = [...SEGMENTER.segment(own)].findLast(({ isWordLike }) => isWordLike === true);
  return start + (last?.index ?? 0);
}

/** As many words of a text's beginning or end as have at most so many characters, encoded; null for none. */
function outermostWords(
  text: string,
  { start, end }: Span,
  { most, isEnd }: { readonly most: number; readonly isEnd: boolean },
): Span | null {
  const edges = [...SEGMENTER.segment(text.slice(start, end))].map(({ index }) => start + index);
  const spans = isEnd
    ? edges.reverse().map((edge) => ({ start: edge, end }))
    : [...edges.slice(1), end].map((edge) => ({ start, end: edge }));
  let found: Span | null = null;
  for (const span of spans) {
    const part = trimmed(text, span);
    if (encodeDirective(text.slice(part.start, part.end)).length > most) break;
    if (hasWord(text, part)) found = part;
  }
  return found;
}
/** Percent-encodes what has a meaning in a text directive: `&`, `,` and `-`, besides what no fragment may hold. */
function encodeDirective(text: string): string {
  // Half of a surrogate pair cannot be encoded.
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd')).replaceAll('-', '%2D');
}

/** The sentence that answers best, in offsets of the document's text; null for a passage without sentences. */
export function highlightOf({ start, sentences }: Passage, { best }: Ranked): Span | null {
  const sentence = sentences[best?.at ?? -1];
  if (sentence === undefined) return null;
  return { start: start + sentence.start, end: start + sentence.end };
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
      return { section, paragraph: { text: document.text.slice(start, end), lines: own, asked } };
    }),
  );
  const section = blocks.find(({ paragraph }) => paragraph.asked)?.section;
  if (section === undefined) return null;
  const first = blocks.findIndex((block) => block.section === section);
  const last = blocks.findLastIndex((block) => block.section === section);
  const { id, title, path } = document;
  return {
    document: { id, title, path },
    headings: section.headings,
    paragraphs: blocks.slice(Math.max(0, first - 1), last + 2).map(({ paragraph }) => paragraph),
  };
}
