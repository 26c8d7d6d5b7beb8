import type { Unit } from '../index/units.ts';
import { Alignment } from './alignment.ts';
import type { Candidate } from './candidates.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { Coverage } from './coverage.ts';
import {
  matchSentences,
  type PassageUnits,
  type SentenceMatch,
  type SentenceWeights,
} from './sentence-match.ts';
import { upperTenth, Votes } from './votes.ts';

/**
 * What the second stage knows of a candidate. Values named `…Share` are scaled by minimum and maximum over the
 * question's candidates; the others are comparable between questions. Left out: term coverage of the
 * passage, its header, its document and its best sentence, an interaction of lexical score and coverage, and a mark
 * for the first passage of a document. With these six, hit@1 / hit@3 / MRR by cross-validation on 183 development
 * questions were .727 / .858 / .804, without them .721 / .880 / .804. Left out too: soft alignment with the document's
 * candidates together, and whether a person, a place or a reason asked for is held (with them .907 / .964 / .939 on
 * 365 development questions, without them .904 / .964 / .938).
 */
export interface Features {
  readonly lexicalShare: number;
  /** BM25 with words that mean nearly the same. */
  readonly expandedShare: number;
  readonly denseShare: number;
  readonly alignmentShare: number;
  /** Soft alignment with the header alone. */
  readonly headerAlignment: number;
  /** The best first-stage standing among the candidates of the same document. */
  readonly document: number;
  /** The best sentence's alignment and dense cosine. */
  readonly sentenceAlignment: number;
  readonly sentenceDense: number;
  /** The question asks for a time, a duration or an amount, and a good sentence holds one. */
  readonly figureHeld: number;
  /**
   * How much the nearest of the questions that the passage is expected to answer asks the same. A passage without
   * such questions, a document just dropped in, is taken to be among the best tenth of the others.
   */
  readonly expected: number;
  /** The passage's share of the votes of the nearest expected questions. */
  readonly expectedVote: number;
  /** The share of the votes that goes to no expected question, for a passage without any: it may be the one. */
  readonly unforeseen: number;
}

export const FEATURE_NAMES = [
  'lexicalShare',
  'expandedShare',
  'denseShare',
  'alignmentShare',
  'headerAlignment',
  'document',
  'sentenceAlignment',
  'sentenceDense',
  'figureHeld',
  'expected',
  'expectedVote',
  'unforeseen',
] as const satisfies readonly (keyof Features)[];

/** A candidate with its features and its sentences. */
export interface Examined extends Candidate {
  readonly features: Features;
  /** Soft alignment of the question with the passage and its header, 0 to 1. */
  readonly alignment: number;
  /** The largest share of the question, by one of its tokens, that no token there, or in its expected questions, comes near to. */
  hole(): number;
  /** Share of the question's IDF mass in the passage or its header. */
  readonly coverage: number;
  readonly sentences: readonly SentenceMatch[];
  /** The best of `sentences`; null for a passage without any. */
  readonly best: SentenceMatch | null;
}

export interface ExamineOptions {
  readonly index: SearchIndex;
  readonly query: Query;
  readonly sentenceWeights: SentenceWeights;
}

export function examine(candidates: readonly Candidate[], options: ExamineOptions): Examined[] {
  const { index, query, sentenceWeights } = options;
  const parts = candidates.map(({ ordinal }) => ({
    header: index.units.header(ordinal),
    sentences: index.units.sentences(ordinal),
    expected: index.units.expected(ordinal),
  }));
  const space = index.tokens;
  const alignment =
    space === null
      ? null
      : new Alignment(
          space,
          space.table.tokenise(query.mendedText),
          parts.flatMap(({ header, sentences, expected }) =>
            [header, ...sentences, expected].map(({ tokens }) => tokens),
          ),
        );
  const coverage = new Coverage(query);
  const looks = candidates.map((candidate, at) => {
    const units = parts[at] ?? NO_UNITS;
    const { header, sentences } = units;
    const passage = index.passages[candidate.ordinal];
    const matched =
      passage === undefined
        ? []
        : matchSentences(passage, units, {
            query,
            coverage,
            alignment,
            answerNames: index.answerNames,
            weights: sentenceWeights,
          });
    const matches = alignment?.none() ?? new Float32Array();
    const held = coverage.none();
    for (const unit of [header, ...sentences]) {
      alignment?.raise(matches, unit.tokens);
      coverage.raise(held, unit.terms);
    }
    return {
      candidate,
      passage,
      alignment: alignment?.score(matches) ?? 0,
      hole: () => holeOf(alignment, matches, units.expected.tokens),
      coverage: coverage.share(held),
      headerAlignment: alignment?.of(header.tokens) ?? 0,
      foreseen: units.expected.lengths.length > 0,
      sentences: matched,
      best: matched.reduce<SentenceMatch | null>(
        (best, match) => (best === null || match.score > best.score ? match : best),
        null,
      ),
    };
  });
  const lexical = scaler(looks.map((look) => look.candidate.lexical));
  const expanded = scaler(looks.map((look) => look.candidate.expanded));
  const dense = scaler(looks.map((look) => look.candidate.dense));
  // A model without a token table has its dense score stand in for the alignment.
  const aligned = scaler(looks.map((l) => (alignment === null ? l.candidate.dense : l.alignment)));
  const standing = looks.map(
    ({ candidate, alignment: value }) =>
      (lexical(candidate.lexical) +
        dense(candidate.dense) +
        aligned(alignment === null ? candidate.dense : value)) /
      3,
  );
  const bestOfDocument = new Map<string, number>();
  looks.forEach(({ passage }, at) => {
    const id = passage?.documentId ?? '';
    bestOfDocument.set(id, Math.max(bestOfDocument.get(id) ?? 0, standing[at] ?? 0));
  });
  const likenesses = looks.map(({ sentences }) =>
    Math.max(0, ...sentences.map(({ expected }) => expected)),
  );
  const supposed = upperTenth(likenesses.filter((_, at) => looks[at]?.foreseen));
  const votes = new Votes(looks.flatMap(({ sentences }) => sentences));
  return looks.map((look, at) => ({
    ...look.candidate,
    alignment: look.alignment,
    hole: look.hole,
    coverage: look.coverage,
    sentences: look.sentences,
    best: look.best,
    features: {
      lexicalShare: lexical(look.candidate.lexical),
      expandedShare: expanded(look.candidate.expanded),
      denseShare: dense(look.candidate.dense),
      alignmentShare: aligned(alignment === null ? look.candidate.dense : look.alignment),
      sentenceAlignment: look.best?.alignment ?? 0,
      sentenceDense: look.best?.dense ?? 0,
      headerAlignment: look.headerAlignment,
      document: bestOfDocument.get(look.passage?.documentId ?? '') ?? 0,
      figureHeld: look.best?.figure ?? 0,
      expected: look.foreseen ? (likenesses[at] ?? 0) : supposed,
      expectedVote: votes.of(look.sentences),
      unforeseen: look.foreseen ? 0 : votes.none,
    },
  }));
}

const NO_UNIT: Unit = { terms: new Uint32Array(), tokens: new Uint32Array(), length: 0 };
const NO_UNITS: PassageUnits = {
  header: NO_UNIT,
  sentences: [],
  expected: {
    tokens: new Uint32Array(),
    starts: Uint32Array.of(0),
    lengths: new Float32Array(),
    sentences: new Uint32Array(),
  },
};

/** What neither a passage, whose matches are given, nor the questions expected of it come near to. */
function holeOf(alignment: Alignment | null, matches: Float32Array, expected: Uint32Array): number {
  if (alignment === null) return 0;
  const best = matches.slice();
  alignment.raise(best, expected);
  return alignment.hole(best);
}

/** Min–max scaling; a constant list scales to 0. */
function scaler(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return (value) => (span === 0 ? 0 : (value - low) / span);
}
