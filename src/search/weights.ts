import type { Features } from './features.ts';
import type { SentenceWeights } from './sentence-match.ts';
import learned from './weights.json' with { type: 'json' };

/** Weights of the second stage, learned on the development questions; weights.json names the command. */
export const RANKING_WEIGHTS: Readonly<Record<keyof Features, number>> = learned.ranking;

/** Weights by which the sentences of one passage are ordered, learned likewise. */
export const SENTENCE_WEIGHTS: SentenceWeights = learned.sentence;
