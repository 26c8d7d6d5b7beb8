import type { ModelProfile } from './model-profile.ts';
import { passageTokens, questionTokens } from './token-sequences.ts';
import type { TokenRules, TokenSpan } from './token-sequences.ts';
import type { PassageText } from './types.ts';
import { toUnitVector } from './unit-vector.ts';

/** A tokeniser and a graph, however they are run. */
export interface LoadedModel extends Omit<TokenRules, 'profile'> {
  /** Token states [tokens × dimensions], row-major, of one sequence. */
  readonly run: (ids: readonly number[]) => Promise<Float32Array>;
}

/**
 * Questions and passages to unit vectors. One text a run: with a quantised model the padding of a batch changes the
 * vectors of the texts in it (https://github.com/microsoft/onnxruntime/issues/8625), and a question has to be embedded
 * the same whatever is asked beside it.
 *
 * A sentence's vector is pooled from the states of its tokens in the run of its whole passage ("late chunking", Günther
 * et al. 2024, https://arxiv.org/abs/2409.04701): it knows who "he" was two sentences before, and costs no run of its own.
 */
export class Encoder {
  readonly #model: LoadedModel;
  readonly #profile: ModelProfile;
  readonly #expected: { model: string; dimensions: number };

  constructor(
    model: LoadedModel,
    profile: ModelProfile,
    expected: { model: string; dimensions: number },
  ) {
    this.#model = model;
    this.#profile = profile;
    this.#expected = expected;
  }

  /**
   * Unit vector of a question.
   *
   * @throws DragomanError MODEL when the graph gives something else than finite states of the model's dimensions
   */
  async question(text: string): Promise<Float32Array> {
    const ids = questionTokens(text, this.#rules());
    const states = await this.#model.run(ids);
    return this.#whole(states, ids.length);
  }

  /**
   * [1 + sentences × dimensions], row-major: the unit vector of the passage, then one for each sentence. A sentence of
   * which no token is left has the passage's.
   *
   * @throws DragomanError MODEL as `question`
   */
  async passage(passage: PassageText): Promise<Float32Array> {
    const { ids, spans } = passageTokens(passage, this.#rules());
    const states = await this.#model.run(ids);
    const whole = this.#whole(states, ids.length);
    const { dimensions } = this.#expected;
    const out = new Float32Array((1 + spans.length) * dimensions);
    out.set(whole);
    spans.forEach((span, i) => {
      const vector = span.start === span.end ? whole : this.#pooled(states, ids.length, span);
      out.set(vector, (1 + i) * dimensions);
    });
    return out;
  }

  #rules(): TokenRules {
    return { ...this.#model, profile: this.#profile };
  }

  #whole(states: Float32Array, tokens: number): Float32Array {
    const end = this.#profile.pooling === 'cls' ? 1 : tokens;
    return this.#pooled(states, tokens, { start: 0, end });
  }

  /** The mean of the states in the span, scaled to length 1; scaling makes their sum do as well. */
  #pooled(states: Float32Array, tokens: number, { start, end }: TokenSpan): Float32Array {
    // Not the configured size: a graph that gives another one is told from its vectors.
    const sum = new Float32Array(Math.floor(states.length / tokens));
    let at = start * sum.length;
    for (let token = start; token < end; token++) {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (states[at++] ?? NaN);
    }
    return toUnitVector(sum, this.#expected);
  }
}
