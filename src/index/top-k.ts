export interface Scored {
  readonly ordinal: number;
  readonly score: number;
}

/** The `k` best of any number of candidates, best first, ties by ordinal. */
export class TopK {
  readonly #k: number;
  /** Sorted: `k` is small (about 50) and most candidates fail the first comparison. */
  readonly #best: Scored[] = [];
  /** What a candidate must reach once there are `k`. */
  #least = -Infinity;

  constructor(k: number) {
    this.#k = k;
    if (k < 1) this.#least = Infinity;
  }

  offer(ordinal: number, score: number): void {
    if (score < this.#least) return;
    const best = this.#best;
    if (best.length === this.#k && !isBefore(ordinal, score, best.at(-1))) return;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(ordinal, score, best[middle])) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, { ordinal, score });
    if (best.length > this.#k) best.pop();
    if (best.length === this.#k) this.#least = best.at(-1)?.score ?? -Infinity;
  }

  best(): Scored[] {
    return this.#best;
  }
}

function isBefore(ordinal: number, score: number, other: Scored | undefined): boolean {
  if (other === undefined) return true;
  return score > other.score || (score === other.score && ordinal < other.ordinal);
}
