import type { CitedSource, Excerpt } from '../answer/types.ts';
import { dateInWords } from './date-words.ts';
import { printableLine } from './printable.ts';

/** What a citation says beyond the excerpt itself. */
export interface CitationContext {
  /** What stands before a document's path, so that the path leads to the file: `corpus`. */
  readonly corpusLabel: string;
  /** Title and date of a document of the generation; null when it is unknown. */
  readonly documentOf: (
    id: string,
  ) => { readonly title: string; readonly date: string | null } | null;
}

/** Publishers are named up to this many; the rest are counted. */
const MOST_PUBLISHERS = 4;

/** Where an excerpt comes from: unwrapped lines, the title first. */
export function citationLines(
  { document, meeting, sources, alsoReportedBy }: Excerpt,
  { corpusLabel, documentOf }: CitationContext,
): { title: string; details: string[] } {
  const date = meeting?.date ?? documentOf(document.id)?.date ?? null;
  const when = date === null ? [] : [dateInWords(date)];
  const where = meeting === null ? [] : [meeting.place];
  const about =
    meeting === null || meeting.title === document.title
      ? []
      : [`About: ${meeting.title} (${meeting.id})`];
  const [firstSource] = sources;
  const [first, last] = document.lines;
  return {
    title: printableLine(document.title),
    details: [
      ...about,
      [...when, ...where].join(' · '),
      publishersInWords(sources),
      `${corpusLabel}/${document.path}:${first === last ? first : `${first}-${last}`}`,
      firstSource?.url ?? '',
      alsoReportedBy.length === 0
        ? ''
        : `Also reported by: ${alsoReportedBy
            .map((id) => {
              const title = documentOf(id)?.title;
              return title === undefined ? id : `${title} (${id})`;
            })
            .join('; ')}`,
    ]
      .map(printableLine)
      .filter((line) => line !== ''),
  };
}

/** `Ministry of Foreign Affairs of Japan (official), NHK (press) and 2 more`, each publisher once. */
function publishersInWords(sources: readonly CitedSource[]): string {
  const names = [...new Set(sources.map(({ publisher, kind }) => `${publisher} (${kind})`))];
  const named = names.slice(0, MOST_PUBLISHERS);
  const rest = names.length - named.length;
  return rest === 0 ? named.join(', ') : `${named.join(', ')} and ${rest} more`;
}
