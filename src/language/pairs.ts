import type { TermUse } from './terms.ts';

/**
 * Words that stand side by side mean more than each alone: "prime minister" is not any minister. Each pair of
 * neighbouring words becomes one more term.
 */
export function pairsOf(uses: readonly TermUse[], text: string): TermUse[] {
  const own = uses.filter((use) => use.own);
  return own.flatMap((use, at) => {
    const before = own[at - 1];
    if (before === undefined || !/^[\s-]+$/.test(text.slice(before.end, use.word.start))) return [];
    const term = `${before.term}+${use.term}`;
    return [{ term, weight: 1, word: before.word, end: use.end, own: false }];
  });
}
