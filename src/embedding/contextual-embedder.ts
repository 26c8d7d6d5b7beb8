import type { FeatureExtractionPipeline } from '@xenova/transformers';

import type { ModelProfile } from './model-profile.ts';
import type { Embedder } from './types.ts';
import { toUnitVector } from './unit-vector.ts';

/**
 * Any sentence encoder run through the library's pipeline. One text a run: with a quantised model the padding of a
 * batch changes the vectors of the texts in it (https://github.com/microsoft/onnxruntime/issues/8625), and a question
 * has to be embedded exactly as the passages were.
 */
export class ContextualEmbedder implements Embedder {
  readonly id: string;
  readonly digest: string;
  readonly dimensions: number;
  readonly tokenTable = null;
  readonly #pipeline: FeatureExtractionPipeline;
  readonly #profile: ModelProfile;

  constructor(model: {
    id: string;
    digest: string;
    dimensions: number;
    pipeline: FeatureExtractionPipeline;
    profile: ModelProfile;
  }) {
    this.id = model.id;
    this.digest = model.digest;
    this.dimensions = model.dimensions;
    this.#pipeline = model.pipeline;
    this.#profile = model.profile;
  }

  async embedPassages(texts: readonly string[]): Promise<Float32Array[]> {
    const out: Float32Array[] = [];
    for (const text of texts) out.push(await this.#embed(this.#profile.passagePrefix + text));
    return out;
  }

  embedQuestion(text: string): Promise<Float32Array> {
    return this.#embed(this.#profile.questionPrefix + text);
  }

  async #embed(text: string): Promise<Float32Array> {
    const output = await this.#pipeline(text, { pooling: this.#profile.pooling });
    const vector = Float32Array.from(output.data as Float32Array);
    return toUnitVector(vector, { model: this.id, dimensions: this.dimensions });
  }
}
