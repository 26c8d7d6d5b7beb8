import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArgsDef } from 'citty';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder } from '../../src/embedding/model.ts';
import { everyValue, runCommandLine, usageError } from '../../src/terminal/command-line.ts';
import { askAll, isMeasured, reportAnswers } from './answers.ts';
import { searchQuestions, type SearchedQuestion } from './learn-ranking.ts';
import { inHaste, NOISE } from './noisy-questions.ts';
import { figuresOf, METHODS, relearned, relearnedVerdicts } from './ranking.ts';
import { evidenceTable, figuresTable, reportMarkdown, type BedReport } from './report.ts';
import { openPairsBed, openSet, SETS, type TestBed } from './test-beds.ts';

/** What weights are learned from; an ablation is measured on the others. */
const TRAINING_SETS = ['development', 'development-raw-pages'];

const ARGS = {
  set: {
    type: 'string',
    valueHint: 'name',
    description: `One of ${Object.keys(SETS).join(', ')}; may be repeated (default: all)`,
  },
  pairs: {
    type: 'string',
    valueHint: 'file',
    description:
      'A public set instead: JSON lines {"q": question, "p": paragraph}; may be repeated',
  },
  model: {
    type: 'string',
    valueHint: 'id',
    description: 'Another model: a hub model or a folder (default: EMBEDDING_MODEL)',
  },
  ablation: {
    type: 'boolean',
    description:
      'Also learn the weights again without each feature and each piece of evidence; measured on the sets that are not learned from',
  },
  misses: {
    type: 'boolean',
    description:
      'List the questions whose first excerpt is not the answer (of held-out ones only when nothing will be chosen by them)',
  },
  write: { type: 'boolean', description: 'Write the tables to test/eval/RESULTS.md' },
  json: { type: 'boolean', description: 'Print the figures as JSON' },
} as const satisfies ArgsDef;

interface Flags {
  readonly set: readonly string[];
  readonly pairs: readonly string[];
  readonly model: string | undefined;
  readonly ablation: boolean;
  readonly misses: boolean;
  readonly write: boolean;
  readonly json: boolean;
}

async function evaluate(flags: Flags): Promise<void> {
  const names = Object.keys(SETS);
  const unknown = flags.set.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw usageError(`Expected --set to be one of ${names.join(', ')}, found "${unknown}".`);
  }
  const { embedding } = readConfig();
  const embedder = await openEmbedder({ ...embedding, model: flags.model ?? embedding.model });
  const cacheFolder = join(PROJECT_FOLDER, '.cache/evaluation');
  const sets = flags.set.length === 0 && flags.pairs.length === 0 ? names : flags.set;
  const reports: BedReport[] = [];
  const searched = new Map<string, SearchedQuestion[]>();
  for (const open of [
    ...sets.map((name) => () => openSet(name, { embedder, cacheFolder })),
    ...flags.pairs.map((file) => () => openPairsBed(file, { name: file, embedder, cacheFolder })),
  ]) {
    const bed = await open();
    const own = await searchQuestions(bed, embedder, { weight: 1 });
    searched.set(bed.name, own);
    reports.push(await measure(bed, own));
    if (flags.misses) await listMisses(bed);
  }
  const text = [
    `Model: ${embedder.id} (${embedder.digest.slice(0, 12)}), ${embedder.dimensions} dimensions.`,
    '',
    reportMarkdown(reports),
    ...(flags.ablation ? await ablation(searched, { embedder, cacheFolder }) : []),
  ].join('\n');
  process.stdout.write(flags.json ? `${JSON.stringify(reports, null, 2)}\n` : text);
  if (flags.write) {
    const title = '# Evaluation\n\nWritten by `npm run evaluate -- --write`.\n\n';
    await writeFile(join(PROJECT_FOLDER, 'test/eval/RESULTS.md'), title + text);
  }
}

async function measure(bed: TestBed, searched: readonly SearchedQuestion[]): Promise<BedReport> {
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
      Object.entries(METHODS).map(([method, weights]) => [method, figuresOf(searched, weights)]),
    ),
    answers: reportAnswers(await askAll(bed)),
    noisy,
  };
}

/** The sets that are measured anyway, and the training sets. */
async function ablation(
  searched: ReadonlyMap<string, SearchedQuestion[]>,
  options: { readonly embedder: Embedder; readonly cacheFolder: string },
): Promise<string[]> {
  const training: SearchedQuestion[] = [];
  for (const name of TRAINING_SETS) {
    training.push(
      ...(searched.get(name) ??
        (await searchQuestions(await openSet(name, options), options.embedder, { weight: 1 }))),
    );
  }
  const weights = relearned(training);
  const others = [...searched].filter(([name]) => !TRAINING_SETS.includes(name));
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

await runCommandLine({
  name: 'npm run evaluate --',
  description:
    'Asks the questions of test/eval/ and prints tables: rankings, answers as shown, by kind, verdicts by class and\n' +
    'reliability of the confidence.',
  args: ARGS,
  outputIsOptional: true,
  run: (args, rawArgs) => {
    const { model, ablation = false, misses = false, write = false, json = false } = args;
    const [set, pairs] = [everyValue(ARGS, rawArgs, 'set'), everyValue(ARGS, rawArgs, 'pairs')];
    return evaluate({ set, pairs, model, ablation, misses, write, json });
  },
});
