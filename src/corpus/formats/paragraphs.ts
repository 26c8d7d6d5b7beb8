/**
 * Lines into paragraphs, where a file says nothing of paragraphs but its line breaks. Pages are saved
 * with one paragraph a line or with lines wrapped at a width; the file's own widths tell which.
 */
import { flattened, joinBlocks, type Block } from './block.ts';

/** A line this long was not wrapped by anybody: the file has one paragraph a line. */
const LONGEST_WRAPPED_LINE = 130;
/** Wrapped lines end anywhere; lines that are paragraphs end with a sentence, nearly all of them. */
const PARAGRAPH_ENDS_SHARE = 0.7;

const LIST_MARKER = /^(?:[•·▪●○■◦‣*+-]\s|[([]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]\s|[([]\p{Lu})/u;
const ENDS_SENTENCE = /[.!?:。！？…]["'”’)\]]*$/u;

/** Width at which the lines were wrapped, or null where each line is a paragraph. */
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
 * Joins the lines of each stretch between empty lines into paragraphs.
 *
 * @param width what `wrapWidth` found.
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
      !goesOn(before.text, line.text, { after: lines[index + 1]?.text, width })
    ) {
      close();
    }
    open.push(line);
  }
  close();
  return paragraphs;
}

/** True when `line` goes on with the paragraph that `before` is a line of. */
function goesOn(
  before: string,
  line: string,
  { after, width }: { after: string | undefined; width: number | null },
): boolean {
  if (LIST_MARKER.test(line)) return false;
  if (/^\p{Ll}/u.test(line)) return true;
  if (width === null) return false;
  const firstWord = /^\S+/.exec(line)?.[0].length ?? 0;
  // A wrapped line ends where the next word did not fit. Some slack: wrapped by eye, or by points.
  const isFull = before.length + 1 + firstWord > width * 0.85;
  if (!isFull) return before.length > width * 0.6 && !ENDS_SENTENCE.test(before);
  const opensSection =
    ENDS_SENTENCE.test(before) &&
    line.length < width * 0.6 &&
    !ENDS_SENTENCE.test(line) &&
    (after === undefined || after === '' || /^["“‘]?[\p{Lu}\d]/u.test(after));
  return !opensSection || after === undefined || after === '';
}
