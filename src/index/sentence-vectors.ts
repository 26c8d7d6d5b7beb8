import { float32Of, pack, uint32Of, uint8Of, unpack } from './packed-file.ts';

/** A vector in one byte a dimension: `values` × `scale`. */
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

/** Packs the sentence vectors of all passages, in order. */
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
    for (let sentence = first; sentence < end; sentence++) {
      const offset = sentence * this.#dimensions;
      let sum = 0;
      for (let i = 0; i < this.#dimensions; i++) {
        sum += (vector[i] as number) * (this.#data[offset + i] as number);
      }
      cosines[sentence - first] = sum * (this.#scales[sentence] as number);
    }
    return cosines;
  }
}
