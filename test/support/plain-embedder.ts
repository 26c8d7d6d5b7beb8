import type { Embedder } from '../../src/embedding/types.ts';

/** The same embedder as a plain object, to be spread with some of its parts replaced: a class would lose its methods. */
export function plainEmbedder(embedder: Embedder): Embedder {
  const { id, digest, dimensions } = embedder;
  return {
    id,
    digest,
    dimensions,
    embedQuestions: (texts) => embedder.embedQuestions(texts),
    embedPassages: (passages) => embedder.embedPassages(passages),
    close: () => embedder.close(),
  };
}
