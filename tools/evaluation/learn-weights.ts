import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder, PassageVectors, QuestionVectors } from '../../src/embedding/model.ts';
import type { SentenceWeights } from '../../src/search/features.ts';
import { runCommandLine } from '../../src/terminal/command-line.ts';
import type { Calibrations } from '../../src/answer/verdict.ts';
import type { Stage, Weights } from '../../src/search/search.ts';
import { learnForms } from './learn-forms.ts';
import { calibrate, crossValidated, describeVerdicts } from './learn-verdict.ts';
import {
  learnRanking,
  learnSentences,
  searchQuestions,
  RANKED_BY,
  type SearchedQuestion,
  type Trial,
} from './learn-ranking.ts';
import { openCorpusBed, openSet, splitBare, type TestBed } from './test-beds.ts';

const MADE_BY = 'npm run learn -- --write';
const BARE_CORPORA = 4;

const STAGES = ['found', 'read'] as const satisfies readonly Stage[];

async function learn(writesFiles: boolean): Promise<void> {
  const embedder = memoised(await openEmbedder(readConfig().embedding));
  const forms = await learnForms(embedder);
  const beds = await openBeds(embedder);
  const weights: Record<string, Weights> = {};
  const calibration: Record<string, Calibrations> = {};
  for (const stage of STAGES) {
    const { found } = weights;
    const sentence = learnSentences(await searchedQuestions(beds, { stage, found }));
    const searched = await searchedQuestions(beds, { stage, found, sentenceWeights: sentence });
    weights[stage] = { ranking: learnRanking(searched, RANKED_BY[stage]), sentence };
    const trials = crossValidated(searched, RANKED_BY[stage]);
    calibration[stage] = calibrate(trials, stage);
    describe(trials, calibration[stage], stage);
  }
  if (writesFiles) {
    await write('src/search/weights.json', { madeBy: MADE_BY, ...weights });
    await write('src/answer/calibration.json', { madeBy: MADE_BY, ...calibration });
    await write('src/itinerary/forms.json', { madeBy: MADE_BY, ...forms });
  } else {
    process.stdout.write(`${JSON.stringify({ weights, calibration, forms }, null, 2)}\n`);
  }
}

async function searchedQuestions(
  beds: readonly (readonly [TestBed, number])[],
  options: {
    readonly stage: Stage;
    readonly found: Weights | undefined;
    readonly sentenceWeights?: SentenceWeights;
  },
): Promise<SearchedQuestion[]> {
  const all: SearchedQuestion[] = [];
  for (const [bed, weight] of beds) {
    all.push(...(await searchQuestions(bed, bed.embedder, { weight, ...options })));
  }
  return all;
}

function describe(
  trials: readonly Trial[],
  { byAll, acrossScripts }: Calibrations,
  stage: Stage,
): void {
  const own = trials.filter(({ foreign }) => !foreign);
  const other = trials.filter(({ foreign }) => foreign);
  const lines = [
    ...describeVerdicts(own, byAll),
    ...describeVerdicts(other, acrossScripts).map((line) => `other script, ${line}`),
  ];
  process.stderr.write(`By cross-validation, ${stage}:\n${lines.join('\n')}\n`);
}

/** The same questions are put to several corpora, twice. */
function memoised(embedder: Embedder): Embedder {
  const known = new Map<string, QuestionVectors>();
  const read = new Map<string, PassageVectors>();
  return {
    id: embedder.id,
    digest: embedder.digest,
    dimensions: embedder.dimensions,
    head: embedder.head,
    embedPassages: async (passages) => {
      const keys = passages.map((passage) => JSON.stringify(passage));
      const missing = passages.filter((_, i) => !read.has(keys[i] ?? ''));
      const vectors = missing.length === 0 ? [] : await embedder.embedPassages(missing);
      vectors.forEach((each, i) => read.set(JSON.stringify(missing[i]), each));
      return keys.flatMap((key) => read.get(key) ?? []);
    },
    embedQuestion: async (text) => {
      const vectors = known.get(text) ?? (await embedder.embedQuestion(text));
      known.set(text, vectors);
      return vectors;
    },
    embedQuestions: (texts) => embedder.embedQuestions(texts),
    close: () => embedder.close(),
  };
}

/** What is learned from, each with the weight of its questions. */
async function openBeds(embedder: Embedder): Promise<(readonly [TestBed, number])[]> {
  const cacheFolder = join(PROJECT_FOLDER, '.cache/evaluation');
  const options = { embedder, cacheFolder };
  const beds: (readonly [TestBed, number])[] = [
    [await openSet('development', options), 1],
    [await openSet('development-raw-pages', options), 2],
    [await openSet('strangers', options), 1],
    [await openSet('newcomers', options), 1],
    [await openSet('visitors', options), 1],
    // Harder than what people ask (similar facts stand side by side): they are trained on, but thresholds are set without them.
    [await openSet('documents', options), 0.5],
  ];
  const folders = await splitBare(
    join(PROJECT_FOLDER, 'corpus'),
    join(cacheFolder, 'bare'),
    BARE_CORPORA,
  );
  for (const [i, folder] of folders.entries()) {
    const file = join(PROJECT_FOLDER, 'test/eval/development.jsonl');
    const bed = await openCorpusBed(folder, file, { name: `bare ${i + 1}`, ...options });
    // A question whose documents lie in another folder cannot be answered here.
    const questions = bed.questions.map((question) =>
      question.gold.length === 0 ||
      question.gold.some((g) => bed.generation.documents.has(g.document))
        ? question
        : { ...question, class: 'near_topic' as const, gold: [] },
    );
    beds.push([{ ...bed, questions }, 1 / BARE_CORPORA]);
  }
  return beds;
}

async function write(path: string, value: unknown): Promise<void> {
  await writeFile(join(PROJECT_FOLDER, path), `${JSON.stringify(value, null, 2)}\n`);
}

await runCommandLine({
  name: 'npm run learn --',
  description:
    'Learns the weights of the ranking and of the verdict from the development questions, and the forms of questions from\n' +
    'their wordings, and prints them.\n' +
    'Needs nothing but the repository.',
  args: {
    write: {
      type: 'boolean',
      description:
        'Write src/search/weights.json, src/answer/calibration.json and src/itinerary/forms.json',
    },
  },
  outputIsOptional: true,
  run: ({ write: writesFiles = false }) => learn(writesFiles),
});
