import { describe, expect, it } from 'vitest';

import { Encoder } from '../../src/embedding/encoder.ts';
import type { LoadedModel } from '../../src/embedding/encoder.ts';
import { profileOf } from '../../src/embedding/model-profile.ts';
import { DragomanError } from '../../src/errors.ts';

const plain = profileOf('someone/plain');
const expected = { model: 'some/model', dimensions: 2 };

/** A token a character; the state of token i with id t is [t, i]. */
function model(run?: LoadedModel['run']): LoadedModel {
  return {
    tokenise: (text) => Array.from(text, (character) => character.charCodeAt(0)),
    first: 1,
    last: 2,
    maxTokens: 8,
    run:
      run ??
      ((ids) => Promise.resolve(Float32Array.from(ids.flatMap((id, position) => [id, position])))),
  };
}

function unit(...numbers: number[]): number[] {
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}

function expectRows(vectors: Float32Array, rows: readonly (readonly number[])[]): void {
  const flat = rows.flat();
  expect(vectors).toHaveLength(flat.length);
  flat.forEach((number, i) => expect(vectors[i]).toBeCloseTo(number, 6));
}

describe('an encoder with mean pooling', () => {
  const encoder = new Encoder(model(), plain, expected);
  const a = 'a'.charCodeAt(0);

  it('takes all tokens of a question, the special ones too', async () => {
    expectRows(await encoder.question('aa'), [unit(1 + a + a + 2, 0 + 1 + 2 + 3)]);
  });

  it('takes for each sentence its own tokens out of the run of the passage', async () => {
    const vectors = await encoder.passage({ header: '', sentences: ['aa', 'a'] });
    expectRows(vectors, [unit(1 + 3 * a + 2, 1 + 2 + 3 + 4), unit(2 * a, 3), unit(a, 3)]);
  });

  it('gives a sentence that was cut away, or is empty, the vector of its passage', async () => {
    const vectors = await encoder.passage({ header: '', sentences: ['aaaaa', '', 'aaaa', 'a'] });
    const whole = [...vectors.slice(0, 2)];
    const inPart = unit(a, 6);
    expectRows(vectors, [whole, unit(5 * a, 1 + 2 + 3 + 4 + 5), whole, inPart, whole]);
  });
});

describe('an encoder with the pooling of the first token', () => {
  const encoder = new Encoder(model(), { ...plain, pooling: 'cls' }, expected);

  it('takes it for questions and passages, and for a sentence still the mean of its tokens', async () => {
    expectRows(await encoder.question('abc'), [[1, 0]]);
    const a = 'a'.charCodeAt(0);
    const vectors = await encoder.passage({ header: '', sentences: ['aa', 'a'] });
    expectRows(vectors, [[1, 0], unit(2 * a, 3), unit(a, 3)]);
  });
});

describe('an encoder whose graph does not fit', () => {
  it.each([
    ['states of another size', (tokens: number) => new Float32Array(3 * tokens).fill(1), '3'],
    ['one state for the whole text', () => Float32Array.of(1, 2), '0 numbers'],
    ['a state that is not finite', (tokens: number) => new Float32Array(2 * tokens).fill(NaN), ''],
    ['nothing but zeros', (tokens: number) => new Float32Array(2 * tokens), 'zeros'],
  ])('refuses %s', async (_, states, inMessage) => {
    const encoder = new Encoder(
      model((ids) => Promise.resolve(states(ids.length))),
      plain,
      expected,
    );
    for (const run of [
      encoder.question('abc'),
      encoder.passage({ header: '', sentences: ['abc'] }),
    ]) {
      const error: unknown = await run.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DragomanError);
      expect(error).toMatchObject({ code: 'MODEL' });
      expect((error as DragomanError).message).toContain(inMessage);
    }
  });
});
