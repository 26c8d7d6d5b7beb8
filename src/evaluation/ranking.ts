import type { Embedder } from '../embedding/types.ts';
import { FEATURE_NAMES, type Features } from '../search/features.ts';
import { scoreOf, search, type RankingWeights } from '../search/search.ts';
import { RANKING_WEIGHTS } from '../search/weights.ts';
import type { TestBed } from './indexes.ts';
import { rankingMetrics } from './metrics.ts';
import { isAnswer } from './questions.ts';

const only = (features: Partial<Features>): RankingWeights =>
  Object.fromEntries(
    FEATURE_NAMES.map((name) => [name, features[name] ?? 0]),
  ) as unknown as Features;

/** The ways of ranking that are compared: each half alone, plain fusions, and all features together. */
export const METHODS: Readonly<Record<string, RankingWeights>> = {
  lexical: only({ lexicalShare: 1 }),
  dense: only({ denseShare: 1 }),
  'soft alignment': only({ alignmentShare: 1 }),
  'lexical + dense': only({ lexicalShare: 0.5, denseShare: 0.5 }),
  'lexical + dense + soft': only({ lexicalShare: 0.3, denseShare: 0.4, alignmentShare: 0.3 }),
  'second stage': RANKING_WEIGHTS,
};

export interface RankingRow {
  readonly method: string;
  readonly hit1: number;
  readonly hit3: number;
  readonly mrr10: number;
}

/**
 * Ranks the passages for every answerable question by every method, {@link ablations} perhaps among them. Passages, not excerpts: nothing is joined, grouped or refused here.
 */
export async function compareRankings(
  { index, questions }: TestBed,
  embedder: Embedder,
  methods: Readonly<Record<string, RankingWeights>> = METHODS,
): Promise<RankingRow[]> {
  const ranks = new Map<string, (number | null)[]>();
  for (const question of questions) {
    if (question.class !== 'answerable') continue;
    const { ranked } = await search(question.question, { index, embedder });
    const right = new Set(
      ranked.filter(({ ordinal }) => {
        const passage = index.passages[ordinal];
        return passage !== undefined && isAnswer(question, passage);
      }),
    );
    for (const [method, weights] of Object.entries(methods)) {
      const order = ranked
        .map((candidate) => ({ candidate, score: scoreOf(candidate.features, weights) }))
        .sort((a, b) => b.score - a.score || a.candidate.ordinal - b.candidate.ordinal);
      const at = order.findIndex(({ candidate }) => right.has(candidate));
      ranks.set(method, [...(ranks.get(method) ?? []), at < 0 ? null : at + 1]);
    }
  }
  return [...ranks].map(([method, list]) => ({ method, ...rankingMetrics(list) }));
}

/** The second stage with one feature left out at a time, and without all that expected questions bring. */
export function ablations(): Record<string, RankingWeights> {
  const single = FEATURE_NAMES.map((name) => [
    `without ${name}`,
    { ...RANKING_WEIGHTS, [name]: 0 },
  ]);
  const unexpected = { ...RANKING_WEIGHTS, expected: 0, expectedVote: 0, unforeseen: 0 };
  return Object.fromEntries([...single, ['without expected questions', unexpected]]) as Record<
    string,
    RankingWeights
  >;
}
