import { BlockBuilder, type Block } from './block.ts';
import { paragraphsOf, wrapWidth } from './paragraphs.ts';

/** Lines of a text, each a block; empty lines are blocks of no text. */
export function readLines(body: string, bodyStart = 0): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  for (const ending of body.matchAll(/\r\n|\n|\r|\f|$/g)) {
    const block = new BlockBuilder();
    const line = body.slice(start, ending.index);
    // Rows of dashes and the like separate; they are nothing to quote.
    if (!/^\s*([-=_*~#.•])(?:\s*\1){2,}\s*$/u.test(line)) block.append(line, bodyStart + start);
    blocks.push(block.build('paragraph'));
    start = ending.index + ending[0].length;
  }
  return blocks;
}

/**
 * Paragraphs of a text file: one a line, or hard-wrapped lines with or without empty lines between
 * paragraphs. A form feed ends a line.
 */
export function readPlainText(body: string, bodyStart = 0): Block[] {
  const lines = readLines(body, bodyStart);
  return paragraphsOf(lines, wrapWidth(lines));
}
