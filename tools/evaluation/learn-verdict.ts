import {
  type Calibration,
  type Calibrations,
  type LogisticModel,
  probability,
} from '../../src/answer/verdict.ts';
import type { Features } from '../../src/search/features.ts';
import type { Stage } from '../../src/search/search.ts';
import { EVIDENCE_NAMES, CROSS_SCRIPT_EVIDENCE, type Evidence } from '../../src/answer/evidence.ts';
import {
  learnModel,
  learnRanking,
  RANKED_BY,
  tryOut,
  type SearchedQuestion,
  type Trial,
} from './learn-ranking.ts';
import { mean } from './metrics.ts';

const FOLDS = 6;

/** Near-topic questions that may be called answered, and answerable ones that may be refused, when learning. */
export const NEAR_TOPIC_ANSWERED = 0.1;
const ANSWERABLE_REFUSED = 0.005;

/** Of answerable questions in another script. About plain files, whose names are known in no other script, more are. */
const FOREIGN_REFUSED = 0.02;

/** Questions in another script are few: so many times as much as the others they count in their model. */
const FOREIGN_WEIGHT = 5;

/**
 * Evidence for first passages of rankings that were learned from other questions: from its own questions a ranking would
 * look better than it is.
 */
export function crossValidated(
  searched: readonly SearchedQuestion[],
  names: readonly (keyof Features)[] = RANKED_BY.read,
): Trial[] {
  return Array.from({ length: FOLDS }, (_, fold) => {
    const others = searched.filter((one) => foldOf(one) !== fold);
    const weights = learnRanking(others, names);
    return searched.filter((one) => foldOf(one) === fold).flatMap((one) => tryOut(one, weights));
  }).flat();
}

/** A question stays in one fold, whatever the corpus that it is put to. */
function foldOf({ question }: SearchedQuestion): number {
  return Number(question.id.replace(/\D/g, '')) % FOLDS;
}

/**
 * Models are trained on trials of less weight too, but thresholds are set without them: bare corpora have many more
 * near-topic questions than people ask, and no names in Japanese.
 */
const isMeasured = ({ weight }: Trial): boolean => weight >= 1;

/** Before anything is read, there is no evidence from reading; after, it tells what figures would. */
export function calibrate(trials: readonly Trial[], stage: Stage): Calibrations {
  const left = stage === 'found' ? 'reading' : 'figureMissing';
  const known = <Name extends keyof Evidence>(names: readonly Name[]): Name[] =>
    names.filter((name) => name !== left);
  return {
    byAll: calibrateByAll(trials, known(EVIDENCE_NAMES)),
    acrossScripts: calibrateAcrossScripts(trials, known(CROSS_SCRIPT_EVIDENCE)),
  };
}

/** For questions that share a script with the documents. */
export function calibrateByAll(
  trials: readonly Trial[],
  names: readonly (keyof Evidence)[] = EVIDENCE_NAMES,
): Calibration {
  const own = trials.filter(({ foreign }) => !foreign);
  const models = { holdsAnswer: learnHolding(own, names), onTopic: learnTopic(own, names) };
  return { ...models, ...thresholds(models, own.filter(isMeasured), ANSWERABLE_REFUSED) };
}

/** For questions in another script. Whether a passage answers, those of the documents' script are trained on too. */
export function calibrateAcrossScripts(
  trials: readonly Trial[],
  names: readonly (keyof Evidence)[] = CROSS_SCRIPT_EVIDENCE,
): Calibration {
  const weighted = trials.map((trial) =>
    trial.foreign ? { ...trial, weight: trial.weight * FOREIGN_WEIGHT } : trial,
  );
  const foreign = trials.filter((trial) => trial.foreign);
  const models = {
    holdsAnswer: shifted(learnHolding(weighted, names), foreign),
    onTopic: learnTopic(foreign, names),
  };
  return { ...models, ...thresholds(models, foreign.filter(isMeasured), FOREIGN_REFUSED) };
}

/** Intercepts are searched in this many halvings of -20 to 20: to three places. */
const HALVINGS = 16;

/**
 * The model with the intercept by which its mean probability on these trials is the share of them that are right. Vectors of
 * texts in two scripts are farther apart, so that the value of the other trials is too low.
 */
function shifted(model: LogisticModel, trials: readonly Trial[]): LogisticModel {
  const right = mean(trials.map((trial) => Number(trial.right)));
  let [low, high] = [-20, 20];
  for (let step = 0; step < HALVINGS; step++) {
    const intercept = (low + high) / 2;
    const expected = mean(
      trials.map(({ evidence }) => probability({ ...model, intercept }, evidence)),
    );
    if (expected < right) low = intercept;
    else high = intercept;
  }
  return { ...model, intercept: Math.round(low * 1000) / 1000 };
}

function learnHolding(trials: readonly Trial[], names: readonly (keyof Evidence)[]): LogisticModel {
  // Whom a question is about identifies small talk, not whether a passage answers.
  const ofPassage = names.filter((name) => name !== 'aboutAsker');
  return learnModel(trials, ofPassage, (trial) => trial.right);
}

function learnTopic(trials: readonly Trial[], names: readonly (keyof Evidence)[]): LogisticModel {
  return learnModel(
    trials.filter((trial) => trial.class === 'answerable' || trial.class === 'off_topic'),
    names,
    (trial) => trial.class === 'answerable',
  );
}

/** As many near-topic questions are called answered, and as many answerable ones refused, as is allowed. */
function thresholds(
  { holdsAnswer, onTopic }: Pick<Calibration, 'holdsAnswer' | 'onTopic'>,
  trials: readonly Trial[],
  refused: number,
): Pick<Calibration, 'answeredFrom' | 'foundFrom'> {
  const chances = (model: LogisticModel, classes: readonly Trial['class'][]): Weighted[] =>
    trials
      .filter((trial) => classes.includes(trial.class))
      .map(({ evidence, weight }) => [probability(model, evidence), weight]);
  return {
    answeredFrom: quantile(
      chances(holdsAnswer, ['near_topic', 'false_premise']),
      1 - NEAR_TOPIC_ANSWERED,
    ),
    foundFrom: quantile(chances(onTopic, ['answerable']), refused),
  };
}

/** Shares of verdicts by class, a line each. */
export function describeVerdicts(
  trials: readonly Trial[],
  { holdsAnswer, onTopic, answeredFrom, foundFrom }: Calibration,
): string[] {
  const classes = [...new Set(trials.map((trial) => trial.class))];
  return classes.map((name) => {
    const own = trials.filter((trial) => trial.class === name);
    const refused = own.map(({ evidence }) => probability(onTopic, evidence) < foundFrom);
    const answered = own.map(
      ({ evidence }, i) => !refused[i] && probability(holdsAnswer, evidence) >= answeredFrom,
    );
    const right = own.filter((_, i) => answered[i]).map((trial) => Number(trial.right));
    const share = (flags: readonly boolean[]): string => mean(flags.map(Number)).toFixed(3);
    return (
      `${name} (${own.length}): answered ${share(answered)}, refused ${share(refused)}` +
      (name === 'answerable' ? `, right where answered ${mean(right).toFixed(3)}` : '')
    );
  });
}

type Weighted = readonly [value: number, weight: number];

/** The value that at most the share `p` of the weight lies below, cut to three places. */
function quantile(values: readonly Weighted[], p: number): number {
  const sorted = values.toSorted(([a], [b]) => a - b);
  const allowed = p * sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let below = 0;
  const found = sorted.find(([, weight]) => (below += weight) > allowed) ?? sorted.at(-1);
  return Math.floor((found?.[0] ?? 0) * 1000) / 1000;
}
