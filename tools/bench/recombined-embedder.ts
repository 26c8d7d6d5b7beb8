import type { Document, Passage } from '../../src/corpus/types.ts';
import type { Embedder, PassageVectors } from '../../src/embedding/model.ts';
import { toUnitVector } from '../../src/embedding/encoder.ts';
import { passageText } from '../../src/index/embed.ts';

/**
 * Gives sentences of recombined passages the vectors that they have in the passages they were drawn from, and a passage
 * the mean of its sentences': 100,000 passages would keep the encoder busy for an hour, and its speed is measured by
 * itself. Questions are embedded as ever.
 */
export async function recombinedEmbedder(
  embedder: Embedder,
  from: {
    readonly passages: readonly Passage[];
    readonly documents: readonly Pick<Document, 'id' | 'title'>[];
  },
): Promise<Embedder> {
  const { id, digest, dimensions } = embedder;
  const titles = new Map(from.documents.map((document) => [document.id, document.title]));
  const texts = from.passages.map((passage) =>
    passageText(passage, titles.get(passage.documentId) ?? ''),
  );
  const known = new Map<string, Float32Array>();
  (await embedder.embedPassages(texts)).forEach(({ sentences: vectors }, at) => {
    vectors.forEach((vector, i) => known.set(texts[at]?.sentences[i] ?? '', vector));
  });
  const vectorsOf = (sentences: readonly string[]): PassageVectors => {
    const vectors = sentences.map((sentence) => {
      const vector = known.get(sentence);
      if (vector === undefined) throw new Error(`No passage has the sentence "${sentence}".`);
      return vector;
    });
    const sum = new Float32Array(dimensions);
    for (const vector of vectors) {
      vector.forEach((component, i) => (sum[i] = (sum[i] ?? 0) + component));
    }
    return { passage: toUnitVector(sum, { model: id, dimensions }), sentences: vectors };
  };
  return {
    id,
    digest,
    dimensions,
    embedQuestions: (questions) => embedder.embedQuestions(questions),
    embedPassages: (passages) =>
      Promise.resolve(passages.map(({ sentences }) => vectorsOf(sentences))),
    close: () => embedder.close(),
  };
}
