import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenTable } from '../../src/embedding/types.ts';
import { Alignment } from '../../src/search/alignment.ts';
import { TokenSpace } from '../../src/search/token-space.ts';

const TOKENS = 40;
const DIMENSIONS = 6;

/** Vectors that look random but are always the same; token 0 has none to speak of. */
const vectors = Array.from({ length: TOKENS }, (_, token) =>
  Float32Array.from({ length: DIMENSIONS }, (__, at) =>
    token === 0 ? 0 : Math.sin(token * 12.9898 + at * 78.233) * (1 + (token % 5)),
  ),
);
const table: TokenTable = {
  tokenise: () => [],
  vector: (token) => vectors[token] ?? new Float32Array(DIMENSIONS),
};

const someTokens = fc.array(fc.integer({ min: 1, max: TOKENS - 1 }), {
  minLength: 1,
  maxLength: 12,
});

function sumOf(tokens: readonly number[]): number[] {
  return Array.from({ length: DIMENSIONS }, (_, at) =>
    tokens.reduce((sum, token) => sum + (vectors[token]?.[at] ?? 0), 0),
  );
}

function align(
  question: readonly number[],
  ...texts: (readonly number[])[]
): { scores: number[]; cosines: number[] } {
  const lists = texts.map((tokens) => Uint32Array.from(tokens));
  const alignment = new Alignment(new TokenSpace(table), question, lists);
  return {
    scores: lists.map((tokens) => {
      const best = alignment.none();
      alignment.raise(best, tokens);
      return alignment.score(best);
    }),
    cosines: lists.map((tokens) => alignment.cosine(tokens, Math.hypot(...sumOf([...tokens])))),
  };
}

describe('Alignment', () => {
  it('scores a text against itself with 1, in any order of its tokens', () => {
    fc.assert(
      fc.property(someTokens, (tokens) => {
        const { scores, cosines } = align(tokens, tokens, tokens.toReversed());
        for (const score of scores) expect(score).toBeCloseTo(1, 5);
        for (const cosine of cosines) expect(cosine).toBeCloseTo(1, 4);
      }),
    );
  });

  it('scores between 0 and 1 whatever the texts', () => {
    fc.assert(
      fc.property(someTokens, fc.array(fc.nat(TOKENS - 1), { maxLength: 12 }), (question, text) => {
        const [score] = align(question, text).scores;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  it('never falls when a text gains tokens', () => {
    fc.assert(
      fc.property(someTokens, someTokens, someTokens, (question, text, more) => {
        const [before = 0, after = 0] = align(question, text, [...text, ...more]).scores;
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('is the weighted mean of each token’s best squared cosine', () => {
    fc.assert(
      fc.property(someTokens, someTokens, (question, text) => {
        const length = (token: number): number => Math.hypot(...sumOf([token]));
        const cosine = (a: number, b: number): number => {
          const [first, second] = [sumOf([a]), sumOf([b])];
          return (
            first.reduce((sum, value, at) => sum + value * (second[at] ?? 0), 0) /
            (length(a) * length(b))
          );
        };
        const distinct = [...new Set(question)];
        const total = distinct.reduce((sum, token) => sum + length(token), 0);
        const expected =
          distinct.reduce(
            (sum, token) =>
              sum +
              length(token) *
                Math.max(...text.map((other) => Math.max(0, cosine(token, other)) ** 2)),
            0,
          ) / total;
        expect(align(question, text).scores[0]).toBeCloseTo(expected, 4);
      }),
    );
  });

  it('compares a question with others, closely with the nearest', () => {
    fc.assert(
      fc.property(someTokens, fc.array(someTokens, { maxLength: 4 }), (question, others) => {
        const starts = [0];
        for (const other of others) starts.push((starts.at(-1) ?? 0) + other.length);
        const tokens = Uint32Array.from(others.flat());
        const alignment = new Alignment(new TokenSpace(table), question, [tokens]);
        const likenesses = alignment.likenesses({
          tokens,
          starts: Uint32Array.from(starts),
          lengths: Float32Array.from(others, (other) => Math.hypot(...sumOf(other))),
        });
        expect(likenesses).toHaveLength(others.length);
        for (const [at, { says, like }] of likenesses.entries()) {
          const other = others[at] ?? [];
          const { scores, cosines } = align(question, other);
          const cosine = Math.max(0, cosines[0] ?? 0);
          const best = Math.max(0, ...others.map((one) => align(question, one).cosines[0] ?? 0));
          if (Math.abs(cosine - 0.6 * best) < 1e-4) continue;
          if (cosine < 0.6 * best || cosine === 0) {
            expect(like).toBeCloseTo(cosine / 2, 4);
            continue;
          }
          expect(says).toBeCloseTo(scores[0] ?? 0, 4);
          expect(like).toBeLessThanOrEqual(1 + 1e-4);
          // The other way round, every token counts as often as it stands there.
          const back = other.reduce(
            (sum, token) =>
              sum + (align([token], question).scores[0] ?? 0) * Math.hypot(...sumOf([token])),
            0,
          );
          const total = other.reduce((sum, token) => sum + Math.hypot(...sumOf([token])), 0);
          const mutual = Math.sqrt(((scores[0] ?? 0) * back) / total);
          expect(like).toBeCloseTo((mutual + cosine) / 2, 3);
        }
      }),
    );
  });

  it('leaves the largest hole where a token is met least', () => {
    const question = [1, 2];
    const text = Uint32Array.of(1);
    const alignment = new Alignment(new TokenSpace(table), question, [text]);
    const best = alignment.none();
    const lengths = question.map((token) => Math.hypot(...sumOf([token])));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    expect(alignment.hole(best)).toBeCloseTo(Math.max(...lengths) / total, 4);
    alignment.raise(best, text);
    expect(alignment.hole(best)).toBeLessThanOrEqual((lengths[1] ?? 0) / total);
  });

  it('does not depend on which other texts are scored', () => {
    fc.assert(
      fc.property(someTokens, someTokens, someTokens, (question, text, other) => {
        expect(align(question, text).scores[0]).toBe(align(question, other, text).scores[1]);
      }),
    );
  });

  it('scores 0 for an empty question, an empty text and tokens without a vector', () => {
    expect(align([], [1]).scores).toEqual([0]);
    expect(align([1], []).scores).toEqual([0]);
    expect(align([0], [0, 1]).scores).toEqual([0]);
    expect(align([1], []).cosines).toEqual([0]);
  });
});
