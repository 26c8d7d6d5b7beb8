import {
  ANSWERED_FROM,
  FOUND_FROM,
  HOLDS_ANSWER,
  ON_TOPIC,
  type LogisticModel,
} from './calibration.ts';
import { EVIDENCE_NAMES, type Evidence, type Findings } from './evidence.ts';
import type { Doubt, Verdict } from './types.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** Probability that the first excerpt holds the answer. */
  readonly confidence: number;
  readonly doubt: Doubt | null;
}

const MOST_FOR_ONE_WORD = ANSWERED_FROM - 0.01;

/** Weighs the evidence. Without any (no passage at all) nothing was found. */
export function judge(findings: Findings | null): Judgement {
  if (findings === null) {
    return { verdict: 'not_found', confidence: 0, doubt: { kind: 'unrelated' } };
  }
  const { lone, evidence } = findings;
  // A single word that is no name ("bot", "friend") is near to some sentence of every corpus: never enough to be sure.
  const most = lone ? MOST_FOR_ONE_WORD : 1;
  const confidence = Math.min(most, probability(HOLDS_ANSWER, evidence));
  const onTopic = probability(ON_TOPIC, evidence);
  if (onTopic < FOUND_FROM || (lone && evidence.unmatched === 1)) {
    return { verdict: 'not_found', confidence, doubt: doubtOf(findings, true) };
  }
  if (confidence < ANSWERED_FROM) {
    return { verdict: 'weak', confidence, doubt: doubtOf(findings, false) };
  }
  return { verdict: 'answered', confidence, doubt: null };
}

/**
 * Shares enter by their square roots: the step from nothing to something tells more than the one from much to more.
 */
export function observed(evidence: Evidence): number[] {
  return EVIDENCE_NAMES.map((name) => Math.sqrt(evidence[name]));
}

export function probability(model: LogisticModel, evidence: Evidence): number {
  const values = observed(evidence);
  const sum = EVIDENCE_NAMES.reduce(
    (total, name, at) => total + model.weights[name] * (values[at] ?? 0),
    model.intercept,
  );
  return 1 / (1 + Math.exp(-sum));
}

/** The plainest thing there is to say, in order of how much it tells. */
function doubtOf(
  { evidence, unmentioned, apart, kindMissing, otherScript }: Findings,
  unrelated: boolean,
): Doubt {
  const isUnmentioned = unmentioned.length > 0;
  if (otherScript) return { kind: 'script' };
  if (isUnmentioned && evidence.unmatchedNames > 0) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (unrelated) return { kind: 'unrelated' };
  if (isUnmentioned && evidence.unmatched >= 0.25) {
    return { kind: 'unmentioned', names: unmentioned };
  }
  if (apart.length > 0) return { kind: 'apart', names: apart };
  if (kindMissing !== null) return { kind: 'kind', asked: kindMissing };
  return { kind: 'vague' };
}
