import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { probability } from '../src/answer/verdict.ts';
import { PROJECT_FOLDER, readConfig } from '../src/config.ts';
import { openEmbedder } from '../src/embedding/open-embedder.ts';
import { dealOut } from '../src/evaluation/bare-corpora.ts';
import { openCorpusBed, openPairsBed } from '../src/evaluation/indexes.ts';
import { mean } from '../src/evaluation/metrics.ts';
import {
  prepareLessons,
  teachModel,
  teachRanking,
  teachSentences,
  tryOut,
  type Lesson,
} from '../src/evaluation/teach.ts';
import { FLAG, parseScriptArguments } from '../src/terminal/arguments.ts';
import { fail } from '../src/terminal/fail.ts';

const HELP = `Usage: npm run learn -- [options]

Learns the weights of the second stage and of the verdict from the development questions, and prints them.

  --pairs FILE   a public set, JSON lines {"q": question, "p": paragraph}: the ranking learns from it too, and
                 its questions, put to the tour's documents, stand for off-topic ones; may be repeated
  --write        write src/search/weights.json and src/answer/calibration.json
  --help         print this text

Exit codes: 0 done, 1 the input or the state is wrong, 2 wrong usage.
`;

/** Public questions together count this much of what the development questions count together. */
const PAIRS_SHARE = 0.3;
const FOLDS = 6;

/** Small corpora of bare pages: about as many pages each as a keeper drops in at first. */
const BARE_CORPORA = 6;
const BARE_WEIGHT = { answerable: 0.5, near_topic: 0.1, off_topic: 0.15 };

/** Questions of each public set that stand for off-topic ones, and what one counts beside our own. */
const STRANGERS = 400;
const STRANGER_WEIGHT = 0.04;

/** Near-topic questions that may be called answered, and answerable ones that may be refused, on development. */
const NEAR_TOPIC_ANSWERED = 0.1;
const ANSWERABLE_REFUSED = 0.02;

function parseFlags() {
  return parseScriptArguments('learn', {
    options: {
      pairs: { type: 'string', multiple: true },
      write: FLAG,
      help: FLAG,
    },
  }).values;
}

async function main(): Promise<void> {
  const flags = parseFlags();
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const embedder = await openEmbedder(readConfig().embedding);
  const cacheFolder = join(PROJECT_FOLDER, '.cache/evaluation');
  const bed = await openCorpusBed(
    join(PROJECT_FOLDER, 'corpus'),
    join(PROJECT_FOLDER, 'test/eval/development.jsonl'),
    { name: 'development', embedder, cacheFolder },
  );
  const sentence = teachSentences(await prepareLessons(bed, embedder, { weight: 1 }));
  const lessons = await prepareLessons(bed, embedder, { weight: 1, sentenceWeights: sentence });
  const bareLessons: Lesson[] = [];
  const folders = await dealOut(
    join(PROJECT_FOLDER, 'corpus'),
    join(cacheFolder, 'bare'),
    BARE_CORPORA,
  );
  for (const folder of folders) {
    const bare = await openCorpusBed(folder, join(PROJECT_FOLDER, 'test/eval/development.jsonl'), {
      name: 'bare',
      embedder,
      cacheFolder,
    });
    bareLessons.push(
      ...bareOnes(await prepareLessons(bare, embedder, { weight: 1, sentenceWeights: sentence })),
    );
  }
  const publicLessons: Lesson[] = [];
  const strangers: Lesson[] = [];
  for (const file of flags.pairs ?? []) {
    const pairs = await openPairsBed(file, { name: file, embedder, cacheFolder });
    const weight =
      (PAIRS_SHARE * lessons.length) / pairs.questions.length / (flags.pairs?.length ?? 1);
    publicLessons.push(
      ...(await prepareLessons(pairs, embedder, { weight, sentenceWeights: sentence })),
    );
    const step = Math.ceil(pairs.questions.length / STRANGERS);
    const questions = pairs.questions
      .filter((_, at) => at % step === 0)
      .map((question) => ({ ...question, class: 'off_topic' as const, gold: [] }));
    strangers.push(
      ...(await prepareLessons({ ...bed, questions }, embedder, {
        weight: STRANGER_WEIGHT,
        sentenceWeights: sentence,
      })),
    );
  }
  const ranking = teachRanking([...lessons, ...bareLessons, ...publicLessons]);

  // The verdict must be taught from rankings of questions that the ranking was not taught from.
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const inFold = (lesson: Lesson): boolean => foldOf(lesson) === fold;
    const weights = teachRanking([
      ...[...lessons, ...bareLessons].filter((lesson) => !inFold(lesson)),
      ...publicLessons,
    ]);
    return {
      own: lessons.filter(inFold).flatMap((lesson) => tryOut(lesson, weights)),
      bare: bareLessons.filter(inFold).flatMap((lesson) => tryOut(lesson, weights)),
    };
  });
  const trials = folds.flatMap(({ own }) => own);
  const bareTrials = folds.flatMap(({ bare }) => bare);
  const taught = [
    ...trials,
    ...bareTrials,
    ...strangers.flatMap((lesson) => tryOut(lesson, ranking)),
  ];
  const holdsAnswer = teachModel(taught, (trial) => trial.class === 'answerable' && trial.right);
  const onTopic = teachModel(
    taught.filter((trial) => trial.class !== 'near_topic'),
    (trial) => trial.class === 'answerable',
  );
  const of = (name: string) => trials.filter((trial) => trial.class === name);
  const answeredFrom = quantile(
    of('near_topic').map(({ evidence }) => probability(holdsAnswer, evidence)),
    1 - NEAR_TOPIC_ANSWERED,
  );
  const foundFrom = quantile(
    of('answerable').map(({ evidence }) => probability(onTopic, evidence)),
    ANSWERABLE_REFUSED,
  );
  const share = (name: string, test: (p: number) => boolean, model = onTopic): string =>
    mean(of(name).map(({ evidence }) => Number(test(probability(model, evidence))))).toFixed(3);
  const ofBare = (name: string) => bareTrials.filter((trial) => trial.class === name);
  const refusedBare = mean(
    ofBare('answerable').map(({ evidence }) => Number(probability(onTopic, evidence) < foundFrom)),
  );
  process.stderr.write(
    [
      `bare pages: hit@1 ${mean(ofBare('answerable').map(({ right }) => Number(right))).toFixed(3)}, answerable refused ${refusedBare.toFixed(3)}`,
      `hit@1 by cross-validation: ${mean(of('answerable').map(({ right }) => Number(right))).toFixed(3)}`,
      `answerable refused: ${share('answerable', (p) => p < foundFrom)}`,
      `answerable called answered: ${share('answerable', (p) => p >= answeredFrom, holdsAnswer)}`,
      `off topic refused: ${share('off_topic', (p) => p < foundFrom)}`,
      `near topic called answered: ${share('near_topic', (p) => p >= answeredFrom, holdsAnswer)}`,
      '',
    ].join('\n'),
  );
  const madeBy = 'npm run learn -- --write';
  const weights = { madeBy, ranking, sentence };
  const calibration = { madeBy, holdsAnswer, onTopic, answeredFrom, foundFrom };
  if (flags.write) {
    await write('src/search/weights.json', weights);
    await write('src/answer/calibration.json', calibration);
  } else {
    process.stdout.write(`${JSON.stringify({ weights, calibration }, null, 2)}\n`);
  }
}

/**
 * A question whose documents lie in another folder cannot be answered from this one, unless a passage happens to
 * match: then it is left out, because nobody judged it.
 */
function bareOnes(lessons: readonly Lesson[]): Lesson[] {
  return lessons.flatMap((lesson) => {
    const { question, bed, right } = lesson;
    const present = question.gold.filter(({ document }) => bed.edition.documents.has(document));
    const absent = question.class === 'answerable' && present.length === 0;
    if (absent) {
      const matches = bed.index.passages.some(({ text }) =>
        question.gold.some(({ pattern }) => new RegExp(pattern, 'iu').test(text)),
      );
      if (matches) return [];
    } else if (question.class === 'answerable' && right.size === 0) {
      return [];
    }
    const kind = absent ? 'near_topic' : question.class;
    return [{ ...lesson, question: { ...question, class: kind }, weight: BARE_WEIGHT[kind] }];
  });
}

/** A question stays in one fold, whatever the corpus that it is put to. */
function foldOf({ question }: Lesson): number {
  return Number(question.id.replace(/\D/g, '')) % FOLDS;
}

/** The value that the share `p` of the figures lies below, to three places. */
function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(p * sorted.length));
  return Math.round((sorted[at] ?? 0) * 1000) / 1000;
}

async function write(path: string, value: unknown): Promise<void> {
  await writeFile(join(PROJECT_FOLDER, path), `${JSON.stringify(value, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  fail(error);
}
