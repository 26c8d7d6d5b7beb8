/**
 * Passages by their ordinals: of which segment each is, which of them hold a term, how much it weighs in each, and the best
 * passages of several terms.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** kernels.wat, compiled: `wat2wasm` of https://github.com/WebAssembly/wabt gives these bytes. */
const MODULE = new WebAssembly.Module(
  Buffer.from(
    'AGFzbQEAAAABHwRgBH9/f38AYAV/f39/fwBgBX9/f31/AGADf399AX8DBQQAAQIDBQMBAAEHJgUGbWVtb3J5AgAEZG90cwAABHNjYW4AAQNhZGQAAgVh' +
      'Ym92ZQADCtgFBI0CAgF/BHsCQANAIAFFDQH9DAAAAAAAAAAAAAAAAAAAAAAhBf0MAAAAAAAAAAAAAAAAAAAAACEGQQAhBANAIAAgBGr9AAQAIQcgB/2H' +
      'ASEIIAUgCP2nAf36ASAEQQJ0/QAEAP3mAf3kASEFIAYgCP2oAf36ASAEQQJ0/QAEEP3mAf3kASEGIAf9iAEhCCAFIAj9pwH9+gEgBEECdP0ABCD95gH9' +
      '5AEhBSAGIAj9qAH9+gEgBEECdP0ABDD95gH95AEhBiAEQRBqIgQgAkkNAAsgBSAG/eQBIQUgAyAF/R8AIAX9HwGSIAX9HwIgBf0fA5KSOAIAIAAgAmoh' +
      'ACADQQRqIQMgAUEBayEBDAALCwuCAgICfwN7AkADQCABRQ0B/QwAAAAAAAAAAAAAAAAAAAAAIQf9DAAAAAAAAAAAAAAAAAAAAAAhCEEAIQYgACACaiEF' +
      'A0AgAP0ABAAhCSAHIAn9hwEgBv0ABAD9ugH9rgEhByAIIAn9iAEgBv0ABBD9ugH9rgEhCCAA/QAEECEJIAcgCf2HASAG/QAEIP26Af2uASEHIAggCf2I' +
      'ASAG/QAEMP26Af2uASEIIAZBwABqIQYgAEEgaiIAIAVJDQALIAcgCP2uASEHIAQgAyoCACAH/RsAIAf9GwFqIAf9GwIgB/0bA2pqspQ4AgAgA0EEaiED' +
      'IARBBGohBCABQQFrIQEMAAsLC0kBAn8gASACaiEGAkADQCABIAZPDQEgBCAAKAIAQQJ0aiEFIAUgBSoCACADIAEtAACzlJI4AgAgAEEEaiEAIAFBAWoh' +
      'AQwACwsLeQEBeyAC/RMhAwJAA0AgAEHAAGogAUsNASAA/QAEACAD/UQgAP0ABBAgA/1E/VAgAP0ABCAgA/1EIAD9AAQwIAP9RP1Q/VD9Uw0BIABBwABq' +
      'IQAMAAsLAkADQCAAIAFPDQEgACoCACACXg0BIABBBGohAAwACwsgAAs=',
    'base64',
  ),
);

const PAGE_BYTES = 65_536;

/** Functions over a memory of their own, whose arguments are places in it: see kernels.wat. */
export interface Kernels {
  readonly buffer: ArrayBuffer;
  dots(rows: number, count: number, dimensions: number, results: number): void;
  scan(rows: number, count: number, dimensions: number, scales: number, results: number): void;
  add(ordinals: number, impacts: number, count: number, factor: number, scores: number): void;
  above(from: number, end: number, least: number): number;
}

export function openKernels(bytes: number): Kernels {
  const { memory, ...kernels } = new WebAssembly.Instance(MODULE).exports as unknown as Omit<
    Kernels,
    'buffer'
  > & { readonly memory: WebAssembly.Memory };
  const missing = Math.ceil(bytes / PAGE_BYTES) - 1;
  if (missing > 0) memory.grow(missing);
  return { buffer: memory.buffer, ...kernels };
}

/** A base, and an addition if there is one. */
export type Segments<Part> = readonly [base: Part, ...addition: Part[]];

/** A document or a passage: the segment that has it, and its position there. */
export interface Place {
  readonly segment: number;
  readonly position: number;
}

/**
 * Which passage of which segment has which ordinal, the position among the passages of the whole corpus.
 *
 * @param documents in the order of the corpus
 * @param starts by segment and document the position of its first passage, and the number of all at the end
 */
export function layoutOf(documents: readonly Place[], starts: readonly Uint32Array[]) {
  const passages = documents.flatMap(({ segment, position }) => {
    const [first = 0, end = 0] = starts[segment]?.subarray(position, position + 2) ?? [];
    return Array.from({ length: end - first }, (_, at) => ({ segment, position: first + at }));
  });
  const segments = Uint8Array.from(passages, ({ segment }) => segment);
  const positions = Uint32Array.from(passages, ({ position }) => position);
  /** By segment and position in it: the ordinal; -1 for a passage that is gone. */
  const ordinals = starts.map((own) => new Int32Array(own.at(-1) ?? 0).fill(-1));
  passages.forEach(({ segment, position }, ordinal) =>
    ordinals[segment]?.fill(ordinal, position, position + 1),
  );
  return {
    length: passages.length,
    ordinals,
    segmentOf: (ordinal: number): number => segments[ordinal] ?? 0,
    /** In its segment. */
    positionOf: (ordinal: number): number => positions[ordinal] ?? 0,
  };
}

export type Layout = Readonly<ReturnType<typeof layoutOf>>;

/**
 * Parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), with the
 * usual k1. Ranking hardly depends on B and the weight of a word of the search header (docs/EXPERIMENTS.md).
 */
const K1 = 1.2;
const B = 0.5;

/** The term-frequency part of BM25, divided by k1 + 1, is in (0, 1); it is held in a byte. */
const IMPACT_STEPS = 255;

/** Weights of words are multiples of a tenth; a frequency above 25 adds nothing that can be told. */
export const FREQUENCY_STEPS = 10;

export interface PostingArrays {
  /** By term id: where its postings begin in `ordinals` and `frequencies`. */
  readonly offsets: Uint32Array;
  /** Of passages, ascending within a term. */
  readonly ordinals: Uint32Array;
  /** Weighted number of times that the passage has the term, in {@link FREQUENCY_STEPS}. */
  readonly frequencies: Uint8Array;
  /** Weighted number of words of each passage. */
  readonly lengths: Float32Array;
}

export interface WeightedTerm {
  readonly termId: number;
  readonly weight: number;
}

const CHUNK = 8192;
/** Memory of the kernel: ordinals and impacts of a chunk, then the score of each passage. */
const IMPACTS_AT = 4 * CHUNK;
const SCORES_AT = 5 * CHUNK;

export class Postings {
  readonly passageCount: number;
  readonly #arrays: PostingArrays;
  /** By passage: what a frequency is weighed against. It depends on the mean length of all passages. */
  readonly #saturations: Float64Array;
  /** Of the terms that have been asked for: a load need not work out those of all. */
  readonly #impacts: Uint8Array;
  readonly #hasImpacts: Uint8Array;
  readonly #kernels: Kernels;
  /** Views of the kernel's memory; scores are 0 between searches. */
  readonly #chunk: { readonly ordinals: Uint32Array; readonly impacts: Uint8Array };
  readonly #scores: Float32Array;

  constructor(arrays: PostingArrays) {
    this.#arrays = arrays;
    this.passageCount = arrays.lengths.length;
    this.#saturations = saturationsOf(arrays.lengths);
    this.#impacts = new Uint8Array(arrays.ordinals.length);
    this.#hasImpacts = new Uint8Array(arrays.offsets.length);
    this.#kernels = openKernels(SCORES_AT + 4 * this.passageCount);
    const { buffer } = this.#kernels;
    this.#chunk = {
      ordinals: new Uint32Array(buffer, 0, CHUNK),
      impacts: new Uint8Array(buffer, IMPACTS_AT, CHUNK),
    };
    this.#scores = new Float32Array(buffer, SCORES_AT, this.passageCount);
  }

  documentFrequency(termId: number): number {
    return (this.#arrays.offsets[termId + 1] ?? 0) - (this.#arrays.offsets[termId] ?? 0);
  }

  /** Inverse document frequency; highest for `null`, a term of no passage. */
  idf(termId: number | null): number {
    const frequency = termId === null ? 0 : this.documentFrequency(termId);
    return Math.log(1 + (this.passageCount - frequency + 0.5) / (frequency + 0.5));
  }

  /** Impact of the term in a passage, 0 (absent) to 1. */
  impact(termId: number, ordinal: number): number {
    const { offsets, ordinals } = this.#arrays;
    const end = offsets[termId + 1] ?? 0;
    let [low, high] = [offsets[termId] ?? 0, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ordinals[middle] as number) < ordinal) low = middle + 1;
      else high = middle;
    }
    const found = low < end && ordinals[low] === ordinal;
    return found ? this.#impactAt(low) / IMPACT_STEPS : 0;
  }

  /** BM25's weight of the frequency of a posting, in {@link IMPACT_STEPS}. */
  #impactAt(posting: number): number {
    const frequency = this.#arrays.frequencies[posting] as number;
    const saturation = this.#saturations[this.#arrays.ordinals[posting] as number] as number;
    return Math.max(1, Math.round((frequency / (frequency + saturation)) * IMPACT_STEPS));
  }

  /**
   * The best `k` passages by the sum of weight × idf × impact, best first, ties by ordinal.
   *
   * @param allowed 1 for each passage that may be returned; null for all
   */
  search(terms: readonly WeightedTerm[], k: number, allowed: Uint8Array | null = null): Scored[] {
    for (const { termId, weight } of terms) {
      this.#add(termId, (weight * this.idf(termId)) / IMPACT_STEPS);
    }
    const top = new TopK(k);
    const end = SCORES_AT + 4 * this.passageCount;
    // Passages come in the order of their ordinals, so of equal ones the later are never better.
    for (let from = SCORES_AT; ; from += 4) {
      from = this.#kernels.above(from, end, Math.max(0, top.least));
      if (from >= end) break;
      const ordinal = (from - SCORES_AT) / 4;
      if (allowed === null || allowed[ordinal] === 1) {
        top.offer(ordinal, this.#scores[ordinal] as number);
      }
    }
    this.#scores.fill(0);
    return top.best();
  }

  /** Adds factor × impact to the scores of the term's passages. */
  #add(termId: number, factor: number): void {
    const first = this.#arrays.offsets[termId] ?? 0;
    const end = this.#arrays.offsets[termId + 1] ?? 0;
    if (this.#hasImpacts[termId] !== 1) {
      for (let at = first; at < end; at += 1) this.#impacts[at] = this.#impactAt(at);
      this.#hasImpacts[termId] = 1;
    }
    for (let start = first; start < end; start += CHUNK) {
      const next = Math.min(end, start + CHUNK);
      this.#chunk.ordinals.set(this.#arrays.ordinals.subarray(start, next));
      this.#chunk.impacts.set(this.#impacts.subarray(start, next));
      this.#kernels.add(0, IMPACTS_AT, next - start, factor, SCORES_AT);
    }
  }
}

function saturationsOf(lengths: Float32Array): Float64Array {
  let sum = 0;
  for (const length of lengths) sum += length;
  const mean = sum / Math.max(1, lengths.length);
  // Not Float64Array.from with a function, which takes ten times as long.
  const saturations = new Float64Array(lengths.length);
  for (let at = 0; at < lengths.length; at += 1) {
    const length = lengths[at] as number;
    saturations[at] = FREQUENCY_STEPS * K1 * (1 - B + (B * length) / Math.max(1, mean));
  }
  return saturations;
}

/** After all ordinals. */
const LAST = 2 ** 31 - 1;
/** Merged before other work gets a turn: a running bot loads while it answers. */
const POSTINGS_PER_TURN = 1 << 20;

/**
 * The postings of both segments by ordinals of the whole corpus, without those of passages that are gone.
 *
 * @param terms of both segments together
 * @param ids positions in `terms` by the addition's own ids of terms
 */
export async function mergedPostings(
  base: PostingArrays,
  addition: PostingArrays,
  { terms, added: ids }: { terms: readonly string[]; added: Uint32Array },
  layout: Layout,
): Promise<PostingArrays> {
  const total = base.ordinals.length + addition.ordinals.length;
  const offsets = new Uint32Array(terms.length + 1);
  const ordinals = new Uint32Array(total);
  const frequencies = new Uint8Array(total);
  const ownIds = new Int32Array(terms.length).fill(-1);
  ids.forEach((id, own) => (ownIds[id] = own));
  const [ofBase, ofAddition] = layout.ordinals as [Int32Array, Int32Array];
  let count = 0;
  let pauseAt = POSTINGS_PER_TURN;
  for (let id = 0; id < terms.length; id += 1) {
    offsets[id] = count;
    if (count > pauseAt) {
      pauseAt = count + POSTINGS_PER_TURN;
      await nextTurn();
    }
    const own = ownIds[id] as number;
    // Of a term that the addition does not have, both are 0.
    let added = addition.offsets[own] ?? 0;
    const endAdded = addition.offsets[own + 1] as number;
    const end = base.offsets[id + 1] ?? 0;
    let next = base.offsets[id] ?? end;
    // Those of the base up to each of the addition, then the rest of them.
    for (; ; added += 1) {
      const other =
        added < endAdded ? (ofAddition[addition.ordinals[added] as number] as number) : LAST;
      for (; next < end; next += 1) {
        const one = ofBase[base.ordinals[next] as number] as number;
        if (one > other) break;
        if (one < 0) continue;
        ordinals[count] = one;
        frequencies[count++] = base.frequencies[next] as number;
      }
      if (added >= endAdded) break;
      ordinals[count] = other;
      frequencies[count++] = addition.frequencies[added] as number;
    }
  }
  offsets[terms.length] = count;
  const lengths = Float32Array.from({ length: layout.length }, (_, ordinal) => {
    const segment = layout.segmentOf(ordinal) === 0 ? base : addition;
    return segment.lengths[layout.positionOf(ordinal)] ?? 0;
  });
  const used = <A extends Uint8Array | Uint32Array>(array: A): A => array.subarray(0, count) as A;
  return { offsets, ordinals: used(ordinals), frequencies: used(frequencies), lengths };
}

export interface Scored {
  readonly ordinal: number;
  readonly score: number;
}

/** The `k` best of any number of candidates, best first, ties by ordinal. */
export class TopK {
  readonly #k: number;
  /** Sorted: `k` is small (about 50) and most candidates fail the first comparison. */
  readonly #ordinals: Float64Array;
  readonly #scores: Float64Array;
  #count = 0;
  /** The lowest of `k` scores; -Infinity while there are fewer. */
  least: number;

  constructor(k: number) {
    this.#k = Math.max(0, k);
    this.#ordinals = new Float64Array(this.#k);
    this.#scores = new Float64Array(this.#k);
    this.least = this.#k === 0 ? Infinity : -Infinity;
  }

  offer(ordinal: number, score: number): void {
    if (score < this.least) return;
    const ordinals = this.#ordinals;
    const scores = this.#scores;
    let at = this.#count;
    if (at === this.#k) {
      if (score === this.least && ordinal > (ordinals[at - 1] as number)) return;
      at -= 1;
    } else this.#count += 1;
    for (; at > 0; at -= 1) {
      const other = scores[at - 1] as number;
      if (other > score || (other === score && (ordinals[at - 1] as number) < ordinal)) break;
      scores[at] = other;
      ordinals[at] = ordinals[at - 1] as number;
    }
    scores[at] = score;
    ordinals[at] = ordinal;
    if (this.#count === this.#k) this.least = scores[this.#k - 1] as number;
  }

  best(): Scored[] {
    return Array.from({ length: this.#count }, (_, at) => ({
      ordinal: this.#ordinals[at] as number,
      score: this.#scores[at] as number,
    }));
  }
}
