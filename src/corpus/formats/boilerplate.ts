/**
 * Blocks inside an article that are not its text, by their structure: nothing but links, nothing but a time, no word at
 * all, the author's addresses at the end.
 */
import type { Block } from './block.ts';

export interface PageBlock {
  readonly block: Block;
  /** UTF-16 characters of its text that are links. */
  readonly linked: number;
  /** UTF-16 characters of its text in `<time>`. */
  readonly timed: number;
  /** Whether it links to an e-mail address or to a profile of a social network. */
  readonly hasProfiles: boolean;
  /** Whether Readability left it out. */
  readonly isOutside: boolean;
}

/** Why a block is left out; null for text. */
export function boilerplateReason({ block, linked, timed }: PageBlock): string | null {
  const { kind, text } = block;
  if (kind === 'caption') return 'caption';
  if (!/[\p{L}\p{N}]/u.test(text)) return 'separator';
  if (kind === 'heading' || kind === 'row' || kind === 'code') return null;
  const solid = text.replace(/\s/g, '').length;
  if (timed >= solid * 0.8) return 'date';
  if (linked >= solid * 0.75) return 'links to other pages';
  return null;
}

/** Whether a heading that Readability left out stands right above a text that it kept. */
function headsArticle(blocks: readonly PageBlock[], index: number): boolean {
  if (blocks[index]?.block.kind !== 'heading') return false;
  const next = blocks.slice(index + 1, index + 4).find(({ block }) => block.kind !== 'heading');
  return next?.isOutside === false;
}

/** UTF-16 characters of a lead. */
const SHORTEST_LEAD = 80;
/** Blocks between the headline and the article: lead, author, date, buttons. */
const LONGEST_HEAD = 8;

/** Running text between the headline and the article, which many pages set apart from it. */
function leadOf(blocks: readonly PageBlock[]): ReadonlySet<number> {
  const first = blocks.findIndex(({ isOutside }) => !isOutside);
  const lead = new Set<number>();
  for (let index = first - 1; index >= Math.max(0, first - LONGEST_HEAD); index--) {
    const candidate = blocks[index];
    if (candidate === undefined) break;
    const { block, linked, timed } = candidate;
    if (block.kind === 'heading' && block.level === 1) return lead;
    const isProse = block.text.length >= SHORTEST_LEAD && linked + timed < block.text.length / 4;
    if (isProse && block.kind === 'paragraph') lead.add(index);
  }
  return new Set();
}

/** UTF-16 characters of a note on the author. */
const LONGEST_NOTE = 400;

/** Blocks of an article without boilerplate, and the blocks left out with the reason. */
export function withoutBoilerplate(blocks: readonly PageBlock[]): {
  readonly kept: readonly Block[];
  readonly leftOut: readonly { readonly block: Block; readonly why: string }[];
} {
  const lead = leadOf(blocks);
  const reasons = blocks.map((block, index) => {
    if (block.isOutside && !lead.has(index) && !headsArticle(blocks, index))
      return 'outside the article';
    return boilerplateReason(block);
  });
  const end = reasons.findLastIndex(
    (why, index) => why === null && blocks[index]?.block.kind !== 'heading',
  );
  const last = reasons.findLastIndex(
    (why, index) => why === null && blocks[index]?.hasProfiles === false,
  );
  const kept: Block[] = [];
  const leftOut: { block: Block; why: string }[] = [];
  for (const [index, { block }] of blocks.entries()) {
    const isNote = index > last && last >= 0 && block.text.length <= LONGEST_NOTE;
    const why =
      reasons[index] ?? (isNote ? 'about the author' : index > end ? 'heading without text' : null);
    if (why === null) kept.push(block);
    else leftOut.push({ block, why });
  }
  return { kept, leftOut };
}
