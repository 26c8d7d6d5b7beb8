import type { Answer, Verdict } from '../answer/types.ts';
import type { TestBed } from './indexes.ts';
import { mean, percentile, rankingMetrics } from './metrics.ts';
import { isAnswer, QUESTION_CLASSES, type EvaluationQuestion } from './questions.ts';

/** One question with what was answered. */
export interface Outcome {
  readonly question: EvaluationQuestion;
  readonly answer: Answer;
  /** Rank of the first excerpt that holds the answer, from 1; null for none. */
  readonly rank: number | null;
}

export interface AnswerReport {
  readonly hit1: number;
  readonly hit3: number;
  readonly mrr10: number;
  /** Share of the right first excerpts whose highlighted sentence holds the answer too. */
  readonly highlightRight: number;
  /** Share of each class's questions by verdict; NaN for classes without questions. */
  readonly verdicts: Readonly<
    Record<EvaluationQuestion['class'], Readonly<Record<Verdict, number>>>
  >;
  readonly reliability: readonly ReliabilityRow[];
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Of the answers with a confidence in this range: how many, their mean confidence, and how many were right. */
export interface ReliabilityRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly confidence: number;
  readonly right: number;
}

/** Asks every question as a user would, with ten excerpts. */
export async function askAll({ edition, questions }: TestBed): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const question of questions) {
    const answer = await edition.ask(question.question, { k: 10 });
    const at = answer.excerpts.findIndex((excerpt) =>
      isAnswer(question, { documentId: excerpt.document.id, text: excerpt.text }),
    );
    outcomes.push({ question, answer, rank: at < 0 ? null : at + 1 });
  }
  return outcomes;
}

export function reportAnswers(outcomes: readonly Outcome[]): AnswerReport {
  const answerable = outcomes.filter(({ question }) => question.class === 'answerable');
  const right = answerable.filter(({ rank }) => rank === 1);
  const times = outcomes.map(({ answer }) => answer.timing.totalMs);
  return {
    ...rankingMetrics(answerable.map(({ rank }) => rank)),
    highlightRight: mean(right.map((outcome) => Number(highlightHolds(outcome)))),
    verdicts: Object.fromEntries(
      QUESTION_CLASSES.map((name) => [
        name,
        verdictShares(outcomes.filter(({ question }) => question.class === name)),
      ]),
    ) as AnswerReport['verdicts'],
    reliability: reliabilityOf(outcomes),
    medianMs: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

function highlightHolds({ question, answer }: Outcome): boolean {
  const [first] = answer.excerpts;
  if (!first?.highlight) return false;
  const text = first.text.slice(...first.highlight);
  return isAnswer(question, { documentId: first.document.id, text });
}

function verdictShares(outcomes: readonly Outcome[]): Record<Verdict, number> {
  const share = (verdict: Verdict): number =>
    mean(outcomes.map(({ answer }) => Number(answer.verdict === verdict)));
  return { answered: share('answered'), weak: share('weak'), not_found: share('not_found') };
}

function reliabilityOf(outcomes: readonly Outcome[]): ReliabilityRow[] {
  const bounds = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return bounds.slice(1).map((to, at) => {
    const from = bounds[at] ?? 0;
    const inside = outcomes.filter(
      ({ answer: { confidence } }) => confidence >= from && (confidence < to || to === 1),
    );
    return {
      from,
      to,
      count: inside.length,
      confidence: mean(inside.map(({ answer }) => answer.confidence)),
      right: mean(inside.map(({ rank }) => Number(rank === 1))),
    };
  });
}
