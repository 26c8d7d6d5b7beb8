/** The index in use: how long its answers take, stage by stage, and how fast its passages are embedded. */
import { join } from 'node:path';
import { compose, judgementOf, listingOf } from '../../src/answer/answer.ts';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import type { Embedder, PassageText } from '../../src/embedding/model.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { itineraryOf } from '../../src/engine.ts';
import { passageText } from '../../src/index/embed.ts';
import { loadGeneration, type Generation } from '../../src/index/generation.ts';
import type { Itinerary } from '../../src/itinerary/itinerary.ts';
import { readQuestion } from '../../src/search/query.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import {
  LEARNED_WEIGHTS,
  findCandidates,
  rank,
  type SearchResult,
} from '../../src/search/search.ts';
import { readQuestions } from '../evaluation/questions.ts';
import { costOf, spreadOf, type Spread } from './measure.ts';
import type { PeerQuestion } from './peers.ts';

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
  const index = await openSearchIndex(generation);
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

/** With their vectors, for engines that have no encoder. */
export async function embeddedQuestions(): Promise<PeerQuestion[]> {
  const embedder = await openEmbedder(readConfig().embedding);
  const texts = await someQuestions();
  const vectors = await embedder.embedQuestions(texts);
  await embedder.close();
  return texts.map((text, at) => ({ text, vector: Array.from(vectors[at] ?? []) }));
}

/** Every third, for the larger corpora. */
export async function someQuestions(): Promise<string[]> {
  return (await benchQuestions()).filter((_, at) => at % 3 === 0);
}

/** The development questions of every class: a stranger asks answerable and other ones. */
async function benchQuestions(): Promise<string[]> {
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

export const STAGES = ['read', 'embed', 'candidates', 'second stage', 'answer'] as const;

export type Stage = (typeof STAGES)[number];

/** Question to answer, by stage, over all questions and rounds. Milliseconds. */
export interface AnswerTimes {
  readonly questions: number;
  readonly rounds: number;
  readonly total: Spread;
  /** All stages but the encoder's. */
  readonly withoutEncoder: Spread;
  /** What engines that only find do: reading the question, and candidates. */
  readonly finding: Spread;
  /** Processor time of all threads, a question, on average. */
  readonly cpuMs: number;
  readonly stages: Readonly<Record<Stage, Spread>>;
}

export interface Asked {
  readonly generation: Generation;
  readonly index: SearchIndex;
  readonly embedder: Embedder;
}

/** Asks every question once to warm up, then `rounds` times with a stop-watch. */
export async function timeAnswers(
  questions: readonly string[],
  rounds: number,
  asked: Asked,
): Promise<AnswerTimes> {
  const withItinerary = { ...asked, itinerary: itineraryOf(asked.generation, asked.index) };
  for (const question of questions) await askByStage(question, withItinerary);
  const all: number[][] = [];
  const { cpuMs } = await costOf(async () => {
    for (let round = 0; round < rounds; round++) {
      for (const question of questions) all.push(await askByStage(question, withItinerary));
    }
  });
  const stages = STAGES.map((stage, at) => [stage, spreadOf(all.map((t) => t[at] ?? 0))] as const);
  return {
    questions: questions.length,
    rounds,
    total: spreadOf(all.map((times) => sumOf(times, STAGES))),
    withoutEncoder: spreadOf(
      all.map((times) =>
        sumOf(
          times,
          STAGES.filter((stage) => stage !== 'embed'),
        ),
      ),
    ),
    finding: spreadOf(all.map((times) => sumOf(times, ['read', 'candidates']))),
    cpuMs: cpuMs / all.length,
    stages: Object.fromEntries(stages) as Record<Stage, Spread>,
  };
}

function sumOf(times: readonly number[], stages: readonly Stage[]): number {
  return stages.reduce((sum, stage) => sum + (times[STAGES.indexOf(stage)] ?? 0), 0);
}

/** Milliseconds of each stage, in their order. */
async function askByStage(
  question: string,
  { generation, index, itinerary, embedder }: Asked & { readonly itinerary: Itinerary },
): Promise<number[]> {
  const stops = [performance.now()];
  const stop = (): void => {
    stops.push(performance.now());
  };
  const query = readQuestion(question, index);
  stop();
  const { question: vector, layers } = await embedder.embedQuestion(query.correctedText);
  stop();
  const candidates = findCandidates(index, query, vector, null);
  stop();
  const ranked = rank(candidates, {
    index,
    query,
    vector,
    weights: LEARNED_WEIGHTS.found,
  });
  stop();
  const result: SearchResult = { index, query, vector, layers, stage: 'found', ranked, embedMs: 0 };
  const reading = itinerary.read(question);
  compose(result, {
    library: generation,
    itinerary,
    reading,
    listing: listingOf({ itinerary, reading, meeting: null }),
    judged: judgementOf(result),
    k: 3,
    meeting: null,
    allowed: null,
  });
  stop();
  return STAGES.map((_, at) => (stops[at + 1] ?? 0) - (stops[at] ?? 0));
}
