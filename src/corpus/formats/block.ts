/**
 * Blocks: the common result of all readers (Markdown, text, HTML, PDF). One rule cleans their text, whatever the format:
 * white space of any kind becomes one space, invisible characters are dropped, and each character keeps its offset in
 * the file.
 */
import { firstIndex, type Cut, type Place, type Run } from '../types.ts';

export type BlockKind = 'heading' | 'paragraph' | 'item' | 'row' | 'quotation' | 'code' | 'caption';

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

/** What a reader makes of a file without lines of its own. */
export interface ExtractedBody extends ParsedBody {
  /** Its text as it was read, to whose lines the line numbers of the document refer. */
  readonly decoded: string;
}

/** A file, or a part of one, that a reader cannot read; its message is that of the problem. */
export class Unreadable extends Error {
  /** Where in the decoded file; undefined where unknown. */
  readonly place: Place | undefined;

  constructor(message: string, { place, cause }: { place?: Place; cause?: unknown } = {}) {
    super(message, { cause });
    this.place = place;
  }
}

export function placeOfError(error: unknown): Place | undefined {
  return error instanceof Unreadable ? error.place : undefined;
}

export type Metadata = Required<Pick<ParsedBody, 'title' | 'author' | 'date' | 'language'>>;

/** An exponent as the characters for it, since 10<sup>3</sup> is not 103; other raised text as it is. */
export function raisedDigits(text: string): string {
  if (!/^[-−+]?\d+$/.test(text)) return text;
  return text.replace(/./g, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺'.charAt('0123456789-−+'.indexOf(sign)));
}

/** White space and invisible characters, but for single spaces between others, which stay. */
const GAP =
  /[\0-\x20\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]{2,}|[\0-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]|^ | $/g;
const VISIBLE = /[^\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/;
const LINE_END = /[\n\r\u2028\u2029]/;

/** WORD JOINER, in place of markup: a letter to parsers, so that emphasis around it still works; dropped by blocks. */
export const BLANK = '\u2060';

/** Of two at one place the later of these counts. */
const CUTS: readonly (Cut | undefined)[] = [undefined, 'block', 'text', 'word'];

function strongest(a: Cut | undefined, b: Cut | undefined): Cut | undefined {
  return CUTS.indexOf(a) > CUTS.indexOf(b) ? a : b;
}

/** Collects the text of one block piece by piece, with the offset of each piece in the decoded file. */
export class BlockBuilder {
  readonly #runs: Run[] = [];
  readonly #marks: BlockMark[] = [];
  #text = '';
  /** Between the text and what is added next. */
  #separator: '' | ' ' | '\n' = '';
  #separatorFile = 0;
  /** What the page has before the separator, and after it. */
  #before: Cut | undefined;
  #after: Cut | undefined;

  /** Adds text that is in the file as it is, from `fileStart` on. */
  append(value: string, fileStart: number): void {
    let from = 0;
    for (const { 0: gap, index } of value.matchAll(GAP)) {
      this.#add(value.slice(from, index), fileStart + from);
      from = index + gap.length;
      const first = gap.search(VISIBLE);
      if (first !== -1) this.separate(fileStart + index + first, LINE_END.test(gap));
    }
    this.#add(value.slice(from), fileStart + from);
  }

  /** Adds a space (a soft line break when `line`) unless the text ends in one already. */
  separate(fileOffset: number, line = false): void {
    if (this.#separator === '') this.#separatorFile = fileOffset;
    this.#separator = line || this.#separator === '\n' ? '\n' : ' ';
  }

  /** Notes that the page does not go on here with the text that is added next. */
  cut(how: Cut): void {
    if (this.#separator === '') this.#before = strongest(this.#before, how);
    else this.#after = strongest(this.#after, how);
  }

  mark(sourceId: string, fileOffset: number): void {
    this.#marks.push({ offset: this.#text.length, sourceId, fileOffset });
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  build(kind: BlockKind, level = 0): Block {
    const text = this.#text;
    const runs = [...this.#runs];
    const last = runs.at(-1);
    const cut = strongest(this.#before, this.#after);
    // What was left out at the very end counts too.
    if (last !== undefined && cut !== undefined) {
      const fileStart = last.fileStart + text.length - last.textStart;
      runs.push({ textStart: text.length, fileStart, cut });
    }
    return { kind, level, text, runs, marks: this.#marks };
  }

  #add(part: string, fileStart: number): void {
    if (part === '') return;
    if (this.#separator !== '' && !this.isEmpty) {
      this.#push(this.#separator, this.#separatorFile, this.#before);
      this.#before = undefined;
    }
    this.#push(part, fileStart, strongest(this.#before, this.#after));
    this.#separator = '';
    this.#before = this.#after = undefined;
  }

  #push(part: string, fileStart: number, cut: Cut | undefined): void {
    const textStart = this.#text.length;
    const last = this.#runs.at(-1);
    const goesOn = last !== undefined && fileStart - last.fileStart === textStart - last.textStart;
    if (cut !== undefined) this.#runs.push({ textStart, fileStart, cut });
    else if (!goesOn) this.#runs.push({ textStart, fileStart });
    this.#text += part;
  }
}

/**
 * The block with spaces for its soft line breaks, and nothing between letters of a script without spaces. Code keeps its
 * lines.
 */
export function flattened(block: Block): Block {
  if (block.kind === 'code' || !block.text.includes('\n')) return block;
  const joined = SCRIPT_WITHOUT_SPACES.test(block.text) ? joinBlocks(softLines(block)) : block;
  return { ...joined, text: joined.text.replaceAll('\n', ' ') };
}

export function softLines(block: Block): Block[] {
  let next = 0;
  return block.text.split('\n').map((text) => {
    const start = next;
    const end = start + text.length;
    next = end + 1;
    const runs = block.runs.slice(
      firstIndex(block.runs, ({ textStart }) => textStart > start) - 1,
      // A cut at the line break is the end of the line.
      firstIndex(
        block.runs,
        ({ textStart, cut }) => textStart >= end + (cut === undefined ? 0 : 1),
      ),
    );
    const marks = block.marks.slice(
      firstIndex(block.marks, ({ offset }) => offset >= start),
      firstIndex(block.marks, ({ offset }) => offset > end),
    );
    return {
      ...block,
      text,
      runs: runs.map((run) =>
        run.textStart < start
          ? { textStart: 0, fileStart: run.fileStart + start - run.textStart }
          : { ...run, textStart: run.textStart - start },
      ),
      marks: marks.map((mark) => ({ ...mark, offset: mark.offset - start })),
    };
  });
}

/** Letters of Japanese and Chinese, whose words have no spaces between them. */
export const SCRIPT_WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー、。，！？「」『』（）]/u;

/**
 * Several blocks as one, with soft line breaks between them, in time linear in their length.
 *
 * @param goesOn whether nothing belongs between the end of a block and the next
 */
export function joinBlocks(blocks: readonly Block[], goesOn = continuesWord): Block {
  const [first] = blocks;
  if (first === undefined) throw new RangeError('joinBlocks expected at least one block');
  const runs: Run[] = [];
  const marks: BlockMark[] = [];
  let text = '';
  let before = '';
  for (const block of blocks) {
    if (text !== '' && !goesOn(before, block.text)) {
      // The break replaces whatever was between the blocks, and its offset is the one before the next block.
      const fileStart = Math.max(0, (block.runs[0]?.fileStart ?? 0) - 1);
      runs.push({ textStart: text.length, fileStart });
      text += '\n';
    }
    const { length } = text;
    for (const run of block.runs) runs.push({ ...run, textStart: run.textStart + length });
    for (const mark of block.marks) marks.push({ ...mark, offset: mark.offset + length });
    text += block.text;
    before = block.text.slice(-2);
  }
  return { ...first, text, runs, marks };
}

/** Whether a line goes on where the one before ended: in a word with a hyphen, or in a script without spaces. */
function continuesWord(before: string, text: string): boolean {
  if (/\p{L}-$/u.test(before) && /^\p{Ll}/u.test(text)) return true;
  return SCRIPT_WITHOUT_SPACES.test(before.slice(-1)) && SCRIPT_WITHOUT_SPACES.test(text.charAt(0));
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
  let i = 0;
  let j = 0;
  while (i < value.length) {
    const [from, place] = [i, j];
    let reference = decodedAt(source, j, value, i);
    while (reference === null && i < value.length && value[i] === source[j]) {
      i += 1;
      j += 1;
      reference = decodedAt(source, j, value, i);
    }
    block.append(value.slice(from, i), fileStart + place);
    if (i === value.length) return;
    if (reference !== null) {
      const width = (value.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
      block.append(value.slice(i, i + width), fileStart + j);
      i += width;
      j += reference.length;
      continue;
    }
    const found = source.indexOf(value.charAt(i), j);
    if (found !== -1) j = found;
    else {
      block.append(value.charAt(i), fileStart + Math.min(j, Math.max(0, source.length - 1)));
      i += 1;
    }
  }
}

/** The character reference in the source of which the value has the character. */
function decodedAt(source: string, j: number, value: string, i: number): string | null {
  if (source[j] !== '&') return null;
  REFERENCE.lastIndex = j;
  const found = REFERENCE.exec(source)?.[0];
  return found === undefined || value.startsWith(found, i) ? null : found;
}
