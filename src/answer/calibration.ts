import learned from './calibration.json' with { type: 'json' };
import type { Evidence } from './evidence.ts';

/** A logistic model over pieces of evidence; those it does not name have no weight. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Readonly<Partial<Record<keyof Evidence, number>>>;
}

/** Models and thresholds for one kind of question. */
export interface Calibration {
  /** Probability that the first excerpt holds the answer. */
  readonly holdsAnswer: LogisticModel;
  /** Probability that the question is about what the documents are about. */
  readonly onTopic: LogisticModel;
  /** From this probability on that the excerpt holds the answer, the verdict is `answered`. */
  readonly answeredFrom: number;
  /** Below this probability of being on topic, the verdict is `not_found`. */
  readonly foundFrom: number;
}

/** For questions that share a script with the documents. Learned: calibration.json names the command. */
export const BY_ALL: Calibration = learned.byAll;

/** For questions in another script, which share no words with the documents. */
export const BY_VECTORS: Calibration = learned.byVectors;
