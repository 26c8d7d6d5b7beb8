import type { Block } from './block.ts';
import { isDateline } from '../dateline.ts';

const MAX_TITLE_CHARS = 200;

export interface Title {
  readonly title: string;
  /** The block that the title was taken from; null when it came from elsewhere. */
  readonly block: Block | null;
}

/**
 * Title of a document: its front matter's, else its first heading, else its first line that is more
 * than a date, else the file's name. A heading deeper than the first may stand before the real title
 * on a saved page, so the first one of the highest level near the top wins.
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
    return { title: given, block: same ? heading : null };
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

/** A first line can be a whole paragraph: its first sentence, or as many words as fit. */
function cut(text: string): string {
  if (text.length <= MAX_TITLE_CHARS) return text;
  const sentence = /^.{20,200}?[.!?](?=\s)/su.exec(text)?.[0];
  if (sentence !== undefined) return sentence;
  return `${text.slice(0, MAX_TITLE_CHARS).replace(/\s+\S*$/u, '')} …`;
}
