import { EVIDENCE_NAMES, gatherEvidence, type Evidence } from '../answer/evidence.ts';
import type { LogisticModel } from '../answer/calibration.ts';
import { observed } from '../answer/verdict.ts';
import type { Embedder } from '../embedding/types.ts';
import { FEATURE_NAMES, type Features } from '../search/features.ts';
import { search, type RankingWeights, type SearchResult } from '../search/search.ts';
import { SENTENCE_FEATURES, type SentenceWeights } from '../search/sentence-match.ts';
import type { TestBed } from './indexes.ts';
import { learnLogistic, learnRanking, type BinaryExample, type RankingExample } from './learn.ts';
import { isAnswer, type EvaluationQuestion } from './questions.ts';

/** A question with its candidates. */
export interface Lesson {
  readonly bed: TestBed;
  readonly question: EvaluationQuestion;
  readonly result: SearchResult;
  /** Ordinals of the candidates that hold the answer. */
  readonly right: ReadonlySet<number>;
  readonly weight: number;
}

export async function prepareLessons(
  bed: TestBed,
  embedder: Embedder,
  options: { readonly weight: number; readonly sentenceWeights?: SentenceWeights },
): Promise<Lesson[]> {
  const lessons: Lesson[] = [];
  for (const question of bed.questions) {
    const { weight, ...weights } = options;
    const result = await search(question.question, { index: bed.index, embedder, ...weights });
    const right = result.ranked.flatMap(({ ordinal }) => {
      const passage = bed.index.passages[ordinal];
      return passage !== undefined && isAnswer(question, passage) ? [ordinal] : [];
    });
    lessons.push({ bed, question, result, right: new Set(right), weight });
  }
  return lessons;
}

/** Which sentence of a right passage is the answer: taught by the pattern that the answer must match. */
export function teachSentences(lessons: readonly Lesson[]): SentenceWeights {
  const examples = lessons.flatMap(({ bed, question, result, right }): RankingExample[] =>
    result.ranked
      .filter(({ ordinal }) => right.has(ordinal))
      .map(({ ordinal, sentences }) => {
        const passage = bed.index.passages[ordinal];
        return {
          candidates: sentences.map((match) => SENTENCE_FEATURES.map((name) => match[name])),
          right: sentences.map(({ at }) => {
            const span = passage?.sentences[at];
            const text =
              span === undefined ? '' : (passage?.text.slice(span.start, span.end) ?? '');
            return isAnswer(question, { documentId: passage?.documentId ?? '', text });
          }),
          weight: 1 / right.size,
        };
      }),
  );
  const weights = learnRanking(examples, SENTENCE_FEATURES.length);
  // Scaled to a sum of 1, so that a score means a share and a threshold on it stays readable.
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  return record(
    SENTENCE_FEATURES,
    weights.map((weight) => weight / sum),
  );
}

export function teachRanking(lessons: readonly Lesson[]): RankingWeights {
  const examples = lessons
    .filter(({ question }) => question.class === 'answerable')
    .map(({ result, right, weight }): RankingExample => ({
      candidates: result.ranked.map(({ features }) => FEATURE_NAMES.map((name) => features[name])),
      right: result.ranked.map(({ ordinal }) => right.has(ordinal)),
      weight,
    }));
  return record(FEATURE_NAMES, learnRanking(examples, FEATURE_NAMES.length)) satisfies Features;
}

/** What the verdict is taught from: the evidence for the first passage, and whether that passage is right. */
export interface Trial {
  readonly evidence: Evidence;
  readonly class: EvaluationQuestion['class'];
  readonly right: boolean;
  readonly weight: number;
}

/** Ranks a question's candidates anew by the weights given. */
export function tryOut(
  { bed, question, result, right, weight }: Lesson,
  weights: RankingWeights,
): Trial[] {
  const ranked = result.ranked
    .map((candidate) => ({
      ...candidate,
      score: FEATURE_NAMES.reduce((sum, name) => sum + weights[name] * candidate.features[name], 0),
    }))
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
  const findings = gatherEvidence(bed.index, { ...result, ranked });
  const [first] = ranked;
  if (findings === null || first === undefined) return [];
  return [
    { evidence: findings.evidence, class: question.class, right: right.has(first.ordinal), weight },
  ];
}

export function teachModel(
  trials: readonly Trial[],
  truthOf: (trial: Trial) => boolean,
): LogisticModel {
  const examples = trials.map((trial): BinaryExample => ({
    features: observed(trial.evidence),
    truth: truthOf(trial),
    weight: trial.weight,
  }));
  const { intercept, weights } = learnLogistic(examples, EVIDENCE_NAMES.length);
  return { intercept: round(intercept), weights: record(EVIDENCE_NAMES, weights) };
}

function record<Name extends string>(
  names: readonly Name[],
  values: readonly number[],
): Record<Name, number> {
  return Object.fromEntries(names.map((name, at) => [name, round(values[at] ?? 0)])) as Record<
    Name,
    number
  >;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
