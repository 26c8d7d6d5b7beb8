import type { APIComponentInContainer } from 'discord.js';
import type { Quote } from '../../answer/glance.ts';
import { describeQuoted } from '../../answer/citations.ts';
import type { CitedSource } from '../../answer/types.ts';
import type { Meeting, Source, SourceKind } from '../../corpus/types.ts';
import { longDate, shortDate } from '../dates.ts';
import { escapeLine, safeUrl } from '../escape.ts';
import { BUTTON_URL, MESSAGE_TEXT } from '../limits.ts';
import { textsIn, type Locale, type Texts } from '../texts/index.ts';
import { container, PLAIN_COLOUR, text, type Row, type View } from './components.ts';

export const SOURCE_KINDS: readonly SourceKind[] = ['official', 'agency', 'press', 'commentary'];

/** What a list of sources is limited to; null for no limit. */
export interface SourceFilter {
  readonly meeting: Meeting | null;
  readonly sourceKind: SourceKind | null;
}

export interface SourcesViewOptions extends SourceFilter {
  readonly locale: Locale;
  /** From 0; beyond the last page it is the last. */
  readonly page: number;
  /** Its buttons. */
  readonly rows: (page: number, pages: number) => readonly Row[];
}

/** More on one page is too much to read on a phone. */
const PAGE_SOURCES = 10;
/** Characters for the heading and the page number. */
const AROUND = 500;

/** A page of the sources that pass the filter. */
export function sourcesView(sources: readonly Source[], options: SourcesViewOptions): View {
  const { meeting, sourceKind, locale } = options;
  const texts = textsIn(locale);
  const pages = pagesOf(sources.map((source) => sourceEntry(source, { texts, locale })));
  const page = Math.min(options.page, pages.length - 1);
  const heading = [
    ...(meeting === null ? [] : [escapeLine(meeting.title, 120)]),
    ...(sourceKind === null ? [] : [texts.sourceKind(sourceKind)]),
    texts.sourcesCount(sources.length),
  ];
  const parts: APIComponentInContainer[] = [
    text(`## ${texts.sourcesTitle}\n${heading.join(' · ')}`),
    ...(pages[page] ?? [texts.noSources]).map(text),
  ];
  if (pages.length > 1) parts.push(text(`-# ${texts.pageOf(page + 1, pages.length)}`));
  parts.push(...options.rows(page, pages.length));
  return { components: [container(PLAIN_COLOUR, parts)] };
}

/** Pages of at most ten entries that fit a message. The same entries always make the same pages. */
function pagesOf(entries: readonly string[]): string[][] {
  const pages: string[][] = [];
  let left = 0;
  for (const entry of entries) {
    const current = pages.at(-1);
    if (current === undefined || current.length === PAGE_SOURCES || entry.length + 1 > left) {
      pages.push([entry]);
      left = MESSAGE_TEXT - AROUND - entry.length;
    } else {
      current.push(entry);
      left -= entry.length + 1;
    }
  }
  return pages;
}

const TITLE = 110;
const PUBLISHER = 60;

interface Reader {
  readonly texts: Texts;
  readonly locale: Locale;
}

/** Publishers that are named besides the first; the rest are counted. */
const MOST_OTHERS = 2;
const OTHER = 30;
const CREDIT_TITLE = 60;
const ACCOUNT = 80;
/** A longer address would leave little of the message's text to two quotations. */
const CREDIT_URL = 400;

/** Whom a quoted sentence rests on, in small print. `brief`: without the document's title. */
export function creditLine(
  { excerpt: { document, meeting, quoted }, sources }: Quote,
  { locale, brief }: { locale: Locale; brief: boolean },
): string {
  const title = escapeLine(document.title, CREDIT_TITLE);
  const date = meeting?.date ?? null;
  const url = quoted.kind === 'page' ? quoted.url : null;
  const credit = creditOf(sources, { locale, date, url });
  // Whom an account follows, the rest of the line says.
  const whose = quoted.kind === 'account' ? { ...quoted, publishers: [] } : quoted;
  const account = escapeLine(describeQuoted(whose, locale), ACCOUNT);
  return [...(brief && credit !== '' ? [] : [title]), account, credit]
    .filter((part) => part !== '')
    .join(' · ');
}

/**
 * Where the first source's link leads, what kind of source it is, its date, and who else says so; empty without sources.
 * `date`: where the source shows none; `url`: of the quoted sentence, where it is known.
 */
export function creditOf(
  sources: readonly CitedSource[],
  { locale, date, url: sentence }: { locale: Locale; date: string | null; url: string | null },
): string {
  const texts = textsIn(locale);
  const [first, ...rest] = sources;
  if (first === undefined) return '';
  const url = safeUrl(sentence ?? first.url, CREDIT_URL) ?? safeUrl(first.url, CREDIT_URL);
  const host = url === null ? null : new URL(url).hostname.replace(/^www\./, '');
  const name = escapeLine(host ?? first.publisher, PUBLISHER);
  const published = first.published ?? date;
  const others = [...new Set(rest.map(({ publisher }) => publisher))].filter(
    (publisher) => publisher !== first.publisher,
  );
  const named = others
    .slice(0, MOST_OTHERS)
    .map((publisher) => escapeLine(publisher.replace(/ \(.*\)$/, ''), OTHER));
  const left = others.length - named.length;
  return [
    [
      url === null ? name : `[${name}](<${url}>)`,
      texts.sourceKind(first.kind),
      ...(first.copy ? [texts.reply.copy] : []),
      ...(published === null ? [] : [escapeLine(shortDate(published, locale))]),
    ].join(texts.reply.comma),
    ...(named.length === 0
      ? []
      : [texts.reply.also([...named, ...(left > 0 ? [texts.andMore(left)] : [])])]),
  ].join(' · ');
}

/** Title, publisher, date and kind of a source on one line; with its link where `linked` and safe. */
export function sourceLine(
  source: CitedSource,
  { linked, ...reader }: Reader & { linked: boolean },
): string {
  return [titleOf(source, linked), ...detailsOf(source, reader)].join(' · ');
}

/** The same as an entry of a list: the title with its link, and the rest in small print below. */
function sourceEntry(source: CitedSource, reader: Reader): string {
  return `${titleOf(source, true)}\n-# ${detailsOf(source, reader).join(' · ')}`;
}

function titleOf(source: CitedSource, linked: boolean): string {
  const title = escapeLine(source.title, TITLE) || escapeLine(source.id);
  const url = linked ? safeUrl(source.url, BUTTON_URL) : null;
  return url === null ? `**${title}**` : `[${title}](<${url}>)`;
}

function detailsOf(
  { publisher, published, kind, host, copy }: CitedSource,
  { texts, locale }: Reader,
): string[] {
  return [
    escapeLine(publisher, PUBLISHER),
    published === null ? texts.undated : escapeLine(longDate(published, locale)),
    texts.sourceKind(kind),
    copy ? texts.copyOn(escapeLine(host, 60)) : '',
  ].filter((part) => part !== '');
}
