import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder } from '../../src/embedding/types.ts';
import { FLAG, parseScriptArguments, usageError } from '../../src/terminal/arguments.ts';
import { fail } from '../../src/terminal/fail.ts';
import { askAll, isMeasured, reportAnswers } from './answers.ts';
import { prepareLessons, type Lesson } from './lessons.ts';
import { inHaste, NOISE } from './noisy-questions.ts';
import { figuresOf, METHODS, relearned, relearnedVerdicts } from './ranking.ts';
import { evidenceTable, figuresTable, reportMarkdown, type BedReport } from './report.ts';
import { openPairsBed, openSet, SETS, type TestBed } from './test-beds.ts';

const HELP = `Usage: npm run evaluate -- [options]

Asks the questions of test/eval/ and prints tables: rankings, answers as shown, by kind, verdicts by class and
reliability of the confidence.

  --set NAME     one of ${Object.keys(SETS).join(', ')};
                 may be repeated (default: all)
  --pairs FILE   a public set instead: JSON lines {"q": question, "p": paragraph}; may be repeated
  --model ID     another model: a hub model or a folder (default: EMBEDDING_MODEL)
  --ablation     also learn the weights again without each feature and each piece of evidence, and measure those on
                 the sets that are not learned from
  --misses       list the questions whose first excerpt is not the answer
                 (of the held-out ones only when nothing will be chosen by them any more)
  --write        write the tables to test/eval/RESULTS.md
  --json         print the figures as JSON
  --help         print this text

Exit codes: 0 done, 1 the input or the state is wrong, 2 wrong usage.
`;

/** What weights are learned from; an ablation is measured on the others. */
const TRAINING_SETS = ['development', 'development-raw-pages'];

function parseFlags() {
  return parseScriptArguments('evaluate', {
    options: {
      set: { type: 'string', multiple: true },
      pairs: { type: 'string', multiple: true },
      model: { type: 'string' },
      ablation: FLAG,
      misses: FLAG,
      write: FLAG,
      json: FLAG,
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
  const names = Object.keys(SETS);
  const unknown = flags.set?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw usageError('evaluate', `There is no set "${unknown}"; there are ${names.join(', ')}.`);
  }
  const { embedding } = readConfig();
  const embedder = await openEmbedder({ ...embedding, model: flags.model ?? embedding.model });
  const cacheFolder = join(PROJECT_FOLDER, '.cache/evaluation');
  const sets = flags.set ?? (flags.pairs === undefined ? names : []);
  const reports: BedReport[] = [];
  const lessons = new Map<string, Lesson[]>();
  for (const open of [
    ...sets.map((name) => () => openSet(name, { embedder, cacheFolder })),
    ...(flags.pairs ?? []).map(
      (file) => () => openPairsBed(file, { name: file, embedder, cacheFolder }),
    ),
  ]) {
    const bed = await open();
    const own = await prepareLessons(bed, embedder, { weight: 1 });
    lessons.set(bed.name, own);
    reports.push(await measure(bed, own));
    if (flags.misses) await listMisses(bed);
  }
  const text = [
    `Model: ${embedder.id} (${embedder.digest.slice(0, 12)}), ${embedder.dimensions} dimensions.`,
    '',
    reportMarkdown(reports),
    ...(flags.ablation ? await ablation(lessons, { embedder, cacheFolder }) : []),
  ].join('\n');
  process.stdout.write(flags.json ? `${JSON.stringify(reports, null, 2)}\n` : text);
  if (flags.write) {
    const title = '# Evaluation\n\nWritten by `npm run evaluate -- --ablation --write`.\n\n';
    await writeFile(join(PROJECT_FOLDER, 'test/eval/RESULTS.md'), title + text);
  }
}

async function measure(bed: TestBed, lessons: readonly Lesson[]): Promise<BedReport> {
  // The first answers warm the compiler up; they are asked again and timed.
  await askAll({ ...bed, questions: bed.questions.slice(0, 50) });
  const noisy: Record<string, ReturnType<typeof reportAnswers>> = {};
  if (bed.name === 'held-out') {
    for (const [name, spoil] of Object.entries(NOISE)) {
      const questions = inHaste(bed.questions, spoil);
      noisy[name] = reportAnswers(await askAll({ ...bed, questions }));
    }
  }
  return {
    name: bed.name,
    questions: bed.questions.length,
    documents: bed.snapshot.counts.documents,
    passages: bed.snapshot.counts.passages,
    ranking: Object.fromEntries(
      Object.entries(METHODS).map(([method, weights]) => [method, figuresOf(lessons, weights)]),
    ),
    answers: reportAnswers(await askAll(bed)),
    noisy,
  };
}

/** The sets that are measured anyway, and the training sets. */
async function ablation(
  lessons: ReadonlyMap<string, Lesson[]>,
  options: { readonly embedder: Embedder; readonly cacheFolder: string },
): Promise<string[]> {
  const training: Lesson[] = [];
  for (const name of TRAINING_SETS) {
    training.push(
      ...(lessons.get(name) ??
        (await prepareLessons(await openSet(name, options), options.embedder, { weight: 1 }))),
    );
  }
  const weights = relearned(training);
  const others = [...lessons].filter(([name]) => !TRAINING_SETS.includes(name));
  return [
    '',
    `## Ablation: learned from ${TRAINING_SETS.join(' and ')} alone`,
    '',
    ...others.flatMap(([name, own]) =>
      figuresTable(
        name,
        Object.fromEntries(Object.entries(weights).map(([left, w]) => [left, figuresOf(own, w)])),
      ),
    ),
    ...evidenceTable(
      relearnedVerdicts(
        training,
        others.flatMap(([, own]) => own),
      ),
    ),
  ];
}

/** What stood first where the answer should have been. */
async function listMisses(bed: TestBed): Promise<void> {
  for (const outcome of await askAll(bed)) {
    const { question, answer, rank } = outcome;
    if (!isMeasured(outcome) || rank === 1) continue;
    const [first] = answer.excerpts;
    const wanted = question.gold.map(({ document }) => document).join(', ');
    process.stderr.write(
      `${question.id} | ${question.question} | ${answer.verdict}, shown at ${rank ?? 'no place'} | ` +
        `wanted ${wanted} | first ${first?.document.id ?? '(none)'}: ${first?.text.slice(0, 80) ?? ''}\n`,
    );
  }
}

try {
  await main();
} catch (error) {
  fail(error);
}
