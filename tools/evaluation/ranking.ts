import { EVIDENCE_NAMES, type Evidence } from '../../src/answer/evidence.ts';
import { probability } from '../../src/answer/verdict.ts';
import { FEATURE_NAMES, type Features } from '../../src/search/features.ts';
import { LEARNED_WEIGHTS, type RankingWeights } from '../../src/search/search.ts';
import { calibrateByAll, crossValidated } from './learn-verdict.ts';
import { learnRanking, reorder, tryOut, type SearchedQuestion } from './learn-ranking.ts';
import { mean, rankingFigures, type RankingFigures } from './metrics.ts';

const only = (features: Partial<Features>): RankingWeights =>
  Object.fromEntries(
    FEATURE_NAMES.map((name) => [name, features[name] ?? 0]),
  ) as unknown as Features;

/** The ways of ranking that are compared: each part alone, plain fusions, and all features together. */
export const METHODS: Readonly<Record<string, RankingWeights>> = {
  'BM25 with related words': only({ lexicalShare: 1 }),
  'best sentence vector': only({ sentence: 1 }),
  'learned weights': LEARNED_WEIGHTS.found.ranking,
};

/**
 * Figures of rankings by some weights. Passages, not excerpts: nothing is joined, grouped or refused here. Only
 * questions that some passage answers count.
 */
export function figuresOf(
  searched: readonly SearchedQuestion[],
  weights: RankingWeights,
): RankingFigures {
  return rankingFigures(
    searched
      .filter(({ question }) => question.class === 'answerable' && question.gold.length > 0)
      .map((one) => {
        const first = reorder(one, weights).findIndex(({ ordinal }) => one.right.has(ordinal));
        return first < 0 ? null : first + 1;
      }),
  );
}

/** Weights learned with each feature left out in turn, and with all of them. */
export function relearned(training: readonly SearchedQuestion[]): Record<string, RankingWeights> {
  return Object.fromEntries([
    ['all features', learnRanking(training)],
    ...FEATURE_NAMES.filter((name) => name !== 'expected').map((left) => [
      `without ${left}`,
      learnRanking(
        training,
        FEATURE_NAMES.filter((name) => name !== left && name !== 'expected'),
      ),
    ]),
  ]) as Record<string, RankingWeights>;
}

/** How well the evidence tells right first passages from others and, of these, on-topic questions. */
export interface EvidenceRow {
  readonly name: string;
  /** Area under the ROC curve: right first passage or not, over all questions. */
  readonly holdsAnswer: number;
  /** The same: answerable or off topic. */
  readonly onTopic: number;
}

/** The verdict learned with each piece of evidence left out in turn; measured on other questions. */
export function relearnedVerdicts(
  training: readonly SearchedQuestion[],
  measured: readonly SearchedQuestion[],
): EvidenceRow[] {
  const taught = crossValidated(training);
  const trials = measured
    .flatMap((one) => tryOut(one, learnRanking(training)))
    .filter(({ foreign }) => !foreign);
  const row = (name: string, names: readonly (keyof Evidence)[]): EvidenceRow => {
    const { holdsAnswer, onTopic } = calibrateByAll(taught, names);
    const chance = (model: typeof onTopic) =>
      trials.map((trial) => probability(model, trial.evidence));
    const topical = trials.filter(({ class: c }) => c === 'answerable' || c === 'off_topic');
    return {
      name,
      holdsAnswer: areaUnderCurve(
        chance(holdsAnswer),
        trials.map(({ right }) => right),
      ),
      onTopic: areaUnderCurve(
        topical.map((trial) => probability(onTopic, trial.evidence)),
        topical.map((trial) => trial.class === 'answerable'),
      ),
    };
  };
  return [
    row('all evidence', EVIDENCE_NAMES),
    ...EVIDENCE_NAMES.map((left) =>
      row(
        `without ${left}`,
        EVIDENCE_NAMES.filter((name) => name !== left),
      ),
    ),
  ];
}

/** The share of pairs of a true and a false case in which the true one scores higher; ties count half. */
export function areaUnderCurve(scores: readonly number[], truths: readonly boolean[]): number {
  const good = scores.filter((_, i) => truths[i]);
  const bad = scores.filter((_, i) => !truths[i]);
  return mean(good.flatMap((high) => bad.map((low) => (high > low ? 1 : high === low ? 0.5 : 0))));
}
