import type { Passage, Span } from '../corpus/types.ts';
import type { Ranked } from '../search/search.ts';

/**
 * A sentence is highlighted when it meets the question at least this well. Of the development questions whose best
 * sentence scored below it, that was the answer in none on the tour's documents and in one of six on raw pages; from
 * 0.5 on it was in more than seven of ten.
 */
const CLEAR_SCORE = 0.18;

/** The sentence that answers, in offsets of the document's text; null when none clearly does. */
export function highlightOf(passage: Passage, ranked: Ranked): Span | null {
  const { best } = ranked;
  if (best === null || best.score < CLEAR_SCORE) return null;
  const sentence = passage.sentences[best.at];
  if (sentence === undefined) return null;
  return { start: passage.start + sentence.start, end: passage.start + sentence.end };
}
