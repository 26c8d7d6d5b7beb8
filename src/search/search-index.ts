import type { Document, Passage } from '../corpus/types.ts';
import type { Embedder } from '../embedding/types.ts';
import type { Generation } from '../index/generation.ts';
import { rowOf } from '../index/graph.ts';
import { LexicalIndex } from '../index/lexical.ts';
import { nearest, type Neighbour } from '../index/nearest.ts';
import { namesOf } from '../index/search-files.ts';
import { UnitTable } from '../index/units.ts';
import type { NameTable } from '../language/names.ts';
import { answerNames, type AnswerNames } from './answer-names.ts';
import { TokenSpace } from './token-space.ts';
import { RelatedWords } from './related-words.ts';
import { SpellingCorrector } from './spelling.ts';
import { dot } from './vectors.ts';

/** A generation with everything that search needs at hand. Passages are named by their ordinals. */
export interface SearchIndex {
  readonly passages: readonly Passage[];
  readonly documents: ReadonlyMap<string, Document>;
  readonly lexical: LexicalIndex;
  readonly units: UnitTable;
  readonly names: NameTable;
  readonly spelling: SpellingCorrector;
  readonly answerNames: AnswerNames;
  /** Null for models without a token table. */
  readonly related: RelatedWords | null;
  /** Null for models whose token vectors depend on context. */
  readonly tokens: TokenSpace | null;
  nearest(vector: Float32Array, k: number, allowed: readonly number[] | null): Neighbour[];
  vector(ordinal: number): Float32Array;
  /** Mean of all passages' vectors, scaled to length 1: the world that the documents speak of. */
  readonly centroid: Float32Array;
  /** Cosine of two unit vectors: the question's and a passage's. */
  similarity(vector: Float32Array, ordinal: number): number;
}

export function openSearchIndex(generation: Generation, embedder: Embedder): SearchIndex {
  const lexical = new LexicalIndex(generation.lexical);
  const table = embedder.tokenTable;
  const corpus = {
    documents: [...generation.documents.values()],
    meetings: [...generation.meetings.values()],
  };
  const names = namesOf(corpus);
  const tokens = table === null ? null : new TokenSpace(table);
  const vector = (ordinal: number): Float32Array => rowOf(generation.vectors, ordinal);
  return {
    passages: generation.passages,
    documents: generation.documents,
    lexical,
    units: new UnitTable(generation.units),
    names,
    answerNames: answerNames(corpus, names, lexical),
    // A word that the model has a token of its own for is a word of the language, not a slip.
    spelling: new SpellingCorrector(
      lexical,
      (word) => table !== null && table.tokenise(word).length === 1,
    ),
    tokens,
    related: table === null ? null : new RelatedWords(table, lexical),
    nearest: (query, k, allowed) => nearest(generation, query, k, allowed ?? undefined),
    vector,
    centroid: centroidOf(generation.passages.length, embedder.dimensions, vector),
    similarity: (query, ordinal) => dot(query, vector(ordinal)),
  };
}

function centroidOf(
  count: number,
  dimensions: number,
  vector: (ordinal: number) => Float32Array,
): Float32Array {
  const sum = new Float32Array(dimensions);
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const one = vector(ordinal);
    for (let at = 0; at < dimensions; at++) sum[at] = (sum[at] ?? 0) + (one[at] ?? 0);
  }
  const length = Math.sqrt(dot(sum, sum));
  return length === 0 ? sum : sum.map((value) => value / length);
}
