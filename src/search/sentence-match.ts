import type { Passage } from '../corpus/types.ts';
import type { ExpectedUnits, Unit } from '../index/units.ts';
import { holdsKind, type AnswerKind } from '../language/answer-kinds.ts';
import type { AnswerNames } from './answer-names.ts';
import type { Alignment, Likeness } from './alignment.ts';
import type { Coverage } from './coverage.ts';
import type { Query } from './query.ts';

/** How well one sentence of a passage meets the question. All values 0 to 1. */
export interface SentenceMatch {
  /** Position in the passage's `sentences`. */
  readonly at: number;
  /** Share of the question's IDF mass that the sentence holds. */
  readonly coverage: number;
  /** Soft token alignment with the sentence. */
  readonly alignment: number;
  /** Cosine of the question and the mean of the sentence's token vectors, below 0 as 0. */
  readonly dense: number;
  /** Coverage and alignment on what the passage's header leaves open of the question. */
  readonly restCoverage: number;
  readonly restAlignment: number;
  /** Holds the kind of thing asked for: 1 or 0; 0.5 when the question asks for no certain kind. */
  readonly kind: number;
  /** 1 when a time, a length, a sum or another number is asked for and held. */
  readonly figure: number;
  /** 1 when a person, a place or a reason is asked for and held. */
  readonly name: number;
  /** The nearest of the questions that the sentence is expected to answer: mean of soft alignment both ways and cosine. */
  readonly expected: number;
  /** How much of the question that expected one says, by soft alignment. */
  readonly expectedSays: number;
  /** Weighted sum of the above: the sentences of one passage are ordered by it. */
  readonly score: number;
}

/** Weights of the above, learned by `npm run learn` (see weights.ts). */
export type SentenceWeights = Readonly<Record<(typeof SENTENCE_FEATURES)[number], number>>;

export const SENTENCE_FEATURES = [
  'coverage',
  'alignment',
  'dense',
  'restCoverage',
  'restAlignment',
  'figure',
  'name',
  'expected',
] as const satisfies readonly (keyof SentenceMatch)[];

const FIGURES: ReadonlySet<AnswerKind> = new Set([
  'time',
  'clock',
  'duration',
  'money',
  'percentage',
  'amount',
]);

export interface SentenceContext {
  readonly query: Query;
  readonly coverage: Coverage;
  readonly answerNames: AnswerNames;
  /** Null for a model without a token table. */
  readonly alignment: Alignment | null;
  readonly weights: SentenceWeights;
}

/** The units of a passage. */
export interface PassageUnits {
  readonly header: Unit;
  readonly sentences: readonly Unit[];
  readonly expected: ExpectedUnits;
}

export function matchSentences(
  passage: Passage,
  { header, sentences, expected }: PassageUnits,
  context: SentenceContext,
): SentenceMatch[] {
  const { query, coverage, alignment, weights } = context;
  // A passage without expected questions cannot have that part of the score; a threshold on it must mean the same.
  const total = SENTENCE_FEATURES.reduce((sum, name) => sum + weights[name], 0);
  const scale = expected.lengths.length > 0 ? 1 : total / (total - weights.expected);
  const nearest = alignment === null ? [] : nearestOf(expected, alignment);
  return sentences.map((unit, at) => {
    const span = passage.sentences[at];
    const text = span === undefined ? '' : passage.text.slice(span.start, span.end);
    const kind = query.kind === null ? 0.5 : Number(holds(text, unit, query.kind, context));
    const isFigure = query.kind !== null && FIGURES.has(query.kind);
    const match = {
      at,
      coverage: coverage.of(unit.terms),
      alignment: alignment?.of(unit.tokens) ?? 0,
      dense: Math.max(0, alignment?.cosine(unit.tokens, unit.length) ?? 0),
      restCoverage: coverage.beyond(unit.terms, header.terms),
      restAlignment: alignment?.beyond(unit.tokens, header.tokens) ?? 0,
      kind,
      figure: isFigure ? kind : 0,
      name: query.kind !== null && !isFigure ? kind : 0,
      expected: nearest[at]?.like ?? 0,
      expectedSays: nearest[at]?.says ?? 0,
      score: 0,
    };
    for (const name of SENTENCE_FEATURES) match.score += scale * weights[name] * match[name];
    return match;
  });
}

/** By sentence: the expected question most like the one asked. Sparse: not every sentence has one. */
function nearestOf(expected: ExpectedUnits, alignment: Alignment): Likeness[] {
  const nearest: Likeness[] = [];
  for (const [at, likeness] of alignment.likenesses(expected).entries()) {
    const sentence = expected.sentences[at] ?? 0;
    if (likeness.like > (nearest[sentence]?.like ?? 0)) nearest[sentence] = likeness;
  }
  return nearest;
}

/** Whether a sentence holds the kind asked for, apart from what the question itself names. */
function holds(
  text: string,
  unit: Unit,
  kind: AnswerKind,
  { query, answerNames }: SentenceContext,
): boolean {
  if (kind !== 'person' && kind !== 'place') return holdsKind(text, kind);
  const asked = new Set(query.terms.map(({ termId }) => termId));
  const names = kind === 'person' ? answerNames.persons : answerNames.places;
  if (unit.terms.some((term) => names.has(term) && !asked.has(term))) return true;
  // A corpus without front matter tells no names.
  return names.size === 0 && holdsKind(text, kind);
}
