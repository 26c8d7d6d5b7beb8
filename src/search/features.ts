import type { Passage } from '../corpus/types.ts';
import type { Unit } from '../index/units.ts';
import { Alignment } from './alignment.ts';
import type { Candidate } from './candidates.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { Coverage } from './coverage.ts';
import { matchSentences, type SentenceMatch, type SentenceWeights } from './sentence-match.ts';

/**
 * What the second stage knows of a candidate. Values named `…Share` are scaled by minimum and maximum over the
 * question's candidates; the others are comparable between questions.
 */
export interface Features {
  readonly lexicalShare: number;
  /** BM25 with words that mean nearly the same. */
  readonly expandedShare: number;
  readonly denseShare: number;
  readonly alignmentShare: number;
  /** `lexicalShare` times the corpus's grip on the question: words count where they stand in the corpus. */
  readonly lexicalAdapted: number;
  /** Share of the question's IDF mass in the passage or its header. */
  readonly coverage: number;
  /** Share of the question's IDF mass in the header (title, headings, date, place, people). */
  readonly header: number;
  /** Soft alignment with the header alone. */
  readonly headerAlignment: number;
  /** The best first-stage standing among the candidates of the same document. */
  readonly document: number;
  /** Share of the question's IDF mass in the document's candidates together, and the alignment with them. */
  readonly documentCoverage: number;
  readonly documentAlignment: number;
  /** 1 for the first passage of a document, where who, when and where are told. */
  readonly lead: number;
  /** The best sentence's coverage, alignment and dense cosine. */
  readonly sentenceCoverage: number;
  readonly sentenceAlignment: number;
  readonly sentenceDense: number;
  /** The question asks for a time, a duration or an amount, and a good sentence holds one. */
  readonly figureHeld: number;
  /** The question asks for a person, a place or a reason, and a good sentence holds one. */
  readonly nameHeld: number;
}

export const FEATURE_NAMES = [
  'lexicalShare',
  'expandedShare',
  'denseShare',
  'alignmentShare',
  'lexicalAdapted',
  'coverage',
  'header',
  'headerAlignment',
  'document',
  'documentCoverage',
  'documentAlignment',
  'lead',
  'sentenceCoverage',
  'sentenceAlignment',
  'sentenceDense',
  'figureHeld',
  'nameHeld',
] as const satisfies readonly (keyof Features)[];

/** A candidate with its features and its sentences. */
export interface Examined extends Candidate {
  readonly features: Features;
  /** Soft alignment of the question with the passage and its header, 0 to 1. */
  readonly alignment: number;
  readonly sentences: readonly SentenceMatch[];
  /** The best of `sentences`; null for a passage without any. */
  readonly best: SentenceMatch | null;
}

export interface ExamineOptions {
  readonly index: SearchIndex;
  readonly query: Query;
  readonly vector: Float32Array;
  readonly sentenceWeights: SentenceWeights;
}

export function examine(candidates: readonly Candidate[], options: ExamineOptions): Examined[] {
  const { index, query, vector, sentenceWeights } = options;
  const parts = candidates.map(({ ordinal }) => ({
    header: index.units.header(ordinal),
    sentences: index.units.sentences(ordinal),
  }));
  const space = index.tokens;
  const alignment =
    space === null
      ? null
      : new Alignment(
          space,
          { tokens: space.table.tokenise(query.mendedText), vector },
          parts.flatMap(({ header, sentences }) => [
            header.tokens,
            ...sentences.map((s) => s.tokens),
          ]),
        );
  const coverage = new Coverage(query);
  const looks = candidates.map((candidate, at) => {
    const { header, sentences } = parts[at] ?? { header: NO_UNIT, sentences: [] };
    const passage = index.passages[candidate.ordinal];
    const matched =
      passage === undefined
        ? []
        : matchSentences(
            passage,
            { header, sentences },
            {
              query,
              coverage,
              alignment,
              answerNames: index.answerNames,
              weights: sentenceWeights,
            },
          );
    const whole = wholeOf({ coverage, alignment }, [header, ...sentences]);
    return {
      candidate,
      passage,
      whole,
      alignment: alignment === null ? 0 : alignment.score(whole.matches),
      coverage: coverage.share(whole.held),
      header: coverage.of(header.terms),
      headerAlignment: alignment?.of(header.tokens) ?? 0,
      sentences: matched,
      best: matched.reduce<SentenceMatch | null>(
        (best, match) => (best === null || match.score > best.score ? match : best),
        null,
      ),
    };
  });
  const grip = Math.max(0, ...looks.map((look) => look.coverage));
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
  const documents = new Map<string, { standing: number } & Whole>();
  looks.forEach(({ passage, whole }, at) => {
    const id = passage?.documentId ?? '';
    const known = documents.get(id);
    documents.set(id, {
      standing: Math.max(known?.standing ?? 0, standing[at] ?? 0),
      ...(known === undefined ? whole : union(known, whole)),
    });
  });
  return looks.map((look) => {
    const document = documents.get(look.passage?.documentId ?? '');
    return {
      ...look.candidate,
      alignment: look.alignment,
      sentences: look.sentences,
      best: look.best,
      features: {
        lexicalShare: lexical(look.candidate.lexical),
        expandedShare: expanded(look.candidate.expanded),
        denseShare: dense(look.candidate.dense),
        alignmentShare: aligned(alignment === null ? look.candidate.dense : look.alignment),
        lexicalAdapted: grip * lexical(look.candidate.lexical),
        coverage: look.coverage,
        header: look.header,
        sentenceCoverage: look.best?.coverage ?? 0,
        sentenceAlignment: look.best?.alignment ?? 0,
        sentenceDense: look.best?.dense ?? 0,
        headerAlignment: look.headerAlignment,
        document: document?.standing ?? 0,
        documentCoverage: document === undefined ? 0 : coverage.share(document.held),
        documentAlignment:
          document === undefined || alignment === null ? 0 : alignment.score(document.matches),
        lead: Number(look.passage?.start === firstStart(index, look.passage)),
        figureHeld: look.best?.figure ?? 0,
        nameHeld: look.best?.name ?? 0,
      },
    };
  });
}

const NO_UNIT: Unit = { terms: new Uint32Array(), tokens: new Uint32Array(), length: 0 };

/** Several units taken as one text. */
interface Whole {
  /** Which of the question's terms stand in it (see Coverage.raise). */
  readonly held: Uint8Array;
  /** Best squared cosines of the question's tokens (see Alignment.raise). */
  readonly matches: Float32Array;
}

interface Measures {
  readonly coverage: Coverage;
  readonly alignment: Alignment | null;
}

function wholeOf({ coverage, alignment }: Measures, units: readonly Unit[]): Whole {
  const held = coverage.none();
  const matches = alignment?.none() ?? new Float32Array();
  for (const unit of units) {
    coverage.raise(held, unit.terms);
    alignment?.raise(matches, unit.tokens);
  }
  return { held, matches };
}

function union(a: Whole, b: Whole): Whole {
  return {
    held: a.held.map((value, at) => Math.max(value, b.held[at] ?? 0)),
    matches: a.matches.map((value, at) => Math.max(value, b.matches[at] ?? 0)),
  };
}

/** Where the document's first passage starts. */
function firstStart(index: SearchIndex, passage: Passage | undefined): number {
  const document = index.documents.get(passage?.documentId ?? '');
  return document?.sections.find(({ blocks }) => blocks.length > 0)?.blocks[0]?.start ?? 0;
}

/** Min–max scaling; a constant list scales to 0. */
function scaler(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return (value) => (span === 0 ? 0 : (value - low) / span);
}
