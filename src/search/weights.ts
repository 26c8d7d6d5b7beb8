import type { Features, SentenceWeights } from './features.ts';
import learned from './weights.json' with { type: 'json' };

/** Weights of the ranking features, learned on the development questions; weights.json names the command. */
export const RANKING_WEIGHTS: Readonly<Record<keyof Features, number>> = learned.ranking;

/** Weights by which the sentences of one passage are ordered, learned likewise. */
export const SENTENCE_WEIGHTS: SentenceWeights = learned.sentence;
