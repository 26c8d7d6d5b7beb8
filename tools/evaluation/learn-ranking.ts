import { type LogisticModel, observed } from '../../src/answer/verdict.ts';
import { gatherEvidence, type Evidence } from '../../src/answer/evidence.ts';
import { focusOf } from '../../src/answer/answer.ts';
import { itineraryOf } from '../../src/engine.ts';
import type { Embedder } from '../../src/embedding/model.ts';
import {
  EXPECTED_WEIGHT,
  FEATURE_NAMES,
  SENTENCE_FEATURES,
  type Features,
  type SentenceWeights,
} from '../../src/search/features.ts';
import {
  LEARNED_WEIGHTS,
  readFirst,
  scoreOf,
  search,
  type RankingWeights,
  type SearchResult,
  type Stage,
  type Weights,
} from '../../src/search/search.ts';
import { fitLogistic, fitRanking, type RankingExample } from './fit.ts';
import { isAnswer, type EvaluationQuestion } from './questions.ts';
import type { TestBed } from './test-beds.ts';

/** A question with its candidates, to learn from or to measure by. */
export interface SearchedQuestion {
  readonly bed: TestBed;
  readonly question: EvaluationQuestion;
  readonly result: SearchResult;
  /** Ordinals of the candidates that hold the answer. */
  readonly right: ReadonlySet<number>;
  readonly weight: number;
}

/** `stage`: `read` reads the first passages of every question, not only where doubt is left. */
export async function searchQuestions(
  bed: TestBed,
  embedder: Embedder,
  options: {
    readonly weight: number;
    readonly stage?: Stage;
    readonly sentenceWeights?: SentenceWeights | undefined;
    /** By which the passages to read are found. */
    readonly found?: Weights | undefined;
  },
): Promise<SearchedQuestion[]> {
  const {
    weight,
    stage = 'found',
    sentenceWeights,
    found: finding = LEARNED_WEIGHTS.found,
  } = options;
  const learned = LEARNED_WEIGHTS[stage];
  const weights = { ...learned, sentence: sentenceWeights ?? learned.sentence };
  const searched: SearchedQuestion[] = [];
  const itinerary = itineraryOf(bed.generation, bed.index);
  for (const question of bed.questions) {
    const reading = itinerary.read(question.question);
    const focus = focusOf(reading);
    const found = await search(reading.named, {
      index: bed.index,
      embedder,
      focus,
      weights: stage === 'found' ? weights : finding,
    });
    const read = stage === 'found' ? null : await readFirst(found, { embedder, weights });
    const result = read ?? found;
    const right = result.ranked.flatMap(({ ordinal }) => {
      const passage = bed.index.passages[ordinal];
      return passage !== undefined && isAnswer(question, passage) ? [ordinal] : [];
    });
    searched.push({ bed, question, result, right: new Set(right), weight });
  }
  return searched;
}

/** Which sentence of a right passage answers, learned from the pattern that the answer must match. */
export function learnSentences(searched: readonly SearchedQuestion[]): SentenceWeights {
  const examples = searched.flatMap(({ bed, question, result, right }): RankingExample[] =>
    result.ranked
      .filter(({ ordinal }) => right.has(ordinal))
      .map(({ ordinal, sentences }) => {
        const passage = bed.index.passages[ordinal];
        return {
          candidates: sentences.map((match) => SENTENCE_FEATURES.map((name) => match[name])),
          right: sentences.map(({ at }) => {
            const span = passage?.sentences[at];
            const text = span ? passage.text.slice(span.start, span.end) : '';
            return isAnswer(question, { documentId: passage?.documentId ?? '', text });
          }),
          weight: 1 / right.size,
        };
      }),
  );
  const weights = fitRanking(examples, SENTENCE_FEATURES.length);
  // Scaled to a sum of 1, so that a score means a share and a threshold on it stays readable.
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  return record(
    SENTENCE_FEATURES,
    weights.map((weight) => weight / sum),
  );
}

/** Features that a stage learns weights of. Whether a passage has what is asked for, reading tells better than its figures. */
export const RANKED_BY: Readonly<Record<Stage, readonly (keyof Features)[]>> = {
  found: FEATURE_NAMES.filter((name) => name !== 'expected' && name !== 'reading'),
  read: FEATURE_NAMES.filter((name) => name !== 'expected' && name !== 'figure'),
};

/** Weights of the features named; the others get 0. */
export function learnRanking(
  searched: readonly SearchedQuestion[],
  names: readonly (keyof Features)[] = RANKED_BY.read,
): RankingWeights {
  const examples = searched
    .filter(({ question }) => question.class === 'answerable')
    .map(({ result, right, weight }): RankingExample => ({
      candidates: result.ranked.map(({ features }) => names.map((name) => features[name])),
      right: result.ranked.map(({ ordinal }) => right.has(ordinal)),
      weight,
    }));
  const weights = fitRanking(examples, names.length);
  const learned = new Map(names.map((name, i) => [name, weights[i] ?? 0]));
  return record(
    FEATURE_NAMES,
    FEATURE_NAMES.map((name) => learned.get(name) ?? (name === 'expected' ? EXPECTED_WEIGHT : 0)),
  );
}

/** What the verdict is learned from: the evidence for the first passage, and whether that passage is right. */
export interface Trial {
  readonly evidence: Evidence;
  readonly class: EvaluationQuestion['class'];
  readonly foreign: boolean;
  readonly right: boolean;
  readonly weight: number;
}

/** Ranks a question's candidates again by the weights given. */
export function reorder(
  { result }: SearchedQuestion,
  weights: RankingWeights,
): SearchResult['ranked'] {
  return result.ranked
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate.features, weights) }))
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
}

export function tryOut(one: SearchedQuestion, weights: RankingWeights): Trial[] {
  const { question, result, right, weight } = one;
  const ranked = reorder(one, weights);
  const findings = gatherEvidence({ ...result, ranked });
  const [first] = ranked;
  if (findings === null || first === undefined) return [];
  const { evidence, foreign } = findings;
  return [{ evidence, foreign, class: question.class, right: right.has(first.ordinal), weight }];
}

export function learnModel(
  trials: readonly Trial[],
  names: readonly (keyof Evidence)[],
  truthOf: (trial: Trial) => boolean,
): LogisticModel {
  const examples = trials.map((trial) => ({
    features: names.map((name) => observed(trial.evidence, name)),
    truth: truthOf(trial),
    weight: trial.weight,
  }));
  const { intercept, weights } = fitLogistic(examples, names.length);
  return { intercept: round(intercept), weights: record(names, weights) };
}

function record<Name extends string>(
  names: readonly Name[],
  values: readonly number[],
): Record<Name, number> {
  return Object.fromEntries(names.map((name, i) => [name, round(values[i] ?? 0)])) as Record<
    Name,
    number
  >;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
