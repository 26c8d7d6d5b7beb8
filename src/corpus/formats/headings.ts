/** Headings and the title of a document. */
import { isDateline } from '../../language/dates.ts';
import type { Block } from './block.ts';

const MAX_HEADING_CHARS = 90;
const MAX_HEADING_WORDS = 14;
const MAX_GUESSED_TITLE_CHARS = 180;
/** UTF-16 characters. */
const LONGEST_TITLE = 200;

function wordCount(text: string): number {
  return text.split(' ').length;
}

/** Whether a line can only be a heading: short, with a capital first, not the end of a sentence, not a list. */
function looksLikeHeading(text: string, maxChars: number): boolean {
  if (text.length > maxChars || !/\p{L}{2}/u.test(text)) return false;
  if (!/^(?:[([]?(?:\d{1,2}|[IVX]{1,4})[.)\]:]?\s+)?["“‘']?[\p{Lu}\p{N}]/u.test(text)) return false;
  const endsSentence = /[.!,;:。、…–—-]["'”’)]*$/u.test(text);
  if (endsSentence && !/\b(?:U\.S|D\.C|U\.N|Jr|Inc)\.$/.test(text)) return false;
  if (/[|•·]|\s[>»›]\s|^[[“"]/u.test(text) || isDateline(text)) return false;
  return !/[.!?]\s+\p{Lu}\p{Ll}+\s+\p{Ll}+\s+\p{Ll}/u.test(text);
}

/** Whether a block is a paragraph of running text. */
function isProse(block: Block | undefined): boolean {
  if (block === undefined || block.kind === 'heading') return false;
  return block.text.length >= 60 && wordCount(block.text) >= 8;
}

/**
 * Headings of a file that marks none: the longest line above its first running text that looks like a title, and each
 * short line right above running text. Doubtful lines stay paragraphs: a heading is never quoted, so a wrong guess would
 * lose a sentence.
 */
export function guessHeadings(blocks: readonly Block[]): Block[] {
  const titleIndex = guessTitle(blocks);
  return blocks.map((block, index): Block => {
    if (block.kind !== 'paragraph') return block;
    if (index === titleIndex) return { ...block, kind: 'heading', level: 1 };
    if (index < titleIndex) return block;
    const next = blocks[index + 1];
    const opens =
      isProse(next) || (next !== undefined && isDateline(next.text) && isProse(blocks[index + 2]));
    const isHeading =
      opens &&
      wordCount(block.text) <= MAX_HEADING_WORDS &&
      looksLikeHeading(block.text, MAX_HEADING_CHARS);
    return isHeading ? { ...block, kind: 'heading', level: 2 } : block;
  });
}

/** Lines above a text that may be its title: pasted pages have the site's section or buttons there too. */
const MAX_LINES_ABOVE = 8;

/** A shorter line is a title at the top alone. */
const FEWEST_WORDS_BELOW_TOP = 4;

/** Index of the title, or -1. */
function guessTitle(blocks: readonly Block[]): number {
  const first = blocks.findIndex(({ text }) => !isDateline(text));
  let title = -1;
  for (const [index, block] of blocks.slice(0, MAX_LINES_ABOVE).entries()) {
    const isTitle =
      block.kind === 'paragraph' &&
      blocks[index + 1] !== undefined &&
      (index === first || wordCount(block.text) >= FEWEST_WORDS_BELOW_TOP) &&
      looksLikeHeading(block.text, MAX_GUESSED_TITLE_CHARS);
    if (isTitle && block.text.length > (blocks[title]?.text.length ?? 0)) title = index;
    if (!isTitle && isProse(block)) break;
  }
  return title;
}

export interface Title {
  readonly title: string;
  /** The heading that is the title; null when the title comes from elsewhere. */
  readonly block: Block | null;
}

/**
 * Title of a document: the given one (of its front matter or format), else its first heading, else its first line that
 * is more than a date, else the fallback. On a saved page deeper headings may come before the title, so it is the first
 * heading of the highest level near the top.
 */
export function titleOf(
  blocks: readonly Block[],
  { given, fallback }: { given: string | null; fallback: string },
): Title {
  const top = blocks.slice(0, 12).filter(({ kind }) => kind === 'heading');
  const highest = Math.min(...top.map(({ level }) => level));
  const heading = top.find(({ level }) => level === highest) ?? null;
  if (given !== null) {
    const same = heading !== null && sameWords(heading.text, given);
    return { title: cut(given), block: same ? heading : null };
  }
  if (heading !== null) return { title: cut(heading.text), block: heading };
  const line = blocks.find(({ text }) => /\p{L}/u.test(text) && !isDateline(text));
  return { title: line === undefined ? fallback : cut(line.text), block: null };
}

function sameWords(a: string, b: string): boolean {
  const words = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  return words(a) === words(b);
}

/** The first sentence of a text, or as many of its words as fit. */
function cut(text: string): string {
  if (text.length <= LONGEST_TITLE) return text;
  const sentence = /^.{20,200}?[.!?](?=\s)/su.exec(text)?.[0];
  if (sentence !== undefined) return sentence;
  return `${text.slice(0, LONGEST_TITLE).replace(/\s+\S*$/u, '')} …`;
}
