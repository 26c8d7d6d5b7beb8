/**
 * Text to unit vectors. Query and passage are told apart because some models (E5, BGE) want a prefix.
 */
export interface Embedder {
  /** Model id as written in the settings, for example `bundled` or `Xenova/all-MiniLM-L6-v2`. */
  readonly id: string;
  /** sha256 over the model's files, hex: two embedders with one digest give the same vectors. */
  readonly digest: string;
  readonly dimensions: number;
  /**
   * Unit vectors, one for each text, each of `dimensions` finite numbers. A static model gives the zero vector for
   * a text of which it knows no token: similar to nothing.
   */
  embedPassages(texts: readonly string[]): Promise<Float32Array[]>;
  embedQuestion(text: string): Promise<Float32Array>;
  /** The model's token table, for models whose token vectors do not depend on context; else null. */
  readonly tokenTable: TokenTable | null;
}

/**
 * A static model seen token by token. The length of a token's vector says how much the token weighs
 * in the mean, so it doubles as an IDF-like weight.
 */
export interface TokenTable {
  /** Ids of the text's tokens, special tokens left out. */
  tokenise(text: string): number[];
  /** Raw (not normalised) vector of a token. A view: not to be written to. */
  vector(tokenId: number): Float32Array;
}
