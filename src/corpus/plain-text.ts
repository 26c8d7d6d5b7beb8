import { BlockBuilder, type Block } from './block.ts';

/** Lines of a text file, each a block, empty ones included (as blocks of no text). */
export function readLines(body: string, bodyStart = 0): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  for (const ending of body.matchAll(/\r\n|\n|\r|\f|$/g)) {
    const block = new BlockBuilder();
    block.append(body.slice(start, ending.index), bodyStart + start);
    blocks.push(block.build('paragraph'));
    start = ending.index + ending[0].length;
  }
  return blocks;
}

/** Paragraphs of a text file: stretches of lines between empty ones. */
export function readPlainText(body: string, bodyStart = 0): Block[] {
  return readLines(body, bodyStart).filter(({ text }) => text !== '');
}
