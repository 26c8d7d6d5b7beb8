import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  packSentences,
  quantise,
  SentenceVectors,
  type Int8Vector,
} from '../../src/index/sentence-vectors.ts';
import { seeded } from '../../tools/evaluation/noisy-questions.ts';

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
