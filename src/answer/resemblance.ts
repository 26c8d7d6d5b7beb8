import type { LexicalIndex } from '../index/lexical.ts';

/** A text as a set of terms, made ready to be held against others. */
export interface TermSet {
  /** Ascending, each once. */
  readonly terms: Uint32Array;
  /** Squared IDF of each. */
  readonly weights: Float64Array;
  readonly totalWeight: number;
  readonly figures: ReadonlySet<number>;
}

export function termSetOf(lexical: LexicalIndex, terms: Iterable<number>): TermSet {
  const each = Uint32Array.from(new Set(terms)).sort();
  const weights = Float64Array.from(each, (term) => lexical.idf(term) ** 2);
  return {
    terms: each,
    weights,
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0),
    figures: new Set(each.filter((term) => lexical.isFigure(term))),
  };
}

/**
 * Cosine of two texts as sets of terms weighted by IDF, 0 to 1. Sentences whose figures differ do not resemble each
 * other at all when figures must agree: "at 13:30" and "at 13:45" are two reports, not one.
 */
export function resemblance(
  a: TermSet,
  b: TermSet,
  { figuresMustAgree }: { readonly figuresMustAgree: boolean },
): number {
  if (figuresMustAgree && contradict(a, b)) return 0;
  if (a.totalWeight === 0 || b.totalWeight === 0) return 0;
  return sharedWeight(a, b) / Math.sqrt(a.totalWeight * b.totalWeight);
}

function contradict({ figures }: TermSet, other: TermSet): boolean {
  if (figures.size === 0 || other.figures.size === 0) return false;
  for (const figure of figures) if (other.figures.has(figure)) return false;
  return true;
}

function sharedWeight(a: TermSet, b: TermSet): number {
  let shared = 0;
  let inA = 0;
  let inB = 0;
  while (inA < a.terms.length && inB < b.terms.length) {
    const difference = (a.terms[inA] as number) - (b.terms[inB] as number);
    if (difference === 0) shared += a.weights[inA] as number;
    if (difference <= 0) inA += 1;
    if (difference >= 0) inB += 1;
  }
  return shared;
}
