import type { AnswerKind } from '../language/answer-kinds.ts';
import type { QueryTerm } from '../search/query.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { SearchResult } from '../search/search.ts';

/** What speaks for and against the first passage holding the answer. Shares and cosines, 0 to 1. */
export interface Evidence {
  /** Share of the question's IDF mass in the first passage or its header. */
  readonly coverage: number;
  readonly alignment: number;
  readonly dense: number;
  readonly sentenceCoverage: number;
  readonly sentenceAlignment: number;
  readonly sentenceDense: number;
  /** Share of the question's IDF mass that no passage of the corpus holds. */
  readonly unmatched: number;
  /** The same, of names alone. */
  readonly unmatchedNames: number;
  /** Share of the question's IDF mass in names that the corpus holds, but not the first passage. */
  readonly apart: number;
  /** 1 when the question asks for a kind of thing that the best sentence does not hold. */
  readonly kindMissing: number;
  /** How much the question says: its terms, up to ten, divided by ten. */
  readonly length: number;
}

export const EVIDENCE_NAMES = [
  'coverage',
  'alignment',
  'dense',
  'sentenceCoverage',
  'sentenceAlignment',
  'sentenceDense',
  'unmatched',
  'unmatchedNames',
  'apart',
  'kindMissing',
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
}

/** Null when there is no passage to speak of. */
export function gatherEvidence(index: SearchIndex, result: SearchResult): Findings | null {
  const [first] = result.ranked;
  if (first === undefined) return null;
  const { terms, kind } = result.query;
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
  const kindMissing = kind !== null && (first.best?.kind ?? 0) === 0;
  const typed = (some: readonly QueryTerm[]): string[] => [...new Set(some.map((t) => t.typed))];
  return {
    evidence: {
      coverage: first.features.coverage,
      alignment: first.alignment,
      dense: Math.max(0, first.dense),
      sentenceCoverage: first.features.sentenceCoverage,
      sentenceAlignment: first.features.sentenceAlignment,
      sentenceDense: first.features.sentenceDense,
      unmatched: mass(unmatched) / total,
      unmatchedNames: mass(unmatched.filter(({ name }) => name)) / total,
      apart: mass(apart) / total,
      kindMissing: Number(kindMissing),
      length: Math.min(terms.length, 10) / 10,
    },
    unmentioned: typed([
      ...unmatched.filter(({ name }) => name),
      ...unmatched.filter(({ name }) => !name),
    ]),
    apart: typed(apart),
    kindMissing: kindMissing ? kind : null,
  };
}
