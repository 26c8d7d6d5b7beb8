import {
  type Document,
  linesOf,
  type Meeting,
  type Passage,
  type Source,
  type Span,
} from '../corpus/types.ts';
import type { CitedSource, Excerpt } from './types.ts';

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
