import type { Embedder } from '../embedding/types.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { search, type SearchResult } from '../search/search.ts';
import { citeDocument, citeMeeting, citeSources, type Library } from './cite.ts';
import { gatherEvidence } from './evidence.ts';
import { highlightOf } from './highlight.ts';
import { reasonFor } from './reasons.ts';
import { select, type Selected } from './select.ts';
import type { Answer, Excerpt } from './types.ts';
import { judge } from './verdict.ts';

export interface AnswerOptions {
  readonly index: SearchIndex;
  readonly library: Library;
  readonly embedder: Embedder;
  readonly generation: string;
  /** How many excerpts at most. */
  readonly k: number;
  /** Ordinals to choose from; null for all. */
  readonly allowed: readonly number[] | null;
  /** The meeting asked about; null for the whole tour. */
  readonly meeting: string | null;
}

/** Finds, judges and cites. Never writes: every excerpt is a span of a document's text. */
export async function answer(question: string, options: AnswerOptions): Promise<Answer> {
  const { index, embedder, allowed } = options;
  const started = performance.now();
  const result = await search(question.trim(), { index, embedder, allowed });
  const composed = compose(result, options);
  const totalMs = performance.now() - started;
  return {
    question,
    ...composed,
    timing: {
      embedMs: result.embedMs,
      searchMs: totalMs - result.embedMs,
      totalMs,
    },
    generation: options.generation,
  };
}

/** What is shown of a search's result: the verdict, and the excerpts with their citations. */
export function compose(
  result: SearchResult,
  { index, library, k, meeting }: Pick<AnswerOptions, 'index' | 'library' | 'k' | 'meeting'>,
): Omit<Answer, 'question' | 'timing' | 'generation'> {
  const judgement = judge(gatherEvidence(index, result));
  const found = judgement.verdict === 'not_found' ? [] : select(index, result.ranked, k);
  return {
    verdict: judgement.verdict,
    reason: judgement.doubt === null ? null : reasonFor(judgement.doubt),
    doubt: judgement.doubt,
    confidence: judgement.confidence,
    excerpts: found.map((selected, at) =>
      excerptOf(selected, { index, library, meeting, rank: at + 1 }),
    ),
  };
}

function excerptOf(
  { members, best, alsoReportedBy }: Selected,
  context: Pick<AnswerOptions, 'index' | 'library' | 'meeting'> & { readonly rank: number },
): Excerpt {
  const { index, library, meeting, rank } = context;
  const passages = members.flatMap(({ ordinal }) => index.passages[ordinal] ?? []);
  const bestPassage = index.passages[best.ordinal];
  const [first] = passages;
  const last = passages[passages.length - 1];
  const document = library.documents.get(first?.documentId ?? '');
  if (!first || !last || !bestPassage || !document) {
    throw new Error(`Passage ${best.ordinal} belongs to no document of the generation.`);
  }
  const { start } = first;
  const highlight = highlightOf(bestPassage, best);
  return {
    rank,
    text: document.text.slice(start, last.end),
    highlight: highlight === null ? null : [highlight.start - start, highlight.end - start],
    document: citeDocument(document, { start, end: last.end }),
    meeting: citeMeeting(library, bestPassage, meeting),
    sources: citeSources(library, passages, highlight),
    alsoReportedBy,
    score: best.score,
  };
}
