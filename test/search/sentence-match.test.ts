import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import type { AnswerKind } from '../../src/language/answer-kinds.ts';
import { Coverage } from '../../src/search/coverage.ts';
import type { Query, QueryTerm } from '../../src/search/query.ts';
import {
  matchSentences,
  SENTENCE_FEATURES,
  type SentenceMatch,
  type SentenceWeights,
} from '../../src/search/sentence-match.ts';

const WEIGHTS = Object.fromEntries(
  SENTENCE_FEATURES.map((name, at) => [name, at + 1]),
) as unknown as SentenceWeights;

const unit = (terms: readonly number[]) => ({
  terms: Uint32Array.from(terms),
  tokens: new Uint32Array(),
  length: 0,
});

const SENTENCES = ['They met for 45 minutes.', 'Kuleba came too.', 'It rained in Kyiv.'];

/** Terms: 1 met, 2 Kuleba (a person), 3 Kyiv (a place), 4 rain. */
const TERMS = [[1], [2], [4, 3]];

function match(
  kind: AnswerKind | null,
  {
    asked = [1, 3],
    header = [3],
    names = { persons: new Set([2]), places: new Set([3]) },
  }: {
    readonly asked?: readonly number[];
    readonly header?: readonly number[];
    readonly names?: {
      readonly persons: ReadonlySet<number>;
      readonly places: ReadonlySet<number>;
    };
  } = {},
): SentenceMatch[] {
  const terms = asked.map((termId) => ({ termId, idf: 1, weight: 1 }) as unknown as QueryTerm);
  const query = { terms, kind } as unknown as Query;
  const text = SENTENCES.join(' ');
  const sentences = SENTENCES.map((sentence) => {
    const start = text.indexOf(sentence);
    return { start, end: start + sentence.length };
  });
  return matchSentences(
    { text, sentences } as unknown as Passage,
    { header: unit(header), sentences: TERMS.map(unit), expected: NONE_EXPECTED },
    {
      query,
      coverage: new Coverage(query),
      answerNames: names,
      alignment: null,
      weights: WEIGHTS,
    },
  );
}

const NONE_EXPECTED = {
  tokens: new Uint32Array(),
  starts: Uint32Array.of(0),
  lengths: new Float32Array(),
  sentences: new Uint32Array(),
};

describe('matchSentences', () => {
  it("gives each sentence its share of the question, and of what the passage's header leaves open", () => {
    const [first, second, third] = match(null);
    expect(first).toMatchObject({ at: 0, coverage: 0.5, restCoverage: 1 });
    expect(second).toMatchObject({ at: 1, coverage: 0, restCoverage: 0 });
    expect(third).toMatchObject({ at: 2, coverage: 0.5, restCoverage: 0 });
  });

  it('sees what kind of thing a sentence holds', () => {
    expect(match('duration').map(({ figure, name }) => [figure, name])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(match('person').map(({ figure, name }) => [figure, name])).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  it('takes no name that the question itself gives for the answer', () => {
    expect(match('place', { asked: [3] }).map(({ kind }) => kind)).toEqual([0, 0, 0]);
    expect(match('place', { asked: [1] }).map(({ kind }) => kind)).toEqual([0, 0, 1]);
  });

  it('goes by capital letters where the corpus tells no names', () => {
    const names = { persons: new Set<number>(), places: new Set<number>() };
    expect(match('place', { names }).map(({ kind }) => kind)).toEqual([0, 0, 1]);
  });

  it('holds neither for nor against a question of no certain kind', () => {
    for (const { kind, figure, name } of match(null)) {
      expect([kind, figure, name]).toEqual([0.5, 0, 0]);
    }
  });

  it('scores by the weighted sum of its features, as if no expected question weighed where there is none', () => {
    const total = SENTENCE_FEATURES.reduce((sum, name) => sum + WEIGHTS[name], 0);
    for (const sentence of match('duration')) {
      const sum = SENTENCE_FEATURES.reduce(
        (total, name) => total + WEIGHTS[name] * sentence[name],
        0,
      );
      expect(sentence.score).toBeCloseTo((sum * total) / (total - WEIGHTS.expected));
    }
  });
});
