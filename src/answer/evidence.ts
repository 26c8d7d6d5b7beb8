import type { AnswerKind } from '../language/answer-kinds.ts';
import { unrelatedCosine } from '../search/features.ts';
import type { QueryTerm } from '../search/query.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { Ranked, SearchResult } from '../search/search.ts';

/** What speaks for and against the first passage holding the answer. All values 0 or more, most of them shares. */
export interface Evidence {
  /** Cosine of the question and the best sentence: how much of the way from the unrelated cosine to 1. */
  readonly nearness: number;
  /** The first passage's probability of being the right one, if one is: ranking scores are learned as that. */
  readonly certainty: number;
  /** Share of the question's IDF mass that the first passage or its header holds, related words by their similarity. */
  readonly coverage: number;
  /** Share of the question's IDF mass in names that the first passage holds. */
  readonly namesHeld: number;
  /** Share of the question's IDF mass that no passage of the corpus holds. */
  readonly unmatched: number;
  /** The same, of names alone. */
  readonly unmatchedNames: number;
  /** 1 when the question asks for a kind of thing that the best sentence does not hold. */
  readonly kindMissing: number;
  /** 1 for a question that speaks of the asker or to the bot. */
  readonly aboutAsker: number;
  /** How much the question says: its terms, up to ten, divided by ten. */
  readonly length: number;
}

/** Evidence that needs no word in common with the documents: all there is for a question in another script. */
export const VECTOR_EVIDENCE = [
  'nearness',
  'certainty',
] as const satisfies readonly (keyof Evidence)[];

export const EVIDENCE_NAMES = [
  ...VECTOR_EVIDENCE,
  'coverage',
  'namesHeld',
  'unmatched',
  'unmatchedNames',
  'kindMissing',
  'aboutAsker',
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
  /** The question has a single word that says anything, and it is no name. */
  readonly isSingleWord: boolean;
  /** The question says nothing but names, as in "Blinken" or "who is Blinken?": any passage about them answers. */
  readonly isBareName: boolean;
  /** The question is written in a script of which the documents have no words. */
  readonly foreign: boolean;
}

/** Softmax of the scores, which were learned by it. */
function certaintyOf(ranked: readonly Ranked[]): number {
  const first = ranked[0]?.score ?? 0;
  return 1 / ranked.reduce((sum, { score }) => sum + Math.exp(score - first), 0);
}

const SHORTEST_TELLING = 4;

/** Null when there is nothing to weigh: no passage, or a question without a word that says anything. */
export function gatherEvidence(index: SearchIndex, result: SearchResult): Findings | null {
  const [first] = result.ranked;
  const { terms, kind, aboutAsker, foreign } = result.query;
  if (first === undefined || (terms.length === 0 && !foreign)) return null;
  const inFirst = new Set<number>(index.units.header(first.ordinal));
  for (const ids of index.units.sentences(first.ordinal)) for (const id of ids) inFirst.add(id);
  const mass = (some: readonly QueryTerm[]): number =>
    some.reduce((sum, { idf, weight }) => sum + idf * weight, 0);
  const total = mass(terms) || 1;
  const unmatched = terms.filter(({ termId }) => termId === null);
  const apart = terms.filter(
    ({ termId, name, weight }) => name && weight > 0.5 && termId !== null && !inFirst.has(termId),
  );
  const namesHeld = terms.filter(
    ({ termId, name }) => name && termId !== null && inFirst.has(termId),
  );
  const kindMissing = kind !== null && first.best?.figure !== 1 && first.best?.name !== 1;
  const typed = (some: readonly QueryTerm[]): string[] => [...new Set(some.map((t) => t.typed))];
  // Verbs and scraps ("wat", "uni") tell nobody why nothing was found.
  const telling = unmatched.filter(
    ({ name, light, typed: word }) => name || (!light && word.length >= SHORTEST_TELLING),
  );
  const unrelated = unrelatedCosine(index, result.query);
  return {
    evidence: {
      nearness: Math.max(0, ((first.best?.cosine ?? 0) - unrelated) / (1 - unrelated)),
      certainty: certaintyOf(result.ranked),
      coverage: first.features.relatedCoverage,
      namesHeld: mass(namesHeld) / total,
      unmatched: mass(unmatched) / total,
      unmatchedNames: mass(unmatched.filter(({ name }) => name)) / total,
      kindMissing: Number(kindMissing),
      aboutAsker: Number(aboutAsker),
      length: Math.min(terms.length, 10) / 10,
    },
    unmentioned: typed([
      ...telling.filter(({ name }) => name),
      ...telling.filter(({ name }) => !name),
    ]),
    apart: typed(apart),
    kindMissing: kindMissing ? kind : null,
    isBareName:
      (kind === null || kind === 'person') &&
      unmatched.length === 0 &&
      apart.length === 0 &&
      terms.some(({ name }) => name) &&
      terms.every(({ name, term }) => name || term.includes('+')),
    isSingleWord: terms.length === 1 && terms[0]?.name !== true,
    foreign,
  };
}
