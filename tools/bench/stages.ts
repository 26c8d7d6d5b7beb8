import { compose } from '../../src/answer/answer.ts';
import { itineraryOf } from '../../src/engine.ts';
import type { Embedder } from '../../src/embedding/model.ts';
import type { Generation } from '../../src/index/generation.ts';
import {
  RANKING_WEIGHTS,
  SENTENCE_WEIGHTS,
  findCandidates,
  rank,
} from '../../src/search/search.ts';
import { readQuestion } from '../../src/search/query.ts';
import type { Itinerary } from '../../src/itinerary/itinerary.ts';
import type { SearchIndex } from '../../src/search/search-index.ts';
import { costOf, spreadOf, type Spread } from './timing.ts';

export const STAGES = ['read', 'embed', 'candidates', 'second stage', 'answer'] as const;

export type Stage = (typeof STAGES)[number];

/** Question to answer, by stage, over all questions and rounds. Milliseconds. */
export interface AnswerTimes {
  readonly questions: number;
  readonly rounds: number;
  readonly total: Spread;
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
    total: spreadOf(all.map((times) => times.reduce((sum, time) => sum + time, 0))),
    cpuMs: cpuMs / all.length,
    stages: Object.fromEntries(stages) as Record<Stage, Spread>,
  };
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
  const [vector] = await embedder.embedQuestions([query.correctedText]);
  if (vector === undefined) throw new Error('The embedder gave no vector.');
  stop();
  const candidates = findCandidates(index, query, vector, null);
  stop();
  const ranked = rank(candidates, {
    index,
    query,
    vector,
    weights: RANKING_WEIGHTS,
    sentenceWeights: SENTENCE_WEIGHTS,
  });
  stop();
  compose(
    { index, query, vector, ranked, embedMs: 0 },
    {
      index,
      library: generation,
      itinerary,
      reading: itinerary.read(question),
      k: 3,
      meeting: null,
      allowed: null,
    },
  );
  stop();
  return STAGES.map((_, at) => (stops[at + 1] ?? 0) - (stops[at] ?? 0));
}
