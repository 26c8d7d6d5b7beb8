/**
 * A generation consists of one segment, its base, or of a base and a small addition: then some documents of the base are gone
 * and those of the addition have their places among the rest. Both are indexes of the same form, each complete in itself.
 */

/** A base, and an addition if there is one. */
export type Segments<Part> = readonly [base: Part, ...addition: Part[]];

/** What an addition changes. */
export interface Change {
  /** Positions in the base of the documents that are gone, ascending. */
  readonly removed: number[];
  /** Positions in the whole corpus of the addition's documents, ascending. */
  readonly places: number[];
}

export const NO_CHANGE: Change = { removed: [], places: [] };

/**
 * What has changed since a base was built; null when documents that are the same have changed their order.
 *
 * @param base keys of its documents in their order; a key tells everything that an index has of a document
 * @param now keys of the documents of today
 */
export function changeSince(base: readonly string[], now: readonly string[]): Change | null {
  const positions = new Map(base.map((key, position) => [key, position]));
  const places: number[] = [];
  const kept = new Set<number>();
  let last = -1;
  for (const [place, key] of now.entries()) {
    const position = positions.get(key);
    if (position === undefined) places.push(place);
    else if (position <= last) return null;
    else kept.add((last = position));
  }
  return { places, removed: [...base.keys()].filter((position) => !kept.has(position)) };
}

/** A document or a passage: the segment that has it, and its position there. */
export interface Place {
  readonly segment: number;
  readonly position: number;
}

/** The documents of both segments in the order of the corpus. */
export function documentPlaces(baseCount: number, { removed, places }: Change): Place[] {
  const gone = new Set(removed);
  const all: Place[] = [];
  let added = 0;
  const addHere = (): void => {
    for (; places[added] === all.length; added += 1) all.push({ segment: 1, position: added });
  };
  for (let position = 0; position < baseCount; position += 1) {
    addHere();
    if (!gone.has(position)) all.push({ segment: 0, position });
  }
  addHere();
  return all;
}

/** Which passage of which segment has which ordinal, the position among the passages of the whole corpus. */
export class Layout {
  /** By ordinal. */
  readonly #segments: Uint8Array;
  readonly #positions: Uint32Array;
  /** By segment and position in it: the ordinal; -1 for a passage that is gone. */
  readonly ordinals: readonly Int32Array[];

  /**
   * @param documents in the order of the corpus
   * @param starts by segment and document the position of its first passage, and the number of all at the end
   */
  constructor(documents: readonly Place[], starts: readonly Uint32Array[]) {
    const segments: number[] = [];
    const positions: number[] = [];
    this.ordinals = starts.map((own) => new Int32Array(own.at(-1) ?? 0).fill(-1));
    for (const { segment, position } of documents) {
      const end = starts[segment]?.[position + 1] ?? 0;
      const ordinals = this.ordinals[segment];
      for (let passage = starts[segment]?.[position] ?? 0; passage < end; passage += 1) {
        if (ordinals !== undefined) ordinals[passage] = positions.length;
        segments.push(segment);
        positions.push(passage);
      }
    }
    this.#segments = Uint8Array.from(segments);
    this.#positions = Uint32Array.from(positions);
  }

  /** Of a base alone. */
  static ofPassages(count: number): Layout {
    return new Layout([{ segment: 0, position: 0 }], [Uint32Array.of(0, count)]);
  }

  /** Number of passages. */
  get length(): number {
    return this.#positions.length;
  }

  segmentOf(ordinal: number): number {
    return this.#segments[ordinal] ?? 0;
  }

  /** In its segment. */
  positionOf(ordinal: number): number {
    return this.#positions[ordinal] ?? 0;
  }
}
