import type { Features } from './features.ts';
import type { SentenceWeights } from './sentence-match.ts';

/** Weights of the second stage. */
export const RANKING_WEIGHTS: Readonly<Record<keyof Features, number>> = {
  lexicalShare: 0.15,
  denseShare: 0.4,
  alignmentShare: 0.3,
  lexicalAdapted: 0.15,
  coverage: 0.1,
  header: 0,
  sentenceCoverage: 0.1,
  sentenceAlignment: 0.3,
  sentenceDense: 0.2,
  headerAlignment: 0.1,
  document: 0.2,
  lead: 0,
  figureHeld: 0.1,
  nameHeld: 0.05,
};

export const SENTENCE_WEIGHTS: SentenceWeights = {
  coverage: 0.3,
  alignment: 0.5,
  dense: 0.3,
  kind: 0.15,
};
