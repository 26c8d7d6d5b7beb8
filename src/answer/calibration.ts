import learned from './calibration.json' with { type: 'json' };
import type { Evidence } from './evidence.ts';

/** A logistic model over the evidence. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Readonly<Record<keyof Evidence, number>>;
}

/** Probability that the first excerpt holds the answer. All of these: see calibration.json for the command. */
export const HOLDS_ANSWER: LogisticModel = learned.holdsAnswer;

/** Probability that the question is about what the documents are about. */
export const ON_TOPIC: LogisticModel = learned.onTopic;

/** From this probability on that the excerpt holds the answer, the verdict is `answered`. */
export const ANSWERED_FROM: number = learned.answeredFrom;

/** Below this probability of being on topic, the verdict is `not_found`. */
export const FOUND_FROM: number = learned.foundFrom;
