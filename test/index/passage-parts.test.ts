import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import { buildLexical, LexicalIndex } from '../../src/index/lexical.ts';
import {
  buildPassageParts,
  packSentences,
  PassageParts,
  placeExpected,
  quantise,
  SentenceVectors,
  type Int8Vector,
} from '../../src/index/passage-parts.ts';
import { NameTable } from '../../src/language/names.ts';
import { seeded } from '../../tools/evaluation/noisy-questions.ts';

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
const lexical = new LexicalIndex(buildLexical(passages, names));
const sources = { passages, expected: [], names, lexical };
const idsOf = (...terms: string[]) => terms.map((term) => lexical.termId(term));

describe('PassageParts', () => {
  const parts = new PassageParts(buildPassageParts(sources));

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

  it('gives the passage and the sentence of each expected question', () => {
    const expected = [
      { question: 'trains left when', ordinal: 0, sentence: 0 },
      { question: 'Who laid the wreath?', ordinal: 0, sentence: 1 },
      { question: 'what left', ordinal: 2, sentence: 0 },
    ];
    const asked = new PassageParts(buildPassageParts({ ...sources, expected }));
    expect(Array.from(asked.expectedPassages)).toEqual([0, 0, 2]);
    expect(Array.from(asked.expectedSentences)).toEqual([0, 1, 0]);
    expect(Array.from(asked.header(2))).toEqual(idsOf('head'));
    expect(parts.expectedPassages).toHaveLength(0);
  });
});

describe('placeExpected', () => {
  const [first, smile, last] = passages as [Passage, Passage, Passage];
  const placed = [
    { ...first, documentId: 'one' },
    { ...smile, documentId: 'one', start: first.end + 1, end: first.end + 3 },
    { ...last, documentId: 'two' },
  ];

  it('finds passage and sentence by the place of the words that answer', () => {
    const expected = [
      { question: 'smile?', offset: first.end + 1 },
      { question: 'Who laid the wreath?', offset: first.text.indexOf('wreath') },
      { question: 'trains left when', offset: 0 },
    ];
    expect(placeExpected([{ id: 'one', expected }], placed)).toEqual([
      { question: 'Who laid the wreath?', ordinal: 0, sentence: 1 },
      { question: 'trains left when', ordinal: 0, sentence: 0 },
      { question: 'smile?', ordinal: 1, sentence: 0 },
    ]);
  });

  it('leaves out what no passage of the document holds', () => {
    const expected = [{ question: 'beyond', offset: 99 }];
    expect(placeExpected([{ id: 'two', expected }], placed)).toEqual([]);
    expect(placeExpected([{ id: 'three', expected }], placed)).toEqual([]);
  });

  it('names a sentence that the offset lies in or before, for any offset in a passage', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(first.end - 1)), (offsets) => {
        const expected = offsets.map((offset, at) => ({ question: String(at), offset }));
        const found = placeExpected([{ id: 'one', expected }], placed);
        expect(found.map(({ question }) => question)).toEqual(offsets.map((_, at) => String(at)));
        found.forEach(({ ordinal, sentence }, at) => {
          expect(ordinal).toBe(0);
          const offset = offsets[at] ?? NaN;
          expect(offset).toBeLessThan(first.sentences[sentence]?.end ?? NaN);
          expect(offset).toBeGreaterThanOrEqual(first.sentences[sentence - 1]?.end ?? 0);
        });
      }),
    );
  });
});

const DIMENSIONS = 384;

/** A unit vector in a direction drawn by lot, as embeddings have them: no component stands out. */
const direction = fc.integer().map((seed): Float32Array => {
  const random = seeded(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return unit(Array.from({ length: DIMENSIONS }, normal));
});

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

function dot(a: Float32Array, b: ArrayLike<number>): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);
}

function restored({ scale, values }: Int8Vector): Float32Array {
  return Float32Array.from(values, (value) => value * scale);
}

describe('quantise', () => {
  it('keeps the direction: the cosine to the original is above .999', () => {
    fc.assert(
      fc.property(direction, (vector) => {
        const near = restored(quantise(vector));
        expect(dot(vector, near) / Math.hypot(...near)).toBeGreaterThan(0.999);
      }),
    );
  });

  it('changes no component by more than half a step, whatever the vector', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, min: -1, max: 1, maxLength: 20 }), (vector) => {
        const { scale, values } = quantise(vector);
        expect(values).toHaveLength(vector.length);
        values.forEach((value, at) => {
          expect(Math.abs(value * scale - (vector[at] ?? NaN))).toBeLessThanOrEqual(
            scale * 0.500001,
          );
        });
        const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        if (largest > 0) expect(scale).toBeCloseTo(largest / 127, 6);
      }),
    );
  });

  it('leaves zeros zeros', () => {
    expect(restored(quantise(new Float32Array(4)))).toEqual(new Float32Array(4));
  });
});

describe('SentenceVectors', () => {
  const open = (passages: readonly (readonly Float32Array[])[]): SentenceVectors =>
    new SentenceVectors(
      packSentences(
        passages.map((sentences) => sentences.map(quantise)),
        DIMENSIONS,
      ),
    );

  it('gives the dot products of a question with the sentences of each passage, however many', () => {
    const anyPassages = fc.array(fc.array(direction, { maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(anyPassages, direction, (passages, question) => {
        const packed = open(passages);
        passages.forEach((sentences, ordinal) => {
          const similarities = packed.similarities(question, ordinal);
          expect(similarities).toHaveLength(sentences.length);
          sentences.forEach((sentence, at) => {
            const exact = dot(question, sentence);
            expect(Math.abs((similarities[at] ?? NaN) - exact)).toBeLessThan(1e-2);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  it('tells a sentence from its opposite', () => {
    const vector = unit(Array.from({ length: DIMENSIONS }, (_, at) => 1 + (at % 7)));
    const packed = open([[], [vector, vector.map((value) => -value)]]);
    expect(packed.similarities(vector, 0)).toHaveLength(0);
    const [same = NaN, opposite = NaN] = packed.similarities(vector, 1);
    expect(same).toBeCloseTo(1, 2);
    expect(opposite).toBeCloseTo(-1, 2);
  });

  it('has nothing for a passage that there is not', () => {
    expect(open([]).similarities(new Float32Array(DIMENSIONS), 3)).toHaveLength(0);
  });
});
