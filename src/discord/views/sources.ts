import type { APIButtonComponent, APIComponentInContainer } from 'discord.js';
import type { Meeting, Source, SourceKind } from '../../corpus/types.ts';
import { button, buttonRows, container, text } from './components.ts';
import { codeOf, encodeControl } from '../custom-ids.ts';
import type { Locale } from '../dates.ts';
import { clip, inertLine, oneLine } from '../escape.ts';
import { MESSAGE_TEXT } from '../limits.ts';
import type { View } from '../payload.ts';
import { textsIn, type Texts } from '../texts/index.ts';
import { sourceEntry } from './attribution.ts';
import { PLAIN_COLOUR } from './colours.ts';

/** More on one page is a wall of text on a phone. */
const PAGE_SOURCES = 10;
const AROUND = 500;

export interface SourcesViewOptions {
  readonly sources: readonly Source[];
  readonly meeting: Meeting | null;
  readonly sourceKind: SourceKind | null;
  /** From 0. */
  readonly page: number;
  readonly locale: Locale;
}

/** A page of the bibliography. */
export function sourcesView(options: SourcesViewOptions): View {
  const { sources, meeting, sourceKind, locale } = options;
  const texts = textsIn(locale);
  const lines = sources.map((source) => sourceEntry(source, { texts, locale }));
  const pages = pagesOf(lines);
  const page = Math.min(options.page, pages.length - 1);
  const filters = [
    ...(meeting === null ? [] : [inertLine(clip(oneLine(meeting.title), 120))]),
    ...(sourceKind === null ? [] : [texts.sourceKind(sourceKind)]),
    texts.sourcesCount(sources.length),
  ];
  const parts: APIComponentInContainer[] = [
    text(`## ${texts.sourcesTitle}\n${filters.join(' · ')}`),
    ...(pages[page] ?? [texts.noSources]).map(text),
  ];
  if (pages.length > 1) parts.push(text(`-# ${texts.pageOf(page + 1, pages.length)}`));
  parts.push(...buttonRows(turns(options, { page, pages: pages.length, texts })));
  return { components: [container(PLAIN_COLOUR, parts)] };
}

/** Pages of at most ten lines that fit a message; the same lines always make the same pages. */
function pagesOf(lines: readonly string[]): string[][] {
  const pages: string[][] = [];
  let left = 0;
  for (const line of lines) {
    const current = pages.at(-1);
    if (current === undefined || current.length === PAGE_SOURCES || line.length + 1 > left) {
      pages.push([line]);
      left = MESSAGE_TEXT - AROUND - line.length;
    } else {
      current.push(line);
      left -= line.length + 1;
    }
  }
  return pages;
}

function turns(
  { meeting, sourceKind }: SourcesViewOptions,
  { page, pages, texts }: { page: number; pages: number; texts: Texts },
): APIButtonComponent[] {
  const to = (target: number): string =>
    encodeControl({
      kind: 'sources',
      page: target,
      meeting: meeting === null ? null : codeOf(meeting.id),
      sourceKind,
    });
  return [
    ...(page > 0
      ? [button({ customId: to(page - 1), label: texts.previousButton, emoji: '◀️' })]
      : []),
    ...(page < pages - 1
      ? [button({ customId: to(page + 1), label: texts.nextButton, emoji: '▶️' })]
      : []),
  ];
}
