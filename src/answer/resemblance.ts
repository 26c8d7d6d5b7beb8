import type { LexicalIndex } from '../index/lexical.ts';

/**
 * Cosine of two texts as sets of terms weighted by IDF, 0 to 1. Sentences whose figures differ do not resemble each
 * other at all when figures must agree: "at 13:30" and "at 13:45" are two reports, not one.
 */
export function resemblance(
  lexical: LexicalIndex,
  a: Uint32Array,
  b: Uint32Array,
  { figuresMustAgree }: { readonly figuresMustAgree: boolean },
): number {
  const first = new Set(a);
  const second = new Set(b);
  let shared = 0;
  let lengthA = 0;
  let lengthB = 0;
  let figuresA = 0;
  let figuresB = 0;
  let sharedFigures = 0;
  for (const term of first) {
    const weight = lexical.idf(term) ** 2;
    const figure = lexical.isFigure(term);
    lengthA += weight;
    if (figure) figuresA += 1;
    if (!second.has(term)) continue;
    shared += weight;
    if (figure) sharedFigures += 1;
  }
  for (const term of second) {
    lengthB += lexical.idf(term) ** 2;
    if (lexical.isFigure(term)) figuresB += 1;
  }
  const contradict = figuresA > 0 && figuresB > 0 && sharedFigures === 0;
  if (figuresMustAgree && contradict) return 0;
  return lengthA === 0 || lengthB === 0 ? 0 : shared / Math.sqrt(lengthA * lengthB);
}
