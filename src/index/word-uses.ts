/** How the corpus uses and capitalises each word: what tells names from other words and corrects misspelt ones. */
export interface WordUse {
  readonly word: string;
  readonly termId: number;
  readonly count: number;
  /** How often it has a capital where grammar does not require one. */
  readonly capitalised: number;
  /** How often it is in lower case. A capital at the start of a sentence counts as neither. */
  readonly small: number;
}

type Counts = Pick<WordUse, 'count' | 'capitalised' | 'small'>;

/**
 * Whether the corpus uses the word as a name: with a capital inside sentences, and in lower case at most once in ten
 * times. "Minister" and "peace" have capitals in titles, and are not names.
 */
export function isNameLike({ count, capitalised, small }: Counts): boolean {
  return capitalised > 0 && small * 10 <= count;
}

/** Ids of the terms used as names, by all words of a term: "Governments" in a title does not make "government" a name. */
export function nameTerms(uses: readonly WordUse[]): Set<number> {
  const totals = new Map<number, Counts>();
  for (const { termId, count, capitalised, small } of uses) {
    const before = totals.get(termId) ?? { count: 0, capitalised: 0, small: 0 };
    totals.set(termId, {
      count: before.count + count,
      capitalised: before.capitalised + capitalised,
      small: before.small + small,
    });
  }
  return new Set([...totals].flatMap(([termId, counts]) => (isNameLike(counts) ? [termId] : [])));
}

/** What precedes a word inside a sentence. */
const INSIDE = /[\p{L}\p{N},;)]['’”"]? ['‘“"(]?$|\($/u;

/** Counts the words of texts. */
export class WordUseCounter {
  readonly #uses = new Map<string, { -readonly [key in keyof WordUse]: WordUse[key] }>();

  add(
    text: string,
    word: { readonly folded: string; readonly start: number; readonly capitalised: boolean },
    termId: number,
  ): void {
    const use = this.#uses.get(word.folded) ?? {
      word: word.folded,
      termId,
      count: 0,
      capitalised: 0,
      small: 0,
    };
    use.count += 1;
    if (!word.capitalised) use.small += 1;
    else if (INSIDE.test(text.slice(Math.max(0, word.start - 4), word.start))) use.capitalised += 1;
    this.#uses.set(word.folded, use);
  }

  /** In the order of first occurrence. */
  all(): WordUse[] {
    return [...this.#uses.values()];
  }
}

/** Five entries per use, which keeps the file small. */
export function encodeWordUses(uses: readonly WordUse[]): (string | number)[] {
  return uses.flatMap((use) => [use.word, use.termId, use.count, use.capitalised, use.small]);
}

export function decodeWordUses(entries: readonly (string | number)[]): WordUse[] {
  const uses: WordUse[] = [];
  for (let i = 0; i < entries.length; i += 5) {
    uses.push({
      word: String(entries[i]),
      termId: Number(entries[i + 1]),
      count: Number(entries[i + 2]),
      capitalised: Number(entries[i + 3]),
      small: Number(entries[i + 4]),
    });
  }
  return uses;
}
