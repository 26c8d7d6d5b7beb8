import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import type { Embedder, PassageVectors } from '../../src/embedding/model.ts';
import { embedAll, jobsOf, passageText, embeddedHeader } from '../../src/index/embed.ts';
import { dot } from '../../src/index/scan.ts';
import type { PlacedQuestion } from '../../src/index/generation.ts';
import type { StoredVectors, VectorCache } from '../../src/index/index-folder.ts';
import { ByteVectors } from '../../src/index/vectors.ts';
import { hashingEmbedder } from './hashing-embedder.ts';

const documents = [
  { id: 'kyiv', title: 'A day in Kyiv' },
  { id: 'hague', title: 'A day in The Hague' },
];

function passage(documentId: string, headings: readonly string[], ...sentences: string[]): Passage {
  const text = sentences.join(' ');
  return {
    documentId,
    headings,
    start: 0,
    end: text.length,
    lines: [1, 1],
    text,
    sentences: sentences.map((sentence) => {
      const start = text.indexOf(sentence);
      return { start, end: start + sentence.length };
    }),
    meetings: [],
    sources: [],
    header: 'for the words, not for the vectors',
  };
}

const passages = [
  passage('kyiv', ['A day in Kyiv', 'Arrival'], 'The train was late.', 'Nobody slept.'),
  passage('kyiv', [], '🙂'),
  passage('hague', ['Courts'], 'Judges dined.'),
];
const expected: readonly PlacedQuestion[] = [
  { question: 'was the train on time', ordinal: 0 },
  { question: 'did judges dine', ordinal: 2 },
];
const content = { documents, passages, expected };

function memory(): VectorCache & { readonly stored: Map<string, StoredVectors> } {
  const stored = new Map<string, StoredVectors>();
  return {
    stored,
    get: (text) => stored.get(text),
    add: (texts, added) => {
      texts.forEach((text, at) => {
        const one = added[at];
        if (one !== undefined) stored.set(text, one);
      });
      return Promise.resolve();
    },
    compact: () => Promise.resolve(),
  };
}

function embed(embedder: Embedder, cache: VectorCache): ReturnType<typeof embedAll> {
  return embedAll(content, embedder, cache, () => undefined);
}

describe('passageText', () => {
  it('is title and headings, the title once, and the sentences', () => {
    const [first, second] = passages as [Passage, Passage];
    expect(passageText(first, 'A day in Kyiv')).toEqual({
      header: 'A day in Kyiv. Arrival',
      sentences: ['The train was late.', 'Nobody slept.'],
    });
    expect(passageText(second, '')).toEqual({ header: '', sentences: ['🙂'] });
  });
});

describe('embedAll', () => {
  it('gives a row a passage, then a row an expected question, and the sentences of the passages', async () => {
    const embedder = hashingEmbedder();
    const { vectors, sentences, embedded, reused } = await embed(embedder, memory());
    const texts = passages.map((one, at) =>
      passageText(one, documents[at < 2 ? 0 : 1]?.title ?? ''),
    );
    const wanted = await embedder.embedPassages(texts);
    const questions = await embedder.embedQuestions(expected.map(({ question }) => question));
    const rows = [...wanted.map(({ passage: vector }) => vector), ...questions];
    expect(vectors.data).toHaveLength(rows.length * embedder.dimensions);
    rows.forEach((row, at) => {
      expect(
        vectors.data.subarray(at * vectors.dimensions).subarray(0, vectors.dimensions),
      ).toEqual(row);
    });
    const packed = new ByteVectors(sentences);
    wanted.forEach((each, ordinal) => {
      const [found = []] = packed.cosinesOf(each.passage, [ordinal]);
      expect(found).toHaveLength(each.sentences.length);
      each.sentences.forEach((vector, at) => {
        expect(found[at]).toBeCloseTo(dot(vector, each.passage), 2);
      });
    });
    expect({ embedded, reused }).toEqual({ embedded: 3, reused: 0 });
  });

  it('embeds nothing that the cache has, and the same comes out', async () => {
    const cache = memory();
    const first = await embed(hashingEmbedder(), cache);
    const embedder = hashingEmbedder();
    const second = await embed(embedder, cache);
    expect(embedder.embedded).toEqual([]);
    expect(second).toEqual({ ...first, embedded: 0, reused: 3 });
  });

  it('counts only passages as embedded and reused, not expected questions', async () => {
    const cache = memory();
    await embed(hashingEmbedder(), cache);
    const [, , , question] = jobsOf(documents, passages, expected);
    cache.stored.delete(question?.key ?? '');
    const embedder = hashingEmbedder();
    expect(await embed(embedder, cache)).toMatchObject({ embedded: 0, reused: 3 });
    expect(embedder.embedded).toEqual(['was the train on time']);
  });

  it('embeds a question and a passage of the same words separately', async () => {
    const [same] = [passage('kyiv', [], 'did judges dine')];
    const twice = { documents: [], passages: [same], expected: [expected[1]] } as typeof content;
    const cache = memory();
    const embedder = hashingEmbedder();
    await embedAll(twice, embedder, cache, () => undefined);
    expect(embedder.embedded).toHaveLength(2);
    expect(cache.stored.size).toBe(2);
  });

  it('embeds a repeated text once, and reports progress', async () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      passage('kyiv', [], `Sentence ${at % 20} of a long day.`),
    );
    const embedder = hashingEmbedder();
    const told: (readonly [number, number])[] = [];
    const { embedded } = await embedAll(
      { documents, passages: many, expected: [] },
      embedder,
      memory(),
      (done, total) => told.push([done, total]),
    );
    expect(embedder.embedded).toHaveLength(20);
    expect(embedded).toBe(40);
    expect(told[0]).toEqual([0, 20]);
    expect(told.at(-1)).toEqual([20, 20]);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
  });

  const spoilt = (spoil: (vectors: PassageVectors) => PassageVectors): Embedder => {
    const sound = hashingEmbedder();
    return {
      ...sound,
      embedPassages: async (texts) => (await sound.embedPassages(texts)).map(spoil),
    };
  };
  const sound = hashingEmbedder();

  it.each([
    ['a passage without one of its sentences', spoilt((v) => ({ ...v, sentences: [] }))],
    [
      'a sentence that is not of length 1',
      spoilt((v) => ({ ...v, sentences: v.sentences.map((each) => each.map((x) => 2 * x)) })),
    ],
    ['a passage of NaN', spoilt((v) => ({ ...v, passage: v.passage.fill(NaN) }))],
    ['a passage of too few dimensions', spoilt((v) => ({ ...v, passage: v.passage.slice(1) }))],
    ['no question', { ...sound, embedQuestions: () => Promise.resolve([]) }],
    [
      'a question of zeros',
      {
        ...sound,
        embedQuestions: (texts: readonly string[]) =>
          Promise.resolve(texts.map(() => new Float32Array(sound.dimensions))),
      },
    ],
  ])('refuses a model that gives %s, and keeps nothing of it', async (_, embedder) => {
    const cache = memory();
    await expect(embed(embedder, cache)).rejects.toMatchObject({ code: 'MODEL' });
    expect(cache.stored.size).toBe(0);
  });
});

describe('cache keys', () => {
  const keysOf = (change: Partial<Passage>, title = 'A day in Kyiv'): string[] =>
    jobsOf([{ id: 'kyiv', title }], [{ ...(passages[0] as Passage), ...change }], []).map(
      ({ key }) => key,
    );

  it('tell apart whatever changes what the encoder reads, and nothing else', () => {
    const [key] = keysOf({});
    expect(keysOf({ lines: [7, 9], header: 'another', sources: ['gazette'] })).toEqual([key]);
    const { text, sentences } = passages[0] as Passage;
    for (const [other] of [
      keysOf({}, 'A night in Kyiv'),
      keysOf({ headings: [] }),
      keysOf({ text: text.replace('late', 'slow') }),
      keysOf({ sentences: [{ start: 0, end: sentences[1]?.end ?? 0 }] }),
    ]) {
      expect(other).not.toBe(key);
    }
  });
});

describe('embeddedHeader', () => {
  it('is the title and the headings, from the outermost', () => {
    expect(embeddedHeader('A day in Kyiv', ['Talks', 'Aid'])).toBe('A day in Kyiv. Talks. Aid');
    expect(embeddedHeader('A day in Kyiv', [])).toBe('A day in Kyiv');
  });

  it('says a title once that is the first heading too', () => {
    expect(embeddedHeader('A day in Kyiv', ['A day in Kyiv', 'Aid'])).toBe('A day in Kyiv. Aid');
  });

  it('is empty for a text without a title', () => {
    expect(embeddedHeader('', [])).toBe('');
  });
});
