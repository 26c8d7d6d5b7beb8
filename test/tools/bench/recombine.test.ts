import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../../src/corpus/passages.ts';
import { passageText } from '../../../src/index/embed.ts';
import {
  PASSAGES_A_DOCUMENT,
  recombine,
  recombinedEmbedder,
  WORDS_A_PASSAGE,
} from '../../../tools/bench/recombine.ts';
import { plainDocument } from '../../../tools/evaluation/plain-document.ts';
import { hashingEmbedder } from '../../index/hashing-embedder.ts';

const SENTENCES = Array.from(
  { length: 40 },
  (_, at) => `Sentence ${at} tells ${'of one thing or another '.repeat(1 + (at % 5))}in Kyiv.`,
);
const document = { ...plainDocument('only', SENTENCES.join(' ')), title: 'A day in Kyiv' };
const from = { documents: [document], passages: passagesOf(document, []) };

describe('recombine', () => {
  it('gives exactly as many passages as asked for, ten to a document', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (passages, seed) => {
        const made = recombine(from, { passages, seed });
        expect(made.passages).toHaveLength(passages);
        expect(made.corpus.documents).toHaveLength(Math.ceil(passages / PASSAGES_A_DOCUMENT));
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same for the same seed and something else for another', () => {
    const one = recombine(from, { passages: 25, seed: 1 });
    expect(recombine(from, { passages: 25, seed: 1 })).toEqual(one);
    expect(recombine(from, { passages: 25, seed: 2 })).not.toEqual(one);
  });

  it('makes every passage a slice of its document and every sentence one of the corpus', () => {
    const { corpus, passages } = recombine(from, { passages: 35, seed: 3 });
    const byId = new Map(corpus.documents.map((made) => [made.id, made]));
    for (const passage of passages) {
      expect(byId.get(passage.documentId)?.text.slice(passage.start, passage.end)).toBe(
        passage.text,
      );
      for (const { start, end } of passage.sentences) {
        expect(SENTENCES).toContain(passage.text.slice(start, end));
      }
      expect(passage.sentences.at(-1)?.end).toBe(passage.text.length);
    }
  });

  it('gives passages of about the wanted length, and each document a header of its own', () => {
    const { corpus, passages } = recombine(from, { passages: 500, seed: 4 });
    const words = passages.map(({ text }) => text.split(/\s+/).length);
    const mean = words.reduce((sum, count) => sum + count, 0) / words.length;
    expect(Math.abs(mean - WORDS_A_PASSAGE)).toBeLessThan(4);
    expect(new Set(passages.map(({ header }) => header)).size).toBe(corpus.documents.length);
  });

  it('refuses a corpus without sentences', () => {
    expect(() => recombine({ documents: [], passages: [] }, { passages: 1, seed: 1 })).toThrow(
      'nothing to recombine',
    );
  });
});

const fewWords = {
  ...plainDocument('only', 'Hens lay eggs. Trains are late. Judges dined. It rained in Kyiv.'),
  title: 'A day',
};
const few = { documents: [fewWords], passages: passagesOf(fewWords, []) };

describe('recombinedEmbedder', () => {
  it('gives sentences their vectors, passages the mean of them, and does not ask for them again', async () => {
    const hashing = hashingEmbedder();
    const embedder = await recombinedEmbedder(hashing, few);
    const { id, digest, dimensions } = hashing;
    expect(embedder).toMatchObject({ id, digest, dimensions });
    hashing.embedded.length = 0;
    const { passages } = recombine(few, { passages: 20, seed: 1 });
    const texts = passages.map((passage) => passageText(passage, 'Another title'));
    const vectors = await embedder.embedPassages(texts);
    expect(hashing.embedded).toEqual([]);
    for (const [at, { sentences }] of texts.entries()) {
      const wanted = await hashing.embedPassages([{ header: '', sentences }]);
      expect(vectors[at]?.sentences).toEqual(wanted[0]?.sentences);
      const sum = (vectors[at]?.sentences ?? []).reduce(
        (total, vector) => total.map((value, i) => value + (vector[i] ?? NaN)),
        new Float32Array(dimensions),
      );
      const length = Math.hypot(...sum);
      vectors[at]?.passage.forEach((value, i) => {
        expect(value).toBeCloseTo((sum[i] ?? NaN) / length, 5);
      });
    }
  });

  it('embeds questions as ever', async () => {
    const hashing = hashingEmbedder();
    const embedder = await recombinedEmbedder(hashing, few);
    expect(await embedder.embedQuestions(['Who dined?'])).toEqual(
      await hashing.embedQuestions(['Who dined?']),
    );
  });
});
