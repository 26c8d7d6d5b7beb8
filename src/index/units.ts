import type { Document, Passage } from '../corpus/types.ts';
import type { TokenTable } from '../embedding/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf } from '../language/pairs.ts';
import { termsOf } from '../language/terms.ts';
import { AtHand } from './at-hand.ts';
import { GrowingUint32Array } from './growing-array.ts';
import type { LexicalIndex } from './lexical.ts';
import { float32Of, pack, uint32Of, unpack } from './packed-file.ts';

export interface UnitSources {
  readonly documents: readonly Pick<Document, 'id' | 'expected'>[];
  readonly passages: readonly Passage[];
  readonly names: NameTable;
  readonly lexical: LexicalIndex;
  /** Null for a model whose token vectors depend on context. */
  readonly tokenTable: TokenTable | null;
}

/**
 * What the second stage compares a question with, worked out once per build: for each passage its search header,
 * its sentences and the questions that its keeper expects ("units", in this order), each as model token ids, all but
 * the questions as lexical term ids too.
 */
export function buildUnits({
  documents,
  passages,
  names,
  lexical,
  tokenTable,
}: UnitSources): Uint8Array {
  const unitStarts = new GrowingUint32Array();
  const expectedStarts = new GrowingUint32Array();
  const expectedSentences = new GrowingUint32Array();
  const termStarts = new GrowingUint32Array();
  const tokenStarts = new GrowingUint32Array();
  const terms = new GrowingUint32Array();
  const tokens = new GrowingUint32Array();
  const lengths: number[] = [];
  type Built = { readonly terms: number[]; readonly tokens: number[]; readonly length: number };
  const headers = new Map<string, Built>();
  const questionOf = (text: string): Built => {
    const tokens = tokenTable?.tokenise(text) ?? [];
    return {
      terms: [],
      tokens,
      length: tokenTable === null ? 0 : lengthOfSum(tokens, tokenTable),
    };
  };
  const unitOf = (text: string): Built => {
    const uses = termsOf(text, names);
    return {
      ...questionOf(text),
      terms: [...uses, ...pairsOf(uses, text)]
        .map(({ term }) => lexical.termId(term))
        .filter((id) => id !== null),
    };
  };
  let units = 0;
  // Questions are compared by their tokens; without a table there is nothing to compare by.
  const expectedOf = expectedByPassage(tokenTable === null ? [] : documents);
  for (const passage of passages) {
    unitStarts.push(units);
    let header = headers.get(passage.header);
    if (header === undefined) {
      header = unitOf(passage.header);
      headers.set(passage.header, header);
    }
    const sentences = passage.sentences.map(({ start, end }) =>
      unitOf(passage.text.slice(start, end)),
    );
    const expected = expectedOf(passage);
    expectedStarts.push(units + 1 + sentences.length);
    for (const { sentence } of expected) expectedSentences.push(sentence);
    const asked = expected.map(({ question }) => questionOf(question));
    for (const unit of [header, ...sentences, ...asked]) {
      termStarts.push(terms.length);
      tokenStarts.push(tokens.length);
      for (const id of unit.terms) terms.push(id);
      for (const id of unit.tokens) tokens.push(id);
      lengths.push(unit.length);
      units += 1;
    }
  }
  unitStarts.push(units);
  termStarts.push(terms.length);
  tokenStarts.push(tokens.length);
  return pack({
    header: null,
    arrays: {
      unitStarts: unitStarts.toArray(),
      expectedStarts: expectedStarts.toArray(),
      expectedSentences: expectedSentences.toArray(),
      termStarts: termStarts.toArray(),
      tokenStarts: tokenStarts.toArray(),
      terms: terms.toArray(),
      tokens: tokens.toArray(),
      lengths: Float32Array.from(lengths),
    },
  });
}

/** The expected questions of each passage, with the sentence of the passage that answers. */
function expectedByPassage(
  documents: UnitSources['documents'],
): (passage: Passage) => { readonly question: string; readonly sentence: number }[] {
  const expected = new Map(documents.map(({ id, expected }) => [id, expected]));
  return ({ documentId, start, end, sentences }) =>
    (expected.get(documentId) ?? [])
      .filter(({ offset }) => start <= offset && offset < end)
      .map(({ question, offset }) => ({
        question,
        sentence: Math.max(
          0,
          sentences.findIndex((sentence) => offset - start < sentence.end),
        ),
      }));
}

/** Length of the sum of the tokens' vectors. */
function lengthOfSum(tokens: readonly number[], table: TokenTable): number {
  const [first] = tokens;
  if (first === undefined) return 0;
  const sum = new Float64Array(table.vector(first).length);
  for (const token of tokens) {
    const vector = table.vector(token);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (vector[at] as number);
  }
  return Math.hypot(...sum);
}

/** Views into the packed arrays: not to be written to. */
export interface Unit {
  readonly terms: Uint32Array;
  readonly tokens: Uint32Array;
  /** Length of the sum of the tokens' vectors; 0 without a token table. */
  readonly length: number;
}

/** The questions that a passage is expected to answer, their tokens one after the other. */
export interface ExpectedUnits {
  readonly tokens: Uint32Array;
  /** By question: where its tokens begin; at the end, where the last one's end. */
  readonly starts: Uint32Array;
  /** By question: the length of the sum of its tokens' vectors. */
  readonly lengths: Float32Array;
  /** By question: position in the passage's sentences of the one that answers. */
  readonly sentences: Uint32Array;
}

/** Passages whose units stay at hand: the same few thousand answer most questions. */
const MOST_AT_HAND = 5000;

/** Reads what {@link buildUnits} wrote. */
export class UnitTable {
  readonly #unitStarts: Uint32Array;
  /** By passage: its first unit that is an expected question. */
  readonly #expectedStarts: Uint32Array;
  /** Of all expected questions, in order. */
  readonly #expectedSentences: Uint32Array;
  /** By passage: how many expected questions the passages before it have. */
  readonly #expectedBefore: Uint32Array;
  readonly #termStarts: Uint32Array;
  readonly #tokenStarts: Uint32Array;
  readonly #terms: Uint32Array;
  readonly #tokens: Uint32Array;
  readonly #lengths: Float32Array;
  readonly #headers = new AtHand<number, Unit>(MOST_AT_HAND);
  readonly #sentences = new AtHand<number, readonly Unit[]>(MOST_AT_HAND);
  readonly #expected = new AtHand<number, ExpectedUnits>(MOST_AT_HAND);

  constructor(bytes: Uint8Array) {
    const packed = unpack(bytes);
    this.#unitStarts = uint32Of(packed, 'unitStarts');
    this.#expectedStarts = uint32Of(packed, 'expectedStarts');
    this.#expectedSentences = uint32Of(packed, 'expectedSentences');
    this.#expectedBefore = new Uint32Array(this.#expectedStarts.length);
    let before = 0;
    for (let ordinal = 0; ordinal < this.#expectedBefore.length; ordinal++) {
      this.#expectedBefore[ordinal] = before;
      before += (this.#unitStarts[ordinal + 1] ?? 0) - (this.#expectedStarts[ordinal] ?? 0);
    }
    this.#termStarts = uint32Of(packed, 'termStarts');
    this.#tokenStarts = uint32Of(packed, 'tokenStarts');
    this.#terms = uint32Of(packed, 'terms');
    this.#tokens = uint32Of(packed, 'tokens');
    this.#lengths = float32Of(packed, 'lengths');
  }

  header(ordinal: number): Unit {
    return this.#headers.get(ordinal, () => this.#unit(this.#unitStarts[ordinal] ?? 0));
  }

  /** The passage's sentences in order. */
  sentences(ordinal: number): readonly Unit[] {
    return this.#sentences.get(ordinal, () => {
      const units: Unit[] = [];
      const end = this.#expectedStarts[ordinal] ?? 0;
      for (let unit = (this.#unitStarts[ordinal] ?? 0) + 1; unit < end; unit++) {
        units.push(this.#unit(unit));
      }
      return units;
    });
  }

  /** The questions that the passage is expected to answer. */
  expected(ordinal: number): ExpectedUnits {
    return this.#expected.get(ordinal, () => {
      const first = this.#expectedStarts[ordinal] ?? 0;
      const end = this.#unitStarts[ordinal + 1] ?? 0;
      const before = this.#expectedBefore[ordinal] ?? 0;
      const from = this.#tokenStarts[first] ?? 0;
      return {
        tokens: this.#tokens.subarray(from, this.#tokenStarts[end]),
        starts: this.#tokenStarts.slice(first, end + 1).map((start) => start - from),
        lengths: this.#lengths.subarray(first, end),
        sentences: this.#expectedSentences.subarray(before, before + end - first),
      };
    });
  }

  #unit(unit: number): Unit {
    return {
      terms: this.#terms.subarray(this.#termStarts[unit], this.#termStarts[unit + 1]),
      tokens: this.#tokens.subarray(this.#tokenStarts[unit], this.#tokenStarts[unit + 1]),
      length: this.#lengths[unit] ?? 0,
    };
  }
}
