import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SentenceMatch } from '../../src/search/sentence-match.ts';
import { upperTenth, Votes } from '../../src/search/votes.ts';

const sentence = (expected: number): SentenceMatch => ({ expected }) as SentenceMatch;
const passages = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }), {
  maxLength: 5,
});

describe('Votes', () => {
  it('are shares: those of all passages and of none of them make 1', () => {
    fc.assert(
      fc.property(passages, (likenesses) => {
        const some = likenesses.map((passage) => passage.map(sentence));
        const votes = new Votes(some.flat());
        const shares = some.map((sentences) => votes.of(sentences));
        for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        expect(shares.reduce((sum, share) => sum + share, votes.none)).toBeCloseTo(1);
      }),
    );
  });

  it('go to the likest by far, and to nobody where nothing is alike', () => {
    const [near, far] = [[sentence(0.95)], [sentence(0.6), sentence(0.5)]];
    expect(new Votes([...near, ...far]).of(near)).toBeGreaterThan(0.99);
    expect(new Votes([sentence(0.2)]).none).toBeGreaterThan(0.99);
    expect(new Votes([]).none).toBe(1);
  });

  it('count a sentence without an expected question for nothing', () => {
    expect(new Votes([sentence(0), sentence(0.9)]).of([sentence(0)])).toBe(0);
  });
});

describe('upperTenth', () => {
  it('is the value that a tenth of the values reach', () => {
    const values = Array.from({ length: 30 }, (_, at) => at / 30);
    expect(upperTenth(values)).toBeCloseTo(26 / 30);
    expect(values.filter((value) => value > upperTenth(values))).toHaveLength(3);
    expect(upperTenth([0.4])).toBe(0.4);
    expect(upperTenth([])).toBe(0);
  });
});
