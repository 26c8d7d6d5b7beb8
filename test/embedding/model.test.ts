import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encoderOf,
  type LoadedModel,
  passageTokens,
  type PassageTokens,
  profileOf,
  questionTokens,
  type TokenRules,
  toUnitVector,
} from '../../src/embedding/model.ts';
import { DragomanError } from '../../src/errors.ts';

describe('profileOf', () => {
  it.each(['Xenova/all-MiniLM-L6-v2', 'Xenova/bge-small-en-v1.5', 'Xenova/multilingual-e5-small'])(
    'pins %s to a commit',
    (model) => {
      expect(profileOf(model).revision).toMatch(/^[0-9a-f]{40}$/);
    },
  );

  it('puts no prefix before the texts of MiniLM', () => {
    expect(profileOf('Xenova/all-MiniLM-L6-v2')).toMatchObject({
      questionPrefix: '',
      passagePrefix: '',
      pooling: 'mean',
    });
  });

  it.each(['bundled', 'Xenova/multilingual-e5-small', 'Xenova/e5-large-v2', './models/e5-base'])(
    'gives %s the prefixes of E5 on both sides',
    (model) => {
      expect(profileOf(model)).toMatchObject({
        questionPrefix: 'query: ',
        passagePrefix: 'passage: ',
        pooling: 'mean',
      });
    },
  );

  it.each(['Xenova/bge-small-en-v1.5', 'Xenova/bge-base-en-v1.5'])(
    'gives %s an instruction before the question only and the vector of the first token',
    (model) => {
      const profile = profileOf(model);
      expect(profile.questionPrefix).toMatch(/^Represent this sentence .*: $/);
      expect(profile).toMatchObject({ passagePrefix: '', pooling: 'cls' });
    },
  );

  it('leaves an unknown model on its default branch, without prefixes', () => {
    expect(profileOf('someone/fine5tuned')).toEqual({
      revision: 'main',
      questionPrefix: '',
      passagePrefix: '',
      pooling: 'mean',
    });
  });
});

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
      ((ids) => {
        const states = Float32Array.from(ids.flatMap((id, position) => [id, position]));
        return Promise.resolve({ states, means: [Float32Array.of(0, 2), Float32Array.of(5, 0)] });
      }),
  };
}

function unit(...numbers: number[]): number[] {
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}

function expectRows(
  vectors: Float32Array = new Float32Array(),
  rows: readonly (readonly number[])[],
): void {
  const flat = rows.flat();
  expect(vectors).toHaveLength(flat.length);
  flat.forEach((number, i) => expect(vectors[i]).toBeCloseTo(number, 6));
}

function rowsOf(vectors: Float32Array): Float32Array[] {
  return [0, 2, 4].map((start) => vectors.slice(start, start + 2));
}

describe('an encoder with mean pooling', () => {
  const encoder = encoderOf(model(), plain, expected);
  const a = 'a'.charCodeAt(0);

  it('takes all tokens of a question, the special ones too', async () => {
    const [question] = rowsOf(await encoder.question('aa'));
    expectRows(question, [unit(1 + a + a + 2, 0 + 1 + 2 + 3)]);
  });

  it('gives the means of earlier layers after the vector of a question', async () => {
    const [, ...layers] = rowsOf(await encoder.question('aa'));
    expect(layers.map((layer) => [...layer])).toEqual([
      [0, 1],
      [1, 0],
    ]);
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
  const encoder = encoderOf(model(), { ...plain, pooling: 'cls' }, expected);

  it('uses it for questions and passages, and the mean of its tokens for a sentence', async () => {
    expectRows(rowsOf(await encoder.question('abc'))[0], [[1, 0]]);
    const a = 'a'.charCodeAt(0);
    const vectors = await encoder.passage({ header: '', sentences: ['aa', 'a'] });
    expectRows(vectors, [[1, 0], unit(2 * a, 3), unit(a, 3)]);
  });
});

describe('an encoder whose graph does not fit', () => {
  it.each([
    ['states of another size', (tokens: number) => new Float32Array(3 * tokens).fill(1), '3'],
    ['one state for the whole text', () => Float32Array.of(1, 2), 'found 0'],
    ['a state that is not finite', (tokens: number) => new Float32Array(2 * tokens).fill(NaN), ''],
    ['nothing but zeros', (tokens: number) => new Float32Array(2 * tokens), 'zeros'],
  ])('refuses %s', async (_, states, inMessage) => {
    const encoder = encoderOf(
      model((ids) => Promise.resolve({ states: states(ids.length), means: [] })),
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

const FIRST = -1;
const LAST = -2;

/** One token a word: its length. */
function tokenise(text: string): number[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.length);
}

function rules(changes: Partial<TokenRules> = {}): TokenRules {
  return {
    tokenise,
    first: FIRST,
    last: LAST,
    maxTokens: 512,
    profile: { questionPrefix: 'query: ', passagePrefix: 'passage: ' },
    ...changes,
  };
}

const plainRules = rules({ profile: { questionPrefix: '', passagePrefix: '' } });

describe('questionTokens', () => {
  it('puts prefix and text between the special tokens', () => {
    expect(questionTokens('who promised drones', rules())).toEqual([FIRST, 6, 3, 8, 6, LAST]);
    expect(questionTokens('who promised drones', plainRules)).toEqual([FIRST, 3, 8, 6, LAST]);
  });

  it('cuts at 128 tokens, or earlier where the model takes fewer, and keeps the last one', () => {
    const long = 'word '.repeat(1000);
    expect(questionTokens(long, rules())).toHaveLength(128);
    const short = questionTokens(long, rules({ maxTokens: 64 }));
    expect(short).toHaveLength(64);
    expect(short.at(-1)).toBe(LAST);
  });

  it('gives the special tokens alone for nothing', () => {
    expect(questionTokens('', plainRules)).toEqual([FIRST, LAST]);
  });
});

describe('passageTokens', () => {
  it('puts the header, as a sentence, after the prefix and before the sentences', () => {
    const { ids, spans } = passageTokens(
      { header: 'a title', sentences: ['one', 'two words'] },
      rules(),
    );
    expect(ids).toEqual([FIRST, 8, 1, 6, 3, 3, 5, LAST]);
    expect(spans).toEqual([
      { start: 4, end: 5 },
      { start: 5, end: 7 },
    ]);
  });

  it('has the bare prefix where there is no header', () => {
    const seen: string[] = [];
    const watched = rules({
      tokenise: (text) => {
        seen.push(text);
        return tokenise(text);
      },
    });
    expect(passageTokens({ header: '', sentences: ['one'] }, watched).ids).toEqual([
      FIRST,
      8,
      3,
      LAST,
    ]);
    expect(seen).toEqual(['passage:', 'one']);
  });

  it('has nothing at all before the sentences where there is neither header nor prefix', () => {
    expect(passageTokens({ header: '', sentences: ['one'] }, plainRules).ids).toEqual([
      FIRST,
      3,
      LAST,
    ]);
    expect(passageTokens({ header: 'so', sentences: [] }, plainRules).ids).toEqual([
      FIRST,
      3,
      LAST,
    ]);
  });

  it('never exceeds the limit, and every span holds the tokens of its sentence, in order', () => {
    const sentence = fc
      .array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 })
      .map((lengths) => lengths.map((length) => 'x'.repeat(length)).join(' '));
    const passage = fc.record({ header: sentence, sentences: fc.array(sentence) });
    fc.assert(
      fc.property(passage, fc.integer({ min: 3, max: 60 }), (text, maxTokens) => {
        const { ids, spans } = passageTokens(text, rules({ maxTokens }));
        expect(ids.length).toBeLessThanOrEqual(maxTokens);
        expect(ids[0]).toBe(FIRST);
        expect(ids.at(-1)).toBe(LAST);
        expect(spans).toHaveLength(text.sentences.length);
        let end = 1;
        spans.forEach((span, i) => {
          expect(span.start).toBeGreaterThanOrEqual(end);
          const all = tokenise(text.sentences[i] ?? '');
          const kept = ids.slice(span.start, span.end);
          expect(kept).toEqual(all.slice(0, kept.length));
          if (kept.length < all.length) expect(span.end).toBe(maxTokens - 1);
          end = span.end;
        });
      }),
    );
  });

  it('is the same for a passage of any length as for the part of it that fits', () => {
    const tokens = (count: number): PassageTokens =>
      passageTokens(
        { header: '', sentences: new Array<string>(count).fill('two words') },
        plainRules,
      );
    const fitting = tokens(255);
    expect(fitting.ids).toHaveLength(512);
    const long = tokens(5000);
    expect(long.ids).toEqual(fitting.ids);
    expect(long.spans.slice(0, 255)).toEqual(fitting.spans);
    expect(long.spans.slice(255)).toEqual(new Array(4745).fill({ start: 511, end: 511 }));
  });
});

const shape = { model: 'some/model', dimensions: 4 };

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof DragomanError ? error.code : 'another error';
  }
  return undefined;
}

describe('toUnitVector', () => {
  it('gives length 1 and keeps the direction', () => {
    const component = fc.float({ min: -1000, max: 1000, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(component, { minLength: 4, maxLength: 4 }), (numbers) => {
        fc.pre(Math.hypot(...numbers) > 1e-3);
        const unit = toUnitVector(Float32Array.from(numbers), shape);
        expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
        const length = Math.hypot(...numbers);
        numbers.forEach((number, i) => {
          expect(unit[i]).toBeCloseTo(number / length, 5);
        });
      }),
    );
  });

  it('refuses the zero vector, which has no direction', () => {
    expect(codeOf(() => toUnitVector(new Float32Array(4), shape))).toBe('MODEL');
  });

  it('refuses a vector of another size', () => {
    expect(codeOf(() => toUnitVector(new Float32Array(3), shape))).toBe('MODEL');
  });

  it.each([NaN, Infinity, -Infinity])('refuses a component that is %d', (bad) => {
    expect(codeOf(() => toUnitVector(Float32Array.of(1, bad, 0, 0), shape))).toBe('MODEL');
  });
});
