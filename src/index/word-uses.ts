/** How a word was seen in the corpus: the basis of mending misspelt names. */
export interface Surface {
  readonly word: string;
  readonly termId: number;
  readonly count: number;
  /** How often it was capitalised where grammar does not ask for it. */
  readonly capitalised: number;
  /** How often it was written small. At the start of a sentence it counts as neither. */
  readonly small: number;
}

type Uses = Pick<Surface, 'count' | 'capitalised' | 'small'>;

/**
 * Whether the corpus uses the word as a name: written with a capital inside sentences, and small at most once in
 * ten times. ("Minister" and "peace" have capitals in titles, and are no names.)
 */
export function isNameLike({ count, capitalised, small }: Uses): boolean {
  return capitalised > 0 && small * 10 <= count;
}

/** The terms used as names, all words of a term together: "Governments" in a title makes no name of "government". */
export function nameTerms(surfaces: readonly Surface[]): Set<number> {
  const uses = new Map<number, Uses>();
  for (const { termId, count, capitalised, small } of surfaces) {
    const before = uses.get(termId) ?? { count: 0, capitalised: 0, small: 0 };
    uses.set(termId, {
      count: before.count + count,
      capitalised: before.capitalised + capitalised,
      small: before.small + small,
    });
  }
  return new Set([...uses].flatMap(([termId, use]) => (isNameLike(use) ? [termId] : [])));
}

/** What stands before a word inside a sentence. */
const INSIDE = /[\p{L}\p{N},;)]['’”"]? ['‘“"(]?$|\($/u;

/** Counts the words of texts as they are read. */
export class SurfaceCounter {
  readonly #surfaces = new Map<string, { -readonly [key in keyof Surface]: Surface[key] }>();

  add(
    text: string,
    word: { readonly folded: string; readonly start: number; readonly capitalised: boolean },
    termId: number,
  ): void {
    const surface = this.#surfaces.get(word.folded) ?? {
      word: word.folded,
      termId,
      count: 0,
      capitalised: 0,
      small: 0,
    };
    surface.count += 1;
    if (!word.capitalised) surface.small += 1;
    else if (INSIDE.test(text.slice(Math.max(0, word.start - 4), word.start))) {
      surface.capitalised += 1;
    }
    this.#surfaces.set(word.folded, surface);
  }

  /** In the order in which the words were first seen. */
  all(): Surface[] {
    return [...this.#surfaces.values()];
  }
}

/** Five entries a surface, to keep the file small. */
export function encodeSurfaces(surfaces: readonly Surface[]): (string | number)[] {
  return surfaces.flatMap((s) => [s.word, s.termId, s.count, s.capitalised, s.small]);
}

export function decodeSurfaces(entries: readonly (string | number)[]): Surface[] {
  const surfaces: Surface[] = [];
  for (let at = 0; at < entries.length; at += 5) {
    surfaces.push({
      word: String(entries[at]),
      termId: Number(entries[at + 1]),
      count: Number(entries[at + 2]),
      capitalised: Number(entries[at + 3]),
      small: Number(entries[at + 4]),
    });
  }
  return surfaces;
}
