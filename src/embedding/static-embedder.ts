import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Embedder, TokenTable } from './types.ts';
import { toUnitVector } from './unit-vector.ts';
import type { WordPiece } from './word-piece.ts';

/** Passages embedded before others get their turn on the event loop: about 10 ms of work. */
const PASSAGES_A_TURN = 128;

/**
 * A model whose token vectors do not depend on context: the vector of a text is the sum of its tokens' rows, scaled
 * to length 1. Summing here instead of in the graph saves a [tokens, dimensions] tensor a text.
 */
export class StaticEmbedder implements Embedder {
  readonly id: string;
  readonly digest: string;
  readonly dimensions: number;
  readonly tokenTable: TokenTable;
  readonly #rows: Float32Array;
  readonly #wordPiece: WordPiece;

  /**
   * @param model.rows [vocabulary size × dimensions], row-major; rows of special tokens are zero
   */
  constructor(model: {
    id: string;
    digest: string;
    dimensions: number;
    rows: Float32Array;
    wordPiece: WordPiece;
    specialIds: ReadonlySet<number>;
  }) {
    this.id = model.id;
    this.digest = model.digest;
    this.dimensions = model.dimensions;
    this.#rows = model.rows;
    this.#wordPiece = model.wordPiece;
    const views: Float32Array[] = [];
    this.tokenTable = {
      tokenise: (text) => model.wordPiece.encode(text).filter((id) => !model.specialIds.has(id)),
      vector: (tokenId) =>
        (views[tokenId] ??= model.rows.subarray(
          tokenId * model.dimensions,
          (tokenId + 1) * model.dimensions,
        )),
    };
  }

  async embedPassages(texts: readonly string[]): Promise<Float32Array[]> {
    const out: Float32Array[] = [];
    for (const text of texts) {
      if (out.length > 0 && out.length % PASSAGES_A_TURN === 0) await nextTurn();
      out.push(this.#embed(text));
    }
    return out;
  }

  embedQuestion(text: string): Promise<Float32Array> {
    return Promise.resolve(this.#embed(text));
  }

  #embed(text: string): Float32Array {
    const sum = new Float32Array(this.dimensions);
    const rows = this.#rows;
    for (const tokenId of this.#wordPiece.encode(text)) {
      let at = tokenId * sum.length;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (rows[at++] ?? 0);
    }
    return toUnitVector(sum, { model: this.id, dimensions: this.dimensions });
  }
}
