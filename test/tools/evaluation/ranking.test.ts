import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPECTED_WEIGHT, FEATURE_NAMES, type Features } from '../../../src/search/features.ts';
import { LEARNED_WEIGHTS, type Ranked, type RankingWeights } from '../../../src/search/search.ts';
import {
  learnRanking,
  reorder,
  type SearchedQuestion,
} from '../../../tools/evaluation/learn-ranking.ts';
import type { EvaluationQuestion } from '../../../tools/evaluation/questions.ts';
import {
  areaUnderCurve,
  figuresOf,
  METHODS,
  relearned,
} from '../../../tools/evaluation/ranking.ts';

const weightsOf = (some: Partial<Features>): RankingWeights =>
  Object.fromEntries(FEATURE_NAMES.map((name) => [name, some[name] ?? 0])) as unknown as Features;

/** A question with these candidates, of which the one named holds the answer. */
function searchedQuestion(
  candidates: readonly Partial<Features>[],
  right: readonly number[],
  question: Partial<EvaluationQuestion> = {},
): SearchedQuestion {
  const ranked = candidates.map(
    (features, ordinal) => ({ ordinal, features: weightsOf(features) }) as unknown as Ranked,
  );
  return {
    question: {
      id: 'd1',
      question: 'who?',
      class: 'answerable',
      language: 'en',
      gold: [{ document: 'd', pattern: 'x' }],
      ...question,
    },
    result: { ranked },
    right: new Set(right),
    weight: 1,
  } as unknown as SearchedQuestion;
}

const BY_WORDS = weightsOf({ lexicalShare: 1 });
const ACROSS_SCRIPTS = weightsOf({ sentence: 1 });

describe('reorder', () => {
  it('puts the highest weighted sum first, ties by ordinal', () => {
    const asked = searchedQuestion(
      [{ lexicalShare: 0.2 }, { lexicalShare: 1 }, { lexicalShare: 0.2 }],
      [],
    );
    expect(reorder(asked, BY_WORDS).map(({ ordinal }) => ordinal)).toEqual([1, 0, 2]);
    expect(reorder(asked, BY_WORDS)[0]?.score).toBe(1);
    expect(reorder(asked, ACROSS_SCRIPTS).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2]);
  });
});

describe('figuresOf', () => {
  const candidates = [
    { lexicalShare: 1, sentence: 0 },
    { lexicalShare: 0.5, sentence: 1 },
    { lexicalShare: 0, sentence: 0.5 },
  ];

  it('ranks the same candidates by each of the weights', () => {
    const searched = [
      searchedQuestion(candidates, [0]),
      searchedQuestion(candidates, [2]),
      searchedQuestion(candidates, []),
    ];
    expect(figuresOf(searched, BY_WORDS)).toMatchObject({ count: 3, hit1: 1 / 3, hit3: 2 / 3 });
    expect(figuresOf(searched, ACROSS_SCRIPTS)).toMatchObject({ count: 3, hit1: 0, hit3: 2 / 3 });
  });

  it('counts the first of several right passages, and no question without gold or answer', () => {
    const searched = [
      searchedQuestion(candidates, [2, 1]),
      searchedQuestion(candidates, [], { gold: [] }),
      searchedQuestion(candidates, [], { class: 'near_topic' }),
      searchedQuestion(candidates, [], { class: 'false_premise', gold: [] }),
    ];
    expect(figuresOf(searched, BY_WORDS)).toMatchObject({ count: 1, hit1: 0, mrr10: 1 / 2 });
  });
});

describe('METHODS', () => {
  it('weigh every feature, the last as the program does', () => {
    for (const weights of Object.values(METHODS)) {
      expect(Object.keys(weights).sort()).toEqual([...FEATURE_NAMES].sort());
    }
    expect(Object.values(METHODS).at(-1)).toBe(LEARNED_WEIGHTS.found.ranking);
  });
});

describe('learnRanking', () => {
  const telling = [
    searchedQuestion([{ sentence: 1, lexicalShare: 1 }, { lexicalShare: 1 }], [0]),
    searchedQuestion([{ lexicalShare: 1 }, { sentence: 1, lexicalShare: 0.5 }], [1]),
  ];

  it('trusts what tells the right passage from the others', () => {
    const { sentence, lexicalShare } = learnRanking(telling);
    expect(sentence).toBeGreaterThan(1);
    expect(lexicalShare).toBeLessThan(sentence);
  });

  it('gives features that it may not use no weight, and unanswerable questions no say', () => {
    const none = learnRanking(telling, ['lexicalShare', 'figure']);
    expect(none.sentence).toBe(0);
    const misleading = searchedQuestion([{ sentence: 1 }, { lexicalShare: 1 }], [1], {
      class: 'near_topic',
    });
    expect(learnRanking([...telling, misleading])).toEqual(learnRanking(telling));
  });

  it('leaves the weight of expected questions as it is set, whatever it is learned from', () => {
    expect(learnRanking(telling).expected).toBe(EXPECTED_WEIGHT);
    expect(learnRanking([], []).expected).toBe(EXPECTED_WEIGHT);
  });

  it('is done for an ablation with each learned feature left out in turn', () => {
    const all = relearned(telling);
    const names = FEATURE_NAMES.filter((name) => name !== 'expected');
    expect(Object.keys(all)).toEqual(['all features', ...names.map((name) => `without ${name}`)]);
    for (const name of names) expect(all[`without ${name}`]?.[name]).toBe(0);
    expect(all['all features']).toEqual(learnRanking(telling));
  });
});

describe('areaUnderCurve', () => {
  const cases = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.boolean()), {
    minLength: 2,
    maxLength: 30,
  });

  it('is 1 where scores tell true from false, 0 where they tell the opposite, a half for no telling', () => {
    expect(areaUnderCurve([3, 2, 1], [true, true, false])).toBe(1);
    expect(areaUnderCurve([1, 2, 3], [true, true, false])).toBe(0);
    expect(areaUnderCurve([1, 1, 1, 1], [true, false, true, false])).toBe(0.5);
    expect(areaUnderCurve([3, 1, 2], [true, true, false])).toBe(0.5);
  });

  it('does not exist without a true or without a false case', () => {
    expect(areaUnderCurve([1, 2], [true, true])).toBeNaN();
    expect(areaUnderCurve([1, 2], [false, false])).toBeNaN();
    expect(areaUnderCurve([], [])).toBeNaN();
  });

  it('goes by the order of the scores alone, and turns about with them', () => {
    fc.assert(
      fc.property(cases, (pairs) => {
        const truths = pairs.map(([, truth]) => truth);
        fc.pre(truths.includes(true) && truths.includes(false));
        const scores = pairs.map(([score]) => score);
        const area = areaUnderCurve(scores, truths);
        expect(area).toBeGreaterThanOrEqual(0);
        expect(area).toBeLessThanOrEqual(1);
        const stretched = scores.map((score) => Math.exp(score) + 3);
        expect(areaUnderCurve(stretched, truths)).toBeCloseTo(area, 9);
        const opposite = scores.map((score) => -score);
        expect(areaUnderCurve(opposite, truths)).toBeCloseTo(1 - area, 9);
      }),
    );
  });
});
