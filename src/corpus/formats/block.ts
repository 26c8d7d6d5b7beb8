/**
 * Blocks: what every reader (Markdown, text, HTML, PDF) turns a file into. A block's text is cleaned
 * by one rule, so that a quotation reads the same whatever the file was: white space of any kind is
 * one space, invisible characters go, and each character remembers where in the file it came from.
 */

export type BlockKind = 'heading' | 'paragraph' | 'item' | 'row' | 'quotation' | 'code' | 'caption';

/** From `textStart` on, text comes from the decoded file's `fileStart` on. */
export interface Run {
  readonly textStart: number;
  readonly fileStart: number;
}

export interface BlockMark {
  /** Offset in the block's text. */
  readonly offset: number;
  readonly sourceId: string;
  readonly fileOffset: number;
}

export interface Block {
  readonly kind: BlockKind;
  /** 1 to 6 for headings, 0 for anything else. */
  readonly level: number;
  /** A line feed marks a soft line break of the file until `flattened` makes it a space. */
  readonly text: string;
  readonly runs: readonly Run[];
  readonly marks: readonly BlockMark[];
}

const PLAIN = 0;
const SPACE = 1;
const LINE = 2;
const INVISIBLE = 3;

function classOf(code: number): number {
  if (code > 0x20 && code < 0x7f) return PLAIN;
  if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) return LINE;
  if (code <= 0x20 || code === 0x85 || code === 0xa0) return SPACE;
  if (code < 0xa0 || code === 0xad) return INVISIBLE;
  if (code < 0x1680) return PLAIN;
  if (code === 0x1680 || code === 0x202f || code === 0x205f || code === 0x3000) return SPACE;
  if (code >= 0x2000 && code <= 0x200a) return SPACE;
  if ((code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e)) return INVISIBLE;
  if ((code >= 0x2060 && code <= 0x2064) || code === 0xfeff) return INVISIBLE;
  return PLAIN;
}

/** Collects one block's text piece by piece, with the place of each piece in the decoded file. */
export class BlockBuilder {
  readonly #parts: string[] = [];
  readonly #runs: Run[] = [];
  readonly #marks: BlockMark[] = [];
  #length = 0;
  #pending = PLAIN;
  #pendingFile = 0;
  #delta = Number.NaN;

  /** Adds text that stands in the file as it is, from `fileStart` on. */
  append(value: string, fileStart: number): void {
    let from = 0;
    for (let i = 0; i < value.length; i++) {
      const kind = classOf(value.charCodeAt(i));
      if (kind === PLAIN) continue;
      this.#flush(value, from, i, fileStart);
      from = i + 1;
      if (kind !== INVISIBLE) this.#separate(kind, fileStart + i);
    }
    this.#flush(value, from, value.length, fileStart);
  }

  /** Adds a space (a soft line break when `line`) unless the text ends in one already. */
  separate(fileOffset: number, line = false): void {
    this.#separate(line ? LINE : SPACE, fileOffset);
  }

  mark(sourceId: string, fileOffset: number): void {
    this.#marks.push({ offset: this.#length, sourceId, fileOffset });
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  build(kind: BlockKind, level = 0): Block {
    return { kind, level, text: this.#parts.join(''), runs: this.#runs, marks: this.#marks };
  }

  #separate(kind: number, fileOffset: number): void {
    if (this.#pending === PLAIN) this.#pendingFile = fileOffset;
    this.#pending = Math.max(this.#pending, kind);
  }

  #flush(value: string, from: number, to: number, fileStart: number): void {
    if (to <= from) return;
    if (this.#pending !== PLAIN && this.#length > 0) {
      this.#push(this.#pending === LINE ? '\n' : ' ', this.#pendingFile);
    }
    this.#pending = PLAIN;
    this.#push(value.slice(from, to), fileStart + from);
  }

  #push(part: string, fileStart: number): void {
    const delta = fileStart - this.#length;
    if (delta !== this.#delta) {
      this.#runs.push({ textStart: this.#length, fileStart });
      this.#delta = delta;
    }
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/** The block with its soft line breaks as spaces. Offsets stay as they are. */
export function flattened(block: Block): Block {
  return block.text.includes('\n') ? { ...block, text: block.text.replaceAll('\n', ' ') } : block;
}

/** Part of a block, `[start, end)` in its text, as a block of its own; marks at `end` come with it. */
export function sliceBlock(block: Block, start: number, end: number): Block {
  const runs: Run[] = [];
  let before: Run | undefined;
  for (const run of block.runs) {
    if (run.textStart <= start) before = run;
    else if (run.textStart < end) {
      runs.push({ textStart: run.textStart - start, fileStart: run.fileStart });
    }
  }
  if (before !== undefined) {
    runs.unshift({ textStart: 0, fileStart: before.fileStart + (start - before.textStart) });
  }
  const marks = block.marks
    .filter(
      (mark) => (mark.offset > start || (start === 0 && mark.offset === 0)) && mark.offset <= end,
    )
    .map((mark) => ({ ...mark, offset: mark.offset - start }));
  return { ...block, text: block.text.slice(start, end), runs, marks };
}

/** The soft lines of a block as blocks of their own. */
export function softLines(block: Block): Block[] {
  if (!block.text.includes('\n')) return [block];
  const lines: Block[] = [];
  let start = 0;
  for (const line of block.text.split('\n')) {
    lines.push(sliceBlock(block, start, start + line.length));
    start += line.length + 1;
  }
  return lines;
}

/** Several blocks as one, a soft line break between them. */
export function joinBlocks(blocks: readonly Block[]): Block {
  const [first] = blocks;
  if (first === undefined) throw new RangeError('joinBlocks expected at least one block');
  if (blocks.length === 1) return first;
  const runs: Run[] = [];
  const marks: BlockMark[] = [];
  let text = '';
  for (const block of blocks) {
    if (text !== '') {
      // A word hyphenated at the line's end goes on at once; else the break stands for whatever lay
      // between and points just before the line that it opens.
      if (!(/\p{L}-$/u.test(text) && /^\p{Ll}/u.test(block.text))) {
        const next = block.runs[0]?.fileStart ?? 0;
        runs.push({ textStart: text.length, fileStart: Math.max(0, next - 1) });
        text += '\n';
      }
    }
    const shift = text.length;
    for (const run of block.runs) runs.push({ ...run, textStart: run.textStart + shift });
    for (const mark of block.marks) marks.push({ ...mark, offset: mark.offset + shift });
    text += block.text;
  }
  return { ...first, text, runs, marks };
}
