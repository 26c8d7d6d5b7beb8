import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/answer/citations.ts';
import { type Document, lineStartsOf } from '../../src/corpus/types.ts';
import { plainDocument } from '../../tools/evaluation/plain-document.ts';

const FILE = 'Preface.\n\nFirst paragraph,\non two lines.\n\nSecond.\n\nLast section.';
const blockOf = (text: string) => {
  const start = FILE.indexOf(text);
  return { start, end: start + text.length };
};

const document: Document = {
  ...plainDocument('letter', ''),
  title: 'A letter',
  text: FILE,
  sections: [
    { headings: [], blocks: [blockOf('Preface.')] },
    {
      headings: ['Body'],
      blocks: [blockOf('First paragraph,\non two lines.'), blockOf('Second.')],
    },
    { headings: ['Body', 'End'], blocks: [blockOf('Last section.')] },
  ],
  origin: { runs: [{ textStart: 0, fileStart: 0 }], lineStarts: lineStartsOf(FILE) },
};

describe('contextOf', () => {
  it('is the section that holds the lines, with a paragraph on either side, the ones they touch marked', () => {
    expect(contextOf(document, [4, 4])).toEqual({
      document: { id: 'letter', title: 'A letter', path: 'letter.txt' },
      headings: ['Body'],
      paragraphs: [
        { text: 'Preface.', lines: [1, 1], asked: false },
        { text: 'First paragraph,\non two lines.', lines: [3, 4], asked: true },
        { text: 'Second.', lines: [6, 6], asked: false },
        { text: 'Last section.', lines: [8, 8], asked: false },
      ],
    });
  });

  it('marks every paragraph that the lines touch', () => {
    const context = contextOf(document, [4, 6]);
    expect(context?.paragraphs.map(({ asked }) => asked)).toEqual([false, true, true, false]);
  });

  it('is nothing for lines between paragraphs, past the end, or the wrong way round', () => {
    expect(contextOf(document, [2, 2])).toBeNull();
    expect(contextOf(document, [9, 20])).toBeNull();
    expect(contextOf(document, [0, 0])).toBeNull();
    expect(contextOf(document, [NaN, NaN])).toBeNull();
  });
});
