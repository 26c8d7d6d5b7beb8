/**
 * Lines into paragraphs where only line breaks separate them. Texts are saved with one paragraph a line or with lines
 * wrapped at a width; the widths of the lines tell which.
 */
import { BlockBuilder, flattened, joinBlocks, type Block } from './block.ts';

/**
 * Paragraphs of a text file: one a line, or hard-wrapped lines with or without empty lines between paragraphs. A form
 * feed ends a line.
 */
export function readPlainText(body: string, bodyStart = 0): Block[] {
  const lines = readLines(body, bodyStart);
  return paragraphsOf(lines, wrapWidth(lines));
}

/** Lines of a text, each a block; empty lines are blocks without text. */
export function readLines(body: string, bodyStart = 0): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  for (const ending of body.matchAll(/\r\n|\n|\r|\f|$/g)) {
    const block = new BlockBuilder();
    const line = body.slice(start, ending.index);
    // A full-width space indents the first line of a Japanese paragraph.
    if (line.startsWith('\u3000')) blocks.push(new BlockBuilder().build('paragraph'));
    // Rows of dashes and the like are separators, not text.
    if (!/^\s*([-=_*~#.•])(?:\s*\1){2,}\s*$/u.test(line)) block.append(line, bodyStart + start);
    blocks.push(block.build('paragraph'));
    start = ending.index + ending[0].length;
  }
  return blocks;
}

/** A longer line was not wrapped: the file has one paragraph a line. */
const LONGEST_WRAPPED_LINE = 130;
/** From this share of lines that end a sentence, lines are paragraphs: wrapped lines end anywhere. */
const PARAGRAPH_ENDS_SHARE = 0.7;

const LIST_MARKER = /^(?:[•·▪●○■◦‣*+-]\s|[([]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]\s|[([]\p{Lu})/u;
const ENDS_SENTENCE = /[.!?:。！？…]["'”’)\]]*$/u;

/** Width at which the lines were wrapped, in UTF-16 characters; null where each line is a paragraph. */
export function wrapWidth(lines: readonly Block[]): number | null {
  let longest = 0;
  for (const { text } of lines) longest = Math.max(longest, text.length);
  if (longest > LONGEST_WRAPPED_LINE || longest === 0) return null;
  let followed = 0;
  let ended = 0;
  for (const [index, { text }] of lines.entries()) {
    if (text.length < longest * 0.6 || (lines[index + 1]?.text ?? '') === '') continue;
    followed += 1;
    if (ENDS_SENTENCE.test(text)) ended += 1;
  }
  return followed >= 2 && ended >= followed * PARAGRAPH_ENDS_SHARE ? null : longest;
}

/**
 * Joins lines into paragraphs, which empty lines always separate.
 *
 * @param width from `wrapWidth`
 */
export function paragraphsOf(lines: readonly Block[], width: number | null): Block[] {
  const paragraphs: Block[] = [];
  let open: Block[] = [];
  const close = (): void => {
    if (open.length > 0) paragraphs.push(flattened(joinBlocks(open)));
    open = [];
  };
  for (const [index, line] of lines.entries()) {
    if (line.text === '') {
      close();
      continue;
    }
    const before = open.at(-1);
    if (
      before !== undefined &&
      !continues(before.text, line.text, { after: lines[index + 1]?.text, width })
    ) {
      close();
    }
    open.push(line);
  }
  close();
  return paragraphs;
}

/** Whether `line` continues the paragraph of the line before it. */
function continues(
  before: string,
  line: string,
  { after, width }: { after: string | undefined; width: number | null },
): boolean {
  if (LIST_MARKER.test(line)) return false;
  if (/^\p{Ll}/u.test(line)) return true;
  if (width === null) return false;
  // In a script without spaces a line ends after any letter.
  const isUnspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(line);
  const firstWord = isUnspaced ? 2 : (/^\S+/.exec(line)?.[0].length ?? 0);
  // A wrapped line ends where the next word did not fit. With some slack: by eye, or by printed width.
  const isFull = before.length + 1 + firstWord > width * 0.85;
  if (!isFull) return before.length > width * 0.6 && !ENDS_SENTENCE.test(before);
  const opensSection =
    ENDS_SENTENCE.test(before) &&
    line.length < width * 0.6 &&
    !ENDS_SENTENCE.test(line) &&
    (after === undefined || after === '' || /^["“‘]?[\p{Lu}\d]/u.test(after));
  return !opensSection || after === undefined || after === '';
}
