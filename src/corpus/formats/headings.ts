import type { Block } from './block.ts';
import { isDateline } from '../dateline.ts';

const MAX_HEADING_CHARS = 90;
const MAX_HEADING_WORDS = 14;
const MAX_TITLE_CHARS = 180;

function wordCount(text: string): number {
  return text.split(' ').length;
}

/** A line that can only be read as a heading: short, capital first, ends no sentence, lists nothing. */
function looksLikeHeading(text: string, maxChars: number): boolean {
  if (text.length > maxChars || !/\p{L}{2}/u.test(text)) return false;
  if (!/^(?:[([]?(?:\d{1,2}|[IVX]{1,4})[.)\]:]?\s+)?["“‘']?[\p{Lu}\p{N}]/u.test(text)) return false;
  if (/[.!,;:。、…–—-]["'”’)]*$/u.test(text) && !/\b(?:U\.S|D\.C|U\.N|Jr|Inc)\.$/.test(text))
    return false;
  if (/[|•·]|\s[>»›]\s|^[[“"]/u.test(text) || isDateline(text)) return false;
  return !/[.!?]\s+\p{Lu}\p{Ll}+\s+\p{Ll}+\s+\p{Ll}/u.test(text);
}

/** A paragraph of running text. */
function isProse(block: Block | undefined): boolean {
  if (block === undefined || block.kind === 'heading') return false;
  return block.text.length >= 60 && wordCount(block.text) >= 8;
}

/**
 * Headings of a file that marks none: its first line, when it looks like a title, and each short line
 * right above running text. What is doubtful stays a paragraph: a heading is never quoted, so a wrong
 * guess would lose a sentence.
 */
export function guessHeadings(blocks: readonly Block[]): Block[] {
  const withoutLabel = dropSectionLabel(blocks);
  let titled = false;
  return withoutLabel.map((block, index): Block => {
    if (block.kind !== 'paragraph') return block;
    const next = withoutLabel[index + 1];
    if (!titled && !isDateline(block.text)) {
      titled = true;
      const isTitle = next !== undefined && looksLikeHeading(block.text, MAX_TITLE_CHARS);
      return isTitle ? { ...block, kind: 'heading', level: 1 } : block;
    }
    const opens =
      isProse(next) ||
      (next !== undefined && isDateline(next.text) && isProse(withoutLabel[index + 2]));
    const isHeading =
      opens &&
      wordCount(block.text) <= MAX_HEADING_WORDS &&
      looksLikeHeading(block.text, MAX_HEADING_CHARS);
    return isHeading ? { ...block, kind: 'heading', level: 2 } : block;
  });
}

/** "Politics" above "Japan's chief diplomat sets out on a long journey" is the site's section, not a title. */
function dropSectionLabel(blocks: readonly Block[]): readonly Block[] {
  const [first, second] = blocks;
  if (first === undefined || second === undefined) return blocks;
  const isLabel =
    wordCount(first.text) <= 2 && !/[.!?]$/.test(first.text) && !isDateline(first.text);
  const hasTitle = wordCount(second.text) >= 4 && looksLikeHeading(second.text, MAX_TITLE_CHARS);
  return isLabel && hasTitle && first.kind === 'paragraph' ? blocks.slice(1) : blocks;
}
