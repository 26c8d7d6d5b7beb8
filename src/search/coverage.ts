import type { Query } from './query.ts';

/** Which of a question's terms texts hold, and the share of its IDF mass that they make up. */
export class Coverage {
  /** Term id → positions in the question's terms. */
  readonly #positions = new Map<number, number[]>();
  readonly #masses: readonly number[];
  readonly #total: number;
  readonly #held = new Map<Uint32Array, Uint8Array>();

  constructor({ terms }: Pick<Query, 'terms'>) {
    this.#masses = terms.map(({ idf, weight }) => idf * weight);
    this.#total = this.#masses.reduce((sum, mass) => sum + mass, 0);
    terms.forEach(({ termId }, at) => {
      if (termId === null) return;
      const positions = this.#positions.get(termId);
      if (positions === undefined) this.#positions.set(termId, [at]);
      else positions.push(at);
    });
  }

  /** A list for {@link raise}: 1 for each of the question's terms that is held. */
  none(): Uint8Array {
    return new Uint8Array(this.#masses.length);
  }

  /** Marks in `held` what a text holds. */
  raise(held: Uint8Array, text: Uint32Array): void {
    const own = this.#heldBy(text);
    for (let at = 0; at < own.length; at++) if (own[at] === 1) held[at] = 1;
  }

  /** Share of the question's IDF mass, 0 to 1. */
  share(held: Uint8Array): number {
    if (this.#total === 0) return 0;
    let sum = 0;
    for (let at = 0; at < held.length; at++) if (held[at] === 1) sum += this.#masses[at] ?? 0;
    return sum / this.#total;
  }

  /** Share of the question's IDF mass that one text holds. */
  of(text: Uint32Array): number {
    return this.share(this.#heldBy(text));
  }

  /** Share, held by a text, of the IDF mass that another one, its header, leaves open. */
  beyond(text: Uint32Array, header: Uint32Array): number {
    const own = this.#heldBy(text);
    const given = this.#heldBy(header);
    let sum = 0;
    let total = 0;
    for (let at = 0; at < own.length; at++) {
      if (given[at] === 1) continue;
      total += this.#masses[at] ?? 0;
      if (own[at] === 1) sum += this.#masses[at] ?? 0;
    }
    return total === 0 ? 0 : sum / total;
  }

  /** Remembered: a sentence is looked at alone and as a part of its passage. */
  #heldBy(text: Uint32Array): Uint8Array {
    const known = this.#held.get(text);
    if (known !== undefined) return known;
    const held = this.none();
    for (const term of text) {
      const positions = this.#positions.get(term);
      if (positions !== undefined) for (const at of positions) held[at] = 1;
    }
    this.#held.set(text, held);
    return held;
  }
}
