import { describe, expect, it } from 'vitest';
import { BlockBuilder, type BlockKind } from '../../../src/corpus/formats/block.ts';
import { boilerplateOf, type PageBlock } from '../../../src/corpus/formats/furniture.ts';

const PROSE =
  'The harbour master said that no ship may leave before the ice is measured, and that tugs would go on.';

function block(
  text: string,
  {
    kind = 'paragraph',
    level = 0,
    ...more
  }: Partial<PageBlock> & { kind?: BlockKind; level?: number } = {},
): PageBlock {
  const builder = new BlockBuilder();
  builder.append(text, 0);
  return {
    block: builder.build(kind, level),
    linked: 0,
    timed: 0,
    hasProfiles: false,
    isOutside: false,
    ...more,
  };
}

function outcome(...blocks: PageBlock[]): { kept: string[]; why: string[] } {
  const reasons = boilerplateOf(blocks);
  return {
    kept: blocks.flatMap(({ block }, index) => (reasons[index] === null ? [block.text] : [])),
    why: reasons.filter((why) => why !== null),
  };
}

describe('boilerplateOf', () => {
  it('keeps lines whatever their words are', () => {
    const lines = [
      'Sign in with your badge.',
      'Read more: the second volume',
      'Images: png and tiff',
      'See also',
    ];
    expect(outcome(block(PROSE), ...lines.map((line) => block(line)))).toEqual({
      kept: [PROSE, ...lines],
      why: [],
    });
  });

  it('drops lines of links, times, separators and captions, with the reason', () => {
    expect(
      outcome(
        block(PROSE),
        block('Ten ports to visit', { linked: 15 }),
        block('4 March, 10:12', { timed: 11 }),
        block('* * *'),
        block('A tug in the ice', { kind: 'caption' }),
        block(PROSE),
      ),
    ).toEqual({
      kept: [PROSE, PROSE],
      why: ['links to other pages', 'date', 'separator', 'caption'],
    });
  });

  it('drops a short note with addresses at the end, not one inside', () => {
    const note = block('Write to Ada Lind or follow her.', { hasProfiles: true });
    expect(outcome(note, block(PROSE), note)).toEqual({
      kept: [note.block.text, PROSE],
      why: ['about the author'],
    });
  });

  it('takes the lead between headline and article in, and nothing else from outside', () => {
    const lead = `${PROSE} This is the lead.`;
    const outside = { isOutside: true };
    expect(
      outcome(
        block(
          'A paragraph of another story, which is as long as a lead would be, stands above the headline.',
          outside,
        ),
        block('No ship leaves', { kind: 'heading', level: 1, ...outside }),
        block(lead, outside),
        block('By Ada Lind', outside),
        block(PROSE),
        block('What follows', { kind: 'heading', level: 2, ...outside }),
        block(PROSE),
        block('Other stories', { kind: 'heading', level: 2, ...outside }),
      ).kept,
    ).toEqual([lead, PROSE, 'What follows', PROSE]);
  });
});
