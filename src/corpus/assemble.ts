import type { Block, Run } from './formats/block.ts';
import { lineStartsOf, placeInFile } from './lines.ts';
import type { BlockSpan, FootnoteMark, Section, Span, TextOrigin } from './types.ts';

/** The text of a document and the offsets of its parts. */
export interface AssembledText {
  readonly text: string;
  readonly sections: readonly Section[];
  readonly footnotes: readonly FootnoteMark[];
  readonly origin: TextOrigin;
}

export interface AssembleOptions {
  /** The whole decoded file, for its lines. */
  readonly decoded: string;
  /** The heading that is the document's title: it stays in the text but is not a heading of the sections. */
  readonly titleBlock: Block | null;
  /** True for a line that belongs to what follows it, even across a heading: a dateline. */
  readonly opens: (block: Block) => boolean;
}

/**
 * Joins blocks into the document's text, one line each with headings, and groups the blocks below each heading into
 * sections. A section of datelines only is not a passage, so its lines and the heading after it become the beginning of
 * the next section.
 */
export function assemble(blocks: readonly Block[], options: AssembleOptions): AssembledText {
  const lineStarts = lineStartsOf(options.decoded);
  const runs: Run[] = [];
  const footnotes: FootnoteMark[] = [];
  const sections: { headings: readonly string[]; blocks: BlockSpan[] }[] = [];
  const path: { level: number; text: string }[] = [];
  const parts: string[] = [];
  let carried: BlockSpan[] = [];
  let head: Span | null = null;
  let open: { headings: readonly string[]; blocks: BlockSpan[] } = { headings: [], blocks: [] };
  let onlyOpenings = true;
  let length = 0;

  for (const block of blocks) {
    if (length > 0) {
      runs.push({ textStart: length, fileStart: Math.max(0, (block.runs[0]?.fileStart ?? 0) - 1) });
      parts.push('\n');
      length += 1;
    }
    const span = { start: length, end: length + block.text.length };
    for (const run of block.runs) runs.push({ ...run, textStart: run.textStart + length });
    for (const { offset, sourceId, fileOffset } of block.marks) {
      const { line } = placeInFile(lineStarts, fileOffset);
      footnotes.push({ offset: length + offset, sourceId, line });
    }
    parts.push(block.text);
    length = span.end;

    if (block.kind !== 'row') head = null;
    else if (block.level > 0) head = span;
    if (block.kind !== 'heading') {
      open.blocks.push({
        ...span,
        ...(head === null || head === span ? {} : { head }),
        ...(block.kind === 'code' ? { code: true as const } : {}),
      });
      onlyOpenings &&= options.opens(block);
      continue;
    }
    if (open.blocks.length > 0 && onlyOpenings) {
      carried = [...open.blocks, span];
    } else if (open.blocks.length > 0) {
      sections.push(open);
    } else if (carried.length > 0) {
      carried.push(span);
    }
    if (block !== options.titleBlock) {
      while ((path.at(-1)?.level ?? 0) >= block.level) path.pop();
      path.push({ level: block.level, text: block.text });
    }
    open = { headings: path.map(({ text }) => text), blocks: carried };
    onlyOpenings = true;
    carried = [];
  }
  if (open.blocks.length > 0) sections.push(open);
  return { text: parts.join(''), sections, footnotes, origin: { runs, lineStarts } };
}
