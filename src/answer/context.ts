import { type Document, type LineRange, linesOf } from '../corpus/types.ts';
import type { Context } from './types.ts';

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
