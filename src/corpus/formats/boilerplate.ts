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

/** Blocks of an article without boilerplate, and the blocks left out with the reason. */
export function withoutBoilerplate(blocks: readonly PageBlock[]): {
  readonly kept: readonly Block[];
  readonly leftOut: readonly { readonly block: Block; readonly why: string }[];
} {
  const reasons = blocks.map(boilerplateReason);
  const last = reasons.findLastIndex(
    (why, index) => why === null && blocks[index]?.hasProfiles === false,
  );
  const kept: Block[] = [];
  const leftOut: { block: Block; why: string }[] = [];
  for (const [index, { block }] of blocks.entries()) {
    const why = reasons[index] ?? (index > last && last >= 0 ? 'about the author' : null);
    if (why === null) kept.push(block);
    else leftOut.push({ block, why });
  }
  return { kept, leftOut };
}
