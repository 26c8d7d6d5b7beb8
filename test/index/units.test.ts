import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import type { TokenTable } from '../../src/embedding/types.ts';
import { buildLexical, LexicalIndex } from '../../src/index/lexical.ts';
import { buildUnits, UnitTable } from '../../src/index/units.ts';
import { NameTable } from '../../src/language/names.ts';

const names = new NameTable({ people: [], places: [] });

/** A token a character, with the vector (1, code). */
const table: TokenTable = {
  tokenise: (text) => Array.from(text, (character) => character.codePointAt(0) ?? 0),
  vector: (token) => Float32Array.of(1, token),
};

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
const lexical = new LexicalIndex(buildLexical(passages, names));
const documents = [{ id: 'd', expected: [] }];
const sources = { documents, passages, names, lexical };
const idsOf = (...terms: string[]) => terms.map((term) => lexical.termId(term));

describe('UnitTable', () => {
  const units = new UnitTable(buildUnits({ ...sources, tokenTable: table }));

  it('gives each passage its header and its sentences, neighbouring words as pairs too', () => {
    expect(Array.from(units.header(0).terms)).toEqual(idsOf('head'));
    expect(units.sentences(0).map(({ terms }) => Array.from(terms))).toEqual([
      idsOf('train', 'left', 'train+left'),
      idsOf('wreath', 'lai', 'wreath+lai'),
    ]);
    expect(units.sentences(1).map(({ terms }) => Array.from(terms))).toEqual([[]]);
    expect(Array.from(units.header(2).terms)).toEqual(idsOf('head'));
    expect(units.sentences(2)).toHaveLength(1);
  });

  it('gives tokens, and the length of the sum of their vectors', () => {
    const [unit] = units.sentences(2);
    expect(Array.from(unit?.tokens ?? [])).toEqual(table.tokenise('Trains.'));
    const codes = table.tokenise('Trains.');
    const sum = codes.reduce((total, code) => total + code, 0);
    expect(unit?.length).toBeCloseTo(Math.hypot(codes.length, sum), 2);
  });

  it('gives the questions that a passage is expected to answer, each with its sentence', () => {
    const expected = [
      { question: 'Who laid the wreath?', offset: 14 },
      { question: 'trains left when', offset: 0 },
    ];
    const own = passages.map((one, at) => ({ ...one, documentId: `d${at}` }));
    const asked = new UnitTable(
      buildUnits({
        ...sources,
        tokenTable: table,
        passages: own,
        documents: [
          { id: 'd0', expected },
          { id: 'd2', expected: [{ question: 'beyond', offset: 99 }] },
        ],
      }),
    );
    expect(asked.sentences(0)).toHaveLength(2);
    const { tokens, starts, lengths, sentences } = asked.expected(0);
    expect(Array.from(sentences)).toEqual([1, 0]);
    expect(expected.map((_, at) => Array.from(tokens.slice(starts[at], starts[at + 1])))).toEqual(
      expected.map(({ question }) => table.tokenise(question)),
    );
    expect(lengths).toHaveLength(2);
    for (const ordinal of [1, 2]) {
      expect(asked.expected(ordinal).tokens).toHaveLength(0);
      expect(asked.expected(ordinal).lengths).toHaveLength(0);
    }
    expect(Array.from(asked.header(2).terms)).toEqual(idsOf('head'));
  });

  it('does without a token table', () => {
    const foreseen = [{ id: 'd', expected: [{ question: 'when', offset: 0 }] }];
    const bare = new UnitTable(buildUnits({ ...sources, documents: foreseen, tokenTable: null }));
    expect(bare.expected(0).lengths).toHaveLength(0);
    expect(bare.header(0)).toMatchObject({ tokens: new Uint32Array(), length: 0 });
    expect(Array.from(bare.header(0).terms)).toEqual(idsOf('head'));
  });
});
