import type { Document, Passage } from '../corpus/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf } from '../language/pairs.ts';
import { termsOf } from '../language/terms.ts';
import { AtHand } from './at-hand.ts';
import { GrowingUint32Array } from './growing-array.ts';
import type { LexicalIndex } from './lexical.ts';
import { pack, uint32Of, unpack } from './packed-file.ts';

/** An expected question with the passage, by ordinal, and the sentence of it that answer. */
export interface PlacedQuestion {
  readonly question: string;
  readonly ordinal: number;
  readonly sentence: number;
}

/** The expected questions of all documents, in the order of the passages that answer them. */
export function placeExpected(
  documents: readonly Pick<Document, 'id' | 'expected'>[],
  passages: readonly Passage[],
): PlacedQuestion[] {
  const byDocument = new Map(documents.map(({ id, expected }) => [id, expected]));
  return passages.flatMap(({ documentId, start, end, sentences }, ordinal) =>
    (byDocument.get(documentId) ?? [])
      .filter(({ offset }) => start <= offset && offset < end)
      .map(({ question, offset }) => ({
        question,
        ordinal,
        sentence: Math.max(
          0,
          sentences.findIndex((sentence) => offset - start < sentence.end),
        ),
      })),
  );
}

export interface UnitSources {
  readonly passages: readonly Passage[];
  readonly expected: readonly PlacedQuestion[];
  readonly names: NameTable;
  readonly lexical: LexicalIndex;
}

/**
 * What ranking compares a question with, computed once per build: for each passage the lexical term ids of its search
 * header and of its sentences ("units", in this order), and for each expected question its passage and sentence.
 */
export function buildUnits({ passages, expected, names, lexical }: UnitSources): Uint8Array {
  const unitStarts = new GrowingUint32Array();
  const termStarts = new GrowingUint32Array();
  const terms = new GrowingUint32Array();
  const headers = new Map<string, number[]>();
  const termIdsOf = (text: string): number[] => {
    const uses = termsOf(text, names);
    return [...uses, ...pairsOf(uses, text)]
      .map(({ term }) => lexical.termId(term))
      .filter((id) => id !== null);
  };
  for (const passage of passages) {
    unitStarts.push(termStarts.length);
    let header = headers.get(passage.header);
    if (header === undefined) {
      header = termIdsOf(passage.header);
      headers.set(passage.header, header);
    }
    const sentences = passage.sentences.map(({ start, end }) =>
      termIdsOf(passage.text.slice(start, end)),
    );
    for (const unit of [header, ...sentences]) {
      termStarts.push(terms.length);
      for (const id of unit) terms.push(id);
    }
  }
  unitStarts.push(termStarts.length);
  termStarts.push(terms.length);
  return pack({
    header: null,
    arrays: {
      unitStarts: unitStarts.toArray(),
      termStarts: termStarts.toArray(),
      terms: terms.toArray(),
      expectedPassages: Uint32Array.from(expected, ({ ordinal }) => ordinal),
      expectedSentences: Uint32Array.from(expected, ({ sentence }) => sentence),
    },
  });
}

/** Passages whose units stay in memory: the same few thousand answer most questions. */
const CACHED_PASSAGES = 5000;

/** Reads what {@link buildUnits} wrote. Term lists are views into the packed arrays: not to be written to. */
export class UnitTable {
  /** By expected question: ordinal of the passage that answers it, ascending. */
  readonly expectedPassages: Uint32Array;
  /** By expected question: position of the answering sentence in its passage. */
  readonly expectedSentences: Uint32Array;
  readonly #unitStarts: Uint32Array;
  readonly #termStarts: Uint32Array;
  readonly #terms: Uint32Array;
  readonly #sentences = new AtHand<number, readonly Uint32Array[]>(CACHED_PASSAGES);

  constructor(bytes: Uint8Array) {
    const packed = unpack(bytes);
    this.#unitStarts = uint32Of(packed, 'unitStarts');
    this.#termStarts = uint32Of(packed, 'termStarts');
    this.#terms = uint32Of(packed, 'terms');
    this.expectedPassages = uint32Of(packed, 'expectedPassages');
    this.expectedSentences = uint32Of(packed, 'expectedSentences');
  }

  /** Term ids of the passage's search header. */
  header(ordinal: number): Uint32Array {
    return this.#unit(this.#unitStarts[ordinal] ?? 0);
  }

  /** Term ids of each of the passage's sentences, in order. */
  sentences(ordinal: number): readonly Uint32Array[] {
    return this.#sentences.get(ordinal, () => {
      const first = (this.#unitStarts[ordinal] ?? 0) + 1;
      const end = this.#unitStarts[ordinal + 1] ?? 0;
      return Array.from({ length: Math.max(0, end - first) }, (_, i) => this.#unit(first + i));
    });
  }

  #unit(unit: number): Uint32Array {
    return this.#terms.subarray(this.#termStarts[unit], this.#termStarts[unit + 1]);
  }
}
