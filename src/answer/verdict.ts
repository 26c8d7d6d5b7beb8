import { BY_ALL, BY_VECTORS, type LogisticModel } from './calibration.ts';
import { EVIDENCE_NAMES, type Evidence, type Findings } from './evidence.ts';
import type { Doubt, Verdict } from './types.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** Probability that the first excerpt holds the answer. */
  readonly confidence: number;
  readonly doubt: Doubt | null;
}

const SINGLE_WORD_CONFIDENCE = BY_ALL.answeredFrom - 0.01;

/** Weighs the evidence. Without any (no passage at all) nothing was found. */
export function judge(findings: Findings | null): Judgement {
  if (findings === null) {
    return { verdict: 'not_found', confidence: 0, doubt: { kind: 'unrelated' } };
  }
  const { evidence, foreign, isBareName, isSingleWord } = findings;
  const { holdsAnswer, onTopic, answeredFrom, foundFrom } = foreign ? BY_VECTORS : BY_ALL;
  // A single word that is no name ("bot", "friend") is near to some sentence of every corpus: never enough to be sure.
  const most = isSingleWord && !foreign ? SINGLE_WORD_CONFIDENCE : 1;
  const confidence = Math.min(most, probability(holdsAnswer, evidence));
  const isUnknownWord = isSingleWord && !foreign && evidence.unmatched === 1;
  if (probability(onTopic, evidence) < foundFrom || isUnknownWord) {
    return { verdict: 'not_found', confidence, doubt: doubtOf(findings, true) };
  }
  if (isBareName && confidence < answeredFrom) {
    return { verdict: 'answered', confidence: answeredFrom, doubt: null };
  }
  if (confidence < answeredFrom) {
    return { verdict: 'weak', confidence, doubt: doubtOf(findings, false) };
  }
  return { verdict: 'answered', confidence, doubt: null };
}

/**
 * Evidence enters by its square root: the step from nothing to something tells more than the one from much to more.
 */
export function observed(evidence: Evidence, name: keyof Evidence): number {
  return Math.sqrt(evidence[name]);
}

export function probability(model: LogisticModel, evidence: Evidence): number {
  const sum = EVIDENCE_NAMES.reduce(
    (total, name) => total + (model.weights[name] ?? 0) * observed(evidence, name),
    model.intercept,
  );
  return 1 / (1 + Math.exp(-sum));
}

/** The plainest thing there is to say, in order of how much it tells. */
function doubtOf(
  { evidence, unmentioned, apart, kindMissing }: Findings,
  unrelated: boolean,
): Doubt {
  const isUnmentioned = unmentioned.length > 0;
  if (isUnmentioned && evidence.unmatchedNames > 0) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (isUnmentioned && evidence.unmatched >= 0.25) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (unrelated) return { kind: 'unrelated' };
  if (apart.length > 0) return { kind: 'apart', names: apart };
  if (kindMissing !== null) return { kind: 'kind', asked: kindMissing };
  return { kind: 'vague' };
}
