import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import { buildLexical } from './build-lexical.ts';
import { LexicalIndex, lexicalSegment } from '../../src/index/lexical.ts';
import { NameTable } from '../../src/language/terms.ts';

const names = new NameTable({ people: [], places: [] });

function passage(header: string, ...sentences: string[]): Passage {
  const text = sentences.join(' ');
  let at = 0;
  return {
    documentId: 'd',
    headings: [],
    start: 0,
    end: text.length,
    lines: [1, 1],
    text,
    sentences: sentences.map((sentence) => {
      const start = text.indexOf(sentence, at);
      at = start + sentence.length;
      return { start, end: at };
    }),
    meetings: [],
    sources: [],
    header,
  };
}

const passages = [
  passage('Head', 'Trains left.', 'A wreath lay there.'),
  passage('', '🙂'),
  passage('Head', 'Trains.'),
];
const lexical = new LexicalIndex([lexicalSegment(buildLexical(passages, names))]);
const idsOf = (...terms: string[]) => terms.map((term) => lexical.termId(term));

describe('the parts of passages', () => {
  const { parts } = lexical;

  it('gives each passage its header and its sentences, neighbouring words as pairs too', () => {
    expect(Array.from(parts.header(0))).toEqual(idsOf('head'));
    expect(parts.sentences(0).map((terms) => Array.from(terms))).toEqual([
      idsOf('train', 'left', 'train+left'),
      idsOf('wreath', 'lai', 'wreath+lai'),
    ]);
    expect(parts.sentences(1).map((terms) => Array.from(terms))).toEqual([[]]);
    expect(Array.from(parts.header(2))).toEqual(idsOf('head'));
    expect(parts.sentences(2)).toHaveLength(1);
  });

  it('gives the same again when it is asked again', () => {
    expect(parts.sentences(0)).toBe(parts.sentences(0));
  });

  it('gives the passage of each expected question', () => {
    const expected = [
      { question: 'trains left when', ordinal: 0 },
      { question: 'Who laid the wreath?', ordinal: 0 },
      { question: 'what left', ordinal: 2 },
    ];
    const asked = new LexicalIndex([lexicalSegment(buildLexical(passages, names, expected))]).parts;
    expect(asked.expectedPassages).toEqual([Uint32Array.of(0, 0, 2)]);
    expect(Array.from(asked.header(2))).toEqual(idsOf('head'));
    expect(parts.expectedPassages).toEqual([new Uint32Array()]);
  });
});
