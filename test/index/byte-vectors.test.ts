import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ByteVectors,
  packVectors,
  quantise,
  type ByteVector,
} from '../../src/index/byte-vectors.ts';
import { dot } from '../../src/index/vectors.ts';
import { seeded } from '../../tools/evaluation/noisy-questions.ts';

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

const MODEL_DIMENSIONS = 384;

/** A unit vector in a random direction without a dominant component, like an embedding. */
const direction = fc.integer().map((seed): Float32Array => {
  const random = seeded(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return unit(Array.from({ length: MODEL_DIMENSIONS }, normal));
});

function restored({ scale, values }: ByteVector): Float32Array {
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

describe('ByteVectors', () => {
  const open = (passages: readonly (readonly Float32Array[])[]): ByteVectors =>
    new ByteVectors(
      packVectors(
        passages.map((sentences) => sentences.map(quantise)),
        MODEL_DIMENSIONS,
      ),
    );

  it('gives the dot products of a question with the sentences of each passage, however many', () => {
    const anyPassages = fc.array(fc.array(direction, { maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(anyPassages, direction, (passages, question) => {
        const packed = open(passages);
        passages.forEach((sentences, ordinal) => {
          const similarities = packed.cosines(question, ordinal);
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

  it('distinguishes a sentence from its opposite', () => {
    const vector = unit(Array.from({ length: MODEL_DIMENSIONS }, (_, at) => 1 + (at % 7)));
    const packed = open([[], [vector, vector.map((value) => -value)]]);
    expect(packed.cosines(vector, 0)).toHaveLength(0);
    const [same = NaN, opposite = NaN] = packed.cosines(vector, 1);
    expect(same).toBeCloseTo(1, 2);
    expect(opposite).toBeCloseTo(-1, 2);
  });

  it('multiplies by sixteen bytes at a time as one by one, however many rows and dimensions', () => {
    const sizes = fc.constantFrom(1, 8, 16, 48, 384, 4096, 4112);
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), fc.nat(), (dimensions, count, seed) => {
        const random = seeded(seed);
        const vectorOf = (): Float32Array =>
          Float32Array.from({ length: dimensions }, () => random() - 0.5);
        const rows = Array.from({ length: count }, () => quantise(vectorOf()));
        const packed = new ByteVectors(packVectors([rows], dimensions));
        const question = vectorOf();
        // One after the other, apart, and twice.
        const wanted = [...rows.keys(), count - 1, 0, 0].filter((row) => row % 3 !== 1 || row > 20);
        const found = packed.cosinesWith(question, wanted);
        wanted.forEach((row, at) => {
          const exact = dot(
            question,
            restored(rows[row] ?? { scale: NaN, values: new Int8Array() }),
          );
          expect(Math.abs((found[at] ?? NaN) - exact)).toBeLessThan(1e-6 * dimensions);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('has nothing for a passage that there is not', () => {
    expect(open([]).cosines(new Float32Array(MODEL_DIMENSIONS), 3)).toHaveLength(0);
  });
});
