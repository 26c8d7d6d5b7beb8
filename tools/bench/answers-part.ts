import { join } from 'node:path';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder, PassageText } from '../../src/embedding/model.ts';
import { passageText } from '../../src/index/embed.ts';
import { loadGeneration } from '../../src/index/generation.ts';
import { openSearchIndex } from '../../src/search/search-index.ts';
import { readQuestions } from '../evaluation/questions.ts';
import { timeAnswers, type AnswerTimes } from './stages.ts';
import { costOf } from './timing.ts';

/** The index in use: its size, its answers, and how fast its passages were embedded. */
export interface IndexTimes {
  readonly documents: number;
  readonly passages: number;
  readonly answers: AnswerTimes;
  readonly embedding: EmbeddingSpeed;
}

/** Passages, with their headers and sentences, a second: by the clock and by processor time. */
export interface EmbeddingSpeed {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

const EMBED_FOR_MS = 5000;
const BATCH = 16;

export async function measureAnswers({ rounds }: { readonly rounds: number }): Promise<IndexTimes> {
  const { embedding, indexFolder } = readConfig();
  const embedder = await openEmbedder(embedding);
  const generation = await loadGeneration(indexFolder, { model: embedder });
  const index = openSearchIndex(generation);
  return {
    documents: generation.documents.size,
    passages: generation.passages.length,
    answers: await timeAnswers(await benchQuestions(), rounds, { generation, index, embedder }),
    embedding: await embeddingSpeed(
      embedder,
      generation.passages.map((passage) =>
        passageText(passage, generation.documents.get(passage.documentId)?.title ?? ''),
      ),
    ),
  };
}

/** The development questions of every class: a stranger asks answerable and other ones. */
export async function benchQuestions(): Promise<string[]> {
  const questions = await readQuestions(join(PROJECT_FOLDER, 'test/eval/development.jsonl'));
  return questions.map(({ question }) => question);
}

async function embeddingSpeed(
  embedder: Embedder,
  texts: readonly PassageText[],
): Promise<EmbeddingSpeed> {
  await embedder.embedPassages(texts.slice(0, BATCH));
  let count = 0;
  const { wallMs, cpuMs } = await costOf(async () => {
    const started = performance.now();
    for (let at = 0; performance.now() - started < EMBED_FOR_MS; at = (at + BATCH) % texts.length) {
      const batch = texts.slice(at, at + BATCH);
      await embedder.embedPassages(batch);
      count += batch.length;
    }
  });
  return { perSecond: (1000 * count) / wallMs, perCpuSecond: (1000 * count) / cpuMs };
}
