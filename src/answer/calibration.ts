import type { Evidence } from './evidence.ts';

/** A logistic model over the evidence. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Readonly<Record<keyof Evidence, number>>;
}

/** Probability that the first excerpt holds the answer. */
export const HOLDS_ANSWER: LogisticModel = {
  intercept: -4,
  weights: {
    coverage: 2,
    alignment: 3,
    dense: 3,
    sentenceCoverage: 1,
    sentenceAlignment: 1,
    sentenceDense: 1,
    unmatched: -3,
    unmatchedNames: -4,
    apart: -3,
    kindMissing: -1,
    length: 0,
  },
};

/** Probability that the question is about what the documents are about. */
export const ON_TOPIC: LogisticModel = {
  intercept: -5,
  weights: {
    coverage: 4,
    alignment: 5,
    dense: 5,
    sentenceCoverage: 0,
    sentenceAlignment: 0,
    sentenceDense: 0,
    unmatched: -2,
    unmatchedNames: 0,
    apart: 0,
    kindMissing: 0,
    length: 0,
  },
};

/** From this probability on that the excerpt holds the answer, the verdict is `answered`. */
export const ANSWERED_FROM = 0.5;

/** Below this probability of being on topic, the verdict is `not_found`. */
export const FOUND_FROM = 0.3;
