import type { TokenSpace } from './token-space.ts';

/** Other questions whose cosine is below this share of the best one's are compared by the cosine alone, which costs least. */
const NEAR = 0.6;

/** Questions one after the other: question `at` has the tokens from `starts[at]` to `starts[at + 1]`. */
export interface QuestionTexts {
  readonly tokens: Uint32Array;
  readonly starts: Uint32Array;
  /** By question: the length of the sum of its tokens' vectors. */
  readonly lengths: Float32Array;
}

/** How one question compares with another, 0 to 1. */
export interface Likeness {
  /** How much of the question the other one says: soft alignment. */
  readonly says: number;
  /** How much they ask the same: mean of the cosine and of the geometric mean of soft alignment both ways. */
  readonly like: number;
}

/**
 * Soft token alignment: each token of the question is held against the token of a text that is nearest to it.
 * The score of a text is the mean of those cosines, squared (below 0 counts as 0), weighted by the length of the
 * question token's vector, which a static model learns to be large for telling words.
 */
export class Alignment {
  readonly #weights: Float32Array;
  readonly #totalWeight: number;
  /** One for each distinct token of the question: cosines by column. */
  readonly #rows: readonly Float32Array[];
  /** Dot product of the sum of the question's vectors and each token's, by column. */
  readonly #dots: Float32Array;
  /** Length of that sum. */
  readonly #length: number;
  /** Highest cosine of each token with one of the question's, by column. */
  readonly #highest: Float32Array;
  /** By column. */
  readonly #lengths: Float32Array;
  readonly #columns: ReadonlyMap<Uint32Array, Uint32Array>;
  readonly #best = new Map<Uint32Array, Float32Array>();

  /**
   * @param question token ids of the question
   * @param texts token ids of every text that will be scored; the methods below take no others
   */
  constructor(space: TokenSpace, question: readonly number[], texts: readonly Uint32Array[]) {
    const counts = new Map<number, number>();
    for (const token of question) {
      const column = space.column(token);
      counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    const own = [...counts.keys()];
    this.#columns = new Map(texts.map((text) => [text, space.columns(text)] as const));
    this.#weights = Float32Array.from(own, (column) => space.length(column));
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0);
    this.#rows = own.map((column) => space.row(column));
    this.#dots = new Float32Array(space.count);
    this.#highest = new Float32Array(space.count);
    this.#lengths = new Float32Array(space.count);
    const met = distinct([...this.#columns.values(), Uint32Array.from(own)], space.count);
    for (const column of met) this.#lengths[column] = space.length(column);
    // The question's vector is the sum of its tokens', so its products with others are sums too.
    this.#rows.forEach((row, at) => {
      const column = own[at] as number;
      const weight = (this.#weights[at] as number) * (counts.get(column) ?? 0);
      space.fill(row, column, met);
      for (const other of met) {
        const cosine = row[other] as number;
        this.#dots[other] =
          (this.#dots[other] as number) + weight * cosine * (this.#lengths[other] as number);
        if (cosine > (this.#highest[other] as number)) this.#highest[other] = cosine;
      }
    });
    const squared = own.reduce(
      (sum, column) => sum + (counts.get(column) ?? 0) * (this.#dots[column] as number),
      0,
    );
    this.#length = Math.sqrt(Math.max(0, squared));
  }

  /** Best squared cosine of each question token with a text's, written into `best` where it is better. */
  raise(best: Float32Array, text: Uint32Array): void {
    const own = this.#bestOf(text);
    for (let at = 0; at < own.length; at++) {
      const value = own[at] as number;
      if (value > (best[at] as number)) best[at] = value;
    }
  }

  /** An empty list for {@link raise}. */
  none(): Float32Array {
    return new Float32Array(this.#weights.length);
  }

  /** Weighted mean of the best squared cosines, 0 to 1. */
  score(best: Float32Array): number {
    if (this.#totalWeight === 0) return 0;
    let sum = 0;
    for (let at = 0; at < best.length; at++) sum += (this.#weights[at] ?? 0) * (best[at] ?? 0);
    return sum / this.#totalWeight;
  }

  /** The largest share of the total weight that one token leaves unmatched, 0 to 1. */
  hole(best: Float32Array): number {
    if (this.#totalWeight === 0) return 0;
    let largest = 0;
    for (let at = 0; at < best.length; at++) {
      largest = Math.max(largest, (this.#weights[at] ?? 0) * (1 - (best[at] ?? 0)));
    }
    return largest / this.#totalWeight;
  }

  /** The score of one text alone. */
  of(text: Uint32Array): number {
    return this.score(this.#bestOf(text));
  }

  /** The score of a text on what another one, its header, leaves open. 0 when nothing is left. */
  beyond(text: Uint32Array, header: Uint32Array): number {
    const own = this.#bestOf(text);
    const given = this.#bestOf(header);
    let sum = 0;
    let total = 0;
    for (let at = 0; at < own.length; at++) {
      const weight = (this.#weights[at] ?? 0) * (1 - (given[at] ?? 0));
      sum += weight * (own[at] ?? 0);
      total += weight;
    }
    return total === 0 ? 0 : sum / total;
  }

  /** Cosine of the question and a text: `length` is that of the sum of the text's token vectors. */
  cosine(text: Uint32Array, length: number): number {
    return this.#cosine(this.#columnsOf(text), length);
  }

  /** Compares the question with each of other questions, given one after the other in one announced text. */
  likenesses({ tokens, starts, lengths }: QuestionTexts): Likeness[] {
    const columns = this.#columnsOf(tokens);
    const cosines = lengths.map((length, at) =>
      Math.max(0, this.#cosine(columns, length, starts[at], starts[at + 1])),
    );
    const near = NEAR * Math.max(0, ...cosines);
    return Array.from(cosines, (cosine, at) => {
      if (cosine < near || cosine === 0) return { says: 0, like: cosine / 2 };
      const own = columns.subarray(starts[at], starts[at + 1]);
      const says = this.#says(own);
      return { says, like: (Math.sqrt(says * this.#saidBack(own)) + cosine) / 2 };
    });
  }

  #cosine(columns: Uint32Array, length: number, start = 0, end = columns.length): number {
    if (length === 0 || this.#length === 0) return 0;
    let sum = 0;
    for (let at = start; at < end; at++) sum += this.#dots[columns[at] as number] as number;
    return sum / (length * this.#length);
  }

  /** The score of a text, as {@link of} gives it, by its columns. */
  #says(columns: Uint32Array): number {
    if (this.#totalWeight === 0) return 0;
    let sum = 0;
    for (let at = 0; at < this.#rows.length; at++) {
      sum += (this.#weights[at] as number) * highestOf(this.#rows[at] as Float32Array, columns);
    }
    return sum / this.#totalWeight;
  }

  /** The same score the other way round: how much of the text the question says. */
  #saidBack(columns: Uint32Array): number {
    let sum = 0;
    let total = 0;
    for (const column of columns) {
      const weight = this.#lengths[column] as number;
      sum += weight * (this.#highest[column] as number) ** 2;
      total += weight;
    }
    return total === 0 ? 0 : sum / total;
  }

  /** Remembered: a sentence is scored alone and as a part of its passage. */
  #bestOf(text: Uint32Array): Float32Array {
    const known = this.#best.get(text);
    if (known !== undefined) return known;
    const columns = this.#columnsOf(text);
    const best = new Float32Array(this.#rows.length);
    for (let at = 0; at < best.length; at++) {
      best[at] = highestOf(this.#rows[at] as Float32Array, columns);
    }
    this.#best.set(text, best);
    return best;
  }

  #columnsOf(text: Uint32Array): Uint32Array {
    const columns = this.#columns.get(text);
    if (columns === undefined) throw new Error('A text to align was not announced.');
    return columns;
  }
}

/** The highest cosine of a question's token with those of a text, squared; below 0 counts as 0. */
function highestOf(row: Float32Array, columns: Uint32Array): number {
  let highest = 0;
  for (const column of columns) {
    const cosine = row[column] as number;
    if (cosine > highest) highest = cosine;
  }
  return highest * highest;
}

/** Each column once, ascending: rows are then read from front to back. */
function distinct(texts: Iterable<Uint32Array>, count: number): Uint32Array {
  const seen = new Uint8Array(count);
  let left = 0;
  for (const columns of texts) {
    for (const column of columns) {
      left += 1 - (seen[column] as number);
      seen[column] = 1;
    }
  }
  const each = new Uint32Array(left);
  for (let column = count - 1; left > 0; column--) if (seen[column] === 1) each[--left] = column;
  return each;
}
