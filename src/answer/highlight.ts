import type { Passage, Span } from '../corpus/types.ts';
import type { Ranked } from '../search/search.ts';

/** The sentence that answers best, in offsets of the document's text; null for a passage without sentences. */
export function highlightOf(passage: Passage, ranked: Ranked): Span | null {
  const { best } = ranked;
  if (best === null) return null;
  const sentence = passage.sentences[best.at];
  if (sentence === undefined) return null;
  return { start: passage.start + sentence.start, end: passage.start + sentence.end };
}
