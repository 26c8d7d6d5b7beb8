import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { AutoModel, AutoTokenizer, Tensor, env } from '@xenova/transformers';
import type { PreTrainedModel, PreTrainedTokenizer } from '@xenova/transformers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { type Embedder, type PassageText, unigramTokeniser } from '../../src/embedding/model.ts';
import { sharedEmbedder } from '../support/real-index.ts';
import { BUNDLED_FOLDER, cosine, first } from './models.ts';

const question = 'What did she promise Ukraine for finding drones?';

const passage: PassageText = {
  header: 'Visit to Kyiv. January 7, 2024',
  sentences: [
    'Foreign Minister Kamikawa Yoko travelled to Kyiv by night train.',
    'She promised 37 million dollars for a system that finds drones.',
    'Sirens forced the ministers underground.',
  ],
};

let bundled: Embedder;

beforeAll(async () => {
  bundled = await openEmbedder({
    model: 'bundled',
    modelFolder: BUNDLED_FOLDER,
    cacheFolder: path.join(BUNDLED_FOLDER, 'unused'),
  });
});

afterAll(() => bundled.close());

function expectUnit(vector: Float32Array): void {
  expect(vector).toHaveLength(bundled.dimensions);
  expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
}

describe('the bundled model', () => {
  it('gives a unit vector for any question and every part of any passage', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('', ' \n', question, '日本の外務大臣', '🚀🚀', '</s> <unk>', '\ud83d'),
    );
    const texts = fc.record({ header: text, sentences: fc.array(text, { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(text, texts, async (asked, read) => {
        expectUnit(first(await bundled.embedQuestions([asked])));
        const vectors = first(await bundled.embedPassages([read]));
        expect(vectors.sentences).toHaveLength(read.sentences.length);
        [vectors.passage, ...vectors.sentences].forEach(expectUnit);
      }),
      { numRuns: 25 },
    );
  });

  it('gives a text the same vectors alone and among others', async () => {
    const [alone] = await bundled.embedQuestions([question]);
    const [passageAlone] = await bundled.embedPassages([passage]);
    const other = { header: '', sentences: ['drones '.repeat(100)] };
    const [among, passages] = await Promise.all([
      bundled.embedQuestions(['Who?', question, 'word '.repeat(200)]),
      bundled.embedPassages([other, passage]),
    ]);
    expect(among[1]).toEqual(alone);
    expect(passages[1]).toEqual(passageAlone);
  });

  it('gives the same vectors on one thread, as the embedder of all tests has it, as on one per core', async () => {
    const alone = await sharedEmbedder();
    expect(alone.digest).toBe(bundled.digest);
    expect(await alone.embedQuestions([question])).toEqual(
      await bundled.embedQuestions([question]),
    );
    expect(await alone.embedPassages([passage])).toEqual(await bundled.embedPassages([passage]));
  });

  it('reads the end of a passage that is too long no more, and gives it the vector of the whole', async () => {
    const sentences = Array.from(
      { length: 60 },
      (_, i) => `${passage.sentences[i % 3] ?? ''} ${i}`,
    );
    const [long] = await bundled.embedPassages([{ ...passage, sentences }]);
    expect(long?.sentences).toHaveLength(60);
    expect(long?.sentences[0]).not.toEqual(long?.passage);
    expect(long?.sentences.at(-1)).toEqual(long?.passage);
  });

  it('reads a sentence in the light of those around it', async () => {
    const other = {
      header: 'Holiday on the farm',
      sentences: ['Grandmother bakes.', passage.sentences[2] ?? ''],
    };
    const [here, there] = await bundled.embedPassages([passage, other]);
    const similarity = cosine(
      here?.sentences[2] ?? new Float32Array(),
      there?.sentences[1] ?? new Float32Array(),
    );
    expect(similarity).toBeGreaterThan(0.5);
    expect(similarity).toBeLessThan(0.999);
  });

  it('finds the sentence that answers, in either language', async () => {
    const { sentences } = first(await bundled.embedPassages([passage]));
    for (const asked of [question, 'ドローン検知のために何を約束しましたか？']) {
      const vector = first(await bundled.embedQuestions([asked]));
      const scores = sentences.map((sentence) => cosine(vector, sentence));
      expect(scores.indexOf(Math.max(...scores)), asked).toBe(1);
    }
  });
});

describe('what the library computes when it is run directly', () => {
  let tokenizer: PreTrainedTokenizer;
  let model: PreTrainedModel;

  beforeAll(async () => {
    env.localModelPath = path.dirname(BUNDLED_FOLDER);
    const name = path.basename(BUNDLED_FOLDER);
    tokenizer = await AutoTokenizer.from_pretrained(name, { local_files_only: true });
    model = await AutoModel.from_pretrained(name, { local_files_only: true });
  });

  /** "▁" is the space before a first word, which the library omits (see encoder-worker.ts). */
  function tokens(text: string): number[] {
    return tokenizer.encode(`▁${text}`, null, { add_special_tokens: false });
  }

  /** One state a token. */
  async function run(ids: readonly number[]): Promise<Float32Array[]> {
    const int64 = (value: (id: number) => number): Tensor =>
      new Tensor(
        'int64',
        BigInt64Array.from(ids, (id) => BigInt(value(id))),
        [1, ids.length],
      );
    const output = (await model({
      input_ids: int64((id) => id),
      attention_mask: int64(() => 1),
      token_type_ids: int64(() => 0),
    })) as { last_hidden_state: Tensor };
    const states = output.last_hidden_state.data as Float32Array;
    const size = states.length / ids.length;
    return ids.map((_, i) => states.subarray(i * size, (i + 1) * size));
  }

  function mean(states: readonly Float32Array[]): Float32Array {
    const sum = new Float64Array(first(states).length);
    for (const state of states)
      state.forEach((component, i) => (sum[i] = (sum[i] ?? 0) + component));
    const length = Math.hypot(...sum);
    return Float32Array.from(sum, (component) => component / length);
  }

  it('has the tokens of our own tokeniser', async () => {
    const file = await readFile(path.join(BUNDLED_FOLDER, 'tokenizer.json'), 'utf8');
    const own = unigramTokeniser(JSON.parse(file) as Parameters<typeof unigramTokeniser>[0]);
    const piece = fc.constantFrom('<s>', '＜unk＞', '▁', ' ', '\t', '🚀', 'ﬁ', 'ｶﾞ', 'the', '日本');
    const text = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 6 })));
    fc.assert(
      fc.property(text, (parts) => {
        const joined = parts.join('');
        const theirs = tokenizer.encode(joined, null, { add_special_tokens: false });
        expect(own?.tokenise(joined)).toEqual(theirs);
      }),
      { examples: [[[question]], [['外務大臣は', passage.sentences.join(' ')]]], numRuns: 500 },
    );
    expect([own?.first, own?.last]).toEqual(tokenizer.encode(''));
  });

  it('is what the worker gives for a question', async () => {
    for (const asked of [question, 'İstanbul — 日本, “drones” & zzzqqq', 'a']) {
      const states = await run([0, ...tokens(`query: ${asked}`), 2]);
      const ours = first(await bundled.embedQuestions([asked]));
      expect(cosine(ours, mean(states)), asked).toBeGreaterThan(0.99999);
    }
  });

  it.each([passage, { ...passage, header: '' }])(
    'is what the worker gives for a passage and its sentences: header "$header"',
    async (text) => {
      const before = tokens(text.header === '' ? 'passage:' : `passage: ${text.header}.`);
      const parts = text.sentences.map(tokens);
      const states = await run([0, ...before, ...parts.flat(), 2]);
      const ours = first(await bundled.embedPassages([text]));
      expect(cosine(ours.passage, mean(states))).toBeGreaterThan(0.99999);
      let at = 1 + before.length;
      parts.forEach((part, i) => {
        const expected = mean(states.slice(at, (at += part.length)));
        expect(cosine(ours.sentences[i] ?? new Float32Array(), expected)).toBeGreaterThan(0.99999);
      });
    },
  );
});
