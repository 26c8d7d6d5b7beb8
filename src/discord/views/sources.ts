import type { APIButtonComponent } from 'discord.js';
import { describeQuoted } from '../../answer/citations.ts';
import type { Quote } from '../../answer/glance.ts';
import type { CitedSource } from '../../answer/types.ts';
import type { Meeting, SourceKind } from '../../corpus/types.ts';
import { codeOf, customIdOf, numberField, textField, type IdForm } from '../custom-ids.ts';
import { escapeLine, safeUrl } from '../text.ts';
import { longDate, shortDate, textsIn, type Locale, type Texts } from '../texts/index.ts';
import { BUTTON_URL, button } from './components.ts';

export const SOURCE_KINDS: readonly SourceKind[] = ['official', 'agency', 'press', 'commentary'];

/** A page of a list of sources, in a custom id. */
interface SourcesPage {
  /** From 0. */
  readonly page: number;
  /** A code of the meeting's id. */
  readonly meeting: string | null;
  readonly sourceKind: SourceKind | null;
}

/** How the id of a button is written that opens a list of sources, or turns it to another page. */
export const sourcesPageForm: Pick<IdForm<SourcesPage>, 'encode' | 'decode'> = {
  encode: ({ page, meeting, sourceKind }) => [page, meeting ?? '', sourceKind ?? ''],
  decode([pageField, meeting, kindField]) {
    const page = numberField(pageField);
    if (page === null) return null;
    const sourceKind = SOURCE_KINDS.find((kind) => kind === kindField) ?? null;
    return { page, meeting: textField(meeting), sourceKind };
  },
};

export const listSourcesId: IdForm<SourcesPage> = { letter: 'l', ...sourcesPageForm };

/** Opens the sources of a meeting. */
export function sourcesButton(meeting: Meeting, locale: Locale): APIButtonComponent {
  const fields = { page: 0, meeting: codeOf(meeting.id), sourceKind: null };
  return button({
    customId: customIdOf(listSourcesId, fields),
    label: textsIn(locale).reply.sources(meeting.sources.length),
    emoji: '📚',
  });
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
export function sourceEntry(source: CitedSource, reader: Reader): string {
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
