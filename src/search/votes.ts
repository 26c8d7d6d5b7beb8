import type { SentenceMatch } from './sentence-match.ts';

/** Difference in likeness at which a vote weighs e times less. */
const VOTE_TEMPERATURE = 0.05;

/** The likeness that weighs as much as there being no expected question for what is asked. */
const NO_LIKENESS = 0.5;

/**
 * The nearest expected questions vote for the passages that they belong to: k nearest neighbours, softly.
 *
 * Sentences vote with the likeness of their expected questions (a softmax over them and over
 * "none of these").
 */
export class Votes {
  readonly #total: number;
  /** The share of "none of these". */
  readonly none: number;

  constructor(sentences: readonly SentenceMatch[]) {
    this.#total = weightOf(NO_LIKENESS) + sum(sentences);
    this.none = weightOf(NO_LIKENESS) / this.#total;
  }

  of(sentences: readonly SentenceMatch[]): number {
    return sum(sentences) / this.#total;
  }
}

function sum(sentences: readonly SentenceMatch[]): number {
  return sentences.reduce(
    (total, { expected }) => total + (expected > 0 ? weightOf(expected) : 0),
    0,
  );
}

function weightOf(likeness: number): number {
  return Math.exp((likeness - 1) / VOTE_TEMPERATURE);
}

/** 0 for an empty list. */
export function upperTenth(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => b - a);
  return sorted[Math.floor(sorted.length / 10)] ?? 0;
}
