import type { Answer, Verdict } from '../../src/answer/types.ts';
import { mean, percentile, rankingFigures, type RankingFigures } from './metrics.ts';
import { isAnswer, QUESTION_CLASSES, type EvaluationQuestion } from './questions.ts';
import type { TestBed } from './test-beds.ts';

/** One question with what was answered. */
export interface Outcome {
  readonly question: EvaluationQuestion;
  readonly answer: Answer;
  /** Rank of the first excerpt that holds the answer, from 1; null for none. */
  readonly rank: number | null;
}

/** Of the answers with a confidence in this range: how many, their mean confidence, and how many were right. */
interface ReliabilityRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly confidence: number;
  readonly right: number;
}

/** Questions that the itinerary answers, and those of them that it answered so. */
interface ListingRow {
  readonly name: string;
  readonly count: number;
  readonly right: number;
}

export interface AnswerReport extends RankingFigures {
  /** Share of the right first excerpts whose highlighted sentence holds the answer too. */
  readonly highlightRight: number;
  /** Of the answerable questions with the verdict `answered`, the share whose first excerpt is right. */
  readonly rightWhereAnswered: number;
  /** Figures of the answerable questions by kind and by language, where questions tell them. */
  readonly kinds: Readonly<Record<string, RankingFigures>>;
  /** Share of each class's questions by verdict; NaN for classes without questions. */
  readonly verdicts: Readonly<
    Record<EvaluationQuestion['class'], Readonly<Record<Verdict, number>>>
  >;
  readonly reliability: readonly ReliabilityRow[];
  readonly listings: readonly ListingRow[];
  readonly medianMs: number;
  readonly p95Ms: number;
  /** The same without the encoder. */
  readonly searchMedianMs: number;
}

/** Asks every question as a user would, with ten excerpts. */
export async function askAll({ snapshot, questions }: TestBed): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const question of questions) {
    const answer = await snapshot.ask(question.question, { k: 10 });
    const first = answer.excerpts.findIndex((excerpt) =>
      isAnswer(question, { documentId: excerpt.document.id, text: excerpt.text }),
    );
    outcomes.push({ question, answer, rank: first < 0 ? null : first + 1 });
  }
  return outcomes;
}

/** Answerable questions that some passage answers; lists that only the itinerary answers have no gold. */
export function isMeasured({ question }: Pick<Outcome, 'question'>): boolean {
  return question.class === 'answerable' && question.gold.length > 0;
}

export function reportAnswers(outcomes: readonly Outcome[]): AnswerReport {
  const answerable = outcomes.filter(isMeasured);
  const right = answerable.filter(({ rank }) => rank === 1);
  const answered = answerable.filter(({ answer }) => answer.verdict === 'answered');
  const times = outcomes.map(({ answer }) => answer.timing.totalMs);
  return {
    ...rankingFigures(answerable.map(({ rank }) => rank)),
    highlightRight: mean(right.map((outcome) => Number(highlightHolds(outcome)))),
    rightWhereAnswered: mean(answered.map(({ rank }) => Number(rank === 1))),
    kinds: figuresByKind(answerable),
    verdicts: Object.fromEntries(
      QUESTION_CLASSES.map((name) => [
        name,
        verdictShares(outcomes.filter(({ question }) => question.class === name)),
      ]),
    ) as AnswerReport['verdicts'],
    reliability: reliabilityOf(outcomes),
    listings: listingsOf(outcomes),
    medianMs: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    searchMedianMs: percentile(
      outcomes.map(({ answer }) => answer.timing.searchMs),
      0.5,
    ),
  };
}

function figuresByKind(answerable: readonly Outcome[]): Record<string, RankingFigures> {
  const groups = new Map<string, (number | null)[]>();
  for (const { question, rank } of answerable) {
    const { kind, language } = question;
    if (kind === undefined) continue;
    const names = language === 'en' ? ['all English', kind] : [`all ${language}`];
    for (const name of names) groups.set(name, [...(groups.get(name) ?? []), rank]);
  }
  return Object.fromEntries([...groups].map(([name, ranks]) => [name, rankingFigures(ranks)]));
}

/** Lists and values where the questions tell what is right, and the excerpts below lists. */
function listingsOf(outcomes: readonly Outcome[]): ListingRow[] {
  const row = (
    name: string,
    some: readonly Outcome[],
    isRight: (outcome: Outcome) => boolean,
  ): ListingRow => ({
    name,
    count: some.length,
    right: mean(some.map((one) => Number(isRight(one)))),
  });
  const ids = (all: readonly string[] | undefined): string => [...(all ?? [])].sort().join(' ');
  const listed = outcomes.filter(
    ({ answer, question }) => answer.listing !== null && isMeasured({ question }),
  );
  return [
    row(
      'meetings of the list',
      outcomes.filter(({ question }) => question.meetings !== undefined),
      ({ question, answer }) =>
        ids(question.meetings) === ids(answer.listing?.meetings.map(({ id }) => id)),
    ),
    row(
      'number',
      outcomes.filter(({ question }) => typeof question.value === 'number'),
      ({ question, answer }) => {
        const { value, meetings = [] } = answer.listing ?? {};
        return question.value === (typeof value === 'number' ? value : meetings.length);
      },
    ),
    row('first excerpt supports the list', listed, ({ rank }) => rank === 1),
    row('its highlighted sentence does', listed, highlightHolds),
  ].filter(({ count }) => count > 0);
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
  return bounds.slice(1).map((to, i) => {
    const from = bounds[i] ?? 0;
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
