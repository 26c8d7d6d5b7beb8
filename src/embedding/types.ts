/** A passage as the model reads it. */
export interface PassageText {
  /** What stands before the sentences: title, headings, date. '' for none. */
  readonly header: string;
  readonly sentences: readonly string[];
}

export interface PassageVectors {
  /** Unit vector of header and sentences together. */
  readonly passage: Float32Array;
  /** Unit vectors, one a sentence, each read in the light of the whole passage. */
  readonly sentences: readonly Float32Array[];
}

/**
 * Text to unit vectors of `dimensions` finite numbers. Question and passage are told apart because some models (E5,
 * BGE) want different words before them.
 */
export interface Embedder {
  /** Model id as written in the settings, for example `bundled` or `Xenova/all-MiniLM-L6-v2`. */
  readonly id: string;
  /** sha256, hex, over the model's files and the encoding: two embedders with one digest give the same vectors. */
  readonly digest: string;
  readonly dimensions: number;
  /** Unit vectors of questions (also of expected questions), one each. */
  embedQuestions(texts: readonly string[]): Promise<Float32Array[]>;
  embedPassages(passages: readonly PassageText[]): Promise<PassageVectors[]>;
  /** Ends the worker; pending calls reject. */
  close(): Promise<void>;
}

/** How far the download of one file of a model is. */
export interface DownloadProgress {
  readonly file: string;
  readonly loadedBytes: number;
  /** 0 when the hub does not say. */
  readonly totalBytes: number;
}
