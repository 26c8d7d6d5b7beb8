import { linesOf } from '../corpus/place.ts';
import type { Document, LineRange } from '../corpus/types.ts';
import type { Context } from '../engine-types.ts';

/** The section that holds the lines, paragraph by paragraph; null when no section does. */
export function contextOf(document: Document, lines: LineRange): Context | null {
  for (const section of document.sections) {
    const paragraphs = section.blocks.map(({ start, end }) => {
      const own = linesOf(document, start, end);
      return {
        text: document.text.slice(start, end),
        lines: own,
        asked: own[0] <= lines[1] && lines[0] <= own[1],
      };
    });
    if (!paragraphs.some(({ asked }) => asked)) continue;
    const { id, title, path } = document;
    return { document: { id, title, path }, headings: section.headings, paragraphs };
  }
  return null;
}
