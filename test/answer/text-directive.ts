import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

/** How a browser follows a text directive (https://wicg.github.io/scroll-to-text-fragment/), on the source of a page. */

/** The text of a block with the offset of each of its characters in the source. */
interface TextBlock {
  text: string;
  places: number[];
}

const INLINE = new Set('a b i em strong sup sub span time'.split(' '));
/** Not searched, and no words go over it. */
const NOT_SEARCHED = new Set('head button br'.split(' '));
const WORDS = new Intl.Segmenter('ja', { granularity: 'word' });

/** From the first to the last character that is found, in the source; null for a page that does not have the words. */
export function foundBy(link: string, source: string): { start: number; end: number } | null {
  const parts = (link.split(':~:text=')[1] ?? '').split(',');
  const prefix = parts[0]?.endsWith('-') === true ? parts.shift()?.slice(0, -1) : undefined;
  const [first = '', last] = parts.map(decodeURIComponent);
  const blocks = blocksOf(source);
  for (let from = { block: 0, at: 0 }; ;) {
    if (prefix !== undefined) {
      const before = find(blocks, decodeURIComponent(prefix), from);
      if (before === null) return null;
      from = { block: before.block, at: before.to };
    }
    const start = find(blocks, first, from);
    if (start === null) return null;
    if (prefix !== undefined && !isBlankBetween(blocks, from, start)) continue;
    const end =
      last === undefined ? start : find(blocks, last, { block: start.block, at: start.to });
    if (end === null) return null;
    const placeOf = (block: number, at: number): number => blocks[block]?.places[at] ?? -1;
    return { start: placeOf(start.block, start.at), end: placeOf(end.block, end.to - 1) + 1 };
  }
}

function isBlankBetween(
  blocks: readonly TextBlock[],
  from: { block: number; at: number },
  to: { block: number; at: number },
): boolean {
  const texts = blocks.slice(from.block, to.block + 1).map(({ text }) => text);
  const all = texts.join('');
  const skipped = texts.slice(0, -1).join('').length;
  return all.slice(from.at, skipped + to.at).trim() === '';
}

function find(
  blocks: readonly TextBlock[],
  words: string,
  from: { block: number; at: number },
): { block: number; at: number; to: number } | null {
  const wanted = words.toLowerCase();
  for (let block = from.block; block < blocks.length; block++) {
    const text = (blocks[block]?.text ?? '').toLowerCase();
    const edges = new Set([...WORDS.segment(text)].map(({ index }) => index)).add(text.length);
    let at = text.indexOf(wanted, block === from.block ? from.at : 0);
    for (; at !== -1; at = text.indexOf(wanted, at + 1)) {
      const to = at + wanted.length;
      if (edges.has(at) && edges.has(to)) return { block, at, to };
    }
  }
  return null;
}

/** White space of any length is one space, and soft hyphens are nothing. */
function blocksOf(source: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let open: TextBlock = { text: '', places: [] };
  const close = (): void => {
    if (open.text.trim() !== '') blocks.push(open);
    open = { text: '', places: [] };
  };
  const visit = (parent: Tree.ParentNode): void => {
    for (const node of parent.childNodes) {
      if (defaultTreeAdapter.isTextNode(node)) {
        const start = node.sourceCodeLocation?.startOffset ?? 0;
        for (let index = 0; index < node.value.length; index++) {
          const character = node.value.charAt(index);
          const isSpace = /\s/u.test(character);
          if (character === '\u00ad' || (isSpace && /^$| $/.test(open.text))) continue;
          open.text += isSpace ? ' ' : character;
          open.places.push(start + index);
        }
      } else if (defaultTreeAdapter.isElementNode(node)) {
        const style = node.attrs.find(({ name }) => name === 'style')?.value ?? '';
        const isInline = INLINE.has(node.tagName) && !style.includes('block');
        if (!isInline) close();
        if (!NOT_SEARCHED.has(node.tagName)) visit(node);
        if (!isInline) close();
      }
    }
  };
  visit(parse(source, { sourceCodeLocationInfo: true }));
  close();
  return blocks;
}
