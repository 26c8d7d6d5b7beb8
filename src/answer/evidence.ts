import type { AnswerKind } from '../language/answer-kinds.ts';
import type { QueryTerm } from '../search/query.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { SentenceMatch } from '../search/sentence-match.ts';
import type { Ranked, SearchResult } from '../search/search.ts';
import { dot } from '../search/vectors.ts';

/** What speaks for and against the first passage holding the answer. Shares and cosines, 0 to 1. */
export interface Evidence {
  /** Share of the question's IDF mass in the first passage or its header. */
  readonly coverage: number;
  readonly alignment: number;
  readonly dense: number;
  readonly sentenceDense: number;
  /** Share of the question's IDF mass that no passage of the corpus holds. */
  readonly unmatched: number;
  /** The same, of names alone. */
  readonly unmatchedNames: number;
  /** 1 when the question asks for a kind of thing that the best sentence does not hold. */
  readonly kindMissing: number;
  /** Share of the question's IDF mass that the first passage holds in nearly the same meaning at least. */
  readonly related: number;
  /** Share of the question's IDF mass in names that the first passage holds. */
  readonly namesHeld: number;
  /** Cosine of the question and the mean of all passages: how much it is of their world. */
  readonly world: number;
  /** 1 for a question that speaks of a third person. */
  readonly aboutOthers: number;
  /** 1 for a question that speaks of the asker or to the bot. */
  readonly aboutAsker: number;
  /** How much the nearest of the first passage's expected questions asks the same; 0 for a passage without any. */
  readonly expected: number;
  /** How much of the question that nearest one says, by soft alignment. */
  readonly expectedSays: number;
  /** 1 for a first passage without expected questions, which says nothing against it. */
  readonly unforeseen: number;
  /**
   * The largest share of the question, by one of its tokens, that neither the first passage nor any question expected of
   * it comes near to.
   */
  readonly hole: number;
  /** The first passage's probability of being the right one, if one is: the second stage's scores are learned as that. */
  readonly certainty: number;
  /** How much the question says: its terms, up to ten, divided by ten. */
  readonly length: number;
}

export const EVIDENCE_NAMES = [
  'coverage',
  'alignment',
  'dense',
  'sentenceDense',
  'unmatched',
  'unmatchedNames',
  'kindMissing',
  'related',
  'namesHeld',
  'world',
  'aboutOthers',
  'aboutAsker',
  'expected',
  'expectedSays',
  'unforeseen',
  'hole',
  'certainty',
  'length',
] as const satisfies readonly (keyof Evidence)[];

/** The evidence as numbers for the verdict, and as words for the reason. */
export interface Findings {
  readonly evidence: Evidence;
  /** Words of the question, as typed, that no document holds: names first. */
  readonly unmentioned: readonly string[];
  /** Names of the question, as typed, that documents hold but not the first passage. */
  readonly apart: readonly string[];
  readonly kindMissing: AnswerKind | null;
  /** A single word of the question says anything, and it is no name. */
  readonly lone: boolean;
  /** No word of the question is in the corpus, and most of its letters are of another script than Latin. */
  readonly otherScript: boolean;
}

/** Softmax of the scores, which were learned by it. */
function certaintyOf(ranked: readonly Ranked[]): number {
  const first = ranked[0]?.score ?? 0;
  return 1 / ranked.reduce((sum, { score }) => sum + Math.exp(score - first), 0);
}

const SHORTEST_TELLING = 4;

function isMostlyLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return 2 * latin >= letters;
}

/** Null when there is nothing to weigh: no passage, or a question without a word that says anything. */
export function gatherEvidence(index: SearchIndex, result: SearchResult): Findings | null {
  const [first] = result.ranked;
  if (first === undefined || result.query.terms.length === 0) return null;
  const { terms, kind, aboutOthers, aboutAsker } = result.query;
  const inFirst = new Set<number>(index.units.header(first.ordinal).terms);
  for (const { terms: ids } of index.units.sentences(first.ordinal)) {
    for (const id of ids) inFirst.add(id);
  }
  const mass = (some: readonly QueryTerm[]): number =>
    some.reduce((sum, { idf, weight }) => sum + idf * weight, 0);
  const total = mass(terms) || 1;
  const unmatched = terms.filter(({ termId }) => termId === null);
  const apart = terms.filter(
    ({ termId, name, weight }) => name && weight > 0.5 && termId !== null && !inFirst.has(termId),
  );
  const meant = terms.reduce((sum, { termId, idf, weight, related }) => {
    if (termId !== null && inFirst.has(termId)) return sum + idf * weight;
    const nearest = Math.max(
      0,
      ...related.filter((other) => inFirst.has(other.termId)).map((other) => other.similarity),
    );
    return sum + idf * weight * nearest;
  }, 0);
  const namesHeld = terms.filter(
    ({ termId, name }) => name && termId !== null && inFirst.has(termId),
  );
  const nearest = first.sentences.reduce<SentenceMatch | null>(
    (best, match) => (match.expected > (best?.expected ?? 0) ? match : best),
    null,
  );
  const kindMissing = kind !== null && (first.best?.kind ?? 0) === 0;
  const typed = (some: readonly QueryTerm[]): string[] => [...new Set(some.map((t) => t.typed))];
  // Verbs and scraps ("wat", "uni") tell nobody why nothing was found.
  const telling = unmatched.filter(
    ({ name, light, typed: word }) => name || (!light && word.length >= SHORTEST_TELLING),
  );
  return {
    evidence: {
      coverage: first.coverage,
      alignment: first.alignment,
      dense: Math.max(0, first.dense),
      sentenceDense: first.features.sentenceDense,
      unmatched: mass(unmatched) / total,
      unmatchedNames: mass(unmatched.filter(({ name }) => name)) / total,
      kindMissing: Number(kindMissing),
      related: meant / total,
      namesHeld: mass(namesHeld) / total,
      world: Math.max(0, dot(result.vector, index.centroid)),
      aboutOthers: Number(aboutOthers),
      aboutAsker: Number(aboutAsker),
      expected: nearest?.expected ?? 0,
      expectedSays: nearest?.expectedSays ?? 0,
      unforeseen: Number(index.units.expected(first.ordinal).lengths.length === 0),
      hole: first.hole(),
      certainty: certaintyOf(result.ranked),
      length: Math.min(terms.length, 10) / 10,
    },
    unmentioned: typed([
      ...telling.filter(({ name }) => name),
      ...telling.filter(({ name }) => !name),
    ]),
    apart: typed(apart),
    kindMissing: kindMissing ? kind : null,
    lone: terms.length === 1 && terms[0]?.name !== true,
    otherScript: unmatched.length === terms.length && !isMostlyLatin(result.query.text),
  };
}
