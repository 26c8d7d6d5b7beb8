import { isOpenQuestion } from '../corpus/passages.ts';
import type { Embedder } from '../embedding/types.ts';
import type { Itinerary, ItineraryReading } from '../itinerary/itinerary.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { search, type SearchResult } from '../search/search.ts';
import { citeDocument, citeMeeting, citeSources, type Library } from './cite.ts';
import { gatherEvidence } from './evidence.ts';
import { highlightOf } from './highlight.ts';
import { reasonFor } from './reasons.ts';
import { select, type Selected } from './select.ts';
import type { Answer, Doubt, Excerpt, Listing } from './types.ts';
import { judge, type Judgement } from './verdict.ts';

export interface AnswerOptions {
  readonly index: SearchIndex;
  readonly library: Library;
  readonly itinerary: Itinerary;
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
  const reading = options.itinerary.read(question);
  const result = await search(question.trim(), {
    index,
    embedder,
    allowed: ofListed(reading, { index, allowed }),
    focus: focusOf(reading),
  });
  const composed = compose(result, { ...options, reading });
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
  options: Pick<AnswerOptions, 'index' | 'library' | 'itinerary' | 'k' | 'meeting'> & {
    readonly reading: ItineraryReading;
  },
): Omit<Answer, 'question' | 'timing' | 'generation'> {
  const { index, library, k, meeting } = options;
  const listing = listingOf(options);
  const judgement = settle(judge(gatherEvidence(index, result)), listing, options);
  const ranked = supporting(result.ranked, listing, index);
  const found = judgement.verdict === 'not_found' ? [] : select(index, ranked, k);
  return {
    verdict: judgement.verdict,
    reason: judgement.doubt === null ? null : reasonFor(judgement.doubt),
    doubt: judgement.doubt,
    confidence: judgement.confidence,
    listing,
    versions: null,
    excerpts: found.map((selected, at) =>
      excerptOf(selected, { index, library, meeting, rank: at + 1 }),
    ),
  };
}

/** A list, or the "yes" to a question whether something took place. */
function listingOf({
  reading,
  itinerary,
}: Pick<AnswerOptions, 'itinerary'> & { readonly reading: ItineraryReading }): Listing | null {
  const { listing, settled, language } = reading;
  if (listing !== null) return listing;
  if (settled?.kind !== 'yes' || !settled.asked) return null;
  const title = itinerary.text(settled, language);
  return { kind: 'yes', title, value: 'yes', meetings: settled.nearest, note: null };
}

/** The itinerary is data: what it lists is certain, and what it does not have did not take place. */
const LISTED_CONFIDENCE = 0.97;

function settle(
  judgement: Judgement,
  listing: Listing | null,
  { reading, itinerary }: Pick<AnswerOptions, 'itinerary'> & { readonly reading: ItineraryReading },
): Judgement {
  const { settled } = reading;
  if (listing !== null && listing.value !== null) {
    return { verdict: 'answered', confidence: LISTED_CONFIDENCE, doubt: null };
  }
  if (listing !== null) {
    const text = listing.note ?? listing.title;
    return { ...judgement, verdict: 'weak', doubt: { kind: 'itinerary', en: text, ja: text } };
  }
  if (settled === null || settled.kind === 'yes') return judgement;
  const doubt: Doubt = {
    kind: 'itinerary',
    en: itinerary.text(settled, 'en'),
    ja: itinerary.text(settled, 'ja'),
  };
  return {
    verdict: judgement.verdict === 'not_found' ? 'not_found' : 'weak',
    confidence: Math.min(judgement.confidence, 1 - LISTED_CONFIDENCE),
    doubt,
  };
}

/** Meetings that a question speaks of, when they are few enough to tell passages apart. */
const MOST_IN_FOCUS = 3;

export function focusOf({ focus }: ItineraryReading): readonly string[] {
  return focus.meetings.length <= MOST_IN_FOCUS ? focus.meetings : [];
}

/** Where the itinerary lists few meetings, only their passages can support the list. */
const MOST_SUPPORTED = 6;

function ofListed(
  { listing }: ItineraryReading,
  { index, allowed }: Pick<AnswerOptions, 'index' | 'allowed'>,
): readonly number[] | null {
  const ids = listing?.meetings.map(({ id }) => id) ?? [];
  if (ids.length === 0 || ids.length > MOST_SUPPORTED) return allowed;
  const isListed = (ordinal: number): boolean =>
    index.passages[ordinal]?.meetings.some((id) => ids.includes(id)) ?? false;
  const own = (allowed ?? Array.from(index.passages.keys())).filter(isListed);
  return own.length > 0 ? own : allowed;
}

/** A meeting's own document first, then other passages about the meetings of a list. */
function supporting(
  ranked: SearchResult['ranked'],
  listing: Listing | null,
  index: SearchIndex,
): SearchResult['ranked'] {
  if (listing === null || listing.meetings.length === 0) return ranked;
  const ids = new Set(listing.meetings.map(({ id }) => id));
  const standing = (ordinal: number): number => {
    const passage = index.passages[ordinal];
    if (passage === undefined || isOpenQuestion(passage)) return 2;
    if (ids.has(passage.documentId)) return 0;
    return passage.meetings.some((id) => ids.has(id)) ? 1 : 2;
  };
  // Sorting is stable: within a group the ranking stays.
  return [...ranked].sort((a, b) => standing(a.ordinal) - standing(b.ordinal));
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
