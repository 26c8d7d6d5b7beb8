/**
 * Blocks: the common result of all readers (Markdown, text, HTML, PDF). One rule cleans their text, whatever the format:
 * white space of any kind becomes one space, invisible characters are dropped, and each character keeps its offset in
 * the file.
 */
import type { Cut, Run } from '../types.ts';

export type BlockKind = 'heading' | 'paragraph' | 'item' | 'row' | 'quotation' | 'code' | 'caption';

/** A footnote mark. */
export interface BlockMark {
  /** Offset in the block's text. */
  readonly offset: number;
  readonly sourceId: string;
  readonly fileOffset: number;
}

export interface Block {
  readonly kind: BlockKind;
  /** 1 to 6 for headings, 1 for the header row of a table, 0 for anything else. */
  readonly level: number;
  /** Of a heading by its looks alone: it stays text of its section, since the guess may be wrong. */
  readonly guessed?: true;
  /** A line feed is a soft line break of the file, until `flattened` replaces it by a space. */
  readonly text: string;
  readonly runs: readonly Run[];
  readonly marks: readonly BlockMark[];
}

/** A part of the file that a reader leaves out: `[start, end)` in the decoded file, with the reason in a few words. */
export interface LeftOutSpan {
  readonly start: number;
  readonly end: number;
  readonly why: string;
}

/** What a reader makes of a file. What the format or the file does not say is left away. */
export interface ParsedBody {
  readonly blocks: readonly Block[];
  readonly leftOut: readonly LeftOutSpan[];
  /** Whether the format marks every heading, so that none is to be guessed. */
  readonly marksHeadings?: boolean;
  readonly title?: string | null;
  readonly author?: string | null;
  /** ISO date of publication. */
  readonly date?: string | null;
  /** BCP 47, as the file declares it. */
  readonly language?: string | null;
}

/** What a reader makes of a file without lines of its own, or why it cannot. */
export type ExtractedBody =
  | (ParsedBody & {
      readonly ok: true;
      /** Its text as it was read, to whose lines the line numbers of the document refer. */
      readonly decoded: string;
    })
  | { readonly ok: false; readonly message: string };

/** What a document says about itself. */
export type Metadata = Required<Pick<ParsedBody, 'title' | 'author' | 'date' | 'language'>>;

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An exponent as the characters for it, since 10<sup>3</sup> is not 103; other raised text as it is. */
export function raisedDigits(text: string): string {
  if (!/^[-−+]?\d+$/.test(text)) return text;
  const signs: Readonly<Record<string, string>> = { '-': '⁻', '−': '⁻', '+': '⁺' };
  return text.replace(/./g, (character) => signs[character] ?? RAISED.charAt(Number(character)));
}

/** Classes of characters; of adjacent separators the higher one counts. */
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

/** WORD JOINER, in place of markup: a letter to parsers, so that emphasis around it still works; dropped by blocks. */
export const BLANK = '\u2060';

/** Of two at one place the later of these counts. */
const CUTS: readonly (Cut | null)[] = [null, 'block', 'text', 'word'];

function strongest(a: Cut | null, b: Cut | null): Cut | null {
  return CUTS.indexOf(a) > CUTS.indexOf(b) ? a : b;
}

/** Collects the text of one block piece by piece, with the offset of each piece in the decoded file. */
export class BlockBuilder {
  readonly #parts: string[] = [];
  readonly #runs: Run[] = [];
  readonly #marks: BlockMark[] = [];
  #length = 0;
  #pending = PLAIN;
  #pendingFile = 0;
  #delta = Number.NaN;
  /** What the page has before the pending separator, and after it. */
  #cuts: { before: Cut | null; after: Cut | null } = { before: null, after: null };

  /** Adds text that is in the file as it is, from `fileStart` on. */
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

  /** Notes that the page does not go on here with the text that is added next. */
  cut(how: Cut): void {
    const place = this.#pending === PLAIN ? 'before' : 'after';
    this.#cuts[place] = strongest(this.#cuts[place], how);
  }

  mark(sourceId: string, fileOffset: number): void {
    this.#marks.push({ offset: this.#length, sourceId, fileOffset });
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  build(kind: BlockKind, level = 0): Block {
    const runs = [...this.#runs];
    const last = runs.at(-1);
    const cut = strongest(this.#cuts.before, this.#cuts.after);
    // What was left out at the very end counts too.
    if (last !== undefined && cut !== null) {
      const fileStart = last.fileStart + this.#length - last.textStart;
      runs.push({ textStart: this.#length, fileStart, cut });
    }
    return { kind, level, text: this.#parts.join(''), runs, marks: this.#marks };
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
    const { before, after } = this.#cuts;
    const isSeparator = part === ' ' || part === '\n';
    const cut = isSeparator ? before : strongest(before, after);
    this.#cuts = { before: null, after: isSeparator ? after : null };
    if (delta !== this.#delta || cut !== null) {
      this.#runs.push({ textStart: this.#length, fileStart, ...(cut === null ? {} : { cut }) });
      this.#delta = delta;
    }
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/**
 * The block with spaces for its soft line breaks, and nothing between letters of a script without spaces. Code keeps its
 * lines.
 */
export function flattened(block: Block): Block {
  if (block.kind === 'code' || !block.text.includes('\n')) return block;
  const joined = UNSPACED.test(block.text) ? joinBlocks(softLines(block)) : block;
  return { ...joined, text: joined.text.replaceAll('\n', ' ') };
}

/** The soft lines of a block as blocks, in time linear in its length. */
export function softLines(block: Block): Block[] {
  if (!block.text.includes('\n')) return [block];
  const lines: Block[] = [];
  let start = 0;
  let run = 0;
  let mark = 0;
  for (const text of block.text.split('\n')) {
    const end = start + text.length;
    while ((block.runs[run + 1]?.textStart ?? Infinity) <= start) run += 1;
    const runs: Run[] = [];
    for (let next = run; next < block.runs.length; next++) {
      const { textStart, fileStart, cut } = block.runs[next] ?? { textStart: start, fileStart: 0 };
      // A cut at the line break is the end of the line.
      if (next > run && textStart >= end && (textStart > end || cut === undefined)) break;
      const before = Math.max(0, start - textStart);
      runs.push({
        textStart: textStart + before - start,
        fileStart: fileStart + before,
        ...(cut === undefined || before > 0 ? {} : { cut }),
      });
    }
    const first = mark;
    while ((block.marks[mark]?.offset ?? Infinity) <= end) mark += 1;
    const marks = block.marks
      .slice(first, mark)
      .map((found) => ({ ...found, offset: found.offset - start }));
    lines.push({ ...block, text, runs, marks });
    start = end + 1;
  }
  return lines;
}

/** Letters of Japanese and Chinese, whose words have no spaces between them. */
export const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー、。，！？「」『』（）]/u;

/** Several blocks as one, with soft line breaks between them, in time linear in their length. */
export function joinBlocks(blocks: readonly Block[]): Block {
  const [first, ...others] = blocks;
  if (first === undefined) throw new RangeError('joinBlocks expected at least one block');
  if (others.length === 0) return first;
  const runs: Run[] = [];
  const marks: BlockMark[] = [];
  const parts: string[] = [];
  let length = 0;
  let before = '';
  for (const block of blocks) {
    if (length > 0 && !continuesWord(before, block.text)) {
      // The break replaces whatever was between the blocks, and its offset is the one before the next block.
      const next = block.runs[0]?.fileStart ?? 0;
      runs.push({ textStart: length, fileStart: Math.max(0, next - 1) });
      parts.push('\n');
      length += 1;
    }
    for (const run of block.runs) runs.push({ ...run, textStart: run.textStart + length });
    for (const mark of block.marks) marks.push({ ...mark, offset: mark.offset + length });
    parts.push(block.text);
    length += block.text.length;
    before = block.text.slice(-2);
  }
  return { ...first, text: parts.join(''), runs, marks };
}

/** Whether a line goes on where the one before ended: in a word with a hyphen, or in a script without spaces. */
function continuesWord(before: string, text: string): boolean {
  if (/\p{L}-$/u.test(before) && /^\p{Ll}/u.test(text)) return true;
  return UNSPACED.test(before.slice(-1)) && UNSPACED.test(text.charAt(0));
}

/** A character reference of HTML or Markdown. */
const REFERENCE = /&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?/y;

/**
 * Adds `value`, which a parser decoded from `source`, to the block, each part with its offset in the file. Character
 * references, backslash escapes and the prefixes of continued lines shift value and source against each other. A part
 * that cannot be matched gets the offset where the match was lost.
 *
 * @param fileStart offset of `source` in the decoded file
 */
export function appendDecoded(
  block: BlockBuilder,
  value: string,
  { source, fileStart }: { source: string; fileStart: number },
): void {
  if (value === source) {
    block.append(value, fileStart);
    return;
  }
  let i = 0;
  let j = 0;
  let from = 0;
  let fromSource = 0;
  const flush = (): void => {
    if (i > from) block.append(value.slice(from, i), fileStart + fromSource);
  };
  while (i < value.length) {
    const reference = referenceAt(source, j);
    const isDecoded = reference !== null && !value.startsWith(reference, i);
    if (j < source.length && value[i] === source[j] && !isDecoded) {
      i += 1;
      j += 1;
      continue;
    }
    flush();
    from = i;
    if (reference !== null) {
      const width = (value.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
      block.append(value.slice(i, i + width), fileStart + j);
      i += width;
      j += reference.length;
      from = i;
      fromSource = j;
      continue;
    }
    const found = source.indexOf(value.charAt(i), j);
    if (found === -1) {
      block.append(value.charAt(i), fileStart + Math.min(j, Math.max(0, source.length - 1)));
      i += 1;
      from = i;
      fromSource = j;
      continue;
    }
    j = found;
    fromSource = j;
  }
  flush();
}

function referenceAt(source: string, offset: number): string | null {
  if (source[offset] !== '&') return null;
  REFERENCE.lastIndex = offset;
  return REFERENCE.exec(source)?.[0] ?? null;
}
