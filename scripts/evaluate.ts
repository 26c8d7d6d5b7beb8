import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER, readConfig } from '../src/config.ts';
import { openEmbedder } from '../src/embedding/open-embedder.ts';
import { askAll, reportAnswers } from '../src/evaluation/answers.ts';
import { HASTE, inHaste } from '../src/evaluation/haste.ts';
import { openCorpusBed, openPairsBed, type TestBed } from '../src/evaluation/indexes.ts';
import { ablations, compareRankings, METHODS } from '../src/evaluation/ranking.ts';
import { isAnswer } from '../src/evaluation/questions.ts';
import { reportMarkdown, type BedReport } from '../src/evaluation/report.ts';
import { search } from '../src/search/search.ts';
import type { Embedder } from '../src/embedding/types.ts';
import { FLAG, parseScriptArguments, usageError } from '../src/terminal/arguments.ts';
import { fail } from '../src/terminal/fail.ts';

const HELP = `Usage: npm run evaluate -- [options]

Asks the questions of test/eval/ and prints tables: ranking by method, answers as shown, verdicts by class,
reliability of the confidence, and (held-out) what haste costs.

  --set NAME     development, development-raw-pages, held-out or raw-pages; may be repeated (default: all four)
  --pairs FILE   a public set instead: JSON lines {"q": question, "p": paragraph}; may be repeated
  --model ID     another model: a hub model or a folder (default: EMBEDDING_MODEL)
  --ablation     also rank with each feature of the second stage left out
  --misses       list the questions whose first excerpt is not the answer, with the stage that lost them
                 (of the held-out ones only when nothing will be chosen by them any more)
  --write        write the tables to test/eval/RESULTS.md
  --json         print the figures as JSON
  --help         print this text

Exit codes: 0 done, 1 the input or the state is wrong, 2 wrong usage.
`;

const SETS = ['development', 'development-raw-pages', 'held-out', 'raw-pages'] as const;
const evalFolder = join(PROJECT_FOLDER, 'test/eval');

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
  const unknown = flags.set?.find((name) => !SETS.some((set) => set === name));
  if (unknown !== undefined) {
    throw usageError('evaluate', `There is no set "${unknown}"; there are ${SETS.join(', ')}.`);
  }
  const { embedding } = readConfig();
  const embedder = await openEmbedder({ ...embedding, model: flags.model ?? embedding.model });
  const cacheFolder = join(PROJECT_FOLDER, '.cache/evaluation');
  const reports: BedReport[] = [];
  for (const open of beds(flags.set, flags.pairs, embedder, cacheFolder)) {
    const bed = await open();
    reports.push(await measure(bed, embedder, flags.ablation));
    if (flags.misses) await listMisses(bed, embedder);
  }
  const head = `Model: ${embedder.id} (${embedder.digest.slice(0, 12)}), ${embedder.dimensions} dimensions.\n\n`;
  if (flags.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else process.stdout.write(head + reportMarkdown(reports));
  if (flags.write) {
    const title = '# Evaluation\n\nWritten by `npm run evaluate -- --ablation --write`.\n\n';
    await writeFile(join(evalFolder, 'RESULTS.md'), title + head + reportMarkdown(reports));
  }
}

function beds(
  sets: readonly string[] | undefined,
  pairs: readonly string[] | undefined,
  embedder: Embedder,
  cacheFolder: string,
): (() => Promise<TestBed>)[] {
  const names = sets ?? (pairs === undefined ? SETS : []);
  return [
    ...names.map((name) => () => {
      const corpus = name.endsWith('raw-pages') ? 'test/fixtures/raw-pages' : 'corpus';
      const file = join(evalFolder, `${name}.jsonl`);
      return openCorpusBed(join(PROJECT_FOLDER, corpus), file, { name, embedder, cacheFolder });
    }),
    ...(pairs ?? []).map((file) => () => openPairsBed(file, { name: file, embedder, cacheFolder })),
  ];
}

async function measure(bed: TestBed, embedder: Embedder, ablation: boolean): Promise<BedReport> {
  const methods = ablation ? { ...METHODS, ...ablations() } : METHODS;
  // The first answers warm the compiler up; they are asked again and timed.
  await askAll({ ...bed, questions: bed.questions.slice(0, 50) });
  const haste: { rule: string; hit1: number; hit3: number }[] = [];
  if (bed.name === 'held-out') {
    for (const [rule, spoil] of Object.entries(HASTE)) {
      const spoiled = { ...bed, questions: inHaste(bed.questions, spoil) };
      const { hit1, hit3 } = reportAnswers(await askAll(spoiled));
      haste.push({ rule, hit1, hit3 });
    }
  }
  return {
    name: bed.name,
    questions: bed.questions.length,
    documents: bed.edition.counts.documents,
    passages: bed.edition.counts.passages,
    ranking: await compareRankings(bed, embedder, methods),
    answers: reportAnswers(await askAll(bed)),
    haste,
  };
}

/** The stage that lost each missed question. */
async function listMisses(bed: TestBed, embedder: Embedder): Promise<void> {
  for (const { question, answer, rank } of await askAll(bed)) {
    if (question.class !== 'answerable' || rank === 1) continue;
    const { ranked } = await search(question.question, { index: bed.index, embedder });
    const at = ranked.findIndex(({ ordinal }) => {
      const passage = bed.index.passages[ordinal];
      return passage !== undefined && isAnswer(question, passage);
    });
    const stage =
      at < 0
        ? 'not among the candidates'
        : answer.verdict === 'not_found'
          ? `refused (passage ranked ${at + 1})`
          : at === 0
            ? 'first, but shown under another document'
            : `ranked ${at + 1}, shown at ${rank ?? 'no place'}`;
    const [first] = answer.excerpts;
    const wanted = question.gold.map(({ document }) => document).join(', ');
    process.stderr.write(
      `${question.id} | ${question.question} | ${stage} | wanted ${wanted} | first ${first?.document.id ?? '(none)'}\n`,
    );
  }
}

try {
  await main();
} catch (error) {
  fail(error);
}
