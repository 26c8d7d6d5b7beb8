/** What an excerpt quotes: a document of the corpus's own, or a page word for word; and the link to its sentence. */
import { publisherName } from '../corpus/yaml.ts';
import type { AccountName, Document } from '../corpus/types.ts';
import type { CitedSource, Quoted } from './types.ts';

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
