/** A passage as the model reads it. */
export interface PassageText {
  /** Read before the sentences: title and headings. '' for none. */
  readonly header: string;
  readonly sentences: readonly string[];
}

export interface PassageVectors {
  /** Unit vector of header and sentences together. */
  readonly passage: Float32Array;
  /** Unit vectors, one per sentence, each in the context of the whole passage. */
  readonly sentences: readonly Float32Array[];
}

/**
 * Embeds texts as unit vectors of `dimensions` finite numbers. Questions and passages differ because some models (E5,
 * BGE) need different words before them.
 */
export interface Embedder {
  /** Model id as written in the settings, for example `bundled` or `Xenova/all-MiniLM-L6-v2`. */
  readonly id: string;
  /** sha256 in hex of the model's files and the encoding: embedders with equal digests give equal vectors. */
  readonly digest: string;
  readonly dimensions: number;
  /** One vector per question, also for expected questions. */
  embedQuestions(texts: readonly string[]): Promise<Float32Array[]>;
  embedPassages(passages: readonly PassageText[]): Promise<PassageVectors[]>;
  /** Ends the process of the model; pending calls reject. */
  close(): Promise<void>;
}

/** Progress of the download of one file of a model. */
export interface DownloadProgress {
  readonly file: string;
  readonly loadedBytes: number;
  /** 0 when the hub does not say. */
  readonly totalBytes: number;
}
