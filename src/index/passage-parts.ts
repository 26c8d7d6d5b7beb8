/** What ranking compares with a question: terms of the parts of each passage, and vectors of its sentences. */
import { LRUCache } from 'lru-cache';
import type { Document, Passage } from '../corpus/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf, termsOf } from '../language/terms.ts';
import { float32Of, GrowingUint32Array, pack, uint32Of, uint8Of, unpack } from './file-formats.ts';
import type { LexicalIndex } from './lexical.ts';

/** An expected question with the passage and the sentence that answer it. */
export interface PlacedQuestion {
  readonly question: string;
  /** Of the passage. */
  readonly ordinal: number;
  /** Position of the sentence in the passage. */
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

export interface PartSources {
  readonly passages: readonly Passage[];
  readonly expected: readonly PlacedQuestion[];
  readonly names: NameTable;
  readonly lexical: LexicalIndex;
}

/**
 * For each passage the lexical term ids of its parts, which are its search header and then its sentences; for each
 * expected question its passage and sentence. Read by {@link PassageParts}.
 */
export function buildPassageParts({ passages, expected, names, lexical }: PartSources): Uint8Array {
  const partStarts = new GrowingUint32Array();
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
    partStarts.push(termStarts.length);
    let header = headers.get(passage.header);
    if (header === undefined) {
      header = termIdsOf(passage.header);
      headers.set(passage.header, header);
    }
    const sentences = passage.sentences.map(({ start, end }) =>
      termIdsOf(passage.text.slice(start, end)),
    );
    for (const part of [header, ...sentences]) {
      termStarts.push(terms.length);
      for (const id of part) terms.push(id);
    }
  }
  partStarts.push(termStarts.length);
  termStarts.push(terms.length);
  return pack({
    header: null,
    arrays: {
      partStarts: partStarts.toArray(),
      termStarts: termStarts.toArray(),
      terms: terms.toArray(),
      expectedPassages: Uint32Array.from(expected, ({ ordinal }) => ordinal),
      expectedSentences: Uint32Array.from(expected, ({ sentence }) => sentence),
    },
  });
}

/** Passages whose sentences stay in memory: the same few thousand answer most questions. */
const CACHED_PASSAGES = 5000;

/** Reads what {@link buildPassageParts} wrote. Term lists are views of the file's arrays and must not be changed. */
export class PassageParts {
  /** By expected question: ordinal of the passage that answers it, ascending. */
  readonly expectedPassages: Uint32Array;
  /** By expected question: position of the answering sentence in its passage. */
  readonly expectedSentences: Uint32Array;
  readonly #partStarts: Uint32Array;
  readonly #termStarts: Uint32Array;
  readonly #terms: Uint32Array;
  readonly #sentences = new LRUCache<number, readonly Uint32Array[]>({
    max: CACHED_PASSAGES,
    memoMethod: (ordinal) => {
      const first = (this.#partStarts[ordinal] ?? 0) + 1;
      const end = this.#partStarts[ordinal + 1] ?? 0;
      return Array.from({ length: Math.max(0, end - first) }, (_, i) => this.#part(first + i));
    },
  });

  constructor(bytes: Uint8Array) {
    const packed = unpack(bytes);
    this.#partStarts = uint32Of(packed, 'partStarts');
    this.#termStarts = uint32Of(packed, 'termStarts');
    this.#terms = uint32Of(packed, 'terms');
    this.expectedPassages = uint32Of(packed, 'expectedPassages');
    this.expectedSentences = uint32Of(packed, 'expectedSentences');
  }

  /** Term ids of the passage's search header. */
  header(ordinal: number): Uint32Array {
    return this.#part(this.#partStarts[ordinal] ?? 0);
  }

  /** Term ids of each of the passage's sentences, in order. The same arrays each time while they are cached. */
  sentences(ordinal: number): readonly Uint32Array[] {
    return this.#sentences.memo(ordinal);
  }

  #part(part: number): Uint32Array {
    return this.#terms.subarray(this.#termStarts[part], this.#termStarts[part + 1]);
  }
}

/** A vector with one byte per dimension: `values` × `scale`. */
export interface Int8Vector {
  readonly scale: number;
  readonly values: Int8Array;
}

/** Rounds to 127 steps of the largest component; the cosine to the original stays above .999. */
export function quantise(vector: Float32Array): Int8Vector {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 127 || 1;
  return { scale, values: Int8Array.from(vector, (value) => Math.round(value / scale)) };
}

/** Packs the sentence vectors of all passages, in order. Read by {@link SentenceVectors}. */
export function packSentences(
  passages: readonly (readonly Int8Vector[])[],
  dimensions: number,
): Uint8Array {
  const starts = new Uint32Array(passages.length + 1);
  passages.forEach((sentences, i) => {
    starts[i + 1] = (starts[i] ?? 0) + sentences.length;
  });
  const all = passages.flat();
  const data = new Uint8Array(all.length * dimensions);
  all.forEach(({ values }, i) => {
    data.set(new Uint8Array(values.buffer, values.byteOffset, values.length), i * dimensions);
  });
  const scales = Float32Array.from(all, ({ scale }) => scale);
  return pack({ header: { dimensions }, arrays: { starts, scales, data } });
}

/** Reads what {@link packSentences} wrote. */
export class SentenceVectors {
  readonly #dimensions: number;
  readonly #starts: Uint32Array;
  readonly #scales: Float32Array;
  readonly #data: Int8Array;

  constructor(bytes: Uint8Array) {
    const packed = unpack(bytes);
    this.#dimensions = (packed.header as { readonly dimensions: number }).dimensions;
    this.#starts = uint32Of(packed, 'starts');
    this.#scales = float32Of(packed, 'scales');
    const { buffer, byteOffset, length } = uint8Of(packed, 'data');
    this.#data = new Int8Array(buffer, byteOffset, length);
  }

  /** Cosine of a unit vector with each sentence of a passage, in order. */
  similarities(vector: Float32Array, ordinal: number): Float32Array {
    const first = this.#starts[ordinal] ?? 0;
    const end = this.#starts[ordinal + 1] ?? first;
    const cosines = new Float32Array(end - first);
    const data = this.#data;
    const dimensions = this.#dimensions;
    for (let sentence = first; sentence < end; sentence++) {
      const offset = sentence * dimensions;
      let sum = 0;
      for (let i = 0; i < dimensions; i++) {
        sum += (vector[i] as number) * (data[offset + i] as number);
      }
      cosines[sentence - first] = sum * (this.#scales[sentence] as number);
    }
    return cosines;
  }
}
