/** Drafts of blocks into the text that line numbers refer to, and into blocks with offsets in it. */
import { isEnglishWord } from '../../../language/similar-words.ts';
import { BlockBuilder, type Block, type LeftOutSpan } from '../block.ts';
import type { Draft } from './drafts.ts';

export interface WrittenText {
  readonly decoded: string;
  readonly blocks: readonly Block[];
  readonly leftOut: readonly LeftOutSpan[];
}

export function write(drafts: readonly Draft[]): WrittenText {
  const known = knownWords(drafts);
  const blocks: Block[] = [];
  const leftOut: LeftOutSpan[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const { kind, level, why, lines } of drafts) {
    const block = new BlockBuilder();
    const start = length;
    for (const [index, { text }] of lines.entries()) {
      const next = lines[index + 1]?.text ?? '';
      block.append(isBroken(text, next, known) ? text.slice(0, -1) : text, length);
      if (!joinsDirectly(text, next)) block.separate(length + text.length);
      parts.push(text, '\n');
      length += text.length + 1;
    }
    if (kind === 'leftOut') leftOut.push({ start, end: length - 1, why });
    else if (!block.isEmpty) blocks.push(block.build(kind === 'note' ? 'paragraph' : kind, level));
  }
  return { decoded: parts.join(''), blocks, leftOut };
}

/** A word and the hyphen at the end of its line; U+2010 is the hyphen proper, U+00AD the soft one. */
const BREAK = /(\p{L}+)[-\u2010\u00ad]$/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，」』）]/u;

/** Whether no space belongs between two lines. */
function joinsDirectly(text: string, next: string): boolean {
  if (BREAK.test(text) && /^\p{L}/u.test(next)) return true;
  return CJK.test(text.slice(-1)) && CJK.test(next.slice(0, 1));
}

/** Words as they stand inside the lines, in small letters. */
function knownWords(drafts: readonly Draft[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { lines } of drafts) {
    for (const { text } of lines) {
      const whole = text.replace(BREAK, '').replaceAll('\u2010', '-').toLowerCase();
      for (const [word] of whole.matchAll(/\p{L}+(?:-\p{L}+)*/gu)) words.add(word);
    }
  }
  return words;
}

/**
 * Whether the hyphen at the end of a line only breaks a word: where the document has the word, as it has it; else where
 * the joined word is one, or one of its parts is none.
 */
function isBroken(text: string, next: string, known: ReadonlySet<string>): boolean {
  const left = BREAK.exec(text)?.[1]?.toLowerCase();
  const right = /^\p{L}+/u.exec(next)?.[0].toLowerCase();
  if (left === undefined || right === undefined) return false;
  if (text.endsWith('\u00ad') || known.has(left + right)) return true;
  if (/^\p{Lu}/u.test(next)) return false;
  if (known.has(`${left}-${right}`)) return false;
  const isWord = (word: string): boolean => known.has(word) || isEnglishWord(word);
  return isEnglishWord(left + right) || !isWord(left) || !isWord(right);
}
