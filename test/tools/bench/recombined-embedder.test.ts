import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../../src/corpus/passages.ts';
import { passageText } from '../../../src/index/embed.ts';
import { recombine } from '../../../tools/bench/recombine.ts';
import { recombinedEmbedder } from '../../../tools/bench/recombined-embedder.ts';
import { plainDocument } from '../../../tools/evaluation/plain-document.ts';
import { hashingEmbedder } from '../../index/hashing-embedder.ts';

const document = {
  ...plainDocument('only', 'Hens lay eggs. Trains are late. Judges dined. It rained in Kyiv.'),
  title: 'A day',
};
const from = { documents: [document], passages: passagesOf(document, []) };

describe('recombinedEmbedder', () => {
  it('gives sentences their vectors, passages the mean of them, and does not ask for them again', async () => {
    const hashing = hashingEmbedder();
    const embedder = await recombinedEmbedder(hashing, from);
    const { id, digest, dimensions } = hashing;
    expect(embedder).toMatchObject({ id, digest, dimensions });
    hashing.embedded.length = 0;
    const { passages } = recombine(from, { passages: 20, seed: 1 });
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
    const embedder = await recombinedEmbedder(hashing, from);
    expect(await embedder.embedQuestions(['Who dined?'])).toEqual(
      await hashing.embedQuestions(['Who dined?']),
    );
  });
});
